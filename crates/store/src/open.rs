//! Opening a data directory: lock, pragmas, migrations, and the handle everybody else uses.

use crate::change::Changes;
use crate::error::{OpenError, StoreError};
use crate::reader::{Reader, Readers};
use crate::writer::{WriteTransaction, Writer};
use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::broadcast;

/// The database's name in a data directory.
pub const DATABASE_FILE: &str = "deskbell.sqlite3";
/// The lock's name in a data directory. It is held while the file may be written.
pub const LOCK_FILE: &str = "deskbell.lock";

/// The first SQLite without the write-ahead-log fault that can damage a file (3.7.0 to 3.51.2).
const OLDEST_SQLITE: i32 = 3_051_003;
/// Commits that may be unread by a slow listener before it has to read everything again.
const CHANGES: usize = 1_024;

const MIGRATIONS: &[M<'static>] = &[
    M::up(include_str!("../../../migrations/0001_street.sql")),
    M::up(include_str!("../../../migrations/0002_whatsapp_whole.sql")),
    M::up(include_str!("../../../migrations/0003_connection.sql")),
    M::up(include_str!("../../../migrations/0004_assistant.sql")),
    M::up(include_str!("../../../migrations/0005_models.sql")),
    M::up(include_str!("../../../migrations/0006_marks.sql")),
];

/// What a data directory is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read and write; made when it is not there. Only one at a time.
    Write,
    /// Read, also beside a writer in another process.
    Read,
}

/// The open database. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    readers: Readers,
    writer: Mutex<Option<Arc<Writer>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    changes: broadcast::Sender<Changes>,
    directory: PathBuf,
}

impl Store {
    /// Opens the database in `directory` and brings it up to date.
    pub fn open(directory: &Path, access: Access) -> Result<Self, OpenError> {
        if rusqlite::version_number() < OLDEST_SQLITE {
            return Err(OpenError::OldSqlite(rusqlite::version().to_owned()));
        }
        match access {
            Access::Write => Self::open_for_writing(directory),
            Access::Read => Self::open_for_reading(directory),
        }
    }

    fn open_for_writing(directory: &Path) -> Result<Self, OpenError> {
        create_private_directory(directory).map_err(|source| OpenError::Io {
            path: directory.to_owned(),
            source,
        })?;
        let lock = lock(directory)?;
        let file = directory.join(DATABASE_FILE);
        let broken = |error: &dyn std::fmt::Display| OpenError::Database {
            path: directory.to_owned(),
            reason: error.to_string(),
        };
        create_private_file(&file).map_err(|source| OpenError::Io {
            path: file.clone(),
            source,
        })?;
        let mut connection = connect_to_write(&file).map_err(|error| broken(&error))?;
        migrate(directory, &mut connection, MIGRATIONS)?;

        let (changes, _) = broadcast::channel(CHANGES);
        let again = file.clone();
        let (writer, thread) = Writer::start(
            connection,
            move || connect_to_write(&again),
            changes.clone(),
            lock,
            file.clone(),
        )
        .map_err(|source| OpenError::Io {
            path: directory.to_owned(),
            source,
        })?;
        Ok(Self {
            inner: Arc::new(Inner {
                readers: Readers::new(move || connect_to_read(&file)),
                writer: Mutex::new(Some(Arc::new(writer))),
                thread: Mutex::new(Some(thread)),
                changes,
                directory: directory.to_owned(),
            }),
        })
    }

    fn open_for_reading(directory: &Path) -> Result<Self, OpenError> {
        let file = directory.join(DATABASE_FILE);
        if !file.exists() {
            return Err(OpenError::Missing(directory.to_owned()));
        }
        let broken = |error: &dyn std::fmt::Display| OpenError::Database {
            path: directory.to_owned(),
            reason: error.to_string(),
        };
        let connection = connect_to_read(&file).map_err(|error| broken(&error))?;
        let found = schema_version(&connection).map_err(|error| broken(&error))?;
        drop(connection);
        if found > newest() {
            return Err(OpenError::TooNew {
                path: directory.to_owned(),
                found,
                known: newest(),
            });
        }
        if found < newest() {
            // Nobody runs it in the old version either, or the lock says so.
            let lock = lock(directory)?;
            let mut connection = connect_to_write(&file).map_err(|error| broken(&error))?;
            migrate(directory, &mut connection, MIGRATIONS)?;
            drop(lock);
        }
        let (changes, _) = broadcast::channel(1);
        Ok(Self {
            inner: Arc::new(Inner {
                readers: Readers::new(move || connect_to_read(&file)),
                writer: Mutex::new(None),
                thread: Mutex::new(None),
                changes,
                directory: directory.to_owned(),
            }),
        })
    }

