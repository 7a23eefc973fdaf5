//! Reads calls and handovers (whatsapp-cloud-api, sections 4.6 and 4.7).

use super::person::{self, People, Person};
use super::{Unreadable, fingerprint};
use crate::inbound::{Event, Handover, InboundMessage};
use crate::whatsapp::lenient;
use domain::{Direction, Forwarded, MessageKind, Source};
use serde_json::{Map, Value};

/// What is kept of a call; the description of its connection names addresses in private networks.
const KEPT: [&str; 6] = [
    "event",
    "status",
    "direction",
    "start_time",
    "end_time",
    "duration",
];

/// Reads one element of `calls`. Its beginning and its end share one id. A call of the customer opens the window
/// (section 9.3).
pub(super) fn call(
    raw: Value,
    contacts: &People,
    own_number: Option<&str>,
    alone: bool,
) -> Result<Event, Unreadable> {
    if !raw.is_object() {
        return Err(("expected an object", raw));
    }
    let caller = Person::named(&raw, "from_user_id", "from_parent_user_id", "from");
    let called = Person::named(&raw, "to_user_id", "to_parent_user_id", "to");
    let is_ours = match lenient::id(raw.get("direction")).map(|way| way.to_ascii_uppercase()) {
        Some(way) if way == "BUSINESS_INITIATED" => true,
        Some(way) if way == "USER_INITIATED" => false,
        _ => own_number.is_some() && caller.number.as_deref() == own_number,
    };
    let customer = if is_ours { called } else { caller };
    let contact = contacts.contact(&customer, alone);
    let identities = customer.identities(contact);
    if identities.is_empty() {
        return Err(("the call does not say whose it is", raw));
    }
    let (name, username) = person::profile(contact);
    let mut payload = Map::new();
    for key in KEPT {
        if let Some(value) = raw
            .get(key)
            .filter(|value| !value.is_null() && !value.is_object())
        {
            payload.insert(key.to_owned(), value.clone());
        }
    }
    Ok(Event::Message(Box::new(InboundMessage {
        provider_id: lenient::id(raw.get("id")).unwrap_or_else(|| fingerprint(&raw)),
        // Deskbell places no calls, so another program did.
        source: if is_ours { Source::Echo } else { Source::Live },
        direction: if is_ours {
            Direction::Outbound
        } else {
            Direction::Inbound
        },
        identities,
        name,
        username,
        sent_at: lenient::moment(raw.get("timestamp")),
        kind: MessageKind::Call,
        original_kind: "call".to_owned(),
        text: None,
        reply_to: None,
        forwarded: Forwarded::No,
        referral: None,
        payload: Value::Object(payload),
        attachment: None,
        group_id: None,
        opens_window: !is_ours,
        reached: None,
        errors: lenient::failures(raw.get("errors")),
        raw,
    })))
}

/// Returns whether a status is about a call; it reports on no message.
pub(super) fn is_about_call(status: &Value) -> bool {
    lenient::id(status.get("type")).is_some_and(|kind| kind.eq_ignore_ascii_case("call"))
        || lenient::id(status.get("id")).is_some_and(|id| id.starts_with("wacid."))
}

/// Reads the value of `messaging_handovers`; one that names no customer comes back unread.
pub(super) fn handover(raw: Value) -> Event {
    let customer = raw.get("sender").map_or_else(Person::default, |sender| {
        Person::named(sender, "user_id", "parent_user_id", "phone_number")
            .completed_by(&person::of_contact(sender))
    });
    let identities = customer.identities(None);
    if identities.is_empty() {
        let field = "messaging_handovers".to_owned();
        return Event::Other { field, raw };
    }
    let named = lenient::id(raw.get("type"));
    let control = named
        .as_deref()
        .into_iter()
        .chain(["control_passed", "control_taken"])
        .find_map(|key| raw.get(key).filter(|control| control.is_object()));
    let read = |pointer: &str| control.and_then(|control| lenient::id(control.pointer(pointer)));
    Event::Handover(Box::new(Handover {
        identities,
        new_owner: read("/new_owner_role"),
        previous_owner: read("/previous_owner_role"),
        summary: read("/conversation_context/summary/text").or_else(|| read("/conversation_context/summary")),
        at: lenient::moment(raw.get("timestamp")),
        raw,
    }))
}
