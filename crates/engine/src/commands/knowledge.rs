//! What the owner teaches the assistant: skills, texts, facts, manners; and a bench to try it all on.

mod bench;
mod documents;
mod facts;
mod manners;
mod rules;
mod skills;

pub use bench::{ChatAuthor, ChatLine, Tried};
pub use documents::{ReadDocument, TypedDocument};
pub use manners::{CannedWords, Manners, MannersWish, Returns, opening_hours};
pub use skills::{KnownSkill, PackSkill, SkillWish};

use super::CommandError;
use std::process::ExitCode;

/// The word on the command line that makes a process of ours read one file and end.
const EXTRACT: &str = "--extract";

/// Reads a file for another process of ours, when the command line says so (`--extract KIND`). Has to be asked before the
/// program does anything else, and its exit code ends the program.
pub fn extract_if_asked() -> Option<ExitCode> {
    let mut words = std::env::args_os().skip(1);
    let asked = words.next()? == EXTRACT;
    asked.then(|| {
        let kind = words.next().unwrap_or_default();
        assistant::knowledge::child_main(&kind.to_string_lossy())
    })
}

/// Returns the languages the starter pack is written in.
pub fn starter_languages() -> &'static [domain::Language] {
    &assistant::rules::STARTER_LANGUAGES
}

/// What does not fit, beside the argument it is about.
fn misfit(field: impl Into<String>, sentence: impl Into<String>) -> CommandError {
    CommandError::Misfit {
        field: field.into(),
        sentence: sentence.into(),
    }
}
