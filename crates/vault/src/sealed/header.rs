//! The plain part of a sealed file: how the key is derived, and how to know that it is the right one.

use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{Secret, VaultError};

/// Bytes 0..61 of the format.
pub(super) const HEADER_LENGTH: usize = 61;

const MAGIC: [u8; 8] = *b"DBVAULT\n";
const VERSION: u8 = 1;

/// The key of XChaCha20-Poly1305, overwritten when dropped.
pub(super) type Key = Zeroizing<[u8; 32]>;

/// How much work a guess at the passphrase costs. What is read from a file is bounded, so that a strange file can
/// neither fill the memory nor keep the processor busy for minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// 64 MiB and three passes: the second recommendation of RFC 9106 section 4, with one lane instead of four
    /// because the work runs on one thread.
    const USUAL: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 1,
    };

    fn is_sane(self) -> bool {
        (8 * 1024..=1024 * 1024).contains(&self.memory_kib)
            && (1..=16).contains(&self.passes)
            && (1..=4).contains(&self.lanes)
    }
}

/// The header; the same for the whole life of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    cost: Cost,
    salt: [u8; 16],
    key_check: [u8; 16],
}

impl Header {
    /// Makes the header and the key of a new file.
    pub(super) fn make(passphrase: &Secret) -> Result<(Self, Key), VaultError> {
        let salt = random()?;
        let (key, key_check) = derive(Cost::USUAL, &salt, passphrase)?;
        Ok((
            Self {
                cost: Cost::USUAL,
                salt,
                key_check,
            },
            key,
        ))
    }

    /// Derives the key, which takes a while, and makes sure that it is the right one.
    pub(super) fn unlock(&self, passphrase: &Secret) -> Result<Key, VaultError> {
        let (key, key_check) = derive(self.cost, &self.salt, passphrase)?;
        if key_check == self.key_check {
            Ok(key)
        } else {
            Err(VaultError::WrongPassphrase)
        }
    }

    /// Reads the header; returns what follows it as well.
    pub(super) fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), VaultError> {
        let (magic, rest) = bytes.split_first_chunk::<8>().ok_or_else(cut_short)?;
        let (version, rest) = rest.split_first().ok_or_else(cut_short)?;
        if *magic != MAGIC {
            return Err(VaultError::damaged("this is not a sealed file of Deskbell"));
        }
        if *version > VERSION {
            return Err(VaultError::damaged(
                "the sealed file was written by a newer Deskbell; install that one",
            ));
        }
        let (memory_kib, rest) = rest.split_first_chunk::<4>().ok_or_else(cut_short)?;
        let (passes, rest) = rest.split_first_chunk::<4>().ok_or_else(cut_short)?;
        let (lanes, rest) = rest.split_first_chunk::<4>().ok_or_else(cut_short)?;
        let (salt, rest) = rest.split_first_chunk::<16>().ok_or_else(cut_short)?;
        let (key_check, rest) = rest.split_first_chunk::<16>().ok_or_else(cut_short)?;
        let (digest, rest) = rest.split_first_chunk::<8>().ok_or_else(cut_short)?;
        let cost = Cost {
            memory_kib: u32::from_le_bytes(*memory_kib),
            passes: u32::from_le_bytes(*passes),
            lanes: u32::from_le_bytes(*lanes),
        };
        let header = Self {
            cost,
            salt: *salt,
            key_check: *key_check,
        };
        if *version != VERSION || *digest != digest_of(&header.plain()) {
            return Err(VaultError::damaged(
                "the beginning of the sealed file was changed",
            ));
        }
        if !cost.is_sane() {
            return Err(VaultError::damaged(
                "the sealed file asks for an absurd amount of work",
            ));
        }
        Ok((header, rest))
    }

    /// Writes the header as it stands in the file.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = self.plain();
        let digest = digest_of(&bytes);
        bytes.extend_from_slice(&digest);
        bytes
    }

    /// Bytes 0..53.
    fn plain(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_LENGTH);
        bytes.extend_from_slice(&MAGIC);
        bytes.push(VERSION);
        for number in [self.cost.memory_kib, self.cost.passes, self.cost.lanes] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(&self.key_check);
        bytes
    }
}

/// What a file that ends too early is answered with.
pub(super) fn cut_short() -> VaultError {
    VaultError::damaged("the sealed file is cut short")
}

/// Returns random bytes of the operating system.
pub(super) fn random<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| VaultError::Io {
        doing: "making random numbers".to_owned(),
        reason: error.to_string(),
    })?;
    Ok(bytes)
}

fn digest_of(plain: &[u8]) -> [u8; 8] {
    let digest: [u8; 32] = Sha256::digest(plain).into();
    digest.first_chunk().copied().unwrap_or_default()
}

fn derive(cost: Cost, salt: &[u8; 16], passphrase: &Secret) -> Result<(Key, [u8; 16]), VaultError> {
    let failed = |error: argon2::Error| VaultError::Io {
        doing: "deriving its key".to_owned(),
        reason: error.to_string(),
    };
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(64)).map_err(failed)?;
    let mut derived = Zeroizing::new([0_u8; 64]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.expose().as_bytes(), salt, &mut *derived)
        .map_err(failed)?;
    let mut key = Key::default();
    let mut key_check = [0; 16];
    for (place, byte) in key.iter_mut().chain(&mut key_check).zip(derived.iter()) {
        *place = *byte;
    }
    Ok((key, key_check))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(cost: Cost) -> Vec<u8> {
        Header {
            cost,
            salt: [7; 16],
            key_check: [9; 16],
        }
        .encode()
    }

    #[test]
    fn a_header_that_asks_for_absurd_work_is_refused_before_any_work_is_done() {
        for cost in [
            Cost {
                memory_kib: u32::MAX,
                ..Cost::USUAL
            },
            Cost {
                memory_kib: 8,
                ..Cost::USUAL
            },
            Cost {
                passes: 0,
                ..Cost::USUAL
            },
            Cost {
                passes: 1_000_000,
                ..Cost::USUAL
            },
            Cost {
                lanes: 0,
                ..Cost::USUAL
            },
            Cost {
                lanes: 5,
                ..Cost::USUAL
            },
        ] {
            let error = Header::parse(&header(cost)).expect_err("absurd");
            assert!(
                error.to_string().contains("absurd amount of work"),
                "{cost:?} gave: {error}"
            );
        }
        assert!(Header::parse(&header(Cost::USUAL)).is_ok());
    }

    #[test]
    fn a_file_of_a_newer_deskbell_is_named_as_such() {
        let mut bytes = header(Cost::USUAL);
        bytes[8] = 2;
        let error = Header::parse(&bytes).expect_err("unknown version");
        assert!(error.to_string().contains("newer Deskbell"), "{error}");
    }

    #[test]
    fn the_header_has_the_length_the_format_says() {
        assert_eq!(header(Cost::USUAL).len(), HEADER_LENGTH);
    }
}
