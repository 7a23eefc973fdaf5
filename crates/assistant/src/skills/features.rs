//! A text as numbers: pieces of words and words, weighed by how rare they are.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::text;

/// Words of a text that are looked at; what a customer wants stands in the first of them, and a book costs no time.
const WORDS: usize = 200;
/// Characters of a word that are looked at.
const LETTERS: usize = 40;
/// Sizes of the pieces of a word.
const PIECES: std::ops::RangeInclusive<usize> = 2..=4;

/// Which half of the features one belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Piece,
    Word,
}

/// How often each feature stands in a text, by the feature's hash; sorted, so that equal texts give equal sums.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    pieces: Vec<(u64, f32)>,
    words: Vec<(u64, f32)>,
    /// How many words there are.
    pub(super) length: usize,
}

impl Counts {
    /// Counts the features of a normalised text.
    pub(super) fn of(normalised: &str) -> Self {
        let folded = text::fold_numbers(normalised);
        let words: Vec<&str> = folded
            .split(' ')
            .filter(|word| !word.is_empty())
            .take(WORDS)
            .collect();
        let mut pieces = Vec::with_capacity(words.len() * 24);
        let mut bordered = Vec::new();
        for word in &words {
            bordered.clear();
            bordered.push('_');
            bordered.extend(word.chars().take(LETTERS));
            bordered.push('_');
            for size in PIECES {
                if bordered.len() <= size {
                    pieces.push(hash(Half::Piece, bordered.iter().copied()));
                    break;
                }
                let windows = bordered.windows(size);
                pieces.extend(windows.map(|piece| hash(Half::Piece, piece.iter().copied())));
            }
        }
        let single = words.iter().map(|word| hash(Half::Word, word.chars()));
        let pairs = words.iter().zip(words.iter().skip(1));
        let pairs = pairs.map(|(a, b)| hash(Half::Word, a.chars().chain(Some(' ')).chain(b.chars())));
        Self {
            pieces: counted(pieces),
            words: counted(single.chain(pairs).collect()),
            length: words.len(),
        }
    }
}

fn hash(half: Half, chars: impl Iterator<Item = char>) -> u64 {
    let seed = match half {
        Half::Piece => 0xcbf2_9ce4_8422_2325_u64,
        Half::Word => 0x9e37_79b9_7f4a_7c15,
    };
    let mut hash = seed;
    for c in chars {
        hash = (hash ^ u64::from(c)).wrapping_mul(0x0000_0100_0000_01b3);
        hash ^= hash >> 29;
    }
    hash.wrapping_mul(0xff51_afd7_ed55_8ccd) ^ (hash >> 33)
}

/// Each hash once, with one plus the logarithm of how often it was there.
fn counted(mut hashes: Vec<u64>) -> Vec<(u64, f32)> {
    hashes.sort_unstable();
    let runs = hashes.chunk_by(|a, b| a == b);
    runs.filter_map(|run| Some((*run.first()?, 1.0 + float(run.len()).ln())))
        .collect()
}

/// A count as a number to calculate with; counts here are far below what an `f32` can tell apart.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of words and examples, far below 2^24"
)]
pub(super) fn float(count: usize) -> f32 {
    count as f32
}

/// Hands a hash on as its own hash.
#[derive(Default)]
pub(super) struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// One half of the features of the examples: which examples have a feature, and how much it weighs in each.
#[derive(Debug, Clone, Default)]
struct Side {
    places: HashMap<u64, usize, BuildHasherDefault<Same>>,
    /// For each feature, how rare it is.
    rarity: Vec<f32>,
    /// What a feature weighs that no example has.
    unknown: f32,
    /// For each feature, the examples that have it, with its weight after the example was brought to length one.
    rows: Vec<Vec<(u32, f32)>>,
}

