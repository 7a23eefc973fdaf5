//! Turns a turn into a reply, a draft, an escalation or silence, always with its sources.
//!
//! Nothing here reads the database or sends a message. What the shop knows comes in as values; what is decided goes
//! out as a value that names its evidence. Only `models` talks to a network, and only to a server the owner chose.

mod check;
pub mod guards;
pub mod knowledge;
pub mod leads;
pub mod mind;
pub mod models;
mod outcome;
pub mod rules;
pub mod skills;
mod source;
pub mod text;
pub mod think;

pub use outcome::{Candidate, Flaw, Outcome, ReplyButton};
pub use source::{Source, SourceKind};
