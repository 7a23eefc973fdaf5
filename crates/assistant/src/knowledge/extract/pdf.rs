//! PDF. Its pages hold letters at places, so paragraphs are a guess.

use super::{Trouble, plain};
use crate::knowledge::block::{Extracted, one_line};
use std::collections::HashMap;

pub(super) fn read(file: &[u8]) -> Result<Extracted, Trouble> {
    let pages = pdf_extract::extract_text_from_mem_by_pages(file).map_err(|error| {
        let words = error.to_string().to_lowercase();
        if words.contains("crypt") || words.contains("password") {
            Trouble::Locked
        } else {
            Trouble::Damaged
        }
    })?;
    let repeated = repeated(&pages);
    let text: Vec<String> = pages
        .iter()
        .map(|page| {
            let lines: Vec<&str> = page
                .lines()
                .filter(|line| !repeated.contains_key(&one_line(line)))
                .collect();
            lines.join("\n")
        })
        .collect();
    let text = text.join("\n\n");
    let mut extracted = Extracted::default();
    if text.chars().filter(|c| c.is_alphanumeric()).count() >= 3 {
        for paragraph in plain::paragraphs(&text) {
            extracted.paragraph(&paragraph);
        }
    }
    Ok(extracted)
}

/// Lines that stand on most pages: what the paper says above and below the text.
fn repeated(pages: &[String]) -> HashMap<String, usize> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    if pages.len() >= 3 {
        for page in pages {
            let mut lines: Vec<String> = page
                .lines()
                .map(one_line)
                .filter(|line| !line.is_empty())
                .collect();
            lines.sort_unstable();
            lines.dedup();
            for line in lines {
                *counts.entry(line).or_default() += 1;
            }
        }
    }
    counts.retain(|_, count| *count * 10 >= pages.len() * 6);
    counts
}
