//! The HTTP side: routes, keys, talents, and answers that may be spoilt on purpose.

use std::future::pending;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};

use super::script::{Deed, Script};
use super::wire::{Speech, emptiest};
use super::{Asked, End, Flavour, Inner, Talent};

/// The longest question that is read.
const LONGEST_BODY: usize = 8 << 20;
const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream; charset=utf-8";

/// Accepts until the server is stopped.
pub(super) async fn accept(inner: Arc<Inner>, listener: TcpListener) {
    let router = Router::new().fallback(answer).with_state(Arc::clone(&inner));
    while let Some(accepted) = inner.stop.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, _)) => {
                inner
                    .tasks
                    .spawn(serve(Arc::clone(&inner), stream, router.clone()));
            }
            // Out of file handles, for example; the next accept would fail at once as well.
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn serve(inner: Arc<Inner>, stream: TcpStream, router: Router) {
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    tokio::select! {
        ended = connection => {
            if let Err(error) = ended {
                tracing::debug!(%error, "connection ended");
            }
        }
        () = inner.stop.cancelled() => {}
    }
}

/// A client that hangs up drops its handler, or the body under way.
struct Visit {
    inner: Arc<Inner>,
    place: usize,
}

impl Visit {
    fn done(&self) {
        self.inner.end(self.place, End::Answered);
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.inner.end(self.place, End::HungUp);
    }
}

async fn answer(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LONGEST_BODY).await else {
        return plain(413, JSON, Body::empty());
    };
    let asked = Asked {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        headers: parts.headers,
        body,
        end: End::Open,
    };
    let place = inner.arrive(asked.clone());
    let visit = Visit {
        inner: Arc::clone(&inner),
        place,
    };
    if let Some(refusal) = refused_key(&inner, &asked.headers) {
        visit.done();
        return refusal;
    }
    if asked.is_question() {
        return question(&inner, &asked, visit).await;
    }
    let found = about_models(&inner, &asked);
    visit.done();
    found.unwrap_or_else(|| plain(404, "text/plain", Body::from("404 page not found")))
}

fn refused_key(inner: &Inner, headers: &HeaderMap) -> Option<Response> {
    let wanted = inner.state().talents.key.clone()?;
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let given = match inner.flavour {
        Flavour::Anthropic => text("x-api-key"),
        _ => text("authorization").and_then(|value| value.strip_prefix("Bearer ")),
    };
    if given == Some(wanted.as_str()) {
        return None;
    }
    // As real servers do, it repeats what it was given.
    let words = format!("Incorrect API key provided: {}.", given.unwrap_or_default());
    Some(refuse(inner.flavour, 401, "invalid_api_key", &words))
}

fn refuse(flavour: Flavour, status: u16, code: &str, words: &str) -> Response {
    let body = match flavour {
        Flavour::Anthropic => json!({"type": "error", "error": {"type": code, "message": words}}),
        _ => {
            json!({"error": {"message": words, "type": "invalid_request_error", "code": code, "param": null}})
        }
    };
    plain(status, JSON, Body::from(body.to_string()))
}

fn about_models(inner: &Inner, asked: &Asked) -> Option<Response> {
    let talents = inner.state().talents.clone();
    let list = |entry: &dyn Fn(&String, u32) -> Value| -> Vec<Value> {
        talents
            .models
            .iter()
            .map(|(name, context)| entry(name, *context))
            .collect()
    };
    let body = match (inner.flavour, asked.path.as_str()) {
        (Flavour::Ollama, "/api/tags") => {
            json!({"models": list(&|name, _| {
                let mut entry = json!({"name": name, "model": name, "size": 4_000_000_000_u64});
                if name.ends_with("cloud") && let Some(entry) = entry.as_object_mut() {
                    entry.insert("remote_host".to_owned(), json!("https://ollama.com:443"));
                }
                entry
            })})
        }
        (Flavour::Ollama, "/api/show") => {
            let wanted = asked.json();
            let wanted = wanted.get("model").and_then(Value::as_str)?;
            let (_, context) = talents.models.iter().find(|(name, _)| name == wanted)?;
            json!({"model_info": {"llama.context_length": 131_072}, "parameters": format!("stop \"<|eot|>\"\nnum_ctx {context}")})
        }
        (Flavour::LmStudio, "/api/v0/models") => {
            json!({"object": "list", "data": list(&|name, context| {
                let kind = if name.contains("embed") { "embeddings" } else { "llm" };
                json!({"id": name, "object": "model", "type": kind, "state": "loaded", "loaded_context_length": context, "max_context_length": 131_072})
            })})
        }
        (Flavour::Anthropic, "/v1/models") => {
            json!({"data": list(&|name, _| json!({"type": "model", "id": name, "display_name": name})), "has_more": false})
        }
        (_, "/v1/models") => {
            json!({"object": "list", "data": list(&|name, context| json!({"id": name, "object": "model", "context_length": context}))})
        }
        (Flavour::OpenAi | Flavour::Ollama | Flavour::LmStudio, "/v1/embeddings") => {
            let length = talents.embeddings?;
            let question = asked.json();
            let texts = question.get("input")?.as_array()?.clone();
            let data: Vec<Value> = texts
                .iter()
                .enumerate()
                .map(|(index, text)| json!({"object": "embedding", "index": index, "embedding": vector(text.as_str().unwrap_or_default(), length)}))
                // The order in the answer is nobody's promise.
                .rev()
                .collect();
            json!({"object": "list", "data": data, "usage": {"prompt_tokens": 3 * texts.len(), "total_tokens": 3 * texts.len()}})
        }
        _ => return None,
    };
    Some(plain(200, JSON, Body::from(body.to_string())))
}

