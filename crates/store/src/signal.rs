//! The tray of small signs to customers: our reactions, read marks, typing marks. Each may be given twice without
//! harm, so they are simply tried until they are taken, or until nobody cares any more.

use crate::change::Change;
use crate::channel::Channel;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::writer::WriteTransaction;
use domain::{
    ChannelId, ContactId, ConversationId, Direction, Identity, MessageId, Permit, ReactionBy, Timestamp,
};
use rusqlite::{OptionalExtension as _, params};
use std::time::Duration;

/// A typing mark or read mark that could not be given for so long is of no use any more.
const STALE: Duration = Duration::from_mins(2);

/// What kind of sign it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignalKind {
    /// A reaction of ours.
    Reaction,
    /// The customer sees that their message was read.
    Read,
    /// The customer sees that somebody is typing; marks as read, too.
    Typing,
}

impl SignalKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Reaction => "reaction",
            Self::Read => "read",
            Self::Typing => "typing",
        }
    }

    fn read(word: &str) -> Self {
        match word {
            "reaction" => Self::Reaction,
            "typing" => Self::Typing,
            _ => Self::Read,
        }
    }
}

/// A sign that waits to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// Its id.
    pub id: i64,
    /// Over which account.
    pub channel: Channel,
    /// To whom.
    pub identities: Vec<Identity>,
    /// What kind.
    pub kind: SignalKind,
    /// The message it is about, by the provider's id.
    pub target: String,
    /// The reaction; empty takes it away.
    pub emoji: String,
    /// Requests made.
    pub tries: u32,
}

impl Reader<'_> {
    /// Returns signs that are to be given at `now`, the oldest first; none of a channel that sends nothing.
    pub fn due_signals(self, now: Timestamp, limit: u32) -> Result<Vec<Signal>, StoreError> {
        let sql = "SELECT s.*, m.provider_id AS target, m.contact_id FROM signal s
                   JOIN message m ON m.id = s.message_id JOIN channel ch ON ch.id = s.channel_id
                   WHERE s.state = 'waiting' AND s.due_at <= ?1 AND m.provider_id IS NOT NULL
                       AND (ch.hold_class IS NULL OR ch.hold_until <= ?1)
                   ORDER BY s.id LIMIT ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map(params![now.0, limit], |row| {
            let signal = |channel, identities| -> rusqlite::Result<Signal> {
                Ok(Signal {
                    id: row.get("id")?,
                    channel,
                    identities,
                    kind: SignalKind::read(&row.get::<_, String>("kind")?),
                    target: row.get("target")?,
                    emoji: row.get::<_, Option<String>>("emoji")?.unwrap_or_default(),
                    tries: row.get("tries")?,
                })
            };
            let channel = ChannelId::from(row.get::<_, String>("channel_id")?);
            let contact = ContactId(row.get("contact_id")?);
            Ok(self
                .channel(&channel)
                .and_then(|channel| Ok(signal(channel, self.identities(contact)?)?)))
        })?;
        rows.map(|row| row?).collect()
    }

    /// Returns when the next sign is to be given, when there is one after `now`.
    pub fn next_signal_at(self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT min(max(s.due_at, coalesce(ch.hold_until, 0))) FROM signal s
                   JOIN channel ch ON ch.id = s.channel_id
                   WHERE s.state = 'waiting' AND max(s.due_at, coalesce(ch.hold_until, 0)) > ?1";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query
            .query_row([now.0], |row| row.get::<_, Option<i64>>(0))?
            .map(Timestamp))
    }

    /// Returns the customer's newest message in a conversation that the provider has an id for.
    pub fn newest_inbound(self, conversation: ConversationId) -> Result<Option<MessageId>, StoreError> {
        let sql = "SELECT id FROM message
                   WHERE conversation_id = coalesce((SELECT merged_into FROM conversation WHERE id = ?1), ?1)
                       AND direction = 'inbound' AND provider_id LIKE 'wamid.%' AND kind NOT IN ('system', 'call')
                   ORDER BY sort_at DESC, id DESC LIMIT 1";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query
            .query_row([conversation.0], |row| row.get(0).map(MessageId))
            .optional()?)
    }
}

