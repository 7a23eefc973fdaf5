//! What providers tell us, in one form for all of them.

use domain::{Failure, Forwarded, Identity, MessageKind, Reached, Timestamp};
use serde_json::Value;

/// Everything that was found in one delivery, in its order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Parsed {
    /// What was understood.
    pub items: Vec<Item>,
    /// What was not, whole.
    pub failures: Vec<ParseFailure>,
    /// Whether the body could only be read after something in it was replaced (broken characters, nesting without
    /// end, numbers out of all range).
    pub lossy: bool,
}

/// A part of a delivery that could not be understood. Its siblings are not affected.
#[derive(Debug, Clone, PartialEq)]
pub struct ParseFailure {
    /// Where it stood, such as `entry[0].changes[0].value.messages[2]`; `$` for the whole body.
    pub path: String,
    /// Why, in words for a person who looks into it.
    pub reason: String,
    /// The part itself; the text of the body when it is not JSON at all.
    pub raw: Value,
}

/// One thing that happened, and where it belongs.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The provider's id of our number (`metadata.phone_number_id`), by which the channel is found.
    pub number_id: Option<String>,
    /// The provider's id of the business account (`entry.id`), for what is about no single number.
    pub account_id: Option<String>,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A customer sent something.
    Message(Box<InboundMessage>),
    /// Something became of a message of ours.
    Status(Box<StatusReport>),
    /// Anything else, with all that came with it.
    Other {
        /// The provider's name for it (`errors` for troubles of the number itself).
        field: String,
        /// What came with it.
        raw: Value,
    },
}

/// Something a customer sent.
#[derive(Debug, Clone, PartialEq)]
pub struct InboundMessage {
    /// The provider's id; `none:` and a hash of the content when it gave none, so that a repetition is recognised.
    pub provider_id: String,
    /// Who wrote it, best identity first: business-scoped id, that of the parent business, WhatsApp id, phone number.
    /// Never empty.
    pub identities: Vec<Identity>,
    /// What the customer calls themselves.
    pub name: Option<String>,
    /// The customer's user name as the provider writes it; changeable, so it identifies nobody.
    pub username: Option<String>,
    /// When it was written by the provider's clock; `None` when that is missing or no sensible moment, and then the
    /// time of arrival has to do.
    pub sent_at: Option<Timestamp>,
    /// What it is.
    pub kind: MessageKind,
    /// The provider's own word for what it is.
    pub original_kind: String,
    /// The words, unchanged.
    pub text: Option<String>,
    /// The provider's id of the message it answers.
    pub reply_to: Option<String>,
    /// Whether it was passed on.
    pub forwarded: Forwarded,
    /// The advertisement or post that led the customer here.
    pub referral: Option<Value>,
    /// The content of what is not text, as the provider wrote it; `Null` for text.
    pub payload: Value,
    /// The whole message as it came.
    pub raw: Value,
    /// The group it was written in.
    pub group_id: Option<String>,
    /// Whether it gives us the right to answer freely for a day.
    pub opens_window: bool,
    /// What the provider could not pass on.
    pub errors: Vec<Failure>,
}

/// What became of a message of ours.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusReport {
    /// The provider's id of the message.
    pub provider_id: String,
    /// The provider's own word.
    pub original_status: String,
    /// What that means; `None` for words we do not know, which change nothing.
    pub reached: Option<Reached>,
    /// When by the provider's clock; `None` when missing or no sensible moment.
    pub at: Option<Timestamp>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// Our own reference of the attempt, which the provider carries back to us.
    pub reference: Option<String>,
    /// Who it was for, best identity first.
    pub identities: Vec<Identity>,
    /// The whole report as it came.
    pub raw: Value,
}
