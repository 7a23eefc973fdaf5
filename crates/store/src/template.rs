//! Templates as the provider knows them, and when they are fetched next.

use crate::change::Change;
use crate::error::StoreError;
use crate::message::Message;
use crate::reader::Reader;
use crate::row::{optional_json, optional_time, time};
use crate::writer::WriteTransaction;
use domain::{ChannelId, MessageKind, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::Value;
use std::time::Duration;

/// How often templates are fetched without a reason.
const FETCHED_EVERY: Duration = Duration::from_hours(6);

/// A template of a channel's account.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredTemplate {
    /// The provider's id.
    pub provider_id: Option<String>,
    /// Its name.
    pub name: String,
    /// Its language code.
    pub language: String,
    /// `MARKETING`, `UTILITY`, `AUTHENTICATION`; an open list.
    pub category: String,
    /// The category it will have.
    pub coming_category: Option<String>,
    /// `APPROVED`, `PENDING` ...; an open list.
    pub status: String,
    /// `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
    pub quality: Option<String>,
    /// Whether its variables have names rather than numbers.
    pub named: bool,
    /// Its parts as the provider wrote them.
    pub components: Value,
    /// Why it was rejected or stopped.
    pub reason: Option<String>,
}

/// News about a template. What is absent did not change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TemplateChange {
    /// The provider's id.
    pub provider_id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its language code.
    pub language: Option<String>,
    /// Its status.
    pub status: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Its quality.
    pub quality: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// The category it will have.
    pub coming_category: Option<String>,
}

/// When the templates of a channel were and will be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateSync {
    /// When all were last fetched.
    pub synced_at: Option<Timestamp>,
    /// When they are fetched next.
    pub due_at: Timestamp,
    /// Failures in a row.
    pub tries: u32,
    /// Why they could not be fetched: a sentence.
    pub trouble: Option<String>,
}

fn template(row: &Row<'_>) -> rusqlite::Result<StoredTemplate> {
    Ok(StoredTemplate {
        provider_id: row.get("provider_id")?,
        name: row.get("name")?,
        language: row.get("language")?,
        category: row.get("category")?,
        coming_category: row.get("coming_category")?,
        status: row.get("status")?,
        quality: row.get("quality")?,
        named: row.get("named")?,
        components: optional_json(row, "components")?.unwrap_or(Value::Null),
        reason: row.get("reason")?,
    })
}

