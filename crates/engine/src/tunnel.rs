//! How the internet reaches this computer: what the owner chose, and the keeper that keeps it open.

mod settings;

pub use settings::NewTunnel;

use crate::clock::Clock;
use crate::commands::CommandError;
use crate::connection::Switchboard;
use crate::engine::Engine;
use domain::{FREE_REQUESTS, Timestamp, TunnelKind};
use gateway::Street;
use gateway::outside::Reach;
use gateway::tunnel::{
    Cloudflared, Detected, Keeper, NamedTunnel, Ngrok, NgrokServer, OwnUrl, Tailscale, TunnelConfig,
    TunnelPhase, TunnelStatus, detect,
};
use settings::{TunnelSettings, checked, misfit};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use store::{Store, StoreError, TunnelUsage};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use vault::{Secret, SecretName, Vault};

/// Whose secrets those of the tunnel are.
pub(crate) const OWNER: &str = "tunnel";
/// ngrok's secret.
pub(crate) const AUTHTOKEN: &str = "authtoken";
/// Cloudflare's secret.
pub(crate) const TUNNEL_TOKEN: &str = "tunnel_token";

/// How long the programs that were found count as found: a burst of questions is one, and who looks again sees anew.
const FOUND_FOR: Duration = Duration::from_secs(5);

/// A way that was chosen at the command line and is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TunnelChoice {
    /// None: something else brings the webhooks to the loopback port, or nothing does.
    None,
    /// ngrok. What is left out is taken from the settings.
    Ngrok {
        /// The account's token.
        authtoken: Option<Secret>,
        /// The domain to open.
        domain: Option<String>,
    },
    /// An address of the owner's own that is forwarded to the loopback port.
    Url(String),
}

/// A secret, as far as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSecret {
    /// Which.
    pub field: &'static str,
    /// Whether there is one; `None` when the vault does not say.
    pub set: Option<bool>,
    /// Its last four characters, when it is long enough.
    pub last4: Option<String>,
}

impl KnownSecret {
    /// Looks a secret up.
    pub(crate) async fn look(vault: &Vault, owner: &str, field: &'static str) -> Self {
        let found = vault.get(&SecretName::new(owner, field)).await;
        let last4 = match &found {
            Ok(Some(secret)) => Some(secret.last_four()).filter(|last| !last.is_empty()),
            _ => None,
        };
        Self {
            field,
            set: found.ok().map(|secret| secret.is_some()),
            last4,
        }
    }
}

/// How the internet reaches this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TunnelFacts {
    /// Which way was chosen.
    pub kind: TunnelKind,
    /// Whether that was done at the command line, so that the settings do not count.
    pub by_command_line: bool,
    /// Whether anything was ever chosen.
    pub chosen: bool,
    /// How it stands.
    pub status: TunnelStatus,
    /// Why it could not even be begun, such as a locked vault: a sentence.
    pub trouble: Option<String>,
    /// The domain that is kept for us.
    pub domain: Option<String>,
    /// The owner's address, or the host name of a named tunnel.
    pub own_url: Option<String>,
    /// Where something else has to forward to.
    pub listens_at: Option<SocketAddr>,
    /// What came through it this month.
    pub usage: TunnelUsage,
    /// How many requests a month a free plan has, where there is such a limit.
    pub requests_given: Option<u64>,
}

/// The way in, and what keeps it open.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) keeper: Keeper,
    pub(crate) street: Street,
    choice: Option<TunnelChoice>,
    server: Option<NgrokServer>,
    /// Which way is gone, or why none can be: a sentence. `None` until it was decided.
    decision: watch::Sender<Option<Result<TunnelKind, String>>>,
    /// Where webhooks are received without a tunnel.
    loopback: SocketAddr,
    /// Only one change at a time.
    changing: tokio::sync::Mutex<()>,
    /// The programs that were found, and when. Asking them takes seconds when one of them hangs.
    programs: tokio::sync::Mutex<Option<(Instant, Vec<Detected>)>>,
}

