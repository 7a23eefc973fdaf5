//! Commands about the connection: tunnel, registration, checks, what happened meanwhile.

use crate::error::ApiError;
use engine::Engine;
use serde_json::Value;

/// Carries out such a command; `None` when it is none.
pub(crate) async fn call(_engine: &Engine, _command: &str, _args: Value) -> Option<Result<Value, ApiError>> {
    None
}
