//! Every worked example of the wire contract that is about statuses or another field than messages, played with a
//! bakery's own customers: what each one has to become.

#[expect(
    clippy::unwrap_used,
    dead_code,
    reason = "a broken fixture should say where; not every tale is told here"
)]
#[path = "support/tell.rs"]
mod tell;

use serde_json::{Value, json};
use tell::{field, ines, merged, number, told};

const INES: &str = "bsuid:PT.111+wa_id:351910000001+phone:351910000001";

/// A case, its body, and what is told about it. `INES` stands for her ids.
type Case = (&'static str, Value, &'static [&'static str]);

fn check(cases: Vec<Case>) {
    for (name, body, expected) in cases {
        let expected: Vec<String> = expected.iter().map(|line| line.replace("INES", INES)).collect();
        assert_eq!(told(&body), expected, "{name}");
    }
}

fn status(word: &str, more: Value) -> Value {
    let base = json!({"id": "wamid.OURS", "status": word, "timestamp": "1794301600", "recipient_id": "351910000001",
        "recipient_user_id": "PT.111"});
    number(
        "messages",
        json!({"contacts": [ines()], "statuses": [merged(base, more)]}),
    )
}

fn failed(code: i64, title: &str) -> Value {
    number(
        "messages",
        json!({"statuses": [{"id": "wamid.OURS", "status": "failed", "timestamp": "1794301610",
        "recipient_id": "351910000001", "biz_opaque_callback_data": "ob_9",
        "errors": [{"code": code, "title": title, "error_data": {"details": "because"}}]}]}),
    )
}

#[test]
fn reports_tell_what_was_reached_what_it_costs_and_why_it_failed() {
    let priced = |kind: &str, category: &str| json!({"pricing": {"billable": kind == "regular", "pricing_model": "PMP", "type": kind, "category": category}});
    let two = number(
        "messages",
        json!({"contacts": [ines(), {"profile": {"name": "Tom"}, "user_id": "IE.5"}], "statuses": [
        {"id": "a", "status": "sent", "recipient_id": "351910000001", "recipient_user_id": "PT.111"},
        {"id": "b", "status": "delivered", "recipient_user_id": "IE.5"}]}),
    );
    check(vec![
        (
            "sent_v24",
            status(
                "sent",
                merged(
                    priced("regular", "service"),
                    json!({"biz_opaque_callback_data": "ob_7"}),
                ),
            ),
            &[
                "status wamid.OURS sent reached=sent for INES name=Inês Prado reference=ob_7 pricing=service/regular/Some(true)",
            ],
        ),
        (
            "delivered_v24",
            status("delivered", priced("regular", "service")),
            &[
                "status wamid.OURS delivered reached=delivered for INES name=Inês Prado pricing=service/regular/Some(true)",
            ],
        ),
        (
            "read_without_delivered",
            status("read", priced("regular", "utility")),
            &[
                "status wamid.OURS read reached=read for INES name=Inês Prado pricing=utility/regular/Some(true)",
            ],
        ),
        (
            "delivered_after_read",
            status("delivered", json!({})),
            &["status wamid.OURS delivered reached=delivered for INES name=Inês Prado"],
        ),
        (
            "sent_pricing_unknown_type",
            status("sent", priced("free_monthly_allowance", "service")),
            &[
                "status wamid.OURS sent reached=sent for INES name=Inês Prado pricing=service/free_monthly_allowance/Some(false)",
            ],
        ),
        (
            "failed_131047_window_closed",
            failed(131_047, "Re-engagement message"),
            &[
                "status wamid.OURS failed reached=failed for wa_id:351910000001+phone:351910000001 reference=ob_9 failure=Some(131047) Re-engagement message",
            ],
        ),
        (
            "failed_131026_undeliverable",
            failed(131_026, "Message undeliverable"),
            &[
                "status wamid.OURS failed reached=failed for wa_id:351910000001+phone:351910000001 reference=ob_9 failure=Some(131026) Message undeliverable",
            ],
        ),
        (
            "failed_131053_media",
            failed(131_053, "Media upload error"),
            &[
                "status wamid.OURS failed reached=failed for wa_id:351910000001+phone:351910000001 reference=ob_9 failure=Some(131053) Media upload error",
            ],
        ),
        (
            "multi_status_one_value",
            two,
            &[
                "status a sent reached=sent for INES name=Inês Prado",
                "status b delivered reached=delivered for bsuid:IE.5 name=Tom",
            ],
        ),
        (
            "unknown_status_value",
            status("deleted", json!({})),
            &["status wamid.OURS deleted reached=nothing for INES name=Inês Prado"],
        ),
        (
            "unknown_wamid_other_app",
            status("delivered", json!({"id": "wamid.THEIRS"})),
            &["status wamid.THEIRS delivered reached=delivered for INES name=Inês Prado"],
        ),
    ]);
}

#[test]
fn news_about_the_account_say_what_happened_to_which_number_and_what_it_means() {
    let account = |value: Value| field("account_update", &value);
    let quality = |value: Value| {
        field(
            "phone_number_quality_update",
            &merged(json!({"display_phone_number": "351210000142"}), value),
        )
    };
    check(vec![
        (
            "account_update_disabled",
            account(
                json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE", "waba_ban_date": "November 10, 2026"}}),
            ),
            &["notice account_update DISABLED_UPDATE - Stop"],
        ),
        (
            "account_update_offboarded",
            account(json!({"event": "ACCOUNT_OFFBOARDED"})),
            &["notice account_update ACCOUNT_OFFBOARDED - Stop"],
        ),
        (
            "account_update_violation",
            account(json!({"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SCAM"}})),
            &["notice account_update ACCOUNT_VIOLATION - None"],
        ),
        (
            "account_alerts",
            field(
                "account_alerts",
                &json!({"entity_type": "BUSINESS", "entity_id": 71, "alert_info": {"alert_type": "MORE_NEEDED", "alert_status": "NONE"}}),
            ),
            &["notice account_alerts MORE_NEEDED - None"],
        ),
        (
            "account_review_update",
            field("account_review_update", &json!({"decision": "APPROVED"})),
            &["notice account_review_update APPROVED - None"],
        ),
        (
            "business_capability_update_tier",
            field(
                "business_capability_update",
                &json!({"max_daily_conversations_per_business": "TIER_UNLIMITED", "max_daily_conversation_per_phone": -1}),
            ),
            &["notice business_capability_update - - None"],
        ),
        (
            "phone_number_quality_update_throughput",
            quality(json!({"event": "THROUGHPUT_UPGRADE", "current_limit": "TIER_UNLIMITED"})),
            &["notice phone_number_quality_update THROUGHPUT_UPGRADE 351210000142 None"],
        ),
        (
            "phone_number_quality_update_2026",
            quality(json!({"event": "ONBOARDING", "max_daily_conversations_per_business": "TIER_250"})),
            &["notice phone_number_quality_update ONBOARDING 351210000142 None"],
        ),
        (
            "phone_number_name_update",
            field(
                "phone_number_name_update",
                &json!({"display_phone_number": "+351 210 000 142", "decision": "REJECTED", "requested_verified_name": "BREAD!!!"}),
            ),
            &["notice phone_number_name_update REJECTED 351210000142 None"],
        ),
        (
            "unknown_field",
            field("space_elevator_update", &json!({"floor": 7})),
            &["other space_elevator_update"],
        ),
    ]);
}

#[test]
fn news_about_templates_say_which_one_and_what_changed() {
    let of = |name: &str, value: Value| {
        let ids = json!({"message_template_id": 1_689_556_908_771_203_u64, "message_template_name": "loaf_ready", "message_template_language": "pt_PT"});
        field(name, &merged(ids, value))
    };
    check(vec![
        (
            "template_status_approved",
            of(
                "message_template_status_update",
                json!({"event": "APPROVED", "reason": "NONE", "message_template_category": "UTILITY"}),
            ),
            &[
                "template message_template_status_update id=1689556908771203 name=loaf_ready language=pt_PT status=APPROVED category=UTILITY",
            ],
        ),
        (
            "template_status_rejected",
            of(
                "message_template_status_update",
                json!({"event": "REJECTED", "reason": "INVALID_FORMAT",
            "rejection_info": {"reason": "Two blanks touch.", "recommendation": "Write between them."}}),
            ),
            &[
                "template message_template_status_update id=1689556908771203 name=loaf_ready language=pt_PT status=REJECTED reason=INVALID_FORMAT advice=Two blanks touch. Write between them.",
            ],
        ),
        (
            "template_category_upcoming",
            of(
                "template_category_update",
                json!({"correct_category": "MARKETING", "new_category": "UTILITY"}),
            ),
            &[
                "template template_category_update id=1689556908771203 name=loaf_ready language=pt_PT category=UTILITY coming=MARKETING",
            ],
        ),
    ]);
}

#[test]
fn news_about_people_say_who_and_what_is_known_of_them_now() {
    let preference = |value: &str| {
        number(
            "user_preferences",
            json!({"contacts": [ines()], "user_preferences": [
        {"wa_id": "351910000001", "user_id": "PT.111", "category": "marketing_messages", "value": value, "timestamp": 1_794_301_700}]}),
        )
    };
    let update = |contacts: Value, more: Value| {
        number(
            "user_id_update",
            json!({"contacts": contacts, "user_id_update": [
        merged(json!({"detail": "updated", "user_id": {"previous": "PT.111", "current": "PT.999"}, "timestamp": "1794301710"}), more)]}),
        )
    };
    check(vec![
        (
            "user_preferences_stop",
            preference("stop"),
            &["person INES also  name=Inês Prado marketing=false add=yes"],
        ),
        (
            "user_preferences_signup",
            preference("signup"),
            &["person INES also  name=Inês Prado marketing=true add=yes"],
        ),
        (
            "user_id_update",
            update(
                json!([{"profile": {"name": "Inês Prado"}, "wa_id": "351910000001"}]),
                json!({"wa_id": "351910000001"}),
            ),
            &["person INES also bsuid:PT.999+wa_id:351910000001+phone:351910000001 name=Inês Prado add=yes"],
        ),
        (
            "user_id_update_no_phone",
            update(json!([{"profile": {"username": "@ines"}}]), json!({})),
            &["person bsuid:PT.111 also bsuid:PT.999 username=@ines add=yes"],
        ),
    ]);
}

#[test]
fn what_the_business_said_elsewhere_and_what_others_handle_is_told_apart() {
    let echo = |contacts: Value, more: Value| {
        number(
            "smb_message_echoes",
            json!({"contacts": contacts, "message_echoes": [
        merged(json!({"from": "351210000142", "id": "wamid.P", "timestamp": "1794301720"}), more)]}),
        )
    };
    let history = json!({"metadata": {"phase": 0, "chunk_order": 2, "progress": 55}, "threads": [
        {"id": "351910000001", "context": {"wa_id": "351910000001", "user_id": "PT.111"}, "messages": [
            {"from": "351210000142", "to": "351910000001", "id": "h1", "timestamp": "1794214800", "type": "text",
                "text": {"body": "Ready"}, "history_context": {"status": "READ"}},
            {"from": "351910000001", "from_user_id": "PT.111", "id": "h2", "timestamp": "1794215200",
                "type": "media_placeholder", "history_context": {"status": "PLAYED"}},
            {"from": "351910000001", "id": "h3", "timestamp": "1794215300", "type": "text", "text": {"body": "Thanks"}}]}]});
    check(vec![
        (
            "smb_echo_text",
            echo(
                json!([{"wa_id": "351910000001", "user_id": "PT.111"}]),
                json!({"to": "351910000001", "to_user_id": "PT.111", "type": "text", "text": {"body": "From the phone"}}),
            ),
            &["outbound echo text (text) INES text=\"From the phone\" reached=sent"],
        ),
        (
            "smb_echo_bsuid_only",
            echo(
                json!([{"profile": {"username": "@rui.surf"}, "user_id": "PT.222"}]),
                json!({"to_user_id": "PT.222", "type": "image", "image": {"id": "9001"}}),
            ),
            &["outbound echo image (image) bsuid:PT.222 username=@rui.surf file=[9001] reached=sent"],
        ),
        (
            "smb_echo_edit",
            echo(
                json!([]),
                json!({"to": "351910000001", "type": "edit", "edit": {"original_message_id": "wamid.O",
            "message": {"type": "text", "text": {"body": "59 euros"}}}}),
            ),
            &[
                "edit wamid.P of wamid.O: outbound echo text (text) wa_id:351910000001+phone:351910000001 text=\"59 euros\" reached=sent",
            ],
        ),
        (
            "history_chunk",
            number("history", json!({"history": [history]})),
            &[
                "outbound history text (text) INES text=\"Ready\" reached=read",
                "inbound history unsupported (media_placeholder) INES payload={\"type\":\"media_placeholder\"} window",
                "inbound history text (text) INES text=\"Thanks\" window",
            ],
        ),
        (
            "history_declined",
            number(
                "history",
                json!({"history": [{"errors": [{"code": 2_593_109, "title": "Turned off"}]}]}),
            ),
            &["notice history 2593109 351210000142 None"],
        ),
        (
            "standby_message",
            number(
                "standby",
                json!({"standby": {"contacts": [ines()], "messages": [
            {"from": "351910000001", "from_user_id": "PT.111", "id": "s1", "type": "text", "text": {"body": "To the other desk"}}]}}),
            ),
            &["inbound standby text (text) INES name=Inês Prado text=\"To the other desk\" window"],
        ),
        (
            "calls_terminate",
            number(
                "calls",
                json!({"contacts": [ines()], "calls": [{"id": "wacid.C", "from": "351910000001", "to": "351210000142",
            "event": "terminate", "direction": "USER_INITIATED", "timestamp": "1794301751", "status": "FAILED"}]}),
            ),
            &[
                "inbound live call (call) INES name=Inês Prado payload={\"event\":\"terminate\",\"status\":\"FAILED\",\"direction\":\"USER_INITIATED\"} window",
            ],
        ),
    ]);
}
