//! What the assistant thought about two conversations that are one: its turns, decisions, drafts and questions to models
//! go along, what was open is begun anew where the conversation goes on, and all of it goes back when they are parted.

use crate::error::StoreError;
use crate::writer::WriteTransaction;
use domain::{ConversationId, DraftState, Timestamp, quiet_time, route};
use rusqlite::params;
use serde_json::{Map, Value, json};

/// Tables whose rows belong to a conversation.
const TABLES: &[&str] = &["turn", "decision", "draft", "model_call", "mark"];

impl WriteTransaction<'_> {
    /// Ends what is open in a conversation; returns whether anything was.
    pub(super) fn interrupt(&mut self, id: ConversationId, now: Timestamp) -> Result<bool, StoreError> {
        let read = self.read();
        let was_open = read.open_turn(id)?.is_some() || read.pending_draft(id)?.is_some();
        // What was proposed for half of what was said is no answer to all of it.
        self.retire_drafts(id, DraftState::Superseded, now)?;
        self.cancel_turn(id)?;
        Ok(was_open)
    }

    /// Moves what was thought from one conversation to another, where nothing is open; returns what is needed to undo
    /// it.
    pub(super) fn move_thoughts(
        &mut self,
        from: ConversationId,
        to: ConversationId,
    ) -> Result<Value, StoreError> {
        let mut moved = Map::new();
        for table in TABLES {
            let ids = self.read().ids(
                &format!("SELECT id FROM {table} WHERE conversation_id = ?1 ORDER BY id"),
                from.0,
            )?;
            let sql = format!("UPDATE {table} SET conversation_id = ?2 WHERE conversation_id = ?1");
            self.connection().prepare_cached(&sql)?.execute([from.0, to.0])?;
            moved.insert((*table).to_owned(), json!(ids));
        }
        self.show_last_decision(from)?;
        self.show_last_decision(to)?;
        Ok(Value::Object(moved))
    }

    /// Undoes [`Self::move_thoughts`]. What was thought since stays.
    pub(super) fn move_thoughts_back(
        &mut self,
        moved: &Value,
        from: ConversationId,
        to: ConversationId,
    ) -> Result<(), StoreError> {
        for table in TABLES {
            let sql =
                format!("UPDATE {table} SET conversation_id = ?2 WHERE id = ?1 AND conversation_id = ?3");
            for id in super::list(moved, table).iter().filter_map(Value::as_i64) {
                self.connection()
                    .prepare_cached(&sql)?
                    .execute([id, to.0, from.0])?;
            }
        }
        self.show_last_decision(from)?;
        self.show_last_decision(to)
    }

    fn show_last_decision(&mut self, id: ConversationId) -> Result<(), StoreError> {
        let sql =
            "UPDATE conversation SET decision_id = (SELECT max(id) FROM decision WHERE conversation_id = ?1)
                   WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute(params![id.0])?;
        Ok(())
    }

    /// Opens a turn for what the customer said last and nobody answered, if the assistant may consider it.
    pub(super) fn take_up(&mut self, id: ConversationId, now: Timestamp) -> Result<(), StoreError> {
        let standing = self.read().standing(id, now)?;
        if route(None, &standing).is_err() {
            return Ok(());
        }
        let burst = self.read().burst(id)?;
        let Some(last) = burst.last() else { return Ok(()) };
        let quiet = quiet_time(last.text.as_deref(), false);
        self.open_turn(id, last.id, now.plus(quiet), now)
    }
}
