//! Where webhooks go: subscribed apps, overrides with Meta's visit, callbacks of apps, and public names.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::common::{Inbox, NUMBER, SECRET, SOON, TOKEN, VERIFY, client, hmac_sha256, ines, meta, number};
use crate::management::{WABA, ask};
use anyhow::Context as _;
use serde_json::{Value, json};
use simulator::webhook::account;
use simulator::{App, Meta, Number, Token};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

const APPS: &str = "398000000000001/subscribed_apps";

async fn subscribe(meta: &Meta) -> anyhow::Result<()> {
    let (status, answer) = ask(meta, "POST", APPS, TOKEN, None).await?;
    anyhow::ensure!(status == 200 && answer == json!({ "success": true }), "{answer}");
    Ok(())
}

async fn override_number(meta: &Meta, url: &str, verify: &str) -> anyhow::Result<Value> {
    let body = json!({ "webhook_configuration": { "override_callback_uri": url, "verify_token": verify } });
    Ok(ask(meta, "POST", NUMBER, TOKEN, Some(body)).await?.1)
}

async fn override_account(meta: &Meta, url: &str) -> anyhow::Result<Value> {
    let body = json!({ "override_callback_uri": url, "verify_token": VERIFY });
    Ok(ask(meta, "POST", APPS, TOKEN, Some(body)).await?.1)
}

async fn set_callback(meta: &Meta, url: &str, fields: &str) -> anyhow::Result<Value> {
    let app = meta.app_id(NUMBER).context("an app")?;
    let query = [
        ("object", "whatsapp_business_account"),
        ("callback_url", url),
        ("verify_token", VERIFY),
        ("fields", fields),
        ("access_token", &format!("{app}|{SECRET}")),
    ];
    let url = format!("{}/v25.0/{app}/subscriptions", meta.graph_url());
    Ok(client(SOON)?.post(url).query(&query).send().await?.json().await?)
}

async fn configuration(meta: &Meta) -> anyhow::Result<Value> {
    let path = format!("{NUMBER}?fields=webhook_configuration");
    let (_, node) = ask(meta, "GET", &path, TOKEN, None).await?;
    node.get("webhook_configuration").cloned().context("the field")
}

fn code(answer: &Value) -> Option<i64> {
    answer.pointer("/error/code").and_then(Value::as_i64)
}

#[tokio::test]
async fn an_override_needs_a_plain_subscription_first() -> anyhow::Result<()> {
    let meta = meta().await?;
    let inbox = Inbox::open().await?;
    for refused in [
        override_number(&meta, &inbox.url, VERIFY).await?,
        override_account(&meta, &inbox.url).await?,
    ] {
        let message = refused["error"]["message"].as_str().unwrap_or_default();
        assert!(
            message
                .starts_with("(#100) Before override the current callback uri, your app must be subscribed"),
            "{message}"
        );
    }
    assert!(meta.verifications().is_empty(), "nobody was visited");
    subscribe(&meta).await?;
    assert_eq!(
        override_number(&meta, &inbox.url, VERIFY).await?,
        json!({ "success": true })
    );
    assert_eq!(configuration(&meta).await?, json!({ "phone_number": inbox.url }));
    Ok(())
}

#[tokio::test]
async fn meta_visits_the_address_before_it_believes_it() -> anyhow::Result<()> {
    let meta = meta().await?;
    subscribe(&meta).await?;
    let inbox = Inbox::open().await?;
    let refused = override_number(&meta, &inbox.url, "not the token").await?;
    assert_eq!(code(&refused), Some(2200));
    let message = refused["error"]["message"].as_str().unwrap_or_default();
    assert!(
        message.starts_with("(#2200) Callback verification failed"),
        "{message}"
    );
    assert_eq!(configuration(&meta).await?, json!({}), "nothing changed");

    // Takes connections and says nothing.
    let silent = TcpListener::bind(("127.0.0.1", 0)).await?;
    meta.set_verification_patience(Duration::from_millis(100));
    let url = format!("http://{}/", silent.local_addr()?);
    assert_eq!(code(&override_account(&meta, &url).await?), Some(2200));
    assert_eq!(code(&set_callback(&meta, &url, "messages").await?), Some(2200));

    meta.set_verification_patience(SOON);
    override_number(&meta, &inbox.url, VERIFY).await?;
    let visits: Vec<(String, bool)> = meta
        .verifications()
        .into_iter()
        .map(|visit| (visit.url, visit.failed.is_none()))
        .collect();
    let expected = [
        (inbox.url.clone(), false),
        (url.clone(), false),
        (url, false),
        (inbox.url.clone(), true),
    ];
    assert_eq!(visits, expected);
    Ok(())
}

