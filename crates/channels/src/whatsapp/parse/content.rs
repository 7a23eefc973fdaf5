//! What a message is: its kind, its words, its file and the rest of its content
//! (whatsapp-cloud-api, sections 2.2, 2.3 and 6).

use crate::inbound::InboundAttachment;
use crate::whatsapp::{lenient, repair};
use domain::{Failure, MessageKind};
use serde_json::{Map, Value, json};

/// The code for a file the provider could not pass on (section 6).
const MEDIA_ERROR: i64 = 131_052;

/// Deeper answers to forms stay text only, so that what is stored can always be read again.
const DEEPEST_ANSWER: usize = 48;

/// Kinds by which a message without its `type` is recognised.
const BY_KEY: [&str; 18] = [
    "text",
    "image",
    "video",
    "audio",
    "document",
    "sticker",
    "location",
    "contacts",
    "button",
    "interactive",
    "order",
    "reaction",
    "edit",
    "revoke",
    "system",
    "template",
    "unsupported",
    "errors",
];

/// What a message holds.
pub(super) struct Content {
    pub(super) kind: MessageKind,
    /// The provider's own word.
    pub(super) original_kind: String,
    pub(super) text: Option<String>,
    pub(super) payload: Value,
    pub(super) attachment: Option<InboundAttachment>,
}

/// The part of it that one kind of object gives.
struct Part {
    kind: MessageKind,
    text: Option<String>,
    payload: Value,
    attachment: Option<InboundAttachment>,
}

impl Part {
    const fn new(kind: MessageKind, text: Option<String>, payload: Value) -> Self {
        Self {
            kind,
            text,
            payload,
            attachment: None,
        }
    }
}

/// Returns the provider's word for what a message is, as it is written.
pub(super) fn original_kind(body: &Value) -> String {
    lenient::id(body.get("type"))
        .or_else(|| {
            let found = BY_KEY
                .iter()
                .find(|key| body.get(key).is_some_and(|v| !v.is_null()))?;
            Some(if *found == "errors" { "unsupported" } else { found }.to_owned())
        })
        .unwrap_or_else(|| "unknown".to_owned())
}

/// Returns the object a message carries under the name of its type.
pub(super) fn object<'a>(body: &'a Value, original: &str) -> Option<&'a Value> {
    body.get(original)
        .or_else(|| body.get(original.to_ascii_lowercase()))
        .filter(|object| !object.is_null())
}

/// Returns whether a message lacks its content and does not say why, so that errors of its webhook speak of it
/// (section 2.7).
pub(super) fn wants_errors(body: &Value) -> bool {
    let original = original_kind(body);
    body.is_object()
        && object(body, &original).is_none()
        && lenient::failures(body.get("errors")).is_empty()
        && !matches!(original.as_str(), "request_welcome" | "media_placeholder")
}

/// Reads the content of a message; `errors` are those that speak of it.
pub(super) fn read(body: &Value, errors: &[Failure]) -> Content {
    let original_kind = original_kind(body);
    let word = original_kind.to_ascii_lowercase();
    let object = object(body, &original_kind);
    let has_type = lenient::id(body.get("type")).is_some();
    let part = match word.as_str() {
        "unsupported" | "media_placeholder" => None,
        "unknown" if has_type => None,
        "request_welcome" => Some(Part::new(
            MessageKind::Welcome,
            None,
            object.map_or(Value::Null, |object| wrapped(&word, object)),
        )),
        _ => object.and_then(|object| part(&word, object, body, errors)),
    };
    let part = part.unwrap_or_else(|| match word.as_str() {
        "unsupported" | "media_placeholder" => unsupported(&word, object, errors),
        "unknown" if has_type => unsupported(&word, object, errors),
        _ => unreadable(&word, object, errors),
    });
    Content {
        kind: part.kind,
        original_kind,
        text: part.text,
        payload: with_product(part.payload, body),
        attachment: part.attachment,
    }
}

/// Reads the object of a known kind; `None` when its shape is not the one that is documented.
fn part(word: &str, object: &Value, body: &Value, errors: &[Failure]) -> Option<Part> {
    match word {
        "text" => words(object).map(|text| Part::new(MessageKind::Text, Some(text), Value::Null)),
        "image" | "video" | "audio" | "document" | "sticker" => media(word, object, errors),
        "location" => {
            is_place(object).then(|| Part::new(MessageKind::Location, said(object, "/name"), object.clone()))
        }
        "contacts" => contacts(object, body),
        "button" => button(object),
        "interactive" => interactive(object),
        "order" => object
            .get("product_items")
            .filter(|items| items.is_array())
            .map(|_| Part::new(MessageKind::Order, said(object, "/text"), object.clone())),
        "system" => object
            .is_object()
            .then(|| Part::new(MessageKind::System, said(object, "/body"), object.clone())),
        "template" => object
            .is_object()
            .then(|| Part::new(MessageKind::Template, None, object.clone())),
        _ => None,
    }
}

