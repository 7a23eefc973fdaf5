//! Cuts a text that is too long for one message.

use super::super::LONGEST_TEXT;
use super::length;
use unicode_segmentation::UnicodeSegmentation;

/// A cut before this part of what fits would leave a needlessly short message; a weaker cut later is better then.
const EARLIEST: usize = LONGEST_TEXT / 2;

/// How good a place for a cut is, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Paragraph,
    Line,
    Sentence,
    Word,
    Grapheme,
}

/// A place where a text could be cut.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// The byte at which the rest begins.
    at: usize,
    /// How much of a message stands before it, in characters.
    used: usize,
}

/// Returns the text as messages that each fit: one as long as it fits into one, else cut between paragraphs, sentences
/// or words, as late as possible, and never within what the customer sees as one character. Only white space at the
/// cuts is lost. A text of white space alone that is too long gives no message.
pub fn split_text(text: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while length(rest) > LONGEST_TEXT {
        let (piece, after) = rest.split_at_checked(cut(rest)).unwrap_or((rest, ""));
        let piece = trimmed_end(piece);
        if !piece.trim().is_empty() {
            pieces.push(piece.to_owned());
        }
        rest = trimmed_start(after);
    }
    if pieces.is_empty() && rest.len() == text.len() {
        return vec![rest.to_owned()];
    }
    if !rest.trim().is_empty() {
        pieces.push(rest.to_owned());
    }
    pieces
}

/// Returns the byte at which the rest begins; more than 0 for a text that is longer than a message.
fn cut(text: &str) -> usize {
    // The last place of each kind.
    let [mut paragraph, mut line, mut sentence, mut word, mut grapheme] = [None; 5];
    let mut used = 0;
    let mut before = ["", ""];
    for (at, next) in text.grapheme_indices(true) {
        if at > 0 {
            let last = match kind_of_cut(before, next) {
                Cut::Paragraph => &mut paragraph,
                Cut::Line => &mut line,
                Cut::Sentence => &mut sentence,
                Cut::Word => &mut word,
                Cut::Grapheme => &mut grapheme,
            };
            *last = Some(Place { at, used });
        }
        used += length(next);
        if used > LONGEST_TEXT {
            break;
        }
        before = [before[1], next];
    }
    let whole = [paragraph, line, sentence, word].into_iter().flatten();
    whole
        .clone()
        .find(|place| place.used >= EARLIEST)
        .or_else(|| whole.max_by_key(|place| place.used))
        .or(grapheme)
        .map_or_else(|| within_a_grapheme(text), |place| place.at)
}

/// Judges the place between what came before and the grapheme that follows.
fn kind_of_cut(before: [&str; 2], next: &str) -> Cut {
    let [earlier, last] = before;
    if is_line_end(last) && is_line_end(earlier) && !is_space(next) {
        Cut::Paragraph
    } else if is_line_end(last) {
        Cut::Line
    } else if (ends_sentence(last) && is_space(next)) || is_full_width_end(last) {
        Cut::Sentence
    } else if is_space(next) || is_space(last) {
        Cut::Word
    } else {
        Cut::Grapheme
    }
}

fn is_space(grapheme: &str) -> bool {
    !grapheme.is_empty() && grapheme.chars().all(char::is_whitespace)
}

fn is_line_end(grapheme: &str) -> bool {
    matches!(grapheme, "\n" | "\r\n" | "\r" | "\u{2028}" | "\u{2029}")
}

fn ends_sentence(grapheme: &str) -> bool {
    matches!(grapheme, "." | "!" | "?" | "…" | "؟" | "۔" | "।") || is_full_width_end(grapheme)
}

/// Sentences of Chinese and Japanese follow each other without a space.
fn is_full_width_end(grapheme: &str) -> bool {
    matches!(grapheme, "。" | "！" | "？")
}

/// One grapheme alone can be longer than a message (a letter under thousands of accents); then only a character can
/// stay whole.
fn within_a_grapheme(text: &str) -> usize {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.len_utf16();
        if used > LONGEST_TEXT && at > 0 {
            return at;
        }
    }
    text.len()
}

/// Takes white space away at the end, whole graphemes only: an accent may sit on a space.
fn trimmed_end(text: &str) -> &str {
    let end = text
        .grapheme_indices(true)
        .rev()
        .find(|(_, grapheme)| !is_space(grapheme))
        .map_or(0, |(at, grapheme)| at + grapheme.len());
    text.get(..end).unwrap_or(text)
}

/// Takes white space away at the start, whole graphemes only.
fn trimmed_start(text: &str) -> &str {
    let start = text
        .grapheme_indices(true)
        .find(|(_, grapheme)| !is_space(grapheme))
        .map_or(text.len(), |(at, _)| at);
    text.get(start..).unwrap_or(text)
}
