//! What a window talks to: the engine of the owner, or for a while that of the demo shop.

use crate::changes::{ChangeStream, Source};
use crate::demo::Demo;
use crate::error::{ApiError, ErrorCode};
use crate::router::{call, write};
use crate::views::AppView;
use engine::{Engine, EngineError, EngineOptions, NgrokServer, SetupError};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{Mutex, RwLock, watch};
use vault::Vault;

/// How to open a desk.
#[derive(Debug)]
pub struct DeskOptions {
    /// Where the owner's data lies; not touched when only the demo shop is opened.
    pub data_dir: PathBuf,
    /// Where the owner's secrets lie.
    pub vault: Vault,
    /// Whether to begin in the demo shop.
    pub demo: bool,
    /// Whether the window may go to the demo shop and back.
    pub can_open_demo: bool,
    /// Another server than ngrok's own.
    pub ngrok_server: Option<NgrokServer>,
    /// Where the Graph API is for numbers that are connected from now on; Meta's when there is none.
    pub graph_url: Option<String>,
}

impl DeskOptions {
    /// The owner's desk, from which the demo shop can be visited.
    pub fn new(data_dir: PathBuf, vault: Vault) -> Self {
        Self {
            data_dir,
            vault,
            demo: false,
            can_open_demo: true,
            ngrok_server: None,
            graph_url: None,
        }
    }

    async fn start_own(&self) -> Result<Engine, DeskError> {
        let options = EngineOptions {
            ngrok_server: self.ngrok_server.clone(),
            graph_url: self.graph_url.clone(),
            ..EngineOptions::new(self.data_dir.clone(), self.vault.clone())
        };
        Ok(Engine::start(options).await?)
    }
}

/// Why a desk could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The engine.
    #[error("{0}")]
    Engine(#[from] EngineError),
    /// The demo shop's channel.
    #[error("the demo shop could not be opened: {0}")]
    Setup(#[from] SetupError),
    /// The demo shop itself.
    #[error("the demo shop could not be opened: {0}")]
    Demo(String),
}

#[derive(Debug)]
struct Inner {
    /// The owner's engine; opened when it is first needed.
    own: RwLock<Option<Engine>>,
    demo: RwLock<Option<Arc<Demo>>>,
    /// Only one exchange at a time, and none after the end.
    exchange: Mutex<Exchange>,
    source: watch::Sender<Source>,
    options: DeskOptions,
}

/// Whether the window may go from one set of data to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exchange {
    Possible,
    /// The desk has been stopped: what would be opened now, nobody would close.
    Over,
}

/// What a window talks to. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

impl Desk {
    /// Opens the desk: with the owner's data, or in the demo shop.
    pub async fn open(options: DeskOptions) -> Result<Self, DeskError> {
        let (own, demo) = if options.demo {
            (None, Some(Arc::new(Demo::open().await?)))
        } else {
            (Some(options.start_own().await?), None)
        };
        let engine = match (&own, &demo) {
            (Some(engine), _) => engine.clone(),
            (None, Some(demo)) => demo.engine().clone(),
            (None, None) => return Err(DeskError::Demo("nothing was opened".to_owned())),
        };
        let (source, _) = watch::channel(Source(engine));
        Ok(Self {
            inner: Arc::new(Inner {
                own: RwLock::new(own),
                demo: RwLock::new(demo),
                exchange: Mutex::new(Exchange::Possible),
                source,
                options,
            }),
        })
    }

    /// A desk on an engine that runs already.
    pub fn on(engine: Engine) -> Self {
        let (source, _) = watch::channel(Source(engine.clone()));
        Self {
            inner: Arc::new(Inner {
                options: DeskOptions {
                    can_open_demo: false,
                    ..DeskOptions::new(engine.store().directory().to_owned(), engine.vault().clone())
                },
                own: RwLock::new(Some(engine)),
                demo: RwLock::new(None),
                exchange: Mutex::new(Exchange::Possible),
                source,
            }),
        }
    }

