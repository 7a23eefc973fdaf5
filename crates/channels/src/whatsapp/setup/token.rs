//! What a token is good for and how long it lives (section 7.1).

use super::App;
use crate::whatsapp::call::{CallFailure, Care};
use crate::whatsapp::graph::{Account, Graph};
use crate::whatsapp::lenient;
use domain::{TOKEN_WARNING, Timestamp};
use serde_json::Value;
use std::time::Duration;
use vault::Secret;

/// A token of the dashboard lives for 24 hours (section 7.1); an hour more for clocks that differ.
const SHORT_LIFE: Duration = Duration::from_hours(25);

/// When something ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Expiry {
    /// It does not.
    Never,
    /// Then.
    At(Timestamp),
    /// Meta did not say.
    #[default]
    Unknown,
}

/// How long a token goes on working.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// For ever.
    Unlimited,
    /// For more than a week.
    Good {
        /// It ends then.
        until: Timestamp,
    },
    /// For less than a week.
    EndsSoon {
        /// It ends then.
        until: Timestamp,
    },
    /// For a day at most: it is the trial token of Meta's dashboard.
    Trial {
        /// It ends then.
        until: Timestamp,
    },
    /// No longer.
    Over {
        /// It ended then.
        since: Timestamp,
    },
    /// Nobody knows.
    Unknown,
}

/// What Meta says about a token. All of it may be missing (section 12, row 9).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TokenFacts {
    /// The app it belongs to.
    pub app_id: Option<String>,
    /// The app's name.
    pub application: Option<String>,
    /// `SYSTEM_USER`, `USER` and others.
    pub kind: Option<String>,
    /// Whose token it is.
    pub user_id: Option<String>,
    /// Whether it works.
    pub is_valid: bool,
    /// When it was made.
    pub issued_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Expiry,
    /// When it stops giving access to people's data; matters to tokens of people.
    pub data_access_expires_at: Expiry,
    /// What it may do. Not complete: `whatsapp_business_management` may be missing from it although it works.
    pub scopes: Vec<String>,
    /// The business accounts it is limited to; `None` when it is not limited or Meta does not say.
    pub account_ids: Option<Vec<String>>,
    /// What it is limited to for messages; `None` likewise.
    pub messaging_ids: Option<Vec<String>>,
    /// Why it does not work: code and finer code.
    pub error: Option<(i64, Option<i64>)>,
}

impl TokenFacts {
    fn read(json: &Value) -> Option<Self> {
        let data = json.get("data")?.as_object()?;
        let word = |key: &str| lenient::id(data.get(key));
        let targets = |scope: &str| {
            let scopes = data.get("granular_scopes")?.as_array()?;
            let found = scopes
                .iter()
                .find(|row| lenient::id(row.get("scope")).as_deref() == Some(scope))?;
            // Absent means all (section 7.1).
            let ids = lenient::names(found.get("target_ids"));
            (!ids.is_empty()).then_some(ids)
        };
        let error = data.get("error").and_then(|error| {
            let code = lenient::integer(error.get("code"))?;
            let subcode = error.get("subcode").or_else(|| error.get("error_subcode"));
            Some((code, lenient::integer(subcode)))
        });
        Some(Self {
            app_id: word("app_id"),
            application: word("application"),
            kind: word("type"),
            user_id: word("user_id"),
            // Some answers leave it out; then only an error speaks against the token.
            is_valid: lenient::verdict(data.get("is_valid")).unwrap_or(error.is_none()),
            issued_at: lenient::moment(data.get("issued_at")),
            expires_at: expiry(data.get("expires_at")),
            data_access_expires_at: expiry(data.get("data_access_expires_at")),
            scopes: lenient::names(data.get("scopes")),
            account_ids: targets("whatsapp_business_management"),
            messaging_ids: targets("whatsapp_business_messaging"),
            error,
        })
    }

    /// Returns how long the token goes on working.
    pub fn lifetime(&self, now: Timestamp) -> Lifetime {
        let until = match self.expires_at {
            Expiry::Never => return Lifetime::Unlimited,
            Expiry::Unknown => return Lifetime::Unknown,
            Expiry::At(until) => until,
        };
        if until <= now {
            return Lifetime::Over { since: until };
        }
        let was_made_short = match self.issued_at {
            Some(issued) => until.since(issued) <= SHORT_LIFE,
            // Only a token of a person can be of that kind.
            None => self.kind.as_deref() == Some("USER") && until.since(now) <= SHORT_LIFE,
        };
        if was_made_short {
            Lifetime::Trial { until }
        } else if until.since(now) <= TOKEN_WARNING {
            Lifetime::EndsSoon { until }
        } else {
            Lifetime::Good { until }
        }
    }
}

/// `0` means never (section 7.1).
fn expiry(value: Option<&Value>) -> Expiry {
    match lenient::integer(value) {
        Some(0) => Expiry::Never,
        _ => lenient::moment(value).map_or(Expiry::Unknown, Expiry::At),
    }
}

impl Graph {
    /// Asks which app the token belongs to: its id, and its name when Meta tells.
    pub async fn app_of_token(&self, account: &Account) -> Result<(String, Option<String>), CallFailure> {
        let url = account.node(&["app"]).ok_or_else(CallFailure::bad_address)?;
        let json = self.call(account, self.client.get(url)).await?;
        let id = lenient::id(json.get("id"))
            .ok_or_else(|| CallFailure::odd_answer("it does not name the app of the token"))?;
        Ok((id, lenient::id(json.get("name"))))
    }

    /// Asks what a token is good for, in the name of an app. That also proves that app id, secret and token belong
    /// together. A token that does not work is an answer, not a failure.
    pub async fn debug_token(&self, input: &Secret, by: &App) -> Result<TokenFacts, CallFailure> {
        self.debug_token_as(input, &by.account()).await
    }

    /// Asks what a token is good for, in its own name: for as long as the app is not known.
    pub async fn debug_own_token(&self, account: &Account) -> Result<TokenFacts, CallFailure> {
        self.debug_token_as(&account.access_token, account).await
    }

    async fn debug_token_as(&self, input: &Secret, by: &Account) -> Result<TokenFacts, CallFailure> {
        let mut url = by.node(&["debug_token"]).ok_or_else(CallFailure::bad_address)?;
        url.query_pairs_mut()
            .append_pair("input_token", input.expose().trim());
        let care = Care {
            hidden: &[input],
            ..Care::default()
        };
        let json = self.call_with(by, self.client.get(url), care).await?;
        TokenFacts::read(&json).ok_or_else(|| CallFailure::odd_answer("it says nothing about the token"))
    }
}
