//! Leads: one for each person, whichever conversations they have.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{time, word};
use crate::writer::WriteTransaction;
use domain::{
    ChannelId, ContactId, ConversationId, LeadId, LeadStatus, MessageId, Temperature, Timestamp,
    international,
};
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::Value;

/// Somebody who may become a customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Lead {
    /// Its id.
    pub id: LeadId,
    /// The person; the one they turned out to be.
    pub contact_id: ContactId,
    /// What they are called, when it is known.
    pub contact_name: Option<String>,
    /// Their number as digits, when it is known.
    pub phone: Option<String>,
    /// Where it was learnt of first.
    pub conversation_id: ConversationId,
    /// On which channel.
    pub channel_id: ChannelId,
    /// What the channel is called.
    pub channel_name: String,
    /// Where it stands.
    pub status: LeadStatus,
    /// 0 to 100.
    pub score: u8,
    /// From the score.
    pub temperature: Temperature,
    /// What the score is made of, as it was given.
    pub reasons: Value,
    /// How far it has come, in the assistant's word.
    pub stage: String,
    /// Fields the customer did not want to tell.
    pub refused: Vec<String>,
    /// Whether they asked not to be written to.
    pub opted_out: bool,
    /// The last message that was read for values.
    pub read_until: Option<MessageId>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When anything of it changed last.
    pub updated_at: Timestamp,
}

/// Where a list of leads goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadCursor {
    /// When the last lead of the page before changed.
    pub updated_at: Timestamp,
    /// Its id.
    pub id: LeadId,
}

/// Which leads to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeadFilter {
    /// Only those that stand so.
    pub status: Option<LeadStatus>,
    /// Only those.
    pub temperature: Option<Temperature>,
    /// Only those of people who have a conversation on this channel.
    pub channel_id: Option<ChannelId>,
    /// Only those of which this field is known.
    pub field: Option<String>,
    /// Only those whose name, number or values contain this.
    pub text: Option<String>,
    /// Only those that changed since.
    pub since: Option<Timestamp>,
}

/// What a score came to.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadScore {
    /// 0 to 100.
    pub score: u8,
    /// From the score.
    pub temperature: Temperature,
    /// What it is made of.
    pub reasons: Value,
    /// How far the lead has come, in the assistant's word.
    pub stage: String,
    /// Whether the customer asked not to be written to.
    pub opted_out: bool,
}

const SELECT: &str = "SELECT l.*, p.id AS person, coalesce(p.own_name, p.name, p.username) AS contact_name,
        (SELECT i.value FROM contact_identity i WHERE i.contact_id = p.id AND i.kind IN ('phone', 'wa_id')
             ORDER BY i.kind, i.learnt_at DESC LIMIT 1) AS phone,
        c.id AS thread, c.channel_id, ch.name AS channel_name
    FROM lead l JOIN contact own ON own.id = l.contact_id
        JOIN contact p ON p.id = coalesce(own.merged_into, own.id)
        JOIN conversation first ON first.id = l.conversation_id
        JOIN conversation c ON c.id = coalesce(first.merged_into, first.id)
        JOIN channel ch ON ch.id = c.channel_id";

/// Of people who turned out to be one, the lead of the one who goes on counts, else the oldest.
const COUNTS: &str = "(own.merged_into IS NULL OR (
        NOT EXISTS (SELECT 1 FROM lead k WHERE k.contact_id = own.merged_into)
        AND NOT EXISTS (SELECT 1 FROM lead k JOIN contact o ON o.id = k.contact_id
                        WHERE o.merged_into = own.merged_into AND k.id < l.id)))";

/// A filter: `?1` to `?5` are status, temperature, channel, field and the moment since.
const FILTER: &str = "AND (?1 IS NULL OR l.status = ?1) AND (?2 IS NULL OR l.temperature = ?2)
    AND (?3 IS NULL OR EXISTS (SELECT 1 FROM conversation x WHERE x.contact_id = p.id AND x.channel_id = ?3
                               AND x.merged_into IS NULL))
    AND (?4 IS NULL OR EXISTS (SELECT 1 FROM lead_value v WHERE v.lead_id = l.id AND v.field = ?4
                               AND v.state = 'current' AND v.value <> ''))
    AND (?5 IS NULL OR l.updated_at >= ?5)";

