//! What is read of customers, in which mode, and what a fault of it costs.

use crate::town::{SOON, Town, ines};
use domain::{BotMode, ConversationId};
use std::time::Duration;
use store::StoredLeadValue;

const WISH: &str = "Hello, my email is ines@example.com and I would like to book a table for tomorrow";

async fn set_mode(town: &Town, mode: BotMode, settings: &'static str) {
    let channel = town.channel.clone();
    town.engine
        .store()
        .write(move |t| {
            t.set_setting("assistant", settings)?;
            t.changed(store::Change::Knowledge);
            t.set_channel_mode(&channel, mode)
        })
        .await
        .unwrap();
}

async fn email(town: &Town, conversation: ConversationId) -> StoredLeadValue {
    town.until("a lead with an address", move |r| {
        let Some(lead) = r.lead_of_conversation(conversation)? else {
            return Ok(None);
        };
        let values = r.lead_values(lead.id)?;
        Ok(values.into_iter().find(|known| known.value.field == "email"))
    })
    .await
}

async fn tray_is_empty(town: &Town) {
    town.until("an empty tray of leads", |r| {
        Ok(r.next_lead_task_at()?.is_none().then_some(()))
    })
    .await;
}

#[tokio::test]
async fn a_lead_is_read_in_shadow_and_says_where_each_value_stands() {
    let town = Town::open().await;
    set_mode(&town, BotMode::Shadow, "{}").await;
    let conversation = town.hear(&ines(), WISH).await;
    let value = email(&town, conversation).await.value;
    assert_eq!(value.value, "ines@example.com");
    let (start, end) = value.span.unwrap();
    assert_eq!(WISH.get(start..end), Some("ines@example.com"));
    assert!(value.message_id.is_some());
    town.engine.stop().await;
}

#[tokio::test]
async fn in_off_a_lead_is_read_only_when_the_owner_wants_it() {
    let town = Town::open().await;
    set_mode(&town, BotMode::Off, r#"{"lead_capture": false}"#).await;
    let conversation = town.hear(&ines(), WISH).await;
    tray_is_empty(&town).await;
    let lead = town
        .engine
        .store()
        .read(move |r| r.lead_of_conversation(conversation))
        .await
        .unwrap();
    assert!(lead.is_none(), "{lead:?}");
    set_mode(&town, BotMode::Off, r#"{"lead_capture": true}"#).await;
    town.hear(&ines(), "As I said: ines@example.com").await;
    email(&town, conversation).await;
    town.engine.stop().await;
}

#[tokio::test]
async fn small_talk_makes_no_lead() {
    let town = Town::open().await;
    set_mode(&town, BotMode::Shadow, "{}").await;
    let conversation = town.hear(&ines(), "Good morning!").await;
    tray_is_empty(&town).await;
    let lead = town
        .engine
        .store()
        .read(move |r| r.lead_of_conversation(conversation))
        .await
        .unwrap();
    assert!(lead.is_none(), "{lead:?}");
    town.engine.stop().await;
}

#[tokio::test]
async fn a_message_that_could_not_be_read_is_read_later_and_keeps_no_reply_waiting() {
    let town = Town::open().await;
    set_mode(&town, BotMode::Bot, "no settings at all").await;
    let conversation = town.hear(&ines(), WISH).await;
    town.until("a first try", |r| {
        let due = r.due_lead_tasks(domain::Timestamp(i64::MAX), 5)?;
        Ok(due.first().filter(|(_, tries)| *tries > 0).map(|_| ()))
    })
    .await;
    town.say(conversation, "Gladly.").await;
    town.meta.wait_for_send(1, SOON).await.unwrap();
    set_mode(&town, BotMode::Bot, "{}").await;
    town.watch.move_on(Duration::from_mins(2));
    // Any new message rings at the room.
    town.hear(&ines(), "Thanks!").await;
    email(&town, conversation).await;
    town.engine.stop().await;
}

#[tokio::test]
async fn what_a_person_wrote_stays_and_what_is_read_is_offered_beside_it() {
    let town = Town::open().await;
    set_mode(&town, BotMode::Shadow, "{}").await;
    let conversation = town.hear(&ines(), "Hello there").await;
    tray_is_empty(&town).await;
    let lead = town
        .engine
        .set_lead_value(conversation, "email", "office@example.com")
        .await
        .unwrap();
    town.hear(&ines(), WISH).await;
    let offered = town
        .until("a suggestion", move |r| {
            Ok(r.lead_suggestions(lead)?.into_iter().next())
        })
        .await;
    assert_eq!(offered.value.value, "ines@example.com");
    assert_eq!(email(&town, conversation).await.value.value, "office@example.com");
    town.engine.return_lead_value(lead, "email").await.unwrap();
    assert_eq!(email(&town, conversation).await.value.value, "ines@example.com");
    town.engine.stop().await;
}
