//! Fetches the bytes of a file (whatsapp-cloud-api, section 6). An address comes out of a webhook or an answer, so it
//! is believed as little as anything else from outside: the token goes to known hosts only.

use super::graph::{Account, Graph, explained};
use super::guard::{NotPublic, is_media_host};
use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use std::error::Error;
use std::time::Duration;
use tokio::time::Instant;
use url::{Host, Origin, Url};

/// No transfer of a file lasts longer.
pub(super) const LONGEST_TRANSFER: Duration = Duration::from_hours(6);
/// Fewer bytes than this within [`Pace::window`] are a standstill. A file that trickles would keep others waiting
/// whose addresses die after five minutes (section 6).
const LEAST: u64 = 64 * 1024;
/// What a file may take in all follows from its length at this pace, in bytes a second, and from [`Pace::grace`].
const PACE: u64 = 16 * 1024;

/// How slowly a file may come. All of it follows from how long a transfer may stand still, which is 20 s.
struct Pace {
    began: Instant,
    announced: Option<u64>,
    /// Within which [`LEAST`] bytes come: 30 s.
    window: Duration,
    /// What the whole may take besides what its length asks for: 60 s.
    grace: Duration,
    /// What a file of unknown length may take: 10 minutes.
    unknown: Duration,
    /// When the window began, and what had come until then.
    mark: (Instant, u64),
}

impl Pace {
    fn begin(idle: Duration, announced: Option<u64>) -> Self {
        let began = Instant::now();
        Self {
            began,
            announced,
            window: idle * 3 / 2,
            grace: idle * 3,
            unknown: idle * 30,
            mark: (began, 0),
        }
    }

    /// When the whole has to be here.
    fn end(&self) -> Instant {
        let most = self.announced.map_or(self.unknown, |announced| {
            self.grace + Duration::from_secs(announced / PACE)
        });
        self.began + most
    }

    /// Whether a transfer that has brought so much is as good as standing still. The last piece may be small.
    fn is_trickle(&mut self, got: u64) -> bool {
        let (since, had) = self.mark;
        if since.elapsed() < self.window {
            return false;
        }
        self.mark = (Instant::now(), got);
        let nearly_whole = self
            .announced
            .is_some_and(|announced| announced.saturating_sub(had) <= LEAST);
        got.saturating_sub(had) < LEAST && !nearly_whole
    }
}

/// Where files may be fetched from with the token: Meta's media hosts, the place the Graph API itself was set to when
/// that is not Meta's, and what the configuration adds.
#[derive(Debug, Clone, Default)]
pub struct MediaHosts {
    origins: Vec<Origin>,
}

/// An entry of the configuration that is no origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the beginning of a web address, such as https://media.example.org")]
pub struct OddOrigin(pub String);

/// A file that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Downloaded {
    /// What the host says it is.
    pub mime: Option<String>,
    /// How many bytes it has.
    pub size: u64,
}

