//! The cellar: files of customers are fetched into it, ours are uploaded out of it.
//!
//! Its trays are the rows of attachments. A content lies on disk before a row names it, and leaves the disk after the
//! last name is gone, so that no row ever names what is not there.

pub(crate) mod broom;
pub(crate) mod fetch;
pub(crate) mod intake;
mod lanes;
pub(crate) mod line;
pub(crate) mod uploads;

use media::{Look, Room, Sha256Sum, Sniffed, Stored};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use store::StoredFile;
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

/// The folder of the data directory files lie in.
const FOLDER: &str = "media";
/// The largest file that is accepted, in bytes: WhatsApp's own limit (whatsapp-cloud-api, section 6).
pub(crate) const LARGEST: u64 = 100 * 1024 * 1024;
/// How long looking at one file may take. After that it has no small picture.
const LONGEST_LOOK: Duration = Duration::from_secs(15);

/// Where files lie.
#[derive(Debug, Clone)]
pub(crate) struct Cellar {
    room: Room,
    dir: PathBuf,
    naming: Arc<RwLock<()>>,
}

impl Cellar {
    /// The cellar of a data directory.
    pub(crate) fn of(data_dir: &Path) -> Self {
        let dir = data_dir.join(FOLDER);
        Self {
            room: Room::at(dir.clone()),
            dir,
            naming: Arc::new(RwLock::new(())),
        }
    }

    /// The contents.
    pub(crate) const fn room(&self) -> &Room {
        &self.room
    }

    /// The folder of everything.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Keeps the broom away while a content lies here that no row names yet.
    pub(crate) async fn naming(&self) -> OwnedRwLockReadGuard<()> {
        Arc::clone(&self.naming).read_owned().await
    }

    /// Lets the broom in, when nobody is about to name a content.
    pub(crate) fn sweeping(&self) -> Option<OwnedRwLockWriteGuard<()>> {
        Arc::clone(&self.naming).try_write_owned().ok()
    }

    /// Returns where a content lies, by the name a row has for it.
    pub(crate) fn path_of(&self, sha256: &str) -> Option<PathBuf> {
        Sha256Sum::parse_any(sha256).map(|sum| self.room.path_of(&sum))
    }

    /// Says what a content is and looks at it, for at most a while.
    pub(crate) async fn described(
        &self,
        stored: Stored,
        claimed_mime: Option<String>,
        name: Option<String>,
    ) -> std::io::Result<StoredFile> {
        let path = self.room.path_of(&stored.sha256);
        let sniffing = move || -> std::io::Result<(Sniffed, String)> {
            let sniffed = media::sniff_file(&path, claimed_mime.as_deref(), name.as_deref())?;
            let name = media::safe_name(name.as_deref(), &sniffed);
            Ok((sniffed, name))
        };
        let (sniffed, file_name) = tokio::task::spawn_blocking(sniffing)
            .await
            .map_err(std::io::Error::other)??;
        let (room, sum, known) = (self.room.clone(), stored.sha256, sniffed.clone());
        let looking = tokio::task::spawn_blocking(move || seen(&room, &sum, &known));
        let seen = if let Ok(Ok(seen)) = tokio::time::timeout(LONGEST_LOOK, looking).await {
            seen
        } else {
            tracing::warn!(kind = %sniffed.mime, "a file could not be looked at in time");
            Seen::default()
        };
        Ok(stored_file(&stored, sniffed, file_name, seen))
    }
}

/// What a look at a file showed.
#[derive(Debug, Default)]
struct Seen {
    look: Look,
    waveform: Option<Vec<u8>>,
    thumbnail: Option<Sha256Sum>,
}

/// Looks at a content and keeps its small picture.
fn seen(room: &Room, sum: &Sha256Sum, sniffed: &Sniffed) -> Seen {
    let path = room.path_of(sum);
    let look = media::look(&path, sniffed);
    let thumbnail = look
        .thumbnail
        .as_ref()
        .and_then(|thumbnail| room.store(&thumbnail.bytes).ok())
        .map(|stored| stored.sha256);
    let is_ogg = sniffed.mime == "audio/ogg";
    Seen {
        waveform: is_ogg.then(|| media::waveform(&path)).flatten(),
        thumbnail,
        look,
    }
}

fn stored_file(stored: &Stored, sniffed: Sniffed, file_name: String, seen: Seen) -> StoredFile {
    let thumbnail_mime = seen
        .thumbnail
        .and(seen.look.thumbnail.as_ref())
        .map(|thumbnail| thumbnail.mime.to_owned());
    StoredFile {
        sha256: stored.sha256.hex(),
        size: stored.size,
        mime_type: sniffed.mime,
        family: sniffed.family.as_str().to_owned(),
        file_name,
        dangerous: sniffed.is_dangerous,
        animated: seen.look.animated,
        width: seen.look.width,
        height: seen.look.height,
        duration_ms: seen.look.duration_ms,
        waveform: seen.waveform,
        thumbnail: seen.thumbnail.map(|sum| sum.hex()),
        thumbnail_mime,
    }
}
