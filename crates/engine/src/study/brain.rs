//! The language model the owner chose, if any: one row of the settings in JSON, and a key in the vault.

use assistant::models::{
    Anthropic, Brain, BrainSettings, Capabilities, Deadlines, LanguageModel, Limits, OpenAiCompatible, Place,
    Prices, Trouble, Usage, runs_elsewhere,
};
use domain::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use store::{Reader, Store, StoreError, WriteTransaction};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use vault::{Secret, SecretName, Vault};

/// Its key among the settings.
const KEY: &str = "model";
/// Millionths in one of the owner's currency.
const MICROS: f64 = 1_000_000.0;
/// Where OpenAI itself is (developers.openai.com, API reference).
const OPENAI_URL: &str = "https://api.openai.com/v1";

/// Which provider's words a model speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// None is used.
    #[default]
    None,
    /// OpenAI's, and everybody's who speaks like it.
    Openai,
    /// Anthropic's.
    Anthropic,
}

impl ModelKind {
    /// Returns the stable spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Openai => "openai",
            Self::Anthropic => "anthropic",
        }
    }
}

/// Which model, and what it may cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelSettings {
    /// Whose words it speaks.
    pub kind: ModelKind,
    /// Where it is; none: the provider's own address.
    pub base_url: Option<String>,
    /// Its name.
    pub model: Option<String>,
    /// Price of a million tokens sent, in the owner's currency.
    pub price_in: f64,
    /// Price of a million tokens received.
    pub price_out: f64,
    /// The most a day may cost; none: no limit.
    pub daily_limit: Option<f64>,
    /// The most tokens of a day for one customer; 0: no limit.
    pub contact_tokens: u64,
    /// Whether passages are compared by meaning too.
    pub embeddings: bool,
    /// The model that makes vectors of texts; none: the same.
    pub embedding_model: Option<String>,
    /// What it can do, as found when it was set up.
    pub capabilities: Capabilities,
    /// How long to wait for it.
    pub deadlines: Deadlines,
}

impl Default for ModelSettings {
    fn default() -> Self {
        Self {
            kind: ModelKind::None,
            base_url: None,
            model: None,
            price_in: 0.0,
            price_out: 0.0,
            daily_limit: None,
            contact_tokens: Limits::default().tokens_per_contact.unwrap_or(0),
            embeddings: false,
            embedding_model: None,
            capabilities: Capabilities::default(),
            deadlines: Deadlines::default(),
        }
    }
}

impl ModelSettings {
    /// Returns the model that makes vectors, when the owner wants them and it was found to make some.
    pub(crate) fn embedder(&self) -> Option<String> {
        let wanted =
            self.embeddings && self.kind == ModelKind::Openai && self.capabilities.embeddings.is_some();
        let named = || self.embedding_model.clone().or_else(|| self.model.clone());
        // What is asked of a model in the house is not masked, so a name that stands for one elsewhere is not used.
        let stays = |name: &String| !self.is_local() || !runs_elsewhere(name);
        wanted.then(named).flatten().filter(stays)
    }

    /// Reads the settings; the inner error is a sentence when they are there and make no sense.
    pub(crate) fn read(reader: Reader<'_>) -> Result<Result<Self, String>, StoreError> {
        Ok(match reader.setting(KEY)? {
            None => Ok(Self::default()),
            Some(text) => serde_json::from_str(&text).map_err(|error| {
                format!("The settings of the language model cannot be read, so none is asked: {error}. Choose it again.")
            }),
        })
    }

    /// Keeps the settings.
    pub(crate) fn keep(&self, transaction: &mut WriteTransaction<'_>) -> Result<(), StoreError> {
        let text = serde_json::to_string(self)
            .map_err(|error| StoreError::Conflict(format!("These settings cannot be kept: {error}.")))?;
        transaction.set_setting(KEY, &text)
    }

    /// Returns where the model is.
    pub fn address(&self) -> Option<&str> {
        let own = self
            .base_url
            .as_deref()
            .map(str::trim)
            .filter(|url| !url.is_empty());
        match self.kind {
            ModelKind::None => None,
            ModelKind::Openai => Some(own.unwrap_or(OPENAI_URL)),
            ModelKind::Anthropic => Some(own.unwrap_or(assistant::models::ANTHROPIC_URL)),
        }
    }

    /// Whether what it is asked stays on this computer or in its network.
    pub fn is_local(&self) -> bool {
        let place = self.address().and_then(|url| Place::parse(url).ok());
        place.is_some_and(|place| place.is_local()) && !self.model.as_deref().is_some_and(runs_elsewhere)
    }

    /// Returns the client; none when no model is used.
    pub(crate) fn client(&self, key: Option<Secret>) -> Result<Option<Arc<dyn LanguageModel>>, Trouble> {
        let Some(address) = self.address() else {
            return Ok(None);
        };
        let place = Place::parse(address)?;
        let model = self.model.clone().unwrap_or_default();
        Ok(Some(match self.kind {
            ModelKind::Anthropic => Arc::new(Anthropic::new(place, key, model)?),
            ModelKind::Openai | ModelKind::None => {
                Arc::new(OpenAiCompatible::new(place, key, model)?.with_manners(self.capabilities.manners))
            }
        }))
    }

