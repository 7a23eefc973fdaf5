//! Keys are replaced without losing anybody's message, and forgotten without leaving anything behind.

use super::{plain, text};
use crate::DESKBELLD;
use acceptance::{PATIENCE, PublicStreet, customer, now};
use anyhow::{Context as _, ensure};
use serde_json::json;
use simulator::{App, Style, Token, webhook};
use vault::{Secret, SecretName, Vault};

const NEW_SECRET: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const NEW_TOKEN: &str = "EAAreplacement0001";
const PASSPHRASE: &str = "kiln clay wheel glaze";

/// Path of the number's webhooks.
fn path_of(address: &str) -> anyhow::Result<String> {
    let (_, rest) = address.split_once("://").context("no address")?;
    let (_, path) = rest.split_once('/').context("no path")?;
    Ok(format!("/{path}"))
}

/// Posts a customer's message signed with `secret` to the public name, and returns the status.
async fn post(street: &PublicStreet, address: &str, secret: &str, words: &str) -> anyhow::Result<u16> {
    let person = customer(1);
    let change = webhook::text(&street.number, &person, &webhook::new_wamid(), now(), words);
    let body = Style::Escaped.encode(&webhook::envelope(vec![change]));
    let signature = webhook::sign(secret, &body);
    let answer = street
        .visitor()?
        .post(address)
        .header("x-hub-signature-256", signature)
        .header("content-type", "application/json")
        .body(body)
        .send()
        .await?;
    Ok(answer.status().as_u16())
}

#[tokio::test]
async fn after_an_exchange_webhooks_signed_with_the_old_and_with_the_new_secret_are_taken()
-> anyhow::Result<()> {
    let (mut street, channel) = PublicStreet::open(DESKBELLD).await?;
    let old = street.number.app_secret.clone();
    let shown = street.connection(&channel).await?;
    let address = text(&shown, "callback_url")?.to_owned();
    assert_eq!(shown["former_secret_until"], json!(null));
    let of = |field: &str, value: &str| json!({"channel_id": channel, field: value});

    // What is wrong is named, and nothing has changed.
    for (field, wrong) in [
        ("app_secret", "ffffffffffffffffffffffffffffffff"),
        ("access_token", "EAAnobodys"),
    ] {
        let refused = street.shop.refused("replace_keys", of(field, wrong)).await?;
        assert_eq!(refused["field"], field, "{refused}");
        plain(text(&refused, "message")?)?;
        street
            .hear(&customer(1), &format!("after a wrong {field}"))
            .await?;
    }
    let empty = street
        .shop
        .refused("replace_keys", json!({"channel_id": channel}))
        .await?;
    plain(text(&empty, "message")?)?;

    // Webhooks that Meta signed before are still under way.
    let app = street
        .meta
        .app_id(&street.number.phone_number_id)
        .context("no app")?;
    street.meta.add_app(App::new(&app, "Simulated app", NEW_SECRET));
    let shown = street
        .shop
        .rpc("replace_keys", of("app_secret", NEW_SECRET))
        .await?;
    ensure!(shown["former_secret_until"].is_string(), "{shown}");
    ensure!(!shown.to_string().contains(NEW_SECRET), "the secret is shown");
    let last4 = shown["secrets"]
        .as_array()
        .and_then(|secrets| secrets.iter().find(|secret| secret["field"] == "app_secret"))
        .map(|secret| secret["last4"].clone());
    assert_eq!(last4, Some(json!("e1f0")), "{shown}");
    for restart in [false, true] {
        if restart {
            street.shop.kill().await?;
            street.shop.start().await?;
            street.tunnel("online", PATIENCE).await?;
        }
        assert_eq!(
            post(&street, &address, &old, &format!("old {restart}")).await?,
            200
        );
        assert_eq!(
            post(&street, &address, NEW_SECRET, &format!("new {restart}")).await?,
            200
        );
        assert_eq!(post(&street, &address, "neither", "forged").await?, 401);
        street
            .hear(&customer(2), &format!("by Meta itself, {restart}"))
            .await?;
    }
    let records = street.shop.export().await?;
    for words in ["old false", "new false", "old true", "new true"] {
        assert_eq!(records.saying(words).len(), 1, "{words}");
    }
    assert_eq!(records.saying("forged").len(), 0);

    // The token alone: what is sent from now on carries it.
    street
        .meta
        .add_token(Token::new(NEW_TOKEN, &[&street.number.waba_id]));
    street
        .shop
        .rpc("replace_keys", of("access_token", NEW_TOKEN))
        .await?;
    street
        .meta
        .add_token(Token::new(&street.number.access_token, &[]).withdrawn(460));
    let shown = street
        .shop
        .rpc("check_channel", json!({"channel_id": channel}))
        .await?;
    assert_eq!(shown["token"]["valid"], true, "{shown}");
    street.registered(&channel).await?;
    Ok(())
}

