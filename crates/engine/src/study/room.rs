//! The responder's loop: turns that are due, conversations that go back, drafts that expire, customers who wait.

#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method itself is not general enough over the lifetime of a reader"
)]

use super::answer;
use super::brain::Brains;
use super::meanings::Meanings;
use super::mind::Minds;
use super::writing::Writings;
use crate::bell::Doorbell;
use crate::clock::Clock;
use crate::media::Cellar;
use domain::{ConversationId, HeldBy, Timestamp, TurnId, TurnState};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use store::{Change, Store, StoreError, Turn};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use vault::Vault;

/// Turns that are worked on at the same time; one in a conversation.
const AT_ONCE: usize = 4;
/// The longest the room sleeps without looking into its tray, should the clock have been changed meanwhile.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// Pause when the database cannot be used.
const TROUBLE: Duration = Duration::from_secs(1);
/// When the operator is reminded of a customer who waits for a person.
pub(super) const REMINDERS: [Duration; 3] = [
    Duration::from_mins(2),
    Duration::from_mins(10),
    Duration::from_mins(30),
];

/// What the room needs.
#[derive(Debug, Clone)]
pub(crate) struct Study {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) cellar: Cellar,
    pub(crate) minds: Arc<Minds>,
    pub(crate) brains: Arc<Brains>,
    pub(crate) vault: Vault,
    pub(crate) writings: Arc<Writings>,
    pub(crate) meanings: Arc<Meanings>,
}

/// A turn whose task is running.
#[derive(Debug)]
struct Busy {
    turn: TurnId,
    attempt: u32,
    conversation: ConversationId,
    stop: CancellationToken,
}

/// Answers what is due until cancelled.
pub(crate) async fn run(study: Study, cancel: CancellationToken) {
    let mut bell = Doorbell::new(study.store.changes(), Change::Turns);
    let mut busy: HashMap<tokio::task::Id, Busy> = HashMap::new();
    let mut under_way: JoinSet<()> = JoinSet::new();
    // Nothing is under way yet: what stands at `working` was left there by a crash or when this task fell over.
    if let Err(error) = study.store.write(|transaction| transaction.resume_turns()).await {
        tracing::error!(%error, "turns that were interrupted are taken up at the next start");
    }
    while !cancel.is_cancelled() {
        let wake = match look(&study, &mut busy, &mut under_way).await {
            Ok(wake) => wake,
            Err(StoreError::Closed) => break,
            Err(error) => {
                tracing::error!(%error, "the assistant waits until the database can be used again");
                TROUBLE
            }
        };
        tokio::select! {
            () = cancel.cancelled() => break,
            open = bell.ring() => if !open { break },
            Some(ended) = under_way.join_next_with_id() => {
                let (id, fell) = match ended {
                    Ok((id, ())) => (id, false),
                    Err(error) => (error.id(), true),
                };
                if let Some(known) = busy.remove(&id).filter(|_| fell) {
                    tracing::error!(turn = %known.turn, "the assistant fell over a turn");
                    give_back(&study, known.turn).await;
                }
            }
            () = tokio::time::sleep(wake) => {}
        }
    }
    for known in busy.values() {
        known.stop.cancel();
    }
    // Calls to models end at once; what was being decided is decided again at the next start.
    under_way.shutdown().await;
    study.brains.end().await;
}

/// Lets a turn wait again whose task fell over. Its attempts are counted, so that it cannot fall for ever.
async fn give_back(study: &Study, turn: TurnId) {
    let at = study.clock.now().plus(TROUBLE);
    let waits = study.store.write(move |t| t.fail_turn(turn, at)).await;
    if let Err(error) = waits {
        tracing::error!(%error, "a turn is taken up again at the next start");
    }
}

