//! Reading values that providers write now as text, now as a number, now not at all (whatsapp-cloud-api, section 11).

use domain::{Failure, Timestamp};
use serde_json::Value;

/// 2100-01-01. A message from after that was stamped in another unit or by a broken clock.
const LATEST_SECOND: i64 = 4_102_444_800;

/// Returns the text of a string or the digits of a number.
pub(super) fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns an id or a name: like [`text`], but blank counts as absent.
pub(super) fn id(value: Option<&Value>) -> Option<String> {
    let text = text(value)?;
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// Returns the digits of a phone number or WhatsApp id, when there are any.
pub(super) fn digits(value: Option<&Value>) -> Option<String> {
    let digits = domain::digits_only(&text(value)?);
    (!digits.is_empty()).then_some(digits)
}

/// Returns a whole number, however it is written.
pub(super) fn integer(value: Option<&Value>) -> Option<i64> {
    let text = text(value)?;
    let text = text.trim();
    let whole = text
        .split_once('.')
        .filter(|(_, fraction)| fraction.bytes().all(|b| b == b'0'))
        .map_or(text, |(whole, _)| whole);
    whole.parse().ok()
}

/// Returns whether something is said to be true.
pub(super) fn truth(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(truth)) => *truth,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// Returns a moment given in seconds since 1970, when it is a sensible one.
pub(super) fn moment(value: Option<&Value>) -> Option<Timestamp> {
    integer(value)
        .filter(|second| (1..LATEST_SECOND).contains(second))
        .and_then(Timestamp::from_unix_seconds)
}

/// Returns the objects and scalars of a list; a single one that stands without its list counts as a list of one.
/// `None` when it is neither.
pub(super) fn list(value: Option<Value>) -> Result<Vec<Value>, Value> {
    match value {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => Ok(items),
        Some(single @ Value::Object(_)) => Ok(vec![single]),
        Some(other) => Err(other),
    }
}

/// Returns the error objects of a list, which have the same shape in messages, statuses and values (section 3.3).
pub(super) fn failures(value: Option<&Value>) -> Vec<Failure> {
    match value {
        Some(Value::Array(errors)) => errors.iter().filter_map(failure).collect(),
        Some(single) => failure(single).into_iter().collect(),
        None => Vec::new(),
    }
}

fn failure(error: &Value) -> Option<Failure> {
    let error = error.as_object()?;
    let code = integer(error.get("code"));
    let message = id(error.get("message"));
    let title = id(error.get("title"))
        .or_else(|| message.clone())
        .or_else(|| code.map(|code| format!("Error {code}")))?;
    let detail = details(error.get("error_data"))
        .or_else(|| id(error.get("details")))
        .or(message)
        .filter(|detail| *detail != title);
    Some(Failure {
        code,
        // Reports carry none (section 3.3).
        subcode: None,
        title,
        detail,
    })
}

/// Returns the explanation in `error_data`, which is an object, a string, or an object written in a string
/// (section 8.1).
pub(super) fn details(data: Option<&Value>) -> Option<String> {
    match data? {
        Value::Object(data) => id(data.get("details")),
        Value::String(written) => match serde_json::from_str::<Value>(written) {
            Ok(Value::Object(data)) => id(data.get("details")),
            _ => id(data),
        },
        _ => None,
    }
}

/// Returns a figure such as a percentage, rounded down; `None` when it is none or negative.
pub(super) fn number(value: Option<&Value>) -> Option<u32> {
    let text = text(value)?;
    let whole = text.trim().split('.').next()?;
    whole.parse().ok()
}

/// Returns what is said to be true or false; `None` when nothing is said.
pub(super) fn verdict(value: Option<&Value>) -> Option<bool> {
    match value? {
        Value::Bool(verdict) => Some(*verdict),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// Returns the names in a list, or the single one that stands without its list.
pub(super) fn names(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(|item| id(Some(item))).collect(),
        single => id(single).into_iter().collect(),
    }
}