impl WriteTransaction<'_> {
    /// Puts our reaction to a message, or takes it away (`emoji` is empty), and has the customer told.
    pub fn react_ourselves(
        &mut self,
        message: MessageId,
        emoji: &str,
        permit: Permit,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let shown = Some(emoji).filter(|emoji| !emoji.is_empty());
        self.react(message, ReactionBy::Operator, "", shown, now)?;
        let sql = "UPDATE reaction SET state = 'pending', trouble = NULL
                   WHERE message_id = ?1 AND by = 'operator' AND person = ''";
        self.connection().execute(sql, [message.0])?;
        // Only the latest wish counts.
        let sql = "UPDATE signal SET state = 'done'
                   WHERE message_id = ?1 AND kind = 'reaction' AND state = 'waiting'";
        self.connection().execute(sql, [message.0])?;
        self.add_signal(message, SignalKind::Reaction, Some(emoji), permit, now)
    }

    /// Has the customer told that their message was read, or that somebody is typing. One at a time of each.
    pub fn signal(
        &mut self,
        message: MessageId,
        kind: SignalKind,
        permit: Permit,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "SELECT 1 FROM signal WHERE message_id = ?1 AND kind = ?2
                   AND (state = 'waiting' OR (state = 'done' AND kind = 'read'))";
        let known = self
            .connection()
            .prepare_cached(sql)?
            .exists(params![message.0, kind.as_str()])?;
        if known {
            return Ok(());
        }
        self.add_signal(message, kind, None, permit, now)
    }

    fn add_signal(
        &mut self,
        message: MessageId,
        kind: SignalKind,
        emoji: Option<&str>,
        // Nothing leaves without one.
        _permit: Permit,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let known = self.read().message(message)?;
        if known.provider_id.is_none() {
            return Err(StoreError::Conflict(
                "This message has not been taken by WhatsApp yet. Try again in a moment.".to_owned(),
            ));
        }
        if kind != SignalKind::Reaction && known.direction != Direction::Inbound {
            return Ok(());
        }
        let sql = "INSERT INTO signal (conversation_id, channel_id, kind, message_id, emoji, state, due_at, created_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', ?6, ?6)";
        self.connection().prepare_cached(sql)?.execute(params![
            known.conversation_id.0,
            known.channel_id.as_str(),
            kind.as_str(),
            message.0,
            emoji,
            now.0
        ])?;
        self.changed(Change::Signals);
        Ok(())
    }

    /// Notes that a sign was taken.
    pub fn settle_signal(&mut self, id: i64) -> Result<(), StoreError> {
        self.end_signal(id, "done", None)
    }

    /// Notes that a sign was refused for good. At a reaction, the sentence is shown.
    pub fn fail_signal(&mut self, id: i64, why: &str) -> Result<(), StoreError> {
        self.end_signal(id, "failed", Some(why))
    }

    fn end_signal(&mut self, id: i64, state: &str, why: Option<&str>) -> Result<(), StoreError> {
        self.connection()
            .execute("UPDATE signal SET state = ?2 WHERE id = ?1", params![id, state])?;
        // A newer wish has its own sign.
        let sql = "UPDATE reaction SET state = ?2, trouble = ?3 WHERE by = 'operator' AND person = '' AND message_id =
                       (SELECT message_id FROM signal s WHERE s.id = ?1 AND s.kind = 'reaction' AND NOT EXISTS
                           (SELECT 1 FROM signal n WHERE n.message_id = s.message_id AND n.kind = 'reaction'
                                AND n.id > s.id))";
        self.connection().execute(sql, params![id, state, why])?;
        let found = self
            .connection()
            .query_row(
                "SELECT conversation_id, message_id FROM signal WHERE id = ?1",
                [id],
                |row| Ok((ConversationId(row.get(0)?), MessageId(row.get(1)?))),
            )
            .optional()?;
        if let Some((conversation, message)) = found {
            self.changed(Change::Message(conversation, message));
        }
        Ok(())
    }

    /// Has a sign tried again at `at`. Marks that are of no use any more are given up instead.
    pub fn put_off_signal(&mut self, id: i64, at: Timestamp) -> Result<(), StoreError> {
        let stale = i64::try_from(STALE.as_millis()).unwrap_or(i64::MAX);
        let sql = "UPDATE signal SET tries = tries + 1, due_at = ?2,
                       state = CASE WHEN kind <> 'reaction' AND ?2 - created_at > ?3 THEN 'failed' ELSE state END
                   WHERE id = ?1";
        self.connection().execute(sql, params![id, at.0, stale])?;
        self.changed(Change::Signals);
        Ok(())
    }

    /// Forgets signs that are done with.
    pub fn forget_signals(&mut self, before: Timestamp) -> Result<(), StoreError> {
        self.connection().execute(
            "DELETE FROM signal WHERE state <> 'waiting' AND created_at < ?1",
            [before.0],
        )?;
        Ok(())
    }
}
