//! The tray of the post room: attempts to send.

mod bot;
mod settle;

pub use bot::BotPost;

use crate::attachment::Attachment;
use crate::change::Change;
use crate::channel::Channel;
use crate::error::StoreError;
use crate::message::NewOutbound;
use crate::reader::Reader;
use crate::row::{time, word};
use crate::writer::WriteTransaction;
use domain::{
    ChannelId, ContactId, ConversationId, DeliveryStatus, Direction, HeldBy, Holder, Identity, MessageId,
    MessageKind, OperatorPermit, OutboxId, OutboxState, Permit, Timestamp,
};
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::Value;

/// One attempt to send a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its id.
    pub id: OutboxId,
    /// What is sent.
    pub message_id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// Over which account.
    pub channel_id: ChannelId,
    /// Where it stands.
    pub state: OutboxState,
    /// Not before.
    pub due_at: Timestamp,
    /// Requests made.
    pub tries: u32,
    /// Refusals so far for troubles that pass by themselves.
    pub passing: u32,
    /// Whether the assistant says it by itself.
    pub by_bot: bool,
}

/// What is needed to make the request.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// The attempt.
    pub attempt: Attempt,
    /// Over which account.
    pub channel: Channel,
    /// To whom.
    pub contact_id: ContactId,
    /// What providers call them.
    pub identities: Vec<Identity>,
    /// What it is.
    pub kind: MessageKind,
    /// The words, or the words below a file.
    pub text: Option<String>,
    /// What stands under its type on the wire.
    pub payload: Option<Value>,
    /// Its files; the provider has all of them.
    pub files: Vec<Attachment>,
    /// The provider's id of the message it answers.
    pub reply_to: Option<String>,
}

/// Whether an attempt may begin.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// It stands at `sending` on disk now: make the request.
    Taken(Box<Claimed>),
    /// It may not leave any more: the service window closed while it waited. It has not moved.
    WindowClosed(Box<Attempt>),
    /// It is a promotion, and the customer asked for no more of them while it waited. It has not moved.
    Unwanted(Box<Attempt>),
    /// It may not leave now, or not any more.
    NotNow,
}

fn attempt(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    Ok(Attempt {
        id: OutboxId::from(row.get::<_, String>("id")?),
        message_id: MessageId(row.get("message_id")?),
        conversation_id: ConversationId(row.get("conversation_id")?),
        channel_id: ChannelId::from(row.get::<_, String>("channel_id")?),
        state: word(row, "state")?,
        due_at: time(row, "due_at")?,
        tries: row.get("tries")?,
        passing: row.get("passing")?,
        by_bot: row.get::<_, String>("permit")? != "operator",
    })
}

/// What makes an attempt `o` ready at ?1: nothing of its conversation is before it, the provider has its files, and its
/// channel sends. A channel that was disconnected sends nothing; one that waits sends one message at a time, as a probe,
/// once its time has come.
/// The first condition is the index's own, word for word; SQLite would read the whole table without it.
const READY: &str = "o.state IN ('queued', 'sending') AND o.state = 'queued' AND o.due_at <= ?1 AND ch.forgotten_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.conversation_id = o.conversation_id AND e.place < o.place
        AND e.state IN ('queued', 'sending'))
    AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.message_id = o.message_id AND a.upload_state IS NOT NULL
        AND (a.upload_state <> 'uploaded' OR coalesce(a.media_until, 0) <= ?1))
    AND (ch.hold_class IS NULL OR (ch.hold_until <= ?1 AND NOT EXISTS (SELECT 1 FROM outbox s
        WHERE s.channel_id = o.channel_id AND s.state IN ('queued', 'sending') AND s.state = 'sending')))";

