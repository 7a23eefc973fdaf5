//! What we send, and what became of the attempt.

use domain::{Identity, MessageKind, OutboxId, SendFailure};
use serde_json::Value;

/// Whom a message is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// A phone number, in digits.
    Phone(String),
    /// A business-scoped user id, for a customer who keeps the number private.
    Bsuid(String),
    /// A group, by the provider's id of it.
    Group(String),
}

/// A message on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbound {
    /// Whom it is for.
    pub to: Recipient,
    /// What it says.
    pub content: Content,
    /// The provider's id of the message it answers.
    pub reply_to: Option<String>,
    /// This attempt; the provider carries it back with its reports.
    pub reference: OutboxId,
}

/// What a message on its way out says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Words.
    Text {
        /// As they were written.
        text: String,
    },
    /// A file that was uploaded before.
    Media {
        /// Picture, film, sound, voice note, document or sticker.
        kind: MessageKind,
        /// The provider's id of the upload.
        media_id: String,
        /// Words below it, where the kind can have some.
        caption: Option<String>,
        /// What the customer sees as its name; for documents.
        file_name: Option<String>,
    },
    /// What stands under its type on the wire.
    Object {
        /// Location, contacts or interactive.
        kind: MessageKind,
        /// The object itself; for contacts it is `{"contacts": […]}`.
        body: Value,
    },
    /// A filled template.
    Template {
        /// The `template` object without a media header.
        body: Value,
        /// The picture, film or document above the text. It is put in at the moment of sending, since ids of uploads
        /// expire.
        header: Option<HeaderMedia>,
    },
}

/// The uploaded file in the header of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderMedia {
    /// Picture, film or document.
    pub kind: MessageKind,
    /// The provider's id of the upload.
    pub media_id: String,
    /// What the customer sees as its name; for documents.
    pub file_name: Option<String>,
}

/// What became of one attempt to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// The provider took it. Whether it arrives is told later.
    Accepted {
        /// The provider's id of the message.
        provider_id: String,
        /// What the provider calls the recipient; may differ from what we wrote to.
        identities: Vec<Identity>,
    },
    /// It was certainly not taken.
    Refused(SendFailure),
    /// It may have been taken: the request went out, but no usable answer came back. It must not be sent again by
    /// itself.
    Unknown {
        /// What went wrong, for a person.
        reason: String,
    },
}
