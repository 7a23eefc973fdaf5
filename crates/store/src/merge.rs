//! Contacts that turn out to be one person (whatsapp-cloud-api, section 2.4): the older one goes on, everything is
//! written down, and it can be undone.

mod thoughts;

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::time;
use crate::writer::WriteTransaction;
use domain::{BotMode, ContactId, ConversationId, Holder, Identity, IdentityKind, MessageId, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};
use serde_json::{Value, json};

/// Two contacts that were found to be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Its id.
    pub id: i64,
    /// The older contact, which goes on.
    pub kept: ContactId,
    /// The other one.
    pub merged: ContactId,
    /// What the other one was called.
    pub name: Option<String>,
    /// The kinds of identity that showed it, the other's first.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

fn merge(row: &Row<'_>) -> rusqlite::Result<Merge> {
    Ok(Merge {
        id: row.get("id")?,
        kept: ContactId(row.get("kept")?),
        merged: ContactId(row.get("merged")?),
        name: row.get("name")?,
        reason: row.get("reason")?,
        at: time(row, "at")?,
    })
}

const SELECT: &str =
    "SELECT g.id, g.kept, g.merged, g.reason, g.at, coalesce(p.own_name, p.name, p.username) AS name
    FROM contact_merge g JOIN contact p ON p.id = g.merged";

