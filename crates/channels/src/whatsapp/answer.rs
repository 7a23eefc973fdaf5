//! Judges Meta's answer to a request: taken, certainly not taken, or nobody knows (whatsapp-cloud-api, sections 5.2
//! and 8).

use super::errors::{self, Advice};
use super::lenient;
use crate::outbound::{Recipient, SendOutcome};
use domain::{Identity, IdentityKind, SendClass, SendFailure};
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use std::time::Duration;

/// Longest text of Meta that is kept, in characters.
const LONGEST_TEXT: usize = 1_000;

/// An HTTP answer, as far as it could be read.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// The body, or why it could not be read to its end.
    pub(super) body: Result<Vec<u8>, String>,
}

/// An error in Meta's own words (section 8.1). Only Meta's application writes one, so it proves that the request was
/// looked at and turned down.
pub(super) struct GraphError {
    pub(super) code: i64,
    pub(super) subcode: Option<i64>,
    pub(super) title: Option<String>,
    pub(super) detail: Option<String>,
    /// What Meta's support asks for.
    pub(super) trace: Option<String>,
    is_transient: bool,
}

impl Answer {
    /// Returns the body as JSON, when it is.
    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(self.body.as_ref().ok()?).ok()
    }

    /// Returns what became of a message that was posted.
    pub(super) fn send_outcome(&self, to: &Recipient) -> SendOutcome {
        let json = self.json();
        if self.status.is_success()
            && let Some(accepted) = json.as_ref().and_then(|json| accepted(json, to))
        {
            return accepted;
        }
        if let Some(error) = json.as_ref().and_then(graph_error) {
            return SendOutcome::Refused(self.refusal(error));
        }
        let status = self.status.as_u16();
        if self.status.is_redirection() || self.status.is_client_error() {
            let advice = errors::by_status(self.status);
            return SendOutcome::Refused(SendFailure {
                class: advice.class,
                code: None,
                subcode: None,
                title: advice.words.to_owned(),
                detail: Some(format!("HTTP {status} without an explanation")),
                retry_after: retry_after(&self.headers),
            });
        }
        let reason = match &self.body {
            Err(broken) => format!("the answer (HTTP {status}) could not be read: {broken}"),
            Ok(_) if self.status.is_success() => {
                format!("the answer (HTTP {status}) does not give the message an id")
            }
            Ok(_) => format!("something between here and WhatsApp failed (HTTP {status})"),
        };
        SendOutcome::Unknown { reason }
    }

    fn refusal(&self, error: GraphError) -> SendFailure {
        let advice = error.advice(self.status);
        tracing::info!(
            code = error.code,
            subcode = error.subcode,
            status = self.status.as_u16(),
            "refused"
        );
        SendFailure {
            class: advice.class,
            code: Some(error.code),
            subcode: error.subcode,
            title: error.title.unwrap_or_else(|| advice.words.to_owned()),
            detail: with_reference(error.detail, error.trace),
            retry_after: retry_after(&self.headers),
        }
    }
}

impl GraphError {
    /// Returns what the error means; the HTTP status decides only about codes we do not know.
    pub(super) fn advice(&self, status: StatusCode) -> Advice {
        errors::known(Some(self.code), self.subcode).unwrap_or_else(|| {
            let advice = errors::by_status(status);
            let class = if self.is_transient {
                SendClass::Transient { tries: 5 }
            } else {
                advice.class
            };
            Advice {
                class,
                remedy: errors::Remedy::by_class(class),
                ..advice
            }
        })
    }
}

fn accepted(json: &Value, to: &Recipient) -> Option<SendOutcome> {
    let first = |list: &str| json.get(list)?.as_array()?.first();
    let provider_id = lenient::id(first("messages")?.get("id"))?;
    let contact = first("contacts");
    let name = |key: &str| contact.and_then(|contact| lenient::id(contact.get(key)));
    let phone = match to {
        Recipient::Phone(digits) => Some(digits.clone()),
        Recipient::Bsuid(_) | Recipient::Group(_) => None,
    };
    let identities = [
        (IdentityKind::Bsuid, name("user_id")),
        (IdentityKind::ParentBsuid, name("parent_user_id")),
        (IdentityKind::WaId, name("wa_id")),
        (IdentityKind::Phone, phone),
    ]
    .into_iter()
    .filter_map(|(kind, value)| Identity::new(kind, &value?))
    .collect();
    Some(SendOutcome::Accepted {
        provider_id,
        identities,
    })
}

/// Returns the error in an answer; one without a code is none of Meta's.
pub(super) fn graph_error(json: &Value) -> Option<GraphError> {
    let error = json.get("error")?.as_object()?;
    let code = lenient::integer(error.get("code"))?;
    let message = lenient::id(error.get("message")).map(|message| {
        let prefix = format!("(#{code}) ");
        message.strip_prefix(&prefix).unwrap_or(&message).to_owned()
    });
    Some(GraphError {
        code,
        subcode: lenient::integer(error.get("error_subcode")),
        title: message
            .or_else(|| lenient::id(error.get("error_user_title")))
            .map(|text| shortened(&text)),
        detail: lenient::details(error.get("error_data"))
            .or_else(|| lenient::id(error.get("error_user_msg")))
            .map(|text| shortened(&text)),
        trace: lenient::id(error.get("fbtrace_id")).map(|text| shortened(&text)),
        is_transient: lenient::truth(error.get("is_transient")),
    })
}

/// Keeps what Meta's support asks for where a person can find it.
fn with_reference(detail: Option<String>, trace: Option<String>) -> Option<String> {
    let Some(trace) = trace else {
        return detail;
    };
    let reference = format!("(support reference {trace})");
    Some(detail.map_or_else(|| reference.clone(), |detail| format!("{detail} {reference}")))
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).collect()
}

/// Returns how long we are asked to wait: seconds, or a date, which is compared with the server's own clock.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp());
    let now = date(headers.get(DATE)?.to_str().ok()?)?;
    let seconds = date(text)?.as_second().saturating_sub(now.as_second());
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}
