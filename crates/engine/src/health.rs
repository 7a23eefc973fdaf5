//! How things stand, as facts. The words are the api's.

use crate::assistant_settings::AssistantSettings;
use crate::checks::{Facts, facts};
use crate::engine::Engine;
use crate::tunnel::TunnelFacts;
use domain::{BotMode, ChannelId, Timestamp};
use std::time::Duration;
use store::{
    Channel, ChannelCheck, HoldClass, JournalCounts, Message, RefusedReason, Registration, Store, StoreError,
};
use vault::{Vault, VaultError, VaultKind};

/// How long a post with a wrong signature is worth mentioning: a wrong app secret brings new ones all the time, a
/// stray call from the internet does not.
const FORGED_SHOWN: Duration = Duration::from_hours(1);

/// How long a message that failed is worth mentioning.
const FAILED_SHOWN: Duration = Duration::from_hours(7 * 24);

/// How bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It works, with a shadow.
    Warn,
    /// Messages do not get through.
    Bad,
}

/// What an issue is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    /// Deskbell does not run; asked from outside.
    NotRunning,
    /// The webhook server does not listen.
    NotListening,
    /// The last genuine webhook could not be stored.
    NotStoring,
    /// A channel sends nothing.
    Held(Box<Channel>),
    /// The secrets of a channel cannot be read.
    SecretsUnreadable(String),
    /// The assistant's settings cannot be read, so it does nothing.
    AssistantUnreadable(String),
    /// Posts with a wrong signature came within the last hour; so many in all.
    Forged(i64),
    /// Webhooks could not be worked through.
    Failed(i64),
    /// Webhooks came for numbers that are not connected.
    Unassigned(i64),
    /// The language model refuses, in words; answers go on without it.
    ModelRefuses(String),
    /// The language model failed several times and is not asked until then.
    ModelRests(Timestamp),
    /// A task fell over and was started again within the last hour.
    Restarted {
        /// The task: `gateway`, `doorplates`, `refusals`, `ingest`, `housekeeping` or `dispatcher`.
        task: &'static str,
        /// How often, without an hour's peace in between.
        times: u32,
    },
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// What.
    pub topic: Topic,
    /// How bad.
    pub severity: Severity,
}

/// How things stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Health {
    /// What is not as it should be, worst first.
    pub issues: Vec<Issue>,
    /// Whether webhooks are received on this computer.
    pub receives: bool,
    /// Where, as far as that is known.
    pub webhook_url: Option<String>,
    /// When the last genuine webhook came.
    pub last_webhook_at: Option<Timestamp>,
    /// Messages that wait to leave.
    pub waiting: u32,
    /// The journal in numbers.
    pub journal: JournalCounts,
    /// Whether any channel is connected.
    pub has_channels: bool,
    /// How the internet reaches this computer.
    pub tunnel: TunnelFacts,
    /// Since when customers' messages can come in, when they can.
    pub listening_since: Option<Timestamp>,
    /// How each channel is connected.
    pub channels: Vec<ChannelHealth>,
    /// Where the secrets are kept.
    pub vault: VaultKind,
    /// Why they cannot be read there.
    pub vault_trouble: Option<VaultError>,
    /// Bytes that are free where the data lies; `None` when the system does not say.
    pub disk_free: Option<u64>,
    /// The newest message that failed within the last week.
    pub last_failed: Option<Message>,
    /// What the assistant may do at most, anywhere.
    pub assistant: BotMode,
    /// When all this was so.
    pub now: Timestamp,
}

/// How a channel is connected.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelHealth {
    /// The channel.
    pub channel: Channel,
    /// How far the registration of its address is.
    pub registration: Option<Registration>,
    /// The address the provider should call, while the tunnel has one.
    pub callback_url: Option<String>,
    /// The last look at it.
    pub check: Option<ChannelCheck>,
    /// What was learnt by it.
    pub facts: Facts,
}

impl ChannelHealth {
    /// Returns whether the provider has our address, as far as we were told: by the registration, or by a later look.
    pub fn has_our_address(&self) -> Option<bool> {
        let ours = self.callback_url.as_deref()?;
        let registered = self.registration.as_ref().filter(|known| known.done_at.is_some());
        let looked_at = self.check.as_ref().and_then(|check| check.checked_at);
        match (registered, looked_at, self.facts.callback.as_deref()) {
            (Some(known), looked, Some(found)) if looked > known.done_at => Some(found == ours),
            (Some(known), _, _) => Some(known.callback_url.as_deref() == Some(ours)),
            (None, _, _) => None,
        }
    }
}

/// What only a running Deskbell knows.
pub(crate) struct Live {
    /// Whether webhooks are received on this computer.
    pub(crate) receives: bool,
    /// Where, as far as that is known.
    pub(crate) webhook_url: Option<String>,
    /// Worse than that, or what else is the matter inside.
    pub(crate) issues: Vec<Issue>,
    /// How the internet reaches this computer.
    pub(crate) tunnel: TunnelFacts,
    /// The public address, while there is one.
    pub(crate) base: Option<String>,
}

