//! Graph's side of the wire: routes, checks, and answers that may be spoilt on purpose.

mod access;
mod account;
mod files;
mod management;
mod manners;

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, Path, Query, Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::book::Outcome;
use crate::calls;
use crate::faults::{Call, Effect, Facts, Fault, Page, Rule};
use crate::graph::{self, GraphError};
use crate::meta::Inner;
use crate::webhook::new_wamid;

/// The longest body of a message that is read.
const LONGEST_BODY: usize = 2 << 20;

/// Lets a handler reset the connection it answers on.
#[derive(Debug, Clone)]
struct Wire(CancellationToken);

/// Accepts until the simulator is stopped.
pub(crate) async fn accept(inner: Arc<Inner>, listener: TcpListener) {
    let router = Router::new()
        .route("/{version}/{id}/messages", post(send))
        .route("/{version}/{id}/media", post(files::upload))
        .route(
            "/{version}/{id}/message_templates",
            get(account::templates)
                .post(account::create_template)
                .delete(account::delete_template),
        )
        .route(
            "/{version}/{id}/block_users",
            get(account::blocked)
                .post(account::block)
                .delete(account::unblock),
        )
        .route(
            "/{version}/{id}/whatsapp_business_profile",
            get(account::profile).post(account::change_profile),
        )
        .route("/{version}/{id}/thread_control", post(account::thread_control))
        .route("/{version}/debug_token", get(management::debug_token))
        .route("/{version}/app", get(management::app))
        .route("/{version}/{id}/phone_numbers", get(management::numbers))
        .route("/{version}/{id}/register", post(management::register))
        .route("/{version}/{id}/deregister", post(management::deregister))
        .route(
            "/{version}/{id}/subscribed_apps",
            get(management::subscribed)
                .post(management::subscribe)
                .delete(management::unsubscribe),
        )
        .route(
            "/{version}/{id}/subscriptions",
            get(management::callbacks)
                .post(management::set_callback)
                .delete(management::drop_callback),
        )
        .route(
            "/{version}/{id}",
            get(read).post(management::change_number).delete(files::delete),
        )
        .route("/files/{ticket}", get(files::fetch))
        .route("/elsewhere/{id}", get(files::elsewhere))
        .fallback(unknown_path)
        .method_not_allowed_fallback(unknown_path)
        .layer(axum::middleware::from_fn_with_state(
            Arc::clone(&inner),
            manners::mind,
        ))
        .layer(axum::middleware::from_fn_with_state(
            Arc::clone(&inner),
            calls::note,
        ))
        .with_state(Arc::clone(&inner));
    loop {
        let accepted = inner.stop.run_until_cancelled(listener.accept()).await;
        match accepted {
            None => return,
            Some(Ok((stream, _))) => {
                let connection = serve(inner.stop.clone(), stream, router.clone());
                inner.tasks.spawn(connection);
            }
            // Out of file handles, for example; the next accept would fail at once as well.
            Some(Err(error)) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn serve(stop: CancellationToken, stream: TcpStream, router: Router) {
    let wire = Wire(CancellationToken::new());
    let service = TowerToHyperService::new(router.layer(Extension(wire.clone())));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        ended = &mut connection => {
            if let Err(error) = ended {
                tracing::debug!(%error, "connection ended");
            }
        }
        () = wire.0.cancelled() => {
            let stream = connection.into_parts().io.into_inner();
            // With zero linger the close becomes an RST.
            if let Err(error) = stream.set_zero_linger() {
                tracing::warn!(%error, "cannot reset the connection");
            }
        }
        () = stop.cancelled() => {}
    }
}

/// A client that hangs up drops its handler; what was not taken by then never will be.
struct Visit<'a> {
    inner: &'a Inner,
    place: usize,
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        self.inner.leave(self.place);
    }
}

type Params = Query<HashMap<String, String>>;

