//! Messages that are changed or taken back later, and what the provider tells about messages that are not here yet.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_json, time};
use crate::writer::WriteTransaction;
use domain::{ChannelId, ConversationId, DraftState, MessageId, Timestamp};
use rusqlite::params;
use serde_json::Value;
use std::time::Duration;

/// How long news about a message are kept that is not here.
const EARLY_KEPT: Duration = Duration::from_hours(7 * 24);

/// One form a message had.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Its words.
    pub text: Option<String>,
    /// Its typed content.
    pub payload: Option<Value>,
    /// Since when it reads like that, by the provider's clock.
    pub written_at: Timestamp,
}

/// What happened to a message that was not here yet.
#[derive(Debug, Clone, PartialEq)]
pub struct EarlyChange {
    /// `reaction`, `edit`, `revoke`.
    pub what: String,
    /// What is to be done, as whoever stored it wrote it.
    pub content: Value,
}

impl Reader<'_> {
    /// Returns all forms of a message that was changed, the first one first; empty when it never was.
    pub fn versions(self, message: MessageId) -> Result<Vec<Version>, StoreError> {
        let sql = "SELECT * FROM message_version WHERE message_id = ?1 ORDER BY written_at, provider_id";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([message.0], |row| {
            Ok(Version {
                text: row.get("text")?,
                payload: optional_json(row, "payload")?,
                written_at: time(row, "written_at")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl WriteTransaction<'_> {
    /// Gives a message a new form; all forms are kept, and the one that was written last is shown, in whatever order
    /// they arrive. `provider_id`: the provider's id of the change.
    pub fn edit_message(
        &mut self,
        id: MessageId,
        provider_id: &str,
        text: Option<&str>,
        payload: Option<&Value>,
        written_at: Timestamp,
    ) -> Result<(), StoreError> {
        let known = self.read().message(id)?;
        if known.revoked {
            return Ok(());
        }
        let sql = "INSERT OR IGNORE INTO message_version (message_id, provider_id, text, payload, written_at)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let text_now = known.text.as_deref();
        // A message that is only known through its change has no first form yet.
        if !known.edited && text_now != text {
            let payload = known.payload.as_ref().map(Value::to_string);
            self.connection().prepare_cached(sql)?.execute(params![
                id.0,
                "",
                known.text,
                payload,
                known.sent_at.0
            ])?;
        }
        let added = self.connection().prepare_cached(sql)?.execute(params![
            id.0,
            provider_id,
            text,
            payload.map(Value::to_string),
            // The first form is the first, whatever a clock says.
            written_at.0.max(known.sent_at.0)
        ])?;
        if added == 0 {
            return Ok(());
        }
        let sql = "UPDATE message AS m SET edited = 1, text = v.text, payload = v.payload
                   FROM (SELECT text, payload FROM message_version WHERE message_id = ?1
                         ORDER BY written_at DESC, provider_id DESC LIMIT 1) AS v
                   WHERE m.id = ?1";
        self.connection().prepare_cached(sql)?.execute([id.0])?;
        self.outdate_thoughts(known.conversation_id, written_at)?;
        self.refresh_conversation(known.conversation_id)?;
        self.changed(Change::Message(known.conversation_id, id));
        Ok(())
    }

    /// Puts the first form of a message in its place, whose change came before it.
    pub fn add_first_version(
        &mut self,
        id: MessageId,
        text: Option<&str>,
        payload: Option<&Value>,
        written_at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO message_version (message_id, provider_id, text, payload, written_at)
                   SELECT ?1, '', ?2, ?3, min(?4, (SELECT min(written_at) FROM message_version WHERE message_id = ?1))";
        let added = self.connection().prepare_cached(sql)?.execute(params![
            id.0,
            text,
            payload.map(Value::to_string),
            written_at.0
        ])?;
        if added > 0 {
            // It was written then, and not when it was changed.
            let sql =
                "UPDATE message SET sent_at = min(sent_at, ?2), sort_at = min(sort_at, ?2) WHERE id = ?1";
            self.connection()
                .prepare_cached(sql)?
                .execute([id.0, written_at.0])?;
            let conversation = self.read().message(id)?.conversation_id;
            self.refresh_conversation(conversation)?;
            self.changed(Change::Message(conversation, id));
        }
        Ok(())
    }

    /// Takes a message back: it stays as a mark, and everything it said is gone from here.
    pub fn revoke_message(&mut self, id: MessageId) -> Result<(), StoreError> {
        let known = self.read().message(id)?;
        if known.revoked {
            return Ok(());
        }
        let sql = "UPDATE message SET revoked = 1, text = NULL, payload = NULL, raw = NULL, referral = NULL,
                       reply_to = NULL WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute([id.0])?;
        for sql in [
            "DELETE FROM message_version WHERE message_id = ?1",
            "DELETE FROM reaction WHERE message_id = ?1",
        ] {
            self.connection().prepare_cached(sql)?.execute([id.0])?;
        }
        self.remove_attachments(id)?;
        self.forget_lead_values_of(id)?;
        self.outdate_thoughts(known.conversation_id, known.received_at)?;
        self.refresh_conversation(known.conversation_id)?;
        self.changed(Change::Message(known.conversation_id, id));
        Ok(())
    }

    /// What the assistant was about to say, or proposed, was about other words. A draft is made anew of what stands there
    /// now; when nothing does, there is nothing to answer.
    fn outdate_thoughts(&mut self, id: ConversationId, at: Timestamp) -> Result<(), StoreError> {
        self.connection()
            .prepare_cached("UPDATE conversation SET epoch = epoch + 1 WHERE id = ?1")?
            .execute([id.0])?;
        let proposed = self.read().pending_draft(id)?.is_some();
        self.retire_drafts(id, DraftState::Superseded, at)?;
        if let Some(asked) = self.read().burst(id)?.last().filter(|_| proposed) {
            self.open_turn(id, asked.id, at, at)?;
        }
        self.drop_empty_turn(id)
    }

    /// Keeps what happened to a message that is not here yet, for a week.
    pub fn keep_early_change(
        &mut self,
        channel: &ChannelId,
        target: &str,
        provider_id: &str,
        change: &EarlyChange,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql =
            "INSERT OR IGNORE INTO early_change (channel_id, target, what, provider_id, content, received_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.connection().prepare_cached(sql)?.execute(params![
            channel.as_str(),
            target,
            change.what,
            provider_id,
            change.content.to_string(),
            now.0
        ])?;
        Ok(())
    }

    /// Takes out what happened to a message before it came, in the order of arrival.
    pub fn take_early_changes(
        &mut self,
        channel: &ChannelId,
        target: &str,
    ) -> Result<Vec<EarlyChange>, StoreError> {
        let sql = "SELECT what, content FROM early_change WHERE channel_id = ?1 AND target = ?2 ORDER BY id";
        let found: Vec<(String, Option<Value>)> = {
            let mut query = self.connection().prepare_cached(sql)?;
            let rows = query.query_map([channel.as_str(), target], |row| {
                Ok((row.get("what")?, optional_json(row, "content")?))
            })?;
            rows.collect::<Result<_, _>>()?
        };
        if !found.is_empty() {
            let sql = "DELETE FROM early_change WHERE channel_id = ?1 AND target = ?2";
            self.connection()
                .prepare_cached(sql)?
                .execute([channel.as_str(), target])?;
        }
        Ok(found
            .into_iter()
            .filter_map(|(what, content)| {
                Some(EarlyChange {
                    what,
                    content: content?,
                })
            })
            .collect())
    }

    /// Forgets news about messages that never came.
    pub fn forget_early_changes(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let kept = i64::try_from(EARLY_KEPT.as_millis()).unwrap_or(i64::MAX);
        self.connection().execute(
            "DELETE FROM early_change WHERE received_at < ?1",
            [now.0.saturating_sub(kept)],
        )?;
        Ok(())
    }
}
