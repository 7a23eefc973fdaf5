//! One thread owns the only connection that writes.
//!
//! Whatever has queued up while the disk was busy shares the next commit (group commit), each job in a savepoint of
//! its own, so that one failing job takes no other with it. `synchronous=FULL`: when a job is answered, its commit
//! is on disk.

use crate::change::{Change, Changes};
use crate::error::StoreError;
use crate::reader::Reader;
use rusqlite::{Connection, TransactionBehavior};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::thread::JoinHandle;
use tokio::sync::{broadcast, mpsc, oneshot};

/// Jobs that may wait; more are refused as busy, so that memory stays bounded and providers are asked to retry.
const QUEUE: usize = 2_048;
/// Jobs that share one commit at most, so that the first of them does not wait for ever.
const BATCH: usize = 512;

/// Answers the caller once it is known whether the commit happened.
type Settle = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// Runs in the transaction; with `None` when there is none, which it cannot outlive as a success.
type Job = Box<dyn FnOnce(Option<&mut WriteTransaction<'_>>) -> Settle + Send>;

/// A transaction that may write, and that remembers what it changed.
#[derive(Debug)]
pub struct WriteTransaction<'c> {
    transaction: rusqlite::Transaction<'c>,
    changes: Vec<Change>,
}

impl<'c> WriteTransaction<'c> {
    fn begin(connection: &'c mut Connection) -> Result<Self, StoreError> {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        Ok(Self {
            transaction,
            changes: Vec::new(),
        })
    }

    /// Commits and hands out what changed: there is no other way to get at it.
    fn commit(self) -> Result<Vec<Change>, StoreError> {
        self.transaction.commit()?;
        Ok(self.changes)
    }

    /// Runs `work` so that either all of it happens or nothing, also when it panics.
    pub fn savepoint<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.transaction.is_autocommit() {
            // SQLite gave the whole transaction up (a full disk, say). A savepoint would begin one of its own, and
            // commit what is answered as refused.
            return Err(StoreError::Commit("the transaction was given up".to_owned()));
        }
        let known = self.changes.len();
        self.transaction.execute_batch("SAVEPOINT job")?;
        // The rollback puts the only shared state, the transaction, back to where it was.
        match catch_unwind(AssertUnwindSafe(|| work(self))).unwrap_or(Err(StoreError::Fault)) {
            Ok(value) => {
                self.transaction.execute_batch("RELEASE job")?;
                Ok(value)
            }
            Err(error) => {
                self.changes.truncate(known);
                self.transaction.execute_batch("ROLLBACK TO job; RELEASE job")?;
                Err(error)
            }
        }
    }

    /// Remembers a change, to be published after the commit.
    pub fn changed(&mut self, change: Change) {
        // Beyond a few, looking for repetitions costs more than it saves.
        if self.changes.len() > 64 || !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    /// Reads within the transaction.
    pub fn read(&self) -> Reader<'_> {
        Reader::new(&self.transaction)
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.transaction
    }
}

/// The sending end of the writer's queue.
#[derive(Debug)]
pub(crate) struct Writer {
    jobs: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the thread. `reopen` makes a fresh connection after a commit failed: what the old one believes to be
    /// on disk may not be, so it is never used again.
    pub(crate) fn start(
        connection: Connection,
        reopen: impl Fn() -> Result<Connection, StoreError> + Send + 'static,
        changes: broadcast::Sender<Changes>,
        lock: std::fs::File,
        path: PathBuf,
    ) -> std::io::Result<(Self, JoinHandle<()>)> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                work(connection, &reopen, queue, &changes);
                tracing::debug!(path = %path.display(), "database closed");
                drop(lock);
            })?;
        Ok((Self { jobs }, thread))
    }

    /// Queues a job and waits until its commit is on disk.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut WriteTransaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |transaction| {
            let result = match transaction {
                Some(transaction) => transaction.savepoint(work),
                None => Err(StoreError::Closed),
            };
            Box::new(move |committed: Result<(), StoreError>| {
                // Nobody listens any more when the caller was cancelled: the write stands all the same.
                drop(answer.send(committed.and(result)));
            })
        });
        self.jobs.try_send(job).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        })?;
        answered.await.map_err(|_| StoreError::Closed)?
    }
}

fn work(
    first: Connection,
    reopen: &dyn Fn() -> Result<Connection, StoreError>,
    mut queue: mpsc::Receiver<Job>,
    changes: &broadcast::Sender<Changes>,
) {
    let mut connection = Some(first);
    while let Some(job) = queue.blocking_recv() {
        let mut batch = vec![job];
        while batch.len() < BATCH {
            match queue.try_recv() {
                Ok(job) => batch.push(job),
                Err(_) => break,
            }
        }
        if connection.is_none() {
            connection = reopen()
                .inspect_err(|error| tracing::error!(%error, "the database stays closed"))
                .ok();
        }
        let mut settles = Vec::with_capacity(batch.len());
        match run(connection.as_mut(), batch, &mut settles) {
            Ok(changed) => {
                // Before the answers: whoever listens once a write is answered hears only of later ones.
                if !changed.is_empty() {
                    // An error only says that nobody is listening.
                    drop(changes.send(changed.into()));
                }
                for settle in settles {
                    settle(Ok(()));
                }
            }
            Err(error) => {
                tracing::error!(%error, jobs = settles.len(), "a commit failed; its writes are refused");
                for settle in settles {
                    settle(Err(StoreError::Commit(error.to_string())));
                }
                connection = None;
            }
        }
    }
    if let Some(connection) = connection {
        // Leaves one tidy file behind. Not fatal when a reader in another process is in the way.
        if let Err(error) = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA optimize;") {
            tracing::debug!(%error, "no checkpoint at the end");
        }
    }
}

/// Runs a batch in one transaction. All its jobs are in `settles` afterwards, also when the commit fails or the
/// transaction cannot even begin: none may take a bad moment for the end of the store.
fn run(
    connection: Option<&mut Connection>,
    batch: Vec<Job>,
    settles: &mut Vec<Settle>,
) -> Result<Vec<Change>, StoreError> {
    let begun = connection
        .ok_or_else(|| StoreError::Commit("the database could not be opened again".to_owned()))
        .and_then(WriteTransaction::begin);
    let mut transaction = match begun {
        Ok(transaction) => transaction,
        Err(error) => {
            settles.extend(batch.into_iter().map(|job| job(None)));
            return Err(error);
        }
    };
    for job in batch {
        settles.push(job(Some(&mut transaction)));
    }
    transaction.commit()
}
