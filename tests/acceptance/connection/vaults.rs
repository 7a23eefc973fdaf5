//! The computer's keychain as people have it: open, locked, gone. What cannot be read is never taken for empty.

use super::{plain, text};
use crate::DESKBELLD;
use acceptance::{PATIENCE, PublicStreet, Session, Shop, customer, until};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

const PASSPHRASE: &str = "kiln clay wheel glaze";

/// A shop in a session of its own, whose secrets lie where they lie when nobody says anything.
async fn prepare(session: &Session) -> anyhow::Result<PublicStreet> {
    let mut street = PublicStreet::prepare(DESKBELLD).await?;
    street.shop.set_vault(None);
    street.shop.unset_env("DESKBELL_VAULT_PASSPHRASE");
    for (name, value) in session.environment() {
        street.shop.set_env(name, &value);
    }
    Ok(street)
}

/// The same, with a number whose secrets lie in the open keychain.
async fn move_in(session: &mut Session) -> anyhow::Result<(PublicStreet, String)> {
    session.unlock().await?;
    let street = prepare(session).await?;
    let config = Shop::config(&street.number, street.meta.graph_url()).to_string();
    let args = ["channel", "add", "DATA", "--config", "-"];
    let added = street.shop.run_with_input(&args, &config).await?;
    ensure!(added.code == Some(0), "{added:?}");
    let line: Value = serde_json::from_str(&added.out)?;
    Ok((street, text(&line, "channel_id")?.to_owned()))
}

/// How the vault stands, which the health page has to say, too.
async fn vault(street: &PublicStreet, kind: &str, state: &str) -> anyhow::Result<Value> {
    let mut last = Value::Null;
    let shown = until(&format!("{kind} {state}"), PATIENCE, async || {
        last = street.shop.rpc("vault", json!({})).await?;
        Ok((last["kind"] == kind && last["state"] == state).then(|| last.clone()))
    })
    .await
    .with_context(|| format!("it is: {last}"))?;
    plain(text(&shown, "words")?)?;
    if state == "open" {
        for finding in street.findings("vault").await? {
            ensure!(finding["level"] == "ok", "{finding}");
        }
    } else {
        let told = street.complaint("vault").await?;
        // While no number is connected, no customer is kept from anything.
        let channels = street.shop.rpc("list_channels", json!({})).await?;
        let level = if channels["channels"] == json!([]) {
            "warn"
        } else {
            "bad"
        };
        assert_eq!(told["level"], level, "{told}");
        assert_eq!(told["action"]["kind"], "unlock_vault", "{told}");
        plain(text(&told, "sentence")?)?;
    }
    Ok(shown)
}

#[tokio::test]
async fn a_locked_keychain_loses_no_message_and_no_secret_and_goes_on_when_it_opens() -> anyhow::Result<()> {
    let mut session = Session::open().await?;
    let (mut street, channel) = move_in(&mut session).await?;
    street.shop.start().await?;
    street.registered(&channel).await?;
    vault(&street, "keychain", "open").await?;
    street.hear(&customer(1), "before").await?;
    street.shop.kill().await?;

    session.lock().await?;
    street.shop.start().await?;
    let locked = vault(&street, "keychain", "locked").await?;
    assert_eq!(locked["can_use_file"], true, "{locked}");
    ensure!(text(&locked, "words")?.contains("locked"), "{locked}");
    let mut receipt = None;
    for (n, words) in [(2, "while it is locked"), (3, "and another")] {
        let written = street
            .meta
            .customer_writes(&street.number.phone_number_id, &customer(n), words)?;
        receipt = Some(written.1);
    }
    // Nothing is written into what cannot be read.
    let new = json!({"channel_id": channel, "access_token": "EAAanother"});
    let refused = street.shop.refused("replace_keys", new).await?;
    plain(text(&refused, "message")?)?;
    let still = street.shop.refused("unlock_vault", json!({})).await?;
    plain(text(&still, "message")?)?;
    assert_eq!(still["retryable"], true, "{still}");

    session.unlock().await?;
    // An address that is looked at before the door has its secrets again is looked at once more afterwards.
    let of_channel = json!({"channel_id": channel});
    street.shop.rpc("register_webhook", of_channel).await?;
    let opened = street.shop.rpc("unlock_vault", json!({})).await?;
    assert_eq!(opened["state"], "open", "{opened}");
    vault(&street, "keychain", "open").await?;
    receipt
        .context("nothing was written")?
        .acknowledged(PATIENCE)
        .await?;
    until("all of them", PATIENCE, async || {
        Ok((street.shop.export().await?.of("message").len() == 3).then_some(()))
    })
    .await?;
    let shown = street.registered(&channel).await?;
    for secret in shown["secrets"].as_array().context("no secrets")? {
        assert_eq!(secret["set"], true, "{secret}");
    }
    ensure!(!street.shop.data_dir().join(vault::SEALED_FILE).exists());
    Ok(())
}

