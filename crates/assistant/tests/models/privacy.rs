//! What leaves the house, judged by the bytes that arrived.

use crate::common::{OnePhone, PHONE, Scene, good, openai, server, soon};
use assistant::models::{Brain, BrainSettings, Line, Rung, Shape, TroubleKind};
use serde_json::json;
use simulator::brain::{Flavour, Script};
use std::sync::Arc;

/// A model whose address is local and whose work is done elsewhere.
const ELSEWHERE: &str = "gpt-oss:120b-cloud";

#[tokio::test]
async fn what_leaves_the_house_is_masked_and_what_returns_is_not() {
    let server = server(Flavour::Ollama).await;
    let mut answer = good();
    answer["answer"] = json!("We will call [PHONE_1].");
    server.next(Script::json(&answer).in_pieces(3));
    let brain = Brain::new(Arc::new(openai(&server, ELSEWHERE)), BrainSettings::default());
    assert!(!brain.is_local());
    let mut scene = Scene::new();
    scene.history = vec![Line::Colleague(format!("I call you back at {PHONE}"))];
    let mut veil = OnePhone::default();
    let call = scene.ask_masked(&brain, &mut veil).await;
    assert_eq!(
        call.outcome.expect("an answer").text,
        format!("We will call {PHONE}.")
    );
    assert_eq!(scene.shown.borrow().as_str(), format!("We will call {PHONE}."));
    let arrived = server.questions()[0].text();
    assert!(
        !arrived.contains("900123") && !arrived.contains("7700"),
        "{arrived}"
    );
    assert_eq!(arrived.matches("[PHONE_1]").count(), 2);
    assert_eq!(veil.masked, 2);
    assert_eq!(
        call.exchanges[0].sent, arrived,
        "the operator sees what left, not what was meant"
    );
}

#[tokio::test]
async fn without_a_mask_nothing_leaves_the_house() {
    let server = server(Flavour::Ollama).await;
    let brain = Brain::new(Arc::new(openai(&server, ELSEWHERE)), BrainSettings::default());
    let scene = Scene::new();
    let call = scene.ask(&brain).await;
    assert_eq!(call.outcome.expect_err("unmasked").kind, TroubleKind::Unmasked);
    let shape = Shape {
        name: "x",
        about: "x",
        schema: json!({"type": "object"}),
    };
    let call = soon(brain.extract(("a", "b"), &shape, None, &scene.occasion())).await;
    assert_eq!(call.outcome.expect_err("unmasked").kind, TroubleKind::Unmasked);
    let texts = [PHONE.to_owned()];
    let vectors = soon(brain.embed("embed-1", &texts, None, &scene.occasion())).await;
    assert_eq!(vectors.outcome.expect_err("unmasked").kind, TroubleKind::Unmasked);
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn leads_and_vectors_are_masked_as_well() {
    let server = server(Flavour::Ollama).await;
    let brain = Brain::new(Arc::new(openai(&server, ELSEWHERE)), BrainSettings::default());
    let scene = Scene::new();
    let shape = Shape {
        name: "lead",
        about: "x",
        schema: json!({"type": "object", "properties": {}, "required": [], "additionalProperties": false}),
    };
    server.next(Script::says("{\"phone\": [\"[PHONE_1]\"]}"));
    let mut veil = OnePhone::default();
    let user = format!("Call {PHONE}");
    let call = soon(brain.extract(("Read.", &user), &shape, Some(&mut veil), &scene.occasion())).await;
    assert_eq!(call.outcome.expect("JSON"), json!({"phone": [PHONE]}));
    let texts = [format!("Call {PHONE}")];
    soon(brain.embed("embed-1", &texts, Some(&mut veil), &scene.occasion()))
        .await
        .outcome
        .expect("vectors");
    assert_eq!(server.asked().len(), 2);
    for asked in server.asked() {
        assert!(!asked.text().contains("900123"), "{}", asked.text());
    }
}

#[tokio::test]
async fn a_model_in_the_house_may_read_everything() {
    let server = server(Flavour::Ollama).await;
    server.next(Script::json(&good()));
    let brain = Brain::new(Arc::new(openai(&server, "llama3.2:3b")), BrainSettings::default());
    assert!(brain.is_local());
    assert!(Scene::new().ask(&brain).await.outcome.is_ok());
    assert!(server.questions()[0].text().contains(PHONE));
}

#[tokio::test]
async fn the_operator_sees_what_left_in_each_way_of_asking() {
    let server = server(Flavour::Ollama).await;
    server.next(Script::says("prose"));
    server.next(Script::says("prose"));
    server.next(Script::json(&good()));
    let brain = Brain::new(Arc::new(openai(&server, "llama3.2:3b")), BrainSettings::default());
    let call = Scene::new().ask(&brain).await;
    let sent: Vec<String> = call
        .exchanges
        .iter()
        .map(|exchange| exchange.sent.clone())
        .collect();
    let arrived: Vec<String> = server
        .questions()
        .iter()
        .map(simulator::brain::Asked::text)
        .collect();
    assert_eq!(sent, arrived);
    let rungs: Vec<Rung> = call.exchanges.iter().map(|exchange| exchange.rung).collect();
    assert_eq!(rungs, [Rung::Schema, Rung::Tool, Rung::Json]);
    assert_eq!(call.usage.input, 300, "all of them are paid");
}

#[tokio::test]
async fn the_masks_of_the_guards_serve_and_the_model_may_use_their_tokens() {
    let server = server(Flavour::Ollama).await;
    server.always(|asked| {
        let question = asked.json();
        let user = question["messages"][1]["content"].as_str().unwrap_or_default();
        let burst = user.rsplit_once("I am at ").map_or("", |(_, rest)| rest);
        let mut answer = good();
        answer["answer"] = json!(format!(
            "We write to {}",
            burst.lines().next().unwrap_or_default()
        ));
        Script::json(&answer).in_pieces(5)
    });
    let brain = Brain::new(Arc::new(openai(&server, ELSEWHERE)), BrainSettings::default());
    let mut scene = Scene::new();
    scene.burst = vec!["I am at ana.silva@example.org".to_owned()];
    let mut mask = assistant::guards::Mask::default();
    let call = scene.ask_masked(&brain, &mut mask).await;
    assert_eq!(
        call.outcome.expect("an answer").text,
        "We write to ana.silva@example.org"
    );
    assert!(!server.questions()[0].text().contains("ana.silva"));
}
