//! What a language model may say in the place of the canned text, and when that is sent.
//!
//! The rule, in one place ([`may_send`]): an answer of a model is sent only when nothing speaks against its form, it names
//! at least one source, every source it names may be quoted without a person looking, and the reader that knows no
//! model does not point somewhere else. The guards come after that. Anything else is a draft. How sure a model says it is
//! never decides anything.

use super::skill::{pick, source};
use super::{Search, Situation, escalation, source_of};
use crate::knowledge::{self, Found, fill};
use crate::mind::Mind;
use crate::models::{Action, FACTS, Rejection, TypedAnswer};
use crate::outcome::{Flaw, Outcome};
use crate::{Source, SourceKind};
use domain::{AnswerStep, Because, BotMode, EscalationReason, SkillId, Timestamp, Verdict};
use serde::{Deserialize, Serialize};

/// Passages a model is given (assistant.md, section 3.7).
const PASSAGES: usize = 6;
/// Answers of skills it is given.
const SKILLS: usize = 3;
/// From here on the matcher would have asked whether a skill was meant (assistant.md, section 3.4).
const CLARIFY: f64 = 0.25;
/// From here on the words of a passage answer a question (assistant.md, section 3.5).
const COVERS: f64 = 0.6;

/// What speaks for and against an answer of a model.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Signs {
    /// Sources that were given and that it names.
    pub cited: usize,
    /// Whether anything is wrong with its form: an unknown source, none at all, another language.
    pub rejected: bool,
    /// Whether every source it names may be sent without a person looking.
    pub quotable: bool,
    /// How much of the question the best words of the knowledge base cover; none when there are no such words.
    pub coverage: Option<f64>,
    /// Whether those words stand in a source it names.
    pub agrees: bool,
    /// How sure it says it is.
    pub said: f64,
    /// What the guards found.
    pub warnings: usize,
}

/// Whether an answer may be sent when the guards agree.
pub fn may_send(signs: &Signs) -> bool {
    let contradicted = signs.coverage.is_some_and(|coverage| coverage >= COVERS) && !signs.agrees;
    !signs.rejected && signs.cited > 0 && signs.quotable && !contradicted
}

/// Returns what a model may rest its answer on: passages that were found, and answers of skills that may be meant.
pub fn sources(mind: &Mind, situation: &Situation, search: &Search, found: &[Found]) -> Vec<Source> {
    let mut sources: Vec<Source> = found
        .iter()
        .take(PASSAGES)
        .map(|found| source_of(&found.passage))
        .collect();
    let facts = mind.facts(situation.customer.as_deref());
    for candidate in search
        .candidates
        .iter()
        .filter(|candidate| candidate.confidence >= CLARIFY)
        .take(SKILLS)
    {
        let Some(skill) = mind.usable(SkillId(candidate.skill), situation.now) else {
            continue;
        };
        let Some(answer) = pick(skill, search.language) else {
            continue;
        };
        let Ok(filled) = fill(&answer.text, &facts, search.language, situation.now) else {
            continue;
        };
        sources.push(Source {
            quotable: skill.autonomy == BotMode::Bot && !skill.requires_human,
            ..source(skill, &filled.text)
        });
    }
    sources
}

/// Returns the facts that hold at `now` as one source.
fn fact_table(mind: &Mind, now: Timestamp) -> Source {
    let lines: Vec<String> = mind
        .facts
        .iter()
        .filter(|fact| fact.valid_to.is_none_or(|end| now <= end))
        .map(|fact| format!("{}: {}", fact.key, fact.value))
        .collect();
    Source {
        id: FACTS.to_owned(),
        kind: SourceKind::Fact,
        reference: FACTS.to_owned(),
        title: "Facts".to_owned(),
        text: lines.join("\n"),
        url: None,
        quotable: true,
    }
}

