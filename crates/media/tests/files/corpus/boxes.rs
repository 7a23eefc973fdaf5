//! Pictures, films, documents and archives.

use super::{OCTETS, Sent, exe, sent};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// A chunk of a PNG. Its sum is wrong where that does not matter.
pub(crate) fn png_chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let mut sum = u32::MAX;
    for byte in name.iter().chain(content) {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 {
                (sum >> 1) ^ 0xEDB8_8320
            } else {
                sum >> 1
            };
        }
    }
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    [&length[..], &name, content, &(!sum).to_be_bytes()].concat()
}

/// The header of a PNG with this size.
pub(crate) fn png_header(width: u32, height: u32) -> Vec<u8> {
    let content = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1A\n".to_vec(), png_chunk(*b"IHDR", &content)].concat()
}

/// A GIF with this many pictures of one pixel.
pub(crate) fn gif(pictures: usize) -> Vec<u8> {
    let mut gif = b"GIF89a\x01\0\x01\0\x80\0\0\xFF\xFF\xFF\0\0\0".to_vec();
    for _ in 0..pictures {
        gif.extend_from_slice(b"\x21\xF9\x04\0\x01\0\0\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0");
    }
    gif.push(0x3B);
    gif
}

/// A ZIP of files without content: a header for each, and the list at the end.
pub(crate) fn zip(names: &[&str]) -> Vec<u8> {
    let (mut zip, mut list) = (Vec::new(), Vec::new());
    for name in names {
        let place = u32::try_from(zip.len()).unwrap().to_le_bytes();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let same = [&[0x14, 0, 0, 0, 0, 0][..], &[0; 16], &length, &[0, 0]].concat();
        zip.extend_from_slice(&[b"PK\x03\x04", same.as_slice(), name.as_bytes()].concat());
        list.extend_from_slice(
            &[
                b"PK\x01\x02\x14\0",
                same.as_slice(),
                &[0; 10],
                &place,
                name.as_bytes(),
            ]
            .concat(),
        );
    }
    let count = u16::try_from(names.len()).unwrap().to_le_bytes();
    let (place, size) = (
        u32::try_from(zip.len()).unwrap(),
        u32::try_from(list.len()).unwrap(),
    );
    zip.extend_from_slice(&list);
    zip.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    zip.extend_from_slice(
        &[
            &count[..],
            &count,
            &size.to_le_bytes(),
            &place.to_le_bytes(),
            &[0, 0],
        ]
        .concat(),
    );
    zip
}

/// A box of MP4.
pub(crate) fn mp4_box(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
    [&length[..], &name, content].concat()
}

/// A film of 2.5 seconds, all header.
pub(crate) fn mp4() -> Vec<u8> {
    let header = [
        &[0; 12][..],
        &1000_u32.to_be_bytes(),
        &2500_u32.to_be_bytes(),
        &[0; 80],
    ]
    .concat();
    [
        mp4_box(*b"ftyp", b"isom\0\0\x02\0isommp42"),
        mp4_box(*b"moov", &mp4_box(*b"mvhd", &header)),
    ]
    .concat()
}

/// A box of the older office with this name in its folder.
pub(crate) fn ole(name: &str) -> Vec<u8> {
    let mut ole = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    ole.resize(30, 0);
    ole.extend_from_slice(&[9, 0]);
    ole.resize(48, 0);
    // The folder begins in the sector of this number.
    ole.extend_from_slice(&40_u32.to_le_bytes());
    ole.resize(512 * 41, 0);
    ole.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
    ole.resize(512 * 42, 0);
    ole
}

/// A WebP whose picture says it has this many bytes.
pub(crate) fn webp(length: u32) -> Vec<u8> {
    let picture = b"\x2F\0\0\0\x10\x07\x10\x11\x11\x88\x88\xFE\x07\0";
    let size = u32::try_from(picture.len() + 12).unwrap();
    [
        b"RIFF",
        &size.to_le_bytes()[..],
        b"WEBPVP8L",
        &length.to_le_bytes(),
        picture,
    ]
    .concat()
}

pub(crate) fn all() -> Vec<Sent> {
    [pictures(), films(), documents()].into_iter().flatten().collect()
}

