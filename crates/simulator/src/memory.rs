//! What the simulated Meta remembers of the people it carries messages for: when they wrote, whether they came by an
//! advertisement, what they do not want (`whatsapp-cloud-api.md` 4.3, 9.3, 9.4).

use serde_json::{Value, json};

use crate::book::RecordedSend;
use crate::checks;
use crate::files;
use crate::graph::GraphError;
use crate::meta::{Heard, Inner, State};
use crate::statuses::Status;
use crate::webhook::{Change, Customer, Number, Price};

/// A free-form message may be sent this long after the customer's last one, in seconds (section 9.3).
const SERVICE_WINDOW: i64 = 24 * 60 * 60;
/// How long messages are free after the answer to a click, in seconds (section 9.4).
const FREE_ENTRY: i64 = 72 * 60 * 60;

impl Inner {
    /// Remembers from outgoing webhooks who wrote last and when; the service window is judged by it.
    pub(crate) fn hear(&self, changes: &[Change]) {
        let mut state = self.state();
        for value in changes.iter().map(|change| &change.value) {
            let number = text_at(value, "/metadata/phone_number_id").unwrap_or_default();
            for pointer in ["/messages", "/standby/messages", "/calls"] {
                let items = value.pointer(pointer).and_then(Value::as_array);
                for item in items.into_iter().flatten() {
                    state.hear_one(number, value, item);
                }
            }
            let preferences = value.get("user_preferences").and_then(Value::as_array);
            for preference in preferences.into_iter().flatten() {
                let address = text_at(preference, "/wa_id").or_else(|| text_at(preference, "/user_id"));
                let key = (number.to_owned(), address.unwrap_or_default().to_owned());
                if let Some(heard) = state.heard.get_mut(&key) {
                    heard.opted_out = text_at(preference, "/value") == Some("stop");
                }
            }
        }
    }

    /// Judges what a message holds: its limits, its file, its template, and who may get it. The template's category.
    pub(crate) fn check_content(
        &self,
        body: &Value,
        place: usize,
        number: &Number,
    ) -> Result<Option<String>, GraphError> {
        let state = self.state();
        let Some(object) = body.as_object() else {
            return Err(GraphError::of(100));
        };
        let send = state.book.all().get(place);
        if send.is_some_and(|send| state.settings.is_blocked(&number.phone_number_id, &send.to)) {
            return Err(GraphError::of(130_403));
        }
        let file = |id: &str, kind: &str| files::check_use(&state.files, id, kind, &number.phone_number_id);
        let kind = text_at(body, "/type").unwrap_or("text");
        if kind != "template" {
            checks::check(kind, object, &file)?;
            return Ok(None);
        }
        let sent = checks::object(object, "template", "template")?;
        let template = checks::check_template(sent, state.templates.of(&number.waba_id), &file)?;
        let Some(template) = template else {
            return Ok(None);
        };
        if template.category == "AUTHENTICATION" && !object.contains_key("to") {
            return Err(GraphError::of(131_062));
        }
        let opted_out = send
            .and_then(|send| state.heard(send))
            .is_some_and(|heard| heard.opted_out);
        if template.category == "MARKETING" && opted_out {
            return Err(GraphError::of(131_050));
        }
        Ok(Some(template.category.to_lowercase()))
    }
}

impl State {
    /// One message or call of a customer.
    fn hear_one(&mut self, number: &str, value: &Value, item: &Value) {
        let at = text_at(item, "/timestamp")
            .and_then(|at| at.parse().ok())
            .unwrap_or(0);
        let mut customer = customer_of(value, item);
        let kind = text_at(item, "/type").unwrap_or_default();
        let old_key = (number.to_owned(), customer.address().to_owned());
        if kind == "system" {
            // A changed number takes everything along; other notices say nothing about the window.
            let new = text_at(item, "/system/wa_id").or_else(|| text_at(item, "/system/new_wa_id"));
            if let (Some(new), Some(mut heard)) = (new, self.heard.get(&old_key).cloned()) {
                heard.customer.wa_id = Some(new.to_owned());
                self.heard.insert((number.to_owned(), new.to_owned()), heard);
            }
            return;
        }
        // It is not known whether these open the window (section 12, 14); the strict reading finds more mistakes.
        let speaks = !matches!(kind, "reaction" | "request_welcome" | "edit" | "revoke");
        let heard = self.heard.entry(old_key).or_insert_with(|| Heard {
            customer: customer.clone(),
            last: 0,
            clicked: None,
            free_until: None,
            opted_out: false,
        });
        if speaks {
            heard.last = heard.last.max(at);
        }
        if item.get("referral").is_some() {
            heard.clicked = Some(at);
        }
        if customer.name.is_none() {
            customer.name.clone_from(&heard.customer.name);
        }
        heard.customer = customer;
    }

