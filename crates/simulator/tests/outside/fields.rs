//! Every other webhook field, in the shape the wire contract documents (section 4).

use crate::common::{NUMBER, SOON, connected, ines, number};
use serde_json::{Map, Value, json};
use simulator::webhook::account::{self, TemplateRef};
use simulator::webhook::{coexistence, field, identity, routing};
use simulator::{Change, Inbound, MediaHandle};

const AT: i64 = 1_794_301_200;
const TEMPLATE: TemplateRef<'_> = TemplateRef {
    id: 1_689_556_908_771_203,
    name: "order_ready",
    language: "en_GB",
};

/// What a change says at a pointer.
fn at<'a>(change: &'a Change, pointer: &str) -> &'a Value {
    change.value.pointer(pointer).unwrap_or(&Value::Null)
}

#[test]
fn news_of_the_account_carries_no_metadata() {
    let n = number();
    let all = [
        (
            account::account_update(&n, "PARTNER_ADDED", Map::new()),
            "account_update",
            "/event",
            json!("PARTNER_ADDED"),
        ),
        (
            account::ban(&n, "DISABLE", "November 10, 2026"),
            "account_update",
            "/ban_info/waba_ban_state",
            json!("DISABLE"),
        ),
        (
            account::restriction(&n, "RESTRICTED_UTILITY_TEMPLATES", Some(AT)),
            "account_update",
            "/restriction_info/0/expiration",
            json!(AT),
        ),
        (
            account::disconnected(&n, "PRIMARY_INACTIVITY", "SYSTEM"),
            "account_update",
            "/disconnection_info/reason",
            json!("PRIMARY_INACTIVITY"),
        ),
        (
            account::alert(&n, "WARNING", "LOW_QUALITY", "d", false),
            "account_alerts",
            "/alert_severity",
            json!("WARNING"),
        ),
        (
            account::alert(&n, "WARNING", "LOW_QUALITY", "d", true),
            "account_alerts",
            "/alert_info/alert_severity",
            json!("WARNING"),
        ),
        (
            account::review(&n, "APPROVED"),
            "account_review_update",
            "/decision",
            json!("APPROVED"),
        ),
        (
            account::capability(&n, 2000),
            "business_capability_update",
            "/max_daily_conversations_per_business",
            json!(2000),
        ),
        (
            account::capability(&n, "TIER_2K"),
            "business_capability_update",
            "/max_daily_conversations_per_business",
            json!("TIER_2K"),
        ),
        (
            account::quality(&n, "FLAGGED", Some(("TIER_2K", "TIER_250")), "TIER_250"),
            "phone_number_quality_update",
            "/old_limit",
            json!("TIER_2K"),
        ),
        (
            account::name(&n, "REJECTED", "Best Pots", Some("NAME_NOT_CONSISTENT")),
            "phone_number_name_update",
            "/rejection_reason",
            json!("NAME_NOT_CONSISTENT"),
        ),
        (
            account::security(&n, "PIN_CHANGED"),
            "security",
            "/event",
            json!("PIN_CHANGED"),
        ),
        (
            account::username(&n, Some("larkfield"), "approved"),
            "business_username_update",
            "/username",
            json!("larkfield"),
        ),
        (
            account::template_status(&n, TEMPLATE, "APPROVED", None),
            "message_template_status_update",
            "/reason",
            Value::Null,
        ),
        (
            account::template_status(&n, TEMPLATE, "REJECTED", Some("SCAM")),
            "message_template_status_update",
            "/rejection_info/reason",
            json!("SCAM"),
        ),
        (
            account::template_quality(&n, TEMPLATE, "GREEN", "RED"),
            "message_template_quality_update",
            "/new_quality_score",
            json!("RED"),
        ),
        (
            account::template_category_coming(&n, TEMPLATE, "UTILITY", "MARKETING"),
            "template_category_update",
            "/correct_category",
            json!("MARKETING"),
        ),
        (
            account::template_category_changed(&n, TEMPLATE, "UTILITY", "MARKETING"),
            "template_category_update",
            "/previous_category",
            json!("UTILITY"),
        ),
        (
            account::template_components(&n, TEMPLATE, None, "Hi", None, &["Yes"]),
            "message_template_components_update",
            "/message_template_buttons/0/message_template_button_text",
            json!("Yes"),
        ),
    ];
    for (change, name, pointer, wanted) in all {
        assert_eq!((change.field.as_str(), at(&change, pointer)), (name, &wanted));
        assert!(change.value.get("metadata").is_none(), "{name}");
    }
    let template = account::template_quality(&n, TEMPLATE, "GREEN", "RED");
    assert!(
        at(&template, "/message_template_id").is_i64(),
        "a number here, a text in Graph reads"
    );
}

#[test]
fn what_was_typed_on_the_phone_is_an_echo_with_the_shop_as_its_author() {
    let n = number();
    let echo = coexistence::phone_echo(&n, &ines(), &Inbound::text("on it"), "wamid.E", AT);
    assert_eq!(echo.field, "smb_message_echoes");
    assert_eq!(
        at(&echo, "/message_echoes/0"),
        &json!({
            "from": "447700900111", "to": "447700900222", "to_user_id": "GB.70222000000000000001",
            "id": "wamid.E", "timestamp": AT.to_string(), "type": "text", "text": { "body": "on it" },
        })
    );
    let hidden = coexistence::app_echo(
        &n,
        &ines().without_phone(),
        &Inbound::revoke("wamid.E"),
        "wamid.F",
        AT,
    );
    assert_eq!(hidden.field, "message_echoes");
    assert!(at(&hidden, "/message_echoes/0/to").is_null());
    let book = coexistence::address_book(&n, &ines(), "remove", AT);
    assert_eq!(
        (
            at(&book, "/state_sync/0/action"),
            at(&book, "/state_sync/0/contact/full_name")
        ),
        (&json!("remove"), &json!("Inês 🦊"))
    );
}

