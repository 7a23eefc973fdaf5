//! Files that are valid and tiny, and files that are neither; built here, so that nobody has to keep them.

pub(crate) mod boxes;
pub(crate) mod sounds;
pub(crate) mod valid;

/// A file as it comes in.
pub(crate) struct Sent {
    /// What is wrong with it.
    pub(crate) what: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) claim: Option<&'static str>,
    pub(crate) name: Option<String>,
    pub(crate) expected: Verdict,
}

/// What has to come out: (danger, media type, ending of the name).
pub(crate) type Verdict = (bool, &'static str, &'static str);

pub(crate) const OCTETS: &str = "application/octet-stream";
pub(crate) const EXE_MIME: &str = "application/vnd.microsoft.portable-executable";

pub(crate) fn sent(
    what: &'static str,
    bytes: impl Into<Vec<u8>>,
    claim: &'static str,
    name: impl Into<String>,
    expected: Verdict,
) -> Sent {
    Sent {
        what,
        bytes: bytes.into(),
        claim: Some(claim).filter(|claim| !claim.is_empty()),
        name: Some(name.into()).filter(|name| !name.is_empty()),
        expected,
    }
}

/// All hostile files.
pub(crate) fn all() -> Vec<Sent> {
    [programs(), texts(), boxes::all(), sounds::all(), names()]
        .into_iter()
        .flatten()
        .collect()
}

/// The first bytes of a Windows program.
pub(crate) fn exe() -> Vec<u8> {
    let mut bytes = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xFF\xFF\0\0".to_vec();
    bytes.resize(60, 0);
    bytes.extend_from_slice(b"\x40\0\0\0PE\0\0\x4C\x01");
    bytes
}

fn programs() -> Vec<Sent> {
    const PDF: &str = "application/pdf";
    let elf = b"\x7FELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3E\0";
    vec![
        sent(
            "a program called an invoice",
            exe(),
            PDF,
            "invoice.pdf",
            (true, EXE_MIME, "exe"),
        ),
        sent(
            "a program with two endings",
            exe(),
            PDF,
            "invoice.pdf.exe",
            (true, EXE_MIME, "exe"),
        ),
        sent(
            "a screen saver",
            exe(),
            "image/jpeg",
            "holiday.jpg.scr",
            (true, EXE_MIME, "scr"),
        ),
        sent(
            "two letters of a program",
            *b"MZ",
            "",
            "",
            (true, EXE_MIME, "exe"),
        ),
        sent(
            "a program that was cut off",
            b"\x7FEL".to_vec(),
            "",
            "tool.exe",
            (true, EXE_MIME, "exe"),
        ),
        sent(
            "an empty file that promises a program",
            *b"",
            "",
            "setup.msi",
            (true, "application/x-msi", "msi"),
        ),
        sent(
            "an ELF called a picture",
            *elf,
            "image/png",
            "cat.png",
            (true, "application/x-executable", "elf"),
        ),
        sent(
            "a Mach-O without a name",
            b"\xCF\xFA\xED\xFE\x07\0\0\x01".to_vec(),
            "",
            "",
            (true, "application/x-mach-binary", "app"),
        ),
        sent(
            "a Java class called a song",
            b"\xCA\xFE\xBA\xBE\0\0\0\x34".to_vec(),
            "audio/mpeg",
            "song.mp3",
            (true, "application/java-vm", "class"),
        ),
        sent(
            "Dalvik code",
            b"dex\n035\0".to_vec(),
            "",
            "a.jpg",
            (true, "application/x-dex", "dex"),
        ),
        sent(
            "WebAssembly",
            b"\0asm\x01\0\0\0".to_vec(),
            "",
            "a.png",
            (true, "application/wasm", "wasm"),
        ),
        sent(
            "a short cut called a text",
            b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46".to_vec(),
            "text/plain",
            "read me.txt",
            (true, "application/x-ms-shortcut", "lnk"),
        ),
        sent(
            "a disk image",
            vec![0; 400],
            "",
            "holiday.iso",
            (true, "application/x-iso9660-image", "iso"),
        ),
        sent(
            "a package of macOS",
            b"xar!\0\x1C\0\x01".to_vec(),
            "",
            "offer.pdf",
            (true, "application/x-xar", "pkg"),
        ),
        sent(
            "a package of Debian",
            b"!<arch>\ndebian-binary   ".to_vec(),
            "",
            "a.zip",
            (true, "application/vnd.debian.binary-package", "deb"),
        ),
        sent(
            "Flash called a film",
            b"CWS\x0A\x10\0\0\0".to_vec(),
            "video/mp4",
            "film.mp4",
            (true, "application/x-shockwave-flash", "swf"),
        ),
        sent(
            "help with programs in it",
            b"ITSF\x03\0\0\0".to_vec(),
            "",
            "prices.doc",
            (true, "application/vnd.ms-htmlhelp", "chm"),
        ),
        sent(
            "a database with macros",
            b"\0\x01\0\0Standard Jet DB\0".to_vec(),
            "",
            "customers.xls",
            (true, "application/vnd.ms-access", "accdb"),
        ),
        sent(
            "a program in front of a PDF",
            [exe(), b"%PDF-1.7".to_vec()].concat(),
            PDF,
            "a.pdf",
            (true, EXE_MIME, "exe"),
        ),
        sent(
            "a picture called a program",
            b"\xFF\xD8\xFF\xE0\0\x10JFIF\0".to_vec(),
            "image/jpeg",
            "photo.jpg.exe",
            (true, "image/jpeg", "jpg"),
        ),
    ]
}

