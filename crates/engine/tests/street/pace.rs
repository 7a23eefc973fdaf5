//! Pauses: who waits, who does not, and what that costs.

use crate::town::{NUMBER, SECRET, SOON, Town, connect, ines, number, omar};
use domain::DeliveryStatus;
use simulator::{Fault, GraphError};
use std::sync::atomic::Ordering;
use std::time::Duration;
use store::HoldClass;

/// How often the rooms look at the clock within a second of silence: each look into a tray is one.
async fn looks(town: &Town) -> usize {
    let before = town.watch.0.load(Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(1)).await;
    town.watch.0.load(Ordering::SeqCst) - before
}

#[tokio::test]
async fn a_customer_whose_messages_pause_keeps_nobody_else_waiting_and_the_room_does_not_spin() {
    let town = Town::open().await;
    let (slow, quick) = (town.hear(&ines(), "Hello").await, town.hear(&omar(), "Hi").await);
    town.meta
        .fault(Fault::Graph(GraphError::of(131_056).retry_after(3_600)));
    let paused = town.say(slow, "later").await;
    town.meta.wait_for_send(1, SOON).await.unwrap();
    town.status(paused, DeliveryStatus::Queued).await;
    town.until("a time to try again", move |r| r.retry_at(paused))
        .await;

    let message = town.say(quick, "now").await;
    town.status(message, DeliveryStatus::Accepted).await;
    assert_eq!(town.sent(), ["now"]);
    let looks = looks(&town).await;
    assert!(looks <= 4, "{looks} looks into the trays within a quiet second");
    town.engine.stop().await;
}

#[tokio::test]
async fn a_hold_for_the_rate_ends_by_itself_and_tells_nobody() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Hello").await;
    town.meta.fault(Fault::code(130_429));
    let message = town.say(conversation, "Hi").await;
    let channel = town.channel.clone();
    let hold = town.until("a hold", move |r| Ok(r.channel(&channel)?.hold)).await;
    assert_eq!(hold.class, HoldClass::Rate);
    let health = town.engine.health().await.unwrap();
    assert!(health.issues.is_empty(), "{health:?}");
    town.status(message, DeliveryStatus::Accepted).await;
    let channel = town.channel.clone();
    let after = town
        .engine
        .store()
        .read(move |r| r.channel(&channel))
        .await
        .unwrap();
    assert_eq!(after.hold, None);
    town.engine.stop().await;
}

#[tokio::test]
async fn an_engine_with_nothing_to_do_does_nothing() {
    let town = Town::open().await;
    let looks = looks(&town).await;
    assert!(looks <= 2, "{looks} looks into the trays within a quiet second");
    town.engine.stop().await;
}

#[tokio::test]
async fn one_number_at_its_pace_keeps_another_number_from_nothing() {
    const OTHER: &str = "512000000000010";
    let town = Town::open().await;
    town.meta.add_number(number(OTHER, SECRET));
    connect(&town.meta, &town.engine, OTHER, SECRET).await;
    // Thirty conversations of one number: one and a half seconds at twenty a second.
    let mut crowd = Vec::new();
    for at in 0..30 {
        let customer = simulator::Customer::phone("Crowd", &format!("4477009010{at:02}"));
        crowd.push(town.hear(&customer, &format!("Hello {at}")).await);
    }
    town.meta
        .customer_writes(OTHER, &omar(), "the other number")
        .unwrap();
    let other = town
        .until("the other number's customer", |r| {
            let filter = store::ConversationFilter {
                text: Some("Omar".to_owned()),
                ..store::ConversationFilter::default()
            };
            Ok(r.conversations(&filter, None, 1)?.first().map(|row| row.id))
        })
        .await;
    for conversation in crowd {
        town.say(conversation, "crowd").await;
    }
    let message = town.say(other, "other").await;
    town.status(message, DeliveryStatus::Accepted).await;
    let before = town.sent().iter().filter(|text| *text == "crowd").count();
    assert!(before < 30, "it waited for all of the crowd");
    assert!(town.sent().contains(&"other".to_owned()));
    assert_eq!(NUMBER.len(), OTHER.len());
    town.engine.stop().await;
}

#[tokio::test]
async fn an_evening_without_a_network_does_not_use_up_the_tries_of_a_message() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Hello").await;
    // A port nobody listens at: it was free a moment ago.
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .unwrap();
    town.move_meta(format!("http://{closed}")).await;
    let message = town.say(conversation, "Good night").await;
    // An unexplained error is tried three times; so many requests have come to nothing before the network is back.
    town.until("three requests in vain", move |r| {
        let waiting = r.due_attempts(domain::Timestamp(i64::MAX), 1)?;
        Ok(waiting.first().filter(|attempt| attempt.tries >= 3).map(|_| ()))
    })
    .await;
    town.meta.fault(Fault::code(131_000));
    town.move_meta(town.meta.graph_url().to_owned()).await;
    town.status(message, DeliveryStatus::Accepted).await;
    let sends = town.meta.sends();
    assert_eq!(sends.len(), 2, "refused once, then taken");
    assert_eq!(town.sent(), ["Good night"]);
    town.engine.stop().await;
}

#[tokio::test]
async fn a_reply_whose_window_closes_while_it_waits_fails_in_words_and_makes_no_request() {
    let town = Town::open().await;
    let conversation = town.hear(&ines(), "Hello").await;
    let channel = town.channel.clone();
    town.engine
        .store()
        .write(move |t| {
            let hold = store::Hold {
                class: HoldClass::Wait,
                code: None,
                subcode: None,
                title: None,
                until: domain::Timestamp(i64::MAX),
            };
            t.hold_channel(&channel, &hold)
        })
        .await
        .unwrap();
    let message = town.say(conversation, "Too late").await;
    town.watch.move_on(Duration::from_hours(25));
    town.engine.resume_channel(town.channel.clone()).await.unwrap();
    let failed = town.status(message, DeliveryStatus::Failed).await;
    assert_eq!(failed.failure.and_then(|failure| failure.code), Some(131_047));
    assert!(town.meta.sends().is_empty());
    town.engine.stop().await;
}
