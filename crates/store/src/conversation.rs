//! Conversations: one contact on one channel.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_json, optional_time, optional_word, time, word};
use crate::writer::WriteTransaction;
use domain::{
    Author, Because, BotMode, ChannelId, ContactId, ConversationId, DecisionId, DeliveryStatus, Direction,
    HeldBy, Holder, Language, MessageId, MessageKind, PileFacts, Queue, ServiceWindow, Timestamp, TurnState,
    Verdict, effective_mode, queue,
};
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::Value;
use std::time::Duration;

/// The last thing said in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastMessage {
    /// The message.
    pub id: MessageId,
    /// Which way it went.
    pub direction: Direction,
    /// Who wrote it.
    pub author: Author,
    /// What it is.
    pub kind: MessageKind,
    /// Its type in the provider's word.
    pub original_kind: String,
    /// Its words.
    pub text: Option<String>,
    /// Taken back.
    pub revoked: bool,
    /// What became of it.
    pub status: DeliveryStatus,
}

/// One contact on one channel.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Where it runs.
    pub channel_id: ChannelId,
    /// With whom.
    pub contact_id: ContactId,
    /// The name they go by, when one is known.
    pub contact_name: Option<String>,
    /// Their phone number as digits, when it is known.
    pub phone: Option<String>,
    /// Their user name, when they have one.
    pub username: Option<String>,
    /// Whether it is a group.
    pub group: bool,
    /// When they said stop to promotions.
    pub marketing_stopped_at: Option<Timestamp>,
    /// When we blocked them on this channel.
    pub blocked_at: Option<Timestamp>,
    /// The advertisement or post that last brought them.
    pub referral: Option<Value>,
    /// Until when messages are free after an advertisement.
    pub free_until: Option<Timestamp>,
    /// The other program that answers here, in the provider's word.
    pub thread_owner: Option<String>,
    /// Own mode.
    pub mode: Option<BotMode>,
    /// The mode that applies.
    pub effective_mode: BotMode,
    /// Whose turn it is to speak.
    pub holder: Holder,
    /// Why a person is needed.
    pub attention: Option<String>,
    /// Raised by everything that makes a bot answer stale.
    pub epoch: i64,
    /// How long free text is allowed.
    pub window: ServiceWindow,
    /// Messages of the customer nobody has looked at.
    pub unread: u32,
    /// Our messages that failed or may not have arrived.
    pub undelivered: u32,
    /// The last thing said.
    pub last: Option<LastMessage>,
    /// Which way it went, when it asks for an answer or is one; notices and what was said elsewhere do not.
    pub last_speech: Option<Direction>,
    /// When.
    pub last_at: Timestamp,
    /// Left unsent in the composer.
    pub composer_text: Option<String>,
    /// When somebody last typed there.
    pub composer_at: Option<Timestamp>,
    /// When a person was first asked for.
    pub attention_at: Option<Timestamp>,
    /// Since when the holder holds it.
    pub held_since: Option<Timestamp>,
    /// What made them the holder.
    pub held_by: Option<HeldBy>,
    /// When a person last wrote or took over.
    pub human_at: Option<Timestamp>,
    /// Whether it does not return by itself this time.
    pub kept: bool,
    /// Whether it returned by itself and nothing was decided since.
    pub returned: bool,
    /// The language spoken, once it is clear.
    pub language: Option<Language>,
    /// Until when the assistant keeps quiet because of a loop.
    pub muted_until: Option<Timestamp>,
    /// Whether the person is one to test with.
    pub test: bool,
    /// When they told the assistant to stop.
    pub stopped_at: Option<Timestamp>,
    /// Minutes after the last human message until it returns; 0: never.
    pub return_minutes: u32,
    /// Whether the number is connected.
    pub connected: bool,
    /// Until when it asks nobody for anything.
    pub snoozed_until: Option<Timestamp>,
    /// What the assistant is doing.
    pub activity: Activity,
}

/// What the assistant is doing in a conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    /// The open turn, and when it is due.
    pub turn: Option<(TurnState, Timestamp)>,
    /// Whether a draft waits for a person.
    pub has_draft: bool,
    /// What it last decided.
    pub last: Option<LastDecision>,
    /// Whether that was about the last message there is.
    pub is_about_last: bool,
}

/// The end of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastDecision {
    /// The decision.
    pub id: DecisionId,
    /// What was decided.
    pub verdict: Verdict,
    /// Why.
    pub because: Because,
    /// When.
    pub at: Timestamp,
}

