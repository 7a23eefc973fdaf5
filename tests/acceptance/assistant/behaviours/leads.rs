//! Leads: beside the answers, never in their way.

use super::{decided, row};
use crate::DESKBELLD;
use crate::assistant::{bot_words, teach};
use acceptance::{PATIENCE, Street, customer, until};
use anyhow::Context as _;
use serde_json::{Value, json};

/// The lead of a conversation; null when there is none.
async fn lead(street: &Street, conversation: &str) -> anyhow::Result<Value> {
    let args = json!({"conversation_id": conversation});
    Ok(street.shop.rpc("lead", args).await?["lead"].take())
}

/// Waits until a lead holds a value, and returns the lead.
async fn lead_with(street: &Street, conversation: &str, field: &str, value: &str) -> anyhow::Result<Value> {
    until(&format!("{field} {value}"), PATIENCE, async || {
        let lead = lead(street, conversation).await?;
        let has = |list: &Value| {
            list.as_array().is_some_and(|all| {
                all.iter()
                    .any(|one| one["field"] == field && one["value"] == value)
            })
        };
        Ok((has(&lead["values"]) || has(&lead["suggestions"])).then_some(lead))
    })
    .await
}

fn value<'a>(lead: &'a Value, field: &str) -> &'a Value {
    let mut values = lead["values"].as_array().into_iter().flatten();
    values
        .find(|value| value["field"] == field)
        .unwrap_or(&Value::Null)
}

#[tokio::test]
async fn in_shadow_leads_are_read_and_no_customer_hears_anything() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "shadow").await?;
    let words = "My email is ana@example.com. When are you open?";
    let (_, conversation) = street.hear(&customer(1), words).await?;
    let lead = lead_with(&street, &conversation, "email", "ana@example.com").await?;
    assert!(value(&lead, "email")["message_id"].is_string(), "{lead}");
    decided(&street, &conversation).await?;
    assert!(bot_words(&street, &conversation).await?.is_empty());
    assert!(street.meta.sends().is_empty());
    Ok(())
}

#[tokio::test]
async fn an_answer_leaves_although_leads_cannot_be_written_down() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let file = rusqlite::Connection::open(street.shop.data_dir().join("deskbell.sqlite3"))?;
    file.execute_batch(
        "CREATE TRIGGER broken BEFORE INSERT ON lead_value BEGIN SELECT RAISE(ABORT, 'no more leads'); END",
    )?;
    street.hear(&customer(1), "My email is ana@example.com").await?;
    let (_, conversation) = street.hear(&customer(1), "When are you open?").await?;
    decided(&street, &conversation).await?;
    street.meta.wait_for_send(1, PATIENCE).await?;
    assert_eq!(bot_words(&street, &conversation).await?.len(), 1);
    assert!(lead(&street, &conversation).await?.is_null());
    file.execute_batch("DROP TRIGGER broken")?;
    // Whoever writes next is read at once; what failed is tried again later.
    let (_, other) = street.hear(&customer(2), "My email is bea@example.com").await?;
    lead_with(&street, &other, "email", "bea@example.com").await?;
    Ok(())
}

#[tokio::test]
async fn a_hot_lead_is_answered_and_a_person_is_told() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let facts = json!({"facts": [{"kind": "price", "key": "birthday cake", "value": "90 EUR"}]});
    street.shop.rpc("save_facts", facts).await?;
    let wish =
        "I'd like to order a birthday cake for tomorrow, my budget is 100 EUR and my phone is +491555012345";
    street.hear(&customer(1), wish).await?;
    let (_, conversation) = street.hear(&customer(1), "When are you open?").await?;
    let told = until("a hot lead", PATIENCE, async || {
        let row = row(&street, &conversation).await?;
        Ok((row["attention"] == "hot_lead").then_some(row))
    })
    .await?;
    assert_eq!(told["holder"], "assistant", "{told}");
    assert_eq!(told["queue"], "needs_me", "{told}");
    decided(&street, &conversation).await?;
    street.meta.wait_for_send(1, PATIENCE).await?;
    assert_eq!(lead(&street, &conversation).await?["temperature"], "hot");
    Ok(())
}

#[tokio::test]
async fn a_greeting_makes_no_lead_and_warms_none() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (_, conversation) = street.hear(&customer(1), "Good morning!").await?;
    // The tray of leads is worked in order, so the greeting has been read by then.
    let (_, other) = street.hear(&customer(2), "My email is bea@example.com").await?;
    lead_with(&street, &other, "email", "bea@example.com").await?;
    assert!(lead(&street, &conversation).await?.is_null());
    let args = json!({"conversation_id": conversation, "field": "notes", "value": "says hello often"});
    street.shop.rpc("set_lead_value", args).await?;
    street.hear(&customer(1), "Good evening!").await?;
    street.hear(&customer(2), "or bea@example.org").await?;
    lead_with(&street, &other, "email", "bea@example.org").await?;
    let cold = lead(&street, &conversation).await?;
    assert_eq!(cold["temperature"], "cold", "{cold}");
    Ok(())
}

#[tokio::test]
async fn what_a_person_wrote_in_a_lead_survives_what_the_customer_says() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "shadow").await?;
    let (_, conversation) = street.hear(&customer(1), "Hello there").await?;
    let args = json!({"conversation_id": conversation, "field": "email", "value": "office@example.com"});
    street.shop.rpc("set_lead_value", args).await?;
    street.hear(&customer(1), "Write to ana@example.com").await?;
    let lead = lead_with(&street, &conversation, "email", "ana@example.com").await?;
    assert_eq!(value(&lead, "email")["value"], "office@example.com", "{lead}");
    assert_eq!(value(&lead, "email")["locked"], true, "{lead}");
    let suggested = lead["suggestions"].as_array().context("none")?;
    assert_eq!(suggested[0]["value"], "ana@example.com", "{lead}");
    // Given back, what the customer said holds.
    let args = json!({"lead_id": lead["id"], "field": "email"});
    let back = street.shop.rpc("return_lead_value", args).await?;
    assert_eq!(value(&back, "email")["value"], "ana@example.com", "{back}");
    Ok(())
}
