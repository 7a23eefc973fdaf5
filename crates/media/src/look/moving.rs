//! Whether a picture moves, and whether it comes in passes: found by walking over its parts without opening it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use image::ImageFormat;

/// How many parts are looked at before the answer is no.
const PARTS: usize = 100_000;

/// Whether more than one moment is in the picture.
pub(super) fn is_animated(mut file: impl BufRead + Seek, format: ImageFormat) -> bool {
    match format {
        ImageFormat::Gif => gif(&mut file),
        ImageFormat::Png => png(&mut file),
        ImageFormat::WebP => webp(&mut file),
        _ => None,
    }
    .unwrap_or(false)
}

fn bytes<const COUNT: usize>(file: &mut impl Read) -> Option<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

fn skip(file: &mut impl Seek, count: u64) -> Option<()> {
    file.seek_relative(i64::try_from(count).ok()?).ok()
}

/// Two pictures in one file (`GIF89a`, sections 18 to 26).
fn gif(file: &mut (impl BufRead + Seek)) -> Option<bool> {
    let header: [u8; 13] = bytes(file)?;
    let skip_colours = |file: &mut _, flags: u8| {
        if flags & 0x80 == 0 {
            Some(())
        } else {
            skip(file, 3 << ((flags & 7) + 1))
        }
    };
    skip_colours(file, header[10])?;
    let mut pictures = 0;
    for _ in 0..PARTS {
        match bytes::<1>(file)? {
            [0x21] => skip(file, 1)?,
            [0x2C] => {
                pictures += 1;
                if pictures == 2 {
                    return Some(true);
                }
                let descriptor: [u8; 9] = bytes(file)?;
                skip_colours(file, descriptor[8])?;
                skip(file, 1)?;
            }
            _ => return Some(false),
        }
        for _ in 0..PARTS {
            match bytes::<1>(file)? {
                [0] => break,
                [length] => skip(file, u64::from(length))?,
            }
        }
    }
    Some(false)
}

/// A control of the animation in front of the picture (PNG, third edition, section 11.3.6).
fn png(file: &mut (impl BufRead + Seek)) -> Option<bool> {
    skip(file, 8)?;
    for _ in 0..PARTS {
        let length = u32::from_be_bytes(bytes(file)?);
        match &bytes::<4>(file)? {
            b"acTL" => return Some(u32::from_be_bytes(bytes(file)?) > 1),
            b"IDAT" | b"IEND" => return Some(false),
            _ => skip(file, u64::from(length) + 4)?,
        }
    }
    Some(false)
}

/// The flag of the extended header (RFC 9649, section 2.7).
fn webp(file: &mut (impl BufRead + Seek)) -> Option<bool> {
    let header: [u8; 21] = bytes(file)?;
    Some(header.get(12..16)? == b"VP8X" && header[20] & 2 != 0)
}

/// Whether a JPEG comes in several passes: the marker of its frame says so (ITU-T T.81, table B.1).
pub(super) fn is_progressive(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    frame_of_jpeg(&mut BufReader::new(file)).is_some_and(|(marker, _)| marker == 0xC2)
}

/// The marker of a JPEG's frame, and how many components it has.
pub(crate) fn frame_of_jpeg(file: &mut (impl BufRead + Seek)) -> Option<(u8, u8)> {
    file.seek(SeekFrom::Start(2)).ok()?;
    for _ in 0..PARTS {
        let [0xFF] = bytes::<1>(file)? else { return None };
        let mut marker = 0xFF;
        while marker == 0xFF {
            [marker] = bytes(file)?;
        }
        match marker {
            0xD8 | 0x01 | 0xD0..=0xD7 => {}
            0xDA | 0xD9 => return None,
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let frame: [u8; 8] = bytes(file)?;
                return Some((marker, frame[7]));
            }
            _ => {
                let length = u64::from(u16::from_be_bytes(bytes(file)?));
                skip(file, length.checked_sub(2)?)?;
            }
        }
    }
    None
}
