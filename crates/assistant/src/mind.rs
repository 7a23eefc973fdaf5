//! What the shop knows, made ready to be asked.

use crate::knowledge::{Facts, Frequencies, Hours};
use crate::rules::{Texts, background};
use crate::skills::{Label, Matcher};
use crate::think::Sureness;
use domain::{Fact, Language, Skill, SkillId, Timestamp};
use std::time::{Duration, Instant};

/// How the owner wants the assistant to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manner {
    /// The shop's name; empty: it has none.
    pub business_name: String,
    /// The language when it is not clear which one a customer speaks.
    pub language: Language,
    /// Whether its first words say that an assistant writes.
    pub disclaimer: bool,
    /// Whether a customer who sends a file without words is asked to write what it is about.
    pub file_notice: bool,
    /// What it should know and never do, in the owner's words.
    pub instructions: String,
}

impl Default for Manner {
    fn default() -> Self {
        Self {
            business_name: String::new(),
            language: Language::English,
            disclaimer: false,
            file_notice: false,
            instructions: String::new(),
        }
    }
}

/// What the shop knows, made ready to be asked. Made anew whenever any of it changes.
#[derive(Debug, Clone, Default)]
pub struct Mind {
    /// Knows which skill a sentence asks for.
    pub matcher: Matcher,
    /// The skills.
    pub skills: Vec<Skill>,
    /// The facts table.
    pub facts: Vec<Fact>,
    /// When the shop is open.
    pub hours: Option<Hours>,
    /// How often words occur in the knowledge base.
    pub frequencies: Frequencies,
    /// Texts no skill holds.
    pub texts: Texts,
    /// How the owner wants the assistant to be.
    pub manner: Manner,
    /// How sure to be of answers of a model.
    pub sureness: Sureness,
    /// How long it took to learn the skills.
    pub trained: Duration,
    /// Why the skills could not be learnt; the knowledge base and the canned texts go on without them.
    pub trouble: Option<String>,
}

impl Mind {
    /// Learns the skills.
    pub fn learn(&mut self, skills: Vec<Skill>, labels: &[Label]) {
        let begun = Instant::now();
        let negatives: Vec<&str> = background().iter().map(|(_, text)| text.as_str()).collect();
        self.matcher = Matcher::train(&skills, &negatives, labels);
        self.skills = skills;
        self.trained = begun.elapsed();
    }

    /// Returns a skill that may be used at `now`.
    pub fn usable(&self, id: SkillId, now: Timestamp) -> Option<&Skill> {
        let open = self.hours.as_ref().map(|hours| hours.is_open(now));
        self.skills
            .iter()
            .find(|skill| skill.id == id && skill.is_valid(now, open))
    }

    /// Returns what placeholders can be filled with.
    pub fn facts<'m>(&'m self, customer: Option<&'m str>) -> Facts<'m> {
        Facts {
            facts: &self.facts,
            hours: self.hours.as_ref(),
            customer,
        }
    }

    /// Whether the shop is open at `now`; none when it has no opening hours.
    pub fn is_open(&self, now: Timestamp) -> Option<bool> {
        self.hours.as_ref().map(|hours| hours.is_open(now))
    }
}
