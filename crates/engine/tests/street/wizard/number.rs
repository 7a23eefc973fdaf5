//! Choosing a number and registering it.

use super::*;

#[tokio::test]
async fn a_number_is_registered_with_its_pin_and_only_when_that_was_confirmed() {
    let shop = Workshop::open().await;
    shop.meta.set_standing(
        NUMBER,
        Standing {
            pin: Some(PIN.to_owned()),
            ..Standing::unregistered()
        },
    );
    let setup = shop.choose().await;
    assert_eq!(
        (setup.state.page, setup.furthest()),
        (SetupPage::Number, SetupPage::Number),
        "a number that is not registered cannot be connected"
    );
    let register = |pin: &str, confirmed| shop.engine.register_number(None, Secret::new(pin), confirmed);
    let refused = register(PIN, false).await.unwrap_err();
    assert_eq!(field_of(&refused), Some("confirmed"));
    for pin in ["", "12345", "1234567", "12a456", "１２３４５６"] {
        let refused = register(pin, true).await.unwrap_err();
        assert_eq!(field_of(&refused), Some("pin"), "{pin}");
    }
    assert!(!shop.meta.standing(NUMBER).registered, "nothing was done so far");
    let refused = register("246802", true).await.unwrap_err();
    assert_eq!(field_of(&refused), Some("pin"));
    assert!(
        refused.to_string().contains("not the one this number has"),
        "{refused}"
    );
    assert!(!refused.to_string().contains("246802"));

    register(PIN, true).await.unwrap();
    assert!(shop.meta.standing(NUMBER).registered);
    let setup = shop.engine.setup().await.unwrap();
    assert_eq!(setup.furthest(), SetupPage::Connect);
    let (_, number) = setup.state.chosen().unwrap();
    assert_eq!(
        number.facts.as_ref().unwrap().status.as_deref(),
        Some("CONNECTED")
    );
    shop.engine.stop().await;
    assert!(!shop.is_on_disk(PIN), "the PIN is kept nowhere");
}