impl Conversation {
    /// Returns when it goes back to the assistant by itself. What stands unsent in the composer keeps it here.
    pub fn returns_at(&self) -> Option<Timestamp> {
        let counts = self.holder == Holder::Operator
            && !self.kept
            && self.return_minutes > 0
            && self.composer_text.is_none()
            && self.effective_mode != BotMode::Off;
        let pause = Duration::from_secs(u64::from(self.return_minutes) * 60);
        self.human_at.filter(|_| counts).map(|at| at.plus(pause))
    }

    /// Returns the pile it lies in.
    pub fn queue(&self) -> Queue {
        // An outbound message that needs a decision is counted as trouble already.
        let last = self.last_speech.map(|way| (way, DeliveryStatus::Sent));
        let thanks = |decision: &LastDecision| decision.because == Because::Acknowledgement;
        queue(&PileFacts {
            last,
            has_trouble: self.undelivered > 0,
            mode: self.effective_mode,
            holder: self.holder,
            asked_for: self.attention.is_some(),
            on_it: self.activity.turn.is_some(),
            has_draft: self.activity.has_draft,
            needs_no_answer: self.activity.is_about_last && self.activity.last.as_ref().is_some_and(thanks),
            snoozed: self.snoozed_until.is_some(),
        })
    }
}

/// Where a page of the list ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConversationCursor {
    /// Time of the last row.
    pub last_at: Timestamp,
    /// Its id.
    pub id: ConversationId,
}

/// Which conversations to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConversationFilter {
    /// Only those in this pile.
    pub queue: Option<Queue>,
    /// Only those of this channel.
    pub channel_id: Option<ChannelId>,
    /// Only those whose person's name or number contains this.
    pub text: Option<String>,
}

const SELECT: &str = "SELECT c.*, coalesce(p.own_name, p.name) AS contact_name, p.username, p.marketing_stopped_at,
        EXISTS (SELECT 1 FROM contact_identity i WHERE i.contact_id = c.contact_id AND i.kind = 'group_id')
            AS is_group,
        (SELECT value FROM contact_identity i WHERE i.contact_id = c.contact_id AND i.kind IN ('phone', 'wa_id')
             ORDER BY i.kind, i.learnt_at DESC LIMIT 1) AS phone,
        (SELECT value FROM setting WHERE key = 'global_mode') AS global_mode, ch.mode AS channel_mode,
        ch.return_minutes, ch.forgotten_at AS ch_forgotten_at, p.test AS p_test, p.stopped_at AS p_stopped_at,
        t.state AS t_state, t.due_at AS t_due_at,
        EXISTS (SELECT 1 FROM draft WHERE conversation_id = c.id AND state = 'pending') AS has_draft,
        d.verdict AS d_verdict, d.reason AS d_reason, d.created_at AS d_created_at,
        d.message_id AS d_message_id,
        m.direction AS m_direction, m.author AS m_author, m.kind AS m_kind,
        m.original_kind AS m_original_kind, substr(m.text, 1, 300) AS m_text, m.revoked AS m_revoked, m.status AS m_status
    FROM conversation c
    JOIN contact p ON p.id = c.contact_id
    JOIN channel ch ON ch.id = c.channel_id
    LEFT JOIN message m ON m.id = c.last_message_id
    LEFT JOIN turn t ON t.conversation_id = c.id AND t.state IN ('waiting', 'working')
    LEFT JOIN decision d ON d.id = c.decision_id";

/// The provider's word about a closed window goes before our own reckoning.
fn window_end(row: &Row<'_>) -> rusqlite::Result<Option<Timestamp>> {
    let closes = optional_time(row, "window_closes_at")?;
    let refused = optional_time(row, "window_refused_at")?;
    Ok(match (closes, refused) {
        (Some(closes), Some(refused)) => Some(closes.min(refused)),
        (closes, _) => closes,
    })
}