#[tokio::test]
async fn addresses_that_are_too_long_or_not_https_are_refused_unseen() -> anyhow::Result<()> {
    let meta = meta().await?;
    subscribe(&meta).await?;
    let inbox = Inbox::open().await?;
    let long = format!("{}?{}", inbox.url, "a".repeat(200));
    for url in [long.as_str(), "http://shop.example/hook"] {
        assert_eq!(code(&override_number(&meta, url, VERIFY).await?), Some(100));
        assert_eq!(code(&override_account(&meta, url).await?), Some(100));
        assert_eq!(code(&set_callback(&meta, url, "messages").await?), Some(100));
    }
    assert_eq!(code(&override_number(&meta, &inbox.url, "").await?), Some(100));
    assert!(meta.verifications().is_empty());
    Ok(())
}

#[tokio::test]
async fn webhooks_go_to_the_number_then_the_account_then_the_app() -> anyhow::Result<()> {
    let meta = meta().await?;
    let (phone, waba, app) = (Inbox::open().await?, Inbox::open().await?, Inbox::open().await?);
    subscribe(&meta).await?;
    let say = async |text: &str| -> anyhow::Result<()> {
        meta.customer_writes(NUMBER, &ines(), text)?
            .1
            .acknowledged(SOON)
            .await?;
        Ok(())
    };
    set_callback(&meta, &app.url, "messages,account_update").await?;
    say("to the app").await?;
    override_account(&meta, &waba.url).await?;
    say("to the account").await?;
    override_number(&meta, &phone.url, VERIFY).await?;
    say("to the number").await?;
    assert_eq!(
        configuration(&meta).await?,
        json!({ "phone_number": phone.url, "whatsapp_business_account": waba.url, "application": app.url })
    );
    override_number(&meta, "", "").await?;
    say("to the account again").await?;
    subscribe(&meta).await?;
    say("to the app again").await?;
    let texts = |inbox: &Inbox| -> Vec<String> { inbox.messages().into_iter().map(|m| m.1).collect() };
    assert_eq!(texts(&phone), ["to the number"]);
    assert_eq!(texts(&waba), ["to the account", "to the account again"]);
    assert_eq!(texts(&app), ["to the app", "to the app again"]);
    let post = &phone.posts()[0];
    assert_eq!(
        post.signature,
        format!("sha256={}", hmac_sha256(SECRET, &post.body))
    );
    Ok(())
}

#[tokio::test]
async fn news_of_templates_and_the_account_ignore_overrides() -> anyhow::Result<()> {
    let meta = meta().await?;
    let (phone, app) = (Inbox::open().await?, Inbox::open().await?);
    subscribe(&meta).await?;
    override_number(&meta, &phone.url, VERIFY).await?;
    let lost = meta.notify(NUMBER, |number| account::review(number, "APPROVED"))?;
    set_callback(&meta, &app.url, "account_review_update,messages").await?;
    lost.acknowledged(SOON).await?;
    let mixed = vec![
        account::review(&number(), "REJECTED"),
        simulator::webhook::text(&number(), &ines(), "wamid.1", 1, "hello"),
    ];
    meta.deliver(NUMBER, mixed).acknowledged(SOON).await?;
    assert_eq!(phone.messages().len(), 1);
    let fields: Vec<Value> = app
        .posts()
        .iter()
        .filter_map(|post| post.json().ok())
        .map(|mut body| body["entry"][0]["changes"][0]["value"]["decision"].take())
        .collect();
    assert_eq!(fields, ["APPROVED", "REJECTED"]);
    assert_eq!(phone.posts().len(), 1);
    Ok(())
}

#[tokio::test]
async fn without_a_subscription_nothing_arrives() -> anyhow::Result<()> {
    let meta = meta().await?;
    let inbox = Inbox::open().await?;
    subscribe(&meta).await?;
    override_number(&meta, &inbox.url, VERIFY).await?;
    let (status, _) = ask(&meta, "DELETE", APPS, TOKEN, None).await?;
    assert_eq!((status, meta.is_subscribed(NUMBER)), (200, false));
    let (_, waiting) = meta.customer_writes(NUMBER, &ines(), "into the void")?;
    assert!(waiting.ended(Duration::from_millis(200)).await.is_err());
    assert!(inbox.messages().is_empty());
    subscribe(&meta).await?;
    waiting.acknowledged(SOON).await?;
    assert_eq!(inbox.messages().len(), 1);
    Ok(())
}