#[tokio::test]
async fn a_forgotten_number_leaves_no_secret_and_no_address_and_keeps_what_was_said() -> anyhow::Result<()> {
    let mut street = PublicStreet::prepare(DESKBELLD).await?;
    street.shop.set_env("DESKBELL_VAULT_PASSPHRASE", PASSPHRASE);
    let channel = street.move_in().await?;
    let shown = street.registered(&channel).await?;
    let address = text(&shown, "callback_url")?.to_owned();
    let wamid = street.hear(&customer(1), "keep this").await?;
    let app = street
        .meta
        .app_id(&street.number.phone_number_id)
        .context("no app")?;
    street.meta.add_app(App::new(&app, "Simulated app", NEW_SECRET));
    let exchange = json!({"channel_id": channel, "app_secret": NEW_SECRET});
    street.shop.rpc("replace_keys", exchange).await?;

    let sealed = street.shop.data_dir().join(vault::SEALED_FILE);
    let fields = ["access_token", "app_secret", "verify_token", "former_app_secret"];
    let kept = async |what: &str| {
        let vault = Vault::sealed_file(sealed.clone(), Secret::new(PASSPHRASE)).await?;
        let mut kept = Vec::new();
        for field in fields {
            if vault
                .get(&SecretName::new(channel.as_str(), field))
                .await?
                .is_some()
            {
                kept.push(field);
            }
        }
        println!("{what}: {kept:?}");
        anyhow::Ok(kept)
    };
    assert_eq!(kept("before").await?, fields);
    street
        .shop
        .rpc("forget_channel", json!({"channel_id": channel}))
        .await?;
    assert_eq!(kept("after").await?, Vec::<&str>::new());

    let visitor = street.visitor()?;
    for method in [reqwest::Method::GET, reqwest::Method::POST] {
        let answer = visitor.request(method.clone(), &address).send().await?;
        assert_eq!(answer.status().as_u16(), 404, "{method}");
    }
    assert_eq!(post(&street, &address, NEW_SECRET, "too late").await?, 404);
    assert_eq!(
        street.meta.callbacks(&street.number.phone_number_id)[0],
        None,
        "Meta goes on calling"
    );
    let channels = street.shop.rpc("list_channels", json!({})).await?;
    assert_eq!(channels["channels"], json!([]), "{channels}");
    let records = street.shop.export().await?;
    assert_eq!(records.message(&wamid)?["text"], "keep this");
    let path = path_of(&address)?;
    let health = street.shop.rpc("health", json!({})).await?;
    ensure!(!health.to_string().contains(&path), "{health}");
    let refused = street
        .shop
        .refused(
            "replace_keys",
            json!({"channel_id": channel, "access_token": NEW_TOKEN}),
        )
        .await?;
    plain(text(&refused, "message")?)?;
    // Also after a restart.
    street.shop.kill().await?;
    street.shop.start().await?;
    street.tunnel("online", PATIENCE).await?;
    assert_eq!(post(&street, &address, NEW_SECRET, "too late").await?, 404);
    assert_eq!(street.shop.export().await?.of("message").len(), 1);
    Ok(())
}
