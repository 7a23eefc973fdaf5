//! Reads one message, and what is about a message: reactions, changes and deletions
//! (whatsapp-cloud-api, sections 2 and 4.4).

use super::content::{self, Content};
use super::news::{self, Renamed};
use super::person::{self, People, Person};
use super::{Unreadable, fingerprint};
use crate::inbound::{Event, InboundEdit, InboundMessage, InboundReaction, InboundRevoke};
use crate::whatsapp::lenient;
use domain::{Direction, Failure, Forwarded, Identity, IdentityKind, Reached, Source, Timestamp};
use serde_json::Value;

/// Types that are about another message or about the person, and renew no window (section 12, point 14).
const NO_WINDOW: [&str; 5] = ["reaction", "system", "edit", "revoke", "request_welcome"];

/// What stands in place of a quoted message's id when there is none (section 2.2, `edit`).
const NO_QUOTE: &str = "M0";

/// What the messages of one list have in common.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    /// Which way they came.
    pub(super) source: Source,
    /// Whether the business said all of them.
    pub(super) is_echo: bool,
    /// The people their webhook describes.
    pub(super) contacts: &'a People,
    /// Digits of our own number.
    pub(super) own_number: Option<&'a str>,
    /// The customer all of them are about.
    pub(super) thread: Option<&'a Person>,
    /// That customer's user name.
    pub(super) thread_username: Option<&'a str>,
    /// Whether there is only one.
    pub(super) alone: bool,
    /// Errors of the webhook that speak of messages without content.
    pub(super) errors: &'a [Failure],
}

/// What is known before the content is looked at.
struct Head {
    provider_id: String,
    source: Source,
    direction: Direction,
    identities: Vec<Identity>,
    name: Option<String>,
    username: Option<String>,
    sent_at: Option<Timestamp>,
    group_id: Option<String>,
    reached: Option<Reached>,
}

/// Reads one element of `messages` or `message_echoes`. What it tells about a person follows it.
pub(super) fn read(raw: Value, frame: &Frame<'_>) -> Result<Vec<Event>, Unreadable> {
    if !raw.is_object() {
        return Err(("expected an object", raw));
    }
    // In standby, what another program sent lies one level deeper (section 4.6).
    let body = raw
        .get("message")
        .filter(|body| frame.is_echo && body.is_object() && lenient::id(raw.get("type")).is_none())
        .unwrap_or(&raw);
    let direction = direction(&raw, frame);
    let group_id = group_id(&raw, body, direction);
    let customer = customer(&raw, body, direction, frame);
    let contact = frame.contacts.contact(&customer, frame.alone);
    let renamed = news::renamed(body, &customer);
    let identities = match (&renamed, &group_id) {
        (Some(Renamed { old, .. }), _) if !old.is_empty() => old.clone(),
        (_, Some(group)) if direction == Direction::Outbound => {
            Identity::new(IdentityKind::GroupId, group).into_iter().collect()
        }
        _ => customer.identities(contact),
    };
    let identities = match renamed {
        Some(Renamed { ref new, .. }) if identities.is_empty() => new.clone(),
        _ if identities.is_empty() => news::named_in_system(body),
        _ => identities,
    };
    if identities.is_empty() {
        return Err(("the message does not say who wrote it", raw));
    }
    let (name, username) = person::profile(contact);
    let head = Head {
        provider_id: lenient::id(raw.get("id")).unwrap_or_else(|| fingerprint(&raw)),
        source: frame.source,
        direction,
        identities,
        name,
        username: username.or_else(|| frame.thread_username.map(str::to_owned)),
        sent_at: lenient::moment(raw.get("timestamp")),
        group_id,
        reached: reached(&raw, direction, frame),
    };
    let original_kind = content::original_kind(body);
    let object = content::object(body, &original_kind);
    let about_another = object.and_then(|object| match original_kind.to_ascii_lowercase().as_str() {
        "reaction" => reaction(&head, object),
        "edit" => edit(&head, object, &raw),
        "revoke" => revoke(&head, object),
        _ => None,
    });
    if let Some(event) = about_another {
        return Ok(vec![event]);
    }
    let mut errors = lenient::failures(body.get("errors"));
    errors.extend(lenient::failures(object.and_then(|object| object.get("errors"))));
    if errors.is_empty() && content::wants_errors(body) {
        errors.extend_from_slice(frame.errors);
    }
    let about_person = match &renamed {
        Some(renamed) => news::of_renamed(
            renamed,
            head.name.as_deref(),
            head.username.as_deref(),
            head.sent_at,
        ),
        None if direction == Direction::Inbound => {
            news::of_shared_number(body, &head.identities, head.sent_at)
        }
        None => None,
    };
    let message = message(head, body, errors, raw.clone());
    let mut events = vec![Event::Message(Box::new(message))];
    events.extend(about_person.map(|news| Event::Person(Box::new(news))));
    Ok(events)
}

