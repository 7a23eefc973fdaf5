//! What a model server says to one question, and how.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

/// One answer.
#[derive(Debug, Clone)]
pub struct Script {
    pub(super) deed: Deed,
    pub(super) thinks: Option<String>,
    /// The bytes of a stream leave in pieces of this size; none: event by event.
    pub(super) piece: Option<usize>,
    pub(super) before: Duration,
    pub(super) between: Duration,
    pub(super) usage: Option<(u64, u64)>,
    /// In the server's own words; none: that it was done.
    pub(super) finish: Option<&'static str>,
    pub(super) in_words: bool,
}

/// What it does.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    Says(String),
    /// Says so much, and then nothing more for ever.
    FallsSilent(String),
    /// Says so much, and closes the connection.
    BreaksOff(String),
    /// Says so much, and then that it failed.
    Fails(String, String),
    /// Never answers at all.
    Hangs,
    Answers {
        status: u16,
        kind: &'static str,
        body: Bytes,
        headers: Vec<(&'static str, String)>,
    },
    /// Sends so many bytes of words.
    Floods(usize),
}

impl Script {
    const fn new(deed: Deed) -> Self {
        Self {
            deed,
            thinks: None,
            piece: None,
            before: Duration::ZERO,
            between: Duration::ZERO,
            usage: Some((100, 20)),
            finish: None,
            in_words: false,
        }
    }

    /// Says `text`: as the arguments of the tool when one is forced and the server knows tools, else as words.
    pub fn says(text: impl Into<String>) -> Self {
        Self::new(Deed::Says(text.into()))
    }

    /// Says this JSON.
    pub fn json(json: &Value) -> Self {
        Self::says(json.to_string())
    }

    /// Reads the question and never answers.
    pub const fn hangs() -> Self {
        Self::new(Deed::Hangs)
    }

    /// Streams `text` and then nothing more, with the connection open.
    pub fn falls_silent_after(text: impl Into<String>) -> Self {
        Self::new(Deed::FallsSilent(text.into()))
    }

    /// Streams `text` and closes the connection without having finished.
    pub fn breaks_off_after(text: impl Into<String>) -> Self {
        Self::new(Deed::BreaksOff(text.into()))
    }

    /// Streams `text`, then an error with `words`.
    pub fn fails_after(text: impl Into<String>, words: impl Into<String>) -> Self {
        Self::new(Deed::Fails(text.into(), words.into()))
    }

    /// Sends so many bytes.
    pub const fn floods(bytes: usize) -> Self {
        Self::new(Deed::Floods(bytes))
    }

    /// Answers with a status and JSON.
    pub fn status(status: u16, body: &Value) -> Self {
        Self::raw(status, "application/json", body.to_string())
    }

    /// Answers with a page for people, as something in between would.
    pub fn page(status: u16) -> Self {
        let page = format!("<!DOCTYPE html><html><title>{status}</title><h1>Error {status}</h1></html>");
        Self::raw(status, "text/html; charset=utf-8", page)
    }

    /// Answers with any bytes.
    pub fn raw(status: u16, kind: &'static str, body: impl Into<Bytes>) -> Self {
        Self::new(Deed::Answers {
            status,
            kind,
            body: body.into(),
            headers: Vec::new(),
        })
    }

    /// Sends the client elsewhere.
    pub fn redirects(status: u16, to: &str) -> Self {
        Self::raw(status, "text/plain", "").with_header("location", to)
    }

    /// Adds a header to an answer made with a status.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Deed::Answers { headers, .. } = &mut self.deed {
            headers.push((name, value.into()));
        }
        self
    }

    /// Thinks aloud before it speaks, in the field servers use for that.
    #[must_use]
    pub fn thinking(self, text: impl Into<String>) -> Self {
        Self {
            thinks: Some(text.into()),
            ..self
        }
    }

    /// Lets the bytes of a stream leave in pieces of `bytes`, through characters and JSON alike.
    #[must_use]
    pub fn in_pieces(self, bytes: usize) -> Self {
        Self {
            piece: Some(bytes.max(1)),
            ..self
        }
    }

    /// Waits before the first byte.
    #[must_use]
    pub fn after(self, before: Duration) -> Self {
        Self { before, ..self }
    }

    /// Waits between the pieces of a stream.
    #[must_use]
    pub fn pausing(self, between: Duration) -> Self {
        Self { between, ..self }
    }

    /// Says that it counted so many tokens; 100 and 20 unless told otherwise.
    #[must_use]
    pub fn counting(self, input: u64, output: u64) -> Self {
        Self {
            usage: Some((input, output)),
            ..self
        }
    }

    /// Says nothing about tokens.
    #[must_use]
    pub fn uncounted(self) -> Self {
        Self { usage: None, ..self }
    }

    /// Stops for this reason, in the server's own word, such as `length` or `max_tokens`.
    #[must_use]
    pub fn finishing(self, reason: &'static str) -> Self {
        Self {
            finish: Some(reason),
            ..self
        }
    }

    /// Says it in words although a tool was forced.
    #[must_use]
    pub fn in_words(self) -> Self {
        Self {
            in_words: true,
            ..self
        }
    }
}
