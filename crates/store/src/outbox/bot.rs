//! What the assistant says by itself: put into the outbox with a permit, judged again before it leaves, withdrawn when
//! a person steps in. Never sent again by itself once its fate is unknown.

use super::{Attempt, attempt};
use crate::draft::NewDraft;
use crate::error::StoreError;
use crate::message::NewOutbound;
use crate::reader::Reader;
use crate::writer::WriteTransaction;
use domain::{
    Because, BotMode, BotPermit, ConversationId, DRAFT_LIFE, DecisionId, MessageId, OutboxId, Permit, STALE,
    Timestamp, TurnId, Wish,
};
use rusqlite::{OptionalExtension as _, params};

/// In the place of an attempt's epoch: a person stepped in while its request was on its way.
const STOPPED: i64 = -2;

/// Where an answer of the assistant belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BotPost {
    /// The turn it answers; none for a text that answers nothing, such as a reminder that nobody was forgotten.
    pub turn: Option<TurnId>,
    /// The decision it comes from.
    pub decision: DecisionId,
    /// Whether it tells the customer that a person will answer.
    pub handover: bool,
}

impl Reader<'_> {
    /// Returns whether a turn has something in the outbox that left or may leave.
    pub fn is_answered(self, turn: TurnId) -> Result<bool, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT 1 FROM outbox WHERE turn_id = ?1")?;
        Ok(query.exists([turn.0])?)
    }

    /// Returns the last texts the assistant sent in a conversation, the newest first.
    pub fn last_bot_texts(self, conversation: ConversationId, limit: u32) -> Result<Vec<String>, StoreError> {
        let sql =
            "SELECT text FROM message WHERE conversation_id = ?1 AND author = 'bot' AND text IS NOT NULL
                       AND discarded_at IS NULL ORDER BY sort_at DESC, id DESC LIMIT ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map(params![conversation.0, limit], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn is_stop_confirmation(self, attempt: &Attempt) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM outbox o JOIN message m ON m.id = o.message_id
                   JOIN contact p ON p.id = m.contact_id WHERE o.id = ?1 AND p.stopped_at = o.created_at";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.exists([attempt.id.as_str()])?)
    }

    /// What a queued message of the assistant's wishes: as when it was queued, with its skill as it is today.
    fn wish(self, id: &OutboxId, now: Timestamp) -> Result<Wish, StoreError> {
        let sql = "SELECT o.epoch, o.handover, d.skill_id, s.autonomy, s.enabled, q.sent_at,
                       d.skill_version IS NOT s.version AS changed, s.requires_human,
                       s.valid_from > ?2 OR s.valid_to < ?2 AS over
                   FROM outbox o JOIN message m ON m.id = o.message_id
                   LEFT JOIN decision d ON d.id = m.decision_id LEFT JOIN skill s ON s.id = d.skill_id
                   LEFT JOIN message q ON q.id = d.message_id WHERE o.id = ?1";
        let mut query = self.connection().prepare_cached(sql)?;
        let wish = query.query_row(params![id.as_str(), now.0], |row| {
            let skill: Option<i64> = row.get("skill_id")?;
            let autonomy: Option<String> = row.get("autonomy")?;
            let enabled: bool = row.get::<_, Option<bool>>("enabled")?.unwrap_or(false);
            let handover: bool = row.get("handover")?;
            let asked: Option<i64> = row.get("sent_at")?;
            // An answer of a skill that says something else by now, or is gone, is thought anew.
            let is_outdated = skill.is_some()
                && !handover
                && (row.get("changed")?
                    || row.get::<_, Option<bool>>("requires_human")?.unwrap_or(false)
                    || row.get::<_, Option<bool>>("over")?.unwrap_or(false));
            Ok(Wish {
                epoch: if is_outdated { -1 } else { row.get("epoch")? },
                autonomy: match (skill, autonomy) {
                    (None, _) => BotMode::Bot,
                    // The promise of a person does not depend on the skill that asked for one.
                    (Some(_), _) if handover => BotMode::Bot,
                    (Some(_), Some(word)) if enabled => word.parse().unwrap_or(BotMode::Off),
                    (Some(_), _) => BotMode::Off,
                },
                stale: !handover && asked.is_some_and(|at| now.since(Timestamp(at)) > STALE),
                answered: false,
                handover,
            })
        })?;
        Ok(wish)
    }
}

