//! What is done now and then.

use crate::clock::Clock;
use crate::media::{Cellar, broom};
use domain::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use store::{Store, StoreError};
use tokio_util::sync::CancellationToken;

/// How often.
const PAUSE: Duration = Duration::from_hours(1);
/// How long raw webhooks are kept once they are worked through (product, section 7).
const JOURNAL_KEPT: Duration = Duration::from_hours(30 * 24);

/// How long it is kept when we could be reached.
const LISTENING_KEPT: Duration = Duration::from_hours(90 * 24);

/// Forgets what is no longer needed, once an hour until cancelled.
pub(crate) async fn run(store: Store, cellar: Cellar, clock: Arc<dyn Clock>, cancel: CancellationToken) {
    loop {
        let now = clock.now();
        let done = store
            .write(move |transaction| {
                transaction.forget_orphan_statuses(now)?;
                transaction.forget_old_uploads(now)?;
                transaction.forget_listening(Timestamp(
                    now.0
                        .saturating_sub(i64::try_from(LISTENING_KEPT.as_millis()).unwrap_or(i64::MAX)),
                ))?;
                transaction.prune_journal(now, JOURNAL_KEPT)
            })
            .await;
        match done {
            Ok(0) | Err(StoreError::Closed) => {}
            Ok(pruned) => tracing::info!(pruned, "old webhooks were removed from the journal"),
            Err(error) => tracing::warn!(%error, "housekeeping is done later"),
        }
        match broom::look_around(&store, &cellar, now).await {
            Ok(()) | Err(StoreError::Closed) => {}
            Err(error) => tracing::warn!(%error, "the media folder is looked through later"),
        }
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}
