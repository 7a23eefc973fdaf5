//! The visitors' side: HTTPS for a public name is carried to the agent that has it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::body::Body;
use http::{HeaderMap, HeaderValue, Request, Response, Uri, header};
use hyper::client::conn::http1::{self as client, SendRequest};
use hyper::server::conn::http1 as server;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Mutex;

use super::agents::Session;
use super::pages::{self, Page};
use super::records::{self, Side, Visit};
use super::{Inner, binds, wire};

/// How long an agent may take to begin its answer.
const PATIENCE: Duration = Duration::from_mins(1);
/// Headers that speak of one connection only.
const HOP: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "upgrade",
];

/// A visitor's connection to one agent, kept for its next request.
struct Link {
    bind_id: String,
    session: u64,
    sender: SendRequest<Body>,
}

/// One visitor: where they come from and what they keep open.
pub(super) struct Visitor {
    pub(super) from: SocketAddr,
    /// The name of the TLS handshake, for requests that name no host.
    pub(super) name: String,
    link: Mutex<Option<Link>>,
}

impl Visitor {
    pub(super) fn new(from: SocketAddr, name: &str) -> Self {
        Self {
            from,
            name: name.to_owned(),
            link: Mutex::default(),
        }
    }
}

/// Where a request goes.
enum Way {
    Agent { bind_id: String, session: Session },
    Answered(Page),
}

/// Serves one visitor's connection.
pub(super) async fn serve<S>(edge: Arc<Inner>, visitor: Visitor, io: S)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let visitor = &visitor;
    let edge = &edge;
    let service = service_fn(move |request: Request<hyper::body::Incoming>| async move {
        Ok::<_, std::convert::Infallible>(visit(edge, visitor, request.map(Body::new)).await)
    });
    let connection = server::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(io), service);
    if let Some(Err(error)) = edge.stop.run_until_cancelled(connection).await {
        tracing::debug!(%error, "a visitor's connection ended");
    }
}

/// Answers one request of a visitor.
pub(super) async fn visit(edge: &Arc<Inner>, visitor: &Visitor, request: Request<Body>) -> Response<Body> {
    let domain = host_of(&request).unwrap_or_else(|| visitor.name.clone());
    let method = request.method().to_string();
    let path = path_of(&request);
    let (response, code) = match way(edge, &domain, &request) {
        Way::Answered(page) => (page.response(), Some(page.code)),
        Way::Agent { bind_id, session } => {
            let carried = carry(edge, visitor, &bind_id, &session, request, &domain);
            match tokio::time::timeout(PATIENCE, carried).await {
                Ok(Ok(response)) => (response, None),
                failed => {
                    if let Ok(Err(error)) = failed {
                        tracing::debug!(%error, "the agent did not answer a visitor");
                    }
                    let page = pages::no_answer(&domain);
                    (page.response(), Some(page.code))
                }
            }
        }
    };
    let visit = Visit {
        domain,
        method,
        path,
        status: response.status().as_u16(),
        code,
    };
    edge.change(|state| records::keep(&mut state.visits, visit));
    response
}

fn way(edge: &Arc<Inner>, domain: &str, request: &Request<Body>) -> Way {
    edge.change(|state| {
        binds::forget_expired(state);
        if let Some(quota) = &mut state.quota {
            match quota.left.checked_sub(1) {
                Some(left) => quota.left = left,
                None => return Way::Answered(pages::quota(&quota.code)),
            }
        }
        let Some(endpoint) = state
            .endpoints
            .iter_mut()
            .find(|endpoint| endpoint.domain == domain)
        else {
            return Way::Answered(pages::offline(domain));
        };
        if let Some(left) = endpoint.lag.checked_sub(1) {
            endpoint.lag = left;
            return Way::Answered(pages::offline(domain));
        }
        if state.interstitial && is_browser(request.headers()) {
            return Way::Answered(pages::interstitial(domain));
        }
        let (bind_id, number) = (endpoint.id.clone(), endpoint.session);
        match state.sessions.iter().find(|open| open.number == number) {
            Some(session) => Way::Agent {
                bind_id,
                session: session.clone(),
            },
            // It counts as online because its end has not been noticed.
            None => Way::Answered(pages::no_answer(domain)),
        }
    })
}

async fn carry(
    edge: &Arc<Inner>,
    visitor: &Visitor,
    bind_id: &str,
    session: &Session,
    mut request: Request<Body>,
    domain: &str,
) -> anyhow::Result<Response<Body>> {
    let mut link = visitor.link.lock().await;
    let kept = match link.as_mut() {
        Some(kept) if kept.bind_id == bind_id && kept.session == session.number => {
            kept.sender.ready().await.is_ok()
        }
        _ => false,
    };
    if !kept {
        let sender = connect(edge, session, bind_id, visitor.from).await?;
        *link = Some(Link {
            bind_id: bind_id.to_owned(),
            session: session.number,
            sender,
        });
    }
    let path = path_of(&request).parse::<Uri>()?;
    *request.uri_mut() = path;
    *request.version_mut() = http::Version::HTTP_11;
    let headers = request.headers_mut();
    for name in HOP {
        headers.remove(*name);
    }
    headers.insert(header::HOST, HeaderValue::from_str(domain)?);
    headers.insert("x-forwarded-host", HeaderValue::from_str(domain)?);
    headers.insert("x-forwarded-proto", HeaderValue::from_static("https"));
    let from = visitor.from.ip().to_string();
    headers.insert("x-forwarded-for", HeaderValue::from_str(&from)?);
    let sender = &mut link.as_mut().context("no connection to the agent")?.sender;
    let mut response = sender.send_request(request).await?;
    for name in HOP {
        response.headers_mut().remove(*name);
    }
    Ok(response.map(Body::new))
}

/// Opens a visitor's connection to the agent.
async fn connect(
    edge: &Arc<Inner>,
    session: &Session,
    bind_id: &str,
    from: SocketAddr,
) -> anyhow::Result<SendRequest<Body>> {
    let head = json!({
        "Id": bind_id,
        "ClientAddr": from.to_string(),
        "Proto": "https",
        "EdgeType": "0",
        "PassthroughTLS": false,
    });
    edge.note(session.number, Side::Edge, wire::PROXY, &head);
    let stream = wire::open_proxy(session, &head).await?;
    let (sender, connection) = client::handshake(TokioIo::new(stream)).await?;
    let end = session.pipe.end.clone();
    edge.tasks.spawn(async move {
        if let Some(Err(error)) = end.run_until_cancelled(connection).await {
            tracing::debug!(%error, "a connection to the agent ended");
        }
    });
    Ok(sender)
}

/// The host that is asked for, without port.
fn host_of(request: &Request<Body>) -> Option<String> {
    let named = request.uri().host().or_else(|| {
        let host = request.headers().get(header::HOST)?.to_str().ok()?;
        Some(host.rsplit_once(':').map_or(host, |(name, _)| name))
    })?;
    Some(named.to_ascii_lowercase())
}

fn path_of(request: &Request<Body>) -> String {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    path.to_owned()
}

/// Whether ngrok would show its page in between: a browser that was not told to skip it.
fn is_browser(headers: &HeaderMap) -> bool {
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok());
    agent.is_some_and(|agent| agent.starts_with("Mozilla/"))
        && !headers.contains_key("ngrok-skip-browser-warning")
}
