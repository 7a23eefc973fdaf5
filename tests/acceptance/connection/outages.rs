//! The network goes and comes back, the program ends and starts, the public name changes: customers' messages find the
//! way again by themselves.

use super::{SOON, text};
use crate::DESKBELLD;
use acceptance::{PATIENCE, PublicStreet, customer, until};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use simulator::{Edge, Presented};
use std::time::Duration;
use tokio::time::Instant;

/// A gap of less than two minutes is nobody's news.
async fn nothing_to_tell(street: &PublicStreet) -> anyhow::Result<()> {
    let away = street.shop.rpc("away", json!({})).await?;
    assert_eq!(
        (&away["unseen"], &away["from"]),
        (&json!(false), &Value::Null),
        "{away}"
    );
    Ok(())
}

#[tokio::test]
async fn what_was_written_during_an_outage_arrives_once_the_network_is_back() -> anyhow::Result<()> {
    let (street, channel) = PublicStreet::open(DESKBELLD).await?;
    street.hear(&customer(1), "before").await?;
    let changes = street.changes_at_meta().len();

    street.edge.outage(true);
    let waiting = street.tunnel("waiting", PATIENCE).await?;
    super::plain(text(&waiting, "words")?)?;
    ensure!(waiting["next_try"].is_string(), "{waiting}");
    let complaint = street.complaint("tunnel").await?;
    super::plain(text(&complaint, "sentence")?)?;
    let (wamid, receipt) =
        street
            .meta
            .customer_writes(&street.number.phone_number_id, &customer(2), "meanwhile")?;
    street
        .edge
        .wait("Meta stood before a closed door", |edge| {
            edge.visits()
                .iter()
                .any(|visit| visit.code.as_deref() == Some("ERR_NGROK_3200"))
        })
        .await?;

    street.edge.outage(false);
    let back = Instant::now();
    street.tunnel("online", SOON).await?;
    ensure!(back.elapsed() < SOON, "listening after {:?}", back.elapsed());
    receipt.acknowledged(PATIENCE).await?;
    street.shop.settled().await?;
    assert_eq!(street.shop.export().await?.message(&wamid)?["text"], "meanwhile");
    street.registered(&channel).await?;
    assert_eq!(
        street.changes_at_meta().len(),
        changes,
        "the same address was set again"
    );
    nothing_to_tell(&street).await
}

#[tokio::test]
async fn a_cut_line_is_opened_again_under_the_same_name_also_while_the_old_one_lingers() -> anyhow::Result<()>
{
    let (street, channel) = PublicStreet::open(DESKBELLD).await?;
    let name = street.tunnel("online", PATIENCE).await?["url"].clone();
    for linger in [Duration::ZERO, Duration::from_secs(2)] {
        let binds = street.edge.binds().len();
        street.edge.set_linger(linger);
        street.edge.cut();
        let cut = Instant::now();
        street
            .edge
            .wait("a new tunnel", |edge| edge.binds().len() > binds)
            .await?;
        let tunnel = street.tunnel("online", SOON).await?;
        ensure!(cut.elapsed() < SOON, "{linger:?}: {:?}", cut.elapsed());
        assert_eq!(tunnel["url"], name);
        street.hear(&customer(1), &format!("after {linger:?}")).await?;
    }
    street.registered(&channel).await?;
    nothing_to_tell(&street).await
}

#[tokio::test]
async fn a_restart_keeps_name_and_registration_and_changes_nothing_at_meta() -> anyhow::Result<()> {
    let (mut street, channel) = PublicStreet::open(DESKBELLD).await?;
    let before = street.connection(&channel).await?;
    let changes = street.changes_at_meta();
    ensure!(
        changes.iter().all(|call| call.token != Presented::Nothing),
        "{changes:?}"
    );
    let mut last = before.clone();
    for kill in [false, true] {
        if kill {
            street.shop.kill().await?;
        } else {
            street.shop.stop().await?;
            ensure!(street.edge.online().is_empty(), "it left without a farewell");
        }
        street.shop.start().await?;
        let tunnel = street.tunnel("online", SOON).await?;
        let after = street
            .connected(&channel, "looked at anew", |shown| {
                shown["registered_at"] != last["registered_at"]
            })
            .await?;
        assert_eq!(after["callback_url"], before["callback_url"]);
        ensure!(text(&after, "callback_url")?.starts_with(text(&tunnel, "url")?));
        assert_eq!(street.changes_at_meta(), changes, "registered anew");
        street.hear(&customer(1), &format!("killed: {kill}")).await?;
        nothing_to_tell(&street).await?;
        last = after;
    }
    ensure!(!was_refused(&street), "{:?}", street.edge.frames());
    Ok(())
}

