//! Proves that a delivery comes from the provider before anything else looks at it.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use vault::Secret;

/// The header Meta signs with (whatsapp-cloud-api, section 1.2).
const META_HEADER: &str = "x-hub-signature-256";
/// The one scheme that is accepted.
const META_SCHEME: &[u8] = b"sha256=";
/// Hexadecimal digits of a SHA-256.
const HEX_DIGITS: usize = 64;

/// What came in at the door: headers and the untouched bytes.
#[derive(Clone)]
pub struct Delivery {
    /// All headers, repeated ones included.
    pub headers: http::HeaderMap,
    /// The body as it was on the wire; a signature holds for these bytes only.
    pub body: bytes::Bytes,
}

impl fmt::Debug for Delivery {
    // What customers write does not belong in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("headers", &self.headers.len())
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// Something whose origin has been proved. Only this module can make one:
///
/// ```compile_fail
/// let forged = channels::Verified("anything");
/// ```
#[derive(Debug, Clone)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// Returns what was proved.
    pub fn into_inner(self) -> T {
        self.0
    }

    /// Shows what was proved.
    pub const fn get(&self) -> &T {
        &self.0
    }
}

/// Why a delivery is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// We have no secret to check with. Not the caller's fault: it should come back later.
    #[error("no app secret is stored, so nothing can be verified")]
    NoSecret,
    /// There is no signature.
    #[error("the signature header is missing")]
    Missing,
    /// There are several signatures; the provider sends one.
    #[error("there is more than one signature header")]
    Several,
    /// The signature is not of the scheme the provider uses.
    #[error("the signature does not start with \"sha256=\"")]
    OtherScheme,
    /// The signature is not 64 digits long.
    #[error("the signature does not have 64 digits")]
    WrongLength,
    /// The signature is not hexadecimal.
    #[error("the signature is not hexadecimal")]
    NotHex,
    /// The signature is well-formed, but made with another secret or for another body.
    #[error("the signature does not match the body and the stored app secret")]
    Mismatch,
}

/// Checks Meta's `X-Hub-Signature-256` over the raw bytes, with every secret given (whatsapp-cloud-api, section 1.2).
///
/// An empty secret counts as none: anybody could sign with it.
pub fn whatsapp(secrets: &[Secret], delivery: Delivery) -> Result<Verified<Delivery>, Refusal> {
    let mut secrets = secrets
        .iter()
        .filter(|secret| !secret.expose().is_empty())
        .peekable();
    if secrets.peek().is_none() {
        return Err(Refusal::NoSecret);
    }
    let claimed = claimed_signature(&delivery.headers)?;
    let matched = secrets
        .filter_map(|secret| Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).ok())
        .map(|mac| mac.chain_update(&delivery.body))
        .any(|mac| mac.verify_slice(&claimed).is_ok());
    if matched {
        Ok(Verified(delivery))
    } else {
        Err(Refusal::Mismatch)
    }
}

fn claimed_signature(headers: &http::HeaderMap) -> Result<Vec<u8>, Refusal> {
    let mut values = headers.get_all(META_HEADER).iter();
    let value = values.next().ok_or(Refusal::Missing)?;
    if values.next().is_some() {
        return Err(Refusal::Several);
    }
    let digits = value
        .as_bytes()
        .strip_prefix(META_SCHEME)
        .ok_or(Refusal::OtherScheme)?;
    if digits.len() != HEX_DIGITS {
        return Err(Refusal::WrongLength);
    }
    hex::decode(digits).map_err(|_| Refusal::NotHex)
}
