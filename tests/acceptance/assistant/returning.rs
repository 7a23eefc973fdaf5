//! Conversations that go back to the assistant by themselves.

use super::{HOURS, bot_words, decided, drafts, row, teach};
use crate::DESKBELLD;
use acceptance::{PATIENCE, Street, customer, until};
use serde_json::{Value, json};

/// Lets the last human words of a conversation be said so many hours earlier, and rings at the assistant.
async fn hours_pass(street: &Street, conversation: &str, hours: i64) -> anyhow::Result<()> {
    let file = rusqlite::Connection::open(street.shop.data_dir().join("deskbell.sqlite3"))?;
    file.busy_timeout(PATIENCE)?;
    file.execute(
        "UPDATE conversation SET human_at = human_at - ?2 WHERE id = ?1",
        rusqlite::params![conversation, hours * 3_600_000],
    )?;
    let (_, other) = street.hear(&customer(90), "When are you open?").await?;
    decided(street, &other).await?;
    Ok(())
}

/// A conversation a person holds, in a shop where conversations go back after four hours.
async fn held(street: &Street) -> anyhow::Result<String> {
    teach(street, "bot").await?;
    let after = json!({"returns": [{"channel_id": street.channel_id, "minutes": 240}]});
    street.shop.rpc("save_assistant", after).await?;
    let (_, conversation) = street.hear(&customer(1), "Hello there").await?;
    street.say(&conversation, "Hello Ana!").await?;
    Ok(conversation)
}

#[tokio::test]
async fn after_four_hours_without_a_person_the_assistant_drafts_first_and_then_answers() -> anyhow::Result<()>
{
    let street = Street::open(DESKBELLD).await?;
    let conversation = held(&street).await?;
    hours_pass(&street, &conversation, 3).await?;
    assert_eq!(row(&street, &conversation).await?["holder"], "operator");
    hours_pass(&street, &conversation, 2).await?;
    let back = until("the return", PATIENCE, async || {
        let row = row(&street, &conversation).await?;
        Ok((row["holder"] == "assistant").then_some(row))
    })
    .await?;
    assert_eq!(back["held_by"], "returned", "{back}");
    street.hear(&customer(1), "When are you open?").await?;
    let drafted = decided(&street, &conversation).await?;
    assert_eq!(drafted["activity"]["because"], "returned", "{drafted}");
    assert_eq!(drafts(&street, &conversation).await?[0]["text"], HOURS);
    assert!(bot_words(&street, &conversation).await?.is_empty());
    street.hear(&customer(1), "are you open on saturday").await?;
    until("an answer", PATIENCE, async || {
        Ok((bot_words(&street, &conversation).await? == [HOURS]).then_some(()))
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn it_does_not_go_back_while_words_stand_in_the_composer_or_a_person_keeps_it() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let conversation = held(&street).await?;
    let unsent = |text: &str| json!({"conversation_id": conversation, "text": text});
    street.shop.rpc("keep_composer", unsent("We are")).await?;
    hours_pass(&street, &conversation, 9).await?;
    let written = row(&street, &conversation).await?;
    assert_eq!(written["holder"], "operator", "{written}");
    assert_eq!(written["returns_at"], Value::Null, "{written}");
    let kept = json!({"conversation_id": conversation});
    street.shop.rpc("keep_holder", kept).await?;
    street.shop.rpc("keep_composer", unsent("")).await?;
    hours_pass(&street, &conversation, 9).await?;
    let kept = row(&street, &conversation).await?;
    assert_eq!(kept["holder"], "operator", "{kept}");
    assert_eq!(kept["returns_at"], Value::Null, "{kept}");
    Ok(())
}
