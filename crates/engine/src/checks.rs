//! Asks the provider now and then how a number, its account and its token are.

use crate::account::account;
use crate::connection::{Switchboard, of_failure, plain};
use crate::engine::Engine;
use channels::whatsapp::errors::blames_token;
use channels::whatsapp::setup::{
    App, BusinessAccount, Expiry, Health as NumberHealth, Lifetime, NumberState, TokenFacts,
};
use channels::whatsapp::{Account, CallFailure, Graph};
use domain::{ChannelId, SendClass, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use store::{CallTrouble, Change, ChannelCheck, Hold, HoldClass, StoreError};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

/// How often (whatsapp-cloud-api, section 7.2).
const EVERY: Duration = Duration::from_hours(6);
/// What takes longer counts as failed.
const PATIENCE: Duration = Duration::from_secs(5);
/// The first pause after a failure that passes; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
/// The longest.
const LONGEST_PAUSE: Duration = Duration::from_mins(30);
/// How long after a failure somebody has to do something about.
const SLOW_PAUSE: Duration = Duration::from_hours(1);
/// The longest the room sleeps without looking at the clock.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// The network needs a moment after the computer woke.
const AFTER_SLEEP: Duration = Duration::from_secs(5);
/// Refusals of messages after which the number is asked about (whatsapp-cloud-api, section 7.2).
const TELLING: [i64; 3] = [368, 131_031, 131_042];

const LATE: &str = "WhatsApp did not answer within five seconds, so it is not known how the number is. Messages are not affected by this \
     look; it is tried again by itself.";

/// What the provider said about a number, its account and its token, in its own words. What it did not say is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The number as it is shown.
    pub display: Option<String>,
    /// The name customers see.
    pub verified_name: Option<String>,
    /// `CONNECTED` when all is well.
    pub status: Option<String>,
    /// `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
    pub quality: Option<String>,
    /// `APPROVED`, `DECLINED`, …
    pub name_status: Option<String>,
    /// `VERIFIED`, `NOT_VERIFIED`, `EXPIRED`.
    pub code_verification: Option<String>,
    /// `LIVE` or `SANDBOX`.
    pub account_mode: Option<String>,
    /// `CLOUD_API` when it can be used here.
    pub platform: Option<String>,
    /// How many conversations it may start a day: `TIER_250`, …
    pub limit: Option<String>,
    /// Whether it is in the app of a phone at the same time.
    pub on_phone: Option<bool>,
    /// `AVAILABLE`, `LIMITED`, `BLOCKED`.
    pub can_send: Option<String>,
    /// Why not, with Meta's remedies.
    pub obstacles: Vec<Obstacle>,
    /// Where the webhooks of the number go.
    pub callback: Option<String>,
    /// Where those of the whole app go.
    pub app_callback: Option<String>,
    /// The business account's name.
    pub account_name: Option<String>,
    /// `APPROVED`, `PENDING`, `REJECTED`.
    pub review: Option<String>,
    /// `verified`, `not_verified`, …
    pub verification: Option<String>,
    /// The app of the token.
    pub app_id: Option<String>,
    /// Its name.
    pub app_name: Option<String>,
    /// The token.
    pub token: Option<KnownToken>,
    /// How many seconds this computer's clock is ahead of Meta's; behind, when negative.
    pub skew: Option<i64>,
    /// The version of the API that answered.
    pub version: Option<String>,
}

/// Something that keeps messages from leaving, in Meta's words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Obstacle {
    /// `PHONE_NUMBER`, `WABA`, `BUSINESS`, `APP`.
    pub entity: Option<String>,
    /// Meta's code, such as 141006 for the payment method.
    pub code: Option<i64>,
    /// What is wrong.
    pub description: Option<String>,
    /// What Meta says can be done.
    pub solution: Option<String>,
}

/// What the provider said about a token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KnownToken {
    /// Whether it works.
    pub valid: bool,
    /// Whether it has no end.
    pub endless: bool,
    /// When it ends, in milliseconds since 1970; `None` when it has no end or that was not said.
    pub ends: Option<i64>,
    /// Whether it is the one of Meta's dashboard that lives for a day.
    pub trial: bool,
    /// Why it does not work: code and finer code.
    pub error: Option<(i64, Option<i64>)>,
}

