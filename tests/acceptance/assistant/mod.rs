//! The assistant as a shop notices it: who speaks, who only drafts, and who keeps quiet.

mod behaviours;
mod blind;
mod drafts;
mod importing;
mod people;
mod phone;
mod returning;
mod second_thoughts;
mod speaking;

use acceptance::{PATIENCE, Street, until};
use anyhow::Context as _;
use serde_json::{Value, json};

/// When the shop opens; every answer of the assistant in these tests says so.
const HOURS: &str = "We are open from nine to six, Monday to Saturday.";

/// Sets the mode of the street's channel, and teaches the assistant when the shop opens.
async fn teach(street: &Street, mode: &str) -> anyhow::Result<()> {
    set_mode(street, mode).await?;
    let skill = json!({
        "name": "Opening hours",
        "examples": ["When are you open?", "What are your opening hours", "opening times", "are you open on saturday",
                     "until when are you open today"],
        "answer": HOURS,
        "autonomy": "bot",
    });
    street.shop.rpc("save_skill", skill).await?;
    Ok(())
}

async fn set_mode(street: &Street, mode: &str) -> anyhow::Result<()> {
    let args = json!({"scope": "channel", "id": street.channel_id, "mode": mode});
    street.shop.rpc("set_mode", args).await?;
    Ok(())
}

/// The messages of a conversation, the oldest first.
async fn thread(street: &Street, conversation: &str) -> anyhow::Result<Vec<Value>> {
    let args = json!({"conversation_id": conversation, "limit": 200});
    let page = street.shop.rpc("thread", args).await?;
    Ok(page["messages"].as_array().context("no messages")?.clone())
}

/// The row of a conversation.
async fn row(street: &Street, conversation: &str) -> anyhow::Result<Value> {
    let args = json!({"conversation_id": conversation, "limit": 1});
    Ok(street.shop.rpc("thread", args).await?["conversation"].clone())
}

/// What the assistant said in a conversation.
async fn bot_words(street: &Street, conversation: &str) -> anyhow::Result<Vec<String>> {
    let messages = thread(street, conversation).await?;
    Ok(messages
        .iter()
        .filter(|message| message["author"] == "bot")
        .filter_map(|message| Some(message["text"].as_str()?.to_owned()))
        .collect())
}

/// Waits until the assistant has decided about what was said last, and returns the conversation's row.
async fn decided(street: &Street, conversation: &str) -> anyhow::Result<Value> {
    until("a decision of the assistant", PATIENCE, async || {
        let row = row(street, conversation).await?;
        let rests = matches!(row["activity"]["state"].as_str(), Some("none" | "draft"));
        Ok((rests && !row["activity"]["verdict"].is_null()).then_some(row))
    })
    .await
}

/// The drafts that wait in a conversation.
async fn drafts(street: &Street, conversation: &str) -> anyhow::Result<Vec<Value>> {
    let args = json!({"conversation_id": conversation});
    let list = street.shop.rpc("list_drafts", args).await?;
    Ok(list["drafts"].as_array().context("no drafts")?.clone())
}
