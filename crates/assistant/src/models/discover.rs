//! Finds model servers on this computer, and out what they say about their models.

use super::model::{LanguageModel, Offer};
use super::openai::{OpenAiCompatible, offers};
use super::place::Place;
use super::trouble::Trouble;
use super::wire::Wire;
use reqwest::header::AUTHORIZATION;
use serde_json::{Value, json};
use std::time::Duration;

/// How long a program on the same computer may take to say that it is there.
const LIMIT: Duration = Duration::from_millis(1_500);
/// What Ollama and LM Studio look at unless told otherwise, whatever the model could: the rest of a question is silently
/// cut off (docs.ollama.com, "Context length"; its smallest default).
const USUAL_CONTEXT: u32 = 4_096;

/// A program that runs models on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Program {
    /// Ollama.
    Ollama,
    /// LM Studio.
    LmStudio,
}

impl Program {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ollama => "Ollama",
            Self::LmStudio => "LM Studio",
        }
    }
}

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// Ollama's port.
    pub ollama: u16,
    /// LM Studio's port.
    pub lm_studio: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self {
            ollama: 11_434,
            lm_studio: 1_234,
        }
    }
}

/// A program that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub program: Program,
    /// Its address, ready to be a [`Place`].
    pub base_url: String,
    /// Its models.
    pub models: Vec<Offer>,
}

/// Looks for Ollama and LM Studio on this computer, at the same time. Nothing is asked of any other computer.
pub async fn discover(ports: Ports) -> Vec<Found> {
    let (ollama, studio) = tokio::join!(
        look(Program::Ollama, ports.ollama),
        look(Program::LmStudio, ports.lm_studio)
    );
    ollama.into_iter().chain(studio).collect()
}

async fn look(program: Program, port: u16) -> Option<Found> {
    let base_url = format!("http://127.0.0.1:{port}/v1");
    let place = Place::parse(&base_url).ok()?.named(program.name());
    let wire = wire(place).ok()?;
    let own = match program {
        Program::Ollama => ["api", "tags"].as_slice(),
        Program::LmStudio => ["api", "v0", "models"].as_slice(),
    };
    let by_own_words = wire.get(wire.place.at_root(own), LIMIT).await;
    let json = match (by_own_words, program) {
        // Only Ollama answers this.
        (Ok(json), Program::Ollama) if json.get("models").is_some() => json,
        (Ok(json), Program::LmStudio) if json.get("data").is_some() => json,
        // Older versions of LM Studio know only OpenAI's words.
        (_, Program::LmStudio) => {
            let json = wire.get(wire.place.below(&["models"]), LIMIT).await.ok()?;
            json.get("data")?.as_array()?;
            json
        }
        _ => return None,
    };
    Some(Found {
        program,
        base_url,
        models: offers(&json),
    })
}

fn wire(place: Place) -> Result<Wire, Trouble> {
    Wire::new(place, None, (AUTHORIZATION, "Bearer "), &[])
}

/// How many tokens a model can look at, when its server says so in any way.
pub(super) async fn context(model: &dyn LanguageModel, limit: Duration) -> Option<u32> {
    if let Some(context) = model.context_in_house(limit).await {
        return Some(context);
    }
    let offers = model.offers(limit).await.ok()?;
    offers
        .into_iter()
        .find(|offer| offer.model == model.model())
        .and_then(|offer| offer.context)
}

impl OpenAiCompatible {
    /// What a program in the house will look at; `None` when it says nothing about that. Asked of servers in the house
    /// only.
    pub(super) async fn context_in_house(&self, limit: Duration) -> Option<u32> {
        let (wire, model) = self.way()?;
        match context_of_ollama(wire, model, limit).await {
            Some(context) => Some(context),
            None => context_of_studio(wire, model, limit).await,
        }
    }
}

async fn context_of_ollama(wire: &Wire, model: &str, limit: Duration) -> Option<u32> {
    let body = json!({"model": model}).to_string();
    let json = wire
        .post(wire.place.at_root(&["api", "show"]), body, limit)
        .await
        .ok()?;
    json.get("model_info")?;
    let parameters = json.get("parameters").and_then(Value::as_str).unwrap_or_default();
    let set = parameters.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some("num_ctx")).then(|| words.next()?.parse().ok())?
    });
    Some(set.unwrap_or(USUAL_CONTEXT))
}

/// LM Studio tells only of a loaded model what it looks at; what the model could is no promise.
async fn context_of_studio(wire: &Wire, model: &str, limit: Duration) -> Option<u32> {
    let json = wire
        .get(wire.place.at_root(&["api", "v0", "models"]), limit)
        .await
        .ok()?;
    let entry = json
        .get("data")?
        .as_array()?
        .iter()
        .find(|entry| entry.get("id").and_then(Value::as_str) == Some(model))?;
    let loaded = entry.get("loaded_context_length").and_then(Value::as_u64);
    let loaded = loaded.and_then(|tokens| u32::try_from(tokens).ok());
    Some(loaded.unwrap_or(USUAL_CONTEXT))
}
