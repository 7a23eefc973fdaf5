//! Tells the page what changed.

use std::time::Duration;

use api::Desk;
use tauri::{AppHandle, Emitter};

/// The event the page listens to; its payload is a list of `ChangeView`.
const CHANGES: &str = "changes";
/// One frame of a screen: the page cannot show more often, so it need not hear more often.
const FRAME: Duration = Duration::from_millis(16);

/// Forwards changes to the page until the engine has stopped, at most one batch per frame.
pub(crate) async fn forward(app: AppHandle, desk: Desk) {
    let mut changes = desk.changes();
    while let Some(batch) = changes.next().await {
        if let Err(error) = app.emit_to(crate::window::MAIN, CHANGES, &batch) {
            tracing::warn!(%error, "the window could not be told what changed");
        }
        tokio::time::sleep(FRAME).await;
    }
}
