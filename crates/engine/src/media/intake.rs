//! Takes a file in that is to be sent: checked, cleaned of what cameras write into it, fit for WhatsApp.

use crate::media::{Cellar, FOLDER, LARGEST};
use domain::MessageKind;
use media::{Family, IncomingError, Sniffed, Stored};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use store::{DATABASE_FILE, LOCK_FILE, StoredFile};
use vault::SEALED_FILE;

/// Read from the disk at a time, in bytes.
const PIECE: usize = 256 * 1024;
/// A photo is read whole to clean it; a larger one is none WhatsApp takes, in bytes.
const LARGEST_PHOTO: u64 = 64 * 1024 * 1024;

/// A file that lies in the cellar, fit to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fit {
    pub(crate) file: StoredFile,
    pub(crate) kind: MessageKind,
}

/// Why a file is not taken. The sentences are for the person at the desk.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unfit {
    /// It is not there, or cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// WhatsApp would not take it.
    #[error("{0}")]
    Rule(String),
    /// It could not be written down.
    #[error("The file could not be saved on this computer: {0}. Make room on the disk and try again.")]
    Disk(std::io::Error),
}

impl From<std::io::Error> for Unfit {
    fn from(error: std::io::Error) -> Self {
        Self::Disk(error)
    }
}

impl From<IncomingError> for Unfit {
    fn from(error: IncomingError) -> Self {
        match error {
            IncomingError::Disk(error) => Self::Disk(error),
            IncomingError::TooLarge { .. } => Self::Rule(too_large()),
        }
    }
}

pub(crate) fn too_large() -> String {
    "WhatsApp takes files of 100 MB at most. Send it in parts, or send a link to it.".to_owned()
}

fn rule(sentence: &dyn std::fmt::Display) -> Unfit {
    Unfit::Rule(sentence.to_string())
}

/// Refuses what Deskbell itself keeps in the data directory, secrets among it: that is for no customer.
pub(crate) async fn check_not_ours(cellar: &Cellar, path: &Path) -> Result<(), Unfit> {
    let (dir, path) = (cellar.dir().to_owned(), path.to_owned());
    let is_ours = tokio::task::spawn_blocking(move || {
        let data = dir.parent().and_then(|data| data.canonicalize().ok());
        let path = path.canonicalize().ok();
        data.zip(path)
            .is_some_and(|(data, path)| path.strip_prefix(data).is_ok_and(is_own))
    })
    .await
    .map_err(|error| Unfit::Disk(std::io::Error::other(error)))?;
    if is_ours {
        return Err(Unfit::Rule(
            "This file is one that Deskbell itself works with, so it is not sent. To send a file on that you \
             received, save it somewhere else first."
                .to_owned(),
        ));
    }
    Ok(())
}

/// Whether a path below the data directory is one of ours: the database with its copies and lock, the sealed secrets, the
/// files of customers. Anything else there was put there by the owner.
fn is_own(below: &Path) -> bool {
    let first = below.components().next();
    let name = first.map(|first| first.as_os_str().to_string_lossy().into_owned());
    name.is_some_and(|name| {
        name == FOLDER
            || name.starts_with(DATABASE_FILE)
            || name == LOCK_FILE
            || name.starts_with(SEALED_FILE)
            || name.starts_with("before-schema-")
    })
}

/// Takes a file in, to be sent as `wish`, or as what fits best. The caller holds [`Cellar::naming`] until a row names
/// it.
pub(crate) async fn take_in(
    cellar: &Cellar,
    path: PathBuf,
    name: String,
    wish: Option<MessageKind>,
) -> Result<Fit, Unfit> {
    let (within, called) = (cellar.clone(), name.clone());
    let (stored, kind, name) = tokio::task::spawn_blocking(move || prepared(&within, &path, &called, wish))
        .await
        .map_err(|error| Unfit::Disk(std::io::Error::other(error)))??;
    let file = cellar.described(stored, None, Some(name)).await?;
    if kind == MessageKind::Sticker {
        let look = media::Look {
            width: file.width,
            height: file.height,
            animated: file.animated,
            ..media::Look::default()
        };
        media::check_sticker(&look, file.size).map_err(|broken| rule(&broken))?;
    }
    Ok(Fit { file, kind })
}

/// Makes a content that lies in the cellar ready to go with an answer, under a name if there is one. None when it cannot
/// be sent: the words go alone then.
pub(crate) async fn take_out(
    cellar: &Cellar,
    sha256: &str,
    name: Option<String>,
) -> Option<(StoredFile, MessageKind)> {
    let path = cellar.path_of(sha256)?;
    match take_in(cellar, path, name.unwrap_or_else(|| sha256.to_owned()), None).await {
        Ok(fit) => Some((fit.file, fit.kind)),
        Err(unfit) => {
            tracing::warn!(%unfit, "the file of an answer cannot be sent");
            None
        }
    }
}

