//! A person answers on the phone.

use super::{HOURS, bot_words, decided, row, teach};
use crate::DESKBELLD;
use acceptance::{PATIENCE, Street, customer, now, until};
use serde_json::json;
use simulator::webhook::coexistence::phone_echo;
use simulator::webhook::new_wamid;
use simulator::{Fault, GraphError, Inbound};

/// The owner types on the phone.
async fn types_on_the_phone(street: &Street, text: &str) -> anyhow::Result<()> {
    let echo = phone_echo(
        &street.number,
        &customer(1),
        &Inbound::text(text),
        &new_wamid(),
        now(),
    );
    assert_eq!(street.post(vec![echo]).await?, 200);
    street.shop.settled().await
}

#[tokio::test]
async fn an_answer_on_the_phone_takes_over_before_the_assistant_has_answered() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let (_, conversation) = street.hear(&customer(1), "When are you open?").await?;
    types_on_the_phone(&street, "From nine to six, dear.").await?;
    let held = row(&street, &conversation).await?;
    assert_eq!(held["holder"], "operator", "{held}");
    assert_eq!(held["held_by"], "phone", "{held}");
    assert_eq!(held["unread"], 0, "{held}");
    // Whoever asked later is answered; by then the first question would have been, too.
    let (_, other) = street.hear(&customer(2), "When are you open?").await?;
    decided(&street, &other).await?;
    street.meta.wait_for_send(1, PATIENCE).await?;
    assert!(bot_words(&street, &conversation).await?.is_empty());
    assert_eq!(street.meta.sends().len(), 1);
    Ok(())
}

#[tokio::test]
async fn an_answer_on_the_phone_withdraws_one_of_the_assistant_that_waits_to_leave() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    // Meta has enough of this customer for a while, so the answer waits.
    let later = GraphError::of(131_056).retry_after(3_600);
    street.meta.fault(Fault::Graph(later));
    let (_, conversation) = street.hear(&customer(1), "When are you open?").await?;
    street.meta.wait_for_send(1, PATIENCE).await?;
    until("an answer that waits", PATIENCE, async || {
        let messages = super::thread(&street, &conversation).await?;
        let waits = |message: &serde_json::Value| message["author"] == "bot" && message["status"] == "queued";
        Ok(messages.iter().any(waits).then_some(()))
    })
    .await?;
    assert_eq!(bot_words(&street, &conversation).await?, [HOURS]);
    types_on_the_phone(&street, "From nine to six, dear.").await?;
    let held = row(&street, &conversation).await?;
    assert_eq!(held["holder"], "operator", "{held}");
    assert!(bot_words(&street, &conversation).await?.is_empty(), "{held}");
    let why = json!({"decision_id": held["activity"]["decision_id"]});
    let why = street.shop.rpc("decision", why).await?;
    assert_eq!(why["because"], "held", "{why}");
    assert_eq!(street.meta.sends().len(), 1);
    Ok(())
}
