//! Finding messages by their words.

use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::time;
use domain::{ConversationId, MessageId, Timestamp};
use rusqlite::params;

/// One place a searched text was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The message.
    pub message_id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// The person's name, when one is known.
    pub contact_name: Option<String>,
    /// Their phone number as digits, when it is known.
    pub phone: Option<String>,
    /// Some words around the hit.
    pub snippet: String,
    /// When it was written.
    pub at: Timestamp,
}

/// Words that are looked for at most: each costs a search of its own.
const MOST_WORDS: usize = 32;

/// Returns the query for words that all must occur, the last one as a beginning; `None` when there is no word.
fn match_expression(query: &str) -> Option<String> {
    let words: Vec<&str> = query
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(MOST_WORDS)
        .collect();
    let (last, whole) = words.split_last()?;
    let quoted = |word: &str| format!("\"{}\"", word.replace('"', "\"\""));
    let mut expression: String = whole.iter().map(|word| quoted(word) + " ").collect();
    expression += &quoted(last);
    expression.push('*');
    Some(expression)
}

impl Reader<'_> {
    /// Returns messages that contain all words of `query` (the last may be unfinished), the newest first.
    pub fn search(self, query: &str, limit: u32) -> Result<Vec<Hit>, StoreError> {
        let Some(expression) = match_expression(query) else {
            return Ok(Vec::new());
        };
        // By rowid, not by rank: newest first costs the same however many messages match.
        let sql = "SELECT m.id, m.conversation_id, coalesce(p.own_name, p.name, p.username) AS name, snippet(message_search, 0, '', '', '…', 12) AS snippet,
                       m.sent_at, (SELECT value FROM contact_identity i WHERE i.contact_id = m.contact_id
                           AND i.kind IN ('phone', 'wa_id') ORDER BY i.kind, i.learnt_at DESC LIMIT 1) AS phone
                   FROM message_search s JOIN message m ON m.id = s.rowid JOIN contact p ON p.id = m.contact_id
                   WHERE message_search MATCH ?1 AND m.discarded_at IS NULL AND m.revoked = 0
                   ORDER BY s.rowid DESC LIMIT ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![expression, limit], |row| {
            Ok(Hit {
                message_id: MessageId(row.get("id")?),
                conversation_id: ConversationId(row.get("conversation_id")?),
                contact_name: row.get("name")?,
                phone: row.get("phone")?,
                snippet: row.get("snippet")?,
                at: time(row, "sent_at")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
