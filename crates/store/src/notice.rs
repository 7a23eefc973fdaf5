//! News of a channel that concerns no single customer.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_json, optional_time, time};
use crate::writer::WriteTransaction;
use domain::{ChannelId, Timestamp};
use rusqlite::{Row, params};
use serde_json::Value;

/// A stored piece of news.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredNotice {
    /// Its id.
    pub id: i64,
    /// Whom it concerns.
    pub channel_id: ChannelId,
    /// The provider's name for it.
    pub field: String,
    /// What happened, in the provider's word.
    pub event: Option<String>,
    /// As it came.
    pub raw: Value,
    /// When, by the provider's clock.
    pub at: Timestamp,
    /// When somebody looked at it.
    pub seen_at: Option<Timestamp>,
}

/// A piece of news, to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewNotice {
    /// Whom it concerns.
    pub channel_id: ChannelId,
    /// The provider's name for it.
    pub field: String,
    /// What happened, in the provider's word.
    pub event: Option<String>,
    /// As it came.
    pub raw: Value,
    /// When, by the provider's clock.
    pub at: Timestamp,
    /// Recognises a repetition.
    pub digest: String,
}

fn notice(row: &Row<'_>) -> rusqlite::Result<StoredNotice> {
    Ok(StoredNotice {
        id: row.get("id")?,
        channel_id: ChannelId::from(row.get::<_, String>("channel_id")?),
        field: row.get("field")?,
        event: row.get("event")?,
        raw: optional_json(row, "raw")?.unwrap_or(Value::Null),
        at: time(row, "at")?,
        seen_at: optional_time(row, "seen_at")?,
    })
}

impl Reader<'_> {
    /// Returns news, the latest first; of one channel or of all.
    pub fn notices(self, channel: Option<&ChannelId>, limit: u32) -> Result<Vec<StoredNotice>, StoreError> {
        let sql =
            "SELECT * FROM notice WHERE ?1 IS NULL OR channel_id = ?1 ORDER BY at DESC, id DESC LIMIT ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map(params![channel.map(ChannelId::as_str), limit], notice)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns how many nobody has looked at.
    pub fn unseen_notices(self, channel: Option<&ChannelId>) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM notice WHERE seen_at IS NULL AND (?1 IS NULL OR channel_id = ?1)";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.query_row([channel.map(ChannelId::as_str)], |row| row.get(0))?)
    }
}

impl WriteTransaction<'_> {
    /// Stores a piece of news. Returns whether it is new.
    pub fn add_notice(&mut self, new: &NewNotice, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "INSERT OR IGNORE INTO notice (channel_id, field, event, raw, at, received_at, digest)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let added = self.connection().prepare_cached(sql)?.execute(params![
            new.channel_id.as_str(),
            new.field,
            new.event,
            new.raw.to_string(),
            new.at.0,
            now.0,
            new.digest
        ])?;
        if added > 0 {
            self.changed(Change::Notices);
            self.changed(Change::Health);
        }
        Ok(added > 0)
    }

    /// Marks news as seen.
    pub fn see_notices(&mut self, channel: Option<&ChannelId>, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE notice SET seen_at = ?2 WHERE seen_at IS NULL AND (?1 IS NULL OR channel_id = ?1)";
        let seen = self
            .connection()
            .execute(sql, params![channel.map(ChannelId::as_str), now.0])?;
        if seen > 0 {
            self.changed(Change::Notices);
        }
        Ok(())
    }
}