#[tokio::test]
async fn an_open_keychain_moves_into_a_sealed_file_that_is_used_from_then_on() -> anyhow::Result<()> {
    let mut session = Session::open().await?;
    let (mut street, channel) = move_in(&mut session).await?;
    street.shop.start().await?;
    street.registered(&channel).await?;
    let short = street
        .shop
        .refused("use_sealed_file", json!({"passphrase": "kiln"}))
        .await?;
    assert_eq!(short["field"], "passphrase", "{short}");
    let moved = street
        .shop
        .rpc("use_sealed_file", json!({"passphrase": PASSPHRASE}))
        .await?;
    assert_eq!(
        (&moved["kind"], &moved["state"]),
        (&json!("file"), &json!("open")),
        "{moved}"
    );
    ensure!(!moved.to_string().contains(PASSPHRASE));
    vault(&street, "file", "open").await?;
    street.hear(&customer(1), "after the move").await?;
    street.shop.stop().await?;

    // The keychain is not asked any more.
    session.end_keychain().await?;
    let args = ["serve", "DATA"];
    let closed = street.shop.run(&args).await?;
    assert_eq!(closed.code, Some(1), "{closed:?}");
    ensure!(closed.err.contains("DESKBELL_VAULT_PASSPHRASE"), "{closed:?}");
    street.shop.set_env("DESKBELL_VAULT_PASSPHRASE", PASSPHRASE);
    street.shop.start().await?;
    vault(&street, "file", "open").await?;
    street.registered(&channel).await?;
    street.hear(&customer(2), "after the restart").await?;
    Ok(())
}

#[tokio::test]
async fn when_the_keychain_is_gone_a_sealed_file_and_the_keys_entered_again_are_the_way_out()
-> anyhow::Result<()> {
    let mut session = Session::open().await?;
    let (mut street, channel) = move_in(&mut session).await?;
    session.end_keychain().await?;
    street.shop.start().await?;
    let absent = vault(&street, "keychain", "absent").await?;
    assert_eq!(absent["can_use_file"], true, "{absent}");
    let moved = street
        .shop
        .rpc("use_sealed_file", json!({"passphrase": PASSPHRASE}))
        .await?;
    assert_eq!(
        (&moved["kind"], &moved["state"]),
        (&json!("file"), &json!("open")),
        "{moved}"
    );
    let words = text(&moved, "words")?;
    plain(words)?;
    ensure!(
        words.contains("Shop +"),
        "which number's keys are missing? {words}"
    );
    let keys = json!({
        "channel_id": channel,
        "access_token": street.number.access_token,
        "app_secret": street.number.app_secret,
    });
    street.shop.rpc("replace_keys", keys).await?;
    street.registered(&channel).await?;
    street.hear(&customer(1), "here I am").await?;
    street.shop.kill().await?;
    street.shop.set_env("DESKBELL_VAULT_PASSPHRASE", PASSPHRASE);
    street.shop.start().await?;
    street.tunnel("online", PATIENCE).await?;
    vault(&street, "file", "open").await?;
    street.hear(&customer(2), "and I").await?;
    Ok(())
}

#[tokio::test]
async fn without_a_session_bus_a_number_is_set_up_with_a_sealed_file() -> anyhow::Result<()> {
    let session = Session::open().await?;
    let mut street = prepare(&session).await?;
    let nowhere = street.shop.folder().join("nowhere").display().to_string();
    street
        .shop
        .set_env("DBUS_SESSION_BUS_ADDRESS", &format!("unix:path={nowhere}"));
    street.shop.set_env("XDG_RUNTIME_DIR", &nowhere);
    street.shop.start().await?;
    street.shop.rpc("begin_setup", json!({})).await?;
    let keys = json!({
        "access_token": street.number.access_token,
        "app_secret": street.number.app_secret,
    });
    let refused = street.shop.refused("setup_credentials", keys.clone()).await?;
    plain(text(&refused, "message")?)?;
    vault(&street, "keychain", "absent").await?;
    street
        .shop
        .rpc("use_sealed_file", json!({"passphrase": PASSPHRASE}))
        .await?;
    let setup = street.shop.rpc("setup_credentials", keys).await?;
    assert_eq!(setup["page"], "number", "{setup}");
    vault(&street, "file", "open").await?;
    Ok(())
}