fn conversation(row: &Row<'_>) -> rusqlite::Result<Conversation> {
    let last = match row.get::<_, Option<i64>>("last_message_id")? {
        Some(id) => Some(LastMessage {
            id: MessageId(id),
            direction: word(row, "m_direction")?,
            author: word(row, "m_author")?,
            kind: word(row, "m_kind")?,
            original_kind: row.get("m_original_kind")?,
            text: row.get("m_text")?,
            revoked: row.get("m_revoked")?,
            status: word(row, "m_status")?,
        }),
        None => None,
    };
    let mode = |column| -> rusqlite::Result<Option<Option<BotMode>>> {
        Ok(row
            .get::<_, Option<String>>(column)?
            .map(|word| word.parse().ok()))
    };
    // A mode that was never set limits nothing; one that cannot be read means off.
    let global = mode("global_mode")?.unwrap_or(Some(BotMode::Bot));
    let own = mode("mode")?.map(|own| own.unwrap_or(BotMode::Off));
    Ok(Conversation {
        id: ConversationId(row.get("id")?),
        channel_id: ChannelId::from(row.get::<_, String>("channel_id")?),
        contact_id: ContactId(row.get("contact_id")?),
        contact_name: row.get("contact_name")?,
        phone: row.get("phone")?,
        username: row.get("username")?,
        group: row.get("is_group")?,
        marketing_stopped_at: optional_time(row, "marketing_stopped_at")?,
        blocked_at: optional_time(row, "blocked_at")?,
        referral: optional_json(row, "referral")?,
        free_until: optional_time(row, "free_until")?,
        thread_owner: row.get("thread_owner")?,
        mode: own,
        effective_mode: effective_mode(global, mode("channel_mode")?.flatten(), own, row.get("p_test")?),
        // A person holds what cannot be read: the assistant keeps quiet there, and the list is still shown.
        holder: holder(row)?,
        attention: row.get("attention")?,
        epoch: row.get("epoch")?,
        window: ServiceWindow::closing_at(window_end(row)?),
        unread: row.get("unread")?,
        undelivered: row.get("undelivered")?,
        last,
        last_speech: optional_word(row, "last_direction")?,
        last_at: time(row, "last_at")?,
        composer_text: row.get("composer_text")?,
        composer_at: optional_time(row, "composer_at")?,
        attention_at: optional_time(row, "attention_at")?,
        held_since: optional_time(row, "held_since")?,
        held_by: readable(row, "held_by")?,
        human_at: optional_time(row, "human_at")?,
        kept: row.get("kept")?,
        returned: row.get("returned")?,
        language: readable(row, "language")?,
        muted_until: optional_time(row, "muted_until")?,
        test: row.get("p_test")?,
        stopped_at: optional_time(row, "p_stopped_at")?,
        return_minutes: row.get("return_minutes")?,
        connected: row.get::<_, Option<i64>>("ch_forgotten_at")?.is_none(),
        snoozed_until: optional_time(row, "snoozed_until")?,
        activity: activity(row)?,
    })
}

pub(crate) fn holder(row: &Row<'_>) -> rusqlite::Result<Holder> {
    let word: String = row.get("holder")?;
    Ok(word.parse().unwrap_or(Holder::Operator))
}

/// A word that decides nothing: what cannot be read is left out.
fn readable<T: std::str::FromStr>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>> {
    let word: Option<String> = row.get(column)?;
    Ok(word.and_then(|word| word.parse().ok()))
}

fn activity(row: &Row<'_>) -> rusqlite::Result<Activity> {
    let last = match row.get::<_, Option<i64>>("decision_id")? {
        Some(id) => match (readable(row, "d_verdict")?, readable(row, "d_reason")?) {
            (Some(verdict), Some(because)) => Some(LastDecision {
                id: DecisionId(id),
                verdict,
                because,
                at: time(row, "d_created_at")?,
            }),
            _ => None,
        },
        None => None,
    };
    Ok(Activity {
        turn: optional_word(row, "t_state")?.zip(optional_time(row, "t_due_at")?),
        has_draft: row.get("has_draft")?,
        last,
        is_about_last: row
            .get::<_, Option<i64>>("d_message_id")?
            .is_some_and(|about| row.get::<_, Option<i64>>("last_message_id").ok().flatten() == Some(about)),
    })
}

