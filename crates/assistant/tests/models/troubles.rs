//! Servers in every bad way.

use crate::common::{KEY, Scene, brain, good, good_text, only, server, soon, with};
use assistant::models::{Brain, OpenAiCompatible, Place, Rung, Trouble, TroubleKind};
use serde_json::json;
use simulator::brain::{Flavour, ModelServer, Script, Talents};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use vault::Secret;

async fn trouble(script: Script) -> Trouble {
    let server = server(Flavour::OpenAi).await;
    server.next(script);
    let call = Scene::new().ask(&with(&server, only(Rung::Text, true))).await;
    assert_eq!(server.questions().len(), 1, "asked once");
    call.outcome.expect_err("trouble")
}

#[tokio::test]
async fn each_refusal_says_what_happened_and_what_to_do() {
    for (script, kind, words) in [
        (
            Script::status(401, &json!({"error": {"message": "Incorrect API key"}})),
            TroubleKind::Key,
            "Your key was refused by Double. Enter it again.",
        ),
        (
            Script::status(429, &json!({"error": {"message": "slow down"}})).with_header("retry-after", "7"),
            TroubleKind::TooMany,
            "Double asks us to slow down. The assistant goes on without it for a while.",
        ),
        (
            Script::status(402, &json!({"error": {"message": "pay"}})),
            TroubleKind::NoCredit,
            "Your account with Double has no credit left. Add some there.",
        ),
        (
            Script::status(
                404,
                &json!({"error": {"message": "The model `x` does not exist"}}),
            ),
            TroubleKind::NoModel,
            "Double does not have this model. Choose another one.",
        ),
        (
            Script::page(404),
            TroubleKind::Address,
            "There is no model server at the address of Double. Correct the address.",
        ),
        (
            Script::status(500, &json!({"error": {"message": "oops"}})),
            TroubleKind::Server,
            "Double has trouble of its own. The assistant goes on without it for a while.",
        ),
        (
            Script::page(502),
            TroubleKind::Server,
            "Double has trouble of its own. The assistant goes on without it for a while.",
        ),
        (
            Script::page(200),
            TroubleKind::Garbled,
            "What Double sent back is not what a model server says. Check its address.",
        ),
        (
            Script::raw(200, "application/json", "{\"choices\": [{\"mess"),
            TroubleKind::Garbled,
            "What Double sent back is not what a model server says. Check its address.",
        ),
        (
            Script::status(200, &json!({"hello": "world"})),
            TroubleKind::Garbled,
            "What Double sent back is not what a model server says. Check its address.",
        ),
        (
            Script::raw(200, "text/event-stream", "data: <html>\n\n"),
            TroubleKind::Garbled,
            "What Double sent back is not what a model server says. Check its address.",
        ),
        (
            Script::status(200, &json!({"error": {"message": "upstream failed"}})),
            TroubleKind::Server,
            "Double has trouble of its own. The assistant goes on without it for a while.",
        ),
        (
            Script::breaks_off_after("{\"action\":"),
            TroubleKind::Cut,
            "The answer of Double broke off in the middle.",
        ),
        (
            Script::fails_after("{\"action\":", "overloaded"),
            TroubleKind::Cut,
            "The answer of Double broke off in the middle.",
        ),
        (
            Script::raw(
                200,
                "text/event-stream",
                "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n",
            ),
            TroubleKind::Cut,
            "The answer of Double broke off in the middle.",
        ),
        (
            Script::says("no").finishing("content_filter"),
            TroubleKind::Declined,
            "Double does not want to answer this question. Answer the customer yourself.",
        ),
    ] {
        let trouble = trouble(script).await;
        assert_eq!((trouble.kind, trouble.words.as_str()), (kind, words));
    }
    let trouble = trouble(Script::status(429, &json!({})).with_header("retry-after", "7")).await;
    assert_eq!(trouble.retry_after, Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn ten_megabytes_are_not_read_to_their_end() {
    for streaming in [true, false] {
        let server = server(Flavour::OpenAi).await;
        server.next(Script::floods(10 << 20));
        let call = Scene::new()
            .ask(&with(&server, only(Rung::Text, streaming)))
            .await;
        assert_eq!(call.outcome.expect_err("too long").kind, TroubleKind::TooLong);
        assert!(call.exchanges[0].received.len() <= 64 * 1024);
    }
}

#[tokio::test]
async fn nobody_at_the_address_is_told_apart_from_a_broken_connection() {
    let server = server(Flavour::Ollama).await;
    let address = server.base_url();
    server.stop().await;
    let place = Place::parse(&address).expect("an address").named("Ollama");
    let model = OpenAiCompatible::new(place, None, "llama3.2:3b").expect("a client");
    let call = Scene::new()
        .ask(&Brain::new(Arc::new(model), only(Rung::Text, true)))
        .await;
    let trouble = call.outcome.expect_err("nobody");
    assert_eq!(trouble.words, "Ollama does not answer. Is it started?");
    assert_eq!(call.exchanges[0].sent, "", "nothing left");
}

#[tokio::test]
async fn eight_seconds_without_a_word_are_enough() {
    let server = server(Flavour::OpenAi).await;
    for script in [Script::hangs(), Script::falls_silent_after("")] {
        let before = server.questions().len();
        server.next(script);
        let (brain, scene) = (brain(&server), Scene::new());
        let began = Instant::now();
        let asking = scene.ask(&brain);
        tokio::pin!(asking);
        tokio::select! {
            call = &mut asking => panic!("{:?}", call.outcome),
            () = server.until(|asked| asked.len() > before) => {}
        }
        tokio::time::pause();
        tokio::select! {
            biased;
            call = &mut asking => panic!("too early: {:?}", call.outcome),
            () = tokio::time::sleep_until(began + Duration::from_millis(7_990)) => {}
        }
        let call = asking.await;
        tokio::time::resume();
        let trouble = call.outcome.expect_err("late");
        assert_eq!(trouble.kind, TroubleKind::FirstWordLate, "{trouble:?}");
    }
}

#[tokio::test]
async fn twenty_seconds_are_enough_for_everything() {
    let server = server(Flavour::OpenAi).await;
    server.next(Script::falls_silent_after(
        "{\"action\": \"answer\", \"answer\": \"We",
    ));
    let (brain, scene) = (brain(&server), Scene::new());
    let mut shown = scene.shown.subscribe();
    let began = Instant::now();
    let asking = scene.ask(&brain);
    tokio::pin!(asking);
    tokio::select! {
        call = &mut asking => panic!("{:?}", call.outcome),
        begun = soon(shown.wait_for(|text| text == "We")) => { begun.expect("words"); }
    }
    tokio::time::pause();
    tokio::select! {
        biased;
        call = &mut asking => panic!("too early: {:?}", call.outcome),
        () = tokio::time::sleep_until(began + Duration::from_millis(19_900)) => {}
    }
    let call = asking.await;
    tokio::time::resume();
    assert_eq!(call.outcome.expect_err("late").kind, TroubleKind::Late);
    assert!(call.exchanges[0].received.contains("We"), "what came is kept");
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_does_not_travel() {
    let (home, elsewhere) = (server(Flavour::OpenAi).await, server(Flavour::OpenAi).await);
    for status in [301, 302, 307, 308] {
        home.next(Script::redirects(
            status,
            &format!("{}/chat/completions", elsewhere.base_url()),
        ));
        let call = Scene::new().ask(&with(&home, only(Rung::Text, true))).await;
        let trouble = call.outcome.expect_err("redirected");
        assert_eq!(trouble.kind, TroubleKind::Redirected, "{status}");
        assert!(trouble.words.contains("127.0.0.1"), "{trouble}");
    }
    assert!(elsewhere.asked().is_empty());
    let key = home.questions()[0].headers["authorization"].clone();
    assert_eq!(key, format!("Bearer {KEY}"));
}

#[tokio::test]
async fn a_key_a_server_repeats_is_kept_and_shown_nowhere() {
    let server = server(Flavour::OpenAi).await;
    server.can(Talents {
        key: Some("sk-another-key-1234".to_owned()),
        ..Talents::default()
    });
    let brain = brain(&server);
    let call = Scene::new().ask(&brain).await;
    let trouble = call.outcome.clone().expect_err("refused");
    assert_eq!(trouble.kind, TroubleKind::Key);
    assert!(
        trouble.detail.as_deref().unwrap_or_default().contains("(key)"),
        "{trouble:?}"
    );
    let everything = format!("{call:?} {brain:?} {trouble}");
    assert!(!everything.contains(KEY), "{everything}");
}

#[tokio::test]
async fn a_server_that_wants_no_key_gets_none() {
    let server = server(Flavour::Ollama).await;
    server.next(Script::json(&good()));
    let place = Place::parse(&server.base_url()).expect("an address");
    let model = OpenAiCompatible::new(place, Some(Secret::new(" ")), "llama3.2:3b").expect("a client");
    let call = Scene::new()
        .ask(&Brain::new(Arc::new(model), only(Rung::Schema, true)))
        .await;
    assert_eq!(call.outcome.expect("an answer").text, good_text());
    assert!(!server.questions()[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn a_key_with_characters_no_key_has_is_refused_before_anything_is_sent() {
    let server: ModelServer = server(Flavour::OpenAi).await;
    let place = Place::parse(&server.base_url()).expect("an address");
    let trouble =
        OpenAiCompatible::new(place, Some(Secret::new("sk\n-test-123456")), "m").expect_err("no key");
    assert_eq!(trouble.kind, TroubleKind::Key);
    assert!(!format!("{trouble:?}").contains("123456"));
    assert!(server.asked().is_empty());
}
