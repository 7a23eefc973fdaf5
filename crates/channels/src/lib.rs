//! Speaks each provider's wire format both ways: verifies what comes in, reads it, builds what goes out, sends it and
//! says what became of it.
//!
//! Nothing here touches the database or decides a policy. Whatever a provider sends, nothing here panics and nothing
//! is lost: what cannot be understood is handed on with its raw form.

pub mod handshake;
pub mod inbound;
pub mod outbound;
pub mod verify;
pub mod whatsapp;

pub use inbound::{
    Event, Handover, InboundAttachment, InboundEdit, InboundMessage, InboundReaction, InboundRevoke, Item,
    Notice, NoticeEffect, ParseFailure, Parsed, PersonNews, Pricing, StatusReport, TemplateNews,
};
pub use outbound::{Content, HeaderMedia, Outbound, Recipient, SendOutcome};
pub use verify::{Delivery, Refusal, Verified};
