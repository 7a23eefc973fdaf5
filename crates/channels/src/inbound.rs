//! What providers tell us, in one form for all of them.

use domain::{Direction, Failure, Forwarded, Identity, MessageKind, Reached, Source, Timestamp};
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
    /// Something was said, by a customer or by the business elsewhere.
    Message(Box<InboundMessage>),
    /// Somebody put a reaction to a message, or took it away.
    Reaction(Box<InboundReaction>),
    /// An earlier message was changed.
    Edit(Box<InboundEdit>),
    /// An earlier message was taken back.
    Revoke(Box<InboundRevoke>),
    /// Something became of a message of ours.
    Status(Box<StatusReport>),
    /// A person is known by other names now, or we learnt more about them.
    Person(Box<PersonNews>),
    /// Another program took over a conversation or gave it back (whatsapp-cloud-api, section 4.6).
    Handover(Box<Handover>),
    /// News about the number or the account.
    Notice(Box<Notice>),
    /// News about a template.
    Template(Box<TemplateNews>),
    /// Anything else, with all that came with it.
    Other {
        /// The provider's name for it.
        field: String,
        /// What came with it.
        raw: Value,
    },
}

/// Something that was said.
#[derive(Debug, Clone, PartialEq)]
pub struct InboundMessage {
    /// The provider's id; `none:` and a hash of the content when it gave none, so that a repetition is recognised.
    pub provider_id: String,
    /// Which way it came here.
    pub source: Source,
    /// Inbound from the customer; outbound when the business said it elsewhere.
    pub direction: Direction,
    /// The customer, whoever wrote; best identity first: business-scoped id, that of the parent business, WhatsApp id,
    /// phone number. Never empty.
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
    /// The words, unchanged: body, caption, title of the chosen button or line, name of the place.
    pub text: Option<String>,
    /// The provider's id of the message it answers.
    pub reply_to: Option<String>,
    /// Whether it was passed on.
    pub forwarded: Forwarded,
    /// The advertisement or post that led the customer here.
    pub referral: Option<Value>,
    /// The content of what is not text, as the provider wrote it, always an object; `Null` when there is none.
    pub payload: Value,
    /// The file that belongs to it.
    pub attachment: Option<InboundAttachment>,
    /// The whole message as it came.
    pub raw: Value,
    /// The group it was written in.
    pub group_id: Option<String>,
    /// Whether it gives us the right to answer freely for a day.
    pub opens_window: bool,
    /// How far it had come, for what the business said elsewhere.
    pub reached: Option<Reached>,
    /// What the provider could not pass on.
    pub errors: Vec<Failure>,
}

/// A file that lies at the provider for a while (whatsapp-cloud-api, section 6).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InboundAttachment {
    /// The provider's id of it; lives 7 days.
    pub media_id: Option<String>,
    /// Where it can be fetched for 5 minutes, with our token.
    pub url: Option<String>,
    /// What the provider says it is, parameters included.
    pub mime_type: Option<String>,
    /// Its SHA-256 as the provider writes it: base64 or hex.
    pub sha256: Option<String>,
    /// Its name as the sender gave it: a stranger's text, good for no path.
    pub file_name: Option<String>,
    /// Whether it moves (stickers).
    pub animated: bool,
}

/// A reaction put to a message or taken away.
#[derive(Debug, Clone, PartialEq)]
pub struct InboundReaction {
    /// The provider's id of the reaction itself.
    pub provider_id: String,
    /// Inbound from the customer; outbound when the business reacted elsewhere.
    pub direction: Direction,
    /// The customer, whoever reacted.
    pub identities: Vec<Identity>,
    /// What the customer calls themselves.
    pub name: Option<String>,
    /// The customer's user name.
    pub username: Option<String>,
    /// The provider's id of the message it is put to.
    pub target: String,
    /// The emoji; `None` when it is taken away.
    pub emoji: Option<String>,
    /// When, by the provider's clock.
    pub at: Option<Timestamp>,
    /// The group it happened in.
    pub group_id: Option<String>,
}

/// An earlier message was changed.
#[derive(Debug, Clone, PartialEq)]
pub struct InboundEdit {
    /// The provider's id of the change.
    pub provider_id: String,
    /// The provider's id of the message that was changed.
    pub target: String,
    /// The message as it reads now; its `provider_id` is the target's.
    pub message: InboundMessage,
}

