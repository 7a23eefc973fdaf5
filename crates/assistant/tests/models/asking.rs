//! Questions that are answered.

use crate::common::{Scene, brain, good, good_text, only, openai, server, soon, with};
use assistant::models::{BrainSettings, Deadlines, Embedded, LanguageModel as _, Prices, Rung, TroubleKind};
use serde_json::json;
use simulator::brain::{End, Flavour, Script, Talents};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[tokio::test]
async fn an_answer_comes_with_everything_that_travelled_and_what_it_cost() {
    let server = server(Flavour::OpenAi).await;
    server.next(Script::json(&good()).counting(1_000, 100));
    let settings = BrainSettings {
        prices: Prices {
            input: 2_000_000,
            output: 8_000_000,
        },
        ..BrainSettings::default()
    };
    let call = Scene::new().ask(&with(&server, settings)).await;
    let answer = call.outcome.expect("an answer");
    assert_eq!(answer.text, good_text());
    assert_eq!(answer.rejections, []);
    assert_eq!(
        (call.usage.input, call.usage.output, call.usage.estimated),
        (1_000, 100, false)
    );
    assert_eq!(call.cost, 2_000 + 800);
    assert_eq!(
        (call.model.as_str(), call.place.as_str(), call.is_local),
        ("double:7b", "Double", true)
    );
    let asked = server.questions();
    assert_eq!(asked.len(), 1);
    assert_eq!(call.exchanges.len(), 1);
    assert_eq!(
        call.exchanges[0].sent.as_bytes(),
        &asked[0].body[..],
        "byte by byte"
    );
    assert!(call.exchanges[0].received.contains("chat.completion"));
    assert!(call.exchanges[0].first_word.is_some());
    let prompt = call.prompt.expect("the prompt");
    assert!(asked[0].text().contains(&prompt.canary) && asked[0].text().contains(&prompt.nonce));
    assert_eq!(asked[0].json()["model"], "double:7b");
}

#[tokio::test]
async fn an_answer_is_whole_wherever_its_stream_was_cut() {
    let server = server(Flavour::OpenAi).await;
    for (rung, piece) in [
        (Rung::Schema, 1),
        (Rung::Schema, 2),
        (Rung::Tool, 3),
        (Rung::Json, 5),
        (Rung::Text, 7),
        (Rung::Tool, 11),
    ] {
        server.next(Script::json(&good()).in_pieces(piece));
        let call = Scene::new().ask(&with(&server, only(rung, true))).await;
        let answer = call
            .outcome
            .unwrap_or_else(|trouble| panic!("{piece}: {trouble:?}"));
        assert_eq!(answer.text, good_text(), "{rung:?} {piece}");
        assert_eq!(call.exchanges.len(), 1, "{rung:?} {piece}");
    }
}

#[tokio::test]
async fn the_growing_answer_can_be_watched() {
    let server = server(Flavour::OpenAi).await;
    server.next(Script::json(&good()).in_pieces(40));
    let brain = brain(&server);
    let scene = Scene::new();
    let mut shown = scene.shown.subscribe();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let watching = async {
        while shown.changed().await.is_ok() {
            let text = shown.borrow_and_update().clone();
            seen.lock().expect("seen").push(text.clone());
            if text == good_text() {
                return;
            }
        }
    };
    let (call, ()) = soon(async { tokio::join!(scene.ask(&brain), watching) }).await;
    assert!(call.outcome.is_ok());
    let seen = seen.lock().expect("seen").clone();
    assert!(seen.len() > 1, "it grew: {seen:?}");
    assert!(
        seen.iter().all(|text| good_text().starts_with(text.as_str())),
        "{seen:?}"
    );
}

#[tokio::test]
async fn a_server_that_sends_all_at_once_although_asked_for_a_stream_is_understood() {
    let server = server(Flavour::OpenAi).await;
    server.can(Talents {
        streaming: false,
        ..Talents::default()
    });
    server.next(Script::json(&good()).uncounted());
    let call = Scene::new().ask(&brain(&server)).await;
    assert_eq!(call.outcome.expect("an answer").text, good_text());
    assert!(call.usage.estimated && call.usage.input > 100, "{:?}", call.usage);
}

