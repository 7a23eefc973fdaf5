//! The demo shop behind a window.

use crate::desk::DeskError;
use crate::router::call;
use domain::ChannelId;
use engine::{
    AddedChannel, ChannelConfig, Engine, EngineError, EngineOptions, NgrokServer, TunnelChoice, TunnelPhase,
};
use serde_json::{Value, json};
use simulator::{DemoShop, Lessons};
use std::time::Duration;
use tokio::sync::Mutex;
use vault::{Secret, Vault};

/// How long the shop waits for its tunnel before it opens without.
const TUNNEL_TIME: Duration = Duration::from_secs(5);
/// How long the shop gives its inbox to sort what came before the assistant was switched on.
const SORTING_TIME: Duration = Duration::from_secs(10);
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
        if let Err(error) = Box::pin(connect(&engine, &shop)).await {
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
    // The way in opens while the assistant learns.
    let lessons = shop.lessons().map_err(failed)?;
    let (open, taught) = tokio::join!(open(engine, shop, &added), teach(engine, lessons));
    open?;
    taught?;
    // What came before is left to the people: the assistant is switched on when all of it is in the inbox.
    shop.remember().await.map_err(failed)?;
    if tokio::time::timeout(SORTING_TIME, is_sorted(engine))
        .await
        .is_err()
    {
        tracing::warn!("the demo shop opens before its inbox is sorted");
    }
    let mode = json!({ "scope": "channel", "id": added.channel_id.to_string(), "mode": "bot" });
    call(engine, "set_mode", mode).await.map_err(failed)?;
    shop.begin().await.map_err(failed)
}

/// Opens the way in: through the tunnel, or without.
async fn open(engine: &Engine, shop: &DemoShop, added: &AddedChannel) -> Result<(), DeskError> {
    let online = tokio::time::timeout(TUNNEL_TIME, is_online(engine)).await.is_ok();
    if online && is_registered(engine, &added.channel_id).await? {
        return Ok(());
    }
    // The shop is worth seeing without a tunnel too.
    let url = engine
        .webhook_url()
        .ok_or_else(|| failed("webhooks are not received"))?;
    let url = format!("{url}{}", added.webhook_path);
    shop.subscribe(&url).await.map_err(failed)
}

/// Whether Meta knows our address and brings the news of account and templates too.
async fn is_registered(engine: &Engine, channel: &ChannelId) -> Result<bool, DeskError> {
    let registered = engine.register_now(channel).await;
    if !registered.map_err(EngineError::Store)?.is_done() {
        return Ok(false);
    }
    // News of account and templates belong to the shop's life.
    engine.take_news(channel).await.map_err(failed)?;
    Ok(true)
}

/// Teaches the assistant as an owner would, command by command.
async fn teach(engine: &Engine, lessons: Lessons) -> Result<(), DeskError> {
    for (command, args) in lessons.commands {
        call(engine, &command, args).await.map_err(failed)?;
    }
    let mut list = call(engine, "list_skills", Value::Null).await.map_err(failed)?;
    let skills = list.get_mut("skills").and_then(Value::as_array_mut);
    for skill in skills.into_iter().flatten() {
        let Some(skill) = skill.as_object_mut() else {
            continue;
        };
        let name = skill.get("name").and_then(Value::as_str);
        if name.is_some_and(|name| lessons.trusted.iter().any(|trusted| trusted == name)) {
            let id = skill.get("id").cloned().unwrap_or_default();
            skill.insert("skill_id".to_owned(), id);
            skill.insert("autonomy".to_owned(), json!("bot"));
            let skill = Value::Object(std::mem::take(skill));
            call(engine, "save_skill", skill).await.map_err(failed)?;
        }
    }
    Ok(())
}

/// Waits until everything that was received lies in its conversation.
#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method itself is not general enough over the reader's lifetime"
)]
async fn is_sorted(engine: &Engine) {
    loop {
        let counts = engine.store().read(|reader| reader.journal_counts()).await;
        if counts.is_ok_and(|counts| counts.pending == 0) {
            return;
        }
        tokio::time::sleep(LOOK).await;
    }
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
