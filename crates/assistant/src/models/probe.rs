//! Finds out at set-up what a model can do, because servers that claim the same differ (assistant.md, section 3.7).

use super::discover;
use super::model::{Care, Exchange, LanguageModel, Question, Rung, Said, Shape};
use super::openai::Manners;
use super::trouble::{Trouble, TroubleKind};
use super::usage::Usage;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long each question of the probe may take: a local model has to be loaded first.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long a list of models may take.
const LIST: Duration = Duration::from_secs(10);
const LONGEST: u32 = 200;

/// What a model can do. Stored as JSON with the settings; unknown and missing fields do no harm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing a server can or cannot, in any combination"
)]
pub struct Capabilities {
    /// It keeps to a JSON schema.
    pub json_schema: bool,
    /// It calls the one tool it has to.
    pub tools: bool,
    /// It can be told to write JSON.
    pub json_mode: bool,
    /// Its answers come word by word.
    pub streaming: bool,
    /// The length of its vectors, when it makes some.
    pub embeddings: Option<u32>,
    /// How many tokens it can look at, when that is known.
    pub context: Option<u32>,
    /// What its server dislikes.
    pub manners: Manners,
}

impl Default for Capabilities {
    /// Before anything is known everything is tried.
    fn default() -> Self {
        Self {
            json_schema: true,
            tools: true,
            json_mode: true,
            streaming: true,
            embeddings: None,
            context: None,
            manners: Manners::default(),
        }
    }
}

impl Capabilities {
    /// Whether asking on this rung makes sense.
    pub const fn has(&self, rung: Rung) -> bool {
        match rung {
            Rung::Schema => self.json_schema,
            Rung::Tool => self.tools,
            Rung::Json => self.json_mode,
            Rung::Text => true,
        }
    }
}

/// What a probe found.
#[derive(Debug, Clone, PartialEq)]
pub struct Probed {
    /// What the model can do.
    pub capabilities: Capabilities,
    /// Tokens it took to find out.
    pub usage: Usage,
    /// Every request that was made, for the operator to look at.
    pub exchanges: Vec<Exchange>,
}

/// A probe that came to no end, with what was asked until then.
#[derive(Debug, Clone, PartialEq)]
pub struct Unprobed {
    /// Why.
    pub trouble: Trouble,
    /// Tokens it took.
    pub usage: Usage,
    /// Every request that was made, for the operator to look at.
    pub exchanges: Vec<Exchange>,
}

/// Asks a model a few short questions that hold nothing of the shop or its customers.
///
/// `embedding` is the model that should make vectors, if one is wanted. The first trouble that needs a person, such as
/// a refused key, ends it.
pub async fn probe(
    model: &dyn LanguageModel,
    embedding: Option<&str>,
    cancel: &CancellationToken,
) -> Result<Probed, Unprobed> {
    let mut found = nothing();
    match look(model, embedding, cancel, &mut found).await {
        Ok(()) => Ok(found),
        Err(trouble) => Err(Unprobed {
            trouble,
            usage: found.usage,
            exchanges: found.exchanges,
        }),
    }
}

fn nothing() -> Probed {
    Probed {
        capabilities: Capabilities {
            json_schema: false,
            tools: false,
            json_mode: false,
            streaming: false,
            ..Capabilities::default()
        },
        usage: Usage::default(),
        exchanges: Vec::new(),
    }
}

