//! What strangers send: files that lie, names that deceive. None makes anything fall over, all get the right verdict
//! and a safe name.

use std::fs;

use media::{
    Family, look, safe_name, sniff, sniff_file, voice_note, wav_of_opus, waveform, without_metadata,
};
use proptest::prelude::*;

use crate::corpus;

#[test]
fn the_corpus_is_large_enough_to_mean_something() {
    assert!(corpus::all().len() >= 120, "{}", corpus::all().len());
}

#[test]
fn every_hostile_file_gets_the_right_verdict_and_a_name_that_shows_what_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    let mut wrong = Vec::new();
    for sent in corpus::all() {
        fs::write(&path, &sent.bytes).unwrap();
        let sniffed = sniff_file(&path, sent.claim, sent.name.as_deref()).unwrap();
        let name = safe_name(sent.name.as_deref(), &sniffed);
        let (is_dangerous, mime, ending) = sent.expected;
        let ends_well = name.ends_with(&format!(".{ending}"));
        if (sniffed.is_dangerous, sniffed.mime.as_str()) != (is_dangerous, mime) || !ends_well {
            wrong.push(format!("{}: {sniffed:?} {name:?}", sent.what));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_honest_file_is_what_it_says_and_harmless() {
    for (mime, name, bytes) in corpus::valid::all() {
        let sniffed = sniff(&bytes, Some(mime), Some(name));
        assert_eq!(
            (sniffed.mime.as_str(), sniffed.is_dangerous),
            (mime, false),
            "{name}"
        );
        assert_eq!(safe_name(Some(name), &sniffed), name);
    }
}

#[test]
fn a_document_whose_list_of_types_comes_last_is_known_by_its_beginning_and_its_name() {
    let bytes = corpus::boxes::zip(&["word/numbering.xml", "word/document.xml", "[Content_Types].xml"]);
    let head = &bytes[..100];
    assert_eq!(sniff(head, None, Some("letter.docx")).extension, "docx");
    assert_eq!(sniff(head, None, Some("letter.jpg")).extension, "zip");
    assert_eq!(sniff(&bytes, None, Some("letter.jpg")).extension, "docx");
}

#[test]
fn every_hostile_name_becomes_one_harmless_component_of_a_path() {
    for sent in corpus::all() {
        let sniffed = sniff(&sent.bytes, sent.claim, sent.name.as_deref());
        let name = safe_name(sent.name.as_deref(), &sniffed);
        assert!(
            name.chars().count() <= 120 && name.len() <= 200,
            "{}: {name}",
            sent.what
        );
        assert!(!name.starts_with(['.', ' ']), "{}: {name}", sent.what);
        assert!(
            !name.contains(['/', '\\', ':', '\0', '\n', '\u{202e}', '\u{200b}']),
            "{}: {name}",
            sent.what
        );
        assert_eq!(safe_name(Some(&name), &sniffed), name, "{}", sent.what);
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(&name), b"").unwrap();
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            1,
            "{}: {name}",
            sent.what
        );
    }
}

#[test]
fn looking_at_hostile_files_never_panics_and_shows_no_picture_of_a_bomb() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    for sent in corpus::all() {
        fs::write(&path, &sent.bytes).unwrap();
        let sniffed = sniff(&sent.bytes, sent.claim, sent.name.as_deref());
        let look = look(&path, &sniffed);
        let pixels = u64::from(look.width.unwrap_or(0)) * u64::from(look.height.unwrap_or(0));
        assert!(pixels <= 50_000_000 || look.thumbnail.is_none(), "{}", sent.what);
        assert!(
            look.duration_ms.is_none_or(|long| long <= 86_400_000),
            "{}",
            sent.what
        );
        if sniffed.family != Family::Image {
            assert_eq!(look.thumbnail, None, "{}", sent.what);
        }
        let _ = waveform(&path);
        let _ = wav_of_opus(&path);
        let _ = voice_note(&sent.bytes);
        if let Ok(clean) = without_metadata(&sent.bytes, &sniffed) {
            assert_eq!(
                without_metadata(&clean, &sniffed).as_ref(),
                Ok(&clean),
                "{}",
                sent.what
            );
        }
    }
}

#[test]
fn a_beginning_cut_off_anywhere_is_still_an_answer() {
    for sent in corpus::all() {
        let start = sent.bytes.get(..600).unwrap_or(&sent.bytes);
        for length in 0..start.len() {
            let sniffed = sniff(&start[..length], sent.claim, sent.name.as_deref());
            assert!(!sniffed.mime.is_empty() && !sniffed.extension.is_empty());
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_under_any_name_get_an_answer_that_can_be_used(
        beginning in prop::sample::select(vec![
            &b""[..], b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"RIFF", b"OggS", b"\xFF\xFB", b"\xFF\xF1",
            b"<", b"\xFF\xFE", b"\0\0\0\x18ftyp", b"\x1A\x45\xDF\xA3", b"{\\rtf", b"MZ", b"G",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..600),
        claim in prop::option::of(".{0,30}|(image|audio|text)/[a-z+;=]{0,20}"),
        name in prop::option::of(".{0,60}|[a-z]{1,9}\\.(exe|pdf|svg|docm|jpg|js|zip)[ .]{0,3}"),
    ) {
        let bytes = [beginning, &rest].concat();
        let sniffed = sniff(&bytes, claim.as_deref(), name.as_deref());
        prop_assert!(sniffed.mime.contains('/') && !sniffed.mime.contains([';', ' ', '\n']), "{}", sniffed.mime);
        prop_assert!(sniffed.extension.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-'));
        prop_assert!(sniffed.family != Family::Program || sniffed.is_dangerous);
        let promises = name.as_deref().is_some_and(|name| {
            let end = name.trim_end_matches([' ', '.']);
            [".exe", ".js", ".svg", ".docm"].iter().any(|ending| end.ends_with(ending))
        });
        prop_assert!(!promises || sniffed.is_dangerous, "{name:?} {sniffed:?}");
    }
}
