//! The sentences that answer a question, quoted as they stand, and whether they may be sent.

use super::asked::{Asked, asked, asking_stems, holds, topics};
use super::query::Frequencies;
use super::sentences::sentences;
use super::terms::{Terms, each, stem};
use crate::text;
use domain::{Language, Passage, PassageId, TermColumn};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Sentences of an answer at most.
const MOST_SENTENCES: usize = 3;
/// Letters of an answer at most; an answer a person wrote to a question is taken whole up to [`LONGEST_PAIR`].
const LONGEST: usize = 500;
/// Letters of a written answer at most.
const LONGEST_PAIR: usize = 1_500;
/// Passages that are looked into.
const LOOKED_INTO: usize = 3;
/// Words of a question that are looked for: as many as a mask has bits.
const MOST_TOPICS: usize = 64;
/// How much of a question an answer has to cover to be sent.
const COVERAGE: f64 = 0.6;
/// How far its passage has to be ahead of the next one to be sent.
const RATIO: f64 = 1.15;
/// The ratio of a passage that is alone.
const ALONE: f64 = 10.0;
/// How alike the pieces of two words have to be to be one word with a slip.
const SLIP: f64 = 0.6;

/// A passage that was found, with its score.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The passage.
    pub passage: Passage,
    /// Its score among all that were found, from 0 to 1.
    pub score: f64,
}

/// Why an answer is not sent without a person looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// The owner did not allow it.
    #[error("The owner lets nobody quote this document without looking")]
    NotQuotable,
    /// Too few words of the question are in it.
    #[error("It says too little about what was asked")]
    LittleCovered,
    /// Another passage fits nearly as well.
    #[error("Another passage fits nearly as well")]
    NotAlone,
    /// A price was asked for.
    #[error("A price was asked for, and there is none in it")]
    NoPrice,
    /// A time was asked for.
    #[error("A time was asked for, and there is none in it")]
    NoTime,
    /// A place was asked for.
    #[error("A place was asked for, and there is none in it")]
    NoPlace,
    /// The sentence is longer than an answer.
    #[error("It is too long for an answer")]
    TooLong,
}

/// Sentences that answer a question, as they stand in a passage.
#[derive(Debug, Clone, PartialEq)]
pub struct Extract {
    /// The passage.
    pub passage: PassageId,
    /// Where the words stand in the passage's text, in bytes.
    pub span: Range<usize>,
    /// The words.
    pub text: String,
    /// How much of the question they cover, from 0 to 1.
    pub coverage: f64,
    /// The score of the passage divided by that of the best other one.
    pub ratio: f64,
    /// Whether they may be sent without a person looking.
    pub sendable: bool,
    /// Why not; the first reason there is.
    pub why: Option<Doubt>,
}

/// Returns the best answer the passages hold, or none when they say nothing about what was asked.
///
/// `found` is in the order of the scores and holds only passages that may be used now.
pub fn answer(
    question: &str,
    found: &[Found],
    language: Option<Language>,
    frequencies: &Frequencies,
) -> Option<Extract> {
    let topics = Topics::of(question, language, frequencies);
    let asked = asked(question, language);
    let top = found.first()?.score;
    let (place, window) = found
        .iter()
        .take(LOOKED_INTO)
        .enumerate()
        .filter_map(|(place, found)| Some((place, best_window(&found.passage, &topics, &asked)?)))
        .max_by(|(left, a), (right, b)| {
            let value = |place: &usize, window: &Window| {
                let score = found.get(*place).map_or(0.0, |found| found.score);
                window.value * if top > 0.0 { score / top } else { 1.0 }
            };
            // Of two that are worth the same, the one that was found first.
            value(left, a).total_cmp(&value(right, b)).then(right.cmp(left))
        })?;
    let chosen = found.get(place)?;
    let text = chosen.passage.text.get(window.span.clone())?;
    let other = found
        .iter()
        .enumerate()
        .filter(|(other, found)| *other != place && found.passage.text != chosen.passage.text)
        .map(|(_, found)| found.score)
        .fold(0.0, f64::max);
    let ratio = if other > 0.0 {
        (chosen.score / other).min(ALONE)
    } else {
        ALONE
    };
    let why = doubt(&chosen.passage, text, &window, ratio, &asked);
    Some(Extract {
        passage: chosen.passage.id,
        span: window.span,
        text: text.to_owned(),
        coverage: window.coverage,
        ratio,
        sendable: why.is_none(),
        why,
    })
}

