//! The handle to everything that runs.

use crate::account::{APP_SECRET, FORMER_APP_SECRET, VERIFY_TOKEN, secret};
use crate::checks::{self, Inspector};
use crate::clock::{Clock, SystemClock};
use crate::connection::{self, Registrar, Switchboard};
use crate::dispatcher::{self, PostRoom};
use crate::media::line::Line;
use crate::media::{Cellar, fetch, uploads};
use crate::study;
use crate::study::brain::Brains;
use crate::study::mind::Minds;
use crate::study::room::Study;
use crate::supervisor::{Restarted, Supervisor};
use crate::tunnel::{self, TunnelChoice, Way};
use crate::{housekeeping, ingest, listening, signals, templates, wake};
use channels::whatsapp::Graph;
use domain::{ConversationId, Timestamp};
use gateway::tunnel::NgrokServer;
use gateway::{Door, Doorplate, Street};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use store::{Access, OpenError, Store, StoreError};
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use vault::Vault;

/// How long each room may take to end.
const FAREWELL: Duration = Duration::from_secs(8);
/// How often unreadable secrets are looked for again.
const SECRETS_PAUSE: Duration = Duration::from_secs(10);
/// How long after a start the provider is asked how the numbers are: what is shown first matters more.
const CHECK_DELAY: Duration = Duration::from_secs(10);
/// Naps that may wait to be written down.
const NAPS: usize = 16;

/// How to open an engine.
#[derive(Debug)]
pub struct EngineOptions {
    /// Where the data lies; made when it is not there.
    pub data_dir: PathBuf,
    /// Where the secrets lie.
    pub vault: Vault,
    /// Where webhooks are received; port 0 takes a free one.
    pub webhook_listen: SocketAddr,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// How the internet reaches this computer, when it was said at the command line; `None`: what the settings say.
    pub tunnel: Option<TunnelChoice>,
    /// Another server than ngrok's own, for tests and for networks that look into TLS.
    pub ngrok_server: Option<NgrokServer>,
    /// Where the Graph API is for numbers that are connected from now on; Meta's when there is none.
    pub graph_url: Option<String>,
    /// How long after a start, and after a number was connected, the provider is asked about it by itself.
    pub check_delay: Duration,
}

impl EngineOptions {
    /// Options for a data directory, with a free port on this computer and its clock.
    pub fn new(data_dir: PathBuf, vault: Vault) -> Self {
        let webhook_listen = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            data_dir,
            vault,
            webhook_listen,
            clock: Arc::new(SystemClock),
            tunnel: None,
            ngrok_server: None,
            graph_url: None,
            check_delay: CHECK_DELAY,
        }
    }
}

/// Why an engine could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The data directory.
    #[error("{0}")]
    Open(#[from] OpenError),
    /// The database, once open.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The address webhooks should be received at.
    #[error("webhooks cannot be received at {address}: {source}; choose another port")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The reason.
        source: std::io::Error,
    },
    /// The HTTP client.
    #[error("{0}")]
    Client(#[from] channels::whatsapp::NotReady),
    /// An address that would let others in.
    #[error("{0} is not on this computer; Deskbell listens on loopback addresses only, such as 127.0.0.1")]
    NotLoopback(SocketAddr),
}

#[derive(Debug)]
struct Inner {
    store: Store,
    vault: Vault,
    graph: Graph,
    clock: Arc<dyn Clock>,
    cellar: Cellar,
    door: Arc<Door>,
    board: Switchboard,
    graph_url: Option<String>,
    address: Mutex<Option<SocketAddr>>,
    secret_trouble: Mutex<Option<String>>,
    /// Set-up and keys are changed by one errand at a time.
    errand: tokio::sync::Mutex<()>,
    study: Study,
    rooms: Rooms,
}

