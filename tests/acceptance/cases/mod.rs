//! One table for each family of webhooks: what arrives, signed, and what a script then reads of it.

mod fields;
mod files;
mod identity;
mod inbound;
mod kinds;
mod requests;
mod statuses;

use crate::DESKBELLD;
use acceptance::{PATIENCE, Records, Street, customer, number, until};
use anyhow::ensure;
use serde_json::{Value, json};
use simulator::webhook::{self, Change};
use simulator::{Customer, Inbound};

/// 2026-11-10 09:00 UTC.
const NINE: i64 = 1_794_301_200;

/// What arrives from one person, and what is to be seen afterwards. Keys that are not named may be anything.
struct Case {
    name: &'static str,
    person: Customer,
    wamid: String,
    bodies: Vec<Vec<Change>>,
    message: Value,
    conversation: Value,
    contact: Value,
}

impl Case {
    /// A case whose `n`th person has not written yet.
    fn new(n: u32, name: &'static str) -> Self {
        Self {
            name,
            person: customer(n),
            wamid: webhook::new_wamid(),
            bodies: Vec::new(),
            message: Value::Null,
            conversation: Value::Null,
            contact: Value::Null,
        }
    }

    /// A case that consists of one message.
    fn of(n: u32, name: &'static str, what: &Inbound) -> Self {
        Self::new(n, name).sends(what)
    }

    /// The person is somebody else.
    fn by(mut self, person: Customer) -> Self {
        self.person = person;
        self
    }

    /// The message the case is about arrives.
    fn sends(self, what: &Inbound) -> Self {
        let change = what.change(&number(1), &self.person, &self.wamid, NINE);
        self.posts(change)
    }

    /// The message the case is about arrives, changed by hand.
    fn sends_changed(self, what: &Inbound, by: impl FnOnce(&mut Value)) -> Self {
        let mut change = what.change(&number(1), &self.person, &self.wamid, NINE);
        by(&mut change.value);
        self.posts(change)
    }

    /// Another message of the person arrives `after` seconds later or earlier.
    fn also(self, what: &Inbound, after: i64) -> Self {
        let change = what.change(&number(1), &self.person, &webhook::new_wamid(), NINE + after);
        self.posts(change)
    }

    fn posts(mut self, change: Change) -> Self {
        self.bodies.push(vec![change]);
        self
    }

    /// What the export says of the message.
    fn message(mut self, expected: Value) -> Self {
        self.message = expected;
        self
    }

    /// What the export says of the conversation.
    fn conversation(mut self, expected: Value) -> Self {
        self.conversation = expected;
        self
    }

    /// What the export says of the contact.
    fn contact(mut self, expected: Value) -> Self {
        self.contact = expected;
        self
    }

    fn failures(&self, records: &Records) -> Vec<String> {
        let mut failures = Vec::new();
        let mut check = |what: &str, expected: &Value, seen: Option<&Value>| {
            if expected.is_null() {
                return;
            }
            let seen = seen.unwrap_or(&Value::Null);
            if let Some(difference) = difference(expected, seen, what) {
                failures.push(format!("{}: {difference}", self.name));
            }
        };
        check("message", &self.message, records.message(&self.wamid).ok());
        let (by_id, by_number) = (self.person.user_id.as_deref(), self.person.wa_id.as_deref());
        let conversation = by_id
            .and_then(|id| records.conversation("bsuid", id))
            .or_else(|| by_number.and_then(|number| records.conversation("wa_id", number)));
        check("conversation", &self.conversation, conversation);
        let contact = by_id
            .and_then(|id| records.contact("bsuid", id))
            .or_else(|| by_number.and_then(|number| records.contact("wa_id", number)));
        check("contact", &self.contact, contact);
        failures
    }
}

/// Says where something is not as expected. An object may have more keys than are expected, a list not.
fn difference(expected: &Value, seen: &Value, at: &str) -> Option<String> {
    match (expected, seen) {
        (Value::Object(expected), Value::Object(seen)) => expected.iter().find_map(|(key, expected)| {
            difference(
                expected,
                seen.get(key).unwrap_or(&Value::Null),
                &format!("{at}.{key}"),
            )
        }),
        (Value::Array(expected), Value::Array(seen)) if expected.len() == seen.len() => expected
            .iter()
            .zip(seen)
            .enumerate()
            .find_map(|(n, (expected, seen))| difference(expected, seen, &format!("{at}[{n}]"))),
        _ => (expected != seen).then(|| format!("{at} is {seen} and not {expected}")),
    }
}

/// Posts every case and compares what is there in the end, when all files have come or not.
async fn play(street: &Street, cases: &[Case]) -> anyhow::Result<()> {
    for case in cases {
        for body in &case.bodies {
            let status = street.post(body.clone()).await?;
            ensure!(status == 200, "{}: HTTP {status}", case.name);
        }
    }
    street.shop.settled().await?;
    let records = until("every file has come", PATIENCE, async || {
        let records = street.shop.export().await?;
        let pending = records.of("message").into_iter().any(|message| {
            let files = message["attachments"].as_array();
            files.is_some_and(|files| files.iter().any(|file| file["state"] == "pending"))
        });
        Ok((!pending).then_some(records))
    })
    .await?;
    let failures: Vec<String> = cases.iter().flat_map(|case| case.failures(&records)).collect();
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    let journal = street.shop.journal().await?;
    ensure!(journal["failed"] == 0, "{journal}");
    Ok(())
}

/// A street that is not asked for anything else.
async fn street() -> anyhow::Result<Street> {
    Street::open(DESKBELLD).await
}

/// The conversation of somebody who wrote once, just now.
fn written_once() -> Value {
    json!({"unread": 1, "holder": "assistant", "attention": null, "window_closes_at": "2026-11-11T09:00:00.000Z"})
}
