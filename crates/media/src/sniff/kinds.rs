//! The types Deskbell knows by name.
//!
//! What a type is called is from the IANA registry of media types, and where that has none, from what the programs
//! write that make such files. Which of them run something when they are opened is from the lists of what the large
//! mail providers do not deliver, and from what the systems start on a double click.

use super::Family;

/// A type of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// The ending, lower case; the key of the table.
    pub(crate) extension: &'static str,
    pub(crate) mime: &'static str,
    pub(crate) family: Family,
    /// Whether opening such a file can run something.
    pub(crate) is_dangerous: bool,
    /// How the bytes of this type are told from others.
    pub(crate) told_by: Told,
}

/// How a type is known from its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// It has a beginning of its own: without that, a file is not of this type whatever it is called.
    Magic,
    /// It is text; which kind of text only its name says.
    Text,
    /// Only its name says it.
    Name,
}

use Family::{Archive, Audio, Document, Image, Program, Sheet, Slides, Unknown, Video};
use Told::{Magic, Name, Text};

/// (ending, media type, family, how it is told), of what can be opened without running anything.
const HARMLESS: &[(&str, &str, Family, Told)] = &[
    ("jpg", "image/jpeg", Image, Magic),
    ("png", "image/png", Image, Magic),
    ("gif", "image/gif", Image, Magic),
    ("webp", "image/webp", Image, Magic),
    ("bmp", "image/bmp", Image, Magic),
    ("tif", "image/tiff", Image, Magic),
    ("ico", "image/x-icon", Image, Magic),
    ("heic", "image/heic", Image, Magic),
    ("avif", "image/avif", Image, Magic),
    ("jxl", "image/jxl", Image, Magic),
    ("psd", "image/vnd.adobe.photoshop", Image, Magic),
    ("ogg", "audio/ogg", Audio, Magic),
    ("oga", "audio/ogg", Audio, Magic),
    ("mp3", "audio/mpeg", Audio, Magic),
    ("aac", "audio/aac", Audio, Magic),
    ("amr", "audio/amr", Audio, Magic),
    ("m4a", "audio/mp4", Audio, Magic),
    ("wav", "audio/wav", Audio, Magic),
    ("flac", "audio/flac", Audio, Magic),
    ("aiff", "audio/aiff", Audio, Magic),
    ("mid", "audio/midi", Audio, Magic),
    ("caf", "audio/x-caf", Audio, Magic),
    ("wma", "audio/x-ms-wma", Audio, Magic),
    ("mp4", "video/mp4", Video, Magic),
    ("3gp", "video/3gpp", Video, Magic),
    ("mov", "video/quicktime", Video, Magic),
    ("webm", "video/webm", Video, Magic),
    ("mkv", "video/x-matroska", Video, Magic),
    ("avi", "video/x-msvideo", Video, Magic),
    ("mpg", "video/mpeg", Video, Magic),
    ("ts", "video/mp2t", Video, Magic),
    ("flv", "video/x-flv", Video, Magic),
    ("ogv", "video/ogg", Video, Magic),
    ("wmv", "video/x-ms-wmv", Video, Magic),
    ("pdf", "application/pdf", Document, Magic),
    ("rtf", "application/rtf", Document, Magic),
    ("doc", "application/msword", Document, Magic),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Document,
        Magic,
    ),
    ("odt", "application/vnd.oasis.opendocument.text", Document, Magic),
    ("epub", "application/epub+zip", Document, Magic),
    ("pages", "application/vnd.apple.pages", Document, Magic),
    ("msg", "application/vnd.ms-outlook", Document, Magic),
    ("vsd", "application/vnd.visio", Document, Magic),
    ("vsdx", "application/vnd.ms-visio.drawing", Document, Magic),
    (
        "odg",
        "application/vnd.oasis.opendocument.graphics",
        Document,
        Magic,
    ),
    ("xps", "application/vnd.ms-xpsdocument", Document, Magic),
    ("xls", "application/vnd.ms-excel", Sheet, Magic),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Sheet,
        Magic,
    ),
    (
        "ods",
        "application/vnd.oasis.opendocument.spreadsheet",
        Sheet,
        Magic,
    ),
    ("numbers", "application/vnd.apple.numbers", Sheet, Magic),
    ("ppt", "application/vnd.ms-powerpoint", Slides, Magic),
    (
        "pptx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        Slides,
        Magic,
    ),
    (
        "odp",
        "application/vnd.oasis.opendocument.presentation",
        Slides,
        Magic,
    ),
    ("key", "application/vnd.apple.keynote", Slides, Magic),
    ("zip", "application/zip", Archive, Magic),
    ("rar", "application/vnd.rar", Archive, Magic),
    ("7z", "application/x-7z-compressed", Archive, Magic),
    ("gz", "application/gzip", Archive, Magic),
    ("bz2", "application/x-bzip2", Archive, Magic),
    ("xz", "application/x-xz", Archive, Magic),
    ("zst", "application/zstd", Archive, Magic),
    ("tar", "application/x-tar", Archive, Magic),
    ("cab", "application/vnd.ms-cab-compressed", Archive, Magic),
    ("ole", "application/x-ole-storage", Unknown, Magic),
    ("woff", "font/woff", Unknown, Magic),
    ("woff2", "font/woff2", Unknown, Magic),
    ("sqlite", "application/vnd.sqlite3", Unknown, Magic),
    ("kmz", "application/vnd.google-earth.kmz", Archive, Magic),
    ("pkpass", "application/vnd.apple.pkpass", Archive, Magic),
    ("txt", "text/plain", Document, Text),
    ("csv", "text/csv", Sheet, Text),
    ("tsv", "text/tab-separated-values", Sheet, Text),
    ("md", "text/markdown", Document, Text),
    ("json", "application/json", Document, Text),
    ("xml", "application/xml", Document, Text),
    ("ics", "text/calendar", Document, Text),
    ("vcf", "text/vcard", Document, Text),
    ("eml", "message/rfc822", Document, Text),
    ("log", "text/plain", Document, Text),
    ("srt", "application/x-subrip", Document, Text),
    ("vtt", "text/vtt", Document, Text),
    ("yaml", "application/yaml", Document, Text),
    ("toml", "application/toml", Document, Text),
    ("css", "text/css", Document, Text),
    ("tex", "application/x-tex", Document, Text),
    ("gpx", "application/gpx+xml", Document, Text),
    ("kml", "application/vnd.google-earth.kml+xml", Document, Text),
    ("dxf", "image/vnd.dxf", Document, Text),
    ("asc", "application/pgp-signature", Document, Text),
    ("pem", "application/x-pem-file", Document, Text),
    ("dwg", "image/vnd.dwg", Document, Name),
    ("stl", "model/stl", Document, Name),
    ("p7m", "application/pkcs7-mime", Document, Name),
    ("p7s", "application/pkcs7-signature", Document, Name),
    ("ttf", "font/ttf", Unknown, Name),
    ("otf", "font/otf", Unknown, Name),
    ("dat", "application/octet-stream", Unknown, Name),
    ("bin", "application/octet-stream", Unknown, Name),
];

