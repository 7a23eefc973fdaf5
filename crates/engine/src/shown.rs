//! What a file may be called and taken for before its content is here: by what its sender says, made harmless.

use domain::AttachmentState;
use media::{announced, safe_name};
use store::Attachment;

/// What is shown of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownFile {
    /// A name that is safe to show and to save under.
    pub file_name: String,
    /// What it is: by its content once that is here, by the sender's word before. Without parameters.
    pub mime_type: String,
    /// What sort of thing it is.
    pub family: String,
}

/// Returns what is shown of a file.
pub fn shown_file(attachment: &Attachment) -> ShownFile {
    if attachment.state == AttachmentState::Stored
        && let (Some(file_name), Some(mime_type), Some(family)) =
            (&attachment.file_name, &attachment.mime_type, &attachment.family)
    {
        return ShownFile {
            file_name: file_name.clone(),
            mime_type: mime_type.clone(),
            family: family.clone(),
        };
    }
    let guess = announced(
        attachment.claimed_mime.as_deref(),
        attachment.claimed_name.as_deref(),
    );
    ShownFile {
        file_name: safe_name(attachment.claimed_name.as_deref(), &guess),
        mime_type: guess.mime,
        family: guess.family.to_string(),
    }
}
