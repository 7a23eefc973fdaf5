//! Where files lie: below one folder, each under its own fingerprint, each once.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use domain::Timestamp;
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use crate::sniff::HEAD;
use crate::sum::Sha256Sum;

/// The folder files are kept in. A file's place follows from its [`Sha256Sum`] and from nothing else, so that no name
/// a stranger chose ever becomes a path.
#[derive(Debug, Clone)]
pub struct Room {
    dir: PathBuf,
}

/// Why bytes were not taken in.
#[derive(Debug, thiserror::Error)]
pub enum IncomingError {
    /// There are more bytes than were agreed on.
    #[error("The file is larger than {limit} bytes, which is the most that is accepted.")]
    TooLarge {
        /// How many bytes were agreed on.
        limit: u64,
    },
    /// The disk did not take them.
    #[error("The file could not be written to this computer's disk: {0}. Make room on it and try again.")]
    Disk(#[from] io::Error),
}

/// A file that came in whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its fingerprint, and so its place.
    pub sha256: Sha256Sum,
    /// Its size in bytes.
    pub size: u64,
    /// Its first bytes, at most [`HEAD`](crate::HEAD) of them.
    pub head: Vec<u8>,
}

/// A file that is coming in. It has no place until [`Incoming::finish`]; dropped before, it was never there.
#[derive(Debug)]
pub struct Incoming {
    room: Room,
    file: NamedTempFile,
    hash: Sha256,
    size: u64,
    limit: u64,
    head: Vec<u8>,
}

impl Room {
    /// The room in this folder, which need not be there yet.
    pub fn at(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// Returns where a file with this fingerprint lies, or would lie.
    pub fn path_of(&self, sha256: &Sha256Sum) -> PathBuf {
        let name = sha256.hex();
        let shelf = name.get(..2).unwrap_or_default();
        self.dir.join(shelf).join(&name)
    }

    /// Begins a new file of at most `limit` bytes.
    pub fn incoming(&self, limit: u64) -> io::Result<Incoming> {
        let doorstep = self.doorstep();
        make_folder(&self.dir)?;
        make_folder(&doorstep)?;
        let file = tempfile::Builder::new().prefix("part-").tempfile_in(&doorstep)?;
        Ok(Incoming {
            room: self.clone(),
            file,
            hash: Sha256::new(),
            size: 0,
            limit,
            head: Vec::new(),
        })
    }

    /// Takes in bytes that are there already.
    pub fn store(&self, bytes: &[u8]) -> io::Result<Stored> {
        let mut incoming = self.incoming(u64::MAX)?;
        incoming.write(bytes).map_err(|error| match error {
            IncomingError::Disk(error) => error,
            IncomingError::TooLarge { .. } => io::Error::other(error),
        })?;
        incoming.finish()
    }

    /// Opens a file for reading.
    pub fn open(&self, sha256: &Sha256Sum) -> io::Result<File> {
        File::open(self.path_of(sha256))
    }

    /// Whether a file with this fingerprint is here.
    pub fn has(&self, sha256: &Sha256Sum) -> bool {
        self.path_of(sha256).is_file()
    }

    /// Takes a file away. One that is not there is no error.
    pub fn remove(&self, sha256: &Sha256Sum) -> io::Result<()> {
        match fs::remove_file(self.path_of(sha256)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Takes away what was begun and last touched before `older_than`; returns how many files that were. Left over
    /// when the process ends in the middle of a file.
    pub fn sweep(&self, older_than: Timestamp) -> io::Result<usize> {
        sweep_folder(&self.doorstep(), older_than)
    }

    /// Takes away everything that was begun; returns how many files that were. For the start of a process, when nobody
    /// else can have begun anything.
    pub fn sweep_all(&self) -> io::Result<usize> {
        sweep_files(&self.doorstep(), |_| true)
    }

    fn doorstep(&self) -> PathBuf {
        self.dir.join("incoming")
    }
}

impl Incoming {
    /// Takes the next bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), IncomingError> {
        let size = self.size.saturating_add(bytes.len() as u64);
        if size > self.limit {
            return Err(IncomingError::TooLarge { limit: self.limit });
        }
        self.file.write_all(bytes)?;
        self.size = size;
        self.hash.update(bytes);
        let missing = HEAD.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(missing));
        Ok(())
    }

    /// How many bytes came so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Puts the file in its place: it is on disk when this returns. A file that is there already is kept, if it still
    /// is what it was.
    pub fn finish(self) -> io::Result<Stored> {
        let sha256 = Sha256Sum::from_bytes(self.hash.finalize().into());
        let stored = Stored {
            sha256,
            size: self.size,
            head: self.head,
        };
        let place = self.room.path_of(&sha256);
        if is_still(&place, &stored)? {
            return Ok(stored);
        }
        self.file.as_file().sync_all()?;
        let shelf = place.parent().unwrap_or(&self.room.dir);
        make_folder(shelf)?;
        self.file.persist(&place).map_err(|error| error.error)?;
        sync_folder(shelf)?;
        sync_folder(&self.room.dir)?;
        Ok(stored)
    }
}

/// Takes away the files right in a folder that were last touched before `older_than`; returns how many. A folder that
/// is not there is empty.
pub fn sweep_folder(dir: &Path, older_than: Timestamp) -> io::Result<usize> {
    let moment = UNIX_EPOCH + Duration::from_millis(u64::try_from(older_than.0).unwrap_or(0));
    sweep_files(dir, |touched| touched < moment)
}

fn sweep_files(dir: &Path, is_old: impl Fn(SystemTime) -> bool) -> io::Result<usize> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        other => other?,
    };
    let mut swept = 0;
    for entry in entries {
        let entry = entry?;
        // Somebody else may finish or drop it just now.
        let Ok(about) = entry.metadata() else { continue };
        if about.is_file() && is_old(about.modified()?) && fs::remove_file(entry.path()).is_ok() {
            swept += 1;
        }
    }
    Ok(swept)
}

