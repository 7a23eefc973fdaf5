//! Opening a data directory: once, twice, from elsewhere, after an update.

use crate::shop::{NINE, Shop};
use rusqlite::Connection;
use std::io::BufRead as _;
use std::path::Path;
use std::process::{Command, Stdio};
use store::{Access, DATABASE_FILE, OpenError, Store, StoreError};

/// Names the folder for the other process.
const FOLDER: &str = "DESKBELL_TEST_FOLDER";

fn set_version(folder: &Path, version: i64) {
    let connection = Connection::open(folder.join(DATABASE_FILE)).unwrap();
    connection.pragma_update(None, "user_version", version).unwrap();
}

fn version(folder: &Path) -> i64 {
    let connection = Connection::open(folder.join(DATABASE_FILE)).unwrap();
    connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap()
}

#[tokio::test]
async fn what_was_written_is_there_when_the_file_is_opened_again() {
    let shop = Shop::open().await;
    let (conversation, _) = shop.text("447700900001", "wamid.1", "Hello", NINE).await;
    shop.store.close().await;
    let before = version(shop.folder.path());
    let again = Store::open(shop.folder.path(), Access::Write).unwrap();
    assert_eq!(
        version(shop.folder.path()),
        before,
        "a second start migrates nothing"
    );
    let thread = again
        .read(move |r| r.thread(conversation, None, 10))
        .await
        .unwrap();
    assert_eq!(thread[0].text.as_deref(), Some("Hello"));
    again.close().await;
}

#[tokio::test]
async fn a_closed_store_leaves_one_tidy_file_and_answers_that_it_is_closed() {
    let shop = Shop::open().await;
    shop.store.close().await;
    let refused = shop.store.write(|t| t.add_count("late")).await;
    assert!(matches!(refused, Err(StoreError::Closed)), "{refused:?}");
    let refused = shop.store.read(|r| r.count("late")).await;
    assert!(matches!(refused, Err(StoreError::Closed)), "{refused:?}");
    let wal = shop.folder.path().join(format!("{DATABASE_FILE}-wal"));
    assert!(!wal.exists(), "the write-ahead log is folded in");
    shop.store.close().await;
}

#[tokio::test]
async fn a_second_writer_is_told_who_is_in_the_way_and_gets_in_when_the_first_has_closed() {
    let shop = Shop::open().await;
    let second = Store::open(shop.folder.path(), Access::Write);
    assert!(matches!(&second, Err(OpenError::InUse(path)) if path == shop.folder.path()));
    let words = second.unwrap_err().to_string();
    assert!(words.contains("another Deskbell is using"), "{words}");
    shop.store.close().await;
    Store::open(shop.folder.path(), Access::Write)
        .unwrap()
        .close()
        .await;
}

#[tokio::test]
async fn another_process_cannot_write_beside_this_one_either() {
    const NAME: &str = "opening::another_process_cannot_write_beside_this_one_either";
    if let Some(folder) = std::env::var_os(FOLDER) {
        // This is the other process: hold the lock until standard input ends.
        let held = Store::open(Path::new(&folder), Access::Write).unwrap();
        println!("\nlocked");
        std::io::stdin().lines().for_each(drop);
        held.close().await;
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(FOLDER, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufReader::new(other.stdout.take().unwrap()).lines();
    assert!(
        lines.any(|line| line.unwrap() == "locked"),
        "the other process did not open it"
    );
    let refused = Store::open(folder.path(), Access::Write);
    assert!(matches!(refused, Err(OpenError::InUse(_))), "{refused:?}");
    Store::open(folder.path(), Access::Read).unwrap();

    drop(other.stdin.take());
    assert!(other.wait().unwrap().success());
    Store::open(folder.path(), Access::Write).unwrap().close().await;
}

#[tokio::test]
async fn a_reader_beside_a_writer_sees_what_is_committed_and_can_write_nothing() {
    let shop = Shop::open().await;
    let reader = Store::open(shop.folder.path(), Access::Read).unwrap();
    shop.text("447700900001", "wamid.1", "Hello", NINE).await;
    let ids = reader.read(|r| r.conversation_ids()).await.unwrap();
    assert_eq!(ids.len(), 1);
    let refused = reader.write(|t| t.add_count("x")).await;
    assert!(matches!(refused, Err(StoreError::Closed)));
    shop.text("447700900002", "wamid.2", "Me too", NINE).await;
    assert_eq!(reader.read(|r| r.conversation_ids()).await.unwrap().len(), 2);
}

#[test]
fn reading_where_there_is_nothing_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("nowhere");
    let refused = Store::open(&missing, Access::Read);
    assert!(matches!(refused, Err(OpenError::Missing(_))), "{refused:?}");
    assert!(!missing.exists());
}

#[tokio::test]
async fn a_newer_schema_is_refused_kindly_and_not_written() {
    let shop = Shop::open().await;
    shop.store.close().await;
    let current = version(shop.folder.path());
    set_version(shop.folder.path(), 99);
    let file = shop.folder.path().join(DATABASE_FILE);
    let before = std::fs::read(&file).unwrap();
    for access in [Access::Write, Access::Read] {
        let refused = Store::open(shop.folder.path(), access).unwrap_err();
        assert!(
            matches!(refused, OpenError::TooNew { found: 99, .. }),
            "{refused:?}"
        );
        assert!(refused.to_string().contains("newer Deskbell"), "{refused}");
    }
    assert!(std::fs::read(&file).unwrap() == before, "the file was changed");
    set_version(shop.folder.path(), current);
    Store::open(shop.folder.path(), Access::Write)
        .unwrap()
        .close()
        .await;
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(DATABASE_FILE);
    std::fs::write(
        &file,
        "a letter, not a database, and long enough to have a header of its own",
    )
    .unwrap();
    let refused = Store::open(folder.path(), Access::Write).unwrap_err();
    assert!(matches!(refused, OpenError::Database { .. }), "{refused:?}");
    assert!(std::fs::read_to_string(&file).unwrap().starts_with("a letter"));
}

#[cfg(unix)]
#[tokio::test]
async fn a_data_directory_is_nobody_elses_business() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let store = Store::open(&data, Access::Write).unwrap();
    let mode = std::fs::metadata(&data).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
    store.close().await;
}
