//! Every inbound kind, in the shape the wire contract documents (section 2), read without the product's reader.

use crate::common::{NUMBER, SOON, connected, ines, items, number};
use serde_json::{Value, json};
use simulator::webhook::identity::{changed_identity, changed_number, changed_user_id};
use simulator::webhook::{OrderLine, Referral, Removed};
use simulator::{Customer, GraphError, Inbound, MediaHandle, webhook};

const AT: i64 = 1_794_301_200;

fn message(what: &Inbound) -> Value {
    what.message(&ines(), "wamid.A", AT)
}

fn content(what: &Inbound) -> Value {
    let message = message(what);
    message.get(what.kind()).cloned().unwrap_or_default()
}

#[test]
fn a_file_stands_with_id_type_and_hash_under_its_kind() {
    let file = MediaHandle::of("77", b"bytes", "image/webp").with_url("https://lookaside.example/77");
    assert_eq!(
        content(&Inbound::sticker(&file, true)),
        json!({
            "mime_type": "image/webp", "sha256": file.sha256,
            "id": "77", "url": "https://lookaside.example/77", "animated": true,
        })
    );
    assert_eq!((file.sha256.len(), file.sha256_hex.len(), file.size), (44, 64, 5));
    assert_eq!(content(&Inbound::audio(&file, true))["voice"], true);
    assert_eq!(content(&Inbound::video(&file, Some("hi")))["caption"], "hi");
    let paper = Inbound::document(&file, Some("../../etc/passwd"), None);
    assert_eq!(content(&paper)["filename"], "../../etc/passwd");
    assert!(
        content(&Inbound::document(&file, None, None))
            .get("filename")
            .is_none()
    );
}

#[test]
fn taps_forms_and_orders_look_as_documented() {
    assert_eq!(
        content(&Inbound::template_button("P", "Confirm")),
        json!({ "payload": "P", "text": "Confirm" })
    );
    assert_eq!(
        content(&Inbound::button_reply("b", "B")),
        json!({ "type": "button_reply", "button_reply": { "id": "b", "title": "B" } })
    );
    assert_eq!(
        content(&Inbound::list_reply("r", "R", None)),
        json!({ "type": "list_reply", "list_reply": { "id": "r", "title": "R" } })
    );
    let broken = Inbound::flow("{\"half\": ");
    assert_eq!(content(&broken)["nfm_reply"]["response_json"], "{\"half\": ");
    assert_eq!(
        content(&Inbound::address("{}"))["nfm_reply"]["name"],
        "address_message"
    );
    let lines = [
        OrderLine::new("mug", 2, 9.95, "GBP"),
        OrderLine::new("pot", 1, "48.00", "GBP"),
    ];
    let order = content(&Inbound::order("cat", Some("please"), &lines));
    assert_eq!(
        (
            &order["product_items"][0]["item_price"],
            &order["product_items"][1]["item_price"]
        ),
        (&json!(9.95), &json!("48.00"))
    );
    assert_eq!(
        content(&Inbound::shared_number("447700900222"))[0],
        json!({ "origin": "contact_request", "phones": [{ "phone": "+447700900222", "wa_id": "447700900222", "type": "CELL" }] })
    );
}

#[test]
fn reactions_come_and_go_in_both_forms() {
    assert_eq!(
        content(&Inbound::reaction("wamid.B", "❤️")),
        json!({ "message_id": "wamid.B", "emoji": "❤️" })
    );
    assert_eq!(
        content(&Inbound::reaction_removed("wamid.B", Removed::Empty))["emoji"],
        ""
    );
    assert!(
        content(&Inbound::reaction_removed("wamid.B", Removed::Absent))
            .get("emoji")
            .is_none()
    );
}

#[test]
fn context_and_referral_say_where_a_message_comes_from() {
    let quote = message(&Inbound::text("yes").quoting(Some("447700900111"), "wamid.B"));
    assert_eq!(
        quote["context"],
        json!({ "from": "447700900111", "id": "wamid.B" })
    );
    assert_eq!(
        message(&Inbound::text("x").forwarded())["context"],
        json!({ "forwarded": true })
    );
    assert_eq!(
        message(&Inbound::text("x").frequently_forwarded())["context"],
        json!({ "frequently_forwarded": true })
    );
    let product = message(&Inbound::text("x").about_product("c", "p"));
    assert_eq!(product["context"]["referred_product"]["product_retailer_id"], "p");
    let ad = message(&Inbound::text("x").from_click(Referral::ad("1", "h", "b")));
    assert_eq!(
        (
            &ad["referral"]["source_type"],
            ad["referral"]["ctwa_clid"].is_string()
        ),
        (&json!("ad"), true)
    );
    let post = message(&Inbound::text("x").from_click(Referral::post("1", "h", "b")));
    assert!(post["referral"]["source_type"] == "post" && post["referral"].get("ctwa_clid").is_none());
    assert_eq!(message(&Inbound::text("x").in_group("g1"))["group_id"], "g1");
}

