//! People and the names providers know them by.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_time, time, word};
use crate::writer::WriteTransaction;
use domain::{ContactId, Identity, IdentityKind, Timestamp, other_spellings};
use rusqlite::{OptionalExtension as _, params};

/// A person, or a group of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The contact's id.
    pub id: ContactId,
    /// The name they go by: the one given at this desk, else the one they give themselves.
    pub name: Option<String>,
    /// Their user name; changeable, so it identifies nobody.
    pub username: Option<String>,
    /// When they said stop to promotions, if that still holds.
    pub marketing_stopped_at: Option<Timestamp>,
    /// When we first met.
    pub created_at: Timestamp,
    /// What providers call them.
    pub identities: Vec<Identity>,
}

impl Contact {
    /// Returns the value of one kind of identity, the latest one when there are several.
    pub fn identity(&self, kind: IdentityKind) -> Option<&str> {
        self.identities
            .iter()
            .rfind(|identity| identity.kind == kind)
            .map(|identity| identity.value.as_str())
    }

    /// Returns what to call them: their name, else their user name, else their number, else the provider's id.
    pub fn display_name(&self) -> String {
        let number = || self.phone().map(domain::international);
        let any = || self.identities.first().map(|identity| identity.value.clone());
        self.name
            .clone()
            .or_else(|| self.username.clone())
            .or_else(number)
            .or_else(any)
            .unwrap_or_else(|| "Unknown customer".to_owned())
    }

    /// Returns their phone number as digits, when one is known.
    pub fn phone(&self) -> Option<&str> {
        self.identity(IdentityKind::Phone)
            .or_else(|| self.identity(IdentityKind::WaId))
    }

    /// Returns whether this is a group.
    pub fn is_group(&self) -> bool {
        self.identity(IdentityKind::GroupId).is_some()
    }
}

/// An identity and since when it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearntIdentity {
    /// The identity.
    pub identity: Identity,
    /// When it was first seen.
    pub learnt_at: Timestamp,
}

