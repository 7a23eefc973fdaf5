//! The room that reads leads: what customers say of themselves and of what they want, away from the path of a reply.
//!
//! It works its own tray of messages. Nothing waits for it, and a message it cannot read is tried again and then left
//! alone, so that no fault of it delays an answer.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method itself is not general enough over the lifetime of a reader"
)]

mod hand;
pub(crate) mod intake;
pub(crate) mod model;
mod reading;

use crate::bell::Doorbell;
use crate::clock::Clock;
use crate::study::mind::Minds;
use domain::{MessageId, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use store::{Change, Store, StoreError};
use tokio_util::sync::CancellationToken;

pub(crate) use reading::{held_of, shop};

/// Messages that are taken out of the tray at once.
const HANDFUL: u32 = 32;
/// How long a message rests that could not be read.
const REST: Duration = Duration::from_secs(30);
/// Pause when the database cannot be used.
const TROUBLE: Duration = Duration::from_secs(2);
/// The longest the room sleeps without looking into its tray, should the clock have been changed meanwhile.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);

/// What the room needs.
#[derive(Debug, Clone)]
pub(crate) struct LeadRoom {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) minds: Arc<Minds>,
}

/// Reads what is due until cancelled.
pub(crate) async fn run(room: LeadRoom, cancel: CancellationToken) {
    let mut bell = Doorbell::new(room.store.changes(), Change::LeadTasks);
    loop {
        let sleep = match work(&room, &cancel).await {
            Ok(sleep) => sleep,
            Err(StoreError::Closed) => return,
            Err(error) => {
                tracing::error!(%error, "leads are read when the database can be used again");
                TROUBLE
            }
        };
        tokio::select! {
            () = cancel.cancelled() => return,
            open = bell.ring() => if !open { return },
            () = tokio::time::sleep(sleep) => {}
        }
    }
}

/// Empties the tray as far as it is due; returns how long to sleep when nothing rings.
async fn work(room: &LeadRoom, cancel: &CancellationToken) -> Result<Duration, StoreError> {
    loop {
        let now = room.clock.now();
        let due = room
            .store
            .read(move |reader| reader.due_lead_tasks(now, HANDFUL))
            .await?;
        for (message, tries) in &due {
            if cancel.is_cancelled() {
                return Ok(LONGEST_SLEEP);
            }
            read(room, *message, *tries, now).await?;
        }
        if due.is_empty() {
            let next = room.store.read(|reader| reader.next_lead_task_at()).await?;
            let sleep = next.map_or(LONGEST_SLEEP, |at| at.since(now));
            return Ok(sleep.clamp(Duration::from_millis(20), LONGEST_SLEEP));
        }
    }
}

/// Reads one message. Whatever goes wrong with it is its own trouble.
async fn read(room: &LeadRoom, message: MessageId, tries: u32, now: Timestamp) -> Result<(), StoreError> {
    let trouble = match reading::read(room, message, now).await {
        Ok(()) => return Ok(()),
        Err(StoreError::Closed) => return Err(StoreError::Closed),
        Err(error) => error,
    };
    tracing::error!(%message, tries, %trouble, "a message could not be read for what it says of a lead");
    room.store
        .write(move |transaction| transaction.retry_lead_task(message, REST, now))
        .await
}
