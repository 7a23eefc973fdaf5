//! Who somebody is now, and what they want (`whatsapp-cloud-api.md` 2.5, 4.3, 4.5).

use serde_json::{Map, Value, json};

use super::{Change, Customer, Inbound, Number, framed, put};

/// The system message of a changed phone number; sent by `from` = the old number.
pub fn changed_number(name: &str, new_wa_id: &str, new_user_id: Option<&str>) -> Inbound {
    let body = format!("{name} changed to {new_wa_id}");
    let system = Inbound::system("user_changed_number", &body).inside("wa_id", new_wa_id);
    match new_user_id {
        Some(id) => system.inside("user_id", id),
        None => system,
    }
}

/// The older form of the same.
pub fn changed_number_older(name: &str, new_wa_id: &str) -> Inbound {
    let body = format!("{name} changed to {new_wa_id}");
    Inbound::system("customer_changed_number", &body).inside("new_wa_id", new_wa_id)
}

/// The system message of a changed BSUID. Without `previous` as a key the pair stands only in the words.
pub fn changed_user_id(previous: &str, new: &str, previous_as_key: bool) -> Inbound {
    let body = format!("User changed from {previous} to {new}");
    let system = Inbound::system("user_changed_user_id", &body).inside("user_id", new);
    if previous_as_key {
        system.inside("previous_user_id", previous)
    } else {
        system
    }
}

/// The system message of a changed security code.
pub fn changed_identity(name: &str, at: i64, hash: &str) -> Inbound {
    let identity = json!({ "acknowledged": false, "created_timestamp": at, "hash": hash });
    Inbound::system(
        "customer_identity_changed",
        &format!("{name}'s security code changed"),
    )
    .inside("identity", identity)
}

/// The field `user_id_update`: both ids of a person, structured.
pub fn user_id_update(
    number: &Number,
    customer: &Customer,
    previous: &str,
    current: &str,
    at: i64,
) -> Change {
    let mut update = Map::new();
    put(&mut update, "wa_id", customer.wa_id.as_deref());
    put(
        &mut update,
        "detail",
        Some("The user id of this user has changed."),
    );
    update.insert(
        "user_id".to_owned(),
        json!({ "previous": previous, "current": current }),
    );
    put(&mut update, "timestamp", Some(&at.to_string()));
    let now = customer.clone().with_user_id(current);
    let mut parts = Map::new();
    parts.insert("contacts".to_owned(), json!([now.contact()]));
    parts.insert("user_id_update".to_owned(), json!([update]));
    framed(number, "user_id_update", parts)
}

/// The field `user_preferences`: `stop`, `resume` or `signup` of promotions. The timestamp is a number here.
pub fn preference(number: &Number, customer: &Customer, value: &str, at: i64) -> Change {
    let detail = match value {
        "stop" => "User requested to stop marketing messages",
        "resume" => "User requested to resume marketing messages",
        _ => "User signed up for marketing messages",
    };
    let mut preference = Map::new();
    put(&mut preference, "wa_id", customer.wa_id.as_deref());
    put(&mut preference, "user_id", customer.user_id.as_deref());
    put(&mut preference, "detail", Some(detail));
    put(&mut preference, "category", Some("marketing_messages"));
    put(&mut preference, "value", Some(value));
    preference.insert("timestamp".to_owned(), Value::from(at));
    let mut parts = Map::new();
    parts.insert("contacts".to_owned(), json!([customer.contact()]));
    parts.insert("user_preferences".to_owned(), json!([preference]));
    framed(number, "user_preferences", parts)
}