impl KnownToken {
    /// Reads what the provider said.
    pub fn of(token: &TokenFacts, now: Timestamp) -> Self {
        Self {
            valid: token.is_valid,
            endless: token.expires_at == Expiry::Never,
            ends: match token.expires_at {
                Expiry::At(at) => Some(at.0),
                Expiry::Never | Expiry::Unknown => None,
            },
            trial: matches!(token.lifetime(now), Lifetime::Trial { .. }),
            error: token.error,
        }
    }

    /// Returns when it ends.
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.ends.map(Timestamp)
    }
}

impl Facts {
    /// Takes over what was said about the number.
    pub fn learn_number(&mut self, number: &NumberState) {
        let take = |into: &mut Option<String>, said: &Option<String>| {
            if said.is_some() {
                into.clone_from(said);
            }
        };
        take(&mut self.display, &number.display_phone_number);
        take(&mut self.verified_name, &number.verified_name);
        take(&mut self.status, &number.status);
        take(&mut self.quality, &number.quality_rating);
        take(&mut self.name_status, &number.name_status);
        take(&mut self.code_verification, &number.code_verification_status);
        take(&mut self.account_mode, &number.account_mode);
        take(&mut self.platform, &number.platform_type);
        take(&mut self.limit, &number.messaging_limit);
        self.on_phone = number.is_on_biz_app.or(self.on_phone);
        // What was wrong before may be well again, so these are what was said last, also when that is nothing.
        self.can_send.clone_from(&number.can_send_message);
        self.callback.clone_from(&number.webhook_url);
        self.app_callback.clone_from(&number.webhooks.application);
        let troubles = number.health.iter().flat_map(NumberHealth::troubles);
        self.obstacles = troubles
            .map(|(entity, trouble)| Obstacle {
                entity: entity.kind.clone(),
                code: trouble.code,
                description: trouble.description.clone(),
                solution: trouble.solution.clone(),
            })
            .collect();
    }

    /// Takes over what was said about the business account.
    pub fn learn_account(&mut self, account: &BusinessAccount) {
        self.account_name = account.name.clone().or(self.account_name.take());
        self.review = account.review.clone().or(self.review.take());
        self.verification = account.verification.clone().or(self.verification.take());
        for (entity, trouble) in account.health.iter().flat_map(NumberHealth::troubles) {
            let known = self
                .obstacles
                .iter()
                .any(|known| known.code == trouble.code && known.description == trouble.description);
            if !known {
                self.obstacles.push(Obstacle {
                    entity: entity.kind.clone(),
                    code: trouble.code,
                    description: trouble.description.clone(),
                    solution: trouble.solution.clone(),
                });
            }
        }
    }
}

/// Returns the facts of a look.
pub fn facts(check: &ChannelCheck) -> Facts {
    check
        .facts
        .as_ref()
        .and_then(|facts| Facts::deserialize(facts).ok())
        .unwrap_or_default()
}

/// Returns whether the provider said at the last look that the token is no good.
pub fn is_dead(check: &ChannelCheck) -> bool {
    let refused = blames_token(check.trouble.as_ref().and_then(|trouble| trouble.code));
    refused || facts(check).token.is_some_and(|token| !token.valid)
}

/// What the inspection of the channels remembers.
#[derive(Debug)]
pub(crate) struct Inspector {
    /// How long after a start, and after a channel came, it is asked about by itself.
    delay: Duration,
    seen: Mutex<HashMap<ChannelId, Instant>>,
    held: Mutex<HashMap<ChannelId, Option<i64>>>,
}

impl Inspector {
    /// Nothing is known yet.
    pub(crate) fn new(delay: Duration) -> Self {
        Self {
            delay,
            seen: Mutex::default(),
            held: Mutex::default(),
        }
    }

    /// Returns how long a channel has still to wait for its first look.
    fn waits(&self, channel: &ChannelId) -> Duration {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let since = *seen.entry(channel.clone()).or_insert_with(Instant::now);
        self.delay.saturating_sub(since.elapsed())
    }

