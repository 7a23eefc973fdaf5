//! News about the account, its number and its templates (`whatsapp-cloud-api.md` 4.1, 4.2). None of these carry
//! `metadata`.

use serde_json::{Map, Value, json};

use super::{Change, Number, field, put};

fn digits(number: &Number) -> &str {
    number.display_phone_number.trim_start_matches('+')
}

/// `account_update` with an event and whatever belongs to it.
pub fn account_update(number: &Number, event: &str, more: Map<String, Value>) -> Change {
    let mut value = Map::new();
    put(&mut value, "phone_number", Some(digits(number)));
    put(&mut value, "event", Some(event));
    value.extend(more);
    field(number, "account_update", Value::Object(value))
}

/// `account_update`: banned, to be banned, or let in again (`DISABLE`, `SCHEDULE_FOR_DISABLE`, `REINSTATE`).
pub fn ban(number: &Number, state: &str, date: &str) -> Change {
    let mut more = Map::new();
    let info = json!({ "waba_ban_state": state, "waba_ban_date": date });
    more.insert("ban_info".to_owned(), info);
    account_update(number, "DISABLED_UPDATE", more)
}

/// `account_update`: something is not allowed for a while.
pub fn restriction(number: &Number, kind: &str, expires: Option<i64>) -> Change {
    let mut info = Map::new();
    put(&mut info, "restriction_type", Some(kind));
    if let Some(expires) = expires {
        info.insert("expiration".to_owned(), Value::from(expires));
    }
    let mut more = Map::new();
    more.insert("restriction_info".to_owned(), json!([info]));
    account_update(number, "ACCOUNT_RESTRICTION", more)
}

/// `account_update`: the phone app was disconnected (coexistence).
pub fn disconnected(number: &Number, reason: &str, by: &str) -> Change {
    let mut more = Map::new();
    let info = json!({ "reason": reason, "initiated_by": by });
    more.insert("disconnection_info".to_owned(), info);
    account_update(number, "ACCOUNT_OFFBOARDED", more)
}

/// `account_alerts`, flat or inside `alert_info`; both are to be understood.
pub fn alert(number: &Number, severity: &str, kind: &str, description: &str, nested: bool) -> Change {
    let info = json!({
        "alert_severity": severity, "alert_status": "ACTIVE", "alert_type": kind, "alert_description": description,
    });
    let mut value = Map::new();
    put(&mut value, "entity_type", Some("PHONE_NUMBER"));
    put(&mut value, "entity_id", Some(&number.phone_number_id));
    match info {
        Value::Object(info) if !nested => value.extend(info),
        info => {
            value.insert("alert_info".to_owned(), info);
        }
    }
    field(number, "account_alerts", Value::Object(value))
}

/// `account_review_update`: `APPROVED`, `REJECTED`, `PENDING`, `DEFERRED`.
pub fn review(number: &Number, decision: &str) -> Change {
    field(number, "account_review_update", json!({ "decision": decision }))
}

/// `business_capability_update`; the limit is a number or a word like `TIER_2K`.
pub fn capability(number: &Number, daily: impl Into<Value>) -> Change {
    let value =
        json!({ "max_daily_conversations_per_business": daily.into(), "max_phone_numbers_per_waba": 25 });
    field(number, "business_capability_update", value)
}

/// `phone_number_quality_update`, with the older pair of limits when given.
pub fn quality(
    number: &Number,
    event: &str,
    limits: Option<(&str, &str)>,
    daily: impl Into<Value>,
) -> Change {
    let mut value = Map::new();
    put(&mut value, "display_phone_number", Some(digits(number)));
    put(&mut value, "event", Some(event));
    if let Some((old, current)) = limits {
        put(&mut value, "old_limit", Some(old));
        put(&mut value, "current_limit", Some(current));
    }
    value.insert("max_daily_conversations_per_business".to_owned(), daily.into());
    field(number, "phone_number_quality_update", Value::Object(value))
}

