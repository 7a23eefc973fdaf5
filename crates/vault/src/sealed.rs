//! Secrets in one file, sealed with a passphrase, for computers without a keychain.
//!
//! # The format, version 1
//!
//! All numbers are little-endian.
//!
//! | bytes   | what                                                                                             |
//! |---------|--------------------------------------------------------------------------------------------------|
//! | 0..8    | `DBVAULT` and a line feed                                                                        |
//! | 8       | version: 1                                                                                       |
//! | 9..21   | Argon2id: memory in KiB, passes, lanes, 4 bytes each                                             |
//! | 21..37  | salt, random, made with the file                                                                 |
//! | 37..53  | key check: bytes 32..48 of what Argon2id derives from passphrase and salt; the key is bytes 0..32 |
//! | 53..61  | the first 8 bytes of the SHA-256 of bytes 0..53                                                  |
//! | 61..85  | nonce, random, new each time the file is written                                                 |
//! | 85..    | XChaCha20-Poly1305 of the content, its 16 byte tag at the end; bytes 0..85 are authenticated too |
//!
//! The content is a 4 byte count, and per secret its owner, its field and itself, each as a 4 byte length and UTF-8.
//!
//! The digest over the header tells a damaged header from a wrong passphrase, the key check tells a wrong passphrase
//! from damaged content. 64 bytes of Argon2id's output are one `BLAKE2b` digest, so the key check says no more about the
//! key than the sealed content itself does.
//!
//! Writers take turns through an advisory lock on `<file>.lock`, read the file anew, and replace it as a whole; so a
//! reader in another process sees the old file or the new one, and no writer undoes another's work.

mod content;
mod header;

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Read as _, Write as _},
    path::{Path, PathBuf},
};

use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{AeadInOut as _, KeyInit as _},
};
use zeroize::Zeroizing;

use self::{
    content::Content,
    header::{HEADER_LENGTH, Header, Key},
};
use crate::{Secret, SecretName, VaultError, backend::Backend};

const NONCE_LENGTH: usize = 24;

/// More than any shop's tokens need by far; a larger file is not one of ours and must not fill the memory.
const LARGEST: u64 = 16 * 1024 * 1024;

/// An opened sealed file. It keeps the key, not the secrets.
pub(crate) struct SealedFile {
    path: PathBuf,
    header: Header,
    key: Key,
}

impl SealedFile {
    /// Opens the file, or makes an empty one.
    pub(crate) fn open(path: &Path, passphrase: &Secret) -> Result<Self, VaultError> {
        if passphrase.expose().is_empty() {
            return Err(VaultError::EmptyPassphrase);
        }
        fs::create_dir_all(folder_of(path)).map_err(|error| VaultError::io("making its folder", &error))?;
        let _turn = lock(path)?;
        let Some(bytes) = read(path)? else {
            let (header, key) = Header::make(passphrase)?;
            let file = Self {
                path: path.to_owned(),
                header,
                key,
            };
            file.store(&Content::default())?;
            return Ok(file);
        };
        let (header, _) = Header::parse(&bytes)?;
        let key = header.unlock(passphrase)?;
        let file = Self {
            path: path.to_owned(),
            header,
            key,
        };
        file.unseal(&bytes)?;
        Ok(file)
    }

    fn load(&self) -> Result<Content, VaultError> {
        let bytes = read(&self.path)?.ok_or_else(|| VaultError::damaged("the sealed file is gone"))?;
        self.unseal(&bytes)
    }

    /// Opens `bytes` with the key in hand.
    fn unseal(&self, bytes: &[u8]) -> Result<Content, VaultError> {
        let (header, rest) = Header::parse(bytes)?;
        if header != self.header {
            return Err(VaultError::damaged(
                "another sealed file was put in its place while Deskbell was running; start Deskbell again",
            ));
        }
        let (nonce, sealed) = rest
            .split_first_chunk::<NONCE_LENGTH>()
            .ok_or_else(header::cut_short)?;
        let known = bytes
            .get(..HEADER_LENGTH + NONCE_LENGTH)
            .ok_or_else(header::cut_short)?;
        let mut opened = Zeroizing::new(sealed.to_vec());
        XChaCha20Poly1305::new((&*self.key).into())
            .decrypt_in_place(&XNonce::from(*nonce), known, &mut *opened)
            .map_err(|_| VaultError::damaged("the sealed file was changed or only partly written"))?;
        Content::decode(&opened)
    }

    /// Seals `content` under a new nonce and puts it in the place of the file.
    fn store(&self, content: &Content) -> Result<(), VaultError> {
        let nonce: [u8; NONCE_LENGTH] = header::random()?;
        let mut bytes = self.header.encode();
        bytes.extend_from_slice(&nonce);
        // Room for the tag, so that sealing does not move the plain text and leave a copy behind.
        let mut sealed = content.encode(16)?;
        XChaCha20Poly1305::new((&*self.key).into())
            .encrypt_in_place(&XNonce::from(nonce), &bytes, &mut *sealed)
            .map_err(|_| VaultError::Refused {
                reason: "it is too long".to_owned(),
            })?;
        bytes.extend_from_slice(&sealed);
        replace(&self.path, &bytes)
    }

    fn change(&self, edit: impl FnOnce(&mut Content)) -> Result<(), VaultError> {
        let _turn = lock(&self.path)?;
        let mut content = self.load()?;
        edit(&mut content);
        self.store(&content)
    }
}

impl Backend for SealedFile {
    fn read(&mut self, name: &SecretName) -> Result<Option<Secret>, VaultError> {
        Ok(self.load()?.0.remove(name))
    }

    fn write(&mut self, name: &SecretName, secret: &Secret) -> Result<(), VaultError> {
        self.change(|content| {
            content.0.insert(name.clone(), secret.clone());
        })
    }

    fn delete(&mut self, name: &SecretName) -> Result<(), VaultError> {
        self.change(|content| {
            content.0.remove(name);
        })
    }

    fn probe(&mut self) -> Result<(), VaultError> {
        self.change(|_| {})
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Waits for this process's turn to write; the turn ends when the returned file is closed.
fn lock(path: &Path) -> Result<File, VaultError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options
        .open(PathBuf::from(name))
        .map_err(|error| VaultError::io("locking it", &error))?;
    file.lock()
        .map_err(|error| VaultError::io("locking it", &error))?;
    Ok(file)
}

/// Returns the bytes of the file, or `None` when there is no file.
fn read(path: &Path) -> Result<Option<Vec<u8>>, VaultError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(VaultError::io("opening it", &error)),
    };
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| VaultError::io("reading it", &error))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= LARGEST) {
        Ok(Some(bytes))
    } else {
        Err(VaultError::damaged("the sealed file is far too large"))
    }
}

/// Puts `bytes` in the place of the file at once: after a power cut there is the old file or the new one.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let writing = |error: std::io::Error| VaultError::io("writing it", &error);
    let folder = folder_of(path);
    // Made with mode 0600, which it keeps.
    let mut draft = tempfile::Builder::new()
        .prefix(".vault-")
        .tempfile_in(folder)
        .map_err(writing)?;
    draft.write_all(bytes).map_err(writing)?;
    draft.as_file().sync_all().map_err(writing)?;
    draft.persist(path).map_err(|error| writing(error.error))?;
    #[cfg(unix)]
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(writing)?;
    Ok(())
}

#[cfg(test)]
mod tests;
