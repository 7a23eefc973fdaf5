//! Pieces of words, and how much two texts have in common.

use std::collections::HashMap;

use super::{normalise, words};

/// Returns the pieces of `min` to `max` characters of each word, with `_` as the border of the word.
///
/// No piece reaches over a border; a word shorter than a piece gives itself once.
pub fn grams<W: AsRef<str>>(words: &[W], min: usize, max: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    for word in words {
        let bordered: Vec<char> = std::iter::once('_')
            .chain(word.as_ref().chars())
            .chain(std::iter::once('_'))
            .collect();
        for size in min.max(1)..=max {
            if bordered.len() <= size {
                pieces.push(bordered.iter().collect());
                break;
            }
            pieces.extend(
                bordered
                    .windows(size)
                    .map(|piece| piece.iter().collect::<String>()),
            );
        }
    }
    pieces
}

/// Returns how alike two texts are, from 0 to 1: the cosine of their pieces of four characters.
///
/// 1 for texts that are the same once normalised, and for the same text without any letter, such as `???`.
pub fn similarity(a: &str, b: &str) -> f64 {
    let (left, right) = (normalise(a), normalise(b));
    if left.is_empty() || right.is_empty() {
        return if left == right && a.trim() == b.trim() {
            1.0
        } else {
            0.0
        };
    }
    if left == right {
        return 1.0;
    }
    let (left, right) = (counts(&left), counts(&right));
    let shared: f64 = left
        .iter()
        .filter_map(|(piece, count)| Some(count * right.get(piece)?))
        .sum();
    let length = |counts: &HashMap<String, f64>| counts.values().map(|count| count * count).sum::<f64>();
    (shared / (length(&left) * length(&right)).sqrt()).min(1.0)
}

fn counts(normalised: &str) -> HashMap<String, f64> {
    let mut counts = HashMap::new();
    for piece in grams(&words(normalised), 4, 4) {
        *counts.entry(piece).or_insert(0.0) += 1.0;
    }
    counts
}
