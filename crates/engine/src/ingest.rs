//! The hall: works the journal through, one transaction a webhook.

use crate::bell::Doorbell;
use crate::clock::Clock;
use channels::{Event, InboundMessage, Item, Parsed, StatusReport};
use domain::{DeliveryEvent, Identity, IdentityKind, JournalId, MessageKind, Timestamp};
use serde_json::Value;
use std::panic::catch_unwind;
use std::sync::Arc;
use std::time::Duration;
use store::{
    Change, Channel, Endpoint, JournalEntry, JournalState, NewInbound, Store, StoreError, WriteTransaction,
};
use tokio_util::sync::CancellationToken;

/// Webhooks that share one transaction. Few enough that a burst does not keep the operator's own writes waiting.
const BATCH: u32 = 64;
/// How many bytes of them, one webhook more or less. Parsed, a body takes several times its size.
const BATCH_BYTES: usize = 8 * 1024 * 1024;
/// Pause after each batch while webhooks come in faster than that.
const STAND_BACK: Duration = Duration::from_millis(25);
/// How far the provider's clock may be ahead of ours.
const FUTURE: Duration = Duration::from_hours(24);
/// Pause when the database cannot be used.
const TROUBLE: Duration = Duration::from_millis(500);

/// How a replay went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Worked through completely.
    pub processed: u64,
    /// Partly for a number we do not know.
    pub unassigned: u64,
    /// Not understood.
    pub failed: u64,
}

/// Works the tray through whenever the front door rings, until cancelled.
pub(crate) async fn run(store: Store, clock: Arc<dyn Clock>, cancel: CancellationToken) {
    let mut bell = Doorbell::new(store.changes(), Change::Journal);
    loop {
        match drain(&store, &*clock, &cancel).await {
            Ok(()) => tokio::select! {
                () = cancel.cancelled() => return,
                open = bell.ring() => if !open { return },
            },
            Err(StoreError::Closed) => return,
            Err(error) => {
                tracing::error!(%error, "webhooks wait until the database can be used again");
                tokio::select! {
                    () = cancel.cancelled() => return,
                    () = tokio::time::sleep(TROUBLE) => {}
                }
            }
        }
    }
}

async fn drain(store: &Store, clock: &dyn Clock, cancel: &CancellationToken) -> Result<(), StoreError> {
    let mut newest_before: Option<JournalId> = None;
    while !cancel.is_cancelled() {
        let (batch, newest) = store
            .read(|reader| {
                Ok((
                    reader.pending_webhooks(BATCH, BATCH_BYTES)?,
                    reader.newest_webhook()?,
                ))
            })
            .await?;
        if batch.is_empty() {
            return Ok(());
        }
        if is_flood(newest_before, newest) {
            tokio::select! {
                () = cancel.cancelled() => return Ok(()),
                () = tokio::time::sleep(STAND_BACK) => {}
            }
        }
        newest_before = newest;
        work_through(store, batch, clock.now()).await?;
    }
    Ok(())
}

/// Whether webhooks come in faster than they are worked through. Then the front door goes first: the provider waits
/// for its answer, what is on disk can wait a moment.
fn is_flood(before: Option<JournalId>, now: Option<JournalId>) -> bool {
    before
        .zip(now)
        .is_some_and(|(before, now)| now.0.saturating_sub(before.0) > i64::from(BATCH))
}

/// Works stored webhooks through again; nothing is doubled, since every message is unique by its provider's id and
/// reports merge. `state`: only those; all when `None`. Not to be called while ingest runs.
pub async fn replay(
    store: &Store,
    clock: &dyn Clock,
    state: Option<JournalState>,
    id: Option<JournalId>,
) -> Result<Replayed, StoreError> {
    let ids = match id {
        Some(id) => vec![id],
        None => store.read(move |reader| reader.webhook_ids(state)).await?,
    };
    let mut replayed = Replayed::default();
    for id in ids {
        let entry = store.read(move |reader| reader.webhook(id)).await?;
        if entry.state == JournalState::Refused {
            return Err(StoreError::Conflict(format!(
                "Entry {id} was refused at the door since it is not JSON; there is nothing in it to work through."
            )));
        }
        for state in work_through(store, vec![entry], clock.now()).await? {
            match state {
                JournalState::Unassigned => replayed.unassigned += 1,
                JournalState::Failed => replayed.failed += 1,
                _ => replayed.processed += 1,
            }
        }
    }
    Ok(replayed)
}