async fn look(
    model: &dyn LanguageModel,
    embedding: Option<&str>,
    cancel: &CancellationToken,
    found: &mut Probed,
) -> Result<(), Trouble> {
    found.capabilities.context = discover::context(model, LIST).await;
    // Whether the schema is kept shows only when the words ask for something else.
    let words = "Answer with the single word banana.";
    if let Some(said) = ask(model, Rung::Text, words, true, cancel, found).await? {
        found.capabilities.streaming = said.1;
    } else {
        // Some servers stumble over a stream and answer otherwise.
        let plain = ask(model, Rung::Text, words, false, cancel, found).await?;
        if plain.is_none() {
            return Err(last_trouble(found));
        }
    }
    for rung in model.rungs() {
        let wants = match rung {
            Rung::Schema | Rung::Tool => words,
            Rung::Json => "Answer with the JSON object {\"code\": 7}.",
            Rung::Text => continue,
        };
        let said = ask(model, *rung, wants, false, cancel, found).await?;
        let keeps = said.is_some_and(|(text, _)| keeps_form(&text, *rung));
        match rung {
            Rung::Schema => found.capabilities.json_schema = keeps,
            Rung::Tool => found.capabilities.tools = keeps,
            Rung::Json => found.capabilities.json_mode = keeps,
            Rung::Text => {}
        }
    }
    if let Some(embedding) = embedding {
        let texts = ["hello".to_owned()];
        match model.embed(embedding, &texts, &care(cancel)).await {
            Ok(embedded) => {
                found.usage = found.usage.plus(embedded.usage);
                let length = embedded.vectors.first().map_or(0, Vec::len);
                found.capabilities.embeddings = u32::try_from(length).ok();
            }
            Err(trouble) if trouble.kind == TroubleKind::Cancelled => return Err(trouble),
            Err(trouble) => tracing::info!(kind = trouble.kind.as_str(), "no embeddings"),
        }
    }
    found.capabilities.manners = model.manners();
    Ok(())
}

/// Asks one question; `None` when the server answers but cannot do this.
async fn ask(
    model: &dyn LanguageModel,
    rung: Rung,
    words: &str,
    stream: bool,
    cancel: &CancellationToken,
    found: &mut Probed,
) -> Result<Option<(String, bool)>, Trouble> {
    let shape = test_shape();
    let said = [Said::Us(words.to_owned())];
    let question = Question {
        system: "This is a test of the connection. Answer as short as you can, in JSON if you can.",
        said: &said,
        shape: Some(&shape),
        rung,
        longest: LONGEST,
        stream,
    };
    // As often as a server may have dislikes.
    for _ in 0..4 {
        let exchange = model.ask(&question, &care(cancel), &mut |_| {}).await;
        found.usage = found.usage.plus(exchange.usage);
        let outcome = exchange.outcome.clone();
        found.exchanges.push(exchange);
        match outcome {
            Ok(reply) => return Ok(Some((reply.text, reply.streamed))),
            Err(trouble) if trouble.kind == TroubleKind::Adjusted => {}
            Err(trouble) if is_final(trouble.kind) => return Err(trouble),
            Err(_) => return Ok(None),
        }
    }
    Ok(None)
}

/// Whether asking in another way is pointless.
const fn is_final(kind: TroubleKind) -> bool {
    kind.needs_person()
        || matches!(
            kind,
            TroubleKind::Cancelled
                | TroubleKind::Offline
                | TroubleKind::TooMany
                | TroubleKind::FirstWordLate
                | TroubleKind::Late
        )
}

fn last_trouble(found: &Probed) -> Trouble {
    let last = found
        .exchanges
        .last()
        .and_then(|exchange| exchange.outcome.clone().err());
    last.unwrap_or_else(|| {
        Trouble::new(
            TroubleKind::Unusable,
            "The model gave no answer. Choose another one.",
        )
    })
}

fn care(cancel: &CancellationToken) -> Care {
    Care {
        first_word: PATIENCE,
        until: Instant::now() + PATIENCE,
        cancel: cancel.clone(),
    }
}

fn test_shape() -> Shape {
    Shape {
        name: "test",
        about: "Hand over a number.",
        schema: json!({
            "type": "object",
            "properties": {"code": {"type": "integer"}},
            "required": ["code"],
            "additionalProperties": false,
        }),
    }
}

/// Looks at the text as it came: what has to be searched for was not enforced.
fn keeps_form(text: &str, rung: Rung) -> bool {
    let Ok(Value::Object(fields)) = serde_json::from_str(text.trim()) else {
        return false;
    };
    rung == Rung::Json || (fields.len() == 1 && fields.get("code").is_some_and(Value::is_i64))
}
