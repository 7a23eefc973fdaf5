//! The room: registers whoever is due, one after the other.

use super::{Switchboard, chain};
use crate::bell::Doorbell;
use domain::{ChannelId, StepState, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;
use store::{Change, StoreError};
use tokio_util::sync::CancellationToken;

/// The longest the room sleeps without looking into the table, should the clock have been changed meanwhile.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// The pause while the database cannot be used.
const TROUBLE: Duration = Duration::from_secs(5);

/// Registers what is due until cancelled.
pub(crate) async fn run(board: Switchboard, cancel: CancellationToken) {
    if let Err(error) = name_interrupted(&board).await {
        tracing::warn!(%error, "registrations that were broken off are named later");
    }
    let mut bell = Doorbell::new(board.store.changes(), Change::Connection);
    loop {
        let wait = tokio::select! {
            () = cancel.cancelled() => return,
            done = register_due(&board) => match done {
                Ok(wait) => wait,
                Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::error!(%error, "addresses are registered once the database can be used again");
                    TROUBLE
                }
            },
        };
        tokio::select! {
            () = cancel.cancelled() => return,
            () = board.registrar.bell.notified() => {}
            // Somebody may have put something into the table.
            open = bell.ring() => if !open { return },
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// What was under way when this room ended waits for its turn again.
async fn name_interrupted(board: &Switchboard) -> Result<(), StoreError> {
    let _turn = board.registrar.turn.lock().await;
    board
        .store
        .write(|transaction| {
            for mut known in transaction.read().registrations()? {
                if known.state == StepState::Running {
                    known.state = StepState::Waiting;
                    transaction.put_registration(&known)?;
                }
            }
            Ok(())
        })
        .await
}

/// Registers the channels that are due; returns how long to sleep.
async fn register_due(board: &Switchboard) -> Result<Duration, StoreError> {
    let now = board.clock.now();
    let status = board.way.status();
    let is_told = |url| board.registrar.knows(url, status.since);
    if !status.online().is_some_and(is_told) {
        // The address comes with a ring; what is due waits for it.
        return Ok(LONGEST_SLEEP);
    }
    let mut asks = board.registrar.take();
    // The others are looked at because the address may be another one.
    let wished = asks.some.clone();
    let (due, next) = due(board, now, asks.all, &asks.some).await?;
    let all = std::mem::take(&mut asks.all);
    asks.some = due
        .iter()
        .filter(|channel| all || wished.contains(channel))
        .cloned()
        .collect();
    for channel in due {
        match chain::register(board, &channel, wished.contains(&channel)).await {
            Ok(_) | Err(StoreError::NotFound { .. }) => asks.some.remove(&channel),
            Err(error) => return Err(error),
        };
    }
    Ok(next
        .map_or(LONGEST_SLEEP, |at| at.since(now))
        .clamp(Duration::from_millis(50), LONGEST_SLEEP))
}

/// Returns the channels that are due, and when the next one will be.
async fn due(
    board: &Switchboard,
    now: Timestamp,
    all: bool,
    some: &BTreeSet<ChannelId>,
) -> Result<(Vec<ChannelId>, Option<Timestamp>), StoreError> {
    let (channels, known) = board
        .store
        .read(|reader| Ok((reader.channels()?, reader.registrations()?)))
        .await?;
    let mut due = Vec::new();
    let mut next: Option<Timestamp> = None;
    for channel in channels {
        let at = match known.iter().find(|known| known.channel_id == channel.id) {
            _ if all || some.contains(&channel.id) => Some(now),
            // It was never begun.
            None => Some(now),
            Some(known) => known.due_at,
        };
        match at {
            Some(at) if at <= now => due.push(channel.id),
            Some(at) => next = Some(next.map_or(at, |next| next.min(at))),
            None => {}
        }
    }
    Ok((due, next))
}
