//! Parts of a desktop that a bare session bus lacks, played for the app: a tray and a place for notifications.

use std::collections::HashMap;

use anyhow::Result;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::zvariant::OwnedValue;

use crate::stage::Stage;

/// A tray that shows every icon it is told about.
pub struct Tray {
    _bus: zbus::Connection,
    icons: UnboundedReceiver<String>,
}

impl Tray {
    /// Puts a tray on the stage.
    pub async fn put(stage: &Stage) -> Result<Self> {
        let (sender, icons) = unbounded_channel();
        let bus = stage.bus().await?;
        bus.object_server()
            .at("/StatusNotifierWatcher", Watcher { sender })
            .await?;
        bus.request_name("org.kde.StatusNotifierWatcher").await?;
        Ok(Self { _bus: bus, icons })
    }

    /// Waits for an icon to sign up.
    pub async fn icon(&mut self) -> Result<String> {
        heard(&mut self.icons).await
    }
}

struct Watcher {
    sender: UnboundedSender<String>,
}

#[expect(clippy::unused_self, reason = "zbus calls methods")]
#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, item: String) {
        // The test may have stopped listening.
        let _ = self.sender.send(item);
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        Vec::new()
    }
}

/// A place where notifications are shown.
pub struct Notifications {
    _bus: zbus::Connection,
    shown: UnboundedReceiver<Shown>,
}

/// A notification as the desktop would show it.
#[derive(Debug)]
pub struct Shown {
    pub title: String,
    pub words: String,
}

impl Notifications {
    /// Puts it on the stage.
    pub async fn put(stage: &Stage) -> Result<Self> {
        let (sender, shown) = unbounded_channel();
        let bus = stage.bus().await?;
        bus.object_server()
            .at("/org/freedesktop/Notifications", Board { sender, last: 0 })
            .await?;
        bus.request_name("org.freedesktop.Notifications").await?;
        Ok(Self { _bus: bus, shown })
    }

    /// Waits for the next one.
    pub async fn next(&mut self) -> Result<Shown> {
        heard(&mut self.shown).await
    }

    /// One that has come already, if any.
    pub fn already(&mut self) -> Option<Shown> {
        self.shown.try_recv().ok()
    }
}

struct Board {
    sender: UnboundedSender<Shown>,
    last: u32,
}

#[expect(clippy::unused_self, reason = "zbus calls methods")]
#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Board {
    #[expect(
        clippy::too_many_arguments,
        reason = "the Desktop Notifications Specification has so many"
    )]
    fn notify(
        &mut self,
        _app: String,
        _replaces: u32,
        _icon: String,
        title: String,
        words: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let _ = self.sender.send(Shown { title, words });
        self.last += 1;
        self.last
    }

    fn close_notification(&self, _id: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".into(), "actions".into()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("board".into(), "test".into(), "1".into(), "1.2".into())
    }
}

async fn heard<T>(receiver: &mut UnboundedReceiver<T>) -> Result<T> {
    use anyhow::Context;
    let next = tokio::time::timeout(crate::stage::PATIENCE, receiver.recv()).await;
    next.context("nothing came over the session bus")?
        .context("the bus is gone")
}
