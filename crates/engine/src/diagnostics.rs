//! What whoever helps needs to know: numbers and states, nothing of customers and nothing secret.

use crate::engine::Engine;
use domain::{DELIVERY_TRIED, Gap, Timestamp};
use gateway::tunnel::{Counters, TunnelStatus};
use store::{JournalCounts, StoreError};

/// Numbers and states.
#[derive(Debug, Clone, PartialEq)]
pub struct Inventory {
    /// The version of Deskbell.
    pub version: &'static str,
    /// The operating system.
    pub os: &'static str,
    /// The processor.
    pub arch: &'static str,
    /// The version of the database's schema.
    pub schema: i64,
    /// Connected channels, and all there ever were.
    pub channels: (usize, usize),
    /// Conversations.
    pub conversations: usize,
    /// Messages by direction and status.
    pub messages: Vec<(String, i64)>,
    /// How often messages failed with each code of the provider's.
    pub failures: Vec<(i64, i64)>,
    /// The journal.
    pub journal: JournalCounts,
    /// Times of the last week in which nobody could reach us.
    pub gaps: Vec<Gap>,
    /// How the tunnel stands. Its address names the owner's computer, so it is not for others.
    pub tunnel: TunnelStatus,
    /// How often it was opened and lost.
    pub counters: Counters,
    /// Parts that fell over within the last hour, and how often.
    pub restarted: Vec<(&'static str, u32)>,
    /// How much of Meta's allowance is used, in percent.
    pub allowance: u32,
    /// When this was so.
    pub now: Timestamp,
}

impl Engine {
    /// Counts what there is.
    pub async fn inventory(&self) -> Result<Inventory, StoreError> {
        let now = self.now();
        let week = i64::try_from(DELIVERY_TRIED.as_millis()).unwrap_or(i64::MAX);
        let counted = self
            .store()
            .read(move |reader| {
                let gaps = reader.gaps(Timestamp(now.0.saturating_sub(week)), now)?;
                Ok(Inventory {
                    version: env!("CARGO_PKG_VERSION"),
                    os: std::env::consts::OS,
                    arch: std::env::consts::ARCH,
                    schema: reader.schema_version()?,
                    channels: (reader.channels()?.len(), reader.all_channels()?.len()),
                    conversations: reader.conversation_ids()?.len(),
                    messages: reader.message_counts()?,
                    failures: reader.failure_codes()?,
                    journal: reader.journal_counts()?,
                    gaps,
                    tunnel: TunnelStatus::off(domain::TunnelKind::None, now),
                    counters: Counters::default(),
                    restarted: Vec::new(),
                    allowance: 0,
                    now,
                })
            })
            .await?;
        let way = &self.switchboard().way;
        Ok(Inventory {
            tunnel: way.status(),
            counters: way.keeper.counters(),
            restarted: self
                .restarted()
                .into_iter()
                .map(|fall| (fall.task, fall.times))
                .collect(),
            allowance: self.graph().usage().percent,
            ..counted
        })
    }
}
