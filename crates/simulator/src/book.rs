//! The book of every send that reached the simulated Meta.

use serde_json::Value;

use crate::graph::Glimpse;

/// What became of a request to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is still being handled, or held at a gate before being taken.
    Arrived,
    /// The message was taken and the answer said so.
    Taken,
    /// The message was taken, but the answer was lost or spoilt by a fault.
    TakenUnanswered,
    /// The answer was an error of Graph; nothing was taken.
    Refused {
        /// HTTP status.
        http: u16,
        /// Graph's code.
        code: i64,
    },
    /// A fault struck, or the client hung up, before the message was taken.
    Lost,
}

impl Outcome {
    /// Whether the customer gets this message.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Taken | Self::TakenUnanswered)
    }
}

/// One request to `POST /{phone_number_id}/messages`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedSend {
    /// When it arrived, Unix milliseconds.
    pub at: i64,
    /// The phone number id it was sent from.
    pub number: String,
    /// Digits of the customer's phone number, else the BSUID; empty when the request named neither.
    pub to: String,
    /// The message type as sent.
    pub kind: String,
    /// The text body, if it was a text.
    pub text: Option<String>,
    /// `biz_opaque_callback_data`.
    pub reference: Option<String>,
    /// The id given to the message, once taken.
    pub wamid: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The JSON of the request as it came.
    pub body: Value,
    /// The category of the template it was made from, once taken.
    pub category: Option<String>,
}

impl RecordedSend {
    /// The object under the key named like the kind: `image`, `interactive`, `template`, …
    pub fn content(&self) -> Option<&Value> {
        self.body.get(&self.kind)
    }

    /// The message it answers.
    pub fn quotes(&self) -> Option<&str> {
        self.body.pointer("/context/message_id").and_then(Value::as_str)
    }
}

/// Sends in order of arrival.
#[derive(Debug, Default)]
pub(crate) struct Book(Vec<RecordedSend>);

impl Book {
    /// Writes the arrival down and returns its place.
    pub(crate) fn arrive(&mut self, at: i64, number: &str, glimpse: Glimpse) -> usize {
        self.0.push(RecordedSend {
            at,
            number: number.to_owned(),
            to: glimpse.to,
            kind: glimpse.kind,
            text: glimpse.text,
            reference: glimpse.reference,
            wamid: None,
            outcome: Outcome::Arrived,
            body: glimpse.body,
            category: None,
        });
        self.0.len() - 1
    }

    /// Notes that the message at this place was taken under an id.
    pub(crate) fn take(
        &mut self,
        place: usize,
        wamid: &str,
        outcome: Outcome,
        category: Option<String>,
    ) -> Option<RecordedSend> {
        let entry = self.0.get_mut(place)?;
        entry.category = category;
        entry.wamid = Some(wamid.to_owned());
        entry.outcome = outcome;
        Some(entry.clone())
    }

    /// Notes another end.
    pub(crate) fn end(&mut self, place: usize, outcome: Outcome) {
        if let Some(entry) = self.0.get_mut(place) {
            entry.outcome = outcome;
        }
    }

    /// Everything so far.
    pub(crate) fn all(&self) -> &[RecordedSend] {
        &self.0
    }

    /// The send that was given this id.
    pub(crate) fn by_wamid(&self, wamid: &str) -> Option<&RecordedSend> {
        self.0.iter().find(|send| send.wamid.as_deref() == Some(wamid))
    }
}