impl Reader<'_> {
    /// Returns attempts that may begin at `now`, those that waited longest first.
    pub fn due_attempts(self, now: Timestamp, limit: u32) -> Result<Vec<Attempt>, StoreError> {
        let sql = format!(
            "SELECT o.* FROM outbox o JOIN channel ch ON ch.id = o.channel_id WHERE {READY}
             ORDER BY o.due_at, o.created_at, o.place LIMIT ?2"
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_map(params![now.0, limit], attempt)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns when the next waiting attempt may begin, when there is one after `now`.
    pub fn next_attempt_at(self, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT min(max(o.due_at, coalesce(ch.hold_until, 0))) FROM outbox o
                   JOIN channel ch ON ch.id = o.channel_id
                   WHERE o.state IN ('queued', 'sending') AND o.state = 'queued' AND max(o.due_at, coalesce(ch.hold_until, 0)) > ?1";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query
            .query_row([now.0], |row| row.get::<_, Option<i64>>(0))?
            .map(Timestamp))
    }

    /// Returns the attempts of a channel that wait to leave, in their order.
    pub fn queued_attempts(self, channel: &ChannelId) -> Result<Vec<OutboxId>, StoreError> {
        let sql = "SELECT id FROM outbox WHERE channel_id = ?1 AND state IN ('queued', 'sending') AND state = 'queued'
                   ORDER BY conversation_id, place";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([channel.as_str()], |row| {
            row.get::<_, String>(0).map(OutboxId::from)
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns how many messages wait to leave.
    pub fn waiting_attempts(self) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')";
        Ok(self
            .connection()
            .prepare_cached(sql)?
            .query_row([], |row| row.get(0))?)
    }

    /// Returns when the latest attempt of a message is tried again, while it waits after a refusal.
    pub fn retry_at(self, message: MessageId) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT max(o.due_at, coalesce(ch.hold_until, 0)) AS at FROM outbox o
                   JOIN channel ch ON ch.id = o.channel_id
                   WHERE o.message_id = ?1 AND o.state = 'queued' AND (o.tries > 0 OR ch.hold_class IS NOT NULL)
                   ORDER BY o.place DESC LIMIT 1";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.query_row([message.0], |row| time(row, "at")).optional()?)
    }

    fn attempt(self, id: &OutboxId) -> Result<Attempt, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM outbox WHERE id = ?1")?;
        query
            .query_row([id.as_str()], attempt)
            .optional()?
            .ok_or_else(|| StoreError::not_found("attempt", id))
    }

    /// Returns the attempt that counts: the last one that was not given up.
    fn latest_attempt(self, message: MessageId) -> Result<Option<Attempt>, StoreError> {
        let sql =
            "SELECT * FROM outbox WHERE message_id = ?1 ORDER BY state = 'discarded', place DESC LIMIT 1";
        Ok(self
            .connection()
            .prepare_cached(sql)?
            .query_row([message.0], attempt)
            .optional()?)
    }

    /// Finds the message a report is about: by our own reference, else by the provider's id.
    fn reported(
        self,
        channel: &ChannelId,
        provider_id: &str,
        reference: Option<&str>,
    ) -> Result<Option<(MessageId, Option<Attempt>)>, StoreError> {
        if let Some(reference) = reference {
            let sql = "SELECT * FROM outbox WHERE id = ?1 AND channel_id = ?2";
            let mut query = self.connection().prepare_cached(sql)?;
            if let Some(found) = query
                .query_row([reference, channel.as_str()], attempt)
                .optional()?
            {
                return Ok(Some((found.message_id, Some(found))));
            }
        }
        let sql = "SELECT * FROM outbox WHERE channel_id = ?1 AND provider_id = ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        if let Some(found) = query
            .query_row([channel.as_str(), provider_id], attempt)
            .optional()?
        {
            return Ok(Some((found.message_id, Some(found))));
        }
        let sql =
            "SELECT id FROM message WHERE channel_id = ?1 AND provider_id = ?2 AND direction = 'outbound'";
        let mut query = self.connection().prepare_cached(sql)?;
        let message = query
            .query_row([channel.as_str(), provider_id], |row| row.get(0))
            .optional()?;
        Ok(message.map(|message| (MessageId(message), None)))
    }
}

