//! Tables as text, whatever stands between the cells.

use crate::knowledge::block::Extracted;

/// Rows that are read at most.
const MOST_ROWS: usize = 50_000;
/// Lines that are looked at to see what stands between the cells.
const LOOKED_AT: usize = 20;

pub(super) fn read(text: &str) -> Extracted {
    let separator = separator(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes());
    let rows: Vec<Vec<String>> = reader
        .records()
        .take(MOST_ROWS)
        .filter_map(Result::ok)
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect();
    let mut extracted = Extracted::default();
    if rows.iter().all(|row| row.len() <= 1) {
        for cell in rows.iter().flatten() {
            extracted.paragraph(cell);
        }
    } else {
        extracted.table(rows);
    }
    extracted
}

/// The sign that parts most of the first rows into the same number of cells, more than one.
fn separator(text: &str) -> u8 {
    let sample: Vec<&str> = text.lines().take(LOOKED_AT).collect();
    let sample = sample.join("\n");
    let rated = [b',', b';', b'\t', b'|'].map(|separator| {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(sample.as_bytes());
        let widths: Vec<usize> = reader
            .records()
            .filter_map(Result::ok)
            .map(|record| record.len())
            .collect();
        let first = widths.first().copied().unwrap_or_default();
        let alike = widths
            .iter()
            .filter(|width| **width == first && first > 1)
            .count();
        (alike, first, separator)
    });
    rated
        .into_iter()
        .filter(|(alike, _, _)| *alike > 0)
        .max_by_key(|(alike, width, _)| (*alike, *width))
        .map_or(b',', |(_, _, separator)| separator)
}
