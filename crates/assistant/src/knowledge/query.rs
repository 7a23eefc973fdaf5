//! Questions as queries of the index, and the weighing of what it finds.

use super::terms::Terms;
use domain::{PassageId, PassageScore, TermColumn};
use std::collections::{HashMap, HashSet};

/// The letters of a question that are read at most: the longest message there is.
const LONGEST: usize = 4_096;
/// Terms of a query at most: words, stems, pieces.
const MOST_TERMS: [usize; 3] = [24, 24, 64];
/// How many entries of the index a query may look at in each column: words, stems, pieces. A term that occurs
/// everywhere costs the most and tells the least; with 10,000 passages a question looked up whole takes 100 ms.
const BUDGET: [u64; 3] = [500, 500, 1_000];
/// Ranks a ranking has at most.
const MOST_RANKED: usize = 50;

/// How many passages hold each term: what tells a rare word from a common one.
///
/// A snapshot; it may be a little old. It chooses which terms a query is made of and how much each counts in an
/// answer, while the ranking itself uses the index's own counts.
#[derive(Debug, Clone, Default)]
pub struct Frequencies {
    passages: u64,
    counts: [HashMap<Box<str>, u64>; 3],
}

impl Frequencies {
    /// Returns the frequencies of an index of `passages` passages. Terms that are not given count as held by one.
    pub fn new(passages: u64, terms: impl IntoIterator<Item = (TermColumn, String, u64)>) -> Self {
        let mut frequencies = Self {
            passages,
            counts: Default::default(),
        };
        for (column, term, count) in terms {
            if let Some(counts) = frequencies.counts.get_mut(place(column)) {
                counts.insert(term.into(), count);
            }
        }
        frequencies
    }

    /// Returns how many passages there are.
    pub const fn passages(&self) -> u64 {
        self.passages
    }

    fn count(&self, column: TermColumn, term: &str) -> u64 {
        let counts = self.counts.get(place(column));
        counts.and_then(|counts| counts.get(term)).copied().unwrap_or(1)
    }

    /// Returns how much a term tells of a passage that holds it, by the measure of the index: near 0 if half of all
    /// passages hold it.
    pub(super) fn rarity(&self, column: TermColumn, term: &str) -> f64 {
        let count = as_float(self.count(column, term));
        let all = as_float(self.passages).max(count);
        ((all - count + 0.5) / (count + 0.5)).ln().max(1e-6)
    }

    /// Returns how much a stem tells, from just above 0 (it is everywhere) upwards.
    pub(super) fn weight(&self, stem: &str) -> f64 {
        let count = as_float(self.count(TermColumn::Stems, stem));
        let all = as_float(self.passages).max(count);
        (1.0 + (all - count + 0.5) / (count + 0.5)).ln()
    }
}

pub(super) const fn place(column: TermColumn) -> usize {
    match column {
        TermColumn::Words => 0,
        TermColumn::Stems => 1,
        TermColumn::Grams => 2,
    }
}

/// Counts of passages are far below what a float holds exactly.
fn as_float(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

/// Returns the question as an expression for the index (FTS5 `MATCH`), or none when there is nothing to look for.
///
/// The rarest terms are taken, within a bound of work. Whatever is typed, the expression only holds quoted terms.
pub fn query(question: &str, frequencies: &Frequencies) -> Option<String> {
    let question: String = question.chars().take(LONGEST).collect();
    let terms = Terms::of(&question);
    let columns = [
        (TermColumn::Words, &terms.words),
        (TermColumn::Stems, &terms.stems),
        (TermColumn::Grams, &terms.grams),
    ];
    let mut parts = Vec::new();
    for ((column, terms), (most, budget)) in columns.into_iter().zip(MOST_TERMS.into_iter().zip(BUDGET)) {
        let chosen = chosen(column, terms, frequencies, most, budget);
        if !chosen.is_empty() {
            parts.push(format!("{{{column}}} : ({})", chosen.join(" OR ")));
        }
    }
    (!parts.is_empty()).then(|| parts.join(" OR "))
}

fn chosen(
    column: TermColumn,
    terms: &[String],
    frequencies: &Frequencies,
    most: usize,
    budget: u64,
) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut rated: Vec<(u64, &String)> = terms
        .iter()
        .filter(|term| seen.insert(term.as_str()))
        .map(|term| (frequencies.count(column, term), term))
        .collect();
    rated.sort_by_key(|(count, _)| *count);
    let mut spent = 0;
    rated
        .into_iter()
        .take(most)
        .enumerate()
        .take_while(|(rank, (count, _))| {
            spent += count;
            *rank == 0 || spent <= budget
        })
        .map(|(_, (_, term))| format!("\"{}\"", term.replace('"', "")))
        .collect()
}

