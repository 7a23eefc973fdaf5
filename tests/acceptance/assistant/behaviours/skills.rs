//! Buttons, and the words that go with an answer.

use super::{does, learn, own_text, parking};
use crate::DESKBELLD;
use crate::assistant::{HOURS, bot_words, decided, teach};
use acceptance::{PATIENCE, Street, customer, until};
use anyhow::Context as _;
use serde_json::{Value, json};
use simulator::Inbound;

/// Teaches opening hours and parking, and an answer whose button leads to parking. Returns that button's id as it
/// reached the customer, and the skill it leads to.
async fn button(street: &Street) -> anyhow::Result<(String, Value)> {
    teach(street, "bot").await?;
    let parking = learn(street, parking()).await?;
    let visit = json!({
        "name": "Visiting",
        "examples": ["How do I get to you?", "how can I reach your shop", "directions please", "way to the shop"],
        "answers": [{"text": "Take tram 4.", "buttons": [{"title": "Opening hours", "skill_id": parking["id"]}]}],
        "autonomy": "bot",
    });
    learn(street, visit).await?;
    street.hear(&customer(1), "How do I get to you?").await?;
    let sent = street.meta.wait_for_send(1, PATIENCE).await?;
    let content = sent.content().context("no content")?;
    let id = content
        .pointer("/action/buttons/0/reply/id")
        .and_then(Value::as_str)
        .with_context(|| format!("no button: {content}"))?;
    Ok((id.to_owned(), parking))
}

/// What the assistant said last, once it has said so many things.
async fn word(street: &Street, conversation: &str, number: usize) -> anyhow::Result<String> {
    until("another answer", PATIENCE, async || {
        let words = bot_words(street, conversation).await?;
        Ok(words.get(number - 1).cloned())
    })
    .await
}

#[tokio::test]
async fn a_tapped_button_means_its_skill_whatever_it_says() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (id, _) = button(&street).await?;
    let tap = Inbound::button_reply(&id, "Opening hours");
    let (_, conversation) = does(&street, &customer(1), &tap).await?;
    assert_eq!(word(&street, &conversation, 2).await?, "Park behind the shop.");
    let row = decided(&street, &conversation).await?;
    assert_eq!(row["activity"]["because"], "tapped", "{row}");
    Ok(())
}

#[tokio::test]
async fn a_button_of_a_skill_that_is_switched_off_says_so() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (id, parking) = button(&street).await?;
    let off = json!({
        "skill_id": parking["id"], "name": "Parking", "examples": ["Where can I park?"],
        "answer": "Park behind the shop.", "enabled": false,
    });
    learn(&street, off).await?;
    let (_, conversation) = does(
        &street,
        &customer(1),
        &Inbound::button_reply(&id, "Opening hours"),
    )
    .await?;
    let fixed = own_text(&street, "skill_disabled", "en").await?;
    assert_eq!(word(&street, &conversation, 2).await?, fixed);
    // So does one that never was.
    let (_, other) = does(
        &street,
        &customer(2),
        &Inbound::button_reply("skill:99999", "Anything"),
    )
    .await?;
    assert_eq!(word(&street, &other, 1).await?, fixed);
    Ok(())
}

#[tokio::test]
async fn the_first_answer_says_once_that_an_assistant_writes() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    teach(&street, "bot").await?;
    let says = own_text(&street, "disclaimer", "en").await?;
    street
        .shop
        .rpc("save_assistant", json!({"disclaimer": true}))
        .await?;
    // The owner wrote it into an answer as well.
    let mut doubled = parking();
    doubled["answer"] = format!("Park behind the shop.\n\n{says}").into();
    learn(&street, doubled).await?;
    let (_, conversation) = street.hear(&customer(1), "Where can I park?").await?;
    let first = word(&street, &conversation, 1).await?;
    assert_eq!(first, format!("Park behind the shop.\n\n{says}"));
    street.hear(&customer(1), "When are you open?").await?;
    assert_eq!(word(&street, &conversation, 2).await?, HOURS);
    // After a person wrote, the customer has to be told again who writes.
    let delivery = json!({
        "name": "Delivery", "examples": ["Do you deliver?", "can you bring it to my house", "do you ship"],
        "answer": "We deliver on weekdays.", "autonomy": "bot",
    });
    learn(&street, delivery).await?;
    street.say(&conversation, "See you then!").await?;
    let back = json!({"conversation_id": conversation});
    street.shop.rpc("hand_back", back).await?;
    street.hear(&customer(1), "Do you deliver?").await?;
    let again = word(&street, &conversation, 3).await?;
    assert_eq!(again, format!("We deliver on weekdays.\n\n{says}"));
    Ok(())
}
