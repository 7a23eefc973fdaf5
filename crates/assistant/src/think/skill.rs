//! Answering with a skill, or asking which one was meant.

use super::Turn;
use crate::knowledge::fill;
use crate::outcome::{Flaw, Outcome, ReplyButton};
use crate::rules::{CannedText, Hours};
use crate::skills::{Choice, Match, Nearest};
use crate::{Source, SourceKind};
use domain::{AnswerStep, Because, EscalationReason, Language, Skill, SkillAnswer, Verdict};

/// The button that asks for a person.
const PERSON: &str = "person";
/// Buttons of one message (whatsapp-cloud-api, section 5.3).
const MOST_BUTTONS: usize = 3;
/// Characters on a button (whatsapp-cloud-api, section 5.3).
const LONGEST_TITLE: usize = 20;

impl Turn<'_> {
    /// Answers with one skill, or with two when each part of the message asks for another one.
    pub(super) fn answered(&self, found: &[(&Skill, &Match)]) -> Option<Outcome> {
        let (skill, first) = *found.first()?;
        let because = if first.exact {
            Because::Exact
        } else {
            Because::Sure
        };
        let mut outcome = self.answer_with(skill, first.nearest.as_ref(), AnswerStep::Skill, because);
        outcome.confidence = Some(first.confidence);
        if let Some((second, also)) = found.get(1) {
            let other = self.answer_with(second, also.nearest.as_ref(), AnswerStep::Skill, because);
            let both_speak = outcome.verdict == Verdict::Send && other.verdict == Verdict::Send;
            if other.verdict == Verdict::Escalate {
                // One part needs a person, who can answer the other one too.
                return Some(Outcome {
                    confidence: Some(also.confidence),
                    ..other
                });
            }
            if both_speak && let (Some(one), Some(two)) = (&outcome.text, &other.text) {
                outcome.text = Some(format!("{one}\n\n{two}"));
                outcome.sources.extend(other.sources);
                outcome.buttons.extend(other.buttons);
                outcome.buttons.truncate(MOST_BUTTONS);
                outcome.autonomy = outcome.autonomy.min(other.autonomy);
                outcome.confidence = Some(first.confidence.min(also.confidence));
            }
        }
        Some(outcome)
    }

    /// Answers with a skill in the customer's language.
    pub(super) fn answer_with(
        &self,
        skill: &Skill,
        nearest: Option<&Nearest>,
        step: AnswerStep,
        because: Because,
    ) -> Outcome {
        let language = nearest
            .and_then(|near| near.language)
            .filter(|language| has(skill, *language))
            .unwrap_or(self.language);
        let skilled = |outcome: Outcome| Outcome {
            skill: Some((skill.id, skill.version)),
            autonomy: skill.autonomy,
            language: Some(language),
            ..outcome
        };
        let Some(answer) = pick(skill, language) else {
            // A skill without words is a reason to fetch a person.
            return skilled(self.escalate(EscalationReason::Skill));
        };
        let facts = self.mind.facts(self.situation.customer.as_deref());
        let filled = match fill(&answer.text, &facts, language, self.situation.now) {
            Ok(filled) => filled,
            Err(unfilled) => {
                let mut outcome = Outcome::says(Verdict::Draft, step, Because::Guard, answer.text.clone());
                outcome.flaws.push(Flaw {
                    kind: "placeholder".to_owned(),
                    words: unfilled.to_string(),
                    span: None,
                });
                if skill.requires_human {
                    return skilled(self.escalate(EscalationReason::Skill));
                }
                outcome.sources.push(source(skill, &answer.text));
                return skilled(outcome);
            }
        };
        let mut sources = vec![source(skill, &filled.text)];
        sources.extend(filled.used);
        let outcome = if skill.requires_human {
            // The owner's words go before ours.
            Outcome {
                text: Some(filled.text),
                ..self.escalate(EscalationReason::Skill)
            }
        } else {
            Outcome::says(Verdict::Send, step, because, filled.text)
        };
        skilled(Outcome {
            buttons: self.buttons(answer),
            file: answer.file.clone(),
            sources,
            ..outcome
        })
    }

    fn buttons(&self, answer: &SkillAnswer) -> Vec<ReplyButton> {
        if !self.situation.buttons {
            return Vec::new();
        }
        answer
            .buttons
            .iter()
            .take(MOST_BUTTONS)
            .enumerate()
            .map(|(place, button)| ReplyButton {
                id: button
                    .skill
                    .map_or_else(|| format!("say:{place}"), |id| format!("skill:{id}")),
                title: short(&button.title),
            })
            .collect()
    }

    /// Asks which of a few skills was meant, with a person as the way out.
    pub(super) fn ask(&self, choices: &[Choice], confidence: Option<f64>) -> Option<Outcome> {
        let mut buttons: Vec<ReplyButton> = choices
            .iter()
            .filter_map(|choice| match choice {
                Choice::Skill { skill, name } => Some(ReplyButton {
                    id: format!("skill:{skill}"),
                    title: short(name),
                }),
                Choice::Person => None,
            })
            .take(MOST_BUTTONS - 1)
            .collect();
        if buttons.is_empty() {
            return None;
        }
        let person = self.canned(CannedText::PersonButton)?;
        buttons.push(ReplyButton {
            id: PERSON.to_owned(),
            title: short(&person),
        });
        // A provider refuses two buttons that read the same.
        buttons.dedup_by(|one, other| one.title == other.title);
        let text = if self.situation.buttons {
            self.canned(CannedText::Clarify)?
        } else {
            let lines: Vec<String> = buttons
                .iter()
                .enumerate()
                .map(|(place, button)| format!("{}. {}", place + 1, button.title))
                .collect();
            self.mind
                .texts
                .text(CannedText::ClarifyNumbered, self.language, Hours::Open)?
                .replace("{choices}", &lines.join("\n"))
        };
        Some(Outcome {
            confidence,
            buttons,
            language: Some(self.language),
            ..Outcome::says(Verdict::Clarify, AnswerStep::Skill, Because::Asks, text)
        })
    }
}

