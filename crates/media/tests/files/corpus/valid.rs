//! Files with nothing wrong.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use super::{boxes, sounds};

/// A picture whose left half is red and whose right half is blue.
pub(crate) fn flag(width: u32, height: u32) -> DynamicImage {
    let colour = |x| {
        if x < width / 2 {
            Rgb([200, 20, 20])
        } else {
            Rgb([20, 20, 200])
        }
    };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| colour(x)))
}

pub(crate) fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A second of a tone at this rate, as samples from -1 to 1.
pub(crate) fn tone(hertz: f64, rate: u32) -> Vec<f64> {
    let angle = |index| std::f64::consts::TAU * hertz * f64::from(index) / f64::from(rate);
    (0..rate).map(|index| angle(index).sin() * 0.5).collect()
}

/// A tone as WAV with 16 bits.
pub(crate) fn tone_wav(hertz: f64, rate: u32) -> Vec<u8> {
    #[expect(clippy::cast_possible_truncation, reason = "a sample between -1 and 1")]
    let sample = |value: f64| ((value * 32_767.0) as i16).to_le_bytes();
    let data: Vec<u8> = tone(hertz, rate).into_iter().flat_map(sample).collect();
    sounds::wav((1, 1, rate, 16), &data)
}

/// (media type, name, content)
pub(crate) fn all() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let picture = flag(40, 20);
    let voice = media::voice_note(&tone_wav(440.0, 8000)).unwrap().ogg;
    let word = ["[Content_Types].xml", "word/document.xml"];
    vec![
        ("image/jpeg", "photo.jpg", file(&picture, ImageFormat::Jpeg)),
        ("image/png", "screen.png", file(&picture, ImageFormat::Png)),
        ("image/webp", "sticker.webp", file(&picture, ImageFormat::WebP)),
        ("image/gif", "dance.gif", boxes::gif(2)),
        ("audio/ogg", "note.ogg", voice),
        ("audio/wav", "tone.wav", tone_wav(440.0, 8000)),
        ("video/mp4", "film.mp4", boxes::mp4()),
        ("application/zip", "files.zip", boxes::zip(&["a.txt"])),
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "letter.docx",
            boxes::zip(&word),
        ),
        ("application/msword", "letter.doc", boxes::ole("WordDocument")),
        ("application/pdf", "offer.pdf", b"%PDF-1.7\n%\xE2\xE3\n".to_vec()),
        ("text/plain", "letter.txt", "Grüße".as_bytes().to_vec()),
        ("text/csv", "prices.csv", b"cup;12\nbowl;20\n".to_vec()),
        ("text/calendar", "visit.ics", b"BEGIN:VCALENDAR\r\n".to_vec()),
        ("text/vcard", "ana.vcf", b"BEGIN:VCARD\r\n".to_vec()),
        ("application/json", "a.json", b"{\"a\": \"<script>\"}".to_vec()),
    ]
}
