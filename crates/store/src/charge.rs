//! What the provider charges for, as far as it says so. Money is never told, only kinds.

use crate::error::StoreError;
use crate::reader::Reader;
use crate::writer::WriteTransaction;
use domain::{ChannelId, Timestamp};
use rusqlite::{OptionalExtension as _, params};

/// What one message is charged as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// `service`, `utility`, `marketing` ...; an open list.
    pub category: String,
    /// `regular`, `free_customer_service`, `free_entry_point` ...; an open list.
    pub kind: Option<String>,
    /// What older versions said.
    pub billable: Option<bool>,
}

/// Messages of one category in a span of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charged {
    /// Which number sent them.
    pub channel_id: ChannelId,
    /// The category.
    pub category: String,
    /// Messages in all.
    pub messages: u32,
    /// Those the provider charges for, as far as it said so.
    pub charged: u32,
}

impl Reader<'_> {
    /// Returns what was sent from `from` to before `until`, by number and category.
    pub fn charges(
        self,
        channel: Option<&ChannelId>,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Charged>, StoreError> {
        // `billable` is deprecated; what is regular is charged, what is called free is not, and of an unknown kind
        // nobody knows (whatsapp-cloud-api, sections 3.4 and 12, point 3).
        let sql = "SELECT channel_id, category, count(*) AS messages,
                       sum(CASE WHEN kind IS NULL THEN coalesce(billable, 0) ELSE kind = 'regular' END) AS charged
                   FROM charge WHERE at >= ?2 AND at < ?3 AND (?1 IS NULL OR channel_id = ?1)
                   GROUP BY channel_id, category ORDER BY channel_id, category";
        let mut query = self.connection().prepare_cached(sql)?;
        let values = params![channel.map(ChannelId::as_str), from.0, until.0];
        let rows = query.query_map(values, |row| {
            Ok(Charged {
                channel_id: ChannelId::from(row.get::<_, String>("channel_id")?),
                category: row.get("category")?,
                messages: row.get("messages")?,
                charged: row.get("charged")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns the category a message was charged in.
    pub fn charge_category(
        self,
        channel: &ChannelId,
        provider_id: &str,
    ) -> Result<Option<String>, StoreError> {
        let sql = "SELECT category FROM charge WHERE channel_id = ?1 AND provider_id = ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query
            .query_row([channel.as_str(), provider_id], |row| row.get(0))
            .optional()?)
    }
}

impl WriteTransaction<'_> {
    /// Remembers what a message is charged as. Each counts once, however often it is told.
    pub fn note_charge(
        &mut self,
        channel: &ChannelId,
        provider_id: &str,
        charge: &Charge,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO charge (channel_id, provider_id, category, kind, billable, at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                   ON CONFLICT (channel_id, provider_id) DO UPDATE SET
                       category = CASE WHEN excluded.at <= charge.at THEN excluded.category ELSE charge.category END,
                       kind = coalesce(charge.kind, excluded.kind),
                       billable = coalesce(charge.billable, excluded.billable), at = min(charge.at, excluded.at)";
        self.connection().prepare_cached(sql)?.execute(params![
            channel.as_str(),
            provider_id,
            charge.category,
            charge.kind,
            charge.billable,
            at.0
        ])?;
        Ok(())
    }
}
