//! A language model as a window sees it: set up, tried in a chat, watched while it writes.

use crate::shape::Shapes;
use crate::window::{SOON, Window};
use serde_json::{Value, json};
use simulator::brain::{Flavour, ModelServer, Script, Talents};
use std::time::Duration;

const ANSWER: &str = "A haircut for a poodle costs 30 EUR, and the bath is free of charge for small dogs.";

async fn chosen(window: &Window) -> ModelServer {
    let server = ModelServer::start(Flavour::OpenAi).await.unwrap();
    let facts = json!({"facts": [{"kind": "price", "key": "poodle", "value": "30 EUR"}]});
    window.get("save_facts", facts).await;
    let model = json!({"kind": "openai", "base_url": server.base_url(), "model": "double:7b"});
    let view = window.get("save_model", model).await;
    Shapes::documented().check(&view, "ModelView");
    assert_eq!(view["contact_tokens"], 100_000, "{view}");
    let answer = json!({
        "action": "answer", "language": "en", "sources": ["FACTS"], "answer": ANSWER, "confidence": 0.9,
        "escalate_reason": "", "missing_fields": [], "asked_field": "",
    });
    server.always(move |_| Script::json(&answer).pausing(Duration::from_millis(25)));
    server
}

#[tokio::test]
async fn a_window_is_told_that_an_answer_grows_and_finds_the_draft_when_it_is_whole() {
    let window = Window::open().await;
    let server = chosen(&window).await;
    let mode = json!({"scope": "channel", "id": window.channel, "mode": "shadow"});
    window.get("set_mode", mode).await;
    let mut changes = window.desk.changes();
    let id = window
        .hear(
            "Ana",
            "447700900222",
            "How much would a haircut for my poodle be?",
        )
        .await;
    let ask = json!({"conversation_id": id});
    let watching = async {
        let mut seen: Vec<String> = Vec::new();
        loop {
            let told = changes.next().await.unwrap();
            let told = serde_json::to_value(&told).unwrap();
            let wanted = json!({"kind": "writing", "conversation_id": id});
            if !told.as_array().unwrap().contains(&wanted) {
                continue;
            }
            let view = window.get("writing", ask.clone()).await;
            Shapes::documented().check(&view, "WritingView");
            match view["text"].as_str() {
                Some(text) => seen.push(text.to_owned()),
                None => return seen,
            }
        }
    };
    let seen = tokio::time::timeout(SOON, watching).await.unwrap();
    assert!(
        seen.iter()
            .any(|text| !text.is_empty() && text.len() < ANSWER.len()),
        "{seen:?}"
    );
    assert!(
        seen.iter().all(|text| ANSWER.starts_with(text.as_str())),
        "{seen:?}"
    );
    let drafts = window
        .until("list_drafts", ask, |list| !list["drafts"][0].is_null())
        .await;
    assert_eq!(drafts["drafts"][0]["text"], ANSWER);
    window.desk.stop().await;
    drop(server);
}

#[tokio::test]
async fn a_pretended_chat_asks_the_model_only_when_told_to_and_shows_what_left() {
    let window = Window::open().await;
    let server = chosen(&window).await;
    let before = server.questions().len();
    let lines = json!([{"author": "customer", "text": "How much would a haircut for my poodle be?"}]);
    let alone = window.get("simulate", json!({"lines": lines})).await;
    assert_eq!(
        (&alone["step"], &alone["model_call_id"]),
        (&json!("fallback"), &Value::Null)
    );
    assert_eq!(server.questions().len(), before);
    let asked = window
        .get("simulate", json!({"lines": lines, "model": true}))
        .await;
    assert_eq!(asked["step"], "model", "{asked}");
    let call = window
        .get("model_call", json!({"call_id": asked["model_call_id"]}))
        .await;
    Shapes::documented().check(&call, "ModelCallView");
    assert_eq!(call["purpose"], "simulate");
    assert_eq!(call["sent"], server.questions().last().unwrap().text());
    let rows = window.get("list_conversations", json!({})).await;
    assert_eq!(rows["conversations"], json!([]));
    window.desk.stop().await;
}

#[tokio::test]
async fn a_model_that_does_not_let_us_in_is_named_at_the_key_and_in_the_list_of_what_left() {
    let window = Window::open().await;
    let server = ModelServer::start(Flavour::OpenAi).await.unwrap();
    server.can(Talents {
        key: Some("another".to_owned()),
        ..Talents::default()
    });
    let model = json!({"kind": "openai", "base_url": server.base_url(), "model": "double:7b", "key": "mine"});
    let refused = window.ask("save_model", model).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("key"));
    let calls = window.get("list_model_calls", Value::Null).await;
    assert_eq!(calls["calls"][0]["trouble"], refused.message.as_str());
    assert_eq!(window.get("model", Value::Null).await["kind"], "none");
    window.desk.stop().await;
}
