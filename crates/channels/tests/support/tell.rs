//! Webhooks of a bakery, and one line about each thing that was read out of them.

use channels::whatsapp::parse;
use channels::{Event, InboundAttachment, InboundMessage, Parsed, PersonNews, StatusReport};
use domain::{Direction, Forwarded, Identity};
use serde_json::{Value, json};
use std::fmt::Write as _;

pub(crate) const NUMBER: &str = "600100200300400";
pub(crate) const ACCOUNT: &str = "700800900";
pub(crate) const OWN: &str = "351210000142";

/// A body with one change.
pub(crate) fn field(field: &str, value: &Value) -> Value {
    json!({"object": "whatsapp_business_account",
        "entry": [{"id": ACCOUNT, "time": 1_794_300_500, "changes": [{"value": value, "field": field}]}]})
}

/// A body about the bakery's number.
pub(crate) fn number(name: &str, mut value: Value) -> Value {
    if let Some(keys) = value.as_object_mut() {
        keys.insert("messaging_product".to_owned(), json!("whatsapp"));
        keys.insert(
            "metadata".to_owned(),
            json!({"display_phone_number": OWN, "phone_number_id": NUMBER}),
        );
    }
    field(name, &value)
}

/// A body with messages and Inês's contact.
pub(crate) fn messages(messages: &Value) -> Value {
    number("messages", json!({"contacts": [ines()], "messages": messages}))
}

/// A body with one message by Inês; `more` is merged into it.
pub(crate) fn by_ines(more: Value) -> Value {
    messages(&json!([merged(
        json!({"from": "351910000001", "from_user_id": "PT.111", "id": "wamid.A1", "timestamp": "1794301205"}),
        more
    )]))
}

pub(crate) fn merged(mut base: Value, more: Value) -> Value {
    if let (Some(base), Value::Object(more)) = (base.as_object_mut(), more) {
        base.extend(more);
    }
    base
}

pub(crate) fn ines() -> Value {
    json!({"profile": {"name": "Inês Prado"}, "wa_id": "351910000001", "user_id": "PT.111"})
}

/// Somebody with a user name whose number is withheld.
pub(crate) fn rui() -> Value {
    json!({"profile": {"name": "Rui", "username": "@rui.surf"}, "user_id": "PT.222"})
}

/// Reads a body, which has to be understood whole, and says in one line each what was in it.
pub(crate) fn told(body: &Value) -> Vec<String> {
    let parsed = parse(body.to_string().as_bytes());
    assert_eq!(parsed.failures, [], "{body}");
    tell(&parsed)
}

pub(crate) fn tell(parsed: &Parsed) -> Vec<String> {
    parsed
        .items
        .iter()
        .map(|item| match &item.event {
            Event::Message(message) => tell_message(message),
            Event::Reaction(reaction) => format!(
                "{} reaction {} to {} by {}",
                reaction.direction,
                reaction.emoji.as_deref().unwrap_or("(taken away)"),
                reaction.target,
                names(&reaction.identities)
            ),
            Event::Edit(edit) => format!(
                "edit {} of {}: {}",
                edit.provider_id,
                edit.target,
                tell_message(&edit.message)
            ),
            Event::Revoke(revoke) => format!(
                "{} revoke {} of {} by {}",
                revoke.direction,
                revoke.provider_id,
                revoke.target,
                names(&revoke.identities)
            ),
            Event::Status(status) => tell_status(status),
            Event::Person(news) => tell_person(news),
            Event::Handover(handover) => format!(
                "handover of {} from {:?} to {:?}: {:?}",
                names(&handover.identities),
                handover.previous_owner.as_deref(),
                handover.new_owner.as_deref(),
                handover.summary.as_deref()
            ),
            Event::Notice(notice) => format!(
                "notice {} {} {} {:?}",
                notice.field,
                notice.event.as_deref().unwrap_or("-"),
                notice.address.as_deref().unwrap_or("-"),
                notice.effect
            ),
            Event::Template(news) => {
                let mut line = format!("template {}", news.field);
                for (key, value) in [
                    ("id", &news.id),
                    ("name", &news.name),
                    ("language", &news.language),
                    ("status", &news.status),
                    ("reason", &news.reason),
                    ("advice", &news.advice),
                    ("quality", &news.quality),
                    ("category", &news.category),
                    ("coming", &news.coming_category),
                ] {
                    if let Some(value) = value {
                        write!(line, " {key}={value}").unwrap();
                    }
                }
                line
            }
            Event::Other { field, .. } => format!("other {field}"),
        })
        .collect()
}

