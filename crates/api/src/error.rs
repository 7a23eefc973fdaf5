//! What a command answers when it could not do its work.

use serde::Serialize;
use ts_rs::TS;

/// Why. A code exists only where a window does something different for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// There is no such command.
    UnknownCommand,
    /// The arguments do not fit; `field` says which.
    BadRequest,
    /// The thing is not there, or no longer.
    NotFound,
    /// More than 24 hours since the customer wrote: only templates may be sent.
    WindowClosed,
    /// The message is not in a state in which that makes sense.
    NotNow,
    /// The provider refused, or could not be reached; the message says why and what to do.
    Provider,
    /// The database could not be read or written.
    Storage,
    /// The caller may not ask: the token is missing or wrong, or the request came from elsewhere.
    Unauthorized,
    /// Something we did not expect.
    Internal,
}

/// The error that crosses to a window or a script.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ApiError {
    /// Why.
    pub code: ErrorCode,
    /// What happened and what to do, in plain words.
    pub message: String,
    /// Whether the same call may work later.
    pub retryable: bool,
    /// The argument that does not fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub field: Option<String>,
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ApiError {}
