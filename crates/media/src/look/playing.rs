//! How long a sound or a film plays, from its headers.

use std::io::{Read, Seek, SeekFrom};

/// What plays longer than a day is a lie.
const LONGEST_MS: u64 = 24 * 60 * 60 * 1000;
/// How many boxes or chunks are looked at.
const PARTS: usize = 1000;
/// Where the last page of an Ogg file is looked for: a page has 64 KiB at most.
const LAST_PAGE: u64 = 66 * 1024;

/// Returns how long a file plays in milliseconds; `None` when its headers do not say.
pub(super) fn duration_ms(mut file: impl Read + Seek, mime: &str) -> Option<u64> {
    let duration = match mime {
        "audio/ogg" => ogg(&mut file),
        "audio/wav" => wav(&mut file),
        "video/mp4" | "audio/mp4" | "video/3gpp" | "video/quicktime" => mp4(&mut file),
        _ => None,
    }?;
    (duration <= LONGEST_MS).then_some(duration)
}

fn bytes<const COUNT: usize>(file: &mut impl Read) -> Option<[u8; COUNT]> {
    let mut bytes = [0; COUNT];
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}

/// `part / rate` seconds in milliseconds.
fn milliseconds(part: u64, rate: u64) -> Option<u64> {
    u64::try_from(u128::from(part) * 1000 / u128::from(rate).max(1))
        .ok()
        .filter(|_| rate > 0)
}

/// The position of the last page, less what the decoder leaves out at the beginning (RFC 7845, section 4; Vorbis I,
/// section A.2).
fn ogg(file: &mut (impl Read + Seek)) -> Option<u64> {
    let mut start = Vec::new();
    file.take(512).read_to_end(&mut start).ok()?;
    let serial: [u8; 4] = start.get(14..18)?.try_into().ok()?;
    let packet = start.get(27 + usize::from(*start.get(26)?)..)?;
    let (rate, skipped) = if packet.starts_with(b"OpusHead") {
        (48_000, u16::from_le_bytes(packet.get(10..12)?.try_into().ok()?))
    } else if packet.starts_with(b"\x01vorbis") {
        (u32::from_le_bytes(packet.get(12..16)?.try_into().ok()?), 0)
    } else {
        return None;
    };
    let size = file.seek(SeekFrom::End(0)).ok()?;
    file.seek(SeekFrom::Start(size.saturating_sub(LAST_PAGE))).ok()?;
    let mut end = Vec::new();
    file.take(LAST_PAGE).read_to_end(&mut end).ok()?;
    let position = end
        .windows(27)
        .rev()
        .filter(|page| page.starts_with(b"OggS\0") && page.get(14..18) == Some(&serial))
        .find_map(|page| {
            let position = u64::from_le_bytes(page.get(6..14)?.try_into().ok()?);
            // A page on which no packet ends has no position.
            (position != u64::MAX).then_some(position)
        })?;
    milliseconds(position.saturating_sub(u64::from(skipped)), u64::from(rate))
}

/// The data's size over the bytes of a second.
fn wav(file: &mut (impl Read + Seek)) -> Option<u64> {
    let size = file.seek(SeekFrom::End(0)).ok()?;
    file.seek(SeekFrom::Start(12)).ok()?;
    let mut rate = None;
    for _ in 0..PARTS {
        let name: [u8; 4] = bytes(file)?;
        let length = u64::from(u32::from_le_bytes(bytes(file)?));
        let here = file.stream_position().ok()?;
        match &name {
            b"fmt " => {
                let format: [u8; 12] = bytes(file)?;
                rate = Some(u32::from_le_bytes(format.get(8..12)?.try_into().ok()?));
            }
            // Recorders that were cut off leave a length that is none.
            b"data" => return milliseconds(length.min(size.saturating_sub(here)), u64::from(rate?)),
            _ => {}
        }
        file.seek(SeekFrom::Start(here.checked_add(length + (length & 1))?))
            .ok()?;
    }
    None
}

/// The movie header in the movie box (ISO/IEC 14496-12, sections 4.2 and 8.2.2).
fn mp4(file: &mut (impl Read + Seek)) -> Option<u64> {
    let size = file.seek(SeekFrom::End(0)).ok()?;
    let (movie, movie_end) = find_box(file, 0, size, *b"moov")?;
    let (header, _) = find_box(file, movie, movie_end, *b"mvhd")?;
    file.seek(SeekFrom::Start(header)).ok()?;
    let [version, ..] = bytes::<4>(file)?;
    let (scale, duration) = if version == 1 {
        let _made_and_changed: [u8; 16] = bytes(file)?;
        (u32::from_be_bytes(bytes(file)?), u64::from_be_bytes(bytes(file)?))
    } else {
        let _made_and_changed: [u8; 8] = bytes(file)?;
        let scale = u32::from_be_bytes(bytes(file)?);
        let duration = u32::from_be_bytes(bytes(file)?);
        (
            scale,
            if duration == u32::MAX {
                u64::MAX
            } else {
                u64::from(duration)
            },
        )
    };
    // All ones, and none at all in a film that comes in fragments: not known.
    (duration != u64::MAX && duration != 0).then_some(())?;
    milliseconds(duration, u64::from(scale))
}

/// Returns where the content of the first box of this name begins and ends.
fn find_box(file: &mut (impl Read + Seek), from: u64, end: u64, wanted: [u8; 4]) -> Option<(u64, u64)> {
    let mut place = from;
    for _ in 0..PARTS {
        if place >= end {
            return None;
        }
        file.seek(SeekFrom::Start(place)).ok()?;
        let short = u64::from(u32::from_be_bytes(bytes(file)?));
        let name: [u8; 4] = bytes(file)?;
        let (header, length) = match short {
            0 => (8, end - place),
            1 => (16, u64::from_be_bytes(bytes(file)?)),
            length => (8, length),
        };
        let next = place
            .checked_add(length)
            .filter(|next| *next <= end && length >= header)?;
        if name == wanted {
            return Some((place + header, next));
        }
        place = next;
    }
    None
}