/// Whether the edge ever said no.
fn was_refused(street: &PublicStreet) -> bool {
    let frames = street.edge.frames();
    let mut errors = frames.iter().filter_map(|frame| frame.body["Error"].as_str());
    errors.any(|error| !error.is_empty())
}

#[tokio::test]
async fn a_tunnel_that_is_opened_again_by_hand_is_never_already_online() -> anyhow::Result<()> {
    let (street, _) = PublicStreet::open(DESKBELLD).await?;
    for n in 1..=3 {
        let binds = street.edge.binds().len();
        street.shop.rpc("retry_tunnel", json!({})).await?;
        street
            .edge
            .wait("a new tunnel", |edge| edge.binds().len() > binds)
            .await?;
        street.tunnel("online", SOON).await?;
        street.hear(&customer(n), "still there?").await?;
    }
    ensure!(!was_refused(&street), "{:?}", street.edge.frames());
    Ok(())
}

/// The owner chooses ngrok in the window, with the authtoken of an account.
async fn choose(street: &PublicStreet, authtoken: &str, name: &str) -> anyhow::Result<()> {
    let chosen = json!({"kind": "ngrok", "authtoken": authtoken});
    let shown = street.shop.rpc("save_tunnel", chosen).await?;
    ensure!(!shown.to_string().contains(authtoken), "the token is shown");
    until("the new name online and kept", SOON, async || {
        let tunnel = street.shop.rpc("tunnel", json!({})).await?;
        let online = tunnel["url"] == format!("https://{name}");
        Ok((online && tunnel["domain"] == name).then_some(()))
    })
    .await
}

#[tokio::test]
async fn another_public_name_is_registered_at_once_and_the_news_of_the_account_move_along()
-> anyhow::Result<()> {
    let mut street = PublicStreet::prepare(DESKBELLD).await?;
    street.choose_in_the_window();
    street.shop.unset_env("DESKBELL_NGROK_AUTHTOKEN");
    let channel = street.move_in().await?;
    let (one, other) = (Edge::token_of("one account"), Edge::token_of("another account"));
    street.edge.set_dev_domain(&one, "kiln.example.org");
    street.edge.set_dev_domain(&other, "wheel.example.org");
    let none = street.tunnel("off", PATIENCE).await?;
    assert_eq!(none["kind"], "none", "{none}");

    choose(&street, &one, "kiln.example.org").await?;
    let before = street.registered(&channel).await?;
    ensure!(text(&before, "callback_url")?.starts_with("https://kiln.example.org/"));
    assert_eq!(before["news_come_here"], false, "{before}");
    let taken = street
        .shop
        .rpc("take_news", json!({"channel_id": channel}))
        .await?;
    assert_eq!(taken["news_come_here"], true, "{taken}");

    let changed = Instant::now();
    choose(&street, &other, "wheel.example.org").await?;
    let after = street
        .connected(&channel, "the new address", |shown| {
            let at = shown["callback_url"].as_str().unwrap_or_default();
            at.starts_with("https://wheel.example.org/") && shown["registered_at"] != taken["registered_at"]
        })
        .await?;
    ensure!(
        changed.elapsed() < Duration::from_mins(1),
        "{:?}",
        changed.elapsed()
    );
    let path = |shown: &Value| {
        let path = shown["callback_url"]
            .as_str()
            .and_then(|url| url.rsplit('/').next());
        path.map(str::to_owned)
    };
    assert_eq!(path(&before), path(&after));
    let at_meta = |level: usize| street.meta.callbacks(&street.number.phone_number_id)[level].clone();
    assert_eq!(at_meta(0).as_deref(), after["callback_url"].as_str());
    assert_eq!(
        at_meta(2).as_deref(),
        after["callback_url"].as_str(),
        "the news stayed behind"
    );
    street.hear(&customer(1), "by the new name").await?;
    let last = street.edge.visits().pop().context("nobody came")?;
    assert_eq!(last.domain, "wheel.example.org");
    assert_eq!(street.edge.online(), ["wheel.example.org"]);

    // It was kept.
    street.shop.kill().await?;
    street.shop.start().await?;
    let tunnel = street.tunnel("online", SOON).await?;
    assert_eq!(tunnel["url"], "https://wheel.example.org");
    street.hear(&customer(2), "after a restart").await?;
    Ok(())
}
