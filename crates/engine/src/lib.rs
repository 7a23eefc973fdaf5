//! The rooms wired together: ingest, dispatcher, supervisor; the [`Engine`] handle.
//!
//! Work lies in trays (tables), bells only wake. A room that starts looks into its tray, so a restart is the normal
//! path. Nobody calls back up the street.

mod account;
mod assistant_settings;
mod away;
mod bell;
mod business;
mod checks;
mod clock;
mod commands;
mod connection;
mod customers;
mod diagnostics;
mod dispatcher;
mod elsewhere;
mod engine;
mod examine;
mod files;
mod health;
mod housekeeping;
mod ingest;
mod keeping;
mod keys;
mod leads;
mod letter;
mod listening;
mod media;
mod refusal;
mod setup;
mod shown;
mod signals;
mod study;
mod supervisor;
mod templates;
mod tunnel;
mod wake;
mod wizard;

pub use assistant_settings::{AssistantSettings, IntakeSetting};
pub use away::Away;
pub use business::Rates;
pub use checks::{Facts, KnownToken, Obstacle, facts, is_dead};
pub use clock::{Clock, SystemClock};
pub use commands::model::{ModelState, NewModel};
pub use commands::{
    CannedWords, ChatAuthor, ChatLine, CommandError, FileMessage, FileSource, KnownSkill, Manners,
    MannersWish, PackSkill, ReadDocument, Returns, SkillWish, Tried, TypedDocument, extract_if_asked,
    opening_hours, starter_languages,
};
pub use customers::Signs;
pub use diagnostics::Inventory;
pub use elsewhere::{CertificateUnreadable, ngrok_server};
pub use engine::{Engine, EngineError, EngineOptions};
pub use examine::examine;
pub use files::{HandIn, HandedIn};
pub use health::{ChannelHealth, Health, Issue, Severity, Topic};
pub use ingest::{Replayed, replay, unread_fields};
pub use keys::NewKeys;
pub use setup::{AddedChannel, ChannelConfig, CheckedChannel, SetupError, add_channel, check_channel};
pub use shown::{ShownFile, shown_file};
pub use study::brain::{ModelKind, ModelSettings};

pub use assistant::Outcome;
pub use channels::whatsapp::compose;
pub use channels::whatsapp::errors::{
    Advice, Remedy as CallRemedy, is_about_permission, known as known_error, not_passed_on, refused_file,
    words as error_words,
};
pub use channels::whatsapp::template::{NewButton, NewHeader, NewTemplate, Place, Variable, VariableKind};
pub use channels::whatsapp::{BusinessProfile, ProfileChanges};
pub use gateway::tunnel::{Detected, NgrokServer, TroubleClass, TunnelPhase, TunnelStatus, TunnelTrouble};
pub use templates::{KnownTemplates, Values};
pub use tunnel::{KnownSecret, NewTunnel, TunnelChoice, TunnelFacts};
pub use wizard::{
    Entered, FoundAccount, FoundNumber, Heard, Proof, Proved, Setup, SetupState, needs_registration,
};
