//! PNG: a row of chunks (PNG, third edition, section 5).

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1A\n";

/// Chunks that say how the picture looks. All others that a reader may skip are left out, also those nobody knows.
const KEPT: &[&[u8; 4]] = &[
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV",
    b"cLLI", b"sBIT", b"bKGD", b"hIST", b"sPLT", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// Returns the picture without what is not needed to show it; `None` when it is broken.
pub(super) fn clean(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(SIGNATURE)?;
    let mut clean = SIGNATURE.to_vec();
    let mut seen_data = false;
    for index in 0_usize.. {
        let length = u32::from_be_bytes(*rest.first_chunk::<4>()?);
        let whole = usize::try_from(length).ok()?.checked_add(12)?;
        let (chunk, after) = rest.split_at_checked(whole)?;
        let name: &[u8; 4] = chunk.get(4..8)?.first_chunk()?;
        if (index == 0) != (name == b"IHDR") {
            return None;
        }
        let may_be_skipped = name[0] & 0x20 != 0;
        if KEPT.contains(&name) {
            clean.extend_from_slice(chunk);
        } else if !may_be_skipped {
            return None;
        }
        seen_data |= name == b"IDAT";
        if name == b"IEND" {
            return seen_data.then_some(clean);
        }
        rest = after;
    }
    None
}