/// Whether the file in its place is the one that came in again. A disk that lost bytes may have left a stump.
fn is_still(place: &Path, stored: &Stored) -> io::Result<bool> {
    let mut file = match File::open(place) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        other => other?,
    };
    if file.seek(SeekFrom::End(0))? != stored.size {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(0))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            count => hash.update(buffer.get(..count).unwrap_or_default()),
        }
    }
    Ok(Sha256Sum::from_bytes(hash.finalize().into()) == stored.sha256)
}

/// Makes a folder only this user can look into.
fn make_folder(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// A new name is on disk when its folder is; Windows does that by itself.
fn sync_folder(dir: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(dir)?.sync_all()
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room() -> (tempfile::TempDir, Room) {
        let dir = tempfile::tempdir().unwrap();
        let room = Room::at(dir.path().join("media"));
        (dir, room)
    }

    fn files_below(dir: &Path) -> usize {
        let Ok(entries) = fs::read_dir(dir) else { return 0 };
        entries
            .map(|entry| {
                let path = entry.unwrap().path();
                if path.is_dir() { files_below(&path) } else { 1 }
            })
            .sum()
    }

    #[test]
    fn a_file_lies_under_its_fingerprint_and_twice_the_same_is_once() {
        let (dir, room) = room();
        let mut incoming = room.incoming(100).unwrap();
        incoming.write(b"hello ").unwrap();
        incoming.write(b"world").unwrap();
        let stored = incoming.finish().unwrap();
        assert_eq!(stored.sha256, Sha256Sum::of(b"hello world"));
        assert_eq!((stored.size, stored.head.as_slice()), (11, &b"hello world"[..]));
        assert_eq!(room.store(b"hello world").unwrap(), stored);
        assert_eq!(files_below(dir.path()), 1);
        let mut content = String::new();
        room.open(&stored.sha256)
            .unwrap()
            .read_to_string(&mut content)
            .unwrap();
        assert_eq!(content, "hello world");
        room.remove(&stored.sha256).unwrap();
        room.remove(&stored.sha256).unwrap();
        assert!(!room.has(&stored.sha256));
    }

    #[test]
    fn more_than_agreed_is_refused_and_leaves_nothing() {
        let (dir, room) = room();
        let mut incoming = room.incoming(4).unwrap();
        incoming.write(b"abcd").unwrap();
        assert!(matches!(
            incoming.write(b"e"),
            Err(IncomingError::TooLarge { limit: 4 })
        ));
        drop(incoming);
        assert_eq!(files_below(dir.path()), 0);
    }

    #[test]
    fn a_damaged_file_is_replaced_when_it_comes_again() {
        let (_dir, room) = room();
        let stored = room.store(b"whole").unwrap();
        fs::write(room.path_of(&stored.sha256), b"wh0le").unwrap();
        room.store(b"whole").unwrap();
        assert_eq!(fs::read(room.path_of(&stored.sha256)).unwrap(), b"whole");
    }

    #[test]
    fn what_was_left_in_the_middle_is_swept_away_after_a_while() {
        let (dir, room) = room();
        let mut incoming = room.incoming(10).unwrap();
        incoming.write(b"half").unwrap();
        let left = dir.path().join("media/incoming/part-left");
        fs::copy(incoming.file.path(), &left).unwrap();
        drop(incoming);
        assert_eq!(room.sweep(Timestamp(0)).unwrap(), 0);
        assert!(left.exists());
        assert_eq!(room.sweep(Timestamp(i64::MAX / 2)).unwrap(), 1);
        assert!(!left.exists());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_on_the_computer_can_read_the_files() {
        use std::os::unix::fs::PermissionsExt as _;
        let (dir, room) = room();
        let stored = room.store(b"private").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let place = room.path_of(&stored.sha256);
        assert_eq!(mode(&place), 0o600);
        assert_eq!(mode(place.parent().unwrap()), 0o700);
        assert_eq!(mode(&dir.path().join("media")), 0o700);
        assert_eq!(mode(&dir.path().join("media/incoming")), 0o700);
    }
}
