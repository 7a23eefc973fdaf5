//! Facts that answers name by a placeholder.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_time, optional_word, word};
use crate::writer::WriteTransaction;
use domain::{Fact, FactKind, Language, Timestamp};
use rusqlite::{Row, params};

fn fact(row: &Row<'_>) -> rusqlite::Result<Fact> {
    Ok(Fact {
        kind: word(row, "kind")?,
        key: row.get("key")?,
        value: row.get("value")?,
        language: optional_word(row, "language")?,
        valid_to: optional_time(row, "valid_to")?,
    })
}

impl Reader<'_> {
    /// Returns all facts by kind and name, those that are over too.
    pub fn facts(self) -> Result<Vec<Fact>, StoreError> {
        let sql = "SELECT * FROM fact ORDER BY kind, key, coalesce(language, '')";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([], fact)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns the facts that hold at `now`.
    pub fn facts_at(self, now: Timestamp) -> Result<Vec<Fact>, StoreError> {
        let mut facts = self.facts()?;
        facts.retain(|fact| fact.valid_to.is_none_or(|end| now <= end));
        Ok(facts)
    }
}

impl WriteTransaction<'_> {
    /// Writes a fact down, in the place of the one with the same kind, name and language.
    pub fn set_fact(&mut self, fact: &Fact, now: Timestamp) -> Result<(), StoreError> {
        self.connection().execute(
            "INSERT INTO fact (kind, key, value, language, valid_to, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (kind, key, coalesce(language, ''))
             DO UPDATE SET value = ?3, valid_to = ?5, updated_at = ?6",
            params![
                fact.kind.as_str(),
                fact.key,
                fact.value,
                fact.language.map(Language::as_str),
                fact.valid_to.map(|time| time.0),
                now.0
            ],
        )?;
        self.changed(Change::Knowledge);
        Ok(())
    }

    /// Forgets a fact.
    pub fn remove_fact(
        &mut self,
        kind: FactKind,
        key: &str,
        language: Option<Language>,
    ) -> Result<(), StoreError> {
        self.connection().execute(
            "DELETE FROM fact WHERE kind = ?1 AND key = ?2 AND language IS ?3",
            params![kind.as_str(), key, language.map(Language::as_str)],
        )?;
        self.changed(Change::Knowledge);
        Ok(())
    }
}
