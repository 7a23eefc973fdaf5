//! The post room: sends what is due, in order within each conversation, and names what is ambiguous.
//!
//! A row stands at `sending` on disk before its request is made, and the outcome is written before the next row of
//! the conversation may begin. Nothing that may have left is ever sent again by itself.

use crate::account::{SecretTrouble, account};
use crate::bell::Doorbell;
use crate::clock::Clock;
use crate::letter::outbound;
use crate::refusal;
use channels::whatsapp::{Account, Graph, errors};
use channels::{Outbound, SendOutcome};
use domain::{ChannelId, ConversationId, OutboxId, SendClass, Timestamp, next_step};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::collections::{HashMap, HashSet};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use store::{Attempt, Change, Channel, Claim, Claimed, Hold, HoldClass, Store, StoreError};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use vault::Vault;

/// Requests under way at the same time.
const AT_ONCE: usize = 16;
/// One message each so long from one number: 20 a second (whatsapp-cloud-api, section 9.1).
const NUMBER_PACE: Duration = Duration::from_millis(50);
/// To one person: a burst of 45, then one each six seconds (whatsapp-cloud-api, section 9.1).
const PAIR_PACE: Duration = Duration::from_secs(6);
const PAIR_BURST: NonZeroU32 = NonZeroU32::new(45).unwrap();
/// Conversations whose pace is remembered before those at rest are forgotten.
const REMEMBERED: usize = 1_000;
/// How long requests under way may take to finish at the end; then they are named as unknown.
const FAREWELL: Duration = Duration::from_secs(5);
/// Pause when the database or the vault cannot be used.
const TROUBLE: Duration = Duration::from_millis(500);
/// How long a channel waits when its secrets cannot be read.
const VAULT_PAUSE: Duration = Duration::from_mins(1);
/// The longest the room sleeps without looking into its tray, should the clock have been changed meanwhile.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// What the room needs.
#[derive(Debug, Clone)]
pub(crate) struct PostRoom {
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) graph: Graph,
    pub(crate) clock: Arc<dyn Clock>,
}

/// How fast messages may leave.
struct Pace {
    numbers: DefaultKeyedRateLimiter<ChannelId>,
    pairs: DefaultKeyedRateLimiter<ConversationId>,
    clock: DefaultClock,
}

impl Pace {
    fn new() -> Self {
        let one_at_a_time = NonZeroU32::MIN;
        let quota = |period, burst| {
            Quota::with_period(period)
                .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
                .allow_burst(burst)
        };
        Self {
            numbers: RateLimiter::keyed(quota(NUMBER_PACE, one_at_a_time)),
            pairs: RateLimiter::keyed(quota(PAIR_PACE, PAIR_BURST)),
            clock: DefaultClock::default(),
        }
    }

    /// Takes a place for one message, or says who has to wait and how long. The number is asked first: its places come
    /// back at once, while one of a pair that is taken in vain is missing for seconds.
    fn take(&self, attempt: &Attempt) -> Result<(), TooFast> {
        let now = self.clock.now();
        self.numbers
            .check_key(&attempt.channel_id)
            .map_err(|not| TooFast::Number(not.wait_time_from(now)))?;
        self.pairs
            .check_key(&attempt.conversation_id)
            .map_err(|not| TooFast::Pair(not.wait_time_from(now)))
    }

    /// Forgets those whose places have all come back, so that the lists do not grow with every customer.
    fn forget_rested(&self) {
        if self.pairs.len() > REMEMBERED {
            self.pairs.retain_recent();
            self.pairs.shrink_to_fit();
        }
    }
}

/// Who has to wait before the next message, and how long.
enum TooFast {
    Number(Duration),
    Pair(Duration),
}

/// An attempt whose task is running.
#[derive(Debug)]
struct Busy {
    conversation: ConversationId,
    attempt: OutboxId,
}

/// Sends what is due until cancelled.
pub(crate) async fn run(room: PostRoom, cancel: CancellationToken) {
    let mut bell = Doorbell::new(room.store.changes(), Change::Outbox);
    let pace = Pace::new();
    // Conversations whose place was refused by the pair limit, and until when.
    let mut paused: HashMap<ConversationId, tokio::time::Instant> = HashMap::new();
    let mut busy: HashMap<tokio::task::Id, Busy> = HashMap::new();
    let mut under_way: JoinSet<()> = JoinSet::new();
    // Nothing is under way yet: what stands at `sending` was left there when this task fell over.
    name_interrupted(
        &room,
        "messages were under way when the post room stopped; they may have been sent",
    )
    .await;
    while !cancel.is_cancelled() {
        let now = tokio::time::Instant::now();
        paused.retain(|_, until| *until > now);
        pace.forget_rested();
        let wake = match begin_due(&room, &pace, &mut paused, &mut busy, &mut under_way).await {
            Ok(wake) => wake,
            Err(StoreError::Closed) => break,
            Err(error) => {
                tracing::error!(%error, "messages wait until the database can be used again");
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
                let known = busy.remove(&id);
                if let Some(known) = known.filter(|_| fell) {
                    // It would stand at `sending`, with its conversation waiting behind it, until the next start.
                    name_unknown(&room, known.attempt).await;
                }
            }
            () = tokio::time::sleep(wake) => {}
        }
    }
    finish(&room, under_way).await;
}

