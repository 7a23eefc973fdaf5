//! JPEG: segments, each behind a marker, and the picture's data between them (ITU-T T.81, annex B).

/// Returns the picture without what is not needed to show it; `None` when it is broken.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(b"\xFF\xD8")?;
    let mut clean = b"\xFF\xD8".to_vec();
    let mut orientation = None;
    let mut is_written = false;
    let mut seen_scan = false;
    loop {
        let (marker, after) = marker(rest)?;
        if marker == 0xD9 {
            // What hangs on behind the end - previews, films, maps of depth - is not part of the picture.
            clean.extend_from_slice(b"\xFF\xD9");
            return seen_scan.then_some(clean);
        }
        if matches!(marker, 0x01 | 0xD0..=0xD8) {
            return None;
        }
        let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
        let (segment, after) = after.split_at_checked(length)?;
        let content = segment.get(2..)?;
        rest = after;
        match marker {
            0xE1 if content.starts_with(b"Exif\0") && orientation.is_none() => {
                orientation = content.get(6..).and_then(orientation_of);
                continue;
            }
            0xE0..=0xEF | 0xFE => {
                if let Some(content) = kept(marker, content) {
                    write_segment(&mut clean, marker, &content);
                }
                continue;
            }
            _ => {}
        }
        // Every picture is the right way up before it begins.
        if !is_written {
            if let Some(turned) = orientation.filter(|turned| *turned != 1) {
                write_segment(&mut clean, 0xE1, &only_orientation(turned));
            }
            is_written = true;
        }
        write_segment(&mut clean, marker, content);
        if marker == 0xDA {
            seen_scan = true;
            let length = length_of_data(rest)?;
            let (data, after) = rest.split_at_checked(length)?;
            clean.extend_from_slice(data);
            rest = after;
        }
    }
}

/// Reads a marker, which may be filled up in front.
fn marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let mut rest = bytes.strip_prefix(b"\xFF")?;
    while let Some(after) = rest.strip_prefix(b"\xFF") {
        rest = after;
    }
    let (marker, after) = rest.split_first()?;
    (*marker != 0).then_some((*marker, after))
}

/// What stays of a segment that programs may write as they like: how colours are meant, nothing else.
fn kept(marker: u8, content: &[u8]) -> Option<Vec<u8>> {
    match marker {
        // JFIF without its preview: version, unit and density (ITU-T T.871, section 10.1).
        0xE0 if content.starts_with(b"JFIF\0") => {
            let mut bare = content.get(..12)?.to_vec();
            bare.extend_from_slice(&[0, 0]);
            Some(bare)
        }
        0xE2 if content.starts_with(b"ICC_PROFILE\0") => Some(content.to_vec()),
        // Says whether the colours are turned around; without it a CMYK picture becomes a negative.
        0xEE if content.starts_with(b"Adobe") => Some(content.get(..12)?.to_vec()),
        _ => None,
    }
}

fn write_segment(clean: &mut Vec<u8>, marker: u8, content: &[u8]) {
    clean.extend_from_slice(&[0xFF, marker]);
    let length = u16::try_from(content.len() + 2).unwrap_or(u16::MAX);
    clean.extend_from_slice(&length.to_be_bytes());
    clean.extend_from_slice(content);
}

/// How far the data of a scan goes: to the next marker that is no restart.
fn length_of_data(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(2)
        .position(|pair| matches!(pair, [0xFF, second] if !matches!(second, 0 | 0xD0..=0xD7 | 0xFF)))
}

/// Which way is up, 1 to 8 (Exif 3.0, section 4.6.5.1, tag 0x0112); the content begins at the TIFF header.
fn orientation_of(tiff: &[u8]) -> Option<u16> {
    let is_little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let short = |place: usize| -> Option<u16> {
        let pair: [u8; 2] = tiff.get(place..place.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little {
            u16::from_le_bytes(pair)
        } else {
            u16::from_be_bytes(pair)
        })
    };
    let long = |place: usize| -> Option<usize> {
        let (first, second) = (
            usize::from(short(place)?),
            usize::from(short(place.checked_add(2)?)?),
        );
        Some(if is_little {
            second << 16 | first
        } else {
            first << 16 | second
        })
    };
    let directory = long(4)?;
    let count = short(directory)?;
    (0..usize::from(count))
        .filter_map(|index| directory.checked_add(2 + index * 12))
        .find(|entry| short(*entry) == Some(0x0112))
        .and_then(|entry| short(entry.checked_add(8)?))
        .filter(|turned| (1..=8).contains(turned))
}

/// An EXIF block with one entry.
fn only_orientation(turned: u16) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01".to_vec();
    exif.extend_from_slice(&turned.to_be_bytes());
    exif.extend_from_slice(&[0, 0, 0, 0, 0, 0]);
    exif
}
