//! What is searched by: words, stems and pieces of words, of passages as of questions.

use crate::text;
use domain::{SearchTexts, TermColumn};

/// Words that are read of a text at most; a passage has 220.
const MOST_WORDS: usize = 4_000;
/// Letters of a word that make its stem. Cutting words off needs no language, so that it cannot be mistaken about one.
const STEM: usize = 5;
/// Letters of a piece of a word.
const GRAM: usize = 4;

/// How a script is written, as far as searching is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    /// With spaces between words.
    Spaced,
    /// Without spaces, a letter is nearly a word: Chinese, Japanese.
    Ideographs,
    /// Without spaces, with an alphabet: Thai, Lao, Khmer, Burmese.
    Unspaced,
}

fn script(c: char) -> Script {
    match c {
        '\u{2e80}'..='\u{2fdf}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}'
        | '\u{3100}'..='\u{312f}'
        | '\u{31a0}'..='\u{31bf}'
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => Script::Ideographs,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => Script::Unspaced,
        _ => Script::Spaced,
    }
}

/// Whether a letter belongs to a script without spaces between words.
pub(super) fn is_unspaced(c: char) -> bool {
    script(c) != Script::Spaced
}

/// The terms of a text, each as often as it occurs.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Terms {
    /// Whole words; of scripts without spaces, pieces of two letters.
    pub(super) words: Vec<String>,
    /// A stem for each word, marked so that it is never taken for a word.
    pub(super) stems: Vec<String>,
    /// Pieces of words.
    pub(super) grams: Vec<String>,
}

impl Terms {
    pub(super) fn of(text: &str) -> Self {
        let mut terms = Self::default();
        each(text, |column, term| {
            let terms = match column {
                TermColumn::Words => &mut terms.words,
                TermColumn::Stems => &mut terms.stems,
                TermColumn::Grams => &mut terms.grams,
            };
            terms.push(term.to_owned());
        });
        terms
    }
}

/// Shows every term of a text, as often as it occurs. Nothing is kept, because forty passages are read for a question.
pub(super) fn each(text: &str, mut show: impl FnMut(TermColumn, &str)) {
    let mut bordered = String::new();
    let mut borders = Vec::new();
    for word in text::words(text).into_iter().take(MOST_WORDS) {
        let mut rest = word.as_str();
        while let Some(first) = rest.chars().next() {
            let kind = script(first);
            let end = rest.find(|c| script(c) != kind).unwrap_or(rest.len());
            let (run, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            rest = after;
            if !run.chars().any(char::is_alphanumeric) {
                // An emoji is no term of the index.
                continue;
            }
            match kind {
                Script::Spaced => {
                    show(TermColumn::Words, run);
                    show(TermColumn::Stems, &stem(run));
                    bordered.clear();
                    bordered.extend(["_", run, "_"]);
                    borders.clear();
                    borders.extend(bordered.char_indices().map(|(place, _)| place));
                    borders.push(bordered.len());
                    let pieces = borders.iter().zip(borders.iter().skip(GRAM));
                    let pieces = pieces.filter_map(|(from, to)| bordered.get(*from..*to));
                    if borders.len() <= GRAM {
                        show(TermColumn::Grams, &bordered);
                    } else {
                        pieces.for_each(|piece| show(TermColumn::Grams, piece));
                    }
                }
                Script::Ideographs => {
                    for c in run.chars() {
                        show(TermColumn::Stems, &format!("s_{c}"));
                    }
                    for piece in pieces(run, 2) {
                        show(TermColumn::Words, &piece);
                        show(TermColumn::Grams, &piece);
                    }
                }
                Script::Unspaced => {
                    for piece in pieces(run, 6) {
                        show(TermColumn::Words, &piece);
                    }
                    for piece in pieces(run, 4) {
                        show(TermColumn::Stems, &format!("s_{piece}"));
                    }
                    for piece in pieces(run, 3) {
                        show(TermColumn::Grams, &piece);
                    }
                }
            }
        }
    }
}

/// Overlapping pieces of so many letters; a shorter word is one piece.
fn pieces(word: &str, size: usize) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() <= size {
        return vec![word.to_owned()];
    }
    letters
        .windows(size)
        .map(|piece| piece.iter().collect())
        .collect()
}

/// Returns the beginning of a word without the small words Arabic writes together with it.
pub(super) fn stem(word: &str) -> String {
    let bare = ["وال", "بال", "كال", "فال", "لل", "ال"]
        .iter()
        .find_map(|prefix| word.strip_prefix(prefix))
        .filter(|rest| rest.chars().count() >= 3)
        .unwrap_or(word);
    let is_number = bare.chars().all(char::is_numeric);
    let kept = if is_number { usize::MAX } else { STEM };
    "s_".chars().chain(bare.chars().take(kept)).collect()
}

/// Returns what the index holds of a passage: the terms of `title` (the document's and the headings, which count
/// double) twice and those of `text` once.
///
/// The database's bm25 adds a column's weight to the frequency of a term, so standing twice and weighing 2 are the same.
pub fn search_texts(title: &str, text: &str) -> SearchTexts {
    let (title, text) = (Terms::of(title), Terms::of(text));
    let joined = |title: &[String], text: &[String]| {
        let all: Vec<&str> = [title, title, text]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        all.join(" ")
    };
    SearchTexts {
        words: joined(&title.words, &text.words),
        stems: joined(&title.stems, &text.stems),
        grams: joined(&title.grams, &text.grams),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_and_heading_count_twice() {
        let texts = search_texts("Menü", "Çay 3.50");
        assert_eq!(texts.words, "menu menu cay 3 50");
        assert_eq!(texts.stems, "s_menu s_menu s_cay s_3 s_50");
        assert_eq!(texts.grams, "_men menu enu_ _men menu enu_ _cay cay_ _3_ _50_");
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_pieces() {
        assert_eq!(search_texts("", "営業時間 ok").grams, "営業 業時 時間 _ok_");
        assert_eq!(search_texts("", "ราคา").grams, "ราค าคา");
    }

    #[test]
    fn the_arabic_article_does_not_hide_a_word() {
        assert_eq!(stem("الكتاب"), stem("كتاب"));
        assert_eq!(stem("وبالله").chars().count(), 7);
    }

    #[test]
    fn numbers_are_kept_whole() {
        assert_eq!(stem("12345678"), "s_12345678");
        assert!(search_texts("", "Art. 12345678").words.contains("12345678"));
    }
}