    /// Runs `query` on a consistent view.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.inner.readers.read(query).await
    }

    /// Runs `work` in a transaction and returns when its commit is on disk. An error, also one that `work` returns,
    /// means that nothing of it is stored.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut WriteTransaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let writer = self
            .inner
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        writer.ok_or(StoreError::Closed)?.write(work).await
    }

    /// Returns a receiver of everything that is committed from now on.
    pub fn changes(&self) -> broadcast::Receiver<Changes> {
        self.inner.changes.subscribe()
    }

    /// The data directory.
    pub fn directory(&self) -> &Path {
        &self.inner.directory
    }

    /// Finishes the writes that are queued, tidies up and gives the lock back. Later calls answer `Closed`.
    pub async fn close(&self) {
        let writer = self
            .inner
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        self.inner.readers.close();
        drop(writer);
        let thread = self
            .inner
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            let joined = tokio::task::spawn_blocking(move || thread.join()).await;
            if !matches!(joined, Ok(Ok(()))) {
                tracing::error!("the database writer did not end in order");
            }
        }
    }
}

/// The schema this program writes.
fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

fn schema_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Returns whether a process has the database in `directory` open for writing.
pub fn is_in_use(directory: &Path) -> bool {
    File::open(directory.join(LOCK_FILE))
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

fn lock(directory: &Path) -> Result<File, OpenError> {
    let path = directory.join(LOCK_FILE);
    let io = |source| OpenError::Io {
        path: path.clone(),
        source,
    };
    let file = File::options()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path)
        .map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(directory.to_owned())),
        Err(TryLockError::Error(source)) => Err(io(source)),
    }
}

/// Customers' words are nobody else's business, also on a computer with several accounts.
fn create_private_directory(directory: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(directory)
}

/// Makes the database for its owner only, whatever the folder allows; SQLite gives its other files the same rights.
fn create_private_file(file: &Path) -> std::io::Result<()> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(file).map(drop)
}

fn connect_to_write(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    // FULL: a commit is on disk before it is answered. A checkpoint every 1,000 pages keeps the log small, the
    // limit gives the space back after a burst.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
         PRAGMA journal_size_limit = 67108864; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;",
    )?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

