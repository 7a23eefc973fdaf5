//! What the bytes themselves say.

use super::{containers, traps};

/// What the beginning of a file shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// It is of the type with this ending in the table of types.
    Kind {
        extension: &'static str,
        /// Something in it runs, although files of this type usually run nothing.
        is_dangerous: bool,
    },
    /// An office document of the newer sort; which one did not show yet.
    Office,
    /// Text without a sign of what it is for.
    Text,
    /// Nothing that is known.
    Nothing,
}

/// A type that is told by what stands at its beginning.
pub(crate) fn plain(extension: &'static str) -> Evidence {
    Evidence::Kind {
        extension,
        is_dangerous: false,
    }
}

/// Beginnings that leave no doubt: (where, what, ending).
const BEGINNINGS: &[(usize, &[u8], &str)] = &[
    (0, b"\xFF\xD8\xFF", "jpg"),
    (0, b"\x89PNG\r\n\x1A\n", "png"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"II*\0", "tif"),
    (0, b"MM\0*", "tif"),
    (0, b"\0\0\x01\0", "ico"),
    (0, b"8BPS", "psd"),
    (0, b"\0\0\0\x0CJXL \r\n\x87\n", "jxl"),
    (0, b"\xFF\x0A\xFA", "jxl"),
    (0, b"%PDF-", "pdf"),
    (0, b"#!AMR", "amr"),
    (0, b"fLaC", "flac"),
    (0, b"ID3", "mp3"),
    (0, b"MThd", "mid"),
    (0, b"caff", "caf"),
    (0, b"FLV\x01", "flv"),
    (0, b"\0\0\x01\xBA", "mpg"),
    (0, b"\0\0\x01\xB3", "mpg"),
    (0, b"\x30\x26\xB2\x75\x8E\x66\xCF\x11", "wmv"),
    (0, b"Rar!\x1A\x07", "rar"),
    (0, b"7z\xBC\xAF\x27\x1C", "7z"),
    (0, b"\x1F\x8B\x08", "gz"),
    (0, b"BZh", "bz2"),
    (0, b"\xFD7zXZ\0", "xz"),
    (0, b"\x28\xB5\x2F\xFD", "zst"),
    (257, b"ustar", "tar"),
    (0, b"MSCF\0\0\0\0", "cab"),
    (0, b"wOFF", "woff"),
    (0, b"wOF2", "woff2"),
    (0, b"SQLite format 3\0", "sqlite"),
    // Programs.
    (0, b"\x7FELF", "elf"),
    (0, b"\xFE\xED\xFA\xCE", "app"),
    (0, b"\xFE\xED\xFA\xCF", "app"),
    (0, b"\xCE\xFA\xED\xFE", "app"),
    (0, b"\xCF\xFA\xED\xFE", "app"),
    (0, b"\xCA\xFE\xBA\xBE", "class"),
    (0, b"\xCA\xFE\xD0\x0D", "class"),
    (0, b"dex\n", "dex"),
    (0, b"\0asm", "wasm"),
    (0, b"L\0\0\0\x01\x14\x02\0", "lnk"),
    (0, b"xar!", "pkg"),
    (0, b"!<arch>\ndebian", "deb"),
    (0, b"\xED\xAB\xEE\xDB", "rpm"),
    (0, b"Cr24", "crx"),
    (0, b"ITSF", "chm"),
    (0, b"FWS", "swf"),
    (0, b"CWS", "swf"),
    (0, b"ZWS", "swf"),
    (0, b"FasdUAS ", "scpt"),
    (0, b"\0\x01\0\0Standard", "accdb"),
    (0, b"vhdxfile", "vhdx"),
    (0, b"conectix", "vhd"),
    (0x8001, b"CD001", "iso"),
];

