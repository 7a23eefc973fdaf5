//! Answers that wait for a person's word. One at most waits in a conversation.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_json, optional_time, time, word};
use crate::writer::WriteTransaction;
use domain::{ConversationId, DecisionId, DraftId, DraftState, MessageId, SkillId, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::Value;

/// A draft.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// To whom.
    pub conversation_id: ConversationId,
    /// Its evidence.
    pub decision_id: DecisionId,
    /// What is proposed.
    pub text: String,
    /// Buttons that go with it, as the wire takes them.
    pub payload: Option<Value>,
    /// SHA-256 of a stored file that goes with it.
    pub file: Option<String>,
    /// Where it stands.
    pub state: DraftState,
    /// Hidden until the operator has answered.
    pub blind: bool,
    /// When it is worth nothing any more.
    pub expires_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stopped waiting.
    pub decided_at: Option<Timestamp>,
    /// What was sent.
    pub message_id: Option<MessageId>,
    /// What a person made of it.
    pub final_text: Option<String>,
    /// How much was changed, between 0 and 1.
    pub distance: Option<f64>,
    /// Numbers, prices, dates and links that were changed.
    pub facts_changed: Option<Value>,
    /// Why it was dismissed.
    pub reason: Option<String>,
}

/// A draft to keep.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDraft {
    /// To whom.
    pub conversation_id: ConversationId,
    /// Its evidence.
    pub decision_id: DecisionId,
    /// What is proposed.
    pub text: String,
    /// Buttons that go with it.
    pub payload: Option<Value>,
    /// SHA-256 of a stored file that goes with it.
    pub file: Option<String>,
    /// Hidden until the operator has answered.
    pub blind: bool,
    /// When it is worth nothing any more.
    pub expires_at: Timestamp,
}

/// What a person made of a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftOutcome {
    /// Sent, edited, dismissed.
    pub state: DraftState,
    /// What was sent.
    pub message_id: Option<MessageId>,
    /// Its words.
    pub final_text: Option<String>,
    /// How much was changed, between 0 and 1.
    pub distance: Option<f64>,
    /// Facts that were changed.
    pub facts_changed: Option<Value>,
    /// Why it was dismissed.
    pub reason: Option<String>,
}

/// How the decided drafts of a skill did since a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DraftRecord {
    /// Sent as they were.
    pub unchanged: u32,
    /// Sent after an edit of at most 15 % that changed no fact.
    pub light: u32,
    /// Sent after more than that.
    pub heavy: u32,
    /// Dismissed because they were wrong, out of date or sounded wrong.
    pub dismissed: u32,
    /// Among the last 20: dismissed as wrong, or with a fact changed.
    pub harmful: u32,
    /// Hidden ones beside which a person wrote their own answer.
    pub blind: u32,
    /// How alike those were on average, between 0 and 1.
    pub alike: Option<f64>,
}

fn draft(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        id: DraftId(row.get("id")?),
        conversation_id: ConversationId(row.get("conversation_id")?),
        decision_id: DecisionId(row.get("decision_id")?),
        text: row.get("text")?,
        payload: optional_json(row, "payload")?,
        file: row.get("file")?,
        state: word(row, "state")?,
        blind: row.get("blind")?,
        expires_at: time(row, "expires_at")?,
        created_at: time(row, "created_at")?,
        decided_at: optional_time(row, "decided_at")?,
        message_id: row.get::<_, Option<i64>>("message_id")?.map(MessageId),
        final_text: row.get("final_text")?,
        distance: row.get("distance")?,
        facts_changed: optional_json(row, "facts_changed")?,
        reason: row.get("reason")?,
    })
}

