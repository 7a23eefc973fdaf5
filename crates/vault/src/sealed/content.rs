//! What a sealed file holds once it is open.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use crate::{Secret, SecretName, VaultError};

/// All secrets of a sealed file. Sorted, so that the same secrets always give the same bytes.
#[derive(Default)]
#[cfg_attr(test, derive(Debug, PartialEq))]
pub(super) struct Content(pub(super) BTreeMap<SecretName, Secret>);

impl Content {
    /// Writes the secrets down, with `spare` bytes of room behind them.
    ///
    /// The room is made in one piece beforehand: a buffer that grows would leave copies of the secrets behind.
    pub(super) fn encode(&self, spare: usize) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let length = 4 + self.texts().map(|text| 4 + text.len()).sum::<usize>();
        let mut bytes = Zeroizing::new(Vec::with_capacity(length + spare));
        bytes.extend_from_slice(&short(self.0.len())?);
        for text in self.texts() {
            bytes.extend_from_slice(&short(text.len())?);
            bytes.extend_from_slice(text.as_bytes());
        }
        Ok(bytes)
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .flat_map(|(name, secret)| [name.owner(), name.field(), secret.expose()])
    }

    /// Reads the secrets back. Never panics and never reserves room on the word of a length alone.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, VaultError> {
        let (count, mut rest) = number(bytes)?;
        let mut secrets = BTreeMap::new();
        for _ in 0..count {
            let owner = text(&mut rest)?;
            let field = text(&mut rest)?;
            let secret = text(&mut rest)?;
            secrets.insert(SecretName::new(owner, field), Secret::new(secret));
        }
        if rest.is_empty() {
            Ok(Self(secrets))
        } else {
            Err(garbled())
        }
    }
}

fn short(length: usize) -> Result<[u8; 4], VaultError> {
    u32::try_from(length)
        .map(u32::to_le_bytes)
        .map_err(|_| VaultError::Refused {
            reason: "it is too long".to_owned(),
        })
}

fn number(bytes: &[u8]) -> Result<(usize, &[u8]), VaultError> {
    let (number, rest) = bytes.split_first_chunk::<4>().ok_or_else(garbled)?;
    Ok((
        usize::try_from(u32::from_le_bytes(*number)).map_err(|_| garbled())?,
        rest,
    ))
}

fn text<'a>(rest: &mut &'a [u8]) -> Result<&'a str, VaultError> {
    let (length, after) = number(rest)?;
    let (text, after) = after.split_at_checked(length).ok_or_else(garbled)?;
    *rest = after;
    str::from_utf8(text).map_err(|_| garbled())
}

fn garbled() -> VaultError {
    VaultError::damaged("the content of the sealed file makes no sense")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_written_is_read_back(
            secrets in prop::collection::btree_map((".*", ".*"), ".*", 0..8),
        ) {
            let content = Content(
                secrets
                    .into_iter()
                    .map(|((owner, field), secret)| (SecretName::new(owner, field), Secret::new(secret)))
                    .collect(),
            );
            let bytes = content.encode(16).expect("short enough");
            prop_assert_eq!(Content::decode(&bytes).expect("just written"), content);
        }

        #[test]
        fn no_bytes_whatever_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            drop(Content::decode(&bytes));
        }
    }
}
