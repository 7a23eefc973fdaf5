//! Waiting for something that can be seen, never for a time to pass.

use anyhow::bail;
use std::time::Duration;
use tokio::time::Instant;

/// How long something that should happen at once may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(25);

/// Looks again and again until there is something to see, and returns it.
///
/// # Errors
/// When `look` fails, or nothing was seen within `patience`; `what` then says what was waited for.
pub async fn until<T>(
    what: &str,
    patience: Duration,
    mut look: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(seen) = look().await? {
            return Ok(seen);
        }
        if Instant::now() >= deadline {
            bail!("waited {patience:?} in vain: {what}");
        }
        tokio::time::sleep(PAUSE).await;
    }
}
