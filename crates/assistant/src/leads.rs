//! Leads: what is read of a customer's wish, where it was read, and how likely it is to become a sale.
//!
//! Rules come first and are pure functions over one message ([`read`]) or over our question and the answer to it
//! ([`bind`]). A language model comes second and is believed only as far as it can quote ([`accept`]). What a person
//! entered is never overwritten ([`merge`]). Values name the message and the bytes they were read from.

mod calendar;
mod dates;
mod intake;
mod merge;
mod model;
mod money;
mod names;
mod phone;
mod question;
mod reading;
mod rules;
mod score;
mod signals;
mod table;
mod words;

pub use intake::{History, Intake, IntakeQuestion, Question, TurnKind, next_question, turn_kind};
pub use merge::{Held, Step, merge};
pub use model::{Prompt, Said, Speaker, accept, prompt, schema};
pub use question::{Bound, bind, is_no_progress, is_refusal};
pub use rules::{Heard, Offer, Shop, from_profile, read};
pub use score::{Known, Reason, Score, Stage, score, signals_of, stage};
pub use signals::{Signals, is_small_talk};
pub use table::{ExportedLead, ExportedValue, export};
