//! The contract over loopback HTTP, and the window for a browser.
//!
//! A web page in the owner's browser could reach this port, and a name it controls could point to this computer.
//! Therefore: a token for everything that answers or changes, only our own `Host`, and no foreign `Origin`.

use api::{ApiError, Desk, ErrorCode};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use futures_util::stream;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use serde::Deserialize;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use subtle::ConstantTimeEq as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use vault::Secret;

mod files;
#[cfg(test)]
mod tests;

/// The largest request to the contract, in bytes.
const MAX_REQUEST: usize = 1024 * 1024;
/// A sign of life on the change stream, so that both sides notice a dead one.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long answers under way may take at the end.
const FAREWELL: Duration = Duration::from_secs(3);

struct Shared {
    desk: Desk,
    token: Secret,
    address: SocketAddr,
    stop: CancellationToken,
}

/// Makes a token nobody can guess.
pub(crate) fn new_token() -> std::io::Result<Secret> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(Secret::new(hex::encode(bytes)))
}

/// Answers on `listener` until `stop`.
pub(crate) async fn serve(
    listener: TcpListener,
    desk: Desk,
    token: Secret,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let address = listener.local_addr()?;
    let shared = Arc::new(Shared {
        desk,
        token,
        address,
        stop: stop.clone(),
    });
    let guarded = Router::new()
        .route("/rpc", post(rpc))
        .route("/events", get(events))
        .route("/files", post(files::take))
        .route("/files/{attachment_id}", get(files::give))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), check_token));
    let router = guarded
        .fallback(get(asset))
        .layer(DefaultBodyLimit::max(MAX_REQUEST))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), check_origin))
        .with_state(shared);
    let ended = stop.clone();
    let serving = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
    tokio::select! {
        served = serving.into_future() => served,
        () = async {
            ended.cancelled().await;
            tokio::time::sleep(FAREWELL).await;
        } => Ok(()),
    }
}

/// Refuses requests that another site, or another name for this computer, led here.
async fn check_origin(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let port = shared.address.port();
    let ours = [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
    ];
    let host = single(headers, &header::HOST);
    if !host.is_some_and(|host| ours.iter().any(|our| our == host)) {
        return refuse(
            StatusCode::FORBIDDEN,
            "This address answers requests from this computer only.",
        );
    }
    if headers.contains_key(header::ORIGIN) {
        let origin = single(headers, &header::ORIGIN);
        let known = origin.is_some_and(|origin| {
            ours.iter()
                .any(|our| origin.strip_prefix("http://").is_some_and(|o| o == our))
        });
        if !known {
            return refuse(StatusCode::FORBIDDEN, "Another web page may not use Deskbell.");
        }
    }
    next.run(request).await
}

/// Returns a header that is there exactly once and readable.
fn single<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() {
        None
    } else {
        value.to_str().ok()
    }
}

async fn check_token(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let given = single(request.headers(), &header::AUTHORIZATION)
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    if bool::from(given.as_bytes().ct_eq(shared.token.expose().as_bytes())) {
        next.run(request).await
    } else {
        refuse(
            StatusCode::UNAUTHORIZED,
            "The token is missing or wrong. Open the address that Deskbell printed.",
        )
    }
}

fn refuse(status: StatusCode, message: &str) -> Response {
    let error = ApiError {
        code: ErrorCode::Unauthorized,
        message: message.to_owned(),
        retryable: false,
        field: None,
    };
    let error = json!({"error": error});
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        error.to_string(),
    )
        .into_response()
}

/// The headers of an answer.
const JSON: [(HeaderName, &str); 2] = [
    (header::CONTENT_TYPE, "application/json"),
    (header::CACHE_CONTROL, "no-store"),
];

#[derive(Deserialize)]
struct Call {
    command: String,
    #[serde(default)]
    args: Value,
}

async fn rpc(State(shared): State<Arc<Shared>>, body: Result<Bytes, BytesRejection>) -> Response {
    let Ok(body) = body else {
        let message = "The request is longer than 1 MB, or broke off.".to_owned();
        let error = json!({"error": bad_request(message)});
        return (StatusCode::PAYLOAD_TOO_LARGE, JSON, error.to_string()).into_response();
    };
    let answer = match serde_json::from_slice::<Call>(&body) {
        Ok(call) => shared.desk.call(&call.command, call.args).await,
        Err(error) => Err(bad_request(format!(
            "The request is not {{\"command\":…,\"args\":…}}: {error}."
        ))),
    };
    let (status, body) = match answer {
        Ok(answer) => (StatusCode::OK, json!({"ok": answer})),
        Err(error) => (status_of(error.code), json!({"error": error})),
    };
    (status, JSON, body.to_string()).into_response()
}

fn bad_request(message: String) -> ApiError {
    ApiError {
        code: ErrorCode::BadRequest,
        message,
        retryable: false,
        field: None,
    }
}

fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Provider => StatusCode::BAD_GATEWAY,
        ErrorCode::UnknownCommand | ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::BadRequest => StatusCode::BAD_REQUEST,
        ErrorCode::WindowClosed | ErrorCode::NotNow => StatusCode::CONFLICT,
        ErrorCode::Storage => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Unauthorized => StatusCode::UNAUTHORIZED,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Server-sent events; each `data:` line is a JSON array of changes.
async fn events(State(shared): State<Arc<Shared>>) -> Response {
    let changes = shared.desk.changes();
    let stop = shared.stop.clone();
    let lines = stream::unfold((changes, true), move |(mut changes, first)| {
        let stop = stop.clone();
        async move {
            if first {
                // Headers and the first byte leave at once: the listener knows that it listens.
                return Some((
                    Ok::<_, Infallible>(": listening\n\n".to_owned()),
                    (changes, false),
                ));
            }
            let line = tokio::select! {
                () = stop.cancelled() => return None,
                changed = changes.next() => {
                    let changed = serde_json::to_string(&changed?).unwrap_or_else(|_| "[]".to_owned());
                    format!("data: {changed}\n\n")
                }
                () = tokio::time::sleep(HEARTBEAT) => ": still here\n\n".to_owned(),
            };
            Some((Ok(line), (changes, false)))
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Body::from_stream(lines)).into_response()
}

/// The window's own files. They hold no data, so they need no token; the page asks for everything with it.
async fn asset(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let Some(asset) = webui::asset(path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type)),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(webui::CONTENT_SECURITY_POLICY_HTTP),
        ),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, asset.bytes).into_response()
}
