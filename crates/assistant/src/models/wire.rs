//! The HTTP below both providers: one request, bounded in time and size, to the configured address and nowhere else.

use super::model::{Care, Exchange, Finish, Hearer, Question, Reply, Rung};
use super::place::Place;
use super::refusal;
use super::sse::Events;
use super::trouble::{Trouble, TroubleKind};
use super::usage::{Usage, estimated_tokens};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use url::Url;
use vault::Secret;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The most that is read of an answer, in bytes. A customer is sent 4,096 characters at most.
const LONGEST_ANSWER: usize = 1024 * 1024;
/// Vectors are long: 256 texts of 4,096 numbers each fit.
const LONGEST_VECTORS: usize = 32 * 1024 * 1024;
/// The most that is kept of an answer for the operator, in bytes.
const LONGEST_KEPT: usize = 64 * 1024;
/// A shorter key is no key, and taking it out of an answer would spoil the answer.
const SHORTEST_KEY: usize = 8;
const USER_AGENT: &str = concat!("Deskbell/", env!("CARGO_PKG_VERSION"));

/// What has been heard of an answer so far.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// The words.
    pub(super) text: String,
    /// The arguments of the tool that was called.
    pub(super) tool: String,
    /// Tokens of the question and of the answer, as the server counted them.
    pub(super) counted: (Option<u64>, Option<u64>),
    /// Why it stopped; none: it did not say.
    pub(super) finish: Option<Finish>,
    /// Whether the stream said that it is over.
    pub(super) is_over: bool,
    /// Something came, even if it was no word: a model that thinks aloud has begun.
    pub(super) has_begun: bool,
}

/// How a provider writes its answers.
pub(super) trait Dialect {
    /// Reads an answer that came in one piece; false: it is none.
    fn whole(json: &Value, heard: &mut Heard) -> bool;
    /// Reads one event of an answer that comes word by word, and returns the words in it.
    fn event(json: &Value, heard: &mut Heard) -> Option<String>;
}

/// A request, ready to leave.
pub(super) struct Letter {
    pub(super) url: Option<Url>,
    pub(super) body: String,
}

/// The way to one server.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    client: Client,
    pub(super) place: Place,
    key: Option<Secret>,
    headers: HeaderMap,
}

/// What is noted while an answer comes, so that it is known even when the wait is cut short.
#[derive(Default)]
struct Tape {
    left: bool,
    status: Option<u16>,
    received: Vec<u8>,
    heard: Heard,
    first_word: Option<Duration>,
    streamed: bool,
}

impl Wire {
    /// Prepares the way. `header` is the name under which the key travels, and what stands before it.
    pub(super) fn new(
        place: Place,
        key: Option<Secret>,
        (header, prefix): (HeaderName, &str),
        fixed: &[(&'static str, &'static str)],
    ) -> Result<Self, Trouble> {
        // Fails when one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut headers = HeaderMap::new();
        for (name, value) in fixed {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        if let Some(key) = &key {
            let value = zeroized_header(prefix, key).ok_or_else(|| {
                Trouble::new(
                    TroubleKind::Key,
                    "The key contains characters that no key has. Copy it once more.",
                )
            })?;
            headers.insert(header, value);
        }
        let mut builder = Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_TIMEOUT)
            // A redirect could carry key and questions to another host.
            .redirect(reqwest::redirect::Policy::none())
            // Nothing may be sent, and paid, twice behind our back.
            .retry(reqwest::retry::never())
            // A kept connection may be dead, as after a laptop slept.
            .pool_max_idle_per_host(0);
        if place.is_local() {
            // What stays in the house does not pass a proxy outside it.
            builder = builder.no_proxy();
        }
        if let Some(name) = place.own_name() {
            // Whatever the system's list of names says: this name means this computer.
            let own = [
                SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
                SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
            ];
            builder = builder.resolve_to_addrs(name, &own);
        }
        let client = builder.build().map_err(|error| {
            Trouble::new(
                TroubleKind::Address,
                "The connection to the model could not be prepared on this computer. Start Deskbell again.",
            )
            .with_detail(explained(&error))
        })?;
        Ok(Self {
            client,
            place,
            key,
            headers,
        })
    }