    /// Returns whether a channel has just begun to wait for a reason the provider can tell more about.
    fn begins_to_wait(&self, channel: &ChannelId, hold: Option<&Hold>) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let reason = hold.filter(|hold| {
            hold.class == HoldClass::Configuration || hold.code.is_some_and(|code| TELLING.contains(&code))
        });
        match reason {
            None => {
                held.remove(channel);
                false
            }
            Some(hold) => held.insert(channel.clone(), hold.code) != Some(hold.code),
        }
    }
}

/// Asks about channels whose time has come, until cancelled.
pub(crate) async fn run(board: Switchboard, cancel: CancellationToken) {
    let mut changes = board.store.changes();
    loop {
        let wait = tokio::select! {
            () = cancel.cancelled() => return,
            done = ask_due(&board) => match done {
                Ok(wait) => wait,
                Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::error!(%error, "Meta is asked once the database can be used again");
                    LONGEST_SLEEP
                }
            },
        };
        let sleep = tokio::time::sleep(wait);
        tokio::pin!(sleep);
        loop {
            tokio::select! {
                () = cancel.cancelled() => return,
                () = &mut sleep => break,
                changed = changes.recv() => match changed {
                    Ok(changed) => {
                        let of_channel = |change: &Change| matches!(change, Change::Channel(_) | Change::Connection);
                        if changed.iter().any(of_channel) {
                            break;
                        }
                    }
                    Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return,
                },
            }
        }
    }
}

/// Asks about the channels that are due, one after the other; returns how long to sleep.
async fn ask_due(board: &Switchboard) -> Result<Duration, StoreError> {
    let now = board.clock.now();
    let (channels, due, next) = board
        .store
        .read(move |reader| {
            Ok((
                reader.channels()?,
                reader.channels_to_check(now)?,
                reader.next_check_at()?,
            ))
        })
        .await?;
    let mut wait = next.map_or(LONGEST_SLEEP, |at| at.since(now)).min(LONGEST_SLEEP);
    for channel in &channels {
        let waits = board.inspector.waits(&channel.id);
        let asked =
            due.contains(&channel.id) || board.inspector.begins_to_wait(&channel.id, channel.hold.as_ref());
        if asked && waits > Duration::ZERO {
            wait = wait.min(waits);
        } else if asked {
            look(board, &channel.id, board.graph.in_background()).await?;
        }
    }
    Ok(wait.max(Duration::from_millis(50)))
}

/// All channels are to be asked about in a moment: the computer slept, or the network is another one.
pub(crate) async fn ask_soon(board: &Switchboard) -> Result<(), StoreError> {
    let at = board.clock.now().plus(AFTER_SLEEP);
    board
        .store
        .write(move |transaction| {
            for channel in transaction.read().channels()? {
                transaction.check_channel_at(&channel.id, at)?;
            }
            Ok(())
        })
        .await
}

/// Asks about a channel and writes down what came of it. A failure takes nothing away that is known.
async fn look(board: &Switchboard, id: &ChannelId, graph: Graph) -> Result<ChannelCheck, StoreError> {
    let wanted = id.clone();
    let (channel, known) = board
        .store
        .read(move |reader| Ok((reader.channel(&wanted)?, reader.channel_check(&wanted)?)))
        .await?;
    let mut learnt = known.as_ref().map(facts).unwrap_or_default();
    let asked = match account(&board.vault, &channel).await {
        Ok(account) => ask(&graph, &account, board.clock.now(), &mut learnt).await,
        Err(trouble) => Err((plain(trouble.to_string()), true)),
    };
    learnt.skew = graph.clock_skew().map(|skew| skew.as_secs()).or(learnt.skew);
    learnt.version = graph.version_served().or(learnt.version.take());
    let now = board.clock.now();
    let before = known.as_ref().map_or(0, |known| known.tries);
    let (trouble, tries, pause) = match asked {
        Ok(()) => (None, 0, EVERY),
        Err((trouble, passing)) => {
            let tries = before.saturating_add(1);
            tracing::warn!(channel = %id, code = trouble.code, "a channel could not be asked about: {}", trouble.words);
            (Some(trouble), tries, pause(passing, tries))
        }
    };
    let check = ChannelCheck {
        channel_id: id.clone(),
        checked_at: match trouble {
            None => Some(now),
            Some(_) => known.as_ref().and_then(|known| known.checked_at),
        },
        facts: (learnt != Facts::default())
            .then(|| serde_json::to_value(&learnt).ok())
            .flatten(),
        trouble,
        tries,
        due_at: now.plus(pause),
    };
    let written = check.clone();
    board
        .store
        .write(move |transaction| transaction.put_channel_check(&written))
        .await?;
    Ok(check)
}

