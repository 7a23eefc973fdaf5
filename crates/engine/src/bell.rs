//! Waking a room when its tray may have something new.

use store::{Change, Changes};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

/// Rings when a commit changed what the room waits for. Several rings while the room was busy are one.
#[derive(Debug)]
pub(crate) struct Doorbell {
    changes: Receiver<Changes>,
    wanted: Change,
}

impl Doorbell {
    /// A bell for one kind of change.
    pub(crate) const fn new(changes: Receiver<Changes>, wanted: Change) -> Self {
        Self { changes, wanted }
    }

    /// Waits for the next ring; `false` when the store has been closed.
    pub(crate) async fn ring(&mut self) -> bool {
        loop {
            let rang = match self.changes.recv().await {
                Ok(changes) => changes.contains(&self.wanted),
                // Too much happened to be told one by one: look into the tray.
                Err(RecvError::Lagged(_)) => true,
                Err(RecvError::Closed) => return false,
            };
            if rang {
                self.hush();
                return true;
            }
        }
    }

    /// Forgets rings that are waiting; the room is about to look into its tray.
    fn hush(&mut self) {
        while !matches!(
            self.changes.try_recv(),
            Err(TryRecvError::Empty | TryRecvError::Closed)
        ) {}
    }
}
