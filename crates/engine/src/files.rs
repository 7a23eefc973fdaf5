//! Files as a window asks for them and hands them in.

use crate::commands::CommandError;
use crate::engine::Engine;
use crate::media::intake::{Unfit, take_in, too_large};
use crate::media::{Cellar, LARGEST};
use assistant::knowledge::kind_of_name;
use domain::{AttachmentId, MessageKind};
use media::Sha256Sum;
use std::io::ErrorKind;
use std::path::PathBuf;
use store::{Attachment, StoredFile, Upload};
use tempfile::TempPath;
use tokio::io::AsyncWriteExt as _;
use uuid::Uuid;

/// A file that is being handed in. Dropped before [`HandIn::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct HandIn {
    engine: Engine,
    name: String,
    file: tokio::fs::File,
    path: TempPath,
    size: u64,
}

/// A file that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandedIn {
    /// It can be sent under the upload's id, for a day.
    Ready(Upload),
    /// It cannot be sent as it is: why, and what to do.
    Unfit {
        /// Under which id the knowledge base can read it, for a day; none: it is not kept.
        id: Option<String>,
        /// The name it was handed in under.
        name: String,
        /// Its size in bytes.
        size: u64,
        /// The sentence.
        problem: String,
    },
}

impl Engine {
    /// Begins to take a file in. Its bytes follow.
    pub async fn hand_in(&self, name: &str) -> Result<HandIn, CommandError> {
        let cellar = self.cellar().clone();
        let (file, path) = tokio::task::spawn_blocking(move || doorstep(&cellar))
            .await
            .map_err(std::io::Error::other)??;
        Ok(HandIn {
            engine: self.clone(),
            name: name.to_owned(),
            file: tokio::fs::File::from_std(file),
            path,
            size: 0,
        })
    }

    /// Returns a file of a message.
    pub async fn attachment(&self, id: AttachmentId) -> Result<Attachment, CommandError> {
        Ok(self.store().read(move |reader| reader.attachment(id)).await?)
    }

    /// Returns where a content lies, by its SHA-256 in hexadecimal, when it is there.
    pub async fn content(&self, sha256: &str) -> Option<PathBuf> {
        let path = self.cellar().path_of(sha256)?;
        let there = tokio::fs::metadata(&path)
            .await
            .is_ok_and(|about| about.is_file());
        there.then_some(path)
    }

    /// Returns where a voice note lies as WAV, for players that know no Ogg: one channel, 16 bits, 20 minutes at most.
    /// It is made when it is first asked for, from the content with this SHA-256 in hexadecimal, and kept for a day.
    pub async fn playable(&self, sha256: &str) -> Result<PathBuf, CommandError> {
        let sum = Sha256Sum::parse_any(sha256).ok_or_else(|| std::io::Error::from(ErrorKind::NotFound))?;
        Ok(self.cellar().playable(sum).await?)
    }

    /// Has a customer's file fetched now that could not be fetched.
    pub async fn retry_attachment(&self, id: AttachmentId) -> Result<(), CommandError> {
        let now = self.now();
        Ok(self
            .store()
            .write(move |transaction| transaction.fetch_again(id, now))
            .await?)
    }
}

/// A nameless file where halves lie; what a crash leaves there is swept away.
fn doorstep(cellar: &Cellar) -> std::io::Result<(std::fs::File, TempPath)> {
    let dir = cellar.dir().join("incoming");
    std::fs::create_dir_all(&dir)?;
    let file = tempfile::Builder::new().prefix("hand-").tempfile_in(dir)?;
    Ok(file.into_parts())
}

impl HandIn {
    /// Takes the next bytes. More than 100 MB are refused.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), CommandError> {
        self.size = self.size.saturating_add(bytes.len() as u64);
        if self.size > LARGEST {
            return Err(CommandError::Misfit {
                field: "file".to_owned(),
                sentence: too_large(),
            });
        }
        Ok(self.file.write_all(bytes).await?)
    }

    /// All bytes are here: makes the file fit to be sent, as a voice note when `voice` says so.
    pub async fn finish(mut self, voice: bool) -> Result<HandedIn, CommandError> {
        self.file.flush().await?;
        let wish = voice.then_some(MessageKind::Voice);
        let cellar = self.engine.cellar().clone();
        let naming = cellar.naming().await;
        let taken = take_in(&cellar, self.path.to_path_buf(), self.name.clone(), wish).await;
        let fit = match taken {
            Ok(fit) => fit,
            Err(Unfit::Rule(problem)) => {
                let id = self.keep_to_read(&cellar).await?;
                return Ok(HandedIn::Unfit {
                    id,
                    name: self.name,
                    size: self.size,
                    problem,
                });
            }
            Err(unfit) => return Err(CommandError::from_unfit("file", unfit)),
        };
        let upload = Upload {
            id: format!("up_{}", Uuid::now_v7().simple()),
            file: fit.file,
            kind: fit.kind,
            created_at: self.engine.now(),
        };
        let kept = upload.clone();
        self.engine
            .store()
            .write(move |transaction| transaction.add_upload(&kept))
            .await?;
        drop(naming);
        Ok(HandedIn::Ready(upload))
    }

    /// Keeps what nobody may be sent and the knowledge base can read, such as a web page. Returns its id.
    async fn keep_to_read(&self, cellar: &Cellar) -> Result<Option<String>, CommandError> {
        if self.size == 0 || kind_of_name(&self.name).is_none() {
            return Ok(None);
        }
        let bytes = tokio::fs::read(&self.path).await?;
        let room = cellar.room().clone();
        let stored = tokio::task::spawn_blocking(move || room.store(&bytes))
            .await
            .map_err(std::io::Error::other)?
            .map_err(std::io::Error::other)?;
        let described = cellar.described(stored, None, Some(self.name.clone())).await?;
        let upload = Upload {
            id: format!("up_{}", Uuid::now_v7().simple()),
            // Whoever wants to send it is refused.
            file: StoredFile {
                dangerous: true,
                ..described
            },
            kind: MessageKind::Document,
            created_at: self.engine.now(),
        };
        let id = upload.id.clone();
        self.engine
            .store()
            .write(move |transaction| transaction.add_upload(&upload))
            .await?;
        Ok(Some(id))
    }
}