impl Side {
    /// `classes` says of which class each example is. A feature is rare if few examples have it, and if few classes do:
    /// the mean of both told the classes apart best on examples kept back (decision 24).
    fn new<'a>(examples: impl Iterator<Item = &'a Vec<(u64, f32)>> + Clone, classes: &[usize]) -> Self {
        let mut side = Self::default();
        let mut holders: Vec<(usize, Vec<usize>)> = Vec::new();
        for (example, class) in examples.clone().zip(classes) {
            for (hash, _) in example {
                let next = side.places.len();
                let place = *side.places.entry(*hash).or_insert(next);
                if place == holders.len() {
                    holders.push((0, Vec::new()));
                }
                if let Some((count, held)) = holders.get_mut(place) {
                    *count += 1;
                    if held.last() != Some(class) {
                        held.push(*class);
                    }
                }
            }
        }
        let kinds = classes.iter().max().map_or(1, |class| class + 1);
        let rarity = |all: usize, held: usize| (float(all + 1) / float(held + 1)).ln() + 1.0;
        let both = |examples: usize, held: usize| {
            f32::midpoint(rarity(classes.len(), examples), rarity(kinds, held))
        };
        side.unknown = both(1, 1);
        for (count, held) in &mut holders {
            held.sort_unstable();
            held.dedup();
            side.rarity.push(both(*count, held.len()));
        }
        side.rows = holders
            .iter()
            .map(|(count, _)| Vec::with_capacity(*count))
            .collect();
        for (number, example) in (0_u32..).zip(examples) {
            for (place, weight) in side.weighed(example).known {
                if let Some(row) = side.rows.get_mut(place) {
                    row.push((number, weight));
                }
            }
        }
        side
    }

    fn weighed(&self, counts: &[(u64, f32)]) -> Weighed {
        let mut weighed = Weighed::default();
        let mut square = 0.0_f32;
        for (hash, count) in counts {
            if let Some((place, rarity)) = self
                .places
                .get(hash)
                .and_then(|place| Some((*place, self.rarity.get(*place)?)))
            {
                let weight = count * rarity;
                square += weight * weight;
                weighed.known.push((place, weight));
            } else {
                square += (count * self.unknown).powi(2);
            }
        }
        if square > 0.0 {
            let scale = square.sqrt().recip();
            for (_, weight) in &mut weighed.known {
                *weight *= scale;
            }
        }
        weighed
    }

    /// Adds the cosine with each example to `sums`.
    fn add_cosines(&self, weighed: &Weighed, sums: &mut [f32]) {
        for (place, weight) in &weighed.known {
            for (example, other) in self.rows.get(*place).into_iter().flatten() {
                if let Some(sum) = sums.get_mut(*example as usize) {
                    *sum += weight * other;
                }
            }
        }
    }
}

/// The known features of a text, at length one if the unknown ones are counted.
#[derive(Debug, Clone, Default)]
struct Weighed {
    known: Vec<(usize, f32)>,
}

/// How alike a text is to each example.
#[derive(Debug, Clone, Default)]
pub(super) struct Likeness {
    /// What the separating planes are built on: the cosine of the pieces and that of the words.
    pub(super) kernel: Vec<f32>,
    /// What neighbours are counted by, from 0 to 1.
    pub(super) nearness: Vec<f32>,
}

/// The kernel of a text with itself.
pub(super) const SELF_KERNEL: f32 = 2.0;

/// The examples, ready to be compared with.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    pieces: Side,
    words: Side,
    examples: usize,
}

impl Index {
    /// `classes` says of which class each example is.
    pub(super) fn new(examples: &[Counts], classes: &[usize]) -> Self {
        Self {
            pieces: Side::new(examples.iter().map(|counts| &counts.pieces), classes),
            words: Side::new(examples.iter().map(|counts| &counts.words), classes),
            examples: examples.len(),
        }
    }

    /// Compares a text with every example.
    pub(super) fn likeness(&self, counts: &Counts) -> Likeness {
        let mut pieces = vec![0.0; self.examples];
        let mut words = vec![0.0; self.examples];
        self.pieces
            .add_cosines(&self.pieces.weighed(&counts.pieces), &mut pieces);
        self.words
            .add_cosines(&self.words.weighed(&counts.words), &mut words);
        let pairs = || pieces.iter().zip(&words);
        Likeness {
            kernel: pairs().map(|(piece, word)| piece + word).collect(),
            nearness: pairs()
                .map(|(piece, word)| (0.7 * piece + 0.3 * word).min(1.0))
                .collect(),
        }
    }

    /// The share of the text's weight that lies on features of an example that `counts_as_known`.
    pub(super) fn coverage(&self, counts: &Counts, counts_as_known: impl Fn(usize) -> bool) -> f32 {
        let (mut known, mut all) = (0.0_f32, 0.0_f32);
        for (hash, count) in &counts.pieces {
            let place = self.pieces.places.get(hash).copied();
            let rarity = place.and_then(|place| self.pieces.rarity.get(place));
            let weight = count * rarity.copied().unwrap_or(self.pieces.unknown);
            all += weight;
            let row = place.and_then(|place| self.pieces.rows.get(place));
            if row.is_some_and(|row| row.iter().any(|(example, _)| counts_as_known(*example as usize))) {
                known += weight;
            }
        }
        if all > 0.0 { known / all } else { 0.0 }
    }

    /// The features of each example as one list, for the trainer of many examples, and how many features there are.
    pub(super) fn rows(&self) -> (Vec<Vec<(u32, f32)>>, usize) {
        let mut rows = vec![Vec::new(); self.examples];
        let mut next = 0_u32;
        for side in [&self.pieces, &self.words] {
            for holders in &side.rows {
                // What only one example has tells nothing about another.
                if holders.len() < 2 {
                    continue;
                }
                for (example, weight) in holders {
                    if let Some(row) = rows.get_mut(*example as usize) {
                        row.push((next, *weight));
                    }
                }
                next += 1;
            }
        }
        (rows, next as usize)
    }
}