/// An earlier message was taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct InboundRevoke {
    /// The provider's id of the deletion.
    pub provider_id: String,
    /// The provider's id of the message that was taken back.
    pub target: String,
    /// Inbound from the customer; outbound when the business deleted it elsewhere.
    pub direction: Direction,
    /// The customer, whoever deleted.
    pub identities: Vec<Identity>,
    /// When, by the provider's clock.
    pub at: Option<Timestamp>,
    /// The group it happened in.
    pub group_id: Option<String>,
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
    /// What the customer calls themselves.
    pub name: Option<String>,
    /// The customer's user name.
    pub username: Option<String>,
    /// What kind of charge the provider names.
    pub pricing: Option<Pricing>,
    /// Until when everything is free, for a conversation that began with an advertisement (section 9.4).
    pub free_until: Option<Timestamp>,
    /// The whole report as it came.
    pub raw: Value,
}

/// What kind of charge a message is; money itself is never told (whatsapp-cloud-api, section 3.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pricing {
    /// `service`, `utility`, `marketing`, `authentication` ... with `_` for `-`; an open list.
    pub category: Option<String>,
    /// `regular`, `free_customer_service`, `free_entry_point` ...; an open list.
    pub kind: Option<String>,
    /// What the provider said in older versions.
    pub billable: Option<bool>,
}

/// A person is known by other names now, or we learnt more about them.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonNews {
    /// Names they are known by already, best first; may be empty when only new ones are told.
    pub known_as: Vec<Identity>,
    /// Names that are theirs as well from now on, best first.
    pub also: Vec<Identity>,
    /// What they call themselves, or what the owner's phone calls them.
    pub name: Option<String>,
    /// Whether the name comes from the owner's address book, which gives way to one set at this desk.
    pub from_address_book: bool,
    /// Their user name.
    pub username: Option<String>,
    /// Whether they take promotions: `Some(false)` after they said stop.
    pub marketing: Option<bool>,
    /// When, by the provider's clock.
    pub at: Option<Timestamp>,
    /// Whether people who are unknown so far are to be remembered; news about strangers is not worth a contact.
    pub add_when_unknown: bool,
}

/// Another program took over a conversation or gave it back.
#[derive(Debug, Clone, PartialEq)]
pub struct Handover {
    /// The customer.
    pub identities: Vec<Identity>,
    /// Who answers from now on, in the provider's word (`ai_agent`, `escalation` ...).
    pub new_owner: Option<String>,
    /// Who answered before.
    pub previous_owner: Option<String>,
    /// What the one before says about the conversation.
    pub summary: Option<String>,
    /// When, by the provider's clock.
    pub at: Option<Timestamp>,
    /// The whole notice as it came.
    pub raw: Value,
}

/// News about the number or the account.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// The provider's name for it (`account_update`, `phone_number_quality_update` ...; `errors` for troubles of the
    /// number itself, `history` for a declined or failed synchronisation).
    pub field: String,
    /// What happened, in the provider's word (`event`, `decision`, `alert_type` ...), when there is one.
    pub event: Option<String>,
    /// Digits of the number it is about, when one is named.
    pub address: Option<String>,
    /// What it means for sending.
    pub effect: NoticeEffect,
    /// Until when sending is not allowed, when the provider says so.
    pub until: Option<Timestamp>,
    /// When, by the provider's clock.
    pub at: Option<Timestamp>,
    /// What came with it.
    pub raw: Value,
}

/// What a notice means for sending (whatsapp-cloud-api, section 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeEffect {
    /// Nothing.
    None,
    /// Nothing may be sent any more.
    Stop,
    /// Sending is allowed again.
    Resume,
}

/// News about a template (whatsapp-cloud-api, section 4.2). What is absent did not change.
#[derive(Debug, Clone, PartialEq)]
pub struct TemplateNews {
    /// The provider's name for the notice.
    pub field: String,
    /// The provider's id of the template, in digits.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its language code.
    pub language: Option<String>,
    /// Its status now (`APPROVED`, `PAUSED` ...).
    pub status: Option<String>,
    /// Why, in the provider's word (`INVALID_FORMAT` ...); absent for its `NONE`.
    pub reason: Option<String>,
    /// The provider's sentences about what is wrong and what to do.
    pub advice: Option<String>,
    /// Its quality now (`GREEN`, `YELLOW`, `RED`, `UNKNOWN`).
    pub quality: Option<String>,
    /// Its category now.
    pub category: Option<String>,
    /// The category it will have.
    pub coming_category: Option<String>,
    /// When, by the provider's clock.
    pub at: Option<Timestamp>,
    /// What came with it.
    pub raw: Value,
}
