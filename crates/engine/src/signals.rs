//! Small signs to customers: our reactions, read marks, typing marks. Each may be given twice without harm, so it is
//! simply tried until it is taken.

use crate::account::account;
use crate::bell::Doorbell;
use crate::dispatcher::PostRoom;
use crate::letter::recipient;
use channels::SendOutcome;
use channels::whatsapp::{Account, errors};
use domain::{Next, SendClass, SendFailure, Timestamp, next_step};
use std::time::Duration;
use store::{Change, Signal, SignalKind, StoreError};
use tokio_util::sync::CancellationToken;

/// Pause when the database or the vault cannot be used.
const TROUBLE: Duration = Duration::from_secs(5);
/// The longest the room sleeps without looking into its tray, should the clock have been changed meanwhile.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);
/// How often a reaction is tried. After that it is told that it did not arrive.
const MOST_TRIES: u32 = 8;
/// Signs given in one round.
const ROUND: u32 = 32;

/// Gives the signs that are due until cancelled.
pub(crate) async fn run(room: PostRoom, cancel: CancellationToken) {
    let mut bell = Doorbell::new(room.store.changes(), Change::Signals);
    loop {
        let wake = tokio::select! {
            () = cancel.cancelled() => return,
            given = give_due(&room) => match given {
                Ok(wake) => wake,
                Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::error!(%error, "reactions and read marks wait until the database can be used again");
                    TROUBLE
                }
            },
        };
        tokio::select! {
            () = cancel.cancelled() => return,
            open = bell.ring() => if !open { return },
            () = tokio::time::sleep(wake) => {}
        }
    }
}

/// Gives every sign that is due; returns how long to sleep when nobody rings.
async fn give_due(room: &PostRoom) -> Result<Duration, StoreError> {
    loop {
        let now = room.clock.now();
        let due = room
            .store
            .read(move |reader| reader.due_signals(now, ROUND))
            .await?;
        if due.is_empty() {
            let next = room.store.read(move |reader| reader.next_signal_at(now)).await?;
            return Ok(next
                .map_or(LONGEST_SLEEP, |at| at.since(now))
                .clamp(Duration::from_millis(10), LONGEST_SLEEP));
        }
        for signal in due {
            give(room, signal).await?;
        }
    }
}

async fn give(room: &PostRoom, signal: Signal) -> Result<(), StoreError> {
    let (id, now) = (signal.id, room.clock.now());
    let outcome = match account(&room.vault, &signal.channel).await {
        Ok(account) => ask(room, &account, &signal).await,
        Err(trouble) => {
            tracing::warn!(channel = %signal.channel.id, %trouble, "the secrets of a channel cannot be read");
            Outcome::Later(now.plus(Duration::from_mins(1)))
        }
    };
    room.store
        .write(move |transaction| match outcome {
            Outcome::Given => transaction.settle_signal(id),
            Outcome::Later(at) => transaction.put_off_signal(id, at),
            Outcome::Never(why) => transaction.fail_signal(id, &why),
        })
        .await
}

enum Outcome {
    Given,
    Later(Timestamp),
    Never(String),
}

async fn ask(room: &PostRoom, account: &Account, signal: &Signal) -> Outcome {
    let typing = signal.kind == SignalKind::Typing;
    let refusal = if signal.kind == SignalKind::Reaction {
        let Some(to) = recipient(&signal.identities) else {
            return Outcome::Never("There is no number or id to send this reaction to.".to_owned());
        };
        match room
            .graph
            .send_reaction(account, &to, &signal.target, &signal.emoji)
            .await
        {
            SendOutcome::Accepted { .. } => return Outcome::Given,
            SendOutcome::Refused(failure) => failure,
            // The same reaction twice is one reaction.
            SendOutcome::Unknown { reason } => passing(reason),
        }
    } else {
        match room.graph.mark_read(account, &signal.target, typing).await {
            Ok(()) => return Outcome::Given,
            Err(failure) => SendFailure {
                class: failure.class,
                code: failure.code,
                subcode: failure.subcode,
                title: failure.words.to_owned(),
                detail: failure.detail,
                retry_after: None,
            },
        }
    };
    tracing::info!(code = refusal.code, class = ?refusal.class, "a reaction or read mark was not taken");
    let tries = signal.tries.saturating_add(1);
    if tries >= MOST_TRIES {
        return Outcome::Never(words(&refusal));
    }
    match next_step(&refusal, tries, room.clock.now(), 0.5) {
        Next::Retry(at) | Next::HoldChannel { until: at, .. } => Outcome::Later(at),
        Next::Fail => Outcome::Never(words(&refusal)),
    }
}

fn words(failure: &SendFailure) -> String {
    match failure.code {
        Some(_) => errors::words(failure.code, failure.subcode).to_owned(),
        None => failure.title.clone(),
    }
}

fn passing(reason: String) -> SendFailure {
    SendFailure {
        class: SendClass::Transient { tries: MOST_TRIES },
        code: None,
        subcode: None,
        title: "WhatsApp gave no answer, so it is not known whether this arrived".to_owned(),
        detail: Some(reason),
        retry_after: None,
    }
}