impl Reader<'_> {
    /// Returns a contact; the one it turned out to be, when two were found to be one.
    pub fn contact(self, id: ContactId) -> Result<Contact, StoreError> {
        let sql = "SELECT id, coalesce(own_name, name) AS name, username, marketing_stopped_at, created_at
                   FROM contact
                   WHERE id = coalesce((SELECT merged_into FROM contact WHERE id = ?1), ?1)";
        let mut query = self.connection().prepare_cached(sql)?;
        let mut contact = query
            .query_row([id.0], |row| {
                Ok(Contact {
                    id: ContactId(row.get("id")?),
                    name: row.get("name")?,
                    username: row.get("username")?,
                    marketing_stopped_at: optional_time(row, "marketing_stopped_at")?,
                    created_at: time(row, "created_at")?,
                    identities: Vec::new(),
                })
            })
            .optional()?
            .ok_or_else(|| StoreError::not_found("contact", &id))?;
        contact.identities = self.identities(contact.id)?;
        Ok(contact)
    }

    /// Returns what providers call a contact, the oldest name first.
    pub fn identities(self, id: ContactId) -> Result<Vec<Identity>, StoreError> {
        let learnt = self.learnt_identities(id)?;
        Ok(learnt.into_iter().map(|learnt| learnt.identity).collect())
    }

    /// Returns what providers call a contact and since when, the oldest name first.
    pub fn learnt_identities(self, id: ContactId) -> Result<Vec<LearntIdentity>, StoreError> {
        let sql = "SELECT kind, value, learnt_at FROM contact_identity
                   WHERE contact_id = ?1 ORDER BY learnt_at, kind, value";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([id.0], |row| {
            Ok(LearntIdentity {
                identity: Identity {
                    kind: word::<IdentityKind>(row, "kind")?,
                    value: row.get("value")?,
                },
                learnt_at: time(row, "learnt_at")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns the contact known by an identity. A number is found in every spelling its country has.
    pub fn contact_known_as(self, identity: &Identity) -> Result<Option<ContactId>, StoreError> {
        let sql = "SELECT contact_id FROM contact_identity WHERE kind = ?1 AND value = ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        let mut known = |value: &str| {
            query
                .query_row([identity.kind.as_str(), value], |row| row.get(0).map(ContactId))
                .optional()
        };
        if let Some(found) = known(&identity.value)? {
            return Ok(Some(found));
        }
        if matches!(identity.kind, IdentityKind::Phone | IdentityKind::WaId) {
            for other in other_spellings(&identity.value) {
                if let Some(found) = known(&other)? {
                    return Ok(Some(found));
                }
            }
        }
        Ok(None)
    }

    /// Returns the contacts known by any of `identities`, each once, in the order of the identities.
    pub fn contacts_known_as(self, identities: &[Identity]) -> Result<Vec<ContactId>, StoreError> {
        let mut known = Vec::new();
        for identity in identities {
            if let Some(found) = self.contact_known_as(identity)?
                && !known.contains(&found)
            {
                known.push(found);
            }
        }
        Ok(known)
    }
}

impl WriteTransaction<'_> {
    /// Finds the person known by any of `identities`, or makes one, and remembers the identities that were new. When
    /// they are known as several people, those are one from now on (see [`Self::unite`]). A name that is given
    /// replaces the one they gave themselves before.
    pub fn find_or_add_contact(
        &mut self,
        identities: &[Identity],
        name: Option<&str>,
        now: Timestamp,
    ) -> Result<ContactId, StoreError> {
        let id = match self.unite(identities, now)? {
            Some(id) => id,
            None => self.add_contact(identities, now)?,
        };
        if let Some(name) = name {
            self.note_name(id, name, false)?;
        }
        Ok(id)
    }

    fn add_contact(&mut self, identities: &[Identity], now: Timestamp) -> Result<ContactId, StoreError> {
        let sql = "INSERT INTO contact (created_at) VALUES (?1)";
        self.connection().prepare_cached(sql)?.execute([now.0])?;
        let id = ContactId(self.connection().last_insert_rowid());
        self.learn_identities(id, identities, now)?;
        Ok(id)
    }

    /// Remembers what somebody calls themselves, or what the owner's phone calls them; the latter gives way to the
    /// former. A blank name says nothing.
    pub fn note_name(&mut self, id: ContactId, name: &str, from_book: bool) -> Result<(), StoreError> {
        let name = name.trim();
        if name.is_empty() {
            return Ok(());
        }
        let sql = "UPDATE contact SET name = ?2, name_from_book = ?3
                   WHERE id = ?1 AND name IS NOT ?2 AND (?3 = 0 OR name IS NULL OR name_from_book = 1)";
        let changed = self
            .connection()
            .prepare_cached(sql)?
            .execute(params![id.0, name, from_book])?;
        self.contact_changed(id, changed)
    }

    /// Remembers somebody's user name.
    pub fn note_username(&mut self, id: ContactId, username: &str) -> Result<(), StoreError> {
        let username = username.trim();
        if username.is_empty() {
            return Ok(());
        }
        let sql = "UPDATE contact SET username = ?2 WHERE id = ?1 AND username IS NOT ?2";
        let changed = self
            .connection()
            .prepare_cached(sql)?
            .execute(params![id.0, username])?;
        self.contact_changed(id, changed)
    }

    /// Gives somebody the name they are shown under; empty goes back to what they call themselves.
    pub fn rename_contact(&mut self, id: ContactId, name: &str) -> Result<(), StoreError> {
        let id = self.read().contact(id)?.id;
        let name = Some(name.trim()).filter(|name| !name.is_empty());
        let sql = "UPDATE contact SET own_name = ?2 WHERE id = ?1 AND own_name IS NOT ?2";
        let changed = self.connection().execute(sql, params![id.0, name])?;
        self.contact_changed(id, changed)
    }

    /// Marks somebody as a person to test with, or as a customer again. Whatever the assistant was about to say to them is
    /// judged anew.
    pub fn set_test_contact(&mut self, id: ContactId, test: bool) -> Result<(), StoreError> {
        let id = self.read().contact(id)?.id;
        let sql = "UPDATE contact SET test = ?2 WHERE id = ?1 AND test <> ?2";
        let changed = self.connection().execute(sql, params![id.0, test])?;
        if changed > 0 {
            let sql = "UPDATE conversation SET epoch = epoch + 1 WHERE contact_id = ?1";
            self.connection().execute(sql, [id.0])?;
            self.changed(Change::Turns);
        }
        self.contact_changed(id, changed)
    }

    /// Remembers whether somebody takes promotions, unless they said something else later.
    pub fn note_marketing(&mut self, id: ContactId, takes: bool, at: Timestamp) -> Result<(), StoreError> {
        let sql =
            "UPDATE contact SET marketing_at = ?2, marketing_stopped_at = CASE WHEN ?3 THEN NULL ELSE ?2 END
                   WHERE id = ?1 AND coalesce(marketing_at, 0) <= ?2";
        let changed = self
            .connection()
            .prepare_cached(sql)?
            .execute(params![id.0, at.0, takes])?;
        self.contact_changed(id, changed)
    }

    /// Remembers identities of a contact. One that already belongs to somebody else stays there.
    pub(crate) fn learn_identities(
        &mut self,
        id: ContactId,
        identities: &[Identity],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO contact_identity (kind, value, contact_id, learnt_at) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT (kind, value) DO NOTHING";
        let mut learn = self.connection().prepare_cached(sql)?;
        for identity in identities {
            learn.execute(params![identity.kind.as_str(), identity.value, id.0, now.0])?;
        }
        Ok(())
    }

    /// Remembers which of somebody's several numbers and ids they go by now: the ones that were just told.
    pub fn prefer_identities(
        &mut self,
        id: ContactId,
        identities: &[Identity],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // Most people have one of each, and nothing is written for them.
        let sql = "UPDATE contact_identity SET learnt_at = max(?4, 1 + (SELECT max(o.learnt_at) FROM contact_identity o
                           WHERE o.contact_id = ?3 AND o.kind = ?1))
                   WHERE kind = ?1 AND value = ?2 AND contact_id = ?3
                       AND EXISTS (SELECT 1 FROM contact_identity o WHERE o.contact_id = ?3 AND o.kind = ?1
                           AND o.value <> ?2 AND o.learnt_at >= contact_identity.learnt_at)";
        let mut changed = 0;
        for identity in identities {
            let values = params![identity.kind.as_str(), identity.value, id.0, now.0];
            changed += self.connection().prepare_cached(sql)?.execute(values)?;
        }
        self.contact_changed(id, changed)
    }

    /// Says that the rows and heads of somebody's conversations look different now.
    pub(crate) fn contact_changed(&mut self, id: ContactId, changed: usize) -> Result<(), StoreError> {
        if changed == 0 {
            return Ok(());
        }
        for conversation in self.read().conversations_of(id)? {
            self.changed(Change::Conversation(conversation));
        }
        Ok(())
    }
}
