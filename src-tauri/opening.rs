//! The engine while it opens, once it is open, or why it could not be opened.

use std::sync::Arc;

use api::{ApiError, Desk, DeskError, DeskOptions, ErrorCode};
use tokio::sync::SetOnce;
use vault::VaultError;

/// A promise of the engine. The window comes up at once and its first question waits here.
#[derive(Debug, Clone, Default)]
pub(crate) struct Opening(Arc<SetOnce<Result<Desk, ApiError>>>);

impl Opening {
    /// Opens the engine, with `options` once they are known, and keeps it, or why not, for everybody who asks.
    pub(crate) async fn open(&self, options: impl Future<Output = Result<DeskOptions, NoPlace>>) {
        let opened = async { Ok(Desk::open(options.await?).await?) }.await;
        let opened = opened.map_err(|error: NotOpened| {
            tracing::error!(%error, "the inbox could not be opened");
            ApiError {
                code: ErrorCode::Storage,
                message: sentence(&error.to_string()),
                retryable: false,
                field: None,
            }
        });
        if self.0.set(opened).is_err() {
            tracing::warn!("the inbox was opened twice");
        }
    }

    /// Waits for the engine. `Err` says why there is none; it stays so until the app is started again.
    pub(crate) async fn desk(&self) -> Result<Desk, ApiError> {
        self.0.wait().await.clone()
    }
}

/// The words of an error as the window shows them: a whole sentence.
fn sentence(words: &str) -> String {
    let words = words.trim_end_matches('.');
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}

/// Why it is not known where the inbox lies or how its secrets are read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoPlace {
    /// The operating system names no folder for the user's data.
    #[error(
        "Deskbell does not know where to keep your inbox, because this user has no home folder. Start it with --data-dir and a folder."
    )]
    NoHome,
    /// The vault could not be opened.
    #[error("{0}")]
    Vault(#[from] VaultError),
}

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
enum NotOpened {
    #[error("{0}")]
    Place(#[from] NoPlace),
    #[error("{0}")]
    Desk(#[from] DeskError),
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
