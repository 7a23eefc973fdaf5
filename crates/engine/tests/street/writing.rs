//! What an operator sees of an answer while a model writes it, and what a pretended chat asks a model.

use crate::models::{QUESTION, answer, choose_patiently, decided, shop};
use crate::town::{SOON, Town, ines};
use domain::{AnswerStep, BotMode, ConversationId, EscalationReason, Verdict};
use engine::{ChatAuthor, ChatLine};
use simulator::brain::{End, Script};
use std::time::Duration;
use tokio::sync::broadcast::Receiver;

const ANSWER: &str = "A haircut for a poodle costs 30 EUR, and the bath is free of charge for small dogs.";

/// Looks at every change of what is being written until it is as wanted, and returns everything that was seen.
async fn watch(
    town: &Town,
    news: &mut Receiver<ConversationId>,
    conversation: ConversationId,
    is_wanted: impl Fn(Option<&str>) -> bool,
) -> Vec<String> {
    let watching = async {
        let mut seen: Vec<String> = Vec::new();
        loop {
            let now = town.engine.writing(conversation);
            seen.extend(now.clone());
            if is_wanted(now.as_deref()) {
                return seen;
            }
            news.recv().await.unwrap();
        }
    };
    tokio::time::timeout(SOON, watching).await.unwrap()
}

#[tokio::test]
async fn an_answer_is_seen_growing_and_gives_way_to_the_draft_it_becomes() {
    let (town, server) = shop(BotMode::Shadow).await;
    choose_patiently(&town, &server).await;
    server.always(|_| Script::json(&answer(ANSWER, &["FACTS"])).pausing(Duration::from_millis(25)));
    let mut news = town.engine.writings();
    let conversation = town.hear(&ines(), QUESTION).await;
    watch(&town, &mut news, conversation, |text| {
        text.is_some_and(|text| !text.is_empty() && text.len() < ANSWER.len())
    })
    .await;
    let nothing_yet = town
        .engine
        .store()
        .read(move |r| r.pending_draft(conversation))
        .await
        .unwrap();
    assert!(nothing_yet.is_none(), "what grows is no draft");
    let seen = watch(&town, &mut news, conversation, |text| text.is_none()).await;
    assert!(seen.len() > 2, "{seen:?}");
    assert!(
        seen.iter().all(|text| ANSWER.starts_with(text.as_str())),
        "{seen:?}"
    );
    let draft = town
        .until("a draft", move |r| r.pending_draft(conversation))
        .await;
    assert_eq!(draft.text, ANSWER);
    assert!(town.sent().is_empty());
    town.engine.stop().await;
}

#[tokio::test]
async fn who_takes_over_sees_the_unfinished_answer_vanish_and_nothing_of_it_is_kept() {
    let (town, server) = shop(BotMode::Bot).await;
    choose_patiently(&town, &server).await;
    let whole = answer(ANSWER, &["FACTS"]).to_string();
    let half = whole.split_once("the bath").unwrap().0.to_owned();
    server.always(move |_| Script::falls_silent_after(half.clone()));
    let mut news = town.engine.writings();
    let conversation = town.hear(&ines(), QUESTION).await;
    watch(&town, &mut news, conversation, |text| {
        text.is_some_and(|text| text.contains("30 EUR"))
    })
    .await;
    town.engine.take_over(conversation).await.unwrap();
    watch(&town, &mut news, conversation, |text| text.is_none()).await;
    let calls = town
        .until("what had left", move |r| {
            let calls = r.model_calls(Some(conversation), 5)?;
            Ok((!calls.is_empty()).then_some(calls))
        })
        .await;
    assert!(calls[0].trouble.is_some(), "{calls:?}");
    server
        .until(|asked| asked.iter().all(|asked| asked.end == End::HungUp))
        .await;
    let drafts = town
        .engine
        .store()
        .read(move |r| r.drafts(Some(conversation), true, 5))
        .await
        .unwrap();
    assert!(drafts.is_empty(), "{drafts:?}");
    assert!(town.sent().is_empty());
    town.engine.stop().await;
}

