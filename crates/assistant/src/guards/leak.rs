//! Whether an answer gives away what the model was told.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::fold::{Folded, fold};
use super::lexicon::Lexicon;
use super::{Finding, FindingKind, Outcome};
use crate::{Source, SourceKind};

/// How many words in a row are no accident (assistant.md, section 3.8).
const WORDS: usize = 8;
/// From how many characters a mix of letters and digits in the instructions is a secret mark.
const MARK: usize = 8;

static TALK: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[
        "system prompt|my instructions|my prompt|i was instructed|i have been instructed|as an ai language model|my guidelines say|developer mode|src id=",
        "mis instrucciones|prompt del sistema|minhas instrucoes|prompt do sistema|mes instructions|prompt systeme|meine anweisungen|systemprompt|le mie istruzioni|prompt di sistema",
        "talimatlarim|sistem istemi|sistem komutu|تعليماتي|موجه النظام|मेरे निर्देश|सिस्टम प्रॉम्प्ट|instruksi saya|prompt sistem",
    ])
});

fn words(text: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let mut start = None;
    for (at, sign) in text.char_indices().chain(std::iter::once((text.len(), ' '))) {
        match (sign.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                all.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    all
}

fn runs(text: &str) -> Vec<(Range<usize>, String)> {
    let words = words(text);
    words
        .windows(WORDS)
        .filter_map(|run| {
            let said: Vec<&str> = run.iter().filter_map(|word| text.get(word.clone())).collect();
            Some((run.first()?.start..run.last()?.end, said.join(" ")))
        })
        .collect()
}

/// Looks for the instructions in an answer; what also stands in a source is no secret.
pub(super) fn look(answer: &Folded, prompt: &str, sources: &[Source]) -> Vec<Finding> {
    let prompt = fold(prompt);
    let open: Vec<String> = sources
        .iter()
        .filter(|source| source.kind != SourceKind::Customer)
        .map(|source| {
            fold(&format!(
                "{}\n{}\n{}",
                source.title,
                source.text,
                source.url.as_deref().unwrap_or_default()
            ))
        })
        .collect();
    let told: HashSet<String> = open
        .iter()
        .flat_map(|text| runs(text))
        .map(|(_, run)| run)
        .collect();
    let secret: HashSet<String> = runs(&prompt)
        .into_iter()
        .map(|(_, run)| run)
        .filter(|run| !told.contains(run))
        .collect();
    let mut found = Vec::new();
    let mut report = |range: &Range<usize>, sentence: &str| {
        let span = Some(answer.span(range));
        found.push(Finding {
            kind: FindingKind::Leak,
            span,
            sentence: sentence.to_owned(),
            severity: Outcome::Block,
        });
    };
    if let Some((range, _)) = runs(&answer.text)
        .into_iter()
        .find(|(_, run)| secret.contains(run))
    {
        report(&range, "It repeats the instructions the assistant was given.");
    }
    let squeezed: String = answer
        .text
        .chars()
        .filter(|sign| sign.is_alphanumeric())
        .collect();
    let backwards: String = squeezed.chars().rev().collect();
    let marks = prompt
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|mark| is_mark(mark));
    for mark in marks.filter(|mark| !open.iter().any(|text| text.contains(mark))) {
        if squeezed.contains(mark) || backwards.contains(mark) {
            let range = answer
                .text
                .find(mark)
                .map_or(0..answer.text.len(), |start| start..start + mark.len());
            report(&range, "It holds a secret mark of the assistant's instructions.");
        }
    }
    if let Some(range) = TALK.find(&answer.text) {
        report(&range, "It speaks of the instructions the assistant was given.");
    }
    found
}

/// A secret mark: long, with letters and digits.
fn is_mark(word: &str) -> bool {
    let has = |test: fn(&char) -> bool| word.chars().filter(test).count() >= 2;
    word.chars().count() >= MARK && has(char::is_ascii_digit) && has(|sign| sign.is_alphabetic())
}
