//! Setting a number up: from nothing to an answered customer, and left and gone on with at each page.

use super::{plain, text};
use crate::DESKBELLD;
use acceptance::{PATIENCE, PublicStreet, customer, until};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use simulator::{Meta, Standing, StatusPlan};

/// Waits until the set-up looks as wanted.
async fn seen(street: &PublicStreet, what: &str, wanted: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
    let mut last = Value::Null;
    let found = until(what, PATIENCE, async || {
        last = street.shop.rpc("setup", json!({})).await?;
        Ok(wanted(&last).then(|| last.clone()))
    })
    .await;
    found.with_context(|| format!("the set-up is: {last}"))
}

fn credentials(street: &PublicStreet) -> Value {
    json!({"access_token": street.number.access_token, "app_secret": street.number.app_secret})
}

fn number(street: &PublicStreet) -> Value {
    json!({"account_id": street.number.waba_id, "number_id": street.number.phone_number_id})
}

fn all_done(setup: &Value) -> bool {
    let steps = setup["steps"].as_array();
    steps.is_some_and(|steps| !steps.is_empty() && steps.iter().all(|step| step["state"] == "ok"))
}

fn is_heard(setup: &Value) -> bool {
    setup["hello"]["heard"]["text"] == "hi"
}

fn is_delivered(setup: &Value) -> bool {
    let status = &setup["hello"]["reply"]["status"];
    status == "delivered" || status == "read"
}

/// Where Meta brings the number's messages.
fn callback(meta: &Meta, phone_number_id: &str) -> anyhow::Result<String> {
    let [own, ..] = meta.callbacks(phone_number_id);
    own.context("Meta has no address for the number")
}

#[tokio::test]
async fn from_nothing_to_a_customers_message_and_a_delivered_test_reply() -> anyhow::Result<()> {
    let mut street = PublicStreet::prepare(DESKBELLD).await?;
    street.meta.set_statuses(StatusPlan::immediate());
    street.shop.start().await?;
    let app = street.shop.rpc("app", json!({})).await?;
    assert_eq!(app["first_start"], true);
    let begun = street.shop.rpc("begin_setup", json!({})).await?;
    assert_eq!((&begun["begun"], &begun["page"]), (&json!(true), &json!("intro")));

    let proved = street.shop.rpc("setup_credentials", credentials(&street)).await?;
    let proofs = proved["proofs"].as_array().context("no proofs")?;
    assert_eq!(proofs.len(), 4, "{proved}");
    for proof in proofs {
        assert_eq!(proof["state"], "ok", "{proof}");
    }
    assert_eq!(proved["app_name"], "Simulated app");
    let found = &proved["accounts"][0]["numbers"][0];
    assert_eq!(found["number_id"], street.number.phone_number_id, "{proved}");
    assert_eq!(
        (&found["ready"], &found["connected"]),
        (&json!(true), &json!(false))
    );
    for secret in proved["secrets"].as_array().context("no secrets")? {
        assert_eq!(secret["set"], true);
    }
    ensure!(!proved.to_string().contains(&street.number.access_token));
    ensure!(!proved.to_string().contains(&street.number.app_secret));

    let chosen = street.shop.rpc("setup_number", number(&street)).await?;
    assert_eq!(chosen["page"], "tunnel");
    let tunnel = street.tunnel("online", PATIENCE).await?;
    let name = street.edge.dev_domain(&street.edge.token());
    assert_eq!(tunnel["url"], format!("https://{name}"));

    street.shop.rpc("connect_setup", json!({})).await?;
    let connected = seen(&street, "the chain done", all_done).await?;
    let order: Vec<&str> = connected["steps"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|step| step["step"].as_str())
        .collect();
    let wanted = [
        "server",
        "tunnel",
        "own_call",
        "subscribe",
        "override",
        "verification",
        "read_back",
    ];
    assert_eq!(order, wanted);
    ensure!(street.meta.is_subscribed(&street.number.phone_number_id));
    let address = callback(&street.meta, &street.number.phone_number_id)?;
    ensure!(address.starts_with(&format!("https://{name}/")), "{address}");
    // Somebody who guesses must not find it.
    let path = address.rsplit('/').next().unwrap_or_default();
    ensure!(path.len() >= 32, "{address} can be guessed");
    ensure!(
        !connected.to_string().contains(path),
        "the address is shown unasked"
    );

    let hello = &connected["hello"];
    assert_eq!(hello["heard"], Value::Null);
    let digits = street.number.display_phone_number.trim_start_matches('+');
    ensure!(text(hello, "link")?.contains(digits), "{hello}");
    ensure!(
        hello["qr"].as_array().is_some_and(|rows| rows.len() >= 21),
        "{hello}"
    );
    let channels = street.shop.rpc("list_channels", json!({})).await?;
    assert_eq!(channels["channels"][0]["mode"], "off", "{channels}");

    let early = street.shop.refused("test_reply", json!({})).await?;
    plain(text(&early, "message")?)?;
    let wamid = street.hear(&customer(1), "hi").await?;
    let heard = seen(&street, "the hello heard", is_heard).await?;
    assert_eq!(heard["hello"]["heard"]["name"], "Person 1");
    street.shop.rpc("test_reply", json!({})).await?;
    // Pressed twice, one leaves.
    street.shop.rpc("test_reply", json!({})).await?;
    seen(&street, "the reply delivered", is_delivered).await?;
    let sends = street.meta.sends();
    assert_eq!(sends.len(), 1, "{sends:?}");

    let ended = street.shop.rpc("finish_setup", json!({"mode": "shadow"})).await?;
    assert_eq!(
        (&ended["begun"], &ended["mode"]),
        (&json!(false), &json!("shadow"))
    );
    let channels = street.shop.rpc("list_channels", json!({})).await?;
    assert_eq!(channels["channels"][0]["mode"], "shadow", "{channels}");
    let records = street.shop.export().await?;
    assert_eq!(records.message(&wamid)?["text"], "hi");
    assert_eq!(records.of("message").len(), 2);
    let health = street.shop.rpc("health", json!({})).await?;
    assert_eq!(health["level"], "ok", "{health}");
    street.shop.stop().await
}