async fn send(
    State(inner): State<Arc<Inner>>,
    Extension(wire): Extension<Wire>,
    Path((version, id)): Path<(String, String)>,
    Query(query): Params,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LONGEST_BODY).await else {
        return answer(413, "text/plain", Body::empty());
    };
    let headers = &parts.headers;
    let parsed: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let glimpse = graph::glimpse(&parsed);
    if glimpse.read_mark {
        inner.note(calls::call(&parts, Some(parsed.clone())));
        return match inner
            .sender(&version, &id, "post", headers, &query)
            .and_then(|number| graph::check_message(&parsed, &number))
        {
            Ok(()) => ok(&json!({ "success": true })),
            Err(error) => refuse(&error),
        };
    }
    let facts = Facts {
        call: Call::Send,
        number: &id,
        to: &glimpse.to,
        reference: glimpse.reference.as_deref(),
    };
    let rule = inner.state().rules.take(&facts);
    let to = glimpse.to.clone();
    let place = inner.arrive(&id, glimpse);
    let _visit = Visit { inner: &inner, place };

    let (before, after) = match rule {
        Some(rule) if rule.taken => (None, Some(rule.effect)),
        Some(Rule { effect, .. }) => (Some(effect), None),
        None => (None, None),
    };
    match before {
        Some(Effect::Hold(latch)) => latch.pass().await,
        Some(Effect::Spoil(fault)) => {
            let outcome = match &fault {
                Fault::Graph(error) => Outcome::Refused {
                    http: error.http,
                    code: error.code,
                },
                _ => Outcome::Lost,
            };
            inner.end(place, outcome);
            return spoil(&fault, &graph::accepted(&parsed, Some(&new_wamid())), &wire).await;
        }
        None => {}
    }

    let verdict = inner
        .sender(&version, &id, "post", headers, &query)
        .and_then(|number| {
            graph::check_message(&parsed, &number)?;
            inner.check_sender(&id, &to)?;
            let category = inner.check_content(&parsed, place, &number)?;
            inner.check_window(place)?;
            Ok((number, category))
        });
    let (number, category) = match verdict {
        Ok(good) => good,
        Err(error) => {
            inner.end(
                place,
                Outcome::Refused {
                    http: error.http,
                    code: error.code,
                },
            );
            return refuse(&error);
        }
    };

    let wamid = new_wamid();
    let outcome = match &after {
        Some(Effect::Spoil(Fault::Slow { .. } | Fault::Late(_)) | Effect::Hold(_)) | None => Outcome::Taken,
        Some(Effect::Spoil(_)) => Outcome::TakenUnanswered,
    };
    // From here on the message is Meta's, whatever happens to this connection.
    let reported = inner.take(place, &number, &wamid, outcome, category);
    if let Some(reported) = reported {
        reported.await;
    }
    let good = graph::accepted(&parsed, Some(&wamid));
    match after {
        None => ok(&good),
        Some(Effect::Hold(latch)) => {
            latch.pass().await;
            ok(&good)
        }
        Some(Effect::Spoil(fault)) => spoil(&fault, &good, &wire).await,
    }
}

async fn read(
    State(inner): State<Arc<Inner>>,
    Extension(wire): Extension<Wire>,
    Path((version, id)): Path<(String, String)>,
    Query(query): Params,
    headers: HeaderMap,
) -> Response {
    let node = files::node(&inner, &version, &id, &headers, &query)
        .unwrap_or_else(|| management::node(&inner, (&version, &id), &headers, &query));
    let facts = Facts {
        call: Call::Read,
        number: &id,
        to: "",
        reference: None,
    };
    let rule = inner.state().rules.take(&facts);
    match (rule.map(|rule| rule.effect), node) {
        (Some(Effect::Spoil(fault)), node) => spoil(&fault, &node.unwrap_or(Value::Null), &wire).await,
        (Some(Effect::Hold(latch)), node) => {
            latch.pass().await;
            node.map_or_else(|error| refuse(&error), |node| ok(&node))
        }
        (None, Ok(node)) => ok(&node),
        (None, Err(error)) => refuse(&error),
    }
}

