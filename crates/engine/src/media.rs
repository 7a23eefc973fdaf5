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

use domain::Timestamp;
use media::{Look, Room, Sha256Sum, Sniffed, Stored};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use store::StoredFile;
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock, Semaphore};

/// The folder of the data directory files lie in.
const FOLDER: &str = "media";
/// The largest file that is accepted, in bytes: WhatsApp's own limit (whatsapp-cloud-api, section 6).
pub(crate) const LARGEST: u64 = 100 * 1024 * 1024;
/// Below it, voice notes lie as players know them.
const PLAYABLE: &str = "playable";
/// Voice notes decoded at the same time: each takes up to 57 MB meanwhile.
const DECODINGS: usize = 2;
/// How long looking at one file may take. After that it has no small picture.
const LONGEST_LOOK: Duration = Duration::from_secs(15);

/// Where files lie.
#[derive(Debug, Clone)]
pub(crate) struct Cellar {
    room: Room,
    dir: PathBuf,
    naming: Arc<RwLock<()>>,
    decoding: Arc<Semaphore>,
}

impl Cellar {
    /// The cellar of a data directory that is ours alone. Nobody else can be at work there, so that every half is
    /// left over from before, and goes.
    pub(crate) fn of(data_dir: &Path) -> Self {
        let dir = data_dir.join(FOLDER);
        let room = Room::at(dir.clone());
        match room.sweep_all() {
            Ok(0) => {}
            Ok(halves) => tracing::info!(halves, "halves of files were removed"),
            Err(error) => tracing::warn!(%error, "the doorstep of the media folder could not be swept"),
        }
        Self {
            room,
            dir,
            naming: Arc::new(RwLock::new(())),
            decoding: Arc::new(Semaphore::new(DECODINGS)),
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

    /// Where a content lies as players know it, once somebody wanted to hear it.
    pub(crate) fn playable_of(&self, sum: &Sha256Sum) -> PathBuf {
        self.dir.join(PLAYABLE).join(format!("{}.wav", sum.hex()))
    }

    /// Makes WAV of a voice note, a few at a time, and keeps it for a day; returns where it lies.
    pub(crate) async fn playable(&self, sum: Sha256Sum) -> std::io::Result<PathBuf> {
        let place = self.playable_of(&sum);
        if tokio::fs::try_exists(&place).await? {
            return Ok(place);
        }
        // The broom waits, so that nothing of a file stays that is taken back meanwhile.
        let naming = self.naming().await;
        let permit = Arc::clone(&self.decoding)
            .acquire_owned()
            .await
            .map_err(std::io::Error::other)?;
        let (room, doorstep) = (self.room.clone(), self.dir.join("incoming"));
        let decoding = move || {
            // Whoever asked may be gone: what was begun counts until it ends.
            let _held = (naming, permit);
            // Somebody else may have wanted it a moment ago.
            if place.is_file() {
                return Ok(place);
            }
            let wav = media::wav_of_opus(&room.path_of(&sum))?;
            std::fs::create_dir_all(&doorstep)?;
            let mut file = tempfile::Builder::new().prefix("play-").tempfile_in(&doorstep)?;
            file.write_all(&wav)?;
            if let Some(folder) = place.parent() {
                std::fs::create_dir_all(folder)?;
            }
            file.persist(&place).map_err(|error| error.error)?;
            Ok(place)
        };
        tokio::task::spawn_blocking(decoding)
            .await
            .map_err(std::io::Error::other)?
    }

    /// Takes away what was made for players before a moment.
    pub(crate) fn forget_playable(&self, before: Timestamp) -> std::io::Result<usize> {
        media::sweep_folder(&self.dir.join(PLAYABLE), before)
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

#[cfg(test)]
mod tests {
    use super::*;
    use simulator::art::voice;

    #[tokio::test]
    async fn a_third_voice_note_waits_until_one_of_two_is_made_and_none_is_made_twice() {
        let folder = tempfile::tempdir().unwrap();
        let cellar = Cellar::of(folder.path());
        let sum = cellar.room().store(&voice()).unwrap().sha256;
        let decodings = u32::try_from(DECODINGS).unwrap();
        let others = Arc::clone(&cellar.decoding);
        let others = others.acquire_many_owned(decodings).await.unwrap();
        let waiting = tokio::time::timeout(Duration::from_millis(300), cellar.playable(sum)).await;
        assert!(waiting.is_err(), "{waiting:?}");
        assert!(!cellar.playable_of(&sum).exists());
        drop(others);
        let place = cellar.playable(sum).await.unwrap();
        let _others = Arc::clone(&cellar.decoding).acquire_many_owned(decodings).await;
        assert_eq!(cellar.playable(sum).await.unwrap(), place, "made already");
    }
}
