//! Plain text in the encodings files come in.

use super::Trouble;
use crate::knowledge::block::Extracted;
use crate::knowledge::pairs::is_question;

/// Returns the text of a file: UTF-8, UTF-16 with its mark, or else the encoding of Western Windows.
pub(super) fn decode(file: &[u8]) -> Result<String, Trouble> {
    let text = if let Some(rest) = file.strip_prefix(&[0xff, 0xfe]) {
        utf16(rest, u16::from_le_bytes)
    } else if let Some(rest) = file.strip_prefix(&[0xfe, 0xff]) {
        utf16(rest, u16::from_be_bytes)
    } else {
        match std::str::from_utf8(file.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(file)) {
            Ok(text) => text.to_owned(),
            Err(_) => file.iter().map(|byte| windows(*byte)).collect(),
        }
    };
    let strange = text
        .chars()
        .filter(|c| (c.is_control() && !c.is_whitespace()) || *c == '\u{fffd}')
        .count();
    let is_text = !text.contains('\0') && strange * 50 <= text.chars().count();
    if is_text {
        Ok(text)
    } else {
        Err(Trouble::OtherFormat)
    }
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> String {
    let (units, _) = bytes.as_chunks::<2>();
    char::decode_utf16(units.iter().map(|unit| read(*unit)))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// A letter of Windows-1252, which is Latin-1 but for 27 signs (WHATWG Encoding, index windows-1252).
fn windows(byte: u8) -> char {
    const SIGNS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    usize::from(byte)
        .checked_sub(0x80)
        .and_then(|place| SIGNS.get(place).copied())
        .unwrap_or(char::from(byte))
}

/// Reads paragraphs; empty lines part them.
pub(super) fn read(text: &str) -> Extracted {
    let mut extracted = Extracted::default();
    for paragraph in paragraphs(text) {
        extracted.paragraph(&paragraph);
    }
    extracted
}

/// Returns the paragraphs of a text, with lines put together that were only broken because the paper ended.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = String::new();
    // The letters of the line before; a line that breaks on its own is long.
    let mut length = 0;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            found.extend((!open.is_empty()).then(|| std::mem::take(&mut open)));
            continue;
        }
        if !open.is_empty() {
            let goes_on = length >= 50 && !ends(&open) && !begins(line) && !is_question(line);
            if goes_on && open.ends_with('-') && line.starts_with(char::is_lowercase) {
                open.pop();
            } else {
                open.push(if goes_on { ' ' } else { '\n' });
            }
        }
        open.push_str(line);
        length = line.chars().count();
    }
    found.extend((!open.is_empty()).then_some(open));
    found
}

/// Whether a line ends by itself.
fn ends(text: &str) -> bool {
    text.ends_with(['.', '!', '?', ':', ';', '…', '。', '؟', '।', '！', '？'])
}

/// Whether a line begins something: a list, a marked question or answer.
fn begins(line: &str) -> bool {
    line.starts_with(['-', '*', '•', '–', '·', '▪', '#', '|'])
        || line
            .find([')', '.', ':'])
            .is_some_and(|end| end <= 3 && line.starts_with(char::is_alphanumeric))
}
