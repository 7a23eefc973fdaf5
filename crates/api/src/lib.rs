//! The one contract with any window: commands, views, error codes, TypeScript.

mod account;
pub mod args;
mod assistant;
mod changes;
mod connection;
mod content;
mod demo;
mod desk;
mod drafts;
pub mod error;
pub mod export;
pub mod files;
mod leads;
mod model;
mod people;
mod present;
mod router;
mod secrets;
mod setup;
pub mod table;
mod typescript;
pub mod views;
mod wording;

pub use changes::ChangeStream;
pub use desk::{Desk, DeskError, DeskOptions};
pub use engine::{CertificateUnreadable, ngrok_server};
pub use error::{ApiError, ErrorCode};
pub use files::{FileAnswer, FileBody, FileForm, HandIn};
pub use typescript::typescript;
pub use wording::health as health_view;
