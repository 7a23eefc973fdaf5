//! What a language model reads besides answering: what customers say of themselves, and what passages mean.

use crate::models::{QUESTION, answer, choose_patiently, decided, shop};
use crate::town::{SOON, Town, ines};
use domain::{BotMode, ConversationId, LeadMethod};
use engine::{ModelKind, NewModel, TypedDocument};
use serde_json::{Value, json};
use simulator::brain::{Asked, ModelServer, Script, Talents};
use std::time::Duration;
use store::{Change, StoredLeadValue};

const WISH: &str = "Hello, we are a choir called Larkspur and would like to sing in your shop window";

/// Whether a question is one about leads.
fn is_lead(asked: &Asked) -> bool {
    asked.text().contains("evidence_quote")
}

/// Answers questions about leads with what `field` is said to be, and others with nothing.
fn reads(server: &ModelServer, field: &'static str, value: &'static str, quote: &'static str) {
    server.always(move |asked| {
        if !is_lead(asked) {
            return Script::json(&json!({"action": "silent", "answer": "", "sources": []}));
        }
        // The id stands in front of the customer's words.
        let text = asked.text();
        let id = text
            .split(" customer] ")
            .find_map(|before| before.rsplit('[').next()?.parse::<u64>().ok())
            .unwrap_or(0);
        let claim = json!({"value": value, "evidence_quote": quote, "message_id": id.to_string()});
        Script::json(&json!({field: claim}))
    });
}

/// Lets the customer have been quiet for long enough.
async fn quiet(town: &Town) {
    town.until("a conversation to read", |r| r.next_lead_reading_at())
        .await;
    town.watch.move_on(Duration::from_mins(2));
    ring(town).await;
}

async fn ring(town: &Town) {
    town.engine
        .store()
        .write(|t| {
            t.changed(Change::LeadTasks);
            Ok(())
        })
        .await
        .unwrap();
}

async fn read_through(town: &Town) {
    town.until("an empty tray", |r| {
        Ok(r.next_lead_reading_at()?.is_none().then_some(()))
    })
    .await;
}

async fn values(town: &Town, conversation: ConversationId) -> Vec<StoredLeadValue> {
    town.engine
        .store()
        .read(move |r| match r.lead_of_conversation(conversation)? {
            Some(lead) => r.lead_values(lead.id),
            None => Ok(Vec::new()),
        })
        .await
        .unwrap()
}

fn company(values: &[StoredLeadValue]) -> Option<&StoredLeadValue> {
    values.iter().find(|known| known.value.field == "company")
}

#[tokio::test]
async fn a_model_reads_a_lead_once_the_customer_is_quiet_and_shows_where_it_stands() {
    let (town, server) = shop(BotMode::Shadow).await;
    choose_patiently(&town, &server).await;
    reads(&server, "company", "Larkspur", "a choir called Larkspur");
    let conversation = town.hear(&ines(), WISH).await;
    town.until("a conversation to read", |r| r.next_lead_reading_at())
        .await;
    assert!(!server.asked().iter().any(is_lead), "not before they are quiet");
    quiet(&town).await;
    read_through(&town).await;
    let values = values(&town, conversation).await;
    let found = company(&values).unwrap_or_else(|| panic!("{values:?}"));
    assert_eq!(
        (found.value.value.as_str(), found.value.method),
        ("Larkspur", LeadMethod::Model)
    );
    let (start, end) = found.value.span.unwrap();
    assert_eq!(WISH.get(start..end), Some("a choir called Larkspur"));
    let call = town
        .until("the call", move |r| {
            let calls = r.model_calls(Some(conversation), 9)?;
            Ok(calls.into_iter().find(|call| call.purpose == "leads"))
        })
        .await;
    let asked = server.asked();
    assert_eq!(
        call.sent,
        asked.iter().find(|asked| is_lead(asked)).unwrap().text()
    );
    assert_eq!(asked.iter().filter(|asked| is_lead(asked)).count(), 1);
    town.engine.stop().await;
}