fn lead(row: &Row<'_>) -> rusqlite::Result<Lead> {
    let reasons: String = row.get("reasons")?;
    let refused: String = row.get("refused")?;
    Ok(Lead {
        id: LeadId(row.get("id")?),
        contact_id: ContactId(row.get("person")?),
        contact_name: row.get("contact_name")?,
        phone: row.get("phone")?,
        conversation_id: ConversationId(row.get("thread")?),
        channel_id: ChannelId::from(row.get::<_, String>("channel_id")?),
        channel_name: row.get("channel_name")?,
        status: word(row, "status")?,
        score: u8::try_from(row.get::<_, i64>("score")?.clamp(0, 100)).unwrap_or(0),
        temperature: word(row, "temperature")?,
        // Written by ourselves; a damaged list is no reason to show no lead.
        reasons: serde_json::from_str(&reasons).unwrap_or_default(),
        stage: row.get("stage")?,
        refused: serde_json::from_str(&refused).unwrap_or_default(),
        opted_out: row.get("opted_out")?,
        read_until: row.get::<_, Option<i64>>("read_until")?.map(MessageId),
        created_at: time(row, "created_at")?,
        updated_at: time(row, "updated_at")?,
    })
}

impl LeadFilter {
    fn words(&self) -> Option<String> {
        let words = self.text.as_deref()?.trim().to_lowercase();
        (!words.is_empty()).then_some(words)
    }
}

