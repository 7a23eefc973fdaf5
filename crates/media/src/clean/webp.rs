//! WebP: chunks in a RIFF box (RFC 9649, section 2).

/// Chunks that say how the picture looks.
const KEPT: &[&[u8; 4]] = &[b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];

/// Flags of the extended header that announce EXIF and XMP.
const ANNOUNCED: u8 = 0x08 | 0x04;

/// Returns the picture without what is not needed to show it; `None` when it is broken.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let rest = bytes.strip_prefix(b"RIFF")?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    // What hangs on behind the box is not part of the picture.
    let content = rest.get(..usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
    let mut rest = content.strip_prefix(b"WEBP")?;
    let mut kept = b"WEBP".to_vec();
    let mut seen_picture = false;
    while let Some((name, after)) = rest.split_first_chunk::<4>() {
        let (length, after) = after.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (content, after) = after.split_at_checked(length)?;
        // Filled up to an even length; at the very end some programs forget it.
        rest = if length % 2 == 1 {
            after.get(1..).unwrap_or_default()
        } else {
            after
        };
        if !KEPT.contains(&name) {
            continue;
        }
        kept.extend_from_slice(name);
        kept.extend_from_slice(&u32::try_from(length).ok()?.to_le_bytes());
        if name == b"VP8X" {
            let (flags, others) = content.split_first()?;
            kept.push(flags & !ANNOUNCED);
            kept.extend_from_slice(others);
        } else {
            kept.extend_from_slice(content);
        }
        if length % 2 == 1 {
            kept.push(0);
        }
        seen_picture |= matches!(name, b"VP8 " | b"VP8L" | b"ANMF");
    }
    if !seen_picture || !rest.is_empty() {
        return None;
    }
    let mut clean = b"RIFF".to_vec();
    clean.extend_from_slice(&u32::try_from(kept.len()).ok()?.to_le_bytes());
    clean.extend_from_slice(&kept);
    Some(clean)
}
