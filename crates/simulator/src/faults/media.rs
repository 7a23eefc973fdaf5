//! What can go wrong with files: on the way down, on the way up, and in the address itself.

use crate::graph::GraphError;

/// What happens to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaFault {
    /// The download drips.
    Slow {
        /// Speed; at least 1.
        bytes_per_second: u32,
    },
    /// The download promises all bytes, and the connection ends after so many.
    Cut {
        /// Bytes that come.
        after: usize,
    },
    /// The bytes are as many as promised, and not the same.
    WrongHash,
    /// The address is answered with 404.
    Missing,
    /// The address is answered with an HTML page and status 200, as with a stale token.
    Html,
    /// The address is answered with 302 to another one.
    RedirectTo(String),
    /// `GET /{media_id}` names this address instead.
    UrlAt(String),
    /// An upload is answered with this error.
    UploadRefused(GraphError),
    /// An upload is read slowly.
    UploadSlow {
        /// Speed; at least 1.
        bytes_per_second: u32,
    },
    /// The connection is reset after so many bytes of an upload.
    UploadCut {
        /// Bytes that are read.
        after: usize,
    },
}

/// Where a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// `GET /{media_id}`.
    Resolve,
    /// `GET` of the address.
    Fetch,
    /// `POST .../media`.
    Upload,
}

impl MediaFault {
    pub(crate) fn stage(&self) -> Stage {
        match self {
            Self::UrlAt(_) => Stage::Resolve,
            Self::UploadRefused(_) | Self::UploadSlow { .. } | Self::UploadCut { .. } => Stage::Upload,
            Self::Slow { .. }
            | Self::Cut { .. }
            | Self::WrongHash
            | Self::Missing
            | Self::Html
            | Self::RedirectTo(_) => Stage::Fetch,
        }
    }
}

/// Which requests for files are spoilt. Made from a [`MediaFault`], which then applies once.
#[derive(Debug, Clone)]
pub struct MediaRule {
    fault: MediaFault,
    left: Option<u32>,
    media: Option<String>,
}

impl From<MediaFault> for MediaRule {
    fn from(fault: MediaFault) -> Self {
        Self {
            fault,
            left: Some(1),
            media: None,
        }
    }
}

impl MediaRule {
    /// Applies to this many requests.
    #[must_use]
    pub fn times(mut self, requests: u32) -> Self {
        self.left = Some(requests);
        self
    }

    /// Applies until [`Meta::clear_faults`](crate::Meta::clear_faults).
    #[must_use]
    pub fn always(mut self) -> Self {
        self.left = None;
        self
    }

    /// Only for this file. Uploads have no id yet.
    #[must_use]
    pub fn media(mut self, id: &str) -> Self {
        self.media = Some(id.to_owned());
        self
    }
}

/// The rules in force, oldest first.
#[derive(Debug, Default)]
pub(crate) struct MediaRules(Vec<MediaRule>);

impl MediaRules {
    pub(crate) fn add(&mut self, rule: MediaRule) {
        self.0.push(rule);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The oldest rule that fits; one of its times is used up.
    pub(crate) fn take(&mut self, stage: Stage, media: &str) -> Option<MediaFault> {
        let at = self.0.iter().position(|rule| {
            rule.fault.stage() == stage
                && rule.left != Some(0)
                && rule.media.as_deref().is_none_or(|wanted| wanted == media)
        })?;
        let rule = self.0.get_mut(at)?;
        if let Some(left) = &mut rule.left {
            *left -= 1;
        }
        let fault = rule.fault.clone();
        self.0.retain(|rule| rule.left != Some(0));
        Some(fault)
    }
}
