//! Anthropic's own words.

use crate::common::{KEY, Scene, good, good_text, only, place, server};
use assistant::models::{Anthropic, Brain, BrainSettings, Rung, TroubleKind};
use serde_json::json;
use simulator::brain::{Flavour, ModelServer, Script, Talent, Talents};
use std::sync::Arc;
use vault::Secret;

fn claude(server: &ModelServer, settings: BrainSettings) -> Brain {
    let place = place(server).named("Anthropic");
    let model = Anthropic::new(place, Some(Secret::new(KEY)), "claude-x").expect("a client");
    Brain::new(Arc::new(model), settings)
}

#[tokio::test]
async fn schema_tool_and_text_are_understood_whole_and_in_pieces() {
    let server = server(Flavour::Anthropic).await;
    for rung in [Rung::Schema, Rung::Tool, Rung::Text] {
        for (streaming, piece) in [(false, 1), (true, 1), (true, 4), (true, 1_000)] {
            server.next(
                Script::json(&good())
                    .in_pieces(piece)
                    .thinking("hm")
                    .counting(70, 30),
            );
            let call = Scene::new().ask(&claude(&server, only(rung, streaming))).await;
            let answer = call
                .outcome
                .unwrap_or_else(|trouble| panic!("{rung:?} {piece} {trouble:?}"));
            assert_eq!(answer.text, good_text(), "{rung:?} {piece}");
            assert_eq!(
                (call.usage.input, call.usage.output, call.usage.estimated),
                (70, 30, false)
            );
        }
    }
    let asked = &server.questions()[0];
    assert_eq!(asked.path, "/v1/messages");
    assert_eq!(asked.headers["x-api-key"], KEY);
    assert_eq!(asked.headers["anthropic-version"], "2023-06-01");
    assert!(!asked.headers.contains_key("authorization"));
}

#[tokio::test]
async fn an_older_model_that_refuses_schemas_is_asked_with_a_tool() {
    let server = server(Flavour::Anthropic).await;
    server.can(Talents {
        json_schema: Talent::Refuses,
        ..Talents::default()
    });
    server.next(Script::json(&good()));
    let call = Scene::new().ask(&claude(&server, BrainSettings::default())).await;
    assert_eq!(call.outcome.expect("an answer").text, good_text());
    assert_eq!(call.exchanges.len(), 2);
    let tool = server.questions()[1].json();
    assert_eq!(tool["tool_choice"]["name"], "reply");
    assert_eq!(tool["tools"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn its_troubles_are_told_in_the_same_words() {
    let server = server(Flavour::Anthropic).await;
    for (script, kind) in [
        (
            Script::status(
                401,
                &json!({"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}),
            ),
            TroubleKind::Key,
        ),
        (
            Script::status(
                529,
                &json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
            ),
            TroubleKind::Server,
        ),
        (
            Script::status(
                404,
                &json!({"type": "error", "error": {"type": "not_found_error", "message": "model: claude-x"}}),
            ),
            TroubleKind::NoModel,
        ),
        (Script::fails_after("{", "Overloaded"), TroubleKind::Cut),
        (Script::breaks_off_after("{"), TroubleKind::Cut),
        (
            Script::says("I cannot").finishing("refusal"),
            TroubleKind::Declined,
        ),
        (Script::says("{").finishing("max_tokens"), TroubleKind::OutOfRoom),
        (Script::floods(10 << 20), TroubleKind::TooLong),
    ] {
        server.next(script);
        let call = Scene::new().ask(&claude(&server, only(Rung::Text, true))).await;
        assert_eq!(call.outcome.expect_err("trouble").kind, kind);
    }
}

#[tokio::test]
async fn vectors_are_not_offered_and_nothing_is_sent_for_them() {
    let server = server(Flavour::Anthropic).await;
    let brain = claude(&server, BrainSettings::default());
    let scene = Scene::new();
    let vectors = brain.embed("x", &["a".to_owned()], None, &scene.occasion()).await;
    assert_eq!(
        vectors.outcome.expect_err("not offered").kind,
        TroubleKind::NotOffered
    );
    assert!(server.asked().is_empty());
}