    /// Carries out a command of the contract.
    pub async fn call(&self, command: &str, args: Value) -> Result<Value, ApiError> {
        match command {
            "app" => write(&self.app().await?),
            "open_demo" => write(&self.open_demo().await?),
            "leave_demo" => write(&self.leave_demo().await?),
            _ => {
                let engine = self.engine().await.ok_or_else(closed)?;
                call(&engine, command, args).await
            }
        }
    }

    /// Returns everything that changes from now on.
    pub fn changes(&self) -> ChangeStream {
        ChangeStream::new(self.inner.source.subscribe())
    }

    /// Returns the engine the window looks at now.
    pub async fn engine(&self) -> Option<Engine> {
        if let Some(demo) = self.inner.demo.read().await.as_ref() {
            return Some(demo.engine().clone());
        }
        self.inner.own.read().await.clone()
    }

    /// Ends everything in order. Calling it again does nothing.
    pub async fn stop(&self) {
        // Waits for an exchange under way, so that what it opens is closed here.
        let mut exchange = self.inner.exchange.lock().await;
        *exchange = Exchange::Over;
        let demo = self.inner.demo.write().await.take();
        if let Some(demo) = demo {
            demo.close().await;
        }
        let own = self.inner.own.write().await.take();
        if let Some(engine) = own {
            engine.stop().await;
        }
    }

    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method itself is not general enough over the reader's lifetime"
    )]
    async fn app(&self) -> Result<AppView, ApiError> {
        let engine = self.engine().await.ok_or_else(closed)?;
        let channels = engine.store().read(|reader| reader.channels()).await?;
        Ok(AppView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            demo: self.inner.demo.read().await.is_some(),
            first_start: channels.is_empty(),
            can_open_demo: self.inner.options.can_open_demo,
        })
    }

    async fn open_demo(&self) -> Result<AppView, ApiError> {
        if !self.inner.options.can_open_demo {
            return Err(not_here());
        }
        let exchange = self.inner.exchange.lock().await;
        if *exchange == Exchange::Over {
            return Err(closed());
        }
        if self.inner.demo.read().await.is_none() {
            let demo = Arc::new(Demo::open().await.map_err(|error| could_not_open(&error))?);
            let engine = demo.engine().clone();
            *self.inner.demo.write().await = Some(demo);
            self.inner.source.send_replace(Source(engine));
        }
        drop(exchange);
        self.app().await
    }

    async fn leave_demo(&self) -> Result<AppView, ApiError> {
        if !self.inner.options.can_open_demo {
            return Err(not_here());
        }
        let exchange = self.inner.exchange.lock().await;
        if *exchange == Exchange::Over {
            return Err(closed());
        }
        if self.inner.demo.read().await.is_some() {
            let mut own = self.inner.own.write().await;
            let engine = if let Some(engine) = own.as_ref() {
                engine.clone()
            } else {
                let started = self.inner.options.start_own().await;
                started.map_err(|error| could_not_open(&error))?
            };
            *own = Some(engine.clone());
            drop(own);
            let demo = self.inner.demo.write().await.take();
            self.inner.source.send_replace(Source(engine));
            if let Some(demo) = demo {
                demo.close().await;
            }
        }
        drop(exchange);
        self.app().await
    }
}

pub(crate) fn closed() -> ApiError {
    ApiError {
        code: ErrorCode::Storage,
        message: "Deskbell is closing. Start it again to go on.".to_owned(),
        retryable: true,
        field: None,
    }
}

fn not_here() -> ApiError {
    ApiError {
        code: ErrorCode::NotNow,
        message: "This window shows one set of data only. Start `deskbelld demo` to see the demo shop."
            .to_owned(),
        retryable: false,
        field: None,
    }
}

fn could_not_open(error: &DeskError) -> ApiError {
    ApiError {
        code: ErrorCode::Storage,
        message: format!("{error}."),
        retryable: true,
        field: None,
    }
}
