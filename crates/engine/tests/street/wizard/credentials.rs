//! Token, app secret and app id: each proved by itself.

use super::*;

/// What is entered, how token, secret and app id come out, and what is said of the first that is wrong.
struct Wrong {
    what: &'static str,
    token: &'static str,
    secret: &'static str,
    app_id: Option<&'static str>,
    expected: [StepState; 3],
    blamed: Proved,
    says: &'static str,
}

#[tokio::test]
async fn each_key_that_is_wrong_is_named_and_what_is_right_is_told_as_right() {
    use StepState::{Failed, Ok, Waiting};
    let shop = Workshop::open().await;
    let meta = &shop.meta;
    meta.add_token(
        Token::new("EAAexpired000000", &[WABA])
            .of_app(APP)
            .expires(1_700_000_000),
    );
    meta.add_token(Token::new("EAApassword00000", &[WABA]).of_app(APP).withdrawn(460));
    meta.add_app(App::new(
        "700000000000099",
        "Another app",
        "fedcba9876543210fedcba9876543210",
    ));
    meta.add_token(Token::new("EAAofanother0000", &[WABA]).of_app("700000000000099"));
    let cases = [
        Wrong {
            what: "a token nobody made",
            token: "EAAnonsense00000",
            secret: APP_SECRET,
            app_id: None,
            expected: [Failed, Waiting, Waiting],
            blamed: Proved::AccessToken,
            says: "not valid",
        },
        Wrong {
            what: "an expired token beside a right secret",
            token: "EAAexpired000000",
            secret: APP_SECRET,
            app_id: Some(APP),
            expected: [Failed, Ok, Ok],
            blamed: Proved::AccessToken,
            says: "has expired",
        },
        Wrong {
            what: "a token whose owner changed the password",
            token: "EAApassword00000",
            secret: APP_SECRET,
            app_id: None,
            expected: [Failed, Waiting, Waiting],
            blamed: Proved::AccessToken,
            says: "password",
        },
        Wrong {
            what: "a wrong secret beside a right token",
            token: TOKEN,
            secret: "ffffffffffffffffffffffffffffffff",
            app_id: None,
            expected: [Ok, Failed, Ok],
            blamed: Proved::AppSecret,
            says: "The app secret does not belong to the app of this access token",
        },
        Wrong {
            what: "a wrong app id beside right keys",
            token: TOKEN,
            secret: APP_SECRET,
            app_id: Some("700000000000077"),
            expected: [Ok, Ok, Failed],
            blamed: Proved::AppId,
            says: "The app id is not that of the access token's app",
        },
        Wrong {
            what: "the token of another app",
            token: "EAAofanother0000",
            secret: APP_SECRET,
            app_id: Some(APP),
            expected: [Failed, Ok, Ok],
            blamed: Proved::AccessToken,
            says: "belongs to another Meta app",
        },
        Wrong {
            what: "each in the other's place",
            token: APP_SECRET,
            secret: TOKEN,
            app_id: None,
            expected: [Failed, Waiting, Waiting],
            blamed: Proved::AccessToken,
            says: "each other's place",
        },
    ];
    for case in cases {
        shop.engine.cancel_setup().await.unwrap();
        shop.engine.begin_setup().await.unwrap();
        let entered = Entered {
            app_id: case.app_id.map(str::to_owned),
            ..keys(case.token, case.secret)
        };
        let setup = shop.engine.setup_credentials(entered).await.unwrap();
        let [token, secret, app_id, _] = states(&setup);
        assert_eq!([token, secret, app_id], case.expected, "{}", case.what);
        let words = proof(&setup, case.blamed).1;
        assert!(words.contains(case.says), "{}: {words}", case.what);
        assert_eq!(setup.furthest(), SetupPage::Credentials, "{}", case.what);
        assert!(setup.state.accounts.is_empty());
        for secret in [case.token, case.secret] {
            assert!(!words.contains(secret), "{words}");
        }
    }
    shop.engine.stop().await;
}

#[tokio::test]
async fn what_was_right_stays_when_the_other_is_entered_again() {
    let shop = Workshop::open().await;
    shop.engine.begin_setup().await.unwrap();
    let only = |token: Option<&str>, secret: Option<&str>| Entered {
        access_token: token.map(Secret::new),
        app_secret: secret.map(Secret::new),
        app_id: None,
    };
    let setup = shop
        .engine
        .setup_credentials(only(Some(TOKEN), None))
        .await
        .unwrap();
    assert_eq!(proof(&setup, Proved::AccessToken).0, StepState::Ok);
    let (state, words) = proof(&setup, Proved::AppSecret);
    assert_eq!(state, StepState::Failed);
    assert!(words.contains("The app secret is missing"), "{words}");
    let setup = shop
        .engine
        .setup_credentials(only(Some("  "), Some("wrong-secret")))
        .await
        .unwrap();
    assert_eq!(proof(&setup, Proved::AccessToken).0, StepState::Ok);
    assert_eq!(proof(&setup, Proved::AppSecret).0, StepState::Failed);
    let setup = shop
        .engine
        .setup_credentials(only(None, Some(&format!(" {APP_SECRET}\n"))))
        .await
        .unwrap();
    assert_eq!(states(&setup), [StepState::Ok; 4]);
    let refused = shop
        .engine
        .setup_credentials(only(Some("EAA first\nEAA second"), None))
        .await
        .unwrap_err();
    assert_eq!(field_of(&refused), Some("access_token"));
    assert_eq!(
        shop.secret("setup", "access_token").await.as_deref(),
        Some(TOKEN),
        "what does not fit replaces nothing"
    );
    shop.engine.stop().await;
}