#[test]
fn history_comes_in_chunks_with_files_afterwards_or_is_declined() {
    let n = number();
    let chunk = coexistence::Chunk {
        phase: 1,
        order: 3,
        progress: 55,
    };
    let past = [
        coexistence::past_outbound(&n, &ines(), &Inbound::text("ready"), "wamid.1", AT, "READ"),
        coexistence::past_inbound(&ines(), &coexistence::placeholder(), "wamid.2", AT, "PLAYED"),
    ];
    let history = coexistence::history(&n, chunk, &ines(), &past);
    assert_eq!(
        at(&history, "/history/0/metadata"),
        &json!({ "phase": 1, "chunk_order": 3, "progress": 55 })
    );
    assert_eq!(at(&history, "/history/0/threads/0/id"), "447700900222");
    assert_eq!(
        at(&history, "/history/0/threads/0/messages/1/type"),
        "media_placeholder"
    );
    assert_eq!(
        at(&history, "/history/0/threads/0/messages/0/history_context/status"),
        "READ"
    );
    let file = MediaHandle::of("9", b"x", "image/jpeg").with_hex_hash();
    let late = coexistence::past_file(&n, &ines(), &Inbound::image(&file, None), "wamid.2", AT);
    assert_eq!(
        (late.field.as_str(), at(&late, "/messages/0/id")),
        ("history", &json!("wamid.2"))
    );
    assert_eq!(
        at(&late, "/messages/0/image/sha256").as_str().map(str::len),
        Some(64)
    );
    assert_eq!(
        at(&coexistence::history_declined(&n), "/history/0/errors/0/code"),
        2_593_109
    );
}

#[test]
fn identity_and_preferences_are_structured() {
    let n = number();
    let update = identity::user_id_update(&n, &ines(), "GB.1", "GB.2", AT);
    assert_eq!(
        at(&update, "/user_id_update/0/user_id"),
        &json!({ "previous": "GB.1", "current": "GB.2" })
    );
    assert_eq!(at(&update, "/contacts/0/user_id"), "GB.2");
    let stop = identity::preference(&n, &ines(), "stop", AT);
    assert_eq!(
        (
            at(&stop, "/user_preferences/0/value"),
            at(&stop, "/user_preferences/0/timestamp")
        ),
        (&json!("stop"), &json!(AT))
    );
}

#[test]
fn threads_change_hands_and_calls_ring() {
    let n = number();
    let taken = routing::handover(
        &n,
        &ines(),
        "control_passed",
        ("ai_agent", "escalation"),
        Some("Wants a refund"),
        AT,
    );
    assert!(taken.value.get("metadata").is_none());
    assert_eq!(at(&taken, "/recipient/phone_number_id"), NUMBER);
    assert_eq!(
        at(&taken, "/control_passed/conversation_context/summary/text"),
        "Wants a refund"
    );
    let standby = routing::standby(&n, &ines(), &Inbound::text("hello?"), "wamid.S", AT);
    assert_eq!(at(&standby, "/standby/messages/0/text/body"), "hello?");
    let echo = routing::standby_echo(&n, &ines(), &Inbound::text("yes"), "wamid.T", AT);
    assert_eq!(at(&echo, "/standby/message_echoes/0/message/text/body"), "yes");
    let missed = routing::call(&n, &ines(), "wacid.A", "terminate", Some("FAILED"), AT);
    assert_eq!(
        (at(&missed, "/calls/0/event"), at(&missed, "/calls/0/from")),
        (&json!("terminate"), &json!("447700900222"))
    );
    assert_eq!(
        at(
            &routing::call_status(&n, &ines(), "wacid.B", "REJECTED", AT),
            "/statuses/0/type"
        ),
        "call"
    );
}

#[tokio::test]
async fn a_field_nobody_knows_travels_like_any_other() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    let receipt = meta.notify(NUMBER, |number| {
        field(number, "tea_leaves_update", json!({ "leaf": 7 }))
    })?;
    receipt.acknowledged(SOON).await?;
    let body = inbox.posts()[0].json()?;
    assert_eq!(
        body["entry"][0],
        json!({ "id": "398000000000001", "changes": [{ "value": { "leaf": 7 }, "field": "tea_leaves_update" }] })
    );
    Ok(())
}

#[tokio::test]
async fn a_call_and_words_in_standby_open_the_window() -> anyhow::Result<()> {
    let (meta, _inbox) = connected().await?;
    meta.customer_wrote(NUMBER, &ines(), 1_000, "long ago")?
        .1
        .acknowledged(SOON)
        .await?;
    let body = crate::common::text_to("+447700900222", "hello", "ob");
    assert_eq!(crate::common::post(&meta, &body).await?.status(), 400);
    let now = meta.sends()[0].at / 1000;
    let call = meta.notify(NUMBER, |number| {
        routing::call(number, &ines(), "wacid.A", "connect", None, now)
    })?;
    call.acknowledged(SOON).await?;
    assert_eq!(crate::common::post(&meta, &body).await?.status(), 200);
    Ok(())
}
