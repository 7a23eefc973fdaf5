//! What happens to a message after it was said.

use crate::shop::{Shop, at};
use domain::{MessageId, ReactionBy};
use store::{Charge, NewNotice};

const UP: &str = "\u{1f44d}";
const HEART: &str = "\u{2764}";
const LAUGH: &str = "\u{1f602}";
const THANKS: &str = "\u{1f64f}";

async fn hello(shop: &Shop) -> MessageId {
    shop.text("447700900001", "wamid.1", "Two rolls at ten", at(0))
        .await
        .1
        .unwrap()
}

#[tokio::test]
async fn each_side_has_one_reaction_and_an_older_one_changes_nothing() {
    let shop = Shop::open().await;
    let id = hello(&shop).await;
    shop.store
        .write(move |t| {
            t.react(id, ReactionBy::Customer, "", Some(UP), at(5))?;
            t.react(id, ReactionBy::Customer, "", Some(HEART), at(9))?;
            t.react(id, ReactionBy::Customer, "", Some(LAUGH), at(7))?;
            t.react(id, ReactionBy::Operator, "", Some(THANKS), at(8))
        })
        .await
        .unwrap();
    let shown = || async {
        let reactions = shop.store.read(move |r| r.reactions(id)).await.unwrap();
        reactions.into_iter().map(|r| r.emoji).collect::<Vec<_>>()
    };
    assert_eq!(shown().await, [THANKS, HEART]);
    shop.store
        .write(move |t| {
            t.react(id, ReactionBy::Customer, "", None, at(10))?;
            t.react(id, ReactionBy::Customer, "", Some(UP), at(5))
        })
        .await
        .unwrap();
    assert_eq!(shown().await, [THANKS], "taken away, whatever comes late");
}

#[tokio::test]
async fn all_forms_of_a_message_are_kept_and_the_last_one_is_shown_whatever_the_order_of_arrival() {
    let edits = [
        ("e1", "Three rolls", 10),
        ("e2", "Four rolls", 20),
        ("e3", "Five rolls", 30),
    ];
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let shop = Shop::open().await;
        let id = hello(&shop).await;
        let conversation = shop.message(id).await.conversation_id;
        let epoch = shop.conversation(conversation).await.epoch;
        for index in order.into_iter().chain(order) {
            let (edit, text, second) = edits[index];
            shop.store
                .write(move |t| t.edit_message(id, edit, Some(text), None, at(second)))
                .await
                .unwrap();
        }
        let message = shop.message(id).await;
        assert_eq!(message.text.as_deref(), Some("Five rolls"), "{order:?}");
        assert!(message.edited);
        let versions = shop.store.read(move |r| r.versions(id)).await.unwrap();
        let words: Vec<_> = versions.into_iter().filter_map(|v| v.text).collect();
        assert_eq!(
            words,
            ["Two rolls at ten", "Three rolls", "Four rolls", "Five rolls"]
        );
        let after = shop.conversation(conversation).await;
        assert_eq!(
            after.epoch,
            epoch + 3,
            "what was about to be answered is out of date"
        );
        assert_eq!(after.unread, 1);
        let old = shop.store.read(|r| r.search("Two rolls", 5)).await.unwrap();
        assert!(old.is_empty());
    }
}

#[tokio::test]
async fn a_message_that_was_taken_back_leaves_a_mark_and_nothing_it_said() {
    let shop = Shop::open().await;
    let id = hello(&shop).await;
    shop.store
        .write(move |t| {
            t.edit_message(id, "e1", Some("Three rolls"), None, at(3))?;
            t.react(id, ReactionBy::Operator, "", Some(UP), at(4))?;
            t.revoke_message(id)?;
            // Late news bring nothing back.
            t.edit_message(id, "e2", Some("Four rolls"), None, at(5))?;
            t.react(id, ReactionBy::Customer, "", Some(UP), at(6))
        })
        .await
        .unwrap();
    let message = shop.message(id).await;
    assert!(message.revoked);
    assert_eq!((message.text, message.payload), (None, None));
    let (hits, versions, reactions) = shop
        .store
        .read(move |r| Ok((r.search("rolls", 5)?, r.versions(id)?, r.reactions(id)?)))
        .await
        .unwrap();
    assert!(hits.is_empty() && versions.is_empty() && reactions.is_empty());
    let last = shop.conversation(message.conversation_id).await.last.unwrap();
    assert_eq!(last.text, None, "the list does not show it either");
}

#[tokio::test]
async fn a_charge_counts_once_however_often_it_is_told() {
    let shop = Shop::open().await;
    let channel = shop.channel.clone();
    let charge = |kind: &str| Charge {
        category: "service".to_owned(),
        kind: Some(kind.to_owned()),
        billable: None,
    };
    let (regular, free) = (charge("regular"), charge("free_customer_service"));
    shop.store
        .write(move |t| {
            t.note_charge(&channel, "wamid.a", &regular, at(1))?;
            t.note_charge(&channel, "wamid.a", &regular, at(2))?;
            t.note_charge(&channel, "wamid.b", &free, at(3))
        })
        .await
        .unwrap();
    let (now, later) = shop
        .store
        .read(|r| {
            Ok((
                r.charges(None, at(0), at(100))?,
                r.charges(None, at(100), at(200))?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(now.len(), 1);
    assert_eq!((now[0].messages, now[0].charged), (2, 1));
    assert!(later.is_empty());
}

#[tokio::test]
async fn news_delivered_twice_are_told_once_and_stay_unseen_until_somebody_looks() {
    let shop = Shop::open().await;
    let notice = NewNotice {
        channel_id: shop.channel.clone(),
        field: "account_review_update".to_owned(),
        event: Some("REJECTED".to_owned()),
        raw: serde_json::json!({"decision": "REJECTED"}),
        at: at(0),
        digest: "d1".to_owned(),
    };
    let again = notice.clone();
    let first = shop
        .store
        .write(move |t| t.add_notice(&notice, at(1)))
        .await
        .unwrap();
    let second = shop
        .store
        .write(move |t| t.add_notice(&again, at(2)))
        .await
        .unwrap();
    assert!(first && !second);
    let unseen = || async { shop.store.read(|r| r.unseen_notices(None)).await.unwrap() };
    assert_eq!(unseen().await, 1);
    shop.store.write(|t| t.see_notices(None, at(3))).await.unwrap();
    assert_eq!(unseen().await, 0);
    let all = shop.store.read(|r| r.notices(None, 10)).await.unwrap();
    assert_eq!(all.len(), 1);
}
