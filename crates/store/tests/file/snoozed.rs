//! Conversations somebody put off, and what is told between the messages.

use crate::shop::{Shop, at};
use domain::{
    Because, BotMode, ConversationId, DecisionId, EscalationReason, HeldBy, MarkKind, Queue, Timestamp,
    Verdict,
};
use store::{Decision, NewDraft};

async fn asked() -> (Shop, ConversationId) {
    let shop = Shop::open().await;
    let (id, _) = shop.text("447700900001", "wamid.1", "Hello", at(0)).await;
    (shop, id)
}

async fn snooze(shop: &Shop, id: ConversationId, until: Option<Timestamp>) {
    shop.store.write(move |t| t.snooze(id, until)).await.unwrap();
}

#[tokio::test]
async fn a_conversation_that_was_put_off_asks_for_nobody_until_its_time_has_come() {
    let (shop, id) = asked().await;
    snooze(&shop, id, Some(at(600))).await;
    assert_eq!(shop.conversation(id).await.queue(), Queue::Waiting);
    assert_eq!(shop.store.read(|r| r.queue_sizes()).await.unwrap().needs_me, 0);
    assert_eq!(shop.store.read(|r| r.snoozed()).await.unwrap(), [(id, at(600))]);
    shop.store
        .write(move |t| t.wake_snoozed(id, at(599)))
        .await
        .unwrap();
    assert_eq!(
        shop.conversation(id).await.queue(),
        Queue::Waiting,
        "a second early"
    );
    shop.store
        .write(move |t| t.wake_snoozed(id, at(600)))
        .await
        .unwrap();
    let back = shop.conversation(id).await;
    assert_eq!((back.queue(), back.snoozed_until), (Queue::NeedsMe, None));
    assert_eq!(back.attention.as_deref(), Some("snoozed"));
}

#[tokio::test]
async fn a_reminder_comes_although_we_spoke_last_and_goes_when_it_was_seen() {
    let (shop, id) = asked().await;
    let (_, answer) = shop.reply(id, "Hi", "ob_a", at(10)).await;
    shop.begin(&answer, at(10)).await;
    shop.accept(&answer, "wamid.out.a").await;
    snooze(&shop, id, Some(at(600))).await;
    shop.store
        .write(move |t| t.wake_snoozed(id, at(700)))
        .await
        .unwrap();
    assert_eq!(shop.conversation(id).await.queue(), Queue::NeedsMe);
    snooze(&shop, id, None).await;
    let seen = shop.conversation(id).await;
    assert_eq!((seen.queue(), seen.attention), (Queue::Waiting, None));
}

#[tokio::test]
async fn what_the_customer_writes_and_what_fails_end_the_rest() {
    let (shop, id) = asked().await;
    snooze(&shop, id, Some(at(600))).await;
    shop.text("447700900001", "wamid.2", "Are you there?", at(20))
        .await;
    assert_eq!(shop.conversation(id).await.snoozed_until, None);

    let (_, lost) = shop.reply(id, "Yes", "ob_b", at(30)).await;
    snooze(&shop, id, Some(at(600))).await;
    shop.begin(&lost, at(30)).await;
    assert_eq!(
        shop.conversation(id).await.snoozed_until,
        Some(at(600)),
        "on its way"
    );
    shop.store
        .write(move |t| t.settle_unknown(&lost, "lost"))
        .await
        .unwrap();
    let woken = shop.conversation(id).await;
    assert_eq!((woken.snoozed_until, woken.queue()), (None, Queue::NeedsMe));
}

