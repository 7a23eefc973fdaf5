//! Pictures, films, papers and sounds that customers of the demo send. All of them are drawn here, the same on every
//! run; only the voice note is a file, made by `examples/voice_note.rs`.

mod canvas;
mod paper;
mod scenes;
mod sticker;

use std::io::Cursor;
use std::sync::OnceLock;

use bytes::Bytes;
use image::{ExtendedColorType, ImageEncoder as _};

pub use scenes::Scene;

/// A film of three seconds, our own drawing: H.264 (baseline) in MP4, without sound.
static FILM: &[u8] = include_bytes!("../assets/film.mp4");

/// A voice note of five seconds: mono Opus in Ogg.
static VOICE: &[u8] = include_bytes!("../assets/voice.ogg");

/// The MIME type of [`voice`].
pub const VOICE_TYPE: &str = "audio/ogg; codecs=opus";

/// A voice note of five seconds.
pub fn voice() -> Bytes {
    Bytes::from_static(VOICE)
}

/// Each photograph, once drawn.
static PHOTOS: [OnceLock<Bytes>; Scene::ALL.len()] = [const { OnceLock::new() }; Scene::ALL.len()];
static STICKER: OnceLock<Bytes> = OnceLock::new();
static WAVING: OnceLock<Bytes> = OnceLock::new();

/// A photograph of 640×480 as JPEG; empty only if the encoder fails, which no test has seen.
pub fn photo(scene: Scene) -> Bytes {
    let place = Scene::ALL.iter().position(|known| *known == scene);
    match place.and_then(|place| PHOTOS.get(place)) {
        Some(kept) => kept.get_or_init(|| develop(scene)).clone(),
        None => develop(scene),
    }
}

fn develop(scene: Scene) -> Bytes {
    let drawn = scenes::draw(scene, 640, 480);
    let mut file = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut file, 82);
    let written = encoder.write_image(drawn.pixels(), 640, 480, ExtendedColorType::Rgb8);
    finished(file, written.is_ok())
}

/// The same as PNG.
pub fn png(scene: Scene) -> Bytes {
    let drawn = scenes::draw(scene, 640, 480);
    let mut file = Cursor::new(Vec::new());
    let encoder = image::codecs::png::PngEncoder::new(&mut file);
    let written = encoder.write_image(drawn.pixels(), 640, 480, ExtendedColorType::Rgb8);
    finished(file.into_inner(), written.is_ok())
}

/// A still sticker of 512×512 as WebP.
pub fn sticker() -> Bytes {
    STICKER.get_or_init(|| Bytes::from(sticker::still())).clone()
}

/// A sticker that waves, as animated WebP.
pub fn animated_sticker() -> Bytes {
    WAVING.get_or_init(|| Bytes::from(sticker::animated())).clone()
}

/// Three seconds of a turning wheel: H.264 in MP4, without sound.
pub fn video() -> Bytes {
    Bytes::from_static(FILM)
}

/// A PDF of one page with these lines; the first is the heading.
pub fn pdf(lines: &[&str]) -> Bytes {
    Bytes::from(paper::pdf(lines))
}

fn finished(file: Vec<u8>, good: bool) -> Bytes {
    if good { Bytes::from(file) } else { Bytes::new() }
}