impl Reader<'_> {
    /// Returns the contacts that were found to be this one, the latest first.
    pub fn merges_into(self, contact: ContactId) -> Result<Vec<Merge>, StoreError> {
        let sql = format!("{SELECT} WHERE g.kept = ?1 AND g.undone_at IS NULL ORDER BY g.id DESC");
        let mut query = self.connection().prepare_cached(&sql)?;
        let rows = query.query_map([contact.0], merge)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether somebody said that these two are not one person.
    fn were_parted(self, one: ContactId, other: ContactId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM contact_merge WHERE undone_at IS NOT NULL
                   AND ((kept = ?1 AND merged = ?2) OR (kept = ?2 AND merged = ?1))";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.exists(params![one.0, other.0])?)
    }

    /// Returns the conversations of a contact.
    pub fn conversations_of(self, contact: ContactId) -> Result<Vec<ConversationId>, StoreError> {
        let sql = "SELECT id FROM conversation WHERE contact_id = ?1 AND merged_into IS NULL ORDER BY id";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([contact.0], |row| row.get(0).map(ConversationId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn ids(self, sql: &str, of: i64) -> Result<Vec<i64>, StoreError> {
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([of], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// A table, and the columns of it that a merge may change.
type Facts = (&'static str, &'static [&'static str]);

const CONTACT: Facts = (
    "contact",
    &[
        "name",
        "own_name",
        "username",
        "marketing_stopped_at",
        "marketing_at",
    ],
);
const CONVERSATION: Facts = (
    "conversation",
    &[
        "mode",
        "holder",
        "window_closes_at",
        "free_until",
        "composer_text",
        "attention",
        "referral",
        "thread_owner",
        "blocked_at",
    ],
);

/// A fact as SQLite holds it: text, a whole number, or nothing.
fn column_value(fact: Option<&Value>) -> rusqlite::types::Value {
    match fact {
        Some(Value::String(text)) => rusqlite::types::Value::Text(text.clone()),
        Some(Value::Number(number)) => number
            .as_i64()
            .map_or(rusqlite::types::Value::Null, rusqlite::types::Value::Integer),
        _ => rusqlite::types::Value::Null,
    }
}

/// What a merged conversation brings along.
struct Brought {
    mode: Option<BotMode>,
    holder: Holder,
    window: Option<i64>,
    free_until: Option<i64>,
    unread: i64,
    composer_text: Option<String>,
    attention: Option<String>,
    referral: Option<String>,
    thread_owner: Option<String>,
    blocked_at: Option<i64>,
}

impl Brought {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            // What cannot be read counts as the tightest.
            mode: row
                .get::<_, Option<String>>("mode")?
                .map(|word| word.parse().unwrap_or(BotMode::Off)),
            holder: row
                .get::<_, String>("holder")?
                .parse()
                .unwrap_or(Holder::Operator),
            window: row.get("window_closes_at")?,
            free_until: row.get("free_until")?,
            unread: row.get("unread")?,
            composer_text: row.get("composer_text")?,
            attention: row.get("attention")?,
            referral: row.get("referral")?,
            thread_owner: row.get("thread_owner")?,
            blocked_at: row.get("blocked_at")?,
        })
    }

    /// Both together: nothing either of them was promised is lost, and nothing is loosened.
    fn with(self, other: Self) -> Self {
        let tighter = |one: Option<BotMode>, other: Option<BotMode>| match (one, other) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let held = |holder| self.holder == holder || other.holder == holder;
        Self {
            mode: tighter(self.mode, other.mode),
            holder: if held(Holder::Operator) {
                Holder::Operator
            } else if held(Holder::WaitingHuman) {
                Holder::WaitingHuman
            } else {
                Holder::Assistant
            },
            window: self.window.max(other.window),
            free_until: self.free_until.max(other.free_until),
            unread: self.unread + other.unread,
            composer_text: self.composer_text.or(other.composer_text),
            attention: self.attention.or(other.attention),
            referral: self.referral.or(other.referral),
            thread_owner: self.thread_owner.or(other.thread_owner),
            blocked_at: self.blocked_at.or(other.blocked_at),
        }
    }
}

impl WriteTransaction<'_> {
    /// Returns the person known by any of `identities`, who has all of them from now on; `None` when none is known.
    /// When they are known as several people, the older contact goes on and the others become part of it, unless
    /// somebody parted them before: then the best identity decides.
    pub fn unite(
        &mut self,
        identities: &[Identity],
        now: Timestamp,
    ) -> Result<Option<ContactId>, StoreError> {
        let known = self.read().contacts_known_as(identities)?;
        let Some(&best) = known.first() else {
            return Ok(None);
        };
        let mut person = best;
        // Groups are nobody's other name.
        let are_people = identities
            .iter()
            .all(|identity| identity.kind != IdentityKind::GroupId);
        for other in known.into_iter().skip(1).filter(|_| are_people) {
            if self.read().were_parted(person, other)? {
                continue;
            }
            let (kept, merged) = if other.0 < person.0 {
                (other, person)
            } else {
                (person, other)
            };
            self.merge(kept, merged, identities, now)?;
            person = kept;
        }
        self.learn_identities(person, identities, now)?;
        Ok(Some(person))
    }

    /// Remembers identities of somebody who is known by their contact. When others are known by them, those are the
    /// same person.
    pub fn unite_contact(
        &mut self,
        contact: ContactId,
        identities: &[Identity],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut all = self.read().identities(contact)?;
        // A message to a group comes back with the names of its members, who are not the group.
        if all.iter().any(|known| known.kind == IdentityKind::GroupId) {
            return Ok(());
        }
        all.truncate(1);
        all.extend_from_slice(identities);
        self.unite(&all, now).map(drop)
    }

    fn merge(
        &mut self,
        kept: ContactId,
        merged: ContactId,
        identities: &[Identity],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let theirs = self.read().identities(merged)?;
        let before = self.facts(CONTACT, kept.0)?;
        let kinds: Vec<&str> = identities.iter().map(|identity| identity.kind.as_str()).collect();
        let mut conversations = Vec::new();
        for conversation in self.read().conversations_of(merged)? {
            conversations.push(self.move_conversation(conversation, kept, now)?);
        }
        self.connection()
            .prepare_cached("UPDATE contact_identity SET contact_id = ?1 WHERE contact_id = ?2")?
            .execute([kept.0, merged.0])?;
        let sql = "UPDATE contact AS k SET name = coalesce(k.name, m.name), own_name = coalesce(k.own_name, m.own_name),
                       username = coalesce(m.username, k.username),
                       marketing_stopped_at = CASE WHEN coalesce(m.marketing_at, 0) > coalesce(k.marketing_at, 0)
                           THEN m.marketing_stopped_at ELSE k.marketing_stopped_at END,
                       marketing_at = nullif(max(coalesce(m.marketing_at, 0), coalesce(k.marketing_at, 0)), 0)
                   FROM contact AS m WHERE k.id = ?1 AND m.id = ?2";
        self.connection()
            .prepare_cached(sql)?
            .execute([kept.0, merged.0])?;
        // Those that were merged into the other one before have a new head.
        self.connection()
            .prepare_cached("UPDATE contact SET merged_into = ?1 WHERE id = ?2 OR merged_into = ?2")?
            .execute([kept.0, merged.0])?;
        let moved = json!({
            "identities": theirs.iter().map(|i| json!([i.kind.as_str(), i.value])).collect::<Vec<_>>(),
            "conversations": conversations,
            "before": before,
            "after": self.facts(CONTACT, kept.0)?,
        });
        let sql = "INSERT INTO contact_merge (kept, merged, reason, moved, at) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.connection().prepare_cached(sql)?.execute(params![
            kept.0,
            merged.0,
            kinds.join(" "),
            moved.to_string(),
            now.0
        ])?;
        tracing::info!(%kept, %merged, by = kinds.join(" "), "two contacts are one person");
        self.contact_changed(kept, 1)
    }

    /// Moves a conversation to another contact; into the one they have on that channel, when there is one. Returns
    /// what is needed to undo it.
    fn move_conversation(
        &mut self,
        from: ConversationId,
        to: ContactId,
        now: Timestamp,
    ) -> Result<Value, StoreError> {
        let sql = "SELECT c.id FROM conversation c JOIN conversation f ON f.channel_id = c.channel_id
                   WHERE f.id = ?1 AND c.contact_id = ?2 AND c.merged_into IS NULL";
        let known: Option<i64> = self
            .connection()
            .prepare_cached(sql)?
            .query_row([from.0, to.0], |row| row.get(0))
            .optional()?;
        let Some(target) = known.map(ConversationId) else {
            self.connection().execute(
                "UPDATE conversation SET contact_id = ?2 WHERE id = ?1",
                [from.0, to.0],
            )?;
            self.connection().execute(
                "UPDATE message SET contact_id = ?2 WHERE conversation_id = ?1",
                [from.0, to.0],
            )?;
            self.changed(Change::Conversation(from));
            return Ok(json!({"from": from.0, "to": Value::Null}));
        };
        let messages = self.read().ids(
            "SELECT id FROM message WHERE conversation_id = ?1 ORDER BY id",
            from.0,
        )?;
        let before = self.facts(CONVERSATION, target.0)?;
        let brought = self.brought(from)?;
        let unread = brought.unread;
        let both = self.brought(target)?.with(brought);
        let was_open = self.interrupt(from, now)? | self.interrupt(target, now)?;
        self.move_messages(from, target, to, &messages)?;
        let thoughts = self.move_thoughts(from, target)?;
        self.put_brought(target, &both)?;
        self.connection().execute(
            "UPDATE conversation SET merged_into = ?2, unread = 0 WHERE id = ?1 OR merged_into = ?1",
            [from.0, target.0],
        )?;
        self.refresh_conversation(target)?;
        if was_open {
            self.take_up(target, now)?;
        }
        self.changed(Change::Conversation(from));
        let after = self.facts(CONVERSATION, target.0)?;
        Ok(json!({
            "from": from.0, "to": target.0, "messages": messages, "unread": unread, "before": before, "after": after,
            "thoughts": thoughts,
        }))
    }

    /// Reads what a merge may change of a row, to be put back should it be undone.
    fn facts(&mut self, (table, columns): Facts, id: i64) -> Result<Value, StoreError> {
        let pairs: Vec<String> = columns
            .iter()
            .map(|column| format!("'{column}', {column}"))
            .collect();
        let sql = format!(
            "SELECT json_object({}) FROM {table} WHERE id = ?1",
            pairs.join(", ")
        );
        let text: String = self
            .connection()
            .prepare_cached(&sql)?
            .query_row([id], |row| row.get(0))?;
        serde_json::from_str(&text).map_err(|error| StoreError::Damaged(format!("{table} {id}: {error}")))
    }

    /// Puts back what a merge changed of a row, as far as nothing has changed it since.
    fn put_back(&mut self, (table, columns): Facts, id: i64, moved: &Value) -> Result<(), StoreError> {
        for column in columns {
            let fact = |when: &str| column_value(moved.get(when).and_then(|facts| facts.get(*column)));
            let (before, after) = (fact("before"), fact("after"));
            if before != after {
                let sql = format!("UPDATE {table} SET {column} = ?2 WHERE id = ?1 AND {column} IS ?3");
                self.connection().execute(&sql, params![id, before, after])?;
            }
        }
        Ok(())
    }

    fn brought(&mut self, id: ConversationId) -> Result<Brought, StoreError> {
        Ok(self
            .connection()
            .prepare_cached("SELECT * FROM conversation WHERE id = ?1")?
            .query_row([id.0], Brought::read)?)
    }

    fn put_brought(&mut self, id: ConversationId, brought: &Brought) -> Result<(), StoreError> {
        let sql = "UPDATE conversation SET mode = ?2, holder = ?3, window_closes_at = ?4, free_until = ?5, unread = ?6,
                       composer_text = ?7, attention = ?8, referral = ?9, thread_owner = ?10, blocked_at = ?11,
                       epoch = epoch + 1
                   WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute(params![
            id.0,
            brought.mode.map(BotMode::as_str),
            brought.holder.as_str(),
            brought.window,
            brought.free_until,
            brought.unread,
            brought.composer_text,
            brought.attention,
            brought.referral,
            brought.thread_owner,
            brought.blocked_at,
        ])?;
        Ok(())
    }

    /// Moves messages with what waits to leave for them. What waits goes behind what waits there already, in its own
    /// order.
    fn move_messages(
        &mut self,
        from: ConversationId,
        to: ConversationId,
        contact: ContactId,
        messages: &[i64],
    ) -> Result<(), StoreError> {
        let last: i64 = self
            .connection()
            .prepare_cached("SELECT coalesce(max(place), 0) FROM outbox WHERE conversation_id = ?1")?
            .query_row([to.0], |row| row.get(0))?;
        for message in messages {
            self.connection()
                .prepare_cached("UPDATE message SET conversation_id = ?2, contact_id = ?3 WHERE id = ?1")?
                .execute([*message, to.0, contact.0])?;
            let sql = "UPDATE outbox SET conversation_id = ?2, place = place + ?4
                       WHERE message_id = ?1 AND conversation_id = ?3";
            self.connection()
                .prepare_cached(sql)?
                .execute([*message, to.0, from.0, last])?;
            self.connection()
                .prepare_cached("UPDATE signal SET conversation_id = ?2 WHERE message_id = ?1")?
                .execute([*message, to.0])?;
            self.changed(Change::Message(to, MessageId(*message)));
        }
        self.changed(Change::Outbox);
        Ok(())
    }

    /// Parts two contacts again that were taken for one person. What was said since stays with the one that went on,
    /// and the two are not taken for one again.
    pub fn undo_merge(&mut self, id: i64, now: Timestamp) -> Result<(), StoreError> {
        let sql = "SELECT kept, merged, moved FROM contact_merge WHERE id = ?1 AND undone_at IS NULL";
        let found = self
            .connection()
            .query_row(sql, [id], |row| {
                Ok((
                    ContactId(row.get(0)?),
                    ContactId(row.get(1)?),
                    row.get::<_, String>(2)?,
                ))
            })
            .optional()?;
        let Some((kept, merged, moved)) = found else {
            return Err(StoreError::Conflict(
                "These two are not joined any more.".to_owned(),
            ));
        };
        let later = "SELECT 1 FROM contact_merge
                     WHERE undone_at IS NULL AND id > ?1 AND (kept IN (?2, ?3) OR merged IN (?2, ?3))";
        if self
            .connection()
            .prepare_cached(later)?
            .exists(params![id, kept.0, merged.0])?
        {
            return Err(StoreError::Conflict(
                "This person was joined with another one later. Part those two first.".to_owned(),
            ));
        }
        let moved: Value = serde_json::from_str(&moved)
            .map_err(|error| StoreError::Damaged(format!("contact_merge {id}: {error}")))?;
        self.connection().execute(
            "UPDATE contact_merge SET undone_at = ?2 WHERE id = ?1",
            [id, now.0],
        )?;
        self.connection()
            .execute("UPDATE contact SET merged_into = NULL WHERE id = ?1", [merged.0])?;
        for identity in list(&moved, "identities") {
            let sql = "UPDATE contact_identity SET contact_id = ?1
                       WHERE contact_id = ?2 AND kind = ?3 AND value = ?4";
            self.connection().execute(
                sql,
                params![
                    merged.0,
                    kept.0,
                    identity.get(0).and_then(Value::as_str),
                    identity.get(1).and_then(Value::as_str)
                ],
            )?;
        }
        for conversation in list(&moved, "conversations") {
            self.move_back(conversation, (kept, merged), now)?;
        }
        self.put_back(CONTACT, kept.0, &moved)?;
        self.point_back(merged, list(&moved, "conversations"))?;
        tracing::info!(%kept, %merged, "two contacts were parted again");
        self.contact_changed(kept, 1)?;
        self.contact_changed(merged, 1)
    }

    /// Those that had become part of `merged` before point to it again, or they would lead to somebody else.
    fn point_back(&mut self, merged: ContactId, conversations: &[Value]) -> Result<(), StoreError> {
        let theirs = "WITH RECURSIVE part(id) AS (
                          SELECT ?1 UNION SELECT g.merged FROM contact_merge g JOIN part ON g.kept = part.id
                          WHERE g.undone_at IS NULL)";
        let sql = format!(
            "{theirs} UPDATE contact SET merged_into = ?1 WHERE id <> ?1 AND id IN (SELECT id FROM part)"
        );
        self.connection().execute(&sql, [merged.0])?;
        let sql = format!(
            "{theirs} UPDATE conversation SET merged_into = ?2
             WHERE merged_into = ?3 AND id <> ?2 AND contact_id IN (SELECT id FROM part)"
        );
        for conversation in conversations {
            let number = |key: &str| conversation.get(key).and_then(Value::as_i64);
            if let (Some(from), Some(target)) = (number("from"), number("to")) {
                self.connection().execute(&sql, [merged.0, from, target])?;
            }
        }
        Ok(())
    }

    fn move_back(
        &mut self,
        conversation: &Value,
        (kept, merged): (ContactId, ContactId),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let number = |key: &str| conversation.get(key).and_then(Value::as_i64);
        let Some(from) = number("from").map(ConversationId) else {
            return Ok(());
        };
        let Some(target) = number("to").map(ConversationId) else {
            self.connection().execute(
                "UPDATE conversation SET contact_id = ?2 WHERE id = ?1 AND contact_id = ?3",
                [from.0, merged.0, kept.0],
            )?;
            self.connection().execute(
                "UPDATE message SET contact_id = ?2 WHERE conversation_id = ?1",
                [from.0, merged.0],
            )?;
            self.changed(Change::Conversation(from));
            return Ok(());
        };
        self.connection().execute(
            "UPDATE conversation SET merged_into = NULL WHERE id = ?1",
            [from.0],
        )?;
        let messages: Vec<i64> = list(conversation, "messages")
            .iter()
            .filter_map(Value::as_i64)
            .collect();
        let was_open = self.interrupt(target, now)?;
        self.move_messages(target, from, merged, &messages)?;
        if let Some(thoughts) = conversation.get("thoughts") {
            self.move_thoughts_back(thoughts, target, from)?;
        }
        // What nobody has looked at since is theirs again.
        let known = self.brought(target)?.unread;
        let unread = number("unread").unwrap_or_default().min(known);
        let sql = "UPDATE conversation SET epoch = epoch + 1, unread = ?2 WHERE id = ?1";
        self.connection().execute(sql, [from.0, unread])?;
        self.connection().execute(sql, [target.0, known - unread])?;
        self.put_back(CONVERSATION, target.0, conversation)?;
        self.refresh_conversation(from)?;
        self.refresh_conversation(target)?;
        if was_open {
            self.take_up(from, now)?;
            self.take_up(target, now)?;
        }
        Ok(())
    }
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}