/// Looks at the beginning of a file. Never panics, whatever the bytes.
pub(crate) fn evidence(head: &[u8]) -> Evidence {
    if is_program_of_windows(head) {
        return plain("exe");
    }
    if let Some((.., extension)) = BEGINNINGS
        .iter()
        .find(|(place, bytes, _)| stands_at(head, *place, bytes) && !is_words(head, bytes))
    {
        return plain(extension);
    }
    if let Some(found) = containers::evidence(head) {
        return found;
    }
    if let Some(extension) = traps::trap(head) {
        return plain(extension);
    }
    if head.starts_with(b"{\\rtf") {
        let runs = [&b"\\objdata"[..], b"\\objupdate", b"\\objocx"];
        return Evidence::Kind {
            extension: "rtf",
            is_dangerous: runs.iter().any(|word| contains(head, word)),
        };
    }
    if stands_at(head, 0, b"BM") && stands_at(head, 6, &[0; 4]) {
        return plain("bmp");
    }
    if let Some(extension) = sound_without_a_beginning(head) {
        return plain(extension);
    }
    // Readers of PDF accept it within the first kilobyte.
    if contains(head.get(..1024).unwrap_or(head), b"%PDF-") {
        return plain("pdf");
    }
    if traps::plain_text(head).is_some_and(|text| !text.is_empty()) {
        return Evidence::Text;
    }
    Evidence::Nothing
}

/// A beginning made of letters may also be the first word of a letter to the shop.
fn is_words(head: &[u8], beginning: &[u8]) -> bool {
    let letters = beginning.iter().all(u8::is_ascii_alphanumeric);
    letters && head.len() > beginning.len() && traps::plain_text(head).is_some()
}

/// `MZ`, and not just two letters at the start of a text: the header holds an address of four bytes, of which at
/// least one is zero.
fn is_program_of_windows(head: &[u8]) -> bool {
    (head.starts_with(b"MZ") || head.starts_with(b"ZM"))
        && (head.len() < 3 || traps::plain_text(head).is_none())
}

/// MP3 and AAC begin with a frame like any other: the same sign has to stand where the frame says it ends.
fn sound_without_a_beginning(head: &[u8]) -> Option<&'static str> {
    let &[0xFF, second, third, fourth, fifth, sixth, ..] = head else {
        // A transport stream has its sign every 188 bytes.
        let every = |count: usize| (0..count).all(|packet| head.get(packet * 188) == Some(&0x47));
        return (head.len() > 188 * 4 && every(5)).then_some("ts");
    };
    if second & 0xF6 == 0xF0 {
        let length = (usize::from(fourth & 3) << 11) | (usize::from(fifth) << 3) | usize::from(sixth >> 5);
        let next = head.get(length..).filter(|_| length > 7);
        return next
            .is_some_and(|rest| matches!(rest, [] | [0xFF] | [0xFF, 0xF0..=0xFF, ..]))
            .then_some("aac");
    }
    let length = mp3_frame_length(second, third)?;
    match head.get(length..) {
        None | Some([] | [0xFF]) => Some("mp3"),
        Some([0xFF, again, ..]) if again & 0xFE == second & 0xFE => Some("mp3"),
        _ => None,
    }
}

/// Bytes of a frame of MPEG audio, layer II or III.
fn mp3_frame_length(second: u8, third: u8) -> Option<usize> {
    const LAYER_3: [u32; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const LAYER_2: [u32; 14] = [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
    const LOW: [u32; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    if second & 0xE0 != 0xE0 {
        return None;
    }
    let version = (second >> 3) & 3;
    let layer = (second >> 1) & 3;
    let rate = [44_100_u32, 48_000, 32_000].get(usize::from((third >> 2) & 3))?;
    let (table, rate, samples) = match (version, layer) {
        (3, 1) => (LAYER_3, *rate, 144),
        (3, 2) => (LAYER_2, *rate, 144),
        (2, 1) => (LOW, rate / 2, 72),
        (0, 1) => (LOW, rate / 4, 72),
        (2, 2) => (LOW, rate / 2, 144),
        (0, 2) => (LOW, rate / 4, 144),
        _ => return None,
    };
    let kilobits = table.get(usize::from(third >> 4).checked_sub(1)?)?;
    let padding = u32::from((third >> 1) & 1);
    usize::try_from(samples * kilobits * 1000 / rate + padding).ok()
}

/// Whether `bytes` stand at `place`.
pub(crate) fn stands_at(head: &[u8], place: usize, bytes: &[u8]) -> bool {
    head.get(place..).is_some_and(|rest| rest.starts_with(bytes))
}

/// Whether `bytes` stand anywhere.
pub(crate) fn contains(head: &[u8], bytes: &[u8]) -> bool {
    !bytes.is_empty() && head.windows(bytes.len()).any(|window| window == bytes)
}
