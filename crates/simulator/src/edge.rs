//! The edge of a tunnel provider (ngrok) played by us: agents dial in, visitors come by public names.
//!
//! One [`Edge`] is one TLS port on 127.0.0.1 with a certificate authority of its own ([`Edge::ca_pem`]), made anew at
//! every start. The name in the TLS handshake decides who comes: a public name (`*.ngrok-free.app`, any other real
//! domain) is a visitor, `localhost` or no name at all is an agent. [`Edge::in_memory`] has no port; agents take
//! [`Edge::dial`] and visitors [`Edge::request`], both of which any edge has, and neither needs real time to pass.
//!
//! What an agent hears is what the unmodified client of ngrok (crate 0.19) understands: muxado sessions, typed streams
//! and one JSON document each way. Errors carry codes (`ERR_NGROK_334`) as ngrok's do; their words are our own.
//!
//! # Accounts
//!
//! A token stands for an account. Any token of the right shape is good until [`Edge::allow_token`] names some; then
//! only those. An account has a development name ([`Edge::dev_domain`]) that it gets when it asks for none, and may
//! have more by [`Edge::reserve`]. Three agents of one account may be there at the same time.
//!
//! # When a name is free again
//!
//! At once when its tunnel is closed or the byte pipe of its agent ends. A session that an agent only forgets keeps its
//! name, as at ngrok. [`Edge::cut`], [`Edge::mute`] and [`Edge::outage`] leave it taken for [`Edge::set_linger`], which
//! is zero at first. Who comes back with the id and the token of its tunnel gets the name back at once.
//!
//! Nothing is shared with the product's own side of the tunnel, so that both would have to be wrong in the same way
//! for a mistake to stay unseen. All tasks end with the last clone of the handle.

mod accounts;
mod agents;
mod binds;
mod certificates;
mod faults;
mod pages;
mod pipe;
mod port;
mod records;
mod visitors;
mod wire;

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;
use tokio::io::DuplexStream;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use agents::Session;
use binds::{Claim, Endpoint};
use certificates::Certificates;
use faults::{Quota, Refusals, Weather};
pub use records::{Frame, RecordedBind, RecordedSession, Side, Visit};
use visitors::Visitor;

/// Room of a byte pipe in memory, bytes.
const ROOM: usize = 256 << 10;
/// The longest answer that [`Edge::request`] collects, bytes.
const LONGEST_ANSWER: usize = 64 << 20;
/// How long [`Edge::wait`] waits.
const SOON: Duration = Duration::from_secs(10);
/// Where visitors in memory come from; an address of the documentation range.
const SOMEWHERE: (Ipv4Addr, u16) = (Ipv4Addr::new(203, 0, 113, 7), 50_443);

/// Everything that changes.
#[derive(Default)]
struct State {
    sessions: Vec<Session>,
    known: Vec<RecordedSession>,
    endpoints: Vec<Endpoint>,
    claims: Vec<Claim>,
    binds: Vec<RecordedBind>,
    frames: VecDeque<Frame>,
    visits: VecDeque<Visit>,
    tokens: accounts::Tokens,
    dev_domains: HashMap<String, String>,
    reserved: HashMap<String, String>,
    auth_rules: Refusals,
    bind_rules: Refusals,
    weather: Weather,
    linger: Duration,
    start_lag: usize,
    quota: Option<Quota>,
    interstitial: bool,
    random_names: bool,
}

/// The running parts, shared by the handle and its tasks.
struct Inner {
    addr: SocketAddr,
    ca_pem: String,
    token: String,
    state: Mutex<State>,
    stop: CancellationToken,
    tasks: TaskTracker,
    changes: watch::Sender<u64>,
    numbers: AtomicU64,
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes something and wakes who waits for it.
    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let outcome = change(&mut self.state());
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
        outcome
    }

    fn session(&self, number: u64) -> Option<Session> {
        let state = self.state();
        state.sessions.iter().find(|open| open.number == number).cloned()
    }

    fn next_number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    fn note(&self, session: u64, from: Side, kind: u32, body: &Value) {
        let frame = Frame {
            session,
            from,
            kind: records::kind_name(kind),
            body: records::redacted(body),
        };
        self.change(|state| records::keep(&mut state.frames, frame));
    }
}

/// A handle on a simulated edge; clones share it. When the last one is dropped everything stops.
#[derive(Clone)]
pub struct Edge {
    inner: Arc<Inner>,
    _guard: Arc<DropGuard>,
}

impl std::fmt::Debug for Edge {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Edge")
            .field("addr", &self.inner.addr)
            .finish_non_exhaustive()
    }
}

