//! A second look at the passages the index put forward: every term of the question counts now.
//!
//! In a large knowledge base the index is asked for the rarest terms only ([`super::query`]), because common ones cost
//! most of the time. Which of the few dozen passages that come back fits best is then worked out here from all terms,
//! by the same measure the index uses (BM25, <https://www.sqlite.org/fts5.html#the_bm25_function>), with how rare a term
//! is in the whole knowledge base.

use super::answer::Found;
use super::query::{Frequencies, fused, place};
use super::terms::{Terms, each};
use domain::{Passage, PassageScore, TermColumn};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The letters of a question that are read at most: the longest message there is.
const LONGEST: usize = 4_096;
/// How soon more of the same term tells nothing new.
const SATURATION: f64 = 1.2;
/// How much a long passage has to make up for its length.
const LENGTH: f64 = 0.75;

/// How many passages it is worth to look at a second time.
pub const SECOND_LOOK: u32 = 10;

/// Puts passages into the order of how well they fit a question, all its terms counted, and gives each its score.
pub fn rescore(question: &str, passages: Vec<Passage>, frequencies: &Frequencies) -> Vec<Found> {
    let question: String = question.chars().take(LONGEST).collect();
    let asked = Asked::of(&question, frequencies);
    let seen: Vec<Seen> = passages.iter().map(|passage| asked.seen_in(passage)).collect();
    let count = u32::try_from(seen.len()).unwrap_or(u32::MAX).max(1);
    let usual = (seen.iter().map(|seen| seen.length).sum::<f64>() / f64::from(count)).max(1.0);
    let scores: Vec<PassageScore> = passages
        .iter()
        .zip(&seen)
        .map(|(passage, seen)| {
            let [words, stems, grams] = seen.scores(&asked, usual);
            PassageScore {
                passage: passage.id,
                words,
                stems,
                grams,
            }
        })
        .collect();
    let mut found: Vec<Found> = passages
        .into_iter()
        .zip(fused(&scores))
        .map(|(passage, ranked)| Found {
            passage,
            score: ranked.score,
        })
        .collect();
    found.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(a.passage.id.0.cmp(&b.passage.id.0))
    });
    found
}

/// The terms of a question: the place of each among all of them, and how much each tells.
struct Asked {
    places: [HashMap<String, usize, BuildHasherDefault<Quick>>; 3],
    rarity: [Vec<f64>; 3],
}

/// A hash for terms of a question, which are few: a thousand pieces of every passage are looked for among them.
#[derive(Default)]
struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// What a passage holds of a question's terms.
struct Seen {
    /// How often each term is there, title and headings counted twice.
    counts: [Vec<f64>; 3],
    /// All terms of the passage.
    length: f64,
}

impl Asked {
    fn of(question: &str, frequencies: &Frequencies) -> Self {
        let terms = Terms::of(question);
        let mut asked = Self {
            places: Default::default(),
            rarity: Default::default(),
        };
        let columns = [TermColumn::Words, TermColumn::Stems, TermColumn::Grams];
        let lists = [terms.words, terms.stems, terms.grams];
        for (((places, rarity), column), terms) in asked
            .places
            .iter_mut()
            .zip(&mut asked.rarity)
            .zip(columns)
            .zip(lists)
        {
            for term in terms {
                let next = rarity.len();
                let tells = frequencies.rarity(column, &term);
                if *places.entry(term).or_insert(next) == next {
                    rarity.push(tells);
                }
            }
        }
        asked
    }

    fn seen_in(&self, passage: &Passage) -> Seen {
        let mut seen = Seen {
            counts: [0, 1, 2].map(|column: usize| vec![0.0; self.rarity.get(column).map_or(0, Vec::len)]),
            length: 0.0,
        };
        let above = [
            passage.title.as_str(),
            &passage.heading,
            passage.question.as_deref().unwrap_or_default(),
        ];
        self.add(&mut seen, &above.join("\n"), 2.0);
        self.add(&mut seen, &passage.text, 1.0);
        seen
    }

    /// Counts the terms of a part of a passage, each as often as `times` says.
    fn add(&self, seen: &mut Seen, part: &str, times: f64) {
        each(part, |column, term| {
            seen.length += times;
            let known = self.places.get(place(column)).and_then(|places| places.get(term));
            let counts = seen.counts.get_mut(place(column));
            if let (Some(known), Some(counts)) = (known, counts)
                && let Some(count) = counts.get_mut(*known)
            {
                *count += times;
            }
        });
    }
}

impl Seen {
    fn scores(&self, asked: &Asked, usual: f64) -> [f64; 3] {
        let long = SATURATION * (1.0 - LENGTH + LENGTH * self.length / usual);
        let mut scores = [0.0; 3];
        for ((score, counts), rarity) in scores.iter_mut().zip(&self.counts).zip(&asked.rarity) {
            *score = counts
                .iter()
                .zip(rarity)
                .map(|(count, rarity)| rarity * count * (SATURATION + 1.0) / (count + long))
                .sum();
        }
        scores
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{DocumentId, PassageId};

    fn passage(id: i64, heading: &str, text: &str) -> Passage {
        Passage {
            id: PassageId(id),
            document_id: DocumentId(1),
            title: String::new(),
            heading: heading.to_owned(),
            question: None,
            text: text.to_owned(),
            quotable: true,
            url: None,
        }
    }

    fn order(question: &str, passages: Vec<Passage>, frequencies: &Frequencies) -> Vec<i64> {
        let found = rescore(question, passages, frequencies);
        found.iter().map(|found| found.passage.id.0).collect()
    }

    #[test]
    fn the_passage_with_more_of_the_question_is_put_first() {
        let texts = vec![
            passage(
                1,
                "",
                "Parcels to Canada are packed by hand on every Monday of the month",
            ),
            passage(
                2,
                "",
                "A parcel to Canada costs 20 euro and takes two weeks to arrive there",
            ),
        ];
        let question = "what does a parcel to Canada cost";
        assert_eq!(order(question, texts, &Frequencies::new(9_000, [])), [2, 1]);
    }

    #[test]
    fn a_word_of_the_heading_counts_twice() {
        let texts = vec![
            passage(1, "", "returns and more"),
            passage(2, "returns", "and more of it"),
        ];
        assert_eq!(order("returns", texts, &Frequencies::new(500, [])), [2, 1]);
    }

    #[test]
    fn a_word_that_is_everywhere_tells_nothing() {
        let everywhere = [(TermColumn::Words, "the".to_owned(), 990)];
        let frequencies = Frequencies::new(1_000, everywhere);
        assert!(frequencies.rarity(TermColumn::Words, "the") < 0.001);
        assert!(frequencies.rarity(TermColumn::Words, "canada") > 5.0);
    }

    #[test]
    fn nothing_found_and_nothing_asked_are_no_accident() {
        assert!(rescore("hello", Vec::new(), &Frequencies::default()).is_empty());
        let one = rescore("?!", vec![passage(1, "", "")], &Frequencies::default());
        assert!(one.iter().all(|found| found.score == 0.0));
    }
}