/// Returns the words of a text message, empty ones included.
fn words(object: &Value) -> Option<String> {
    match object {
        Value::Object(_) => lenient::text(object.get("body")),
        bare => lenient::text(Some(bare)),
    }
}

/// Returns what somebody wrote at a place, unless it is blank.
fn said(object: &Value, pointer: &str) -> Option<String> {
    lenient::text(object.pointer(pointer)).filter(|words| !words.trim().is_empty())
}

/// Reads a file (section 6).
fn media(word: &str, object: &Value, errors: &[Failure]) -> Option<Part> {
    let keys = object.as_object()?;
    let known = ["id", "url", "link", "mime_type", "sha256", "caption", "filename"];
    if errors.is_empty() && !known.iter().any(|key| lenient::id(keys.get(*key)).is_some()) {
        return None;
    }
    let kind = match word {
        "audio" if lenient::truth(keys.get("voice")) => MessageKind::Voice,
        _ => media_kind(word)?,
    };
    // Where another program took a file from is no address of the provider's: our token must not go there.
    let payload = lenient::id(keys.get("link")).map_or(Value::Null, |link| json!({ "link": link }));
    Some(Part {
        kind,
        text: said(object, "/caption").filter(|_| matches!(word, "image" | "video" | "document")),
        payload,
        attachment: Some(InboundAttachment {
            media_id: lenient::id(keys.get("id")),
            url: lenient::id(keys.get("url")),
            mime_type: lenient::id(keys.get("mime_type")),
            sha256: lenient::id(keys.get("sha256")),
            file_name: said(object, "/filename"),
            animated: lenient::truth(keys.get("animated")),
        }),
    })
}

fn media_kind(word: &str) -> Option<MessageKind> {
    match word {
        "image" => Some(MessageKind::Image),
        "video" => Some(MessageKind::Video),
        "audio" => Some(MessageKind::Audio),
        "document" => Some(MessageKind::Document),
        "sticker" => Some(MessageKind::Sticker),
        _ => None,
    }
}

/// Returns whether an object names a place on this planet.
fn is_place(object: &Value) -> bool {
    let within = |key: &str, limit: f64| {
        lenient::text(object.get(key))
            .and_then(|degrees| degrees.trim().parse::<f64>().ok())
            .is_some_and(|degrees| degrees.abs() <= limit)
    };
    within("latitude", 90.0) && within("longitude", 180.0)
}

/// Reads address cards. Some write their origin at the message (section 2.2).
fn contacts(object: &Value, body: &Value) -> Option<Part> {
    let cards: Vec<Value> = lenient::list(Some(object.clone()))
        .ok()?
        .into_iter()
        .filter(Value::is_object)
        .collect();
    if cards.is_empty() {
        return None;
    }
    let mut payload = Map::new();
    payload.insert("contacts".to_owned(), Value::Array(cards));
    if let Some(origin) = lenient::id(body.get("origin")) {
        payload.insert("origin".to_owned(), Value::String(origin));
    }
    Some(Part::new(MessageKind::Contacts, None, Value::Object(payload)))
}

/// Reads a tap on a button of a template.
fn button(object: &Value) -> Option<Part> {
    if !object.is_object() || (said(object, "/text").is_none() && said(object, "/payload").is_none()) {
        return None;
    }
    Some(Part::new(
        MessageKind::ButtonReply,
        said(object, "/text"),
        object.clone(),
    ))
}

/// Reads answers to what has buttons, lists or forms, and such messages themselves when the business sent them.
fn interactive(object: &Value) -> Option<Part> {
    let reply = |key: &str| object.get(key).filter(|reply| reply.is_object());
    let chosen = |kind: MessageKind, key: &str| {
        let reply = reply(key)?;
        let title = said(reply, "/title");
        (title.is_some() || said(reply, "/id").is_some()).then(|| Part::new(kind, title, reply.clone()))
    };
    let known = ["button_reply", "list_reply", "nfm_reply", "call_permission_reply"];
    let named = lenient::id(object.get("type")).map(|kind| kind.to_ascii_lowercase());
    let kind = named
        .filter(|kind| known.contains(&kind.as_str()) || reply("action").is_some())
        .or_else(|| {
            known
                .iter()
                .find(|key| reply(key).is_some())
                .map(|key| (*key).to_owned())
        });
    match kind.as_deref() {
        Some("button_reply") => chosen(MessageKind::ButtonReply, "button_reply"),
        Some("list_reply") => chosen(MessageKind::ListReply, "list_reply"),
        Some("nfm_reply") => reply("nfm_reply").map(form),
        Some("call_permission_reply") => {
            reply("call_permission_reply").map(|_| Part::new(MessageKind::System, None, object.clone()))
        }
        _ => reply("action").map(|_| {
            Part::new(
                MessageKind::Interactive,
                said(object, "/body/text"),
                object.clone(),
            )
        }),
    }
}

