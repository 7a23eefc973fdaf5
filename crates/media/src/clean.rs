//! Takes out of a picture what does not belong to it: where it was taken, with what, when, by whom, and what somebody
//! wrote into it. The pixels stay as they are, to the byte.

mod jpeg;
mod png;
mod webp;

use crate::sniff::Sniffed;

/// Why a picture could not be made clean. It must then not be sent as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CleanError {
    /// Its parts do not fit together.
    #[error(
        "This picture is damaged: its parts do not fit together. Save it again in a picture program, then attach it."
    )]
    Broken,
    /// It is not a JPEG, PNG or WebP.
    #[error(
        "Deskbell can take hidden details out of JPEG, PNG and WebP pictures only. Save this one as JPEG or PNG first."
    )]
    OtherType,
}

/// Returns the picture without what cameras and programs write beside the pixels: EXIF with the place, XMP, comments,
/// preview pictures, and whatever hangs on behind its end. Kept are the colours' meaning (ICC) and, in a JPEG, which
/// way is up. Nothing is encoded anew.
pub fn without_metadata(bytes: &[u8], sniffed: &Sniffed) -> Result<Vec<u8>, CleanError> {
    match sniffed.mime.as_str() {
        "image/jpeg" => jpeg::clean(bytes).ok_or(CleanError::Broken),
        "image/png" => png::clean(bytes).ok_or(CleanError::Broken),
        "image/webp" => webp::clean(bytes).ok_or(CleanError::Broken),
        _ => Err(CleanError::OtherType),
    }
}