impl Way {
    /// A way that is not open yet.
    pub(crate) fn new(
        street: Street,
        choice: Option<TunnelChoice>,
        server: Option<NgrokServer>,
        loopback: SocketAddr,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            keeper: Keeper::new(TunnelConfig::None, street.clone(), Arc::new(move || clock.now())),
            street,
            choice,
            server,
            decision: watch::Sender::new(None),
            loopback,
            changing: tokio::sync::Mutex::default(),
            programs: tokio::sync::Mutex::default(),
        }
    }

    /// Returns how the tunnel stands.
    pub(crate) fn status(&self) -> TunnelStatus {
        self.keeper.status().borrow().clone()
    }

    /// Returns which way is gone, or why none can be, and from then on every change. `None` until it was decided.
    pub(crate) fn decision(&self) -> watch::Receiver<Option<Result<TunnelKind, String>>> {
        self.decision.subscribe()
    }

    /// Returns why it could not even be begun.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.decision.borrow().clone()?.err()
    }

    /// Returns how public names are reached: as everybody does, unless there is another server for the tests.
    pub(crate) async fn reach(&self) -> Reach {
        let Some(server) = &self.server else {
            return Reach::default();
        };
        // It listens where IPv4 is; `localhost` may be the other first.
        let found: Vec<SocketAddr> = match tokio::net::lookup_host(&server.addr).await {
            Ok(found) => found.collect(),
            Err(_) => Vec::new(),
        };
        let v4 = found.iter().find(|address| address.is_ipv4());
        // Behind a real server the public names are found as always.
        let address = v4
            .or_else(|| found.first())
            .copied()
            .filter(|address| address.ip().is_loopback());
        Reach {
            server: address,
            ca_pem: (!server.ca_pem.is_empty()).then(|| server.ca_pem.clone()),
        }
    }

    /// Returns the programs on this computer that could be the tunnel, as found a moment ago.
    async fn programs(&self) -> Vec<Detected> {
        let mut known = self.programs.lock().await;
        match known.as_ref() {
            Some((at, found)) if at.elapsed() < FOUND_FOR => found.clone(),
            _ => {
                let found = detect().await;
                *known = Some((Instant::now(), found.clone()));
                found
            }
        }
    }

    /// The programs are looked for again when they are next asked about.
    async fn forget_programs(&self) {
        *self.programs.lock().await = None;
    }

    async fn program(&self, kind: TunnelKind, missing: &str) -> Result<PathBuf, String> {
        let found = self
            .programs()
            .await
            .into_iter()
            .find(|program| program.kind == kind);
        found
            .map(|program| program.path)
            .ok_or_else(|| missing.to_owned())
    }

    /// Reads what was chosen and goes that way from now on. Returns whether it is another way.
    pub(crate) async fn apply(&self, store: &Store, vault: &Vault) -> Result<bool, StoreError> {
        let _turn = self.changing.lock().await;
        let settings = TunnelSettings::read(store).await?;
        let (config, decision) = match self.config(&settings, vault).await {
            Ok(config) => {
                let kind = config.kind();
                (config, Ok(kind))
            }
            Err(words) => (TunnelConfig::None, Err(words)),
        };
        let changed = self.keeper.change(config);
        self.decision.send_if_modified(|known| {
            let is_new = known.as_ref() != Some(&decision);
            *known = Some(decision);
            is_new
        });
        Ok(changed)
    }

    async fn config(&self, settings: &TunnelSettings, vault: &Vault) -> Result<TunnelConfig, String> {
        let ngrok = |authtoken, domain| {
            TunnelConfig::Ngrok(Ngrok {
                server: self.server.clone(),
                ..Ngrok::new(authtoken, domain)
            })
        };
        match &self.choice {
            Some(TunnelChoice::None) => return Ok(TunnelConfig::None),
            Some(TunnelChoice::Url(url)) => {
                return Ok(TunnelConfig::OwnUrl(OwnUrl {
                    url: url.clone(),
                    listen: None,
                }));
            }
            Some(TunnelChoice::Ngrok { authtoken, domain }) => {
                let authtoken = match authtoken {
                    Some(authtoken) => authtoken.clone(),
                    None => needed(vault, AUTHTOKEN, NO_AUTHTOKEN).await?,
                };
                return Ok(ngrok(
                    authtoken,
                    domain.clone().or_else(|| settings.domain.clone()),
                ));
            }
            None => {}
        }
        Ok(match settings.kind() {
            TunnelKind::None => TunnelConfig::None,
            TunnelKind::Ngrok => ngrok(
                needed(vault, AUTHTOKEN, NO_AUTHTOKEN).await?,
                settings.domain.clone(),
            ),
            TunnelKind::Url => TunnelConfig::OwnUrl(OwnUrl {
                url: settings.url.clone().unwrap_or_default(),
                listen: Some(port(settings)),
            }),
            TunnelKind::Cloudflared => {
                let token = found(vault, TUNNEL_TOKEN).await?;
                let named = match (token, settings.url.clone()) {
                    (Some(token), Some(url)) => Some(NamedTunnel { token, url }),
                    (Some(_), None) => return Err(NO_HOST_NAME.to_owned()),
                    (None, _) => None,
                };
                TunnelConfig::Cloudflared(Cloudflared {
                    program: self.program(TunnelKind::Cloudflared, NO_CLOUDFLARED).await?,
                    listen: port(settings),
                    named,
                })
            }
            TunnelKind::Tailscale => TunnelConfig::Tailscale(Tailscale {
                program: self.program(TunnelKind::Tailscale, NO_TAILSCALE).await?,
                listen: port(settings),
            }),
        })
    }

    /// Keeps the domain that ngrok gave us, so that it is asked for by name at every start.
    pub(crate) async fn keep_domain(&self, store: &Store, status: &TunnelStatus) -> Result<(), StoreError> {
        let Some(domain) = status.domain().filter(|_| status.kind == TunnelKind::Ngrok) else {
            return Ok(());
        };
        let _turn = self.changing.lock().await;
        let mut settings = TunnelSettings::read(store).await?;
        if settings.domain.as_deref() == Some(domain) {
            return Ok(());
        }
        settings.domain = Some(domain.to_owned());
        settings.keep(store).await
    }

    /// Returns how it stands, with what was chosen and what it was used for.
    pub(crate) async fn facts(&self, store: &Store, now: Timestamp) -> Result<TunnelFacts, StoreError> {
        let mut facts = TunnelFacts::kept(store, now).await?;
        if let Some(choice) = &self.choice {
            facts.by_command_line = true;
            facts.chosen = true;
            let (kind, own_url) = match choice {
                TunnelChoice::None => (TunnelKind::None, None),
                TunnelChoice::Ngrok { .. } => (TunnelKind::Ngrok, None),
                TunnelChoice::Url(url) => (TunnelKind::Url, Some(url.clone())),
            };
            facts.kind = kind;
            facts.listens_at = own_url.is_some().then_some(self.loopback);
            facts.own_url = own_url;
        }
        facts.status = self.status();
        facts.trouble = self.trouble();
        Ok(facts)
    }
}

