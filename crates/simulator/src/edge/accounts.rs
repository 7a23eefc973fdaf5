//! Tokens, the accounts they belong to, and the names an account has.

use std::collections::{HashMap, HashSet};

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The endings of names that belong to ngrok itself.
const OWN_ENDINGS: &[&str] = &[".ngrok-free.app", ".ngrok-free.dev", ".ngrok.app", ".ngrok.dev"];
const MANNERS: &[&str] = &[
    "amber", "brisk", "calm", "dapper", "eager", "fond", "gentle", "humble", "jolly", "keen", "lucid",
    "mellow", "nimble", "placid", "quiet", "sunny",
];
const CREATURES: &[&str] = &[
    "badger", "curlew", "dormouse", "egret", "finch", "gecko", "heron", "ibis", "jackdaw", "lynx", "marten",
    "newt", "otter", "plover", "robin", "stoat",
];

/// Which tokens are good. They are known by their accounts only, so that no token is kept.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    allowed: HashSet<String>,
    revoked: HashSet<String>,
    met: HashSet<String>,
}

impl Tokens {
    pub(super) fn allow(&mut self, token: &str) {
        let account = account_of(token);
        self.revoked.remove(&account);
        self.allowed.insert(account);
    }

    pub(super) fn revoke(&mut self, token: &str) {
        self.revoked.insert(account_of(token));
    }

    pub(super) fn meet(&mut self, token: &str) {
        self.met.insert(account_of(token));
    }

    /// Code and reason when a token is no good.
    pub(super) fn objection(&self, token: &str) -> Option<(&'static str, &'static str)> {
        let account = account_of(token);
        if self.revoked.contains(&account) {
            return Some(("ERR_NGROK_107", "This authtoken was reset or revoked."));
        }
        if self.allowed.contains(&account) {
            return None;
        }
        if !has_shape_of_a_token(token) {
            return Some(("ERR_NGROK_105", "This does not look like an authtoken."));
        }
        if !self.allowed.is_empty() {
            return Some(("ERR_NGROK_107", "Nobody has this authtoken."));
        }
        None
    }

    /// Whether this is the development name of an account that was here or is known.
    pub(super) fn owner_of(&self, domain: &str, names: &HashMap<String, String>) -> Option<String> {
        self.met
            .union(&self.allowed)
            .find(|account| dev_domain(account, names) == domain)
            .cloned()
    }
}

/// Two words of letters and digits, joined by an underscore.
fn has_shape_of_a_token(token: &str) -> bool {
    let word = |word: &str| word.len() >= 5 && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (20..=100).contains(&token.len())
        && token
            .split_once('_')
            .is_some_and(|(first, second)| word(first) && word(second))
}

/// The account of a token; equal tokens have equal accounts.
pub(super) fn account_of(token: &str) -> String {
    let digest = digest(token);
    format!("ac_{}", digest.get(..16).unwrap_or(&digest))
}

/// The name that an account has from its first day, unless it was given another.
pub(super) fn dev_domain(account: &str, names: &HashMap<String, String>) -> String {
    names.get(account).cloned().unwrap_or_else(|| made_up(account))
}

/// Two words and four digits, always the same for the same seed.
pub(super) fn made_up(seed: &str) -> String {
    let hash = Sha256::digest(seed.as_bytes());
    let mut bytes = hash.iter().map(|byte| usize::from(*byte));
    let mut word = |words: &[&'static str]| {
        let number = bytes.next().unwrap_or_default() % words.len().max(1);
        words.get(number).copied().unwrap_or_default()
    };
    let (manner, creature) = (word(MANNERS), word(CREATURES));
    let tail: String = digest(seed).chars().skip(40).take(4).collect();
    format!("{manner}-{creature}-{tail}.ngrok-free.app")
}

/// Whether visitors ask for this name, rather than agents.
pub(super) fn is_public(name: &str) -> bool {
    name.contains('.') && name.parse::<std::net::IpAddr>().is_err() && !is_edge(name)
}

/// Whether agents ask for this name.
fn is_edge(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost") || name == "connect.ngrok-agent.com"
}

/// Whether a name is below one of ngrok's own.
pub(super) fn is_own(domain: &str) -> bool {
    OWN_ENDINGS.iter().any(|ending| domain.ends_with(ending))
}

/// SHA-256 in hexadecimal digits.
pub(super) fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// An id nobody else has, such as `ts_1f...`.
pub(super) fn new_id(kind: &str) -> String {
    format!("{kind}_{}", Uuid::new_v4().simple())
}