/// A vector that is alike for texts with the same words.
fn vector(text: &str, length: usize) -> Vec<f64> {
    let mut numbers = vec![0.0; length];
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
        let sum = word.bytes().fold(7_u64, |sum, byte| {
            sum.wrapping_mul(1_099_511_628_211) ^ u64::from(byte)
        });
        let place = usize::try_from(sum % u64::try_from(length.max(1)).unwrap_or(1)).unwrap_or(0);
        if let Some(number) = numbers.get_mut(place).filter(|_| !word.is_empty()) {
            *number += 1.0;
        }
    }
    numbers
}

/// How a question asks for a form.
enum Form {
    Schema(Value),
    Tool(String, Value),
    Json,
    Free,
}

fn form(flavour: Flavour, question: &Value) -> Form {
    let at = |place: &str| question.pointer(place).cloned();
    let name = |place: &str| Some(question.pointer(place)?.as_str()?.to_owned());
    if flavour == Flavour::Anthropic {
        if let Some(schema) = at("/output_config/format/schema") {
            return Form::Schema(schema);
        }
        if let (Some(name), Some(schema)) = (name("/tool_choice/name"), at("/tools/0/input_schema")) {
            return Form::Tool(name, schema);
        }
        return Form::Free;
    }
    if let (Some(name), Some(schema)) = (
        name("/tool_choice/function/name"),
        at("/tools/0/function/parameters"),
    ) {
        return Form::Tool(name, schema);
    }
    match name("/response_format/type").as_deref() {
        Some("json_schema") => Form::Schema(at("/response_format/json_schema/schema").unwrap_or(Value::Null)),
        Some(_) => Form::Json,
        None => Form::Free,
    }
}