/// `phone_number_name_update`.
pub fn name(number: &Number, decision: &str, wanted: &str, rejection: Option<&str>) -> Change {
    let mut value = Map::new();
    put(&mut value, "display_phone_number", Some(digits(number)));
    put(&mut value, "decision", Some(decision));
    put(&mut value, "requested_verified_name", Some(wanted));
    put(&mut value, "rejection_reason", rejection);
    field(number, "phone_number_name_update", Value::Object(value))
}

/// `security`: `PIN_CHANGED`, `PIN_RESET_REQUEST`, `PIN_RESET_SUCCESS`.
pub fn security(number: &Number, event: &str) -> Change {
    let value =
        json!({ "display_phone_number": digits(number), "event": event, "requester": "61000000000001" });
    field(number, "security", value)
}

/// `business_username_update`.
pub fn username(number: &Number, username: Option<&str>, status: &str) -> Change {
    let mut value = Map::new();
    put(&mut value, "display_phone_number", Some(digits(number)));
    put(&mut value, "username", username);
    put(&mut value, "status", Some(status));
    field(number, "business_username_update", Value::Object(value))
}

/// The template a webhook is about. Its id is a number here and a text in Graph reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TemplateRef<'a> {
    /// Meta's id.
    pub id: i64,
    /// The name.
    pub name: &'a str,
    /// The language code.
    pub language: &'a str,
}

impl TemplateRef<'_> {
    fn value(self) -> Map<String, Value> {
        let mut value = Map::new();
        value.insert("message_template_id".to_owned(), Value::from(self.id));
        put(&mut value, "message_template_name", Some(self.name));
        put(&mut value, "message_template_language", Some(self.language));
        value
    }
}

/// `message_template_status_update`. Without a reason Meta writes `NONE` or null; here it is null.
pub fn template_status(number: &Number, of: TemplateRef<'_>, event: &str, reason: Option<&str>) -> Change {
    let mut value = of.value();
    put(&mut value, "event", Some(event));
    value.insert("reason".to_owned(), reason.map_or(Value::Null, Value::from));
    if event == "REJECTED" {
        let why = reason.unwrap_or("INVALID_FORMAT");
        let info = json!({ "reason": why, "recommendation": "Reword the template and send it in again." });
        value.insert("rejection_info".to_owned(), info);
    }
    field(number, "message_template_status_update", Value::Object(value))
}

/// `message_template_quality_update`: `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
pub fn template_quality(number: &Number, of: TemplateRef<'_>, previous: &str, new: &str) -> Change {
    let mut value = of.value();
    put(&mut value, "previous_quality_score", Some(previous));
    put(&mut value, "new_quality_score", Some(new));
    field(number, "message_template_quality_update", Value::Object(value))
}

/// `template_category_update`, announced: today's category and the one it will become.
pub fn template_category_coming(number: &Number, of: TemplateRef<'_>, today: &str, coming: &str) -> Change {
    let mut value = of.value();
    put(&mut value, "new_category", Some(today));
    put(&mut value, "correct_category", Some(coming));
    field(number, "template_category_update", Value::Object(value))
}

/// `template_category_update`, done.
pub fn template_category_changed(number: &Number, of: TemplateRef<'_>, previous: &str, new: &str) -> Change {
    let mut value = of.value();
    put(&mut value, "previous_category", Some(previous));
    put(&mut value, "new_category", Some(new));
    field(number, "template_category_update", Value::Object(value))
}

/// `message_template_components_update`: the new words of a template.
pub fn template_components(
    number: &Number,
    of: TemplateRef<'_>,
    title: Option<&str>,
    body: &str,
    footer: Option<&str>,
    buttons: &[&str],
) -> Change {
    let mut value = of.value();
    put(&mut value, "message_template_title", title);
    put(&mut value, "message_template_element", Some(body));
    put(&mut value, "message_template_footer", footer);
    let buttons: Vec<Value> = buttons
        .iter()
        .map(|text| json!({ "message_template_button_type": "QUICK_REPLY", "message_template_button_text": text }))
        .collect();
    value.insert("message_template_buttons".to_owned(), Value::Array(buttons));
    field(number, "message_template_components_update", Value::Object(value))
}
