//! News about people, and about who answers them.

use super::message::moment;
use channels::whatsapp::canonical;
use channels::{Handover, InboundMessage, PersonNews};
use domain::{Direction, EscalationReason, Forwarded, MessageKind, Silence, Source, Timestamp};
use sha2::{Digest as _, Sha256};
use store::{Channel, NewInbound, StoreError, WriteTransaction};

/// Roles whose work is done by people at a desk like this one (whatsapp-cloud-api, section 4.6).
const ROLES_OF_PEOPLE: [&str; 2] = ["customer_service", "escalation"];

/// Returns what the writer of a message in a group is called.
pub(super) fn called(message: &InboundMessage) -> Option<String> {
    let number = || {
        message
            .identities
            .iter()
            .find(|identity| {
                matches!(
                    identity.kind,
                    domain::IdentityKind::Phone | domain::IdentityKind::WaId
                )
            })
            .map(|identity| domain::international(&identity.value))
    };
    message
        .name
        .clone()
        .or_else(|| message.username.clone())
        .or_else(number)
}

/// Remembers what was told about a person. Two who turn out to be one are one from now on.
pub(super) fn take_person(
    transaction: &mut WriteTransaction<'_>,
    news: &PersonNews,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    let all: Vec<_> = news.known_as.iter().chain(&news.also).cloned().collect();
    let contact = match transaction.unite(&all, received_at)? {
        Some(contact) => contact,
        None if news.add_when_unknown && !all.is_empty() => {
            transaction.find_or_add_contact(&all, None, received_at)?
        }
        None => return Ok(()),
    };
    transaction.prefer_identities(contact, &news.also, received_at)?;
    if let Some(name) = &news.name {
        transaction.note_name(contact, name, news.from_address_book)?;
    }
    if let Some(username) = &news.username {
        transaction.note_username(contact, username)?;
    }
    if let Some(takes) = news.marketing {
        transaction.note_marketing(contact, takes, moment(news.at, received_at))?;
    }
    Ok(())
}

/// Notes who answers in a conversation from now on, with a line in the thread.
pub(super) fn take_handover(
    transaction: &mut WriteTransaction<'_>,
    channel: &Channel,
    handover: &Handover,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    if handover.identities.is_empty() {
        return transaction.add_count("handover_of_nobody");
    }
    let contact_id = transaction.find_or_add_contact(&handover.identities, None, received_at)?;
    let conversation_id = transaction.find_or_add_conversation(&channel.id, contact_id, received_at)?;
    let digest = Sha256::digest(canonical(&handover.raw).to_string().as_bytes());
    let added = transaction.add_inbound(&NewInbound {
        conversation_id,
        channel_id: channel.id.clone(),
        contact_id,
        source: Source::Live,
        direction: Direction::Inbound,
        sender: None,
        kind: MessageKind::System,
        original_kind: "messaging_handovers".to_owned(),
        text: handover.summary.clone(),
        provider_id: format!("none:{}", hex::encode(digest)),
        reply_to: None,
        sent_at: moment(handover.at, received_at),
        received_at,
        payload: Some(serde_json::json!({
            "new_owner": handover.new_owner,
            "previous_owner": handover.previous_owner,
        })),
        referral: None,
        raw: Some(handover.raw.clone()),
        forwarded: Forwarded::No,
        opens_window: false,
        silence: Some(Silence::Notice),
        reached: None,
        failure: None,
    })?;
    if added.is_none() {
        return Ok(());
    }
    let owner = handover.new_owner.as_deref();
    if owner.is_some_and(|owner| ROLES_OF_PEOPLE.contains(&owner)) {
        transaction.set_thread_owner(conversation_id, None)?;
        return transaction.ask_for_person(conversation_id, EscalationReason::HandedOver, received_at);
    }
    transaction.set_thread_owner(
        conversation_id,
        Some(owner.unwrap_or(super::message::ANOTHER_PROGRAM)),
    )
}
