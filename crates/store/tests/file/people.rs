//! Contacts, and the names providers know them by.

use crate::shop::{NINE, Shop, at, wa_id};
use domain::{ContactId, Identity, IdentityKind};

fn bsuid(value: &str) -> Identity {
    Identity::new(IdentityKind::Bsuid, value).unwrap()
}

async fn known(shop: &Shop, identities: Vec<Identity>, name: Option<&'static str>) -> ContactId {
    shop.store
        .write(move |t| t.find_or_add_contact(&identities, name, NINE))
        .await
        .unwrap()
}

#[tokio::test]
async fn one_person_stays_one_whichever_name_the_provider_uses() {
    let shop = Shop::open().await;
    let ana = known(&shop, vec![wa_id("+44 7700 900001")], Some(" Ana ")).await;
    let both = known(&shop, vec![wa_id("447700900001"), bsuid("GB.1")], None).await;
    assert_eq!(both, ana);
    assert_eq!(known(&shop, vec![bsuid("GB.1")], Some("Ana Silva")).await, ana);
    let contact = shop.store.read(move |r| r.contact(ana)).await.unwrap();
    assert_eq!(contact.display_name(), "Ana Silva");
    assert_eq!(contact.phone(), Some("447700900001"));
    assert_eq!(contact.identity(IdentityKind::Bsuid), Some("GB.1"));
}

#[tokio::test]
async fn a_name_that_is_empty_does_not_wipe_out_the_known_one() {
    let shop = Shop::open().await;
    let ana = known(&shop, vec![wa_id("447700900001")], Some("Ana")).await;
    known(&shop, vec![wa_id("447700900001")], Some("   ")).await;
    let contact = shop.store.read(move |r| r.contact(ana)).await.unwrap();
    assert_eq!(contact.name.as_deref(), Some("Ana"));
}

#[tokio::test]
async fn a_person_without_a_name_goes_by_their_number_and_else_by_their_id() {
    let shop = Shop::open().await;
    let number = known(&shop, vec![wa_id("447700900001")], None).await;
    let id = known(&shop, vec![bsuid("GB.9")], None).await;
    let names = shop
        .store
        .read(move |r| Ok((r.contact(number)?.display_name(), r.contact(id)?.display_name())))
        .await
        .unwrap();
    assert_eq!(names, ("+447700900001".to_owned(), "GB.9".to_owned()));
}

#[tokio::test]
async fn the_same_message_twice_is_one_message_and_changes_nothing() {
    let shop = Shop::open().await;
    let (conversation, first) = shop.text("447700900001", "wamid.1", "Hello", NINE).await;
    let before = shop.conversation(conversation).await;
    let mut changes = shop.store.changes();
    let (same, second) = shop.text("447700900001", "wamid.1", "Hello again", at(5)).await;
    assert!(first.is_some() && second.is_none());
    assert_eq!(
        (same, shop.conversation(conversation).await),
        (conversation, before)
    );
    assert!(changes.try_recv().is_err(), "nothing changed, so nothing is told");
}

#[tokio::test]
async fn a_message_that_comes_late_never_shortens_the_window_nor_jumps_to_the_end() {
    let shop = Shop::open().await;
    let (conversation, newest) = shop.text("447700900001", "wamid.2", "Second", at(100)).await;
    let window = shop.conversation(conversation).await.window;
    shop.text("447700900001", "wamid.1", "First", at(0)).await;
    let after = shop.conversation(conversation).await;
    assert_eq!(after.window, window);
    assert_eq!(after.last.map(|last| last.id), newest);
    assert_eq!(after.unread, 2);
    let thread = shop
        .store
        .read(move |r| r.thread(conversation, None, 10))
        .await
        .unwrap();
    let words: Vec<&str> = thread.iter().filter_map(|m| m.text.as_deref()).collect();
    assert_eq!(words, ["Second", "First"]);
}
