//! The export records of the outer interface.

use crate::present::message::record as message_record;
use domain::{BotMode, ConversationId, Timestamp};
use serde_json::{Value, json};
use store::{Channel, Contact, Conversation, Reader, StoreError};

/// Hands every record to `each`: channels, contacts, conversations, messages. `only`: just that conversation.
pub fn records(
    reader: Reader<'_>,
    only: Option<ConversationId>,
    mut each: impl FnMut(Value) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let one = only.map(|id| reader.conversation(id)).transpose()?;
    for channel in reader.all_channels()? {
        if one.as_ref().is_none_or(|one| one.channel_id == channel.id) {
            each(channel_record(&channel))?;
        }
    }
    for contact in reader.contacts(only)? {
        each(contact_record(&contact))?;
    }
    for id in reader.conversation_ids()? {
        if only.is_none_or(|only| only == id) {
            each(conversation_record(&reader.conversation(id)?))?;
        }
    }
    reader.each_message(only, |message| each(message_record(reader, &message)?))
}

fn channel_record(channel: &Channel) -> Value {
    json!({
        "type": "channel",
        "id": channel.id.as_str(),
        "kind": channel.kind.as_str(),
        "name": channel.name,
        "mode": channel.mode.unwrap_or(BotMode::Off).as_str(),
    })
}

fn contact_record(contact: &Contact) -> Value {
    let identities: Vec<Value> = contact
        .identities
        .iter()
        .map(|identity| json!({"kind": identity.kind.as_str(), "value": identity.value}))
        .collect();
    json!({
        "type": "contact",
        "id": contact.id.to_string(),
        "name": contact.name,
        "identities": identities,
    })
}

fn conversation_record(conversation: &Conversation) -> Value {
    json!({
        "type": "conversation",
        "id": conversation.id.to_string(),
        "channel_id": conversation.channel_id.as_str(),
        "contact_id": conversation.contact_id.to_string(),
        "override": conversation.mode.map(BotMode::as_str),
        "effective_mode": conversation.effective_mode.as_str(),
        "holder": conversation.holder.as_str(),
        "attention": conversation.attention,
        "window_closes_at": conversation.window.closes_at().map(Timestamp::to_rfc3339),
        "unread": conversation.unread,
    })
}
