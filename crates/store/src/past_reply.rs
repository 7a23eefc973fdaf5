//! Answers people of the shop gave, with what they were asked.

use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::time;
use domain::{MessageId, Timestamp};
use rusqlite::{OptionalExtension as _, Row};

/// An answer of a person, right after a customer's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastReply {
    /// The answer's message.
    pub message_id: MessageId,
    /// What the customer said before.
    pub question: String,
    /// What the person answered.
    pub answer: String,
    /// When.
    pub at: Timestamp,
}

/// An answer in plain words, written here or on the phone, and what was said right before it.
const REPLY: &str = "SELECT m.id, m.text AS answer, m.sort_at AS at, q.text AS question FROM message m
    JOIN message q ON q.id = (SELECT b.id FROM message b WHERE b.conversation_id = m.conversation_id
        AND (b.sort_at, b.id) < (m.sort_at, m.id) AND b.author <> 'system' ORDER BY b.sort_at DESC, b.id DESC LIMIT 1)
    WHERE m.author IN ('operator', 'phone') AND m.kind = 'text' AND m.text IS NOT NULL AND m.revoked = 0
        AND m.discarded_at IS NULL AND q.author = 'customer' AND q.text IS NOT NULL AND q.revoked = 0";

fn reply(row: &Row<'_>) -> rusqlite::Result<PastReply> {
    Ok(PastReply {
        message_id: MessageId(row.get("id")?),
        question: row.get("question")?,
        answer: row.get("answer")?,
        at: time(row, "at")?,
    })
}

impl Reader<'_> {
    /// Returns answers of people to what customers had just said, the newest first.
    pub fn past_replies(self, limit: u32) -> Result<Vec<PastReply>, StoreError> {
        let sql = format!("{REPLY} ORDER BY m.id DESC LIMIT ?1");
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_map([limit], reply)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns one such answer; none when the message is not one.
    pub fn past_reply(self, message: MessageId) -> Result<Option<PastReply>, StoreError> {
        let sql = format!("{REPLY} AND m.id = ?1");
        let mut query = self.connection().prepare_cached(&sql)?;
        Ok(query.query_row([message.0], reply).optional()?)
    }
}
