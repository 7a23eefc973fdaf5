//! What a file may be called.

use crate::sniff::{Family, Sniffed, by_extension, extension_of, is_extension, is_same};

/// Most letters of a name, with its ending.
const LETTERS: usize = 120;
/// Most bytes of a name, with its ending: file systems have room for 255, and something may be put in front.
const BYTES: usize = 200;

/// Names Windows keeps for devices, whatever the ending
/// (learn.microsoft.com/windows/win32/fileio/naming-a-file).
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];

/// Returns a name a file of this type can be saved under on every system.
///
/// One component of a path, without anything that hides what it is: no separators, control characters, marks that
/// turn the reading direction, letters that cannot be seen, reserved names. It ends as the bytes say, so a program
/// called `invoice.pdf` is shown as `invoice.exe`. A name of a safe name is itself.
pub fn safe_name(original: Option<&str>, sniffed: &Sniffed) -> String {
    let true_extension = Some(sniffed.extension.to_ascii_lowercase())
        .filter(|extension| is_extension(extension))
        .unwrap_or_else(|| "bin".to_owned());
    let cleaned = original.map(cleaned).unwrap_or_default();
    let (stem, extension) = split(&cleaned, &true_extension);
    let room = |used: usize, whole: usize| whole.saturating_sub(used + 1);
    let stem = shortened(
        stem,
        room(extension.chars().count(), LETTERS),
        room(extension.len(), BYTES),
    );
    if stem.chars().all(|letter| matches!(letter, '_' | '-' | '.' | ' ')) {
        return format!("{}.{extension}", nameless(sniffed.family));
    }
    if is_device(&stem) {
        // Shortened by one more letter where it is as long as it may be: a device's name is short, what follows may not.
        let stem = shortened(
            &format!("_{stem}"),
            room(extension.chars().count(), LETTERS),
            room(extension.len(), BYTES),
        );
        return format!("{stem}.{extension}");
    }
    format!("{stem}.{extension}")
}

/// Cuts the ending off, if it is one: returns what is before it, and the ending the file gets.
fn split<'name>(cleaned: &'name str, true_extension: &str) -> (&'name str, String) {
    if let Some(hidden) = cleaned.strip_prefix('.') {
        let bare = hidden.trim_start_matches(['.', ' ']);
        // Nothing but an ending.
        let nothing = !bare.contains('.') && by_extension(bare).is_some();
        return if nothing {
            ("", true_extension.to_owned())
        } else {
            split(bare, true_extension)
        };
    }
    let parts = cleaned.rsplit_once('.').zip(extension_of(cleaned));
    match parts {
        Some(((stem, _), extension)) if is_same(&extension, true_extension) => (stem, extension),
        Some(((stem, _), extension)) if is_known(&extension) => (stem, true_extension.to_owned()),
        _ => (cleaned, true_extension.to_owned()),
    }
}

fn is_known(extension: &str) -> bool {
    by_extension(extension).is_some() || mime_guess::from_ext(extension).first_raw().is_some()
}

/// Whether a name leads somewhere: from the top, from a drive, from a share, or up.
fn is_path(name: &str) -> bool {
    let is_stroke = |letter: char| matches!(letter, '/' | '\\');
    let has_drive = name
        .split_once(':')
        .is_some_and(|(drive, rest)| drive.chars().count() == 1 && rest.starts_with(is_stroke));
    let leads = |part: &str| {
        let seen: String = part.chars().filter(|letter| !is_dropped(*letter)).collect();
        matches!(seen.trim(), "" | "." | ".." | "~")
    };
    has_drive || name.contains(is_stroke) && name.split(is_stroke).rev().skip(1).any(leads)
}

/// Takes out what does not belong into a name. Dots at the beginning stay for now.
fn cleaned(original: &str) -> String {
    // A whole path was sent along: its last part is the name. Any other stroke is a part of the name, as in 2026/118.
    let joined;
    let name = if is_path(original) {
        original
            .rsplit(['/', '\\'])
            .find(|part| part.chars().any(|letter| !is_dropped(letter) && letter != '.'))
            .unwrap_or_default()
    } else {
        joined = original.replace(['/', '\\'], "-");
        joined.as_str()
    };
    let mut cleaned = String::new();
    let seen = name.chars().filter(|letter| !is_dropped_within(*letter));
    // No name needs more, and somebody may send a million letters.
    for letter in seen.take(LETTERS * 20) {
        let letter = match letter {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
            letter if is_space(letter) => ' ',
            letter => letter,
        };
        if letter != ' ' || !cleaned.ends_with(' ') {
            cleaned.push(letter);
        }
    }
    trimmed(cleaned.trim_start()).to_owned()
}

/// Cuts a name to a length, never within a letter.
fn shortened(stem: &str, letters: usize, bytes: usize) -> String {
    let mut short = String::new();
    for letter in trimmed(stem).chars().take(letters) {
        if short.len() + letter.len_utf8() > bytes {
            break;
        }
        short.push(letter);
    }
    trimmed(&short).to_owned()
}

fn trimmed(name: &str) -> &str {
    name.trim_end_matches(['.', ' '])
}

fn is_space(letter: char) -> bool {
    // The blank of Braille looks like a space and counts as a letter.
    letter.is_whitespace() || letter == '\u{2800}'
}

fn is_dropped_within(letter: char) -> bool {
    is_invisible(letter) || (letter.is_control() && !letter.is_whitespace())
}

fn is_dropped(letter: char) -> bool {
    is_dropped_within(letter) || is_space(letter)
}