#[tokio::test]
async fn a_value_the_customer_never_said_is_dropped() {
    let (town, server) = shop(BotMode::Shadow).await;
    choose_patiently(&town, &server).await;
    reads(&server, "company", "Nightjar", "a choir called Nightjar");
    let conversation = town.hear(&ines(), WISH).await;
    quiet(&town).await;
    read_through(&town).await;
    assert!(server.asked().iter().any(is_lead));
    assert_eq!(company(&values(&town, conversation).await), None);
    town.engine.stop().await;
}

#[tokio::test]
async fn what_a_person_wrote_stays_whatever_a_model_reads() {
    let (town, server) = shop(BotMode::Shadow).await;
    choose_patiently(&town, &server).await;
    reads(&server, "company", "Larkspur", "a choir called Larkspur");
    let conversation = town.hear(&ines(), WISH).await;
    town.engine
        .set_lead_value(conversation, "company", "Larkspur Choir")
        .await
        .unwrap();
    quiet(&town).await;
    read_through(&town).await;
    let values = values(&town, conversation).await;
    assert_eq!(company(&values).unwrap().value.value, "Larkspur Choir");
    town.engine.stop().await;
}

async fn let_read_while_held(town: &Town, wanted: bool) {
    let settings = json!({"lead_model_when_held": wanted}).to_string();
    town.engine
        .store()
        .write(move |t| {
            t.set_setting("assistant", &settings)?;
            t.changed(Change::Knowledge);
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn while_a_person_holds_a_conversation_a_model_reads_it_only_when_the_owner_wants_that() {
    let (town, server) = shop(BotMode::Shadow).await;
    choose_patiently(&town, &server).await;
    let_read_while_held(&town, false).await;
    reads(&server, "company", "Larkspur", "a choir called Larkspur");
    let conversation = town.hear(&ines(), WISH).await;
    town.engine.take_over(conversation).await.unwrap();
    quiet(&town).await;
    read_through(&town).await;
    assert!(!server.asked().iter().any(is_lead));
    let_read_while_held(&town, true).await;
    town.hear(&ines(), "Are you there?").await;
    quiet(&town).await;
    read_through(&town).await;
    assert!(company(&values(&town, conversation).await).is_some());
    town.engine.stop().await;
}

#[tokio::test]
async fn no_model_reads_anything_where_the_assistant_was_switched_off() {
    let (town, server) = shop(BotMode::Shadow).await;
    choose_patiently(&town, &server).await;
    reads(&server, "company", "Larkspur", "a choir called Larkspur");
    town.hear(&ines(), WISH).await;
    town.until("a conversation to read", |r| r.next_lead_reading_at())
        .await;
    let channel = town.channel.clone();
    town.engine
        .store()
        .write(move |t| t.set_channel_mode(&channel, BotMode::Off))
        .await
        .unwrap();
    quiet(&town).await;
    read_through(&town).await;
    // In off a message does not even get into the tray.
    town.hear(&ines(), "Are you there? We are called Larkspur").await;
    town.until("the rules to have read it", |r| {
        Ok(r.next_lead_task_at()?.is_none().then_some(()))
    })
    .await;
    read_through(&town).await;
    assert!(!server.asked().iter().any(is_lead));
    town.engine.stop().await;
}

#[tokio::test]
async fn a_model_that_fails_at_a_lead_is_asked_again_later_and_the_rules_values_stand() {
    let (town, server) = shop(BotMode::Shadow).await;
    choose_patiently(&town, &server).await;
    server.always(|_| Script::status(500, &json!({"error": {"message": "no"}})));
    let conversation = town
        .hear(&ines(), "My mail is ines@example.com, we would like to sing")
        .await;
    quiet(&town).await;
    let tries = town
        .until("a failed try", |r| {
            let due = r.due_lead_readings(domain::Timestamp(i64::MAX), 5)?;
            Ok(due
                .first()
                .map(|waiting| waiting.tries)
                .filter(|tries| *tries > 0))
        })
        .await;
    assert_eq!(tries, 1);
    let values = values(&town, conversation).await;
    assert!(values.iter().any(|known| known.value.value == "ines@example.com"));
    town.engine.stop().await;
}

async fn teach(town: &Town, title: &str, text: &str) {
    town.engine
        .save_document(TypedDocument {
            id: None,
            title: title.to_owned(),
            text: text.to_owned(),
            url: None,
            enabled: Some(true),
            quotable: Some(true),
            valid_to: None,
        })
        .await
        .unwrap();
}

async fn set_up(town: &Town, server: &ModelServer, embeddings: bool) -> engine::ModelState {
    town.engine
        .save_model(NewModel {
            kind: ModelKind::Openai,
            base_url: Some(server.base_url()),
            model: Some("double:7b".to_owned()),
            embeddings: Some(embeddings),
            ..NewModel::default()
        })
        .await
        .unwrap()
}

fn embeds(asked: &Asked) -> bool {
    asked.path.ends_with("/embeddings")
}

async fn compared(town: &Town, number: usize) {
    town.until("meanings of all passages", move |r| {
        Ok((r.passage_vectors("text-embedding-double")?.len() >= number).then_some(()))
    })
    .await;
}

fn talents() -> Talents {
    let models = [("double:7b", 8_192), ("text-embedding-double", 2_048)];
    Talents {
        models: models.map(|(name, context)| (name.to_owned(), context)).to_vec(),
        ..Talents::default()
    }
}

#[tokio::test]
async fn no_text_leaves_to_be_compared_while_that_is_switched_off() {
    let (town, server) = shop(BotMode::Shadow).await;
    server.can(talents());
    teach(&town, "Parking", "Cars may stand behind the house.").await;
    set_up(&town, &server, false).await;
    town.hear(&ines(), QUESTION).await;
    server
        .until(|asked| asked.iter().any(|asked| asked.text().contains("poodle")))
        .await;
    assert!(!server.asked().iter().any(embeds));
    town.engine.stop().await;
}

#[tokio::test]
async fn what_means_the_same_is_read_by_the_model_beside_what_has_the_same_words() {
    // To the pretended server a motorbike and a wagon mean an hour; no word is the same.
    const WORDS: &str = "Motorbike or wagon?";
    let (town, server) = shop(BotMode::Shadow).await;
    server.can(talents());
    teach(&town, "Yard", "One hour behind the house costs nothing.").await;
    let told = |server: &ModelServer| {
        let questions = server.questions();
        let last = questions
            .iter()
            .rfind(|asked| asked.text().contains("wagon"))
            .unwrap();
        last.text().contains("One hour behind")
    };
    let chat = [engine::ChatLine {
        author: engine::ChatAuthor::Customer,
        text: WORDS.to_owned(),
    }];
    set_up(&town, &server, false).await;
    town.engine.simulate(&chat, true).await.unwrap();
    assert!(!told(&server), "words alone do not find it");

    let state = set_up(&town, &server, true).await;
    assert_eq!(
        state.settings.embedding_model.as_deref(),
        Some("text-embedding-double")
    );
    compared(&town, 1).await;
    server.always(|_| Script::json(&answer("It costs 30 EUR.", &["FACTS"])));
    let conversation = town.hear(&ines(), WORDS).await;
    let decision = decided(&town, conversation).await;
    assert!(told(&server));
    assert!(
        decision.trace.to_string().contains("One hour behind"),
        "{decision:?}"
    );
    let calls = town
        .engine
        .store()
        .read(move |r| r.model_calls(Some(conversation), 9))
        .await
        .unwrap();
    let call = calls.iter().find(|call| call.purpose == "embed").unwrap();
    assert!(call.sent.contains("wagon"), "{call:?}");
    town.engine.stop().await;
}

#[tokio::test]
async fn changed_passages_are_compared_anew_in_the_background() {
    let (town, server) = shop(BotMode::Shadow).await;
    server.can(talents());
    set_up(&town, &server, true).await;
    teach(&town, "Parking", "Cars may stand behind the house.").await;
    compared(&town, 1).await;
    teach(&town, "Dogs", "Dogs wait at the door.").await;
    compared(&town, 2).await;
    let sent = server.asked();
    let last: Value = sent.iter().rfind(|asked| embeds(asked)).unwrap().json();
    assert_eq!(
        last["input"].as_array().map(Vec::len),
        Some(1),
        "only what is new: {last}"
    );
    town.engine.stop().await;
}

#[tokio::test]
async fn a_server_without_vectors_cannot_be_chosen_to_compare_and_the_test_can_be_looked_at() {
    let (town, server) = shop(BotMode::Shadow).await;
    server.can(Talents {
        embeddings: None,
        ..talents()
    });
    let new = NewModel {
        kind: ModelKind::Openai,
        base_url: Some(server.base_url()),
        model: Some("double:7b".to_owned()),
        embeddings: Some(true),
        ..NewModel::default()
    };
    let refused = town.engine.save_model(new).await.unwrap_err();
    assert!(refused.to_string().contains("makes no vectors"), "{refused}");
    let state = town.engine.model().await.unwrap();
    assert_eq!(state.settings.kind, ModelKind::None, "nothing was changed");
    town.engine.stop().await;
}

#[tokio::test]
async fn a_test_that_failed_is_written_down_with_its_reason() {
    let (town, server) = shop(BotMode::Shadow).await;
    server.can(Talents {
        key: Some("another".to_owned()),
        ..Talents::default()
    });
    let new = NewModel {
        kind: ModelKind::Openai,
        base_url: Some(server.base_url()),
        model: Some("double:7b".to_owned()),
        ..NewModel::default()
    };
    let refused = town.engine.save_model(new).await.unwrap_err();
    let calls = town
        .engine
        .store()
        .read(|r| r.model_calls(None, 5))
        .await
        .unwrap();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].purpose, "probe");
    let reason = calls[0].trouble.clone().unwrap();
    assert!(refused.to_string().contains(&reason), "{refused}");
    town.engine.stop().await;
}

#[tokio::test]
async fn the_model_is_told_who_took_over_and_that_it_was_given_the_conversation_back() {
    let (town, server) = shop(BotMode::Bot).await;
    choose_patiently(&town, &server).await;
    server.always(|_| Script::json(&answer("A haircut for a poodle costs 30 EUR.", &["FACTS"])));
    let conversation = town.hear(&ines(), "Do you wash cats?").await;
    town.meta.wait_for_send(1, SOON).await.unwrap();
    town.engine.take_over(conversation).await.unwrap();
    town.say(conversation, "I will ask my colleague about the cat.")
        .await;
    town.meta.wait_for_send(2, SOON).await.unwrap();
    town.engine.hand_back(conversation, false).await.unwrap();
    let before = server.questions().len();
    town.hear(&ines(), QUESTION).await;
    server
        .until(|asked| asked.iter().filter(|asked| asked.is_question()).count() > before)
        .await;
    let text = server.questions().pop().unwrap().text();
    let place = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("{words} is not in {text}"))
    };
    assert!(place("took over") < place("I will ask my colleague"));
    assert!(place("I will ask my colleague") < place("handed the conversation back"));
    town.engine.stop().await;
}

#[tokio::test]
async fn what_a_customer_used_of_the_model_today_counts_after_a_restart_too() {
    let (mut town, server) = shop(BotMode::Shadow).await;
    let settings = json!({
        "kind": "openai", "base_url": server.base_url(), "model": "double:7b", "contact_tokens": 50,
    });
    town.engine
        .store()
        .write(move |t| t.set_setting("model", &settings.to_string()))
        .await
        .unwrap();
    server.always(|_| Script::json(&answer("A haircut for a poodle costs 30 EUR.", &["FACTS"])));
    let conversation = town.hear(&ines(), QUESTION).await;
    decided(&town, conversation).await;
    let before = server.questions().len();
    assert!(before > 0);
    town.restart().await;
    town.hear(&ines(), "And how much for a very small poodle?").await;
    town.until("a second decision", move |r| {
        Ok((r.decisions(conversation, 5)?.len() > 1).then_some(()))
    })
    .await;
    assert_eq!(
        server.questions().len(),
        before,
        "their share of the day is used up"
    );
    town.engine.stop().await;
}