/// Returns who said it: in histories both sides stand in one list (section 4.4).
fn direction(raw: &Value, frame: &Frame<'_>) -> Direction {
    if frame.is_echo {
        return Direction::Outbound;
    }
    if frame.source != Source::History {
        return Direction::Inbound;
    }
    let sender = Person::named(raw, "from_user_id", "from_parent_user_id", "from");
    let recipient = Person::named(raw, "to_user_id", "to_parent_user_id", "to");
    let is_ours = |person: &Person| {
        frame
            .own_number
            .zip(person.number.as_deref())
            .is_some_and(|(own, number)| own == number)
    };
    let is_customer = |person: &Person| frame.thread.is_some_and(|thread| person.is(thread));
    let said_by_us = if is_ours(&sender) || is_customer(&recipient) {
        true
    } else if is_ours(&recipient) || is_customer(&sender) {
        false
    } else {
        // Nobody else takes part in a thread.
        sender.is_nobody() && !recipient.is_nobody() || !sender.is_nobody() && frame.thread.is_some()
    };
    if said_by_us {
        Direction::Outbound
    } else {
        Direction::Inbound
    }
}

/// Returns the customer's side, whoever wrote.
fn customer(raw: &Value, body: &Value, direction: Direction, frame: &Frame<'_>) -> Person {
    let customer = match direction {
        Direction::Inbound => Person::named(raw, "from_user_id", "from_parent_user_id", "from"),
        Direction::Outbound => {
            let told = Person::named(raw, "to_user_id", "to_parent_user_id", "to");
            let sent = Person::named(body, "recipient", "recipient_parent_user_id", "to");
            told.completed_by(&sent)
        }
    };
    match frame.thread {
        Some(thread) => customer.completed_by(thread),
        None => customer,
    }
}

fn group_id(raw: &Value, body: &Value, direction: Direction) -> Option<String> {
    let sent_to_group = || {
        let kind = lenient::id(body.get("recipient_type")).or_else(|| lenient::id(raw.get("recipient_type")));
        let is_group = kind.is_some_and(|kind| kind.eq_ignore_ascii_case("group"));
        lenient::id(body.get("to"))
            .or_else(|| lenient::id(raw.get("to")))
            .filter(|_| is_group && direction == Direction::Outbound)
    };
    lenient::id(raw.get("group_id"))
        .or_else(|| lenient::id(body.get("group_id")))
        .or_else(sent_to_group)
}

/// Returns how far it had come, for what the business said elsewhere.
fn reached(raw: &Value, direction: Direction, frame: &Frame<'_>) -> Option<Reached> {
    if direction == Direction::Inbound {
        return None;
    }
    if frame.source != Source::History {
        return Some(Reached::Sent);
    }
    let status = lenient::id(raw.pointer("/history_context/status"))?.to_ascii_lowercase();
    match status.as_str() {
        "error" => Some(Reached::Failed),
        word => word.parse().ok(),
    }
}

fn message(head: Head, body: &Value, errors: Vec<Failure>, raw: Value) -> InboundMessage {
    let Content {
        kind,
        original_kind,
        text,
        payload,
        attachment,
    } = content::read(body, &errors);
    let context = body.get("context");
    let opens_window = head.direction == Direction::Inbound
        && !NO_WINDOW.contains(&original_kind.to_ascii_lowercase().as_str());
    InboundMessage {
        provider_id: head.provider_id,
        source: head.source,
        direction: head.direction,
        identities: head.identities,
        name: head.name,
        username: head.username,
        sent_at: head.sent_at,
        kind,
        original_kind,
        text,
        reply_to: context.and_then(quoted),
        forwarded: context.map_or(Forwarded::No, forwarded),
        referral: body
            .get("referral")
            .filter(|referral| referral.is_object())
            .cloned(),
        payload,
        attachment,
        raw,
        group_id: head.group_id,
        opens_window,
        reached: head.reached,
        errors,
    }
}

/// Returns the id of the message that is answered; bodies that are sent call it `message_id` (section 5.1).
fn quoted(context: &Value) -> Option<String> {
    lenient::id(context.get("id"))
        .or_else(|| lenient::id(context.get("message_id")))
        .filter(|id| id != NO_QUOTE)
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

fn reaction(head: &Head, object: &Value) -> Option<Event> {
    let target = lenient::id(object.get("message_id"))?;
    Some(Event::Reaction(Box::new(InboundReaction {
        provider_id: head.provider_id.clone(),
        direction: head.direction,
        identities: head.identities.clone(),
        name: head.name.clone(),
        username: head.username.clone(),
        target,
        emoji: lenient::id(object.get("emoji")),
        at: head.sent_at,
        group_id: head.group_id.clone(),
    })))
}

fn edit(head: &Head, object: &Value, raw: &Value) -> Option<Event> {
    let target = lenient::id(object.get("original_message_id"))?;
    let body = object.get("message").filter(|body| body.is_object())?;
    let inner = Head {
        provider_id: target.clone(),
        source: head.source,
        direction: head.direction,
        identities: head.identities.clone(),
        name: head.name.clone(),
        username: head.username.clone(),
        sent_at: head.sent_at,
        group_id: head.group_id.clone(),
        reached: head.reached,
    };
    let errors = lenient::failures(body.get("errors"));
    let mut message = message(inner, body, errors, raw.clone());
    message.opens_window = false;
    Some(Event::Edit(Box::new(InboundEdit {
        provider_id: head.provider_id.clone(),
        target,
        message,
    })))
}

fn revoke(head: &Head, object: &Value) -> Option<Event> {
    let target = lenient::id(object.get("original_message_id"))?;
    Some(Event::Revoke(Box::new(InboundRevoke {
        provider_id: head.provider_id.clone(),
        target,
        direction: head.direction,
        identities: head.identities.clone(),
        at: head.sent_at,
        group_id: head.group_id.clone(),
    })))
}
