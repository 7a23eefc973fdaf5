//! Messages and what became of them.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_json, optional_time, optional_word, time, word};
use crate::writer::WriteTransaction;
use domain::{
    Author, ChannelId, ContactId, ConversationId, DecisionId, DeliveryEvent, DeliveryHistory, DeliveryStatus,
    Direction, Failure, Forwarded, HeldBy, MessageId, MessageKind, Reached, Silence, Source, Timestamp,
    sort_time,
};
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::Value;

/// A stored message.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Where it was said.
    pub conversation_id: ConversationId,
    /// Over which account.
    pub channel_id: ChannelId,
    /// The customer, whoever wrote.
    pub contact_id: ContactId,
    /// Which way it went.
    pub direction: Direction,
    /// Who wrote it.
    pub author: Author,
    /// What it is.
    pub kind: MessageKind,
    /// Its type in the provider's word.
    pub original_kind: String,
    /// Body, caption or button title.
    pub text: Option<String>,
    /// The provider's id.
    pub provider_id: Option<String>,
    /// The provider's id of the message it answers.
    pub reply_to: Option<String>,
    /// Written, by the provider's clock.
    pub sent_at: Timestamp,
    /// Stored here.
    pub received_at: Timestamp,
    /// Its place in the thread.
    pub place: Place,
    /// What this side knows.
    pub own_status: DeliveryStatus,
    /// What the operator sees.
    pub status: DeliveryStatus,
    /// What the provider reported.
    pub history: DeliveryHistory,
    /// Why it failed: the provider's report, or the answer to our request.
    pub failure: Option<Failure>,
    /// Typed content that text cannot carry.
    pub payload: Option<Value>,
    /// What brought the customer.
    pub referral: Option<Value>,
    /// How often it was passed on.
    pub forwarded: Forwarded,
    /// Changed later by the customer.
    pub edited: bool,
    /// Taken back by the customer.
    pub revoked: bool,
    /// Given up by an operator.
    pub discarded: bool,
    /// Which way it came here.
    pub source: Source,
    /// Why the assistant does not consider it.
    pub silence: Option<Silence>,
    /// The writer's name, in a group.
    pub sender: Option<String>,
    /// The assistant's decision it came from.
    pub decision_id: Option<DecisionId>,
}

/// A place in a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// When.
    pub sort_at: Timestamp,
    /// Which of those at that moment.
    pub id: MessageId,
}

/// Something that was said outside of this desk, to be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct NewInbound {
    /// Where it was said.
    pub conversation_id: ConversationId,
    /// Over which account.
    pub channel_id: ChannelId,
    /// The customer, whoever wrote.
    pub contact_id: ContactId,
    /// Which way it came here.
    pub source: Source,
    /// Inbound from the customer; outbound when the business said it elsewhere.
    pub direction: Direction,
    /// The writer's name, in a group.
    pub sender: Option<String>,
    /// What it is.
    pub kind: MessageKind,
    /// Its type in the provider's word.
    pub original_kind: String,
    /// Body, caption or button title.
    pub text: Option<String>,
    /// The provider's id; a second message with it is the same message.
    pub provider_id: String,
    /// The provider's id of the message it answers.
    pub reply_to: Option<String>,
    /// Written, by the provider's clock.
    pub sent_at: Timestamp,
    /// Arrived at our door.
    pub received_at: Timestamp,
    /// Typed content that text cannot carry.
    pub payload: Option<Value>,
    /// What brought the customer.
    pub referral: Option<Value>,
    /// The item as it came, for kinds that are not plain text.
    pub raw: Option<Value>,
    /// How often it was passed on.
    pub forwarded: Forwarded,
    /// Whether it renews the service window.
    pub opens_window: bool,
    /// Why the assistant does not consider it.
    pub silence: Option<Silence>,
    /// How far it had come, for what the business said elsewhere.
    pub reached: Option<Reached>,
    /// What the provider could not pass on.
    pub failure: Option<Failure>,
}

impl NewInbound {
    fn author(&self) -> Author {
        match (self.direction, self.kind) {
            (_, MessageKind::System) => Author::System,
            (Direction::Inbound, _) => Author::Customer,
            (Direction::Outbound, _) => Author::Phone,
        }
    }

    /// What the business said elsewhere has been taken by the provider at least.
    fn own_status(&self) -> DeliveryStatus {
        match self.direction {
            Direction::Inbound => DeliveryStatus::Received,
            Direction::Outbound => DeliveryStatus::Accepted,
        }
    }

    /// Whether it is a piece of news nobody here has seen. Groups talk all day and wake nobody.
    fn is_unread(&self) -> bool {
        self.direction == Direction::Inbound
            && self.source == Source::Live
            && self.silence != Some(Silence::Group)
            && !matches!(self.kind, MessageKind::System | MessageKind::Welcome)
    }
}