fn connect_to_read(file: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection
        .execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Brings the schema up to date; a copy of the file is made first when there is something to lose.
fn migrate(directory: &Path, connection: &mut Connection, steps: &[M<'static>]) -> Result<(), OpenError> {
    let broken = |error: &dyn std::fmt::Display| OpenError::Database {
        path: directory.to_owned(),
        reason: error.to_string(),
    };
    let newest = i64::try_from(steps.len()).unwrap_or(i64::MAX);
    let found = schema_version(connection).map_err(|error| broken(&error))?;
    if found > newest {
        return Err(OpenError::TooNew {
            path: directory.to_owned(),
            found,
            known: newest,
        });
    }
    if found == newest {
        return Ok(());
    }
    if found > 0 {
        let copy = directory.join(format!("before-schema-{newest}.sqlite3"));
        let io = |source| OpenError::Io {
            path: copy.clone(),
            source,
        };
        if copy.exists() {
            std::fs::remove_file(&copy).map_err(io)?;
        }
        // Made empty first: SQLite would make one that everybody can read.
        create_private_file(&copy).map_err(io)?;
        connection
            .execute("VACUUM INTO ?1", [copy.to_string_lossy()])
            .map_err(|error| broken(&format!("no copy could be made before the update: {error}")))?;
    }
    Migrations::from_slice(steps)
        .to_latest(connection)
        .map_err(|error| broken(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(connection: &Connection) -> Vec<String> {
        let mut query = connection.prepare("SELECT value FROM setting").unwrap();
        query
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap()
    }

    #[test]
    fn a_copy_is_made_before_an_update_and_not_before_the_first_start() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(DATABASE_FILE);
        let copy = folder.path().join("before-schema-2.sqlite3");
        let mut connection = connect_to_write(&file).unwrap();
        migrate(folder.path(), &mut connection, &MIGRATIONS[..1]).unwrap();
        let first: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert!(
            first.iter().all(|entry| !entry
                .as_ref()
                .unwrap()
                .path()
                .ends_with("before-schema-1.sqlite3")),
            "there was nothing to lose"
        );
        connection
            .execute(
                "INSERT INTO setting (key, value) VALUES ('shop', 'Clay & Kiln')",
                [],
            )
            .unwrap();

        // What an interrupted update left behind is replaced.
        std::fs::write(&copy, "half a copy").unwrap();
        let next = [
            M::up(include_str!("../../../migrations/0001_street.sql")),
            M::up("DELETE FROM setting; CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;"),
        ];
        migrate(folder.path(), &mut connection, &next).unwrap();
        assert_eq!(schema_version(&connection).unwrap(), 2);
        assert!(names(&connection).is_empty());
        let kept = Connection::open(&copy).unwrap();
        assert_eq!(names(&kept), ["Clay & Kiln"]);
        assert_eq!(schema_version(&kept).unwrap(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(&copy).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "others could read what customers wrote");
        }
    }

    #[test]
    fn an_update_that_fails_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = connect_to_write(&folder.path().join(DATABASE_FILE)).unwrap();
        migrate(folder.path(), &mut connection, &MIGRATIONS[..1]).unwrap();
        let next = [
            M::up(include_str!("../../../migrations/0001_street.sql")),
            M::up("CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE setting (oops TEXT);"),
        ];
        let refused = migrate(folder.path(), &mut connection, &next).unwrap_err();
        assert!(matches!(refused, OpenError::Database { .. }), "{refused:?}");
        assert_eq!(schema_version(&connection).unwrap(), 1);
        assert!(connection.prepare("SELECT * FROM later").is_err());
    }

    #[test]
    fn an_inbox_of_the_first_version_is_brought_up_to_date_with_all_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let mut connection = connect_to_write(&folder.path().join(DATABASE_FILE)).unwrap();
        migrate(folder.path(), &mut connection, &MIGRATIONS[..1]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO endpoint VALUES (1, '/hooks/a', 'whatsapp_cloud', 'print', 1);
                 INSERT INTO channel (id, endpoint_id, kind, name, mode, number_id, api_url, api_version, created_at)
                     VALUES ('ch', 1, 'whatsapp_cloud', 'Shop', 'off', '100', 'http://127.0.0.1:9', 'v25.0', 1);
                 INSERT INTO contact VALUES (1, 'Ana', 1);
                 INSERT INTO conversation (id, channel_id, contact_id, holder, last_message_id, last_direction, last_at,
                     created_at) VALUES (1, 'ch', 1, 'operator', 1, 'inbound', 5, 1);
                 INSERT INTO message (id, conversation_id, channel_id, contact_id, direction, author, kind,
                     original_kind, text, provider_id, sent_at, received_at, sort_at, own_status, status)
                     VALUES (1, 1, 'ch', 1, 'inbound', 'customer', 'text', 'text', 'Good morning', 'wamid.1', 5, 5, 5,
                     'received', 'received');",
            )
            .unwrap();
        migrate(folder.path(), &mut connection, MIGRATIONS).unwrap();
        let reader = Reader::new(&connection);
        let conversation = reader.conversation(domain::ConversationId(1)).unwrap();
        assert_eq!(conversation.contact_name.as_deref(), Some("Ana"));
        assert_eq!(conversation.last_speech, Some(domain::Direction::Inbound));
        let message = reader.message(domain::MessageId(1)).unwrap();
        assert_eq!(message.text.as_deref(), Some("Good morning"));
        assert_eq!(message.source, domain::Source::Live);
        assert_eq!(reader.search("morning", 5).unwrap().len(), 1);
    }
}
