//! Five secrets go through a whole day at the shop, and appear nowhere.

use crate::DESKBELLD;
use acceptance::{PATIENCE, Shop, Street, customer, now, number, until};
use anyhow::{Context as _, ensure};
use base64::Engine as _;
use serde_json::{Value, json};
use simulator::{Fault, GraphError, Rule, StatusPlan, webhook};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::task::JoinSet;

const ACCESS_TOKEN: &str = "EAAcanaryACCESStoken0123456789abcdef";
const APP_SECRET: &str = "canaryappsecret0123456789abcdef01";
const VERIFY_TOKEN: &str = "canary-verify-token-0123456789";
const PASSPHRASE: &str = "canary passphrase correct horse 0123";

/// Everything that left the process or lies on its disk, with where it was seen.
#[derive(Debug, Default)]
struct Seen(Vec<(String, Vec<u8>)>);

impl Seen {
    fn add(&mut self, place: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.push((place.into(), bytes.into()));
    }

    fn add_files(&mut self, folder: &Path) -> anyhow::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                self.add_files(&path)?;
            } else {
                self.add(path.display().to_string(), std::fs::read(&path)?);
            }
        }
        Ok(())
    }

    /// Fails when a secret is in anything, as it is or in a usual disguise.
    fn must_not_show(&self, secrets: &[(&str, &str)]) -> anyhow::Result<()> {
        for (name, secret) in secrets {
            let forms = [
                (*secret).to_owned(),
                hex::encode(secret),
                base64::engine::general_purpose::STANDARD_NO_PAD.encode(secret),
                secret.replace(' ', "+"),
                secret.replace(' ', "%20"),
            ];
            for (place, bytes) in &self.0 {
                for form in &forms {
                    let found = bytes.windows(form.len()).any(|window| window == form.as_bytes());
                    ensure!(!found, "the {name} stands in {place}");
                }
            }
        }
        Ok(())
    }
}

/// An error in which the provider quotes what it was sent.
fn quoting(code: i64) -> GraphError {
    GraphError {
        title: format!("Malformed access token {ACCESS_TOKEN}"),
        ..GraphError::of(code).details(format!("of the app with the secret {APP_SECRET}"))
    }
}

