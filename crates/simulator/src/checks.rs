//! What Graph accepts of each kind of message (`whatsapp-cloud-api.md` 5.3). Pure: a body in, a verdict out.

mod interactive;
mod template;

use serde_json::{Map, Value};

use crate::graph::GraphError;

pub(crate) use interactive::check as check_interactive;
pub(crate) use template::check as check_template;

const CAPTION_LIMIT: usize = 1024;
/// Contacts of one message.
const CARDS: usize = 257;

type Object = Map<String, Value>;
type Verdict = Result<(), GraphError>;

/// Tells whether a file may be used: its id and the kind of message.
pub(crate) type FileCheck<'a> = &'a dyn Fn(&str, &str) -> Verdict;

/// A required parameter is not there.
pub(crate) fn missing(what: &str) -> GraphError {
    GraphError::of(100).details(format!("The parameter {what} is required."))
}

/// A value is of the wrong form or size.
pub(crate) fn invalid(details: impl Into<String>) -> GraphError {
    GraphError::of(131_009).details(details)
}

/// The length that counts against a limit: UTF-16 units, the stricter of the two plausible counts.
pub(crate) fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

pub(crate) fn text<'a>(object: &'a Object, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}

/// A text that must be there and not be empty.
pub(crate) fn required<'a>(
    object: &'a Object,
    key: &str,
    name: &str,
    limit: usize,
) -> Result<&'a str, GraphError> {
    let found = text(object, key)
        .filter(|text| !text.trim().is_empty())
        .ok_or_else(|| missing(name))?;
    within(found, name, limit)?;
    Ok(found)
}

/// A text that may be there.
pub(crate) fn optional(object: &Object, key: &str, name: &str, limit: usize) -> Verdict {
    match object.get(key) {
        None => Ok(()),
        Some(Value::String(text)) => within(text, name, limit),
        Some(_) => Err(invalid(format!("{name} must be a string."))),
    }
}

pub(crate) fn within(text: &str, name: &str, limit: usize) -> Verdict {
    if length(text) > limit {
        return Err(invalid(format!(
            "{name} must be at most {limit} characters long."
        )));
    }
    Ok(())
}

/// The object of a kind, or the error that it is missing.
pub(crate) fn object<'a>(parent: &'a Object, key: &str, name: &str) -> Result<&'a Object, GraphError> {
    parent
        .get(key)
        .and_then(Value::as_object)
        .ok_or_else(|| missing(name))
}

pub(crate) fn list<'a>(parent: &'a Object, key: &str, name: &str) -> Result<&'a [Value], GraphError> {
    parent
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .filter(|list| !list.is_empty())
        .ok_or_else(|| missing(name))
}

/// Judges the content of a message whose kind is neither text nor template.
pub(crate) fn check(kind: &str, body: &Object, files: FileCheck<'_>) -> Verdict {
    match kind {
        "image" | "video" | "audio" | "document" | "sticker" => {
            check_file(object(body, kind, kind)?, kind, files)?;
            let may_caption = matches!(kind, "image" | "video" | "document");
            let object = object(body, kind, kind)?;
            if !may_caption && object.contains_key("caption") {
                return Err(invalid(format!("Param {kind}['caption'] is not supported.")));
            }
            optional(object, "caption", "caption", CAPTION_LIMIT)?;
            if kind != "document" && object.contains_key("filename") {
                return Err(invalid(format!("Param {kind}['filename'] is not supported.")));
            }
            optional(object, "filename", "filename", 240)?;
            match object.get("voice") {
                None => Ok(()),
                Some(Value::Bool(_)) if kind == "audio" => Ok(()),
                Some(_) => Err(invalid(format!(
                    "Param {kind}['voice'] is a boolean of audio messages."
                ))),
            }
        }
        "location" => check_location(object(body, "location", "location")?),
        "contacts" => check_contacts(list(body, "contacts", "contacts")?),
        "reaction" => check_reaction(body),
        "interactive" => check_interactive(object(body, "interactive", "interactive")?, files),
        _ => Ok(()),
    }
}

/// `id` or `link`, never both. Links are believed.
pub(crate) fn check_file(object: &Object, kind: &str, files: FileCheck<'_>) -> Verdict {
    match (object.get("id"), object.get("link")) {
        (Some(_), Some(_)) => Err(invalid(format!("{kind} must have either id or link, not both."))),
        (None, None) => Err(missing(&format!("{kind}['id'] or {kind}['link']"))),
        (Some(id), None) => files(id.as_str().unwrap_or_default(), kind),
        (None, Some(link)) => match link.as_str() {
            Some(link) if link.starts_with("https://") || link.starts_with("http://") => Ok(()),
            _ => Err(invalid(format!("{kind}['link'] is not a valid URI."))),
        },
    }
}

fn check_location(place: &Object) -> Verdict {
    let degrees = |key: &str, bound: f64| {
        let value = place
            .get(key)
            .ok_or_else(|| missing(&format!("location['{key}']")))?;
        let number = value
            .as_f64()
            .or_else(|| value.as_str().and_then(|text| text.parse().ok()));
        if number.is_some_and(|number| number.abs() <= bound) {
            Ok(())
        } else {
            Err(invalid(format!("location['{key}'] is not a coordinate.")))
        }
    };
    degrees("latitude", 90.0)?;
    degrees("longitude", 180.0)?;
    optional(place, "name", "location['name']", 1000)?;
    optional(place, "address", "location['address']", 1000)
}

fn check_contacts(cards: &[Value]) -> Verdict {
    if cards.len() > CARDS {
        return Err(invalid("contacts may have at most 257 elements."));
    }
    for card in cards {
        let card = card
            .as_object()
            .ok_or_else(|| invalid("A contact must be an object."))?;
        let name = object(card, "name", "contacts['name']")?;
        required(name, "formatted_name", "contacts['name']['formatted_name']", 1000)?;
        let parts = ["first_name", "last_name", "middle_name", "prefix", "suffix"];
        if !parts
            .iter()
            .any(|part| text(name, part).is_some_and(|text| !text.is_empty()))
        {
            return Err(missing(
                "contacts['name']['first_name'] or another part of the name",
            ));
        }
        if let Some(phones) = card.get("phones").and_then(Value::as_array) {
            for phone in phones {
                let given = phone.get("phone").or_else(|| phone.get("wa_id"));
                if given.and_then(Value::as_str).is_none_or(str::is_empty) {
                    return Err(missing("contacts['phones']['phone']"));
                }
            }
        }
        if let Some(birthday) = card.get("birthday") {
            let good = birthday.as_str().is_some_and(|text| {
                let mut parts = text
                    .split('-')
                    .map(|part| (part.len(), part.parse::<u16>().is_ok()));
                [parts.next(), parts.next(), parts.next(), parts.next()]
                    == [Some((4, true)), Some((2, true)), Some((2, true)), None]
            });
            if !good {
                return Err(invalid("contacts['birthday'] must be YYYY-MM-DD."));
            }
        }
    }
    Ok(())
}

fn check_reaction(body: &Object) -> Verdict {
    if body.contains_key("context") {
        return Err(invalid("Param context is not allowed with reactions."));
    }
    let reaction = object(body, "reaction", "reaction")?;
    required(reaction, "message_id", "reaction['message_id']", 512)?;
    match reaction.get("emoji") {
        // More than one family emoji would fit here, more than a sentence would not.
        Some(Value::String(emoji)) if length(emoji) <= 40 && !emoji.is_ascii() || emoji.is_empty() => Ok(()),
        Some(_) => Err(invalid("Param reaction['emoji'] is not an emoji.")),
        None => Err(missing("reaction['emoji']")),
    }
}
