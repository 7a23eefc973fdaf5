//! Connections that only read.

use crate::error::StoreError;
use rusqlite::Connection;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Connections kept at most. More readers than cores only wait for each other.
const POOL: usize = 4;

/// A consistent view of the database; the queries of each table are methods of it.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'c> {
    connection: &'c Connection,
}

impl<'c> Reader<'c> {
    pub(crate) const fn new(connection: &'c Connection) -> Self {
        Self { connection }
    }

    pub(crate) const fn connection(self) -> &'c Connection {
        self.connection
    }
}

type Open = dyn Fn() -> Result<Connection, StoreError> + Send + Sync;

/// A small pool of read-only connections.
pub(crate) struct Readers {
    open: Arc<Open>,
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl std::fmt::Debug for Readers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Readers").finish_non_exhaustive()
    }
}

impl Readers {
    pub(crate) fn new(open: impl Fn() -> Result<Connection, StoreError> + Send + Sync + 'static) -> Self {
        Self {
            open: Arc::new(open),
            idle: Arc::new(Mutex::new(Vec::new())),
            permits: Arc::new(Semaphore::new(POOL)),
        }
    }

    /// Runs `query` in a read transaction on a thread that may block.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| StoreError::Closed)?;
        let (open, idle) = (Arc::clone(&self.open), Arc::clone(&self.idle));
        let answer = tokio::task::spawn_blocking(move || {
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut connection = match kept {
                Some(connection) => connection,
                None => open()?,
            };
            let transaction = connection.transaction()?;
            let answer = query(Reader::new(&transaction));
            drop(transaction);
            if !permit.semaphore().is_closed() {
                idle.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(connection);
            }
            drop(permit);
            answer
        });
        // A query that panicked is a fault of that query, not the end of the store.
        answer.await.map_err(|error| {
            if error.is_panic() {
                StoreError::Fault
            } else {
                StoreError::Closed
            }
        })?
    }

    /// Closes the connections that are not in use and lets nobody in any more.
    pub(crate) fn close(&self) {
        self.permits.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
