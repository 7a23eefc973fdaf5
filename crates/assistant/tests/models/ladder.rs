//! How an answer of a form is got out of servers that do not do what they promise.

use crate::common::{Scene, brain, good, good_text, only, server, with};
use assistant::models::{Rejection, Rung, TroubleKind};
use serde_json::{Value, json};
use simulator::brain::{Asked, Flavour, LIES, ModelServer, Script, Talent, Talents};

/// How a question asked for its form.
fn way(asked: &Asked) -> Rung {
    let question = asked.json();
    match question.pointer("/response_format/type").and_then(Value::as_str) {
        Some("json_schema") => Rung::Schema,
        Some(_) => Rung::Json,
        None if question.get("tools").is_some() => Rung::Tool,
        None => Rung::Text,
    }
}

fn ways(server: &ModelServer) -> Vec<Rung> {
    server.questions().iter().map(way).collect()
}

#[tokio::test]
async fn each_rung_asks_in_its_own_way_and_is_understood() {
    for rung in [Rung::Schema, Rung::Tool, Rung::Json, Rung::Text] {
        let server = server(Flavour::OpenAi).await;
        server.next(Script::json(&good()));
        let call = Scene::new().ask(&with(&server, only(rung, false))).await;
        assert_eq!(call.outcome.expect("an answer").text, good_text(), "{rung:?}");
        assert_eq!(ways(&server), [rung]);
        let question = server.questions()[0].json();
        let system = question["messages"][0]["content"].as_str().unwrap_or_default();
        let asks_in_words = system.contains("valid for this JSON schema");
        assert_eq!(asks_in_words, matches!(rung, Rung::Json | Rung::Text), "{rung:?}");
    }
}

#[tokio::test]
async fn a_server_that_refuses_a_way_is_asked_in_the_next() {
    let server = server(Flavour::OpenAi).await;
    server.can(Talents {
        json_schema: Talent::Refuses,
        tools: Talent::Refuses,
        json_mode: Talent::Refuses,
        ..Talents::default()
    });
    server.next(Script::says(format!("Sure!\n```json\n{}\n```", good())));
    let brain = brain(&server);
    let call = Scene::new().ask(&brain).await;
    assert_eq!(call.outcome.expect("an answer").text, good_text());
    assert_eq!(ways(&server), [Rung::Schema, Rung::Tool, Rung::Json, Rung::Text]);
    server.next(Script::json(&good()));
    Scene::new().ask(&brain).await.outcome.expect("an answer");
    assert_eq!(ways(&server).len(), 5, "the way that held is remembered");
}

#[tokio::test]
async fn a_server_that_accepts_a_schema_and_ignores_it_is_found_out() {
    let server = server(Flavour::Ollama).await;
    server.can(Talents {
        json_schema: Talent::Ignores,
        ..Talents::default()
    });
    server.next(Script::says("The shop opens at nine."));
    server.next(Script::json(&good()));
    let call = Scene::new().ask(&brain(&server)).await;
    assert_eq!(call.outcome.expect("an answer").text, good_text());
    assert_eq!(ways(&server), [Rung::Schema, Rung::Tool]);
}

#[tokio::test]
async fn a_tool_whose_arguments_come_as_words_is_understood() {
    let server = server(Flavour::OpenAi).await;
    server.next(Script::json(&good()).in_words());
    let call = Scene::new().ask(&with(&server, only(Rung::Tool, true))).await;
    assert_eq!(call.outcome.expect("an answer").text, good_text());
    assert_eq!(call.exchanges.len(), 1);
}

