//! What becomes of replies, whatever Meta answers.

use crate::town::{NUMBER, SECRET, SOON, TOKEN, Town, ines, number, omar};
use domain::DeliveryStatus;
use engine::{CommandError, Topic};
use simulator::{Fault, Number, Outcome, Page, Status};
use store::HoldClass;
use tokio::task::JoinSet;

#[tokio::test]
async fn a_reply_leaves_once_with_our_reference_and_is_accepted() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Hello").await;
    let message = town.say(conversation, "Good morning  \n").await;
    let accepted = town.status(message, DeliveryStatus::Accepted).await;
    let sends = town.meta.sends();
    assert_eq!(sends.len(), 1);
    assert_eq!(sends[0].text.as_deref(), Some("Good morning"));
    assert_eq!(sends[0].wamid, accepted.provider_id);
    assert!(sends[0].reference.as_deref().unwrap().starts_with("ob_"));
    assert_eq!(sends[0].to, "447700900222");
    town.engine.stop().await;
}

#[tokio::test]
async fn messages_of_one_customer_keep_their_order_and_keep_nobody_else_waiting() {
    let town = Town::open().await;
    let (ines, omar) = (town.hear(&ines(), "Hello").await, town.hear(&omar(), "Hi").await);
    let gate = town.meta.hold_next();
    for text in ["one", "two", "three"] {
        town.say(ines, text).await;
    }
    tokio::time::timeout(SOON, gate.reached()).await.unwrap();
    let other = town.say(omar, "for Omar").await;
    town.status(other, DeliveryStatus::Accepted).await;
    assert_eq!(town.sent(), ["for Omar"]);
    gate.release();
    let ended =
        |sends: &[simulator::RecordedSend]| sends.iter().filter(|s| s.outcome.is_taken()).count() == 4;
    town.meta.wait_until(ended, SOON).await.unwrap();
    let to_ines: Vec<_> = town
        .sent()
        .into_iter()
        .filter(|text| text != "for Omar")
        .collect();
    assert_eq!(to_ines, ["one", "two", "three"]);
    town.engine.stop().await;
}

#[tokio::test]
async fn a_passing_trouble_is_tried_again_by_itself() {
    let town = Town::open().await;
    town.meta.fault(Fault::code(131_016));
    let conversation = town.hear(&ines(), "Hello").await;
    let message = town.say(conversation, "Hi").await;
    town.status(message, DeliveryStatus::Accepted).await;
    let sends = town.meta.sends();
    assert_eq!(sends.len(), 2);
    assert_eq!(sends[0].reference, sends[1].reference, "the same attempt");
    town.engine.stop().await;
}

#[tokio::test]
async fn an_answer_that_says_nothing_is_named_as_unknown_never_sent_again_and_settled_by_its_report() {
    for fault in [Fault::Garbage, Fault::HalfClosed, Fault::OkWithoutId] {
        let town = Town::open().await;
        town.meta.fault(fault.clone());
        let conversation = town.hear(&ines(), "Hello").await;
        let message = town.say(conversation, "Hi").await;
        town.status(message, DeliveryStatus::Unknown).await;
        let later = town.say(conversation, "Are you there?").await;
        town.status(later, DeliveryStatus::Accepted).await;
        let sends = town.meta.sends();
        assert_eq!(sends.len(), 2, "{fault:?}: one request each");
        assert_eq!(sends[0].outcome, Outcome::TakenUnanswered);
        town.meta
            .report(sends[0].wamid.as_deref().unwrap(), &Status::Delivered)
            .unwrap();
        town.status(message, DeliveryStatus::Delivered).await;
        town.engine.stop().await;
    }
}

