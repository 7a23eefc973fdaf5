//! How much came through the tunnel, month by month.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_size, written};
use crate::writer::WriteTransaction;
use rusqlite::{OptionalExtension as _, params};

/// What came through the tunnel in a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TunnelUsage {
    /// HTTP requests.
    pub requests: u64,
    /// Bytes of our answers.
    pub bytes: u64,
}

impl Reader<'_> {
    /// Returns what came through the tunnel in a month, such as `2026-11`.
    pub fn tunnel_usage(self, month: &str) -> Result<TunnelUsage, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT requests, bytes FROM tunnel_usage WHERE month = ?1")?;
        let usage = query
            .query_row([month], |row| {
                Ok(TunnelUsage {
                    requests: optional_size(row, "requests")?.unwrap_or_default(),
                    bytes: optional_size(row, "bytes")?.unwrap_or_default(),
                })
            })
            .optional()?;
        Ok(usage.unwrap_or_default())
    }
}

impl WriteTransaction<'_> {
    /// Adds to what came through the tunnel in a month.
    pub fn add_tunnel_usage(&mut self, month: &str, more: TunnelUsage) -> Result<(), StoreError> {
        let sql = "INSERT INTO tunnel_usage (month, requests, bytes) VALUES (?1, ?2, ?3)
                   ON CONFLICT (month) DO UPDATE SET requests = requests + ?2, bytes = bytes + ?3";
        self.connection().prepare_cached(sql)?.execute(params![
            month,
            written(more.requests),
            written(more.bytes)
        ])?;
        self.changed(Change::Health);
        Ok(())
    }
}
