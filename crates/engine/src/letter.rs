//! Puts an attempt into the form the wire takes.

use channels::{Content, HeaderMedia, Outbound, Recipient};
use domain::{Identity, IdentityKind, MessageKind, SendClass, SendFailure};
use serde_json::Value;
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
        MessageKind::Template => template(claimed),
        kind => Ok(Content::Object {
            kind,
            body: claimed.payload.clone().ok_or_else(no_content)?,
        }),
    }
}

/// Stands in a stored template where the id of an upload will stand, with the place of the file among the message's
/// files. Ids of uploads expire, so they are put in at the moment of sending.
pub(crate) const FILE_PLACE: &str = "file:";

/// A template's only file stands above its text, unless its cards have files of their own.
fn template(claimed: &Claimed) -> Result<Content, SendFailure> {
    let mut body = claimed.payload.clone().ok_or_else(no_content)?;
    let in_cards = put_in_ids(&mut body, &claimed.files)?;
    let above = claimed.files.first().filter(|_| !in_cards);
    Ok(Content::Template {
        body,
        header: above.map(header).transpose()?,
    })
}

/// Puts the ids of uploads where their places are; returns whether there were any. Only an `id` can be one: what a person
/// filled in may look like anything.
fn put_in_ids(value: &mut Value, files: &[Attachment]) -> Result<bool, SendFailure> {
    match value {
        Value::Array(items) => items
            .iter_mut()
            .try_fold(false, |any, item| Ok(any | put_in_ids(item, files)?)),
        Value::Object(keys) => {
            let mut any = false;
            for (key, item) in keys.iter_mut() {
                let place = item.as_str().filter(|_| key == "id").and_then(place_of);
                if let Some(place) = place {
                    *item = Value::String(media_id(files.get(place).ok_or_else(no_file)?)?);
                    any = true;
                } else {
                    any |= put_in_ids(item, files)?;
                }
            }
            Ok(any)
        }
        _ => Ok(false),
    }
}

fn place_of(text: &str) -> Option<usize> {
    text.strip_prefix(FILE_PLACE)?.parse().ok()
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

/// A group by its own id; else a phone number when it is known, else the business-scoped id, its own or
/// that of the parent business (whatsapp-cloud-api, section 5.1). The WhatsApp id goes before the phone number: in some countries they differ, and it is the one the provider
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
        .or_else(|| value(IdentityKind::ParentBsuid).map(Recipient::Bsuid))
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
