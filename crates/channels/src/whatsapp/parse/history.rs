//! Reads what was said before this number was connected (whatsapp-cloud-api, section 4.4).

use super::message::Frame;
use super::person::{self, Person};
use super::{Place, Walk, account, is_empty};
use crate::inbound::Event;
use crate::whatsapp::lenient;
use domain::Source;
use serde_json::{Value, json};

impl Walk {
    /// Reads one piece of a history: its threads, or why there are none.
    pub(super) fn history(&mut self, chunk: Value, place: &Place, path: &str) {
        let mut chunk = match chunk {
            Value::Object(chunk) => chunk,
            other => return self.fail(path, "expected an object", other),
        };
        if let Some(errors) = chunk.remove("errors").filter(|errors| !is_empty(errors)) {
            self.push(place, trouble("history", &errors, place));
        }
        for (path, thread) in self.items(&mut chunk, "threads", path) {
            self.thread(thread, place, &path);
        }
        let messages = self.items(&mut chunk, "messages", path);
        self.messages(messages, place, Source::History, false, &[]);
    }

    fn thread(&mut self, thread: Value, place: &Place, path: &str) {
        let customer = customer(&thread);
        let username = lenient::id(thread.pointer("/context/username"))
            .or_else(|| lenient::id(thread.pointer("/context/profile/username")));
        let mut thread = match thread {
            Value::Object(thread) => thread,
            other => return self.fail(path, "expected an object", other),
        };
        let items = self.items(&mut thread, "messages", path);
        let frame = Frame {
            source: Source::History,
            is_echo: false,
            contacts: &place.contacts,
            own_number: place.own_number.as_deref(),
            thread: (!customer.is_nobody()).then_some(&customer),
            thread_username: username.as_deref(),
            alone: false,
            errors: &[],
        };
        self.framed(items, place, &frame);
    }
}

/// Returns whose thread it is: what its context says, else the id of the thread itself.
fn customer(thread: &Value) -> Person {
    let told = thread.get("context").map(person::of_contact).unwrap_or_default();
    if told.is_nobody() {
        Person::named(thread, "", "", "id")
    } else {
        told
    }
}

/// Returns the notice for errors that are about the number and no message.
pub(super) fn trouble(field: &str, errors: &Value, place: &Place) -> Event {
    let code = lenient::failures(Some(errors))
        .first()
        .and_then(|error| error.code);
    let raw = json!({ "errors": errors });
    let mut notice = account::notice(field.to_owned(), raw, place.at);
    notice.event = code.map(|code| code.to_string());
    notice.address.clone_from(&place.own_number);
    Event::Notice(Box::new(notice))
}
