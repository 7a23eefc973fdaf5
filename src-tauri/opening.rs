//! The engine behind the window: opened with the app, and again on demand for as long as that has failed.

use std::path::PathBuf;

use api::{ApiError, Desk, DeskError, DeskOptions, ErrorCode};
use tauri::AppHandle;
use tokio::sync::Mutex;
use vault::VaultError;

use crate::options::Options;
use crate::{events, light, notify};

/// Opens the engine for whoever needs it first; everybody else waits here, so the window can come up at once.
#[derive(Debug)]
pub(crate) struct Opening {
    app: AppHandle,
    options: Options,
    desk: Mutex<Option<Desk>>,
}

impl Opening {
    /// An engine that nobody has needed yet.
    pub(crate) fn new(app: AppHandle, options: Options) -> Self {
        Self {
            app,
            options,
            desk: Mutex::new(None),
        }
    }

    /// Returns the engine, opening it when it is not open. `Err` says why it cannot be; what is in the way may be gone
    /// at the next call.
    pub(crate) async fn desk(&self) -> Result<Desk, ApiError> {
        let mut kept = self.desk.lock().await;
        if let Some(desk) = kept.as_ref() {
            return Ok(desk.clone());
        }
        let desk = open(&self.options).await.map_err(|error| {
            tracing::error!(%error, "the inbox could not be opened");
            let message = sentence(&error.to_string());
            light::show(&self.app, &light::Standing::broken(&message));
            ApiError {
                code: ErrorCode::Storage,
                message,
                retryable: true,
                field: None,
            }
        })?;
        *kept = Some(desk.clone());
        tauri::async_runtime::spawn(events::forward(self.app.clone(), desk.clone()));
        tauri::async_runtime::spawn(notify::announce(self.app.clone(), desk.clone()));
        tauri::async_runtime::spawn(light::follow(self.app.clone(), desk.clone()));
        Ok(desk)
    }

    /// Stops the engine if it is open.
    pub(crate) async fn stop(&self) {
        if let Some(desk) = self.desk.lock().await.as_ref() {
            desk.stop().await;
        }
    }
}

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
enum NotOpened {
    /// The operating system names no folder for the user's data.
    #[error(
        "Deskbell does not know where to keep your inbox, because this user has no home folder. Start it with --data-dir and a folder"
    )]
    NoHome,
    /// The vault.
    #[error("{0}")]
    Vault(#[from] VaultError),
    /// A certificate that was named.
    #[error("{0}")]
    Certificate(#[from] api::CertificateUnreadable),
    /// Everything else.
    #[error("{0}")]
    Desk(#[from] DeskError),
}

async fn open(options: &Options) -> Result<Desk, NotOpened> {
    let data_dir = data_dir(options).ok_or(NotOpened::NoHome)?;
    let ngrok_server = match options.ngrok_server.clone() {
        Some(addr) => Some(api::ngrok_server(addr, options.ngrok_ca.as_deref())?),
        None => None,
    };
    let vault = options.open_vault(&data_dir).await?;
    let options = DeskOptions {
        demo: options.demo,
        ngrok_server,
        graph_url: options.graph_url.clone(),
        ..DeskOptions::new(data_dir, vault)
    };
    Ok(Desk::open(options).await?)
}

/// Where the inbox lies; `None` when the user has no home folder and did not say.
fn data_dir(options: &Options) -> Option<PathBuf> {
    let own = || directories::ProjectDirs::from("app", "", "Deskbell");
    options
        .absolute_data_dir()
        .or_else(|| own().map(|dirs| dirs.data_local_dir().to_owned()))
}

/// The words of an error as the window shows them: a whole sentence.
fn sentence(words: &str) -> String {
    let words = words.trim_end_matches('.');
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn an_error_is_shown_as_a_sentence() {
        assert_eq!(sentence("ärger; try again"), "Ärger; try again.");
        assert_eq!(sentence("The disk is full."), "The disk is full.");
    }
}
