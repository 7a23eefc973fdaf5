//! Reads one message or one status (whatsapp-cloud-api, sections 2 and 3).

use super::lenient;
use crate::inbound::{InboundMessage, StatusReport};
use domain::{Forwarded, Identity, IdentityKind, MessageKind};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Why something could not be read, and the thing itself.
type Unreadable = (&'static str, Value);

/// Types that are about another message or about the person, and renew no window (section 12, point 14).
const NO_WINDOW: [&str; 5] = ["reaction", "system", "edit", "revoke", "request_welcome"];

/// Reads one element of `messages`.
pub(super) fn message(raw: Value, contacts: &[Value]) -> Result<InboundMessage, Unreadable> {
    let Value::Object(keys) = &raw else {
        return Err(("expected an object", raw));
    };
    let sender = Person {
        bsuid: lenient::id(keys.get("from_user_id")),
        parent: lenient::id(keys.get("from_parent_user_id")),
        number: lenient::digits(keys.get("from")),
    };
    let contact = sender.contact(contacts);
    let mut identities = sender.identities(contact);
    if identities.is_empty() {
        identities = changed_person(keys);
    }
    if identities.is_empty() {
        return Err(("the message does not say who wrote it", raw));
    }

    let original_kind = lenient::id(keys.get("type")).unwrap_or_else(|| "unknown".to_owned());
    let content = keys.get(&original_kind);
    let words = content.and_then(|content| words(&original_kind, content));
    let (kind, payload) = match words {
        Some(_) if original_kind == "text" => (MessageKind::Text, Value::Null),
        _ => (MessageKind::Unknown, content.cloned().unwrap_or(Value::Null)),
    };
    let context = keys.get("context");
    let profile = contact.and_then(|contact| contact.get("profile"));
    Ok(InboundMessage {
        provider_id: lenient::id(keys.get("id")).unwrap_or_else(|| fingerprint(&raw)),
        source: domain::Source::Live,
        direction: domain::Direction::Inbound,
        identities,
        name: profile.and_then(|profile| lenient::id(profile.get("name"))),
        username: profile.and_then(|profile| lenient::id(profile.get("username"))),
        sent_at: lenient::moment(keys.get("timestamp")),
        kind,
        text: words,
        reply_to: context.and_then(|context| lenient::id(context.get("id"))),
        forwarded: context.map_or(Forwarded::No, forwarded),
        referral: keys
            .get("referral")
            .filter(|referral| referral.is_object())
            .cloned(),
        payload,
        attachment: None,
        reached: None,
        group_id: lenient::id(keys.get("group_id")),
        opens_window: !NO_WINDOW.contains(&original_kind.as_str()),
        errors: lenient::failures(keys.get("errors")),
        original_kind,
        raw,
    })
}

/// Reads one element of `statuses`.
pub(super) fn status(raw: Value, contacts: &[Value]) -> Result<StatusReport, Unreadable> {
    let Value::Object(keys) = &raw else {
        return Err(("expected an object", raw));
    };
    let Some(provider_id) = lenient::id(keys.get("id")) else {
        return Err(("the status does not say which message it is about", raw));
    };
    let Some(original_status) = lenient::id(keys.get("status")) else {
        return Err(("the status does not say what happened", raw));
    };
    // In a group, the recipient is the group and the person stands beside it (section 3.1).
    let is_group = keys.contains_key("recipient_participant_id")
        || keys.contains_key("recipient_participant_user_id")
        || lenient::id(keys.get("recipient_type")).is_some_and(|kind| kind == "group");
    let recipient = if is_group {
        Person {
            bsuid: lenient::id(keys.get("recipient_participant_user_id")),
            parent: None,
            number: lenient::digits(keys.get("recipient_participant_id")),
        }
    } else {
        Person {
            bsuid: lenient::id(keys.get("recipient_user_id")),
            parent: lenient::id(keys.get("recipient_parent_user_id"))
                .or_else(|| lenient::id(keys.get("parent_recipient_user_id"))),
            number: lenient::digits(keys.get("recipient_id")),
        }
    };
    Ok(StatusReport {
        provider_id,
        reached: original_status.to_ascii_lowercase().parse().ok(),
        original_status,
        at: lenient::moment(keys.get("timestamp")),
        failure: lenient::failures(keys.get("errors")).into_iter().next(),
        reference: lenient::id(keys.get("biz_opaque_callback_data")),
        identities: recipient.identities(recipient.contact(contacts)),
        name: None,
        username: None,
        pricing: None,
        free_until: None,
        raw,
    })
}

/// The names an item itself gives to a person.
struct Person {
    bsuid: Option<String>,
    parent: Option<String>,
    /// Digits of the WhatsApp id or phone number.
    number: Option<String>,
}

impl Person {
    /// Returns the contact that is this person: the one with the same id, else the only one there is (section 1.6).
    fn contact<'a>(&self, contacts: &'a [Value]) -> Option<&'a Value> {
        contacts
            .iter()
            .find(|contact| self.compare(contact) == Some(true))
            .or(match contacts {
                [only] => Some(only),
                _ => None,
            })
    }

    /// Returns whether a contact is the same person; `None` when they share no kind of id that could tell.
    fn compare(&self, contact: &Value) -> Option<bool> {
        let bsuid = lenient::id(contact.get("user_id"));
        let number = lenient::digits(contact.get("wa_id"));
        let same_bsuid = self.bsuid.as_ref().zip(bsuid).map(|(own, other)| *own == other);
        let same_number = self.number.as_ref().zip(number).map(|(own, other)| *own == other);
        match (same_bsuid, same_number) {
            (None, None) => None,
            (bsuid, number) => Some(bsuid == Some(true) || number == Some(true)),
        }
    }

    /// Returns all names of this person, best first. A contact that has other ids lends no name of its own:
    /// two people must never become one.
    fn identities(&self, contact: Option<&Value>) -> Vec<Identity> {
        let contact = contact.filter(|contact| self.compare(contact) != Some(false));
        let from_contact = |key: &str| contact.and_then(|contact| lenient::id(contact.get(key)));
        let wa_id = from_contact("wa_id").or_else(|| self.number.clone());
        let phone = self.number.clone().or_else(|| wa_id.clone());
        [
            (
                IdentityKind::Bsuid,
                self.bsuid.clone().or_else(|| from_contact("user_id")),
            ),
            (
                IdentityKind::ParentBsuid,
                self.parent.clone().or_else(|| from_contact("parent_user_id")),
            ),
            (IdentityKind::WaId, wa_id),
            (IdentityKind::Phone, phone),
        ]
        .into_iter()
        .filter_map(|(kind, value)| Identity::new(kind, &value?))
        .collect()
    }
}

