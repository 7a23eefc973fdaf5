//! The client of Meta's Graph API: sends messages and looks at a number.

use super::answer::Answer;
use super::guard::PublicOnly;
use super::noticed::{Noticed, this_computers_time};
use super::pace::{Pace, Urgency};
use super::request::{reaction_body, with_former_type};
use super::request_body;
use super::usage::{self, Usage};
use crate::outbound::{Outbound, Recipient, SendOutcome};
use domain::{SendClass, SendFailure};
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use sha2::Sha256;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use url::Url;
use vault::Secret;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// From the first byte out to the last byte in.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(30);
/// A look at a number that takes longer counts as failed.
const CHECK_TIMEOUT: Duration = Duration::from_secs(5);
/// The most that is read of an answer, in bytes.
const LONGEST_ANSWER: usize = 1024 * 1024;
/// How long a transfer of a file may stand still.
const LONGEST_STANDSTILL: Duration = Duration::from_secs(20);
const USER_AGENT: &str = concat!("Deskbell/", env!("CARGO_PKG_VERSION"));

pub(super) const BAD_ADDRESS: &str = "The address of WhatsApp is not a web address, so nothing is sent. Correct it and connect the number \
     again.";
pub(super) const BAD_TOKEN: &str = "The access token contains characters that no token has, so nothing is sent. Copy it once more and \
     connect the number again.";
pub(super) const OFFLINE: &str = "WhatsApp cannot be reached from this computer. Check the internet connection; messages wait and \
     leave by themselves once it is back.";
pub(super) const NO_ANSWER: &str = "WhatsApp was reached, but gave no usable answer. Try again in a moment.";

/// A connected number of the WhatsApp Cloud API, with what is needed to speak for it.
#[derive(Debug, Clone)]
pub struct Account {
    /// Where the Graph API is, such as [`super::DEFAULT_GRAPH_URL`].
    pub base_url: String,
    /// Its version, such as [`super::DEFAULT_GRAPH_VERSION`].
    pub version: String,
    /// Meta's id of the phone number.
    pub number_id: String,
    /// Meta's id of the business account, when it is known.
    pub business_account_id: Option<String>,
    /// The token that speaks for the number.
    pub access_token: Secret,
    /// The secret of the Meta app the token belongs to.
    pub app_secret: Secret,
}