fn doubt(
    passage: &Passage,
    text: &str,
    window: &Window,
    ratio: f64,
    asked: &HashSet<Asked>,
) -> Option<Doubt> {
    let is_pair = passage.question.is_some();
    if !passage.quotable {
        return Some(Doubt::NotQuotable);
    }
    if window.coverage < COVERAGE {
        return Some(Doubt::LittleCovered);
    }
    if ratio < RATIO {
        return Some(Doubt::NotAlone);
    }
    // A person wrote this answer to a question that asks for the same kind of thing.
    let told = |asked: Asked| {
        holds(text, asked)
            || passage
                .question
                .as_ref()
                .is_some_and(|question| self::asked(question, None).contains(&asked))
    };
    for (asked_for, doubt) in [
        (Asked::Price, Doubt::NoPrice),
        (Asked::Time, Doubt::NoTime),
        (Asked::Place, Doubt::NoPlace),
    ] {
        if asked.contains(&asked_for) && !told(asked_for) {
            return Some(doubt);
        }
    }
    let limit = if is_pair { LONGEST_PAIR } else { LONGEST };
    (text.chars().count() > limit).then_some(Doubt::TooLong)
}

/// What a question is about, with how much each word tells.
struct Topics {
    stems: Vec<(String, f64)>,
    total: f64,
    /// Those it asks with: they are covered by what they ask for.
    asking: HashMap<String, Asked>,
    /// The words behind the stems, for slips of the finger.
    words: HashMap<String, Vec<String>>,
}

impl Topics {
    fn of(question: &str, language: Option<Language>, frequencies: &Frequencies) -> Self {
        let mut topics = topics(question, language);
        if topics.is_empty() {
            // Only small words, or a script without spaces.
            topics = Terms::of(question).stems;
        } else if topics
            .iter()
            .any(|stem| stem.chars().any(super::terms::is_unspaced))
        {
            topics = Terms::of(question).stems;
        }
        let mut seen = HashSet::new();
        let stems: Vec<(String, f64)> = topics
            .into_iter()
            .filter(|stem| seen.insert(stem.clone()))
            .take(MOST_TOPICS)
            .map(|stem| {
                let weight = frequencies.weight(&stem);
                (stem, weight)
            })
            .collect();
        let mut words: HashMap<String, Vec<String>> = HashMap::new();
        for word in text::words(question) {
            words.entry(stem(&word)).or_default().push(word);
        }
        Self {
            total: stems.iter().map(|(_, weight)| weight).sum(),
            asking: asking_stems(question, language),
            stems,
            words,
        }
    }

    /// Returns which of the words these sentences cover: a bit for each.
    fn covered(&self, text: &str, held: &HashSet<Asked>) -> u64 {
        let mut covered = 0;
        // Every sentence of every passage comes by here, so nothing of it is kept.
        each(text, |column, term| {
            if column == TermColumn::Stems {
                let places = self.stems.iter().enumerate();
                covered |= places
                    .filter(|(_, (stem, _))| stem == term)
                    .fold(0, |all, (place, _)| all | 1 << place);
            }
        });
        let mut words = None;
        for (place, (stem, _)) in self.stems.iter().enumerate() {
            let told = || self.asking.get(stem).is_some_and(|asked| held.contains(asked));
            if covered & (1 << place) == 0
                && (told() || self.is_slip(stem, words.get_or_insert_with(|| text::words(text))))
            {
                covered |= 1 << place;
            }
        }
        covered
    }