async fn work_through(
    store: &Store,
    batch: Vec<JournalEntry>,
    now: Timestamp,
) -> Result<Vec<JournalState>, StoreError> {
    // Parsing is done before the transaction, where it keeps nobody waiting.
    let parsed: Vec<(JournalEntry, Option<Parsed>)> = batch
        .into_iter()
        .map(|entry| {
            // The parser is written not to panic. Should it, one webhook fails and not the room.
            let parsed = catch_unwind(|| channels::whatsapp::parse(&entry.body)).ok();
            (entry, parsed)
        })
        .collect();
    store
        .write(move |transaction| {
            parsed
                .into_iter()
                .map(|(entry, parsed)| settle_or_fail(transaction, &entry, parsed, now))
                .collect()
        })
        .await
}

/// What went wrong with one webhook.
#[derive(Default)]
struct Troubles {
    unassigned: Vec<String>,
    failed: Vec<String>,
}

/// Settles one webhook. One that cannot be settled is marked as failed rather than tried for ever, with all that came
/// after it waiting behind it.
fn settle_or_fail(
    transaction: &mut WriteTransaction<'_>,
    entry: &JournalEntry,
    parsed: Option<Parsed>,
    now: Timestamp,
) -> Result<JournalState, StoreError> {
    match transaction.savepoint(|transaction| settle(transaction, entry, parsed, now)) {
        Err(error) if error.is_about_the_row() => {
            tracing::error!(entry = %entry.id, %error, "a webhook could not be worked through");
            let state = JournalState::Failed;
            transaction.settle_webhook(entry.id, state, Some(&error.to_string()), now)?;
            Ok(state)
        }
        other => other,
    }
}

fn settle(
    transaction: &mut WriteTransaction<'_>,
    entry: &JournalEntry,
    parsed: Option<Parsed>,
    now: Timestamp,
) -> Result<JournalState, StoreError> {
    let mut troubles = Troubles::default();
    match parsed {
        Some(parsed) => {
            let endpoint = transaction.read().endpoint(entry.endpoint_id)?;
            troubles.failed.extend(
                parsed
                    .failures
                    .iter()
                    .map(|f| format!("{}: {}", f.path, f.reason)),
            );
            for item in parsed.items {
                take_item(transaction, &endpoint, entry, item, &mut troubles)?;
            }
        }
        None => troubles.failed.push("the parser stopped".to_owned()),
    }
    let (state, mut why) = if !troubles.failed.is_empty() {
        (JournalState::Failed, troubles.failed)
    } else if !troubles.unassigned.is_empty() {
        (JournalState::Unassigned, troubles.unassigned)
    } else {
        (JournalState::Processed, Vec::new())
    };
    why.dedup();
    why.truncate(20);
    let why = (!why.is_empty()).then(|| why.join("; "));
    if let Some(why) = &why {
        tracing::warn!(entry = %entry.id, %state, why, "a webhook could not be worked through completely");
    }
    transaction.settle_webhook(entry.id, state, why.as_deref(), now)?;
    Ok(state)
}

