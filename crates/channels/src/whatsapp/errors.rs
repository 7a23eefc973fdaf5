//! What Meta's error codes mean for a message, and what to tell the person at the desk
//! (whatsapp-cloud-api, section 8).

use super::error_table::TABLE;
use super::remedies::REMEDIES;
pub use super::remedies::Remedy;
use domain::{SendClass, SendFailure};

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// The first code it is about.
    pub(super) first: i64,
    /// The last one; usually the same.
    pub(super) last: i64,
    /// Only with this subcode.
    pub(super) subcode: Option<i64>,
    /// What to do with the message.
    pub(super) class: SendClass,
    /// What to tell.
    pub(super) words: &'static str,
}

/// What an error means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advice {
    /// What to do with the message.
    pub class: SendClass,
    /// What happened and what to do next, for the person at the desk.
    pub words: &'static str,
    /// What the person can do, for a button.
    pub remedy: Remedy,
}

pub(super) const REFUSED: &str = "WhatsApp did not accept this message and the customer will not get it. Look at the details, \
     change the message and send it again.";
const DENIED: &str = "WhatsApp refused access, so nothing is sent. Check the access token and its permissions, and connect \
     the number again.";
const BUSY: &str =
    "WhatsApp asks for a pause because of too many requests. Messages wait and leave by themselves.";
const DOWN: &str = "WhatsApp is having trouble. Deskbell tries a few more times; if the message still shows as failed, \
     send it again later.";
const ELSEWHERE: &str = "The address does not lead to WhatsApp but somewhere else, so nothing is sent. Check the address and \
     connect the number again.";

/// A free text after the service window has closed.
const WINDOW_CLOSED: i64 = 131_047;

/// A promotion for somebody who wants none.
const MARKETING_STOPPED: i64 = 131_050;

/// A message for somebody we blocked.
const BLOCKED: i64 = 130_403;

/// A file WhatsApp could not load.
const FILE_NOT_LOADED: i64 = 131_052;

/// A file WhatsApp did not accept.
const FILE_NOT_TAKEN: i64 = 131_053;

/// What a refusal teaches about a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lesson {
    /// Free text is not taken: the service window has closed.
    WindowClosed,
    /// Promotions are not taken: the customer wants none.
    MarketingStopped,
    /// Nothing is taken: we blocked the customer.
    Blocked,
}

/// Returns whether a code that was written down says that the token is no good (section 8.2); nothing else does. 401
/// stands for an answer without a code of Meta's.
pub fn blames_token(code: Option<i64>) -> bool {
    matches!(code, Some(0 | 190 | 401))
}

/// Returns whether a code says that the token lacks a permission (section 8.2).
pub fn is_about_permission(code: i64) -> bool {
    matches!(code, 3 | 10 | 200..=299 | 131_005)
}

/// Returns what a refusal with `code` teaches about the customer, when it does.
pub fn lesson(code: Option<i64>) -> Option<Lesson> {
    match code {
        Some(WINDOW_CLOSED) => Some(Lesson::WindowClosed),
        Some(MARKETING_STOPPED) => Some(Lesson::MarketingStopped),
        Some(BLOCKED) => Some(Lesson::Blocked),
        _ => None,
    }
}

/// Returns whether a code may mean that the file was not taken: it has to be uploaded anew before it is sent again. An
/// upload that has expired is an unknown parameter.
pub fn blames_file(code: Option<i64>) -> bool {
    matches!(code, Some(100 | FILE_NOT_LOADED | FILE_NOT_TAKEN))
}

/// Tells by its name which file WhatsApp did not take after all; `None` for other codes.
pub fn refused_file(code: Option<i64>, name: &str) -> Option<String> {
    match code {
        Some(FILE_NOT_LOADED) => Some(format!(
            "WhatsApp could not load {name}, so the customer did not get it. Send it again, smaller if it was large."
        )),
        Some(FILE_NOT_TAKEN) => Some(format!(
            "WhatsApp did not accept {name}, so the customer will not get it. Check its type and size, and send another one."
        )),
        _ => None,
    }
}

/// Returns what to do about something WhatsApp did not pass on (whatsapp-cloud-api, sections 2.2 and 8.2).
pub fn not_passed_on(code: Option<i64>) -> &'static str {
    match code {
        Some(131_060) => {
            "WhatsApp does not show this message here. Open WhatsApp on the business's phone to read it, or ask the \
             customer to send it once more."
        }
        Some(131_052) => {
            "The file could not be loaded by WhatsApp; it may be larger than 100 MB. Ask the customer to send it in \
             another way."
        }
        Some(131_051) => {
            "WhatsApp does not hand this kind of message on. Ask the customer to write it as text, or look at the \
             business's phone."
        }
        _ => "WhatsApp did not pass the content of this message on. Ask the customer to send it once more.",
    }
}

/// Returns what Meta would answer to a free text after the service window has closed. It is not sent just to hear that.
pub fn window_closed() -> SendFailure {
    SendFailure {
        class: SendClass::Never,
        code: Some(WINDOW_CLOSED),
        subcode: None,
        title: "More than 24 hours have passed since the customer wrote".to_owned(),
        detail: None,
        retry_after: None,
    }
}

/// Returns what Meta would answer to a promotion for somebody who wants none. It is not sent just to hear that.
pub fn marketing_stopped() -> SendFailure {
    SendFailure {
        class: SendClass::Never,
        code: Some(MARKETING_STOPPED),
        subcode: None,
        title: "The customer asked for no more promotions".to_owned(),
        detail: None,
        retry_after: None,
    }
}

/// Returns what a code means; for one we do not know, or none, that the message was refused.
pub fn advice(code: Option<i64>, subcode: Option<i64>) -> Advice {
    known(code, subcode).unwrap_or(Advice {
        class: SendClass::Never,
        words: REFUSED,
        remedy: Remedy::Correct,
    })
}

/// Returns what to tell the person at the desk about a code and its finer one.
pub fn words(code: Option<i64>, subcode: Option<i64>) -> &'static str {
    advice(code, subcode).words
}

/// Returns what a code means, if it is one we know. A line for the subcode goes before one for the code alone, and a
/// line for one code before one for a range.
pub fn known(code: Option<i64>, subcode: Option<i64>) -> Option<Advice> {
    let code = code?;
    TABLE
        .iter()
        .filter(|row| (row.first..=row.last).contains(&code))
        .filter(|row| row.subcode.is_none() || row.subcode == subcode)
        .min_by_key(|row| (row.subcode.is_none(), row.last.saturating_sub(row.first)))
        .map(|row| Advice {
            class: row.class,
            words: row.words,
            remedy: remedy(code, row.class),
        })
}

fn remedy(code: i64, class: SendClass) -> Remedy {
    REMEDIES
        .iter()
        .find(|(first, last, _)| (*first..=*last).contains(&code))
        .map_or_else(|| Remedy::by_class(class), |(_, _, remedy)| *remedy)
}

/// Returns what an HTTP status means for a refusal whose code says nothing. Only for answers that prove that the
/// message was not taken.
pub(super) fn by_status(status: http::StatusCode) -> Advice {
    let (class, words) = match status.as_u16() {
        401 | 403 => (SendClass::Configuration, DENIED),
        429 => (SendClass::NumberRate, BUSY),
        300..=399 => (SendClass::Configuration, ELSEWHERE),
        500..=599 => (SendClass::Transient { tries: 5 }, DOWN),
        _ => (SendClass::Never, REFUSED),
    };
    Advice {
        class,
        words,
        remedy: Remedy::by_class(class),
    }
}