#[test]
fn edits_revokes_and_what_cannot_be_shown_keep_their_reference() {
    let edit = content(&Inbound::edit(
        "wamid.B",
        &Inbound::text("better").quoting(None, "M0"),
    ));
    assert_eq!(edit["original_message_id"], "wamid.B");
    assert_eq!(edit["message"]["text"]["body"], "better");
    assert_eq!(edit["message"]["context"], json!({ "id": "M0" }));
    assert_eq!(
        content(&Inbound::revoke("wamid.B")),
        json!({ "original_message_id": "wamid.B" })
    );
    let poll = message(&Inbound::unsupported(
        Some("poll_creation"),
        &GraphError::of(131_051),
    ));
    assert_eq!(
        (&poll["unsupported"]["type"], &poll["errors"][0]["code"]),
        (&json!("poll_creation"), &json!(131_051))
    );
    let legacy = message(&Inbound::unknown(&GraphError::of(131_051)));
    assert!(legacy["type"] == "unknown" && legacy.get("unknown").is_none());
    let large = message(&Inbound::broken("video", &GraphError::of(131_052)));
    assert!(
        large["type"] == "video" && large.get("video").is_none() && large["errors"][0]["code"] == 131_052
    );
    assert!(
        message(&Inbound::request_welcome())
            .get("request_welcome")
            .is_none()
    );
}

#[test]
fn system_messages_come_without_contacts_and_name_the_new_id() {
    let moved =
        changed_number("Inês", "447700900333", Some("GB.1")).change(&number(), &ines(), "wamid.A", AT);
    assert!(moved.value.get("contacts").is_none());
    assert_eq!(
        moved.value["messages"][0]["from"], "447700900222",
        "the old number speaks"
    );
    assert_eq!(moved.value["messages"][0]["system"]["wa_id"], "447700900333");
    let with = content(&changed_user_id("GB.1", "GB.2", true));
    assert_eq!(
        (&with["user_id"], &with["previous_user_id"]),
        (&json!("GB.2"), &json!("GB.1"))
    );
    let without = content(&changed_user_id("GB.1", "GB.2", false));
    assert!(without.get("previous_user_id").is_none() && without["body"] == "User changed from GB.1 to GB.2");
    assert_eq!(
        content(&changed_identity("Inês", AT, "h"))["identity"]["hash"],
        "h"
    );
}

#[test]
fn a_person_behind_a_username_has_no_phone_anywhere() {
    let hidden = ines()
        .without_phone()
        .with_username("@ines")
        .with_parent("GB.ENT.5");
    let change = Inbound::text("hi").change(&number(), &hidden, "wamid.A", AT);
    let text = change.value.to_string();
    assert!(
        !text.contains("447700900222") && !text.contains("wa_id") && !text.contains("\"from\""),
        "{text}"
    );
    assert_eq!(change.value["contacts"][0]["profile"]["username"], "@ines");
    assert_eq!(change.value["messages"][0]["from_parent_user_id"], "GB.ENT.5");
    assert_eq!(change.value["contacts"][0]["parent_user_id"], "GB.ENT.5");
}

#[tokio::test]
async fn an_error_of_the_number_arrives_without_a_message() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    meta.notify(NUMBER, |number| {
        webhook::errors(number, &[GraphError::of(130_429)])
    })?
    .acknowledged(SOON)
    .await?;
    let posts = inbox.posts();
    assert_eq!(items(&posts, "errors")[0]["code"], 130_429);
    assert!(items(&posts, "messages").is_empty());
    Ok(())
}

#[test]
fn a_group_reports_each_participant() {
    let report = webhook::Report {
        group_id: Some("g1".to_owned()),
        ..webhook::Report::new("wamid.A", "read", AT)
    };
    let item = webhook::status_item(&Customer::phone("Ana", "447700900444"), &report);
    assert_eq!(
        (
            &item["recipient_id"],
            &item["recipient_type"],
            &item["recipient_participant_id"]
        ),
        (&json!("g1"), &json!("group"), &json!("447700900444"))
    );
}
