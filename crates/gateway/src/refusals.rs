//! Counting posts that are turned away, without letting them reach the database one by one.

use crate::door::Now;
use std::sync::atomic::{AtomicU64, Ordering};
use store::{RefusedReason, Store, StoreError};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Counts in memory; a flood of forged posts costs one write for as many as came meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    signature: AtomicU64,
    size: AtomicU64,
    bell: Notify,
}

impl Refusals {
    pub(crate) fn signature(&self) {
        self.signature.fetch_add(1, Ordering::Relaxed);
        self.bell.notify_one();
    }

    pub(crate) fn size(&self) {
        self.size.fetch_add(1, Ordering::Relaxed);
        self.bell.notify_one();
    }

    /// Writes the counts whenever there are new ones, until cancelled.
    pub(crate) async fn keep(&self, store: &Store, now: &Now, cancel: &CancellationToken) {
        loop {
            tokio::select! {
                () = self.bell.notified() => {}
                () = cancel.cancelled() => {
                    self.flush(store, now).await;
                    return;
                }
            }
            self.flush(store, now).await;
        }
    }

    async fn flush(&self, store: &Store, now: &Now) {
        for (reason, count) in [
            (RefusedReason::Signature, &self.signature),
            (RefusedReason::Size, &self.size),
        ] {
            let number = count.swap(0, Ordering::Relaxed);
            if number == 0 {
                continue;
            }
            let at = now();
            let written: Result<(), StoreError> = store
                .write(move |transaction| transaction.count_refused(reason, number, at))
                .await;
            if let Err(error) = written {
                tracing::warn!(%error, "refused posts could not be counted yet");
                count.fetch_add(number, Ordering::Relaxed);
            }
        }
    }
}
