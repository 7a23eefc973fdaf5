//! What is meant for whoever helps, and what stands on the health page, gives nobody away.

use crate::DESKBELLD;
use acceptance::{PATIENCE, PublicStreet, Shop, until};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use simulator::{Customer, Fault, GraphError, Rule, Style, webhook};

const ACCESS_TOKEN: &str = "EAAcanaryACCESStoken9876543210";
const APP_SECRET: &str = "canaryappsecret9876543210abcdef01";
const VERIFY_TOKEN: &str = "canary-verify-token-9876543210";
const NAME: &str = "Wilhelmina Canary";
const DIGITS: &str = "491555098765";
const WORDS: &str = "My canary has eaten the receipt";
const ANSWER: &str = "Poor canary, here is another";

/// An error in which the provider repeats all it knows.
fn telling(code: i64) -> GraphError {
    GraphError {
        title: format!("({NAME}) {ACCESS_TOKEN} of +{DIGITS}"),
        ..GraphError::of(code).details(format!("{APP_SECRET} {VERIFY_TOKEN} {WORDS} {DIGITS}"))
    }
}

#[tokio::test]
async fn diagnostics_and_health_hold_no_secret_no_address_and_nothing_of_customers() -> anyhow::Result<()> {
    let mut street = PublicStreet::prepare(DESKBELLD).await?;
    ACCESS_TOKEN.clone_into(&mut street.number.access_token);
    APP_SECRET.clone_into(&mut street.number.app_secret);
    street.meta.add_number(street.number.clone());
    let mut config = Shop::config(&street.number, street.meta.graph_url());
    config["secrets"]["verify_token"] = json!(VERIFY_TOKEN);
    config["name"] = json!(format!("The shop of {NAME}"));
    let (channel, path) = street.shop.add_channel(&config).await?;
    street.shop.start().await?;
    street.registered(&channel).await?;
    let person = Customer::phone(NAME, DIGITS).with_user_id("DE.9876543210");
    street.hear(&person, WORDS).await?;
    let records = street.shop.export().await?;
    let conversation = records.of("conversation")[0]["id"].clone();

    // Everything goes wrong at once, and the providers say so with all they know.
    let authtoken = street.edge.token();
    let name = street.edge.dev_domain(&authtoken);
    street
        .meta
        .fault(Rule::from(Fault::Graph(telling(131_042))).always());
    let args = json!({"conversation_id": conversation, "text": ANSWER});
    let sent = street.shop.rpc("send_text", args).await?;
    until("the send refused", PATIENCE, async || {
        let channels = street.shop.rpc("list_channels", json!({})).await?;
        Ok(channels["channels"][0]["hold"].is_object().then_some(()))
    })
    .await?;
    street
        .shop
        .rpc("discard", json!({"message_id": sent["message_id"]}))
        .await?;
    street
        .meta
        .fault(Rule::from(Fault::Graph(telling(100))).on_management().always());
    let of_channel = json!({"channel_id": channel});
    street.shop.rpc("register_webhook", of_channel.clone()).await?;
    street.shop.rpc("check_channel", of_channel.clone()).await?;
    let stranger = acceptance::number(9);
    let change = webhook::text(
        &stranger,
        &person,
        &webhook::new_wamid(),
        acceptance::now(),
        WORDS,
    );
    let body = Style::Escaped.encode(&webhook::envelope(vec![change]));
    assert_eq!(street.shop.post(&path, APP_SECRET, &body).await?, 200);
    assert_eq!(street.shop.post(&path, "forged", &body).await?, 401);
    street.shop.settled().await?;
    street.edge.reject_auth(
        "ERR_NGROK_107",
        &format!("{authtoken} of {NAME} is no good for {name}"),
    );
    street.shop.rpc("retry_tunnel", json!({})).await?;
    street.tunnel("stopped", PATIENCE).await?;

    let health = street.shop.rpc("health", json!({})).await?;
    assert_eq!(health["level"], "bad", "{health}");
    let diagnostics = street.shop.rpc("diagnostics", json!({})).await?;
    let file = diagnostics["text"].as_str().context("no text")?;
    ensure!(file.len() > 500 && file.contains("131042"), "of no use: {file}");
    let path = path.trim_start_matches('/');
    let secret_path = path.rsplit('/').next().unwrap_or(path);
    let own_name = format!("The shop of {NAME}");
    // The owner's own name of a number may stand on the owner's own page.
    let page = health.to_string().replace(&own_name, "");
    let log = std::fs::read_to_string(street.shop.log_file())?;
    for (what, shown) in [
        ("the health page", page.as_str()),
        ("the diagnostics", file),
        (
            "the name of the file",
            diagnostics["file_name"].as_str().unwrap_or_default(),
        ),
    ] {
        for planted in [
            NAME,
            "Wilhelmina",
            DIGITS,
            "98765",
            "DE.9876543210",
            WORDS,
            ANSWER,
        ] {
            ensure!(!shown.contains(planted), "{what} shows {planted}: {shown}");
        }
        secrets_hidden(what, shown, &authtoken, secret_path)?;
    }
    ensure!(
        !file.contains(&name),
        "the diagnostics name the owner's computer: {file}"
    );
    for command in ["connection", "tunnel", "vault", "setup", "away"] {
        let args = if command == "connection" {
            of_channel.clone()
        } else {
            json!({})
        };
        let mut shown = street.shop.rpc(command, args).await?;
        // The address is for those who ask for it.
        if let Some(shown) = shown.as_object_mut() {
            shown.remove("callback_url");
            shown.remove("app_callback");
        }
        let shown = Value::to_string(&shown);
        secrets_hidden(command, &shown, &authtoken, secret_path)?;
        ensure!(!shown.contains(WORDS), "{command}: {shown}");
    }
    secrets_hidden("the log", &log, &authtoken, secret_path)
}

fn secrets_hidden(what: &str, shown: &str, authtoken: &str, path: &str) -> anyhow::Result<()> {
    for secret in [ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN, authtoken, path] {
        ensure!(!shown.contains(secret), "{what} shows {secret}: {shown}");
    }
    Ok(())
}