    fn prices(&self) -> Prices {
        Prices {
            input: micros(self.price_in),
            output: micros(self.price_out),
        }
    }

    /// Returns what tokens cost, in millionths of the owner's currency.
    pub(crate) fn cost(&self, usage: Usage) -> u64 {
        self.prices().cost(usage)
    }

    fn brain_settings(&self) -> BrainSettings {
        BrainSettings {
            capabilities: self.capabilities.clone(),
            prices: self.prices(),
            limits: Limits {
                cost_per_day: self.daily_limit.map(micros),
                tokens_per_contact: Some(self.contact_tokens).filter(|tokens| *tokens > 0),
            },
            deadlines: self.deadlines,
        }
    }
}

/// An amount in millionths; what is no amount is nothing.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "held within bounds just before"
)]
fn micros(amount: f64) -> u64 {
    if amount.is_finite() {
        (amount * MICROS).round().clamp(0.0, 1e15) as u64
    } else {
        0
    }
}

/// Where its key lies in the vault.
pub(crate) fn key_name() -> SecretName {
    SecretName::new("model", "key")
}

/// The day a moment counts to, and when that day began.
pub(crate) fn day(zone: &TimeZone, now: Timestamp) -> (Date, Timestamp) {
    let begun = jiff::Timestamp::from_millisecond(now.0)
        .map(|moment| moment.to_zoned(zone.clone()))
        .and_then(|moment| moment.start_of_day());
    match begun {
        Ok(begun) => (begun.date(), Timestamp(begun.timestamp().as_millisecond())),
        Err(_) => (assistant::models::day_of(now), now),
    }
}

/// The model in use, made when it is first asked and again when the owner chooses another.
#[derive(Debug, Default)]
pub(crate) struct Brains {
    wanted: AtomicU64,
    made: tokio::sync::Mutex<Option<(u64, Option<Arc<Brain>>)>>,
    /// What a person has to put right before it works again.
    trouble: Mutex<Option<String>>,
    /// What is under way with models; it ends with the study, and what had left is written down.
    pub(crate) errands: TaskTracker,
    /// Cancelled when the study ends.
    pub(crate) closing: CancellationToken,
}

impl Brains {
    /// Ends what is under way and waits until what had left is written down.
    pub(crate) async fn end(&self) {
        self.closing.cancel();
        self.errands.close();
        self.errands.wait().await;
    }

    /// Another model was chosen.
    pub(crate) fn forget(&self) {
        self.wanted.fetch_add(1, Ordering::SeqCst);
        self.note(None);
    }

    /// Notes what is wrong, or that nothing is.
    pub(crate) fn note(&self, trouble: Option<String>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    /// Returns what a person has to put right.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Until when the model is left alone after failures, if it is.
    pub(crate) fn resting_until(&self, now: Timestamp) -> Option<Timestamp> {
        let made = self.made.try_lock().ok()?;
        made.as_ref()?.1.as_ref()?.resting_until(now)
    }

    /// Returns the model in use; none: there is none, or it cannot be used, which is noted.
    pub(crate) async fn ready(&self, store: &Store, vault: &Vault, now: Timestamp) -> Option<Arc<Brain>> {
        let mut made = self.made.lock().await;
        let wanted = self.wanted.load(Ordering::SeqCst);
        if let Some((_, brain)) = made.as_ref().filter(|(version, _)| *version == wanted) {
            return brain.clone();
        }
        match make(store, vault, now).await {
            Ok(brain) => {
                *made = Some((wanted, brain.clone()));
                brain
            }
            // Not remembered: a locked vault may be opened later.
            Err(trouble) => {
                self.note(Some(trouble));
                None
            }
        }
    }
}

async fn make(store: &Store, vault: &Vault, now: Timestamp) -> Result<Option<Arc<Brain>>, String> {
    let (date, since) = day(&TimeZone::system(), now);
    let unreadable =
        |error: StoreError| format!("The settings of the language model cannot be read: {error}.");
    let (settings, spent, tokens) = store
        .read(move |reader| {
            Ok((
                ModelSettings::read(reader)?,
                reader.model_spending(None, since)?.0,
                reader.model_tokens(since)?,
            ))
        })
        .await
        .map_err(unreadable)?;
    let settings = settings?;
    if settings.kind == ModelKind::None {
        return Ok(None);
    }
    let key = vault
        .get(&key_name())
        .await
        .map_err(|error| format!("The key of the language model cannot be read: {error}."))?;
    let model = settings.client(key).map_err(|trouble| trouble.words)?;
    Ok(model.map(|model| {
        let brain = Brain::new(model, settings.brain_settings());
        brain.restore(
            date,
            u64::try_from(spent).unwrap_or(0),
            tokens.into_iter().collect(),
        );
        Arc::new(brain)
    }))
}