fn texts() -> Vec<Sent> {
    const SVG: &str =
        "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let utf16 = |text: &str| -> Vec<u8> {
        [0xFF, 0xFE]
            .into_iter()
            .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
            .collect()
    };
    vec![
        sent(
            "a page called a picture",
            *b"<html><script>1</script>",
            "image/jpeg",
            "a.jpg",
            (true, "text/html", "html"),
        ),
        sent(
            "a drawing with a script",
            SVG,
            "image/svg+xml",
            "logo.svg",
            (true, "image/svg+xml", "svg"),
        ),
        sent(
            "a drawing with a script called a photo",
            SVG,
            "image/png",
            "logo.png",
            (true, "image/svg+xml", "svg"),
        ),
        sent(
            "a drawing behind a long comment",
            format!("<!--{}--><svg/>", "x".repeat(5000)),
            "",
            "a.png",
            (true, "image/svg+xml", "svg"),
        ),
        sent(
            "a page in UTF-16",
            utf16("<html><script>1</script>"),
            "text/plain",
            "a.txt",
            (true, "text/html", "html"),
        ),
        sent(
            "a page in an old alphabet",
            b"<p>\xE9t\xE9<script>1</script>".to_vec(),
            "text/plain",
            "a.txt",
            (true, "text/html", "html"),
        ),
        sent(
            "a page behind zeros",
            b"\0\0\0<script>1</script>".to_vec(),
            "",
            "a.txt",
            (true, "text/html", "html"),
        ),
        sent(
            "a PDF behind a page",
            *b"<html><body>%PDF-1.4",
            "application/pdf",
            "a.pdf",
            (true, "text/html", "html"),
        ),
        sent(
            "XML that a style sheet turns into a page",
            *b"<?xml version='1.0'?><?xml-stylesheet href='a'?><a/>",
            "",
            "a.xml",
            (true, "application/xhtml+xml", "xhtml"),
        ),
        sent(
            "a script called a picture",
            *b"#!/bin/sh\nrm -rf ~",
            "image/gif",
            "cat.gif",
            (true, "application/x-sh", "sh"),
        ),
        sent(
            "a script of Python",
            *b"#!/usr/bin/env python3\nprint(1)",
            "",
            "a.py",
            (true, "text/x-python", "py"),
        ),
        sent(
            "a batch file called a text",
            *b"@echo off\r\ndel *.*",
            "text/plain",
            "a.txt",
            (true, "application/x-bat", "bat"),
        ),
        sent(
            "a batch file by its name",
            *b"start calc",
            "text/plain",
            "a.cmd",
            (true, "application/x-bat", "cmd"),
        ),
        sent(
            "JavaScript by its name",
            *b"WScript.Shell",
            "",
            "invoice.js",
            (true, "text/javascript", "js"),
        ),
        sent(
            "JavaScript by the claim",
            *b"alert(1)",
            "text/javascript; charset=utf-8",
            "",
            (true, "text/javascript", "js"),
        ),
        sent(
            "PHP",
            *b"<?php system('x');",
            "image/jpeg",
            "a.jpg",
            (true, "application/x-httpd-php", "php"),
        ),
        sent(
            "an application of pages",
            *b"<html><hta:application id=a>",
            "",
            "a.hta",
            (true, "application/hta", "hta"),
        ),
        sent(
            "an entry of a desktop",
            *b"[Desktop Entry]\nExec=calc",
            "text/plain",
            "photo.txt",
            (true, "application/x-desktop", "desktop"),
        ),
        sent(
            "a short cut to a page",
            *b"[InternetShortcut]\r\nURL=file://x",
            "",
            "photo.txt",
            (true, "application/x-mswinurl", "url"),
        ),
        sent(
            "a change of the registry",
            utf16("Windows Registry Editor Version 5.00"),
            "",
            "a.txt",
            (true, "text/x-ms-regedit", "reg"),
        ),
        sent(
            "a question to the network",
            *b"WEB\r\n1\r\nhttp://x",
            "",
            "a.csv",
            (true, "text/x-ms-iqy", "iqy"),
        ),
        sent(
            "a table with commands",
            *b"ID;PWXL;N;E\nC;X1",
            "",
            "a.csv",
            (true, "application/x-sylk", "slk"),
        ),
        sent(
            "RTF with something packed in",
            *b"{\\rtf1{\\object\\objdata 0105}}",
            "",
            "a.rtf",
            (true, "application/rtf", "rtf"),
        ),
        sent(
            "RTF called Word",
            *b"{\\rtf1 hello}",
            "application/msword",
            "a.doc",
            (false, "application/rtf", "rtf"),
        ),
        sent(
            "text called PDF",
            *b"just words",
            "application/pdf",
            "a.pdf",
            (false, "text/plain", "txt"),
        ),
        sent(
            "text with a bell",
            *b"ding\x07",
            "text/plain",
            "a.txt",
            (false, OCTETS, "txt"),
        ),
        sent(
            "bytes called a picture",
            *b"\x01\x02\x03\xFE",
            "image/png",
            "a.png",
            (false, OCTETS, "bin"),
        ),
        sent(
            "a claim that is none",
            *b"\x01\x02\x03\xFE",
            "not a type/../x",
            "a",
            (false, OCTETS, "bin"),
        ),
        sent(
            "a claim that never ends",
            *b"\x01\x02\x03\xFE",
            "image/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "a.dat",
            (false, OCTETS, "dat"),
        ),
        sent("nothing at all", *b"", "", "", (false, OCTETS, "bin")),
    ]
}

