//! The providers played by us, over real loopback HTTP: Meta's Graph API, its signed webhooks, its faults, and the
//! customers of a demo shop.
//!
//! This crate is an independent witness of the wire. It shares no code with the product's own reader and writer of
//! Meta's format, so that both would have to be wrong in the same way for a mistake to stay unseen. The shapes follow
//! `whatsapp-cloud-api.md`, whose sections are named in the comments.
//!
//! - [`Meta`] is a running Meta for tests and benchmarks: numbers, sends, [`faults`], [`statuses`], webhook deliveries.
//! - [`webhook`] builds and signs webhook bodies without any server: every kind of message, every field.
//! - [`MediaHandle`], [`MediaFault`] and `Meta::put_media` are about files; [`Template`] about templates; `Meta::calls`
//!   shows every request that was no send.
//! - [`art`] draws the pictures, films and papers that customers send.
//! - [`Edge`] is the other end of a tunnel: agents dial in, visitors come by public names.
//! - [`brain`] plays the servers of language models.
//! - [`DemoShop`] is a pottery shop with customers who write, answer, pause and come back.

pub mod art;
mod book;
pub mod brain;
mod calls;
mod checks;
mod clock;
mod customers;
mod dice;
pub mod edge;
pub mod faults;
mod files;
pub mod graph;
mod management;
mod memory;
mod meta;
mod multipart;
mod server;
mod settings;
pub mod statuses;
mod street;
mod templates;
mod traffic;
pub mod webhook;

pub use book::{Outcome, RecordedSend};
pub use calls::{Presented, RecordedCall};
pub use customers::{DemoShop, Lessons, Tempo};
pub use edge::Edge;
pub use faults::{Fault, Gate, MediaFault, MediaRule, Page, Rule};
pub use files::{MediaHandle, RecordedUpload};
pub use graph::GraphError;
pub use management::{
    Account, App, Health, HealthEntity, HealthError, Refusal, Standing, Token, Verification,
};
pub use meta::{Meta, WindowCheck};
pub use statuses::{Status, StatusPlan};
pub use street::{Progress, Receipt, Street};
pub use templates::Template;
pub use webhook::{Change, Customer, Inbound, Number, Style};
