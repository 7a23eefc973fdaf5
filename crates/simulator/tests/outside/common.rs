//! A receiver of webhooks, a sender of messages, and an HMAC of our own: the simulator is not asked about itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use bytes::Bytes;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use simulator::{Customer, Meta, Number};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Bound of every wait; reached only when something is broken.
pub(crate) const SOON: Duration = Duration::from_secs(10);
pub(crate) const NUMBER: &str = "512000000000001";
pub(crate) const TOKEN: &str = "token-of-the-test";
pub(crate) const SECRET: &str = "secret-of-the-test";
pub(crate) const VERIFY: &str = "verify me/please & thanks";

pub(crate) fn number() -> Number {
    Number::new(NUMBER, "398000000000001", "+447700900111", TOKEN, SECRET)
}

pub(crate) fn ines() -> Customer {
    Customer::phone("Inês 🦊", "447700900222").with_user_id("GB.70222000000000000001")
}

/// A Meta with one number.
pub(crate) async fn meta() -> anyhow::Result<Meta> {
    let meta = Meta::start().await?;
    meta.add_number(number());
    Ok(meta)
}

/// A Meta with one number that is subscribed to an inbox.
pub(crate) async fn connected() -> anyhow::Result<(Meta, Inbox)> {
    let meta = meta().await?;
    let inbox = Inbox::open().await?;
    meta.subscribe(NUMBER, &inbox.url, VERIFY).await?;
    Ok((meta, inbox))
}

#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub(crate) signature: String,
    pub(crate) body: Bytes,
}

impl Post {
    pub(crate) fn json(&self) -> anyhow::Result<Value> {
        Ok(serde_json::from_slice(&self.body)?)
    }
}

#[derive(Debug, Clone)]
struct Desk {
    posts: Arc<watch::Sender<Vec<Post>>>,
    refusals: Arc<Mutex<Vec<u16>>>,
    verify_token: String,
}

/// A webhook receiver that keeps everything.
#[derive(Debug)]
pub(crate) struct Inbox {
    pub(crate) url: String,
    desk: Desk,
    _server: JoinSet<()>,
}

impl Inbox {
    pub(crate) async fn open() -> anyhow::Result<Self> {
        Self::open_with(VERIFY).await
    }

    /// An inbox that knows this verify token.
    pub(crate) async fn open_with(verify_token: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}/hooks/test", listener.local_addr()?);
        let desk = Desk {
            posts: Arc::default(),
            refusals: Arc::default(),
            verify_token: verify_token.to_owned(),
        };
        let router = Router::new()
            .route("/hooks/test", get(verify).post(take))
            .layer(axum::extract::DefaultBodyLimit::max(8 << 20))
            .with_state(desk.clone());
        let mut server = JoinSet::new();
        server.spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            url,
            desk,
            _server: server,
        })
    }

    /// The next posts get these answers, the later ones 200.
    pub(crate) fn refuse(&self, statuses: &[u16]) {
        *self
            .desk
            .refusals
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = statuses.to_vec();
    }

    pub(crate) fn posts(&self) -> Vec<Post> {
        self.desk.posts.borrow().clone()
    }

    /// Waits until the posts look as wanted.
    pub(crate) async fn wait(&self, wanted: impl Fn(&[Post]) -> bool) -> anyhow::Result<Vec<Post>> {
        let mut posts = self.desk.posts.subscribe();
        let found = tokio::time::timeout(SOON, posts.wait_for(|posts| wanted(posts))).await;
        let found = found.context("the webhooks did not come as expected")??.clone();
        Ok(found)
    }

    /// All messages so far, as (sender, text, timestamp).
    pub(crate) fn messages(&self) -> Vec<(String, String, i64)> {
        messages_in(&self.posts())
    }

    /// Waits for a message with this text and returns its sender and timestamp.
    pub(crate) async fn message(&self, text: &str) -> anyhow::Result<(String, i64)> {
        let posts = self
            .wait(|posts| messages_in(posts).iter().any(|(_, said, _)| said == text))
            .await;
        let posts = posts.with_context(|| format!("nobody wrote: {text}"))?;
        let found = messages_in(&posts).into_iter().find(|(_, said, _)| said == text);
        found.map(|(from, _, at)| (from, at)).context("just seen")
    }
}

