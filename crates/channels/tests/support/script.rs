//! A server that answers from a script and remembers what it was asked.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;

/// One request as the server saw it.
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// An answer of the server: status, headers, body.
pub(crate) type Scripted = (u16, Vec<(&'static str, String)>, String);

pub(crate) struct Meta {
    pub(crate) base_url: String,
    pub(crate) seen: Arc<Mutex<Vec<Seen>>>,
    _running: JoinSet<()>,
}

#[derive(Clone)]
struct Script {
    seen: Arc<Mutex<Vec<Seen>>>,
    answers: Arc<Mutex<VecDeque<Scripted>>>,
}

async fn play(
    State(script): State<Script>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if let Ok(mut seen) = script.seen.lock() {
        seen.push(Seen {
            method,
            uri,
            headers,
            body,
        });
    }
    let scripted = script
        .answers
        .lock()
        .ok()
        .and_then(|mut answers| answers.pop_front());
    let (status, headers, body) = scripted.unwrap_or((418, Vec::new(), "asked once too often".to_owned()));
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(body.into()).unwrap_or_default()
}

/// Starts a server that answers its requests with these, one after the other.
pub(crate) async fn meta(answers: Vec<Scripted>) -> Meta {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let script = Script {
        seen: Arc::clone(&seen),
        answers: Arc::new(Mutex::new(answers.into())),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a free port");
    let base_url = format!("http://{}", listener.local_addr().expect("an address"));
    let mut running = JoinSet::new();
    running.spawn(async move {
        let app = Router::new()
            .fallback(play)
            .layer(DefaultBodyLimit::disable())
            .with_state(script);
        axum::serve(listener, app).await.expect("serving");
    });
    Meta {
        base_url,
        seen,
        _running: running,
    }
}

pub(crate) fn json_answer(status: u16, body: &Value) -> Scripted {
    (
        status,
        vec![("content-type", "application/json; charset=UTF-8".to_owned())],
        body.to_string(),
    )
}

pub(crate) fn error(code: i64, subcode: Option<i64>, data: Option<Value>) -> Value {
    let mut error =
        json!({"message": format!("(#{code}) Something"), "type": "OAuthException", "code": code});
    if let Some(subcode) = subcode {
        error["error_subcode"] = json!(subcode);
    }
    if let Some(data) = data {
        error["error_data"] = data;
    }
    json!({ "error": error })
}

impl Meta {
    /// Returns what was asked, in order, and forgets it.
    pub(crate) fn asked(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.seen.lock().expect("seen"))
    }

    /// Returns the only request there was.
    pub(crate) fn asked_once(&self) -> Seen {
        let mut asked = self.asked();
        assert_eq!(asked.len(), 1, "asked once");
        asked.remove(0)
    }
}

impl Seen {
    /// Returns the body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a body of JSON")
    }

    /// Returns what stands in the query under a key.
    pub(crate) fn query(&self, key: &str) -> Option<String> {
        let url = url::Url::parse(&format!("http://meta.example{}", self.uri)).expect("an address");
        url.query_pairs()
            .find(|(found, _)| found == key)
            .map(|(_, value)| value.into_owned())
    }
}