/// (ending, media type, family), of documents that carry programs inside or are pages a browser runs.
const TRAPS: &[(&str, &str, Family)] = &[
    ("html", "text/html", Document),
    ("xhtml", "application/xhtml+xml", Document),
    ("mht", "multipart/related", Document),
    ("svg", "image/svg+xml", Document),
    ("svgz", "image/svg+xml", Document),
    ("swf", "application/x-shockwave-flash", Program),
    (
        "docm",
        "application/vnd.ms-word.document.macroenabled.12",
        Document,
    ),
    (
        "dotm",
        "application/vnd.ms-word.template.macroenabled.12",
        Document,
    ),
    ("xlsm", "application/vnd.ms-excel.sheet.macroenabled.12", Sheet),
    ("xltm", "application/vnd.ms-excel.template.macroenabled.12", Sheet),
    (
        "xlsb",
        "application/vnd.ms-excel.sheet.binary.macroenabled.12",
        Sheet,
    ),
    ("xlam", "application/vnd.ms-excel.addin.macroenabled.12", Sheet),
    ("xll", "application/vnd.ms-excel.addin", Program),
    ("xla", "application/vnd.ms-excel.addin", Sheet),
    ("iqy", "text/x-ms-iqy", Sheet),
    ("slk", "application/x-sylk", Sheet),
    (
        "pptm",
        "application/vnd.ms-powerpoint.presentation.macroenabled.12",
        Slides,
    ),
    (
        "potm",
        "application/vnd.ms-powerpoint.template.macroenabled.12",
        Slides,
    ),
    (
        "ppsm",
        "application/vnd.ms-powerpoint.slideshow.macroenabled.12",
        Slides,
    ),
    (
        "ppam",
        "application/vnd.ms-powerpoint.addin.macroenabled.12",
        Slides,
    ),
    ("accdb", "application/vnd.ms-access", Document),
    ("mdb", "application/vnd.ms-access", Document),
    ("chm", "application/vnd.ms-htmlhelp", Document),
];

