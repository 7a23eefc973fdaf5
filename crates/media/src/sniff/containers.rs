//! Types that are boxes for other things: ZIP, OLE, RIFF, MP4, Matroska, Ogg.

use super::bytes::{Evidence, contains, plain, stands_at};

/// Looks into a box; `None` when it is none.
pub(crate) fn evidence(head: &[u8]) -> Option<Evidence> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") || head.starts_with(b"PK\x07\x08PK")
    {
        return Some(zip(&local_names(head), mimetype(head)));
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Some(ole(head));
    }
    if head.starts_with(b"RIFF") || head.starts_with(b"RIFX") || head.starts_with(b"RF64") {
        return match head.get(8..12)? {
            b"WEBP" => Some(plain("webp")),
            b"WAVE" => Some(plain("wav")),
            b"AVI " => Some(plain("avi")),
            _ => None,
        };
    }
    if head.starts_with(b"FORM") && matches!(head.get(8..12), Some(b"AIFF" | b"AIFC")) {
        return Some(plain("aiff"));
    }
    if head.starts_with(b"OggS") {
        return Some(plain(match head.get(..512).unwrap_or(head) {
            start if contains(start, b"OpusHead") => "ogg",
            start if contains(start, b"theora") => "ogv",
            _ => "oga",
        }));
    }
    if head.starts_with(b"\x1A\x45\xDF\xA3") {
        let start = head.get(..256).unwrap_or(head);
        return Some(plain(if contains(start, b"webm") { "webm" } else { "mkv" }));
    }
    match (head.get(4..8)?, head.get(8..12)) {
        (b"ftyp", Some(brand)) => Some(plain(match brand {
            b"M4A " | b"M4B " | b"M4P " => "m4a",
            b"qt  " => "mov",
            b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" => "heic",
            b"avif" | b"avis" => "avif",
            [b'3', b'g', b'p' | b'2' | b'r' | b's', _] => "3gp",
            _ => "mp4",
        })),
        // Films of before QuickTime had brands.
        (b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot", _) if head.first() == Some(&0) => {
            Some(plain("mov"))
        }
        _ => None,
    }
}

/// What the names of the things in a ZIP say.
pub(crate) fn zip(names: &[String], mimetype: Option<&'static str>) -> Evidence {
    let any = |test: &dyn Fn(&str) -> bool| names.iter().any(|name| test(name));
    let within = |folder: &'static str| any(&|name| name.starts_with(folder));
    if any(&|name| name == "androidmanifest.xml" || name == "classes.dex") {
        return plain("apk");
    }
    if any(&|name| name == "appxmanifest.xml") {
        return plain("appx");
    }
    let office = match () {
        () if within("word/") => Some("docx"),
        () if any(&|name| name == "xl/workbook.bin") => Some("xlsb"),
        () if within("xl/") => Some("xlsx"),
        () if within("ppt/") => Some("pptx"),
        () if within("visio/") => Some("vsdx"),
        () if any(&|name| name.contains(".fdseq")) => Some("xps"),
        () => None,
    };
    let types = any(&|name| name == "[content_types].xml");
    if any(&|name| name.ends_with("vbaproject.bin") || name.ends_with("vbadata.xml")) {
        return plain(match office {
            Some("xlsx") => "xlsm",
            Some("xlsb") => "xlsb",
            Some("pptx") => "pptm",
            _ => "docm",
        });
    }
    if let Some(extension) = office.filter(|_| types) {
        // Things packed into a document start on a double click, too.
        let runs = any(&|name| name.contains("/embeddings/") && name.ends_with("oleobject1.bin"))
            || any(&|name| name.contains("/activex/"));
        return Evidence::Kind {
            extension,
            is_dangerous: runs,
        };
    }
    if let Some(extension) = mimetype {
        let runs = any(&|name| name.starts_with("basic/") || name.starts_with("scripts/"));
        return Evidence::Kind {
            extension,
            is_dangerous: runs,
        };
    }
    if any(&|name| name == "meta-inf/manifest.mf") {
        return plain("jar");
    }
    // Some programs write the list of types last, where only the contents show it.
    if types || office.is_some() {
        return Evidence::Office;
    }
    if any(&|name| name == "doc.kml") {
        return plain("kmz");
    }
    if any(&|name| name == "pass.json") {
        return plain("pkpass");
    }
    plain("zip")
}

