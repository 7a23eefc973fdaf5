//! Files: read by a window, and handed in by it.

use crate::desk::{Desk, closed};
use crate::error::{ApiError, ErrorCode};
use crate::router::{bad_field, id};
use crate::views::UploadView;
use domain::{AttachmentId, AttachmentState};
use engine::{Engine, HandedIn};
use std::path::PathBuf;
use std::str::FromStr;
use store::{Attachment, Upload};

/// In which form a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FileForm {
    /// As it came.
    #[default]
    Whole,
    /// A small picture of it.
    Thumbnail,
    /// As any player plays it: a voice note as WAV, everything else as it came.
    Playable,
}

impl FromStr for FileForm {
    type Err = domain::UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "whole" => Ok(Self::Whole),
            "thumbnail" => Ok(Self::Thumbnail),
            "playable" => Ok(Self::Playable),
            other => Err(domain::UnknownWord {
                word: other.chars().take(60).collect(),
                expected: "whole, thumbnail, playable".to_owned(),
            }),
        }
    }
}

/// The content of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileBody {
    /// It lies here; it may be read, never changed.
    Path(PathBuf),
    /// It was made just now.
    Bytes(Vec<u8>),
}

/// A file, with what whoever passes it on has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAnswer {
    /// Its content.
    pub body: FileBody,
    /// What it is by its content.
    pub mime_type: String,
    /// What sort of thing it is, as in `AttachmentView`.
    pub family: String,
    /// A name that is safe to save it under.
    pub file_name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Whether opening it may run something: it may be saved, never opened.
    pub dangerous: bool,
}

impl FileAnswer {
    /// Returns a media type that no browser makes a page of: what it is for pictures, sounds and films, and
    /// `application/octet-stream` for everything else. SVG is a picture that can hold a script.
    pub fn shown_type(&self) -> &str {
        let shows = ["image/", "audio/", "video/"]
            .iter()
            .any(|kind| self.mime_type.starts_with(kind));
        if shows && !self.dangerous && !self.mime_type.contains("xml") {
            &self.mime_type
        } else {
            "application/octet-stream"
        }
    }

    /// Whether another program of this computer may open it: something to look at, to hear or to read, that runs
    /// nothing.
    pub fn may_be_opened(&self) -> bool {
        const OPENED: [&str; 6] = ["image", "video", "audio", "document", "sheet", "slides"];
        !self.dangerous && OPENED.contains(&self.family.as_str())
    }
}

/// A file that is being handed in for sending. Dropped before it is finished, it leaves nothing behind.
#[derive(Debug)]
pub struct HandIn {
    inner: engine::HandIn,
}

impl Desk {
    /// Reads a file of a message.
    pub async fn file(&self, attachment_id: &str, form: FileForm) -> Result<FileAnswer, ApiError> {
        let engine = self.engine().await.ok_or_else(closed)?;
        let id: AttachmentId = id("attachment_id", attachment_id)?;
        let file = engine.attachment(id).await?;
        if file.state != AttachmentState::Stored {
            return Err(not_now(file.trouble.unwrap_or_else(|| {
                "This file is not here yet. It is being fetched.".to_owned()
            })));
        }
        match form {
            FileForm::Thumbnail => thumbnail(&engine, file).await,
            FileForm::Playable if is_voice(&file) => playable(&engine, file).await,
            FileForm::Whole | FileForm::Playable => whole(&engine, file).await,
        }
    }

    /// Begins to take a file in that is to be sent. 100 MB at most.
    pub async fn hand_in(&self, name: &str) -> Result<HandIn, ApiError> {
        let engine = self.engine().await.ok_or_else(closed)?;
        Ok(HandIn {
            inner: engine.hand_in(name).await?,
        })
    }
}

impl HandIn {
    /// Takes the next bytes.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), ApiError> {
        Ok(self.inner.write(bytes).await?)
    }

    /// All bytes are here. `voice`: it is a recording that becomes a voice note.
    pub async fn finish(self, voice: bool) -> Result<UploadView, ApiError> {
        Ok(match self.inner.finish(voice).await? {
            HandedIn::Ready(upload) => ready(upload),
            HandedIn::Unfit {
                id,
                name,
                size,
                problem,
            } => UploadView {
                upload_id: id.unwrap_or_default(),
                file_name: name,
                mime_type: "application/octet-stream".to_owned(),
                family: "unknown".to_owned(),
                size,
                kind: domain::MessageKind::Document.to_string(),
                problem: Some(problem),
            },
        })
    }
}

fn ready(upload: Upload) -> UploadView {
    UploadView {
        upload_id: upload.id,
        file_name: upload.file.file_name,
        mime_type: upload.file.mime_type,
        family: upload.file.family,
        size: upload.file.size,
        kind: upload.kind.to_string(),
        problem: None,
    }
}

fn is_voice(file: &Attachment) -> bool {
    file.mime_type.as_deref() == Some("audio/ogg")
}

fn name_of(file: &Attachment) -> String {
    file.file_name.clone().unwrap_or_else(|| "file.bin".to_owned())
}

fn family_of(file: &Attachment) -> String {
    file.family.clone().unwrap_or_else(|| "unknown".to_owned())
}