impl Reader<'_> {
    /// Returns a draft.
    pub fn draft(self, id: DraftId) -> Result<Draft, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM draft WHERE id = ?1")?;
        query
            .query_row([id.0], draft)
            .optional()?
            .ok_or_else(|| StoreError::not_found("draft", &id))
    }

    /// Returns the draft that waits in a conversation.
    pub fn pending_draft(self, conversation: ConversationId) -> Result<Option<Draft>, StoreError> {
        let sql = "SELECT * FROM draft WHERE conversation_id = ?1 AND state = 'pending'";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.query_row([conversation.0], draft).optional()?)
    }

    /// Returns the draft a message was made of.
    pub fn draft_of_message(self, message: MessageId) -> Result<Option<Draft>, StoreError> {
        let sql = "SELECT * FROM draft WHERE message_id = ?1";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.query_row([message.0], draft).optional()?)
    }

    /// Whether what a decision proposed was sent by a person, as it was or changed.
    pub fn was_sent(self, decision: DecisionId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM draft WHERE decision_id = ?1 AND state IN ('sent', 'edited')";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.exists([decision.0])?)
    }

    /// Returns drafts: those that wait, the oldest first; or with `all` every one, the newest first. Of all conversations
    /// together, those that were put off do not wait.
    pub fn drafts(
        self,
        conversation: Option<ConversationId>,
        all: bool,
        limit: u32,
    ) -> Result<Vec<Draft>, StoreError> {
        let order = if all {
            "ORDER BY id DESC"
        } else {
            "AND state = 'pending' AND (?1 IS NOT NULL OR conversation_id NOT IN (
                 SELECT id FROM conversation WHERE snoozed_until IS NOT NULL))
             ORDER BY created_at, id"
        };
        let sql = format!("SELECT * FROM draft WHERE (?1 IS NULL OR conversation_id = ?1) {order} LIMIT ?2");
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_map(params![conversation.map(|id| id.0), limit], draft)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns when the next waiting draft expires.
    pub fn next_draft_end(self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT min(expires_at) FROM draft WHERE state = 'pending'";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query
            .query_row([], |row| row.get::<_, Option<i64>>(0))?
            .map(Timestamp))
    }

    /// Returns how the drafts of a skill did that were decided since a moment.
    pub fn draft_record(self, skill: SkillId, since: Timestamp) -> Result<DraftRecord, StoreError> {
        let sql = "SELECT r.state, r.distance, r.facts_changed, r.reason FROM draft r
                   JOIN decision d ON d.id = r.decision_id
                   WHERE d.skill_id = ?1 AND r.decided_at >= ?2 AND (r.state IN ('sent', 'edited', 'dismissed')
                       OR (r.blind = 1 AND r.state = 'superseded' AND r.final_text IS NOT NULL))
                   ORDER BY r.decided_at DESC, r.id DESC";
        let mut query = self.connection().prepare_cached(sql)?;
        let mut rows = query.query(params![skill.0, since.0])?;
        let mut record = DraftRecord::default();
        let mut seen = 0;
        while let Some(row) = rows.next()? {
            let state: DraftState = word(row, "state")?;
            let facts = optional_json(row, "facts_changed")?
                .and_then(|facts| facts.as_array().map(|facts| !facts.is_empty()))
                .unwrap_or(false);
            let reason: Option<String> = row.get("reason")?;
            let reason = reason.as_deref().unwrap_or_default();
            let distance: f64 = row.get::<_, Option<f64>>("distance")?.unwrap_or(0.0);
            match state {
                DraftState::Superseded => {
                    // Two people say the same in different words, so this is no judgement of the skill.
                    let before = record.alike.unwrap_or_default() * f64::from(record.blind);
                    record.blind += 1;
                    record.alike = Some((before + 1.0 - distance) / f64::from(record.blind));
                    continue;
                }
                DraftState::Sent => record.unchanged += 1,
                DraftState::Edited if domain::is_light_edit(distance, facts) => record.light += 1,
                DraftState::Edited => record.heavy += 1,
                // That nobody needed an answer, or wrote one, says nothing about the draft.
                _ if matches!(reason, "not_needed" | "own_words") => continue,
                _ => record.dismissed += 1,
            }
            seen += 1;
            if seen <= 20 && (facts || reason == "wrong") {
                record.harmful += 1;
            }
        }
        Ok(record)
    }
}

