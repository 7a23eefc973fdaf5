//! Walks a webhook body: every entry, every change, every message and status, each on its own
//! (whatsapp-cloud-api, sections 1.6, 4 and 11).

mod account;
mod calls;
mod content;
mod history;
mod message;
mod news;
mod person;
mod status;

use super::{lenient, repair};
use crate::inbound::{Event, Item, ParseFailure, Parsed};
use domain::{Failure, Source, Timestamp};
use message::Frame;
use person::People;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Why something could not be read, and the thing itself.
type Unreadable = (&'static str, Value);

/// Fields whose value holds lists of messages, statuses and the like. What is in them decides how they are read; the
/// name only says which way the messages came.
const TRAFFIC: [&str; 10] = [
    "messages",
    "message_statuses",
    "smb_message_echoes",
    "message_echoes",
    "history",
    "standby",
    "calls",
    "user_preferences",
    "user_id_update",
    "smb_app_state_sync",
];

/// The lists a value may hold, each with the field it belongs to when a change names none.
const LISTS: [(&str, &str); 10] = [
    ("messages", "messages"),
    ("statuses", "messages"),
    ("message_statuses", "messages"),
    ("message_echoes", "smb_message_echoes"),
    ("history", "history"),
    ("standby", "standby"),
    ("calls", "calls"),
    ("user_preferences", "user_preferences"),
    ("user_id_update", "user_id_update"),
    ("state_sync", "smb_app_state_sync"),
];

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
#[derive(Clone)]
struct Place {
    number_id: Option<String>,
    account_id: Option<String>,
    /// Digits of our own number.
    own_number: Option<String>,
    contacts: People,
    path: String,
    /// When the entry was made.
    at: Option<Timestamp>,
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
        let place = Place {
            number_id: None,
            account_id: lenient::id(entry.get("id")),
            own_number: None,
            contacts: People::default(),
            path: String::new(),
            at: lenient::moment(entry.get("time")),
        };
        match lenient::list(entry.remove("changes")) {
            Err(raw) => self.fail(&format!("{path}.changes"), "expected a list", raw),
            Ok(changes) => {
                for (index, change) in changes.into_iter().enumerate() {
                    self.change(change, &place, &format!("{path}.changes[{index}]"));
                }
            }
        }
    }

    fn change(&mut self, change: Value, entry: &Place, path: &str) {
        let mut change = match change {
            Value::Object(change) => change,
            other => return self.fail(path, "expected an object", other),
        };
        let value = change.remove("value").unwrap_or(Value::Null);
        let guessed = || LISTS.iter().find(|(list, _)| value.get(list).is_some());
        let field =
            lenient::id(change.get("field")).or_else(|| guessed().map(|(_, field)| (*field).to_owned()));
        let Some(field) = field else {
            change.insert("value".to_owned(), value);
            return self.fail(path, "the change names no field", Value::Object(change));
        };
        let place = Place {
            number_id: number_id(&value),
            own_number: lenient::digits(value.pointer("/metadata/display_phone_number")),
            path: format!("{path}.value"),
            ..entry.clone()
        };
        if field == "messaging_handovers" {
            return self.handovers(value, &place);
        }
        if !TRAFFIC.contains(&field.as_str()) {
            return self.push(&place, account::read(field, value, place.at));
        }
        match value {
            Value::Object(value) => self.traffic(&field, value, place),
            Value::Null => {}
            other => self.fail(&place.path, "expected an object", other),
        }
    }

    /// Reads a value that holds lists.
    fn traffic(&mut self, field: &str, mut value: Map<String, Value>, mut place: Place) {
        let frame_keys = ["messaging_product", "metadata", "contacts"];
        let is_new = !value.contains_key("errors")
            && value.keys().any(|key| !frame_keys.contains(&key.as_str()))
            && !LISTS.iter().any(|(list, _)| value.contains_key(*list));
        if is_new {
            let field = field.to_owned();
            return self.push(
                &place,
                Event::Other {
                    field,
                    raw: Value::Object(value),
                },
            );
        }
        place.contacts = People::new(value.remove("contacts"));
        match field {
            "standby" => {
                if let Some(Value::Object(inner)) = value.get_mut("standby").map(Value::take) {
                    let mut inside = place.clone();
                    inside.path = format!("{}.standby", place.path);
                    self.standby(inner, inside);
                } else if let Some(raw) = value.remove("standby").filter(|raw| !raw.is_null()) {
                    self.fail(&format!("{}.standby", place.path), "expected an object", raw);
                }
                self.lists(&mut value, &place, Source::Standby, false);
            }
            "smb_message_echoes" | "message_echoes" => self.lists(&mut value, &place, Source::Echo, true),
            "history" => self.lists(&mut value, &place, Source::History, false),
            _ => self.lists(&mut value, &place, Source::Live, false),
        }
    }

    fn standby(&mut self, mut value: Map<String, Value>, mut place: Place) {
        let contacts = People::new(value.remove("contacts"));
        if !contacts.is_empty() {
            place.contacts = contacts;
        }
        self.lists(&mut value, &place, Source::Standby, false);
    }

    /// Reads every list of a value. `all_ours` says that even its `messages` were written by the business.
    fn lists(&mut self, value: &mut Map<String, Value>, place: &Place, source: Source, all_ours: bool) {
        let raw_errors = value.remove("errors").filter(|errors| !is_empty(errors));
        let errors = lenient::failures(raw_errors.as_ref());
        let messages = self.items(value, "messages", &place.path);
        let wanted = messages.iter().any(|(_, raw)| content::wants_errors(raw));
        self.messages(messages, place, source, all_ours, &errors);
        let echoes = self.items(value, "message_echoes", &place.path);
        let echo_source = if source == Source::Live {
            Source::Echo
        } else {
            source
        };
        self.messages(echoes, place, echo_source, true, &[]);
        for list in ["statuses", "message_statuses"] {
            self.each(value, list, place, |raw, place, alone| {
                if calls::is_about_call(&raw) {
                    let field = "calls".to_owned();
                    return Ok(Event::Other { field, raw });
                }
                status::read(raw, &place.contacts, alone).map(|status| Event::Status(Box::new(status)))
            });
        }
        self.each(value, "calls", place, |raw, place, alone| {
            calls::call(raw, &place.contacts, place.own_number.as_deref(), alone)
        });
        self.each(value, "user_preferences", place, |raw, place, alone| {
            news::of_wish(raw, &place.contacts, alone)
        });
        self.each(value, "user_id_update", place, |raw, place, alone| {
            news::of_changed_id(raw, &place.contacts, alone)
        });
        self.each(value, "state_sync", place, |raw, _, _| news::of_address_book(raw));
        for (path, chunk) in self.items(value, "history", &place.path) {
            self.history(chunk, place, &path);
        }
        // Troubles of the number or the app, not of a chat (section 2.7).
        if let Some(errors) = raw_errors.filter(|_| !wanted) {
            let field = if source == Source::History {
                "history"
            } else {
                "errors"
            };
            self.push(place, history::trouble(field, &errors, place));
        }
    }

    fn messages(
        &mut self,
        items: Vec<(String, Value)>,
        place: &Place,
        source: Source,
        is_echo: bool,
        errors: &[Failure],
    ) {
        let frame = Frame {
            source,
            is_echo,
            contacts: &place.contacts,
            own_number: place.own_number.as_deref(),
            thread: None,
            thread_username: None,
            alone: items.len() == 1,
            errors,
        };
        self.framed(items, place, &frame);
    }

    fn framed(&mut self, items: Vec<(String, Value)>, place: &Place, frame: &Frame<'_>) {
        for (path, raw) in items {
            match message::read(raw, frame) {
                Ok(events) => {
                    for event in events {
                        self.push(place, event);
                    }
                }
                Err((reason, raw)) => self.fail(&path, reason, raw),
            }
        }
    }

    /// Reads each part of a list on its own.
    fn each(
        &mut self,
        value: &mut Map<String, Value>,
        name: &str,
        place: &Place,
        read: impl Fn(Value, &Place, bool) -> Result<Event, Unreadable>,
    ) {
        let items = self.items(value, name, &place.path);
        let alone = items.len() == 1;
        for (path, raw) in items {
            match read(raw, place, alone) {
                Ok(event) => self.push(place, event),
                Err((reason, raw)) => self.fail(&path, reason, raw),
            }
        }
    }

    /// Reads the value of `messaging_handovers`, which names our number as its recipient (section 4.6).
    fn handovers(&mut self, value: Value, place: &Place) {
        let notices = match value {
            Value::Object(mut value) if value.contains_key("messaging_handovers") => {
                let notices = self.items(&mut value, "messaging_handovers", &place.path);
                notices.into_iter().map(|(_, raw)| raw).collect()
            }
            single => vec![single],
        };
        for raw in notices {
            let mut place = place.clone();
            place.number_id = number_id(&raw).or(place.number_id);
            self.push(&place, calls::handover(raw));
        }
    }

    /// Returns the parts of a list with their paths; `path` is where the list stands.
    fn items(&mut self, value: &mut Map<String, Value>, name: &str, path: &str) -> Vec<(String, Value)> {
        let path = format!("{path}.{name}");
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

/// Returns the id of our number; handovers name it as their recipient instead, and what is in standby lies one level
/// deeper (section 4.6).
fn number_id(value: &Value) -> Option<String> {
    ["/metadata", "/recipient", "/standby/metadata"]
        .iter()
        .find_map(|holder| lenient::id(value.pointer(holder)?.get("phone_number_id")))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(keys) => keys.is_empty(),
        _ => false,
    }
}

/// Returns an id for something that came without one: the same content gives the same id, in whatever order its keys
/// are written.
fn fingerprint(raw: &Value) -> String {
    let digest = Sha256::digest(canonical(raw).to_string().as_bytes());
    format!("none:{}", hex::encode(digest))
}

/// Returns the same content with the keys of its objects in one order, so that it can be recognised however it was
/// written.
pub fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(keys) => {
            let mut sorted: Vec<(&String, &Value)> = keys.iter().collect();
            sorted.sort_by_key(|(key, _)| *key);
            Value::Object(
                sorted
                    .into_iter()
                    .map(|(key, value)| (key.clone(), canonical(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(canonical).collect()),
        scalar => scalar.clone(),
    }
}
