//! Several agents on one number, and calls (`whatsapp-cloud-api.md` 4.6, 4.7).

use serde_json::{Map, Value, json};

use super::{Change, Customer, Inbound, Number, coexistence, field, framed, put};

/// `messaging_handovers`: the thread changed hands. `kind` is `control_passed` or `control_taken`. There is no
/// `metadata`; the number stands under `recipient`.
pub fn handover(
    number: &Number,
    customer: &Customer,
    kind: &str,
    roles: (&str, &str),
    summary: Option<&str>,
    at: i64,
) -> Change {
    let digits = number.display_phone_number.trim_start_matches('+');
    let mut sender = Map::new();
    put(&mut sender, "phone_number", customer.wa_id.as_deref());
    put(&mut sender, "user_id", customer.user_id.as_deref());
    let mut control = Map::new();
    put(&mut control, "previous_owner_role", Some(roles.0));
    put(&mut control, "new_owner_role", Some(roles.1));
    if let Some(summary) = summary {
        let context = json!({ "type": "summary", "summary": { "text": summary } });
        control.insert("conversation_context".to_owned(), context);
    }
    let value = json!({
        "messaging_product": "whatsapp",
        "recipient": { "display_phone_number": digits, "phone_number_id": number.phone_number_id },
        "sender": sender,
        "type": kind,
        "timestamp": at.to_string(),
        kind: control,
    });
    field(number, "messaging_handovers", value)
}

/// `standby`: a customer writes while another agent owns the thread.
pub fn standby(number: &Number, customer: &Customer, what: &Inbound, wamid: &str, at: i64) -> Change {
    let inside = json!({
        "contacts": [customer.contact()],
        "messages": [what.message(customer, wamid, at)],
    });
    in_standby(number, inside)
}

/// `standby`: the other agent answers.
pub fn standby_echo(number: &Number, customer: &Customer, what: &Inbound, wamid: &str, at: i64) -> Change {
    let mut body = match coexistence::echo_item(number, customer, what, wamid, at) {
        Value::Object(item) => item,
        _ => Map::new(),
    };
    body.retain(|key, _| !matches!(key.as_str(), "from" | "id" | "timestamp"));
    body.insert("messaging_product".to_owned(), Value::from("whatsapp"));
    let echo = json!({ "id": wamid, "timestamp": at.to_string(), "message": body });
    in_standby(number, json!({ "message_echoes": [echo] }))
}

fn in_standby(number: &Number, inside: Value) -> Change {
    let mut parts = Map::new();
    parts.insert("standby".to_owned(), inside);
    framed(number, "standby", parts)
}

/// `calls`: the customer calls (`connect`), or a call has ended (`terminate`) with `COMPLETED` or `FAILED`.
pub fn call(
    number: &Number,
    customer: &Customer,
    id: &str,
    event: &str,
    status: Option<&str>,
    at: i64,
) -> Change {
    let mut item = Map::new();
    put(&mut item, "id", Some(id));
    put(&mut item, "from", customer.wa_id.as_deref());
    put(&mut item, "from_user_id", customer.user_id.as_deref());
    let digits = number.display_phone_number.trim_start_matches('+');
    put(&mut item, "to", Some(digits));
    put(&mut item, "event", Some(event));
    put(&mut item, "direction", Some("USER_INITIATED"));
    put(&mut item, "timestamp", Some(&at.to_string()));
    put(&mut item, "status", status);
    if event == "connect" {
        let session = json!({ "sdp_type": "offer", "sdp": "v=0\r\n" });
        item.insert("session".to_owned(), session);
    }
    let mut parts = Map::new();
    parts.insert("contacts".to_owned(), json!([customer.contact()]));
    parts.insert("calls".to_owned(), json!([item]));
    framed(number, "calls", parts)
}

/// `calls`: what became of a call of ours (`RINGING`, `ACCEPTED`, `REJECTED`).
pub fn call_status(number: &Number, customer: &Customer, id: &str, status: &str, at: i64) -> Change {
    let item = json!({
        "id": id, "type": "call", "status": status, "recipient_id": customer.address(), "timestamp": at.to_string(),
    });
    let mut parts = Map::new();
    parts.insert("statuses".to_owned(), json!([item]));
    framed(number, "calls", parts)
}