/// A message of ours, to be stored together with its first attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct NewOutbound {
    /// Where it is said.
    pub conversation_id: ConversationId,
    /// By whom.
    pub author: Author,
    /// What it is.
    pub kind: MessageKind,
    /// Its type in the provider's word.
    pub original_kind: String,
    /// The words: body, caption, or what a preview and a search should hold.
    pub text: Option<String>,
    /// What stands under its type on the wire; `None` for words and files.
    pub payload: Option<Value>,
    /// Its files, in the media folder already.
    pub files: Vec<crate::attachment::StoredFile>,
    /// The provider's id of the message it answers.
    pub reply_to: Option<String>,
}

impl NewOutbound {
    /// Words alone.
    pub fn words(
        conversation_id: ConversationId,
        author: Author,
        text: String,
        reply_to: Option<String>,
    ) -> Self {
        Self {
            conversation_id,
            author,
            kind: MessageKind::Text,
            original_kind: "text".to_owned(),
            text: Some(text),
            payload: None,
            files: Vec::new(),
            reply_to,
        }
    }
}

fn json_text(value: Option<&Value>) -> Option<String> {
    value.map(Value::to_string)
}

pub(crate) fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    let failure = match row.get::<_, Option<String>>("error_title")? {
        Some(title) => Some(Failure {
            code: row.get("error_code")?,
            subcode: row.get("error_subcode")?,
            title,
            detail: row.get("error_detail")?,
        }),
        None => None,
    };
    let failed_at = optional_time(row, "reached_failed")?;
    let id = MessageId(row.get("id")?);
    Ok(Message {
        id,
        conversation_id: ConversationId(row.get("conversation_id")?),
        channel_id: ChannelId::from(row.get::<_, String>("channel_id")?),
        contact_id: ContactId(row.get("contact_id")?),
        direction: word(row, "direction")?,
        author: word(row, "author")?,
        kind: word(row, "kind")?,
        original_kind: row.get("original_kind")?,
        text: row.get("text")?,
        provider_id: row.get("provider_id")?,
        reply_to: row.get("reply_to")?,
        sent_at: time(row, "sent_at")?,
        received_at: time(row, "received_at")?,
        place: Place {
            sort_at: time(row, "sort_at")?,
            id,
        },
        own_status: word(row, "own_status")?,
        status: word(row, "status")?,
        history: DeliveryHistory {
            sent_at: optional_time(row, "reached_sent")?,
            delivered_at: optional_time(row, "reached_device")?,
            read_at: optional_time(row, "reached_read")?,
            played_at: optional_time(row, "reached_played")?,
            failed: failed_at.zip(failure.clone()),
        },
        failure,
        payload: optional_json(row, "payload")?,
        referral: optional_json(row, "referral")?,
        forwarded: word(row, "forwarded")?,
        edited: row.get("edited")?,
        revoked: row.get("revoked")?,
        discarded: row.get::<_, Option<i64>>("discarded_at")?.is_some(),
        source: word(row, "source")?,
        silence: optional_word(row, "silence")?,
        sender: row.get("sender")?,
        decision_id: row.get::<_, Option<i64>>("decision_id")?.map(DecisionId),
    })
}

