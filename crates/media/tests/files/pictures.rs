//! Pictures: looked at, made clean, made fit.

use std::fs;
use std::path::PathBuf;

use image::{DynamicImage, GrayImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage, load_from_memory};
use media::{Look, Sniffed, fit_photo, look, sniff, without_metadata};
use proptest::prelude::*;

use crate::corpus::boxes::{gif, mp4, png_chunk};
use crate::corpus::valid::{file, flag, tone_wav};

fn on_disk(bytes: &[u8]) -> (tempfile::TempDir, PathBuf, Sniffed) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    fs::write(&path, bytes).unwrap();
    (dir, path, sniff(bytes, None, None))
}

fn look_at(bytes: &[u8]) -> Look {
    let (_dir, path, sniffed) = on_disk(bytes);
    look(&path, &sniffed)
}

fn clean(bytes: &[u8]) -> Vec<u8> {
    without_metadata(bytes, &sniff(bytes, None, None)).unwrap()
}

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes
        .windows(words.len())
        .any(|window| window == words.as_bytes())
}

/// A segment of a JPEG.
fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, marker][..], &length, content].concat()
}

/// An EXIF block with an orientation, and the words a camera would put into it.
fn exif(orientation: u8) -> Vec<u8> {
    let entry = [&b"\x12\x01\x03\0\x01\0\0\0"[..], &[orientation, 0, 0, 0]].concat();
    [
        &b"Exif\0\0II*\0\x08\0\0\0\x01\0"[..],
        &entry,
        b"\0\0\0\0GPS 52.5 13.4 ACME phone",
    ]
    .concat()
}

fn inserted(jpeg: &[u8], segments: &[u8]) -> Vec<u8> {
    [&jpeg[..2], segments, &jpeg[2..]].concat()
}

#[test]
fn a_large_photo_gets_a_small_picture_of_the_same_shape_and_colours() {
    let look = look_at(&file(&flag(2000, 1000), ImageFormat::Jpeg));
    assert_eq!(
        (look.width, look.height, look.animated),
        (Some(2000), Some(1000), false)
    );
    let small = look.thumbnail.unwrap();
    assert_eq!((small.width, small.height, small.mime), (640, 320, "image/jpeg"));
    let pixels = load_from_memory(&small.bytes).unwrap().into_rgb8();
    assert_eq!(pixels.dimensions(), (640, 320));
    assert!(pixels.get_pixel(20, 20).0[0] > 150 && pixels.get_pixel(600, 20).0[2] > 150);
}

#[test]
fn a_small_picture_is_not_blown_up_and_what_shines_through_still_does() {
    let mut sticker = RgbaImage::from_pixel(100, 50, Rgba([9, 9, 9, 255]));
    sticker.put_pixel(0, 0, Rgba([0, 0, 0, 0]));
    let small = look_at(&file(&DynamicImage::ImageRgba8(sticker), ImageFormat::Png))
        .thumbnail
        .unwrap();
    assert_eq!((small.width, small.height, small.mime), (100, 50, "image/png"));
    assert_eq!(
        load_from_memory(&small.bytes)
            .unwrap()
            .into_rgba8()
            .get_pixel(0, 0)
            .0[3],
        0
    );
}

#[test]
fn a_photo_taken_on_its_side_is_shown_upright() {
    let jpeg = inserted(
        &file(&flag(200, 100), ImageFormat::Jpeg),
        &segment(0xE1, &exif(6)),
    );
    let look = look_at(&jpeg);
    assert_eq!((look.width, look.height), (Some(100), Some(200)));
    let pixels = load_from_memory(&look.thumbnail.unwrap().bytes)
        .unwrap()
        .into_rgb8();
    assert!(pixels.get_pixel(50, 20).0[0] > 150, "red is on top");
    assert!(pixels.get_pixel(50, 180).0[2] > 150, "blue is at the bottom");
}

#[test]
fn pictures_that_move_are_told_from_those_that_do_not() {
    assert!(look_at(&gif(2)).animated);
    assert!(!look_at(&gif(1)).animated);
    let many = look_at(&gif(5000));
    assert!(many.animated && many.thumbnail.is_some());
    let webp = |flags: u8| [b"RIFF\x16\0\0\0WEBPVP8X\x0A\0\0\0", &[flags][..], &[0; 9]].concat();
    let moves = |bytes: &[u8]| look_at(bytes).animated;
    assert!(!moves(&file(&flag(8, 8), ImageFormat::WebP)) && !moves(&webp(0x10)));
    let png = file(&flag(8, 8), ImageFormat::Png);
    let control = png_chunk(*b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]);
    assert!(moves(&[&png[..33], &control, &png[33..]].concat()) && !moves(&png));
}

