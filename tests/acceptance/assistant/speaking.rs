//! Bot, shadow, off.

use super::{HOURS, bot_words, decided, drafts, row, set_mode, teach};
use crate::DESKBELLD;
use acceptance::{PATIENCE, Street, customer, until};
use serde_json::json;

#[tokio::test]
async fn in_bot_a_question_the_shop_knows_is_answered_once_and_the_row_says_why() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (_, conversation) = street.hear(&customer(1), "When are you open?").await?;
    let row = decided(&street, &conversation).await?;
    assert_eq!(row["activity"]["verdict"], "send", "{row}");
    assert_eq!(row["activity"]["because"], "exact", "{row}");
    assert_eq!(row["holder"], "assistant");
    assert_eq!(bot_words(&street, &conversation).await?, [HOURS]);
    let sent = street.meta.wait_for_send(1, PATIENCE).await;
    assert!(sent.is_ok(), "nothing reached Meta");
    let id = row["activity"]["decision_id"].clone();
    let why = street.shop.rpc("decision", json!({"decision_id": id})).await?;
    assert_eq!(why["candidates"][0]["name"], "Opening hours", "{why}");
    assert_eq!(why["band"], "send", "{why}");
    Ok(())
}

#[tokio::test]
async fn a_burst_of_messages_gets_one_answer() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    street.hear(&customer(1), "Hello").await?;
    street.hear(&customer(1), "a question").await?;
    let (_, conversation) = street.hear(&customer(1), "When are you open?").await?;
    decided(&street, &conversation).await?;
    assert_eq!(bot_words(&street, &conversation).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn in_shadow_the_answer_is_a_draft_and_nothing_leaves() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "shadow").await?;
    let (_, conversation) = street.hear(&customer(1), "When are you open?").await?;
    let row = decided(&street, &conversation).await?;
    assert_eq!(row["activity"]["state"], "draft", "{row}");
    assert_eq!(row["queue"], "needs_me", "{row}");
    let waiting = drafts(&street, &conversation).await?;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["text"], HOURS);
    assert_eq!(waiting[0]["skill"], "Opening hours");
    assert_eq!(waiting[0]["state"], "pending");
    assert!(street.meta.sends().is_empty(), "something left in shadow");
    Ok(())
}

#[tokio::test]
async fn in_off_nothing_is_said_drafted_or_decided() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "off").await?;
    let (_, quiet) = street.hear(&customer(1), "When are you open?").await?;
    // Whoever writes to a conversation that may answer is answered; by then the other one would have been, too.
    let (_, loud) = street.hear(&customer(2), "Hello").await?;
    set_mode(&street, "bot").await?;
    street.hear(&customer(2), "When are you open?").await?;
    decided(&street, &loud).await?;
    assert!(drafts(&street, &quiet).await?.is_empty());
    assert!(bot_words(&street, &quiet).await?.is_empty());
    assert!(row(&street, &quiet).await?["activity"]["verdict"].is_null());
    Ok(())
}

#[tokio::test]
async fn the_switch_for_everything_goes_before_every_other_mode() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    street
        .shop
        .rpc("set_mode", json!({"scope": "global", "mode": "shadow"}))
        .await?;
    let (_, conversation) = street.hear(&customer(1), "When are you open?").await?;
    let row = decided(&street, &conversation).await?;
    assert_eq!(row["effective_mode"], "shadow");
    assert_eq!(drafts(&street, &conversation).await?.len(), 1);
    assert!(street.meta.sends().is_empty());
    Ok(())
}

#[tokio::test]
async fn thanks_gets_no_answer_and_asks_for_nobody() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (_, conversation) = street.hear(&customer(1), "ok thank you so much").await?;
    let row = decided(&street, &conversation).await?;
    assert_eq!(row["activity"]["because"], "acknowledgement", "{row}");
    assert_eq!(row["queue"], "waiting", "{row}");
    assert!(bot_words(&street, &conversation).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_is_asked_with_slips_of_the_keyboard_is_understood() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let args = json!({"text": "what are your openning hours?"});
    let tried = street.shop.rpc("try_sentence", args).await?;
    assert_eq!(tried["candidates"][0]["name"], "Opening hours", "{tried}");
    Ok(())
}

#[tokio::test]
async fn a_crash_while_a_turn_waits_loses_no_answer_and_doubles_none() -> anyhow::Result<()> {
    let mut street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (_, conversation) = street.hear(&customer(1), "When are you open?").await?;
    street.shop.kill().await?;
    street.reopen().await?;
    decided(&street, &conversation).await?;
    until("the answer", PATIENCE, async || {
        Ok((!street.meta.sends().is_empty()).then_some(()))
    })
    .await?;
    assert_eq!(bot_words(&street, &conversation).await?, [HOURS]);
    assert_eq!(street.meta.sends().len(), 1);
    Ok(())
}
