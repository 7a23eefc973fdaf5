//! Connected accounts.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_time, word};
use crate::writer::WriteTransaction;
use domain::{BotMode, ChannelId, ChannelKind, EndpointId, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};
use std::fmt;
use std::str::FromStr;

/// What kind of trouble keeps a channel from sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldClass {
    /// The provider asked for a pause; nobody needs to be told.
    Rate,
    /// Something outside must happen first.
    Wait,
    /// Something is set up wrongly.
    Configuration,
}

impl HoldClass {
    /// Returns the stable spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Wait => "wait",
            Self::Configuration => "configuration",
        }
    }
}

impl fmt::Display for HoldClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for HoldClass {
    type Err = domain::UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Rate, Self::Wait, Self::Configuration]
            .into_iter()
            .find(|class| class.as_str() == text)
            .ok_or_else(|| domain::UnknownWord {
                word: text.to_owned(),
                expected: "rate, wait, configuration".to_owned(),
            })
    }
}

/// Why a channel sends nothing at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// What kind of trouble.
    pub class: HoldClass,
    /// The provider's code.
    pub code: Option<i64>,
    /// The provider's finer code.
    pub subcode: Option<i64>,
    /// What to tell when there is no code that says it: a sentence.
    pub title: Option<String>,
    /// When one message is tried again.
    pub until: Timestamp,
}

/// A connected account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// Where its webhooks arrive.
    pub endpoint_id: EndpointId,
    /// The provider behind it.
    pub kind: ChannelKind,
    /// What the owner calls it.
    pub name: String,
    /// How much the assistant may do; `None` when it cannot be read, which means off.
    pub mode: Option<BotMode>,
    /// The provider's id of our number.
    pub number_id: String,
    /// The provider's id of the business account.
    pub account_id: Option<String>,
    /// Our number as customers see it.
    pub address: Option<String>,
    /// Where the provider's API is.
    pub api_url: String,
    /// Which version of it.
    pub api_version: String,
    /// Why nothing is sent, when that is so.
    pub hold: Option<Hold>,
    /// Refusals in a row that concerned the whole channel.
    pub hold_tries: u32,
    /// Further origins files may be fetched from with the token.
    pub media_hosts: Vec<String>,
    /// When the owner disconnected it here; its messages stay.
    pub forgotten_at: Option<Timestamp>,
}

/// What is needed to add a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChannel {
    /// Its id, made by the caller since it also names the secrets.
    pub id: ChannelId,
    /// Where its webhooks arrive.
    pub endpoint_id: EndpointId,
    /// The provider behind it.
    pub kind: ChannelKind,
    /// What the owner calls it.
    pub name: String,
    /// How much the assistant may do.
    pub mode: BotMode,
    /// The provider's id of our number.
    pub number_id: String,
    /// The provider's id of the business account.
    pub account_id: Option<String>,
    /// Our number as customers see it.
    pub address: Option<String>,
    /// Where the provider's API is.
    pub api_url: String,
    /// Which version of it.
    pub api_version: String,
}

fn channel(row: &Row<'_>) -> rusqlite::Result<Channel> {
    let mode: String = row.get("mode")?;
    let hold = match row.get::<_, Option<String>>("hold_class")? {
        Some(_) => Some(Hold {
            class: word(row, "hold_class")?,
            code: row.get("hold_code")?,
            subcode: row.get("hold_subcode")?,
            title: row.get("hold_title")?,
            until: optional_time(row, "hold_until")?.unwrap_or(Timestamp(0)),
        }),
        None => None,
    };
    Ok(Channel {
        id: ChannelId::from(row.get::<_, String>("id")?),
        endpoint_id: EndpointId(row.get("endpoint_id")?),
        kind: word(row, "kind")?,
        name: row.get("name")?,
        mode: mode.parse().ok(),
        number_id: row.get("number_id")?,
        account_id: row.get("account_id")?,
        address: row.get("address")?,
        api_url: row.get("api_url")?,
        api_version: row.get("api_version")?,
        hold,
        hold_tries: row.get("hold_tries")?,
        // What cannot be read allows nothing.
        media_hosts: row
            .get::<_, Option<String>>("media_hosts")?
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default(),
        forgotten_at: optional_time(row, "forgotten_at")?,
    })
}

impl Reader<'_> {
    /// Returns the connected channels in the order they were added.
    pub fn channels(self) -> Result<Vec<Channel>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM channel WHERE forgotten_at IS NULL ORDER BY created_at, id")?;
        let rows = query.query_map([], channel)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns all channels in the order they were added, also those that were disconnected.
    pub fn all_channels(self) -> Result<Vec<Channel>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM channel ORDER BY created_at, id")?;
        let rows = query.query_map([], channel)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns when the first channel was added.
    pub fn first_channel_at(self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT min(created_at) FROM channel";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query
            .query_row([], |row| row.get::<_, Option<i64>>(0))?
            .map(Timestamp))
    }

    /// Returns a channel.
    pub fn channel(self, id: &ChannelId) -> Result<Channel, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM channel WHERE id = ?1")?;
        query
            .query_row([id.as_str()], channel)
            .optional()?
            .ok_or_else(|| StoreError::not_found("channel", id))
    }

    /// Returns the channel that owns a number at a provider.
    pub fn channel_of_number(
        self,
        kind: ChannelKind,
        number_id: &str,
    ) -> Result<Option<Channel>, StoreError> {
        let sql = "SELECT * FROM channel WHERE kind = ?1 AND number_id = ?2";
        let mut query = self.connection().prepare_cached(sql)?;
        Ok(query.query_row([kind.as_str(), number_id], channel).optional()?)
    }
}

