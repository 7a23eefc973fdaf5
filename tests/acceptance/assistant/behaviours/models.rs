//! What a language model is allowed to say, and how much of it.

use super::{last_decision, own_text};
use crate::DESKBELLD;
use crate::assistant::{bot_words, set_mode};
use acceptance::{Street, customer};
use serde_json::{Value, json};
use simulator::brain::{Flavour, ModelServer, Script};

/// A shop that asks a model.
async fn open() -> anyhow::Result<(Street, ModelServer)> {
    let street = Street::open(DESKBELLD).await?;
    set_mode(&street, "bot").await?;
    let facts = json!({"facts": [{"kind": "price", "key": "dog haircut", "value": "30 EUR"}]});
    street.shop.rpc("save_facts", facts).await?;
    let server = ModelServer::start(Flavour::OpenAi).await?;
    let choice = json!({"kind": "openai", "base_url": server.base_url(), "model": "double:7b"});
    street.shop.rpc("save_model", choice).await?;
    Ok((street, server))
}

fn answer(text: &str) -> Value {
    json!({
        "action": "answer", "language": "en", "sources": ["FACTS"], "answer": text, "confidence": 0.99,
        "escalate_reason": "", "missing_fields": [], "asked_field": "",
    })
}

#[tokio::test]
async fn a_model_that_does_not_know_is_heard_in_three_disguises() -> anyhow::Result<()> {
    let (street, server) = open().await?;
    server.always(|asked| {
        let question = asked.text();
        if question.contains("rabbits") {
            Script::json(&answer("NO_ANSWER"))
        } else if question.contains("hamsters") {
            Script::says("**no-answer**")
        } else {
            Script::json(&json!({"reply": {"text": ["I looked everywhere.", "no_answer."]}}))
        }
    });
    let fallback = own_text(&street, "fallback", "en").await?;
    for (n, pet) in [(1, "rabbits"), (2, "hamsters"), (3, "parrots")] {
        let question = format!("Would you also cut the hair of my {pet}?");
        let (_, conversation) = street.hear(&customer(n), &question).await?;
        let why = last_decision(&street, &conversation).await?;
        assert_eq!(why["step"], "fallback", "{pet}: {why}");
        assert!(why["model_call_id"].is_string(), "{pet}: {why}");
        assert_eq!(bot_words(&street, &conversation).await?, [fallback.as_str()]);
    }
    Ok(())
}

#[tokio::test]
async fn every_question_to_a_model_limits_its_answer() -> anyhow::Result<()> {
    let (street, server) = open().await?;
    server.always(|_| Script::json(&answer("A dog haircut costs 30 EUR.")));
    let (_, conversation) = street
        .hear(&customer(1), "How much would a haircut for my poodle be?")
        .await?;
    last_decision(&street, &conversation).await?;
    let questions = server.questions();
    assert!(questions.len() > 1, "the trial and the question");
    for question in questions {
        let asked = question.json();
        let most = asked["max_tokens"].as_u64().unwrap_or(u64::MAX);
        assert!((1..=2_048).contains(&most), "{asked}");
    }
    Ok(())
}
