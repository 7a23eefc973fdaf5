//! Cutting a text into passages that can be found and quoted by themselves.

use super::block::Block;
use super::pairs::{Pairs, is_question, pair_table};
use super::sentences::sentences;
use super::terms::is_unspaced;

/// Words a passage should have at least; less is put together with its neighbours.
const LEAST: usize = 80;
/// Words a passage has at most.
pub(super) const MOST: usize = 220;

/// A passage that is not stored yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The headings above it, outermost first, joined by ` › `.
    pub heading: String,
    /// The question it answers, when it is one of a list of questions and answers.
    pub question: Option<String>,
    /// Its words as they stand in the document.
    pub text: String,
}

/// Returns the passages of a text: no passage reaches over a heading, a question stays with its answer, and each row
/// of a table says what its columns are.
pub fn pieces(blocks: &[Block]) -> Vec<Piece> {
    let mut headings: Vec<(u8, &str)> = Vec::new();
    let mut found = Vec::new();
    let mut section: Vec<&str> = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { level, text } => {
                close(&headings, &mut section, &mut found);
                headings.retain(|(other, _)| other < level);
                headings.push((*level, text));
            }
            Block::Paragraph { text } => section.push(text),
            Block::Table { rows } => {
                close(&headings, &mut section, &mut found);
                let heading = path(&headings);
                if let Some(pairs) = pair_table(rows) {
                    found.extend(
                        pairs
                            .into_iter()
                            .flat_map(|(question, answer)| pair(&heading, &question, &answer)),
                    );
                } else {
                    table(&heading, rows, &mut found);
                }
            }
        }
    }
    close(&headings, &mut section, &mut found);
    found
}

/// Returns the passages of answers people gave before: one for each question and answer.
pub fn past_replies(pairs: &[(String, String)]) -> Vec<Piece> {
    pairs
        .iter()
        .filter(|(question, answer)| !question.trim().is_empty() && !answer.trim().is_empty())
        .flat_map(|(question, answer)| pair("", question.trim(), answer.trim()))
        .collect()
}

fn path(headings: &[(u8, &str)]) -> String {
    let words: Vec<&str> = headings.iter().map(|(_, text)| *text).collect();
    words.join(" › ")
}

/// How long a text is in words. Scripts without spaces are measured by letters.
pub(super) fn length(text: &str) -> usize {
    let unspaced = text.chars().filter(|c| is_unspaced(*c)).count();
    let spaced = text
        .split_whitespace()
        .filter(|word| !word.chars().any(is_unspaced))
        .count();
    spaced + unspaced.div_ceil(2)
}

/// Turns the paragraphs since the last heading into passages.
fn close(headings: &[(u8, &str)], section: &mut Vec<&str>, found: &mut Vec<Piece>) {
    let paragraphs = std::mem::take(section);
    if paragraphs.is_empty() {
        return;
    }
    if let Some(((_, question), above)) = headings.split_last()
        && is_question(question)
    {
        let answer = paragraphs.join("\n");
        if length(&answer) <= MOST {
            found.extend(pair(&path(above), question, &answer));
            return;
        }
    }
    let heading = path(headings);
    let Pairs { pairs, prose } = Pairs::of(&paragraphs);
    packed(&heading, &prose, found);
    found.extend(
        pairs
            .into_iter()
            .flat_map(|(question, answer)| pair(&heading, &question, &answer)),
    );
}

/// A question with its answer. Only an answer that is longer than any passage is cut, and then keeps its question.
fn pair(heading: &str, question: &str, answer: &str) -> Vec<Piece> {
    let parts = if length(answer) <= 2 * MOST {
        vec![answer.to_owned()]
    } else {
        cut(answer)
    };
    parts
        .into_iter()
        .map(|text| Piece {
            heading: heading.to_owned(),
            question: Some(question.to_owned()),
            text,
        })
        .collect()
}