fn stem_of(file: &Attachment) -> String {
    let name = name_of(file);
    name.rsplit_once('.')
        .map_or(name.as_str(), |(stem, _)| stem)
        .to_owned()
}

/// Where a content lies, and how large it is.
async fn placed(engine: &Engine, sha256: Option<&str>) -> Result<(PathBuf, u64), ApiError> {
    let path = match sha256 {
        Some(sha256) => engine.content(sha256).await,
        None => None,
    };
    let path = path.ok_or_else(gone)?;
    let size = tokio::fs::metadata(&path).await.map_err(|_| gone())?.len();
    Ok((path, size))
}

async fn whole(engine: &Engine, file: Attachment) -> Result<FileAnswer, ApiError> {
    let (path, size) = placed(engine, file.sha256.as_deref()).await?;
    Ok(FileAnswer {
        body: FileBody::Path(path),
        file_name: name_of(&file),
        family: family_of(&file),
        mime_type: file
            .mime_type
            .unwrap_or_else(|| "application/octet-stream".to_owned()),
        size,
        dangerous: file.dangerous,
    })
}

async fn thumbnail(engine: &Engine, file: Attachment) -> Result<FileAnswer, ApiError> {
    let mime = file.thumbnail_mime.clone().ok_or_else(|| ApiError {
        code: ErrorCode::NotFound,
        message: "There is no small picture of this file.".to_owned(),
        retryable: false,
        field: None,
    })?;
    let (path, size) = placed(engine, file.thumbnail.as_deref()).await?;
    let ending = if mime == "image/png" { "png" } else { "jpg" };
    Ok(FileAnswer {
        body: FileBody::Path(path),
        file_name: format!("{}.{ending}", stem_of(&file)),
        mime_type: mime,
        family: "image".to_owned(),
        size,
        // Made here from pixels.
        dangerous: false,
    })
}

async fn playable(engine: &Engine, file: Attachment) -> Result<FileAnswer, ApiError> {
    let made = engine.playable(file.sha256.as_deref().unwrap_or_default()).await;
    let about = match &made {
        Ok(path) => tokio::fs::metadata(path).await.ok(),
        Err(_) => None,
    };
    let (Ok(path), Some(about)) = (made, about) else {
        // Not Opus after all, or damaged: the player may still know what to do with it.
        return whole(engine, file).await;
    };
    Ok(FileAnswer {
        mime_type: "audio/wav".to_owned(),
        family: "audio".to_owned(),
        file_name: format!("{}.wav", stem_of(&file)),
        size: about.len(),
        dangerous: file.dangerous,
        body: FileBody::Path(path),
    })
}

fn gone() -> ApiError {
    ApiError {
        code: ErrorCode::NotFound,
        message: "This file is not on this computer any more. It may have been deleted outside of Deskbell."
            .to_owned(),
        retryable: false,
        field: None,
    }
}

fn not_now(message: String) -> ApiError {
    ApiError {
        code: ErrorCode::NotNow,
        message,
        retryable: true,
        field: None,
    }
}

/// Returns where the file of `send_media` comes from: exactly one of the two is given.
pub(crate) fn source(
    path: Option<String>,
    upload_id: Option<String>,
) -> Result<engine::FileSource, ApiError> {
    match (path, upload_id) {
        (Some(path), None) => Ok(engine::FileSource::Path(PathBuf::from(path))),
        (None, Some(upload)) => Ok(engine::FileSource::Upload(upload)),
        (None, None) => Err(bad_field(
            "path",
            "There is no file to send: give its path or its upload_id.",
        )),
        (Some(_), Some(_)) => Err(bad_field("path", "Give the path or the upload_id, not both.")),
    }
}

#[cfg(test)]
mod tests {
    use super::{FileAnswer, FileBody};

    fn file(mime_type: &str, family: &str, dangerous: bool) -> FileAnswer {
        FileAnswer {
            body: FileBody::Bytes(Vec::new()),
            mime_type: mime_type.to_owned(),
            family: family.to_owned(),
            file_name: "x".to_owned(),
            size: 0,
            dangerous,
        }
    }

    #[test]
    fn only_pictures_sounds_and_films_keep_their_type() {
        assert_eq!(file("image/jpeg", "image", false).shown_type(), "image/jpeg");
        assert_eq!(file("video/mp4", "video", false).shown_type(), "video/mp4");
        for (mime, dangerous) in [
            ("text/html", false),
            ("application/pdf", false),
            ("image/svg+xml", false),
            ("image/jpeg", true),
        ] {
            let shown = file(mime, "image", dangerous);
            assert_eq!(shown.shown_type(), "application/octet-stream", "{mime}");
        }
    }

    #[test]
    fn what_could_run_or_is_not_known_is_never_opened() {
        for family in ["image", "video", "audio", "document", "sheet", "slides"] {
            assert!(file("x/y", family, false).may_be_opened(), "{family}");
            assert!(!file("x/y", family, true).may_be_opened(), "{family}");
        }
        for family in ["archive", "program", "unknown", ""] {
            assert!(!file("x/y", family, false).may_be_opened(), "{family}");
        }
    }
}
