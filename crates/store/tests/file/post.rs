//! The outbox: who may leave, in which order, and what becomes of it.

use crate::shop::{Shop, at, event, new_channel, permit};
use domain::{
    ChannelId, ConversationId, DeliveryStatus, MessageId, Next, OutboxId, Reached, SendClass, SendFailure,
};
use store::{Claim, HoldClass, StoreError};

fn refusal(class: SendClass) -> SendFailure {
    SendFailure {
        class,
        code: Some(130_429),
        subcode: None,
        title: "Rate limit hit".to_owned(),
        detail: None,
        retry_after: None,
    }
}

impl Shop {
    async fn refuse(&self, id: &OutboxId, class: SendClass, next: Next) {
        let id = id.clone();
        self.store
            .write(move |t| t.settle_refused(&id, &refusal(class), next))
            .await
            .unwrap();
    }

    async fn lose(&self, id: &OutboxId) {
        let id = id.clone();
        self.store
            .write(move |t| t.settle_unknown(&id, "the line broke"))
            .await
            .unwrap();
    }

    async fn retry(&self, message: MessageId, id: &str, seconds: u64) -> Result<OutboxId, StoreError> {
        let (id, made) = (OutboxId::from(id), OutboxId::from(id));
        self.store
            .write(move |t| t.retry_message(message, &id, permit(), false, at(seconds)))
            .await?;
        Ok(made)
    }

    async fn discard(&self, message: MessageId) -> Result<(), StoreError> {
        self.store
            .write(move |t| t.discard_message(message, at(50)))
            .await
    }

    async fn status(&self, message: MessageId) -> DeliveryStatus {
        self.message(message).await.status
    }
}

async fn shop_and_customer() -> (Shop, ConversationId) {
    let shop = Shop::open().await;
    let (conversation, _) = shop.text("447700900001", "wamid.in", "Hello", at(0)).await;
    (shop, conversation)
}

#[tokio::test]
async fn messages_of_one_conversation_leave_one_after_the_other() {
    let (shop, conversation) = shop_and_customer().await;
    let (message, first) = shop.reply(conversation, "One", "ob_1", at(1)).await;
    let (_, second) = shop.reply(conversation, "Two", "ob_2", at(2)).await;
    assert_eq!(shop.due(at(3)).await, ["ob_1"]);
    assert_eq!(
        shop.claim(&second, at(3)).await,
        Claim::NotNow,
        "not before the first"
    );

    let claimed = shop.begin(&first, at(3)).await;
    assert_eq!((claimed.text.as_deref(), claimed.attempt.tries), (Some("One"), 1));
    assert_eq!(shop.status(message).await, DeliveryStatus::Sending);
    assert_eq!(
        shop.claim(&first, at(3)).await,
        Claim::NotNow,
        "nobody claims twice"
    );
    assert!(shop.due(at(3)).await.is_empty());

    let pause = Next::Retry(at(10));
    shop.refuse(&first, SendClass::Transient { tries: 5 }, pause)
        .await;
    assert!(shop.due(at(9)).await.is_empty(), "the second waits for the first");
    let next = shop.store.read(|r| r.next_attempt_at(at(9))).await.unwrap();
    assert_eq!(next, Some(at(10)));
    let retry = shop.store.read(move |r| r.retry_at(message)).await.unwrap();
    assert_eq!(retry, Some(at(10)));
    shop.begin(&first, at(10)).await;
    shop.accept(&first, "wamid.1").await;
    assert_eq!(shop.due(at(10)).await, ["ob_2"]);
}

#[tokio::test]
async fn a_failed_or_lost_message_does_not_keep_the_next_one_back() {
    let (shop, conversation) = shop_and_customer().await;
    let (failed, first) = shop.reply(conversation, "One", "ob_1", at(1)).await;
    let (lost, second) = shop.reply(conversation, "Two", "ob_2", at(2)).await;
    shop.reply(conversation, "Three", "ob_3", at(3)).await;
    shop.begin(&first, at(4)).await;
    shop.refuse(&first, SendClass::Never, Next::Fail).await;
    assert_eq!(shop.status(failed).await, DeliveryStatus::Failed);
    shop.begin(&second, at(4)).await;
    shop.lose(&second).await;
    assert_eq!(shop.status(lost).await, DeliveryStatus::Unknown);
    assert_eq!(shop.due(at(5)).await, ["ob_3"]);
    assert_eq!(shop.conversation(conversation).await.undelivered, 2);
}