impl WriteTransaction<'_> {
    /// Keeps a draft; the one that waited before it is superseded.
    pub fn add_draft(&mut self, new: &NewDraft, now: Timestamp) -> Result<DraftId, StoreError> {
        self.retire_drafts(new.conversation_id, DraftState::Superseded, now)?;
        let sql = "INSERT INTO draft (conversation_id, decision_id, text, payload, state, blind, expires_at, created_at,
                       file)
                   VALUES (?1, ?2, ?3, ?4, 'pending', ?5, ?6, ?7, ?8)";
        self.connection().prepare_cached(sql)?.execute(params![
            new.conversation_id.0,
            new.decision_id.0,
            new.text,
            new.payload.as_ref().map(Value::to_string),
            new.blind,
            new.expires_at.0,
            now.0,
            new.file
        ])?;
        let id = DraftId(self.connection().last_insert_rowid());
        self.changed(Change::Draft(new.conversation_id));
        self.changed(Change::Conversation(new.conversation_id));
        Ok(id)
    }

    /// Ends the waiting of a conversation's draft, if one waits.
    pub fn retire_drafts(
        &mut self,
        conversation: ConversationId,
        state: DraftState,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql =
            "UPDATE draft SET state = ?2, decided_at = ?3 WHERE conversation_id = ?1 AND state = 'pending'";
        let ended =
            self.connection()
                .prepare_cached(sql)?
                .execute(params![conversation.0, state.as_str(), now.0])?;
        if ended > 0 {
            self.changed(Change::Draft(conversation));
            self.changed(Change::Conversation(conversation));
        }
        Ok(())
    }

    /// Keeps beside a hidden draft what a person wrote without having seen it.
    pub(crate) fn answer_blind_draft(
        &mut self,
        conversation: ConversationId,
        text: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (Some(draft), Some(text)) = (self.read().pending_draft(conversation)?, text) else {
            return Ok(());
        };
        if draft.blind {
            let sql = "UPDATE draft SET state = 'superseded', decided_at = ?2, final_text = ?3, distance = ?4
                       WHERE id = ?1";
            let distance = domain::share_changed(&draft.text, text);
            self.connection()
                .prepare_cached(sql)?
                .execute(params![draft.id.0, now.0, text, distance])?;
            self.changed(Change::Draft(conversation));
            self.changed(Change::Conversation(conversation));
        }
        Ok(())
    }

    /// Notes what a person made of a draft. An error when it does not wait any more.
    pub fn decide_draft(
        &mut self,
        id: DraftId,
        outcome: &DraftOutcome,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let known = self.waiting_draft(id)?;
        let sql =
            "UPDATE draft SET state = ?2, decided_at = ?3, message_id = ?4, final_text = ?5, distance = ?6,
                       facts_changed = ?7, reason = ?8 WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute(params![
            id.0,
            outcome.state.as_str(),
            now.0,
            outcome.message_id.map(|id| id.0),
            outcome.final_text,
            outcome.distance,
            outcome.facts_changed.as_ref().map(Value::to_string),
            outcome.reason
        ])?;
        self.changed(Change::Draft(known.conversation_id));
        self.changed(Change::Conversation(known.conversation_id));
        Ok(())
    }

    /// Notes which message a decided draft became.
    pub fn name_sent_draft(&mut self, id: DraftId, message: MessageId) -> Result<(), StoreError> {
        let sql = "UPDATE draft SET message_id = ?2 WHERE id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id.0, message.0])?;
        Ok(())
    }

    /// Returns a draft that still waits; an error with the reason when it does not.
    pub fn waiting_draft(&mut self, id: DraftId) -> Result<Draft, StoreError> {
        let known = self.read().draft(id)?;
        let why = match known.state {
            DraftState::Pending => return Ok(known),
            DraftState::Sent | DraftState::Edited => "This draft was sent already.",
            DraftState::Dismissed => "This draft was put away already.",
            DraftState::Superseded => {
                "Something new was said since, so this draft is out of date. Look at the newest one."
            }
            DraftState::Expired => "This draft has expired. Ask for a new one.",
        };
        Err(StoreError::Conflict(why.to_owned()))
    }

    /// Ends drafts whose time is over. Returns how many.
    pub fn expire_drafts(&mut self, now: Timestamp) -> Result<usize, StoreError> {
        let sql = "SELECT conversation_id FROM draft WHERE state = 'pending' AND expires_at <= ?1";
        let ended: Vec<ConversationId> = {
            let mut query = self.connection().prepare_cached(sql)?;
            let rows = query.query_map([now.0], |row| row.get(0).map(ConversationId))?;
            rows.collect::<Result<_, _>>()?
        };
        for conversation in &ended {
            self.retire_drafts(*conversation, DraftState::Expired, now)?;
        }
        Ok(ended.len())
    }
}
