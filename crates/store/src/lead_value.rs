//! What is known of a lead, where it was read, and what was known before.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{time, word};
use crate::writer::WriteTransaction;
use domain::{LeadId, LeadMethod, LeadValue, MessageId, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};

/// What became of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeadValueState {
    /// It holds.
    Current,
    /// Another took its place.
    Former,
    /// It was read, but a person's value is locked.
    Suggested,
    /// A person did not want it.
    Dismissed,
}

impl LeadValueState {
    /// Returns the stable spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Former => "former",
            Self::Suggested => "suggested",
            Self::Dismissed => "dismissed",
        }
    }

    fn read(word: &str) -> Self {
        match word {
            "current" => Self::Current,
            "suggested" => Self::Suggested,
            "dismissed" => Self::Dismissed,
            _ => Self::Former,
        }
    }
}

/// A value that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredLeadValue {
    /// Its id.
    pub id: i64,
    /// The value. Empty: a person says that there is none.
    pub value: LeadValue,
    /// What became of it.
    pub state: LeadValueState,
    /// Entered by a person: reading may only suggest.
    pub locked: bool,
    /// What took its place.
    pub superseded_by: Option<i64>,
    /// When it was learnt.
    pub at: Timestamp,
}

fn stored(row: &Row<'_>) -> rusqlite::Result<StoredLeadValue> {
    let place = |column: &str| -> rusqlite::Result<Option<usize>> {
        Ok(row
            .get::<_, Option<i64>>(column)?
            .and_then(|place| usize::try_from(place).ok()))
    };
    Ok(StoredLeadValue {
        id: row.get("id")?,
        value: LeadValue {
            field: row.get("field")?,
            raw: row.get("raw")?,
            value: row.get("value")?,
            message_id: row.get::<_, Option<i64>>("message_id")?.map(MessageId),
            span: place("span_start")?.zip(place("span_end")?),
            method: word(row, "method")?,
            confidence: row.get("confidence")?,
        },
        state: LeadValueState::read(&row.get::<_, String>("state")?),
        locked: row.get("locked")?,
        superseded_by: row.get("superseded_by")?,
        at: time(row, "created_at")?,
    })
}

impl Reader<'_> {
    /// Returns the values that hold, one for each field. What is known of people who turned out to be the same one
    /// fills the fields their own lead has nothing of.
    pub fn lead_values(self, lead: LeadId) -> Result<Vec<StoredLeadValue>, StoreError> {
        let mut known: Vec<StoredLeadValue> = Vec::new();
        for id in self.leads_of_the_person(lead)? {
            for value in self.values_in(LeadId(id), "state = 'current'")? {
                if !known.iter().any(|other| other.value.field == value.value.field) {
                    known.push(value);
                }
            }
        }
        Ok(known)
    }

    /// Returns what was read but may not replace what a person entered, the latest first.
    pub fn lead_suggestions(self, lead: LeadId) -> Result<Vec<StoredLeadValue>, StoreError> {
        let mut found = self.values_in(lead, "state = 'suggested'")?;
        found.reverse();
        Ok(found)
    }

    /// Returns everything that ever was known, the oldest first.
    pub fn lead_history(self, lead: LeadId) -> Result<Vec<StoredLeadValue>, StoreError> {
        self.values_in(lead, "1")
    }

    fn values_in(self, lead: LeadId, which: &str) -> Result<Vec<StoredLeadValue>, StoreError> {
        let sql = format!("SELECT * FROM lead_value WHERE lead_id = ?1 AND {which} ORDER BY id");
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_map([lead.0], stored)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn current_lead_value(self, lead: LeadId, field: &str) -> Result<Option<StoredLeadValue>, StoreError> {
        let sql = "SELECT * FROM lead_value WHERE lead_id = ?1 AND field = ?2 AND state = 'current'";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.query_row(params![lead.0, field], stored).optional()?)
    }
}