#[tokio::test]
async fn a_text_whose_window_has_closed_meanwhile_fails_and_never_leaves() {
    let (shop, conversation) = shop_and_customer().await;
    let (message, attempt) = shop.reply(conversation, "Too late", "ob_1", at(1)).await;
    let Claim::WindowClosed(closed) = shop.claim(&attempt, at(24 * 3_600)).await else {
        panic!("the window has closed");
    };
    assert_eq!((&closed.id, closed.tries), (&attempt, 0));
    assert_eq!(shop.status(message).await, DeliveryStatus::Queued);
    let id = attempt.clone();
    shop.store
        .write(move |t| t.settle_unsent(&id, &refusal(SendClass::Never)))
        .await
        .unwrap();
    assert_eq!(shop.status(message).await, DeliveryStatus::Failed);
    assert_eq!(shop.claim(&attempt, at(60)).await, Claim::NotNow);
}

#[tokio::test]
async fn a_held_channel_sends_one_message_at_a_time_as_a_probe_and_goes_on_when_it_is_taken() {
    let (shop, conversation) = shop_and_customer().await;
    let (other, _) = shop.text("447700900002", "wamid.in.2", "Me too", at(0)).await;
    let endpoint = shop.endpoint;
    shop.store
        .write(move |t| t.put_channel(&new_channel("2", endpoint), at(0)))
        .await
        .unwrap();
    let (free, _) = shop
        .text_to(ChannelId::from("2"), "447700900003", "wamid.in.3", "Hello", at(0))
        .await;
    let (_, first) = shop.reply(conversation, "One", "ob_1", at(1)).await;
    shop.reply(other, "Two", "ob_2", at(2)).await;
    shop.reply(free, "Three", "ob_3", at(3)).await;

    shop.begin(&first, at(4)).await;
    let hold = Next::HoldChannel {
        until: at(30),
        tell: true,
    };
    shop.refuse(&first, SendClass::Configuration, hold).await;
    let channel = shop.channel.clone();
    let held = shop.store.read(move |r| r.channel(&channel)).await.unwrap();
    assert_eq!(held.hold.map(|hold| hold.class), Some(HoldClass::Configuration));
    assert_eq!(shop.due(at(29)).await, ["ob_3"], "the other number is free");
    let next = shop.store.read(|r| r.next_attempt_at(at(29))).await.unwrap();
    assert_eq!(next, Some(at(30)), "the hold ends by itself");

    assert_eq!(shop.due(at(30)).await.len(), 3);
    let probe = OutboxId::from("ob_2");
    shop.begin(&probe, at(30)).await;
    assert_eq!(
        shop.claim(&first, at(30)).await,
        Claim::NotNow,
        "one probe at a time"
    );
    shop.accept(&probe, "wamid.2").await;
    let channel = shop.channel.clone();
    let freed = shop.store.read(move |r| r.channel(&channel)).await.unwrap();
    assert_eq!((freed.hold, freed.hold_tries), (None, 0));
    shop.begin(&first, at(30)).await;
}

#[tokio::test]
async fn resuming_a_held_channel_tries_one_message_at_once() {
    let (shop, conversation) = shop_and_customer().await;
    let (_, attempt) = shop.reply(conversation, "One", "ob_1", at(1)).await;
    shop.begin(&attempt, at(2)).await;
    let hold = Next::HoldChannel {
        until: at(600),
        tell: true,
    };
    shop.refuse(&attempt, SendClass::Wait, hold).await;
    assert!(shop.due(at(3)).await.is_empty());
    let channel = shop.channel.clone();
    shop.store
        .write(move |t| t.probe_channel(&channel, at(3)))
        .await
        .unwrap();
    assert_eq!(shop.due(at(3)).await, ["ob_1"]);
}

#[tokio::test]
async fn an_outcome_that_is_written_twice_or_late_changes_nothing() {
    let (shop, conversation) = shop_and_customer().await;
    let (message, attempt) = shop.reply(conversation, "One", "ob_1", at(1)).await;
    shop.begin(&attempt, at(2)).await;
    shop.accept(&attempt, "wamid.1").await;
    let known = shop.message(message).await;
    shop.accept(&attempt, "wamid.1").await;
    shop.lose(&attempt).await;
    shop.refuse(&attempt, SendClass::Never, Next::Fail).await;
    shop.refuse(&attempt, SendClass::Offline, Next::Retry(at(5)))
        .await;
    assert_eq!(shop.message(message).await, known);
    assert!(shop.due(at(99)).await.is_empty(), "it is never sent again");
}

