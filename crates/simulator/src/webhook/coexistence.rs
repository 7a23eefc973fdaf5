//! A number that is also used in the business's phone app (`whatsapp-cloud-api.md` 4.4).

use serde_json::{Map, Value, json};

use super::{Change, Customer, Inbound, Number, framed, put};
use crate::graph::GraphError;

/// A message the owner typed on the phone: the element of `message_echoes[]`.
pub fn echo_item(number: &Number, customer: &Customer, what: &Inbound, wamid: &str, at: i64) -> Value {
    let mut item = Map::new();
    put(&mut item, "from", Some(digits(number)));
    put(&mut item, "to", customer.wa_id.as_deref());
    put(&mut item, "to_user_id", customer.user_id.as_deref());
    item.extend(anonymous(what, wamid, at));
    Value::Object(item)
}

/// The field `smb_message_echoes` with one message. Its contact has no profile name.
pub fn phone_echo(number: &Number, customer: &Customer, what: &Inbound, wamid: &str, at: i64) -> Change {
    echo(number, "smb_message_echoes", customer, what, wamid, at)
}

/// The field `message_echoes`: the same from another app.
pub fn app_echo(number: &Number, customer: &Customer, what: &Inbound, wamid: &str, at: i64) -> Change {
    echo(number, "message_echoes", customer, what, wamid, at)
}

fn echo(number: &Number, field: &str, customer: &Customer, what: &Inbound, wamid: &str, at: i64) -> Change {
    let mut contact = Map::new();
    put(&mut contact, "wa_id", customer.wa_id.as_deref());
    put(&mut contact, "user_id", customer.user_id.as_deref());
    let mut parts = Map::new();
    parts.insert("contacts".to_owned(), json!([contact]));
    let item = echo_item(number, customer, what, wamid, at);
    parts.insert("message_echoes".to_owned(), json!([item]));
    framed(number, field, parts)
}

/// The field `smb_app_state_sync`: a contact of the phone's address book was added, changed or removed.
pub fn address_book(number: &Number, customer: &Customer, action: &str, at: i64) -> Change {
    let mut contact = Map::new();
    put(&mut contact, "full_name", customer.name.as_deref());
    let first = customer
        .name
        .as_deref()
        .and_then(|name| name.split_whitespace().next());
    put(&mut contact, "first_name", first);
    put(&mut contact, "phone_number", customer.wa_id.as_deref());
    put(&mut contact, "user_id", customer.user_id.as_deref());
    put(&mut contact, "username", customer.username.as_deref());
    let item = json!({
        "type": "contact", "contact": contact, "action": action, "metadata": { "timestamp": at.to_string() },
    });
    let mut parts = Map::new();
    parts.insert("state_sync".to_owned(), json!([item]));
    framed(number, "smb_app_state_sync", parts)
}

/// Where a part of the history stands among its siblings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk {
    /// 0: the last day, 1: up to 90 days, 2: up to 180.
    pub phase: u8,
    /// The order within the phase; chunks arrive in any order.
    pub order: u32,
    /// Percent done.
    pub progress: u8,
}

/// An earlier message of the customer, with what had become of it (`READ`, `DELIVERED`, …).
pub fn past_inbound(customer: &Customer, what: &Inbound, wamid: &str, at: i64, status: &str) -> Value {
    with_status(what.message(customer, wamid, at), status)
}

/// An earlier message of the shop.
pub fn past_outbound(
    number: &Number,
    customer: &Customer,
    what: &Inbound,
    wamid: &str,
    at: i64,
    status: &str,
) -> Value {
    with_status(echo_item(number, customer, what, wamid, at), status)
}

/// What stands in the history for a file, until [`past_file`] brings it.
pub fn placeholder() -> Inbound {
    Inbound::raw("media_placeholder", None)
}

/// The field `history` with one conversation.
pub fn history(number: &Number, chunk: Chunk, customer: &Customer, messages: &[Value]) -> Change {
    let mut context = Map::new();
    put(&mut context, "wa_id", customer.wa_id.as_deref());
    put(&mut context, "user_id", customer.user_id.as_deref());
    put(&mut context, "username", customer.username.as_deref());
    let part = json!({
        "metadata": { "phase": chunk.phase, "chunk_order": chunk.order, "progress": chunk.progress },
        "threads": [{ "id": customer.address(), "context": context, "messages": messages }],
    });
    let mut parts = Map::new();
    parts.insert("history".to_owned(), json!([part]));
    framed(number, "history", parts)
}

/// The second webhook of the field `history`: a file of an earlier message under the id of its placeholder. Meta gives
/// the hash in hex here.
pub fn past_file(number: &Number, customer: &Customer, what: &Inbound, wamid: &str, at: i64) -> Change {
    let mut parts = Map::new();
    parts.insert("contacts".to_owned(), json!([customer.contact()]));
    parts.insert("messages".to_owned(), json!([what.message(customer, wamid, at)]));
    framed(number, "history", parts)
}

/// The owner did not want to share the history (2593109).
pub fn history_declined(number: &Number) -> Change {
    let mut error = GraphError::of(2_593_109)
        .details("History sharing is turned off by the business from the WhatsApp Business App");
    "History sync is turned off by the business from the WhatsApp Business App".clone_into(&mut error.title);
    let mut parts = Map::new();
    parts.insert(
        "history".to_owned(),
        json!([{ "errors": [error.webhook_body()] }]),
    );
    framed(number, "history", parts)
}

fn digits(number: &Number) -> &str {
    number.display_phone_number.trim_start_matches('+')
}

/// The message without a sender.
fn anonymous(what: &Inbound, wamid: &str, at: i64) -> Map<String, Value> {
    match what.message(&Customer::default(), wamid, at) {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn with_status(mut message: Value, status: &str) -> Value {
    if let Value::Object(map) = &mut message {
        map.insert("history_context".to_owned(), json!({ "status": status }));
    }
    message
}