/// Why a file was not fetched.
#[derive(Debug, thiserror::Error)]
pub enum DownloadFailure {
    /// The address is none the token may go to. Nothing was sent.
    #[error("The file lies at an address that Deskbell does not trust, so it was not fetched.")]
    Forbidden {
        /// Which rule it breaks.
        reason: &'static str,
    },
    /// The host cannot be reached.
    #[error("The place where the file lies cannot be reached. Deskbell tries again once it can.")]
    Unreachable(String),
    /// The host points somewhere else, where the token must not go.
    #[error("The file was moved to another address, which Deskbell does not follow.")]
    Redirected,
    /// The address has expired or the file was deleted. A new address may help, once.
    #[error("WhatsApp does not hold the file under this address any more.")]
    Gone,
    /// The token was not accepted.
    #[error("WhatsApp did not hand the file over. Check the access token and its permissions.")]
    Denied(u16),
    /// Another answer than the file.
    #[error("WhatsApp could not hand the file over just now.")]
    Status(u16),
    /// A web page instead of the file; what an expired address or token often gets.
    #[error("WhatsApp answered with a web page instead of the file.")]
    Html,
    /// More than was asked for.
    #[error("The file is too large: more than {cap} bytes.")]
    TooLarge {
        /// The most that is taken, in bytes.
        cap: u64,
    },
    /// The connection ended before the file did.
    #[error("The file came only in part.")]
    CutShort {
        /// Bytes that came.
        got: u64,
        /// Bytes that were announced.
        announced: u64,
    },
    /// Nothing came for too long, or so little that it would take for ever.
    #[error("The file stopped coming.")]
    Stalled,
    /// The connection broke.
    #[error("The connection broke while the file came.")]
    Broken(String),
    /// What came could not be written down.
    #[error("The file could not be written to this computer's disk: {0}")]
    Disk(#[source] std::io::Error),
}

impl DownloadFailure {
    /// Returns whether the same address is worth another try. [`Self::Gone`] and [`Self::Denied`] want a new address
    /// or a new token first.
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::CutShort { .. } | Self::Stalled | Self::Broken(_) | Self::Html => {
                true
            }
            Self::Status(status) => matches!(status, 408 | 425 | 429 | 500..=599),
            Self::Forbidden { .. }
            | Self::Redirected
            | Self::Gone
            | Self::Denied(_)
            | Self::TooLarge { .. }
            | Self::Disk(_) => false,
        }
    }
}

