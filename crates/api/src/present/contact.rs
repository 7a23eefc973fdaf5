//! Turning a stored person into what is shown.

use super::person;
use crate::views::{ContactDetails, ContactView, IdentityView, MergeView};
use domain::{ContactId, IdentityKind, Timestamp, initials, international};
use store::{Conversation, LearntIdentity, Merge, Reader, StoreError};

/// Returns the person of a conversation.
pub(crate) fn of_conversation(conversation: &Conversation) -> ContactView {
    let name = if conversation.group && conversation.contact_name.is_none() {
        "Group".to_owned()
    } else {
        person(
            conversation.contact_name.as_deref(),
            conversation.username.as_deref(),
            conversation.phone.as_deref(),
        )
    };
    ContactView {
        id: conversation.contact_id.to_string(),
        initials: initials(&name),
        name,
        phone: conversation.phone.as_deref().map(international),
        username: conversation.username.as_deref().map(at_sign),
        group: conversation.group,
        blocked: conversation.blocked_at.is_some(),
        marketing_stopped: conversation.marketing_stopped_at.is_some(),
    }
}

/// User names are shown with one `@`, however the provider writes them (whatsapp-cloud-api, section 12, point 17).
fn at_sign(username: &str) -> String {
    format!("@{}", username.strip_prefix('@').unwrap_or(username))
}

/// Everything that is known about a person.
pub(crate) fn details(reader: Reader<'_>, id: ContactId) -> Result<ContactDetails, StoreError> {
    let contact = reader.contact(id)?;
    let conversations = reader.conversations_of(contact.id)?;
    let mut blocked_at = None;
    let mut messages = 0;
    for id in conversations {
        let conversation = reader.conversation(id)?;
        blocked_at = blocked_at.max(conversation.blocked_at);
        messages += reader.count_messages(id)?;
    }
    let group = contact.is_group();
    let name = if group && contact.name.is_none() {
        "Group".to_owned()
    } else {
        person(
            contact.name.as_deref(),
            contact.username.as_deref(),
            contact.phone(),
        )
    };
    Ok(ContactDetails {
        contact: ContactView {
            id: contact.id.to_string(),
            initials: initials(&name),
            name,
            phone: contact.phone().map(international),
            username: contact.username.as_deref().map(at_sign),
            group,
            blocked: blocked_at.is_some(),
            marketing_stopped: contact.marketing_stopped_at.is_some(),
        },
        identities: reader
            .learnt_identities(contact.id)?
            .iter()
            .map(identity)
            .collect(),
        first_seen_at: contact.created_at.to_rfc3339(),
        marketing_stopped_at: contact.marketing_stopped_at.map(Timestamp::to_rfc3339),
        blocked_at: blocked_at.map(Timestamp::to_rfc3339),
        merges: reader.merges_into(contact.id)?.iter().map(merge).collect(),
        messages,
    })
}

fn identity(learnt: &LearntIdentity) -> IdentityView {
    let identity = &learnt.identity;
    let value = match identity.kind {
        IdentityKind::Phone | IdentityKind::WaId => international(&identity.value),
        _ => identity.value.clone(),
    };
    IdentityView {
        kind: identity.kind.as_str(),
        value,
        learnt_at: learnt.learnt_at.to_rfc3339(),
    }
}

fn merge(merge: &Merge) -> MergeView {
    let number = ["phone", "wa_id"].iter().any(|kind| merge.reason.contains(kind));
    let reason = if number && merge.reason.contains("bsuid") {
        "WhatsApp named this number and this WhatsApp account as the same person."
    } else if number {
        "WhatsApp named both numbers as the same person's."
    } else {
        "WhatsApp named both accounts as the same person's."
    };
    MergeView {
        merge_id: merge.id.to_string(),
        name: merge
            .name
            .clone()
            .unwrap_or_else(|| "Customer without a name".to_owned()),
        reason: reason.to_owned(),
        at: merge.at.to_rfc3339(),
    }
}
