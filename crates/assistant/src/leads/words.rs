//! Lists of phrases, folded and found in a reading.

use super::reading::{Kind, Reading};

/// One word of a phrase.
#[derive(Debug)]
struct Piece {
    text: String,
    /// Whether the word may go on.
    open: bool,
}

/// Phrases that mean the same. A word that ends in `*` may go on.
#[derive(Debug)]
pub(super) struct Phrases {
    all: Vec<Vec<Piece>>,
}

impl Phrases {
    /// Reads a list of phrases with `|` between them.
    pub(super) fn listed(list: &str) -> Self {
        Self::of(&list.split('|').collect::<Vec<_>>())
    }

    /// Folds a list of phrases.
    pub(super) fn of<T: AsRef<str>>(list: &[T]) -> Self {
        let all = list.iter().map(|phrase| pieces(phrase.as_ref())).collect();
        Self { all }
    }

    /// How many tokens the longest phrase that begins at `at` takes.
    pub(super) fn at(&self, reading: &Reading<'_>, at: usize) -> Option<usize> {
        self.all
            .iter()
            .filter(|phrase| !phrase.is_empty() && begins(reading, at, phrase))
            .map(Vec::len)
            .max()
    }

    /// How many tokens the longest phrase that ends before `end` takes.
    pub(super) fn ending(&self, reading: &Reading<'_>, end: usize) -> Option<usize> {
        self.all
            .iter()
            .filter(|phrase| !phrase.is_empty())
            .filter_map(|phrase| {
                let from = end.checked_sub(phrase.len())?;
                begins(reading, from, phrase).then_some(phrase.len())
            })
            .max()
    }

    /// Where the first phrase stands: first token and the token after the last.
    pub(super) fn first(&self, reading: &Reading<'_>) -> Option<(usize, usize)> {
        (0..reading.len()).find_map(|at| self.at(reading, at).map(|length| (at, at + length)))
    }

    /// Whether one of them is in the reading.
    pub(super) fn are_in(&self, reading: &Reading<'_>) -> bool {
        self.first(reading).is_some()
    }
}

fn begins(reading: &Reading<'_>, at: usize, phrase: &[Piece]) -> bool {
    phrase.iter().enumerate().all(|(offset, piece)| {
        let word = reading.word(at + offset);
        if piece.open {
            word.starts_with(piece.text.as_str())
        } else {
            word == piece.text
        }
    })
}

fn pieces(phrase: &str) -> Vec<Piece> {
    let mut all = Vec::new();
    for word in phrase.split_whitespace() {
        let open = word.ends_with('*');
        let reading = Reading::of(word.trim_end_matches('*'));
        let last = reading.len().saturating_sub(1);
        for at in 0..reading.len() {
            all.push(Piece {
                text: reading.word(at).to_owned(),
                open: open && at == last && reading.kind(at) == Some(Kind::Word),
            });
        }
    }
    all
}

/// How many words (and numbers) a reading has.
pub(super) fn count(reading: &Reading<'_>) -> usize {
    (0..reading.len())
        .filter(|at| !matches!(reading.kind(*at), Some(Kind::Mark)))
        .count()
}
