//! The guards, where every text passes them.

use crate::guards::{self, Candidate};
use crate::mind::Mind;
use crate::outcome::{Flaw, Outcome};
use crate::rules::{CannedText, Hours};
use crate::think::{self, Situation, Speaker};
use domain::{AnswerStep, Because, EscalationReason, FactKind, Verdict};

/// Looks at what would be said, and takes the permission to send away when something is wrong with it. What nobody
/// should see is taken away altogether.
pub(crate) fn check(mind: &Mind, situation: &Situation, prompt: Option<&str>, outcome: &mut Outcome) {
    let (Some(text), Some(step)) = (outcome.text.clone(), outcome.step) else {
        return;
    };
    let customer: Vec<&str> = situation
        .burst
        .iter()
        .filter_map(|heard| heard.text.as_deref())
        .collect();
    let said = situation.last_of(Speaker::Assistant, 2);
    let links: Vec<&str> = mind
        .facts
        .iter()
        .filter(|fact| fact.kind == FactKind::Link && fact.valid_to.is_none_or(|end| situation.now <= end))
        .map(|fact| fact.value.as_str())
        .collect();
    let language = outcome.language.unwrap_or(mind.manner.language);
    let disclaimer = mind
        .manner
        .disclaimer
        .then(|| mind.texts.text(CannedText::Disclaimer, language, Hours::Open))
        .flatten();
    let checked = guards::check(&Candidate {
        text: &text,
        language: outcome.language,
        sources: &outcome.sources,
        customer: &customer,
        last_bot_texts: &said,
        step,
        prompt,
        allowed_links: &links,
        conversation_language: outcome.spoken.or(situation.language),
        first_of_conversation: situation.first_words,
        disclaimer: disclaimer.as_deref(),
    });
    outcome.flaws.extend(checked.findings.iter().map(|finding| Flaw {
        kind: finding.kind.as_str().to_owned(),
        words: finding.sentence.clone(),
        span: finding.span.clone().map(|span| (span.start, span.end)),
    }));
    outcome.text = Some(checked.text);
    let told = outcome.verdict;
    match checked.verdict {
        guards::Outcome::Pass => {}
        guards::Outcome::Draft => {
            if matches!(told, Verdict::Send | Verdict::Clarify) {
                outcome.verdict = Verdict::Draft;
                outcome.because = if checked
                    .findings
                    .iter()
                    .all(|finding| finding.kind == guards::FindingKind::Repetition)
                {
                    Because::Again
                } else {
                    Because::Guard
                };
            }
        }
        guards::Outcome::Block => {
            outcome.text = None;
            if told != Verdict::Escalate {
                outcome.verdict = Verdict::Silent;
                outcome.because = Because::Guard;
                outcome.attention = Some(EscalationReason::Guard);
            }
        }
    }
    if outcome.because == Because::Guard && told != Verdict::Escalate {
        // What was to be said may not be, so a person has to; the customer is told so where the assistant may speak.
        outcome.promise =
            think::escalation(mind, EscalationReason::Guard, language, situation.now, step).text;
    }
    // Words a person wrote for a hand-over are said although they were said before.
    if told == Verdict::Escalate && step == AnswerStep::Rule && outcome.text.is_none() {
        outcome.text = Some(text);
    }
}