    /// How much of the question these words are, from 0 to 1.
    fn coverage(&self, covered: u64) -> f64 {
        let weights = self.stems.iter().enumerate();
        let sum: f64 = weights
            .filter(|(place, _)| covered & (1 << place) != 0)
            .map(|(_, (_, weight))| weight)
            .sum();
        if self.total > 0.0 { sum / self.total } else { 0.0 }
    }

    /// Whether a word of the question is one of these words but for a letter or two.
    fn is_slip(&self, stem: &str, others: &[String]) -> bool {
        let Some(words) = self.words.get(stem) else {
            return false;
        };
        words
            .iter()
            .filter(|word| word.chars().count() >= 5 && word.chars().all(char::is_alphabetic))
            .any(|word| {
                let first = word.chars().next();
                let length = word.chars().count();
                let near = others.iter().filter(|other| {
                    other.chars().next() == first && other.chars().count().abs_diff(length) <= 2
                });
                let mut own = None;
                near.into_iter()
                    .any(|other| alike(own.get_or_insert_with(|| pieces(word)), other) >= SLIP)
            })
    }
}

fn pieces(word: &str) -> HashSet<String> {
    text::grams(&[word], 2, 2).into_iter().collect()
}

fn alike(pieces: &HashSet<String>, other: &str) -> f64 {
    let others = self::pieces(other);
    let shared = u32::try_from(pieces.intersection(&others).count()).unwrap_or_default();
    let all = u32::try_from(pieces.len() + others.len()).unwrap_or(u32::MAX);
    2.0 * f64::from(shared) / f64::from(all.max(1))
}

struct Window {
    span: Range<usize>,
    coverage: f64,
    /// What it is worth beside others: its coverage, more when it holds what was asked for, less for each sentence.
    value: f64,
}

fn held(text: &str, asked: &HashSet<Asked>) -> HashSet<Asked> {
    asked
        .iter()
        .copied()
        .filter(|asked| holds(text, *asked))
        .collect()
}

fn best_window(passage: &Passage, topics: &Topics, asked: &HashSet<Asked>) -> Option<Window> {
    let question = passage.question.as_deref().unwrap_or_default();
    let above = [&passage.title, &passage.heading, question].join("\n");
    let above = topics.covered(&above, &HashSet::new());
    if passage.question.is_some() {
        let own = topics.covered(&passage.text, &held(&passage.text, asked));
        let coverage = topics.coverage(above | own);
        return (coverage > 0.0).then_some(Window {
            span: 0..passage.text.len(),
            coverage,
            value: coverage,
        });
    }
    let known: Vec<(Range<usize>, u64, bool)> = sentences(&passage.text)
        .into_iter()
        .map(|span| {
            let text = passage.text.get(span.clone()).unwrap_or_default();
            let held = held(text, asked);
            (span, topics.covered(text, &held), !held.is_empty())
        })
        .collect();
    let mut best: Option<Window> = None;
    for (first, (start, _, _)) in known.iter().enumerate() {
        let (mut own, mut holds) = (0, false);
        for (count, (end, covered, held)) in known.iter().skip(first).take(MOST_SENTENCES).enumerate() {
            let span = start.start..end.end;
            let Some(text) = passage.text.get(span.clone()) else {
                break;
            };
            if count > 0 && text.chars().count() > LONGEST {
                break;
            }
            own |= covered;
            holds |= held;
            if own == 0 {
                continue;
            }
            let coverage = topics.coverage(above | own);
            let sentences = f64::from(u32::try_from(count).unwrap_or_default());
            let value = coverage + if holds { 0.2 } else { 0.0 } - 0.04 * sentences;
            if coverage > 0.0 && best.as_ref().is_none_or(|best| value > best.value + 1e-9) {
                best = Some(Window {
                    span,
                    coverage,
                    value,
                });
            }
        }
    }
    best
}
