//! What was said, and what became of what we said.

use super::{later, people, waking};
use crate::refusal;
use channels::{InboundAttachment, InboundMessage, StatusReport};
use domain::{
    DeliveryEvent, Direction, Identity, IdentityKind, MessageId, MessageKind, Source, Timestamp, silence,
};
use serde_json::{Value, json};
use std::time::Duration;
use store::{Channel, Charge, NewAttachment, NewInbound, StoreError, WriteTransaction};

/// How far the provider's clock may be ahead of ours.
const FUTURE: Duration = Duration::from_hours(24);
/// Who answers while another program owns a thread and did not say who it is.
pub(super) const ANOTHER_PROGRAM: &str = "another program";

/// Returns when something happened by the provider's clock. A moment far ahead of our own clock is a mistake of the
/// sender's; believed, it would keep the window open.
pub(super) fn moment(at: Option<Timestamp>, received_at: Timestamp) -> Timestamp {
    at.filter(|at| at.since(received_at) < FUTURE)
        .unwrap_or(received_at)
}

/// Stores something that was said. Said twice, it is stored once.
pub(super) fn take_message(
    transaction: &mut WriteTransaction<'_>,
    channel: &Channel,
    message: InboundMessage,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    let known = transaction
        .read()
        .message_with_provider_id(&channel.id, &message.provider_id)?;
    // A group lies apart: what is said there is no part of anybody's own conversation with us.
    let group = message
        .group_id
        .as_deref()
        .and_then(|id| Identity::new(IdentityKind::GroupId, id));
    let in_group = group.is_some();
    if let Some(id) = known {
        return complete(transaction, channel, id, message, in_group, received_at);
    }
    let sender = in_group.then(|| people::called(&message)).flatten();
    let (identities, name) = match group {
        Some(group) => (vec![group], None),
        None => (message.identities.clone(), message.name.as_deref()),
    };
    if identities.is_empty() {
        // Its id is not told: it contains the customer's number.
        return Err(StoreError::Conflict(
            "a message names nobody as its sender".to_owned(),
        ));
    }
    let contact_id = transaction.find_or_add_contact(&identities, name, received_at)?;
    if let Some(username) = message.username.as_deref().filter(|_| !in_group) {
        transaction.note_username(contact_id, username)?;
    }
    if message.source == Source::Live && message.direction == Direction::Inbound {
        transaction.prefer_identities(contact_id, &identities, received_at)?;
    }
    let conversation_id = transaction.find_or_add_conversation(&channel.id, contact_id, received_at)?;
    let (provider_id, source, direction) = (message.provider_id.clone(), message.source, message.direction);
    let attachment = fetchable(&message);
    let new = new_inbound(channel, message, in_group, sender, received_at, |new| {
        new.conversation_id = conversation_id;
        new.contact_id = contact_id;
    });
    let Some(id) = transaction.add_inbound(&new)? else {
        return Ok(());
    };
    if let Some(attachment) = attachment {
        transaction.add_inbound_attachment(id, &new_attachment(attachment), received_at)?;
    }
    later::catch_up(transaction, channel, id, &provider_id)?;
    note_owner(transaction, conversation_id, source, direction)?;
    // Last: whoever owns the thread now decides whether the assistant may consider it.
    waking::notice(transaction, id, &new)
}

/// A message that is known already: delivered again, or replayed. Only what was left open is filled in; what it said
/// about its sender then may be out of date by now.
fn complete(
    transaction: &mut WriteTransaction<'_>,
    channel: &Channel,
    id: MessageId,
    message: InboundMessage,
    in_group: bool,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    let known = transaction.read().message(id)?;
    if known.direction != message.direction {
        return Ok(());
    }
    if known.revoked {
        // The customer wrote all the same, and their change may have come first.
        if message.opens_window {
            transaction.renew_window(known.conversation_id, moment(message.sent_at, received_at))?;
        }
        return Ok(());
    }
    if message.source == Source::Live && known.source != Source::Live && !in_group {
        // From the past only the number came along; the message itself names its writer in full.
        transaction.unite_contact(known.contact_id, &message.identities, received_at)?;
    }
    let was_placeholder = known.original_kind == PLACEHOLDER && message.original_kind != PLACEHOLDER;
    // A call is told when it begins and when it ends; the end says more, whichever comes first.
    let call_ended = known.kind == MessageKind::Call
        && message.kind == MessageKind::Call
        && !has_ended(known.payload.as_ref())
        && has_ended(Some(&message.payload));
    // Its change came first and had to stand for it: this is how it read before.
    if known.edited && message.provider_id == known.provider_id.clone().unwrap_or_default() {
        // A change opens no window; the message does, however late it comes.
        if message.opens_window {
            transaction.renew_window(known.conversation_id, moment(message.sent_at, received_at))?;
        }
        return transaction.add_first_version(
            id,
            message.text.as_deref(),
            Some(&message.payload).filter(|payload| !payload.is_null()),
            moment(message.sent_at, received_at),
        );
    }
    if !was_placeholder && !call_ended {
        return Ok(());
    }
    let attachment = fetchable(&message).filter(|_| was_placeholder);
    let (conversation_id, contact_id) = (known.conversation_id, known.contact_id);
    let new = new_inbound(channel, message, in_group, known.sender, received_at, |new| {
        new.conversation_id = conversation_id;
        new.contact_id = contact_id;
        if was_placeholder {
            // Nothing of the placeholder stays.
            new.payload.get_or_insert_with(|| json!({}));
        }
    });
    transaction.complete_message(id, &new)?;
    if let Some(attachment) = attachment {
        transaction.add_inbound_attachment(id, &new_attachment(attachment), received_at)?;
    }
    Ok(())
}

