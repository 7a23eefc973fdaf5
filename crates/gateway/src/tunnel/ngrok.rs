//! ngrok, inside this program.
//!
//! The crate's own reconnecting is refused and its connection is behind a switch of ours, because it waits for hours,
//! does not notice a dead peer and does not close (dependencies.md, section 1.3). One session is one connection; the
//! keeper opens the next.

mod codes;

use super::dial::dial;
use super::keep::Report;
use super::pipe::{Pipe, Switch};
use super::status::domain_of;
use super::{Ended, Session, TroubleClass, Tunnel, TunnelTrouble};
use crate::server::{Calls, Street};
use codes::{ANOTHER_MOMENT, trouble};
use futures_util::{FutureExt as _, StreamExt as _};
use ngrok::Error as _;
use ngrok::config::TunnelBuilder as _;
use ngrok::session::{ConnectError, IoStream, RpcError, SessionBuilder};
use ngrok::tunnel::{AcceptError, EndpointInfo as _, HttpTunnel, TunnelCloser as _};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_util::sync::CancellationToken;
use vault::Secret;

/// What ngrok's pages show as the place a tunnel leads to. The crate would otherwise send the computer's name and the
/// path of the program.
const FORWARDS_TO: &str = "inbox";
/// The name of this program in ngrok's pages.
const CLIENT: &str = "deskbell";
/// How long opening may take in all.
const OPENING: Duration = Duration::from_secs(15);
/// How long it may take until a connection stands.
const DIALING: Duration = Duration::from_secs(4);
/// How long it may take until it is encrypted.
const SHAKING_HANDS: Duration = Duration::from_secs(5);
/// How often both sides say that they are there.
const BEAT: Duration = Duration::from_secs(5);
/// How much later than that a beat may come.
const TOLERANCE: Duration = Duration::from_secs(10);
/// How long the other side has to prove itself after the network changed or the computer slept: one beat and a little.
const PROOF: Duration = Duration::from_secs(8);
/// How long giving the address back may take.
const GIVING_BACK: Duration = Duration::from_secs(1);

/// A connection under way.
pub type Dialed = Pin<Box<dyn Future<Output = io::Result<Box<dyn Pipe>>> + Send>>;

/// Makes the connection to ngrok another way, such as in the memory of a test. What it returns is taken as it is,
/// without TLS.
#[derive(Clone)]
pub struct Dialer(Arc<dyn Fn() -> Dialed + Send + Sync>);

impl Dialer {
    /// Calls `dial` for each connection.
    pub fn new(dial: impl Fn() -> Dialed + Send + Sync + 'static) -> Self {
        Self(Arc::new(dial))
    }
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialer").finish_non_exhaustive()
    }
}

impl PartialEq for Dialer {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Dialer {}

/// Another server than ngrok's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NgrokServer {
    /// `host` or `host:port`.
    pub addr: String,
    /// The certificate its own is signed with, in PEM. Empty for ngrok's.
    pub ca_pem: Vec<u8>,
}

/// ngrok, with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ngrok {
    /// The account's token.
    pub authtoken: Secret,
    /// The domain to open. Without one ngrok chooses; what it chose is to be saved and asked for from then on, since
    /// it may choose another next time.
    pub domain: Option<String>,
    /// Another server than ngrok's own.
    pub server: Option<NgrokServer>,
    /// Another way of connecting.
    pub dialer: Option<Dialer>,
}

impl Ngrok {
    /// ngrok as most people have it.
    pub fn new(authtoken: Secret, domain: Option<String>) -> Self {
        Self {
            authtoken,
            domain,
            server: None,
            dialer: None,
        }
    }
}

impl Tunnel for Ngrok {
    fn session<'a>(
        &'a self,
        street: &'a Street,
        report: &'a Report,
        cancel: CancellationToken,
    ) -> Session<'a> {
        Box::pin(self.run(street, report, cancel))
    }
}

