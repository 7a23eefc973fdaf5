//! Leaving in good order, whoever asked for it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tauri::{AppHandle, Manager};
use tauri_plugin_window_state::AppHandleExt;

use crate::opening::Opening;
use crate::window;

/// How long the engine may take to stop. Whatever it cannot finish is on disk and goes on at the next start.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether the app is leaving.
#[derive(Debug, Default)]
pub(crate) struct Leaving(AtomicBool);

/// Hides the window, stops the engine and ends the process with 0. Asking twice changes nothing.
pub(crate) fn quit(app: &AppHandle) {
    if app.state::<Leaving>().0.swap(true, Ordering::SeqCst) {
        return;
    }
    let here = app.clone();
    // On the main thread: reading a window's size from elsewhere while the window moves would lock both up.
    let hidden = app.run_on_main_thread(move || {
        if let Err(error) = here.save_window_state(window::remembered()) {
            tracing::warn!(%error, "the size of the window will not be remembered");
        }
        if let Some(window) = here.get_webview_window(window::MAIN) {
            // It is about to disappear anyway.
            let _ = window.hide();
        }
    });
    if let Err(error) = hidden {
        tracing::warn!(%error, "the window could not be hidden");
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let stopped = tokio::time::timeout(PATIENCE, app.state::<Opening>().stop()).await;
        if stopped.is_err() {
            tracing::warn!("the engine took too long to stop; it will catch up at the next start");
        }
        app.exit(0);
    });
}

/// Quits when the session or the user in a terminal asks the process to end.
pub(crate) async fn on_signal(app: AppHandle) {
    match asked_to_end().await {
        Ok(()) => {
            tracing::info!("asked to end");
            quit(&app);
        }
        Err(error) => tracing::warn!(%error, "signals cannot be heard"),
    }
}

#[cfg(unix)]
async fn asked_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hangup.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn asked_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
