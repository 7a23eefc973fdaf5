//! The export records of the outer interface.

use crate::present::message::record as message_record;
use domain::{BotMode, ConversationId, Skill, Timestamp};
use serde_json::{Value, json};
use store::{Channel, Contact, Conversation, Draft, Lead, LeadFilter, Reader, StoreError};

/// Drafts that are read at once.
const DRAFTS: u32 = 1_000_000;

/// Hands every record to `each`: channels, contacts, conversations, messages, drafts, leads. `only`: just that conversation.
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
    reader.each_message(only, |message| each(message_record(reader, &message)?))?;
    let mut drafts = reader.drafts(only, true, DRAFTS)?;
    drafts.reverse();
    let skills = reader.skills()?;
    for draft in drafts {
        each(draft_record(reader, &draft, &skills)?)?;
    }
    let person = one.map(|one| one.contact_id);
    for lead in reader.leads(&LeadFilter::default(), None, usize::MAX)? {
        if person.is_none_or(|person| person == lead.contact_id) {
            each(lead_record(reader, &lead)?)?;
        }
    }
    Ok(())
}

fn draft_record(reader: Reader<'_>, draft: &Draft, skills: &[Skill]) -> Result<Value, StoreError> {
    let decision = reader.decision(draft.decision_id)?;
    let skill = decision
        .skill
        .and_then(|(id, _)| skills.iter().find(|skill| skill.id == id))
        .map(|skill| skill.name.as_str());
    // One that is to be compared with what a person writes without having seen it.
    let is_hidden = draft.blind && draft.state == domain::DraftState::Pending;
    Ok(json!({
        "type": "draft",
        "id": draft.id.to_string(),
        "conversation_id": draft.conversation_id.to_string(),
        "text": if is_hidden { "" } else { draft.text.as_str() },
        "state": draft.state.as_str(),
        "skill": skill.filter(|_| !is_hidden),
        "sources": decision.trace.get("sources").cloned().filter(|_| !is_hidden).unwrap_or_else(|| json!([])),
    }))
}

fn lead_record(reader: Reader<'_>, lead: &Lead) -> Result<Value, StoreError> {
    let mut fields = serde_json::Map::new();
    for known in reader.lead_values(lead.id)? {
        if known.value.value.is_empty() {
            continue;
        }
        let field = json!({
            "value": known.value.value,
            "message_id": known.value.message_id.map(|id| id.to_string()),
            "locked": known.locked,
        });
        fields.insert(known.value.field, field);
    }
    Ok(json!({
        "type": "lead",
        "id": lead.id.to_string(),
        "contact_id": lead.contact_id.to_string(),
        "fields": fields,
    }))
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
