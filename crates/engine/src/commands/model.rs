//! Choosing a language model, and looking at what was asked of it.

use super::CommandError;
use crate::engine::Engine;
use crate::study::ask::host;
use crate::study::brain::{ModelKind, ModelSettings, day, key_name};
use assistant::models::{Found, Place, Ports, Trouble, TroubleKind, discover, probe};
use domain::Timestamp;
use store::{ModelCall, StoreError};
use tokio_util::sync::CancellationToken;
use vault::{Secret, VaultError};

/// The language model in use, and how it does.
#[derive(Debug, Clone)]
pub struct ModelState {
    /// Which it is.
    pub settings: ModelSettings,
    /// Whether a key is kept.
    pub has_key: bool,
    /// What today cost so far, in millionths of the owner's currency.
    pub spent: i64,
    /// What is wrong and what to do.
    pub trouble: Option<String>,
    /// Until when it is not asked because of failures.
    pub resting_until: Option<Timestamp>,
}

/// A choice of a model.
#[derive(Debug, Clone, Default)]
pub struct NewModel {
    /// Whose words it speaks.
    pub kind: ModelKind,
    /// Where it is; none: the provider's own address.
    pub base_url: Option<String>,
    /// Its name.
    pub model: Option<String>,
    /// Its key; none: the one that is kept stays.
    pub key: Option<Secret>,
    /// Price of a million tokens sent; none: as before.
    pub price_in: Option<f64>,
    /// Price of a million tokens received; none: as before.
    pub price_out: Option<f64>,
    /// The most a day may cost; none: no limit.
    pub daily_limit: Option<f64>,
    /// Whether passages are compared by meaning too; none: as before.
    pub embeddings: Option<bool>,
}

fn misfit(field: &str, sentence: impl Into<String>) -> CommandError {
    CommandError::Misfit {
        field: field.to_owned(),
        sentence: sentence.into(),
    }
}

fn locked(error: &VaultError) -> CommandError {
    CommandError::Secrets(error.to_string())
}

impl Engine {
    /// Returns which language model is used, and how it does.
    pub async fn model(&self) -> Result<ModelState, CommandError> {
        let now = self.now();
        let (_, since) = day(&jiff::tz::TimeZone::system(), now);
        let (settings, spent) = self
            .store()
            .read(move |reader| {
                Ok((
                    ModelSettings::read(reader)?,
                    reader.model_spending(None, since)?.0,
                ))
            })
            .await?;
        let (settings, unreadable) = match settings {
            Ok(settings) => (settings, None),
            Err(trouble) => (ModelSettings::default(), Some(trouble)),
        };
        let key = self.vault().get(&key_name()).await;
        let is_used = settings.kind != ModelKind::None;
        let unopened = key.as_ref().err().filter(|_| is_used).map(ToString::to_string);
        Ok(ModelState {
            has_key: key.ok().flatten().is_some(),
            spent,
            trouble: unreadable
                .or(unopened)
                .or_else(|| self.brains().trouble().filter(|_| is_used)),
            resting_until: self.brains().resting_until(now),
            settings,
        })
    }

    /// Looks for language models on this computer. No other computer is asked.
    pub async fn find_models(&self) -> Vec<Found> {
        discover(Ports::default()).await
    }