impl Reader<'_> {
    /// Returns a conversation; the one its messages lie in, when two contacts were found to be one.
    pub fn conversation(self, id: ConversationId) -> Result<Conversation, StoreError> {
        let sql = format!(
            "{SELECT} WHERE c.id = coalesce((SELECT merged_into FROM conversation WHERE id = ?1), ?1)"
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        query
            .query_row([id.0], conversation)
            .optional()?
            .ok_or_else(|| StoreError::not_found("conversation", &id))
    }

    /// Returns up to `limit` conversations after `cursor`, the one with the newest message first.
    pub fn conversations(
        self,
        filter: &ConversationFilter,
        cursor: Option<ConversationCursor>,
        limit: usize,
    ) -> Result<Vec<Conversation>, StoreError> {
        let sql = format!(
            "{SELECT}
             WHERE c.merged_into IS NULL AND (c.last_at, c.id) < (?1, ?2) AND (?3 IS NULL OR c.channel_id = ?3)
             ORDER BY c.last_at DESC, c.id DESC"
        );
        let from = cursor.unwrap_or(ConversationCursor {
            last_at: Timestamp(i64::MAX),
            id: ConversationId(i64::MAX),
        });
        let text = filter
            .text
            .as_deref()
            .map(|text| text.trim().to_lowercase())
            .filter(|text| !text.is_empty());
        let channel = filter.channel_id.as_ref().map(ChannelId::as_str);
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_map(params![from.last_at.0, from.id.0, channel], conversation)?;
        let mut found = Vec::new();
        for row in rows {
            let row = row?;
            let named = match &text {
                Some(text) => self.is_called(&row, text)?,
                None => true,
            };
            if named && filter.queue.is_none_or(|queue| row.queue() == queue) {
                found.push(row);
                if found.len() >= limit {
                    break;
                }
            }
        }
        Ok(found)
    }

    /// Whether the person's name contains `text` (in small letters), or their number its digits. The name is compared
    /// here, since SQLite knows the case of the Latin alphabet only.
    fn is_called(self, row: &Conversation, text: &str) -> Result<bool, StoreError> {
        let name = row.contact_name.as_deref().unwrap_or_default();
        let username = row.username.as_deref().unwrap_or_default();
        if name.to_lowercase().contains(text) || username.to_lowercase().contains(text) {
            return Ok(true);
        }
        let digits = domain::digits_only(text);
        // Words are no number: whoever looks for "Ana 2" does not mean everybody with a 2 in it.
        if digits.is_empty() || text.chars().any(char::is_alphabetic) {
            return Ok(false);
        }
        let sql = "SELECT 1 FROM contact_identity WHERE contact_id = ?1 AND instr(value, ?2) > 0";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.exists(params![row.contact_id.0, digits])?)
    }

    /// Returns the ids of all conversations, the oldest first.
    pub fn conversation_ids(self) -> Result<Vec<ConversationId>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT id FROM conversation WHERE merged_into IS NULL ORDER BY id")?;
        let rows = query.query_map([], |row| row.get(0).map(ConversationId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl WriteTransaction<'_> {
    /// Finds the conversation of a contact on a channel, or begins it.
    pub fn find_or_add_conversation(
        &mut self,
        channel: &ChannelId,
        contact: ContactId,
        now: Timestamp,
    ) -> Result<ConversationId, StoreError> {
        let sql = "SELECT id FROM conversation WHERE channel_id = ?1 AND contact_id = ?2";
        let known: Option<i64> = self
            .connection()
            .prepare_cached(sql)?
            .query_row(params![channel.as_str(), contact.0], |row| row.get(0))
            .optional()?;
        if let Some(id) = known {
            return Ok(ConversationId(id));
        }
        // The assistant keeps out of groups until somebody lets it in (whatsapp-cloud-api, section 2.2).
        let sql = "INSERT INTO conversation (channel_id, contact_id, holder, last_at, created_at, mode)
                   VALUES (?1, ?2, 'assistant', ?3, ?3, CASE WHEN EXISTS (SELECT 1 FROM contact_identity
                       WHERE contact_id = ?2 AND kind = 'group_id') THEN 'off' END)";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![channel.as_str(), contact.0, now.0])?;
        Ok(ConversationId(self.connection().last_insert_rowid()))
    }

    /// Marks a conversation as looked at.
    pub fn mark_read(&mut self, id: ConversationId) -> Result<(), StoreError> {
        let known = self.read().conversation(id)?;
        if known.unread == 0 {
            return Ok(());
        }
        let id = known.id;
        self.update_conversation(
            id,
            "UPDATE conversation SET unread = 0 WHERE id = ?1",
            params![id.0],
        )
    }

    /// Renews the service window after a message the customer wrote at `sent_at`.
    pub fn renew_window(&mut self, id: ConversationId, sent_at: Timestamp) -> Result<(), StoreError> {
        let sql = "SELECT window_closes_at FROM conversation WHERE id = ?1";
        let known = self
            .connection()
            .prepare_cached(sql)?
            .query_row([id.0], |row| optional_time(row, "window_closes_at"))?;
        let window = ServiceWindow::closing_at(known).renewed_by(sent_at);
        // The customer wrote after the provider had refused us: it will not any more.
        let sql = "UPDATE conversation SET window_closes_at = ?2,
                       window_refused_at = CASE WHEN window_refused_at < ?3 THEN NULL ELSE window_refused_at END
                   WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute(params![
            id.0,
            window.closes_at().map(|at| at.0),
            sent_at.0
        ])?;
        self.changed(Change::Conversation(id));
        Ok(())
    }

    /// Works out again what the list shows of a conversation, after its messages changed.
    pub(crate) fn refresh_conversation(&mut self, id: ConversationId) -> Result<(), StoreError> {
        // Notices are no speech; they stand in the list only while there is nothing else.
        let sql = "UPDATE conversation SET last_message_id = coalesce(
                       (SELECT id FROM message WHERE conversation_id = ?1 AND discarded_at IS NULL
                            AND kind NOT IN ('system', 'welcome') ORDER BY sort_at DESC, id DESC LIMIT 1),
                       (SELECT id FROM message WHERE conversation_id = ?1 AND discarded_at IS NULL
                            ORDER BY sort_at DESC, id DESC LIMIT 1),
                       last_message_id)
                   WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute([id.0])?;
        // What was said before this number was connected, or while another program answers, asks nobody here.
        let sql = "UPDATE conversation AS c SET last_at = m.sort_at,
                       last_direction = CASE WHEN m.kind IN ('system', 'welcome')
                           OR m.source IN ('history', 'standby') THEN NULL ELSE m.direction END
                   FROM message AS m WHERE c.id = ?1 AND m.id = c.last_message_id";
        self.connection().prepare_cached(sql)?.execute([id.0])?;
        // A message that fails after somebody put the conversation off is news.
        let sql = "UPDATE conversation AS c SET undelivered = now.number,
                       snoozed_until = CASE WHEN now.number > c.undelivered THEN NULL ELSE c.snoozed_until END
                   FROM (SELECT count(*) AS number FROM message
                       WHERE conversation_id = ?1 AND status IN ('failed', 'unknown') AND direction = 'outbound'
                           AND discarded_at IS NULL) AS now
                   WHERE c.id = ?1";
        self.connection().prepare_cached(sql)?.execute([id.0])?;
        self.changed(Change::Conversation(id));
        Ok(())
    }

    pub(crate) fn update_conversation(
        &mut self,
        id: ConversationId,
        sql: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<(), StoreError> {
        if self.connection().prepare_cached(sql)?.execute(values)? == 0 {
            return Err(StoreError::not_found("conversation", &id));
        }
        self.changed(Change::Conversation(id));
        Ok(())
    }

    /// Remembers the advertisement or post that brought the customer.
    pub fn note_referral(&mut self, id: ConversationId, referral: &Value) -> Result<(), StoreError> {
        let sql = "UPDATE conversation SET referral = ?2 WHERE id = ?1";
        self.update_conversation(id, sql, params![id.0, referral.to_string()])
    }

    /// Remembers until when messages are free.
    pub fn note_free_until(&mut self, id: ConversationId, until: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE conversation SET free_until = max(coalesce(free_until, 0), ?2) WHERE id = ?1";
        self.update_conversation(id, sql, params![id.0, until.0])
    }

    /// Remembers that the provider says the window is closed, whatever we reckoned, unless the customer wrote since.
    pub fn note_window_refused(&mut self, id: ConversationId, at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE conversation SET window_refused_at = ?2
                   WHERE id = ?1 AND coalesce(window_closes_at, 0) - ?3 < ?2";
        let day = i64::try_from(domain::SERVICE_WINDOW.as_millis()).unwrap_or(i64::MAX);
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id.0, at.0, day])?;
        self.changed(Change::Conversation(id));
        Ok(())
    }

    /// Remembers which other program answers in a conversation; `None` when we do. An answer of ours that is being
    /// made is not sent any more.
    pub fn set_thread_owner(&mut self, id: ConversationId, owner: Option<&str>) -> Result<(), StoreError> {
        let id = self.read().conversation(id)?.id;
        let sql = "UPDATE conversation SET thread_owner = ?2, epoch = epoch + 1 WHERE id = ?1";
        self.update_conversation(id, sql, params![id.0, owner])
    }

    /// Remembers whether we blocked the customer on this channel.
    pub fn set_blocked(&mut self, id: ConversationId, at: Option<Timestamp>) -> Result<(), StoreError> {
        let id = self.read().conversation(id)?.id;
        let sql = "UPDATE conversation SET blocked_at = ?2 WHERE id = ?1";
        self.update_conversation(id, sql, params![id.0, at.map(|at| at.0)])
    }
}