impl Reader<'_> {
    /// Returns a message.
    pub fn message(self, id: MessageId) -> Result<Message, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM message WHERE id = ?1")?;
        query
            .query_row([id.0], message)
            .optional()?
            .ok_or_else(|| StoreError::not_found("message", &id))
    }

    /// Returns up to `limit` messages of a thread before a place, the newest first.
    pub fn thread(
        self,
        conversation: ConversationId,
        before: Option<Place>,
        limit: u32,
    ) -> Result<Vec<Message>, StoreError> {
        let sql = "SELECT * FROM message
                   WHERE conversation_id = coalesce((SELECT merged_into FROM conversation WHERE id = ?1), ?1)
                       AND discarded_at IS NULL AND (sort_at, id) < (?2, ?3)
                   ORDER BY sort_at DESC, id DESC LIMIT ?4";
        let before = before.unwrap_or(Place {
            sort_at: Timestamp(i64::MAX),
            id: MessageId(i64::MAX),
        });
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map(
            params![conversation.0, before.sort_at.0, before.id.0, limit],
            message,
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns how many messages stand in a thread.
    pub fn count_messages(self, conversation: ConversationId) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM message WHERE conversation_id = ?1 AND discarded_at IS NULL";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.query_row([conversation.0], |row| row.get(0))?)
    }

    /// Returns the newest message that failed and that nobody gave up, when there is one written after `after`.
    pub fn last_failed(self, after: Timestamp) -> Result<Option<Message>, StoreError> {
        let sql = "SELECT * FROM message WHERE status = 'failed' AND direction = 'outbound' AND discarded_at IS NULL
                       AND sort_at > ?1 AND status IN ('failed', 'unknown') ORDER BY sort_at DESC LIMIT 1";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.query_row([after.0], message).optional()?)
    }

    /// Returns the item as it came from the provider, for kinds that are not plain text.
    pub fn raw_message(self, id: MessageId) -> Result<Option<Value>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT raw FROM message WHERE id = ?1")?;
        query
            .query_row([id.0], |row| optional_json(row, "raw"))
            .optional()?
            .ok_or_else(|| StoreError::not_found("message", &id))
    }

    /// Returns the message with a provider's id on a channel.
    pub fn message_with_provider_id(
        self,
        channel: &ChannelId,
        provider_id: &str,
    ) -> Result<Option<MessageId>, StoreError> {
        let sql = "SELECT id FROM message WHERE channel_id = ?1 AND provider_id = ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        let found = query
            .query_row([channel.as_str(), provider_id], |row| row.get(0))
            .optional()?;
        Ok(found.map(MessageId))
    }

    /// Returns the first thing a customer wrote over a channel that came in at `since` or later. Groups do not count:
    /// nobody can answer one person there.
    pub fn first_heard(self, channel: &ChannelId, since: Timestamp) -> Result<Option<MessageId>, StoreError> {
        let sql =
            "SELECT id FROM message WHERE channel_id = ?1 AND received_at >= ?2 AND direction = 'inbound'
                       AND author = 'customer' AND source = 'live' AND coalesce(silence, '') <> 'group'
                   ORDER BY received_at, id LIMIT 1";
        let mut query = self.connection().prepare_cached(sql)?;
        let found = query
            .query_row(params![channel.as_str(), since.0], |row| row.get(0))
            .optional()?;
        Ok(found.map(MessageId))
    }
}