#[tokio::test]
async fn nobody_is_reminded_of_a_customer_who_was_put_off() {
    let (shop, id) = asked().await;
    shop.store
        .write(move |t| t.ask_for_person(id, EscalationReason::Complaint, at(1)))
        .await
        .unwrap();
    assert_eq!(shop.store.read(|r| r.asking(3)).await.unwrap().len(), 1);
    snooze(&shop, id, Some(at(600))).await;
    assert_eq!(shop.store.read(|r| r.asking(3)).await.unwrap().len(), 0);
    shop.store
        .write(move |t| t.wake_snoozed(id, at(600)))
        .await
        .unwrap();
    let back = shop.conversation(id).await;
    assert_eq!(
        back.attention.as_deref(),
        Some("complaint"),
        "the graver reason stays"
    );
    assert_eq!(shop.store.read(|r| r.asking(3)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_thread_tells_who_took_it_and_who_gave_it_back() {
    let (shop, id) = asked().await;
    let channel = shop.channel.clone();
    shop.store
        .write(move |t| {
            t.set_channel_mode(&channel, BotMode::Bot)?;
            t.ask_for_person(id, EscalationReason::Refund, at(1))?;
            t.ask_for_person(id, EscalationReason::Refund, at(2))?;
            t.take_over(id, HeldBy::TakeOver, at(3))?;
            t.take_over(id, HeldBy::Typed, at(4))?;
            t.take_over(id, HeldBy::Phone, at(5))?;
            t.hand_back(id, HeldBy::Returned, at(6))?;
            t.set_conversation_mode(id, Some(BotMode::Shadow), at(7))?;
            t.set_conversation_mode(id, None, at(8))
        })
        .await
        .unwrap();
    let all = shop
        .store
        .read(move |r| r.marks(id, at(0), at(100)))
        .await
        .unwrap();
    let told: Vec<(MarkKind, Option<&str>)> = all
        .iter()
        .map(|mark| (mark.kind, mark.detail.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (MarkKind::Escalated, Some("refund")),
            (MarkKind::TakenOver, Some("take_over")),
            (MarkKind::TakenOver, Some("phone")),
            (MarkKind::Returned, None),
            (MarkKind::Mode, Some("shadow")),
            (MarkKind::Mode, None),
        ]
    );
    let middle = shop.store.read(move |r| r.marks(id, at(3), at(6))).await.unwrap();
    assert_eq!(middle.len(), 2, "a page shows what happened in its time");
}

#[tokio::test]
async fn the_draft_of_a_conversation_that_was_put_off_waits_for_nobody_until_it_is_back() {
    let (shop, id) = asked().await;
    shop.store
        .write(move |t| {
            let decision = t.add_decision(&Decision {
                id: DecisionId(0),
                turn_id: None,
                conversation_id: id,
                message_id: None,
                mode: BotMode::Shadow,
                verdict: Verdict::Draft,
                step: None,
                because: Because::Shadow,
                escalation: None,
                skill: None,
                confidence: None,
                language: None,
                text: None,
                asked_field: None,
                trace: serde_json::json!({}),
                model_call_id: None,
                took_ms: 0,
                created_at: at(1),
            })?;
            let new = NewDraft {
                conversation_id: id,
                decision_id: decision,
                text: "We open at nine.".to_owned(),
                payload: None,
                file: None,
                blind: false,
                expires_at: at(80_000),
            };
            t.add_draft(&new, at(1))
        })
        .await
        .unwrap();
    let waiting = |conversation| {
        let store = shop.store.clone();
        async move {
            store
                .read(move |r| r.drafts(conversation, false, 10))
                .await
                .unwrap()
                .len()
        }
    };
    assert_eq!(waiting(None).await, 1);
    snooze(&shop, id, Some(at(600))).await;
    assert_eq!(waiting(None).await, 0, "of all");
    assert_eq!(waiting(Some(id)).await, 1, "of its own conversation");
    shop.store
        .write(move |t| t.wake_snoozed(id, at(600)))
        .await
        .unwrap();
    assert_eq!(waiting(None).await, 1, "awake again");
}

#[tokio::test]
async fn a_customer_who_was_promised_a_person_after_it_was_put_off_is_not_hidden() {
    let (shop, id) = asked().await;
    snooze(&shop, id, Some(at(600))).await;
    shop.store
        .write(move |t| t.ask_for_person(id, EscalationReason::Legal, at(2)))
        .await
        .unwrap();
    let back = shop.conversation(id).await;
    assert_eq!((back.snoozed_until, back.queue()), (None, Queue::NeedsMe));
}

#[tokio::test]
async fn where_the_assistant_is_off_an_answer_is_no_news() {
    let (shop, id) = asked().await;
    let channel = shop.channel.clone();
    shop.store
        .write(move |t| t.set_channel_mode(&channel, BotMode::Off))
        .await
        .unwrap();
    shop.reply(id, "Hi", "ob_a", at(10)).await;
    let marks = shop
        .store
        .read(move |r| r.marks(id, at(0), at(100)))
        .await
        .unwrap();
    assert_eq!(marks, []);
}
