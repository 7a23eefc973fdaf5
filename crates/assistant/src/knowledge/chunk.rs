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
    /// Letters beyond which what stands between spaces is no word: an address, a number, noise.
    const WORD: usize = 30;
    let unspaced = text.chars().filter(|c| is_unspaced(*c)).count();
    let spaced: usize = text
        .split_whitespace()
        .filter(|word| !word.chars().any(is_unspaced))
        .map(|word| {
            if word.len() <= WORD {
                1
            } else {
                word.chars().count().div_ceil(WORD) * 5
            }
        })
        .sum();
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn heading(level: u8, text: &str) -> Block {
        Block::Heading {
            level,
            text: text.to_owned(),
        }
    }

    fn paragraph(text: impl Into<String>) -> Block {
        Block::Paragraph { text: text.into() }
    }

    fn sentence(words: usize) -> String {
        format!("{}end.", "Word ".repeat(words - 1))
    }

    fn pairs(blocks: &[Block]) -> Vec<(String, String)> {
        pieces(blocks)
            .into_iter()
            .filter_map(|piece| Some((piece.question?, piece.text)))
            .collect()
    }

    fn pair(question: &str, answer: &str) -> (String, String) {
        (question.to_owned(), answer.to_owned())
    }

    #[test]
    fn no_passage_reaches_over_a_heading_and_each_knows_those_above_it() {
        let pieces = pieces(&[
            heading(1, "Shop"),
            paragraph("Welcome."),
            heading(2, "Returns"),
            paragraph("Within 30 days."),
            heading(1, "About"),
            paragraph("We are three."),
        ]);
        let found: Vec<(&str, &str)> = pieces
            .iter()
            .map(|piece| (piece.heading.as_str(), piece.text.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("Shop", "Welcome."),
                ("Shop › Returns", "Within 30 days."),
                ("About", "We are three.")
            ]
        );
    }

    #[test]
    fn short_paragraphs_share_a_passage_and_long_ones_are_cut_between_sentences() {
        let short = pieces(&[
            paragraph(sentence(30)),
            paragraph(sentence(60)),
            paragraph(sentence(90)),
        ]);
        assert_eq!(
            short.iter().map(|piece| length(&piece.text)).collect::<Vec<_>>(),
            [90, 90]
        );
        let long = pieces(&[paragraph(vec![sentence(50); 10].join(" "))]);
        assert!(
            long.iter()
                .all(|piece| length(&piece.text) <= MOST && piece.text.ends_with("end."))
        );
        let endless = pieces(&[
            paragraph("word ".repeat(1_000)),
            paragraph("字".repeat(3_000)),
            paragraph("x".repeat(9_000)),
        ]);
        assert!(endless.len() > 10 && endless.iter().all(|piece| piece.text.chars().count() <= MOST * 6));
    }

    #[test]
    fn questions_stay_with_their_answers_however_they_are_written() {
        let expected = [
            pair("Do you ship?", "Yes, daily."),
            pair("Do you glaze?", "By hand.\nTwice."),
        ];
        for blocks in [
            vec![paragraph(
                "Q: Do you ship?\nA: Yes, daily.\nQ: Do you glaze?\nA: By hand.\nTwice.",
            )],
            vec![
                paragraph("Do you ship?\nYes, daily."),
                paragraph("Do you glaze?\nBy hand.\nTwice."),
            ],
            vec![
                heading(2, "Do you ship?"),
                paragraph("Yes, daily."),
                heading(2, "Do you glaze?"),
                paragraph("By hand."),
                paragraph("Twice."),
            ],
            vec![
                paragraph("Do you ship?"),
                paragraph("Yes, daily."),
                paragraph("**Do you glaze?**"),
                paragraph("By hand."),
                paragraph("Twice."),
            ],
            vec![paragraph(
                "Question 1: Do you ship?\nAnswer: Yes, daily.\nQuestion 2: Do you glaze?\nAnswer: By hand.\nTwice.",
            )],
        ] {
            assert_eq!(pairs(&blocks), expected, "{blocks:?}");
        }
    }

    #[test]
    fn questions_and_answers_are_told_in_other_languages() {
        for (text, question, answer) in [
            ("P: ¿Hay envío?\nR: Sí.", "¿Hay envío?", "Sí."),
            ("Soru: Kargo var mı?\nCevap: Var.", "Kargo var mı?", "Var."),
            ("س: هل يوجد توصيل؟\nج: نعم.", "هل يوجد توصيل؟", "نعم."),
            ("प्रश्न: क्या डिलीवरी है?\nउत्तर: हाँ।", "क्या डिलीवरी है?", "हाँ।"),
            ("Tanya: Bisa kirim?\nJawab: Bisa.", "Bisa kirim?", "Bisa."),
            ("Frage: Gibt es Versand?\nAntwort: Ja.", "Gibt es Versand?", "Ja."),
            ("هل لديكم أكواب؟\nنعم لدينا.", "هل لديكم أكواب؟", "نعم لدينا."),
            ("配送はありますか？\nはい。", "配送はありますか？", "はい。"),
        ] {
            assert_eq!(pairs(&[paragraph(text)]), [pair(question, answer)]);
        }
    }

    #[test]
    fn a_question_without_an_answer_is_prose() {
        let pieces = pieces(&[paragraph("Why clay?"), heading(1, "Next"), paragraph("Text.")]);
        assert!(pieces.iter().all(|piece| piece.question.is_none()));
    }

    #[test]
    fn a_table_of_questions_is_pairs_and_another_repeats_its_columns() {
        let rows = |rows: &[[&str; 2]]| Block::Table {
            rows: rows
                .iter()
                .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
                .collect(),
        };
        assert_eq!(
            pairs(&[rows(&[["Question", "Answer"], ["Shipping", "Daily"]])]),
            [pair("Shipping", "Daily")]
        );
        assert_eq!(
            pairs(&[rows(&[["Do you ship?", "Daily"], ["Do you glaze?", "Twice"]])]),
            [pair("Do you ship?", "Daily"), pair("Do you glaze?", "Twice")]
        );
        let prices = pieces(&[rows(&[["Item", "Price"], ["Cup", "12 €"], ["Bowl", "20 €"]])]);
        assert_eq!(prices.len(), 1);
        assert_eq!(
            prices.first().unwrap().text,
            "Item: Cup; Price: 12 €\nItem: Bowl; Price: 20 €"
        );
    }

    #[test]
    fn past_replies_become_a_passage_each() {
        let replies = past_replies(&[pair(" Open? ", "Yes."), pair("", "Lost"), pair("Lost?", " ")]);
        assert_eq!(replies.len(), 1);
        assert_eq!(replies.first().unwrap().question.as_deref(), Some("Open?"));
    }

    proptest! {
        #[test]
        fn no_words_are_lost(texts in proptest::collection::vec("[a-zA-Zäß?.:\\n 字]{0,120}", 0..8)) {
            let blocks: Vec<Block> = texts.iter().map(paragraph).collect();
            let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
            let before: usize = texts.iter().map(|text| letters(text)).sum();
            let after: usize = pieces(&blocks)
                .iter()
                .map(|piece| letters(&piece.text) + piece.question.as_deref().map_or(0, letters))
                .sum();
            // Marks such as "Q:" are no words.
            prop_assert!(after <= before && before - after <= 8 * texts.len() * 20, "{before} {after}");
        }
    }
}
