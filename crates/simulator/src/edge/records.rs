//! What an edge remembers of what it saw, for tests to look at.

use std::collections::VecDeque;

use serde_json::Value;

use super::wire;

/// Entries kept of each kind; the oldest go first.
const KEPT: usize = 8192;
/// Fields that are secrets, wherever they stand.
const SECRETS: &[&str] = &["AuthToken", "Cookie", "Token"];

/// Who said something on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The program behind the tunnel.
    Agent,
    /// The tunnel's provider.
    Edge,
}

/// One control message, without the beats of the heart and the visitors' own bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The session, numbered from 1 in the order in which the pipes were opened.
    pub session: u64,
    /// Who said it.
    pub from: Side,
    /// The type of its stream in words: `auth`, `bind`, `unbind`, `proxy`, `restart`, `stop`, `update`,
    /// `stop tunnel` ...
    pub kind: &'static str,
    /// The document; tokens and cookies are replaced by `"redacted"`.
    pub body: Value,
}

/// An agent that was let in.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedSession {
    /// As in [`Frame::session`].
    pub number: u64,
    /// The id it was given, which it may come back with.
    pub client_id: String,
    /// The account its token belongs to, made of the token so that equal tokens have equal accounts.
    pub account: String,
    /// What it said about itself (`Extra` of its first message), secrets redacted.
    pub about: Value,
    /// Its pipe is open.
    pub open: bool,
    /// Beats of the edge's heart it has answered.
    pub beats: u64,
}

impl RecordedSession {
    /// A field of what it said about itself, such as `UserAgent`, `ClientType` or `Hostname`; empty when it is no text.
    pub fn said(&self, field: &str) -> &str {
        self.about.get(field).and_then(Value::as_str).unwrap_or_default()
    }
}

/// A tunnel that was opened.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedBind {
    /// The session, as in [`Frame::session`].
    pub session: u64,
    /// Its id.
    pub id: String,
    /// Its public name, without scheme.
    pub domain: String,
    /// Where the agent says that visitors are taken to.
    pub forwards_to: String,
    /// The text of its own that the agent attached.
    pub metadata: String,
    /// The options as they came.
    pub options: Value,
    /// It came back with an id from before.
    pub again: bool,
}

/// A visitor's request, whatever became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The public name asked for.
    pub domain: String,
    /// The HTTP method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// The code (`ERR_NGROK_3200` ...) when the edge answered by itself.
    pub code: Option<String>,
}

/// Keeps the latest.
pub(super) fn keep<T>(entries: &mut VecDeque<T>, entry: T) {
    if entries.len() >= KEPT {
        entries.pop_front();
    }
    entries.push_back(entry);
}

/// The type of a stream in words.
pub(super) fn kind_name(kind: u32) -> &'static str {
    match kind {
        wire::AUTH => "auth",
        wire::BIND => "bind",
        wire::UNBIND => "unbind",
        wire::PROXY => "proxy",
        wire::RESTART => "restart",
        wire::STOP => "stop",
        wire::UPDATE => "update",
        wire::BIND_LABELS => "bind labels",
        wire::SERVER_INFO => "server info",
        wire::STOP_TUNNEL => "stop tunnel",
        wire::PATCH_TUNNEL => "patch tunnel",
        wire::HEARTBEAT => "heartbeat",
        _ => "unknown",
    }
}

/// The same document without its secrets. An empty secret stays empty, because that it is missing matters.
pub(super) fn redacted(document: &Value) -> Value {
    match document {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let empty = value.as_str().is_some_and(str::is_empty);
                let value = if SECRETS.contains(&name.as_str()) && !empty {
                    Value::from("redacted")
                } else {
                    redacted(value)
                };
                (name.clone(), value)
            })
            .collect(),
        Value::Array(entries) => entries.iter().map(redacted).collect(),
        other => other.clone(),
    }
}
