//! Servers of language models, played by us over real loopback HTTP: OpenAI-compatible ones, Ollama, LM Studio, and
//! Anthropic (`assistant.md` 3.7).
//!
//! What they say is scripted, also badly: late, in pieces, half, far too much, in the wrong form, or a lie. They share
//! no code with the product's clients. Every request is kept, so that a test can look at the bytes that arrived.

mod lies;
mod script;
mod server;
mod wire;

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use bytes::Bytes;
use http::HeaderMap;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

pub use lies::{LIES, Lie};
pub use script::Script;

/// Which server is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    /// OpenAI, or one of the many that speak like it.
    OpenAi,
    /// Ollama on the owner's computer.
    Ollama,
    /// LM Studio on the owner's computer.
    LmStudio,
    /// Anthropic.
    Anthropic,
}

/// How a server deals with a way of asking for a form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Talent {
    /// It does what it promises.
    #[default]
    Keeps,
    /// It accepts the request and does as it likes, as Ollama's cloud does with schemas.
    Ignores,
    /// It answers with 400.
    Refuses,
}

/// What a server can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talents {
    /// JSON schemas.
    pub json_schema: Talent,
    /// A forced tool.
    pub tools: Talent,
    /// JSON of any form.
    pub json_mode: Talent,
    /// Whether it answers word by word when asked to; else it sends all at once.
    pub streaming: bool,
    /// Length of its vectors.
    pub embeddings: Option<usize>,
    /// Settings it refuses with 400, such as `max_tokens`.
    pub dislikes: Vec<&'static str>,
    /// The key it wants.
    pub key: Option<String>,
    /// The name and the context length of each model it has.
    pub models: Vec<(String, u32)>,
}

impl Default for Talents {
    fn default() -> Self {
        Self {
            json_schema: Talent::Keeps,
            tools: Talent::Keeps,
            json_mode: Talent::Keeps,
            streaming: true,
            embeddings: Some(64),
            dislikes: Vec::new(),
            key: None,
            models: vec![("double:7b".to_owned(), 8_192)],
        }
    }
}

/// A request that arrived.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// All headers.
    pub headers: HeaderMap,
    /// The body, byte by byte.
    pub body: Bytes,
    /// What became of it.
    pub end: End,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It is being answered.
    Open,
    /// It was answered to the end of the script.
    Answered,
    /// The client hung up before.
    HungUp,
}

impl Asked {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Whether it is a question, and not about lists of models or vectors.
    pub fn is_question(&self) -> bool {
        self.path.ends_with("/chat/completions") || self.path.ends_with("/v1/messages")
    }
}

type Rule = Arc<dyn Fn(&Asked) -> Script + Send + Sync>;

#[derive(Default)]
struct State {
    talents: Talents,
    scripts: VecDeque<Script>,
    rule: Option<Rule>,
    asked: Vec<Asked>,
}

struct Inner {
    flavour: Flavour,
    port: u16,
    state: Mutex<State>,
    changed: watch::Sender<u64>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// A running model server; clones share it. When the last one is dropped it stops.
#[derive(Clone)]
pub struct ModelServer {
    inner: Arc<Inner>,
    _guard: Arc<DropGuard>,
}

impl fmt::Debug for ModelServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModelServer")
            .field("flavour", &self.inner.flavour)
            .field("port", &self.inner.port)
            .finish_non_exhaustive()
    }
}

impl ModelServer {
    /// Starts listening on a free loopback port.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start(flavour: Flavour) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .context("cannot open a loopback port")?;
        let stop = CancellationToken::new();
        let inner = Arc::new(Inner {
            flavour,
            port: listener.local_addr()?.port(),
            state: Mutex::default(),
            changed: watch::Sender::new(0),
            stop: stop.clone(),
            tasks: TaskTracker::new(),
        });
        inner.tasks.spawn(server::accept(Arc::clone(&inner), listener));
        Ok(Self {
            inner,
            _guard: Arc::new(stop.drop_guard()),
        })
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.inner.port
    }

    /// Its address, as it is entered in the settings.
    pub fn base_url(&self) -> String {
        let root = format!("http://127.0.0.1:{}", self.inner.port);
        match self.inner.flavour {
            Flavour::Anthropic => root,
            Flavour::OpenAi | Flavour::Ollama | Flavour::LmStudio => format!("{root}/v1"),
        }
    }

    /// Sets what it can do.
    pub fn can(&self, talents: Talents) {
        self.inner.state().talents = talents;
    }

    /// Answers the next unanswered question like this. Scripts queue up.
    pub fn next(&self, script: Script) {
        self.inner.state().scripts.push_back(script);
    }

    /// Answers every question without a script by this rule. Without a rule it answers `banana`, or the emptiest JSON
    /// that keeps to the schema.
    pub fn always(&self, rule: impl Fn(&Asked) -> Script + Send + Sync + 'static) {
        self.inner.state().rule = Some(Arc::new(rule));
    }

    /// Every request so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.inner.state().asked.clone()
    }

    /// Every question so far.
    pub fn questions(&self) -> Vec<Asked> {
        self.asked().into_iter().filter(Asked::is_question).collect()
    }

    /// Waits until the requests so far fulfil a condition. Waits for ever when they never do; bound it.
    pub async fn until(&self, mut is_so: impl FnMut(&[Asked]) -> bool) {
        let mut changed = self.inner.changed.subscribe();
        loop {
            if is_so(&self.asked()) {
                return;
            }
            if changed.changed().await.is_err() {
                return;
            }
        }
    }

    /// Ends every connection and waits for their tasks.
    pub async fn stop(&self) {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn arrive(&self, asked: Asked) -> usize {
        let mut state = self.state();
        state.asked.push(asked);
        let place = state.asked.len() - 1;
        drop(state);
        self.changed.send_modify(|count| *count += 1);
        place
    }

    fn end(&self, place: usize, end: End) {
        if let Some(asked) = self.state().asked.get_mut(place)
            && asked.end == End::Open
        {
            asked.end = end;
        }
        self.changed.send_modify(|count| *count += 1);
    }
}
