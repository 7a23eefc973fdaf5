//! Walks a webhook body: every entry, every change, every message and status, each on its own
//! (whatsapp-cloud-api, sections 1.6 and 11).

use super::{lenient, message, repair};
use crate::inbound::{Event, Item, ParseFailure, Parsed};
use serde_json::{Map, Value};

/// The object Meta names in WhatsApp webhooks.
const OBJECT: &str = "whatsapp_business_account";

/// Reads a webhook body. Never fails as a whole and never panics; a body that is no JSON is one failure.
pub fn parse(body: &[u8]) -> Parsed {
    let mut walk = Walk::default();
    match read(body) {
        Ok((value, lossy)) => {
            walk.parsed.lossy = lossy;
            walk.body(value);
        }
        Err(error) => {
            let text = String::from_utf8_lossy(body).into_owned();
            walk.fail("$", format!("the body is not JSON: {error}"), Value::String(text));
        }
    }
    walk.parsed
}

/// Returns whether [`parse`] could read the body as JSON at all; only then it deserves a 200 (section 1.3).
pub fn is_json(body: &[u8]) -> bool {
    read(body).is_ok()
}

/// Returns the value, and whether something had to be replaced to read it.
fn read(body: &[u8]) -> serde_json::Result<(Value, bool)> {
    match serde_json::from_slice(body) {
        Ok(value) => Ok((value, false)),
        Err(error) => {
            serde_json::from_str(&repair::repair(body)).map_or(Err(error), |value| Ok((value, true)))
        }
    }
}

/// What the parts of one change have in common.
struct Place {
    number_id: Option<String>,
    account_id: Option<String>,
    contacts: Vec<Value>,
    path: String,
}

#[derive(Default)]
struct Walk {
    parsed: Parsed,
}

impl Walk {
    fn fail(&mut self, path: &str, reason: impl Into<String>, raw: Value) {
        self.parsed.failures.push(ParseFailure {
            path: path.to_owned(),
            reason: reason.into(),
            raw,
        });
    }

    fn body(&mut self, body: Value) {
        let mut envelope = match body {
            Value::Object(envelope) => envelope,
            other => return self.fail("$", "the body is no object", other),
        };
        // Webhooks of Meta's other products are none of our business.
        if lenient::id(envelope.get("object")).is_some_and(|object| object != OBJECT) {
            return;
        }
        match lenient::list(envelope.remove("entry")) {
            Err(raw) => self.fail("entry", "expected a list", raw),
            Ok(entries) => {
                for (index, entry) in entries.into_iter().enumerate() {
                    self.entry(entry, &format!("entry[{index}]"));
                }
            }
        }
    }

    fn entry(&mut self, entry: Value, path: &str) {
        let mut entry = match entry {
            Value::Object(entry) => entry,
            other => return self.fail(path, "expected an object", other),
        };
        let account_id = lenient::id(entry.get("id"));
        match lenient::list(entry.remove("changes")) {
            Err(raw) => self.fail(&format!("{path}.changes"), "expected a list", raw),
            Ok(changes) => {
                for (index, change) in changes.into_iter().enumerate() {
                    self.change(change, account_id.as_deref(), &format!("{path}.changes[{index}]"));
                }
            }
        }
    }

    fn change(&mut self, change: Value, account_id: Option<&str>, path: &str) {
        let mut change = match change {
            Value::Object(change) => change,
            other => return self.fail(path, "expected an object", other),
        };
        let value = change.remove("value").unwrap_or(Value::Null);
        let field = match lenient::id(change.get("field")) {
            Some(field) => field,
            None if value.get("messages").or_else(|| value.get("statuses")).is_some() => {
                "messages".to_owned()
            }
            None => {
                change.insert("value".to_owned(), value);
                return self.fail(path, "the change names no field", Value::Object(change));
            }
        };
        let mut place = Place {
            number_id: number_id(&value),
            account_id: account_id.map(str::to_owned),
            contacts: Vec::new(),
            path: format!("{path}.value"),
        };
        if field != "messages" {
            return self.push(&place, Event::Other { field, raw: value });
        }
        match value {
            Value::Object(mut value) => {
                // Contacts only add to what stands in the items; odd ones are done without.
                place.contacts = lenient::list(value.remove("contacts")).unwrap_or_default();
                self.messages(&mut value, &place);
            }
            Value::Null => {}
            other => self.fail(&place.path, "expected an object", other),
        }
    }

    fn messages(&mut self, value: &mut Map<String, Value>, place: &Place) {
        for (path, raw) in self.items(value, "messages", place) {
            match message::message(raw, &place.contacts) {
                Ok(message) => self.push(place, Event::Message(Box::new(message))),
                Err((reason, raw)) => self.fail(&path, reason, raw),
            }
        }
        for (path, raw) in self.items(value, "statuses", place) {
            match message::status(raw, &place.contacts) {
                Ok(status) => self.push(place, Event::Status(Box::new(status))),
                Err((reason, raw)) => self.fail(&path, reason, raw),
            }
        }
        // Troubles of the number or the app, not of a chat (section 2.7).
        if let Some(raw) = value.remove("errors").filter(|errors| !is_empty(errors)) {
            let field = "errors".to_owned();
            self.push(place, Event::Other { field, raw });
        }
    }

    /// Returns the parts of a list with their paths.
    fn items(&mut self, value: &mut Map<String, Value>, name: &str, place: &Place) -> Vec<(String, Value)> {
        let path = format!("{}.{name}", place.path);
        match lenient::list(value.remove(name)) {
            Ok(items) => items
                .into_iter()
                .enumerate()
                .map(|(index, item)| (format!("{path}[{index}]"), item))
                .collect(),
            Err(raw) => {
                self.fail(&path, "expected a list", raw);
                Vec::new()
            }
        }
    }

    fn push(&mut self, place: &Place, event: Event) {
        self.parsed.items.push(Item {
            number_id: place.number_id.clone(),
            account_id: place.account_id.clone(),
            event,
        });
    }
}

/// Returns the id of our number; handovers name it as their recipient instead (section 4.6).
fn number_id(value: &Value) -> Option<String> {
    ["metadata", "recipient"]
        .iter()
        .find_map(|holder| lenient::id(value.get(holder)?.get("phone_number_id")))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(keys) => keys.is_empty(),
        _ => false,
    }
}
