//! Leads: what is known of somebody who may become a customer.

use crate::id::MessageId;
use crate::text_enum::text_enum;

text_enum! {
    /// How a value was learnt.
    LeadMethod {
        /// Read from a message by rules.
        Rule = "rule",
        /// Read by a model, with a quote that was found in the message.
        Model = "model",
        /// From the customer's profile.
        Profile = "profile",
        /// The customer's answer to our question.
        Question = "question",
        /// Entered by a person; never overwritten.
        Manual = "manual",
    }
}

text_enum! {
    /// Where a lead stands.
    LeadStatus {
        /// Nobody has looked at it.
        New = "new",
        /// Somebody is on it.
        Open = "open",
        /// It became a sale.
        Won = "won",
        /// It did not.
        Lost = "lost",
        /// It never was one.
        Spam = "spam",
    }
}

text_enum! {
    /// How likely a lead is to buy; from its score.
    Temperature {
        /// Under 50 of 100.
        Cold = "cold",
        /// From 50.
        Warm = "warm",
        /// From 75.
        Hot = "hot",
    }
}

/// The fields every shop has; others are the owner's own.
pub const LEAD_FIELDS: &[&str] = &[
    "name", "phone", "email", "company", "interest", "budget", "date", "place", "language", "notes",
];

/// A value read from what a customer said.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadValue {
    /// Which field: one of [`LEAD_FIELDS`], or the owner's own.
    pub field: String,
    /// The words as the customer wrote them.
    pub raw: String,
    /// The same in a form that compares: an address in small letters, `+` and digits, `2026-11-24`, `500-800 EUR`.
    pub value: String,
    /// Where it was read.
    pub message_id: Option<MessageId>,
    /// Which part of the message's text: first byte and the byte after the last.
    pub span: Option<(usize, usize)>,
    /// How it was learnt.
    pub method: LeadMethod,
    /// How sure that is, between 0 and 1.
    pub confidence: f64,
}
