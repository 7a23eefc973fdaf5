//! The tray of the front door: every genuine webhook, as received.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_time, time, word};
use crate::writer::WriteTransaction;
use domain::{EndpointId, JournalId, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};
use std::fmt;
use std::str::FromStr;

/// How far a webhook has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalState {
    /// Stored, not yet worked through.
    Pending,
    /// Worked through.
    Processed,
    /// Worked through, but some of it is for a number we do not know.
    Unassigned,
    /// It, or part of it, could not be worked through.
    Failed,
    /// Genuine, but not JSON.
    Refused,
}

impl JournalState {
    /// All states.
    pub const ALL: [Self; 5] = [
        Self::Pending,
        Self::Processed,
        Self::Unassigned,
        Self::Failed,
        Self::Refused,
    ];

    /// Returns the stable spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processed => "processed",
            Self::Unassigned => "unassigned",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }
}

impl fmt::Display for JournalState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for JournalState {
    type Err = domain::UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or_else(|| domain::UnknownWord {
                word: text.to_owned(),
                expected: Self::ALL.map(Self::as_str).join(", "),
            })
    }
}

/// Why a post was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusedReason {
    /// Its signature was missing or wrong.
    Signature,
    /// It was too large.
    Size,
    /// It was genuine but not JSON.
    Syntax,
}

impl RefusedReason {
    /// All reasons.
    pub const ALL: [Self; 3] = [Self::Signature, Self::Size, Self::Syntax];

    /// Returns the stable spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Size => "size",
            Self::Syntax => "syntax",
        }
    }
}

/// A stored webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// Its id.
    pub id: JournalId,
    /// Where it arrived.
    pub endpoint_id: EndpointId,
    /// When.
    pub received_at: Timestamp,
    /// The bytes as received.
    pub body: Vec<u8>,
    /// How far it has come.
    pub state: JournalState,
    /// How often it was worked through.
    pub attempts: u32,
    /// Why it is unassigned, failed or refused.
    pub error: Option<String>,
    /// When it was last worked through.
    pub processed_at: Option<Timestamp>,
}

/// The journal in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JournalCounts {
    /// Webhooks that were answered with 200.
    pub received: i64,
    /// Of these: not yet worked through.
    pub pending: i64,
    /// Of these: done.
    pub processed: i64,
    /// Of these: for a number we do not know.
    pub unassigned: i64,
    /// Of these: not understood.
    pub failed: i64,
    /// Posts turned away for their signature.
    pub refused_signature: i64,
    /// Posts turned away for their size.
    pub refused_size: i64,
    /// Posts turned away since they were not JSON.
    pub refused_syntax: i64,
}

fn entry(row: &Row<'_>) -> rusqlite::Result<JournalEntry> {
    Ok(JournalEntry {
        id: JournalId(row.get("id")?),
        endpoint_id: EndpointId(row.get("endpoint_id")?),
        received_at: time(row, "received_at")?,
        body: row.get("body")?,
        state: word(row, "state")?,
        attempts: row.get("attempts")?,
        error: row.get("error")?,
        processed_at: optional_time(row, "processed_at")?,
    })
}