impl Engine {
    /// Returns how things stand.
    pub async fn health(&self) -> Result<Health, StoreError> {
        let webhook_url = self.webhook_url();
        let mut issues = Vec::new();
        let mut found = |topic, severity| issues.push(Issue { topic, severity });
        if webhook_url.is_none() {
            found(Topic::NotListening, Severity::Bad);
        }
        if self.turns_back() {
            found(Topic::NotStoring, Severity::Bad);
        }
        if let Some(why) = self.secret_trouble() {
            found(Topic::SecretsUnreadable(why), Severity::Bad);
        }
        if let Some(why) = self.brains().trouble() {
            found(Topic::ModelRefuses(why), Severity::Warn);
        } else if let Some(until) = self.brains().resting_until(self.now()) {
            found(Topic::ModelRests(until), Severity::Warn);
        }
        for fall in self.restarted() {
            let (task, times) = (fall.task, fall.times);
            found(Topic::Restarted { task, times }, Severity::Warn);
        }
        let live = Live {
            receives: webhook_url.is_some(),
            webhook_url,
            issues,
            tunnel: self.tunnel().await?,
            base: self.tunnel_status().online().map(str::to_owned),
        };
        gather(self.store(), self.vault(), live, self.now()).await
    }

    /// Returns how a channel is connected.
    pub async fn channel_health(&self, channel: &ChannelId) -> Result<ChannelHealth, StoreError> {
        let base = self.tunnel_status().online().map(str::to_owned);
        let all = channel_healths(self.store(), base).await?;
        let found = all.into_iter().find(|known| known.channel.id == *channel);
        found.ok_or_else(|| StoreError::NotFound {
            what: "channel",
            id: channel.to_string(),
        })
    }
}

/// Gathers what the database says, and puts it to what is known of the running program.
pub(crate) async fn gather(
    store: &Store,
    vault: &Vault,
    live: Live,
    now: Timestamp,
) -> Result<Health, StoreError> {
    let mut issues = live.issues;
    let mut found = |topic, severity| issues.push(Issue { topic, severity });
    let channels = channel_healths(store, live.base).await?;
    let after = Timestamp(now.0.saturating_sub(millis(FAILED_SHOWN)));
    let (last_webhook_at, last_forged_at, waiting, journal, listening_since, last_failed, assistant) = store
        .read(move |reader| {
            Ok((
                reader.last_webhook_at()?,
                reader.last_refused_at(RefusedReason::Signature)?,
                reader.waiting_attempts()?,
                reader.journal_counts()?,
                reader.listening_since()?,
                reader.last_failed(after)?,
                (reader.global_mode()?, AssistantSettings::read(reader)?),
            ))
        })
        .await?;
    for channel in channels.iter().map(|known| &known.channel) {
        let held = || Topic::Held(Box::new(channel.clone()));
        match channel.hold.as_ref().map(|hold| (hold.class, hold.code)) {
            None | Some((HoldClass::Rate, _)) => {}
            Some((HoldClass::Wait, Some(_))) => found(held(), Severity::Warn),
            // Without a code nothing was refused: the right to send itself was taken away.
            Some((HoldClass::Wait, None) | (HoldClass::Configuration, _)) => found(held(), Severity::Bad),
        }
    }
    let (global, settings) = assistant;
    let unreadable = match (global, settings) {
        (_, Err(trouble)) => Some(trouble),
        (None, Ok(_)) => {
            Some("The switch of the assistant cannot be read, so it counts as off. Set it again.".to_owned())
        }
        (Some(_), Ok(_)) => None,
    };
    if let Some(trouble) = unreadable {
        found(Topic::AssistantUnreadable(trouble), Severity::Bad);
    }
    let most = channels
        .iter()
        .map(|known| known.channel.mode.unwrap_or(BotMode::Off))
        .max();
    for (topic, number) in [
        (Topic::Failed(journal.failed), journal.failed),
        (Topic::Unassigned(journal.unassigned), journal.unassigned),
    ] {
        if number > 0 {
            found(topic, Severity::Warn);
        }
    }
    if last_forged_at.is_some_and(|at| now.since(at) < FORGED_SHOWN) {
        found(Topic::Forged(journal.refused_signature), Severity::Warn);
    }
    issues.sort_by_key(|issue| std::cmp::Reverse(issue.severity));
    Ok(Health {
        issues,
        receives: live.receives,
        webhook_url: live.webhook_url,
        last_webhook_at,
        waiting,
        journal,
        has_channels: !channels.is_empty(),
        tunnel: live.tunnel,
        listening_since,
        channels,
        vault: vault.kind(),
        vault_trouble: vault.trouble(),
        disk_free: fs4::available_space(store.directory()).ok(),
        last_failed,
        assistant: global.unwrap_or(BotMode::Off).min(most.unwrap_or(BotMode::Off)),
        now,
    })
}

/// Returns how each channel is connected. `base`: the public address, while there is one.
async fn channel_healths(store: &Store, base: Option<String>) -> Result<Vec<ChannelHealth>, StoreError> {
    store
        .read(move |reader| {
            let (registrations, checks) = (reader.registrations()?, reader.channel_checks()?);
            let mut healths = Vec::new();
            for channel in reader.channels()? {
                let path = reader.endpoint(channel.endpoint_id)?.path;
                let check = checks.iter().find(|check| check.channel_id == channel.id);
                let registration = registrations.iter().find(|known| known.channel_id == channel.id);
                healths.push(ChannelHealth {
                    registration: registration.cloned(),
                    callback_url: base.as_ref().map(|base| format!("{base}{path}")),
                    facts: check.map(facts).unwrap_or_default(),
                    check: check.cloned(),
                    channel,
                });
            }
            Ok(healths)
        })
        .await
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
