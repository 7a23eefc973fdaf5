//! How things stand, as facts. The words are the api's.

use crate::engine::Engine;
use domain::Timestamp;
use std::time::Duration;
use store::{Channel, HoldClass, JournalCounts, RefusedReason, StoreError};

/// How long a post with a wrong signature is worth mentioning: a wrong app secret brings new ones all the time, a
/// stray call from the internet does not.
const FORGED_SHOWN: Duration = Duration::from_hours(1);

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
    /// The webhook server does not listen.
    NotListening,
    /// The last genuine webhook could not be stored.
    NotStoring,
    /// A channel sends nothing.
    Held(Box<Channel>),
    /// The secrets of a channel cannot be read.
    SecretsUnreadable(String),
    /// Posts with a wrong signature came within the last hour; so many in all.
    Forged(i64),
    /// Webhooks could not be worked through.
    Failed(i64),
    /// Webhooks came for numbers that are not connected.
    Unassigned(i64),
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// What is not as it should be, worst first.
    pub issues: Vec<Issue>,
    /// Where webhooks are received, when they are.
    pub webhook_url: Option<String>,
    /// When the last genuine webhook came.
    pub last_webhook_at: Option<Timestamp>,
    /// Messages that wait to leave.
    pub waiting: u32,
    /// The journal in numbers.
    pub journal: JournalCounts,
    /// Whether any channel is connected.
    pub has_channels: bool,
}

impl Engine {
    /// Returns how things stand.
    pub async fn health(&self) -> Result<Health, StoreError> {
        let (channels, last_webhook_at, last_forged_at, waiting, journal) = self
            .store()
            .read(|reader| {
                Ok((
                    reader.channels()?,
                    reader.last_webhook_at()?,
                    reader.last_refused_at(RefusedReason::Signature)?,
                    reader.waiting_attempts()?,
                    reader.journal_counts()?,
                ))
            })
            .await?;
        let has_channels = !channels.is_empty();
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
        for channel in channels {
            match channel.hold.as_ref().map(|hold| (hold.class, hold.code)) {
                None | Some((HoldClass::Rate, _)) => {}
                Some((HoldClass::Wait, Some(_))) => found(Topic::Held(Box::new(channel)), Severity::Warn),
                // Without a code nothing was refused: the right to send itself was taken away.
                Some((HoldClass::Wait, None) | (HoldClass::Configuration, _)) => {
                    found(Topic::Held(Box::new(channel)), Severity::Bad);
                }
            }
        }
        for (topic, number) in [
            (Topic::Failed(journal.failed), journal.failed),
            (Topic::Unassigned(journal.unassigned), journal.unassigned),
        ] {
            if number > 0 {
                found(topic, Severity::Warn);
            }
        }
        let recent = |at: Timestamp| self.now().since(at) < FORGED_SHOWN;
        if last_forged_at.is_some_and(recent) {
            issues.push(Issue {
                topic: Topic::Forged(journal.refused_signature),
                severity: Severity::Warn,
            });
        }
        issues.extend(self.restarted().into_iter().map(|fall| Issue {
            topic: Topic::Restarted {
                task: fall.task,
                times: fall.times,
            },
            severity: Severity::Warn,
        }));
        issues.sort_by_key(|issue| std::cmp::Reverse(issue.severity));
        Ok(Health {
            issues,
            webhook_url,
            last_webhook_at,
            waiting,
            journal,
            has_channels,
        })
    }
}