#[tokio::test]
async fn each_refusal_to_register_has_its_sentence() {
    let shop = Workshop::open().await;
    shop.choose().await;
    for (code, says) in [
        (133_006, "must be verified"),
        (133_008, "wrong too often"),
        (133_009, "too fast"),
        (133_015, "deleted just now"),
        (133_016, "registered too often"),
        (200, "lacks a permission"),
    ] {
        shop.meta
            .fault(Rule::from(Fault::code(code)).on("POST", "register"));
        let refused = shop
            .engine
            .register_number(None, Secret::new(PIN), true)
            .await
            .unwrap_err();
        assert!(refused.to_string().contains(says), "{code}: {refused}");
    }
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_connected_number_that_lost_its_registration_gets_it_back_and_sends_again() {
    let shop = Workshop::open().await;
    let channel = shop.connected().await.channel().unwrap().id.clone();
    shop.meta.customer_writes(NUMBER, &customer(), "hi").unwrap();
    let heard = shop
        .until("a hello", |setup| setup.heard.is_some())
        .await
        .heard
        .unwrap();
    shop.meta.change_standing(NUMBER, |standing| {
        standing.registered = false;
        standing.pin = Some(PIN.to_owned());
    });
    shop.engine
        .send_text(heard.conversation.id, "Are you there?".to_owned(), None)
        .await
        .unwrap();
    shop.until("a channel that waits", |setup| {
        setup.channel().unwrap().hold.as_ref().and_then(|hold| hold.code) == Some(133_010)
    })
    .await;
    shop.engine
        .register_number(Some(channel), Secret::new(PIN), true)
        .await
        .unwrap();
    shop.meta
        .wait_until(|sends| sends.iter().any(|send| send.outcome.is_taken()), SOON)
        .await
        .unwrap();
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_number_that_shares_a_phone_is_not_registered_anew() {
    let shop = Workshop::open().await;
    shop.meta
        .change_standing(NUMBER, |standing| standing.is_on_biz_app = true);
    shop.choose().await;
    let refused = shop
        .engine
        .register_number(None, Secret::new(PIN), true)
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("registered by that"), "{refused}");
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_connected_number_that_shares_a_phone_is_not_registered_anew_either() {
    let shop = Workshop::open().await;
    let channel = shop.connected().await.channel().unwrap().id.clone();
    shop.meta
        .change_standing(NUMBER, |standing| standing.is_on_biz_app = true);
    let refused = shop
        .engine
        .register_number(Some(channel), Secret::new(PIN), true)
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("registered by that"), "{refused}");
    let path = format!("{NUMBER}/register");
    assert!(!shop.meta.calls().iter().any(|call| call.path.ends_with(&path)));
    shop.engine.stop().await;
}

#[tokio::test]
async fn what_keeps_messages_from_leaving_is_found_with_the_number() {
    let shop = Workshop::open().await;
    shop.meta.set_health(NUMBER, Health::payment_missing());
    let setup = shop.choose().await;
    let (_, number) = setup.state.chosen().unwrap();
    let facts = number.facts.clone().unwrap();
    assert_eq!(facts.obstacles[0].code, Some(141_006));
    assert_eq!(facts.can_send.as_deref(), Some("BLOCKED"));
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_number_that_is_connected_already_keeps_its_conversations_and_takes_the_new_keys() {
    let shop = Workshop::open().await;
    let first = shop.connected().await.channel().unwrap().clone();
    shop.meta.customer_writes(NUMBER, &customer(), "hi").unwrap();
    shop.until("a hello", |setup| setup.heard.is_some()).await;
    shop.engine.finish_setup(BotMode::Bot).await.unwrap();

    shop.meta
        .add_token(Token::new("EAAsecond0000002", &[WABA]).of_app(APP));
    shop.engine.begin_setup().await.unwrap();
    shop.engine
        .setup_credentials(keys("EAAsecond0000002", APP_SECRET))
        .await
        .unwrap();
    let setup = shop.engine.setup_number(WABA, NUMBER).await.unwrap();
    assert!(setup.channels.iter().any(|channel| channel.number_id == NUMBER));
    shop.engine.connect_setup().await.unwrap();
    let setup = shop.until("a connected number", Setup::is_connected).await;
    let again = setup.channel().unwrap();
    assert_eq!((&again.id, again.endpoint_id), (&first.id, first.endpoint_id));
    assert_eq!(
        again.mode,
        Some(BotMode::Bot),
        "as it was chosen, until the last page"
    );
    assert!(
        setup.heard.is_none(),
        "the hello of the first time does not count"
    );
    assert_eq!(
        shop.secret(first.id.as_str(), "access_token").await.as_deref(),
        Some("EAAsecond0000002")
    );
    let rows = shop
        .engine
        .store()
        .read(|r| r.conversations(&ConversationFilter::default(), None, 10))
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    shop.engine.stop().await;
}

#[tokio::test]
async fn ids_of_any_shape_are_refused_by_their_field_and_never_asked_about() {
    let shop = Workshop::open().await;
    shop.choose().await;
    let asked = shop.meta.calls().len();
    let odd = [
        "",
        " ",
        "../me",
        "1/2",
        "12?fields=id",
        "１２３",
        "-1",
        "1 2",
        "0x12",
        "+447700900121",
    ];
    let mut runner = TestRunner::default();
    let mut ids: Vec<String> = odd.iter().map(|&id| id.to_owned()).collect();
    for _ in 0..200 {
        ids.push(any::<String>().new_tree(&mut runner).unwrap().current());
    }
    ids.push("9".repeat(65));
    for id in ids
        .iter()
        .filter(|id| id.trim().is_empty() || !id.trim().bytes().all(|b| b.is_ascii_digit()) || id.len() > 64)
    {
        let refused = shop.engine.setup_number(WABA, id).await.unwrap_err();
        assert_eq!(field_of(&refused), Some("number_id"), "{id:?}");
        let refused = shop.engine.setup_number(id, NUMBER).await.unwrap_err();
        assert_eq!(field_of(&refused), Some("account_id"), "{id:?}");
    }
    assert_eq!(shop.meta.calls().len(), asked);
    let (account, number) = {
        let setup = shop.engine.setup().await.unwrap();
        (setup.state.account_id, setup.state.number_id)
    };
    assert_eq!(
        (account.as_deref(), number.as_deref()),
        (Some(WABA), Some(NUMBER))
    );
    shop.engine.stop().await;
}

#[tokio::test]
async fn another_number_is_chosen_after_the_first_was_connected_without_entering_the_keys_again() {
    let shop = Workshop::open().await;
    let first = shop.connected().await.channel().unwrap().id.clone();
    let setup = shop.engine.setup_number(WABA, SECOND).await.unwrap();
    assert!(
        setup.channel().is_none(),
        "what was done for the first number is that number's"
    );
    assert_eq!(setup.furthest(), SetupPage::Connect);
    shop.engine.connect_setup().await.unwrap();
    let setup = shop.until("a second number", Setup::is_connected).await;
    let second = setup.channel().unwrap();
    assert_ne!(second.id, first);
    for channel in [first.as_str(), second.id.as_str()] {
        assert_eq!(shop.secret(channel, "access_token").await.as_deref(), Some(TOKEN));
    }
    assert_eq!(shop.secret("setup", "access_token").await, None);
    shop.engine.stop().await;
}
