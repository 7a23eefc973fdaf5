//! What the assistant decided, with its evidence.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_word, time, word};
use crate::writer::WriteTransaction;
use domain::{
    AnswerStep, Because, BotMode, ConversationId, DecisionId, EscalationReason, Language, MessageId, SkillId,
    Timestamp, TurnId, Verdict,
};
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::Value;

/// A decision of the assistant.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Its id; 0 before it is stored.
    pub id: DecisionId,
    /// What it is about.
    pub turn_id: Option<TurnId>,
    /// With whom.
    pub conversation_id: ConversationId,
    /// The customer's last message it looked at.
    pub message_id: Option<MessageId>,
    /// The mode that applied.
    pub mode: BotMode,
    /// What was decided.
    pub verdict: Verdict,
    /// Which step answered.
    pub step: Option<AnswerStep>,
    /// Why.
    pub because: Because,
    /// Why a person is needed.
    pub escalation: Option<EscalationReason>,
    /// The skill that answered, and its version.
    pub skill: Option<(SkillId, i64)>,
    /// How sure it is, between 0 and 1.
    pub confidence: Option<f64>,
    /// The language of the answer.
    pub language: Option<Language>,
    /// The answer, also when it was not sent.
    pub text: Option<String>,
    /// The field of a lead the answer asks for.
    pub asked_field: Option<String>,
    /// Candidates, sources, findings: for the window.
    pub trace: Value,
    /// What was asked of a language model.
    pub model_call_id: Option<i64>,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
    /// When.
    pub created_at: Timestamp,
}

pub(crate) fn decision(row: &Row<'_>) -> rusqlite::Result<Decision> {
    let trace: String = row.get("trace")?;
    Ok(Decision {
        id: DecisionId(row.get("id")?),
        turn_id: row.get::<_, Option<i64>>("turn_id")?.map(TurnId),
        conversation_id: ConversationId(row.get("conversation_id")?),
        message_id: row.get::<_, Option<i64>>("message_id")?.map(MessageId),
        mode: word(row, "mode")?,
        verdict: word(row, "verdict")?,
        step: optional_word(row, "step")?,
        because: word(row, "reason")?,
        escalation: optional_word(row, "escalation")?,
        skill: row
            .get::<_, Option<i64>>("skill_id")?
            .map(SkillId)
            .zip(row.get("skill_version")?),
        confidence: row.get("confidence")?,
        language: optional_word(row, "language")?,
        text: row.get("text")?,
        asked_field: row.get("asked_field")?,
        trace: serde_json::from_str(&trace).unwrap_or_default(),
        model_call_id: row.get("model_call_id")?,
        took_ms: row.get("took_ms")?,
        created_at: time(row, "created_at")?,
    })
}

impl Reader<'_> {
    /// Returns a decision.
    pub fn decision(self, id: DecisionId) -> Result<Decision, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM decision WHERE id = ?1")?;
        query
            .query_row([id.0], decision)
            .optional()?
            .ok_or_else(|| StoreError::not_found("decision", &id))
    }

    /// Returns the last decisions of a conversation, the newest first.
    pub fn decisions(self, conversation: ConversationId, limit: u32) -> Result<Vec<Decision>, StoreError> {
        let sql = "SELECT * FROM decision WHERE conversation_id = ?1 ORDER BY id DESC LIMIT ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map(params![conversation.0, limit], decision)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether the assistant said something, or proposed it, for this reason after `since`.
    pub fn said_lately(
        self,
        conversation: ConversationId,
        because: Because,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM (SELECT verdict, reason, created_at FROM decision WHERE conversation_id = ?1
                       ORDER BY id DESC LIMIT 100)
                   WHERE created_at > ?3 AND verdict <> 'silent' AND reason = ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.exists(params![conversation.0, because.as_str(), since.0])?)
    }
}

impl WriteTransaction<'_> {
    /// Stores a decision and shows it at its conversation.
    pub fn add_decision(&mut self, new: &Decision) -> Result<DecisionId, StoreError> {
        let sql = "INSERT INTO decision (turn_id, conversation_id, message_id, mode, verdict, step, reason, escalation,
                       skill_id, skill_version, confidence, language, text, asked_field, trace, model_call_id, took_ms,
                       created_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
        self.connection().prepare_cached(sql)?.execute(params![
            new.turn_id.map(|id| id.0),
            new.conversation_id.0,
            new.message_id.map(|id| id.0),
            new.mode.as_str(),
            new.verdict.as_str(),
            new.step.map(AnswerStep::as_str),
            new.because.as_str(),
            new.escalation.map(EscalationReason::as_str),
            new.skill.map(|(id, _)| id.0),
            new.skill.map(|(_, version)| version),
            new.confidence,
            new.language.map(Language::as_str),
            new.text,
            new.asked_field,
            new.trace.to_string(),
            new.model_call_id,
            new.took_ms,
            new.created_at.0,
        ])?;
        let id = DecisionId(self.connection().last_insert_rowid());
        self.connection()
            .prepare_cached("UPDATE conversation SET decision_id = ?2 WHERE id = ?1")?
            .execute(params![new.conversation_id.0, id.0])?;
        self.changed(Change::Conversation(new.conversation_id));
        Ok(id)
    }
}
