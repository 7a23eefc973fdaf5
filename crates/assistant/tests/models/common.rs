//! A shop, a question, and a model to ask.

use assistant::models::{
    Brain, BrainSettings, Call, Capabilities, Line, Occasion, OpenAiCompatible, Place, Prompt, Rung,
    TypedAnswer, Veil, day_of,
};
use assistant::{Source, SourceKind};
use domain::{ContactId, Language, Timestamp};
use serde_json::{Value, json};
use simulator::brain::{Flavour, ModelServer};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use vault::Secret;

/// Bound of every wait; reached only when something is broken.
pub(crate) const SOON: Duration = Duration::from_mins(1);
pub(crate) const KEY: &str = "sk-test-3141592653589793";
pub(crate) const NOW: Timestamp = Timestamp(1_790_000_000_000);
pub(crate) const PHONE: &str = "+44 7700 900123";

pub(crate) async fn server(flavour: Flavour) -> ModelServer {
    ModelServer::start(flavour).await.expect("a loopback port")
}

pub(crate) fn place(server: &ModelServer) -> Place {
    Place::parse(&server.base_url()).expect("a loopback address")
}

pub(crate) fn openai(server: &ModelServer, model: &str) -> OpenAiCompatible {
    OpenAiCompatible::new(place(server).named("Double"), Some(Secret::new(KEY)), model).expect("a client")
}

pub(crate) fn brain(server: &ModelServer) -> Brain {
    with(server, BrainSettings::default())
}

pub(crate) fn with(server: &ModelServer, settings: BrainSettings) -> Brain {
    Brain::new(Arc::new(openai(server, "double:7b")), settings)
}

/// Settings with which only one rung and the last are tried.
pub(crate) fn only(rung: Rung, streaming: bool) -> BrainSettings {
    BrainSettings {
        capabilities: Capabilities {
            json_schema: rung == Rung::Schema,
            tools: rung == Rung::Tool,
            json_mode: rung == Rung::Json,
            streaming,
            ..Capabilities::default()
        },
        ..BrainSettings::default()
    }
}

pub(crate) fn good() -> Value {
    json!({
        "action": "answer", "language": "en", "sources": ["S1"], "answer": "We open at 9 — até já 🦊 “ş” مرحبا.",
        "confidence": 0.8, "escalate_reason": "", "missing_fields": [], "asked_field": "",
    })
}

pub(crate) fn good_text() -> String {
    let answer = good();
    let text = answer.get("answer").and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// What the shop knows and the customer asks.
pub(crate) struct Scene {
    pub(crate) sources: Vec<Source>,
    pub(crate) history: Vec<Line>,
    pub(crate) burst: Vec<String>,
    pub(crate) cancel: CancellationToken,
    pub(crate) shown: watch::Sender<String>,
    pub(crate) now: Timestamp,
    pub(crate) contact: Option<ContactId>,
}

impl Scene {
    pub(crate) fn new() -> Self {
        Self {
            sources: vec![Source {
                id: "S1".to_owned(),
                kind: SourceKind::Passage,
                reference: "7".to_owned(),
                title: "Opening hours".to_owned(),
                text: "We open at 9.".to_owned(),
                url: None,
                quotable: true,
            }],
            history: Vec::new(),
            burst: vec![format!("When do you open? My number is {PHONE}")],
            cancel: CancellationToken::new(),
            shown: watch::Sender::default(),
            now: NOW,
            contact: Some(ContactId(1)),
        }
    }

    pub(crate) fn prompt(&self) -> Prompt<'_> {
        Prompt {
            business: "A pottery shop",
            moment: "",
            never: &[],
            instructions: &[],
            facts: &[],
            sources: &self.sources,
            history: &self.history,
            known: &[],
            blocked: &[],
            burst: &self.burst,
            language: Some(Language::English),
        }
    }

    pub(crate) fn occasion(&self) -> Occasion<'_> {
        Occasion {
            now: self.now,
            day: day_of(self.now),
            contact: self.contact,
            cancel: &self.cancel,
            shown: Some(&self.shown),
        }
    }

    pub(crate) async fn ask(&self, brain: &Brain) -> Call<TypedAnswer> {
        soon(brain.answer(&self.prompt(), None, &self.occasion())).await
    }

    pub(crate) async fn ask_masked(&self, brain: &Brain, veil: &mut dyn Veil) -> Call<TypedAnswer> {
        soon(brain.answer(&self.prompt(), Some(veil), &self.occasion())).await
    }
}

pub(crate) async fn soon<T>(wait: impl Future<Output = T>) -> T {
    tokio::time::timeout(SOON, wait).await.expect("it takes too long")
}

/// Masks one telephone number.
#[derive(Debug, Default)]
pub(crate) struct OnePhone {
    pub(crate) masked: usize,
}

impl Veil for OnePhone {
    fn mask(&mut self, text: &str) -> String {
        self.masked += text.matches(PHONE).count();
        text.replace(PHONE, "[PHONE_1]")
    }

    fn unmask(&self, text: &str) -> String {
        text.replace("[PHONE_1]", PHONE)
    }
}