/// A passage and how well it fits: 1 is the best of this query in every way of searching.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// The passage.
    pub passage: PassageId,
    /// From 0 to 1.
    pub score: f64,
}

/// Returns the passages that fit best, the best first: half by pieces of words, the rest by stems and words, each
/// divided by the best of the query (guide of the assistant, section 3.5).
pub fn fuse(scores: &[PassageScore]) -> Vec<Ranked> {
    let mut ranked = fused(scores);
    ranked.retain(|ranked| ranked.score.is_finite());
    let by_score = |a: &Ranked, b: &Ranked| b.score.total_cmp(&a.score).then(a.passage.0.cmp(&b.passage.0));
    if ranked.len() > MOST_RANKED {
        ranked.select_nth_unstable_by(MOST_RANKED, by_score);
        ranked.truncate(MOST_RANKED);
    }
    ranked.sort_by(by_score);
    ranked
}

/// Weighs the three ways of searching for each passage, in the order given.
pub(super) fn fused(scores: &[PassageScore]) -> Vec<Ranked> {
    let best = |of: fn(&PassageScore) -> f64| {
        let best = scores.iter().map(of).fold(0.0, f64::max);
        if best > 0.0 { best } else { 1.0 }
    };
    let (words, stems, grams) = (
        best(|score| score.words),
        best(|score| score.stems),
        best(|score| score.grams),
    );
    scores
        .iter()
        .map(|score| Ranked {
            passage: score.passage,
            score: 0.2 * score.words / words + 0.3 * score.stems / stems + 0.5 * score.grams / grams,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn score(passage: i64, words: f64, stems: f64, grams: f64) -> PassageScore {
        PassageScore {
            passage: PassageId(passage),
            words,
            stems,
            grams,
        }
    }

    #[test]
    fn pieces_of_words_count_half_stems_more_than_words() {
        let ranked = fuse(&[
            score(1, 4.0, 0.0, 0.0),
            score(2, 0.0, 9.0, 0.0),
            score(3, 0.0, 0.0, 2.0),
            score(4, 2.0, 4.5, 1.0),
        ]);
        let order: Vec<i64> = ranked.iter().map(|ranked| ranked.passage.0).collect();
        assert_eq!(order, [3, 4, 2, 1]);
        assert!((ranked.iter().map(|ranked| ranked.score).sum::<f64>() - 1.5).abs() < 1e-9);
    }

    #[test]
    fn no_hit_is_no_rank_and_no_division_by_nothing() {
        assert!(fuse(&[]).is_empty());
        assert!(
            fuse(&[score(1, 0.0, 0.0, 0.0)])
                .iter()
                .all(|ranked| ranked.score == 0.0)
        );
    }

    #[test]
    fn the_rarest_terms_are_looked_for_when_not_all_can_be() {
        let common = [("delivery", 9_000), ("the", 9_900)];
        let terms = common.map(|(word, count)| (TermColumn::Words, word.to_owned(), count));
        let frequencies = Frequencies::new(10_000, terms);
        let query = query("the delivery to Canada", &frequencies).unwrap();
        let words = query.split(" OR {stems}").next().unwrap();
        assert!(words.contains("\"canada\"") && words.contains("\"to\""));
        assert!(!words.contains("delivery") && !words.contains("\"the\""));
    }

    #[test]
    fn a_question_of_common_words_still_looks_for_one() {
        let frequencies = Frequencies::new(10_000, [(TermColumn::Words, "the".to_owned(), 9_900)]);
        assert!(
            query("the", &frequencies)
                .unwrap()
                .contains("{words} : (\"the\")")
        );
    }

    #[test]
    fn nothing_but_signs_is_no_query() {
        for text in ["", "   ", "?!", "👍👍", "\"*^(){}:", "\u{0}"] {
            assert_eq!(query(text, &Frequencies::default()), None, "{text:?}");
        }
    }

    #[test]
    fn the_longest_message_stays_a_small_query() {
        let words: Vec<String> = (0..2_000).map(|n| format!("word{n}x{}", n * 7_919)).collect();
        let query = query(&words.join(" "), &Frequencies::default()).unwrap();
        assert!(query.matches(" OR ").count() < 24 + 24 + 64 + 3);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_the_query_holds_only_quoted_terms(text in ".{0,200}") {
            if let Some(query) = query(&text, &Frequencies::default()) {
                let outside: String = query.split('"').step_by(2).collect();
                let only_ours = outside
                    .split([' ', '(', ')', '{', '}', ':'])
                    .all(|word| matches!(word, "" | "OR" | "words" | "stems" | "grams"));
                prop_assert!(only_ours, "{}", query);
            }
        }
    }
}