#[tokio::test]
async fn a_reset_line_or_a_gateways_error_page_is_never_sent_twice() {
    for fault in [
        Fault::Reset,
        Fault::Http {
            status: 504,
            retry_after: None,
            body: Page::Html,
        },
    ] {
        let town = Town::open().await;
        // Taken all the same: exactly what nobody can tell from here.
        town.meta.fault(simulator::Rule::from(fault).taken());
        let conversation = town.hear(&ines(), "Hello").await;
        let message = town.say(conversation, "Hi").await;
        town.status(message, DeliveryStatus::Unknown).await;
        assert_eq!(town.sent(), ["Hi"]);
        town.engine.stop().await;
    }
}

#[tokio::test]
async fn a_refusal_that_is_about_the_customer_is_not_provoked_a_second_time() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Hello").await;
    town.meta.fault(Fault::code(131_047));
    let message = town.say(conversation, "Hi").await;
    town.status(message, DeliveryStatus::Failed).await;
    let again = town.engine.send_text(conversation, "Hi?".to_owned(), None).await;
    assert!(matches!(again, Err(CommandError::WindowClosed)), "{again:?}");
    assert_eq!(town.meta.sends().len(), 1);

    for code in [130_403, 131_050] {
        let customer = simulator::Customer::phone("Bea", &format!("447700{code}"));
        let conversation = town.hear(&customer, &format!("Hello {code}")).await;
        town.meta.fault(Fault::code(code));
        let message = town.say(conversation, "Hi").await;
        town.status(message, DeliveryStatus::Failed).await;
        let known = town.engine.store().read(move |r| r.conversation(conversation));
        let known = known.await.unwrap();
        assert_eq!(known.blocked_at.is_some(), code == 130_403);
        assert_eq!(known.marketing_stopped_at.is_some(), code == 131_050);
    }
    town.engine.stop().await;
}

#[tokio::test]
async fn a_message_that_is_refused_for_good_fails_with_words_and_can_be_tried_again() {
    let town = Town::open().await;
    town.meta.fault(Fault::code(131_026));
    let conversation = town.hear(&ines(), "Hello").await;
    let message = town.say(conversation, "Hi").await;
    let failed = town.status(message, DeliveryStatus::Failed).await;
    assert_eq!(failed.failure.and_then(|failure| failure.code), Some(131_026));
    town.engine.retry(message).await.unwrap();
    town.status(message, DeliveryStatus::Accepted).await;
    let sends = town.meta.sends();
    assert_ne!(sends[0].reference, sends[1].reference, "a new attempt");
    town.engine.stop().await;
}

#[tokio::test]
async fn a_dead_token_holds_the_channel_until_it_is_replaced_and_nothing_is_lost() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Hello").await;
    town.meta.add_number(Number::new(
        NUMBER,
        "398000000000007",
        "+447700900100",
        "another token",
        SECRET,
    ));
    let message = town.say(conversation, "Hi").await;
    let channel = town.channel.clone();
    let hold = town.until("a hold", move |r| Ok(r.channel(&channel)?.hold)).await;
    assert_eq!((hold.class, hold.code), (HoldClass::Configuration, Some(190)));
    let health = town.engine.health().await.unwrap();
    assert!(
        health
            .issues
            .iter()
            .any(|issue| matches!(issue.topic, Topic::Held(_)))
    );
    assert_eq!(health.waiting, 1);

    town.meta.add_number(number(NUMBER, SECRET));
    town.engine.resume_channel(town.channel.clone()).await.unwrap();
    town.status(message, DeliveryStatus::Accepted).await;
    let health = town.engine.health().await.unwrap();
    assert!(health.issues.is_empty(), "{health:?}");
    town.engine.stop().await;
}

#[tokio::test]
async fn secrets_that_are_missing_hold_the_channel_and_make_no_request() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Hello").await;
    let token = vault::SecretName::new(town.channel.as_str(), "access_token");
    town.vault.delete(&token).await.unwrap();
    let message = town.say(conversation, "Hi").await;
    let channel = town.channel.clone();
    let hold = town.until("a hold", move |r| Ok(r.channel(&channel)?.hold)).await;
    assert_eq!((hold.class, hold.code), (HoldClass::Configuration, None));
    assert!(town.meta.sends().is_empty());

    town.vault.set(&token, &vault::Secret::new(TOKEN)).await.unwrap();
    town.engine.resume_channel(town.channel.clone()).await.unwrap();
    town.status(message, DeliveryStatus::Accepted).await;
    town.engine.stop().await;
}

