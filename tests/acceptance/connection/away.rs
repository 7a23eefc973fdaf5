//! While you were away: what is told after a time in which nobody could reach the shop.

use super::{plain, text};
use crate::DESKBELLD;
use acceptance::{PATIENCE, PublicStreet, customer, now};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Writes into the stopped shop's record that it could last be reached so many seconds ago, and why that ended. `None`: it
/// ended without a word.
fn last_reached(street: &PublicStreet, ago: i64, ended: Option<&str>) -> anyhow::Result<()> {
    let file = rusqlite::Connection::open(street.shop.data_dir().join("deskbell.sqlite3"))?;
    file.execute("DELETE FROM listening", [])?;
    let until = (now() - ago) * 1000;
    file.execute(
        "INSERT INTO listening (since, until, ended) VALUES (?1, ?2, ?3)",
        (until - 3_600_000, until, ended),
    )?;
    Ok(())
}

/// The number has been connected for a year.
fn long_connected(street: &PublicStreet) -> anyhow::Result<()> {
    let file = rusqlite::Connection::open(street.shop.data_dir().join("deskbell.sqlite3"))?;
    let then = (now() - 365 * DAY) * 1000;
    file.execute("UPDATE channel SET created_at = ?1", [then])?;
    Ok(())
}

/// The shop ends without a word, could last be reached so many seconds ago, and starts again. Returns what is told once
/// somebody can reach it.
async fn come_back(
    street: &mut PublicStreet,
    channel: &str,
    ago: i64,
    ended: Option<&str>,
) -> anyhow::Result<Value> {
    let before = street.registered(channel).await?;
    street.shop.kill().await?;
    last_reached(street, ago, ended)?;
    street.shop.start().await?;
    // The address is looked at anew after it was written down that the shop can be reached.
    street
        .connected(channel, "back", |shown| {
            shown["registered_at"] != before["registered_at"]
        })
        .await?;
    told(street).await
}

async fn told(street: &PublicStreet) -> anyhow::Result<Value> {
    street.shop.rpc("away", json!({})).await
}

/// The names in one of the lists, in their order.
fn names<'a>(away: &'a Value, list: &str) -> Vec<&'a str> {
    let rows = away[list].as_array().into_iter().flatten();
    rows.filter_map(|row| row["name"].as_str()).collect()
}

#[tokio::test]
async fn after_a_crash_it_is_told_who_wrote_meanwhile_who_waits_and_whose_window_closed() -> anyhow::Result<()>
{
    let (mut street, channel) = PublicStreet::open(DESKBELLD).await?;
    let id = street.number.phone_number_id.clone();
    let write = async |n: u32, ago: i64, words: &str| {
        let (_, receipt) = street
            .meta
            .customer_wrote(&id, &customer(n), now() - ago, words)?;
        receipt.acknowledged(PATIENCE).await?;
        street.shop.settled().await
    };
    // Yesterday; the window closes two hours ago.
    write(1, DAY + 2 * HOUR, "Do you still have the blue bowl?").await?;
    long_connected(&street)?;
    let away = come_back(&mut street, &channel, 3 * HOUR, None).await?;
    assert_eq!(
        (&away["unseen"], &away["late_messages"]),
        (&json!(true), &json!(0)),
        "{away}"
    );
    let words = text(&away, "words")?;
    plain(words)?;
    ensure!(
        words.contains("3 hours") && words.contains("unexpectedly"),
        "{words}"
    );
    assert_eq!(names(&away, "windows_closed"), ["Person 1"], "{away}");
    let still = text(&away, "still_words")?;
    plain(still)?;

    // Meta brings what was written meanwhile.
    let write = async |n: u32, ago: i64, words: &str| {
        let (_, receipt) = street
            .meta
            .customer_wrote(&id, &customer(n), now() - ago, words)?;
        receipt.acknowledged(PATIENCE).await?;
        street.shop.settled().await
    };
    write(2, 2 * HOUR, "Are you open?").await?;
    write(2, HOUR, "Hello?").await?;
    write(3, HOUR, "A mug, please").await?;
    // Meta stamps whole seconds, so this one is written after we are back for sure.
    write(4, -1, "I write now").await?;
    let away = told(&street).await?;
    assert_eq!(away["late_messages"], 3, "{away}");
    assert_eq!(names(&away, "late"), ["Person 2", "Person 3"], "{away}");
    assert_eq!(away["late"][0]["messages"], 2);
    ensure!(away["late"][0]["arrived_at"].is_string(), "{away}");
    assert_eq!(
        names(&away, "waiting"),
        ["Person 1", "Person 2", "Person 3", "Person 4"],
        "longest first: {away}"
    );

    // Seen is seen, also after a restart, until something more comes late.
    street.shop.rpc("see_away", json!({})).await?;
    assert_eq!(told(&street).await?["unseen"], false);
    let args = json!({"conversation_id": away["late"][0]["conversation_id"], "text": "Yes, until six."});
    street.shop.rpc("send_text", args).await?;
    assert_eq!(
        names(&told(&street).await?, "waiting"),
        ["Person 1", "Person 3", "Person 4"]
    );
    write(5, HOUR, "So late").await?;
    let away = told(&street).await?;
    assert_eq!(away["unseen"], true, "{away}");
    ensure!(names(&away, "late").contains(&"Person 5"), "{away}");
    Ok(())
}

#[tokio::test]
async fn each_cause_of_a_gap_is_told_short_ones_are_not_and_after_weeks_what_is_lost() -> anyhow::Result<()> {
    let (mut street, channel) = PublicStreet::open(DESKBELLD).await?;
    let away = come_back(&mut street, &channel, 9 * HOUR, Some("quit")).await?;
    assert_eq!(
        away["unseen"], false,
        "who missed us before there was a number? {away}"
    );
    long_connected(&street)?;
    for (ended, ago, wanted) in [
        (Some("quit"), 9 * HOUR, "was not running"),
        (Some("sleep"), 9 * HOUR, "slept"),
        (Some("tunnel"), 9 * HOUR, "internet or the tunnel"),
        (None, 3 * MINUTE, "unexpectedly"),
    ] {
        let away = come_back(&mut street, &channel, ago, ended).await?;
        let words = text(&away, "words")?;
        plain(words)?;
        ensure!(words.contains(wanted), "{ended:?}: {words}");
        assert_eq!(away["unseen"], true, "{ended:?}: {away}");
    }
    let away = come_back(&mut street, &channel, MINUTE, None).await?;
    assert_eq!(
        (&away["unseen"], &away["from"]),
        (&json!(false), &Value::Null),
        "{away}"
    );

    let away = come_back(&mut street, &channel, 20 * DAY, Some("quit")).await?;
    let still = text(&away, "still_words").context("nothing said of what is lost")?;
    plain(still)?;
    ensure!(still.contains("given up"), "{still}");
    Ok(())
}