    /// Chooses a language model after asking it a few questions that hold nothing of the shop. Nothing is changed when
    /// it does not answer.
    pub async fn save_model(&self, new: NewModel) -> Result<ModelState, CommandError> {
        let _errand = self.errand().await;
        let known = self.store().read(ModelSettings::read).await?.unwrap_or_default();
        if new.kind == ModelKind::None {
            self.vault()
                .delete(&key_name())
                .await
                .map_err(|error| locked(&error))?;
            self.keep_model(ModelSettings::default()).await?;
            return self.model().await;
        }
        let mut settings = checked(&new, &known)?;
        let address = settings.address().unwrap_or_default().to_owned();
        Place::parse(&address).map_err(|trouble| misfit("base_url", trouble.words))?;
        let entered = new
            .key
            .filter(|key| !key.expose().trim().is_empty())
            .map(|key| Secret::new(key.expose().trim()));
        // A key is shown to nobody but the server it was entered for.
        let same_place = known.kind == settings.kind && known.address().map(host) == Some(host(&address));
        let kept = if entered.is_none() && same_place {
            self.vault()
                .get(&key_name())
                .await
                .map_err(|error| locked(&error))?
        } else {
            None
        };
        let key = entered.clone().or(kept);
        let client = settings
            .client(key.clone())
            .map_err(|trouble| refused(&trouble))?
            .ok_or_else(|| misfit("kind", "This kind of model is not known."))?;
        let now = self.now();
        let cancel = CancellationToken::new();
        let _stopped = cancel.clone().drop_guard();
        let embedding = settings.embeddings.then(|| client.model().to_owned());
        let found = probe(client.as_ref(), embedding.as_deref(), &cancel)
            .await
            .map_err(|trouble| refused(&trouble))?;
        settings.capabilities = found.capabilities;
        settings.embeddings = settings.embeddings && settings.capabilities.embeddings.is_some();
        let number = |tokens: u64| u32::try_from(tokens).unwrap_or(u32::MAX);
        let texts = |of: fn(&assistant::models::Exchange) -> &str| {
            let all: Vec<&str> = found.exchanges.iter().map(of).collect();
            all.join("\n\n")
        };
        let took: std::time::Duration = found.exchanges.iter().map(|exchange| exchange.took).sum();
        let call = ModelCall {
            id: 0,
            conversation_id: None,
            purpose: "probe".to_owned(),
            host: host(&address),
            model: client.model().to_owned(),
            sent: texts(|exchange| &exchange.sent),
            received: Some(texts(|exchange| &exchange.received)),
            trouble: None,
            tokens_in: number(found.usage.input),
            tokens_out: number(found.usage.output),
            cost_micros: i64::try_from(settings.cost(found.usage)).unwrap_or(i64::MAX),
            took_ms: i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
            created_at: now,
        };
        self.store()
            .write(move |transaction| transaction.add_model_call(&call))
            .await?;
        match key {
            Some(key) => self.vault().set(&key_name(), &key).await,
            None => self.vault().delete(&key_name()).await,
        }
        .map_err(|error| locked(&error))?;
        self.keep_model(settings).await?;
        self.model().await
    }

    async fn keep_model(&self, settings: ModelSettings) -> Result<(), StoreError> {
        self.store()
            .write(move |transaction| settings.keep(transaction))
            .await?;
        self.brains().forget();
        self.minds().forget();
        Ok(())
    }
}

fn checked(new: &NewModel, known: &ModelSettings) -> Result<ModelSettings, CommandError> {
    let amount = |field: &str, amount: Option<f64>| match amount {
        Some(amount) if !amount.is_finite() || amount < 0.0 => {
            Err(misfit(field, "A price is a number that is not below zero."))
        }
        amount => Ok(amount),
    };
    let tidy = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim).unwrap_or_default();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let model = tidy(&new.model).ok_or_else(|| misfit("model", "Say which model to use."))?;
    Ok(ModelSettings {
        kind: new.kind,
        base_url: tidy(&new.base_url),
        model: Some(model),
        price_in: amount("price_in", new.price_in)?.unwrap_or(known.price_in),
        price_out: amount("price_out", new.price_out)?.unwrap_or(known.price_out),
        daily_limit: amount("daily_limit", new.daily_limit)?,
        embeddings: new.embeddings.unwrap_or(known.embeddings),
        capabilities: assistant::models::Capabilities::default(),
        deadlines: known.deadlines,
    })
}

/// Says what is wrong where it was entered.
fn refused(trouble: &Trouble) -> CommandError {
    let field = match trouble.kind {
        TroubleKind::Key | TroubleKind::NoCredit => "key",
        TroubleKind::NoModel => "model",
        _ => "base_url",
    };
    misfit(field, trouble.words.clone())
}
