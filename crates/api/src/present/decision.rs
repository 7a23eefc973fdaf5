//! Why the assistant did what it did, for the panel that tells it.

use crate::views::{CandidateView, DecisionView, DraftView, FindingView, SourceView};
use domain::{AnswerStep, EscalationReason, Language};
use serde_json::Value;
use store::{Decision, Draft, Reader, StoreError};

/// Returns a decision; one with the id 0 was never stored.
pub(crate) fn decision(decision: &Decision) -> DecisionView {
    let trace = &decision.trace;
    let stored = decision.id.0 != 0;
    DecisionView {
        id: stored.then(|| decision.id.to_string()),
        conversation_id: stored.then(|| decision.conversation_id.to_string()),
        message_id: decision.message_id.map(|id| id.to_string()),
        at: decision.created_at.to_rfc3339(),
        mode: decision.mode.as_str(),
        verdict: decision.verdict.as_str(),
        step: decision.step.map(AnswerStep::as_str),
        because: decision.because.as_str(),
        escalation: decision.escalation.map(EscalationReason::as_str),
        text: decision.text.clone(),
        buttons: list(trace, "buttons", |button| text(button, "title")),
        language: decision.language.map(Language::as_str),
        confidence: decision.confidence,
        band: trace.get("band").and_then(Value::as_str).and_then(band),
        sources: list(trace, "sources", source),
        candidates: list(trace, "candidates", candidate),
        passages: list(trace, "passages", source),
        findings: list(trace, "flaws", |flaw| finding(flaw, decision.text.as_deref())),
        model_call_id: decision.model_call_id.map(|id| id.to_string()),
        took_ms: u32::try_from(decision.took_ms).unwrap_or(u32::MAX),
    }
}

fn band(word: &str) -> Option<&'static str> {
    ["send", "clarify", "next"]
        .into_iter()
        .find(|known| *known == word)
}

fn list<T>(trace: &Value, key: &str, of: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    let items = trace.get(key).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(of).collect()
}

fn text(value: &Value, key: &str) -> Option<String> {
    Some(value.get(key)?.as_str()?.to_owned())
}

fn source(value: &Value) -> Option<SourceView> {
    Some(SourceView {
        id: text(value, "id")?,
        kind: text(value, "kind")?,
        reference: text(value, "reference")?,
        title: text(value, "title")?,
        text: text(value, "text")?,
        url: text(value, "url"),
    })
}

fn candidate(value: &Value) -> Option<CandidateView> {
    Some(CandidateView {
        skill_id: value.get("skill")?.as_i64()?.to_string(),
        name: text(value, "name")?,
        confidence: value.get("confidence")?.as_f64()?,
        example: text(value, "example"),
    })
}

fn finding(value: &Value, answer: Option<&str>) -> Option<FindingView> {
    let span = value.get("span").and_then(Value::as_array);
    let place = |at: usize| {
        let bytes = usize::try_from(span?.get(at)?.as_u64()?).ok()?;
        utf16(answer?, bytes)
    };
    Some(FindingView {
        kind: text(value, "kind")?,
        words: text(value, "words")?,
        start: place(0),
        end: place(1),
    })
}

/// Turns a place in bytes into one as JavaScript counts; none when it is not between two characters.
pub(crate) fn utf16(text: &str, bytes: usize) -> Option<u32> {
    u32::try_from(text.get(..bytes)?.encode_utf16().count()).ok()
}

/// Returns a stored decision. While its draft is blind and waits, nothing of what would be said is told.
pub(crate) fn shown(reader: Reader<'_>, why: &Decision) -> Result<DecisionView, StoreError> {
    let mut view = decision(why);
    let waiting = reader.pending_draft(why.conversation_id)?;
    if waiting.is_some_and(|draft| draft.decision_id == why.id && is_hidden(&draft)) {
        view.text = None;
        view.buttons.clear();
        view.sources.clear();
        view.candidates.clear();
        view.passages.clear();
        view.findings.clear();
        view.model_call_id = None;
    }
    Ok(view)
}

fn is_hidden(draft: &Draft) -> bool {
    draft.blind && draft.state == domain::DraftState::Pending
}

/// Returns a draft with its evidence. The words of a blind one stay hidden while it waits.
pub(crate) fn draft(reader: Reader<'_>, draft: &Draft) -> Result<DraftView, StoreError> {
    let conversation = reader.conversation(draft.conversation_id)?;
    let why = reader.decision(draft.decision_id)?;
    let hidden = is_hidden(draft);
    let shown = shown(reader, &why)?;
    let skill = match why.skill {
        Some((id, _)) if !hidden => reader.skill(id).ok().map(|skill| skill.name),
        _ => None,
    };
    let facts = draft.facts_changed.as_ref().and_then(Value::as_array);
    Ok(DraftView {
        id: draft.id.to_string(),
        conversation_id: conversation.id.to_string(),
        contact: super::contact::of_conversation(&conversation),
        channel_id: conversation.channel_id.to_string(),
        text: if hidden { String::new() } else { draft.text.clone() },
        buttons: shown.buttons.clone(),
        state: draft.state.as_str(),
        blind: draft.blind,
        skill,
        sources: shown.sources.clone(),
        decision: shown,
        created_at: draft.created_at.to_rfc3339(),
        expires_at: draft.expires_at.to_rfc3339(),
        decided_at: draft.decided_at.map(domain::Timestamp::to_rfc3339),
        message_id: draft.message_id.map(|id| id.to_string()),
        final_text: draft.final_text.clone(),
        distance: draft.distance,
        facts_changed: facts
            .into_iter()
            .flatten()
            .filter_map(|fact| Some(fact.as_str()?.to_owned()))
            .collect(),
        reason: draft.reason.clone(),
    })
}

/// Returns what was only tried, as a decision that was never stored.
pub(crate) fn tried(tried: &engine::Tried) -> DecisionView {
    let outcome = &tried.outcome;
    decision(&Decision {
        id: domain::DecisionId(0),
        turn_id: None,
        conversation_id: domain::ConversationId(0),
        message_id: None,
        mode: tried.mode,
        verdict: outcome.verdict,
        step: outcome.step,
        because: outcome.because,
        escalation: outcome.escalation,
        skill: outcome.skill,
        confidence: outcome.confidence,
        language: outcome.language,
        text: outcome.text.clone(),
        asked_field: outcome.asked_field.clone(),
        trace: outcome.trace(),
        model_call_id: tried.model_call,
        took_ms: i64::try_from(tried.took.as_millis()).unwrap_or(i64::MAX),
        created_at: tried.at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(span: &Value, text: &str) -> (Option<u32>, Option<u32>) {
        let flaw = json!({"kind": "number", "words": "This price stands in no source.", "span": span});
        let found = finding(&flaw, Some(text)).unwrap();
        (found.start, found.end)
    }

    #[test]
    fn the_place_of_a_finding_is_counted_as_a_window_counts() {
        let text = "Così 🙂 12 €";
        let start = text.find("12").unwrap();
        assert_eq!(found(&json!([start, start + 2]), text), (Some(8), Some(10)));
    }

    #[test]
    fn a_finding_whose_place_the_answer_does_not_have_is_shown_without_it() {
        assert_eq!(found(&Value::Null, "é"), (None, None));
        assert_eq!(found(&json!([1, 99]), "é"), (None, None));
    }
}