#[tokio::test]
async fn the_list_shows_every_app_with_its_override() -> anyhow::Result<()> {
    let meta = meta().await?;
    let inbox = Inbox::open().await?;
    let other = App::new("700", "Somebody's CRM", "other secret");
    meta.add_other_app(WABA, other, Some("https://crm.example/hook"));
    subscribe(&meta).await?;
    override_account(&meta, &inbox.url).await?;
    let (_, list) = ask(&meta, "GET", APPS, TOKEN, None).await?;
    let rows = list["data"].as_array().context("rows")?;
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["whatsapp_business_api_data"]["name"], "Somebody's CRM");
    assert_eq!(rows[0]["override_callback_uri"], "https://crm.example/hook");
    let own = &rows[1]["whatsapp_business_api_data"]["id"];
    assert_eq!(own.as_str(), meta.app_id(NUMBER).as_deref());
    assert_eq!(rows[1]["override_callback_uri"], inbox.url);
    subscribe(&meta).await?;
    let (_, list) = ask(&meta, "GET", APPS, TOKEN, None).await?;
    assert!(list["data"][1].get("override_callback_uri").is_none());
    Ok(())
}

#[tokio::test]
async fn an_app_has_one_callback_and_knows_its_fields() -> anyhow::Result<()> {
    let meta = meta().await?;
    let inbox = Inbox::open().await?;
    let app = meta.app_id(NUMBER).context("an app")?;
    let (path, token) = (format!("{app}/subscriptions"), format!("{app}|{SECRET}"));
    let unknown = set_callback(&meta, &inbox.url, "messages,horoscope").await?;
    assert_eq!(code(&unknown), Some(100));
    let message = unknown["error"]["message"].as_str().unwrap_or_default();
    assert!(
        message.contains("fields[1]") && message.contains("horoscope"),
        "{message}"
    );
    let (_, empty) = ask(&meta, "GET", &path, &token, None).await?;
    assert_eq!(empty, json!({ "data": [] }));
    assert_eq!(
        set_callback(&meta, &inbox.url, "messages,security").await?,
        json!({ "success": true })
    );
    let (_, list) = ask(&meta, "GET", &path, &token, None).await?;
    assert_eq!(
        list["data"],
        json!([{
            "object": "whatsapp_business_account", "callback_url": inbox.url, "active": true,
            "fields": [{ "name": "messages", "version": "v25.0" }, { "name": "security", "version": "v25.0" }],
        }])
    );
    let (_, refused) = ask(&meta, "GET", &path, TOKEN, None).await?;
    assert_eq!(code(&refused), Some(15), "a user's token is not enough");
    let gone = format!("{path}?object=whatsapp_business_account");
    ask(&meta, "DELETE", &gone, &token, None).await?;
    assert_eq!(ask(&meta, "GET", &path, &token, None).await?.1, empty);
    Ok(())
}

#[tokio::test]
async fn a_new_secret_signs_from_the_next_webhook_on_and_the_app_stays_the_same() -> anyhow::Result<()> {
    let meta = meta().await?;
    let inbox = Inbox::open().await?;
    subscribe(&meta).await?;
    override_number(&meta, &inbox.url, VERIFY).await?;
    let app = meta.app_id(NUMBER);
    let renewed = Number {
        access_token: "a new token".to_owned(),
        app_secret: "a new secret".to_owned(),
        ..number()
    };
    meta.add_number(renewed);
    assert_eq!(meta.app_id(NUMBER), app);
    meta.customer_writes(NUMBER, &ines(), "hello")?
        .1
        .acknowledged(SOON)
        .await?;
    let post = &inbox.posts()[0];
    let expected = hmac_sha256("a new secret", &post.body);
    assert_eq!(post.signature, format!("sha256={expected}"));
    assert_eq!(
        ask(&meta, "GET", NUMBER, TOKEN, None).await?.0,
        401,
        "the old token"
    );
    assert_eq!(ask(&meta, "GET", NUMBER, "a new token", None).await?.0, 200);
    Ok(())
}