impl Edge {
    /// Starts listening on a free loopback port.
    ///
    /// # Errors
    /// When no port can be opened or no certificate made.
    pub async fn start() -> anyhow::Result<Self> {
        // Clients built in this process need a provider; another part may have installed it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let certificates = Certificates::create().context("cannot make certificates")?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .context("cannot open a loopback port")?;
        let edge = Self::create(listener.local_addr()?, certificates.authority_pem());
        let config = Arc::new(certificates.server()?);
        let inner = Arc::clone(&edge.inner);
        edge.inner.tasks.spawn(port::accept(inner, listener, config));
        Ok(edge)
    }

    /// An edge without a port: agents [`dial`](Self::dial), visitors [`request`](Self::request).
    pub fn in_memory() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self::create(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), String::new())
    }

    fn create(addr: SocketAddr, ca_pem: String) -> Self {
        let stop = CancellationToken::new();
        let state = State {
            interstitial: true,
            ..State::default()
        };
        let inner = Arc::new(Inner {
            addr,
            ca_pem,
            token: Self::token_of(&accounts::new_id("edge")),
            state: Mutex::new(state),
            stop: stop.clone(),
            tasks: TaskTracker::new(),
            changes: watch::Sender::new(0),
            numbers: AtomicU64::new(1),
        });
        Self {
            inner,
            _guard: Arc::new(stop.drop_guard()),
        }
    }

    /// Where it listens, for agents and visitors alike. The port is 0 for an edge in memory.
    pub fn addr(&self) -> SocketAddr {
        self.inner.addr
    }

    /// The host name by which agents reach it; its certificate is good for that name.
    pub fn agent_host(&self) -> &'static str {
        "localhost"
    }

    /// Host and port for agents, as `--ngrok-server` takes them.
    pub fn agent_server(&self) -> String {
        format!("{}:{}", self.agent_host(), self.inner.addr.port())
    }

    /// The certificate of its authority, PEM. Empty for an edge in memory.
    pub fn ca_pem(&self) -> String {
        self.inner.ca_pem.clone()
    }

    /// A token made up for this edge, of the right shape.
    pub fn token(&self) -> String {
        self.inner.token.clone()
    }

    /// A token of the right shape for a name, always the same one.
    pub fn token_of(name: &str) -> String {
        let digest = accounts::digest(name);
        let (first, second) = digest.split_at_checked(27).unwrap_or_default();
        format!("{first}_{}", second.get(..21).unwrap_or_default())
    }

    /// Opens the byte pipe of an agent, without socket and TLS.
    ///
    /// # Errors
    /// `ConnectionRefused` during an [`outage`](Self::outage).
    #[expect(
        clippy::unused_async,
        reason = "to dial needs a runtime and reads like connecting"
    )]
    pub async fn dial(&self) -> io::Result<DuplexStream> {
        let (near, far) = tokio::io::duplex(ROOM);
        port::take_agent(&self.inner, far)?;
        Ok(near)
    }

    /// Sends a request as a visitor from elsewhere, without socket and TLS. The name is that of the address or of the
    /// `Host` header.
    ///
    /// # Errors
    /// When the answer breaks off.
    pub async fn request(&self, request: Request<Bytes>) -> anyhow::Result<Response<Bytes>> {
        let visitor = Visitor::new(SocketAddr::from(SOMEWHERE), "");
        let response = visitors::visit(&self.inner, &visitor, request.map(Body::from)).await;
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, LONGEST_ANSWER)
            .await
            .context("the answer broke off")?;
        Ok(Response::from_parts(head, body))
    }

    /// Lets a client reach public names through this edge: it trusts the edge's authority, and every public name leads
    /// to its port.
    ///
    /// # Errors
    /// When the certificate cannot be read, as that of an edge in memory.
    pub fn lead(&self, client: reqwest::ClientBuilder) -> anyhow::Result<reqwest::ClientBuilder> {
        let authority = reqwest::Certificate::from_pem(self.inner.ca_pem.as_bytes())?;
        Ok(client
            .tls_certs_merge([authority])
            .dns_resolver(Arc::new(port::Signpost::new(self.inner.addr))))
    }

    /// Stops everything and waits until all tasks have ended.
    pub async fn stop(&self) {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    /// Counts up whenever anything changes.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changes.subscribe()
    }

    /// Waits until the edge looks as wanted.
    ///
    /// # Errors
    /// After ten seconds (of tokio's time), with `what`.
    pub async fn wait(&self, what: &str, wanted: impl Fn(&Self) -> bool) -> anyhow::Result<()> {
        let mut changes = self.changes();
        let seen = async {
            while !wanted(self) {
                changes.changed().await?;
            }
            anyhow::Ok(())
        };
        tokio::time::timeout(SOON, seen)
            .await
            .with_context(|| format!("never happened: {what}"))?
    }

    /// The control messages so far, without secrets.
    pub fn frames(&self) -> Vec<Frame> {
        self.inner.state().frames.iter().cloned().collect()
    }

    /// The agents that were let in so far.
    pub fn sessions(&self) -> Vec<RecordedSession> {
        self.inner.state().known.clone()
    }

    /// The tunnels that were opened so far.
    pub fn binds(&self) -> Vec<RecordedBind> {
        self.inner.state().binds.clone()
    }

    /// The public names that count as online now, without scheme.
    pub fn online(&self) -> Vec<String> {
        let mut state = self.inner.state();
        binds::forget_expired(&mut state);
        state
            .endpoints
            .iter()
            .map(|endpoint| endpoint.domain.clone())
            .collect()
    }

    /// The requests of visitors so far.
    pub fn visits(&self) -> Vec<Visit> {
        self.inner.state().visits.iter().cloned().collect()
    }

    /// Byte pipes of agents that are open, whether or not the agent was let in.
    pub fn open_pipes(&self) -> usize {
        self.inner.state().sessions.len()
    }

    /// From now on only this token and others allowed like it are good.
    pub fn allow_token(&self, token: &str) {
        self.inner.change(|state| state.tokens.allow(token));
    }

    /// This token is no longer good (`ERR_NGROK_107`); a session that has begun goes on.
    pub fn revoke_token(&self, token: &str) {
        self.inner.change(|state| state.tokens.revoke(token));
    }

    /// The development name of the token's account, without scheme.
    pub fn dev_domain(&self, token: &str) -> String {
        accounts::dev_domain(&accounts::account_of(token), &self.inner.state().dev_domains)
    }

    /// Gives the token's account another development name.
    pub fn set_dev_domain(&self, token: &str, domain: &str) {
        let account = accounts::account_of(token);
        self.inner
            .change(|state| state.dev_domains.insert(account, domain.to_ascii_lowercase()));
    }

    /// Reserves a name for the token's account; others get `ERR_NGROK_320`.
    pub fn reserve(&self, token: &str, domain: &str) {
        let account = accounts::account_of(token);
        self.inner
            .change(|state| state.reserved.insert(domain.to_ascii_lowercase(), account));
    }

    /// Whether tunnels that ask for no name get a new one each time instead of the development name.
    pub fn set_random_names(&self, on: bool) {
        self.inner.change(|state| state.random_names = on);
    }

    /// Refuses every agent from now on with this code and text, until [`accept_auth`](Self::accept_auth).
    pub fn reject_auth(&self, code: &str, text: &str) {
        self.inner.change(|state| state.auth_rules.add(code, text, false));
    }

    /// Refuses the next agent.
    pub fn reject_auth_once(&self, code: &str, text: &str) {
        self.inner.change(|state| state.auth_rules.add(code, text, true));
    }

    /// Forgets the refusals of agents.
    pub fn accept_auth(&self) {
        self.inner.change(|state| state.auth_rules.clear());
    }

    /// Refuses every tunnel from now on with this code and text, until [`accept_binds`](Self::accept_binds).
    pub fn reject_bind(&self, code: &str, text: &str) {
        self.inner.change(|state| state.bind_rules.add(code, text, false));
    }

    /// Refuses the next tunnel.
    pub fn reject_bind_once(&self, code: &str, text: &str) {
        self.inner.change(|state| state.bind_rules.add(code, text, true));
    }

    /// Forgets the refusals of tunnels.
    pub fn accept_binds(&self) {
        self.inner.change(|state| state.bind_rules.clear());
    }

    /// How long a name stays taken after its session was lost without a farewell. Zero at first.
    pub fn set_linger(&self, linger: Duration) {
        self.inner.change(|state| state.linger = linger);
    }

    /// How many visitors after the opening of a tunnel are told that it is offline. None at first.
    pub fn set_start_lag(&self, visitors: usize) {
        self.inner.change(|state| state.start_lag = visitors);
    }

    /// After this many more visitors every one gets this code (`ERR_NGROK_727`, `ERR_NGROK_734`).
    pub fn set_quota(&self, left: usize, code: &str) {
        let code = code.to_owned();
        self.inner
            .change(|state| state.quota = Some(Quota { left, code }));
    }

    /// Ends the [quota](Self::set_quota).
    pub fn lift_quota(&self) {
        self.inner.change(|state| state.quota = None);
    }

    /// Whether browsers get a page in between (6024) unless they send `ngrok-skip-browser-warning`. On at first.
    pub fn set_interstitial(&self, on: bool) {
        self.inner.change(|state| state.interstitial = on);
    }
}
