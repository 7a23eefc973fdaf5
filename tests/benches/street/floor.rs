//! The least a correct receiver does: read, check the signature, forget.

use acceptance::PATIENCE;
use anyhow::Context as _;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Names the secret for the floor's own process.
const SECRET: &str = "FLOOR_SECRET";

/// The floor in a process of its own; ends when dropped.
#[derive(Debug)]
pub(crate) struct Floor {
    /// Where it listens.
    pub(crate) address: String,
    _child: Child,
}

impl Floor {
    pub(crate) async fn start(secret: &str) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("--floor")
            .env(SECRET, secret)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("no standard output")?).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line()).await??;
        Ok(Self {
            address: line.context("the floor did not start")?,
            _child: child,
        })
    }
}

/// Runs in the floor's own process until it is killed.
pub(crate) async fn serve() -> anyhow::Result<()> {
    let secret = std::env::var(SECRET)?;
    let check = move |headers: HeaderMap, body: Bytes| {
        let genuine = is_genuine(&secret, &headers, &body);
        async move {
            if genuine.is_some() {
                StatusCode::OK
            } else {
                StatusCode::UNAUTHORIZED
            }
        }
    };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("{}", listener.local_addr()?);
    let router = axum::Router::new().route("/hooks/floor", axum::routing::post(check));
    Ok(axum::serve(listener, router).await?)
}

fn is_genuine(secret: &str, headers: &HeaderMap, body: &[u8]) -> Option<()> {
    let digits = headers
        .get("x-hub-signature-256")?
        .to_str()
        .ok()?
        .strip_prefix("sha256=")?;
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.chain_update(body)
        .verify_slice(&hex::decode(digits).ok()?)
        .ok()
}