/// Reads an answer to a form. The answer is JSON written in a string; what is no JSON stays a string.
fn form(reply: &Value) -> Part {
    let written = match reply.get("response_json") {
        Some(Value::String(written)) => Some(written.clone()),
        None | Some(Value::Null) => None,
        Some(unwritten) => Some(unwritten.to_string()),
    };
    let answer = written.as_deref().and_then(|written| {
        serde_json::from_str::<Value>(written)
            .or_else(|_| serde_json::from_str(&repair::repair(written.as_bytes())))
            .ok()
            .filter(|answer| answer.is_object() && depth(answer) <= DEEPEST_ANSWER)
    });
    let mut payload = Map::new();
    for (key, value) in [
        ("name", lenient::text(reply.get("name")).map(Value::String)),
        ("body", lenient::text(reply.get("body")).map(Value::String)),
        ("response_json", written.map(Value::String)),
        ("response", answer),
    ] {
        if let Some(value) = value {
            payload.insert(key.to_owned(), value);
        }
    }
    Part::new(
        MessageKind::FlowReply,
        said(reply, "/body"),
        Value::Object(payload),
    )
}

fn depth(value: &Value) -> usize {
    let inner = match value {
        Value::Array(items) => items.iter().map(depth).max(),
        Value::Object(keys) => keys.values().map(depth).max(),
        _ => return 0,
    };
    inner.unwrap_or(0).saturating_add(1)
}

/// What the provider does not pass on, with what it says about it.
fn unsupported(word: &str, object: Option<&Value>, errors: &[Failure]) -> Part {
    let inner = object.and_then(|object| match object {
        Value::Object(keys) => lenient::id(keys.get("type")),
        bare => lenient::id(Some(bare)),
    });
    let inner = inner.or_else(|| (!matches!(word, "unsupported" | "unknown" | "")).then(|| word.to_owned()));
    let first = errors.first();
    let mut payload = Map::new();
    for (key, value) in [
        ("type", inner.map(Value::String)),
        ("code", first.and_then(|error| error.code).map(Value::from)),
        ("title", first.map(|error| Value::from(error.title.clone()))),
        (
            "details",
            first.and_then(|error| error.detail.clone()).map(Value::String),
        ),
    ] {
        if let Some(value) = value {
            payload.insert(key.to_owned(), value);
        }
    }
    let payload = if payload.is_empty() {
        Value::Null
    } else {
        Value::Object(payload)
    };
    Part::new(MessageKind::Unsupported, None, payload)
}

/// A kind that is new, or one that is known but came without what makes it one.
fn unreadable(word: &str, object: Option<&Value>, errors: &[Failure]) -> Part {
    let is_media_error = errors.iter().any(|error| error.code == Some(MEDIA_ERROR));
    match (object, media_kind(word)) {
        (None, Some(kind)) if is_media_error => Part {
            attachment: Some(InboundAttachment::default()),
            ..Part::new(kind, None, Value::Null)
        },
        (None, _) if !errors.is_empty() => unsupported(word, None, errors),
        (Some(object), _) => Part::new(MessageKind::Unknown, None, wrapped(word, object)),
        (None, _) => Part::new(MessageKind::Unknown, None, Value::Null),
    }
}

/// Returns content as an object, whatever it was.
fn wrapped(word: &str, content: &Value) -> Value {
    if content.is_object() {
        content.clone()
    } else {
        json!({ word: content })
    }
}

/// Adds the product a message asks about (section 2.3).
fn with_product(payload: Value, body: &Value) -> Value {
    let product = body
        .pointer("/context/referred_product")
        .filter(|product| product.is_object());
    let Some(product) = product else { return payload };
    let mut payload = match payload {
        Value::Object(payload) => payload,
        _ => Map::new(),
    };
    payload.insert("referred_product".to_owned(), product.clone());
    Value::Object(payload)
}