async fn unknown_path() -> Response {
    refuse(&GraphError {
        title: "Unknown path components".to_owned(),
        ..GraphError::of(2500)
    })
}

/// Answers as the fault says. `good` is the answer that would have been right.
async fn spoil(fault: &Fault, good: &Value, wire: &Wire) -> Response {
    match fault {
        Fault::TimeOut | Fault::TimeOutButAccepted => pending().await,
        Fault::Reset => {
            wire.0.cancel();
            pending().await
        }
        Fault::HalfClosed => half(good),
        Fault::Slow { bytes_per_second } => {
            let text = Bytes::from(good.to_string());
            promise(text.len(), drip(text, *bytes_per_second))
        }
        Fault::Late(after) => {
            tokio::time::sleep(*after).await;
            ok(good)
        }
        Fault::Http {
            status,
            retry_after,
            body,
        } => {
            let (kind, text) = match body {
                Page::Html => ("text/html; charset=utf-8", gateway_page(*status)),
                Page::Empty => ("text/plain", String::new()),
                Page::Text(text) => ("text/plain", text.clone()),
            };
            with_retry_after(answer(*status, kind, Body::from(text)), *retry_after)
        }
        Fault::Graph(error) => refuse(error),
        Fault::OkWithoutId => {
            let mut without = good.clone();
            if let Some(messages) = without.get_mut("messages") {
                *messages = json!([]);
            }
            ok(&without)
        }
        Fault::Garbage => answer(
            200,
            JSON,
            Body::from("{\"messaging_product\":\"whats\u{0}\u{1}<<<"),
        ),
    }
}

const JSON: &str = "application/json; charset=UTF-8";

fn ok(body: &Value) -> Response {
    answer(200, JSON, Body::from(body.to_string()))
}

fn refuse(error: &GraphError) -> Response {
    with_retry_after(
        answer(error.http, JSON, Body::from(error.body().to_string())),
        error.retry_after,
    )
}

fn answer(status: u16, kind: &'static str, body: Body) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [("content-type", kind), ("facebook-api-version", "v25.0")];
    let mut response = (status, headers, body).into_response();
    if let Ok(trace) = HeaderValue::from_str(&graph::trace_id()) {
        response.headers_mut().insert("x-fb-trace-id", trace);
    }
    response
}

fn with_retry_after(mut response: Response, seconds: Option<u32>) -> Response {
    if let Some(seconds) = seconds {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn gateway_page(status: u16) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>Error {status}</title></head><body><h1>Error {status}</h1></body></html>"
    )
}

/// Promises the whole body, sends half of it, and closes.
fn half(good: &Value) -> Response {
    let text = Bytes::from(good.to_string());
    let length = text.len();
    promise(length, cut(text, length / 2))
}

/// So many bytes, and then the connection ends.
fn cut(mut bytes: Bytes, after: usize) -> Body {
    bytes.truncate(after);
    let parts = stream::unfold(Some(bytes), |left| async {
        if let Some(part) = left {
            return Some((Ok(part), None));
        }
        // One turn of the scheduler lets the connection flush what came before it is cut.
        tokio::task::yield_now().await;
        Some((
            Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted)),
            None,
        ))
    });
    Body::from_stream(parts)
}

/// Sends slowly, a tenth of a second's worth (at least one byte) at a time.
fn drip(bytes: Bytes, bytes_per_second: u32) -> Body {
    let speed = bytes_per_second.max(1);
    let piece = usize::try_from(speed / 10).unwrap_or(1).max(1);
    let pause = Duration::from_secs_f64(f64::from(u32::try_from(piece).unwrap_or(1)) / f64::from(speed));
    Body::from_stream(stream::unfold(bytes, move |mut left| async move {
        if left.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let now = left.split_to(piece.min(left.len()));
        Some((Ok::<_, Infallible>(now), left))
    }))
}

/// A good answer's head with a fixed length.
fn promise(length: usize, body: Body) -> Response {
    let mut response = answer(200, JSON, body);
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}