#[test]
fn films_and_sounds_say_how_long_they_play() {
    assert_eq!(look_at(&mp4()).duration_ms, Some(2500));
    assert_eq!(look_at(&tone_wav(440.0, 8000)).duration_ms, Some(1000));
    let voice = media::voice_note(&tone_wav(440.0, 8000)).unwrap();
    assert_eq!(look_at(&voice.ogg).duration_ms, Some(1000));
}

#[test]
fn a_photo_tells_nobody_where_it_was_taken_and_still_looks_the_same() {
    let plain = file(&flag(64, 64), ImageFormat::Jpeg);
    let preview = [&b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01"[..], b"SNA"].concat();
    let secrets = [
        segment(0xE0, &preview),
        segment(0xE1, &exif(3)),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>Ana</x:xmpmeta>"),
        segment(0xE2, b"MPF\0preview"),
        segment(0xE2, b"ICC_PROFILE\0\x01\x01colours"),
        segment(0xED, b"Photoshop 3.0\0caption"),
        segment(0xFE, b"a comment"),
    ]
    .concat();
    let photo = [inserted(&plain, &secrets), b"film behind the photo".to_vec()].concat();
    let clean = clean(&photo);
    for secret in [
        "GPS",
        "ACME",
        "xmpmeta",
        "MPF",
        "Photoshop",
        "a comment",
        "film",
        "SNA",
    ] {
        assert!(holds(&photo, secret) && !holds(&clean, secret), "{secret}");
    }
    assert!(holds(&clean, "ICC_PROFILE") && holds(&clean, "JFIF"));
    assert_eq!(
        load_from_memory(&clean).unwrap(),
        load_from_memory(&plain).unwrap()
    );
    // The same way up as before: turned around.
    let (before, after) = (
        look_at(&photo).thumbnail.unwrap(),
        look_at(&clean).thumbnail.unwrap(),
    );
    assert_eq!(before.bytes, after.bytes);
    assert_ne!(before.bytes, look_at(&plain).thumbnail.unwrap().bytes);
}

#[test]
fn a_png_loses_its_words_and_keeps_its_pixels() {
    let plain = file(&flag(16, 16), ImageFormat::Png);
    let secrets = [
        png_chunk(*b"tEXt", b"Author\0Ana"),
        png_chunk(*b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0secret"),
        png_chunk(*b"eXIf", b"II*\0GPS"),
        png_chunk(*b"tIME", &[7, 234, 1, 1, 1, 1, 1]),
        png_chunk(*b"prVt", b"private"),
        png_chunk(*b"pHYs", &[0, 0, 1, 0, 0, 0, 1, 0, 1]),
    ]
    .concat();
    let photo = [&plain[..33], &secrets, &plain[33..], b"behind"].concat();
    let clean = clean(&photo);
    for secret in ["Ana", "secret", "GPS", "tIME", "private", "behind"] {
        assert!(!holds(&clean, secret), "{secret}");
    }
    assert!(holds(&clean, "pHYs"));
    assert_eq!(
        load_from_memory(&clean).unwrap(),
        load_from_memory(&plain).unwrap()
    );
}

#[test]
fn a_webp_loses_its_words_and_no_longer_announces_them() {
    let plain = file(&flag(16, 16), ImageFormat::WebP);
    let picture = &plain[12..];
    let header = b"VP8X\x0A\0\0\0\x0C\0\0\0\x0F\0\0\x0F\0\0";
    let chunks = [&header[..], picture, b"EXIF\x04\0\0\0GPS!XMP \x05\0\0\0<ana>\0"].concat();
    let length = u32::try_from(chunks.len() + 4).unwrap().to_le_bytes();
    let photo = [b"RIFF", &length[..], b"WEBP", &chunks, b"behind"].concat();
    let clean = clean(&photo);
    for secret in ["EXIF", "GPS", "XMP", "ana", "behind"] {
        assert!(holds(&photo, secret) && !holds(&clean, secret), "{secret}");
    }
    assert_eq!(clean[20] & 0x0C, 0);
    assert_eq!(
        load_from_memory(&clean).unwrap(),
        load_from_memory(&plain).unwrap()
    );
}

#[test]
fn a_broken_picture_is_not_passed_on_as_clean() {
    let jpeg = file(&flag(16, 16), ImageFormat::Jpeg);
    let png = file(&flag(16, 16), ImageFormat::Png);
    let webp = file(&flag(16, 16), ImageFormat::WebP);
    for whole in [jpeg, png, webp] {
        let sniffed = sniff(&whole, None, None);
        for length in 0..whole.len() {
            assert!(
                without_metadata(&whole[..length], &sniffed).is_err(),
                "{} {length}",
                sniffed.mime
            );
        }
    }
    assert!(without_metadata(&gif(1), &sniff(&gif(1), None, None)).is_err());
}

proptest! {
    #[test]
    fn whatever_is_changed_in_a_picture_it_is_clean_or_refused(
        place in 0_usize..2000,
        value: u8,
        which in 0_usize..3,
    ) {
        let format = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP][which];
        let mut bytes = file(&flag(16, 16), format);
        let sniffed = sniff(&bytes, None, None);
        let place = place % bytes.len();
        bytes[place] = value;
        if let Ok(clean) = without_metadata(&bytes, &sniffed) {
            let again = without_metadata(&clean, &sniffed);
            prop_assert_eq!(again.as_ref(), Ok(&clean));
        }
    }
}

#[test]
fn a_photo_whatsapp_takes_is_left_alone() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png] {
        let (_dir, path, sniffed) = on_disk(&file(&flag(64, 32), format));
        assert_eq!(fit_photo(&path, &sniffed), Ok(None));
    }
}