/// Begins every attempt that may begin; returns how long to sleep when nothing rings.
async fn begin_due(
    room: &PostRoom,
    pace: &Pace,
    paused: &mut HashMap<ConversationId, tokio::time::Instant>,
    busy: &mut HashMap<tokio::task::Id, Busy>,
    under_way: &mut JoinSet<()>,
) -> Result<Duration, StoreError> {
    let now = room.clock.now();
    let (due, next) = room
        .store
        .read(move |reader| Ok((reader.due_attempts(now, 256)?, reader.next_attempt_at(now)?)))
        .await?;
    let mut wake = next.map_or(LONGEST_SLEEP, |at| at.since(now)).min(LONGEST_SLEEP);
    let mut full: HashSet<ChannelId> = HashSet::new();
    for attempt in due {
        if under_way.len() >= AT_ONCE {
            break;
        }
        let conversation = attempt.conversation_id;
        if full.contains(&attempt.channel_id) || busy.values().any(|known| known.conversation == conversation)
        {
            continue;
        }
        if let Some(until) = paused.get(&conversation) {
            wake = wake.min(until.duration_since(tokio::time::Instant::now()));
            continue;
        }
        match pace.take(&attempt) {
            Ok(()) => {}
            Err(TooFast::Number(wait)) => {
                wake = wake.min(wait);
                full.insert(attempt.channel_id);
                continue;
            }
            Err(TooFast::Pair(wait)) => {
                wake = wake.min(wait);
                paused.insert(conversation, tokio::time::Instant::now() + wait);
                continue;
            }
        }
        let room = room.clone();
        let known = Busy {
            conversation,
            attempt: attempt.id.clone(),
        };
        let task = under_way.spawn(async move { deliver(&room, attempt).await });
        busy.insert(task.id(), known);
    }
    // A hair longer than asked, so that the limiter agrees when we wake.
    Ok(wake.max(Duration::from_millis(1)))
}

/// Brings one attempt to its end, whatever the end is.
async fn deliver(room: &PostRoom, attempt: Attempt) {
    if let Err(error) = try_deliver(room, &attempt).await {
        tracing::error!(attempt = %attempt.id, %error, "an attempt could not be begun; it stays in the tray");
        tokio::time::sleep(TROUBLE).await;
    }
}

async fn try_deliver(room: &PostRoom, attempt: &Attempt) -> Result<(), StoreError> {
    let channel_id = attempt.channel_id.clone();
    let channel = room.store.read(move |reader| reader.channel(&channel_id)).await?;
    let account = match account(&room.vault, &channel).await {
        Ok(account) => account,
        Err(trouble) => return hold_for_secrets(room, &channel, &trouble).await,
    };
    let (id, now) = (attempt.id.clone(), room.clock.now());
    let claim = room
        .store
        .write(move |transaction| {
            let claim = transaction.claim_attempt(&id, now)?;
            match &claim {
                Claim::WindowClosed(attempt) => {
                    transaction.settle_unsent(&attempt.id, &errors::window_closed())?;
                }
                Claim::Unwanted(attempt) => {
                    transaction.settle_unsent(&attempt.id, &errors::marketing_stopped())?;
                }
                Claim::Taken(_) | Claim::NotNow => {}
            }
            Ok(claim)
        })
        .await?;
    let Claim::Taken(claimed) = claim else {
        return Ok(());
    };
    let outcome = match outbound(&claimed) {
        Ok(message) => request(room, &account, &message).await,
        Err(failure) => SendOutcome::Refused(failure),
    };
    record(room, &claimed, outcome).await;
    Ok(())
}

async fn request(room: &PostRoom, account: &Account, message: &Outbound) -> SendOutcome {
    fail::fail_point!("before-request");
    let outcome = room.graph.send(account, message).await;
    fail::fail_point!("after-request");
    outcome
}