/// Endings of programs, scripts, installers, short cuts and disk images, with the media type where there is one.
const PROGRAMS: &[(&str, &str)] = &[
    ("exe", "application/vnd.microsoft.portable-executable"),
    ("dll", "application/vnd.microsoft.portable-executable"),
    ("com", "application/x-msdos-program"),
    ("scr", "application/vnd.microsoft.portable-executable"),
    ("cpl", "application/vnd.microsoft.portable-executable"),
    ("sys", "application/vnd.microsoft.portable-executable"),
    ("ocx", "application/vnd.microsoft.portable-executable"),
    ("pif", "application/x-msdos-program"),
    ("bat", "application/x-bat"),
    ("cmd", "application/x-bat"),
    ("msi", "application/x-msi"),
    ("msp", "application/x-msi"),
    ("mst", "application/x-msi"),
    ("msix", "application/msix"),
    ("appx", "application/appx"),
    ("appinstaller", "application/appinstaller"),
    ("ps1", "text/x-powershell"),
    ("psm1", "text/x-powershell"),
    ("psd1", "text/x-powershell"),
    ("vbs", "text/vbscript"),
    ("vbe", "text/vbscript"),
    ("vb", "text/vbscript"),
    ("js", "text/javascript"),
    ("mjs", "text/javascript"),
    ("cjs", "text/javascript"),
    ("jse", "text/javascript"),
    ("wsf", "text/x-wsf"),
    ("wsh", "text/x-wsh"),
    ("ws", "text/x-wsf"),
    ("wsc", "text/scriptlet"),
    ("sct", "text/scriptlet"),
    ("hta", "application/hta"),
    ("lnk", "application/x-ms-shortcut"),
    ("url", "application/x-mswinurl"),
    ("webloc", "application/x-webloc"),
    ("desktop", "application/x-desktop"),
    ("scf", "application/x-scf"),
    ("inf", "application/x-setupscript"),
    ("reg", "text/x-ms-regedit"),
    ("msc", "application/x-msc"),
    ("gadget", "application/x-windows-gadget"),
    ("application", "application/x-ms-application"),
    ("xbap", "application/x-ms-xbap"),
    ("job", "application/x-ms-job"),
    ("diagcab", "application/x-diagcab"),
    ("theme", "application/x-windows-theme"),
    ("themepack", "application/x-windows-theme"),
    ("rdp", "application/x-rdp"),
    ("jnlp", "application/x-java-jnlp-file"),
    ("jar", "application/java-archive"),
    ("class", "application/java-vm"),
    ("apk", "application/vnd.android.package-archive"),
    ("xpi", "application/x-xpinstall"),
    ("crx", "application/x-chrome-extension"),
    ("dmg", "application/x-apple-diskimage"),
    ("pkg", "application/x-xar"),
    ("mpkg", "application/x-xar"),
    ("app", "application/x-mach-binary"),
    ("dylib", "application/x-mach-binary"),
    ("command", "application/x-sh"),
    ("tool", "application/x-sh"),
    ("workflow", "application/x-automator"),
    ("terminal", "application/x-terminal"),
    ("scpt", "application/x-applescript"),
    ("applescript", "application/x-applescript"),
    ("iso", "application/x-iso9660-image"),
    ("img", "application/x-raw-disk-image"),
    ("vhd", "application/x-vhd"),
    ("vhdx", "application/x-vhdx"),
    ("deb", "application/vnd.debian.binary-package"),
    ("rpm", "application/x-rpm"),
    ("appimage", "application/vnd.appimage"),
    ("run", "application/x-executable"),
    ("elf", "application/x-executable"),
    ("so", "application/x-executable"),
    ("sh", "application/x-sh"),
    ("bash", "application/x-sh"),
    ("zsh", "application/x-sh"),
    ("csh", "application/x-csh"),
    ("ksh", "application/x-sh"),
    ("fish", "application/x-sh"),
    ("py", "text/x-python"),
    ("pyw", "text/x-python"),
    ("pyc", "application/x-python-code"),
    ("pyz", "application/x-python-code"),
    ("rb", "text/x-ruby"),
    ("pl", "text/x-perl"),
    ("php", "application/x-httpd-php"),
    ("phar", "application/x-httpd-php"),
    ("phtml", "application/x-httpd-php"),
    ("lua", "text/x-lua"),
    ("tcl", "text/x-tcl"),
    ("ahk", "text/x-autohotkey"),
    ("au3", "text/x-autoit"),
    ("wasm", "application/wasm"),
    ("dex", "application/x-dex"),
    ("settingcontent-ms", "application/x-settingcontent-ms"),
    ("library-ms", "application/x-library-ms"),
    ("search-ms", "application/x-search-ms"),
    ("appref-ms", "application/x-appref-ms"),
];

