//! The hall: works the journal through, one transaction a webhook.

mod account;
mod later;
mod message;
mod people;
pub(crate) mod waking;

use crate::bell::Doorbell;
use crate::clock::Clock;
use channels::{Event, Item, Parsed};
use domain::{JournalId, Timestamp};
use std::panic::catch_unwind;
use std::sync::Arc;
use std::time::Duration;
use store::{
    Change, Channel, Endpoint, JournalEntry, JournalState, Reader, Store, StoreError, WriteTransaction,
};
use tokio_util::sync::CancellationToken;

/// Webhooks that share one transaction. Few enough that a burst does not keep the operator's own writes waiting.
const BATCH: u32 = 64;
/// How many bytes of them, one webhook more or less. Parsed, a body takes several times its size.
const BATCH_BYTES: usize = 8 * 1024 * 1024;
/// Pause after each batch while webhooks come in faster than that.
const STAND_BACK: Duration = Duration::from_millis(25);
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
        return take_account_item(transaction, endpoint, entry, &item, troubles);
    };
    let known = transaction.read().channel_of_number(endpoint.kind, number)?;
    // What comes for a number that was disconnected here waits in case it is connected again.
    let Some(channel) = known.filter(|channel| channel.forgotten_at.is_none()) else {
        troubles
            .unassigned
            .push(format!("number {} is not connected", shortened(number)));
        return Ok(());
    };
    if !is_signed_for(transaction, endpoint, &channel)? {
        // Genuine for one app, but speaking for a number of another: not believed.
        troubles.unassigned.push(format!(
            "number {} belongs to another app than the one that signed",
            shortened(number)
        ));
        return Ok(());
    }
    guarded(transaction, troubles, |transaction| {
        take_event(transaction, &channel, item.event, entry.received_at)
    })
}

/// News about the account as a whole concern each of its numbers, unless they name one of them.
fn take_account_item(
    transaction: &mut WriteTransaction<'_>,
    endpoint: &Endpoint,
    entry: &JournalEntry,
    item: &Item,
    troubles: &mut Troubles,
) -> Result<(), StoreError> {
    let address = match &item.event {
        Event::Notice(notice) => notice.address.clone(),
        Event::Template(_) => None,
        Event::Other { field, .. } => return transaction.add_count(&counter_of(field)),
        _ => {
            troubles.unassigned.push("no number is named".to_owned());
            return Ok(());
        }
    };
    let account = item.account_id.as_deref().unwrap_or_default();
    for channel in transaction.read().channels()? {
        let concerned = channel.kind == endpoint.kind
            && channel.account_id.as_deref() == Some(account)
            && is_addressed(&channel, address.as_deref());
        if concerned && is_signed_for(transaction, endpoint, &channel)? {
            let event = item.event.clone();
            guarded(transaction, troubles, |transaction| {
                take_event(transaction, &channel, event, entry.received_at)
            })?;
        }
    }
    Ok(())
}

/// Whether news about `address` (digits) concern a channel; what names no number concerns all.
fn is_addressed(channel: &Channel, address: Option<&str>) -> bool {
    match (address, channel.address.as_deref()) {
        (Some(named), Some(own)) => domain::digits_only(own) == named,
        _ => true,
    }
}

fn is_signed_for(
    transaction: &WriteTransaction<'_>,
    endpoint: &Endpoint,
    channel: &Channel,
) -> Result<bool, StoreError> {
    let own = transaction.read().endpoint(channel.endpoint_id)?;
    Ok(own.secret_fingerprint == endpoint.secret_fingerprint)
}

/// One bad item spoils no sibling; a bad disk stops everything and is tried again.
fn guarded(
    transaction: &mut WriteTransaction<'_>,
    troubles: &mut Troubles,
    take: impl FnOnce(&mut WriteTransaction<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    match transaction.savepoint(take) {
        Err(error) if error.is_about_the_row() => {
            troubles.failed.push(error.to_string());
            Ok(())
        }
        other => other,
    }
}

fn take_event(
    transaction: &mut WriteTransaction<'_>,
    channel: &Channel,
    event: Event,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    match event {
        Event::Message(message) => message::take_message(transaction, channel, *message, received_at),
        Event::Status(report) => message::take_report(transaction, channel, &report, received_at),
        Event::Reaction(reaction) => later::take_reaction(transaction, channel, &reaction, received_at),
        Event::Edit(edit) => later::take_edit(transaction, channel, &edit, received_at),
        Event::Revoke(revoke) => later::take_revoke(transaction, channel, &revoke, received_at),
        Event::Person(news) => people::take_person(transaction, &news, received_at),
        Event::Handover(handover) => people::take_handover(transaction, channel, &handover, received_at),
        Event::Notice(notice) => account::take_notice(transaction, channel, &notice, received_at),
        Event::Template(news) => account::take_template_news(transaction, channel, &news, received_at),
        Event::Other { field, .. } => transaction.add_count(&counter_of(&field)),
    }
}

/// Returns the beginning of an id: what somebody sends as a number may be a book.
fn shortened(id: &str) -> String {
    id.chars().take(40).collect()
}

/// Where webhooks are counted that this version cannot read.
const UNREAD: &str = "webhook_field_";

/// Returns the webhook fields this version could not read, and how often each came.
pub fn unread_fields(reader: Reader<'_>) -> Result<Vec<(String, i64)>, StoreError> {
    reader.counts(UNREAD)
}

fn counter_of(field: &str) -> String {
    let field: String = field
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
        .take(60)
        .collect();
    format!("{UNREAD}{field}")
}
