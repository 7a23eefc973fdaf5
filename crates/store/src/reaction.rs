//! Reactions: what stands at a message, by whom.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{time, word};
use crate::writer::WriteTransaction;
use domain::{MessageId, ReactionBy, Timestamp};
use rusqlite::params;

/// A reaction at a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// Who put it there.
    pub by: ReactionBy,
    /// When, by the provider's clock; by ours for our own.
    pub at: Timestamp,
    /// Whether it still waits to leave (ours only).
    pub pending: bool,
    /// Why it did not leave (ours only).
    pub trouble: Option<String>,
}

impl Reader<'_> {
    /// Returns the reactions of a message, the oldest first.
    pub fn reactions(self, message: MessageId) -> Result<Vec<Reaction>, StoreError> {
        let sql =
            "SELECT * FROM reaction WHERE message_id = ?1 AND emoji IS NOT NULL ORDER BY at, by, person";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([message.0], |row| {
            Ok(Reaction {
                emoji: row.get("emoji")?,
                by: word(row, "by")?,
                at: time(row, "at")?,
                pending: row.get::<_, String>("state")? == "pending",
                trouble: row.get("trouble")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl WriteTransaction<'_> {
    /// Puts a reaction to a message or takes it away (`emoji` is `None`). Each person has one; an older one than the
    /// known one changes nothing, so that late news do no harm. `person`: who of a group, else empty.
    pub fn react(
        &mut self,
        message: MessageId,
        by: ReactionBy,
        person: &str,
        emoji: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let known = self.read().message(message)?;
        if known.revoked {
            return Ok(());
        }
        let sql = "INSERT INTO reaction (message_id, by, person, emoji, at, state) VALUES (?1, ?2, ?3, ?4, ?5, 'done')
                   ON CONFLICT (message_id, by, person)
                   DO UPDATE SET emoji = excluded.emoji, at = excluded.at, state = 'done', trouble = NULL
                   WHERE excluded.at >= reaction.at";
        let changed = self.connection().prepare_cached(sql)?.execute(params![
            message.0,
            by.as_str(),
            person,
            emoji,
            at.0
        ])?;
        if changed > 0 {
            self.changed(Change::Message(known.conversation_id, message));
        }
        Ok(())
    }
}
