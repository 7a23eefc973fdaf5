//! The rooms wired together: ingest, dispatcher, supervisor; the [`Engine`] handle.
//!
//! Work lies in trays (tables), bells only wake. A room that starts looks into its tray, so a restart is the normal
//! path. Nobody calls back up the street.

mod account;
mod bell;
mod business;
mod clock;
mod commands;
mod customers;
mod dispatcher;
mod engine;
mod files;
mod health;
mod housekeeping;
mod ingest;
mod keeping;
mod letter;
mod media;
mod refusal;
mod setup;
mod shown;
mod signals;
mod supervisor;
mod templates;

pub use business::Rates;
pub use clock::{Clock, SystemClock};
pub use commands::{CommandError, FileMessage, FileSource};
pub use customers::Signs;
pub use engine::{Engine, EngineError, EngineOptions};
pub use files::{HandIn, HandedIn};
pub use health::{Health, Issue, Severity, Topic};
pub use ingest::{Replayed, replay, unread_fields};
pub use setup::{AddedChannel, ChannelConfig, SetupError, add_channel, check_channel};
pub use shown::{ShownFile, shown_file};

pub use channels::whatsapp::compose;
pub use channels::whatsapp::errors::{
    Advice, known as known_error, not_passed_on, refused_file, words as error_words,
};
pub use channels::whatsapp::template::{NewButton, NewHeader, NewTemplate, Place, Variable, VariableKind};
pub use channels::whatsapp::{BusinessProfile, ProfileChanges};
pub use templates::{KnownTemplates, Values};