impl Reader<'_> {
    /// Returns a lead.
    pub fn lead(self, id: LeadId) -> Result<Lead, StoreError> {
        // By its own id, also when another lead of the same person counts by now.
        let sql = SELECT
            .split_once("WHERE (own")
            .map_or(SELECT, |(select, _)| select);
        let sql = format!("{sql} WHERE l.id = ?1");
        let mut query = self.connection().prepare_cached(&sql)?;
        query
            .query_row([id.0], lead)
            .optional()?
            .ok_or_else(|| StoreError::not_found("lead", &id))
    }

    /// Returns the lead of a person, when there is one.
    pub fn lead_of(self, contact: ContactId) -> Result<Option<Lead>, StoreError> {
        let sql = format!(
            "{SELECT} WHERE {COUNTS} AND p.id = coalesce((SELECT merged_into FROM contact WHERE id = ?1), ?1) LIMIT 1"
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        Ok(query.query_row([contact.0], lead).optional()?)
    }

    /// Returns the lead of a conversation's person, when there is one.
    pub fn lead_of_conversation(self, conversation: ConversationId) -> Result<Option<Lead>, StoreError> {
        let sql = "SELECT contact_id FROM conversation WHERE id = ?1";
        let contact = self
            .connection()
            .prepare_cached(sql)?
            .query_row([conversation.0], |row| row.get(0).map(ContactId))
            .optional()?
            .ok_or_else(|| StoreError::not_found("conversation", &conversation))?;
        self.lead_of(contact)
    }

    /// The leads of the same person: the one that counts first.
    pub(crate) fn leads_of_the_person(self, id: LeadId) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT k.id FROM lead k JOIN contact o ON o.id = k.contact_id
                   WHERE coalesce(o.merged_into, o.id) = (SELECT coalesce(c.merged_into, c.id) FROM lead l
                       JOIN contact c ON c.id = l.contact_id WHERE l.id = ?1)
                   ORDER BY o.merged_into IS NOT NULL, k.id";
        let merged = "SELECT 1 FROM lead l JOIN contact c ON c.id = l.contact_id
                      WHERE l.id = ?1 AND (c.merged_into IS NOT NULL
                          OR EXISTS (SELECT 1 FROM contact_merge g WHERE g.kept = c.id AND g.undone_at IS NULL))";
        // Nearly nobody is two people.
        if !self.connection().prepare_cached(merged)?.exists([id.0])? {
            return Ok(vec![id.0]);
        }
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([id.0], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns a page of leads, the one that changed last first.
    pub fn leads(
        self,
        filter: &LeadFilter,
        cursor: Option<LeadCursor>,
        limit: usize,
    ) -> Result<Vec<Lead>, StoreError> {
        let from = cursor.unwrap_or(LeadCursor {
            updated_at: Timestamp(i64::MAX),
            id: LeadId(i64::MAX),
        });
        let mut found = Vec::new();
        self.each_lead(filter, from, |lead| {
            found.push(lead);
            found.len() < limit
        })?;
        found.truncate(limit);
        Ok(found)
    }

    /// Returns how many leads there are under a filter.
    pub fn lead_count(self, filter: &LeadFilter) -> Result<u32, StoreError> {
        let from = LeadCursor {
            updated_at: Timestamp(i64::MAX),
            id: LeadId(i64::MAX),
        };
        let mut count = 0;
        self.each_lead(filter, from, |_| {
            count += 1;
            true
        })?;
        Ok(count)
    }

    /// Hands leads to `each` until it has enough.
    fn each_lead(
        self,
        filter: &LeadFilter,
        from: LeadCursor,
        mut each: impl FnMut(Lead) -> bool,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "{SELECT} WHERE {COUNTS} {FILTER} AND (l.updated_at, l.id) < (?6, ?7) ORDER BY l.updated_at DESC, l.id DESC"
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        let mut rows = query.query(params![
            filter.status.map(LeadStatus::as_str),
            filter.temperature.map(Temperature::as_str),
            filter.channel_id.as_ref().map(ChannelId::as_str),
            filter.field,
            filter.since.map(|since| since.0),
            from.updated_at.0,
            from.id.0
        ])?;
        let words = filter.words();
        while let Some(row) = rows.next()? {
            let lead = lead(row)?;
            let is_wanted = match &words {
                None => true,
                Some(words) => self.lead_contains(&lead, words)?,
            };
            if is_wanted && !each(lead) {
                break;
            }
        }
        Ok(())
    }

    /// Whether small letters stand in a name, number or value: SQLite knows small letters of English only.
    fn lead_contains(self, lead: &Lead, words: &str) -> Result<bool, StoreError> {
        let name = lead.contact_name.as_deref().unwrap_or_default().to_lowercase();
        let number = lead.phone.as_deref().map(international).unwrap_or_default();
        if name.contains(words) || number.contains(words) {
            return Ok(true);
        }
        let values = self.lead_values(lead.id)?;
        Ok(values
            .iter()
            .any(|known| known.value.value.to_lowercase().contains(words)))
    }
}

impl WriteTransaction<'_> {
    /// Returns the lead of a conversation's person; opens one when there is none.
    pub fn find_or_add_lead(
        &mut self,
        conversation: ConversationId,
        now: Timestamp,
    ) -> Result<LeadId, StoreError> {
        if let Some(lead) = self.read().lead_of_conversation(conversation)? {
            return Ok(lead.id);
        }
        let sql = "INSERT INTO lead (contact_id, conversation_id, created_at, updated_at)
                   SELECT coalesce(p.merged_into, p.id), coalesce(c.merged_into, c.id), ?2, ?2
                   FROM conversation c JOIN contact p ON p.id = c.contact_id WHERE c.id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![conversation.0, now.0])?;
        let id = LeadId(self.connection().last_insert_rowid());
        self.changed(Change::Lead(id));
        Ok(id)
    }

    /// Says where a lead stands.
    pub fn set_lead_status(
        &mut self,
        id: LeadId,
        status: LeadStatus,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE lead SET status = ?2, updated_at = ?3 WHERE id = ?1 AND status <> ?2";
        self.change_lead(id, sql, params![id.0, status.as_str(), now.0])
    }

    /// Keeps a score with its reasons. That nothing of it is new changes nothing.
    pub fn set_lead_score(
        &mut self,
        id: LeadId,
        score: &LeadScore,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE lead SET score = ?2, temperature = ?3, reasons = ?4, stage = ?5, opted_out = ?6,
                       updated_at = ?7
                   WHERE id = ?1
                       AND (score, temperature, reasons, stage, opted_out) IS NOT (?2, ?3, ?4, ?5, ?6)";
        let reasons = score.reasons.to_string();
        let temperature = score.temperature.as_str();
        let values = params![
            id.0,
            score.score,
            temperature,
            reasons,
            score.stage,
            score.opted_out,
            now.0
        ];
        self.change_lead(id, sql, values)
    }

    /// Notes that the customer does not want to tell a field.
    pub fn refuse_lead_field(&mut self, id: LeadId, field: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE lead SET refused = json_insert(refused, '$[#]', ?2), updated_at = ?3
                   WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM json_each(lead.refused) WHERE value = ?2)";
        self.change_lead(id, sql, params![id.0, field, now.0])
    }

    /// Notes how far a person's messages were read. Never goes back.
    pub fn lead_read_until(&mut self, id: LeadId, message: MessageId) -> Result<(), StoreError> {
        let sql = "UPDATE lead SET read_until = ?2 WHERE id = ?1 AND coalesce(read_until, 0) < ?2";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id.0, message.0])?;
        Ok(())
    }

    pub(crate) fn touch_lead(&mut self, id: LeadId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE lead SET updated_at = max(updated_at, ?2) WHERE id = ?1";
        self.connection()
            .prepare_cached(sql)?
            .execute(params![id.0, now.0])?;
        self.changed(Change::Lead(id));
        Ok(())
    }

    fn change_lead(
        &mut self,
        id: LeadId,
        sql: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<(), StoreError> {
        if self.connection().prepare_cached(sql)?.execute(values)? > 0 {
            self.changed(Change::Lead(id));
            return Ok(());
        }
        // Nothing new, or no such lead.
        let known = "SELECT 1 FROM lead WHERE id = ?1";
        if self.connection().prepare_cached(known)?.exists([id.0])? {
            return Ok(());
        }
        Err(StoreError::not_found("lead", &id))
    }
}
