//! What the provider reports, early, late, twice and about the wrong attempt.

use crate::shop::{NINE, Shop, at, event, permit};
use domain::{ConversationId, DeliveryStatus, MessageId, Next, OutboxId, Reached, SendClass, SendFailure};

async fn under_way() -> (Shop, ConversationId, MessageId, OutboxId) {
    let shop = Shop::open().await;
    let (conversation, _) = shop.text("447700900001", "wamid.in", "Hello", NINE).await;
    let (message, attempt) = shop.reply(conversation, "One", "ob_1", at(1)).await;
    shop.begin(&attempt, at(2)).await;
    (shop, conversation, message, attempt)
}

/// Asks for a new attempt of a message that failed or may be lost.
async fn again(shop: &Shop, message: MessageId) -> OutboxId {
    let id = OutboxId::from("ob_again");
    let made = id.clone();
    shop.store
        .write(move |t| t.retry_message(message, &id, permit(), false, at(20)))
        .await
        .unwrap();
    made
}

async fn lose(shop: &Shop, attempt: &OutboxId) {
    let attempt = attempt.clone();
    shop.store
        .write(move |t| t.settle_unknown(&attempt, "the line broke"))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_report_that_overtakes_our_own_answer_waits_for_it() {
    let (shop, _, message, attempt) = under_way().await;
    assert!(!shop.report("wamid.1", None, event(Reached::Delivered, 3)).await);
    assert!(!shop.report("wamid.1", None, event(Reached::Delivered, 3)).await);
    assert_eq!(
        shop.store
            .read(|r| r.count("status_of_unknown_message"))
            .await
            .unwrap(),
        1,
        "the same report twice is one"
    );
    assert_eq!(shop.message(message).await.status, DeliveryStatus::Sending);
    shop.accept(&attempt, "wamid.1").await;
    assert_eq!(shop.message(message).await.status, DeliveryStatus::Delivered);
}

#[tokio::test]
async fn a_report_with_our_reference_settles_an_attempt_before_or_after_its_answer() {
    let (shop, _, message, attempt) = under_way().await;
    assert!(
        shop.report("wamid.1", Some(&attempt), event(Reached::Sent, 3))
            .await
    );
    lose(&shop, &attempt).await;
    assert_eq!(
        shop.message(message).await.status,
        DeliveryStatus::Sent,
        "it is not lost"
    );
    shop.report("wamid.1", None, event(Reached::Read, 5)).await;
    shop.report("wamid.1", None, event(Reached::Delivered, 4)).await;
    let settled = shop.message(message).await;
    assert_eq!(settled.status, DeliveryStatus::Read);
    assert_eq!(settled.history.delivered_at, Some(at(4)));
    assert_eq!(settled.provider_id.as_deref(), Some("wamid.1"));
}

#[tokio::test]
async fn a_lost_message_is_settled_by_its_report() {
    let (shop, conversation, message, attempt) = under_way().await;
    lose(&shop, &attempt).await;
    assert_eq!(shop.conversation(conversation).await.undelivered, 1);
    shop.report("wamid.1", Some(&attempt), event(Reached::Delivered, 3))
        .await;
    assert_eq!(shop.message(message).await.status, DeliveryStatus::Delivered);
    assert_eq!(shop.conversation(conversation).await.undelivered, 0);
}

#[tokio::test]
async fn a_report_from_another_database_or_for_another_number_is_not_ours() {
    let (shop, _, message, attempt) = under_way().await;
    let foreign = OutboxId::from("ob_of_somebody_else");
    assert!(
        !shop
            .report("wamid.9", Some(&foreign), event(Reached::Read, 3))
            .await
    );
    let (wamid, reference, read) = ("wamid.1", attempt.to_string(), event(Reached::Read, 3));
    let endpoint = shop.endpoint;
    let known = shop
        .store
        .write(move |t| {
            let other = crate::shop::new_channel("2", endpoint);
            t.put_channel(&other, NINE)?;
            t.report_delivery(&other.id, wamid, Some(&reference), &read, at(4))
        })
        .await
        .unwrap();
    assert_eq!(known, None, "the reference belongs to another number");
    assert_eq!(shop.message(message).await.status, DeliveryStatus::Sending);
}

#[tokio::test]
async fn a_report_about_a_customers_own_message_changes_no_tick() {
    let (shop, conversation, ..) = under_way().await;
    assert!(!shop.report("wamid.in", None, event(Reached::Read, 3)).await);
    let thread = shop
        .store
        .read(move |r| r.thread(conversation, None, 10))
        .await
        .unwrap();
    assert_eq!(thread.last().unwrap().status, DeliveryStatus::Received);
}

#[tokio::test]
async fn reports_of_messages_we_never_sent_are_forgotten_after_a_day() {
    let (shop, ..) = under_way().await;
    shop.report("wamid.other.app", None, event(Reached::Sent, 3))
        .await;
    let day = 24 * 3_600;
    let forget = |seconds| shop.store.write(move |t| t.forget_orphan_statuses(at(seconds)));
    assert_eq!(forget(61 + day).await.unwrap(), 0);
    assert_eq!(forget(62 + day).await.unwrap(), 1);
}

#[tokio::test]
async fn a_late_failure_of_an_older_attempt_does_not_touch_the_new_one() {
    let (shop, conversation, message, first) = under_way().await;
    shop.accept(&first, "wamid.1").await;
    shop.report("wamid.1", None, event(Reached::Sent, 3)).await;
    shop.report("wamid.1", None, event(Reached::Failed, 4)).await;
    assert_eq!(shop.message(message).await.status, DeliveryStatus::Failed);
    let second = again(&shop, message).await;
    assert_eq!(
        shop.message(message).await.status,
        DeliveryStatus::Queued,
        "`sent` belonged to the first attempt"
    );
    shop.report("wamid.1", None, event(Reached::Failed, 5)).await;
    shop.report("wamid.1", None, event(Reached::Sent, 3)).await;
    assert_eq!(shop.message(message).await.status, DeliveryStatus::Queued);
    assert_eq!(shop.due(at(30)).await, [second.as_str()]);

    shop.begin(&second, at(30)).await;
    let refused = SendFailure {
        class: SendClass::Never,
        code: Some(131_026),
        subcode: None,
        title: "Message undeliverable".to_owned(),
        detail: None,
        retry_after: None,
    };
    shop.store
        .write(move |t| t.settle_refused(&second, &refused, Next::Fail))
        .await
        .unwrap();
    assert_eq!(
        shop.message(message).await.status,
        DeliveryStatus::Failed,
        "not `sent`"
    );
    assert_eq!(shop.conversation(conversation).await.undelivered, 1);
}

#[tokio::test]
async fn a_new_attempt_is_withdrawn_when_the_first_turns_out_to_have_left() {
    for reached in [Reached::Sent, Reached::Delivered, Reached::Read] {
        let (shop, _, message, first) = under_way().await;
        lose(&shop, &first).await;
        let second = again(&shop, message).await;
        assert_eq!(shop.due(at(30)).await, [second.as_str()]);
        shop.report("wamid.1", Some(&first), event(reached, 25)).await;
        assert!(
            shop.due(at(30)).await.is_empty(),
            "{reached}: the customer would get it twice"
        );
        let status = shop.message(message).await.status;
        assert_eq!(status.as_str(), reached.as_str());
        // It counts again as the latest: its failure is news.
        if reached == Reached::Sent {
            shop.report("wamid.1", Some(&first), event(Reached::Failed, 26))
                .await;
            assert_eq!(shop.message(message).await.status, DeliveryStatus::Failed);
        }
    }
}

#[tokio::test]
async fn a_second_request_that_is_refused_after_the_first_is_known_to_have_left_is_not_made_again() {
    let (shop, _, message, first) = under_way().await;
    lose(&shop, &first).await;
    let second = again(&shop, message).await;
    shop.begin(&second, at(30)).await;
    shop.report("wamid.1", Some(&first), event(Reached::Sent, 25))
        .await;
    let refused = SendFailure {
        class: SendClass::Transient { tries: 5 },
        code: Some(2),
        subcode: None,
        title: "Service temporarily unavailable".to_owned(),
        detail: None,
        retry_after: None,
    };
    shop.store
        .write(move |t| t.settle_refused(&second, &refused, Next::Retry(at(31))))
        .await
        .unwrap();
    assert!(shop.due(at(60)).await.is_empty());
    assert_eq!(shop.message(message).await.status, DeliveryStatus::Sent);
}
