//! An agent: ngrok's client as it is published, in front of a small shop.

use std::collections::HashMap;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Query};
use axum::routing::{get, post};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::HeaderMap;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use ngrok::EndpointConn;
use ngrok::config::{HttpTunnelBuilder, TunnelBuilder as _};
use ngrok::conn::ConnInfo as _;
use ngrok::session::{ConnectError, IoStream, RpcError, SessionBuilder, default_connect};
use ngrok::tunnel::{AcceptError, EndpointInfo as _, HttpTunnel};
use ngrok::{Error as _, Session};
use sha2::{Digest as _, Sha256};
use simulator::Edge;
use tokio::task::JoinSet;

use crate::common::SOON;

pub(super) const INBOX: &str = "inbox";

/// How an agent reaches the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Road {
    Port,
    Memory,
}

/// Both roads, each with an edge.
pub(super) async fn both() -> anyhow::Result<[(Road, Edge); 2]> {
    Ok([
        (Road::Port, Edge::start().await?),
        (Road::Memory, Edge::in_memory()),
    ])
}

/// A builder for a session that is never dialled a second time by the client itself.
pub(super) fn builder(edge: &Edge, road: Road, token: &str) -> anyhow::Result<SessionBuilder> {
    let mut builder = Session::builder();
    builder
        .authtoken(token)
        .client_info("Deskbell", "0.1.0", None::<String>);
    let dialled = edge.clone();
    match road {
        Road::Port => {
            builder
                .server_addr(edge.agent_server())?
                .ca_cert(edge.ca_pem().into());
            builder.connector(|host, port, config, error: Option<AcceptError>| async move {
                match error {
                    Some(_) => Err(ConnectError::Canceled),
                    None => default_connect(host, port, config, None).await,
                }
            });
        }
        Road::Memory => {
            builder.connector(move |_, _, _, error: Option<AcceptError>| {
                let edge = dialled.clone();
                async move {
                    match error {
                        Some(_) => Err(ConnectError::Canceled),
                        None => match edge.dial().await {
                            Ok(pipe) => Ok(Box::new(pipe) as Box<dyn IoStream>),
                            Err(error) => Err(ConnectError::Tcp(error)),
                        },
                    }
                }
            });
        }
    }
    Ok(builder)
}

pub(super) async fn session(edge: &Edge, road: Road, token: &str) -> anyhow::Result<Session> {
    Ok(tokio::time::timeout(SOON, builder(edge, road, token)?.connect()).await??)
}

/// A tunnel by this name, or by the one the edge gives.
pub(super) fn tunnel(session: &Session, domain: Option<&str>) -> HttpTunnelBuilder {
    let mut tunnel = session.http_endpoint();
    tunnel.forwards_to(INBOX).metadata("desk");
    if let Some(domain) = domain {
        tunnel.domain(domain);
    }
    tunnel
}

pub(super) async fn listen(session: &Session, domain: Option<&str>) -> Result<HttpTunnel, RpcError> {
    tunnel(session, domain).listen().await
}

/// The public name of a tunnel, without scheme.
pub(super) fn domain_of(tunnel: &HttpTunnel) -> String {
    tunnel.url().trim_start_matches("https://").to_owned()
}

/// The code of a refused tunnel; empty when it was not refused.
pub(super) fn refused(outcome: &Result<HttpTunnel, RpcError>) -> String {
    let code = outcome.as_ref().err().and_then(|error| error.error_code());
    code.unwrap_or_default().to_owned()
}

/// The code of a refused session; empty when it was not refused.
pub(super) async fn refused_session(edge: &Edge, token: &str) -> anyhow::Result<String> {
    let outcome = builder(edge, Road::Memory, token)?.connect().await;
    let code = outcome.as_ref().err().and_then(|error| error.error_code());
    Ok(code.unwrap_or_default().to_owned())
}

/// A shop behind a tunnel.
#[derive(Debug)]
pub(super) struct Shop {
    pub(super) domain: String,
    /// How the tunnel ended.
    pub(super) end: tokio::sync::oneshot::Receiver<Option<AcceptError>>,
    _tasks: JoinSet<()>,
}

/// Opens a tunnel under the name the edge gives and a shop behind it.
pub(super) async fn shop(session: &Session) -> anyhow::Result<Shop> {
    let mut tunnel = listen(session, None).await?;
    let domain = domain_of(&tunnel);
    let (told, end) = tokio::sync::oneshot::channel();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let mut visitors = JoinSet::new();
        let end = loop {
            match tunnel.next().await {
                Some(Ok(visitor)) => {
                    visitors.spawn(serve(visitor));
                }
                Some(Err(error)) => break Some(error),
                None => break None,
            }
        };
        let _ = told.send(end);
    });
    Ok(Shop {
        domain,
        end,
        _tasks: tasks,
    })
}

async fn serve(visitor: EndpointConn) {
    let from = visitor.remote_addr();
    let router = Router::new()
        .route("/hello", get(hello))
        .route("/digest", post(digest))
        .route("/hook", get(verify).post(async || ()))
        .layer(DefaultBodyLimit::max(8 << 20))
        .layer(axum::Extension(ConnectInfo(from)));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(visitor), TowerToHyperService::new(router))
        .await;
    drop(served);
}

/// Says what arrived.
async fn hello(headers: HeaderMap) -> String {
    let header = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    format!(
        "hello {} by {} from {}",
        header("host"),
        header("x-forwarded-proto"),
        header("x-forwarded-for")
    )
}

/// Answers Meta's verification as a door does that believes everybody.
async fn verify(Query(asked): Query<HashMap<String, String>>) -> String {
    asked.get("hub.challenge").cloned().unwrap_or_default()
}

/// Answers the digest of the body, and the body reversed.
async fn digest(body: Bytes) -> (HeaderMap, Vec<u8>) {
    let mut headers = HeaderMap::new();
    if let Ok(value) = hex::encode(Sha256::digest(&body)).parse() {
        headers.insert("x-digest", value);
    }
    (headers, body.iter().rev().copied().collect())
}

/// Waits for the end of a shop's tunnel.
pub(super) async fn end_of(shop: &mut Shop) -> anyhow::Result<Option<AcceptError>> {
    Ok(tokio::time::timeout(SOON, &mut shop.end).await??)
}

/// A heart that beats often, so that a test in real time would not take long either.
pub(super) const INTERVAL: Duration = Duration::from_secs(5);
pub(super) const TOLERANCE: Duration = Duration::from_secs(10);