/// Does everything that is due; returns how long to sleep when nothing rings.
async fn look(
    study: &Study,
    busy: &mut HashMap<tokio::task::Id, Busy>,
    under_way: &mut JoinSet<()>,
) -> Result<Duration, StoreError> {
    let now = study.clock.now();
    let returns = give_back_conversations(study, now).await?;
    let reminder = remind(study, now).await?;
    let rest = wake_snoozed(study, now).await?;
    let expiry = study.store.read(|reader| reader.next_draft_end()).await?;
    if expiry.is_some_and(|at| at <= now) {
        study.store.write(move |t| t.expire_drafts(now)).await?;
    }
    stop_overtaken(study, busy).await?;
    let due = study.store.read(move |reader| reader.due_turns(now, 64)).await?;
    let full = under_way.len() + due.len() > AT_ONCE;
    for turn in due {
        if under_way.len() >= AT_ONCE {
            break;
        }
        if busy
            .values()
            .any(|known| known.conversation == turn.conversation_id)
        {
            continue;
        }
        let Some(turn) = claim(study, turn.id, now).await? else {
            continue;
        };
        let stop = CancellationToken::new();
        let known = Busy {
            turn: turn.id,
            attempt: turn.attempt,
            conversation: turn.conversation_id,
            stop: stop.clone(),
        };
        let study = study.clone();
        let task = under_way.spawn(async move { answer::work(&study, turn, stop).await });
        busy.insert(task.id(), known);
    }
    let next = study.store.read(|reader| reader.next_turn_at()).await?;
    let next = next.filter(|at| !full || *at > now);
    let soonest = [next, returns, reminder, rest, expiry.filter(|at| *at > now)]
        .into_iter()
        .flatten()
        .min();
    let sleep = soonest.map_or(LONGEST_SLEEP, |at| at.since(now));
    Ok(sleep.clamp(Duration::from_millis(5), LONGEST_SLEEP))
}

async fn claim(study: &Study, turn: TurnId, now: Timestamp) -> Result<Option<Turn>, StoreError> {
    study.store.write(move |t| t.claim_turn(turn, now)).await
}

/// Stops work on turns that are not what they were: the customer wrote again, a person stepped in. Their decisions could
/// not be carried out anyway.
async fn stop_overtaken(study: &Study, busy: &HashMap<tokio::task::Id, Busy>) -> Result<(), StoreError> {
    for known in busy.values() {
        let id = known.turn;
        let today = study.store.read(move |reader| reader.turn(id)).await?;
        if today.state != TurnState::Working || today.attempt != known.attempt {
            known.stop.cancel();
        }
    }
    Ok(())
}

/// Gives conversations back to the assistant whose time has come; returns when the next one's will.
async fn give_back_conversations(study: &Study, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let returning = study.store.read(|reader| reader.returning()).await?;
    let mut next: Option<Timestamp> = None;
    for (conversation, at) in returning {
        if at > now {
            next = Some(next.map_or(at, |next| next.min(at)));
            continue;
        }
        study
            .store
            .write(move |t| {
                // The person may have written again, or kept it, since.
                let today = t.read().conversation(conversation)?.returns_at();
                if today.is_some_and(|at| at <= now) {
                    t.hand_back(conversation, HeldBy::Returned, now)?;
                }
                Ok(())
            })
            .await?;
    }
    Ok(next)
}

/// Brings conversations back that were put off and whose time has come; returns when the next one's will.
async fn wake_snoozed(study: &Study, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let snoozed = study.store.read(|reader| reader.snoozed()).await?;
    // There may be more of them than are read at once.
    let last = snoozed.last().map(|(_, until)| *until);
    for (conversation, until) in snoozed {
        if until > now {
            return Ok(Some(until));
        }
        study
            .store
            .write(move |t| t.wake_snoozed(conversation, now))
            .await?;
    }
    Ok(last)
}

/// Reminds of customers who wait for a person; returns when the next reminder is due.
async fn remind(study: &Study, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let most = u32::try_from(REMINDERS.len()).unwrap_or(u32::MAX);
    let asking = study.store.read(move |reader| reader.asking(most)).await?;
    let mut next: Option<Timestamp> = None;
    for waits in asking {
        let Some(pause) = REMINDERS.get(waits.reminded as usize) else {
            continue;
        };
        let at = waits.since.plus(*pause);
        if at > now {
            next = Some(next.map_or(at, |next| next.min(at)));
            continue;
        }
        // After a night without this computer one reminder is enough.
        let last = REMINDERS
            .iter()
            .filter(|pause| waits.since.plus(**pause) <= now)
            .count();
        answer::remind(study, waits, last, now).await?;
    }
    Ok(next)
}
