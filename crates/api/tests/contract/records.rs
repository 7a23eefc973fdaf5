//! The records of an export, as the outer interface names them.

use crate::window::{NUMBER, Window};
use domain::ConversationId;
use serde_json::{Value, json};
use simulator::{Customer, Fault};
use store::{Access, Store};

async fn exported(window: &Window, only: Option<ConversationId>) -> Vec<Value> {
    // Beside the running engine, as `deskbelld export` does.
    let store = Store::open(&window.data, Access::Read).unwrap();
    store
        .read(move |reader| {
            let mut records = Vec::new();
            api::export::records(reader, only, |record| {
                records.push(record);
                Ok(())
            })?;
            Ok(records)
        })
        .await
        .unwrap()
}

fn of_type<'r>(records: &'r [Value], kind: &str) -> Vec<&'r Value> {
    records.iter().filter(|record| record["type"] == kind).collect()
}

fn keys(record: &Value) -> Vec<&str> {
    record.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn an_export_has_every_record_with_every_field() {
    let window = Window::open().await;
    let ana = Customer::phone("Ana", "447700900001").with_user_id("GB.21");
    window
        .meta
        .customer_writes(NUMBER, &ana, "Olá \u{1F98A}\n\"quoted\"")
        .unwrap();
    let ana = window.hear("Ana", "447700900001", "Second").await;
    let ben = window.hear("Ben", "447700900002", "Hello").await;
    window.meta.fault(Fault::code(131_026));
    let failed = window.say(&ana, "Hi").await;
    window.status(&ana, &failed, "failed").await;

    let records = exported(&window, None).await;
    let channels = of_type(&records, "channel");
    assert_eq!(keys(channels[0]), ["type", "id", "kind", "name", "mode"]);
    let contacts = of_type(&records, "contact");
    assert_eq!(contacts.len(), 2);
    let identities = contacts[0]["identities"].as_array().unwrap();
    for identity in [
        json!({"kind": "wa_id", "value": "447700900001"}),
        json!({"kind": "bsuid", "value": "GB.21"}),
    ] {
        assert!(identities.contains(&identity), "{identities:?}");
    }
    let conversations = of_type(&records, "conversation");
    assert_eq!(
        keys(conversations[0]),
        [
            "type",
            "id",
            "channel_id",
            "contact_id",
            "override",
            "effective_mode",
            "holder",
            "attention",
            "window_closes_at",
            "unread"
        ]
    );
    assert!(
        conversations
            .iter()
            .all(|record| record["window_closes_at"].is_string())
    );
    let messages = of_type(&records, "message");
    assert_eq!(messages.len(), 4);
    for message in &messages {
        assert_eq!(
            keys(message),
            [
                "type",
                "id",
                "channel_id",
                "conversation_id",
                "contact_id",
                "direction",
                "author",
                "kind",
                "original_kind",
                "text",
                "provider_id",
                "reply_to",
                "sent_at",
                "received_at",
                "status",
                "error",
                "attachments",
                "reactions",
                "edited",
                "revoked",
                "forwarded",
                "referral",
                "payload"
            ]
        );
        for id in ["id", "channel_id", "conversation_id", "contact_id"] {
            assert!(message[id].is_string(), "{id} is text");
        }
    }
    assert_eq!(messages[0]["text"], "Olá \u{1F98A}\n\"quoted\"");
    let failed = messages.iter().find(|message| message["id"] == failed).unwrap();
    assert_eq!(
        (&failed["status"], &failed["error"]["code"]),
        (&json!("failed"), &json!(131_026))
    );
    assert_eq!(failed["author"], "operator");

    let only = exported(&window, Some(ben.parse().unwrap())).await;
    assert_eq!(only.len(), 4, "one of each: {only:#?}");
    assert_eq!(of_type(&only, "contact")[0]["name"], "Ben");
    window.desk.stop().await;
}

#[tokio::test]
async fn records_come_in_an_order_that_can_be_read_in_one_pass() {
    let window = Window::open().await;
    window.hear("Ana", "447700900001", "One").await;
    window.hear("Ben", "447700900002", "Two").await;
    let records = exported(&window, None).await;
    let order: Vec<&str> = records
        .iter()
        .map(|record| record["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        order,
        [
            "channel",
            "contact",
            "contact",
            "conversation",
            "conversation",
            "message",
            "message"
        ]
    );
    window.desk.stop().await;
}