async fn question(inner: &Arc<Inner>, asked: &Asked, visit: Visit) -> Response {
    let question = asked.json();
    let talents = inner.state().talents.clone();
    let flavour = inner.flavour;
    if let Some(disliked) = talents
        .dislikes
        .iter()
        .find(|name| question.get(**name).is_some())
    {
        visit.done();
        let words = format!("Unsupported parameter: '{disliked}' is not supported with this model.");
        return refuse(flavour, 400, "unsupported_parameter", &words);
    }
    let form = form(flavour, &question);
    let (talent, what) = match &form {
        Form::Schema(_) => (talents.json_schema, "response_format json_schema"),
        Form::Tool(..) => (talents.tools, "tools"),
        Form::Json => (talents.json_mode, "response_format json_object"),
        Form::Free => (Talent::Keeps, ""),
    };
    if talent == Talent::Refuses {
        visit.done();
        return refuse(
            flavour,
            400,
            "invalid_value",
            &format!("This model does not support {what}."),
        );
    }
    let (script, rule) = {
        let mut state = inner.state();
        (state.scripts.pop_front(), state.rule.clone())
    };
    let script = script
        .or_else(|| rule.map(|rule| rule(asked)))
        .unwrap_or_else(|| Script::says(of_itself(&form, talent)));
    if !script.before.is_zero() {
        tokio::time::sleep(script.before).await;
    }
    let tool = match &form {
        Form::Tool(name, _) if talent == Talent::Keeps && !script.in_words => Some(name.as_str()),
        _ => None,
    };
    let counts = flavour == Flavour::Anthropic || question.pointer("/stream_options/include_usage").is_some();
    let wants_stream = question.get("stream").and_then(Value::as_bool).unwrap_or(false);
    let speech = |text| Speech {
        flavour,
        model: question.get("model").and_then(Value::as_str).unwrap_or_default(),
        text,
        tool,
        script: &script,
        counts,
    };
    let streams = wants_stream && talents.streaming;
    match &script.deed {
        Deed::Hangs => {
            let _visit = visit;
            pending().await
        }
        Deed::Answers {
            status,
            kind,
            body,
            headers,
        } => {
            visit.done();
            let mut response = plain(*status, kind, Body::from(body.clone()));
            for (name, value) in headers {
                if let (Ok(name), Ok(value)) = (
                    HeaderName::from_bytes(name.as_bytes()),
                    HeaderValue::from_str(value),
                ) {
                    response.headers_mut().insert(name, value);
                }
            }
            response
        }
        Deed::Floods(bytes) => flood(*bytes, streams, visit),
        Deed::Says(text) if streams => {
            let mut events = speech(text).words();
            events.extend(speech(text).end());
            stream_of(&events, &script, Last::Close, visit)
        }
        Deed::Says(text) => {
            visit.done();
            plain(200, JSON, Body::from(speech(text).whole().to_string()))
        }
        Deed::FallsSilent(text) => stream_of(&speech(text).words(), &script, Last::Silence, visit),
        Deed::BreaksOff(text) => stream_of(&speech(text).words(), &script, Last::Cut, visit),
        Deed::Fails(text, words) => {
            let mut events = speech(text).words();
            events.push(speech(text).failure(words));
            stream_of(&events, &script, Last::Close, visit)
        }
    }
}

/// What a server without a script says.
fn of_itself(form: &Form, talent: Talent) -> String {
    match form {
        Form::Schema(schema) | Form::Tool(_, schema) if talent == Talent::Keeps => {
            emptiest(schema).to_string()
        }
        Form::Json if talent == Talent::Keeps => "{\"code\": 7}".to_owned(),
        _ => "banana".to_owned(),
    }
}

/// How a stream ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Close,
    Silence,
    Cut,
}

fn stream_of(events: &[String], script: &Script, last: Last, visit: Visit) -> Response {
    let pieces: Vec<Bytes> = match script.piece {
        Some(size) => {
            let all = events.concat();
            all.as_bytes().chunks(size).map(Bytes::copy_from_slice).collect()
        }
        None => events.iter().map(|event| Bytes::from(event.clone())).collect(),
    };
    let between = script.between;
    let body = stream::unfold(
        (pieces.into_iter(), visit),
        move |(mut pieces, visit)| async move {
            if let Some(piece) = pieces.next() {
                if !between.is_zero() {
                    tokio::time::sleep(between).await;
                }
                // One turn of the scheduler lets the connection flush, so that the pieces travel one by one.
                tokio::task::yield_now().await;
                return Some((Ok::<_, io::Error>(piece), (pieces, visit)));
            }
            match last {
                Last::Close => {
                    visit.done();
                    None
                }
                Last::Silence => pending().await,
                Last::Cut => {
                    visit.done();
                    Some((Err(io::ErrorKind::ConnectionAborted.into()), (pieces, visit)))
                }
            }
        },
    );
    plain(200, EVENTS, Body::from_stream(body))
}

/// Sends words without end, or nearly.
fn flood(bytes: usize, streams: bool, visit: Visit) -> Response {
    const PIECE: usize = 64 * 1024;
    let words = "z".repeat(PIECE);
    let (kind, piece) = if streams {
        let event = json!({"choices": [{"index": 0, "delta": {"content": words}}], "type": "content_block_delta", "delta": {"type": "text_delta", "text": ""}});
        (EVENTS, Bytes::from(format!("data: {event}\n\n")))
    } else {
        (JSON, Bytes::from(words))
    };
    let body = stream::unfold((0_usize, visit), move |(sent, visit)| {
        let piece = piece.clone();
        async move {
            if sent >= bytes {
                visit.done();
                return None;
            }
            Some((Ok::<_, io::Error>(piece), (sent + PIECE, visit)))
        }
    });
    plain(200, kind, Body::from_stream(body))
}

fn plain(status: u16, kind: &'static str, body: Body) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}
