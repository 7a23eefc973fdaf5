//! What the provider last said about a channel's number, account and token.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::registration::CallTrouble;
use crate::row::{optional_json, optional_time, time};
use crate::writer::WriteTransaction;
use domain::{ChannelId, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::Value;

/// The last look at a channel.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelCheck {
    /// Which channel.
    pub channel_id: ChannelId,
    /// When the provider last answered.
    pub checked_at: Option<Timestamp>,
    /// What it said; kept while later questions fail.
    pub facts: Option<Value>,
    /// Why the last question failed, when it did.
    pub trouble: Option<CallTrouble>,
    /// Failures in a row.
    pub tries: u32,
    /// When it is asked next.
    pub due_at: Timestamp,
}

fn check(row: &Row<'_>) -> rusqlite::Result<ChannelCheck> {
    let words: Option<String> = row.get("words")?;
    let trouble = match words {
        Some(words) => Some(CallTrouble {
            code: row.get("code")?,
            subcode: row.get("subcode")?,
            words,
            detail: None,
        }),
        None => None,
    };
    Ok(ChannelCheck {
        channel_id: ChannelId::from(row.get::<_, String>("channel_id")?),
        checked_at: optional_time(row, "checked_at")?,
        facts: optional_json(row, "facts")?,
        trouble,
        tries: row.get("tries")?,
        due_at: time(row, "due_at")?,
    })
}

impl Reader<'_> {
    /// Returns the last looks at all channels that are connected.
    pub fn channel_checks(self) -> Result<Vec<ChannelCheck>, StoreError> {
        let sql = "SELECT k.* FROM channel_check k JOIN channel c ON c.id = k.channel_id
                   WHERE c.forgotten_at IS NULL ORDER BY c.created_at, c.id";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([], check)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns the last look at a channel, when there was one.
    pub fn channel_check(self, channel: &ChannelId) -> Result<Option<ChannelCheck>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM channel_check WHERE channel_id = ?1")?;
        Ok(query.query_row([channel.as_str()], check).optional()?)
    }

    /// Returns the connected channels that were never asked about, or are to be asked about by `now`.
    pub fn channels_to_check(self, now: Timestamp) -> Result<Vec<ChannelId>, StoreError> {
        let sql = "SELECT c.id FROM channel c LEFT JOIN channel_check k ON k.channel_id = c.id
                   WHERE c.forgotten_at IS NULL AND (k.due_at IS NULL OR k.due_at <= ?1)
                   ORDER BY c.created_at, c.id";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([now.0], |row| row.get::<_, String>(0).map(ChannelId::from))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns when the next connected channel is to be asked about.
    pub fn next_check_at(self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT min(k.due_at) FROM channel_check k JOIN channel c ON c.id = k.channel_id
                   WHERE c.forgotten_at IS NULL";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query
            .query_row([], |row| row.get::<_, Option<i64>>(0))?
            .map(Timestamp))
    }
}

impl WriteTransaction<'_> {
    /// Writes down what a question about a channel gave.
    pub fn put_channel_check(&mut self, check: &ChannelCheck) -> Result<(), StoreError> {
        let sql = "INSERT INTO channel_check (channel_id, checked_at, facts, code, subcode, words, tries, due_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                   ON CONFLICT (channel_id) DO UPDATE SET checked_at = ?2, facts = ?3, code = ?4, subcode = ?5,
                       words = ?6, tries = ?7, due_at = ?8";
        let trouble = check.trouble.as_ref();
        self.connection().prepare_cached(sql)?.execute(params![
            check.channel_id.as_str(),
            check.checked_at.map(|at| at.0),
            check.facts.as_ref().map(Value::to_string),
            trouble.and_then(|trouble| trouble.code),
            trouble.and_then(|trouble| trouble.subcode),
            trouble.map(|trouble| trouble.words.as_str()),
            check.tries,
            check.due_at.0,
        ])?;
        self.changed(Change::Connection);
        self.changed(Change::Health);
        Ok(())
    }

    /// Asks about a channel again at `at`, when it would be asked later otherwise.
    pub fn check_channel_at(&mut self, channel: &ChannelId, at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE channel_check SET due_at = min(due_at, ?2) WHERE channel_id = ?1";
        self.connection().execute(sql, params![channel.as_str(), at.0])?;
        self.changed(Change::Connection);
        Ok(())
    }
}