#[tokio::test]
async fn a_request_under_way_at_the_end_is_named_and_not_made_again_after_the_start() {
    let mut town = Town::open().await;
    let conversation = town.hear(&ines(), "Hello").await;
    let gate = town.meta.hold_next_answer();
    let message = town.say(conversation, "Hi").await;
    tokio::time::timeout(SOON, gate.reached()).await.unwrap();
    town.restart().await;
    gate.release();
    town.status(message, DeliveryStatus::Unknown).await;
    let later = town.say(conversation, "Still there?").await;
    town.status(later, DeliveryStatus::Accepted).await;
    assert_eq!(town.sent(), ["Hi", "Still there?"]);
    town.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_is_either_discarded_or_sent_never_both() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Hello").await;
    let mut discards = JoinSet::new();
    for number in 0..30 {
        let message = town.say(conversation, &number.to_string()).await;
        let engine = town.engine.clone();
        discards.spawn(async move { (number, engine.discard(message).await.is_ok()) });
    }
    let mut discarded = Vec::new();
    while let Some(discard) = discards.join_next().await {
        let (number, done) = discard.unwrap();
        if done {
            discarded.push(number.to_string());
        }
    }
    town.until("an empty outbox", |r| {
        Ok((r.waiting_attempts()? == 0).then_some(()))
    })
    .await;
    let sent = town.sent();
    assert_eq!(sent.len() + discarded.len(), 30);
    assert!(
        sent.iter().all(|text| !discarded.contains(text)),
        "{sent:?} {discarded:?}"
    );
    town.engine.stop().await;
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_it_is_queued() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Hello").await;
    let send = |text: String| town.engine.send_text(conversation, text, None);
    assert!(matches!(
        send(" \n\t".to_owned()).await,
        Err(CommandError::EmptyText)
    ));
    // Two UTF-16 units each: the stricter way of counting.
    assert!(matches!(
        send("🦊".repeat(32_769)).await,
        Err(CommandError::TextTooLong(65_538))
    ));
    send("x".repeat(4_096)).await.unwrap();
    let (_, receipt) = town
        .meta
        .customer_wrote(NUMBER, &omar(), 1_700_000_000, "Long ago")
        .unwrap();
    receipt.acknowledged(SOON).await.unwrap();
    town.settled().await;
    let old = town.messages().await;
    let old = old
        .iter()
        .find(|m| m.text.as_deref() == Some("Long ago"))
        .unwrap();
    let refused = town
        .engine
        .send_text(old.conversation_id, "Hi".to_owned(), None)
        .await;
    assert!(matches!(refused, Err(CommandError::WindowClosed)), "{refused:?}");
    town.engine.stop().await;
}

#[tokio::test]
async fn a_text_that_is_too_long_for_one_message_leaves_as_several_in_order() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Hello").await;
    let text = format!(
        "{} {}",
        "one ".repeat(900).trim_end(),
        "two ".repeat(900).trim_end()
    );
    town.engine
        .keep_composer(conversation, text.clone())
        .await
        .unwrap();
    let first = town.say(conversation, &text).await;
    town.meta.wait_for_send(2, SOON).await.unwrap();
    let sent = town.sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent.join(" "), text);
    assert!(sent.iter().all(|part| part.encode_utf16().count() <= 4_096));
    let known = town.messages().await;
    assert_eq!(
        known.iter().find(|m| m.id == first).and_then(|m| m.text.clone()),
        Some(sent[0].clone())
    );
    let composer = town.until("an empty composer", move |r| {
        Ok(Some(r.conversation(conversation)?.composer_text))
    });
    assert_eq!(composer.await, None);
    town.engine.stop().await;
}
