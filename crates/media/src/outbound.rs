//! What may be sent as what (whatsapp-cloud-api, section 6).

use domain::MessageKind;

use crate::look::Look;
use crate::sniff::{Family, Sniffed};

/// A thousand thousand, as the provider's table counts: a little less than 1024 × 1024, so a file that passes here
/// passes there.
const MB: u64 = 1_000_000;
/// Largest sound, in bytes.
pub const AUDIO_LIMIT: u64 = 16 * MB;
/// Largest document, in bytes.
pub const DOCUMENT_LIMIT: u64 = 100 * MB;
/// Largest picture, in bytes.
pub const IMAGE_LIMIT: u64 = 5 * MB;
/// Largest film, in bytes.
pub const VIDEO_LIMIT: u64 = 16 * MB;
/// Largest sticker that does not move, in bytes.
pub const STICKER_LIMIT: u64 = 100_000;
/// Largest sticker that moves, in bytes.
pub const MOVING_STICKER_LIMIT: u64 = 500_000;
/// The side of a sticker, in pixels.
pub const STICKER_SIDE: u32 = 512;

/// A rule of WhatsApp's that a file breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct Rule {
    /// What is wrong and what to do, for the person at the desk.
    pub sentence: String,
}

impl Rule {
    fn new(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
        }
    }
}

/// Checks a file of `size` bytes before it is uploaded to be sent as `kind`; returns the media type to declare.
///
/// What only the opened file shows is asked elsewhere: the size of a sticker in [`check_sticker`], the colours of a
/// picture in [`fit_photo`](crate::fit_photo), the channels of a voice note in [`voice_note`](crate::voice_note).
pub fn check_outbound(kind: MessageKind, sniffed: &Sniffed, size: u64) -> Result<String, Rule> {
    if size == 0 {
        return Err(Rule::new("This file is empty. Choose another one."));
    }
    if sniffed.is_dangerous {
        return Err(Rule::new(
            "Files that can run something are not sent, because they can harm the customer's device. Send a PDF or a picture instead.",
        ));
    }
    let limit = match kind {
        MessageKind::Image if is_image(sniffed) => IMAGE_LIMIT,
        MessageKind::Image => {
            return Err(Rule::new(
                "WhatsApp shows only JPEG and PNG as pictures. Save the picture as JPEG, or send it as a document.",
            ));
        }
        MessageKind::Video if is_video(sniffed) => VIDEO_LIMIT,
        MessageKind::Video => {
            return Err(Rule::new(
                "WhatsApp plays only MP4 and 3GP films. Save the film as MP4, or send it as a document.",
            ));
        }
        MessageKind::Voice if is_opus(sniffed) => AUDIO_LIMIT,
        MessageKind::Voice => {
            return Err(Rule::new(
                "A voice note has to be Opus in an Ogg file. Record it here, or send the file as a sound.",
            ));
        }
        MessageKind::Audio if is_audio(sniffed) => AUDIO_LIMIT,
        MessageKind::Audio => {
            return Err(Rule::new(
                "WhatsApp plays AAC, AMR, MP3, M4A and Ogg with Opus. Save the sound as MP3, or send it as a document.",
            ));
        }
        MessageKind::Sticker if sniffed.mime == "image/webp" => MOVING_STICKER_LIMIT,
        MessageKind::Sticker => {
            return Err(Rule::new(
                "A sticker has to be a WebP picture of 512 by 512 pixels. Send this one as a picture.",
            ));
        }
        MessageKind::Document if document_type(sniffed).is_some() => DOCUMENT_LIMIT,
        MessageKind::Document => {
            return Err(Rule::new(
                "WhatsApp takes PDF, text, Word, Excel and PowerPoint files as documents, no archives and no others. Save it \
                 as PDF, or send what is inside one by one.",
            ));
        }
        _ => {
            return Err(Rule::new(
                "A message of this kind carries no file. Send the file as a document.",
            ));
        }
    };
    if size > limit {
        return Err(too_large(kind, limit));
    }
    if kind == MessageKind::Document
        && let Some(declared) = document_type(sniffed)
    {
        return Ok(declared.to_owned());
    }
    Ok(sniffed.mime.clone())
}

/// What else WhatsApp takes as a file (whatsapp-cloud-api, section 6).
const DOCUMENTS: [&str; 7] = [
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
];

/// Returns the type a document is declared as; `None` when WhatsApp takes no such file. Text of every sort is text, and
/// what can be sent as a picture, film or sound can be sent as a file, too.
fn document_type(sniffed: &Sniffed) -> Option<&str> {
    if sniffed.mime.starts_with("text/") {
        return Some("text/plain");
    }
    let listed = DOCUMENTS.contains(&sniffed.mime.as_str())
        || is_image(sniffed)
        || sniffed.mime == "image/webp"
        || is_video(sniffed)
        || is_audio(sniffed);
    listed.then_some(sniffed.mime.as_str())
}

/// Checks what a sticker of `size` bytes looks like.
pub fn check_sticker(look: &Look, size: u64) -> Result<(), Rule> {
    if (look.width, look.height) != (Some(STICKER_SIDE), Some(STICKER_SIDE)) {
        return Err(Rule::new(
            "A sticker has to be 512 by 512 pixels. Make it that size, or send it as a picture.",
        ));
    }
    let limit = if look.animated {
        MOVING_STICKER_LIMIT
    } else {
        STICKER_LIMIT
    };
    if size > limit {
        return Err(too_large(MessageKind::Sticker, limit));
    }
    Ok(())
}

/// Returns as what a file is best sent: as what WhatsApp shows or plays, else as a document.
pub fn kind_for(sniffed: &Sniffed, size: u64) -> MessageKind {
    let natural = match sniffed.family {
        Family::Image => MessageKind::Image,
        Family::Video => MessageKind::Video,
        Family::Audio => MessageKind::Audio,
        _ => MessageKind::Document,
    };
    if check_outbound(natural, sniffed, size).is_ok() {
        natural
    } else {
        MessageKind::Document
    }
}

fn is_image(sniffed: &Sniffed) -> bool {
    matches!(sniffed.mime.as_str(), "image/jpeg" | "image/png")
}

fn is_video(sniffed: &Sniffed) -> bool {
    matches!(sniffed.mime.as_str(), "video/mp4" | "video/3gpp")
}

/// Ogg may hold sounds WhatsApp cannot play; their ending tells them apart.
fn is_opus(sniffed: &Sniffed) -> bool {
    sniffed.mime == "audio/ogg" && sniffed.extension == "ogg"
}

fn is_audio(sniffed: &Sniffed) -> bool {
    let plain = matches!(
        sniffed.mime.as_str(),
        "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4"
    );
    plain || is_opus(sniffed)
}

fn too_large(kind: MessageKind, limit: u64) -> Rule {
    let most = if limit >= MB {
        format!("{} MB", limit / MB)
    } else {
        format!("{} KB", limit / 1000)
    };
    Rule::new(match kind {
        MessageKind::Image => {
            format!("A picture may have {most}. Make it smaller, or send it as a document.")
        }
        MessageKind::Video => format!("A film may have {most}. Cut it shorter, or send it as a document."),
        MessageKind::Voice => format!("A voice note may have {most}. Record a shorter one."),
        MessageKind::Audio => format!("A sound may have {most}. Cut it shorter, or send it as a document."),
        MessageKind::Sticker => {
            format!("A sticker may have {most}. Make it simpler, or send it as a picture.")
        }
        _ => format!("A file may have {most}. Send it in parts, or send a link to it."),
    })
}
