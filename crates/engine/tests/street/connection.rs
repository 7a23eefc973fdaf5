//! The registration of our address at Meta.

use crate::linked::{Linked, done, ngrok};
use crate::town::{NUMBER, SECRET, SOON, TOKEN, ines, number};
use domain::{RegistrationStep, StepState};
use serde_json::json;
use simulator::{App, Fault, Page, Refusal, Rule, Token};
use std::time::Duration;
use store::{Change, ConversationFilter};

const WABA: &str = "398000000000007";
const MESSAGING: &str = "whatsapp_business_messaging";

#[tokio::test]
async fn from_nothing_the_chain_ends_with_our_address_at_meta_and_a_message_that_comes_through() {
    let shop = Linked::open().await;
    assert_eq!(shop.engine.registration(&shop.channel).await.unwrap(), None);
    shop.choose().await;
    let url = shop.url();
    let known = shop.registered(&url).await;
    assert_eq!((known.tries, known.due_at, known.trouble), (0, None, None));
    assert!(shop.meta.is_subscribed(NUMBER));
    assert_eq!(shop.meta.callbacks(NUMBER)[0].as_deref(), Some(url.as_str()));
    let visits = shop.meta.verifications();
    assert_eq!(visits.len(), 1, "{visits:?}");
    assert_eq!((&visits[0].url, &visits[0].failed), (&url, &None));

    shop.meta
        .customer_writes(NUMBER, &ines(), "Are you open?")
        .unwrap();
    shop.until("the message", |r| {
        let rows = r.conversations(&ConversationFilter::default(), None, 10)?;
        Ok(rows.first().and_then(|row| row.last.as_ref()?.text.clone()))
    })
    .await;
    shop.engine.stop().await;
}