impl WriteTransaction<'_> {
    /// Adds a channel, or replaces the settings of the one with the same id.
    pub fn put_channel(&mut self, new: &NewChannel, now: Timestamp) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO channel (id, endpoint_id, kind, name, mode, number_id, account_id, address, api_url,
                       api_version, created_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                   ON CONFLICT (id) DO UPDATE SET endpoint_id = ?2, name = ?4, mode = ?5, account_id = ?7,
                       address = ?8, api_url = ?9, api_version = ?10, forgotten_at = NULL,
                       hold_class = NULL, hold_code = NULL, hold_subcode = NULL, hold_title = NULL,
                       hold_until = NULL, hold_tries = 0";
        self.connection().execute(
            sql,
            params![
                new.id.as_str(),
                new.endpoint_id.0,
                new.kind.as_str(),
                new.name,
                new.mode.as_str(),
                new.number_id,
                new.account_id,
                new.address,
                new.api_url,
                new.api_version,
                now.0
            ],
        )?;
        self.changed(Change::Channel(new.id.clone()));
        self.changed(Change::Health);
        Ok(())
    }

    /// Sets from which further origins files may be fetched with the token.
    pub fn set_media_hosts(&mut self, id: &ChannelId, hosts: &[String]) -> Result<(), StoreError> {
        let text = (!hosts.is_empty()).then(|| serde_json::json!(hosts).to_string());
        self.connection().execute(
            "UPDATE channel SET media_hosts = ?2 WHERE id = ?1",
            params![id.as_str(), text],
        )?;
        self.changed(Change::Media);
        Ok(())
    }

    /// Disconnects a channel: nothing leaves over it and nothing comes in any more. What was said stays.
    pub fn forget_channel(&mut self, id: &ChannelId, title: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE channel SET forgotten_at = ?2, mode = 'off', hold_class = 'configuration', hold_code = NULL,
                       hold_subcode = NULL, hold_title = ?3, hold_until = ?4
                   WHERE id = ?1";
        let done = self
            .connection()
            .execute(sql, params![id.as_str(), now.0, title, i64::MAX])?;
        if done == 0 {
            return Err(StoreError::not_found("channel", id));
        }
        for table in ["registration", "channel_check"] {
            self.connection().execute(
                &format!("DELETE FROM {table} WHERE channel_id = ?1"),
                [id.as_str()],
            )?;
        }
        self.changed(Change::Channel(id.clone()));
        self.changed(Change::Connection);
        self.changed(Change::Health);
        Ok(())
    }

    /// Sets how much the assistant may do in a channel.
    pub fn set_channel_mode(&mut self, id: &ChannelId, mode: BotMode) -> Result<(), StoreError> {
        let sql = "UPDATE channel SET mode = ?2 WHERE id = ?1";
        if self
            .connection()
            .execute(sql, params![id.as_str(), mode.as_str()])?
            == 0
        {
            return Err(StoreError::not_found("channel", id));
        }
        self.outdate_answers(Some(id))?;
        self.changed(Change::Channel(id.clone()));
        self.changed(Change::Health);
        self.changed(Change::Turns);
        Ok(())
    }

    /// Keeps a channel from sending until a moment.
    pub fn hold_channel(&mut self, id: &ChannelId, hold: &Hold) -> Result<(), StoreError> {
        let sql =
            "UPDATE channel SET hold_class = ?2, hold_code = ?3, hold_subcode = ?4, hold_title = ?5, hold_until = ?6,
                       hold_tries = hold_tries + 1
                   WHERE id = ?1";
        self.connection().execute(
            sql,
            params![
                id.as_str(),
                hold.class.as_str(),
                hold.code,
                hold.subcode,
                hold.title,
                hold.until.0
            ],
        )?;
        self.changed(Change::Channel(id.clone()));
        self.changed(Change::Health);
        Ok(())
    }

    /// Lets a channel send again, at once.
    pub fn release_channel(&mut self, id: &ChannelId) -> Result<(), StoreError> {
        let sql =
            "UPDATE channel SET hold_class = NULL, hold_code = NULL, hold_subcode = NULL, hold_title = NULL,
                       hold_until = NULL, hold_tries = 0
                   WHERE id = ?1 AND (hold_class IS NOT NULL OR hold_tries > 0)";
        if self.connection().prepare_cached(sql)?.execute([id.as_str()])? > 0 {
            self.changed(Change::Channel(id.clone()));
            self.changed(Change::Health);
            self.changed(Change::Outbox);
            self.changed(Change::Media);
        }
        Ok(())
    }

    /// Lets a channel that waits try one message at once; the hold stays until that message is taken.
    pub fn probe_channel(&mut self, id: &ChannelId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE channel SET hold_until = ?2 WHERE id = ?1 AND hold_class IS NOT NULL";
        self.connection().execute(sql, params![id.as_str(), now.0])?;
        self.connection().execute(
            "UPDATE outbox SET due_at = min(due_at, ?2) WHERE channel_id = ?1 AND state = 'queued'",
            params![id.as_str(), now.0],
        )?;
        self.changed(Change::Channel(id.clone()));
        self.changed(Change::Outbox);
        self.changed(Change::Media);
        Ok(())
    }
}