    pub(super) const fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// Gets something small as JSON.
    pub(super) async fn get(&self, url: Option<Url>, limit: Duration) -> Result<Value, Trouble> {
        let url = url.ok_or_else(bad_address)?;
        let request = self.client.get(url);
        self.small(request, limit).await
    }

    /// Posts something small and returns the JSON that comes back.
    pub(super) async fn post(
        &self,
        url: Option<Url>,
        body: String,
        limit: Duration,
    ) -> Result<Value, Trouble> {
        let url = url.ok_or_else(bad_address)?;
        let request = self.client.post(url).header(CONTENT_TYPE, "application/json");
        self.small(request.body(body), limit).await
    }

    async fn small(&self, request: RequestBuilder, limit: Duration) -> Result<Value, Trouble> {
        let work = async {
            let response = request
                .headers(self.headers.clone())
                .send()
                .await
                .map_err(|error| self.unsent(&error))?;
            let head = Head::of(&response);
            let mut bytes = Vec::new();
            self.pour(response, &mut bytes, LONGEST_VECTORS).await?;
            self.judged(&head, &bytes)
        };
        timeout_at(Instant::now() + limit, work)
            .await
            .unwrap_or_else(|_| Err(Trouble::late(self.place.name())))
    }

    async fn pour(&self, mut response: Response, bytes: &mut Vec<u8>, most: usize) -> Result<(), Trouble> {
        while let Some(chunk) = response.chunk().await.map_err(|error| self.cut(&error))? {
            if bytes.len() + chunk.len() > most {
                return Err(self.too_long());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(())
    }

    /// Carries out one request that asks a question.
    pub(super) async fn converse<D: Dialect>(
        &self,
        letter: Letter,
        question: &Question<'_>,
        care: &Care,
        hear: Hearer<'_>,
    ) -> Exchange {
        let began = Instant::now();
        let mut tape = Tape::default();
        let url = letter.url.as_ref().map_or_else(String::new, ToString::to_string);
        let outcome = {
            let work = self.speak::<D>(&letter, (question.stream, began), care, &mut tape, hear);
            tokio::select! {
                biased;
                () = care.cancel.cancelled() => Err(Trouble::cancelled()),
                done = timeout_at(care.until, work) => done.unwrap_or_else(|_| Err(Trouble::late(self.place.name()))),
            }
        };
        let outcome = outcome.and_then(|()| self.reply(question.rung, &mut tape));
        let usage = if tape.left {
            counted(&letter.body, &tape.heard, outcome.as_ref().ok())
        } else {
            Usage::default()
        };
        tape.received.truncate(LONGEST_KEPT);
        Exchange {
            url,
            sent: if tape.left { letter.body } else { String::new() },
            received: self.without_key(&String::from_utf8_lossy(&tape.received)),
            status: tape.status,
            rung: question.rung,
            usage,
            took: began.elapsed(),
            first_word: tape.first_word,
            outcome,
        }
    }

    async fn speak<D: Dialect>(
        &self,
        letter: &Letter,
        (stream, began): (bool, Instant),
        care: &Care,
        tape: &mut Tape,
        hear: Hearer<'_>,
    ) -> Result<(), Trouble> {
        let url = letter.url.clone().ok_or_else(bad_address)?;
        let first_by = if stream {
            care.until.min(began + care.first_word)
        } else {
            care.until
        };
        let late = || {
            if stream {
                Trouble::first_word_late(self.place.name())
            } else {
                Trouble::late(self.place.name())
            }
        };
        let request = self
            .client
            .post(url)
            .headers(self.headers.clone())
            .header(CONTENT_TYPE, "application/json")
            .body(letter.body.clone());
        tape.left = true;
        let mut response = timeout_at(first_by, request.send())
            .await
            .map_err(|_| late())?
            .map_err(|error| {
                tape.left = !error.is_connect() && !error.is_builder();
                self.unsent(&error)
            })?;
        let head = Head::of(&response);
        tape.status = Some(head.status);
        if !(head.is_events && head.status == 200) {
            let poured = timeout_at(
                care.until,
                self.pour(response, &mut tape.received, LONGEST_ANSWER),
            )
            .await;
            poured.map_err(|_| Trouble::late(self.place.name()))??;
            let json = self.judged(&head, &tape.received)?;
            if !D::whole(&json, &mut tape.heard) {
                return Err(self.garbled());
            }
            tape.heard.is_over = true;
            return Ok(());
        }
        tape.streamed = true;
        let mut events = Events::default();
        loop {
            let by = if tape.heard.has_begun {
                care.until
            } else {
                first_by
            };
            let chunk = timeout_at(by, response.chunk()).await.map_err(|_| {
                if tape.heard.has_begun {
                    Trouble::late(self.place.name())
                } else {
                    late()
                }
            })?;
            let chunk = chunk.map_err(|error| self.cut(&error))?;
            let found = match &chunk {
                Some(chunk) => {
                    if tape.received.len() + chunk.len() > LONGEST_ANSWER {
                        return Err(self.too_long());
                    }
                    tape.received.extend_from_slice(chunk);
                    events.push(chunk)
                }
                None => events.finish(),
            };
            for data in found {
                self.hear_event::<D>(&data, tape, began, hear)?;
            }
            if tape.heard.is_over || chunk.is_none() {
                return Ok(());
            }
        }
    }

    fn hear_event<D: Dialect>(
        &self,
        data: &str,
        tape: &mut Tape,
        began: Instant,
        hear: &mut (dyn FnMut(&str) + Send),
    ) -> Result<(), Trouble> {
        if data.trim() == "[DONE]" {
            tape.heard.is_over = true;
            return Ok(());
        }
        let Ok(json) = serde_json::from_str::<Value>(data) else {
            return Err(self.garbled());
        };
        if let Some(error) = refusal::said(&json) {
            // The head promised a good answer, so the status says nothing.
            return Err(self.hidden(refusal::in_the_middle(&self.place, &error)));
        }
        if let Some(words) = D::event(&json, &mut tape.heard)
            && !words.is_empty()
        {
            tape.heard.has_begun = true;
            tape.first_word.get_or_insert_with(|| began.elapsed());
            hear(&words);
        }
        Ok(())
    }

    fn reply(&self, rung: Rung, tape: &mut Tape) -> Result<Reply, Trouble> {
        let heard = &mut tape.heard;
        if heard.finish.is_none() && !heard.is_over {
            return Err(Trouble::new(
                TroubleKind::Cut,
                format!("The answer of {} broke off in the middle.", self.place.name()),
            ));
        }
        if heard.finish == Some(Finish::Declined) {
            return Err(Trouble::new(
                TroubleKind::Declined,
                format!(
                    "{} does not want to answer this question. Answer the customer yourself.",
                    self.place.name()
                ),
            ));
        }
        // Some servers put the arguments into the words although a tool was asked for.
        let text = if rung == Rung::Tool && !heard.tool.trim().is_empty() {
            &heard.tool
        } else {
            &heard.text
        };
        Ok(Reply {
            text: text.clone(),
            finish: heard.finish.unwrap_or(Finish::Done),
            streamed: tape.streamed,
        })
    }

    /// Returns the JSON of a good answer, or why it is none.
    fn judged(&self, head: &Head, bytes: &[u8]) -> Result<Value, Trouble> {
        let json = serde_json::from_slice::<Value>(bytes).ok();
        if (300..400).contains(&head.status) {
            return Err(refusal::redirected(
                &self.place,
                head.elsewhere.as_deref(),
                head.status,
            ));
        }
        let error = json.as_ref().and_then(refusal::said);
        if head.status != 200 || error.is_some() {
            let trouble = refusal::refused(&self.place, head.status, error.as_ref(), self.has_key());
            return Err(self.hidden(Trouble {
                retry_after: head.retry_after,
                ..trouble
            }));
        }
        json.filter(|json| json.is_object() || json.is_array())
            .ok_or_else(|| self.garbled())
    }

    fn hidden(&self, trouble: Trouble) -> Trouble {
        Trouble {
            detail: trouble.detail.map(|detail| self.without_key(&detail)),
            ..trouble
        }
    }

    /// A server may quote what it was sent, and its words are stored and shown.
    fn without_key(&self, text: &str) -> String {
        match self.key.as_ref().map(Secret::expose) {
            Some(key) if key.len() >= SHORTEST_KEY => text.replace(key, "(key)"),
            _ => text.to_owned(),
        }
    }

    fn unsent(&self, error: &reqwest::Error) -> Trouble {
        let detail = self.without_key(&explained(error));
        if error.is_connect() || error.is_timeout() {
            self.place.silent().with_detail(detail)
        } else {
            self.cut(error)
        }
    }

    fn cut(&self, error: &reqwest::Error) -> Trouble {
        Trouble::new(
            TroubleKind::Cut,
            format!("The answer of {} broke off in the middle.", self.place.name()),
        )
        .with_detail(self.without_key(&explained(error)))
    }

    fn too_long(&self) -> Trouble {
        Trouble::new(
            TroubleKind::TooLong,
            format!(
                "{} sent far more than an answer can be, so reading was stopped.",
                self.place.name()
            ),
        )
    }

    pub(super) fn garbled(&self) -> Trouble {
        Trouble::new(
            TroubleKind::Garbled,
            format!(
                "What {} sent back is not what a model server says. Check its address.",
                self.place.name()
            ),
        )
    }
}

/// What stands above the body of an answer.
struct Head {
    status: u16,
    is_events: bool,
    elsewhere: Option<String>,
    retry_after: Option<Duration>,
}

impl Head {
    fn of(response: &Response) -> Self {
        let text = |name: HeaderName| response.headers().get(name)?.to_str().ok();
        Self {
            status: response.status().as_u16(),
            is_events: text(CONTENT_TYPE).is_some_and(|kind| {
                kind.trim_start()
                    .to_ascii_lowercase()
                    .starts_with("text/event-stream")
            }),
            elsewhere: text(LOCATION).map(str::to_owned),
            retry_after: text(RETRY_AFTER)
                .and_then(|seconds| seconds.trim().parse().ok())
                .map(Duration::from_secs),
        }
    }
}

fn counted(body: &str, heard: &Heard, reply: Option<&Reply>) -> Usage {
    let (input, output) = heard.counted;
    let said = reply.map_or(heard.text.as_str(), |reply| reply.text.as_str());
    Usage {
        input: input.unwrap_or_else(|| estimated_tokens(body)),
        output: output.unwrap_or_else(|| estimated_tokens(said)),
        estimated: input.is_none() || output.is_none(),
    }
}

fn zeroized_header(prefix: &str, key: &Secret) -> Option<HeaderValue> {
    let key = key.expose().trim();
    if key.is_empty() {
        return None;
    }
    let line = Secret::new(format!("{prefix}{key}"));
    let mut value = HeaderValue::from_str(line.expose()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn bad_address() -> Trouble {
    Trouble::new(
        TroubleKind::Address,
        "The address of the model server cannot be used. Correct it.",
    )
}

/// Returns the innermost reason, which says most; the outer ones repeat the address.
fn explained(error: &reqwest::Error) -> String {
    let mut reason: &dyn Error = error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    if std::ptr::addr_eq(reason, error) {
        "the request failed".to_owned()
    } else {
        reason.to_string()
    }
}
