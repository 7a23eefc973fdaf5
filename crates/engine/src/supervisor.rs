//! Named tasks that end with the engine, and are started again when they fall over.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use futures_util::FutureExt as _;

/// Pause before a task that panicked is started again; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// A task that ran so long begins with the first pause again.
const GOOD_RUN: Duration = Duration::from_mins(10);
/// How long a fall is worth mentioning.
const REMEMBERED: Duration = Duration::from_hours(1);

/// A task that fell over and was started again within the last hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Restarted {
    /// Its name.
    pub(crate) task: &'static str,
    /// How often, without an hour's peace in between.
    pub(crate) times: u32,
}

/// Falls of tasks: how many, and when the last was.
type Falls = Arc<Mutex<BTreeMap<&'static str, (u32, Instant)>>>;

/// The tasks of one room, which stop together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Supervisor {
    tasks: TaskTracker,
    cancel: CancellationToken,
    falls: Falls,
}

impl Supervisor {
    /// Runs a task until it returns or the supervisor stops. `task` is called again after a panic.
    pub(crate) fn run<F, T>(&self, name: &'static str, task: F)
    where
        F: Fn(CancellationToken) -> T + Send + Sync + 'static,
        T: Future<Output = ()> + Send + 'static,
    {
        let (cancel, falls) = (self.cancel.clone(), Arc::clone(&self.falls));
        self.tasks.spawn(async move {
            let mut pause = FIRST_PAUSE;
            let mut begun = Instant::now();
            while AssertUnwindSafe(task(cancel.clone()))
                .catch_unwind()
                .await
                .is_err()
            {
                if begun.elapsed() >= GOOD_RUN {
                    pause = FIRST_PAUSE;
                }
                remember(&falls, name);
                tracing::error!(task = name, ?pause, "a task fell over and is started again");
                tokio::select! {
                    () = cancel.cancelled() => return,
                    () = tokio::time::sleep(pause) => {}
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
                begun = Instant::now();
            }
            tracing::debug!(task = name, "task ended");
        });
    }

    /// Carries something out that ends even when nobody waits for it any more. `None` when it fell over, or the
    /// supervisor stopped before its end.
    pub(crate) async fn carry_out<T: Send + 'static>(
        &self,
        errand: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let cancel = self.cancel.clone();
        let done = self
            .tasks
            .spawn(async move { cancel.run_until_cancelled(errand).await });
        done.await.ok().flatten()
    }

    /// Returns the tasks that fell over within the last hour.
    pub(crate) fn restarted(&self) -> Vec<Restarted> {
        self.falls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .filter(|(_, (_, last))| last.elapsed() < REMEMBERED)
            .map(|(task, (times, _))| Restarted { task, times: *times })
            .collect()
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

fn remember(falls: &Falls, task: &'static str) {
    let mut falls = falls.lock().unwrap_or_else(PoisonError::into_inner);
    let now = Instant::now();
    let (times, last) = falls.entry(task).or_insert((0, now));
    if last.elapsed() >= REMEMBERED {
        *times = 0;
    }
    *times = times.saturating_add(1);
    *last = now;
}

#[cfg(test)]
mod tests {
    use super::*;
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
        let fell = |times| vec![Restarted { task: "shaky", times }];
        assert_eq!(supervisor.restarted(), fell(2));
        tokio::time::advance(REMEMBERED).await;
        assert_eq!(supervisor.restarted(), []);
        supervisor.stop("test", Duration::from_secs(5)).await;
        assert_eq!(starts.load(Ordering::SeqCst), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_while_a_task_keeps_falling_and_are_short_again_after_a_good_run() {
        let supervisor = Supervisor::default();
        let (say, mut starts) = tokio::sync::mpsc::unbounded_channel();
        let runs = AtomicU32::new(0);
        supervisor.run("shaky", move |_| {
            let (say, run) = (say.clone(), runs.fetch_add(1, Ordering::SeqCst));
            async move {
                say.send(Instant::now()).unwrap();
                // The fourth run is a good one.
                if run == 3 {
                    tokio::time::sleep(GOOD_RUN).await;
                }
                panic!("falls over");
            }
        });
        let mut at = Vec::new();
        for _ in 0..6 {
            at.push(starts.recv().await.unwrap());
        }
        let pauses: Vec<u128> = at.windows(2).map(|two| (two[1] - two[0]).as_millis()).collect();
        assert_eq!(pauses, [200, 400, 800, 600_200, 400]);
        supervisor.stop("test", Duration::from_secs(5)).await;
    }
}
