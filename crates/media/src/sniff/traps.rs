//! Text that runs when it is opened: pages, scripts, short cuts.

/// How much of a text is looked at for a page's marks.
const LOOKED_AT: usize = 16 * 1024;

/// First words that give a script or a short cut away, in lower case, and its ending.
const FIRST_WORDS: &[(&str, &str)] = &[
    ("#!", "sh"),
    ("<?php", "php"),
    ("<?=", "php"),
    ("@echo ", "bat"),
    ("@echo\r", "bat"),
    ("@echo\n", "bat"),
    ("@if ", "bat"),
    ("@setlocal", "bat"),
    ("@powershell", "bat"),
    ("@start ", "bat"),
    ("[internetshortcut]", "url"),
    ("[{000214a0-0000-0000-c000-000000000046}]", "url"),
    ("[desktop entry]", "desktop"),
    ("[shell]", "scf"),
    ("[autorun]", "inf"),
    ("windows registry editor", "reg"),
    ("regedit4", "reg"),
    ("from: <saved by", "mht"),
    ("id;p", "slk"),
    ("web\r\n1\r\n", "iqy"),
    ("on error resume next", "vbs"),
    ("#requires -", "ps1"),
];

/// Marks of a page in something that begins with `<`, in lower case, and its ending.
const MARKS: &[(&str, &str)] = &[
    ("<hta:application", "hta"),
    ("<scriptlet", "sct"),
    ("<persistedquery", "search-ms"),
    ("<librarydescription", "library-ms"),
    ("<pcsettings", "settingcontent-ms"),
    ("<jnlp", "jnlp"),
    ("<mmc_consolefile", "msc"),
    ("<svg", "svg"),
    ("http://www.w3.org/2000/svg", "svg"),
    ("http://www.w3.org/1999/xhtml", "xhtml"),
    ("<?xml-stylesheet", "xhtml"),
    ("<!doctype html", "html"),
    ("<html", "html"),
    ("<head", "html"),
    ("<body", "html"),
    ("<script", "html"),
    ("<iframe", "html"),
    ("<object", "html"),
    ("<embed", "html"),
    ("<img", "html"),
    ("<meta", "html"),
    ("<style", "html"),
    ("<a ", "html"),
    ("<form", "html"),
    ("<table", "html"),
    ("<div", "html"),
    ("javascript:", "html"),
];

/// Returns the ending of what would run if these bytes were opened as the text they look like. Also looks into what
/// is no valid text: a browser does, too.
pub(crate) fn trap(head: &[u8]) -> Option<&'static str> {
    let text = readable(head);
    let text = text
        .trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}' || letter == '\0');
    let text: String = text
        .chars()
        .take(LOOKED_AT)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    if let Some((_, extension)) = FIRST_WORDS.iter().find(|(word, _)| text.starts_with(word)) {
        return Some(extension);
    }
    if !text.starts_with('<') {
        return None;
    }
    // The mark that comes first says what the page is; a comment before it does not.
    MARKS
        .iter()
        .filter_map(|(mark, extension)| Some((text.find(mark)?, *extension)))
        .min_by_key(|(place, _)| *place)
        .map(|(_, extension)| extension)
}

/// Returns the text, if this is plain text: valid UTF-8, or UTF-16 with its mark, without control characters.
///
/// A letter cut in half at the end is the cut's fault and not the text's.
pub(crate) fn plain_text(head: &[u8]) -> Option<String> {
    let text = match head {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => utf16(head)?,
        _ => match str::from_utf8(head) {
            Ok(text) => text.to_owned(),
            Err(error) if error.error_len().is_none() => {
                str::from_utf8(head.get(..error.valid_up_to())?).ok()?.to_owned()
            }
            Err(_) => return None,
        },
    };
    let control = |letter: char| letter.is_control() && !matches!(letter, '\t' | '\n' | '\r' | '\u{c}');
    (!text.contains(control)).then_some(text)
}

fn readable(head: &[u8]) -> String {
    match head {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => utf16(head).unwrap_or_default(),
        _ => String::from_utf8_lossy(head).into_owned(),
    }
}

/// Reads UTF-16 by its mark; `None` when it is none. A letter cut in half at the end is left out.
fn utf16(head: &[u8]) -> Option<String> {
    let (mark, rest) = head.split_first_chunk::<2>()?;
    let (pairs, _) = rest.as_chunks::<2>();
    let units = pairs.iter().map(|pair| match mark {
        [0xFF, 0xFE] => u16::from_le_bytes(*pair),
        _ => u16::from_be_bytes(*pair),
    });
    let mut letters: Vec<_> = char::decode_utf16(units).collect();
    if letters.last().is_some_and(Result::is_err) {
        letters.pop();
    }
    letters.into_iter().collect::<Result<String, _>>().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_behind_comments_spaces_and_other_alphabets() {
        assert_eq!(trap(b"  \n<!-- hello --><SVG onload=alert(1)>"), Some("svg"));
        assert_eq!(trap(b"\xEF\xBB\xBF<!DOCTYPE HTML><p>"), Some("html"));
        assert_eq!(trap(b"\xFF\xFE<\0h\0t\0m\0l\0>\0"), Some("html"));
        assert_eq!(trap(b"<p>caf\xE9</p><script>"), Some("html"), "not UTF-8");
        assert_eq!(
            trap(b"<x:svg xmlns:x='http://www.w3.org/2000/svg'/>"),
            Some("svg")
        );
    }

    #[test]
    fn a_letter_that_speaks_about_pages_is_a_letter() {
        assert_eq!(trap(b"Please put <script> into our <html>."), None);
        assert!(plain_text("Grüße aus Köln".as_bytes()).is_some());
    }

    #[test]
    fn a_letter_cut_in_half_by_the_end_of_the_beginning_is_still_text() {
        let bytes = "né".as_bytes();
        assert_eq!(plain_text(&bytes[..bytes.len() - 1]).as_deref(), Some("n"));
        assert_eq!(plain_text(b"n\xC3n"), None);
        assert_eq!(plain_text(b"bell\x07"), None);
    }
}
