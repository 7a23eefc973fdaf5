//! How a tunnel stands, in words a person understands.

use domain::{Timestamp, TunnelKind};
use std::fmt;

/// How far a tunnel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TunnelPhase {
    /// There is none, or it was ended.
    Off,
    /// It is being opened.
    Connecting,
    /// The internet reaches this computer.
    Online,
    /// It was lost or could not be opened, and is tried again by itself.
    Waiting,
    /// It was given up: somebody has to do something first.
    Stopped,
}

impl TunnelPhase {
    /// Returns the stable spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Connecting => "connecting",
            Self::Online => "online",
            Self::Waiting => "waiting",
            Self::Stopped => "stopped",
        }
    }
}

impl fmt::Display for TunnelPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What kind of trouble it is; decides when to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TroubleClass {
    /// Trying again is of no use: somebody has to do something first.
    Permanent,
    /// It may pass, but not soon: tried every half a minute.
    Slow,
    /// It will pass: tried after half a second, then less and less often, every 30 s at last.
    Passing,
    /// The other side was not reached at all: tried every few seconds, so that the tunnel is back right after the
    /// network is, whether the system tells or not.
    Network,
}

impl TroubleClass {
    /// Returns the stable spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Permanent => "permanent",
            Self::Slow => "slow",
            Self::Passing => "passing",
            Self::Network => "network",
        }
    }
}

impl fmt::Display for TroubleClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a tunnel is not online.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TunnelTrouble {
    /// The other side's code, such as `ERR_NGROK_334`.
    pub code: Option<String>,
    /// What kind of trouble.
    pub class: TroubleClass,
    /// For a person: what happened, what it means for customers, what to do.
    pub words: String,
    /// Where that can be done.
    pub link: Option<&'static str>,
    /// What the other side or the system said, for the diagnostics; holds no secret.
    pub detail: Option<String>,
}

impl TunnelTrouble {
    /// Trouble without code, link and detail.
    pub(crate) fn new(class: TroubleClass, words: impl Into<String>) -> Self {
        Self {
            code: None,
            class,
            words: words.into(),
            link: None,
            detail: None,
        }
    }

    /// Adds where something can be done about it.
    #[must_use]
    pub(crate) fn at(mut self, link: &'static str) -> Self {
        self.link = Some(link);
        self
    }

    /// Adds what was said, cut to a length a page can show.
    #[must_use]
    pub(crate) fn detail(mut self, said: &str) -> Self {
        let said: String = said.trim().chars().take(300).collect();
        self.detail = (!said.is_empty()).then_some(said);
        self
    }
}

impl fmt::Display for TunnelTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

/// How a tunnel stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TunnelStatus {
    /// How far it is.
    pub phase: TunnelPhase,
    /// Which way it goes.
    pub kind: TunnelKind,
    /// The public address, such as `https://name.ngrok-free.app`, without a slash at its end. While the tunnel is not
    /// online, the last known one.
    pub url: Option<String>,
    /// Since when it is in this phase.
    pub since: Timestamp,
    /// What went wrong last; gone once it is online.
    pub trouble: Option<TunnelTrouble>,
    /// How many tries in a row have failed.
    pub attempt: u32,
    /// When it is tried again, while it waits.
    pub next_try: Option<Timestamp>,
}

impl TunnelStatus {
    /// No tunnel, since `now`.
    pub fn off(kind: TunnelKind, now: Timestamp) -> Self {
        Self {
            phase: TunnelPhase::Off,
            kind,
            url: None,
            since: now,
            trouble: None,
            attempt: 0,
            next_try: None,
        }
    }

    /// Returns the public address if the internet reaches us there.
    pub fn online(&self) -> Option<&str> {
        match self.phase {
            TunnelPhase::Online => self.url.as_deref(),
            _ => None,
        }
    }

    /// Returns the host name of the public address: what is saved as ngrok's domain.
    pub fn domain(&self) -> Option<&str> {
        domain_of(self.url.as_deref()?)
    }
}

/// Returns the host name of an address, without port and path.
pub(crate) fn domain_of(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', ':', '?', '#'])
        .next()
        .filter(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_is_the_host_and_nothing_else() {
        assert_eq!(
            domain_of("https://kiln.ngrok-free.app"),
            Some("kiln.ngrok-free.app")
        );
        assert_eq!(domain_of("https://desk.example:8443/a?b"), Some("desk.example"));
        assert_eq!(domain_of("desk.example"), Some("desk.example"));
        assert_eq!(domain_of("https://"), None);
    }

    #[test]
    fn what_the_other_side_says_is_cut_to_a_length_a_page_can_show() {
        let trouble = TunnelTrouble::new(TroubleClass::Passing, "it broke").detail(&"é".repeat(1_000));
        assert_eq!(trouble.detail.map(|said| said.chars().count()), Some(300));
        let silent = TunnelTrouble::new(TroubleClass::Passing, "it broke").detail("  \n");
        assert_eq!(silent.detail, None);
    }
}
