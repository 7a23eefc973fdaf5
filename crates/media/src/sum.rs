//! A file's fingerprint.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest as _, Sha256};

/// The SHA-256 of a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sha256Sum([u8; 32]);

impl Sha256Sum {
    /// Returns the sum of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads a sum as providers write it: 64 hexadecimal digits, or 32 bytes in Base64 of either alphabet, with or
    /// without padding (whatsapp-cloud-api, section 6). `None` for anything else.
    pub fn parse_any(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() == 64 {
            let mut sum = [0; 32];
            hex::decode_to_slice(text, &mut sum).ok()?;
            return Some(Self(sum));
        }
        let bare = match text.len() {
            44 => text.strip_suffix('=')?,
            43 => text,
            _ => return None,
        };
        let bytes = STANDARD_NO_PAD
            .decode(bare.replace('-', "+").replace('_', "/"))
            .ok()?;
        Some(Self(bytes.try_into().ok()?))
    }

    /// Returns the 64 hexadecimal digits, in lower case.
    pub fn hex(&self) -> String {
        hex::encode(self.0)
    }
}

impl fmt::Display for Sha256Sum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.hex())
    }
}

impl fmt::Debug for Sha256Sum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Sha256Sum({self})")
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_sum_of_nothing_is_the_known_one() {
        let sum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Sha256Sum::of(b"").hex(), sum);
        assert_eq!(
            Sha256Sum::parse_any("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
            Some(Sha256Sum::of(b""))
        );
    }

    proptest! {
        #[test]
        fn every_spelling_of_a_sum_is_the_same_sum(bytes in any::<[u8; 32]>()) {
            let sum = Sha256Sum(bytes);
            for text in [
                sum.hex(),
                sum.hex().to_uppercase(),
                format!(" {} ", STANDARD.encode(bytes)),
                STANDARD_NO_PAD.encode(bytes),
                URL_SAFE.encode(bytes),
                URL_SAFE_NO_PAD.encode(bytes),
            ] {
                prop_assert_eq!(Sha256Sum::parse_any(&text), Some(sum), "{}", text);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,80}|[0-9a-f]{60,68}|[A-Za-z0-9+/=_-]{40,48}") {
            if let Some(sum) = Sha256Sum::parse_any(&text) {
                prop_assert_eq!(sum.hex().len(), 64);
            }
        }
    }
}
