//! What is remembered of a set-up, so that it can be left and gone on with. Secrets are not: they lie in the vault.

use crate::checks::{Facts, KnownToken};
use domain::{MessageId, SetupPage, StepState, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Change, Reader, StoreError, WriteTransaction};

/// The setting it lies in.
const SETTING: &str = "setup";

/// What the owner enters, or what follows from it, that is proved by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proved {
    /// The token.
    AccessToken,
    /// The app secret.
    AppSecret,
    /// The app's id.
    AppId,
    /// What the token may do.
    Permissions,
}

impl Proved {
    /// Returns the name of the argument.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "access_token",
            Self::AppSecret => "app_secret",
            Self::AppId => "app_id",
            Self::Permissions => "permissions",
        }
    }
}

/// How well one of them was proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Which.
    pub of: Proved,
    /// How far: `waiting` when the provider could not be asked.
    #[serde(with = "word")]
    pub state: StepState,
    /// What is so, or what is wrong and what to do.
    pub words: Option<String>,
}

/// A number that was found, or whose ids were entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundNumber {
    /// The provider's id of it.
    pub number_id: String,
    /// What the provider says of it; `None` when it could not be asked.
    pub facts: Option<Facts>,
    /// Why it could not be asked.
    pub trouble: Option<String>,
}

/// A business account that was found, or whose id was entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundAccount {
    /// The provider's id of it.
    pub account_id: String,
    /// What the provider says of it; `None` when it could not be asked.
    pub facts: Option<Facts>,
    /// Its numbers.
    pub numbers: Vec<FoundNumber>,
    /// Why its numbers could not be listed.
    pub trouble: Option<String>,
}

/// A set-up under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SetupState {
    /// The page it stands at.
    #[serde(with = "word")]
    pub page: SetupPage,
    /// The furthest page that can be gone to.
    #[serde(with = "word")]
    pub furthest: SetupPage,
    /// Whether a token was entered.
    pub token_entered: bool,
    /// Whether an app secret was entered.
    pub secret_entered: bool,
    /// The app's id as the owner entered it.
    pub app_id_entered: Option<String>,
    /// The app's id, entered or found.
    pub app_id: Option<String>,
    /// The app's name.
    pub app_name: Option<String>,
    /// How well each of them was proved.
    pub proofs: Vec<Proof>,
    /// The token.
    pub token: Option<KnownToken>,
    /// What was found.
    pub accounts: Vec<FoundAccount>,
    /// Why the ids have to be entered by hand.
    pub manual_words: Option<String>,
    /// The chosen account.
    pub account_id: Option<String>,
    /// The chosen number.
    pub number_id: Option<String>,
    /// The channel, once there is one.
    pub channel_id: Option<String>,
    /// Whether token or secret were entered anew since the channel was made, so that it has to be made anew.
    pub renewed: bool,
    /// When the chain was begun, in milliseconds since 1970; a hello counts from then on.
    pub started_at: Option<i64>,
    /// The test reply.
    pub reply: Option<i64>,
}

impl Default for SetupState {
    fn default() -> Self {
        Self {
            page: SetupPage::Intro,
            // Nothing has to be done on the first page but to read it.
            furthest: SetupPage::Credentials,
            token_entered: false,
            secret_entered: false,
            app_id_entered: None,
            app_id: None,
            app_name: None,
            proofs: Vec::new(),
            token: None,
            accounts: Vec::new(),
            manual_words: None,
            account_id: None,
            number_id: None,
            channel_id: None,
            renewed: false,
            started_at: None,
            reply: None,
        }
    }
}

impl SetupState {
    /// Reads it; `None` when there is none, or none this version can read: then it begins anew.
    pub(crate) fn read(reader: Reader<'_>) -> Result<Option<Self>, StoreError> {
        let Some(text) = reader.setting(SETTING)? else {
            return Ok(None);
        };
        Ok(serde_json::from_str(&text)
            .inspect_err(|error| tracing::warn!(%error, "the set-up cannot be read and begins anew"))
            .ok())
    }

    /// Keeps it.
    pub(crate) fn write(&self, transaction: &mut WriteTransaction<'_>) -> Result<(), StoreError> {
        let text = serde_json::to_string(self).map_err(|error| StoreError::Damaged(error.to_string()))?;
        transaction.set_setting(SETTING, &text)?;
        transaction.changed(Change::Connection);
        Ok(())
    }

    /// Forgets it.
    pub(crate) fn remove(transaction: &mut WriteTransaction<'_>) -> Result<(), StoreError> {
        transaction.remove_setting(SETTING)?;
        transaction.changed(Change::Connection);
        Ok(())
    }

    /// Goes to a page that has become possible.
    pub(crate) fn go_on(&mut self, page: SetupPage) {
        self.page = page;
        self.furthest = self.furthest.max(page);
    }

    /// What was entered on an earlier page is different: what follows has to be done again.
    pub(crate) fn fall_back(&mut self, page: SetupPage) {
        self.page = page;
        self.furthest = page;
    }

    /// Keys were entered: a channel that was made with others is not connected with these.
    pub(super) fn renew(&mut self) {
        if self.channel_id.is_some() {
            self.renewed = true;
            self.furthest = self.furthest.min(SetupPage::Connect);
        }
    }

    /// Returns an account that was found.
    pub fn account(&self, id: &str) -> Option<&FoundAccount> {
        self.accounts.iter().find(|account| account.account_id == id)
    }

    /// Returns the number that was chosen.
    pub fn chosen(&self) -> Option<(&FoundAccount, &FoundNumber)> {
        let account = self.account(self.account_id.as_deref()?)?;
        let number = self.number_id.as_deref()?;
        let number = account.numbers.iter().find(|known| known.number_id == number)?;
        Some((account, number))
    }

    /// Returns when the chain was begun.
    pub fn started_at(&self) -> Option<Timestamp> {
        self.started_at.map(Timestamp)
    }

    /// Returns the test reply.
    pub fn reply(&self) -> Option<MessageId> {
        self.reply.map(MessageId)
    }
}

/// Words of closed lists.
mod word {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};
    use std::fmt::Display;
    use std::str::FromStr;

    pub(super) fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }

    pub(super) fn deserialize<'de, T, D>(from: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}
