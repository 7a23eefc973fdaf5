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
    /// The most tokens of a day for one customer, 0 for no limit; none: as before.
    pub contact_tokens: Option<u64>,
    /// Whether passages are compared by meaning too; none: as before.
    pub embeddings: Option<bool>,
    /// The model that makes vectors for that; none: one the server names, else the same.
    pub embedding_model: Option<String>,
}

/// How long a list of models may take.
const OFFERS: std::time::Duration = std::time::Duration::from_secs(10);

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
        if settings.embeddings && settings.embedding_model.is_none() {
            // Most models that answer make no vectors; a server that has one for it says so by its name.
            let offers = client.offers(OFFERS).await.unwrap_or_default();
            settings.embedding_model = offers
                .into_iter()
                .find(|offer| offer.embeds && !(offer.elsewhere && settings.is_local()))
                .map(|offer| offer.model);
        }
        let embedder = settings.embedding_model.as_deref().unwrap_or(client.model());
        let embedding = settings.embeddings.then_some(embedder);
        let (exchanges, usage, probed) = match probe(client.as_ref(), embedding, &cancel).await {
            Ok(found) => (found.exchanges, found.usage, Ok(found.capabilities)),
            Err(found) => (found.exchanges, found.usage, Err(found.trouble)),
        };
        let number = |tokens: u64| u32::try_from(tokens).unwrap_or(u32::MAX);
        let texts = |of: fn(&assistant::models::Exchange) -> &str| {
            let all: Vec<&str> = exchanges.iter().map(of).collect();
            all.join("\n\n")
        };
        let took: std::time::Duration = exchanges.iter().map(|exchange| exchange.took).sum();
        let call = ModelCall {
            id: 0,
            conversation_id: None,
            purpose: "probe".to_owned(),
            host: host(&address),
            model: client.model().to_owned(),
            sent: texts(|exchange| &exchange.sent),
            received: Some(texts(|exchange| &exchange.received)).filter(|text| !text.trim().is_empty()),
            trouble: probed.as_ref().err().map(|trouble| trouble.words.clone()),
            tokens_in: number(usage.input),
            tokens_out: number(usage.output),
            cost_micros: i64::try_from(settings.cost(usage)).unwrap_or(i64::MAX),
            took_ms: i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
            created_at: now,
        };
        // A test that failed is written down too: something left this computer for it.
        self.store()
            .write(move |transaction| transaction.add_model_call(&call))
            .await?;
        settings.capabilities = probed.map_err(|trouble| refused(&trouble))?;
        if settings.embeddings && settings.capabilities.embeddings.is_some() && settings.embedder().is_none()
        {
            return Err(misfit(
                "embedding_model",
                "This model runs elsewhere while the one that answers runs here. Name one that runs here too.",
            ));
        }
        if settings.embeddings && settings.capabilities.embeddings.is_none() {
            return Err(misfit(
                "embedding_model",
                "This model makes no vectors of texts, so nothing can be compared by meaning. Name one that does, such as \
                 nomic-embed-text, or switch it off.",
            ));
        }
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
            .write(move |transaction| {
                settings.keep(transaction)?;
                // Passages may have to be compared by another model from now on, or by none.
                transaction.changed(store::Change::Knowledge);
                Ok(())
            })
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
        contact_tokens: new.contact_tokens.unwrap_or(known.contact_tokens),
        // Anthropic makes no vectors of texts.
        embeddings: new.kind == ModelKind::Openai && new.embeddings.unwrap_or(known.embeddings),
        embedding_model: tidy(&new.embedding_model),
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