/// The ids in their order, each with its kind.
pub(crate) fn names(identities: &[Identity]) -> String {
    let names: Vec<String> = identities
        .iter()
        .map(|identity| format!("{}:{}", identity.kind, identity.value))
        .collect();
    names.join("+")
}

fn tell_message(message: &InboundMessage) -> String {
    let mut line = format!(
        "{} {} {} ({}) {}",
        message.direction,
        message.source,
        message.kind,
        message.original_kind,
        names(&message.identities)
    );
    let mut add = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            write!(line, " {key}={value}").unwrap();
        }
    };
    add("name", message.name.as_deref());
    add("username", message.username.as_deref());
    add(
        "text",
        message.text.as_deref().map(|text| format!("{text:?}")).as_deref(),
    );
    add("reply_to", message.reply_to.as_deref());
    add(
        "forwarded",
        (message.forwarded != Forwarded::No).then(|| message.forwarded.as_str()),
    );
    add(
        "referral",
        message.referral.as_ref().map(Value::to_string).as_deref(),
    );
    add(
        "payload",
        (!message.payload.is_null())
            .then(|| message.payload.to_string())
            .as_deref(),
    );
    add("file", message.attachment.as_ref().map(tell_file).as_deref());
    add("group", message.group_id.as_deref());
    add("reached", message.reached.map(domain::Reached::as_str));
    for error in &message.errors {
        add("error", Some(&format!("{:?} {}", error.code, error.title)));
    }
    if message.opens_window {
        line.push_str(" window");
    }
    assert!(
        !message.identities.is_empty() && !message.provider_id.is_empty(),
        "{line}"
    );
    assert!(
        message.direction == Direction::Inbound || !message.opens_window,
        "{line}"
    );
    assert!(message.payload.is_null() || message.payload.is_object(), "{line}");
    line
}

fn tell_file(file: &InboundAttachment) -> String {
    let parts = [
        file.media_id.as_deref(),
        file.mime_type.as_deref(),
        file.sha256.as_deref(),
        file.url.as_deref(),
        file.file_name.as_deref(),
        file.animated.then_some("animated"),
    ];
    let known: Vec<&str> = parts.into_iter().flatten().collect();
    format!("[{}]", known.join(", "))
}

fn tell_status(status: &StatusReport) -> String {
    let mut line = format!("status {} {}", status.provider_id, status.original_status);
    let reached = status.reached.map_or("nothing", domain::Reached::as_str);
    write!(line, " reached={reached} for {}", names(&status.identities)).unwrap();
    for (key, value) in [
        ("name", status.name.clone()),
        ("username", status.username.clone()),
        ("reference", status.reference.clone()),
        (
            "failure",
            status
                .failure
                .as_ref()
                .map(|failure| format!("{:?} {}", failure.code, failure.title)),
        ),
        (
            "pricing",
            status.pricing.as_ref().map(|pricing| {
                format!(
                    "{}/{}/{:?}",
                    pricing.category.as_deref().unwrap_or("-"),
                    pricing.kind.as_deref().unwrap_or("-"),
                    pricing.billable
                )
            }),
        ),
        ("free_until", status.free_until.map(|until| until.0.to_string())),
    ] {
        if let Some(value) = value {
            write!(line, " {key}={value}").unwrap();
        }
    }
    line
}

fn tell_person(news: &PersonNews) -> String {
    let mut line = format!("person {} also {}", names(&news.known_as), names(&news.also));
    for (key, value) in [
        ("name", news.name.clone()),
        ("username", news.username.clone()),
        ("marketing", news.marketing.map(|wanted| wanted.to_string())),
        ("address_book", news.from_address_book.then(|| "yes".to_owned())),
        ("add", news.add_when_unknown.then(|| "yes".to_owned())),
    ] {
        if let Some(value) = value {
            write!(line, " {key}={value}").unwrap();
        }
    }
    line
}