#[tokio::test]
async fn silence_of_the_provider_is_never_a_wrong_token() {
    let shop = Workshop::open().await;
    shop.choose().await;
    for fault in [
        Fault::Reset,
        Fault::html(502),
        Fault::code(2),
        Fault::Http {
            status: 200,
            retry_after: None,
            body: Page::Empty,
        },
    ] {
        let what = format!("{fault:?}");
        shop.meta.fault(Rule::from(fault).on_management().always());
        let setup = shop.engine.setup_credentials(Entered::default()).await.unwrap();
        let (state, words) = proof(&setup, Proved::AccessToken);
        assert_eq!(state, StepState::Waiting, "{what}: {words}");
        assert!(
            !words.is_empty() && !words.contains("not valid"),
            "{what}: {words}"
        );
        assert_eq!(setup.furthest(), SetupPage::Connect, "what was reached stays");
        let refused = shop.engine.setup_number(WABA, NUMBER).await.unwrap_err();
        assert!(matches!(refused, CommandError::Provider(_)), "{what}: {refused}");
        shop.meta.clear_faults();
    }
    let setup = shop.engine.setup_credentials(Entered::default()).await.unwrap();
    assert_eq!(states(&setup), [StepState::Ok; 4]);
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_token_that_lasts_a_day_is_told_with_its_end() {
    let shop = Workshop::open().await;
    let now = shop.engine.now().0 / 1_000;
    let trial = Token {
        issued_at: now - 3_600,
        kind: "USER".to_owned(),
        ..Token::new("EAAtrial00000000", &[WABA])
            .of_app(APP)
            .expires(now + 82_800)
    };
    shop.meta.add_token(trial);
    shop.engine.begin_setup().await.unwrap();
    let setup = shop
        .engine
        .setup_credentials(keys("EAAtrial00000000", APP_SECRET))
        .await
        .unwrap();
    assert_eq!(states(&setup), [StepState::Ok; 4], "it is good for a try");
    let token = setup.state.token.unwrap();
    assert!(token.trial);
    assert_eq!(token.ends_at().unwrap().0, (now + 82_800) * 1_000);
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_token_that_may_not_list_numbers_leads_to_ids_by_hand() {
    let shop = Workshop::open().await;
    let token = "EAAmessages00000";
    shop.meta.add_token(
        Token::new(token, &[WABA])
            .of_app(APP)
            .scopes(&["whatsapp_business_messaging"]),
    );
    shop.engine.begin_setup().await.unwrap();
    let setup = shop
        .engine
        .setup_credentials(keys(token, APP_SECRET))
        .await
        .unwrap();
    let [.., permissions] = states(&setup);
    assert_eq!(permissions, StepState::Failed);
    let words = setup.state.manual_words.clone().unwrap();
    assert!(words.contains("whatsapp_business_management"), "{words}");
    assert_eq!(setup.state.page, SetupPage::Number);
    let setup = shop.engine.setup_number(WABA, NUMBER).await.unwrap();
    assert_eq!(setup.state.page, SetupPage::Tunnel);
    let (_, number) = setup.state.chosen().unwrap();
    let honest = number.trouble.clone().unwrap();
    assert!(honest.contains("hello at the end"), "{honest}");
    let refused = shop.engine.setup_number(OTHER_WABA, FOREIGN).await.unwrap_err();
    assert_eq!(field_of(&refused), Some("number_id"), "{refused}");
    assert!(refused.to_string().contains("not assigned"), "{refused}");
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_token_that_does_not_tell_its_accounts_leads_to_ids_that_are_proved() {
    let shop = Workshop::open().await;
    shop.meta.add_token(Token {
        targets_told: false,
        ..Token::new("EAAsecretive0000", &[WABA]).of_app(APP)
    });
    shop.engine.begin_setup().await.unwrap();
    let setup = shop
        .engine
        .setup_credentials(keys("EAAsecretive0000", APP_SECRET))
        .await
        .unwrap();
    assert!(setup.state.accounts.is_empty() && setup.state.manual_words.is_some());
    assert_eq!(setup.state.page, SetupPage::Number);
    for (account, number, field) in [
        (WABA, FOREIGN, "number_id"),
        (OTHER_WABA, NUMBER, "account_id"),
        (WABA, "512000000009999", "number_id"),
    ] {
        let refused = shop.engine.setup_number(account, number).await.unwrap_err();
        assert_eq!(field_of(&refused), Some(field), "{refused}");
    }
    let setup = shop.engine.setup_number(WABA, NUMBER).await.unwrap();
    let (_, number) = setup.state.chosen().unwrap();
    assert_eq!(
        number.facts.as_ref().unwrap().verified_name.as_deref(),
        Some("Simulated shop")
    );
    shop.engine.stop().await;
}
