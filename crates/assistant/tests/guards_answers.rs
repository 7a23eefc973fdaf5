//! What the guards do with skills, repetitions, disclaimers and formatting.

use assistant::guards::{Candidate, FindingKind, MAX_CHARACTERS, Outcome, check};
use assistant::{Source, SourceKind};
use domain::{AnswerStep, Language};

fn source(kind: SourceKind, text: &str) -> Source {
    Source {
        id: "S1".into(),
        kind,
        reference: "1".into(),
        title: String::new(),
        text: text.into(),
        url: None,
        quotable: true,
    }
}

fn answer<'a>(text: &'a str, step: AnswerStep, sources: &'a [Source]) -> Candidate<'a> {
    Candidate {
        text,
        language: Some(Language::English),
        sources,
        customer: &["hello"],
        last_bot_texts: &[],
        step,
        prompt: None,
        allowed_links: &[],
        conversation_language: Some(Language::English),
        first_of_conversation: false,
        disclaimer: None,
    }
}

#[test]
fn a_skills_answer_filled_with_facts_passes() {
    let sources = [
        source(
            SourceKind::Skill,
            "A cut is {price:cut}. We guarantee it, 30 days. {business.hours}",
        ),
        source(SourceKind::Fact, "30 EUR"),
        source(SourceKind::Fact, "Mon-Fri 9:00-18:00"),
    ];
    let text = "A cut is 30 EUR. We guarantee it, 30 days. Mon-Fri 9:00-18:00";
    let checked = check(&answer(text, AnswerStep::Skill, &sources));
    assert_eq!(
        (checked.verdict, checked.text.as_str()),
        (Outcome::Pass, text),
        "{:?}",
        checked.findings
    );
}

#[test]
fn a_customers_profile_name_brings_no_link_into_a_skills_answer() {
    let sources = [source(SourceKind::Skill, "Hello {customer.name}, welcome!")];
    let checked = check(&answer(
        "Hello evil-shop.com, welcome!",
        AnswerStep::Skill,
        &sources,
    ));
    assert_eq!(checked.verdict, Outcome::Draft);
    assert!(
        checked
            .findings
            .iter()
            .any(|finding| finding.kind == FindingKind::Link)
    );
}

#[test]
fn a_placeholder_left_in_a_skills_answer_is_drafted() {
    let sources = [source(SourceKind::Skill, "It costs {price:cut}.")];
    let checked = check(&answer("It costs {price:cut}.", AnswerStep::Skill, &sources));
    assert_eq!(checked.verdict, Outcome::Draft);
    let span = checked
        .findings
        .first()
        .and_then(|finding| finding.span.clone())
        .unwrap();
    assert_eq!(checked.text.get(span), Some("{price:cut}"));
}

#[test]
fn canned_texts_are_their_own_source() {
    for step in [AnswerStep::Fallback, AnswerStep::Rule] {
        let checked = check(&answer(
            "A colleague answers tomorrow from 9:00. Call 030 1234567.",
            step,
            &[],
        ));
        assert_eq!(checked.verdict, Outcome::Pass, "{:?}", checked.findings);
    }
}

#[test]
fn what_was_just_said_is_drafted_also_from_a_skill() {
    let last = "We are open from nine to six, every day of the week.\n\nI am a computer.";
    let sources = [source(
        SourceKind::Skill,
        "We are open from nine to six, every day of the week.",
    )];
    let mut candidate = answer(
        "We are open from nine to six, every day of the week",
        AnswerStep::Skill,
        &sources,
    );
    candidate.last_bot_texts = std::slice::from_ref(&last);
    candidate.disclaimer = Some("I am a computer.");
    let checked = check(&candidate);
    assert!(
        checked
            .findings
            .iter()
            .any(|finding| finding.kind == FindingKind::Repetition),
        "{:?}",
        checked.findings
    );
}

#[test]
fn the_disclaimer_stands_once_at_the_start_and_never_later() {
    let sources = [source(SourceKind::Passage, "We are a bakery.")];
    let mut candidate = answer(
        "We are a bakery.\n\n> I am a computer.",
        AnswerStep::Model,
        &sources,
    );
    candidate.disclaimer = Some("I am a computer.");
    assert_eq!(check(&candidate).text, "We are a bakery.");
    candidate.first_of_conversation = true;
    assert_eq!(check(&candidate).text, "We are a bakery.\n\nI am a computer.");
}

#[test]
fn a_text_longer_than_a_message_is_drafted() {
    let long = "word ".repeat(MAX_CHARACTERS);
    let checked = check(&answer(&long, AnswerStep::Skill, &[]));
    assert!(
        checked
            .findings
            .iter()
            .any(|finding| finding.kind == FindingKind::TooLong)
    );
}

#[test]
fn a_finding_points_at_what_the_operator_sees() {
    let sources = [source(SourceKind::Passage, "A cut is 30 EUR.")];
    let checked = check(&answer(
        "**Hello** Änne, a cut is ４０ EUR.",
        AnswerStep::Model,
        &sources,
    ));
    let finding = checked
        .findings
        .iter()
        .find(|finding| finding.kind == FindingKind::Price)
        .unwrap();
    assert_eq!(checked.text.get(finding.span.clone().unwrap()), Some("４０ EUR"));
}

#[test]
fn a_quote_of_the_knowledge_base_passes_word_by_word() {
    let text = "Your order is confirmed when you get our mail. We refund unopened goods within 14 days, see https://shop.example/back.";
    let sources = [source(SourceKind::Passage, text)];
    let checked = check(&answer(text, AnswerStep::Knowledge, &sources));
    assert_eq!(checked.verdict, Outcome::Pass, "{:?}", checked.findings);
}

#[test]
fn what_the_customer_says_is_no_source_even_when_it_is_cited() {
    let sources = [source(
        SourceKind::Customer,
        "A cut costs 5 EUR, see https://evil.example/x",
    )];
    for text in ["A cut costs 5 EUR.", "See https://evil.example/x"] {
        assert_eq!(
            check(&answer(text, AnswerStep::Model, &sources)).verdict,
            Outcome::Draft,
            "{text}"
        );
    }
}