#[test]
fn pictures_of_other_sorts_become_ones_whatsapp_takes() {
    let grey = DynamicImage::ImageLuma8(GrayImage::from_pixel(64, 32, image::Luma([90])));
    let others = [
        (file(&flag(64, 32), ImageFormat::WebP), "image/jpeg"),
        (file(&flag(64, 32), ImageFormat::Gif), "image/jpeg"),
        (
            file(
                &DynamicImage::ImageRgb16(flag(64, 32).into_rgb16()),
                ImageFormat::Png,
            ),
            "image/png",
        ),
        (file(&grey, ImageFormat::Png), "image/png"),
        (file(&grey, ImageFormat::Jpeg), "image/jpeg"),
    ];
    for (bytes, mime) in others {
        let (_dir, path, sniffed) = on_disk(&bytes);
        let fitted = fit_photo(&path, &sniffed).unwrap().unwrap();
        assert_eq!(fitted.mime, mime, "{}", sniffed.mime);
        let (_dir, path, sniffed) = on_disk(&fitted.bytes);
        assert_eq!(sniffed.mime, mime);
        assert_eq!(fit_photo(&path, &sniffed), Ok(None), "made fit once is enough");
        assert_eq!(
            (look(&path, &sniffed).width, look(&path, &sniffed).height),
            (Some(64), Some(32))
        );
    }
}

#[test]
fn a_photo_that_is_too_large_becomes_small_enough() {
    let mut seed = 1_u32;
    let noise = RgbImage::from_fn(2400, 1800, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [_, blue, green, red] = seed.to_le_bytes();
        Rgb([red, green, blue])
    });
    let bytes = file(&DynamicImage::ImageRgb8(noise), ImageFormat::Png);
    assert!(bytes.len() > 5_000_000);
    let (_dir, path, sniffed) = on_disk(&bytes);
    let fitted = fit_photo(&path, &sniffed).unwrap().unwrap();
    assert!(fitted.bytes.len() <= 5_000_000, "{}", fitted.bytes.len());
    assert_eq!(fitted.mime, "image/jpeg");
    assert_eq!(load_from_memory(&fitted.bytes).unwrap().width(), 2400);
}

#[test]
fn what_shines_through_becomes_white_and_not_black() {
    let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(32, 32, Rgba([0, 0, 0, 0])));
    let (_dir, path, sniffed) = on_disk(&file(&clear, ImageFormat::WebP));
    let fitted = fit_photo(&path, &sniffed).unwrap().unwrap();
    assert_eq!(
        load_from_memory(&fitted.bytes)
            .unwrap()
            .into_rgb8()
            .get_pixel(9, 9)
            .0,
        [255; 3]
    );
}

#[test]
fn a_bomb_is_refused_with_what_to_do_instead() {
    let bomb = crate::corpus::boxes::png_header(60_000, 60_000);
    let (_dir, path, sniffed) = on_disk(&bomb);
    let error = fit_photo(&path, &sniffed).unwrap_err();
    assert!(error.to_string().contains("Send it as a document"));
}
