//! What a person changed in a draft besides its wording.

use super::{Candidate, FindingKind, check};
use crate::source::{Source, SourceKind};
use domain::AnswerStep;

/// Returns the numbers, prices, dates, times, addresses and links that stand in one of two texts and not in the other.
pub fn facts_changed(before: &str, after: &str) -> Vec<String> {
    let mut changed = without_source(after, before);
    for fact in without_source(before, after) {
        if !changed.contains(&fact) {
            changed.push(fact);
        }
    }
    changed
}

/// The facts of `text` that do not stand in `other`.
fn without_source(text: &str, other: &str) -> Vec<String> {
    let source = [Source {
        id: "S1".to_owned(),
        kind: SourceKind::Passage,
        reference: String::new(),
        title: String::new(),
        text: other.to_owned(),
        url: None,
        quotable: true,
    }];
    let checked = check(&Candidate {
        text,
        language: None,
        sources: &source,
        customer: &[],
        last_bot_texts: &[],
        step: AnswerStep::Knowledge,
        prompt: None,
        allowed_links: &[],
        conversation_language: None,
        first_of_conversation: false,
        disclaimer: None,
    });
    let fact = |kind| {
        matches!(
            kind,
            FindingKind::Number
                | FindingKind::Price
                | FindingKind::Percent
                | FindingKind::Date
                | FindingKind::Time
                | FindingKind::Contact
                | FindingKind::Link
        )
    };
    checked
        .findings
        .iter()
        .filter(|finding| fact(finding.kind))
        .filter_map(|finding| checked.text.get(finding.span.clone()?))
        .map(|words| words.trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::facts_changed;

    #[test]
    fn a_changed_price_is_a_changed_fact_and_a_friendlier_word_is_none() {
        let before = "It costs 25 EUR.";
        assert!(facts_changed(before, "It costs 25 EUR, with pleasure.").is_empty());
        assert_eq!(facts_changed(before, "It costs 20 EUR.").len(), 2);
        assert_eq!(facts_changed(before, "It is cheap.").len(), 1);
    }
}
