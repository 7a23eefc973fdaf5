//! Checks in code on every text the assistant wants to send.
//!
//! A model may be talked into anything, so nothing it writes is believed: each number, price, date, time and link has
//! to stand in a source, nothing may be claimed to be done, nothing promised that no source promises. What fails is
//! shown to a person with the place that failed; what would give the assistant's own instructions away is not shown to
//! anybody.

mod atom;
mod bind;
mod claims;
mod concepts;
mod daytime;
mod edits;
mod fold;
mod format;
mod inbound;
mod leak;
mod ledger;
mod lexicon;
mod links;
mod mask;
mod maskable;
mod number_words;
mod numerals;
mod places;
mod ranges;
mod sayings;
mod scan;
mod shape;
mod spoken;
mod units;

use std::ops::Range;

use domain::{AnswerStep, Language};

use crate::{Source, SourceKind};
use fold::Folded;
use ledger::{Ledger, Said};
use number_words::Languages;

pub use edits::facts_changed;
pub use format::formatted;
pub use inbound::{Signal, SignalKind, injection};
pub use mask::Mask;

/// The longest text a messenger takes, in characters (whatsapp-cloud-api, section 5.1).
pub const MAX_CHARACTERS: usize = 4096;

/// A text somebody wants to send, and all it may rest on.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The words.
    pub text: &'a str,
    /// The language they are said to be in.
    pub language: Option<Language>,
    /// The sources the answer names. For a skill: its own answer before placeholders were filled, or after, and the
    /// facts that filled them.
    pub sources: &'a [Source],
    /// What the customer wrote in this turn.
    pub customer: &'a [&'a str],
    /// What the assistant said last in this conversation, newest first; two are looked at.
    pub last_bot_texts: &'a [&'a str],
    /// Which step wrote it.
    pub step: AnswerStep,
    /// The instructions a model got, with their canary.
    pub prompt: Option<&'a str>,
    /// Addresses of the business: whole or only their host.
    pub allowed_links: &'a [&'a str],
    /// The language of the conversation, when it is beyond doubt.
    pub conversation_language: Option<Language>,
    /// Whether it is the assistant's first word in the conversation, or its first after a person handed back.
    pub first_of_conversation: bool,
    /// What tells customers that no person writes, in the conversation's language.
    pub disclaimer: Option<&'a str>,
}

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FindingKind {
    /// There is nothing to send.
    Empty,
    /// It is longer than a message may be.
    TooLong,
    /// A placeholder was not filled.
    Placeholder,
    /// A number without a source.
    Number,
    /// Money without a source.
    Price,
    /// A percentage without a source.
    Percent,
    /// A date or a day without a source.
    Date,
    /// A time of the day without a source.
    Time,
    /// A telephone number or mail address without a source.
    Contact,
    /// An address of the web without a source.
    Link,
    /// A yes to something only the customer said.
    Confirmation,
    /// Letters in which we cannot read numbers.
    Script,
    /// It claims to have done something.
    Action,
    /// It promises something no source promises.
    Promise,
    /// It gives the assistant's instructions away.
    Leak,
    /// It is not in the conversation's language.
    Language,
    /// It was just said.
    Repetition,
    /// Signs that are not seen, or that turn the reading round.
    Hidden,
}

impl FindingKind {
    /// Its name, for what is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::Placeholder => "placeholder",
            Self::Number => "number",
            Self::Price => "price",
            Self::Percent => "percent",
            Self::Date => "date",
            Self::Time => "time",
            Self::Contact => "contact",
            Self::Link => "link",
            Self::Confirmation => "confirmation",
            Self::Script => "script",
            Self::Action => "action",
            Self::Promise => "promise",
            Self::Leak => "leak",
            Self::Language => "language",
            Self::Repetition => "repetition",
            Self::Hidden => "hidden",
        }
    }
}

/// What a check says of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It may be sent.
    Pass,
    /// A person has to look at it first.
    Draft,
    /// Nobody should see it.
    Block,
}

/// One thing that is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// Where it is: bytes of [`Checked::text`], on borders of characters; none when it is about the whole.
    pub span: Option<Range<usize>>,
    /// What the operator is told, in English.
    pub sentence: String,
    /// What follows: [`Outcome::Draft`] or [`Outcome::Block`].
    pub severity: Outcome,
}

