//! Answers the visit Meta pays to a callback address before it uses it.

use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use vault::Secret;

/// The longest challenge that is echoed.
const LONGEST_CHALLENGE: usize = 256;

/// What to answer to a GET on a callback address (whatsapp-cloud-api, section 1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handshake {
    /// 200 with exactly this text.
    Challenge(String),
    /// 403: it does not know our token, or asks for something else than a subscription.
    WrongToken,
    /// 400: something is missing, or the challenge is nothing we would repeat to anybody.
    Incomplete,
    /// 404: somebody looked in with a browser; nothing is given away.
    BareVisit,
}

impl Handshake {
    /// Returns the HTTP status of the answer.
    pub const fn status(&self) -> http::StatusCode {
        match self {
            Self::Challenge(_) => http::StatusCode::OK,
            Self::WrongToken => http::StatusCode::FORBIDDEN,
            Self::Incomplete => http::StatusCode::BAD_REQUEST,
            Self::BareVisit => http::StatusCode::NOT_FOUND,
        }
    }
}

/// Answers the query string of a visit, given the verify tokens that are valid at this address.
pub fn answer(tokens: &[Secret], query: &str) -> Handshake {
    let mut asked = false;
    let (mut mode, mut challenge, mut token) = (None, None, None);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let slot = match &*name {
            "hub.mode" => &mut mode,
            "hub.challenge" => &mut challenge,
            "hub.verify_token" => &mut token,
            _ => continue,
        };
        asked = true;
        // The first one counts.
        slot.get_or_insert(value);
    }
    if !asked {
        return Handshake::BareVisit;
    }
    let Some(token) = token else {
        return Handshake::Incomplete;
    };
    if !is_known(tokens, &token) || mode.as_deref() != Some("subscribe") {
        return Handshake::WrongToken;
    }
    match challenge {
        Some(challenge) if is_harmless(&challenge) => Handshake::Challenge(challenge.into_owned()),
        _ => Handshake::Incomplete,
    }
}

/// Compares digests, so that neither the length nor the first difference shows in the time it takes.
fn is_known(tokens: &[Secret], given: &str) -> bool {
    let given = Sha256::digest(given.as_bytes());
    tokens
        .iter()
        .filter(|token| !token.expose().is_empty())
        .map(|token| {
            Sha256::digest(token.expose().as_bytes())
                .as_slice()
                .ct_eq(given.as_slice())
        })
        .fold(Choice::from(0), |known, same| known | same)
        .into()
}

/// Only printable characters that mean nothing in markup are echoed, besides the answer being plain text that a browser
/// must not take for anything else.
fn is_harmless(challenge: &str) -> bool {
    (1..=LONGEST_CHALLENGE).contains(&challenge.len())
        && challenge
            .bytes()
            .all(|b| (b' '..=b'~').contains(&b) && !b"<>&\"'".contains(&b))
}
