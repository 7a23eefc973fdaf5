//! The words the assistant knows before it has learned any: hard rules, canned texts and the starter pack.
//!
//! Everything here is pure: a text comes in, what it means goes out. The words themselves lie in `packs/`, one file for
//! each rule, so that somebody who speaks a language can put them right without reading code.

mod background;
mod ladder;
mod look;
mod patterns;
mod quiet;
mod starter;
mod texts;

pub use background::background;
pub use ladder::{Rung, differs, ladder, repeated};
pub use look::{Command, Found, Look, Sign, look};
pub use starter::{NeededFact, STARTER_LANGUAGES, keyed_pack, needed_facts, pack};
pub use texts::{CannedText, Hours, Texts, WrongText};