impl TunnelFacts {
    /// Returns what is kept of it: what was chosen, and what it was used for.
    pub(crate) async fn kept(store: &Store, now: Timestamp) -> Result<Self, StoreError> {
        let month: String = now.to_rfc3339().chars().take("2026-11".len()).collect();
        let settings = TunnelSettings::read(store).await?;
        let usage = store.read(move |reader| reader.tunnel_usage(&month)).await?;
        let kind = settings.kind();
        let own_url = settings.url.clone();
        let forwarded = match kind {
            TunnelKind::Url => true,
            TunnelKind::Cloudflared => own_url.is_some(),
            TunnelKind::None | TunnelKind::Ngrok | TunnelKind::Tailscale => false,
        };
        let free = |domain: &str| domain.ends_with(".ngrok-free.app") || domain.ends_with(".ngrok-free.dev");
        let domain = settings.domain.clone();
        Ok(Self {
            kind,
            by_command_line: false,
            chosen: !settings.kind.is_empty(),
            requests_given: domain.as_deref().is_some_and(free).then_some(FREE_REQUESTS),
            status: TunnelStatus::off(kind, now),
            trouble: None,
            domain,
            own_url: own_url.filter(|_| matches!(kind, TunnelKind::Url | TunnelKind::Cloudflared)),
            listens_at: forwarded.then(|| port(&settings)),
            usage,
        })
    }
}

const NO_AUTHTOKEN: &str = "The authtoken of ngrok is missing, so customers' messages cannot come in. Copy it from ngrok's page and enter it in the \
     settings of the tunnel.";
const NO_HOST_NAME: &str = "The public host name of your Cloudflare tunnel is missing, so customers' messages cannot come in. Enter it in the \
     settings of the tunnel.";
const NO_CLOUDFLARED: &str = "The program cloudflared was not found on this computer, so customers' messages cannot come in. Install it, or choose \
     another way in the settings of the tunnel.";
const NO_TAILSCALE: &str = "The program tailscale was not found on this computer, so customers' messages cannot come in. Install it, or choose \
     another way in the settings of the tunnel.";