impl WriteTransaction<'_> {
    /// Stores something that was said outside of this desk, with all that follows from it: unread count, epoch,
    /// holder, window, list. Returns `None` when it is known already; then nothing changes.
    pub fn add_inbound(&mut self, new: &NewInbound) -> Result<Option<MessageId>, StoreError> {
        let sql = "INSERT INTO message (conversation_id, channel_id, contact_id, direction, author, kind,
                       original_kind, text, provider_id, reply_to, sent_at, received_at, sort_at, own_status, status,
                       payload, referral, raw, forwarded, source, silence, sender, error_code, error_title,
                       error_detail)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14, ?15, ?16, ?17, ?18,
                       ?19, ?20, ?21, ?22, ?23, ?24)
                   ON CONFLICT (channel_id, provider_id) WHERE provider_id IS NOT NULL DO NOTHING";
        let failure = new.failure.as_ref();
        let inserted = self.connection().prepare_cached(sql)?.execute(params![
            new.conversation_id.0,
            new.channel_id.as_str(),
            new.contact_id.0,
            new.direction.as_str(),
            new.author().as_str(),
            new.kind.as_str(),
            new.original_kind,
            new.text,
            new.provider_id,
            new.reply_to,
            new.sent_at.0,
            new.received_at.0,
            sort_time(new.sent_at, new.received_at).0,
            new.own_status().as_str(),
            json_text(new.payload.as_ref()),
            json_text(new.referral.as_ref()),
            json_text(new.raw.as_ref()),
            new.forwarded.as_str(),
            new.source.as_str(),
            new.silence.map(Silence::as_str),
            new.sender,
            failure.and_then(|failure| failure.code),
            failure.map(|failure| &failure.title),
            failure.and_then(|failure| failure.detail.as_ref()),
        ])?;
        if inserted == 0 {
            return Ok(None);
        }
        let id = MessageId(self.connection().last_insert_rowid());
        if let Some(reached) = new.reached {
            let event = DeliveryEvent {
                reached,
                at: new.sent_at,
                failure: new.failure.clone(),
            };
            self.merge_delivery(id, &event)?;
        }
        if new.direction == Direction::Outbound {
            // Its reports may have come before it.
            for event in self.take_orphan_statuses(&new.channel_id, &new.provider_id)? {
                self.merge_delivery(id, &event)?;
            }
        }
        self.follow_inbound(new)?;
        self.refresh_conversation(new.conversation_id)?;
        self.changed(Change::Message(new.conversation_id, id));
        Ok(Some(id))
    }

    fn follow_inbound(&mut self, new: &NewInbound) -> Result<(), StoreError> {
        let conversation = new.conversation_id;
        if new.opens_window {
            self.renew_window(conversation, new.sent_at)?;
        }
        if let Some(referral) = &new.referral {
            self.note_referral(conversation, referral)?;
        }
        if new.source == Source::Live && new.direction == Direction::Inbound {
            let sql = "UPDATE conversation SET unread = unread + ?2, epoch = epoch + 1, snoozed_until = NULL
                       WHERE id = ?1";
            self.connection()
                .prepare_cached(sql)?
                .execute(params![conversation.0, i64::from(new.is_unread())])?;
        }
        if new.source == Source::Echo && new.direction == Direction::Outbound {
            // A person answered on the phone: they hold the conversation now, as if they had answered here.
            self.person_wrote(conversation, HeldBy::Phone, new.received_at)?;
        }
        Ok(())
    }

    /// Fills in what a first notice left open: the file of a message from before, the end of a call. Nothing is told
    /// anew and nobody is woken.
    pub fn complete_message(&mut self, id: MessageId, new: &NewInbound) -> Result<(), StoreError> {
        let conversation = self.read().message(id)?.conversation_id;
        let sql = "UPDATE message SET kind = ?2, original_kind = ?3, text = coalesce(?4, text),
                       payload = coalesce(?5, payload), raw = coalesce(?6, raw), silence = ?7
                   WHERE id = ?1 AND revoked = 0";
        self.connection().prepare_cached(sql)?.execute(params![
            id.0,
            new.kind.as_str(),
            new.original_kind,
            new.text,
            json_text(new.payload.as_ref()),
            json_text(new.raw.as_ref()),
            new.silence.map(Silence::as_str),
        ])?;
        if new.opens_window {
            self.renew_window(conversation, new.sent_at)?;
        }
        self.refresh_conversation(conversation)?;
        self.changed(Change::Message(conversation, id));
        Ok(())
    }

    /// Adds a provider's report to a message.
    pub(crate) fn merge_delivery(&mut self, id: MessageId, event: &DeliveryEvent) -> Result<(), StoreError> {
        let mut message = self.read().message(id)?;
        message.history.merge(event);
        let own = match message.own_status {
            DeliveryStatus::Queued | DeliveryStatus::Sending | DeliveryStatus::Unknown => {
                DeliveryStatus::Accepted
            }
            other => other,
        };
        self.put_delivery(&message, own)
    }

    /// Notes what this side knows about a message now. A failure is kept only when the provider reported none.
    pub(crate) fn set_own_status(
        &mut self,
        id: MessageId,
        own: DeliveryStatus,
        failure: Option<&Failure>,
    ) -> Result<(), StoreError> {
        let mut message = self.read().message(id)?;
        if message.history.failed.is_none() {
            message.failure = failure.cloned();
        }
        self.put_delivery(&message, own)
    }

    /// Forgets how far earlier attempts came, for a new one that begins now at the end of the thread. They failed, or
    /// nobody knows; what was only `sent` before it failed must not stand for the new attempt.
    pub(crate) fn begin_new_attempt(&mut self, id: MessageId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE message SET reached_sent = NULL, reached_failed = NULL, error_code = NULL,
                       error_subcode = NULL, error_title = NULL, error_detail = NULL, sent_at = ?2, sort_at = ?2, discarded_at = NULL WHERE id = ?1";
        self.connection().execute(sql, params![id.0, now.0])?;
        self.set_own_status(id, DeliveryStatus::Queued, None)
    }

    fn put_delivery(&mut self, message: &Message, own: DeliveryStatus) -> Result<(), StoreError> {
        let history = &message.history;
        let failure = history
            .failed
            .as_ref()
            .map(|(_, failure)| failure)
            .or(message.failure.as_ref());
        let status = history.status(own);
        // A message that was given up but did arrive is part of the conversation after all.
        let arrived = history.sent_at.is_some()
            || history.delivered_at.is_some()
            || history.read_at.is_some()
            || history.played_at.is_some();
        let sql = "UPDATE message SET own_status = ?2, status = ?3, reached_sent = ?4, reached_device = ?5,
                       reached_read = ?6, reached_played = ?7, reached_failed = ?8, error_code = ?9,
                       error_title = ?10, error_detail = ?11, error_subcode = ?12,
                       discarded_at = CASE WHEN ?13 THEN NULL ELSE discarded_at END
                   WHERE id = ?1";
        let time = |at: Option<Timestamp>| at.map(|at| at.0);
        self.connection().prepare_cached(sql)?.execute(params![
            message.id.0,
            own.as_str(),
            status.as_str(),
            time(history.sent_at),
            time(history.delivered_at),
            time(history.read_at),
            time(history.played_at),
            time(history.failed.as_ref().map(|(at, _)| *at)),
            failure.and_then(|failure| failure.code),
            failure.map(|failure| &failure.title),
            failure.and_then(|failure| failure.detail.as_ref()),
            failure.and_then(|failure| failure.subcode),
            arrived,
        ])?;
        self.refresh_conversation(message.conversation_id)?;
        self.changed(Change::Message(message.conversation_id, message.id));
        Ok(())
    }
}
