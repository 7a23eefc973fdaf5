//! The demo shop behind a window.

use crate::desk::DeskError;
use engine::{ChannelConfig, Engine, EngineError, EngineOptions, NgrokServer, TunnelChoice, TunnelPhase};
use simulator::DemoShop;
use std::time::Duration;
use tokio::sync::Mutex;
use vault::{Secret, Vault};

/// How long the shop waits for its tunnel before it opens without.
const TUNNEL_TIME: Duration = Duration::from_secs(5);
/// How often it looks meanwhile.
const LOOK: Duration = Duration::from_millis(20);

/// The demo shop: a simulated Meta with customers, a simulated edge of a tunnel, and an engine on a folder that is thrown
/// away. Messages take the whole way a real one takes, through the tunnel, without leaving this computer.
pub(crate) struct Demo {
    engine: Engine,
    shop: Mutex<Option<DemoShop>>,
    _folder: tempfile::TempDir,
}

impl Demo {
    /// Opens the shop.
    pub(crate) async fn open() -> Result<Self, DeskError> {
        let folder = tempfile::tempdir().map_err(failed)?;
        let shop = DemoShop::start().await.map_err(failed)?;
        let edge = shop.edge();
        let options = EngineOptions {
            tunnel: Some(TunnelChoice::Ngrok {
                authtoken: Some(Secret::new(edge.token())),
                domain: None,
            }),
            ngrok_server: Some(NgrokServer {
                addr: edge.agent_server(),
                ca_pem: edge.ca_pem().into_bytes(),
            }),
            graph_url: Some(shop.meta().graph_url().to_owned()),
            ..EngineOptions::new(folder.path().join("data"), Vault::memory())
        };
        let engine = Engine::start(options).await?;
        if let Err(error) = connect(&engine, &shop).await {
            engine.stop().await;
            return Err(error);
        }
        Ok(Self {
            engine,
            shop: Mutex::new(Some(shop)),
            _folder: folder,
        })
    }

    /// The engine of the shop.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Sends everybody home.
    pub(crate) async fn close(&self) {
        // The tunnel is closed by the engine before its far end goes.
        self.engine.stop().await;
        if let Some(shop) = self.shop.lock().await.take() {
            shop.stop().await;
        }
    }
}

/// Connects the shop the way any number is connected.
async fn connect(engine: &Engine, shop: &DemoShop) -> Result<(), DeskError> {
    let config = ChannelConfig::from_json(shop.channel_config().to_string().as_bytes())?;
    let added = engine::add_channel(engine.store(), engine.vault(), config, engine.now()).await?;
    engine.hang_doorplates().await.map_err(EngineError::Store)?;
    if tokio::time::timeout(TUNNEL_TIME, is_online(engine)).await.is_ok() {
        let registered = engine.register_now(&added.channel_id).await;
        if registered.map_err(EngineError::Store)?.is_done() {
            // News of account and templates belong to the shop's life.
            engine.take_news(&added.channel_id).await.map_err(failed)?;
            return shop.begin().await.map_err(failed);
        }
    }
    // The shop is worth seeing without a tunnel too.
    let url = engine
        .webhook_url()
        .ok_or_else(|| failed("webhooks are not received"))?;
    shop.open(&format!("{url}{}", added.webhook_path))
        .await
        .map_err(failed)
}

/// Waits until the tunnel is open.
async fn is_online(engine: &Engine) {
    while engine.tunnel_status().phase != TunnelPhase::Online {
        tokio::time::sleep(LOOK).await;
    }
}

fn failed(error: impl std::fmt::Display) -> DeskError {
    DeskError::Demo(error.to_string())
}

impl std::fmt::Debug for Demo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Demo").finish_non_exhaustive()
    }
}