/// A notice about a changed id may name nobody but in itself; the old names are the ones we know (section 2.5).
fn changed_person(keys: &Map<String, Value>) -> Vec<Identity> {
    let Some(system) = keys.get("system") else {
        return Vec::new();
    };
    let person = |bsuid: &str, parent: &str, number: Option<&str>| Person {
        bsuid: lenient::id(system.get(bsuid)),
        parent: lenient::id(system.get(parent)),
        number: number.and_then(|number| lenient::digits(system.get(number))),
    };
    let old = person("previous_user_id", "previous_parent_user_id", None).identities(None);
    if old.is_empty() {
        person("user_id", "parent_user_id", Some("wa_id")).identities(None)
    } else {
        old
    }
}

/// Returns what a person would read: the body, the caption, the title of the button or line that was chosen, or the
/// name of the place (sections 2.1 to 2.4).
fn words(kind: &str, content: &Value) -> Option<String> {
    let said =
        |pointer: &str| lenient::text(content.pointer(pointer)).filter(|words| !words.trim().is_empty());
    match kind {
        "text" => body(content),
        "image" | "video" | "document" => said("/caption"),
        "button" => said("/text"),
        "interactive" => said("/button_reply/title").or_else(|| said("/list_reply/title")),
        "location" => said("/name"),
        _ => None,
    }
}

/// Returns the words of a text message, empty ones included.
fn body(content: &Value) -> Option<String> {
    match content {
        Value::Object(content) => lenient::text(content.get("body")),
        bare => lenient::text(Some(bare)),
    }
}

fn forwarded(context: &Value) -> Forwarded {
    if lenient::truth(context.get("frequently_forwarded")) {
        Forwarded::Often
    } else if lenient::truth(context.get("forwarded")) {
        Forwarded::Once
    } else {
        Forwarded::No
    }
}

/// Returns an id for a message that came without one: the same content gives the same id, in whatever order its keys
/// are written.
fn fingerprint(raw: &Value) -> String {
    let digest = Sha256::digest(canonical(raw).to_string().as_bytes());
    format!("none:{}", hex::encode(digest))
}

fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(keys) => {
            let mut sorted: Vec<(&String, &Value)> = keys.iter().collect();
            sorted.sort_by_key(|(key, _)| *key);
            Value::Object(
                sorted
                    .into_iter()
                    .map(|(key, value)| (key.clone(), canonical(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(canonical).collect()),
        scalar => scalar.clone(),
    }
}