/// Other spellings of an ending: (as people write it, as the table does).
const ALIASES: &[(&str, &str)] = &[
    ("jpeg", "jpg"),
    ("jpe", "jpg"),
    ("jfif", "jpg"),
    ("apng", "png"),
    ("tiff", "tif"),
    ("heif", "heic"),
    ("opus", "ogg"),
    ("m4b", "m4a"),
    ("wave", "wav"),
    ("aif", "aiff"),
    ("midi", "mid"),
    ("m4v", "mp4"),
    ("3gpp", "3gp"),
    ("3g2", "3gp"),
    ("mpeg", "mpg"),
    ("dot", "doc"),
    ("xlt", "xls"),
    ("pps", "ppt"),
    ("dotx", "docx"),
    ("xltx", "xlsx"),
    ("ppsx", "pptx"),
    ("potx", "pptx"),
    ("text", "txt"),
    ("markdown", "md"),
    ("yml", "yaml"),
    ("vcard", "vcf"),
    ("ical", "ics"),
    ("tgz", "gz"),
    ("htm", "html"),
    ("shtml", "html"),
    ("xht", "xhtml"),
    ("xsl", "xhtml"),
    ("xslt", "xhtml"),
    ("mhtml", "mht"),
    ("apks", "apk"),
    ("aab", "apk"),
    ("appxbundle", "appx"),
    ("msixbundle", "msix"),
];

/// Other spellings of a media type: (as programs write it, as the table does).
const MIME_ALIASES: &[(&str, &str)] = &[
    ("image/jpg", "image/jpeg"),
    ("image/pjpeg", "image/jpeg"),
    ("image/heif", "image/heic"),
    ("audio/opus", "audio/ogg"),
    ("audio/mp3", "audio/mpeg"),
    ("audio/x-m4a", "audio/mp4"),
    ("audio/x-wav", "audio/wav"),
    ("audio/wave", "audio/wav"),
    ("audio/3gpp", "video/3gpp"),
    ("application/x-zip-compressed", "application/zip"),
    ("application/x-javascript", "text/javascript"),
    ("application/javascript", "text/javascript"),
    ("application/ecmascript", "text/javascript"),
    ("text/ecmascript", "text/javascript"),
    (
        "application/x-msdownload",
        "application/vnd.microsoft.portable-executable",
    ),
    (
        "application/x-dosexec",
        "application/vnd.microsoft.portable-executable",
    ),
    ("application/x-shellscript", "application/x-sh"),
    ("text/x-shellscript", "application/x-sh"),
    ("application/x-msdos-batch", "application/x-bat"),
    ("application/x-python", "text/x-python"),
    ("application/x-java-archive", "application/java-archive"),
    ("text/xml", "application/xml"),
    ("text/rtf", "application/rtf"),
    ("text/x-vcard", "text/vcard"),
    ("application/csv", "text/csv"),
];

/// Returns the type with this ending, in whatever spelling; `None` for one Deskbell does not know.
pub(crate) fn by_extension(extension: &str) -> Option<Kind> {
    let lower = extension.to_ascii_lowercase();
    let key = ALIASES
        .iter()
        .find(|(alias, _)| *alias == lower)
        .map_or(lower.as_str(), |(_, key)| key);
    all().find(|kind| kind.extension == key)
}

/// Returns the first type with this media type, without parameters and in lower case.
pub(crate) fn by_mime(mime: &str) -> Option<Kind> {
    let key = MIME_ALIASES
        .iter()
        .find(|(alias, _)| *alias == mime)
        .map_or(mime, |(_, key)| key);
    all().find(|kind| kind.mime == key && key != "application/octet-stream")
}

/// Whether two endings are spellings of the same type.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    one == other
        || by_extension(one)
            .zip(by_extension(other))
            .is_some_and(|(one, other)| one.extension == other.extension)
}

fn all() -> impl Iterator<Item = Kind> {
    let harmless = HARMLESS.iter().map(|&(extension, mime, family, told_by)| Kind {
        extension,
        mime,
        family,
        is_dangerous: false,
        told_by,
    });
    let traps = TRAPS.iter().map(|&(extension, mime, family)| Kind {
        extension,
        mime,
        family,
        is_dangerous: true,
        told_by: Name,
    });
    let programs = PROGRAMS.iter().map(|&(extension, mime)| Kind {
        extension,
        mime,
        family: Program,
        is_dangerous: true,
        told_by: Name,
    });
    harmless.chain(traps).chain(programs)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_ending_stands_in_the_table_once_and_every_alias_leads_somewhere() {
        let mut seen = BTreeSet::new();
        for kind in all() {
            assert!(
                seen.insert(kind.extension),
                "{} stands there twice",
                kind.extension
            );
        }
        for (alias, key) in ALIASES {
            assert!(!seen.contains(alias), "{alias} is an alias and an entry");
            assert!(seen.contains(key), "{alias} leads to {key}, which is not there");
        }
        for (alias, key) in MIME_ALIASES {
            assert!(
                all().any(|kind| kind.mime == *key),
                "{alias} leads to {key}, which is not there"
            );
        }
    }

    #[test]
    fn spellings_of_one_type_are_the_same() {
        assert!(is_same("jpeg", "jpg"));
        assert!(is_same("JPG", "jpe"));
        assert!(!is_same("jpg", "png"));
    }
}