impl Ngrok {
    async fn run(&self, street: &Street, report: &Report, cancel: CancellationToken) -> Ended {
        let switch = Switch::default();
        let _cut = switch.at_the_end();
        let (beats, beat) = watch::channel(Instant::now());
        let (commands, mut command) = mpsc::channel(1);
        let opened = tokio::select! {
            () = cancel.cancelled() => return Ended::Left,
            opened = timeout(OPENING, self.open(&switch, beats, commands)) => opened,
        };
        let (_session, mut listener) = match opened {
            Ok(Ok(opened)) => opened,
            Ok(Err(trouble)) => return Ended::Trouble(trouble),
            Err(_) => return Ended::Trouble(no_answer()),
        };
        report.online(listener.url());
        let calls = street.counted().calls(&CancellationToken::new());
        let ended = tokio::select! {
            () = cancel.cancelled() => Ended::Left,
            trouble = self.accept(&mut listener, &calls) => Ended::Trouble(trouble),
            () = silence(beat, report) => Ended::Trouble(dead()),
            Some(ended) = command.recv() => ended,
        };
        // A session that is in order ends in order: nobody new comes in, who is being answered is answered.
        let lost = matches!(&ended, Ended::Trouble(trouble) if trouble.class != TroubleClass::Permanent);
        if !lost {
            drop(timeout(GIVING_BACK, listener.close()).await);
            // Who came just before stands in the hall already.
            while let Some(Some(Ok(connection))) = listener.next().now_or_never() {
                calls.answer(connection).await;
            }
            calls.end().await;
        }
        // What the crate does not close, this does: only then may there be another connection.
        switch.pull();
        ended
    }

    /// Connects and opens the domain.
    async fn open(
        &self,
        switch: &Switch,
        beats: watch::Sender<Instant>,
        commands: mpsc::Sender<Ended>,
    ) -> Result<(ngrok::Session, HttpTunnel), TunnelTrouble> {
        let session = self
            .builder(switch, beats, commands)?
            .connect()
            .await
            .map_err(|error| self.refused_connection(&error))?;
        let mut endpoint = session.http_endpoint();
        endpoint.forwards_to(FORWARDS_TO);
        // As people paste it: a whole address has its domain in it.
        if let Some(domain) = self.domain.as_deref().map(str::trim).and_then(domain_of) {
            endpoint.domain(domain);
        }
        let listener = endpoint.listen().await.map_err(|error| self.refused(&error))?;
        Ok((session, listener))
    }

    fn builder(
        &self,
        switch: &Switch,
        beats: watch::Sender<Instant>,
        commands: mpsc::Sender<Ended>,
    ) -> Result<SessionBuilder, TunnelTrouble> {
        // Fails when one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = ngrok::Session::builder();
        if let Some(server) = &self.server {
            builder.server_addr(&server.addr).map_err(|error| {
                let words = "The address of the ngrok server cannot be read. Enter it as host:port.";
                TunnelTrouble::new(TroubleClass::Permanent, words).detail(&error.to_string())
            })?;
            if !server.ca_pem.is_empty() {
                builder.ca_cert(server.ca_pem.clone().into());
            }
        }
        let beating = builder
            .authtoken(self.authtoken.expose().trim())
            .client_info(CLIENT, env!("CARGO_PKG_VERSION"), None::<String>)
            .heartbeat_interval(BEAT)
            .map(drop)
            .is_ok()
            && builder.heartbeat_tolerance(TOLERANCE).map(drop).is_ok();
        debug_assert!(beating, "seconds fit into nanoseconds");
        let dead = switch.clone();
        builder.handle_heartbeat(move |latency: Option<Duration>| {
            match latency {
                Some(_) => drop(beats.send_replace(Instant::now())),
                None => dead.pull(),
            }
            // Not `ready`: what it returns cannot go to another thread, a future that returns it can.
            async { Ok::<(), Box<dyn StdError>>(()) }
        });
        let stops = commands.clone();
        builder.handle_stop_command(move |_| {
            drop(stops.try_send(Ended::Trouble(stopped())));
            std::future::ready(Ok(()))
        });
        builder.handle_restart_command(move |_| {
            drop(commands.try_send(Ended::Again));
            std::future::ready(Ok(()))
        });
        let (switch, dialer) = (switch.clone(), self.dialer.clone());
        builder.connector(
            move |host: String, port: u16, tls: Arc<ClientConfig>, again: Option<AcceptError>| {
                let (switch, dialer) = (switch.clone(), dialer.clone());
                async move {
                    if again.is_some() {
                        return Err(ConnectError::Canceled);
                    }
                    let pipe = connect(host, port, tls, dialer).await?;
                    Ok(Box::new(switch.put_into(pipe)) as Box<dyn IoStream>)
                }
            },
        );
        Ok(builder)
    }

    /// Lets in what comes, until nothing comes any more.
    async fn accept(&self, listener: &mut HttpTunnel, calls: &Calls) -> TunnelTrouble {
        loop {
            match listener.next().await {
                Some(Ok(connection)) => calls.answer(connection).await,
                Some(Err(AcceptError::ListenerClosed { message, error_code })) => {
                    return trouble(error_code.as_deref(), &message, &self.authtoken);
                }
                Some(Err(error)) => return lost().detail(&chain(&error)),
                None => return lost(),
            }
        }
    }

