//! What a person makes of a draft.

use super::{HOURS, decided, drafts, row, teach};
use crate::DESKBELLD;
use acceptance::{PATIENCE, Street, customer};
use anyhow::Context as _;
use serde_json::{Value, json};

async fn one_draft(street: &Street) -> anyhow::Result<(String, Value)> {
    teach(street, "shadow").await?;
    let (_, conversation) = street.hear(&customer(1), "When are you open?").await?;
    decided(street, &conversation).await?;
    let waiting = drafts(street, &conversation).await?;
    let draft = waiting.into_iter().next().context("no draft")?;
    Ok((conversation, draft))
}

#[tokio::test]
async fn a_draft_sent_as_it_is_leaves_as_the_operators_words_and_the_assistant_stays() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (conversation, draft) = one_draft(&street).await?;
    let sent = street
        .shop
        .rpc("approve_draft", json!({"draft_id": draft["id"]}))
        .await?;
    street.meta.wait_for_send(1, PATIENCE).await?;
    let id = sent["message_id"].as_str().context("no message")?;
    let message = street.look(&conversation, id).await?;
    assert_eq!(message["author"], "operator");
    assert_eq!(message["text"], HOURS);
    assert_eq!(row(&street, &conversation).await?["holder"], "assistant");
    assert!(drafts(&street, &conversation).await?.is_empty());
    let refused = street
        .shop
        .refused("approve_draft", json!({"draft_id": draft["id"]}))
        .await?;
    assert_eq!(refused["code"], "not_now", "{refused}");
    assert_eq!(street.meta.sends().len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_draft_that_was_rewritten_makes_its_writer_the_holder_and_keeps_what_changed() -> anyhow::Result<()>
{
    let street = Street::open(DESKBELLD).await?;
    let (conversation, draft) = one_draft(&street).await?;
    let text = "This week we open at 10:30 only, sorry about that!";
    let args = json!({"draft_id": draft["id"], "text": text});
    street.shop.rpc("approve_draft", args).await?;
    assert_eq!(row(&street, &conversation).await?["holder"], "operator");
    let args = json!({"conversation_id": conversation, "state": "all"});
    let all = street.shop.rpc("list_drafts", args).await?;
    let edited = &all["drafts"][0];
    assert_eq!(edited["state"], "edited", "{edited}");
    assert_eq!(edited["final_text"], text);
    assert!(
        edited["distance"].as_f64().is_some_and(|share| share > 0.3),
        "{edited}"
    );
    Ok(())
}

#[tokio::test]
async fn newer_words_of_the_customer_replace_a_draft_and_a_reply_retires_it() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (conversation, first) = one_draft(&street).await?;
    street.hear(&customer(1), "are you open on saturday").await?;
    decided(&street, &conversation).await?;
    let waiting = drafts(&street, &conversation).await?;
    assert_eq!(waiting.len(), 1, "one waits at most");
    assert_ne!(waiting[0]["id"], first["id"]);
    street.say(&conversation, "Yes, on Saturday too.").await?;
    assert!(drafts(&street, &conversation).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_dismissed_draft_keeps_its_reason_and_sends_nothing() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (conversation, draft) = one_draft(&street).await?;
    let args = json!({"draft_id": draft["id"], "reason": "tone"});
    street.shop.rpc("dismiss_draft", args).await?;
    let args = json!({"conversation_id": conversation, "state": "all"});
    let all = street.shop.rpc("list_drafts", args).await?;
    assert_eq!(all["drafts"][0]["state"], "dismissed");
    assert_eq!(all["drafts"][0]["reason"], "tone");
    assert!(street.meta.sends().is_empty());
    let records = street.shop.export().await?;
    assert_eq!(records.of("draft")[0]["state"], "dismissed");
    Ok(())
}
