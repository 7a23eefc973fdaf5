//! Takeover, hand-back, escalation.

use super::{HOURS, bot_words, decided, drafts, row, teach};
use crate::DESKBELLD;
use acceptance::{Street, customer};
use serde_json::json;

#[tokio::test]
async fn whoever_asks_for_a_person_waits_for_one_and_is_told_so() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (_, conversation) = street
        .hear(&customer(1), "I want to talk to a human please")
        .await?;
    let row = decided(&street, &conversation).await?;
    assert_eq!(row["holder"], "waiting_human", "{row}");
    assert_eq!(row["attention"], "asks_for_person", "{row}");
    assert_eq!(row["queue"], "needs_me", "{row}");
    let said = bot_words(&street, &conversation).await?;
    assert_eq!(said.len(), 1, "{said:?}");
    // Whatever they ask now is drafted for the person who comes.
    street.hear(&customer(1), "When are you open?").await?;
    let row = decided(&street, &conversation).await?;
    assert_eq!(row["activity"]["state"], "draft", "{row}");
    assert_eq!(bot_words(&street, &conversation).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn after_a_person_answered_the_assistant_keeps_quiet_until_it_is_handed_back() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (_, conversation) = street.hear(&customer(1), "Hello, it is me again").await?;
    street.say(&conversation, "Hello Ana!").await?;
    let held = row(&street, &conversation).await?;
    assert_eq!(held["holder"], "operator", "{held}");
    assert_eq!(held["held_by"], "typed", "{held}");
    assert!(held["returns_at"].is_string(), "{held}");
    street.hear(&customer(1), "When are you open?").await?;
    let quiet = row(&street, &conversation).await?;
    assert_eq!(quiet["activity"]["state"], "none", "{quiet}");
    let args = json!({"conversation_id": conversation, "answer_now": true});
    let back = street.shop.rpc("hand_back", args).await?;
    assert_eq!(back["open_question"], true, "{back}");
    decided(&street, &conversation).await?;
    assert_eq!(bot_words(&street, &conversation).await?, [HOURS]);
    Ok(())
}

#[tokio::test]
async fn who_types_is_not_talked_over() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (_, conversation) = street.hear(&customer(1), "When are you open?").await?;
    let args = json!({"conversation_id": conversation, "text": "We ar"});
    street.shop.rpc("keep_composer", args).await?;
    let row = decided(&street, &conversation).await?;
    assert_eq!(row["activity"]["because"], "typing", "{row}");
    assert_eq!(drafts(&street, &conversation).await?.len(), 1);
    assert!(street.meta.sends().is_empty());
    Ok(())
}

#[tokio::test]
async fn stop_is_confirmed_once_and_then_obeyed() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (_, conversation) = street.hear(&customer(1), "STOP").await?;
    decided(&street, &conversation).await?;
    let confirmed = bot_words(&street, &conversation).await?;
    assert_eq!(confirmed.len(), 1, "{confirmed:?}");
    street.meta.wait_for_send(1, acceptance::PATIENCE).await?;
    street.hear(&customer(1), "When are you open?").await?;
    let row = decided(&street, &conversation).await?;
    assert_eq!(row["activity"]["because"], "stopped", "{row}");
    assert_eq!(bot_words(&street, &conversation).await?.len(), 1);
    Ok(())
}