/// A text after all checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The text as it would be sent: in the messenger's formatting, with its disclaimer.
    pub text: String,
    /// What is wrong with it, in the order of the text.
    pub findings: Vec<Finding>,
    /// What may be done with it.
    pub verdict: Outcome,
}

/// Checks a text.
///
/// Answers of a model and quotes of the knowledge base go through every check. What a person wrote beforehand (skills,
/// rules, canned texts) is its own source: a skill is still held against its own answer and its facts, so that a
/// placeholder cannot bring in what nobody wrote.
pub fn check(candidate: &Candidate<'_>) -> Checked {
    let mut findings = Vec::new();
    let hidden = shape::hidden(candidate.text);
    let body = formatted(candidate.text);
    let body = format::without(&body, candidate.disclaimer);
    shape::look(candidate, &body, &mut findings);
    if let Some(sentence) = hidden {
        findings.push(Finding {
            kind: FindingKind::Hidden,
            span: None,
            sentence,
            severity: Outcome::Draft,
        });
    }
    let folded = Folded::of(&body);
    let generated = matches!(candidate.step, AnswerStep::Model | AnswerStep::Knowledge);
    let own = candidate
        .sources
        .iter()
        .any(|source| source.kind == SourceKind::Skill);
    let by_skill = matches!(candidate.step, AnswerStep::Skill | AnswerStep::Tap) && own;
    let mut doubts = Vec::new();
    if generated || by_skill {
        let languages = Languages(bind::languages(
            &body,
            &[candidate.language, candidate.conversation_language],
        ));
        let atoms = scan::scan(&body, &folded, &languages);
        let ledger = ledger(candidate, &languages);
        doubts.extend(ledger.doubts(&folded.text, &atoms).into_iter().filter(|doubt| {
            // A skill was chosen for what the customer said; that is what it answers.
            generated || doubt.1 != FindingKind::Confirmation
        }));
        if generated {
            let sources: Vec<&str> = ledger.sources.iter().map(|said| said.text.as_str()).collect();
            doubts.extend(claims::doubts(&folded.text, &sources));
            findings.extend(shape::language(candidate, &body));
        }
    }
    findings.extend(doubts.into_iter().map(|(range, kind, sentence)| Finding {
        kind,
        span: Some(folded.span(&range)),
        sentence,
        severity: Outcome::Draft,
    }));
    if let Some(prompt) = candidate.prompt {
        findings.extend(leak::look(&folded, prompt, candidate.sources));
    }
    let text = format::with(
        &body,
        candidate.disclaimer.filter(|_| candidate.first_of_conversation),
    );
    if text.chars().count() > MAX_CHARACTERS {
        let sentence = format!("It has more than {MAX_CHARACTERS} characters, and a message takes no more.");
        findings.push(Finding {
            kind: FindingKind::TooLong,
            span: None,
            sentence,
            severity: Outcome::Draft,
        });
    }
    findings.sort_by_key(|finding| finding.span.as_ref().map_or(0, |span| span.start));
    let verdict = findings
        .iter()
        .map(|finding| finding.severity)
        .max()
        .unwrap_or(Outcome::Pass);
    Checked {
        text,
        findings,
        verdict,
    }
}

/// What may be said: sources by their text, title and address; the customer's words apart.
fn ledger(candidate: &Candidate<'_>, languages: &Languages) -> Ledger {
    let mut sources = Vec::new();
    let mut customer: Vec<Said> = candidate
        .customer
        .iter()
        .map(|text| Said::of(text, languages))
        .collect();
    for source in candidate.sources {
        // Sources may be in another language than the answer.
        let languages = Languages(bind::languages(
            &source.text,
            &[candidate.language, candidate.conversation_language],
        ));
        if source.kind == SourceKind::Customer {
            customer.push(Said::of(&source.text, &languages));
            continue;
        }
        let mut text = format!("{}\n{}", source.title, source.text);
        if let Some(url) = &source.url {
            text.push('\n');
            text.push_str(url);
        }
        sources.push(Said::of(&text, &languages));
    }
    Ledger {
        sources,
        customer,
        links: ledger::allowed_links(candidate.allowed_links),
    }
}