impl Reader<'_> {
    /// Returns the next webhooks to work through, the oldest first: up to `limit`, and no more once their bodies
    /// have reached `bytes`, so that a row of large ones does not fill the memory.
    pub fn pending_webhooks(self, limit: u32, bytes: usize) -> Result<Vec<JournalEntry>, StoreError> {
        let sql = "SELECT * FROM webhook_journal WHERE state = 'pending' ORDER BY id LIMIT ?1";
        let mut query = self.connection().prepare_cached(sql)?;
        let mut found = Vec::new();
        let mut size = 0_usize;
        for row in query.query_map([limit], entry)? {
            let row = row?;
            size = size.saturating_add(row.body.len());
            found.push(row);
            if size >= bytes {
                break;
            }
        }
        Ok(found)
    }

    /// Returns one stored webhook.
    pub fn webhook(self, id: JournalId) -> Result<JournalEntry, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM webhook_journal WHERE id = ?1")?;
        query
            .query_row([id.0], entry)
            .optional()?
            .ok_or_else(|| StoreError::not_found("journal entry", &id))
    }

    /// Returns the ids of stored webhooks, the oldest first; all that can be worked through when `state` is `None`.
    pub fn webhook_ids(self, state: Option<JournalState>) -> Result<Vec<JournalId>, StoreError> {
        let sql = "SELECT id FROM webhook_journal
                   WHERE CASE WHEN ?1 IS NULL THEN state <> 'refused' ELSE state = ?1 END ORDER BY id";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([state.map(JournalState::as_str)], |row| row.get(0).map(JournalId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns when the last genuine webhook came.
    pub fn last_webhook_at(self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT received_at FROM webhook_journal ORDER BY id DESC LIMIT 1";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.query_row([], |row| time(row, "received_at")).optional()?)
    }

    /// Returns the id of the webhook that was stored last.
    pub fn newest_webhook(self) -> Result<Option<JournalId>, StoreError> {
        let sql = "SELECT max(id) FROM webhook_journal";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query
            .query_row([], |row| row.get::<_, Option<i64>>(0))?
            .map(JournalId))
    }

    /// Returns when a post was last turned away for a reason.
    pub fn last_refused_at(self, reason: RefusedReason) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT last_at FROM refused_webhook WHERE reason = ?1";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query
            .query_row([reason.as_str()], |row| time(row, "last_at"))
            .optional()?)
    }

    /// Returns the journal in numbers.
    pub fn journal_counts(self) -> Result<JournalCounts, StoreError> {
        let mut counts = JournalCounts::default();
        let mut query = self
            .connection()
            .prepare_cached("SELECT state, count(*) FROM webhook_journal GROUP BY state")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let number: i64 = row.get(1)?;
            let slot = match word::<JournalState>(row, "state")? {
                JournalState::Pending => &mut counts.pending,
                JournalState::Processed => &mut counts.processed,
                JournalState::Unassigned => &mut counts.unassigned,
                JournalState::Failed => &mut counts.failed,
                JournalState::Refused => continue,
            };
            *slot = number;
            counts.received += number;
        }
        for reason in RefusedReason::ALL {
            let mut query = self
                .connection()
                .prepare_cached("SELECT count FROM refused_webhook WHERE reason = ?1")?;
            let number = query
                .query_row([reason.as_str()], |row| row.get(0))
                .optional()?
                .unwrap_or(0);
            match reason {
                RefusedReason::Signature => counts.refused_signature = number,
                RefusedReason::Size => counts.refused_size = number,
                RefusedReason::Syntax => counts.refused_syntax = number,
            }
        }
        Ok(counts)
    }
}

impl WriteTransaction<'_> {
    /// Stores a webhook whose signature was genuine. Only the front door calls this, with the inside of a
    /// `Verified` delivery.
    pub fn append_webhook(
        &mut self,
        endpoint: EndpointId,
        body: &[u8],
        now: Timestamp,
    ) -> Result<JournalId, StoreError> {
        let sql = "INSERT INTO webhook_journal (endpoint_id, received_at, body, state)
                   VALUES (?1, ?2, ?3, 'pending')";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![endpoint.0, now.0, body])?;
        let id = JournalId(self.connection().last_insert_rowid());
        self.changed(Change::Journal);
        Ok(id)
    }

    /// Stores a genuine webhook that is not JSON, and counts it.
    pub fn append_refused_webhook(
        &mut self,
        endpoint: EndpointId,
        body: &[u8],
        why: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO webhook_journal (endpoint_id, received_at, body, state, error)
                   VALUES (?1, ?2, ?3, 'refused', ?4)";
        self.connection()
            .execute(sql, params![endpoint.0, now.0, body, why])?;
        self.count_refused(RefusedReason::Syntax, 1, now)
    }

    /// Counts posts that were turned away.
    pub fn count_refused(
        &mut self,
        reason: RefusedReason,
        number: u64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO refused_webhook (reason, count, last_at) VALUES (?1, ?2, ?3)
                   ON CONFLICT (reason) DO UPDATE SET count = count + ?2, last_at = ?3";
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        self.connection()
            .prepare_cached(sql)?
            .execute(params![reason.as_str(), number, now.0])?;
        self.changed(Change::Health);
        Ok(())
    }

    /// Notes the outcome of working a webhook through.
    pub fn settle_webhook(
        &mut self,
        id: JournalId,
        state: JournalState,
        error: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql =
            "UPDATE webhook_journal SET state = ?2, error = ?3, processed_at = ?4, attempts = attempts + 1
                   WHERE id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id.0, state.as_str(), error, now.0])?;
        self.changed(Change::Health);
        Ok(())
    }

    /// Puts the webhooks that are for numbers we did not know into the tray again: one of them is known now.
    pub fn reopen_unassigned(&mut self) -> Result<usize, StoreError> {
        let sql = "UPDATE webhook_journal SET state = 'pending' WHERE state = 'unassigned'";
        let reopened = self.connection().execute(sql, [])?;
        if reopened > 0 {
            self.changed(Change::Journal);
            self.changed(Change::Health);
        }
        Ok(reopened)
    }

    /// Removes webhooks that were worked through longer than `kept` ago. What is unassigned, failed or refused stays.
    pub fn prune_journal(&mut self, now: Timestamp, kept: std::time::Duration) -> Result<usize, StoreError> {
        let oldest = now
            .0
            .saturating_sub(i64::try_from(kept.as_millis()).unwrap_or(i64::MAX));
        let sql = "DELETE FROM webhook_journal WHERE state = 'processed' AND received_at < ?1";
        Ok(self.connection().execute(sql, [oldest])?)
    }
}
