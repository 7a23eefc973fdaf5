//! Reading files that strangers may have made.
//!
//! [`extract_in_child`] hands a file to a process of its own, which calls [`child_main`]; whatever a file does to its
//! reader (never ending, eating memory, crashing) then ends that process and nothing else.

mod child;
mod docx;
mod html;
mod markdown;
mod pdf;
mod plain;
mod table;

pub use child::{Limits, child_main, extract_in_child};

use super::block::Extracted;
use domain::DocumentSource;
use serde::{Deserialize, Serialize};
use std::io::{Cursor, Read as _};

/// Bytes of text a document has at most.
const MOST_TEXT: usize = 5 * 1024 * 1024;
/// Bytes one part of a Word file has at most once it is unpacked.
const MOST_UNPACKED: u64 = 64 * 1024 * 1024;

/// Why a file gives no text. Each is a sentence for the owner that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The file is larger than is read.
    #[error("This file is larger than {megabytes} MB. Split it, or keep only the part customers ask about.")]
    TooLarge {
        /// The limit.
        megabytes: u64,
    },
    /// It holds more text than is kept.
    #[error("This file holds more than 5 MB of text. Split it, or keep only the part customers ask about.")]
    TooMuchText,
    /// There are no words in it.
    #[error("There are no words in this file.")]
    NoText,
    /// A PDF without words.
    #[error(
        "This PDF holds only pictures of text. Type the text, or save the PDF again with text recognition."
    )]
    OnlyPictures,
    /// It is locked.
    #[error("This file is protected by a password. Save a copy without one, and add that.")]
    Locked,
    /// A Word file of before 2007, or another office file of that time.
    #[error("This is an office file of the old kind. Save it as .docx, and add that.")]
    OldOffice,
    /// Not a format that can be read.
    #[error(
        "This file is neither text nor a Word, PDF, HTML or CSV file. Save it as one of these, and add that."
    )]
    OtherFormat,
    /// It breaks the rules of its format.
    #[error(
        "This file is damaged, or is not what its name says. Open it where it was made, and save it again."
    )]
    Damaged,
    /// It was not read in time.
    #[error(
        "This file could not be read within {seconds} seconds. Save its text as a text file, and add that."
    )]
    TooSlow {
        /// The limit.
        seconds: u64,
    },
    /// The reading process ended by itself.
    #[error(
        "Reading this file failed: it is damaged, or made to do harm. Save its text as a text file, and add that."
    )]
    Crashed,
    /// The reading process did not start.
    #[error("The program that reads files did not start ({0}). Install Deskbell again if this goes on.")]
    NotStarted(String),
}

/// Reads a file in this process. `hint` is what its name says it is; what it really is, is seen from its content.
///
/// For files that are known to be harmless, such as text typed here; anything else goes to [`extract_in_child`].
pub fn extract(hint: DocumentSource, file: &[u8]) -> Result<(DocumentSource, Extracted), Trouble> {
    let kind = sniff(hint, file)?;
    let extracted = match kind {
        DocumentSource::Docx => docx::read(file)?,
        DocumentSource::Pdf => pdf::read(file)?,
        DocumentSource::Html => html::read(&plain::decode(file)?),
        DocumentSource::Markdown => markdown::read(&plain::decode(file)?),
        DocumentSource::Csv => table::read(&plain::decode(file)?),
        DocumentSource::Typed | DocumentSource::Text | DocumentSource::PastReplies => {
            plain::read(&plain::decode(file)?)
        }
    };
    if extracted.size() > MOST_TEXT {
        return Err(Trouble::TooMuchText);
    }
    if extracted.blocks.is_empty() {
        return Err(if kind == DocumentSource::Pdf {
            Trouble::OnlyPictures
        } else {
            Trouble::NoText
        });
    }
    Ok((kind, extracted))
}

/// Reads text that was typed here, with or without the signs of Markdown. Lines that were not filled up are lines of
/// their own: a question and its answer, a day and its hours.
pub fn typed(text: &str) -> Result<Extracted, Trouble> {
    /// Letters from which on a line was broken because it was full.
    const FULL: usize = 60;
    if text.len() > MOST_TEXT {
        return Err(Trouble::TooMuchText);
    }
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            let line = line.trim_end();
            let ends = line.ends_with(['.', ':', '?', '!', ';', '؟', '。', '？']);
            if ends || line.chars().count() < FULL {
                // Markdown's sign for the end of a line.
                format!("{line}  ")
            } else {
                line.to_owned()
            }
        })
        .collect();
    let extracted = markdown::read(&lines.join("\n"));
    if extracted.blocks.is_empty() {
        return Err(Trouble::NoText);
    }
    Ok(extracted)
}

/// Returns what the name of a file says it is, or none when it has no ending that is known.
pub fn kind_of_name(name: &str) -> Option<DocumentSource> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "txt" | "text" => DocumentSource::Text,
        "md" | "markdown" => DocumentSource::Markdown,
        "html" | "htm" | "xhtml" => DocumentSource::Html,
        "csv" | "tsv" => DocumentSource::Csv,
        "docx" => DocumentSource::Docx,
        "pdf" => DocumentSource::Pdf,
        _ => return None,
    })
}

/// Returns what a file is by its content; text of any kind is what its name says.
fn sniff(hint: DocumentSource, file: &[u8]) -> Result<DocumentSource, Trouble> {
    let start = file.get(..1024).unwrap_or(file);
    if start.windows(5).any(|bytes| bytes == b"%PDF-") {
        return Ok(DocumentSource::Pdf);
    }
    if start.starts_with(b"PK\x03\x04") {
        return Ok(DocumentSource::Docx);
    }
    if start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Trouble::OldOffice);
    }
    if start.starts_with(b"{\\rtf") {
        return Err(Trouble::OtherFormat);
    }
    let words = String::from_utf8_lossy(start)
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_ascii_lowercase();
    let is_page = words.starts_with("<!doctype html") || words.starts_with("<html");
    Ok(match hint {
        _ if is_page => DocumentSource::Html,
        // It says so, and is not.
        DocumentSource::Pdf | DocumentSource::Docx => {
            plain::decode(file).map_err(|_| Trouble::Damaged)?;
            DocumentSource::Text
        }
        other => other,
    })
}

/// Unpacks one part of a ZIP file, up to a limit.
fn unpacked(file: &[u8], name: &str) -> Result<Option<Vec<u8>>, Trouble> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).map_err(|_| Trouble::Damaged)?;
    let part = match archive.by_name(name) {
        Ok(part) => part,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(zip::result::ZipError::UnsupportedArchive(_)) => return Err(Trouble::Locked),
        Err(_) => return Err(Trouble::Damaged),
    };
    let mut bytes = Vec::new();
    part.take(MOST_UNPACKED + 1)
        .read_to_end(&mut bytes)
        .map_err(|_| Trouble::Damaged)?;
    if bytes.len() as u64 > MOST_UNPACKED {
        return Err(Trouble::TooMuchText);
    }
    Ok(Some(bytes))
}
