//! Webhook addresses.

use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_time, word};
use crate::writer::WriteTransaction;
use domain::{ChannelKind, EndpointId, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};

/// A webhook address with its signing secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Its id.
    pub id: EndpointId,
    /// The address below the public URL.
    pub path: String,
    /// The provider that calls it.
    pub kind: ChannelKind,
    /// A salted digest of the signing secret.
    pub secret_fingerprint: String,
    /// Until when the former signing secret is valid too.
    pub former_until: Option<Timestamp>,
}

fn endpoint(row: &Row<'_>) -> rusqlite::Result<Endpoint> {
    Ok(Endpoint {
        id: EndpointId(row.get("id")?),
        path: row.get("path")?,
        kind: word(row, "kind")?,
        secret_fingerprint: row.get("secret_fingerprint")?,
        former_until: optional_time(row, "former_until")?,
    })
}

impl Reader<'_> {
    /// Returns all endpoints.
    pub fn endpoints(self) -> Result<Vec<Endpoint>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM endpoint ORDER BY id")?;
        let rows = query.query_map([], endpoint)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns an endpoint.
    pub fn endpoint(self, id: EndpointId) -> Result<Endpoint, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM endpoint WHERE id = ?1")?;
        query
            .query_row([id.0], endpoint)
            .optional()?
            .ok_or_else(|| StoreError::not_found("endpoint", &id))
    }

    /// Returns the endpoint at an address.
    pub fn endpoint_at(self, path: &str) -> Result<Option<Endpoint>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM endpoint WHERE path = ?1")?;
        Ok(query.query_row([path], endpoint).optional()?)
    }

    /// Returns the first endpoint of a provider that is signed with this secret.
    pub fn endpoint_signed_with(
        self,
        kind: ChannelKind,
        secret_fingerprint: &str,
    ) -> Result<Option<Endpoint>, StoreError> {
        let sql = "SELECT * FROM endpoint WHERE kind = ?1 AND secret_fingerprint = ?2 ORDER BY id LIMIT 1";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query
            .query_row([kind.as_str(), secret_fingerprint], endpoint)
            .optional()?)
    }
}

impl WriteTransaction<'_> {
    /// Adds an endpoint.
    pub fn add_endpoint(
        &mut self,
        path: &str,
        kind: ChannelKind,
        secret_fingerprint: &str,
        now: Timestamp,
    ) -> Result<EndpointId, StoreError> {
        let sql = "INSERT INTO endpoint (path, kind, secret_fingerprint, created_at) VALUES (?1, ?2, ?3, ?4)";
        self.connection()
            .execute(sql, params![path, kind.as_str(), secret_fingerprint, now.0])?;
        Ok(EndpointId(self.connection().last_insert_rowid()))
    }

    /// Notes until when the former signing secret of an endpoint is valid too; `None`: no longer.
    pub fn keep_former_secret(&mut self, id: EndpointId, until: Option<Timestamp>) -> Result<(), StoreError> {
        let sql = "UPDATE endpoint SET former_until = ?2 WHERE id = ?1";
        self.connection()
            .execute(sql, params![id.0, until.map(|at| at.0)])?;
        Ok(())
    }

    /// Notes that an endpoint is signed with another secret from now on.
    pub fn set_endpoint_secret(
        &mut self,
        id: EndpointId,
        secret_fingerprint: &str,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE endpoint SET secret_fingerprint = ?2 WHERE id = ?1";
        self.connection()
            .execute(sql, params![id.0, secret_fingerprint])?;
        Ok(())
    }
}
