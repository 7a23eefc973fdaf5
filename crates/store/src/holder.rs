//! Whose turn it is to speak, and how it changes. Everything a person does here puts an end to what the assistant was
//! about to say, in the same transaction.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::time;
use crate::writer::WriteTransaction;
use domain::{
    Because, BotMode, ChannelId, ConversationId, DraftState, EscalationReason, HeldBy, Holder, MarkKind,
    Standing, TYPING, Timestamp, WINDOW_MARGIN, budget_spent,
};
use rusqlite::params;
use std::time::Duration;

/// A conversation whose customer waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// Since when.
    pub since: Timestamp,
    /// Reminders given so far.
    pub reminded: u32,
}

impl Reader<'_> {
    /// Returns after how many minutes conversations of each channel go back to the assistant, 0 for never.
    pub fn return_minutes(self) -> Result<Vec<(ChannelId, u32)>, StoreError> {
        let sql = "SELECT id, return_minutes FROM channel ORDER BY created_at, id";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([], |row| {
            Ok((ChannelId::from(row.get::<_, String>(0)?), row.get(1)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns how a conversation stands for whatever the assistant wants to do there at `now`.
    pub fn standing(self, id: ConversationId, now: Timestamp) -> Result<Standing, StoreError> {
        let conversation = self.conversation(id)?;
        let said = |since: Duration| -> Result<u32, StoreError> {
            let sql = "SELECT count(*) FROM message WHERE conversation_id = ?1 AND author = 'bot'
                           AND discarded_at IS NULL AND sort_at > ?2";
            let mut query = self.connection().prepare_cached(sql)?;
            Ok(query.query_row(params![conversation.id.0, now.minus(since).0], |row| row.get(0))?)
        };
        Ok(Standing {
            mode: conversation.effective_mode,
            holder: conversation.holder,
            epoch: conversation.epoch,
            window_open: conversation.window.is_open(now.plus(WINDOW_MARGIN)),
            typing: conversation.composer_at.is_some_and(|at| now.since(at) < TYPING),
            returned: conversation.returned,
            stopped: conversation.stopped_at.is_some(),
            blocked: conversation.blocked_at.is_some(),
            standby: conversation.thread_owner.is_some(),
            muted: conversation.muted_until.is_some_and(|until| now < until),
            connected: conversation.connected,
            budget_spent: budget_spent(said(Duration::from_mins(10))?, said(Duration::from_hours(24))?),
        })
    }

    /// Returns the conversations that go back to the assistant by themselves, and when; those that have gone long
    /// enough without a person first.
    pub fn returning(self) -> Result<Vec<(ConversationId, Timestamp)>, StoreError> {
        // Those where the assistant is off stay with the person; they must not stand before others in the queue.
        let sql = "SELECT c.id FROM conversation c JOIN channel ch ON ch.id = c.channel_id
                   JOIN contact p ON p.id = c.contact_id
                   WHERE c.holder = 'operator' AND c.kept = 0 AND c.merged_into IS NULL AND ch.return_minutes > 0
                       AND c.composer_text IS NULL AND c.human_at IS NOT NULL
                       AND coalesce(c.mode, 'bot') IN ('bot', 'shadow')
                       AND (ch.mode IN ('bot', 'shadow') OR (p.test = 1 AND c.mode IS NOT NULL))
                   ORDER BY c.human_at + ch.return_minutes * 60000 LIMIT 64";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([], |row| row.get(0).map(ConversationId))?;
        let mut found = Vec::new();
        for id in rows {
            let conversation = self.conversation(id?)?;
            if let Some(at) = conversation.returns_at() {
                found.push((conversation.id, at));
            }
        }
        Ok(found)
    }

    /// Returns the conversations whose customers wait for a person and that had fewer than `most` reminders, those that
    /// wait longest first.
    pub fn asking(self, most: u32) -> Result<Vec<Asking>, StoreError> {
        // Reminders count from when a person was promised: what was flagged earlier is another matter.
        let sql = "SELECT id, held_since, reminded FROM conversation
                   WHERE holder = 'waiting_human' AND held_since IS NOT NULL AND reminded < ?1
                       AND merged_into IS NULL AND snoozed_until IS NULL
                   ORDER BY held_since LIMIT 256";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([most], |row| {
            Ok(Asking {
                conversation_id: ConversationId(row.get("id")?),
                since: time(row, "held_since")?,
                reminded: row.get("reminded")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl WriteTransaction<'_> {
    /// Makes a person the holder. What the assistant was about to say is withdrawn and its turn ends.
    pub fn take_over(&mut self, id: ConversationId, by: HeldBy, now: Timestamp) -> Result<(), StoreError> {
        // Here and below: a window may still show a conversation whose messages lie in another one by now. What is done
        // there is done to that one.
        let known = self.read().conversation(id)?;
        let id = known.id;
        let is_news =
            known.holder != Holder::Operator || (by == HeldBy::Phone && known.held_by != Some(HeldBy::Phone));
        // Where no assistant is, nobody takes anything from it.
        if is_news && known.effective_mode != BotMode::Off {
            self.add_mark(id, MarkKind::TakenOver, Some(by.as_str()), now)?;
        }
        let sql =
            "UPDATE conversation SET held_since = CASE WHEN holder = 'operator' THEN held_since ELSE ?2 END,
                       held_by = CASE WHEN holder = 'operator' AND ?3 = 'take_over' THEN held_by ELSE ?3 END,
                       holder = 'operator', human_at = ?2, kept = 0, returned = 0, attention = NULL,
                       attention_at = NULL, reminded = 0, muted_until = NULL, epoch = epoch + 1
                   WHERE id = ?1";
        self.update_conversation(id, sql, params![id.0, now.0, by.as_str()])?;
        self.withdraw_bot_messages(id, Because::Held, now)?;
        self.cancel_turn(id)
    }

    /// Notes that a person wrote: they hold the conversation, have seen what was said, and any proposal is moot.
    pub(crate) fn person_wrote(
        &mut self,
        id: ConversationId,
        by: HeldBy,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.take_over(id, by, now)?;
        self.connection()
            .prepare_cached("UPDATE conversation SET unread = 0 WHERE id = ?1")?
            .execute([id.0])?;
        self.retire_drafts(id, DraftState::Superseded, now)
    }

    /// Notes that a person let the assistant's words stand for theirs. What else it was about to say is withdrawn.
    pub(crate) fn person_approved(&mut self, id: ConversationId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE conversation SET unread = 0, attention = NULL, attention_at = NULL, returned = 0,
                       human_at = CASE WHEN holder = 'operator' THEN ?2 ELSE human_at END, epoch = epoch + 1
                   WHERE id = ?1";
        self.update_conversation(id, sql, params![id.0, now.0])?;
        self.withdraw_bot_messages(id, Because::Held, now)?;
        self.cancel_turn(id)?;
        self.retire_drafts(id, DraftState::Superseded, now)
    }

    /// Gives a conversation to the assistant. After a return by itself (`by` is `Returned`) its next answer is only
    /// drafted.
    pub fn hand_back(&mut self, id: ConversationId, by: HeldBy, now: Timestamp) -> Result<(), StoreError> {
        let known = self.read().conversation(id)?;
        let id = known.id;
        if known.holder != Holder::Assistant {
            let kind = if by == HeldBy::Returned {
                MarkKind::Returned
            } else {
                MarkKind::HandedBack
            };
            self.add_mark(id, kind, None, now)?;
        }
        let sql = "UPDATE conversation SET holder = 'assistant', held_since = ?2, held_by = ?3, kept = 0,
                       returned = ?4, attention = NULL, attention_at = NULL, reminded = 0, epoch = epoch + 1
                   WHERE id = ?1";
        let returned = by == HeldBy::Returned;
        self.update_conversation(id, sql, params![id.0, now.0, by.as_str(), returned])?;
        // A promise of a person that has not left is no longer true.
        self.withdraw_bot_messages(id, Because::Held, now)?;
        self.changed(Change::Turns);
        Ok(())
    }

    /// Notes that something was decided since a conversation returned by itself.
    pub fn clear_return(&mut self, id: ConversationId) -> Result<(), StoreError> {
        let sql = "UPDATE conversation SET returned = 0 WHERE id = ?1 AND returned = 1";
        self.connection().prepare_cached(sql)?.execute([id.0])?;
        Ok(())
    }

    /// Keeps a conversation with the person who holds it until they give it back.
    pub fn keep_holder(&mut self, id: ConversationId) -> Result<(), StoreError> {
        let known = self.read().conversation(id)?;
        if known.holder != Holder::Operator {
            return Err(StoreError::Conflict(
                "Nobody here holds this conversation at the moment. Take it over first.".to_owned(),
            ));
        }
        let sql = "UPDATE conversation SET kept = 1 WHERE id = ?1";
        self.update_conversation(known.id, sql, params![known.id.0])
    }

    /// Asks for a person, with the reason. Asked again, the first moment stays.
    pub fn ask_for_person(
        &mut self,
        id: ConversationId,
        reason: EscalationReason,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let known = self.read().conversation(id)?;
        let id = known.id;
        if known.holder != Holder::WaitingHuman {
            self.add_mark(id, MarkKind::Escalated, Some(reason.as_str()), now)?;
        }
        let sql = "UPDATE conversation SET held_by = 'escalation',
                       held_since = CASE WHEN holder = 'waiting_human' THEN held_since ELSE ?3 END,
                       reminded = CASE WHEN holder = 'waiting_human' THEN reminded ELSE 0 END,
                       holder = 'waiting_human', attention = ?2, attention_at = coalesce(attention_at, ?3), returned = 0,
                       snoozed_until = NULL,
                       epoch = epoch + 1
                   WHERE id = ?1";
        self.update_conversation(id, sql, params![id.0, reason.as_str(), now.0])
    }

    /// Makes every answer stale that is being made or waits to leave, since the mode of a channel, or of all, changed.
    pub(crate) fn outdate_answers(&mut self, channel: Option<&ChannelId>) -> Result<(), StoreError> {
        let sql =
            "UPDATE conversation SET epoch = epoch + 1 WHERE (?1 IS NULL OR channel_id = ?1) AND id IN (
                       SELECT conversation_id FROM turn WHERE state IN ('waiting', 'working')
                       UNION SELECT conversation_id FROM outbox WHERE permit = 'bot' AND state = 'queued')";
        self.connection()
            .prepare_cached(sql)?
            .execute([channel.map(ChannelId::as_str)])?;
        Ok(())
    }

    /// Stops what the assistant is about to say. It may answer what is said next.
    pub fn halt_assistant(&mut self, id: ConversationId, now: Timestamp) -> Result<(), StoreError> {
        let id = self.read().conversation(id)?.id;
        let sql = "UPDATE conversation SET epoch = epoch + 1 WHERE id = ?1";
        self.update_conversation(id, sql, params![id.0])?;
        self.withdraw_bot_messages(id, Because::Halted, now)?;
        self.cancel_turn(id)
    }

    /// Tells the operator about something without taking the conversation from the assistant.
    pub fn raise_attention(
        &mut self,
        id: ConversationId,
        reason: EscalationReason,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let id = self.read().conversation(id)?.id;
        // Whoever put the conversation off did not know of this.
        let sql = "UPDATE conversation SET attention = coalesce(attention, ?2), snoozed_until = NULL,
                       attention_at = coalesce(attention_at, ?3) WHERE id = ?1";
        self.update_conversation(id, sql, params![id.0, reason.as_str(), now.0])
    }

    /// Notes how many reminders of a waiting customer the operator has had.
    pub fn note_reminder(&mut self, id: ConversationId, number: u32) -> Result<(), StoreError> {
        let sql = "UPDATE conversation SET reminded = ?2 WHERE id = ?1";
        self.update_conversation(id, sql, params![id.0, number])?;
        self.changed(Change::Reminder(id));
        Ok(())
    }

    /// Keeps the assistant quiet in a conversation until a moment.
    pub fn mute_assistant(&mut self, id: ConversationId, until: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE conversation SET muted_until = ?2 WHERE id = ?1";
        self.update_conversation(id, sql, params![id.0, until.0])
    }

    /// Remembers the language a customer speaks.
    pub fn note_language(
        &mut self,
        id: ConversationId,
        language: domain::Language,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE conversation SET language = ?2 WHERE id = ?1";
        self.update_conversation(id, sql, params![id.0, language.as_str()])
    }

    /// Remembers whether a customer told the assistant to stop.
    pub fn note_stop(&mut self, id: ConversationId, at: Option<Timestamp>) -> Result<(), StoreError> {
        let contact = self.read().conversation(id)?.contact_id;
        self.connection()
            .prepare_cached("UPDATE contact SET stopped_at = ?2 WHERE id = ?1")?
            .execute(params![contact.0, at.map(|at| at.0)])?;
        self.changed(Change::Conversation(id));
        Ok(())
    }

    /// Keeps what stands unsent in the composer; empty text forgets it. Until somebody stops typing, the assistant
    /// does not send.
    pub fn keep_composer_text(
        &mut self,
        id: ConversationId,
        text: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let id = self.read().conversation(id)?.id;
        let text = (!text.is_empty()).then_some(text);
        let sql = "UPDATE conversation SET composer_text = ?2, composer_at = ?3 WHERE id = ?1";
        self.update_conversation(id, sql, params![id.0, text, text.map(|_| now.0)])?;
        if text.is_none() {
            // What kept the conversation here is gone; its return may be due.
            self.changed(Change::Turns);
        }
        Ok(())
    }

    /// Sets or takes away a conversation's own mode. Whatever the assistant was about to say is judged anew.
    pub fn set_conversation_mode(
        &mut self,
        id: ConversationId,
        mode: Option<BotMode>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let known = self.read().conversation(id)?;
        let id = known.id;
        if known.mode != mode {
            self.add_mark(id, MarkKind::Mode, mode.map(BotMode::as_str), now)?;
        }
        let sql = "UPDATE conversation SET mode = ?2, epoch = epoch + 1 WHERE id = ?1";
        self.update_conversation(id, sql, params![id.0, mode.map(BotMode::as_str)])?;
        self.changed(Change::Turns);
        Ok(())
    }

    /// Sets after how many minutes without a person conversations of a channel go back to the assistant; 0: never.
    pub fn set_return_minutes(&mut self, channel: &ChannelId, minutes: u32) -> Result<(), StoreError> {
        let sql = "UPDATE channel SET return_minutes = ?2 WHERE id = ?1";
        if self
            .connection()
            .execute(sql, params![channel.as_str(), minutes])?
            == 0
        {
            return Err(StoreError::not_found("channel", channel));
        }
        self.changed(Change::Channel(channel.clone()));
        self.changed(Change::Turns);
        Ok(())
    }
}
