//! Makes a photo fit for WhatsApp.

use std::fs::{self, File};
use std::io::{BufReader, Cursor};
use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::look::{can_be_opened, format_of, frame_of_jpeg, guarded, open, shines_through};
use crate::outbound::IMAGE_LIMIT;
use crate::sniff::Sniffed;

/// The longest side of a photo that is made anew, in pixels.
const LONGEST: u32 = 4096;

/// A photo made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitted {
    /// The picture file; nothing of the old one but its pixels.
    pub bytes: Vec<u8>,
    /// Its media type: `image/jpeg` or `image/png`.
    pub mime: &'static str,
}

/// A picture that cannot be made fit. It can still be sent as a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This picture cannot be opened, so it cannot be made fit for WhatsApp. Send it as a document.")]
pub struct FitError;

/// Returns a photo WhatsApp takes, or `None` when the file already is one: JPEG or PNG, 8 bits, RGB, at most 5 MB
/// (whatsapp-cloud-api, section 6). Colours that are not, other types and larger files are encoded anew, the longest
/// side at most 4096 pixels; what shines through becomes white.
pub fn fit_photo(path: &Path, sniffed: &Sniffed) -> Result<Option<Fitted>, FitError> {
    let format = format_of(&sniffed.mime).ok_or(FitError)?;
    let size = fs::metadata(path).map_err(|_| FitError)?.len();
    guarded(|| can_be_opened(path, format).then_some(())).ok_or(FitError)?;
    let is_plain = has_plain_colours(path, format);
    if is_plain && size <= IMAGE_LIMIT {
        return Ok(None);
    }
    guarded(|| {
        let image = open(path, format)?;
        // Drawings and screenshots stay sharp, if they are small enough.
        if format == ImageFormat::Png && !is_plain && image.width().max(image.height()) <= LONGEST {
            let mut bytes = Cursor::new(Vec::new());
            let plain = if shines_through(&image) {
                DynamicImage::ImageRgba8(image.to_rgba8())
            } else {
                DynamicImage::ImageRgb8(image.to_rgb8())
            };
            plain.write_to(&mut bytes, ImageFormat::Png).ok()?;
            let bytes = bytes.into_inner();
            if bytes.len() as u64 <= IMAGE_LIMIT {
                return Some(Fitted {
                    bytes,
                    mime: "image/png",
                });
            }
        }
        smaller_and_smaller(image)
    })
    .map(Some)
    .ok_or(FitError)
}

/// Encodes as JPEG until it fits, first worse, then smaller.
fn smaller_and_smaller(image: DynamicImage) -> Option<Fitted> {
    let mut longest = LONGEST;
    let mut photo = on_white(image);
    loop {
        if photo.width().max(photo.height()) > longest {
            photo = DynamicImage::ImageRgb8(photo)
                .resize(longest, longest, FilterType::Triangle)
                .into_rgb8();
        }
        for quality in [88, 78, 66] {
            let mut bytes = Vec::new();
            JpegEncoder::new_with_quality(&mut bytes, quality)
                .encode_image(&photo)
                .ok()?;
            if bytes.len() as u64 <= IMAGE_LIMIT {
                return Some(Fitted {
                    bytes,
                    mime: "image/jpeg",
                });
            }
        }
        longest = longest.checked_sub(1024).filter(|longest| *longest > 0)?;
    }
}

fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [red, green, blue, cover] = image.get_pixel(x, y).0;
        let mixed = |colour: u8| {
            let (colour, cover) = (u32::from(colour), u32::from(cover));
            u8::try_from((colour * cover + 255 * (255 - cover)) / 255).unwrap_or(u8::MAX)
        };
        Rgb([mixed(red), mixed(green), mixed(blue)])
    })
}

/// Whether the pixels are 8 bits of RGB or RGBA, by the header.
fn has_plain_colours(path: &Path, format: ImageFormat) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let mut file = BufReader::new(file);
    match format {
        ImageFormat::Jpeg => frame_of_jpeg(&mut file).is_some_and(|(_, components)| components == 3),
        ImageFormat::Png => {
            let mut header = [0; 26];
            let is_read = std::io::Read::read_exact(&mut file, &mut header).is_ok();
            // Depth, and colour type: RGB or RGBA (PNG, third edition, section 11.2.1).
            is_read && header[24] == 8 && matches!(header[25], 2 | 6)
        }
        _ => false,
    }
}