/// What an open document may say it is.
const TYPES: &[(&[u8], &str)] = &[
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"application/vnd.oasis.opendocument.presentation", "odp"),
    (b"application/vnd.oasis.opendocument.graphics", "odg"),
    (b"application/epub+zip", "epub"),
];

/// What an open document says it is: the first thing in its ZIP, not compressed.
fn mimetype(head: &[u8]) -> Option<&'static str> {
    if !stands_at(head, 30, b"mimetype") {
        return None;
    }
    let content = head.get(38..)?;
    TYPES
        .iter()
        .find(|(mime, _)| content.starts_with(mime))
        .map(|(_, extension)| *extension)
}

/// The names in the headers that stand before each file of a ZIP, in lower case; found by their sign, since the
/// lengths in between may be missing or lie.
fn local_names(head: &[u8]) -> Vec<String> {
    names_behind(head, *b"PK\x03\x04", 26, 30)
}

/// The names in the list of contents at the end of a ZIP, in lower case.
pub(crate) fn listed_names(tail: &[u8]) -> Vec<String> {
    names_behind(tail, *b"PK\x01\x02", 28, 46)
}

/// At most this many names of a ZIP are read.
const MANY_NAMES: usize = 20_000;

fn names_behind(bytes: &[u8], sign: [u8; 4], length_at: usize, name_at: usize) -> Vec<String> {
    let mut names = Vec::new();
    for (place, window) in bytes.windows(4).enumerate() {
        if window != sign || names.len() >= MANY_NAMES {
            continue;
        }
        let Some(header) = bytes.get(place..) else {
            continue;
        };
        let Some(&[low, high]) = header.get(length_at..length_at + 2) else {
            continue;
        };
        let length = usize::from(u16::from_le_bytes([low, high]));
        if let Some(name) = header.get(name_at..name_at + length) {
            names.push(
                String::from_utf8_lossy(name)
                    .replace('\\', "/")
                    .to_ascii_lowercase(),
            );
        }
    }
    names
}

/// The class of an installer's root folder, {000C1084-0000-0000-C000-000000000046}, and of its patches.
const INSTALLERS: [&[u8]; 3] = [
    b"\x84\x10\x0C\0\0\0\0\0\xC0\0\0\0\0\0\0\x46",
    b"\x86\x10\x0C\0\0\0\0\0\xC0\0\0\0\0\0\0\x46",
    b"\x82\x10\x0C\0\0\0\0\0\xC0\0\0\0\0\0\0\x46",
];

/// What the folder names in a box of the older office say. The folder may lie anywhere in the file.
pub(crate) fn ole(bytes: &[u8]) -> Evidence {
    if INSTALLERS.iter().any(|class| contains(bytes, class)) {
        return plain("msi");
    }
    let named = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        contains(bytes, &wide)
    };
    let extension = match () {
        () if named("WordDocument") => "doc",
        () if named("PowerPoint Document") => "ppt",
        () if named("Workbook") => "xls",
        () if named("VisioDocument") => "vsd",
        () if named("__nameid_version1.0") || named("__substg1.0_") => "msg",
        () => "ole",
    };
    let runs = ["_VBA_PROJECT", "Macros", "Ole10Native", "_VBA_PROJECT_CUR"];
    Evidence::Kind {
        extension,
        is_dangerous: runs.into_iter().any(named),
    }
}

/// What the contents of a ZIP say, which stand at its end, together with its beginning.
pub(crate) fn with_contents(so_far: Evidence, head: &[u8], tail: &[u8]) -> Evidence {
    let listed = listed_names(tail);
    if listed.is_empty() {
        return so_far;
    }
    // Both: a reader may go by either.
    let names: Vec<String> = local_names(head).into_iter().chain(listed).collect();
    zip(&names, mimetype(head))
}

/// Where the folder of an OLE box begins, in bytes from its start; `None` when this is none.
pub(crate) fn ole_folder(head: &[u8]) -> Option<u64> {
    if !head.starts_with(b"\xD0\xCF\x11\xE0") {
        return None;
    }
    let shift = u16::from_le_bytes(head.get(30..32)?.try_into().ok()?);
    let sector = u32::from_le_bytes(head.get(48..52)?.try_into().ok()?);
    let size = 1_u64
        .checked_shl(u32::from(shift))
        .filter(|size| (128..=4096).contains(size))?;
    (u64::from(sector) + 1).checked_mul(size)
}
