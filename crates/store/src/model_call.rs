//! What was asked of language models, so that the operator can see exactly what left this computer.

use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_json, time, word};
use crate::writer::WriteTransaction;
use domain::{ContactId, ConversationId, DraftState, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::Value;

/// One question to a language model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelCall {
    /// Its id; 0 before it is stored.
    pub id: i64,
    /// About whom; none for a test.
    pub conversation_id: Option<ConversationId>,
    /// What for: answer, leads, probe, embed, simulate.
    pub purpose: String,
    /// Where it went.
    pub host: String,
    /// Which model.
    pub model: String,
    /// Exactly what left, without the key.
    pub sent: String,
    /// What came back.
    pub received: Option<String>,
    /// What went wrong, as a sentence.
    pub trouble: Option<String>,
    /// Tokens sent.
    pub tokens_in: u32,
    /// Tokens received.
    pub tokens_out: u32,
    /// Millionths of the owner's currency.
    pub cost_micros: i64,
    /// How long it took, in milliseconds.
    pub took_ms: i64,
    /// When.
    pub created_at: Timestamp,
}

fn model_call(row: &Row<'_>) -> rusqlite::Result<ModelCall> {
    Ok(ModelCall {
        id: row.get("id")?,
        conversation_id: row.get::<_, Option<i64>>("conversation_id")?.map(ConversationId),
        purpose: row.get("purpose")?,
        host: row.get("host")?,
        model: row.get("model")?,
        sent: row.get("sent")?,
        received: row.get("received")?,
        trouble: row.get("trouble")?,
        tokens_in: row.get("tokens_in")?,
        tokens_out: row.get("tokens_out")?,
        cost_micros: row.get("cost_micros")?,
        took_ms: row.get("took_ms")?,
        created_at: time(row, "created_at")?,
    })
}

impl Reader<'_> {
    /// Returns a question to a model.
    pub fn model_call(self, id: i64) -> Result<ModelCall, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM model_call WHERE id = ?1")?;
        query
            .query_row([id], model_call)
            .optional()?
            .ok_or_else(|| StoreError::not_found("model call", &id))
    }

    /// Returns questions to models, the newest first.
    pub fn model_calls(
        self,
        conversation: Option<ConversationId>,
        limit: u32,
    ) -> Result<Vec<ModelCall>, StoreError> {
        let sql =
            "SELECT * FROM model_call WHERE ?1 IS NULL OR conversation_id = ?1 ORDER BY id DESC LIMIT ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map(params![conversation.map(|id| id.0), limit], model_call)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns what models cost since a moment, in millionths, and the tokens a conversation used of it.
    pub fn model_spending(
        self,
        conversation: Option<ConversationId>,
        since: Timestamp,
    ) -> Result<(i64, u32), StoreError> {
        let sql = "SELECT coalesce(sum(cost_micros), 0) AS cost,
                       coalesce(sum(CASE WHEN conversation_id = ?1 THEN tokens_in + tokens_out ELSE 0 END), 0) AS tokens
                   FROM model_call WHERE created_at >= ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(
            query.query_row(params![conversation.map(|id| id.0), since.0], |row| {
                Ok((row.get("cost")?, row.get("tokens")?))
            })?,
        )
    }
}

impl Reader<'_> {
    /// Returns how many tokens each person has used of models since a moment.
    pub fn model_tokens(self, since: Timestamp) -> Result<Vec<(ContactId, u64)>, StoreError> {
        let sql = "SELECT c.contact_id, sum(m.tokens_in + m.tokens_out) FROM model_call m
                   JOIN conversation c ON c.id = m.conversation_id WHERE m.created_at >= ?1 GROUP BY c.contact_id";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([since.0], |row| {
            let tokens: i64 = row.get(1)?;
            Ok((ContactId(row.get(0)?), u64::try_from(tokens).unwrap_or_default()))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns the evidence of answers a model wrote, and whether a person found them good: sent as they were or with
    /// little changed. The newest first. What nobody judged by its words is left out.
    pub fn judged_answers(self, limit: u32) -> Result<Vec<(Value, bool)>, StoreError> {
        let sql = "SELECT d.trace, r.state, r.distance, r.facts_changed FROM draft r
                   JOIN decision d ON d.id = r.decision_id
                   WHERE d.step = 'model' AND r.state IN ('sent', 'edited', 'dismissed')
                       AND coalesce(r.reason, '') NOT IN ('not_needed', 'own_words')
                   ORDER BY r.id DESC LIMIT ?1";
        let mut query = self.connection().prepare_cached(sql)?;
        let mut rows = query.query([limit])?;
        let mut judged = Vec::new();
        while let Some(row) = rows.next()? {
            let facts = optional_json(row, "facts_changed")?
                .and_then(|facts| facts.as_array().map(|facts| !facts.is_empty()))
                .unwrap_or(false);
            let distance = row.get::<_, Option<f64>>("distance")?.unwrap_or(0.0);
            let is_good = match word(row, "state")? {
                DraftState::Sent => true,
                DraftState::Edited => domain::is_light_edit(distance, facts),
                _ => false,
            };
            if let Some(trace) = optional_json(row, "trace")? {
                judged.push((trace, is_good));
            }
        }
        Ok(judged)
    }
}

impl WriteTransaction<'_> {
    /// Keeps a question to a model.
    pub fn add_model_call(&mut self, call: &ModelCall) -> Result<i64, StoreError> {
        let sql = "INSERT INTO model_call (conversation_id, purpose, host, model, sent, received, trouble, tokens_in,
                       tokens_out, cost_micros, took_ms, created_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        self.connection().prepare_cached(sql)?.execute(params![
            call.conversation_id.map(|id| id.0),
            call.purpose,
            call.host,
            call.model,
            call.sent,
            call.received,
            call.trouble,
            call.tokens_in,
            call.tokens_out,
            call.cost_micros,
            call.took_ms,
            call.created_at.0
        ])?;
        Ok(self.connection().last_insert_rowid())
    }
}
