//! What the page can call: the one command of the contract, and the news that it has painted.

use std::io::Write;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use api::ApiError;
use serde_json::{Value, json};
use tauri::{AppHandle, State};

use crate::opening::Opening;
use crate::window;

/// Commands that answer with an `AppView`, after which the window may have to be called something else.
const SAY_WHAT_THIS_IS: [&str; 3] = ["app", "open_demo", "leave_demo"];

/// Answers a command of the contract (`crates/api`). Waits while the engine still opens.
#[tauri::command]
pub(crate) async fn rpc(
    app: AppHandle,
    opening: State<'_, Opening>,
    command: String,
    args: Option<Value>,
) -> Result<Value, ApiError> {
    let desk = opening.desk().await?;
    let answer = desk.call(&command, args.unwrap_or_else(|| json!({}))).await?;
    if SAY_WHAT_THIS_IS.contains(&command.as_str()) {
        window::shows_demo(&app, answer.get("demo") == Some(&Value::Bool(true)));
    }
    Ok(answer)
}

/// How long the window took to show something, counted from the start of `main`.
#[derive(Debug)]
pub(crate) struct FirstPaint {
    started: Instant,
    took: OnceLock<Duration>,
}

impl FirstPaint {
    /// Begins to count.
    pub(crate) fn since(started: Instant) -> Self {
        Self {
            started,
            took: OnceLock::new(),
        }
    }
}

/// Hears from the page that its first frame is on the screen. Only the first time counts. With
/// `DESKBELL_PRINT_PAINT` set, one line of JSON goes to stderr for whoever measures the start.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "Tauri hands its state over so")]
pub(crate) fn painted(first: State<'_, FirstPaint>) {
    let took = first.started.elapsed();
    if first.took.set(took).is_err() {
        return;
    }
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(ms, "first paint");
    if std::env::var_os("DESKBELL_PRINT_PAINT").is_some() {
        // A closed stderr is no reason to disturb the user.
        let _ = writeln!(std::io::stderr(), "{}", json!({ "event": "painted", "ms": ms }));
    }
}
