//! Skills: what the shop is asked again and again, with the answer a person wrote.

use crate::channel::BotMode;
use crate::id::SkillId;
use crate::language::Language;
use crate::text_enum::text_enum;
use crate::time::Timestamp;

text_enum! {
    /// When of the day a skill answers.
    SkillHours {
        /// Always.
        Always = "always",
        /// Only while the shop is open.
        Open = "open",
        /// Only while it is closed.
        Closed = "closed",
    }
}

/// A sentence a customer may say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The words.
    pub text: String,
    /// Their language, when it is known.
    pub language: Option<Language>,
    /// Whether it is a sentence that does *not* mean this skill.
    pub negative: bool,
}

/// A button below an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerButton {
    /// What it says; 20 characters at most (whatsapp-cloud-api, section 5.3).
    pub title: String,
    /// The skill a tap asks for; none: its title is taken as the customer's words.
    pub skill: Option<SkillId>,
}

/// What is answered, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkillAnswer {
    /// The language; none: it serves for all.
    pub language: Option<Language>,
    /// The words, with placeholders such as `{business.hours}`.
    pub text: String,
    /// At most three.
    pub buttons: Vec<AnswerButton>,
    /// SHA-256 in hexadecimal of a stored file that goes with it.
    pub file: Option<String>,
}

/// One thing the shop is asked again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skill {
    /// Its id.
    pub id: SkillId,
    /// What the owner calls it; customers see it on buttons that ask what they meant.
    pub name: String,
    /// Whether it is used at all.
    pub enabled: bool,
    /// How much it may do by itself: send, draft, or nothing.
    pub autonomy: BotMode,
    /// Whether a person has to take over whenever it is asked for.
    pub requires_human: bool,
    /// Whether a wrong answer costs more than usual: it is sent only when the matcher is surer.
    pub high_risk: bool,
    /// Not before.
    pub valid_from: Option<Timestamp>,
    /// Not after.
    pub valid_to: Option<Timestamp>,
    /// When of the day.
    pub hours: SkillHours,
    /// What customers say.
    pub examples: Vec<Example>,
    /// What is answered.
    pub answers: Vec<SkillAnswer>,
    /// Raised by every change.
    pub version: i64,
}

impl Skill {
    /// Whether it may be used at `now`; `open` is none when the shop has no opening hours.
    pub fn is_valid(&self, now: Timestamp, open: Option<bool>) -> bool {
        let today =
            self.valid_from.is_none_or(|from| from <= now) && self.valid_to.is_none_or(|to| now <= to);
        let hour = match self.hours {
            SkillHours::Always => true,
            SkillHours::Open => open.unwrap_or(true),
            SkillHours::Closed => !open.unwrap_or(true),
        };
        self.enabled && self.autonomy != BotMode::Off && today && hour
    }
}
