//! The tray of the second reading: conversations a language model is to read for what they say about a lead.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::writer::WriteTransaction;
use domain::{ConversationId, Timestamp};
use rusqlite::params;

/// A conversation that waits to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadReading {
    /// Which.
    pub conversation_id: ConversationId,
    /// When its customer will have been quiet for long enough.
    pub due_at: Timestamp,
    /// How often it did not work.
    pub tries: u32,
}

impl Reader<'_> {
    /// Returns conversations to read at `now`, the oldest first.
    pub fn due_lead_readings(self, now: Timestamp, limit: u32) -> Result<Vec<LeadReading>, StoreError> {
        let sql = "SELECT conversation_id, due_at, tries FROM lead_reading WHERE due_at <= ?1
                   ORDER BY due_at, conversation_id LIMIT ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map(params![now.0, limit], |row| {
            Ok(LeadReading {
                conversation_id: ConversationId(row.get(0)?),
                due_at: Timestamp(row.get(1)?),
                tries: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns when the next conversation is to be read.
    pub fn next_lead_reading_at(self) -> Result<Option<Timestamp>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT min(due_at) FROM lead_reading")?;
        Ok(query
            .query_row([], |row| row.get::<_, Option<i64>>(0))?
            .map(Timestamp))
    }
}

impl WriteTransaction<'_> {
    /// Asks for a conversation to be read at a moment. Asked again, it waits until then: the customer goes on writing.
    pub fn ask_lead_reading(&mut self, id: ConversationId, due_at: Timestamp) -> Result<(), StoreError> {
        let sql = "INSERT INTO lead_reading (conversation_id, due_at) VALUES (?1, ?2)
                   ON CONFLICT (conversation_id) DO UPDATE SET due_at = max(due_at, ?2), tries = 0";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id.0, due_at.0])?;
        self.changed(Change::LeadTasks);
        Ok(())
    }

    /// Notes that a conversation was read. One that was asked for again meanwhile waits on.
    pub fn end_lead_reading(&mut self, read: LeadReading) -> Result<(), StoreError> {
        let sql = "DELETE FROM lead_reading WHERE conversation_id = ?1 AND due_at = ?2";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![read.conversation_id.0, read.due_at.0])?;
        Ok(())
    }

    /// Lets a conversation be read later; `failed`: it was tried, and that counts.
    pub fn postpone_lead_reading(
        &mut self,
        read: LeadReading,
        due_at: Timestamp,
        failed: bool,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE lead_reading SET due_at = ?3, tries = tries + ?4
                   WHERE conversation_id = ?1 AND due_at = ?2";
        self.connection().prepare_cached(sql)?.execute(params![
            read.conversation_id.0,
            read.due_at.0,
            due_at.0,
            failed
        ])?;
        Ok(())
    }
}
