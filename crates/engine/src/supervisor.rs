//! Named tasks that end with the engine, and are started again when they fall over.

use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use futures_util::FutureExt as _;

/// Pause before a task that panicked is started again; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The tasks of one room, which stop together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Supervisor {
    tasks: TaskTracker,
    cancel: CancellationToken,
}

impl Supervisor {
    /// Runs a task until it returns or the supervisor stops. `task` is called again after a panic.
    pub(crate) fn run<F, T>(&self, name: &'static str, task: F)
    where
        F: Fn(CancellationToken) -> T + Send + Sync + 'static,
        T: Future<Output = ()> + Send + 'static,
    {
        let cancel = self.cancel.clone();
        self.tasks.spawn(async move {
            let mut pause = FIRST_PAUSE;
            while AssertUnwindSafe(task(cancel.clone()))
                .catch_unwind()
                .await
                .is_err()
            {
                tracing::error!(task = name, ?pause, "a task fell over and is started again");
                tokio::select! {
                    () = cancel.cancelled() => return,
                    () = tokio::time::sleep(pause) => {}
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            tracing::debug!(task = name, "task ended");
        });
    }

    /// Asks the tasks to end and waits until they have, at most `patience`.
    pub(crate) async fn stop(&self, name: &'static str, patience: Duration) {
        self.cancel.cancel();
        self.tasks.close();
        if tokio::time::timeout(patience, self.tasks.wait()).await.is_err() {
            tracing::warn!(room = name, open = self.tasks.len(), "tasks did not end in time");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test(start_paused = true)]
    async fn a_task_that_falls_over_is_started_again_and_ends_with_its_supervisor() {
        let supervisor = Supervisor::default();
        let starts = Arc::new(AtomicU32::new(0));
        let (seen, counter) = (Arc::new(tokio::sync::Notify::new()), Arc::clone(&starts));
        let steady = Arc::clone(&seen);
        supervisor.run("shaky", move |cancel| {
            let (steady, start) = (Arc::clone(&steady), counter.fetch_add(1, Ordering::SeqCst));
            async move {
                assert!(start >= 2, "falls over twice");
                steady.notify_one();
                cancel.cancelled().await;
            }
        });
        seen.notified().await;
        supervisor.stop("test", Duration::from_secs(5)).await;
        assert_eq!(starts.load(Ordering::SeqCst), 3);
    }
}
