//! What Graph answers about numbers, accounts and apps, with the asked fields (`whatsapp-cloud-api.md` 7.1, 7.2).

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::App;
use crate::graph::GraphError;
use crate::meta::State;
use crate::webhook::Number;

/// Rows of a page unless asked otherwise.
const PAGE: usize = 25;
const NUMBER_FIELDS: &str =
    "verified_name,code_verification_status,display_phone_number,quality_rating,platform_type,throughput";

/// The field names, without what is asked of the fields themselves (`owner_business_info{id}`).
fn names(fields: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0_u32, 0, Vec::new());
    for (at, character) in fields.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(fields.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(fields.get(start..).unwrap_or_default());
    found
        .into_iter()
        .filter_map(|name| name.split(['{', '.', '(']).next())
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect()
}

fn nonexisting(field: &str, kind: &str) -> GraphError {
    let mut error = GraphError::of(100);
    error.title = format!("Tried accessing nonexisting field ({field}) on node type ({kind})");
    error
}

/// The node of a number as the caller's app sees it, with the asked fields in the order asked.
pub(crate) fn number_node(
    state: &State,
    number: &Number,
    app: &App,
    fields: Option<&str>,
) -> Result<Value, GraphError> {
    let standing = state.management.standing(&number.phone_number_id);
    let account = state.management.account(&number.waba_id);
    let mut node = Map::new();
    for field in names(fields.unwrap_or(NUMBER_FIELDS)) {
        let value = match field {
            "id" => Value::from(number.phone_number_id.clone()),
            "display_phone_number" => Value::from(number.display_phone_number.clone()),
            "verified_name" => Value::from(number.verified_name.clone()),
            "status" => Value::from(standing.status.clone()),
            "quality_rating" => Value::from(standing.quality_rating.clone()),
            "quality_score" => json!({ "score": standing.quality_rating }),
            "name_status" => Value::from(standing.name_status.clone()),
            "new_name_status" => Value::from(standing.new_name_status.clone()),
            "last_onboarded_time" => Value::from("2026-01-15T09:00:00+0000"),
            "webhook_configuration" => state.webhook_configuration(number, app),
            "code_verification_status" => Value::from(standing.code_verification_status.clone()),
            "platform_type" => Value::from(standing.platform_type.clone()),
            "account_mode" => Value::from(standing.account_mode.clone()),
            "is_pin_enabled" => Value::from(standing.pin.is_some()),
            "is_on_biz_app" => Value::from(standing.is_on_biz_app),
            "is_official_business_account" => Value::from(standing.is_official),
            "throughput" => json!({ "level": standing.throughput }),
            "whatsapp_business_manager_messaging_limit" | "messaging_limit_tier" => {
                match &standing.messaging_limit {
                    Some(limit) => Value::from(limit.clone()),
                    None => continue,
                }
            }
            "username" => match &standing.username {
                Some(username) => Value::from(username.clone()),
                None => continue,
            },
            "health_status" => standing.health.node(&[
                ("PHONE_NUMBER", &number.phone_number_id),
                ("WABA", &number.waba_id),
                ("BUSINESS", &account.owner.0),
                ("APP", &app.id),
            ]),
            unknown => return Err(nonexisting(unknown, "WhatsAppBusinessPhoneNumber")),
        };
        node.insert(field.to_owned(), value);
    }
    node.insert("id".to_owned(), Value::from(number.phone_number_id.clone()));
    Ok(Value::Object(node))
}

/// The node of an account.
pub(crate) fn account_node(
    state: &State,
    waba_id: &str,
    app: &App,
    fields: Option<&str>,
) -> Result<Value, GraphError> {
    let account = state.management.account(waba_id);
    let mut node = Map::new();
    for field in names(fields.unwrap_or("id,name,timezone_id,currency")) {
        let value = match field {
            "id" => Value::from(account.id.clone()),
            "name" => Value::from(account.name.clone()),
            "timezone_id" => Value::from(account.timezone_id.clone()),
            "currency" => Value::from(account.currency.clone()),
            "country" => Value::from(account.country.clone()),
            "account_review_status" => Value::from(account.account_review_status.clone()),
            "business_verification_status" => Value::from(account.business_verification_status.clone()),
            "ownership_type" => Value::from("SELF"),
            "status" => Value::from("ACTIVE"),
            "owner_business_info" => json!({ "name": account.owner.1, "id": account.owner.0 }),
            "health_status" => account.health.node(&[
                ("WABA", &account.id),
                ("BUSINESS", &account.owner.0),
                ("APP", &app.id),
            ]),
            unknown => return Err(nonexisting(unknown, "WhatsAppBusinessAccount")),
        };
        node.insert(field.to_owned(), value);
    }
    node.insert("id".to_owned(), Value::from(account.id));
    Ok(Value::Object(node))
}

/// The node of an app.
pub(crate) fn app_node(app: &App, fields: Option<&str>) -> Result<Value, GraphError> {
    let mut node = Map::new();
    for field in names(fields.unwrap_or("id,name")) {
        let value = match field {
            "id" => Value::from(app.id.clone()),
            "name" => Value::from(app.name.clone()),
            "category" => Value::from("Business"),
            "link" => Value::from(link(app)),
            unknown => return Err(nonexisting(unknown, "Application")),
        };
        node.insert(field.to_owned(), value);
    }
    node.insert("id".to_owned(), Value::from(app.id.clone()));
    Ok(Value::Object(node))
}

pub(super) fn link(app: &App) -> String {
    format!("https://www.facebook.com/games/?app_id={}", app.id)
}

/// `GET /{waba}/phone_numbers`: a page of these numbers. `address` is the edge's own, for the next page.
pub(crate) fn number_list(
    state: &State,
    numbers: &[Number],
    app: &App,
    query: &HashMap<String, String>,
    address: &str,
) -> Result<Value, GraphError> {
    let fields = query.get("fields").map(String::as_str);
    let limit = query
        .get("limit")
        .and_then(|limit| limit.parse().ok())
        .unwrap_or(PAGE)
        .clamp(1, 1000);
    let start = match query.get("after").filter(|after| !after.is_empty()) {
        None => 0,
        Some(after) => {
            place(after).ok_or_else(|| GraphError::of(100).details("Param after is not a cursor."))?
        }
    };
    let end = start.saturating_add(limit).min(numbers.len());
    let data = numbers
        .iter()
        .skip(start)
        .take(limit)
        .map(|number| number_node(state, number, app, fields))
        .collect::<Result<Vec<Value>, GraphError>>()?;
    if data.is_empty() {
        return Ok(json!({ "data": [] }));
    }
    let mut paging = json!({ "cursors": { "before": cursor(start), "after": cursor(end) } });
    if end < numbers.len() {
        let fields = fields
            .map(|fields| format!("fields={fields}&"))
            .unwrap_or_default();
        let next = format!("{address}?{fields}limit={limit}&after={}", cursor(end));
        if let Some(paging) = paging.as_object_mut() {
            paging.insert("next".to_owned(), Value::from(next));
        }
    }
    Ok(json!({ "data": data, "paging": paging }))
}

/// An opaque place in a list.
fn cursor(position: usize) -> String {
    hex::encode(format!("row {position}"))
}

fn place(cursor: &str) -> Option<usize> {
    let text = String::from_utf8(hex::decode(cursor).ok()?).ok()?;
    text.strip_prefix("row ")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_fields_are_not_taken_for_fields() {
        let asked = "id, owner_business_info{id,name},health_status,webhooks.limit(3),,";
        assert_eq!(
            names(asked),
            ["id", "owner_business_info", "health_status", "webhooks"]
        );
    }
}
