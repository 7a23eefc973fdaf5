//! Writes that share a commit.

use crate::shop::{NINE, Shop, take_text};
use rusqlite::Connection;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use store::{Change, DATABASE_FILE, Store, StoreError};
use tokio::sync::broadcast::error::TryRecvError;
use tokio::task::JoinSet;

/// Keeps the writer busy until the returned end is dropped.
async fn keep_busy(store: &Store, writes: &mut JoinSet<Result<(), StoreError>>) -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    let (begun, beginning) = tokio::sync::oneshot::channel();
    let store = store.clone();
    writes.spawn(async move {
        store
            .write(move |_| {
                begun.send(()).unwrap();
                let _ = released.recv();
                Ok(())
            })
            .await
    });
    beginning.await.unwrap();
    release
}

/// Waits until so many tasks have counted themselves. On the one thread of these tests a task that has counted has
/// also queued its write, since it did not wait in between.
async fn queued(counter: &AtomicUsize, number: usize) {
    while counter.load(Ordering::SeqCst) < number {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn writes_that_wait_together_share_one_commit_and_each_is_on_disk_when_it_is_answered() {
    let shop = Shop::open().await;
    let mut changes = shop.store.changes();
    let mut writes = JoinSet::new();
    let release = keep_busy(&shop.store, &mut writes).await;
    let counter = Arc::new(AtomicUsize::new(0));
    for number in 0..100 {
        let counter = Arc::clone(&counter);
        let (store, channel) = (shop.store.clone(), shop.channel.clone());
        let file = shop.folder.path().join(DATABASE_FILE);
        writes.spawn(async move {
            let who = format!("4477009{number:05}");
            let wamid = format!("wamid.{number}");
            counter.fetch_add(1, Ordering::SeqCst);
            let (_, message) = store
                .write(move |t| take_text(t, &channel, &who, &wamid, "Hi", NINE))
                .await
                .unwrap();
            let other = Connection::open(file).unwrap();
            let found: i64 = other
                .query_row(
                    "SELECT count(*) FROM message WHERE id = ?1",
                    [message.unwrap().0],
                    |row| row.get(0),
                )
                .unwrap();
            assert_eq!(found, 1, "answered before it was on disk");
            Ok(())
        });
    }
    queued(&counter, 100).await;
    drop(release);
    while let Some(write) = writes.join_next().await {
        write.unwrap().unwrap();
    }
    let batch = changes.recv().await.unwrap();
    let messages = batch
        .iter()
        .filter(|change| matches!(change, Change::Message(..)));
    assert_eq!(messages.count(), 100, "one commit, one batch of changes");
    assert!(matches!(changes.try_recv(), Err(TryRecvError::Empty)));
}

#[tokio::test]
async fn a_write_that_fails_takes_no_sibling_with_it_and_its_changes_are_not_published() {
    let shop = Shop::open().await;
    let mut changes = shop.store.changes();
    let channel = shop.channel.clone();
    let good = shop.store.write({
        let channel = channel.clone();
        move |t| take_text(t, &channel, "447700900001", "wamid.1", "Good", NINE)
    });
    let bad = shop.store.write({
        let channel = channel.clone();
        move |t| {
            take_text(t, &channel, "447700900002", "wamid.2", "Bad", NINE)?;
            t.changed(Change::Health);
            Err::<(), _>(StoreError::Conflict("second thoughts".to_owned()))
        }
    });
    let fallen = shop.store.write(move |t| -> Result<(), StoreError> {
        take_text(t, &channel, "447700900003", "wamid.3", "Fallen", NINE)?;
        panic!("falls over")
    });
    let later = shop.store.write(|t| t.add_count("later"));
    let (good, bad, fallen, later) = tokio::join!(good, bad, fallen, later);
    let (conversation, message) = good.unwrap();
    assert!(matches!(bad, Err(StoreError::Conflict(_))));
    assert!(matches!(fallen, Err(StoreError::Fault)), "{fallen:?}");
    later.unwrap();

    let ids = shop.store.read(|r| r.conversation_ids()).await.unwrap();
    assert_eq!(ids, [conversation], "nothing of the failed writes is stored");
    let published = changes.recv().await.unwrap();
    assert!(published.contains(&Change::Message(conversation, message.unwrap())));
    assert!(!published.contains(&Change::Health), "{published:?}");
    let messages = published
        .iter()
        .filter(|change| matches!(change, Change::Message(..)));
    assert_eq!(messages.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_hears_of_a_message_can_read_it() {
    let shop = Shop::open().await;
    let mut changes = shop.store.changes();
    let mut writers = JoinSet::new();
    for writer in 0..4 {
        let (store, channel) = (shop.store.clone(), shop.channel.clone());
        writers.spawn(async move {
            for number in 0..50 {
                let (channel, wamid) = (channel.clone(), format!("wamid.{writer}.{number}"));
                store
                    .write(move |t| take_text(t, &channel, "447700900001", &wamid, "Hi", NINE))
                    .await
                    .unwrap();
            }
        });
    }
    let mut heard = 0;
    while heard < 200 {
        for change in changes.recv().await.unwrap().iter() {
            if let Change::Message(_, id) = *change {
                assert_eq!(shop.message(id).await.id, id);
                heard += 1;
            }
        }
    }
    while let Some(writer) = writers.join_next().await {
        writer.unwrap();
    }
}

#[tokio::test]
async fn more_writes_than_the_queue_holds_are_asked_to_come_back() {
    let shop = Shop::open().await;
    let mut writes = JoinSet::new();
    let release = keep_busy(&shop.store, &mut writes).await;
    for _ in 0..2_100 {
        let store = shop.store.clone();
        writes.spawn(async move { store.write(|t| t.add_count("write")).await });
    }
    // The refused ones are answered while the writer is still busy.
    let mut refused = 0;
    while refused < 52 {
        let answer = writes.join_next().await.unwrap().unwrap();
        assert!(matches!(answer, Err(StoreError::Busy)), "{answer:?}");
        refused += 1;
    }
    drop(release);
    while let Some(write) = writes.join_next().await {
        write.unwrap().unwrap();
    }
    let written = shop.store.read(|r| r.count("write")).await.unwrap();
    assert_eq!(written, 2_048);
}

#[tokio::test]
async fn a_file_somebody_else_keeps_locked_refuses_writes_and_takes_them_again_afterwards() {
    let shop = Shop::open().await;
    let other = Connection::open(shop.folder.path().join(DATABASE_FILE)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = shop.store.write(|t| t.add_count("write")).await;
    assert!(
        matches!(refused, Err(StoreError::Commit(_))),
        "not `Closed`, which would send the rooms home: {refused:?}"
    );
    other.execute_batch("ROLLBACK").unwrap();
    shop.store.write(|t| t.add_count("write")).await.unwrap();
    assert_eq!(shop.store.read(|r| r.count("write")).await.unwrap(), 1);
}

#[tokio::test]
async fn what_is_queued_when_the_store_closes_is_still_written() {
    let shop = Shop::open().await;
    let mut writes = JoinSet::new();
    let release = keep_busy(&shop.store, &mut writes).await;
    let (store, counter) = (shop.store.clone(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&counter);
    writes.spawn(async move {
        counted.fetch_add(1, Ordering::SeqCst);
        store.write(|t| t.add_count("last")).await
    });
    queued(&counter, 1).await;
    tokio::join!(shop.store.close(), async move { drop(release) });
    while let Some(write) = writes.join_next().await {
        write.unwrap().unwrap();
    }
    let again = Store::open(shop.folder.path(), store::Access::Write).unwrap();
    assert_eq!(again.read(|r| r.count("last")).await.unwrap(), 1);
    again.close().await;
}

#[tokio::test]
async fn a_query_that_falls_over_is_not_the_end_of_reading() {
    let shop = Shop::open().await;
    for _ in 0..6 {
        let fallen = shop
            .store
            .read(|_| -> Result<(), StoreError> { panic!("falls over") })
            .await;
        assert!(matches!(fallen, Err(StoreError::Fault)), "{fallen:?}");
    }
    assert_eq!(shop.store.read(|r| r.count("x")).await.unwrap(), 0);
}
