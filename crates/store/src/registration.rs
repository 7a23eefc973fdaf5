//! How far the provider knows where to bring webhooks.

use crate::change::Change;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::row::{optional_time, word};
use crate::writer::WriteTransaction;
use domain::{ChannelId, RegistrationStep, StepState, Timestamp};
use rusqlite::{OptionalExtension as _, Row, params};

/// The registration of a channel's webhook address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Whose webhooks.
    pub channel_id: ChannelId,
    /// The address that was last registered.
    pub callback_url: Option<String>,
    /// The step it stands at.
    pub step: RegistrationStep,
    /// How far that is.
    pub state: StepState,
    /// Why it failed, when it did.
    pub trouble: Option<CallTrouble>,
    /// Failures in a row.
    pub tries: u32,
    /// When it is done next; `None` when the address changes or somebody asks.
    pub due_at: Option<Timestamp>,
    /// When it last worked from beginning to end.
    pub done_at: Option<Timestamp>,
    /// Names of other apps that get the account's webhooks too.
    pub other_apps: Vec<String>,
    /// Where the app's own webhooks go.
    pub app_callback: Option<String>,
}

/// Why a question to the provider failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallTrouble {
    /// The provider's code.
    pub code: Option<i64>,
    /// Its finer code.
    pub subcode: Option<i64>,
    /// What happened and what to do.
    pub words: String,
    /// The provider's own words.
    pub detail: Option<String>,
}

impl Registration {
    /// A registration that has not begun.
    pub fn new(channel_id: ChannelId) -> Self {
        Self {
            channel_id,
            callback_url: None,
            step: RegistrationStep::Server,
            state: StepState::Waiting,
            trouble: None,
            tries: 0,
            due_at: None,
            done_at: None,
            other_apps: Vec::new(),
            app_callback: None,
        }
    }

    /// Returns whether the provider has our address, as far as we know.
    pub fn is_done(&self) -> bool {
        self.step == RegistrationStep::ReadBack && self.state == StepState::Ok
    }
}

fn registration(row: &Row<'_>) -> rusqlite::Result<Registration> {
    let words: Option<String> = row.get("words")?;
    let other_apps: String = row.get("other_apps")?;
    let trouble = match words {
        Some(words) => Some(CallTrouble {
            code: row.get("code")?,
            subcode: row.get("subcode")?,
            words,
            detail: row.get("detail")?,
        }),
        None => None,
    };
    Ok(Registration {
        channel_id: ChannelId::from(row.get::<_, String>("channel_id")?),
        callback_url: row.get("callback_url")?,
        step: word(row, "step")?,
        state: word(row, "state")?,
        trouble,
        tries: row.get("tries")?,
        due_at: optional_time(row, "due_at")?,
        done_at: optional_time(row, "done_at")?,
        other_apps: serde_json::from_str(&other_apps).unwrap_or_default(),
        app_callback: row.get("app_callback")?,
    })
}

impl Reader<'_> {
    /// Returns the registrations of all channels that are connected.
    pub fn registrations(self) -> Result<Vec<Registration>, StoreError> {
        let sql = "SELECT r.* FROM registration r JOIN channel c ON c.id = r.channel_id
                   WHERE c.forgotten_at IS NULL ORDER BY c.created_at, c.id";
        let mut query = self.connection().prepare_cached(sql)?;
        let rows = query.query_map([], registration)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns the registration of a channel, when one was ever begun.
    pub fn registration(self, channel: &ChannelId) -> Result<Option<Registration>, StoreError> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM registration WHERE channel_id = ?1")?;
        Ok(query.query_row([channel.as_str()], registration).optional()?)
    }
}

impl WriteTransaction<'_> {
    /// Writes down how far a registration is.
    pub fn put_registration(&mut self, registration: &Registration) -> Result<(), StoreError> {
        let sql = "INSERT INTO registration (channel_id, callback_url, step, state, code, subcode, words, detail, tries,
                       due_at, done_at, other_apps, app_callback)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                   ON CONFLICT (channel_id) DO UPDATE SET callback_url = ?2, step = ?3, state = ?4, code = ?5,
                       subcode = ?6, words = ?7, detail = ?8, tries = ?9, due_at = ?10, done_at = ?11,
                       other_apps = ?12, app_callback = ?13";
        let trouble = registration.trouble.as_ref();
        self.connection().prepare_cached(sql)?.execute(params![
            registration.channel_id.as_str(),
            registration.callback_url,
            registration.step.as_str(),
            registration.state.as_str(),
            trouble.and_then(|trouble| trouble.code),
            trouble.and_then(|trouble| trouble.subcode),
            trouble.map(|trouble| trouble.words.as_str()),
            trouble.and_then(|trouble| trouble.detail.as_deref()),
            registration.tries,
            registration.due_at.map(|at| at.0),
            registration.done_at.map(|at| at.0),
            serde_json::json!(registration.other_apps).to_string(),
            registration.app_callback,
        ])?;
        self.changed(Change::Connection);
        self.changed(Change::Health);
        Ok(())
    }
}
