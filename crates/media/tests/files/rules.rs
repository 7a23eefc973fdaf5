//! What may go out as what.

use domain::MessageKind::{self, Audio, Document, Image, Sticker, Text, Video, Voice};
use media::{Look, Sniffed, check_outbound, check_sticker, kind_for, sniff};

use crate::corpus::{boxes, exe, valid};

fn of(mime: &str) -> Sniffed {
    let (claim, name, bytes) = valid::all()
        .into_iter()
        .find(|(known, ..)| *known == mime)
        .unwrap();
    sniff(&bytes, Some(claim), Some(name))
}

fn verdict(kind: MessageKind, mime: &str, size: u64) -> Result<String, String> {
    check_outbound(kind, &of(mime), size).map_err(|rule| rule.sentence)
}

#[test]
fn each_kind_takes_its_types_up_to_its_size() {
    for (kind, mime, most) in [
        (Image, "image/jpeg", 5_000_000),
        (Image, "image/png", 5_000_000),
        (Video, "video/mp4", 16_000_000),
        (Audio, "audio/ogg", 16_000_000),
        (Voice, "audio/ogg", 16_000_000),
        (Sticker, "image/webp", 500_000),
        (Document, "application/pdf", 100_000_000),
        (Document, "image/jpeg", 100_000_000),
    ] {
        assert_eq!(verdict(kind, mime, most).as_deref(), Ok(mime), "{kind}");
        let sentence = verdict(kind, mime, most + 1).unwrap_err();
        assert!(sentence.contains("MB") || sentence.contains("KB"), "{sentence}");
        assert!(verdict(kind, mime, 0).unwrap_err().contains("empty"));
    }
}

#[test]
fn a_type_that_does_not_belong_is_refused_with_what_to_do() {
    for (kind, mime) in [
        (Image, "image/webp"),
        (Image, "application/pdf"),
        (Video, "image/gif"),
        (Audio, "audio/wav"),
        (Voice, "audio/wav"),
        (Sticker, "image/png"),
        (Text, "image/png"),
        (Document, "application/zip"),
        (Document, "image/gif"),
    ] {
        let sentence = verdict(kind, mime, 1000).unwrap_err();
        assert!(
            ["end ", "Record", "Save it as PDF"]
                .iter()
                .any(|advice| sentence.contains(advice)),
            "{sentence}"
        );
    }
    let vorbis = sniff(b"OggS\0\x02\x01vorbis", None, None);
    assert!(check_outbound(Audio, &vorbis, 1000).is_err(), "Ogg without Opus");
}

#[test]
fn a_table_in_text_leaves_as_text() {
    let table = sniff(b"name;price\nmug;18\n", Some("text/csv"), Some("prices.csv"));
    assert_eq!(check_outbound(Document, &table, 20).as_deref(), Ok("text/plain"));
}

#[test]
fn what_can_run_is_not_sent_in_any_way() {
    for (bytes, name) in [
        (exe(), "a.pdf"),
        (b"<svg/>".to_vec(), "a.svg"),
        (boxes::gif(1), "a.js"),
    ] {
        let sniffed = sniff(&bytes, None, Some(name));
        for kind in MessageKind::ALL {
            assert!(check_outbound(*kind, &sniffed, 1000).is_err(), "{name} as {kind}");
        }
    }
}

#[test]
fn a_file_goes_as_what_shows_it_best() {
    assert_eq!(kind_for(&of("image/jpeg"), 1000), Image);
    assert_eq!(kind_for(&of("image/jpeg"), 5_000_001), Document);
    assert_eq!(kind_for(&of("image/webp"), 1000), Document);
    assert_eq!(kind_for(&of("video/mp4"), 1000), Video);
    assert_eq!(kind_for(&of("audio/ogg"), 1000), Audio);
    assert_eq!(kind_for(&of("audio/wav"), 1000), Document);
    assert_eq!(kind_for(&of("application/pdf"), 1000), Document);
}

#[test]
fn a_sticker_has_one_size_and_may_weigh_more_when_it_moves() {
    let look = |width, animated| Look {
        width: Some(width),
        height: Some(512),
        animated,
        ..Look::default()
    };
    assert!(check_sticker(&look(512, false), 100_000).is_ok());
    assert!(check_sticker(&look(512, false), 100_001).is_err());
    assert!(check_sticker(&look(512, true), 500_000).is_ok());
    assert!(
        check_sticker(&look(511, true), 1000)
            .unwrap_err()
            .sentence
            .contains("512 by 512")
    );
}