#[tokio::test]
async fn killed_at_each_page_the_set_up_goes_on_where_it_was() -> anyhow::Result<()> {
    let mut street = PublicStreet::prepare(DESKBELLD).await?;
    street.meta.set_statuses(StatusPlan::immediate());
    street.shop.start().await?;
    street.shop.rpc("begin_setup", json!({})).await?;
    let again = async |street: &mut PublicStreet, page: &str| {
        street.shop.kill().await?;
        street.shop.start().await?;
        let setup = street.shop.rpc("setup", json!({})).await?;
        assert_eq!(
            (&setup["begun"], &setup["page"]),
            (&json!(true), &json!(page)),
            "{setup}"
        );
        anyhow::Ok(setup)
    };
    again(&mut street, "intro").await?;
    street
        .shop
        .rpc("setup_page", json!({"page": "credentials"}))
        .await?;
    again(&mut street, "credentials").await?;
    let later = street
        .shop
        .refused("setup_page", json!({"page": "connect"}))
        .await?;
    plain(text(&later, "message")?)?;

    street.shop.rpc("setup_credentials", credentials(&street)).await?;
    let setup = again(&mut street, "number").await?;
    assert_eq!(setup["secrets"][0]["set"], true, "{setup}");
    let found = &setup["accounts"][0]["numbers"][0]["number_id"];
    assert_eq!(*found, street.number.phone_number_id, "{setup}");

    street.shop.rpc("setup_number", number(&street)).await?;
    let setup = again(&mut street, "tunnel").await?;
    assert_eq!(setup["number"]["number_id"], street.number.phone_number_id);

    street.tunnel("online", PATIENCE).await?;
    street.shop.rpc("connect_setup", json!({})).await?;
    // In the middle of the chain: it goes on by itself, without anybody asking.
    again(&mut street, "connect").await?;
    seen(&street, "the chain done", all_done).await?;

    street.shop.rpc("setup_page", json!({"page": "hello"})).await?;
    street.hear(&customer(1), "hi").await?;
    let setup = again(&mut street, "hello").await?;
    ensure!(is_heard(&setup), "{setup}");
    street.shop.rpc("test_reply", json!({})).await?;
    seen(&street, "the reply delivered", is_delivered).await?;
    street.shop.rpc("setup_page", json!({"page": "mode"})).await?;
    let setup = again(&mut street, "mode").await?;
    ensure!(is_heard(&setup) && is_delivered(&setup), "{setup}");
    street.shop.rpc("finish_setup", json!({"mode": "off"})).await?;
    street.shop.kill().await?;
    street.shop.start().await?;
    let setup = street.shop.rpc("setup", json!({})).await?;
    assert_eq!(setup["begun"], false, "{setup}");
    assert_eq!(street.meta.sends().len(), 1);
    assert_eq!(street.shop.export().await?.of("channel").len(), 1);
    Ok(())
}