/// Writes down what became of a request. This must not get lost while the process lives, so it is tried until it
/// works; when the process dies first, the row is found in `sending` and named as unknown.
async fn record(room: &PostRoom, claimed: &Claimed, outcome: SendOutcome) {
    fail::fail_point!("before-record");
    let attempt = &claimed.attempt;
    loop {
        let (id, outcome) = (attempt.id.clone(), outcome.clone());
        let conversation = attempt.conversation_id;
        let (tries, passing, held) = (attempt.tries, attempt.passing, claimed.channel.hold_tries);
        let (now, jitter) = (room.clock.now(), jitter());
        let written = room
            .store
            .write(move |transaction| match &outcome {
                SendOutcome::Accepted {
                    provider_id,
                    identities,
                } => transaction.settle_accepted(&id, provider_id, identities, now),
                SendOutcome::Refused(failure) => {
                    // What concerns the whole channel is counted there, over all its messages. A trouble that
                    // passes is counted by itself: an evening without a network must not use its tries up.
                    let tries = match failure.class {
                        SendClass::NumberRate | SendClass::Wait | SendClass::Configuration => {
                            tries.max(held.saturating_add(1))
                        }
                        SendClass::Transient { .. } => passing.saturating_add(1),
                        _ => tries,
                    };
                    let next = next_step(failure, tries, now, jitter);
                    transaction.settle_refused(&id, failure, next)?;
                    refusal::heed_answer(transaction, conversation, failure.code, now)
                }
                SendOutcome::Unknown { reason } => transaction.settle_unknown(&id, reason),
            })
            .await;
        match written {
            Ok(()) => break,
            Err(StoreError::Closed) => return,
            Err(error) => {
                tracing::error!(attempt = %attempt.id, %error, "an outcome could not be written down yet");
                tokio::time::sleep(TROUBLE).await;
            }
        }
    }
    log(attempt, &outcome);
    fail::fail_point!("after-record");
}

fn log(attempt: &Attempt, outcome: &SendOutcome) {
    match outcome {
        SendOutcome::Accepted { .. } => tracing::debug!(attempt = %attempt.id, "the provider took a message"),
        SendOutcome::Refused(failure) => {
            tracing::warn!(attempt = %attempt.id, code = failure.code, class = ?failure.class, "a message was refused");
        }
        SendOutcome::Unknown { reason } => {
            tracing::warn!(attempt = %attempt.id, reason, "a message may have been sent");
        }
    }
}

/// Lets requests under way finish; those that do not are named as unknown rather than left to be found.
async fn finish(room: &PostRoom, mut under_way: JoinSet<()>) {
    let all = async { while under_way.join_next().await.is_some() {} };
    if tokio::time::timeout(FAREWELL, all).await.is_err() {
        under_way.shutdown().await;
    }
    name_interrupted(room, "messages were under way at the end and may have been sent").await;
}

/// Names every attempt that stands at `sending` as unknown. Only for moments when none of them is under way.
async fn name_interrupted(room: &PostRoom, words: &str) {
    match recover(&room.store, room.clock.now()).await {
        Ok(0) | Err(StoreError::Closed) => {}
        Ok(number) => tracing::warn!(number, "{words}"),
        Err(error) => tracing::error!(%error, "interrupted messages will be named at the next start"),
    }
}

/// Names one attempt whose task fell over, if its request may have been made.
async fn name_unknown(room: &PostRoom, id: OutboxId) {
    tracing::error!(attempt = %id, "the sending of a message fell over");
    let named = room
        .store
        .write(move |transaction| transaction.settle_unknown(&id, "Deskbell stopped before the answer came"))
        .await;
    if let Err(error) = named {
        tracing::error!(%error, "an interrupted message will be named at the next start");
    }
}

/// Secrets that cannot be read hold the channel, as a token that is no longer valid does.
async fn hold_for_secrets(
    room: &PostRoom,
    channel: &Channel,
    trouble: &SecretTrouble,
) -> Result<(), StoreError> {
    tracing::warn!(channel = %channel.id, %trouble, "the secrets of a channel cannot be read");
    let until = room.clock.now().plus(VAULT_PAUSE);
    let id = channel.id.clone();
    let hold = Hold {
        class: HoldClass::Configuration,
        code: None,
        subcode: None,
        title: Some(format!("Nothing can be sent. {trouble}")),
        until,
    };
    room.store
        .write(move |transaction| transaction.hold_channel(&id, &hold))
        .await
}

/// A number between 0 and 1 that spreads retries out.
fn jitter() -> f64 {
    let mut byte = [0_u8; 1];
    if getrandom::fill(&mut byte).is_err() {
        return 0.5;
    }
    f64::from(byte[0]) / 255.0
}

/// Names what a crash left behind, before anything is sent.
pub(crate) async fn recover(store: &Store, now: Timestamp) -> Result<usize, StoreError> {
    store
        .write(move |transaction| {
            transaction.forget_orphan_statuses(now)?;
            transaction.name_interrupted_attempts()
        })
        .await
}
