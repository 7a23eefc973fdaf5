//! What the assistant made of a turn.

use crate::Source;
use domain::{AnswerStep, Because, BotMode, EscalationReason, Language, SkillId, Verdict};
use serde::{Deserialize, Serialize};

/// A button that goes with an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyButton {
    /// What comes back when it is tapped: `skill:7`, `person`, `say`.
    pub id: String,
    /// What it says.
    pub title: String,
}

/// A skill that was considered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The skill.
    pub skill: i64,
    /// Its name.
    pub name: String,
    /// How sure the matcher is, between 0 and 1.
    pub confidence: f64,
    /// The example that is nearest.
    pub example: Option<String>,
}

/// What a check found, for the operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flaw {
    /// Which check.
    pub kind: String,
    /// What is wrong, as a sentence.
    pub words: String,
    /// Bytes of the text it is about.
    pub span: Option<(usize, usize)>,
}

/// What the assistant wants to happen. Whether it may is asked where it is carried out.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Answer, ask, draft, escalate, keep quiet.
    pub verdict: Verdict,
    /// Which step answered.
    pub step: Option<AnswerStep>,
    /// Why.
    pub because: Because,
    /// Why a person is needed.
    pub escalation: Option<EscalationReason>,
    /// The answer.
    pub text: Option<String>,
    /// Buttons below it.
    pub buttons: Vec<ReplyButton>,
    /// SHA-256 of a stored file that goes with it.
    pub file: Option<String>,
    /// Its language.
    pub language: Option<Language>,
    /// The language the customer speaks, when this turn made it clear.
    pub spoken: Option<Language>,
    /// How sure it is, between 0 and 1.
    pub confidence: Option<f64>,
    /// The band of the matcher: send, clarify, next.
    pub band: Option<&'static str>,
    /// The skill that answered, and its version.
    pub skill: Option<(SkillId, i64)>,
    /// How much that skill may do by itself.
    pub autonomy: BotMode,
    /// The field of a lead the answer asks for.
    pub asked_field: Option<String>,
    /// What it rests on.
    pub sources: Vec<Source>,
    /// Skills that were considered.
    pub candidates: Vec<Candidate>,
    /// Passages that were considered.
    pub passages: Vec<Source>,
    /// What the checks found.
    pub flaws: Vec<Flaw>,
    /// What spoke for and against an answer of a model; learnt from once a person has judged it.
    pub signs: Option<crate::think::Signs>,
    /// What the customer's tap says they meant; the inner none: none of the skills.
    pub label: Option<Option<SkillId>>,
    /// The customer said stop (true) or go on (false).
    pub stop: Option<bool>,
    /// What the customer is told when a check stopped the answer and a person is fetched instead.
    pub promise: Option<String>,
    /// Something a person should look at although the assistant keeps the conversation.
    pub attention: Option<EscalationReason>,
}

impl Outcome {
    /// Silence, with its reason.
    pub fn silent(because: Because) -> Self {
        Self {
            verdict: Verdict::Silent,
            step: None,
            because,
            escalation: None,
            text: None,
            buttons: Vec::new(),
            file: None,
            language: None,
            spoken: None,
            confidence: None,
            band: None,
            skill: None,
            autonomy: BotMode::Bot,
            asked_field: None,
            sources: Vec::new(),
            candidates: Vec::new(),
            passages: Vec::new(),
            flaws: Vec::new(),
            signs: None,
            label: None,
            stop: None,
            promise: None,
            attention: None,
        }
    }

    /// An answer in words.
    pub fn says(verdict: Verdict, step: AnswerStep, because: Because, text: String) -> Self {
        Self {
            verdict,
            step: Some(step),
            text: Some(text),
            ..Self::silent(because)
        }
    }

    /// Returns the evidence as it is stored with the decision.
    pub fn trace(&self) -> serde_json::Value {
        serde_json::json!({
            "band": self.band,
            "buttons": self.buttons,
            "sources": self.sources,
            "candidates": self.candidates,
            "passages": self.passages,
            "flaws": self.flaws,
            "signs": self.signs,
        })
    }
}