impl WriteTransaction<'_> {
    /// Keeps a value that was read: it takes the place of the one that holds. Where a person's value is locked it
    /// becomes a suggestion, also when the lock came while the message was being read.
    pub fn add_lead_value(
        &mut self,
        lead: LeadId,
        value: &LeadValue,
        now: Timestamp,
    ) -> Result<LeadValueState, StoreError> {
        let known = self.read().current_lead_value(lead, &value.field)?;
        if known.as_ref().is_some_and(|known| known.locked) {
            self.suggest_lead_value(lead, value, now)?;
            return Ok(LeadValueState::Suggested);
        }
        self.replace_lead_value(lead, known.map(|known| known.id), value, false, now)?;
        Ok(LeadValueState::Current)
    }

    /// Offers a value beside the one a person entered. The same one is offered once, and not after it was dismissed.
    pub fn suggest_lead_value(
        &mut self,
        lead: LeadId,
        value: &LeadValue,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "SELECT 1 FROM lead_value WHERE lead_id = ?1 AND field = ?2 AND value = ?3
                   AND state IN ('suggested', 'dismissed', 'current')";
        let is_known =
            self.connection()
                .prepare_cached(sql)?
                .exists(params![lead.0, value.field, value.value])?;
        if is_known {
            return Ok(());
        }
        self.insert_lead_value(lead, value, LeadValueState::Suggested, false, now)?;
        self.touch_lead(lead, now)
    }

    /// Writes a value by hand and locks it; empty: there is none. What was suggested for the field is settled.
    pub fn set_lead_value(
        &mut self,
        lead: LeadId,
        field: &str,
        value: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let known = self.read().current_lead_value(lead, field)?.map(|known| known.id);
        let value = LeadValue {
            field: field.to_owned(),
            raw: value.trim().to_owned(),
            value: value.trim().to_owned(),
            message_id: None,
            span: None,
            method: LeadMethod::Manual,
            confidence: 1.0,
        };
        self.replace_lead_value(lead, known, &value, true, now)?;
        let sql = "UPDATE lead_value SET state = 'dismissed'
                   WHERE lead_id = ?1 AND field = ?2 AND state = 'suggested'";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![lead.0, field])?;
        Ok(())
    }

    /// Gives a field back to the assistant: the latest suggestion holds from now on, else the value stays until
    /// something newer is read; that there is none is forgotten.
    pub fn return_lead_value(&mut self, lead: LeadId, field: &str, now: Timestamp) -> Result<(), StoreError> {
        let Some(known) = self
            .read()
            .current_lead_value(lead, field)?
            .filter(|known| known.locked)
        else {
            return Ok(());
        };
        let sql = "SELECT id FROM lead_value WHERE lead_id = ?1 AND field = ?2 AND state = 'suggested'
                   ORDER BY id DESC LIMIT 1";
        let suggested: Option<i64> = self
            .connection()
            .prepare_cached(sql)?
            .query_row(params![lead.0, field], |row| row.get(0))
            .optional()?;
        if suggested.is_some() || known.value.value.is_empty() {
            self.retire_lead_value(known.id, suggested)?;
        } else {
            self.connection()
                .execute("UPDATE lead_value SET locked = 0 WHERE id = ?1", [known.id])?;
        }
        if let Some(suggested) = suggested {
            let sql = "UPDATE lead_value SET state = CASE WHEN id = ?3 THEN 'current' ELSE 'former' END,
                           superseded_by = CASE WHEN id = ?3 THEN NULL ELSE ?3 END
                       WHERE lead_id = ?1 AND field = ?2 AND state = 'suggested'";
            self.connection()
                .prepare_cached(sql)?
                .execute(params![lead.0, field, suggested])?;
        }
        self.touch_lead(lead, now)
    }

    /// Says that a suggestion is not wanted.
    pub fn dismiss_lead_suggestion(
        &mut self,
        lead: LeadId,
        id: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE lead_value SET state = 'dismissed' WHERE id = ?2 AND lead_id = ?1 AND state = 'suggested'";
        if self.connection().execute(sql, params![lead.0, id])? > 0 {
            self.touch_lead(lead, now)?;
        }
        Ok(())
    }

    /// Forgets what was read from a message its writer took back: what was known before holds again.
    pub fn forget_lead_values_of(&mut self, message: MessageId) -> Result<(), StoreError> {
        loop {
            let sql = "SELECT id, lead_id, field, state FROM lead_value WHERE message_id = ?1 ORDER BY id DESC LIMIT 1";
            let found = self
                .connection()
                .prepare_cached(sql)?
                .query_row([message.0], |row| {
                    Ok((
                        row.get::<_, i64>(0)?,
                        LeadId(row.get(1)?),
                        row.get::<_, String>(2)?,
                        row.get::<_, String>(3)?,
                    ))
                })
                .optional()?;
            let Some((id, lead, field, state)) = found else {
                return Ok(());
            };
            let successor = "SELECT superseded_by FROM lead_value WHERE id = ?1";
            let successor: Option<i64> = self.connection().query_row(successor, [id], |row| row.get(0))?;
            self.connection().execute(
                "UPDATE lead_value SET superseded_by = ?2 WHERE superseded_by = ?1",
                params![id, successor],
            )?;
            self.connection()
                .execute("DELETE FROM lead_value WHERE id = ?1", [id])?;
            if state == "current" {
                let sql = "UPDATE lead_value SET state = 'current' WHERE id =
                               (SELECT max(id) FROM lead_value WHERE lead_id = ?1 AND field = ?2 AND state = 'former')";
                self.connection()
                    .prepare_cached(sql)?
                    .execute(params![lead.0, field])?;
            }
            self.changed(Change::Lead(lead));
        }
    }

    fn replace_lead_value(
        &mut self,
        lead: LeadId,
        known: Option<i64>,
        value: &LeadValue,
        locked: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // One value of a field holds at a time: the old one makes way first and is told its successor afterwards.
        if let Some(known) = known {
            self.retire_lead_value(known, None)?;
        }
        let id = self.insert_lead_value(lead, value, LeadValueState::Current, locked, now)?;
        if let Some(known) = known {
            self.retire_lead_value(known, Some(id))?;
        }
        self.touch_lead(lead, now)
    }

    fn retire_lead_value(&mut self, id: i64, successor: Option<i64>) -> Result<(), StoreError> {
        let sql = "UPDATE lead_value SET state = 'former', superseded_by = ?2, locked = 0 WHERE id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id, successor])?;
        Ok(())
    }

    fn insert_lead_value(
        &mut self,
        lead: LeadId,
        value: &LeadValue,
        state: LeadValueState,
        locked: bool,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let place = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
        // What is not a number would be null to SQLite.
        let confidence = if value.confidence.is_nan() {
            0.0
        } else {
            value.confidence.clamp(0.0, 1.0)
        };
        let sql =
            "INSERT INTO lead_value (lead_id, field, raw, value, message_id, span_start, span_end, method,
                       confidence, state, locked, created_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        self.connection().prepare_cached(sql)?.execute(params![
            lead.0,
            value.field,
            value.raw,
            value.value,
            value.message_id.map(|id| id.0),
            value.span.map(|span| place(span.0)),
            value.span.map(|span| place(span.1)),
            value.method.as_str(),
            confidence,
            state.as_str(),
            locked,
            now.0
        ])?;
        Ok(self.connection().last_insert_rowid())
    }
}