#[tokio::test]
async fn a_model_that_thinks_aloud_first_is_waited_for() {
    let server = server(Flavour::OpenAi).await;
    let settings = BrainSettings {
        deadlines: Deadlines {
            first_word_ms: 5_000,
            total_ms: 15_000,
        },
        ..only(Rung::Schema, true)
    };
    server.next(Script::json(&good()).thinking("Let me see."));
    let call = Scene::new().ask(&with(&server, settings)).await;
    assert_eq!(call.outcome.expect("an answer").text, good_text());
    server.next(Script::says(format!("<think>{{}} hm</think>\n{}", good())));
    let call = Scene::new().ask(&with(&server, only(Rung::Text, true))).await;
    assert_eq!(call.outcome.expect("an answer").text, good_text());
}

#[tokio::test]
async fn a_cancelled_question_hangs_up_at_once_and_says_what_had_left() {
    let server = server(Flavour::OpenAi).await;
    server.next(Script::hangs());
    let brain = brain(&server);
    let scene = Scene::new();
    let cancelling = async {
        server.until(|asked| !asked.is_empty()).await;
        scene.cancel.cancel();
    };
    let (call, ()) = tokio::join!(scene.ask(&brain), soon(cancelling));
    assert_eq!(call.outcome.expect_err("cancelled").kind, TroubleKind::Cancelled);
    assert!(call.exchanges[0].sent.contains("When do you open?"));
    soon(server.until(|asked| asked.iter().all(|asked| asked.end == End::HungUp))).await;
}

#[tokio::test]
async fn a_question_nobody_waits_for_any_more_hangs_up() {
    let server = server(Flavour::OpenAi).await;
    server.next(Script::falls_silent_after("{\"action\":"));
    let brain = brain(&server);
    let scene = Scene::new();
    tokio::select! {
        _ = scene.ask(&brain) => panic!("it cannot be answered"),
        () = soon(server.until(|asked| !asked.is_empty())) => {}
    }
    soon(server.until(|asked| asked[0].end == End::HungUp)).await;
}

#[tokio::test]
async fn any_other_form_can_be_asked_for() {
    let server = server(Flavour::OpenAi).await;
    server.next(Script::says("{\"code\": 5}"));
    let scene = Scene::new();
    let shape = assistant::models::Shape {
        name: "number",
        about: "Hand over a number.",
        schema: json!({"type": "object", "properties": {"code": {"type": "integer"}}, "required": ["code"], "additionalProperties": false}),
    };
    let brain = brain(&server);
    let call = soon(brain.extract(("You read numbers.", "five"), &shape, None, &scene.occasion())).await;
    assert_eq!(call.outcome.expect("JSON"), json!({"code": 5}));
    let question = server.questions()[0].json();
    assert_eq!(question["response_format"]["json_schema"]["name"], "number");
}

#[tokio::test]
async fn texts_become_vectors_in_their_order() {
    let server = server(Flavour::OpenAi).await;
    let brain = brain(&server);
    let texts = ["blue bowl", "red mug", "blue mug"].map(str::to_owned);
    let scene = Scene::new();
    let Embedded { vectors, model, .. } = soon(brain.embed("embed-1", &texts, None, &scene.occasion()))
        .await
        .outcome
        .expect("vectors");
    assert_eq!((vectors.len(), model.as_str()), (3, "embed-1"));
    let order = assistant::models::nearest(
        &vectors[2],
        [
            (0, vectors[0].as_slice()),
            (1, vectors[1].as_slice()),
            (2, vectors[2].as_slice()),
        ],
        1,
    );
    assert_eq!(order[0].0, 2);
    let offers = soon(model_offers(&server)).await;
    assert_eq!(offers, ["double:7b"]);
}

async fn model_offers(server: &simulator::brain::ModelServer) -> Vec<String> {
    let offers = openai(server, "double:7b").offers(Duration::from_secs(5)).await;
    offers
        .expect("a list")
        .into_iter()
        .map(|offer| offer.model)
        .collect()
}
