//! A draft that is hidden until the operator has answered tells nothing through any door.

use super::{HOURS, decided, drafts, teach};
use crate::DESKBELLD;
use acceptance::{Street, customer};
use anyhow::Context as _;
use serde_json::json;

/// From now on every draft is hidden, and not one in ten only.
fn hide_all(street: &Street) -> anyhow::Result<()> {
    let file = rusqlite::Connection::open(street.shop.data_dir().join("deskbell.sqlite3"))?;
    file.execute_batch(
        "CREATE TRIGGER every_one AFTER INSERT ON draft BEGIN UPDATE draft SET blind = 1 WHERE id = NEW.id; END",
    )?;
    Ok(())
}

#[tokio::test]
async fn a_hidden_draft_is_told_by_nothing_until_the_operator_has_answered() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "shadow").await?;
    hide_all(&street)?;
    let mut events = street
        .shop
        .client()
        .get(format!("{}/events", street.shop.api_url()?))
        .bearer_auth(street.shop.api_token()?)
        .send()
        .await?;
    let (_, conversation) = street.hear(&customer(1), "When are you open?").await?;
    let row = decided(&street, &conversation).await?;
    assert_eq!(row["activity"]["state"], "draft", "{row}");
    let about = json!({"conversation_id": conversation});
    let mut told = vec![row.to_string(), street.shop.succeed(&["export", "DATA"]).await?];
    let decision = row["activity"]["decision_id"].clone();
    for (command, args) in [
        ("decision", json!({"decision_id": decision})),
        ("list_drafts", about.clone()),
        ("list_drafts", json!({"state": "all"})),
        ("thread", about.clone()),
        ("list_conversations", json!({})),
        ("search", json!({"query": "nine"})),
        ("list_model_calls", about),
        ("health", json!({})),
    ] {
        told.push(format!("{command}: {}", street.shop.rpc(command, args).await?));
    }
    // What was told so far of the changes: at least that there is a draft.
    let mut stream = String::new();
    while !stream.contains("draft") {
        let piece = events.chunk().await?.context("the stream of changes ended")?;
        stream += &String::from_utf8_lossy(&piece);
    }
    told.push(stream);
    for words in &told {
        for secret in [HOURS, "from nine to six", "Opening hours", "opening times"] {
            assert!(!words.contains(secret), "{secret}: {words}");
        }
    }
    let waiting = drafts(&street, &conversation).await?;
    assert_eq!(waiting[0]["blind"], true, "{waiting:?}");
    street.say(&conversation, "From nine, as ever.").await?;
    let all = street
        .shop
        .rpc(
            "list_drafts",
            json!({"conversation_id": conversation, "state": "all"}),
        )
        .await?;
    assert_eq!(all["drafts"][0]["text"], HOURS, "now it may be compared: {all}");
    Ok(())
}