#[tokio::test]
async fn another_app_that_takes_the_number_over_signs_with_its_own_secret() -> anyhow::Result<()> {
    let meta = meta().await?;
    let inbox = Inbox::open().await?;
    meta.add_app(App::new("700", "Another", "another secret"));
    meta.add_token(Token::new("of another", &[WABA]).of_app("700"));
    subscribe(&meta).await?;
    let body =
        json!({ "webhook_configuration": { "override_callback_uri": inbox.url, "verify_token": VERIFY } });
    let refused = ask(&meta, "POST", NUMBER, "of another", Some(body.clone())).await?;
    assert_eq!(code(&refused.1), Some(100), "it is not subscribed itself");
    ask(&meta, "POST", APPS, "of another", None).await?;
    ask(&meta, "POST", NUMBER, "of another", Some(body)).await?;
    meta.customer_writes(NUMBER, &ines(), "hello")?
        .1
        .acknowledged(SOON)
        .await?;
    let post = &inbox.posts()[0];
    let expected = hmac_sha256("another secret", &post.body);
    assert_eq!(post.signature, format!("sha256={expected}"));
    Ok(())
}

/// A door with TLS that believes to be a public name, and the certificate to trust for that.
struct PublicDoor {
    addr: std::net::SocketAddr,
    ca: String,
    names: Arc<Mutex<Vec<String>>>,
    _tasks: JoinSet<()>,
}

async fn public_door(name: &str, inbox_url: &str) -> anyhow::Result<PublicDoor> {
    let key = rcgen::generate_simple_self_signed(vec![name.to_owned()])?;
    let ca = key.cert.pem();
    let secret = rustls::pki_types::PrivateKeyDer::try_from(key.signing_key.serialize_der());
    let secret = secret.map_err(|error| anyhow::anyhow!("{error}"))?;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![key.cert.der().clone()], secret)?;
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let (addr, names) = (listener.local_addr()?, Arc::new(Mutex::new(Vec::new())));
    let behind = inbox_url
        .trim_start_matches("http://")
        .split('/')
        .next()
        .unwrap_or_default()
        .to_owned();
    let mut tasks = JoinSet::new();
    let seen = Arc::clone(&names);
    tasks.spawn(async move {
        let mut visitors = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, behind, seen) = (acceptor.clone(), behind.clone(), Arc::clone(&seen));
            visitors.spawn(async move {
                let Ok(mut outside) = acceptor.accept(stream).await else {
                    return;
                };
                let name = outside.get_ref().1.server_name().unwrap_or("none").to_owned();
                if let Ok(mut seen) = seen.lock() {
                    seen.push(name);
                }
                if let Ok(mut inside) = tokio::net::TcpStream::connect(behind).await {
                    let _ = tokio::io::copy_bidirectional(&mut outside, &mut inside).await;
                }
            });
        }
    });
    Ok(PublicDoor {
        addr,
        ca,
        names,
        _tasks: tasks,
    })
}

#[tokio::test]
async fn public_names_are_reached_through_the_given_address_under_their_own_name() -> anyhow::Result<()> {
    let meta = meta().await?;
    let inbox = Inbox::open().await?;
    let name = "larkfield.ngrok-free.app";
    let door = public_door(name, &inbox.url).await?;
    subscribe(&meta).await?;
    let url = format!("https://{name}/hooks/test");
    meta.reach_through(door.addr, &door.ca)?;
    assert_eq!(
        override_number(&meta, &url, VERIFY).await?,
        json!({ "success": true })
    );
    meta.customer_writes(NUMBER, &ines(), "through the tunnel")?
        .1
        .acknowledged(SOON)
        .await?;
    assert_eq!(inbox.messages().len(), 1);
    let names = door.names.lock().map(|names| names.clone()).unwrap_or_default();
    assert!(
        !names.is_empty() && names.iter().all(|seen| seen == name),
        "{names:?}"
    );

    let stranger = "https://other.ngrok-free.app/hooks/test";
    assert_eq!(code(&override_number(&meta, stranger, VERIFY).await?), Some(2200));
    assert_eq!(configuration(&meta).await?, json!({ "phone_number": url }));
    override_number(&meta, &inbox.url, VERIFY).await?;
    assert_eq!(configuration(&meta).await?, json!({ "phone_number": inbox.url }));
    assert!(meta.reach_through(door.addr, "no certificate").is_err());
    Ok(())
}