#[tokio::test]
async fn what_a_crash_left_under_way_is_named_and_not_sent_again_by_itself() {
    let (shop, conversation) = shop_and_customer().await;
    let (message, attempt) = shop.reply(conversation, "One", "ob_1", at(1)).await;
    shop.begin(&attempt, at(2)).await;
    let named = shop.store.write(|t| t.name_interrupted_attempts()).await.unwrap();
    assert_eq!(named, 1);
    assert_eq!(shop.status(message).await, DeliveryStatus::Unknown);
    assert!(shop.due(at(99)).await.is_empty());
    assert_eq!(
        shop.store.write(|t| t.name_interrupted_attempts()).await.unwrap(),
        0
    );
}

#[tokio::test]
async fn a_message_that_is_tried_again_moves_to_the_end_of_its_thread() {
    let (shop, conversation) = shop_and_customer().await;
    let (message, attempt) = shop.reply(conversation, "One", "ob_1", at(1)).await;
    shop.begin(&attempt, at(2)).await;
    shop.refuse(&attempt, SendClass::Never, Next::Fail).await;
    shop.text("447700900001", "wamid.in.2", "Are you there?", at(3))
        .await;
    let again = shop.retry(message, "ob_1b", 4).await.unwrap();
    let stands = shop.message(message).await;
    assert_eq!((stands.status, stands.failure), (DeliveryStatus::Queued, None));
    let last = shop.conversation(conversation).await.last.unwrap();
    assert_eq!(last.id, message);
    assert_eq!(shop.due(at(4)).await, [again.as_str()]);
    assert_eq!(shop.conversation(conversation).await.undelivered, 0);
}

#[tokio::test]
async fn only_what_failed_or_may_be_lost_can_be_tried_again() {
    let (shop, conversation) = shop_and_customer().await;
    let (message, attempt) = shop.reply(conversation, "One", "ob_1", at(1)).await;
    for status in [
        DeliveryStatus::Queued,
        DeliveryStatus::Sending,
        DeliveryStatus::Accepted,
    ] {
        assert_eq!(shop.status(message).await, status);
        let refused = shop.retry(message, "ob_again", 5).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
        match status {
            DeliveryStatus::Queued => drop(shop.begin(&attempt, at(5)).await),
            DeliveryStatus::Sending => shop.accept(&attempt, "wamid.1").await,
            _ => {}
        }
    }
    let inbound = shop.conversation(conversation).await;
    let thread = shop
        .store
        .read(move |r| r.thread(inbound.id, None, 10))
        .await
        .unwrap();
    let theirs = thread.last().unwrap().id;
    assert!(shop.retry(theirs, "ob_again", 6).await.is_err());
    assert!(shop.discard(theirs).await.is_err());
}

#[tokio::test]
async fn a_discarded_message_does_not_leave_and_comes_back_when_it_did_arrive() {
    let (shop, conversation) = shop_and_customer().await;
    let (kept_back, first) = shop.reply(conversation, "Wait", "ob_1", at(1)).await;
    let (lost, second) = shop.reply(conversation, "Lost", "ob_2", at(2)).await;
    shop.discard(kept_back).await.unwrap();
    assert_eq!(shop.claim(&first, at(3)).await, Claim::NotNow);
    shop.begin(&second, at(3)).await;
    let refused = shop.discard(lost).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(_))),
        "it is on its way"
    );
    shop.lose(&second).await;
    shop.discard(lost).await.unwrap();
    let page = shop
        .store
        .read(move |r| r.thread(conversation, None, 10))
        .await
        .unwrap();
    assert_eq!(page.len(), 1, "both have left the thread");
    assert_eq!(shop.conversation(conversation).await.undelivered, 0);

    assert!(
        shop.report("wamid.2", Some(&second), event(Reached::Sent, 4))
            .await
    );
    let back = shop.message(lost).await;
    assert_eq!((back.status, back.discarded), (DeliveryStatus::Sent, false));
    assert_eq!(
        shop.conversation(conversation).await.last.map(|last| last.id),
        Some(lost)
    );
}