impl Reader<'_> {
    /// Returns the templates of a channel by name and language.
    pub fn templates(self, channel: &ChannelId) -> Result<Vec<StoredTemplate>, StoreError> {
        let sql = "SELECT * FROM template WHERE channel_id = ?1 ORDER BY name, language";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([channel.as_str()], template)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns one template.
    pub fn template(
        self,
        channel: &ChannelId,
        name: &str,
        language: &str,
    ) -> Result<Option<StoredTemplate>, StoreError> {
        let sql = "SELECT * FROM template WHERE channel_id = ?1 AND name = ?2 AND language = ?3";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query
            .query_row([channel.as_str(), name, language], template)
            .optional()?)
    }

    /// Whether a message of ours is made from a template for promotions.
    pub(crate) fn is_promotion(self, message: &Message) -> Result<bool, StoreError> {
        if message.kind != MessageKind::Template {
            return Ok(false);
        }
        let payload = message.payload.as_ref();
        let word = |pointer: &str| {
            let word = payload.and_then(|payload| payload.pointer(pointer));
            word.and_then(Value::as_str).unwrap_or_default()
        };
        let template = self.template(&message.channel_id, word("/name"), word("/language/code"))?;
        Ok(template.is_some_and(|template| template.category == "MARKETING"))
    }

    /// Returns when the templates of a channel were and will be fetched.
    pub fn template_sync(self, channel: &ChannelId) -> Result<Option<TemplateSync>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM template_sync WHERE channel_id = ?1")?;
        Ok(query
            .query_row([channel.as_str()], |row| {
                Ok(TemplateSync {
                    synced_at: optional_time(row, "synced_at")?,
                    due_at: time(row, "due_at")?,
                    tries: row.get("tries")?,
                    trouble: row.get("trouble")?,
                })
            })
            .optional()?)
    }

    /// Returns the channels whose templates are to be fetched at `now`: those whose time has come, and those whose
    /// templates were never fetched.
    pub fn channels_to_sync(self, now: Timestamp) -> Result<Vec<ChannelId>, StoreError> {
        let sql = "SELECT c.id FROM channel c LEFT JOIN template_sync s ON s.channel_id = c.id
                   WHERE c.account_id IS NOT NULL AND coalesce(s.due_at, 0) <= ?1 ORDER BY c.id";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([now.0], |row| Ok(ChannelId::from(row.get::<_, String>(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl WriteTransaction<'_> {
    /// Puts all templates of a channel in the place of those that are known.
    pub fn replace_templates(
        &mut self,
        channel: &ChannelId,
        templates: &[StoredTemplate],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.connection()
            .execute("DELETE FROM template WHERE channel_id = ?1", [channel.as_str()])?;
        let sql = "INSERT OR REPLACE INTO template (channel_id, name, language, provider_id, category, coming_category,
                       status, quality, named, components, reason, updated_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        for template in templates {
            self.connection().prepare_cached(sql)?.execute(params![
                channel.as_str(),
                template.name,
                template.language,
                template.provider_id,
                template.category,
                template.coming_category,
                template.status,
                template.quality,
                template.named,
                template.components.to_string(),
                template.reason,
                now.0
            ])?;
        }
        let sql = "INSERT INTO template_sync (channel_id, synced_at, due_at) VALUES (?1, ?2, ?3)
                   ON CONFLICT (channel_id)
                   DO UPDATE SET synced_at = ?2, due_at = ?3, tries = 0, trouble = NULL";
        self.connection()
            .execute(sql, params![channel.as_str(), now.0, now.plus(FETCHED_EVERY).0])?;
        self.changed(Change::Templates(channel.clone()));
        Ok(())
    }

    /// Brings what is known of a template up to date with news about it.
    pub fn change_template(
        &mut self,
        channel: &ChannelId,
        change: &TemplateChange,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // By the id when both sides have one, else by name and language.
        let sql = "UPDATE template SET status = coalesce(?5, status), reason = CASE WHEN ?5 IS NULL THEN reason ELSE ?6 END,
                       quality = coalesce(?7, quality), category = coalesce(?8, category),
                       coming_category = CASE WHEN ?8 IS NULL THEN coalesce(?9, coming_category) ELSE ?9 END,
                       updated_at = ?10
                   WHERE channel_id = ?1 AND (provider_id = ?2 OR (name = ?3 AND language = ?4))";
        let changed = self.connection().prepare_cached(sql)?.execute(params![
            channel.as_str(),
            change.provider_id,
            change.name,
            change.language,
            change.status,
            change.reason,
            change.quality,
            change.category,
            change.coming_category,
            now.0
        ])?;
        if changed > 0 {
            self.changed(Change::Templates(channel.clone()));
        }
        Ok(())
    }

    /// Has the templates of a channel fetched at `at`.
    pub fn fetch_templates_at(&mut self, channel: &ChannelId, at: Timestamp) -> Result<(), StoreError> {
        let sql = "INSERT INTO template_sync (channel_id, due_at) VALUES (?1, ?2)
                   ON CONFLICT (channel_id) DO UPDATE SET due_at = min(due_at, ?2)";
        self.connection().execute(sql, params![channel.as_str(), at.0])?;
        self.changed(Change::TemplatesDue);
        Ok(())
    }

    /// Notes that the templates of a channel could not be fetched, and when that is tried again.
    pub fn note_template_trouble(
        &mut self,
        channel: &ChannelId,
        trouble: &str,
        again_at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO template_sync (channel_id, due_at, tries, trouble) VALUES (?1, ?2, 1, ?3)
                   ON CONFLICT (channel_id) DO UPDATE SET due_at = ?2, tries = tries + 1, trouble = ?3";
        self.connection()
            .execute(sql, params![channel.as_str(), again_at.0, trouble])?;
        self.changed(Change::Templates(channel.clone()));
        Ok(())
    }
}
