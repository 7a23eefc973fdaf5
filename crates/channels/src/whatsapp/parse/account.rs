//! Reads news about numbers, accounts and templates (whatsapp-cloud-api, sections 4.1 and 4.2).

use crate::inbound::{Event, Notice, NoticeEffect, TemplateNews};
use crate::whatsapp::lenient;
use domain::Timestamp;
use serde_json::Value;

/// Fields that are about a number or an account.
const NOTICES: [&str; 11] = [
    "account_alerts",
    "account_review_update",
    "account_settings_update",
    "account_update",
    "business_capability_update",
    "business_username_update",
    "partner_solutions",
    "payment_configuration_update",
    "phone_number_name_update",
    "phone_number_quality_update",
    "security",
];

/// Fields that are about a template.
const TEMPLATES: [&str; 5] = [
    "message_template_components_update",
    "message_template_quality_update",
    "message_template_status_update",
    "template_category_update",
    "template_correct_category_detection",
];

/// Reads the value of a field that is about a number, an account or a template; anything else comes back unread.
/// `at` is the time of the entry.
pub(super) fn read(field: String, raw: Value, at: Option<Timestamp>) -> Event {
    if NOTICES.contains(&field.as_str()) {
        Event::Notice(Box::new(notice(field, raw, at)))
    } else if TEMPLATES.contains(&field.as_str()) && raw.is_object() {
        Event::Template(Box::new(template(field, raw, at)))
    } else {
        Event::Other { field, raw }
    }
}

/// Reads a notice of any field. Alerts come flat or one level deeper (section 12, point 2).
pub(super) fn notice(field: String, raw: Value, at: Option<Timestamp>) -> Notice {
    let event = ["event", "decision", "alert_type", "status"]
        .iter()
        .find_map(|key| lenient::id(raw.get(key)))
        .or_else(|| lenient::id(raw.pointer("/alert_info/alert_type")));
    let address = [
        "/display_phone_number",
        "/phone_number",
        "/metadata/display_phone_number",
    ]
    .iter()
    .find_map(|pointer| lenient::digits(raw.pointer(pointer)));
    let effect = if field == "account_update" {
        effect(event.as_deref(), &raw)
    } else {
        NoticeEffect::None
    };
    Notice {
        effect,
        until: stopped_until(&raw).filter(|_| effect == NoticeEffect::Stop),
        event,
        address,
        at: lenient::moment(raw.get("timestamp")).or(at),
        field,
        raw,
    }
}

/// Sending on would burn the rating of the number (section 4.1). What is restricted in another way may still answer.
fn effect(event: Option<&str>, raw: &Value) -> NoticeEffect {
    let event = event.map(str::to_ascii_uppercase).unwrap_or_default();
    let ban = words(raw.pointer("/ban_info"), "waba_ban_state");
    let restrictions = words(raw.pointer("/restriction_info"), "restriction_type");
    let has = |list: &[String], word: &str| list.iter().any(|found| found == word);
    if matches!(event.as_str(), "ACCOUNT_DELETED" | "ACCOUNT_OFFBOARDED")
        || has(&ban, "DISABLE")
        || has(&restrictions, "RESTRICTED_CUSTOMER_INITIATED_MESSAGING")
    {
        NoticeEffect::Stop
    } else if event == "ACCOUNT_RECONNECTED" || has(&ban, "REINSTATE") {
        NoticeEffect::Resume
    } else {
        NoticeEffect::None
    }
}

/// Returns when the last restriction ends, unless one has no end or the account is banned besides.
fn stopped_until(raw: &Value) -> Option<Timestamp> {
    if raw.get("ban_info").is_some_and(|ban| !ban.is_null()) {
        return None;
    }
    let ends: Vec<Option<Timestamp>> = lenient::list(raw.get("restriction_info").cloned())
        .unwrap_or_default()
        .iter()
        .map(|restriction| lenient::moment(restriction.get("expiration")))
        .collect();
    ends.into_iter().collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// Returns the words under a key of an object or of each object of a list, in capitals.
fn words(holder: Option<&Value>, key: &str) -> Vec<String> {
    lenient::list(holder.cloned())
        .unwrap_or_default()
        .iter()
        .flat_map(|holder| match holder.get(key) {
            Some(Value::Array(words)) => words.iter().filter_map(|word| lenient::id(Some(word))).collect(),
            word => lenient::id(word).into_iter().collect::<Vec<_>>(),
        })
        .map(|word| word.to_ascii_uppercase())
        .collect()
}

fn template(field: String, raw: Value, at: Option<Timestamp>) -> TemplateNews {
    let read = |key: &str| lenient::id(raw.get(key));
    let is_status = field == "message_template_status_update";
    TemplateNews {
        id: read("message_template_id"),
        name: read("message_template_name"),
        language: read("message_template_language"),
        status: read("event").filter(|_| is_status),
        reason: read("reason").filter(|reason| !reason.eq_ignore_ascii_case("none")),
        advice: advice(&raw),
        quality: read("new_quality_score"),
        category: read("new_category")
            .or_else(|| read("message_template_category"))
            .or_else(|| read("category")),
        coming_category: read("correct_category"),
        at: lenient::moment(raw.get("timestamp")).or(at),
        field,
        raw,
    }
}

/// Returns the provider's sentences about what is wrong and what to do.
fn advice(raw: &Value) -> Option<String> {
    let sentences: Vec<String> = [
        "/rejection_info/reason",
        "/rejection_info/recommendation",
        "/other_info/title",
        "/other_info/description",
    ]
    .iter()
    .filter_map(|pointer| lenient::id(raw.pointer(pointer)))
    .collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}