/// The client could not be made ready, for example because this computer has no usable root certificates.
#[derive(Debug, thiserror::Error)]
#[error("the connection to WhatsApp could not be prepared")]
pub struct NotReady(#[from] reqwest::Error);

/// The client. Cloning it is cheap and shares it, with its pace and with what it noticed.
#[derive(Debug, Clone)]
pub struct Graph {
    pub(super) client: Client,
    /// How long a transfer may stand still.
    pub(super) idle: Duration,
    /// How long a look at a number may take.
    pub(super) check_limit: Duration,
    pub(super) pace: Arc<Pace>,
    pub(super) urgency: Urgency,
    noticed: Arc<Noticed>,
}

impl Graph {
    /// Makes the client with the time-outs of the product: 10 s to connect, 30 s in all.
    pub fn new() -> Result<Self, NotReady> {
        Self::with_timeouts(CONNECT_TIMEOUT, TOTAL_TIMEOUT)
    }

    /// Makes a client with other time-outs. Transfers of files have no time in all; they may stand still for 20 s, or
    /// for `total` when that is less.
    pub fn with_timeouts(connect: Duration, total: Duration) -> Result<Self, NotReady> {
        // Fails when one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(connect)
            .timeout(total)
            // A redirect could carry the token to another host.
            .redirect(reqwest::redirect::Policy::none())
            // Nothing may be sent twice behind our back.
            .retry(reqwest::retry::never())
            // A kept connection may be dead, as after a laptop slept. What is written to it is lost without anybody
            // knowing whether it was; a fresh one is either there or was never used.
            .pool_max_idle_per_host(0)
            .dns_resolver(PublicOnly::media_hosts())
            .build()?;
        Ok(Self {
            client,
            idle: total.min(LONGEST_STANDSTILL),
            check_limit: total.min(CHECK_TIMEOUT),
            pace: Arc::new(Pace::default()),
            urgency: Urgency::Person,
            noticed: Arc::new(Noticed::default()),
        })
    }

    /// Returns the same client for calls nobody waits for. They leave after those of people, more slowly when three
    /// quarters of Meta's allowance are used, and not at all when nine tenths are (section 9.2). Messages and files
    /// are not affected.
    #[must_use]
    pub fn in_background(&self) -> Self {
        Self {
            urgency: Urgency::Background,
            ..self.clone()
        }
    }

    /// Returns how much of Meta's allowance for management calls is used, as its latest answers say.
    pub fn usage(&self) -> Usage {
        self.pace.usage()
    }

    /// Returns the version of the Graph API that answered last, such as `v25.0`. Meta serves calls to a version that is
    /// gone with the next one and says so only here (section 10).
    pub fn version_served(&self) -> Option<String> {
        self.noticed.version()
    }

    /// Returns how far this computer's clock is ahead of Meta's (behind, when negative), to about a second, by the
    /// latest answer.
    pub fn clock_skew(&self) -> Option<SignedDuration> {
        self.noticed.skew()
    }

    /// Sends a message once and says what became of it. Never retries, with one exception that sends nothing twice: a
    /// question for the number that Meta refuses as badly made is asked again under the type's other name
    /// (section 12, row 11).
    pub async fn send(&self, account: &Account, message: &Outbound) -> SendOutcome {
        let body = request_body(message);
        let outcome = self.post_message(account, &message.to, &body).await;
        let SendOutcome::Refused(failure) = &outcome else {
            return outcome;
        };
        match with_former_type(body) {
            Some(body) if matches!(failure.code, Some(100 | 131_009)) && failure.subcode != Some(33) => {
                self.post_message(account, &message.to, &body).await
            }
            _ => outcome,
        }
    }

    /// Sets a reaction to a message, or takes ours away when `emoji` is empty. Meta reports no more than that it left
    /// (section 3.2).
    pub async fn send_reaction(
        &self,
        account: &Account,
        to: &Recipient,
        message_id: &str,
        emoji: &str,
    ) -> SendOutcome {
        self.post_message(account, to, &reaction_body(to, message_id, emoji))
            .await
    }

    async fn post_message(&self, account: &Account, to: &Recipient, body: &Value) -> SendOutcome {
        let Some(url) = account.url(&["messages"]) else {
            return refused(SendClass::Configuration, BAD_ADDRESS, None);
        };
        let request = self.client.post(url).json(body);
        match self.exchange(account, request, &[]).await {
            Ok(answer) => answer.send_outcome(to),
            Err(Broken::Unsendable(detail)) => refused(SendClass::Configuration, BAD_TOKEN, Some(detail)),
            Err(Broken::BeforeSending(detail)) => refused(SendClass::Offline, OFFLINE, Some(detail)),
            Err(Broken::AfterSending(reason)) => SendOutcome::Unknown { reason },
        }
    }
}

impl Account {
    /// Returns the address of the number's node, or of something below it, with the proof that token and app belong
    /// together.
    pub(super) fn url(&self, below: &[&str]) -> Option<Url> {
        let mut path = vec![self.number_id.trim()];
        path.extend(below);
        self.node(&path)
    }

    /// Returns the address of any node, with the same proof.
    pub(super) fn node(&self, path: &[&str]) -> Option<Url> {
        let mut url = Url::parse(self.base_url.trim()).ok()?;
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        url.path_segments_mut()
            .ok()?
            .pop_if_empty()
            .push(self.version.trim())
            .extend(path);
        if let Some(proof) = self.proof() {
            url.query_pairs_mut().append_pair("appsecret_proof", &proof);
        }
        Some(url)
    }

    /// Returns `appsecret_proof` (section 7.1).
    fn proof(&self) -> Option<String> {
        let secret = self.app_secret.expose();
        if secret.is_empty() {
            return None;
        }
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
        let proof = mac
            .chain_update(self.access_token.expose())
            .finalize()
            .into_bytes();
        Some(hex::encode(proof))
    }
}

/// Why there is no answer.
pub(super) enum Broken {
    /// The request could not be written down.
    Unsendable(String),
    /// Nothing left this computer.
    BeforeSending(String),
    /// The request may have arrived.
    AfterSending(String),
}

/// A shorter text than this is no secret, and taking it out of an answer would spoil the answer.
const SHORTEST_SECRET: usize = 8;

impl Graph {
    /// Carries one request out. `hidden` is what must not come back in the words of the answer, besides the secrets of
    /// the account.
    pub(super) async fn exchange(
        &self,
        account: &Account,
        request: RequestBuilder,
        hidden: &[&Secret],
    ) -> Result<Answer, Broken> {
        let sent = this_computers_time();
        let mut response = request
            .bearer_auth(account.access_token.expose())
            .send()
            .await
            .map_err(|error| broken(&error))?;
        let headers = std::mem::take(response.headers_mut());
        self.noticed.note(&headers, sent, this_computers_time());
        self.pace.note(usage::read(&headers));
        Ok(Answer {
            status: response.status(),
            headers,
            body: read(response)
                .await
                .map(|body| without_secrets(body, account, hidden)),
        })
    }
}

fn broken(error: &reqwest::Error) -> Broken {
    if error.is_builder() {
        Broken::Unsendable(explained(error))
    } else if error.is_connect() {
        Broken::BeforeSending(explained(error))
    } else if error.is_timeout() {
        Broken::AfterSending("no answer came in time".to_owned())
    } else {
        Broken::AfterSending(format!(
            "the connection broke before an answer came: {}",
            explained(error)
        ))
    }
}

/// Takes our secrets out of an answer: a provider may quote what it was sent, and its words are stored and shown. Done
/// before anything is cut to length, which could leave half a secret.
fn without_secrets(body: Vec<u8>, account: &Account, hidden: &[&Secret]) -> Vec<u8> {
    let proof = account.proof().unwrap_or_default();
    let text = String::from_utf8_lossy(&body);
    let of_account = [
        account.access_token.expose(),
        account.app_secret.expose(),
        proof.as_str(),
    ];
    let of_call = hidden.iter().map(|secret| secret.expose());
    let mut found = of_account
        .into_iter()
        .filter(|secret| secret.len() >= SHORTEST_SECRET)
        // A PIN is short; the answers to such calls hold nothing it could spoil.
        .chain(of_call.filter(|secret| !secret.is_empty()))
        .filter(|secret| text.contains(*secret))
        .peekable();
    if found.peek().is_none() {
        return body;
    }
    found
        .fold(text.to_string(), |text, secret| text.replace(secret, "(secret)"))
        .into_bytes()
}

async fn read(mut response: Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| explained(&error))? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Err("it is too long".to_owned());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Returns the innermost reason, which says most; the outer ones repeat the address with the proof in it.
pub(super) fn explained(error: &reqwest::Error) -> String {
    let mut reason: &dyn Error = error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    if std::ptr::addr_eq(reason, error) {
        "the request failed".to_owned()
    } else {
        reason.to_string()
    }
}

fn refused(class: SendClass, title: &str, detail: Option<String>) -> SendOutcome {
    SendOutcome::Refused(SendFailure {
        class,
        code: None,
        subcode: None,
        title: title.to_owned(),
        detail,
        retry_after: None,
    })
}
