//! What we send, and what became of the attempt.

use domain::{Identity, OutboxId, SendFailure};

/// Whom a message is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// A phone number, in digits.
    Phone(String),
    /// A business-scoped user id, for a customer who keeps the number private.
    Bsuid(String),
}

/// A message on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbound {
    /// Whom it is for.
    pub to: Recipient,
    /// The words.
    pub text: String,
    /// The provider's id of the message it answers.
    pub reply_to: Option<String>,
    /// This attempt; the provider carries it back with its reports.
    pub reference: OutboxId,
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