#[tokio::test]
async fn each_step_is_told_while_it_goes_on() {
    let shop = Linked::open().await;
    shop.choose().await;
    shop.registered(&shop.url()).await;
    // Meta's answer to the override is held, so that the chain stands still there.
    shop.meta
        .subscribe_unverified(NUMBER, "https://elsewhere.example/hook");
    let (rule, gate) = Rule::hold();
    shop.meta.fault(rule.on("POST", NUMBER).taken());
    let (engine, id) = (shop.engine.clone(), shop.channel.clone());
    let channel = shop.channel.clone();
    let seen = async {
        shop.until("the step of the override", move |r| {
            let known = r.registration(&channel)?;
            let at = known.map(|known| (known.step, known.state));
            Ok((at == Some((RegistrationStep::Override, StepState::Running))).then_some(()))
        })
        .await;
        gate.release();
    };
    let (known, ()) = tokio::join!(engine.register_now(&id), seen);
    let known = known.unwrap();
    assert_eq!(done(&known), Some(shop.url()));
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_new_public_address_is_registered_and_the_old_one_forgotten() {
    let shop = Linked::open().await;
    shop.choose().await;
    let first = shop.url();
    shop.registered(&first).await;
    shop.engine.take_news(&shop.channel).await.unwrap();
    let second = "kiln-desk.ngrok.app";
    shop.edge.reserve(&shop.edge.token(), second);
    shop.engine.save_tunnel(ngrok(None, Some(second))).await.unwrap();
    let url = format!("https://{second}{}", shop.path);
    let known = shop.registered(&url).await;
    let [number, _, app] = shop.meta.callbacks(NUMBER);
    assert_eq!(number.as_deref(), Some(url.as_str()));
    assert_eq!(
        app.as_deref(),
        Some(url.as_str()),
        "the news of the account moved along"
    );
    assert_eq!(known.app_callback.as_deref(), Some(url.as_str()));
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_restart_at_the_same_address_looks_and_sets_nothing_anew() {
    let mut shop = Linked::open().await;
    shop.choose().await;
    let url = shop.url();
    let before = shop.registered(&url).await.done_at;
    let set = shop.changed_at_meta();
    assert_eq!(set.len(), 2, "subscribed and overridden once: {set:?}");
    shop.restart().await;
    let channel = shop.channel.clone();
    shop.until("another look", move |r| {
        let known = r.registration(&channel)?;
        Ok(known.filter(|known| done(known).is_some() && known.done_at > before))
    })
    .await;
    assert_eq!(shop.changed_at_meta(), set);
    assert_eq!(shop.meta.verifications().len(), 1);
    assert_eq!(shop.edge.binds().len(), 2, "the saved domain was opened again");
    assert_eq!(shop.meta.callbacks(NUMBER)[0].as_deref(), Some(url.as_str()));
    shop.engine.stop().await;
    assert!(
        shop.meta.is_subscribed(NUMBER),
        "nothing is taken back at the end"
    );
    assert_eq!(shop.changed_at_meta(), set);
}

#[tokio::test]
async fn an_address_that_somebody_else_set_meanwhile_is_set_again_at_the_next_start() {
    let mut shop = Linked::open().await;
    shop.choose().await;
    let url = shop.url();
    shop.registered(&url).await;
    shop.engine.stop().await;
    shop.meta
        .subscribe_unverified(NUMBER, "https://elsewhere.example/hook");
    shop.restart().await;
    let meta = shop.meta.clone();
    let wanted = url.clone();
    shop.until("our address", move |_| {
        Ok((meta.callbacks(NUMBER)[0].as_ref() == Some(&wanted)).then_some(()))
    })
    .await;
    shop.engine.stop().await;
}

#[tokio::test]
async fn other_apps_on_the_account_are_named_and_the_news_come_here_when_asked() {
    let shop = Linked::open().await;
    let other = App::new("700000000000099", "Till of the shop", "another-secret");
    shop.meta.add_other_app(WABA, other, None);
    shop.choose().await;
    let url = shop.url();
    let known = shop.registered(&url).await;
    assert_eq!(known.other_apps, ["Till of the shop"]);
    assert_eq!(known.app_callback, None);
    shop.engine.take_news(&shop.channel).await.unwrap();
    let known = shop.engine.registration(&shop.channel).await.unwrap().unwrap();
    assert_eq!(known.app_callback.as_deref(), Some(url.as_str()));
    assert_eq!(shop.meta.callbacks(NUMBER)[2].as_deref(), Some(url.as_str()));
    shop.engine.stop().await;
}

#[tokio::test]
async fn without_a_tunnel_the_registration_waits_and_says_for_what() {
    let shop = Linked::open().await;
    let known = shop.engine.register_now(&shop.channel).await.unwrap();
    assert_eq!(
        (known.step, known.state),
        (RegistrationStep::Tunnel, StepState::Waiting)
    );
    let words = known.trouble.unwrap().words;
    assert!(words.contains("choose how the internet reaches"), "{words}");
    assert_eq!(shop.changed_at_meta(), Vec::<String>::new());
    shop.choose().await;
    shop.registered(&shop.url()).await;
    shop.engine.stop().await;
}

/// What is done to the shop before the tunnel is chosen, and what the registration then ends with.
struct Trouble {
    name: &'static str,
    configure: fn(&mut serde_json::Value),
    prepare: fn(&Linked),
    step: RegistrationStep,
    code: Option<i64>,
    words: &'static str,
    passes: bool,
}

fn nothing(_: &mut serde_json::Value) {}

fn token(token: Token) -> impl Fn(&Linked) {
    move |shop: &Linked| shop.meta.add_token(token.clone())
}

#[tokio::test]
async fn every_trouble_of_a_registration_ends_in_its_own_sentence() {
    let troubles = [
        Trouble {
            name: "100 before subscribing",
            configure: |config| config["waba_id"] = json!(null),
            prepare: |_| {},
            step: RegistrationStep::Override,
            code: Some(100),
            words: "not connected to this WhatsApp account",
            passes: false,
        },
        Trouble {
            name: "2200",
            configure: nothing,
            // Meta finds nobody under that name.
            prepare: |shop| {
                let nobody = std::net::SocketAddr::from(([127, 0, 0, 1], 9));
                shop.meta.reach_through(nobody, &shop.edge.ca_pem()).unwrap();
            },
            step: RegistrationStep::Override,
            code: Some(2_200),
            words: "did not get the right answer",
            passes: true,
        },
        Trouble {
            name: "190",
            configure: nothing,
            prepare: |shop| token(Token::new(TOKEN, &[WABA]).withdrawn(460))(shop),
            step: RegistrationStep::Subscribe,
            code: Some(190),
            words: "password of the token's owner was changed",
            passes: false,
        },
        Trouble {
            name: "10",
            configure: nothing,
            prepare: |shop| {
                let limited = Token::new(TOKEN, &[WABA]).scopes(&[MESSAGING]);
                token(limited.refusing(Refusal::Application))(shop);
            },
            step: RegistrationStep::Subscribe,
            code: Some(10),
            words: "lacks a permission",
            passes: false,
        },
        Trouble {
            name: "200",
            configure: nothing,
            prepare: |shop| token(Token::new(TOKEN, &[WABA]).scopes(&[MESSAGING]))(shop),
            step: RegistrationStep::Subscribe,
            code: Some(200),
            words: "lacks a permission",
            passes: false,
        },
        Trouble {
            name: "wrong secret",
            configure: |config| config["secrets"]["app_secret"] = json!("0123456789abcdef"),
            prepare: |_| {},
            step: RegistrationStep::Subscribe,
            code: Some(104),
            words: "app secret does not belong to the app",
            passes: false,
        },
        Trouble {
            name: "wrong number",
            configure: |config| config["phone_number_id"] = json!("512000000000404"),
            prepare: |_| {},
            step: RegistrationStep::Subscribe,
            code: Some(100),
            words: "phone number id or the account id is wrong",
            passes: false,
        },
        Trouble {
            name: "Meta out of order",
            configure: nothing,
            prepare: |shop| {
                let down = Fault::Http {
                    status: 502,
                    retry_after: None,
                    body: Page::Html,
                };
                shop.meta.fault(Rule::from(down).on_management().times(1));
            },
            step: RegistrationStep::Subscribe,
            code: None,
            words: "WhatsApp is having trouble",
            passes: true,
        },
    ];
    for trouble in troubles {
        let shop = Linked::open_with(trouble.configure).await;
        (trouble.prepare)(&shop);
        shop.choose().await;
        let known = shop.refused().await;
        let said = known.trouble.clone().unwrap();
        let name = trouble.name;
        assert_eq!(known.step, trouble.step, "{name}: {said:?}");
        assert_eq!(said.code, trouble.code, "{name}: {said:?}");
        assert!(said.words.contains(trouble.words), "{name}: {said:?}");
        let wait = known.due_at.unwrap().since(shop.engine.now());
        let limit = Duration::from_secs(if trouble.passes { 10 } else { 1_801 });
        assert!(wait <= limit, "{name}: tried again in {wait:?}");
        assert_eq!(
            wait > Duration::from_mins(20),
            !trouble.passes,
            "{name}: {wait:?}"
        );
        shop.engine.stop().await;
    }
}

#[tokio::test]
async fn trouble_that_passes_is_over_by_itself() {
    let shop = Linked::open().await;
    shop.meta
        .fault(Rule::from(Fault::code(2)).on("POST", "subscribed_apps").times(1));
    shop.choose().await;
    let known = shop.refused().await;
    assert_eq!(known.tries, 1);
    let known = shop.registered(&shop.url()).await;
    assert_eq!(known.tries, 0);
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_number_that_another_program_takes_at_the_same_moment_is_told() {
    let shop = Linked::open().await;
    let (rule, gate) = Rule::hold();
    shop.meta.fault(rule.on("POST", NUMBER).taken());
    shop.choose().await;
    let (meta, url) = (shop.meta.clone(), shop.url());
    shop.until("our address at Meta", move |_| {
        Ok((meta.callbacks(NUMBER)[0].as_ref() == Some(&url)).then_some(()))
    })
    .await;
    shop.meta
        .subscribe_unverified(NUMBER, "https://elsewhere.example/hook");
    gate.release();
    let known = shop.refused().await;
    let words = known.trouble.unwrap().words;
    assert_eq!(known.step, RegistrationStep::ReadBack);
    assert!(words.contains("another program's address"), "{words}");
    // A person asks for it again.
    let known = shop.engine.register_now(&shop.channel).await.unwrap();
    assert_eq!(done(&known), Some(shop.url()));
    shop.engine.stop().await;
}

#[tokio::test]
async fn two_numbers_are_registered_one_after_the_other() {
    let shop = Linked::open().await;
    let second = "512000000000008";
    shop.meta.add_number(number(second, SECRET));
    let config = crate::town::config(&shop.meta, second, SECRET);
    let added = engine::add_channel(
        shop.engine.store(),
        shop.engine.vault(),
        crate::town::parsed(&config),
        shop.engine.now(),
    )
    .await
    .unwrap();
    shop.engine.hang_doorplates().await.unwrap();
    shop.choose().await;
    shop.registered(&shop.url()).await;
    let channel = added.channel_id;
    shop.until("the second number", move |r| {
        Ok(r.registration(&channel)?.as_ref().and_then(done))
    })
    .await;
    let set = shop.changed_at_meta();
    let overridden = |id: &str| set.iter().filter(|call| call.ends_with(id)).count();
    assert_eq!((overridden(NUMBER), overridden(second)), (1, 1), "{set:?}");
    let subscribed = set
        .iter()
        .filter(|call| call.ends_with("subscribed_apps"))
        .count();
    assert_eq!(subscribed, 1, "the account is the same: {set:?}");
    shop.engine.stop().await;
}

#[tokio::test]
async fn an_address_is_not_registered_before_it_leads_to_us() {
    let shop = Linked::open().await;
    // The edge says for a moment that nobody is there, as ngrok's does after opening.
    shop.edge.set_start_lag(1);
    shop.choose().await;
    let channel = shop.channel.clone();
    let known = shop
        .until("an end of the registration", move |r| {
            let known = r.registration(&channel)?;
            Ok(known.filter(|known| matches!(known.state, StepState::Failed) || known.is_done()))
        })
        .await;
    assert_eq!(
        done(&known),
        Some(shop.url()),
        "nobody is told of a failure that is none: {known:?}"
    );
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_wrong_authtoken_is_told_to_whoever_listens() {
    let shop = Linked::open().await;
    let mut changes = shop.engine.store().changes();
    shop.engine
        .save_tunnel(ngrok(Some("2wrong_authtoken_of_nobody"), None))
        .await
        .unwrap();
    // Looked at only when something is said to be new, as a window does.
    let told = async {
        loop {
            let change = changes.recv().await.unwrap();
            if !change.contains(&Change::Connection) {
                continue;
            }
            if let Some(trouble) = shop.engine.tunnel().await.unwrap().status.trouble {
                return trouble;
            }
        }
    };
    let trouble = tokio::time::timeout(SOON, told).await.unwrap();
    assert!(
        trouble.words.contains("authtoken"),
        "{trouble:?} says what is wrong"
    );
    shop.engine.stop().await;
}

#[tokio::test]
async fn news_that_stayed_behind_at_a_former_address_are_fetched_later() {
    let shop = Linked::open().await;
    shop.choose().await;
    let first = shop.url();
    shop.registered(&first).await;
    shop.engine.take_news(&shop.channel).await.unwrap();
    shop.meta
        .fault(Rule::from(Fault::code(2)).on("POST", "subscriptions").times(1));
    let second = "kiln-desk.ngrok.app";
    shop.edge.reserve(&shop.edge.token(), second);
    shop.engine.save_tunnel(ngrok(None, Some(second))).await.unwrap();
    let url = format!("https://{second}{}", shop.path);
    let known = shop.registered(&url).await;
    assert_eq!(shop.meta.callbacks(NUMBER)[2].as_deref(), Some(first.as_str()));
    assert!(known.due_at.is_some(), "it is tried again by itself");
    let known = shop.engine.register_now(&shop.channel).await.unwrap();
    assert_eq!(done(&known).as_deref(), Some(url.as_str()));
    assert_eq!(known.app_callback.as_deref(), Some(url.as_str()));
    assert_eq!(shop.meta.callbacks(NUMBER)[2].as_deref(), Some(url.as_str()));
    assert_eq!(known.due_at, None);
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_new_address_is_registered_at_once_also_when_little_is_left_of_what_meta_allows() {
    let shop = Linked::open().await;
    shop.choose().await;
    shop.registered(&shop.url()).await;
    shop.meta.set_usage(95, 30);
    shop.engine.register_now(&shop.channel).await.unwrap();
    let second = "kiln-desk.ngrok.app";
    shop.edge.reserve(&shop.edge.token(), second);
    shop.engine.save_tunnel(ngrok(None, Some(second))).await.unwrap();
    shop.registered(&format!("https://{second}{}", shop.path)).await;
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_registration_goes_on_when_whoever_asked_for_it_went_away() {
    let shop = Linked::open().await;
    shop.choose().await;
    let url = shop.url();
    let before = shop.registered(&url).await.done_at;
    shop.meta
        .subscribe_unverified(NUMBER, "https://elsewhere.example/hook");
    let (rule, gate) = Rule::hold();
    shop.meta.fault(rule.on("POST", NUMBER).taken());
    let channel = shop.channel.clone();
    let under_way = shop.until("the step of the override", move |r| {
        let known = r.registration(&channel)?;
        Ok(known.filter(|known| known.step == RegistrationStep::Override))
    });
    tokio::select! {
        ended = shop.engine.register_now(&shop.channel) => panic!("it is held: {ended:?}"),
        known = under_way => assert!(known.due_at.is_some(), "it would be found after a crash"),
    }
    gate.release();
    let channel = shop.channel.clone();
    shop.until("the end of the registration", move |r| {
        let known = r.registration(&channel)?;
        Ok(known.filter(|known| done(known).as_ref() == Some(&url) && known.done_at > before))
    })
    .await;
    shop.engine.stop().await;
}

#[tokio::test]
async fn a_number_that_is_disconnected_during_its_registration_is_not_called_afterwards() {
    let shop = Linked::open().await;
    let (rule, gate) = Rule::hold();
    shop.meta.fault(rule.on("POST", NUMBER));
    shop.choose().await;
    let channel = shop.channel.clone();
    shop.until("the step of the override", move |r| {
        let known = r.registration(&channel)?;
        Ok(known.filter(|known| known.step == RegistrationStep::Override))
    })
    .await;
    let forgetting = shop.engine.forget_channel(&shop.channel);
    tokio::pin!(forgetting);
    let early = tokio::time::timeout(Duration::from_millis(500), &mut forgetting).await;
    gate.release();
    match early {
        Ok(done) => done.unwrap(),
        Err(_) => forgetting.await.unwrap(),
    }
    // Whatever was still under way has ended when the next one may begin.
    assert!(shop.engine.register_now(&shop.channel).await.is_err());
    assert_eq!(shop.meta.callbacks(NUMBER)[0], None);
    shop.engine.stop().await;
}
