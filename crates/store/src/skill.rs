//! Skills and what customers were found to mean.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_time, optional_word, word};
use crate::writer::WriteTransaction;
use domain::{AnswerButton, Example, MessageId, Skill, SkillAnswer, SkillId, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::{Value, json};
use std::collections::HashMap;

/// What a customer's words were found to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Their words.
    pub text: String,
    /// What was meant; none of the skills when nothing.
    pub skill: Option<SkillId>,
    /// How that is known: tap, `draft_sent`, `draft_edited`, manual.
    pub source: String,
}

fn skill(row: &Row<'_>) -> rusqlite::Result<Skill> {
    Ok(Skill {
        id: SkillId(row.get("id")?),
        name: row.get("name")?,
        enabled: row.get("enabled")?,
        // A word that cannot be read lets it do nothing.
        autonomy: row
            .get::<_, String>("autonomy")?
            .parse()
            .unwrap_or(domain::BotMode::Off),
        requires_human: row.get("requires_human")?,
        high_risk: row.get("high_risk")?,
        valid_from: optional_time(row, "valid_from")?,
        valid_to: optional_time(row, "valid_to")?,
        hours: word(row, "hours")?,
        examples: Vec::new(),
        answers: Vec::new(),
        version: row.get("version")?,
    })
}

fn buttons(text: &str) -> Vec<AnswerButton> {
    let list: Vec<Value> = serde_json::from_str(text).unwrap_or_default();
    list.iter()
        .filter_map(|button| {
            Some(AnswerButton {
                title: button.get("title")?.as_str()?.to_owned(),
                skill: button.get("skill").and_then(Value::as_i64).map(SkillId),
            })
        })
        .collect()
}

