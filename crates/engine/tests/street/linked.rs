//! A shop whose messages come through a tunnel: the real ngrok client, a simulated edge and a simulated Meta.

use crate::town::{NUMBER, SECRET, SOON, Watch, config, number, parsed};
use domain::{ChannelId, TunnelKind};
use engine::{Clock, Engine, EngineOptions, NewTunnel, NgrokServer};
use serde_json::Value;
use simulator::{Edge, Meta};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::{Reader, Registration, StoreError};
use tempfile::TempDir;
use vault::{Secret, Vault};

pub(crate) struct Linked {
    pub(crate) meta: Meta,
    pub(crate) edge: Edge,
    pub(crate) engine: Engine,
    pub(crate) vault: Vault,
    pub(crate) watch: Arc<Watch>,
    pub(crate) channel: ChannelId,
    pub(crate) path: String,
    pub(crate) folder: TempDir,
}

pub(crate) async fn start(edge: &Edge, folder: &Path, vault: &Vault, watch: &Arc<Watch>) -> Engine {
    Engine::start(EngineOptions {
        clock: Arc::clone(watch) as Arc<dyn Clock>,
        ngrok_server: Some(NgrokServer {
            addr: edge.agent_server(),
            ca_pem: edge.ca_pem().into_bytes(),
        }),
        ..EngineOptions::new(folder.join("data"), vault.clone())
    })
    .await
    .unwrap()
}

pub(crate) fn ngrok(token: Option<&str>, domain: Option<&str>) -> NewTunnel {
    NewTunnel {
        kind: TunnelKind::Ngrok,
        authtoken: token.map(Secret::new),
        domain: domain.map(str::to_owned),
        url: None,
        tunnel_token: None,
        port: None,
        lan: None,
    }
}

/// The address of the whole registration, as far as it counts as done.
pub(crate) fn done(registration: &Registration) -> Option<String> {
    let done = registration.is_done().then_some(registration.done_at).flatten();
    done.and_then(|_| registration.callback_url.clone())
}

impl Linked {
    /// A shop with a number, and no tunnel yet.
    pub(crate) async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    /// The same, with another configuration of the channel.
    pub(crate) async fn open_with(change: impl FnOnce(&mut Value)) -> Self {
        let meta = Meta::start().await.unwrap();
        meta.add_number(number(NUMBER, SECRET));
        let edge = Edge::start().await.unwrap();
        meta.reach_through(edge.addr(), &edge.ca_pem()).unwrap();
        let (vault, watch) = (Vault::memory(), Arc::new(Watch::default()));
        let folder = tempfile::tempdir().unwrap();
        let engine = start(&edge, folder.path(), &vault, &watch).await;
        let mut config = config(&meta, NUMBER, SECRET);
        change(&mut config);
        let added = engine::add_channel(engine.store(), engine.vault(), parsed(&config), engine.now())
            .await
            .unwrap();
        engine.hang_doorplates().await.unwrap();
        Self {
            meta,
            edge,
            engine,
            vault,
            watch,
            channel: added.channel_id,
            path: added.webhook_path,
            folder,
        }
    }

    /// The owner enters the authtoken.
    pub(crate) async fn choose(&self) {
        let token = self.edge.token();
        self.engine.save_tunnel(ngrok(Some(&token), None)).await.unwrap();
    }

    /// Ends the engine and starts another on the same data.
    pub(crate) async fn restart(&mut self) {
        self.engine.stop().await;
        self.engine = start(&self.edge, self.folder.path(), &self.vault, &self.watch).await;
    }

    /// The public address of the account, with the path of the channel.
    pub(crate) fn url(&self) -> String {
        format!(
            "https://{}{}",
            self.edge.dev_domain(&self.edge.token()),
            self.path
        )
    }

    /// Asks again, at the latest after every change, until there is an answer.
    pub(crate) async fn until<T: Send + 'static>(
        &self,
        what: &str,
        ask: impl Fn(Reader<'_>) -> Result<Option<T>, StoreError> + Send + Sync + 'static,
    ) -> T {
        let ask = Arc::new(ask);
        let mut changes = self.engine.store().changes();
        let asking = async {
            loop {
                let ask = Arc::clone(&ask);
                if let Some(answer) = self.engine.store().read(move |r| ask(r)).await.unwrap() {
                    return answer;
                }
                drop(tokio::time::timeout(Duration::from_millis(50), changes.recv()).await);
            }
        };
        tokio::time::timeout(SOON, asking)
            .await
            .unwrap_or_else(|_| panic!("it did not come to: {what}"))
    }

    /// Waits until the channel is registered at `url`.
    pub(crate) async fn registered(&self, url: &str) -> Registration {
        let (channel, url) = (self.channel.clone(), url.to_owned());
        self.until("a registration", move |r| {
            let known = r.registration(&channel)?;
            Ok(known.filter(|known| done(known).as_ref() == Some(&url)))
        })
        .await
    }

    /// Waits until the registration has failed, and returns it.
    pub(crate) async fn refused(&self) -> Registration {
        let channel = self.channel.clone();
        self.until("a refusal", move |r| {
            let known = r.registration(&channel)?;
            Ok(known.filter(|known| known.state == domain::StepState::Failed))
        })
        .await
    }

    /// The requests by which something was changed at Meta: method and path.
    pub(crate) fn changed_at_meta(&self) -> Vec<String> {
        let calls = self.meta.calls();
        let changing = calls.iter().filter(|call| call.method != "GET");
        changing
            .map(|call| format!("{} {}", call.method, call.path))
            .collect()
    }
}
