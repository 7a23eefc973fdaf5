//! People and the names providers know them by.

use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::word;
use crate::writer::WriteTransaction;
use domain::{ContactId, Identity, IdentityKind, Timestamp};
use rusqlite::{OptionalExtension as _, params};

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The contact's id.
    pub id: ContactId,
    /// The name they go by.
    pub name: Option<String>,
    /// What providers call them.
    pub identities: Vec<Identity>,
}

impl Contact {
    /// Returns the value of one kind of identity.
    pub fn identity(&self, kind: IdentityKind) -> Option<&str> {
        self.identities
            .iter()
            .find(|identity| identity.kind == kind)
            .map(|identity| identity.value.as_str())
    }

    /// Returns what to call them: their name, else their number, else the provider's id.
    pub fn display_name(&self) -> String {
        let number = || self.phone().map(domain::international);
        let any = || self.identities.first().map(|identity| identity.value.clone());
        self.name
            .clone()
            .or_else(number)
            .or_else(any)
            .unwrap_or_else(|| "Unknown customer".to_owned())
    }

    /// Returns their phone number as digits, when one is known.
    pub fn phone(&self) -> Option<&str> {
        self.identity(IdentityKind::Phone)
            .or_else(|| self.identity(IdentityKind::WaId))
    }
}

impl Reader<'_> {
    /// Returns a contact.
    pub fn contact(self, id: ContactId) -> Result<Contact, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT name FROM contact WHERE id = ?1")?;
        let name = query
            .query_row([id.0], |row| row.get(0))
            .optional()?
            .ok_or_else(|| StoreError::not_found("contact", &id))?;
        Ok(Contact {
            id,
            name,
            identities: self.identities(id)?,
        })
    }

    /// Returns what providers call a contact, the oldest name first.
    pub fn identities(self, id: ContactId) -> Result<Vec<Identity>, StoreError> {
        let sql =
            "SELECT kind, value FROM contact_identity WHERE contact_id = ?1 ORDER BY learnt_at, kind, value";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([id.0], |row| {
            Ok(Identity {
                kind: word::<IdentityKind>(row, "kind")?,
                value: row.get("value")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns the contact known by an identity.
    pub fn contact_known_as(self, identity: &Identity) -> Result<Option<ContactId>, StoreError> {
        let sql = "SELECT contact_id FROM contact_identity WHERE kind = ?1 AND value = ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        let found = query
            .query_row([identity.kind.as_str(), &identity.value], |row| row.get(0))
            .optional()?;
        Ok(found.map(ContactId))
    }
}

impl WriteTransaction<'_> {
    /// Finds the person known by any of `identities` (the first that is known decides), or makes one, and remembers
    /// the identities that were new. A name that is given replaces the known one.
    pub fn find_or_add_contact(
        &mut self,
        identities: &[Identity],
        name: Option<&str>,
        now: Timestamp,
    ) -> Result<ContactId, StoreError> {
        let mut known = None;
        for identity in identities {
            known = self.read().contact_known_as(identity)?;
            if known.is_some() {
                break;
            }
        }
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        let id = if let Some(id) = known {
            if let Some(name) = name {
                let sql = "UPDATE contact SET name = ?2 WHERE id = ?1 AND name IS NOT ?2";
                self.connection()
                    .prepare_cached(sql)?
                    .execute(params![id.0, name])?;
            }
            id
        } else {
            let sql = "INSERT INTO contact (name, created_at) VALUES (?1, ?2)";
            self.connection()
                .prepare_cached(sql)?
                .execute(params![name, now.0])?;
            ContactId(self.connection().last_insert_rowid())
        };
        self.learn_identities(id, identities, now)?;
        Ok(id)
    }

    /// Remembers identities of a contact. One that already belongs to somebody else stays there.
    pub fn learn_identities(
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
}