/// Makes an outcome of what a model said. `given` are the sources it was given, `told` is what it must not repeat.
/// None when it says nothing that helps: then it goes on without it.
pub fn weigh(
    mind: &Mind,
    situation: &Situation,
    search: &Search,
    found: &[Found],
    (given, told): (&[Source], &str),
    answer: &TypedAnswer,
) -> Option<Outcome> {
    let clarifies = match answer.action {
        Action::Silent => return None,
        Action::Escalate => {
            let mut outcome = escalation(
                mind,
                EscalationReason::Model,
                search.language,
                situation.now,
                AnswerStep::Model,
            );
            outcome.spoken = search.spoken;
            outcome.candidates.clone_from(&search.candidates);
            crate::check::check(mind, situation, None, &mut outcome);
            return Some(outcome);
        }
        Action::Clarify => true,
        Action::Answer => false,
    };
    let is_nothing = |rejection: &Rejection| matches!(rejection, Rejection::NoAnswer | Rejection::Empty);
    if answer.rejections.iter().any(is_nothing) {
        return None;
    }
    let mut cited: Vec<Source> = given
        .iter()
        .filter(|source| answer.sources.contains(&source.id))
        .cloned()
        .collect();
    if answer.sources.iter().any(|id| id == FACTS) && !mind.facts.is_empty() {
        cited.push(fact_table(mind, situation.now));
    }
    let extract = knowledge::answer(&search.question, found, Some(search.language), &mind.frequencies);
    let extracted = extract.as_ref().map(|extract| format!("P{}", extract.passage));
    let signs = Signs {
        cited: cited.len(),
        rejected: !answer.rejections.is_empty(),
        quotable: cited.iter().all(|source| source.quotable),
        coverage: extract.as_ref().map(|extract| extract.coverage),
        agrees: extracted.is_none_or(|id| cited.iter().any(|source| source.id == id)),
        said: if answer.confidence.is_finite() {
            answer.confidence
        } else {
            0.0
        },
        warnings: 0,
    };
    let (verdict, because) = if clarifies && !signs.rejected && signs.quotable && !situation.asked_lately {
        (Verdict::Clarify, Because::Asks)
    } else if !clarifies && may_send(&signs) {
        (Verdict::Send, Because::Grounded)
    } else if !signs.quotable && !signs.rejected {
        (Verdict::Draft, Because::NotQuotable)
    } else {
        (Verdict::Draft, Because::NotSure)
    };
    let mut outcome = Outcome {
        language: Some(search.language),
        spoken: search.spoken,
        band: Some("next"),
        candidates: search.candidates.clone(),
        sources: cited,
        passages: found
            .iter()
            .take(5)
            .map(|found| source_of(&found.passage))
            .collect(),
        flaws: answer
            .rejections
            .iter()
            .map(|rejection| Flaw {
                kind: rejection.as_str().to_owned(),
                words: rejection.to_string(),
                span: None,
            })
            .collect(),
        asked_field: answer
            .asked_field
            .clone()
            .filter(|field| !field.trim().is_empty()),
        ..Outcome::says(verdict, AnswerStep::Model, because, answer.text.clone())
    };
    let formal = outcome.flaws.len();
    crate::check::check(mind, situation, Some(told), &mut outcome);
    let signs = Signs {
        warnings: outcome.flaws.len().saturating_sub(formal),
        ..signs
    };
    outcome.confidence = Some(mind.sureness.of(&signs));
    outcome.signs = Some(signs);
    Some(outcome)
}

#[cfg(test)]
mod tests {
    use super::{Signs, may_send};

    fn grounded() -> Signs {
        Signs {
            cited: 1,
            rejected: false,
            quotable: true,
            coverage: Some(0.7),
            agrees: true,
            said: 0.9,
            warnings: 0,
        }
    }

    #[test]
    fn a_grounded_answer_is_sent_however_sure_the_model_says_it_is() {
        for said in [0.0, 0.5, 1.0, f64::NAN] {
            assert!(may_send(&Signs { said, ..grounded() }));
        }
    }

    #[test]
    fn an_answer_that_names_no_source_is_never_sent() {
        let signs = Signs {
            cited: 0,
            said: 1.0,
            ..grounded()
        };
        assert!(!may_send(&signs));
    }

    #[test]
    fn an_answer_whose_form_is_wrong_is_never_sent() {
        assert!(!may_send(&Signs {
            rejected: true,
            ..grounded()
        }));
    }

    #[test]
    fn an_answer_from_a_document_that_must_not_be_quoted_is_drafted() {
        assert!(!may_send(&Signs {
            quotable: false,
            ..grounded()
        }));
    }

    #[test]
    fn an_answer_is_drafted_when_the_plain_reader_is_sure_of_another_passage() {
        let elsewhere = Signs {
            agrees: false,
            ..grounded()
        };
        assert!(!may_send(&elsewhere));
        // Words that hardly fit contradict nothing.
        assert!(may_send(&Signs {
            coverage: Some(0.3),
            ..elsewhere
        }));
        assert!(may_send(&Signs {
            coverage: None,
            ..elsewhere
        }));
    }
}
