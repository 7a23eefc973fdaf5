//! Lists of words and phrases, looked up in folded text.

use std::ops::Range;

use super::fold::fold;

/// Phrases separated by `|`; one that ends in `*` is the beginning of a word.
#[derive(Debug)]
pub(super) struct Lexicon(Vec<(String, bool)>);

impl Lexicon {
    /// Reads lists of phrases.
    pub(super) fn new(lists: &[&str]) -> Self {
        let phrases = lists
            .iter()
            .flat_map(|list| list.split('|'))
            .map(str::trim)
            .filter(|phrase| !phrase.is_empty());
        Self(
            phrases
                .map(|phrase| (fold(phrase.trim_end_matches('*')), phrase.ends_with('*')))
                .collect(),
        )
    }

    /// Where the first phrase stands in a folded text.
    pub(super) fn find(&self, text: &str) -> Option<Range<usize>> {
        self.0
            .iter()
            .filter_map(|(phrase, open)| find(text, phrase, *open))
            .min_by_key(|range| range.start)
    }

    /// Whether any phrase stands in a folded text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.0
            .iter()
            .any(|(phrase, open)| find(text, phrase, *open).is_some())
    }
}

/// Where a phrase stands as whole words.
pub(super) fn find(text: &str, phrase: &str, open: bool) -> Option<Range<usize>> {
    text.match_indices(phrase).find_map(|(start, _)| {
        let end = start + phrase.len();
        let before = text.get(..start)?;
        let after = text.get(end..)?;
        let alone = !before.ends_with(is_word) && (open || !after.starts_with(is_word));
        alone.then_some(start..end)
    })
}

fn is_word(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}')
}
