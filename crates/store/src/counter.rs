//! Things that are counted rather than kept.

use crate::error::StoreError;
use crate::reader::Reader;
use crate::writer::WriteTransaction;
use rusqlite::OptionalExtension as _;

impl Reader<'_> {
    /// Returns how often something happened.
    pub fn count(self, name: &str) -> Result<i64, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT value FROM counter WHERE name = ?1")?;
        Ok(query.query_row([name], |row| row.get(0)).optional()?.unwrap_or(0))
    }
}

impl WriteTransaction<'_> {
    /// Counts one more.
    pub fn add_count(&mut self, name: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO counter (name, value) VALUES (?1, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1";
        self.connection().prepare_cached(sql)?.execute([name])?;
        Ok(())
    }
}
