//! Every request that is no send: reads, files, read marks, settings. For tests that ask what was called, how often,
//! and where a token went.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;

use crate::clock;
use crate::meta::Inner;

/// What stands where a token stood.
const HIDDEN: &str = "(secret)";
/// Longest body that is kept.
const LONGEST: usize = 2 << 20;

/// One request to the simulated Meta other than a send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedCall {
    /// When it arrived, Unix milliseconds.
    pub at: i64,
    /// `GET`, `POST` or `DELETE`.
    pub method: String,
    /// The path without the version, e.g. `/512…/block_users`.
    pub path: String,
    /// The parameters without proof and token, in their order. A token that was asked about is `(secret)`.
    pub query: Vec<(String, String)>,
    /// The body, if it was JSON or a form. Its secrets stay: PIN, verify token; only `access_token` is `(secret)`.
    pub body: Option<Value>,
    /// Whether a bearer token came along.
    pub bearer: bool,
    /// Which kind of token came along, wherever it stood.
    pub token: Presented,
    /// The `User-Agent`.
    pub user_agent: Option<String>,
    /// The host the client believed to talk to.
    pub host: String,
    /// The HTTP status of the answer, once given.
    pub status: Option<u16>,
}

/// The token of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented {
    /// None.
    Nothing,
    /// `APP_ID|APP_SECRET`.
    App,
    /// Any other.
    User,
}

impl RecordedCall {
    /// The value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Without `/v25.0` in front.
pub(crate) fn unversioned(path: &str) -> &str {
    let rest = path.strip_prefix("/v").and_then(|rest| rest.find('/'));
    rest.and_then(|at| path.get(at + 2..)).unwrap_or(path)
}

/// The facts of a request.
pub(crate) fn call(request: &http::request::Parts, body: Option<Value>) -> RecordedCall {
    let text = |headers: &HeaderMap, name| {
        headers
            .get(name)
            .and_then(|value: &http::HeaderValue| value.to_str().ok())
            .map(str::to_owned)
    };
    let mut query = pairs(request.uri.query().unwrap_or_default());
    let bearer = text(&request.headers, header::AUTHORIZATION);
    let of_query = query.iter().find(|(key, _)| key == "access_token");
    let of_body = body.as_ref().and_then(|body| body.get("access_token"));
    let token = bearer
        .as_deref()
        .or_else(|| of_query.map(|(_, value)| value.as_str()))
        .or_else(|| of_body.and_then(Value::as_str));
    let token = match token {
        None => Presented::Nothing,
        Some(token) if token.contains('|') => Presented::App,
        Some(_) => Presented::User,
    };
    query.retain(|(key, _)| !matches!(key.as_str(), "appsecret_proof" | "access_token"));
    for (key, value) in &mut query {
        if key == "input_token" {
            HIDDEN.clone_into(value);
        }
    }
    let body = body.map(|mut body| {
        if let Some(token) = body.get_mut("access_token") {
            *token = Value::from(HIDDEN);
        }
        body
    });
    RecordedCall {
        at: clock::unix_millis(),
        method: request.method.to_string(),
        path: unversioned(request.uri.path()).to_owned(),
        query,
        body,
        token,
        bearer: request.headers.contains_key(header::AUTHORIZATION),
        user_agent: text(&request.headers, header::USER_AGENT),
        host: text(&request.headers, header::HOST).unwrap_or_default(),
        status: None,
    }
}

/// The parameters of an address or a form.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (decoded(key), decoded(value)))
        .collect()
}

/// Whether the body is a form of the plain kind.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    has_type(headers, "application/x-www-form-urlencoded")
}

fn has_type(headers: &HeaderMap, wanted: &str) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with(wanted))
}

/// Percent decoding, leniently.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        let hex = (*first == b'%')
            .then(|| after.get(..2).and_then(|pair| hex::decode(pair).ok()))
            .flatten();
        match hex {
            Some(byte) => {
                bytes.extend(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => bytes.push(if *first == b'+' { b' ' } else { *first }),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes a request down when it arrives, and its status when it is answered.
pub(crate) async fn note(State(inner): State<Arc<Inner>>, request: Request, next: Next) -> Response {
    // Sends have a book of their own.
    if request.uri().path().ends_with("/messages") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let is_form = is_form(&parts.headers);
    let (json, body) = if is_form || has_type(&parts.headers, "application/json") {
        match axum::body::to_bytes(body, LONGEST).await {
            Ok(bytes) if is_form => {
                let pairs = pairs(&String::from_utf8_lossy(&bytes)).into_iter();
                let form = pairs.map(|(key, value)| (key, Value::from(value))).collect();
                (Some(Value::Object(form)), Body::from(bytes))
            }
            Ok(bytes) => (serde_json::from_slice(&bytes).ok(), Body::from(bytes)),
            Err(_) => return StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        }
    } else {
        (None, body)
    };
    let place = inner.note(call(&parts, json));
    let response = next.run(Request::from_parts(parts, body)).await;
    if let Some(call) = inner.state().calls.get_mut(place) {
        call.status = Some(response.status().as_u16());
    }
    inner.turn_page();
    response
}

impl Inner {
    /// Writes a call down and returns its place.
    pub(crate) fn note(&self, call: RecordedCall) -> usize {
        let place = {
            let mut state = self.state();
            state.calls.push(call);
            state.calls.len() - 1
        };
        self.turn_page();
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_loses_its_version_and_a_parameter_its_escapes() {
        assert_eq!(unversioned("/v25.0/123/media"), "/123/media");
        assert_eq!(unversioned("/files/abc"), "/files/abc");
        assert_eq!(unversioned("/v25.0"), "/v25.0");
        assert_eq!(decoded("a%2Fb+c%zz%4"), "a/b c%zz%4");
    }
}
