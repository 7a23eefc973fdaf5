//! What Meta knows about apps, accounts, tokens and numbers besides their messages (`whatsapp-cloud-api.md` 1.5, 7, 9.2):
//! all that a set-up and a health page ask for.

mod callbacks;
mod health;
mod nodes;
mod registration;
mod tokens;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::time::Duration;

use crate::meta::State;
use crate::webhook::Number;

pub use callbacks::Verification;
pub(crate) use callbacks::{
    Callback, OBJECT, SubscribedApp, Target, check_override, fields, not_subscribed, overridable,
};
pub use health::{Health, HealthEntity, HealthError, Standing};
pub(crate) use nodes::{account_node, app_node, number_list, number_node};
pub(crate) use registration::Tries;
pub(crate) use tokens::{Credential, MANAGEMENT, MESSAGING, User, debug_answer};
pub use tokens::{Refusal, Token};

/// How long Meta waits for the answer to its visit; not published, so a guess (section 1.3).
const PATIENCE: Duration = Duration::from_secs(10);

/// An app at Meta.
#[derive(Clone, PartialEq, Eq)]
pub struct App {
    /// The app id.
    pub id: String,
    /// The name shown in lists.
    pub name: String,
    /// The app secret: it signs webhooks, and is half of the app token.
    pub secret: String,
}

impl App {
    /// An app.
    pub fn new(id: &str, name: &str, secret: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            secret: secret.to_owned(),
        }
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A WhatsApp business account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The WABA id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// ISO 4217.
    pub currency: String,
    /// ISO 3166, two letters.
    pub country: String,
    /// Meta's number of a time zone.
    pub timezone_id: String,
    /// `APPROVED`, `PENDING`, `REJECTED`.
    pub account_review_status: String,
    /// `verified`, `not_verified`, `pending`, `failed`.
    pub business_verification_status: String,
    /// Id and name of the business portfolio it belongs to.
    pub owner: (String, String),
    /// Whether a message would leave.
    pub health: Health,
}

impl Account {
    /// An approved account of a verified business.
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            currency: "GBP".to_owned(),
            country: "GB".to_owned(),
            timezone_id: "42".to_owned(),
            account_review_status: "APPROVED".to_owned(),
            business_verification_status: "verified".to_owned(),
            owner: ("6100000000001".to_owned(), "Simulated portfolio".to_owned()),
            health: Health::default(),
        }
    }
}

/// How much of the allowance is used, as Graph's headers tell it (section 9.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) percent: u32,
    pub(crate) minutes: u32,
}

/// Everything of this kind that changes.
#[derive(Debug)]
pub(crate) struct Management {
    pub(crate) apps: BTreeMap<String, App>,
    pub(crate) accounts: BTreeMap<String, Account>,
    pub(crate) tokens: HashMap<String, Token>,
    /// By phone number id.
    pub(crate) standings: HashMap<String, Standing>,
    /// By account: the apps subscribed to it, in the order they came.
    pub(crate) subscribed: HashMap<String, Vec<SubscribedApp>>,
    /// By app.
    pub(crate) callbacks: HashMap<String, Callback>,
    /// By phone number id.
    pub(crate) tries: HashMap<String, Tries>,
    pub(crate) verifications: Vec<Verification>,
    pub(crate) patience: Duration,
    pub(crate) usage: Option<Usage>,
    /// Served instead of the version that was asked for.
    pub(crate) version: Option<String>,
    /// Seconds by which Meta's clock is ahead of this one.
    pub(crate) clock_ahead: i64,
    apps_made: u32,
}

impl Default for Management {
    fn default() -> Self {
        Self {
            apps: BTreeMap::new(),
            accounts: BTreeMap::new(),
            tokens: HashMap::new(),
            standings: HashMap::new(),
            subscribed: HashMap::new(),
            callbacks: HashMap::new(),
            tries: HashMap::new(),
            verifications: Vec::new(),
            patience: PATIENCE,
            usage: None,
            version: None,
            clock_ahead: 0,
            apps_made: 0,
        }
    }
}

impl Management {
    /// How a number stands; good until something else was said.
    pub(crate) fn standing(&self, phone_number_id: &str) -> Standing {
        self.standings.get(phone_number_id).cloned().unwrap_or_default()
    }

    pub(crate) fn account(&self, waba_id: &str) -> Account {
        let known = self.accounts.get(waba_id).cloned();
        known.unwrap_or_else(|| Account::new(waba_id, "Simulated account"))
    }
}

impl State {
    /// Makes a number known. It brings its account and its app along; a number that was known with another secret stays
    /// with its app, whose secret has changed then, unless other numbers of the app still have the old one.
    pub(crate) fn settle(&mut self, mut number: Number) {
        let known = self
            .numbers
            .iter()
            .position(|known| known.phone_number_id == number.phone_number_id)
            .map(|at| self.numbers.remove(at));
        if number.app_id.is_empty() {
            number.app_id = self.app_of(&number, known.as_ref());
        }
        let app = self
            .management
            .apps
            .entry(number.app_id.clone())
            .or_insert_with(|| App::new(&number.app_id, "Simulated app", &number.app_secret));
        app.secret.clone_from(&number.app_secret);
        self.management
            .accounts
            .entry(number.waba_id.clone())
            .or_insert_with(|| Account::new(&number.waba_id, "Simulated account"));
        self.numbers.push(number);
    }

    fn app_of(&mut self, number: &Number, known: Option<&Number>) -> String {
        if let Some(known) = known {
            let shared = self.numbers.iter().any(|other| other.app_id == known.app_id);
            if known.app_secret == number.app_secret || !shared {
                return known.app_id.clone();
            }
        }
        let same = |app: &&App| app.secret == number.app_secret;
        if let Some(app) = self.management.apps.values().find(same) {
            return app.id.clone();
        }
        self.management.apps_made += 1;
        format!("70000000000{:04}", self.management.apps_made)
    }
}