#[tokio::test]
async fn bad_json_is_repaired_once_with_what_was_wrong_and_then_given_up() {
    let server = server(Flavour::OpenAi).await;
    let brain = with(&server, only(Rung::Text, false));
    server.next(Script::says("{\"action\": \"dance\"}"));
    server.next(Script::json(&good()));
    assert!(Scene::new().ask(&brain).await.outcome.is_ok());
    let repair = server.questions()[1].json();
    let messages = repair["messages"].as_array().expect("messages");
    assert_eq!(messages[2]["content"], "{\"action\": \"dance\"}");
    let wrong = messages[3]["content"].as_str().unwrap_or_default();
    assert!(
        wrong.contains("not one of answer, clarify, escalate, silent"),
        "{wrong}"
    );

    server.next(Script::says("prose"));
    server.next(Script::says("more prose"));
    let call = Scene::new().ask(&brain).await;
    let trouble = call.outcome.expect_err("no form");
    assert_eq!(trouble.kind, TroubleKind::Unusable);
    assert!(
        trouble
            .words
            .starts_with("The model of Double does not keep to the form"),
        "{trouble}"
    );
    assert_eq!(call.exchanges.len(), 2);
}

#[tokio::test]
async fn settings_a_server_dislikes_are_left_out_from_then_on() {
    let server = server(Flavour::OpenAi).await;
    server.can(Talents {
        dislikes: vec!["max_tokens", "temperature", "stream_options"],
        ..Talents::default()
    });
    let brain = brain(&server);
    server.next(Script::json(&good()));
    let call = Scene::new().ask(&brain).await;
    assert_eq!(call.outcome.expect("an answer").text, good_text());
    assert_eq!(server.questions().len(), 4);
    server.next(Script::json(&good()));
    Scene::new().ask(&brain).await.outcome.expect("an answer");
    assert_eq!(server.questions().len(), 5);
    let last = server.questions()[4].json();
    assert!(last.get("max_completion_tokens").is_some() && last.get("temperature").is_none());
}

#[tokio::test]
async fn what_a_model_must_not_say_is_rejected_and_not_asked_for_again() {
    let rejected = |about: &str| match about {
        "a source that does not exist" => Some("unknown_source"),
        "no source at all" => Some("no_sources"),
        "another language" => Some("wrong_language"),
        "no answer, inside the answer"
        | "no answer, dressed up"
        | "no answer, in another field"
        | "no answer, without any form" => Some("no_answer"),
        "an answer of nothing but signs" => Some("empty"),
        _ => None,
    };
    let formless = [
        "an action nobody knows",
        "a second object that overrules the first",
        "plain prose instead of the form",
        "a form that breaks off",
        "numbers where words belong",
    ];
    for lie in LIES {
        let server = server(Flavour::OpenAi).await;
        server.always(|_| Script::says(lie.text));
        let call = Scene::new().ask(&with(&server, only(Rung::Schema, true))).await;
        match call.outcome {
            Err(trouble) => {
                assert!(formless.contains(&lie.about), "{}: {trouble:?}", lie.about);
                assert_eq!(trouble.kind, TroubleKind::Unusable);
            }
            Ok(answer) => {
                let reasons: Vec<&str> = answer.rejections.iter().map(Rejection::as_str).collect();
                let expected: Vec<&str> = rejected(lie.about).into_iter().collect();
                assert_eq!(reasons, expected, "{}", lie.about);
                assert_eq!(call.exchanges.len(), 1, "{}", lie.about);
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_ran_out_of_room_is_not_asked_for_again_and_again() {
    let server = server(Flavour::OpenAi).await;
    server.next(Script::says("{\"action\":\"answer\",\"answer\":\"We").finishing("length"));
    let call = Scene::new().ask(&brain(&server)).await;
    assert_eq!(call.outcome.expect_err("half").kind, TroubleKind::OutOfRoom);
    assert_eq!(call.exchanges.len(), 1);
}

#[tokio::test]
async fn a_model_may_call_a_person_or_say_nothing() {
    let server = server(Flavour::OpenAi).await;
    let brain = brain(&server);
    server.next(Script::json(
        &json!({"action": "escalate", "escalate_reason": "complaint", "answer": ""}),
    ));
    let answer = Scene::new().ask(&brain).await.outcome.expect("an answer");
    assert_eq!(answer.escalate_reason, Some(domain::EscalationReason::Complaint));
    assert_eq!(answer.rejections, []);
    server.next(Script::json(&json!({"action": "silent", "answer": ""})));
    let answer = Scene::new().ask(&brain).await.outcome.expect("an answer");
    assert_eq!((answer.action.as_str(), answer.rejections.len()), ("silent", 0));
}