fn has(skill: &Skill, language: Language) -> bool {
    skill
        .answers
        .iter()
        .any(|answer| answer.language == Some(language) && !answer.text.trim().is_empty())
}

/// The answer in a language: its own, else the one for all, else the English one, else the first.
pub(super) fn pick(skill: &Skill, language: Language) -> Option<&SkillAnswer> {
    let spoken = |wanted: Option<Language>| {
        skill
            .answers
            .iter()
            .find(|answer| answer.language == wanted && !answer.text.trim().is_empty())
    };
    spoken(Some(language))
        .or_else(|| spoken(None))
        .or_else(|| spoken(Some(Language::English)))
        .or_else(|| skill.answers.iter().find(|answer| !answer.text.trim().is_empty()))
}

pub(super) fn source(skill: &Skill, text: &str) -> Source {
    Source {
        id: format!("S{}", skill.id),
        kind: SourceKind::Skill,
        reference: skill.id.to_string(),
        title: skill.name.clone(),
        text: text.to_owned(),
        url: None,
        quotable: true,
    }
}

/// A title that fits on a button; a long one is cut at a word where one ends.
pub(super) fn short(title: &str) -> String {
    let title = title.trim();
    if title.encode_utf16().count() <= LONGEST_TITLE {
        return title.to_owned();
    }
    let mut cut = String::new();
    for c in title.chars() {
        if cut.encode_utf16().count() + c.len_utf16() > LONGEST_TITLE - 1 {
            break;
        }
        cut.push(c);
    }
    let whole = match cut.rsplit_once(' ') {
        Some((whole, _)) if whole.chars().count() > 8 => whole.to_owned(),
        _ => cut,
    };
    format!("{}…", whole.trim_end())
}