impl Inner {
    /// Webhooks are not received any more.
    fn forget_address(&self) {
        *self.address.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The tasks, room by room, in the order they end.
#[derive(Debug, Default)]
struct Rooms {
    gateway: Supervisor,
    connection: Supervisor,
    ingest: Supervisor,
    study: Supervisor,
    dispatcher: Supervisor,
    media: Supervisor,
}

/// A running Deskbell. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

impl Engine {
    /// Opens the data directory, names what a crash left behind, and starts all rooms. When this returns, webhooks
    /// are received.
    pub async fn start(options: EngineOptions) -> Result<Self, EngineError> {
        if !options.webhook_listen.ip().is_loopback() {
            return Err(EngineError::NotLoopback(options.webhook_listen));
        }
        let graph = Graph::new()?;
        let directory = options.data_dir.clone();
        let opened = tokio::task::spawn_blocking(move || Store::open(&directory, Access::Write)).await;
        let store = opened.map_err(|_| StoreError::Closed)??;
        match Self::open_rooms(options, store.clone(), graph).await {
            Ok(engine) => Ok(engine),
            Err(error) => {
                // The lock is given back before the caller hears of it and tries again.
                store.close().await;
                Err(error)
            }
        }
    }

    async fn open_rooms(options: EngineOptions, store: Store, graph: Graph) -> Result<Self, EngineError> {
        let clock = options.clock;
        let interrupted = dispatcher::recover(&store, clock.now()).await?;
        if interrupted > 0 {
            tracing::warn!(
                interrupted,
                "messages were under way when Deskbell stopped; they may have been sent"
            );
        }
        let address = options.webhook_listen;
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| EngineError::Listen { address, source })?;
        let bound = listener
            .local_addr()
            .map_err(|source| EngineError::Listen { address, source })?;

        let time = Arc::clone(&clock);
        let door = Door::new(store.clone(), Arc::new(move || time.now()));
        let way = Way::new(
            Street::new(Arc::clone(&door)),
            options.tunnel,
            options.ngrok_server,
            bound,
            Arc::clone(&clock),
        );
        let board = Switchboard {
            store: store.clone(),
            vault: options.vault.clone(),
            graph: graph.clone(),
            clock: Arc::clone(&clock),
            door: Arc::clone(&door),
            way: Arc::new(way),
            registrar: Arc::new(Registrar::default()),
            inspector: Arc::new(Inspector::new(options.check_delay)),
            naps: broadcast::Sender::new(NAPS),
        };
        let cellar = Cellar::of(store.directory());
        let study = Study {
            store: store.clone(),
            clock: Arc::clone(&clock),
            cellar: cellar.clone(),
            minds: Arc::default(),
            brains: Arc::default(),
            vault: options.vault.clone(),
            writings: Arc::default(),
            meanings: Arc::default(),
        };
        let engine = Self {
            inner: Arc::new(Inner {
                cellar,
                study,
                store,
                vault: options.vault,
                graph,
                clock,
                door,
                board,
                graph_url: options.graph_url,
                address: Mutex::new(Some(bound)),
                secret_trouble: Mutex::new(None),
                errand: tokio::sync::Mutex::new(()),
                rooms: Rooms::default(),
            }),
        };
        engine.hang_doorplates().await?;
        engine.run_rooms(listener);
        Ok(engine)
    }

    fn run_rooms(&self, listener: TcpListener) {
        let inner = &self.inner;
        let rooms = &inner.rooms;
        let (store, clock) = (inner.store.clone(), Arc::clone(&inner.clock));
        rooms.ingest.run("ingest", move |cancel| {
            ingest::run(store.clone(), Arc::clone(&clock), cancel)
        });

        let (store, clock, cellar) = (
            inner.store.clone(),
            Arc::clone(&inner.clock),
            inner.cellar.clone(),
        );
        rooms.ingest.run("housekeeping", move |cancel| {
            housekeeping::run(store.clone(), cellar.clone(), Arc::clone(&clock), cancel)
        });

        let line = Line {
            store: inner.store.clone(),
            vault: inner.vault.clone(),
            graph: inner.graph.clone(),
            clock: Arc::clone(&inner.clock),
            cellar: inner.cellar.clone(),
        };
        let up = line.clone();
        rooms
            .media
            .run("media", move |cancel| fetch::run(line.clone(), cancel));
        rooms
            .media
            .run("uploads", move |cancel| uploads::run(up.clone(), cancel));

        study::run(&rooms.study, &inner.study);

        let room = self.post_room();
        rooms
            .dispatcher
            .run("dispatcher", move |cancel| dispatcher::run(room.clone(), cancel));
        let room = self.post_room();
        rooms
            .dispatcher
            .run("signals", move |cancel| signals::run(room.clone(), cancel));
        let room = self.post_room();
        rooms
            .dispatcher
            .run("templates", move |cancel| templates::run(room.clone(), cancel));

        let door = Arc::clone(&inner.door);
        rooms.gateway.run("refusals", move |cancel| {
            let door = Arc::clone(&door);
            async move { door.count_refusals(&cancel).await }
        });

        self.run_connection();

        let (street, listener) = (inner.board.way.street.clone(), Mutex::new(Some(listener)));
        let bound = self
            .inner
            .address
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .unwrap_or_else(any_port);
        // Weak, or the engine would keep itself alive.
        let weak = Arc::downgrade(&self.inner);
        let closing = weak.clone();
        rooms.gateway.run("gateway", move |cancel| {
            let (street, inner) = (street.clone(), closing.clone());
            let first = listener.lock().unwrap_or_else(PoisonError::into_inner).take();
            async move {
                // After a fall the listener is gone with the task: take the same port again.
                let listener = match first {
                    Some(listener) => Ok(listener),
                    None => TcpListener::bind(bound).await,
                };
                match listener {
                    Ok(listener) => street.serve(listener, cancel).await,
                    Err(error) => {
                        tracing::error!(%error, "webhooks are not received any more; restart Deskbell");
                        if let Some(inner) = inner.upgrade() {
                            inner.forget_address();
                        }
                    }
                }
            }
        });
        rooms
            .gateway
            .run("doorplates", move |cancel| look_for_secrets(weak.clone(), cancel));
    }

    /// The tunnel and what hangs on it.
    fn run_connection(&self) {
        let rooms = &self.inner.rooms;
        let board = &self.inner.board;
        let kept = board.clone();
        rooms.gateway.run("meter", move |cancel| {
            let (store, clock) = (kept.store.clone(), Arc::clone(&kept.clock));
            let meter = Arc::clone(kept.way.street.meter());
            let now: gateway::Now = Arc::new(move || clock.now());
            async move { meter.keep(&store, &now, &cancel).await }
        });
        let kept = board.clone();
        rooms
            .gateway
            .run("listening", move |cancel| listening::run(kept.clone(), cancel));
        let kept = board.clone();
        rooms
            .gateway
            .run("tunnel", move |cancel| tunnel::keep(kept.clone(), cancel));
        let kept = board.clone();
        rooms
            .connection
            .run("wake", move |cancel| wake::run(kept.clone(), cancel));
        let kept = board.clone();
        rooms.connection.run("registration", move |cancel| {
            connection::run(kept.clone(), cancel)
        });
        let kept = board.clone();
        rooms
            .connection
            .run("checks", move |cancel| checks::run(kept.clone(), cancel));
    }

    /// Reads all endpoints with their secrets and hangs them at the door. Called again when channels change.
    pub async fn hang_doorplates(&self) -> Result<(), StoreError> {
        let (endpoints, channels) = self
            .inner
            .store
            .read(|reader| Ok((reader.endpoints()?, reader.channels()?)))
            .await?;
        let mut plates: HashMap<String, Doorplate> = HashMap::new();
        let mut trouble = None;
        for endpoint in endpoints {
            let mut plate = Doorplate {
                endpoint: endpoint.id,
                kind: endpoint.kind,
                secrets: Vec::new(),
                verify_tokens: Vec::new(),
            };
            for channel in channels
                .iter()
                .filter(|channel| channel.endpoint_id == endpoint.id)
            {
                for (field, into) in [
                    (APP_SECRET, &mut plate.secrets),
                    (VERIFY_TOKEN, &mut plate.verify_tokens),
                ] {
                    match secret(&self.inner.vault, channel, field).await {
                        // Channels of one app share the secret; checking it once is enough.
                        Ok(Some(secret)) if into.iter().any(|known| known.expose() == secret.expose()) => {}
                        Ok(Some(secret)) => into.push(secret),
                        Ok(None) => trouble = Some(missing(field, &channel.name)),
                        Err(error) => trouble = Some(error.to_string()),
                    }
                }
                // Webhooks that were signed before the secret was replaced are still on their way.
                if endpoint.former_until.is_some_and(|until| until > self.now())
                    && let Ok(Some(former)) = secret(&self.inner.vault, channel, FORMER_APP_SECRET).await
                    && !plate
                        .secrets
                        .iter()
                        .any(|known| known.expose() == former.expose())
                {
                    plate.secrets.push(former);
                }
            }
            if channels.iter().any(|channel| channel.endpoint_id == endpoint.id) {
                plates.insert(endpoint.path, plate);
            }
        }
        self.inner.door.set_plates(plates);
        let is_well = trouble.is_none();
        let known = &self.inner.secret_trouble;
        let before = std::mem::replace(
            &mut *known.lock().unwrap_or_else(PoisonError::into_inner),
            trouble,
        );
        let board = &self.inner.board;
        if board.way.trouble().is_some() {
            board.way.apply(&board.store, &board.vault).await?;
        }
        if before.is_some() && is_well {
            // Until now the door could not answer the provider's call, nor our own: what failed by that is done again.
            board.registrar.address_changed();
        }
        board.registrar.ring();
        Ok(())
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// What the shop knows, as the assistant last learnt it.
    pub(crate) fn minds(&self) -> &Minds {
        &self.inner.study.minds
    }

    /// The language model in use.
    pub(crate) fn brains(&self) -> &Brains {
        &self.inner.study.brains
    }

    /// Where the assistant thinks.
    pub(crate) fn study(&self) -> &Study {
        &self.inner.study
    }

    /// Returns what a model is writing in a conversation at the moment, unchecked and for an operator's eyes only; none:
    /// nothing is being written.
    pub fn writing(&self, conversation: ConversationId) -> Option<String> {
        self.inner.study.writings.text(conversation)
    }

    /// Tells whenever that is different for a conversation.
    pub fn writings(&self) -> broadcast::Receiver<ConversationId> {
        self.inner.study.writings.news()
    }

    /// Where files lie.
    pub(crate) fn cellar(&self) -> &Cellar {
        &self.inner.cellar
    }

    /// The way to the provider.
    pub(crate) fn graph(&self) -> &Graph {
        &self.inner.graph
    }

    /// What the rooms of the connection need.
    pub(crate) fn switchboard(&self) -> &Switchboard {
        &self.inner.board
    }

    /// Returns where the Graph API is for numbers that are connected from now on.
    pub fn graph_url(&self) -> &str {
        self.inner
            .graph_url
            .as_deref()
            .unwrap_or(channels::whatsapp::DEFAULT_GRAPH_URL)
    }

    /// What rooms need that ask the provider for something.
    pub(crate) fn post_room(&self) -> PostRoom {
        PostRoom {
            store: self.inner.store.clone(),
            vault: self.inner.vault.clone(),
            graph: self.inner.graph.clone(),
            clock: Arc::clone(&self.inner.clock),
        }
    }

    /// Carries something of the connection out to its end, also when nobody waits for it any more. `None` when it fell
    /// over or the engine stopped.
    pub(crate) async fn carry_out<T: Send + 'static>(
        &self,
        errand: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        self.inner.rooms.connection.carry_out(errand).await
    }

    /// Waits until no other errand changes set-up or keys.
    pub(crate) async fn errand(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.inner.errand.lock().await
    }

    /// Where the secrets lie.
    pub fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    /// Returns the time by this engine's clock.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Returns the address webhooks are received at, such as `http://127.0.0.1:40001`, while they are.
    pub fn webhook_url(&self) -> Option<String> {
        let address = *self.inner.address.lock().unwrap_or_else(PoisonError::into_inner);
        address.map(|address| format!("http://{address}"))
    }

    /// Returns whether the last genuine webhook could not be stored.
    pub fn turns_back(&self) -> bool {
        self.inner.door.turns_back()
    }

    /// Returns why secrets cannot be read, when that is so.
    pub fn secret_trouble(&self) -> Option<String> {
        self.inner
            .secret_trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Returns the tasks that fell over within the last hour.
    pub(crate) fn restarted(&self) -> Vec<Restarted> {
        let rooms = &self.inner.rooms;
        [
            &rooms.gateway,
            &rooms.connection,
            &rooms.ingest,
            &rooms.study,
            &rooms.dispatcher,
            &rooms.media,
        ]
        .into_iter()
        .flat_map(Supervisor::restarted)
        .collect()
    }

    /// Ends all rooms in order: nothing new comes in, what is under way is finished, the file is closed.
    pub async fn stop(&self) {
        let rooms = &self.inner.rooms;
        // Both may have to wait for somebody else's slow line, so they wait at the same time.
        tokio::join!(
            rooms.gateway.stop("gateway", FAREWELL),
            rooms.connection.stop("connection", FAREWELL),
            rooms.study.stop("study", FAREWELL),
            rooms.dispatcher.stop("dispatcher", FAREWELL),
            rooms.media.stop("media", FAREWELL),
        );
        self.inner.forget_address();
        rooms.ingest.stop("ingest", FAREWELL).await;
        self.inner.store.close().await;
    }
}

/// Looks for secrets again while some could not be read: a keychain may be unlocked later.
async fn look_for_secrets(inner: Weak<Inner>, cancel: CancellationToken) {
    loop {
        if let Some(inner) = inner.upgrade()
            && let Err(error) = (Engine { inner }).forget_former_secrets().await
        {
            tracing::debug!(%error, "a former secret is erased later");
        }
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(SECRETS_PAUSE) => {}
        }
        let Some(inner) = inner.upgrade() else { return };
        let engine = Engine { inner };
        let troubled = engine.secret_trouble().is_some() || engine.inner.board.way.trouble().is_some();
        if troubled && let Err(error) = engine.hang_doorplates().await {
            tracing::warn!(%error, "the webhook addresses could not be read");
        }
    }
}

fn any_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn missing(field: &str, channel: &str) -> String {
    let what = match field {
        APP_SECRET => "app secret",
        _ => "verify token",
    };
    format!("The {what} of {channel} is not in the vault. Connect the number again.")
}