    fn refused_connection(&self, error: &ConnectError) -> TunnelTrouble {
        match error {
            ConnectError::Auth(error) | ConnectError::Rebind(error) => self.refused(error),
            ConnectError::Tls(error) => not_encrypted(error),
            ConnectError::Tcp(error) => not_reached(error),
            error => lost().detail(&chain(error)),
        }
    }

    fn refused(&self, error: &RpcError) -> TunnelTrouble {
        match error {
            RpcError::Response(said) => trouble(said.error_code(), &said.msg(), &self.authtoken),
            error => lost().detail(&chain(error)),
        }
    }
}

/// Connects to ngrok.
async fn connect(
    host: String,
    port: u16,
    tls: Arc<ClientConfig>,
    dialer: Option<Dialer>,
) -> Result<Box<dyn Pipe>, ConnectError> {
    let late = |_| io::Error::new(io::ErrorKind::TimedOut, "nobody answered in time");
    if let Some(Dialer(dialer)) = dialer {
        let dialed = timeout(DIALING, dialer()).await;
        return dialed
            .unwrap_or_else(|passed| Err(late(passed)))
            .map_err(ConnectError::Tcp);
    }
    let stream = timeout(DIALING, dial(&host, port))
        .await
        .unwrap_or_else(|passed| Err(late(passed)))
        .map_err(ConnectError::Tcp)?;
    let name = ServerName::try_from(host).map_err(|error| ConnectError::Tls(io::Error::other(error)))?;
    let encrypted = timeout(SHAKING_HANDS, TlsConnector::from(tls).connect(name, stream))
        .await
        .unwrap_or_else(|passed| Err(late(passed)))
        .map_err(ConnectError::Tls)?;
    Ok(Box::new(encrypted))
}

/// Returns when the other side has not been heard for too long.
async fn silence(mut beat: watch::Receiver<Instant>, report: &Report) {
    let mut proof: Option<(Instant, Instant)> = None;
    loop {
        let heard = *beat.borrow_and_update();
        let mut until = heard + BEAT + TOLERANCE;
        if let Some((asked, due)) = proof.filter(|(asked, _)| heard <= *asked) {
            until = until.min(due);
            proof = Some((asked, due));
        }
        tokio::select! {
            biased;
            changed = beat.changed() => if changed.is_err() {
                // The crate has let go of its heartbeat.
                tokio::time::sleep_until(until).await;
                return;
            },
            () = tokio::time::sleep_until(until) => return,
            () = report.woken() => {
                let now = Instant::now();
                proof = Some((now, now + PROOF));
            }
        }
    }
}

/// An error with all its causes: the crate's own sentences name none.
fn chain(error: &dyn StdError) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said.push_str(": ");
        said.push_str(&error.to_string());
        cause = error.source();
    }
    said
}

fn network(what: &str) -> TunnelTrouble {
    TunnelTrouble::new(TroubleClass::Network, format!("{what} {ANOTHER_MOMENT}"))
}

fn not_reached(error: &io::Error) -> TunnelTrouble {
    network(
        "ngrok cannot be reached from this computer, so customers' messages cannot come in; \
         the internet connection may be down, or a firewall keeps the program in.",
    )
    .detail(&error.to_string())
}

fn not_encrypted(error: &io::Error) -> TunnelTrouble {
    let certificate = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>())
        .is_some_and(|error| matches!(error, rustls::Error::InvalidCertificate(_)));
    if !certificate {
        return network(
            "The connection to ngrok broke off before it was secure, so customers' messages cannot come in.",
        )
        .detail(&error.to_string());
    }
    TunnelTrouble::new(
        TroubleClass::Passing,
        "Somebody else answers in ngrok's place, so customers' messages cannot come in: this network asks for a sign-in \
         first, or inspects encrypted connections. Sign in to the network, or ask its administrator for the certificate \
         and enter it under the advanced settings.",
    )
    .detail(&error.to_string())
}

fn no_answer() -> TunnelTrouble {
    network("ngrok was reached but does not answer, so customers' messages cannot come in.")
}

fn lost() -> TunnelTrouble {
    network("The connection to ngrok was lost, so customers' messages cannot come in at the moment.")
}

fn dead() -> TunnelTrouble {
    network(
        "ngrok has not been heard for a while, so the connection is dead and customers' messages cannot come in.",
    )
}

fn stopped() -> TunnelTrouble {
    TunnelTrouble::new(
        TroubleClass::Permanent,
        "Somebody stopped the tunnel at ngrok's page, so customers' messages cannot come in. \
         WhatsApp keeps them meanwhile. Connect again when it should go on.",
    )
    .at("https://dashboard.ngrok.com/agents")
}