fn pause(passing: bool, tries: u32) -> Duration {
    if !passing {
        return SLOW_PAUSE;
    }
    let times = 2_u32.saturating_pow(tries.saturating_sub(1).min(16));
    FIRST_PAUSE.saturating_mul(times).min(LONGEST_PAUSE)
}

/// Asks the three questions at the same time. The number has to answer; what account and token do not tell is left as it
/// was, since not every token may ask for it.
async fn ask(
    graph: &Graph,
    account: &Account,
    now: Timestamp,
    learnt: &mut Facts,
) -> Result<(), (CallTrouble, bool)> {
    let (number, business, token) = tokio::join!(
        timeout(PATIENCE, graph.check(account)),
        timeout(PATIENCE, business(graph, account)),
        timeout(PATIENCE, token(graph, account, learnt.app_id.clone())),
    );
    let mut trouble = match &number {
        Ok(Ok(number)) => {
            learnt.learn_number(number);
            None
        }
        Ok(Err(failure)) => Some((of_failure(failure), failure.is_passing())),
        Err(_) => Some((plain(LATE), true)),
    };
    if let Ok(Ok(Some(business))) = &business {
        learnt.learn_account(business);
    }
    match token {
        Ok(Ok((app_id, app_name, token))) => {
            learnt.app_id = Some(app_id);
            learnt.app_name = app_name.or(learnt.app_name.take());
            learnt.token = Some(KnownToken::of(&token, now));
        }
        // A dead token is told whoever says so.
        Ok(Err(failure)) if failure.is_dead_token() => {
            trouble.get_or_insert_with(|| (of_failure(&failure), false));
        }
        _ => {}
    }
    trouble.map_or(Ok(()), Err)
}

async fn business(graph: &Graph, account: &Account) -> Result<Option<BusinessAccount>, CallFailure> {
    match account.business_account_id.as_deref() {
        Some(id) => graph.business_account(account, id).await.map(Some),
        None => Ok(None),
    }
}

async fn token(
    graph: &Graph,
    account: &Account,
    app_id: Option<String>,
) -> Result<(String, Option<String>, TokenFacts), CallFailure> {
    let (app_id, app_name) = match app_id {
        Some(app_id) => (app_id, None),
        None => graph.app_of_token(account).await?,
    };
    let app = App {
        base_url: account.base_url.clone(),
        version: account.version.clone(),
        app_id: app_id.clone(),
        app_secret: account.app_secret.clone(),
    };
    match graph.debug_token(&account.access_token, &app).await {
        Ok(token) => Ok((app_id, app_name, token)),
        // The app of another token: the keys were replaced.
        Err(failure) if failure.class == SendClass::Configuration || failure.code == Some(100) => {
            let (app_id, app_name) = graph.app_of_token(account).await?;
            let token = graph.debug_own_token(account).await?;
            Ok((app_id, app_name, token))
        }
        Err(failure) => Err(failure),
    }
}

impl Engine {
    /// Asks the provider about a channel now, for somebody who waits. Takes five seconds at most. What it refuses stands in
    /// the answer.
    pub async fn check_now(&self, channel: &ChannelId) -> Result<ChannelCheck, StoreError> {
        look(self.switchboard(), channel, self.graph().clone()).await
    }

    /// Returns what the provider said of a channel at the last look.
    pub async fn channel_check(&self, channel: &ChannelId) -> Result<Option<ChannelCheck>, StoreError> {
        let id = channel.clone();
        self.store().read(move |reader| reader.channel_check(&id)).await
    }
}
