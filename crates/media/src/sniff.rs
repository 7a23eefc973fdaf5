//! What a file is.
//!
//! Its bytes decide. What the sender calls it, and what the provider says it is, only choose between types the bytes
//! allow; but a name that promises a program is believed, because that is what a double click would make of it.

mod bytes;
mod containers;
mod kinds;
mod traps;

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use bytes::Evidence;
pub(crate) use kinds::{Told, by_extension, by_mime, is_same};

/// How much of a file's beginning [`sniff`] wants to see, in bytes. Less works, and is less sure.
pub const HEAD: usize = 8 * 1024;

/// How much of the end of a ZIP is read to see what lies in it.
const TAIL: u64 = 1024 * 1024;

/// What sort of thing a file is for the person at the desk: its icon, what it is called, what opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A sound file.
    Audio,
    /// Something to read: PDF, office, text.
    Document,
    /// A spreadsheet.
    Sheet,
    /// A presentation.
    Slides,
    /// A package of other files.
    Archive,
    /// Something that runs: a program, a script, an installer, a short cut, a disk image.
    Program,
    /// Something Deskbell does not know.
    Unknown,
}

impl Family {
    /// All values, in the order they are declared.
    pub const ALL: &'static [Self] = &[
        Self::Image,
        Self::Video,
        Self::Audio,
        Self::Document,
        Self::Sheet,
        Self::Slides,
        Self::Archive,
        Self::Program,
        Self::Unknown,
    ];

    /// Returns the stable spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Document => "document",
            Self::Sheet => "sheet",
            Self::Slides => "slides",
            Self::Archive => "archive",
            Self::Program => "program",
            Self::Unknown => "unknown",
        }
    }
}

impl std::fmt::Display for Family {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl std::str::FromStr for Family {
    type Err = domain::UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .find(|family| family.as_str() == word)
            .copied()
            .ok_or_else(|| domain::UnknownWord {
                word: word.chars().take(60).collect(),
                expected: Self::ALL
                    .iter()
                    .map(|family| family.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
            })
    }
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sniffed {
    /// Its media type, lower case, without parameters.
    pub mime: String,
    /// What sort of thing it is.
    pub family: Family,
    /// The ending its name should have, lower case, without the dot. `ogg` is Opus; other sounds in Ogg have `oga`.
    pub extension: String,
    /// Whether opening it may run something: programs, scripts, pages, short cuts, documents with macros, and
    /// whatever has a name that says so.
    pub is_dangerous: bool,
}

impl Sniffed {
    fn of(kind: kinds::Kind) -> Self {
        Self {
            mime: kind.mime.to_owned(),
            family: kind.family,
            extension: kind.extension.to_owned(),
            is_dangerous: kind.is_dangerous,
        }
    }

