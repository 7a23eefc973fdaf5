//! No answer: what is said, and when a person is fetched instead.

use super::{Search, Situation, Speaker, escalation, skill::short};
use crate::mind::Mind;
use crate::outcome::{Outcome, ReplyButton};
use crate::rules::{CannedText, Hours, Rung, differs, ladder};
use domain::{AnswerStep, Because, EscalationReason, Verdict};

/// Topics that are named.
const TOPICS: usize = 3;

pub(super) fn outcome(mind: &Mind, situation: &Situation, search: &Search) -> Outcome {
    if situation.by_request {
        // An excuse is no answer to a question a person gave back; they have to know.
        return Outcome {
            attention: Some(EscalationReason::TwoMisses),
            ..Outcome::silent(Because::NothingFound)
        };
    }
    let asks = |reason| escalation(mind, reason, search.language, situation.now, AnswerStep::Fallback);
    match ladder(situation.misses + 1, search.frustrated) {
        Rung::Escalate(reason) => asks(reason),
        Rung::Canned => match canned(mind, situation, search) {
            Some(outcome) => outcome,
            // It would say the same twice, or the owner wants nothing said.
            None => asks(EscalationReason::TwoMisses),
        },
    }
}

fn canned(mind: &Mind, situation: &Situation, search: &Search) -> Option<Outcome> {
    let language = search.language;
    let topics: Vec<&domain::Skill> = mind
        .skills
        .iter()
        .filter(|skill| {
            mind.usable(skill.id, situation.now).is_some()
                && skill.autonomy == domain::BotMode::Bot
                && !skill.requires_human
        })
        .take(TOPICS)
        .collect();
    let plain = || mind.texts.text(CannedText::Fallback, language, Hours::Open);
    let text = if topics.is_empty() || mind.texts.is_own(CannedText::Fallback, language) {
        plain()?
    } else {
        let names: Vec<&str> = topics.iter().map(|skill| skill.name.as_str()).collect();
        mind.texts
            .text(CannedText::FallbackTopics, language, Hours::Open)
            .map(|text| text.replace("{topics}", &names.join(", ")))
            .or_else(plain)?
    };
    if !differs(&text, situation.last_of(Speaker::Assistant, 1).first().copied()) {
        return None;
    }
    let buttons = if situation.buttons {
        topics
            .iter()
            .map(|skill| ReplyButton {
                id: format!("skill:{}", skill.id),
                title: short(&skill.name),
            })
            .collect()
    } else {
        Vec::new()
    };
    Some(Outcome {
        buttons,
        language: Some(language),
        band: Some("next"),
        ..Outcome::says(Verdict::Send, AnswerStep::Fallback, Because::Fallback, text)
    })
}
