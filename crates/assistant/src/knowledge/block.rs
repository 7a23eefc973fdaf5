//! What files consist of once they are read: headings, paragraphs and tables.

use serde::{Deserialize, Serialize};

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Block {
    /// A heading; 1 is the outermost level.
    Heading {
        /// From 1 to 6.
        level: u8,
        /// Its words.
        text: String,
    },
    /// Some sentences. Lines within it are lines in the file too.
    Paragraph {
        /// Its words.
        text: String,
    },
    /// A table. The first row says what the columns are.
    Table {
        /// Its rows.
        rows: Vec<Vec<String>>,
    },
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Extracted {
    /// What the file calls itself.
    pub title: Option<String>,
    /// Its parts in their order.
    pub blocks: Vec<Block>,
}

impl Extracted {
    /// Returns everything as plain text, headings marked as Markdown does, so that it can be read and changed by hand
    /// and read in again.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for block in &self.blocks {
            if !text.is_empty() {
                text.push_str("\n\n");
            }
            match block {
                Block::Heading { level, text: words } => {
                    text.extend(std::iter::repeat_n('#', usize::from((*level).clamp(1, 6))));
                    text.push(' ');
                    text.push_str(words);
                }
                Block::Paragraph { text: words } => text.push_str(words),
                Block::Table { rows } => text.push_str(&table_text(rows)),
            }
        }
        text
    }

    /// Returns how many bytes of text there are.
    pub(super) fn size(&self) -> usize {
        self.blocks
            .iter()
            .map(|block| match block {
                Block::Heading { text, .. } | Block::Paragraph { text } => text.len(),
                Block::Table { rows } => rows.iter().flatten().map(|cell| cell.len() + 1).sum(),
            })
            .sum()
    }

    pub(super) fn heading(&mut self, level: u8, text: &str) {
        let text = one_line(text);
        if !text.is_empty() {
            self.blocks.push(Block::Heading {
                level: level.clamp(1, 6),
                text,
            });
        }
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        let lines: Vec<String> = text
            .lines()
            .map(one_line)
            .filter(|line| !line.is_empty())
            .collect();
        if !lines.is_empty() {
            self.blocks.push(Block::Paragraph {
                text: lines.join("\n"),
            });
        }
    }

    pub(super) fn table(&mut self, rows: Vec<Vec<String>>) {
        let rows: Vec<Vec<String>> = rows
            .into_iter()
            .map(|row| row.iter().map(|cell| one_line(cell)).collect::<Vec<String>>())
            .filter(|row| row.iter().any(|cell| !cell.is_empty()))
            .collect();
        if !rows.is_empty() {
            self.blocks.push(Block::Table { rows });
        }
    }
}

/// A table as Markdown writes it, which reads it in again.
fn table_text(rows: &[Vec<String>]) -> String {
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let mut lines = Vec::with_capacity(rows.len() + 1);
    for (number, row) in rows.iter().enumerate() {
        let cells: Vec<String> = (0..width)
            .map(|column| {
                row.get(column)
                    .map(|cell| cell.replace('|', "\\|"))
                    .unwrap_or_default()
            })
            .collect();
        lines.push(format!("| {} |", cells.join(" | ")));
        if number == 0 {
            lines.push(format!("|{}", " --- |".repeat(width)));
        }
    }
    lines.join("\n")
}

/// Returns the words with one space between them and without signs that cannot be seen.
pub(super) fn one_line(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|c| {
            (!c.is_control() || c.is_whitespace())
                && !matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{fffc}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}