/// Letters that cannot be seen or change how others are shown (Unicode, "Cf" and the fillers).
pub(crate) fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{34f}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0e}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{110bd}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

fn is_device(stem: &str) -> bool {
    let first = stem.split('.').next().unwrap_or(stem).trim().to_lowercase();
    let numbered = |name: &str| {
        first.strip_prefix(name).is_some_and(|number| {
            matches!(number, "¹" | "²" | "³")
                || (number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit()))
        })
    };
    DEVICES.contains(&first.as_str()) || numbered("com") || numbered("lpt")
}

fn nameless(family: Family) -> &'static str {
    match family {
        Family::Image => "Picture",
        Family::Video => "Video",
        Family::Audio => "Sound",
        Family::Document => "Document",
        Family::Sheet => "Table",
        Family::Slides => "Slides",
        Family::Archive => "Archive",
        Family::Program => "Program",
        Family::Unknown => "File",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sniff;

    const PICTURE: &[u8] = b"\xFF\xD8\xFF\xE0";
    const PDF: &[u8] = b"%PDF-1.7";
    const EXE: &[u8] = b"MZ\x90\0\x03\0\0\0";

    fn named(bytes: &[u8], name: &str) -> String {
        safe_name(Some(name), &sniff(bytes, None, Some(name)))
    }

    #[test]
    fn a_good_name_stays_as_it_is() {
        for name in [
            "Invoice 2026-11.pdf",
            "Größe – größer.pdf",
            "حساب.pdf",
            "v1.2 final.pdf",
            "a.b.c.pdf",
        ] {
            assert_eq!(named(PDF, name), name);
        }
        assert_eq!(named(PICTURE, "holiday.JPEG"), "holiday.jpeg");
    }

    #[test]
    fn a_stroke_in_a_name_is_kept_as_a_dash_and_a_path_is_cut_to_its_end() {
        assert_eq!(named(PDF, "Invoice 2026/118.pdf"), "Invoice 2026-118.pdf");
        for path in [
            "/etc/2026.pdf",
            "C:\\Users\\me\\2026.pdf",
            "../../2026.pdf",
            "..\\2026.pdf",
            "a/../2026.pdf",
            "\\\\share\\2026.pdf",
            "~/2026.pdf",
            ".\u{200b}./2026.pdf",
        ] {
            assert_eq!(named(PDF, path), "2026.pdf", "{path}");
        }
    }

    #[test]
    fn a_name_ends_as_the_bytes_say() {
        assert_eq!(named(EXE, "invoice.pdf"), "invoice.exe");
        assert_eq!(named(EXE, "invoice.pdf.exe"), "invoice.pdf.exe");
        assert_eq!(named(b"\x89PNG\r\n\x1a\n", "photo.jpg"), "photo.png");
        assert_eq!(named(PDF, "Offer v1.2"), "Offer v1.2.pdf");
    }

    #[test]
    fn what_has_no_name_is_called_by_what_it_is() {
        assert_eq!(safe_name(None, &sniff(PICTURE, None, None)), "Picture.jpg");
        assert_eq!(named(PDF, "???"), "Document.pdf");
        assert_eq!(named(PDF, ".pdf"), "Document.pdf");
        assert_eq!(named(PDF, "../.."), "Document.pdf");
    }

    #[test]
    fn paths_devices_and_streams_are_only_names() {
        assert_eq!(named(PDF, "../../etc/passwd"), "passwd.pdf");
        assert_eq!(named(PDF, "C:\\Windows\\System32\\a.pdf"), "a.pdf");
        assert_eq!(named(PDF, "CON.pdf"), "_CON.pdf");
        assert_eq!(named(PDF, "com1"), "_com1.pdf");
        assert_eq!(named(PDF, "lpt² .x.pdf"), "_lpt² .x.pdf");
        assert_eq!(named(PDF, "a.pdf:evil.exe"), "a.pdf_evil.pdf");
        assert_eq!(named(PDF, "a.pdf\u{202e}fdp.exe"), "a.pdffdp.pdf");
    }

    proptest! {
        #[test]
        fn every_name_is_safe_and_stays_when_made_safe_again(
            name in "\\PC{0,40}|[./\\\\:a-z \u{200b}\u{202e}\u{0}-\u{20}]{0,40}|(con|aux|com1|nul)[. a-z]{0,9}|.{0,400}",
            bytes in prop::sample::select(vec![PICTURE, PDF, EXE, b"hello", b"", b"\0\x01\x02"]),
        ) {
            let sniffed = sniff(bytes, None, Some(&name));
            let safe = safe_name(Some(&name), &sniffed);
            prop_assert!(safe.chars().count() <= LETTERS && safe.len() <= BYTES, "{safe:?}");
            prop_assert!(!safe.starts_with(['.', ' ']) && !safe.ends_with(['.', ' ']), "{safe:?}");
            prop_assert!(!safe.contains(['/', '\\', ':', '<', '>', '"', '|', '?', '*']), "{safe:?}");
            prop_assert!(!safe.chars().any(|letter| letter.is_control() || is_invisible(letter)), "{safe:?}");
            prop_assert!(!is_device(&safe), "{safe:?}");
            let ending = safe.rsplit_once('.').map(|(_, ending)| ending.to_owned()).unwrap_or_default();
            prop_assert!(is_same(&ending, &sniffed.extension), "{safe:?} is {}", sniffed.extension);
            prop_assert_eq!(&safe_name(Some(&safe), &sniffed), &safe);
        }
    }
}