fn pictures() -> Vec<Sent> {
    const JPEG: (bool, &str, &str) = (false, "image/jpeg", "jpg");
    const PNG: (bool, &str, &str) = (false, "image/png", "png");
    const GIF: (bool, &str, &str) = (false, "image/gif", "gif");
    const WEBP: (bool, &str, &str) = (false, "image/webp", "webp");
    let jpeg = |segments: &[u8]| [b"\xFF\xD8", segments].concat();
    let huge_frame = b"\xFF\xC0\0\x11\x08\xFF\xFF\xFF\xFF\x03\x01\x22\0\x02\x11\x01\x03\x11\x01\xFF\xDA\0\x0C\x03\x01\0\x02\x11\x03\x11\0\x3F\0\0\xFF\xD9";
    let huge_gif = b"GIF89a\xFF\xFF\xFF\xFF\0\0\0\x2C\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\x02\x44\x01\0\x3B";
    let huge_webp = b"RIFF\x1A\0\0\0WEBPVP8X\x0A\0\0\0\x02\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF";
    let data = png_chunk(*b"IDAT", b"\x78\x9C\x03\0\0\0\0\x01");
    vec![
        sent(
            "a picture of 60,000 by 60,000",
            [png_header(60_000, 60_000), data.clone(), png_chunk(*b"IEND", b"")].concat(),
            "",
            "a.png",
            PNG,
        ),
        sent(
            "a picture of no size",
            [png_header(0, 0), data.clone()].concat(),
            "",
            "a.png",
            PNG,
        ),
        sent(
            "a picture as large as numbers go",
            [png_header(u32::MAX, u32::MAX), data].concat(),
            "",
            "a.png",
            PNG,
        ),
        sent("only the sign of a PNG", *b"\x89PNG\r\n\x1A\n", "", "a.png", PNG),
        sent(
            "a chunk as long as numbers go",
            [b"\x89PNG\r\n\x1A\n\xFF\xFF\xFF\xFFIHDR".to_vec()].concat(),
            "",
            "a.png",
            PNG,
        ),
        sent(
            "ten thousand texts",
            [png_header(1, 1), png_chunk(*b"tEXt", b"a\0b").repeat(10_000)].concat(),
            "",
            "a.png",
            PNG,
        ),
        sent(
            "only the sign of a JPEG",
            b"\xFF\xD8\xFF".to_vec(),
            "",
            "a.jpg",
            JPEG,
        ),
        sent(
            "a segment longer than the file",
            jpeg(b"\xFF\xE1\xFF\xFFExif\0\0"),
            "",
            "a.jpg",
            JPEG,
        ),
        sent(
            "a segment of length zero",
            jpeg(b"\xFF\xE0\0\0\xFF\xD9"),
            "",
            "a.jpg",
            JPEG,
        ),
        sent(
            "a segment of length one",
            jpeg(b"\xFF\xDB\0\x01\xFF\xD9"),
            "",
            "a.jpg",
            JPEG,
        ),
        sent(
            "an EXIF that points outside",
            jpeg(b"\xFF\xE1\0\x10Exif\0\0II*\0\xFF\xFF\xFF\xFF\xFF\xD9"),
            "",
            "a.jpg",
            JPEG,
        ),
        sent(
            "an EXIF that points at itself",
            jpeg(b"\xFF\xE1\0\x18Exif\0\0II*\0\0\0\0\0\x08\0\0\0\x08\0\0\0\xFF\xD9"),
            "",
            "a.jpg",
            JPEG,
        ),
        sent("a JPEG of 65,535 by 65,535", jpeg(huge_frame), "", "a.jpg", JPEG),
        sent(
            "a JPEG of nothing but fillings",
            jpeg(&[0xFF; 50_000]),
            "",
            "a.jpg",
            JPEG,
        ),
        sent("five thousand pictures in one", gif(5000), "", "a.gif", GIF),
        sent("a GIF of 65,535 by 65,535", huge_gif.to_vec(), "", "a.gif", GIF),
        sent(
            "a GIF without an end",
            [gif(1), vec![0x21; 5000]].concat(),
            "",
            "a.gif",
            GIF,
        ),
        sent(
            "a GIF that is JavaScript, too",
            *b"GIF89a/*\0\0\0\0\0*/=1;alert(1)",
            "",
            "a.gif",
            GIF,
        ),
        sent(
            "a GIF that is called JavaScript",
            *b"GIF89a/*\0\0\0\0\0*/=1;alert(1)",
            "",
            "a.js",
            (true, "image/gif", "gif"),
        ),
        sent(
            "a WebP that lies about its picture",
            webp(u32::MAX),
            "",
            "a.webp",
            WEBP,
        ),
        sent("a WebP with an empty picture", webp(0), "", "a.webp", WEBP),
        sent(
            "a WebP as large as numbers go",
            huge_webp.to_vec(),
            "",
            "a.webp",
            WEBP,
        ),
        sent(
            "only a box of RIFF",
            *b"RIFF\xFF\xFF\xFF\xFFWEBP",
            "",
            "a.webp",
            WEBP,
        ),
        sent(
            "a picture with an archive behind it",
            [gif(1), zip(&["META-INF/MANIFEST.MF"])].concat(),
            "",
            "a.gif",
            GIF,
        ),
    ]
}

