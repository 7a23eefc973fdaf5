//! What a customer says about what was asked, what they take back, and questions that are given back.

use super::{HOURS, bot_words, decided, drafts, row, set_mode, teach, thread};
use crate::DESKBELLD;
use acceptance::{Street, customer};
use serde_json::json;

#[tokio::test]
async fn go_on_after_stop_is_confirmed_and_the_assistant_answers_again() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (_, conversation) = street.hear(&customer(1), "STOP").await?;
    decided(&street, &conversation).await?;
    street.hear(&customer(1), "START").await?;
    decided(&street, &conversation).await?;
    assert_eq!(
        bot_words(&street, &conversation).await?.len(),
        2,
        "stopped, started again"
    );
    street.hear(&customer(1), "When are you open?").await?;
    decided(&street, &conversation).await?;
    assert_eq!(bot_words(&street, &conversation).await?.len(), 3);
    Ok(())
}

#[tokio::test]
async fn a_question_that_led_to_a_promise_is_given_back_without_promising_again() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (_, conversation) = street
        .hear(&customer(1), "I want to talk to a human please")
        .await?;
    decided(&street, &conversation).await?;
    let args = json!({"conversation_id": conversation, "answer_now": true});
    let back = street.shop.rpc("hand_back", args).await?;
    assert_eq!(back["open_question"], true, "the promise was no answer: {back}");
    decided(&street, &conversation).await?;
    let after = row(&street, &conversation).await?;
    assert_eq!(after["holder"], "assistant", "{after}");
    assert_eq!(
        bot_words(&street, &conversation).await?.len(),
        1,
        "nothing is promised twice"
    );
    assert_eq!(
        after["queue"], "needs_me",
        "a person hears that nothing was found: {after}"
    );
    Ok(())
}

#[tokio::test]
async fn a_draft_may_be_asked_for_after_the_promise_of_a_person() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (_, conversation) = street
        .hear(&customer(1), "When are you open? I want to talk to a human")
        .await?;
    decided(&street, &conversation).await?;
    let args = json!({"conversation_id": conversation});
    street.shop.rpc("request_draft", args).await?;
    decided(&street, &conversation).await?;
    assert_eq!(drafts(&street, &conversation).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn who_says_stop_and_names_a_lawyer_is_obeyed_and_a_person_hears_of_it() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (_, conversation) = street
        .hear(&customer(1), "Stop messaging me. My lawyer will contact you.")
        .await?;
    let row = decided(&street, &conversation).await?;
    assert_eq!(row["attention"], "legal", "{row}");
    assert_eq!(bot_words(&street, &conversation).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_conversation_that_was_put_off_comes_back_when_the_customer_writes() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "shadow").await?;
    let (_, conversation) = street.hear(&customer(1), "When are you open?").await?;
    decided(&street, &conversation).await?;
    let args = json!({"conversation_id": conversation, "until": "2199-01-01T08:00:00Z"});
    let refused = street.shop.rpc("snooze_conversation", args).await;
    assert!(refused.is_err(), "more than a year away");
    let tomorrow = row(&street, &conversation).await?["window_closes_at"].clone();
    let args = json!({"conversation_id": conversation, "until": tomorrow});
    let away = street.shop.rpc("snooze_conversation", args).await?;
    assert_eq!(away["queue"], "waiting", "{away}");
    assert!(away["snoozed_until"].is_string(), "{away}");
    street.hear(&customer(1), "Hello? It is urgent").await?;
    let back = row(&street, &conversation).await?;
    assert_eq!(back["snoozed_until"], serde_json::Value::Null, "{back}");
    assert_ne!(back["queue"], "waiting", "{back}");
    Ok(())
}

#[tokio::test]
async fn a_message_the_assistant_did_not_look_at_says_why_whatever_is_set_later() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "off").await?;
    let (_, first) = street.hear(&customer(1), "When are you open?").await?;
    set_mode(&street, "bot").await?;
    let (_, second) = street.hear(&customer(2), "When are you open?").await?;
    for (conversation, unheeded) in [(first, json!("off")), (second, json!(null))] {
        let messages = thread(&street, &conversation).await?;
        let args = json!({"message_id": messages[0]["id"]});
        let details = street.shop.rpc("message_details", args).await?;
        assert_eq!(details["unheeded"], unheeded, "{details}");
    }
    Ok(())
}

#[tokio::test]
async fn a_stop_between_other_words_is_obeyed_and_go_on_is_heard_after_whatever_came_between()
-> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    street.hear(&customer(1), "STOP").await?;
    let (_, conversation) = street.hear(&customer(1), "When are you open?").await?;
    decided(&street, &conversation).await?;
    let said = bot_words(&street, &conversation).await?;
    assert_eq!(said.len(), 1, "{said:?}");
    assert_ne!(said, [HOURS], "a stop is confirmed, nothing else is answered");
    street
        .hear(&customer(1), "When are you open on Saturday?")
        .await?;
    let quiet = decided(&street, &conversation).await?;
    assert_eq!(quiet["activity"]["because"], "stopped", "{quiet}");
    street.hear(&customer(1), "START").await?;
    decided(&street, &conversation).await?;
    assert_eq!(bot_words(&street, &conversation).await?.len(), 2, "started again");
    Ok(())
}