#[tokio::test]
async fn each_wrong_credential_is_named_by_itself_and_nothing_is_connected() -> anyhow::Result<()> {
    let mut street = PublicStreet::prepare(DESKBELLD).await?;
    street.shop.start().await?;
    street.shop.rpc("begin_setup", json!({})).await?;
    let (token, secret) = (
        street.number.access_token.clone(),
        street.number.app_secret.clone(),
    );
    let cases = [
        (
            json!({"access_token": "EAAnobodys", "app_secret": secret}),
            "access_token",
        ),
        (
            json!({"access_token": token, "app_secret": "0123456789abcdef0123456789abcdef"}),
            "app_secret",
        ),
        (
            json!({"access_token": token, "app_secret": secret, "app_id": "1234567890"}),
            "app_id",
        ),
    ];
    let mut sentences = Vec::new();
    for (entered, wrong) in cases {
        let setup = street.shop.rpc("setup_credentials", entered).await?;
        let proofs = setup["proofs"].as_array().context("no proofs")?;
        let failed: Vec<&Value> = proofs.iter().filter(|proof| proof["state"] == "failed").collect();
        let [only] = failed.as_slice() else {
            anyhow::bail!("not one that is wrong: {proofs:?}");
        };
        assert_eq!(only["field"], wrong, "{proofs:?}");
        let sentence = text(only, "words")?.to_owned();
        plain(&sentence)?;
        sentences.push(sentence);
        let refused = street.shop.refused("setup_number", number(&street)).await?;
        plain(text(&refused, "message")?)?;
    }
    sentences.sort();
    sentences.dedup();
    assert_eq!(sentences.len(), 3, "{sentences:?}");
    let right = json!({"access_token": token, "app_secret": secret, "app_id": ""});
    let setup = street.shop.rpc("setup_credentials", right).await?;
    assert_eq!(setup["page"], "number", "{setup}");
    ensure!(
        street.changes_at_meta().is_empty(),
        "something was changed at Meta"
    );
    assert_eq!(street.shop.export().await?.of("channel").len(), 0);
    Ok(())
}

#[tokio::test]
async fn a_number_is_registered_with_its_pin_only_after_the_owner_said_yes() -> anyhow::Result<()> {
    let mut street = PublicStreet::prepare(DESKBELLD).await?;
    let id = street.number.phone_number_id.clone();
    let standing = Standing {
        pin: Some("246810".to_owned()),
        ..Standing::unregistered()
    };
    street.meta.set_standing(&id, standing);
    street.shop.start().await?;
    street.shop.rpc("begin_setup", json!({})).await?;
    street.shop.rpc("setup_credentials", credentials(&street)).await?;
    let chosen = street.shop.rpc("setup_number", number(&street)).await?;
    assert_eq!(chosen["page"], "number", "{chosen}");
    assert_eq!(
        (
            &chosen["number"]["ready"],
            &chosen["number"]["needs_registration"]
        ),
        (&json!(false), &json!(true))
    );
    for (field, args) in [
        ("confirmed", json!({"pin": "246810", "confirmed": false})),
        ("pin", json!({"pin": "24681", "confirmed": true})),
        ("pin", json!({"pin": "135791", "confirmed": true})),
    ] {
        let refused = street.shop.refused("register_number", args).await?;
        assert_eq!(refused["field"], field, "{refused}");
        plain(text(&refused, "message")?)?;
        ensure!(!street.meta.standing(&id).registered);
    }
    street
        .shop
        .rpc("register_number", json!({"pin": "246810", "confirmed": true}))
        .await?;
    ensure!(street.meta.standing(&id).registered);
    let chosen = street.shop.rpc("setup_number", number(&street)).await?;
    assert_eq!(chosen["page"], "tunnel", "{chosen}");
    // The PIN is kept nowhere.
    street.shop.kill().await?;
    for entry in std::fs::read_dir(street.shop.data_dir())? {
        let path = entry?.path();
        if path.is_file() {
            let bytes = std::fs::read(&path)?;
            let found = bytes.windows(6).any(|window| window == b"246810");
            ensure!(!found, "the PIN stands in {}", path.display());
        }
    }
    Ok(())
}