/// Puts what will be sent into the cellar; returns its kind and its name.
fn prepared(
    cellar: &Cellar,
    path: &Path,
    name: &str,
    wish: Option<MessageKind>,
) -> Result<(Stored, MessageKind, String), Unfit> {
    let size = measured(path)?;
    let sniffed = media::sniff_file(path, None, Some(name)).map_err(|error| unreadable(path, &error))?;
    if wish == Some(MessageKind::Voice) {
        return voice(cellar, path, name);
    }
    let wants_photo = match wish {
        None => matches!(sniffed.mime.as_str(), "image/jpeg" | "image/png"),
        Some(wish) => wish == MessageKind::Image && sniffed.family == Family::Image,
    };
    if wants_photo && !sniffed.is_dangerous {
        match media::fit_photo(path, &sniffed) {
            Ok(Some(fitted)) => {
                let mime = fitted.mime.to_owned();
                let stored = cellar.room().store(&fitted.bytes)?;
                return Ok((stored, MessageKind::Image, renamed(name, ending(&mime))));
            }
            Ok(None) => {
                return Ok((
                    clean(cellar, path, &sniffed)?,
                    MessageKind::Image,
                    name.to_owned(),
                ));
            }
            Err(broken) if wish.is_some() => return Err(rule(&broken)),
            Err(_) => {}
        }
    }
    let kind = match wish {
        Some(wish) => wish,
        None if wants_photo => MessageKind::Document,
        None => media::kind_for(&sniffed, size),
    };
    media::check_outbound(kind, &sniffed, size).map_err(|broken| rule(&broken))?;
    let can_be_clean = matches!(sniffed.mime.as_str(), "image/jpeg" | "image/png" | "image/webp");
    let stored = if can_be_clean {
        clean(cellar, path, &sniffed)?
    } else {
        copied(cellar, path)?
    };
    Ok((stored, kind, name.to_owned()))
}

/// Returns the size of a file that can be read.
fn measured(path: &Path) -> Result<u64, Unfit> {
    let about = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    if about.is_dir() {
        return Err(Unfit::Unreadable(format!(
            "{} is a folder. Choose a file; to send a folder, pack it into a ZIP first.",
            path.display()
        )));
    }
    if !about.is_file() {
        return Err(Unfit::Unreadable(format!(
            "{} is not a file that can be sent. Choose another one.",
            path.display()
        )));
    }
    match about.len() {
        0 => Err(Unfit::Rule("This file is empty. Choose another one.".to_owned())),
        size if size > LARGEST => Err(Unfit::Rule(too_large())),
        size => Ok(size),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Unfit {
    let path = path.display();
    Unfit::Unreadable(match error.kind() {
        ErrorKind::NotFound => {
            format!("There is no file {path}. Check whether it was moved or renamed, then choose it again.")
        }
        ErrorKind::PermissionDenied => {
            format!("Deskbell may not read {path}. Change its permissions, or copy it somewhere else.")
        }
        _ => format!("{path} could not be read: {error}. Try another copy of it."),
    })
}

fn whole(path: &Path, most: u64) -> Result<Vec<u8>, Unfit> {
    let file = std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > most {
        return Err(Unfit::Rule(
            "This picture is too large to be made ready. Save it smaller, then attach it again.".to_owned(),
        ));
    }
    Ok(bytes)
}

/// Stores a picture without what cameras and programs wrote beside the pixels.
fn clean(cellar: &Cellar, path: &Path, sniffed: &Sniffed) -> Result<Stored, Unfit> {
    let bytes = whole(path, LARGEST_PHOTO)?;
    let clean = media::without_metadata(&bytes, sniffed).map_err(|broken| rule(&broken))?;
    Ok(cellar.room().store(&clean)?)
}

fn copied(cellar: &Cellar, path: &Path) -> Result<Stored, Unfit> {
    let mut file = std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut incoming = cellar.room().incoming(LARGEST)?;
    let mut piece = vec![0; PIECE];
    loop {
        let read = file.read(&mut piece).map_err(|error| unreadable(path, &error))?;
        if read == 0 {
            break;
        }
        incoming.write(piece.get(..read).unwrap_or_default())?;
    }
    Ok(incoming.finish()?)
}

fn voice(cellar: &Cellar, path: &Path, name: &str) -> Result<(Stored, MessageKind, String), Unfit> {
    let recording = whole(path, LARGEST)?;
    let voice = media::voice_note(&recording).map_err(|broken| rule(&broken))?;
    let name = renamed(name, "ogg");
    let sniffed = media::sniff(&voice.ogg, Some("audio/ogg"), Some(&name));
    media::check_outbound(MessageKind::Voice, &sniffed, voice.ogg.len() as u64)
        .map_err(|broken| rule(&broken))?;
    Ok((cellar.room().store(&voice.ogg)?, MessageKind::Voice, name))
}

fn ending(mime: &str) -> &'static str {
    if mime == "image/png" { "png" } else { "jpg" }
}

fn renamed(name: &str, ending: &str) -> String {
    let stem = Path::new(name)
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    format!("{stem}.{ending}")
}
