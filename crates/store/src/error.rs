//! What can go wrong with the file.

use std::path::PathBuf;

/// A read or write that did not happen.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused. Nothing of the transaction is on disk.
    #[error("the database could not be read or written: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The whole batch this write travelled in could not be committed.
    #[error("the database could not be written: {0}")]
    Commit(String),
    /// The writer has more to do than it can take; the caller may try again.
    #[error("the database is too busy just now")]
    Busy,
    /// The store has been closed.
    #[error("the database is closed")]
    Closed,
    /// A row that was asked for is not there.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What was asked for.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// The request makes no sense in the state the row is in.
    #[error("{0}")]
    Conflict(String),
    /// The work stopped in the middle: a fault of the program. Nothing of it is stored.
    #[error("a fault in Deskbell stopped this; nothing of it is stored")]
    Fault,
    /// A stored word or document that cannot be understood.
    #[error("the database holds something that cannot be understood: {0}")]
    Damaged(String),
}

impl From<domain::UnknownWord> for StoreError {
    fn from(unknown: domain::UnknownWord) -> Self {
        Self::Damaged(unknown.to_string())
    }
}

impl StoreError {
    /// Returns whether the row itself was refused (a constraint, a size), so that trying again would not help; the
    /// disk and the file are fine.
    pub fn is_about_the_row(&self) -> bool {
        use rusqlite::ErrorCode::{ConstraintViolation, TooBig, TypeMismatch};
        match self {
            Self::NotFound { .. }
            | Self::Conflict(_)
            | Self::Damaged(_)
            | Self::Fault
            | Self::Sqlite(rusqlite::Error::FromSqlConversionFailure(..)) => true,
            Self::Sqlite(rusqlite::Error::SqliteFailure(error, _)) => {
                matches!(error.code, ConstraintViolation | TooBig | TypeMismatch)
            }
            Self::Sqlite(_) | Self::Commit(_) | Self::Busy | Self::Closed => false,
        }
    }

    pub(crate) fn not_found(what: &'static str, id: &impl ToString) -> Self {
        Self::NotFound {
            what,
            id: id.to_string(),
        }
    }
}

/// Why a data directory could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another Deskbell uses it.
    #[error("another Deskbell is using {}; close it first, or choose another data directory", .0.display())]
    InUse(PathBuf),
    /// It is not there, and the caller did not want it made.
    #[error("there is no Deskbell data in {}; check the path", .0.display())]
    Missing(PathBuf),
    /// It was written by a newer version.
    #[error(
        "{} was written by a newer Deskbell (schema {found}, this one knows {known}); install the newer version again",
        path.display()
    )]
    TooNew {
        /// The data directory.
        path: PathBuf,
        /// The schema version found.
        found: i64,
        /// The newest this program knows.
        known: i64,
    },
    /// The SQLite library is one with known faults.
    #[error("this build carries SQLite {0}, which can damage data; 3.51.3 or newer is needed")]
    OldSqlite(String),
    /// A file could not be made or opened.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// The database could not be opened or brought up to date.
    #[error("the database in {} cannot be opened: {reason}", path.display())]
    Database {
        /// The data directory.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
}