    /// What is known of the person a send goes to.
    pub(crate) fn heard(&self, send: &RecordedSend) -> Option<&Heard> {
        self.heard_by(&send.number, &send.to)
    }

    fn heard_by(&self, number: &str, address: &str) -> Option<&Heard> {
        let direct = self.heard.get(&(number.to_owned(), address.to_owned()));
        // A person with a phone number may be written to under the user id.
        direct.or_else(|| {
            let same = |heard: &&Heard| {
                heard.customer.user_id.as_deref() == Some(address)
                    || heard.customer.parent_user_id.as_deref() == Some(address)
            };
            self.heard
                .iter()
                .filter(|(key, _)| key.0 == number)
                .map(|(_, heard)| heard)
                .find(same)
        })
    }

    /// When this person last wrote, Unix seconds.
    pub(crate) fn last_heard(&self, number: &str, address: &str) -> Option<i64> {
        self.heard_by(number, address).map(|heard| heard.last)
    }

    /// Whether free-form messages are over. Customers never heard of are not the simulator's business.
    pub(crate) fn window_closed(&self, send: &RecordedSend) -> bool {
        let now = send.at / 1000;
        send.kind != "template"
            && self
                .heard(send)
                .is_some_and(|heard| now - heard.last >= SERVICE_WINDOW)
    }

    /// The first answer to a click makes the conversation free for three days.
    pub(crate) fn answer_click(&mut self, send: &RecordedSend) {
        let now = send.at / 1000;
        let key = (send.number.clone(), send.to.clone());
        if let Some(heard) = self.heard.get_mut(&key)
            && let Some(clicked) = heard.clicked.take()
            && now - clicked < SERVICE_WINDOW
        {
            heard.free_until = Some(now + FREE_ENTRY);
        }
    }

    /// What a status says about money: on `sent`, and on the first of `delivered` and `read` (section 3.4).
    pub(crate) fn price(&mut self, send: &RecordedSend, status: &Status) -> Price {
        let wamid = send.wamid.clone().unwrap_or_default();
        let told = match status {
            Status::Sent => true,
            Status::Delivered | Status::Read => self.priced.insert(wamid),
            _ => false,
        };
        if !told || send.kind == "reaction" {
            return Price::Unsaid;
        }
        let free = self.heard(send).and_then(|heard| heard.free_until);
        match (free, &send.category) {
            (Some(expires), _) if send.at / 1000 < expires => Price::FreeEntryPoint { expires },
            (_, Some(category)) => Price::Regular {
                category: category.clone(),
            },
            (_, None) => Price::Regular {
                category: "service".to_owned(),
            },
        }
    }

    /// Who the send went to, as far as known.
    pub(crate) fn customer(&self, send: &RecordedSend) -> Customer {
        self.heard(send).map_or_else(
            || {
                let is_phone = send.to.chars().all(|c| c.is_ascii_digit());
                let (wa_id, user_id) = if is_phone {
                    (Some(send.to.clone()), None)
                } else {
                    (None, Some(send.to.clone()))
                };
                Customer {
                    wa_id,
                    user_id,
                    ..Customer::default()
                }
            },
            |heard| heard.customer.clone(),
        )
    }
}

fn text_at<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str)
}

/// The sender of a message with the profile from the same webhook.
fn customer_of(value: &Value, message: &Value) -> Customer {
    let text = |pointer: &str| text_at(message, pointer).map(str::to_owned);
    let (wa_id, user_id) = (text("/from"), text("/from_user_id"));
    let none = json!([]);
    let contacts = value
        .get("contacts")
        .or_else(|| value.pointer("/standby/contacts"))
        .unwrap_or(&none);
    let same = |contact: &&Value| {
        let matches =
            |pointer, id: &Option<String>| id.is_some() && text_at(contact, pointer) == id.as_deref();
        matches("/wa_id", &wa_id) || matches("/user_id", &user_id)
    };
    let contact = contacts.as_array().into_iter().flatten().find(same);
    let profile = |pointer| {
        contact
            .and_then(|contact| text_at(contact, pointer))
            .map(str::to_owned)
    };
    Customer {
        name: profile("/profile/name"),
        username: profile("/profile/username"),
        parent_user_id: text("/from_parent_user_id"),
        wa_id,
        user_id,
    }
}
