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

    /// Returns everything that is counted under a name with this beginning: the rest of the name, and how often.
    pub fn counts(self, beginning: &str) -> Result<Vec<(String, i64)>, StoreError> {
        let sql = "SELECT substr(name, length(?1) + 1), value FROM counter
                   WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name LIMIT 200";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([beginning], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns how many messages stand at each status, by direction, such as `outbound failed`.
    pub fn message_counts(self) -> Result<Vec<(String, i64)>, StoreError> {
        let sql =
            "SELECT direction || ' ' || status AS name, count(*) FROM message GROUP BY name ORDER BY name";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns how often messages of ours failed with each code of the provider's, the most frequent first.
    pub fn failure_codes(self) -> Result<Vec<(i64, i64)>, StoreError> {
        let sql = "SELECT error_code, count(*) AS times FROM message
                   WHERE direction = 'outbound' AND error_code IS NOT NULL
                   GROUP BY error_code ORDER BY times DESC, error_code LIMIT 20";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns the version of the database's schema.
    pub fn schema_version(self) -> Result<i64, StoreError> {
        let connection = self.connection();
        Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
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