impl MediaHosts {
    /// Allows further origins, such as `https://media.example.org` or `http://127.0.0.1:8080`. What follows the port
    /// is ignored.
    pub fn with_origins<S: AsRef<str>>(origins: impl IntoIterator<Item = S>) -> Result<Self, OddOrigin> {
        let origins = origins
            .into_iter()
            .map(|text| {
                Url::parse(text.as_ref().trim())
                    .ok()
                    .filter(|url| matches!(url.scheme(), "http" | "https"))
                    .map(|url| url.origin())
                    .ok_or_else(|| OddOrigin(text.as_ref().to_owned()))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { origins })
    }

    /// Returns the address when the token may go there.
    fn admitted(&self, account: &Account, text: &str) -> Result<Url, DownloadFailure> {
        let forbidden = |reason| DownloadFailure::Forbidden { reason };
        let url = Url::parse(text).map_err(|_| forbidden("it is no web address"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(forbidden("it is no web address"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(forbidden("it holds a name or a password"));
        }
        let origin = url.origin();
        if self.origins.contains(&origin) || own_graph(account).is_some_and(|graph| graph == origin) {
            return Ok(url);
        }
        match url.host() {
            Some(Host::Domain(name)) if is_media_host(name) => {
                if url.scheme() != "https" {
                    Err(forbidden("it is not encrypted"))
                } else if url.port().is_some() {
                    Err(forbidden("it names an unusual port"))
                } else {
                    Ok(url)
                }
            }
            Some(Host::Domain(_)) => Err(forbidden("the host is not one of WhatsApp's")),
            _ => Err(forbidden("the host has no name")),
        }
    }
}

/// Returns where the Graph API is when it was set to a place that is not Meta's: a proxy or a test, which hands out
/// files as well.
fn own_graph(account: &Account) -> Option<Origin> {
    let url = Url::parse(account.base_url.trim()).ok()?;
    let host = url.host_str()?.to_ascii_lowercase();
    let is_metas = host == "facebook.com" || host.ends_with(".facebook.com");
    (!is_metas).then(|| url.origin())
}

impl Graph {
    /// Fetches a file and hands its bytes to `sink` as they come, at most `cap_bytes`. A web page is refused.
    pub async fn download(
        &self,
        account: &Account,
        url: &str,
        allowed: &MediaHosts,
        cap_bytes: u64,
        sink: &mut (dyn FnMut(&[u8]) -> std::io::Result<()> + Send),
    ) -> Result<Downloaded, DownloadFailure> {
        let response = self.open(account, url, allowed).await?;
        if mime(response.headers()).is_some_and(|mime| is_page(&mime)) {
            return Err(DownloadFailure::Html);
        }
        self.pour(response, cap_bytes, true, sink).await
    }

    /// Like [`Self::download`], for a file that was announced as a web page: customers send those as well.
    pub async fn download_page(
        &self,
        account: &Account,
        url: &str,
        allowed: &MediaHosts,
        cap_bytes: u64,
        sink: &mut (dyn FnMut(&[u8]) -> std::io::Result<()> + Send),
    ) -> Result<Downloaded, DownloadFailure> {
        let response = self.open(account, url, allowed).await?;
        self.pour(response, cap_bytes, false, sink).await
    }

    /// Asks for the file, up to where its bytes begin.
    async fn open(
        &self,
        account: &Account,
        url: &str,
        allowed: &MediaHosts,
    ) -> Result<Response, DownloadFailure> {
        let url = allowed.admitted(account, url)?;
        let request = self
            .client
            .get(url)
            .bearer_auth(account.access_token.expose())
            .timeout(LONGEST_TRANSFER);
        let response = tokio::time::timeout(self.idle, request.send())
            .await
            .map_err(|_| DownloadFailure::Stalled)?
            .map_err(|error| no_answer(&error))?;
        match response.status().as_u16() {
            200 => Ok(response),
            300..=399 => Err(DownloadFailure::Redirected),
            404 | 410 => Err(DownloadFailure::Gone),
            status @ (401 | 403) => Err(DownloadFailure::Denied(status)),
            status => Err(DownloadFailure::Status(status)),
        }
    }

    async fn pour(
        &self,
        mut response: Response,
        cap: u64,
        no_page: bool,
        sink: &mut (dyn FnMut(&[u8]) -> std::io::Result<()> + Send),
    ) -> Result<Downloaded, DownloadFailure> {
        let mime = mime(response.headers());
        let announced = response.content_length();
        if announced.is_some_and(|length| length > cap) {
            return Err(DownloadFailure::TooLarge { cap });
        }
        let mut got = 0_u64;
        let mut pace = Pace::begin(self.idle, announced);
        loop {
            let until = pace.end().min(Instant::now() + self.idle);
            let chunk = tokio::time::timeout_at(until, response.chunk())
                .await
                .map_err(|_| DownloadFailure::Stalled)?
                .map_err(|error| match announced {
                    Some(announced) if got < announced => DownloadFailure::CutShort { got, announced },
                    _ => DownloadFailure::Broken(explained(&error)),
                })?;
            let Some(chunk) = chunk else { break };
            if got == 0 && no_page && mime.is_none() && begins_as_page(&chunk) {
                return Err(DownloadFailure::Html);
            }
            got = got.saturating_add(chunk.len() as u64);
            if got > cap {
                return Err(DownloadFailure::TooLarge { cap });
            }
            sink(&chunk).map_err(DownloadFailure::Disk)?;
            let is_whole = announced.is_some_and(|announced| got >= announced);
            if !is_whole && (pace.is_trickle(got) || Instant::now() >= pace.end()) {
                return Err(DownloadFailure::Stalled);
            }
        }
        match announced {
            Some(announced) if got < announced => Err(DownloadFailure::CutShort { got, announced }),
            _ => Ok(Downloaded { mime, size: got }),
        }
    }
}

fn no_answer(error: &reqwest::Error) -> DownloadFailure {
    let mut reason: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(inner) = reason {
        if inner.is::<NotPublic>() {
            return DownloadFailure::Forbidden {
                reason: "the name leads into a private network",
            };
        }
        reason = inner.source();
    }
    if error.is_connect() {
        DownloadFailure::Unreachable(explained(error))
    } else if error.is_timeout() {
        DownloadFailure::Stalled
    } else {
        DownloadFailure::Broken(explained(error))
    }
}

fn mime(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(CONTENT_TYPE)?.to_str().ok()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn is_page(mime: &str) -> bool {
    let kind = mime.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("text/html") || kind.eq_ignore_ascii_case("application/xhtml+xml")
}

/// A host that does not say what it sends may still send a page.
fn begins_as_page(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    [b"<!doctype html".as_slice(), b"<html".as_slice()]
        .iter()
        .any(|sign| {
            start
                .get(..sign.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(sign))
        })
}
