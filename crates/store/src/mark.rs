//! What is told between the messages of a thread, and conversations somebody put off.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_word, time, word};
use crate::writer::WriteTransaction;
use domain::{Because, ConversationId, MarkKind, MessageId, SNOOZE_OVER, Timestamp};
use rusqlite::{OptionalExtension as _, params};

/// Marks that are read for one page of a thread, the newest ones; more happen only when machines play with switches.
const MOST: u32 = 500;

/// Something that happened to a conversation besides what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its place in the order.
    pub id: i64,
    /// What happened.
    pub kind: MarkKind,
    /// What made it so, the mode that was set, or why a person is needed.
    pub detail: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl Reader<'_> {
    /// Returns what happened to a conversation from `from` until before `until`, the oldest first.
    pub fn marks(
        self,
        id: ConversationId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Mark>, StoreError> {
        let sql = "SELECT * FROM mark
                   WHERE conversation_id = coalesce((SELECT merged_into FROM conversation WHERE id = ?1), ?1)
                       AND at >= ?2 AND at < ?3 ORDER BY at DESC, id DESC LIMIT ?4";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map(params![id.0, from.0, until.0, MOST], |row| {
            Ok(Mark {
                id: row.get("id")?,
                kind: word(row, "kind")?,
                detail: row.get("detail")?,
                at: time(row, "at")?,
            })
        })?;
        let mut marks: Vec<Mark> = rows.collect::<Result<_, _>>()?;
        marks.reverse();
        Ok(marks)
    }

    /// Returns why the assistant did not look at a message; none when it did.
    pub fn unheeded(self, id: MessageId) -> Result<Option<Because>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT unheeded FROM message WHERE id = ?1")?;
        Ok(query
            .query_row([id.0], |row| optional_word(row, "unheeded"))
            .optional()?
            .flatten())
    }

    /// Returns the conversations that were put off, and until when, the soonest first.
    pub fn snoozed(self) -> Result<Vec<(ConversationId, Timestamp)>, StoreError> {
        let sql = "SELECT id, snoozed_until FROM conversation
                   WHERE snoozed_until IS NOT NULL AND merged_into IS NULL ORDER BY snoozed_until LIMIT 64";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([], |row| {
            Ok((ConversationId(row.get("id")?), time(row, "snoozed_until")?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl WriteTransaction<'_> {
    /// Notes what happened to a conversation.
    pub(crate) fn add_mark(
        &mut self,
        id: ConversationId,
        kind: MarkKind,
        detail: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO mark (conversation_id, kind, detail, at) VALUES (?1, ?2, ?3, ?4)";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id.0, kind.as_str(), detail, at.0])?;
        Ok(())
    }

    /// Notes why the assistant did not look at a message.
    pub fn note_unheeded(&mut self, id: MessageId, because: Because) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("UPDATE message SET unheeded = ?2 WHERE id = ?1")?
            .execute(params![id.0, because.as_str()])?;
        Ok(())
    }

    /// Puts a conversation off until a moment, or no longer. What the customer writes meanwhile ends it, and so does a
    /// message of ours that fails.
    pub fn snooze(&mut self, id: ConversationId, until: Option<Timestamp>) -> Result<(), StoreError> {
        let id = self.read().conversation(id)?.id;
        // Whoever puts a reminder off, or takes it away, has seen it.
        let sql = "UPDATE conversation SET snoozed_until = ?2,
                       attention_at = CASE WHEN attention = ?3 THEN NULL ELSE attention_at END,
                       attention = CASE WHEN attention = ?3 THEN NULL ELSE attention END
                   WHERE id = ?1";
        self.update_conversation(id, sql, params![id.0, until.map(|at| at.0), SNOOZE_OVER])?;
        // The next one to wake may be another now.
        self.changed(Change::Turns);
        self.changed(Change::Draft(id));
        Ok(())
    }

    /// Brings a conversation back whose time has come. It asks for a person, whoever spoke last.
    pub fn wake_snoozed(&mut self, id: ConversationId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE conversation SET snoozed_until = NULL, attention = coalesce(attention, ?3),
                       attention_at = coalesce(attention_at, ?2)
                   WHERE id = ?1 AND snoozed_until <= ?2";
        let woken = self
            .connection()
            .prepare_cached(sql)?
            .execute(params![id.0, now.0, SNOOZE_OVER])?;
        if woken > 0 {
            self.changed(Change::Conversation(id));
            self.changed(Change::Draft(id));
        }
        Ok(())
    }
}