fn names() -> Vec<Sent> {
    let pdf = |what: &'static str, name: &str| {
        sent(
            what,
            *b"%PDF-1.7\n",
            "application/pdf",
            name,
            (false, "application/pdf", "pdf"),
        )
    };
    let program = |what: &'static str, name: &str, extension: &'static str| {
        sent(what, exe(), "", name, (true, EXE_MIME, extension))
    };
    vec![
        pdf("a path upwards", "../../../../etc/passwd"),
        pdf("a path upwards in Windows", "..\\..\\..\\Windows\\win.ini"),
        pdf("a whole path", "/etc/cron.d/evil.pdf"),
        pdf("a drive", "C:\\autoexec.pdf"),
        pdf("a drive without a path", "C:evil.pdf"),
        pdf("a share", "\\\\server\\share\\a.pdf"),
        pdf("only dots", "...."),
        pdf("only slashes", "////"),
        pdf("a hidden file", ".bashrc"),
        pdf("only an ending", ".pdf"),
        pdf("zero in the middle", "a\0b.pdf"),
        pdf("lines", "a\r\nContent-Type: x\r\n.pdf"),
        pdf("escapes of a terminal", "\u{1b}[2Ja.pdf"),
        pdf("a device", "CON"),
        pdf("a device with an ending", "nul.pdf"),
        pdf("a device with a space", "aux .pdf"),
        pdf("a device with a small number", "COM\u{b9}.pdf"),
        pdf("a device with two endings", "lpt1.tar.pdf"),
        pdf("forbidden letters", "<a>|b?*\".pdf"),
        pdf("ten thousand letters", &"a".repeat(10_000)),
        pdf(
            "ten thousand wide letters",
            &format!("{}.pdf", "\u{6f22}".repeat(10_000)),
        ),
        pdf("ten thousand spaces", &format!("{}a.pdf", " ".repeat(10_000))),
        pdf("ten thousand dots", &format!("a{}pdf", ".".repeat(10_000))),
        pdf(
            "an ending of a thousand letters",
            &format!("a.{}", "b".repeat(1000)),
        ),
        pdf("letters that cannot be seen", "\u{200b}\u{feff}\u{2060}"),
        pdf("marks on marks", &format!("a{}.pdf", "\u{301}".repeat(500))),
        sent(
            "a stream",
            *b"%PDF-1.7",
            "",
            "a.pdf:evil.exe",
            (true, "application/pdf", "pdf"),
        ),
        pdf("a stream without a name", "a.pdf::$DATA"),
        program("turned around", "invoice\u{202e}fdp.exe", "exe"),
        program("turned around in a box", "invoice\u{2066}\u{202e}gpj.scr", "scr"),
        program(
            "an ending far away",
            &format!("photo.jpg{}.exe", " ".repeat(200)),
            "exe",
        ),
        program(
            "an ending behind blanks of Braille",
            &format!("photo.jpg{}.exe", "\u{2800}".repeat(90)),
            "exe",
        ),
        program("an ending with a joiner in it", "photo.e\u{200d}xe", "exe"),
        program("a dot at the end", "photo.exe.", "exe"),
        program("spaces at the end", "photo.exe   ", "exe"),
        program("upper case", "PHOTO.EXE", "exe"),
    ]
}
