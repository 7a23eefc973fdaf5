//! Words that were mistyped by one letter.

use std::collections::HashMap;

/// A shorter word is too often another word than a slip.
const SHORTEST: usize = 5;

/// The words of the examples.
#[derive(Debug, Clone, Default)]
pub(super) struct Spelling {
    /// How often each word stands in the examples, by its first letter and its length.
    words: HashMap<(char, usize), Vec<Known>>,
}

/// A word and how often it is there.
type Known = (Box<[char]>, usize);

impl Spelling {
    /// Learns the words of normalised texts.
    pub(super) fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for word in texts.flat_map(|text| text.split(' ')) {
            *counts.entry(word).or_default() += 1;
        }
        let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
        counts.sort_unstable();
        let mut spelling = Self::default();
        for (word, count) in counts {
            let letters: Box<[char]> = word.chars().collect();
            if let Some(first) = letters.first() {
                spelling
                    .words
                    .entry((*first, letters.len()))
                    .or_default()
                    .push((letters, count));
            }
        }
        spelling
    }

    /// Returns a normalised text with each unknown word replaced by the known one that differs in one letter only, if
    /// there is one. Slips in the first letter are rare, and not looked for.
    pub(super) fn corrected(&self, normalised: &str) -> String {
        let words: Vec<String> = normalised
            .split(' ')
            .map(|word| self.corrected_word(word))
            .collect();
        words.join(" ")
    }

    fn corrected_word(&self, word: &str) -> String {
        let letters: Vec<char> = word.chars().collect();
        let length = letters.len();
        let Some(first) = letters
            .first()
            .copied()
            .filter(|_| (SHORTEST..=40).contains(&length))
        else {
            return word.to_owned();
        };
        let of_length = |length: usize| self.words.get(&(first, length)).into_iter().flatten();
        if !letters.iter().all(|letter| letter.is_alphabetic())
            || of_length(length).any(|(known, _)| **known == *letters)
        {
            return word.to_owned();
        }
        let near = (length - 1..=length + 1)
            .flat_map(of_length)
            .filter(|(known, _)| known.len() >= SHORTEST && is_one_slip(&letters, known));
        // The first of the most frequent ones.
        let best = near.fold(None::<&Known>, |best, next| match best {
            Some(best) if best.1 >= next.1 => Some(best),
            _ => Some(next),
        });
        best.map_or_else(|| word.to_owned(), |(known, _)| known.iter().collect())
    }
}

/// Whether one letter was changed, left out, put in, or swapped with the next.
fn is_one_slip(a: &[char], b: &[char]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (Some(a), Some(b)) = (a.get(same..), b.get(same..)) else {
        return false;
    };
    match (a, b) {
        ([_, rest @ ..], b) if rest == b => true,
        (a, [_, rest @ ..]) if rest == a => true,
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([a, x, after_a @ ..], [b, y, after_b @ ..]) => a == y && x == b && after_a == after_b,
        _ => false,
    }
}