#[tokio::test]
async fn an_answer_that_did_not_pass_is_not_seen_any_more_when_the_canned_text_is_said() {
    let (town, server) = shop(BotMode::Bot).await;
    choose_patiently(&town, &server).await;
    let half = answer(ANSWER, &["FACTS"]).to_string();
    let half = half.split_once("the bath").unwrap().0.to_owned();
    server.always(move |_| Script::breaks_off_after(half.clone()));
    let mut news = town.engine.writings();
    let conversation = town.hear(&ines(), QUESTION).await;
    let decision = decided(&town, conversation).await;
    assert_eq!(decision.step, Some(AnswerStep::Fallback), "{decision:?}");
    watch(&town, &mut news, conversation, |text| text.is_none()).await;
    town.meta.wait_for_send(1, SOON).await.unwrap();
    assert!(!town.sent()[0].contains("poodle"), "{:?}", town.sent());
    town.engine.stop().await;
}

fn customer(text: &str) -> ChatLine {
    ChatLine {
        author: ChatAuthor::Customer,
        text: text.to_owned(),
    }
}

#[tokio::test]
async fn a_pretended_chat_asks_the_model_when_it_is_wanted_and_keeps_nothing_but_what_left() {
    let (town, server) = shop(BotMode::Off).await;
    choose_patiently(&town, &server).await;
    server.always(|_| Script::json(&answer(ANSWER, &["FACTS"])));
    let lines = [customer(QUESTION)];
    let alone = town.engine.simulate(&lines, false).await.unwrap();
    assert_eq!(alone.outcome.step, Some(AnswerStep::Fallback));
    assert_eq!(alone.model_call, None);
    assert!(server.asked().is_empty());

    let tried = town.engine.simulate(&lines, true).await.unwrap();
    assert_eq!(tried.outcome.step, Some(AnswerStep::Model), "{tried:?}");
    assert_eq!(
        tried.outcome.text.as_deref().map(|text| text.contains("30 EUR")),
        Some(true)
    );
    let id = tried.model_call.unwrap();
    let (call, rows, sizes) = town
        .engine
        .store()
        .read(move |r| {
            let rows = r.conversations(&store::ConversationFilter::default(), None, 5)?;
            Ok((r.model_call(id)?, rows, r.next_turn_at()?))
        })
        .await
        .unwrap();
    assert_eq!(call.sent, server.questions()[0].text(), "byte by byte");
    assert_eq!((call.purpose.as_str(), call.conversation_id), ("simulate", None));
    assert!(rows.is_empty() && sizes.is_none(), "no conversation, no turn");
    assert!(town.meta.sends().is_empty());
    town.engine.stop().await;
}

#[tokio::test]
async fn what_the_model_said_in_a_pretended_chat_is_no_turn_without_an_answer() {
    let (town, server) = shop(BotMode::Bot).await;
    choose_patiently(&town, &server).await;
    let said = ChatLine {
        author: ChatAuthor::Assistant,
        text: "Poodles are welcome here.".to_owned(),
    };
    let lines = [
        customer("Are poodles welcome at your place?"),
        said.clone(),
        customer("And is there a mirror for them?"),
        said,
        customer("Which shampoo is taken?"),
    ];
    server.always(|_| Script::status(500, &serde_json::json!({})));
    let tried = town.engine.simulate(&lines, true).await.unwrap();
    assert_eq!(tried.outcome.step, Some(AnswerStep::Fallback), "{tried:?}");
    assert_ne!(tried.outcome.escalation, Some(EscalationReason::TwoMisses));
    assert_ne!(tried.outcome.verdict, Verdict::Escalate, "{tried:?}");
    assert_eq!(server.questions().len(), 1, "only the last line is asked about");
    town.engine.stop().await;
}

#[tokio::test]
async fn a_phone_number_in_a_pretended_chat_stays_here_when_the_model_runs_elsewhere() {
    let (town, server) = shop(BotMode::Bot).await;
    crate::models::choose(&town, &server, "double:120b-cloud").await;
    let words = "My number is +44 7700 900999, how much would a haircut for my poodle be?";
    town.engine.simulate(&[customer(words)], true).await.unwrap();
    let seen = server.questions();
    assert!(!seen.is_empty());
    assert!(
        seen.iter()
            .all(|question| !question.text().contains("900999") && !question.text().contains("900 999"))
    );
    town.engine.stop().await;
}