#[tokio::test]
async fn no_secret_appears_in_files_logs_answers_events_exports_or_the_process_list() -> anyhow::Result<()> {
    let mut seen = Seen::default();
    let mut shop = Shop::new(DESKBELLD)?;
    shop.set_env("DESKBELL_VAULT_PASSPHRASE", PASSPHRASE);
    shop.set_env("RUST_LOG", "debug");
    let mut canary = number(1);
    canary.access_token = ACCESS_TOKEN.to_owned();
    canary.app_secret = APP_SECRET.to_owned();
    canary.proof_required = true;

    // Configurations that are refused must not repeat what was in them.
    let good = Shop::config(&canary, "http://127.0.0.1:9");
    let mut broken: Vec<String> = vec![good.to_string().replacen('{', "{{", 1)];
    for (key, value) in [
        ("kind", json!("telegram")),
        ("graph_url", json!(format!("ftp://{ACCESS_TOKEN}"))),
        ("secrets", json!({"access_token": 7, "app_secret": APP_SECRET})),
        (
            "secrets",
            json!({"access_token": format!("{ACCESS_TOKEN}\n"), "app_secret": format!("a\u{7}{APP_SECRET}")}),
        ),
        ("webhook_path", json!("/nowhere")),
    ] {
        let mut config = good.clone();
        config["secrets"]["verify_token"] = json!(VERIFY_TOKEN);
        config[key] = value;
        broken.push(config.to_string());
    }
    let add = ["channel", "add", "DATA", "--vault", "file", "--config", "-"];
    for config in &broken {
        let refused = shop.run_with_input(&add, config).await?;
        ensure!(refused.code == Some(1), "{refused:?}");
        seen.add("a refused channel add", refused.out + &refused.err);
    }

    let meta = simulator::Meta::start().await?;
    meta.add_number(canary.clone());
    let mut config = Shop::config(&canary, meta.graph_url());
    config["secrets"]["verify_token"] = json!(VERIFY_TOKEN);
    let added = shop.run_with_input(&add, &config.to_string()).await?;
    ensure!(added.code == Some(0), "{added:?}");
    let line: Value = serde_json::from_str(&added.out)?;
    seen.add("channel add", added.out.clone() + &added.err);
    shop.start().await?;
    let mut street = Street {
        meta,
        shop,
        number: canary,
        channel_id: line["channel_id"].as_str().context("no id")?.to_owned(),
        path: line["webhook_path"].as_str().context("no path")?.to_owned(),
    };
    let api_token = street.shop.api_token()?.to_owned();
    let events = Arc::new(Mutex::new(Vec::new()));
    let mut listeners = JoinSet::new();
    listeners.spawn(listen(
        street.shop.client().clone(),
        events_request(&street)?,
        Arc::clone(&events),
    ));

    a_day(&street, &mut seen).await?;
    until("the day on the stream of changes", PATIENCE, async || {
        let events = events.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(String::from_utf8_lossy(&events)
            .contains("\"message\"")
            .then_some(()))
    })
    .await?;
    let process = format!("/proc/{}/cmdline", street.shop.pid()?);
    seen.add(process.clone(), std::fs::read(&process)?);
    for args in [
        &["export", "DATA"][..],
        &["export", "DATA", "--format", "csv"],
        &["export", "DATA", "--format", "html"],
        &["export", "DATA", "--format", "txt"],
        &["journal", "DATA"],
        &["journal", "DATA", "--list"],
        &["channel", "check", &street.channel_id, "DATA", "--vault", "file"],
    ] {
        let finished = street.shop.run(args).await?;
        ensure!(finished.code == Some(0), "{args:?}: {finished:?}");
        seen.add(format!("{args:?}"), finished.out + &finished.err);
    }
    // Once while it runs, with the write-ahead log, and once after an end without farewell.
    seen.add_files(&street.shop.data_dir())?;
    street.shop.kill().await?;
    listeners.shutdown().await;
    seen.add(
        "events",
        events.lock().unwrap_or_else(PoisonError::into_inner).clone(),
    );
    seen.add("the log", std::fs::read(street.shop.log_file())?);
    seen.add_files(&street.shop.data_dir())?;
    let log = String::from_utf8(std::fs::read(street.shop.log_file())?)?;
    ensure!(log.contains("DEBUG"), "the log is not one for debugging");
    ensure!(
        seen.0.iter().any(|(place, _)| place.ends_with("-wal")),
        "no write-ahead log was seen"
    );

    let secrets = [
        ("access token", ACCESS_TOKEN),
        ("app secret", APP_SECRET),
        ("verify token", VERIFY_TOKEN),
        ("passphrase", PASSPHRASE),
        ("api token", &api_token),
    ];
    seen.must_not_show(&secrets)?;
    // The search itself can find something.
    seen.add("a planted leak", hex::encode(VERIFY_TOKEN));
    ensure!(
        seen.must_not_show(&secrets).is_err(),
        "the search finds nothing at all"
    );
    Ok(())
}

fn events_request(street: &Street) -> anyhow::Result<(String, String)> {
    let url = format!("{}/events", street.shop.api_url()?);
    Ok((url, street.shop.api_token()?.to_owned()))
}

/// Writes down everything the stream of changes says, until it ends.
async fn listen(client: reqwest::Client, (url, token): (String, String), into: Arc<Mutex<Vec<u8>>>) {
    let Ok(mut answer) = client.get(url).bearer_auth(token).send().await else {
        return;
    };
    while let Ok(Some(part)) = answer.chunk().await {
        into.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(&part);
    }
}