/// Returns the file of a message, unless WhatsApp itself could not load it: then there is nothing to fetch, and the
/// error says so.
fn fetchable(message: &InboundMessage) -> Option<InboundAttachment> {
    message
        .attachment
        .clone()
        .filter(|file| file.media_id.is_some() || file.url.is_some() || message.errors.is_empty())
}

/// The type of a message of the past whose file follows (whatsapp-cloud-api, section 4.4).
const PLACEHOLDER: &str = "media_placeholder";

fn has_ended(payload: Option<&Value>) -> bool {
    payload
        .and_then(|payload| payload.get("event"))
        .and_then(Value::as_str)
        == Some("terminate")
}

fn new_inbound(
    channel: &Channel,
    message: InboundMessage,
    in_group: bool,
    sender: Option<String>,
    received_at: Timestamp,
    place: impl FnOnce(&mut NewInbound),
) -> NewInbound {
    let is_text = message.kind == MessageKind::Text;
    let mut new = NewInbound {
        conversation_id: domain::ConversationId(0),
        channel_id: channel.id.clone(),
        contact_id: domain::ContactId(0),
        source: message.source,
        direction: message.direction,
        sender,
        silence: silence(message.kind, message.direction, message.source, in_group),
        kind: message.kind,
        original_kind: message.original_kind,
        text: message.text,
        provider_id: message.provider_id,
        reply_to: message.reply_to,
        sent_at: moment(message.sent_at, received_at),
        received_at,
        payload: (message.payload != Value::Null).then_some(message.payload),
        referral: message.referral,
        raw: (!is_text).then_some(message.raw),
        forwarded: message.forwarded,
        opens_window: message.opens_window,
        reached: message.reached,
        failure: message.errors.into_iter().next(),
    };
    place(&mut new);
    new
}

fn new_attachment(attachment: InboundAttachment) -> NewAttachment {
    NewAttachment {
        media_id: attachment.media_id,
        url: attachment.url,
        claimed_mime: attachment.mime_type,
        claimed_sha256: attachment
            .sha256
            .as_deref()
            .and_then(media::Sha256Sum::parse_any)
            .map(|sum| sum.hex()),
        claimed_name: attachment.file_name,
        animated: attachment.animated,
    }
}

/// The provider hands a message to whoever owns the thread; the others hear of it in standby.
fn note_owner(
    transaction: &mut WriteTransaction<'_>,
    conversation: domain::ConversationId,
    source: Source,
    direction: Direction,
) -> Result<(), StoreError> {
    let owner = transaction.read().conversation(conversation)?.thread_owner;
    match source {
        Source::Standby if owner.is_none() => {
            transaction.set_thread_owner(conversation, Some(ANOTHER_PROGRAM))
        }
        Source::Live if direction == Direction::Inbound && owner.is_some() => {
            transaction.set_thread_owner(conversation, None)
        }
        _ => Ok(()),
    }
}

/// Adds a report to the message it is about.
pub(super) fn take_report(
    transaction: &mut WriteTransaction<'_>,
    channel: &Channel,
    report: &StatusReport,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    let Some(reached) = report.reached else {
        // A status we do not know changes no tick.
        return transaction.add_count("status_of_unknown_kind");
    };
    let event = DeliveryEvent {
        reached,
        at: report.at.unwrap_or(received_at),
        failure: report.failure.clone(),
    };
    let reference = report.reference.as_deref();
    let reported =
        transaction.report_delivery(&channel.id, &report.provider_id, reference, &event, received_at)?;
    let Some(id) = reported else {
        return Ok(());
    };
    let message = transaction.read().message(id)?;
    let contact = message.contact_id;
    transaction.unite_contact(contact, &report.identities, received_at)?;
    // The contact may have become part of an older one.
    let contact = transaction.read().contact(contact)?;
    if !contact.is_group() {
        if let Some(username) = &report.username {
            transaction.note_username(contact.id, username)?;
        }
        if contact.name.is_none()
            && let Some(name) = &report.name
        {
            transaction.note_name(contact.id, name, false)?;
        }
    }
    let conversation = transaction.read().message(id)?.conversation_id;
    let code = event.failure.as_ref().and_then(|failure| failure.code);
    refusal::heed(transaction, conversation, code, event.at)?;
    if let Some(pricing) = &report.pricing {
        let charge = Charge {
            category: pricing.category.clone().unwrap_or_else(|| "unknown".to_owned()),
            kind: pricing.kind.clone(),
            billable: pricing.billable,
        };
        transaction.note_charge(&channel.id, &report.provider_id, &charge, event.at)?;
    }
    if let Some(until) = report.free_until {
        transaction.note_free_until(conversation, until)?;
    }
    Ok(())
}