    fn nothing_known(extension: Option<String>) -> Self {
        Self {
            mime: "application/octet-stream".to_owned(),
            family: Family::Unknown,
            extension: extension.unwrap_or_else(|| "bin".to_owned()),
            is_dangerous: false,
        }
    }
}

/// Says what a file is from its beginning (best [`HEAD`] bytes of it), what the provider says it is, and its name.
///
/// Never panics. What lies in an archive shows only partly at its beginning: prefer [`sniff_file`] where there is a
/// file.
pub fn sniff(bytes_head: &[u8], claimed_mime: Option<&str>, file_name: Option<&str>) -> Sniffed {
    judge(bytes::evidence(bytes_head), claimed_mime, file_name)
}

/// Says what a file is announced as, while nobody here has seen a byte of it. A name that promises a program counts.
pub fn announced(claimed_mime: Option<&str>, file_name: Option<&str>) -> Sniffed {
    let named = file_name.and_then(extension_of);
    let claim = claimed_mime.and_then(essence);
    let said = [
        named.as_deref().and_then(by_extension),
        claim.as_deref().and_then(by_mime),
    ];
    let [named_kind, claimed_kind] = said;
    let dangerous = said.into_iter().flatten().find(|kind| kind.is_dangerous);
    if let Some(kind) = dangerous.or(claimed_kind).or(named_kind) {
        // The announcement stays what it is; name and icon warn.
        return Sniffed {
            mime: claim.unwrap_or_else(|| kind.mime.to_owned()),
            ..Sniffed::of(kind)
        };
    }
    let Some(claim) = claim else {
        return Sniffed::nothing_known(named);
    };
    let family = match claim.split_once('/') {
        Some(("image", _)) => Family::Image,
        Some(("video", _)) => Family::Video,
        Some(("audio", _)) => Family::Audio,
        Some(("text", _)) => Family::Document,
        _ => Family::Unknown,
    };
    Sniffed {
        mime: claim,
        family,
        ..Sniffed::nothing_known(named)
    }
}

/// Like [`sniff`], for a file on disk. Also reads the contents of an archive, which stand at its end, and the folder
/// of an older office document, so that macros are found that the beginning does not show.
pub fn sniff_file(path: &Path, claimed_mime: Option<&str>, file_name: Option<&str>) -> io::Result<Sniffed> {
    let mut file = File::open(path)?;
    let mut head = Vec::with_capacity(HEAD);
    (&mut file).take(HEAD as u64).read_to_end(&mut head)?;
    let mut evidence = bytes::evidence(&head);
    if head.starts_with(b"PK") {
        let size = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(size.saturating_sub(TAIL)))?;
        let mut tail = Vec::new();
        file.take(TAIL).read_to_end(&mut tail)?;
        evidence = containers::with_contents(evidence, &head, &tail);
    } else if let Some(folder) = containers::ole_folder(&head) {
        file.seek(SeekFrom::Start(folder))?;
        let mut more = Vec::new();
        file.take(TAIL / 16).read_to_end(&mut more)?;
        evidence = containers::ole(&[head, more].concat());
    }
    Ok(judge(evidence, claimed_mime, file_name))
}

/// Weighs what the bytes show against what is said about them.
fn judge(evidence: Evidence, claimed_mime: Option<&str>, file_name: Option<&str>) -> Sniffed {
    let named = file_name.and_then(extension_of);
    let named_kind = named.as_deref().and_then(by_extension);
    let claim = claimed_mime.and_then(essence);
    let claimed_kind = claim.as_deref().and_then(by_mime);
    let said = [named_kind, claimed_kind];
    let mut sniffed = match evidence {
        Evidence::Kind {
            extension,
            is_dangerous,
        } => {
            let kind = said
                .into_iter()
                .flatten()
                .find(|said| is_refined(extension, said))
                .or_else(|| by_extension(extension));
            let mut sniffed = kind.map_or_else(|| Sniffed::nothing_known(None), Sniffed::of);
            sniffed.is_dangerous |= is_dangerous;
            if extension == "webm" && claim.as_deref().is_some_and(|claim| claim.starts_with("audio/")) {
                sniffed.family = Family::Audio;
                "audio/webm".clone_into(&mut sniffed.mime);
            }
            sniffed
        }
        Evidence::Office => said
            .into_iter()
            .flatten()
            .find(|said| OFFICE.contains(&said.extension))
            .or_else(|| by_extension("zip"))
            .map_or_else(|| Sniffed::nothing_known(None), Sniffed::of),
        Evidence::Text => text(named, said),
        Evidence::Nothing => unproven(named, said),
    };
    sniffed.is_dangerous |= named_kind.is_some_and(|kind| kind.is_dangerous);
    sniffed
}

/// Text is the kind of text its name says, or a script, or just text.
fn text(named: Option<String>, said: [Option<kinds::Kind>; 2]) -> Sniffed {
    let allowed = |kind: &kinds::Kind| kind.told_by == Told::Text || kind.is_dangerous;
    // "text/plain" is what is said when nothing is known.
    let telling = |kind: &kinds::Kind| allowed(kind) && kind.mime != "text/plain";
    let [named_kind, claimed_kind] = said;
    let kind = named_kind
        .filter(allowed)
        .or_else(|| claimed_kind.filter(telling));
    if let Some(kind) = kind {
        return Sniffed::of(kind);
    }
    let rare = named.filter(|_| named_kind.is_none()).filter(|named| {
        mime_guess::from_ext(named)
            .iter()
            .any(|mime| mime.type_() == "text")
    });
    Sniffed {
        mime: "text/plain".to_owned(),
        family: Family::Document,
        extension: rare.unwrap_or_else(|| "txt".to_owned()),
        is_dangerous: false,
    }
}

/// Bytes that show nothing: a name or a claim that needs no proof counts, and one that promises a program always.
fn unproven(named: Option<String>, said: [Option<kinds::Kind>; 2]) -> Sniffed {
    if let Some(kind) = said.into_iter().flatten().find(|kind| kind.is_dangerous) {
        return Sniffed::of(kind);
    }
    if let Some(kind) = said.into_iter().flatten().find(|kind| kind.told_by == Told::Name) {
        return Sniffed::of(kind);
    }
    let [named_kind, _] = said;
    // A text in an old alphabet shows nothing, and an editor still opens it.
    let kept = named.filter(|_| named_kind.is_none_or(|kind| kind.told_by != Told::Magic));
    Sniffed::nothing_known(kept)
}

/// Whether what is said may stand in for what the bytes show: the same sort of box, or a nearer word for it.
fn is_refined(shown: &str, said: &kinds::Kind) -> bool {
    let allowed: &[&str] = match shown {
        "zip" => &[
            "jar", "apk", "xpi", "appx", "msix", "pages", "numbers", "key", "kmz", "pkpass", "vsdx", "xps",
            "gadget",
        ],
        "jar" => &["apk", "xpi"],
        "docx" => &["docm", "dotm"],
        "xlsx" => &["xlsm", "xltm", "xlam", "xlsb"],
        "pptx" => &["pptm", "potm", "ppsm", "ppam"],
        "docm" => &["dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "ppsm", "ppam"],
        "xlsm" => &["xltm", "xlam"],
        "pptm" => &["potm", "ppsm", "ppam"],
        "ole" => &["doc", "xls", "ppt", "msg", "vsd", "msi", "msp", "mst", "xla"],
        "xls" => &["xla"],
        "msi" => &["msp", "mst"],
        "exe" => &["dll", "com", "scr", "cpl", "sys", "ocx", "pif", "xll"],
        "elf" => &["so", "run", "appimage"],
        "app" => &["dylib"],
        "html" => &["xhtml", "hta", "mht", "svg", "wsf", "wsc", "sct", "php"],
        "xhtml" | "svg" => &["html", "hta"],
        "sh" => &[
            "bash", "zsh", "csh", "ksh", "fish", "py", "pyw", "rb", "pl", "php", "lua", "tcl", "js", "mjs",
            "command", "tool", "run",
        ],
        "bat" => &["cmd"],
        "vbs" => &["vb"],
        "mht" => &["eml"],
        "mp4" => &["m4a"],
        "mov" => &["mp4"],
        "wmv" => &["wma"],
        "accdb" => &["mdb"],
        "cab" => &["diagcab", "themepack"],
        _ => &[],
    };
    allowed.contains(&said.extension)
}

/// Types an office document may turn out to be whose beginning did not say.
const OFFICE: &[&str] = &[
    "docx", "xlsx", "pptx", "vsdx", "xps", "docm", "dotm", "xlsm", "xltm", "xlsb", "xlam", "pptm", "potm",
    "ppsm", "ppam", "appx", "msix",
];

/// Returns the media type without its parameters, in lower case; `None` for what is none.
pub(crate) fn essence(mime: &str) -> Option<String> {
    let essence = mime
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let (kind, sort) = essence.split_once('/')?;
    let is_token = |word: &str| {
        !word.is_empty()
            && word.len() <= 120
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    (is_token(kind) && is_token(sort)).then_some(essence)
}

/// Returns the ending of a name in lower case, as the system that opens it would see it: spaces and dots at the end,
/// and what cannot be seen, do not count.
pub(crate) fn extension_of(name: &str) -> Option<String> {
    let seen: String = name
        .chars()
        .filter(|letter| !crate::name::is_invisible(*letter))
        .collect();
    let seen = seen.trim_end_matches(|letter: char| letter.is_whitespace() || letter == '.');
    // `name.txt:$DATA` and `name.txt::$INDEX` are other ways to write `name.txt`.
    let seen = seen.split("::$").next().unwrap_or(seen);
    let component = seen.rsplit(['/', '\\']).next().unwrap_or(seen);
    let (_, extension) = component.rsplit_once('.')?;
    is_extension(extension).then(|| extension.to_ascii_lowercase())
}

/// Whether a word looks like an ending: short, letters, digits.
pub(crate) fn is_extension(word: &str) -> bool {
    let known = word.contains('-') && by_extension(word).is_some();
    known || ((1..=12).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}