/// Puts paragraphs together until they are long enough.
fn packed(heading: &str, paragraphs: &[String], found: &mut Vec<Piece>) {
    let mut texts: Vec<String> = Vec::new();
    let mut open = String::new();
    for part in paragraphs.iter().flat_map(|paragraph| {
        if length(paragraph) > MOST {
            cut(paragraph)
        } else {
            vec![paragraph.clone()]
        }
    }) {
        if !open.is_empty() && (length(&open) >= LEAST || length(&open) + length(&part) > MOST) {
            texts.push(std::mem::take(&mut open));
        }
        if !open.is_empty() {
            open.push('\n');
        }
        open.push_str(&part);
    }
    match texts.last_mut() {
        Some(last) if length(&open) < LEAST && length(last) + length(&open) <= MOST => {
            if !open.is_empty() {
                last.push('\n');
                last.push_str(&open);
            }
        }
        _ if open.is_empty() => {}
        _ => texts.push(open),
    }
    found.extend(texts.into_iter().map(|text| Piece {
        heading: heading.to_owned(),
        question: None,
        text,
    }));
}

/// Cuts a text that is too long between sentences, and a sentence that is too long between words.
fn cut(text: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut open = String::new();
    let mut size = 0;
    let all = sentences(text)
        .into_iter()
        .filter_map(|range| text.get(range))
        .flat_map(|sentence| {
            if length(sentence) > MOST {
                torn(sentence)
            } else {
                vec![sentence.to_owned()]
            }
        });
    for sentence in all {
        let more = length(&sentence);
        if !open.is_empty() && size + more > MOST {
            parts.push(std::mem::take(&mut open));
            size = 0;
        }
        if !open.is_empty() {
            open.push(' ');
        }
        open.push_str(&sentence);
        size += more;
    }
    if !open.is_empty() {
        parts.push(open);
    }
    parts
}

/// Cuts where it has to be, in one walk over the letters.
fn torn(sentence: &str) -> Vec<String> {
    /// Letters of one part; a word has six in most languages.
    const LETTERS: usize = MOST * 6;
    /// Letters of one part where every letter counts half a word.
    const DENSE: usize = MOST * 2;
    let limit = if sentence.chars().take(40).any(is_unspaced) {
        DENSE
    } else {
        LETTERS
    };
    let mut parts = vec![String::new()];
    let (mut letters, mut words) = (0, 0);
    for c in sentence.chars() {
        words += usize::from(c.is_whitespace());
        if letters >= limit || (words >= MOST && c.is_whitespace()) {
            parts.push(String::new());
            (letters, words) = (0, 0);
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
            letters += 1;
        }
    }
    parts
        .into_iter()
        .map(|part| part.trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

/// One line for each row, each cell after the name of its column; short rows share a passage.
fn table(heading: &str, rows: &[Vec<String>], found: &mut Vec<Piece>) {
    let Some((names, rows)) = rows.split_first() else {
        return;
    };
    let mut open = String::new();
    let mut size = 0;
    let mut texts = Vec::new();
    let lines = rows.iter().map(|row| row_line(names, row));
    let alone = rows.is_empty().then(|| names.join(", "));
    for line in lines.chain(alone).filter(|line| !line.is_empty()) {
        let more = length(&line);
        if !open.is_empty() && size + more > LEAST {
            texts.push(std::mem::take(&mut open));
            size = 0;
        }
        if !open.is_empty() {
            open.push('\n');
        }
        open.push_str(&line);
        size += more;
    }
    if !open.is_empty() {
        texts.push(open);
    }
    found.extend(
        texts
            .into_iter()
            .flat_map(|text| {
                if length(&text) > MOST {
                    cut(&text)
                } else {
                    vec![text]
                }
            })
            .map(|text| Piece {
                heading: heading.to_owned(),
                question: None,
                text,
            }),
    );
}

fn row_line(names: &[String], row: &[String]) -> String {
    let cells: Vec<String> = row
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(column, cell)| match names.get(column).map(String::as_str) {
            None | Some("") => cell.clone(),
            Some(name) => format!("{name}: {cell}"),
        })
        .collect();
    cells.join("; ")
}
