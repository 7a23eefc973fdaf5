//! The process ends at the worst moments, and nothing that was promised is broken.

use crate::DESKBELLD;
use acceptance::{PATIENCE, Shop, Street, customer, now, number};
use anyhow::{Context as _, ensure};
use serde_json::json;
use simulator::webhook::{self, sign};
use simulator::{Number, Status, Style};
use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinSet;

/// Numbers that look random and come again from the same seed.
struct Dice(u64);

impl Dice {
    /// A number below `end` (`SplitMix64`).
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end
    }
}

/// What one connection posted.
#[derive(Default)]
struct Posted {
    /// Ids in bodies that were answered with 200.
    acknowledged: Vec<String>,
    /// Bodies that were not; Meta would bring them again.
    open: Vec<Vec<u8>>,
}

/// Posts until the server is gone.
async fn post_on(client: reqwest::Client, url: String, number: Number, lane: u32, seed: u64) -> Posted {
    let mut dice = Dice(seed);
    let mut posted = Posted::default();
    loop {
        let person = customer(u32::try_from(dice.below(40)).unwrap_or(0));
        let ids: Vec<String> = (0..=dice.below(3)).map(|_| webhook::new_wamid()).collect();
        let messages = ids
            .iter()
            .map(|id| webhook::text_message(&person, id, now(), &format!("from lane {lane}")))
            .collect();
        let change = webhook::messages(&number, std::slice::from_ref(&person), messages);
        // Every fifth body says everything twice.
        let copies = if dice.below(5) == 0 { 2 } else { 1 };
        let body = Style::Escaped.encode(&webhook::envelope(vec![change; copies]));
        let answer = client
            .post(&url)
            .header("x-hub-signature-256", sign(&number.app_secret, &body))
            .body(body.clone())
            .send()
            .await;
        match answer {
            Ok(answer) if answer.status().as_u16() == 200 => posted.acknowledged.extend(ids),
            Ok(_) => posted.open.push(body),
            Err(_) => {
                posted.open.push(body);
                return posted;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_once_after_20_kills_at_random_instants() -> anyhow::Result<()> {
    let given = std::env::var("DESKBELL_TEST_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed: u64 = given.unwrap_or_else(|| now().unsigned_abs());
    println!("DESKBELL_TEST_SEED={seed} repeats the instants of this run");
    let mut dice = Dice(seed);
    let mut shop = Shop::new(DESKBELLD)?;
    let number = number(1);
    let (_, path) = shop
        .add_channel(&Shop::config(&number, "http://127.0.0.1:9"))
        .await?;
    let all = Arc::new(Mutex::new(Posted::default()));
    for _ in 0..20 {
        shop.start().await?;
        let mut lanes = JoinSet::new();
        for lane in 0..16 {
            let (client, url, number) = (shop.client().clone(), shop.hook(&path)?, number.clone());
            let (seed, all) = (dice.below(u64::MAX), Arc::clone(&all));
            lanes.spawn(async move {
                let posted = post_on(client, url, number, lane, seed).await;
                let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
                all.acknowledged.extend(posted.acknowledged);
                all.open.extend(posted.open);
            });
        }
        tokio::time::sleep(Duration::from_millis(5 + dice.below(250))).await;
        shop.kill().await?;
        while let Some(ended) = lanes.join_next().await {
            ended?;
        }
    }
    shop.start().await?;
    let posted = std::mem::take(&mut *all.lock().unwrap_or_else(PoisonError::into_inner));
    ensure!(
        posted.acknowledged.len() > 100,
        "only {}",
        posted.acknowledged.len()
    );
    println!(
        "{} acknowledged, {} bodies open",
        posted.acknowledged.len(),
        posted.open.len()
    );
    let check = async |what: &str| {
        shop.settled().await?;
        let records = shop.export().await?;
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for message in records.of("message") {
            *seen
                .entry(message["provider_id"].as_str().context("no id")?)
                .or_default() += 1;
        }
        for (id, count) in &seen {
            ensure!(*count == 1, "{what}: {count} times {id}");
        }
        for id in &posted.acknowledged {
            ensure!(
                seen.contains_key(id.as_str()),
                "{what}: {id} was acknowledged and is lost"
            );
        }
        anyhow::Ok(seen.len())
    };
    let before = check("after the kills").await?;
    // Meta brings again what it got no answer for.
    for body in &posted.open {
        ensure!(shop.post(&path, &number.app_secret, body).await? == 200);
    }
    let after = check("after everything came again").await?;
    ensure!(after >= before);
    let journal = shop.journal().await?;
    assert_eq!(
        (&journal["pending"], &journal["failed"]),
        (&json!(0), &json!(0)),
        "{journal}"
    );
    let file = rusqlite::Connection::open(shop.data_dir().join("deskbell.sqlite3"))?;
    let verdict: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    assert_eq!(verdict, "ok");
    let mut strays = file.prepare("PRAGMA foreign_key_check")?;
    ensure!(!strays.exists([])?, "rows point nowhere");
    shop.stop().await
}

/// Lets the process kill itself at `point` of a send and starts it again. Returns the street, the conversation and
/// the message.
async fn die_at(point: &str) -> anyhow::Result<(Street, String, String)> {
    let mut shop = Shop::new(DESKBELLD)?;
    shop.set_env("DESKBELL_DIE_AT", point);
    let mut street = Street::build(shop, number(1)).await?;
    let (_, conversation) = street.hear(&customer(1), "Hello?").await?;
    let message = street.say(&conversation, "the one").await?;
    let ended = street.shop.ended().await?;
    ensure!(ended.signal() == Some(9), "{point}: {ended:?}");
    street.shop.unset_env("DESKBELL_DIE_AT");
    street.reopen().await?;
    // Whatever the restart wanted to send has been sent when two later messages have left.
    for (n, to) in [(1, "the same"), (2, "another")] {
        let (_, conversation) = street.hear(&customer(n), "Still there?").await?;
        let later = street.say(&conversation, &format!("later to {to}")).await?;
        street
            .until_status(&conversation, &later, "accepted", PATIENCE)
            .await?;
    }
    Ok((street, conversation, message))
}

/// How many requests were made for the message, and how many of them Meta took.
fn requests(street: &Street) -> (usize, usize) {
    let sends = street.meta.sends();
    let ours = sends
        .iter()
        .filter(|send| send.text.as_deref() == Some("the one"));
    (
        ours.clone().count(),
        ours.filter(|send| send.outcome.is_taken()).count(),
    )
}

/// Meta reports on the one message it took.
async fn report(street: &Street, status: &Status) -> anyhow::Result<()> {
    let sends = street.meta.sends();
    let ours = sends.iter().find(|send| send.text.as_deref() == Some("the one"));
    let wamid = ours.and_then(|send| send.wamid.clone()).context("not taken")?;
    street.meta.report(&wamid, status)?.acknowledged(PATIENCE).await?;
    street.shop.settled().await
}

#[tokio::test]
async fn killed_before_the_request_the_message_is_unknown_and_leaves_only_when_asked() -> anyhow::Result<()> {
    let (street, conversation, message) = die_at("before-request").await?;
    assert_eq!(street.look(&conversation, &message).await?["status"], "unknown");
    assert_eq!(requests(&street), (0, 0));
    street.shop.rpc("retry", json!({"message_id": message})).await?;
    street
        .until_status(&conversation, &message, "accepted", PATIENCE)
        .await?;
    assert_eq!(requests(&street), (1, 1));
    Ok(())
}

#[tokio::test]
async fn killed_after_the_request_the_message_is_unknown_and_its_status_settles_it() -> anyhow::Result<()> {
    let (street, conversation, message) = die_at("after-request").await?;
    assert_eq!(street.look(&conversation, &message).await?["status"], "unknown");
    let page = street.shop.rpc("list_conversations", json!({})).await?;
    let rows = page["conversations"].as_array().context("rows")?;
    let row = rows
        .iter()
        .find(|row| row["id"] == *conversation)
        .context("its row")?;
    assert_eq!(
        (&row["queue"], &row["undelivered"]),
        (&json!("needs_me"), &json!(1))
    );
    report(&street, &Status::Sent).await?;
    assert_eq!(street.look(&conversation, &message).await?["status"], "sent");
    assert_eq!(requests(&street), (1, 1));
    Ok(())
}

#[tokio::test]
async fn killed_before_the_outcome_is_written_the_message_is_unknown_and_its_status_settles_it()
-> anyhow::Result<()> {
    let (mut street, conversation, message) = die_at("before-record").await?;
    assert_eq!(street.look(&conversation, &message).await?["status"], "unknown");
    // Still so after another end.
    street.shop.kill().await?;
    street.reopen().await?;
    assert_eq!(street.look(&conversation, &message).await?["status"], "unknown");
    report(&street, &Status::Read).await?;
    report(&street, &Status::Delivered).await?;
    assert_eq!(street.look(&conversation, &message).await?["status"], "read");
    assert_eq!(requests(&street), (1, 1));
    Ok(())
}

#[tokio::test]
async fn killed_after_the_outcome_is_written_nothing_is_ambiguous() -> anyhow::Result<()> {
    let (street, conversation, message) = die_at("after-record").await?;
    assert_eq!(street.look(&conversation, &message).await?["status"], "accepted");
    report(&street, &Status::Delivered).await?;
    assert_eq!(street.look(&conversation, &message).await?["status"], "delivered");
    assert_eq!(requests(&street), (1, 1));
    Ok(())
}

#[tokio::test]
async fn killed_while_meta_thinks_about_it_the_status_finds_the_message_by_our_reference()
-> anyhow::Result<()> {
    let mut street = Street::open(DESKBELLD).await?;
    let (_, conversation) = street.hear(&customer(1), "Hello?").await?;
    let gate = street.meta.hold_next_answer();
    let message = street.say(&conversation, "the one").await?;
    let waiting = street.say(&conversation, "waits behind it").await?;
    tokio::time::timeout(PATIENCE, gate.reached()).await?;
    street.shop.kill().await?;
    gate.release();
    street.reopen().await?;
    assert_eq!(street.look(&conversation, &message).await?["status"], "unknown");
    // What had not begun leaves by itself.
    street
        .until_status(&conversation, &waiting, "accepted", PATIENCE)
        .await?;
    report(&street, &Status::Delivered).await?;
    assert_eq!(street.look(&conversation, &message).await?["status"], "delivered");
    assert_eq!(requests(&street), (1, 1));
    Ok(())
}