fn messages_in(posts: &[Post]) -> Vec<(String, String, i64)> {
    items(posts, "messages")
        .iter()
        .map(|message| {
            let text = |pointer: &str| {
                message
                    .pointer(pointer)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned()
            };
            let from = message
                .get("from")
                .map_or_else(|| text("/from_user_id"), |_| text("/from"));
            (
                from,
                text("/text/body"),
                text("/timestamp").parse().unwrap_or_default(),
            )
        })
        .collect()
}

/// Every element of `messages` or `statuses` in these posts.
pub(crate) fn items(posts: &[Post], key: &str) -> Vec<Value> {
    let mut found = Vec::new();
    for post in posts {
        let Ok(body) = post.json() else { continue };
        for entry in body.get("entry").and_then(Value::as_array).into_iter().flatten() {
            for change in entry
                .get("changes")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                let values = change.pointer(&format!("/value/{key}")).and_then(Value::as_array);
                found.extend(values.into_iter().flatten().cloned());
            }
        }
    }
    found
}

/// The words of all statuses in order of arrival.
pub(crate) fn words(posts: &[Post]) -> Vec<String> {
    items(posts, "statuses")
        .iter()
        .filter_map(|status| status.get("status").and_then(Value::as_str).map(str::to_owned))
        .collect()
}

async fn verify(
    State(desk): State<Desk>,
    Query(query): Query<HashMap<String, String>>,
) -> (StatusCode, String) {
    let is = |key: &str, value: &str| query.get(key).is_some_and(|given| given == value);
    if is("hub.mode", "subscribe") && is("hub.verify_token", &desk.verify_token) {
        (
            StatusCode::OK,
            query.get("hub.challenge").cloned().unwrap_or_default(),
        )
    } else {
        (StatusCode::FORBIDDEN, String::new())
    }
}

async fn take(State(desk): State<Desk>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers
        .get("x-hub-signature-256")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let post = Post {
        signature: signature.to_owned(),
        body,
    };
    let refusal = {
        let mut refusals = desk
            .refusals
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if refusals.is_empty() {
            None
        } else {
            Some(refusals.remove(0))
        }
    };
    desk.posts.send_modify(|posts| posts.push(post));
    refusal
        .and_then(|status| StatusCode::from_u16(status).ok())
        .unwrap_or(StatusCode::OK)
}

/// HMAC-SHA256 written out from RFC 2104, for keys of at most 64 bytes.
pub(crate) fn hmac_sha256(key: &str, message: &[u8]) -> String {
    let mut block = [0_u8; 64];
    for (slot, byte) in block.iter_mut().zip(key.bytes()) {
        *slot = byte;
    }
    let inner = Sha256::new()
        .chain_update(block.map(|byte| byte ^ 0x36))
        .chain_update(message)
        .finalize();
    let outer = Sha256::new()
        .chain_update(block.map(|byte| byte ^ 0x5c))
        .chain_update(inner)
        .finalize();
    hex::encode(outer)
}

pub(crate) fn client(timeout: Duration) -> anyhow::Result<reqwest::Client> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(reqwest::Client::builder().no_proxy().timeout(timeout).build()?)
}

pub(crate) fn text_to(address: &str, text: &str, reference: &str) -> Value {
    json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": address, "type": "text",
        "text": { "body": text }, "biz_opaque_callback_data": reference,
    })
}

pub(crate) fn messages_url(meta: &Meta) -> String {
    format!("{}/v25.0/{NUMBER}/messages", meta.graph_url())
}

/// Sends a body with the right token.
pub(crate) async fn post(meta: &Meta, body: &Value) -> anyhow::Result<reqwest::Response> {
    Ok(client(SOON)?
        .post(messages_url(meta))
        .bearer_auth(TOKEN)
        .json(body)
        .send()
        .await?)
}

/// Sends a body that must be accepted, and returns the id.
pub(crate) async fn accepted(meta: &Meta, body: &Value) -> anyhow::Result<String> {
    let answer = post(meta, body).await?;
    let status = answer.status();
    let answer: Value = answer.json().await?;
    ensure!(status == StatusCode::OK, "{status} {answer}");
    let id = answer
        .pointer("/messages/0/id")
        .and_then(Value::as_str)
        .context("an id")?;
    Ok(id.to_owned())
}