impl WriteTransaction<'_> {
    /// Stores an answer of the assistant and its only attempt. The permit proves that it was judged in this very
    /// transaction; a second answer to the same turn breaks a rule of the database.
    pub fn add_bot_message(
        &mut self,
        new: &NewOutbound,
        id: &OutboxId,
        permit: BotPermit,
        post: BotPost,
        now: Timestamp,
    ) -> Result<MessageId, StoreError> {
        let message = self.add_outbound(new, id, Permit::Bot(permit), now)?;
        let sql = "UPDATE outbox SET turn_id = ?2, handover = ?3 WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute(params![
            id.as_str(),
            post.turn.map(|turn| turn.0),
            post.handover
        ])?;
        let sql = "UPDATE message SET decision_id = ?2 WHERE id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![message.0, post.decision.0])?;
        Ok(message)
    }

    /// Judges a queued message of the assistant's once more, right before its request. What may not leave is withdrawn.
    pub(super) fn may_leave(&mut self, attempt: &Attempt, now: Timestamp) -> Result<bool, StoreError> {
        let mut standing = self.read().standing(attempt.conversation_id, now)?;
        // It was within the budget when it was queued, and counts itself now.
        standing.budget_spent = false;
        // The confirmation of a stop was queued in the very transaction that noted the stop.
        standing.stopped = standing.stopped && !self.read().is_stop_confirmation(attempt)?;
        let wish = self.read().wish(&attempt.id, now)?;
        if wish.epoch == STOPPED {
            self.withdraw(attempt, Because::Halted, now)?;
            return Ok(false);
        }
        match domain::permit(&standing, &wish) {
            Ok(_) => Ok(true),
            Err(because) => {
                self.withdraw(attempt, because, now)?;
                Ok(false)
            }
        }
    }

    /// Withdraws everything the assistant has queued in a conversation, such as because a person answers.
    pub(crate) fn withdraw_bot_messages(
        &mut self,
        conversation: ConversationId,
        because: Because,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "SELECT * FROM outbox WHERE conversation_id = ?1 AND permit = 'bot' AND state = 'queued'";
        let queued: Vec<Attempt> = {
            let mut query = self.connection().prepare_cached(sql)?;
            let rows = query.query_map([conversation.0], attempt)?;
            rows.collect::<Result<_, _>>()?
        };
        for attempt in queued {
            self.withdraw(&attempt, because, now)?;
        }
        // What is on its way may still arrive. Should the provider refuse it, it is not tried again.
        let sql = "UPDATE outbox SET epoch = ?2 WHERE conversation_id = ?1 AND permit = 'bot' AND state = 'sending'";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![conversation.0, STOPPED])?;
        Ok(())
    }

    /// Takes a queued message of the assistant's out of the thread; its words stay as a draft when they are of use.
    fn withdraw(&mut self, attempt: &Attempt, because: Because, now: Timestamp) -> Result<(), StoreError> {
        let message = self.read().message(attempt.message_id)?;
        self.discard_message(attempt.message_id, now)?;
        let decision: Option<i64> = self
            .connection()
            .prepare_cached("SELECT decision_id FROM message WHERE id = ?1")?
            .query_row([attempt.message_id.0], |row| row.get(0))
            .optional()?
            .flatten();
        if let Some(decision) = decision {
            // The window tells why it did not leave after all.
            let sql = "UPDATE decision SET verdict = ?2, reason = ?3 WHERE id = ?1";
            let verdict = if because.leaves_draft() { "draft" } else { "silent" };
            self.connection()
                .prepare_cached(sql)?
                .execute(params![decision, verdict, because.as_str()])?;
            if let Some(text) = message.text.filter(|_| because.leaves_draft()) {
                let conversation = self.read().conversation(message.conversation_id)?;
                let life = now.plus(DRAFT_LIFE);
                let files = self.read().attachments(attempt.message_id)?;
                self.add_draft(
                    &NewDraft {
                        conversation_id: message.conversation_id,
                        decision_id: DecisionId(decision),
                        text,
                        payload: message.payload,
                        file: files.into_iter().find_map(|file| file.sha256),
                        blind: false,
                        expires_at: conversation.window.closes_at().map_or(life, |end| end.min(life)),
                    },
                    now,
                )?;
            }
        }
        if because == Because::Overtaken && self.read().open_turn(message.conversation_id)?.is_none() {
            // Not by something new, which would have its turn, but by a change of the mode or of an old message: what was
            // asked is looked at anew.
            if let Some(asked) = self.read().burst(message.conversation_id)?.last() {
                self.open_turn(message.conversation_id, asked.id, now, now)?;
            }
        }
        Ok(())
    }
}
