//! Puts an attempt into the form the wire takes.

use channels::{Content, HeaderMedia, Outbound, Recipient};
use domain::{Identity, IdentityKind, MessageKind, SendClass, SendFailure};
use store::{Attachment, Claimed};

/// Returns the message as the provider wants it, or why there is none to send.
pub(crate) fn outbound(claimed: &Claimed) -> Result<Outbound, SendFailure> {
    Ok(Outbound {
        to: recipient(&claimed.identities).ok_or_else(|| never("There is no number or id to send to"))?,
        content: content(claimed)?,
        reply_to: claimed.reply_to.clone(),
        reference: claimed.attempt.id.clone(),
    })
}

fn content(claimed: &Claimed) -> Result<Content, SendFailure> {
    let file = claimed.files.first();
    match claimed.kind {
        MessageKind::Text => Ok(Content::Text {
            text: claimed.text.clone().unwrap_or_default(),
        }),
        kind @ (MessageKind::Image
        | MessageKind::Video
        | MessageKind::Audio
        | MessageKind::Voice
        | MessageKind::Document
        | MessageKind::Sticker) => {
            let file = file.ok_or_else(no_file)?;
            Ok(Content::Media {
                kind,
                media_id: media_id(file)?,
                caption: claimed.text.clone(),
                file_name: file.file_name.clone(),
            })
        }
        MessageKind::Template => Ok(Content::Template {
            body: claimed.payload.clone().ok_or_else(no_content)?,
            header: file.map(header).transpose()?,
        }),
        kind => Ok(Content::Object {
            kind,
            body: claimed.payload.clone().ok_or_else(no_content)?,
        }),
    }
}

fn header(file: &Attachment) -> Result<HeaderMedia, SendFailure> {
    let mime = file.mime_type.as_deref().unwrap_or_default();
    let kind = match mime.split('/').next() {
        Some("image") => MessageKind::Image,
        Some("video") => MessageKind::Video,
        _ => MessageKind::Document,
    };
    Ok(HeaderMedia {
        kind,
        media_id: media_id(file)?,
        file_name: file.file_name.clone(),
    })
}

fn media_id(file: &Attachment) -> Result<String, SendFailure> {
    file.media_id.clone().ok_or_else(no_file)
}

/// A group by its own id; else a phone number when it is known, else the business-scoped id (whatsapp-cloud-api, section
/// 5.1). The WhatsApp id goes before the phone number: in some countries they differ, and it is the one the provider
/// answered with.
pub(crate) fn recipient(identities: &[Identity]) -> Option<Recipient> {
    let value = |kind| {
        identities
            .iter()
            .rfind(|identity| identity.kind == kind)
            .map(|identity| identity.value.clone())
    };
    value(IdentityKind::GroupId)
        .map(Recipient::Group)
        .or_else(|| value(IdentityKind::WaId).map(Recipient::Phone))
        .or_else(|| value(IdentityKind::Phone).map(Recipient::Phone))
        .or_else(|| value(IdentityKind::Bsuid).map(Recipient::Bsuid))
}

fn no_file() -> SendFailure {
    never("The file of this message is missing, so it was not sent. Attach it again")
}

fn no_content() -> SendFailure {
    never("The content of this message is missing, so it was not sent. Write it again")
}

fn never(title: &str) -> SendFailure {
    SendFailure {
        class: SendClass::Never,
        code: None,
        subcode: None,
        title: title.to_owned(),
        detail: None,
        retry_after: None,
    }
}
