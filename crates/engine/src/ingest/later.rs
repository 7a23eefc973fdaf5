//! What happens to a message after it was said: reactions, changes, taking back. Such news may come before the message
//! itself; then they are kept for it.

use super::message::moment;
use channels::{InboundEdit, InboundReaction, InboundRevoke};
use domain::{ContactId, Direction, Identity, MessageId, ReactionBy, Timestamp};
use serde_json::{Value, json};
use store::{Channel, EarlyChange, Message, StoreError, WriteTransaction};

/// Puts a reaction to the message it is about, or takes it away.
pub(super) fn take_reaction(
    transaction: &mut WriteTransaction<'_>,
    channel: &Channel,
    reaction: &InboundReaction,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    let by = match reaction.direction {
        Direction::Inbound => ReactionBy::Customer,
        Direction::Outbound => ReactionBy::Operator,
    };
    let person = match (&reaction.group_id, reaction.identities.first()) {
        (Some(_), Some(identity)) => identity.value.as_str(),
        _ => "",
    };
    if reaction.group_id.is_none() && by == ReactionBy::Customer {
        // Whoever reacts may tell us a new name of theirs; strangers are not remembered for it.
        let known = transaction.unite(&reaction.identities, received_at)?;
        if let (Some(contact), Some(username)) = (known, &reaction.username) {
            transaction.note_username(contact, username)?;
        }
    }
    let change = json!({
        "by": by.as_str(),
        "person": person,
        "emoji": reaction.emoji,
        "at": moment(reaction.at, received_at).0,
        "contact": known_sender(transaction, reaction.group_id.as_deref(), &reaction.identities)?,
    });
    take_change(
        transaction,
        channel,
        &reaction.target,
        &reaction.provider_id,
        &EarlyChange {
            what: "reaction".to_owned(),
            content: change,
        },
        received_at,
    )
}

/// Gives a message its new words.
pub(super) fn take_edit(
    transaction: &mut WriteTransaction<'_>,
    channel: &Channel,
    edit: &InboundEdit,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    let known = transaction
        .read()
        .message_with_provider_id(&channel.id, &edit.target)?;
    if known.is_none() {
        // The message itself was before our time, or comes late: what it says now is what there is to show.
        let mut message = edit.message.clone();
        message.provider_id.clone_from(&edit.target);
        super::message::take_message(transaction, channel, message, received_at)?;
    }
    let change = json!({
        "direction": edit.message.direction.as_str(),
        "provider_id": edit.provider_id,
        "text": edit.message.text,
        "payload": edit.message.payload,
        "at": moment(edit.message.sent_at, received_at).0,
        "contact": known_sender(transaction, edit.message.group_id.as_deref(), &edit.message.identities)?,
    });
    take_change(
        transaction,
        channel,
        &edit.target,
        &edit.provider_id,
        &EarlyChange {
            what: "edit".to_owned(),
            content: change,
        },
        received_at,
    )
}

/// Takes a message back.
pub(super) fn take_revoke(
    transaction: &mut WriteTransaction<'_>,
    channel: &Channel,
    revoke: &InboundRevoke,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    let change = json!({
        "direction": revoke.direction.as_str(),
        "contact": known_sender(transaction, revoke.group_id.as_deref(), &revoke.identities)?,
    });
    take_change(
        transaction,
        channel,
        &revoke.target,
        &revoke.provider_id,
        &EarlyChange {
            what: "revoke".to_owned(),
            content: change,
        },
        received_at,
    )
}

/// Returns who is behind a change, when that is somebody we know. What happens in a group is the group's.
fn known_sender(
    transaction: &WriteTransaction<'_>,
    group: Option<&str>,
    identities: &[Identity],
) -> Result<Option<i64>, StoreError> {
    if group.is_some() {
        return Ok(None);
    }
    let known = transaction.read().contacts_known_as(identities)?;
    Ok(known.first().map(|contact| contact.0))
}

/// Whether somebody else than the customer of a message is behind a change of it.
fn is_a_strangers(
    transaction: &WriteTransaction<'_>,
    message: &Message,
    change: &Value,
) -> Result<bool, StoreError> {
    let Some(sender) = change.get("contact").and_then(Value::as_i64) else {
        return Ok(false);
    };
    // Both may have become part of somebody since.
    let reader = transaction.read();
    Ok(reader.contact(ContactId(sender))?.id != reader.contact(message.contact_id)?.id)
}

fn take_change(
    transaction: &mut WriteTransaction<'_>,
    channel: &Channel,
    target: &str,
    provider_id: &str,
    change: &EarlyChange,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    match transaction.read().message_with_provider_id(&channel.id, target)? {
        Some(id) => apply(transaction, id, change),
        None => transaction.keep_early_change(&channel.id, target, provider_id, change, received_at),
    }
}

/// Does to a message what was told about it before it came.
pub(super) fn catch_up(
    transaction: &mut WriteTransaction<'_>,
    channel: &Channel,
    id: MessageId,
    provider_id: &str,
) -> Result<(), StoreError> {
    for change in transaction.take_early_changes(&channel.id, provider_id)? {
        apply(transaction, id, &change)?;
    }
    Ok(())
}

fn apply(
    transaction: &mut WriteTransaction<'_>,
    id: MessageId,
    change: &EarlyChange,
) -> Result<(), StoreError> {
    let content = &change.content;
    let text = |key: &str| content.get(key).and_then(Value::as_str);
    let at = Timestamp(content.get("at").and_then(Value::as_i64).unwrap_or_default());
    let message = transaction.read().message(id)?;
    if is_a_strangers(transaction, &message, content)? {
        return transaction.add_count("change_of_a_message_of_somebody_else");
    }
    if change.what == "reaction" {
        let by = text("by")
            .and_then(|word| word.parse().ok())
            .unwrap_or(ReactionBy::Customer);
        return transaction.react(id, by, text("person").unwrap_or_default(), text("emoji"), at);
    }
    // Nobody changes or takes back what the other side said.
    if text("direction") != Some(message.direction.as_str()) {
        return transaction.add_count("change_of_a_message_of_the_other_side");
    }
    if change.what == "revoke" {
        return transaction.revoke_message(id);
    }
    let payload = content.get("payload").filter(|payload| !payload.is_null());
    let provider_id = text("provider_id").unwrap_or_default();
    transaction.edit_message(id, provider_id, text("text"), payload, at)
}