fn take_item(
    transaction: &mut WriteTransaction<'_>,
    endpoint: &Endpoint,
    entry: &JournalEntry,
    item: Item,
    troubles: &mut Troubles,
) -> Result<(), StoreError> {
    let Some(number) = item.number_id.as_deref() else {
        // News about the account as a whole. Counted until it has a place of its own.
        if let Event::Other { field, .. } = &item.event {
            transaction.add_count(&counter_of(field))?;
        } else {
            troubles.unassigned.push("no number is named".to_owned());
        }
        return Ok(());
    };
    let Some(channel) = transaction.read().channel_of_number(endpoint.kind, number)? else {
        troubles
            .unassigned
            .push(format!("number {} is not connected", shortened(number)));
        return Ok(());
    };
    if transaction
        .read()
        .endpoint(channel.endpoint_id)?
        .secret_fingerprint
        != endpoint.secret_fingerprint
    {
        // Genuine for one app, but speaking for a number of another: not believed.
        troubles.unassigned.push(format!(
            "number {} belongs to another app than the one that signed",
            shortened(number)
        ));
        return Ok(());
    }
    let taken = transaction.savepoint(|transaction| match item.event {
        Event::Message(message) => take_message(transaction, &channel, *message, entry.received_at),
        Event::Status(report) => take_report(transaction, &channel, &report, entry.received_at),
        Event::Other { field, .. } => transaction.add_count(&counter_of(&field)),
        _ => Ok(()),
    });
    match taken {
        // One bad item spoils no sibling; a bad disk stops everything and is tried again.
        Err(error) if error.is_about_the_row() => {
            troubles.failed.push(error.to_string());
            Ok(())
        }
        other => other,
    }
}

/// Returns the beginning of an id: what somebody sends as a number may be a book.
fn shortened(id: &str) -> String {
    id.chars().take(40).collect()
}

fn counter_of(field: &str) -> String {
    let field: String = field
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .take(60)
        .collect();
    format!("webhook_field_{field}")
}

fn take_message(
    transaction: &mut WriteTransaction<'_>,
    channel: &Channel,
    message: InboundMessage,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    let known = transaction
        .read()
        .message_with_provider_id(&channel.id, &message.provider_id)?;
    if known.is_some() {
        // Delivered again, or replayed: what it said about its sender then may be out of date by now.
        return Ok(());
    }
    // A group lies apart: what is said there is no part of anybody's own conversation with us.
    let group = message
        .group_id
        .as_deref()
        .and_then(|id| Identity::new(IdentityKind::GroupId, id));
    let (identities, name) = match group {
        Some(group) => (vec![group], None),
        None => (message.identities, message.name.as_deref()),
    };
    if identities.is_empty() {
        // Its id is not told: it contains the customer's number.
        return Err(StoreError::Conflict(
            "a message names nobody as its sender".to_owned(),
        ));
    }
    // A moment far ahead of our own clock is a mistake of the sender's; believed, it would keep the window open.
    let sent_at = message
        .sent_at
        .filter(|at| at.since(received_at) < FUTURE)
        .unwrap_or(received_at);
    let contact_id = transaction.find_or_add_contact(&identities, name, received_at)?;
    let conversation_id = transaction.find_or_add_conversation(&channel.id, contact_id, received_at)?;
    let is_text = message.kind == MessageKind::Text;
    transaction.add_inbound(&NewInbound {
        conversation_id,
        channel_id: channel.id.clone(),
        contact_id,
        kind: message.kind,
        original_kind: message.original_kind,
        text: message.text,
        provider_id: message.provider_id,
        reply_to: message.reply_to,
        sent_at,
        received_at,
        payload: (message.payload != Value::Null).then_some(message.payload),
        referral: message.referral,
        raw: (!is_text).then_some(message.raw),
        forwarded: message.forwarded,
        opens_window: message.opens_window,
    })?;
    Ok(())
}

fn take_report(
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
    if let Some(message) = reported {
        let contact = transaction.read().message(message)?.contact_id;
        let known = transaction.read().identities(contact)?;
        // A report about a message to a group names one of its members, who is not the group.
        if !known
            .iter()
            .any(|identity| identity.kind == IdentityKind::GroupId)
        {
            transaction.learn_identities(contact, &report.identities, received_at)?;
        }
    }
    Ok(())
}