fn films() -> Vec<Sent> {
    const MP4: (bool, &str, &str) = (false, "video/mp4", "mp4");
    let brand = mp4_box(*b"ftyp", b"isom\0\0\x02\0");
    let film = |rest: &[u8]| [&brand[..], rest].concat();
    let deep = (0..500).fold(Vec::new(), |inside: Vec<u8>, _| mp4_box(*b"moov", &inside));
    vec![
        sent(
            "a box to the end of the file",
            film(b"\0\0\0\0moov"),
            "",
            "a.mp4",
            MP4,
        ),
        sent(
            "a long length that is missing",
            film(b"\0\0\0\x01moov"),
            "",
            "a.mp4",
            MP4,
        ),
        sent(
            "a long length as long as numbers go",
            film(b"\0\0\0\x01moov\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"),
            "",
            "a.mp4",
            MP4,
        ),
        sent(
            "a box shorter than its header",
            film(b"\0\0\0\x04moov"),
            "",
            "a.mp4",
            MP4,
        ),
        sent(
            "a box longer than the file",
            film(b"\xFF\xFF\xFF\xFFmoov\0"),
            "",
            "a.mp4",
            MP4,
        ),
        sent(
            "no parts of a second",
            film(&mp4_box(
                *b"moov",
                &mp4_box(*b"mvhd", &[&[0; 16][..], &[0, 0, 9, 9]].concat()),
            )),
            "",
            "a.mp4",
            MP4,
        ),
        sent("boxes in boxes", film(&deep), "", "a.mp4", MP4),
        sent(
            "ten thousand empty boxes",
            film(&mp4_box(*b"free", b"").repeat(10_000)),
            "",
            "a.mp4",
            MP4,
        ),
        sent(
            "only a header of Matroska",
            b"\x1A\x45\xDF\xA3".to_vec(),
            "",
            "a.webm",
            (false, "video/x-matroska", "mkv"),
        ),
    ]
}

fn documents() -> Vec<Sent> {
    let types = "[Content_Types].xml";
    let word = "word/document.xml";
    vec![
        sent(
            "an archive called Word",
            zip(&["a.txt", "b.exe"]),
            DOCX,
            "offer.docx",
            (false, "application/zip", "zip"),
        ),
        sent(
            "Word with macros",
            zip(&[types, word, "word/vbaProject.bin"]),
            DOCX,
            "offer.docx",
            (true, "application/vnd.ms-word.document.macroenabled.12", "docm"),
        ),
        sent(
            "Excel with macros",
            zip(&[types, "xl/workbook.xml", "xl/VBAPROJECT.BIN"]),
            "",
            "a.xlsx",
            (true, "application/vnd.ms-excel.sheet.macroenabled.12", "xlsm"),
        ),
        sent(
            "Word with a control",
            zip(&[types, word, "word/activeX/activeX1.bin"]),
            "",
            "a.docx",
            (true, DOCX, "docx"),
        ),
        sent(
            "Word that is called with macros",
            zip(&[types, word]),
            "",
            "a.docm",
            (true, "application/vnd.ms-word.document.macroenabled.12", "docm"),
        ),
        sent(
            "an app called a photo album",
            zip(&["AndroidManifest.xml", "classes.dex"]),
            "application/zip",
            "photos.zip",
            (true, "application/vnd.android.package-archive", "apk"),
        ),
        sent(
            "Java called an archive",
            zip(&["META-INF/MANIFEST.MF", "a.class"]),
            "application/zip",
            "photos.zip",
            (true, "application/java-archive", "jar"),
        ),
        sent(
            "an archive that climbs",
            zip(&["../../../etc/passwd"]),
            "",
            "a.zip",
            (false, "application/zip", "zip"),
        ),
        sent(
            "an archive cut off in a name",
            b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xFF\xFF\0\0a".to_vec(),
            "",
            "a.zip",
            (false, "application/zip", "zip"),
        ),
        sent(
            "only the sign of an archive",
            *b"PK\x03\x04",
            "",
            "a.docx",
            (false, "application/zip", "zip"),
        ),
        sent(
            "an old Word with macros",
            ole("_VBA_PROJECT"),
            "application/msword",
            "a.doc",
            (true, "application/msword", "doc"),
        ),
        sent(
            "an old Excel called a photo",
            ole("Workbook"),
            "image/jpeg",
            "a.jpg",
            (false, "application/vnd.ms-excel", "xls"),
        ),
        sent(
            "an installer called Word",
            [ole("x"), b"\x84\x10\x0C\0\0\0\0\0\xC0\0\0\0\0\0\0\x46".to_vec()].concat(),
            "",
            "a.msi",
            (true, "application/x-msi", "msi"),
        ),
        sent(
            "an old box that is only a sign",
            *b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
            "",
            "",
            (false, "application/x-ole-storage", "ole"),
        ),
        sent(
            "a PDF behind rubbish",
            [vec![1; 900], b"%PDF-1.4".to_vec()].concat(),
            "",
            "a.pdf",
            (false, "application/pdf", "pdf"),
        ),
        sent(
            "a PDF too far behind rubbish",
            [vec![1; 1100], b"%PDF-1.4".to_vec()].concat(),
            "",
            "a.pdf",
            (false, OCTETS, "bin"),
        ),
        sent(
            "a program behind an archive",
            [zip(&["a"]), exe()].concat(),
            "",
            "a.zip",
            (false, "application/zip", "zip"),
        ),
    ]
}