impl WriteTransaction<'_> {
    /// Stores a message of ours and its first attempt. A human message makes its author the holder and puts an end
    /// to whatever the assistant was about to say.
    pub fn add_outbound(
        &mut self,
        new: &NewOutbound,
        id: &OutboxId,
        permit: Permit,
        now: Timestamp,
    ) -> Result<MessageId, StoreError> {
        let conversation = self.read().conversation(new.conversation_id)?.id;
        if matches!(permit, Permit::Operator(_)) {
            self.answer_blind_draft(conversation, new.text.as_deref(), now)?;
            self.person_wrote(conversation, HeldBy::Typed, now)?;
            let sql = "UPDATE conversation SET composer_text = NULL, composer_at = NULL
                       WHERE id = ?1 AND composer_text = ?2";
            self.connection()
                .prepare_cached(sql)?
                .execute(params![conversation.0, new.text])?;
        }
        self.queue_outbound(new, id, permit, now)
    }

    /// Stores a message an operator let the assistant write: they approved its draft as it was, or nearly. The
    /// assistant stays the one who answers, unless a person was asked for.
    pub fn add_approved(
        &mut self,
        new: &NewOutbound,
        id: &OutboxId,
        permit: OperatorPermit,
        now: Timestamp,
    ) -> Result<MessageId, StoreError> {
        let conversation = self.read().conversation(new.conversation_id)?;
        if conversation.holder == Holder::WaitingHuman {
            self.person_wrote(conversation.id, HeldBy::Typed, now)?;
        } else {
            self.person_approved(conversation.id, now)?;
        }
        self.queue_outbound(new, id, Permit::Operator(permit), now)
    }

    fn queue_outbound(
        &mut self,
        new: &NewOutbound,
        id: &OutboxId,
        permit: Permit,
        now: Timestamp,
    ) -> Result<MessageId, StoreError> {
        // The one its messages lie in, should two contacts have become one meanwhile.
        let conversation = self.read().conversation(new.conversation_id)?;
        let sql = "INSERT INTO message (conversation_id, channel_id, contact_id, direction, author, kind,
                       original_kind, text, payload, reply_to, sent_at, received_at, sort_at, own_status, status)
                   VALUES (?1, ?2, ?3, 'outbound', ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?10, 'queued', 'queued')";
        self.connection().prepare_cached(sql)?.execute(params![
            conversation.id.0,
            conversation.channel_id.as_str(),
            conversation.contact_id.0,
            new.author.as_str(),
            new.kind.as_str(),
            new.original_kind,
            new.text,
            new.payload.as_ref().map(Value::to_string),
            new.reply_to,
            now.0
        ])?;
        let message = MessageId(self.connection().last_insert_rowid());
        for file in &new.files {
            self.add_outbound_file(message, file, now)?;
        }
        self.queue_attempt(message, id, permit, now)?;
        self.refresh_conversation(conversation.id)?;
        self.changed(Change::Message(conversation.id, message));
        Ok(message)
    }

    /// Makes a new attempt for a message that failed or whose fate is unknown. `files_anew`: its files were not taken,
    /// so they are uploaded once more.
    pub fn retry_message(
        &mut self,
        message: MessageId,
        id: &OutboxId,
        permit: Permit,
        files_anew: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let known = self.read().message(message)?;
        if known.discarded {
            return Err(StoreError::Conflict(
                "This message was discarded; write it again.".to_owned(),
            ));
        }
        if known.direction != Direction::Outbound || !known.status.needs_decision() {
            return Err(StoreError::Conflict(format!(
                "Only a message that failed, or that may not have arrived, can be sent again; this one is {}.",
                known.status
            )));
        }
        self.upload_again(message, files_anew, now)?;
        self.begin_new_attempt(message, now)?;
        self.queue_attempt(message, id, permit, now)
    }

    /// Gives up a message that has not left, failed, or whose fate is unknown. It leaves the thread, unless a report
    /// says later that it did arrive.
    pub fn discard_message(&mut self, message: MessageId, now: Timestamp) -> Result<(), StoreError> {
        let known = self.read().message(message)?;
        let may = matches!(
            known.status,
            DeliveryStatus::Queued
                | DeliveryStatus::Scheduled
                | DeliveryStatus::Failed
                | DeliveryStatus::Unknown
        );
        if known.direction != Direction::Outbound || !may {
            return Err(StoreError::Conflict(format!(
                "Only a message that has not left can be discarded; this one is {}.",
                known.status
            )));
        }
        let sql = "UPDATE outbox SET state = 'discarded' WHERE message_id = ?1 AND state <> 'accepted'";
        self.connection().execute(sql, [message.0])?;
        self.give_up_uploads(message)?;
        let sql = "UPDATE message SET discarded_at = ?2 WHERE id = ?1";
        self.connection().execute(sql, params![message.0, now.0])?;
        self.refresh_conversation(known.conversation_id)?;
        self.changed(Change::Message(known.conversation_id, message));
        self.changed(Change::Outbox);
        self.changed(Change::Media);
        self.changed(Change::Health);
        Ok(())
    }

    fn queue_attempt(
        &mut self,
        message: MessageId,
        id: &OutboxId,
        permit: Permit,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let channel = self.read().message(message)?.channel_id;
        if self.read().channel(&channel)?.forgotten_at.is_some() {
            return Err(StoreError::Conflict(
                "This number was disconnected here, so nothing can be sent over it. Connect it again to write to this \
                 customer."
                    .to_owned(),
            ));
        }
        let sql = "INSERT INTO outbox (id, message_id, conversation_id, channel_id, place, state, permit, epoch,
                       due_at, created_at)
                   SELECT ?1, m.id, m.conversation_id, m.channel_id,
                       coalesce((SELECT max(place) FROM outbox WHERE conversation_id = m.conversation_id), 0) + 1,
                       'queued', ?3, c.epoch, ?4, ?4
                   FROM message m JOIN conversation c ON c.id = m.conversation_id WHERE m.id = ?2";
        self.connection().prepare_cached(sql)?.execute(params![
            id.as_str(),
            message.0,
            permit.as_str(),
            now.0
        ])?;
        self.changed(Change::Outbox);
        self.changed(Change::Media);
        self.changed(Change::Health);
        Ok(())
    }

    /// Moves an attempt to `sending`, if it may leave at `now`. The request may be made after the commit only.
    pub fn claim_attempt(&mut self, id: &OutboxId, now: Timestamp) -> Result<Claim, StoreError> {
        let sql = format!(
            "SELECT o.* FROM outbox o JOIN channel ch ON ch.id = o.channel_id WHERE {READY} AND o.id = ?2"
        );
        let ready = self
            .connection()
            .prepare_cached(&sql)?
            .query_row(params![now.0, id.as_str()], attempt)
            .optional()?;
        let Some(attempt) = ready else {
            return Ok(Claim::NotNow);
        };
        let conversation = self.read().conversation(attempt.conversation_id)?;
        let message = self.read().message(attempt.message_id)?;
        // Who may speak is asked first: what the assistant may not say any more is withdrawn, not failed.
        if attempt.by_bot && !self.may_leave(&attempt, now)? {
            return Ok(Claim::NotNow);
        }
        // An approved template may always leave (whatsapp-cloud-api, section 9.3).
        if message.kind != MessageKind::Template && !conversation.window.is_open(now) {
            return Ok(Claim::WindowClosed(Box::new(attempt)));
        }
        if conversation.marketing_stopped_at.is_some() && self.read().is_promotion(&message)? {
            return Ok(Claim::Unwanted(Box::new(attempt)));
        }
        let sql = "UPDATE outbox SET state = 'sending', tries = tries + 1, claimed_at = ?2 WHERE id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id.as_str(), now.0])?;
        self.set_own_status(attempt.message_id, DeliveryStatus::Sending, None)?;
        let attempt = Attempt {
            state: OutboxState::Sending,
            tries: attempt.tries + 1,
            ..attempt
        };
        Ok(Claim::Taken(Box::new(Claimed {
            channel: self.read().channel(&attempt.channel_id)?,
            contact_id: conversation.contact_id,
            identities: self.read().identities(conversation.contact_id)?,
            files: self.read().attachments(attempt.message_id)?,
            kind: message.kind,
            text: message.text,
            payload: message.payload,
            reply_to: message.reply_to,
            attempt,
        })))
    }
}
