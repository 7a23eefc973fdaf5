//! Settings of the whole program.

use crate::error::StoreError;
use crate::reader::Reader;
use crate::writer::WriteTransaction;
use domain::BotMode;
use rusqlite::OptionalExtension as _;

const GLOBAL_MODE: &str = "global_mode";
const SALT: &str = "fingerprint_salt";

impl Reader<'_> {
    /// Returns a setting, or `None` when it was never set.
    pub fn setting(self, key: &str) -> Result<Option<String>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT value FROM setting WHERE key = ?1")?;
        Ok(query.query_row([key], |row| row.get(0)).optional()?)
    }

    /// Returns the global mode: `bot` (it limits nothing) when it was never set, `None` when it cannot be read.
    pub fn global_mode(self) -> Result<Option<BotMode>, StoreError> {
        Ok(self
            .setting(GLOBAL_MODE)?
            .map_or(Some(BotMode::Bot), |word| word.parse().ok()))
    }
}

impl WriteTransaction<'_> {
    /// Sets a setting.
    pub fn set_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2";
        self.connection().prepare_cached(sql)?.execute([key, value])?;
        Ok(())
    }

    /// Forgets a setting.
    pub fn remove_setting(&mut self, key: &str) -> Result<(), StoreError> {
        self.connection()
            .execute("DELETE FROM setting WHERE key = ?1", [key])?;
        Ok(())
    }

    /// Sets the global mode.
    pub fn set_global_mode(&mut self, mode: BotMode) -> Result<(), StoreError> {
        self.set_setting(GLOBAL_MODE, mode.as_str())?;
        self.outdate_answers(None)?;
        self.changed(crate::Change::Health);
        self.changed(crate::Change::Turns);
        Ok(())
    }

    /// Returns the salt of this database's fingerprints, made on first use.
    pub fn fingerprint_salt(&mut self, fresh: &str) -> Result<String, StoreError> {
        if let Some(salt) = self.read().setting(SALT)? {
            return Ok(salt);
        }
        self.set_setting(SALT, fresh)?;
        Ok(fresh.to_owned())
    }
}