/// Messages, replies, faults and misuse; every answer is looked at.
async fn a_day(street: &Street, seen: &mut Seen) -> anyhow::Result<()> {
    let hook = street.shop.hook(&street.path)?;
    street
        .meta
        .subscribe(&street.number.phone_number_id, &hook, VERIFY_TOKEN)
        .await?;
    // The visit itself echoes a challenge only.
    let visit = format!("{hook}?hub.mode=subscribe&hub.challenge=<b>&hub.verify_token={VERIFY_TOKEN}");
    seen.add(
        "a visit",
        street.shop.client().get(visit).send().await?.text().await?,
    );
    let wrong = format!("{hook}?hub.mode=subscribe&hub.challenge=1&hub.verify_token={VERIFY_TOKEN}x");
    seen.add(
        "a wrong visit",
        street.shop.client().get(wrong).send().await?.text().await?,
    );
    let forged = [("x-hub-signature-256", "sha256=00")];
    ensure!(street.shop.post_with(&street.path, &forged, b"{}").await? == 401);
    ensure!(street.shop.post(&street.path, APP_SECRET, b"no json").await? == 400);
    street
        .post(vec![webhook::text(
            &number(9),
            &customer(9),
            "wamid.X",
            now(),
            "unknown number",
        )])
        .await?;

    street.meta.set_statuses(StatusPlan::immediate());
    let faults: [(&str, Rule); 9] = [
        ("failed", Rule::from(Fault::Graph(quoting(131_009)))),
        ("read", Rule::from(Fault::Late(std::time::Duration::ZERO))),
        ("unknown", Rule::from(Fault::Reset)),
        ("unknown", Rule::from(Fault::html(502))),
        ("failed", Rule::from(Fault::code(131_026))),
        ("failed", Rule::from(Fault::code(100))),
        ("read", Rule::from(Fault::code(131_000))),
        ("failed", Rule::from(Fault::code(131_047))),
        ("read", Rule::from(Fault::OkWithoutId)),
    ];
    let mut last = Value::Null;
    for (n, (status, rule)) in (0..).zip(faults) {
        let person = customer(n);
        let (_, conversation) = street.hear(&person, "Hello").await?;
        street.meta.fault(rule.to(person.address()));
        let message = street.say(&conversation, "An answer").await?;
        last = street
            .until_status(&conversation, &message, status, PATIENCE)
            .await?;
    }
    // The token dies.
    let mut withdrawn = street.number.clone();
    "another".clone_into(&mut withdrawn.access_token);
    street.meta.add_number(withdrawn);
    let (_, conversation) = street.hear(&customer(20), "And now?").await?;
    let quoted = Rule::from(Fault::Graph(quoting(190)));
    street.meta.fault(quoted.to(customer(20).address()));
    street.say(&conversation, "Held").await?;
    until("the channel held", PATIENCE, async || {
        let list = street.shop.rpc("list_channels", json!({})).await?;
        Ok((!list["channels"][0]["hold"].is_null()).then_some(()))
    })
    .await?;
    let id = &street.channel_id;
    let check = street
        .shop
        .run(&["channel", "check", id, "DATA", "--vault", "file"])
        .await?;
    ensure!(check.code == Some(1), "{check:?}");
    seen.add("a failed check", check.out + &check.err);
    for (command, args) in [
        ("app", json!({})),
        ("health", json!({})),
        ("list_channels", json!({})),
        ("list_conversations", json!({})),
        ("thread", json!({"conversation_id": conversation})),
        ("search", json!({"query": "canary"})),
        ("search", json!({"query": "answer"})),
        ("retry", json!({"message_id": last["id"]})),
        ("no_such_command", json!({})),
        ("send_text", json!({"conversation_id": 7})),
        ("resume_channel", json!({"channel_id": id})),
    ] {
        let (_, answer) = street.shop.call(command, args).await?;
        seen.add(format!("the answer to {command}"), answer.to_string());
    }
    street.meta.add_number(street.number.clone());
    street
        .shop
        .rpc("resume_channel", json!({"channel_id": id}))
        .await?;
    street
        .meta
        .wait_until(
            |sends| {
                sends
                    .iter()
                    .any(|send| send.text.as_deref() == Some("Held") && send.outcome.is_taken())
            },
            PATIENCE,
        )
        .await?;
    Ok(())
}