impl Reader<'_> {
    /// Returns all skills with their examples and answers, by name.
    pub fn skills(self) -> Result<Vec<Skill>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM skill ORDER BY name COLLATE NOCASE, id")?;
        let rows = query.query_map([], skill)?;
        let mut skills: Vec<Skill> = rows.collect::<Result<_, _>>()?;
        let places: HashMap<i64, usize> = skills
            .iter()
            .enumerate()
            .map(|(place, skill)| (skill.id.0, place))
            .collect();
        let mut query = self
            .connection()
            .prepare_cached("SELECT skill_id, text, language, negative FROM skill_example ORDER BY id")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let place = places.get(&row.get("skill_id")?);
            if let Some(skill) = place.and_then(|place| skills.get_mut(*place)) {
                skill.examples.push(Example {
                    text: row.get("text")?,
                    language: optional_word(row, "language")?,
                    negative: row.get("negative")?,
                });
            }
        }
        let mut query = self
            .connection()
            .prepare_cached("SELECT skill_id, language, text, buttons, file FROM skill_answer ORDER BY id")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let place = places.get(&row.get("skill_id")?);
            if let Some(skill) = place.and_then(|place| skills.get_mut(*place)) {
                skill.answers.push(SkillAnswer {
                    language: optional_word(row, "language")?,
                    text: row.get("text")?,
                    buttons: buttons(&row.get::<_, String>("buttons")?),
                    file: row.get("file")?,
                });
            }
        }
        Ok(skills)
    }

    /// Returns a skill.
    pub fn skill(self, id: SkillId) -> Result<Skill, StoreError> {
        self.skills()?
            .into_iter()
            .find(|skill| skill.id == id)
            .ok_or_else(|| StoreError::not_found("skill", &id))
    }

    /// Returns the names skills of the starter pack have there, for those that were taken.
    pub fn taken_from_pack(self) -> Result<Vec<String>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT pack FROM skill WHERE pack IS NOT NULL ORDER BY pack")?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns what customers' words were found to mean, the newest first.
    pub fn labels(self, limit: u32) -> Result<Vec<Label>, StoreError> {
        let sql = "SELECT text, skill_id, source FROM label ORDER BY id DESC LIMIT ?1";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([limit], |row| {
            Ok(Label {
                text: row.get("text")?,
                skill: row.get::<_, Option<i64>>("skill_id")?.map(SkillId),
                source: row.get("source")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl WriteTransaction<'_> {
    /// Saves a skill. An id of 0 adds one, or replaces the one with the same name; another id has to exist. `pack` is its
    /// name in the starter pack. Returns its id.
    pub fn save_skill(
        &mut self,
        skill: &Skill,
        pack: Option<&str>,
        now: Timestamp,
    ) -> Result<SkillId, StoreError> {
        let named: Option<i64> = self
            .connection()
            .prepare_cached("SELECT id FROM skill WHERE name = ?1")?
            .query_row([&skill.name], |row| row.get(0))
            .optional()?;
        let id = match (skill.id.0, named) {
            (0, None) => {
                let sql = "INSERT INTO skill (name, autonomy, created_at, updated_at, version, pack)
                           VALUES (?1, ?2, ?3, ?3, 0, ?4)";
                self.connection().prepare_cached(sql)?.execute(params![
                    skill.name,
                    skill.autonomy.as_str(),
                    now.0,
                    pack
                ])?;
                self.connection().last_insert_rowid()
            }
            (0, Some(named)) => named,
            (id, Some(named)) if id != named => {
                return Err(StoreError::Conflict(format!(
                    "There is another skill called {:?}. Give this one a different name.",
                    skill.name
                )));
            }
            (id, _) => id,
        };
        let sql =
            "UPDATE skill SET name = ?2, enabled = ?3, autonomy = ?4, requires_human = ?5, high_risk = ?6,
                       valid_from = ?7, valid_to = ?8, hours = ?9, version = version + 1, updated_at = ?10
                   WHERE id = ?1";
        let changed = self.connection().prepare_cached(sql)?.execute(params![
            id,
            skill.name,
            skill.enabled,
            skill.autonomy.as_str(),
            skill.requires_human,
            skill.high_risk,
            skill.valid_from.map(|at| at.0),
            skill.valid_to.map(|at| at.0),
            skill.hours.as_str(),
            now.0
        ])?;
        if changed == 0 {
            return Err(StoreError::not_found("skill", &SkillId(id)));
        }
        self.remove_parts(id)?;
        let sql = "INSERT INTO skill_example (skill_id, text, language, negative) VALUES (?1, ?2, ?3, ?4)";
        for example in &skill.examples {
            self.connection().prepare_cached(sql)?.execute(params![
                id,
                example.text,
                example.language.map(domain::Language::as_str),
                example.negative
            ])?;
        }
        let sql =
            "INSERT INTO skill_answer (skill_id, language, text, buttons, file) VALUES (?1, ?2, ?3, ?4, ?5)";
        for answer in &skill.answers {
            let buttons: Vec<Value> = answer
                .buttons
                .iter()
                .map(|button| json!({"title": button.title, "skill": button.skill.map(|id| id.0)}))
                .collect();
            self.connection().prepare_cached(sql)?.execute(params![
                id,
                answer.language.map(domain::Language::as_str),
                answer.text,
                Value::Array(buttons).to_string(),
                answer.file
            ])?;
        }
        self.changed(Change::Knowledge);
        Ok(SkillId(id))
    }

    fn remove_parts(&mut self, id: i64) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM skill_example WHERE skill_id = ?1",
            "DELETE FROM skill_answer WHERE skill_id = ?1",
        ] {
            self.connection().prepare_cached(sql)?.execute([id])?;
        }
        Ok(())
    }

    /// Removes a skill. Decisions that name it keep its id.
    pub fn delete_skill(&mut self, id: SkillId) -> Result<(), StoreError> {
        self.remove_parts(id.0)?;
        self.connection()
            .execute("DELETE FROM label WHERE skill_id = ?1", [id.0])?;
        if self
            .connection()
            .execute("DELETE FROM skill WHERE id = ?1", [id.0])?
            == 0
        {
            return Err(StoreError::not_found("skill", &id));
        }
        self.changed(Change::Knowledge);
        Ok(())
    }

    /// Notes what a customer's message meant; a later word from the same source replaces the former.
    pub fn note_label(
        &mut self,
        message: MessageId,
        skill: Option<SkillId>,
        source: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(text) = self.read().message(message)?.text else {
            return Ok(());
        };
        let sql =
            "INSERT INTO label (message_id, text, skill_id, source, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT (message_id, source) WHERE message_id IS NOT NULL
                   DO UPDATE SET skill_id = ?3, created_at = ?5";
        self.connection().prepare_cached(sql)?.execute(params![
            message.0,
            text,
            skill.map(|id| id.0),
            source,
            now.0
        ])?;
        self.changed(Change::Knowledge);
        Ok(())
    }
}
