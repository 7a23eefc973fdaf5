//! What a file looks like: its size on screen, how long it plays, a small picture of it.

mod moving;
mod playing;

pub(crate) use moving::frame_of_jpeg;

use std::fs::File;
use std::io::{BufReader, Cursor};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};

use crate::sniff::{Family, Sniffed};

/// The longest side of a small picture, in pixels: what a conversation shows, on a screen with double density.
const SMALL: u32 = 640;
/// Pictures of more pixels are not opened.
const PIXELS: u64 = 50_000_000;
/// A picture that needs more memory is not opened, in bytes.
const MEMORY: u64 = 256 * 1024 * 1024;
/// Larger files are not opened as pictures, in bytes.
const FILE: u64 = 64 * 1024 * 1024;

/// What a file looks like. What it does not have, or what could not be read, is not there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// Pixels from left to right, as it is meant to be seen.
    pub width: Option<u32>,
    /// Pixels from top to bottom, as it is meant to be seen.
    pub height: Option<u32>,
    /// How long it plays, in milliseconds.
    pub duration_ms: Option<u64>,
    /// Whether the picture moves.
    pub animated: bool,
    /// A small picture of it.
    pub thumbnail: Option<Thumbnail>,
}

/// A small picture, made anew from the pixels: nothing of the file it shows is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnail {
    /// The picture file.
    pub bytes: Vec<u8>,
    /// Its media type: `image/jpeg`, or `image/png` where something shines through.
    pub mime: &'static str,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// Looks at a file. A file that lies about itself, or would need too much memory, only has less of a [`Look`].
pub fn look(path: &Path, sniffed: &Sniffed) -> Look {
    match sniffed.family {
        Family::Image => picture(path, sniffed).unwrap_or_default(),
        Family::Audio | Family::Video => Look {
            duration_ms: File::open(path)
                .ok()
                .and_then(|file| playing::duration_ms(BufReader::new(file), &sniffed.mime)),
            ..Look::default()
        },
        _ => Look::default(),
    }
}

fn picture(path: &Path, sniffed: &Sniffed) -> Option<Look> {
    let format = format_of(&sniffed.mime)?;
    let file = File::open(path).ok()?;
    if file.metadata().ok()?.len() > FILE {
        return None;
    }
    let mut look = Look {
        animated: moving::is_animated(BufReader::new(file), format),
        ..Look::default()
    };
    let measured = guarded(|| measure(path, format))?;
    (look.width, look.height) = (Some(measured.width), Some(measured.height));
    if measured.can_be_opened {
        look.thumbnail = guarded(|| open(path, format)).and_then(|image| guarded(|| thumbnail(&image)));
    }
    Some(look)
}

pub(crate) fn format_of(mime: &str) -> Option<ImageFormat> {
    match mime {
        "image/jpeg" => Some(ImageFormat::Jpeg),
        "image/png" => Some(ImageFormat::Png),
        "image/gif" => Some(ImageFormat::Gif),
        "image/webp" => Some(ImageFormat::WebP),
        _ => None,
    }
}

/// Codecs meet what strangers made. Should one of them fall over, the file has no picture, and that is all.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok().flatten()
}

struct Measured {
    width: u32,
    height: u32,
    can_be_opened: bool,
}

/// Reads the header and nothing more.
fn measure(path: &Path, format: ImageFormat) -> Option<Measured> {
    let mut decoder = decoder(path, format)?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return None;
    }
    let pixels = u64::from(width) * u64::from(height);
    // A picture that comes in several passes is kept as coefficients until the last of them.
    let per_pixel = match format {
        ImageFormat::Jpeg if moving::is_progressive(path) => 9,
        ImageFormat::WebP => 8,
        _ => 4,
    };
    let needed = decoder.total_bytes().max(pixels.saturating_mul(per_pixel));
    let can_be_opened = pixels <= PIXELS && needed <= MEMORY;
    let turned = can_be_opened && decoder.orientation().is_ok_and(is_on_its_side);
    let (width, height) = if turned { (height, width) } else { (width, height) };
    Some(Measured {
        width,
        height,
        can_be_opened,
    })
}

/// Whether a picture is within the bounds, by its header. Call through [`guarded`].
pub(crate) fn can_be_opened(path: &Path, format: ImageFormat) -> bool {
    measure(path, format).is_some_and(|measured| measured.can_be_opened)
}

fn is_on_its_side(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

fn decoder(path: &Path, format: ImageFormat) -> Option<impl ImageDecoder> {
    let file = BufReader::new(File::open(path).ok()?);
    let mut reader = ImageReader::with_format(file, format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    reader.into_decoder().ok()
}

/// Opens a picture the right way up; of one that moves, its first moment. Call through [`guarded`].
pub(crate) fn open(path: &Path, format: ImageFormat) -> Option<DynamicImage> {
    let measured = measure(path, format)?;
    if !measured.can_be_opened {
        return None;
    }
    let mut decoder = decoder(path, format)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    image.apply_orientation(orientation);
    Some(image)
}

fn thumbnail(image: &DynamicImage) -> Option<Thumbnail> {
    let small = if image.width() > SMALL || image.height() > SMALL {
        image.thumbnail(SMALL, SMALL)
    } else {
        image.clone()
    };
    let (width, height) = (small.width(), small.height());
    let mut bytes = Cursor::new(Vec::new());
    let mime = if shines_through(&small) {
        DynamicImage::ImageRgba8(small.to_rgba8())
            .write_to(&mut bytes, ImageFormat::Png)
            .ok()?;
        "image/png"
    } else {
        JpegEncoder::new_with_quality(&mut bytes, 80)
            .encode_image(&small.to_rgb8())
            .ok()?;
        "image/jpeg"
    };
    Some(Thumbnail {
        bytes: bytes.into_inner(),
        mime,
        width,
        height,
    })
}

pub(crate) fn shines_through(image: &DynamicImage) -> bool {
    image.color().has_alpha() && image.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255)
}
