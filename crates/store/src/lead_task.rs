//! The tray of the lead room: messages to read for what they say about a lead.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::writer::WriteTransaction;
use domain::{MessageId, Timestamp};
use rusqlite::params;
use std::time::Duration;

impl Reader<'_> {
    /// Returns messages to read at `now`, the oldest first, and how often each was tried.
    pub fn due_lead_tasks(self, now: Timestamp, limit: u32) -> Result<Vec<(MessageId, u32)>, StoreError> {
        let sql =
            "SELECT message_id, tries FROM lead_task WHERE due_at <= ?1 ORDER BY due_at, message_id LIMIT ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map(params![now.0, limit], |row| {
            Ok((MessageId(row.get(0)?), row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns when the next message is to be read.
    pub fn next_lead_task_at(self) -> Result<Option<Timestamp>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT min(due_at) FROM lead_task")?;
        Ok(query
            .query_row([], |row| row.get::<_, Option<i64>>(0))?
            .map(Timestamp))
    }
}

impl WriteTransaction<'_> {
    /// Asks for a message to be read.
    pub fn add_lead_task(&mut self, message: MessageId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO lead_task (message_id, due_at) VALUES (?1, ?2)";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![message.0, now.0])?;
        self.changed(Change::LeadTasks);
        Ok(())
    }

    /// Notes that a message was read.
    pub fn end_lead_task(&mut self, message: MessageId) -> Result<(), StoreError> {
        let sql = "DELETE FROM lead_task WHERE message_id = ?1";
        self.connection().prepare_cached(sql)?.execute([message.0])?;
        Ok(())
    }

    /// Lets a message be read again later; after five tries it is left alone.
    pub fn retry_lead_task(
        &mut self,
        message: MessageId,
        after: Duration,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE lead_task SET tries = tries + 1, due_at = ?2 WHERE message_id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![message.0, now.plus(after).0])?;
        let sql = "DELETE FROM lead_task WHERE message_id = ?1 AND tries >= 5";
        self.connection().prepare_cached(sql)?.execute([message.0])?;
        Ok(())
    }
}