async fn found(vault: &Vault, field: &str) -> Result<Option<Secret>, String> {
    let secret = vault.get(&SecretName::new(OWNER, field)).await;
    secret.map_err(|error| error.to_string())
}

async fn needed(vault: &Vault, field: &str, missing: &str) -> Result<Secret, String> {
    found(vault, field).await?.ok_or_else(|| missing.to_owned())
}

fn port(settings: &TunnelSettings) -> SocketAddr {
    // The signature of each webhook is checked, whoever brings it.
    let host = if settings.lan {
        [0, 0, 0, 0]
    } else {
        [127, 0, 0, 1]
    };
    SocketAddr::from((host, settings.port.unwrap_or(0)))
}

const NO_AUTHTOKEN_YET: &str =
    "ngrok needs your authtoken. Copy it from dashboard.ngrok.com, Your Authtoken.";

impl Engine {
    /// Returns how the tunnel stands.
    pub fn tunnel_status(&self) -> TunnelStatus {
        self.switchboard().way.status()
    }

    /// Returns how the tunnel stands, and from then on every change.
    pub fn tunnel_changes(&self) -> watch::Receiver<TunnelStatus> {
        self.switchboard().way.keeper.status()
    }

    /// Returns how the internet reaches this computer.
    pub async fn tunnel(&self) -> Result<TunnelFacts, StoreError> {
        self.switchboard().way.facts(self.store(), self.now()).await
    }

    /// Returns the secrets of the tunnel, as far as they may be shown.
    pub async fn tunnel_secrets(&self) -> Vec<KnownSecret> {
        let mut known = Vec::new();
        for field in [AUTHTOKEN, TUNNEL_TOKEN] {
            known.push(KnownSecret::look(self.vault(), OWNER, field).await);
        }
        known
    }

    /// Returns the programs on this computer that could be the tunnel.
    pub async fn tunnel_programs(&self) -> Vec<Detected> {
        self.switchboard().way.programs().await
    }

    /// Chooses how the internet reaches this computer, and goes that way at once. What does not fit is refused by its
    /// field and changes nothing.
    pub async fn save_tunnel(&self, new: NewTunnel) -> Result<(), CommandError> {
        let way = &self.switchboard().way;
        if way.choice.is_some() {
            return Err(StoreError::Conflict(
                "The way was chosen when Deskbell was started (--tunnel). Start it without that to choose here."
                    .to_owned(),
            )
            .into());
        }
        let known = TunnelSettings::read(self.store()).await?;
        let (settings, secret) = checked(new, &known)?;
        if settings.kind() == TunnelKind::Ngrok && secret.is_none() {
            self.known_secret(AUTHTOKEN, "authtoken", NO_AUTHTOKEN_YET)
                .await?;
        }
        if let Some((field, secret)) = secret {
            let name = SecretName::new(OWNER, field);
            let stored = self.vault().set(&name, &secret).await;
            stored.map_err(|error| CommandError::Secrets(error.to_string()))?;
        }
        {
            let _turn = way.changing.lock().await;
            settings.keep(self.store()).await?;
        }
        way.forget_programs().await;
        // Saved as it was, it is meant to be tried again.
        if !way.apply(self.store(), self.vault()).await? && way.status().phase == TunnelPhase::Stopped {
            way.keeper.reconnect();
        }
        Ok(())
    }

    async fn known_secret(&self, secret: &str, field: &str, missing: &str) -> Result<(), CommandError> {
        let found = self.vault().get(&SecretName::new(OWNER, secret)).await;
        match found.map_err(|error| CommandError::Secrets(error.to_string()))? {
            Some(_) => Ok(()),
            None => Err(misfit(field, missing)),
        }
    }

    /// Tries the tunnel again at once, also when it was given up.
    pub async fn retry_tunnel(&self) -> Result<(), CommandError> {
        let way = &self.switchboard().way;
        way.forget_programs().await;
        // Another way is opened at once by itself; asked for twice, it would be interrupted while it opens.
        if !way.apply(self.store(), self.vault()).await? {
            way.keeper.reconnect();
        }
        Ok(())
    }
}

/// Keeps the tunnel open until cancelled.
pub(crate) async fn keep(board: Switchboard, cancel: CancellationToken) {
    if let Err(error) = board.way.apply(&board.store, &board.vault).await {
        tracing::error!(%error, "the settings of the tunnel could not be read");
    }
    board.way.keeper.keep(&cancel).await;
}
