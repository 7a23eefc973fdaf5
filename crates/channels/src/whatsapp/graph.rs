//! The client of Meta's Graph API: sends messages and looks at a number.

use super::answer::Answer;
use super::call::CallFailure;
use super::guard::PublicOnly;
use super::request::{reaction_body, with_former_type};
use super::{lenient, request_body};
use crate::outbound::{Outbound, Recipient, SendOutcome};
use domain::{SendClass, SendFailure};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use sha2::Sha256;
use std::error::Error;
use std::time::Duration;
use url::Url;
use vault::Secret;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// From the first byte out to the last byte in.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(30);
/// The most that is read of an answer, in bytes.
const LONGEST_ANSWER: usize = 1024 * 1024;
/// How long a transfer of a file may stand still.
const LONGEST_STANDSTILL: Duration = Duration::from_secs(20);
const USER_AGENT: &str = concat!("Deskbell/", env!("CARGO_PKG_VERSION"));

/// All that is worth knowing about a number (section 7.2).
const LONG_LIST: &str = "id,display_phone_number,verified_name,status,quality_rating,name_status,\
    code_verification_status,platform_type,throughput,account_mode,whatsapp_business_manager_messaging_limit,\
    health_status,webhook_configuration";
/// What every version of the API knows; one unknown field makes Meta refuse the whole request.
const SHORT_LIST: &str = "id,display_phone_number,verified_name,quality_rating,status";

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

/// What Meta says about a number, in its own words (section 7.2). What it did not say is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NumberState {
    /// The number as it is shown, with spaces.
    pub display_phone_number: Option<String>,
    /// The name customers see.
    pub verified_name: Option<String>,
    /// `GREEN`, `YELLOW`, `RED` or `UNKNOWN`.
    pub quality_rating: Option<String>,
    /// `CONNECTED` when all is well.
    pub status: Option<String>,
    /// Whether the name was approved.
    pub name_status: Option<String>,
    /// Whether the number was verified.
    pub code_verification_status: Option<String>,
    /// `LIVE` or `SANDBOX`.
    pub account_mode: Option<String>,
    /// `CLOUD_API` when it can be used here.
    pub platform_type: Option<String>,
    /// How fast it may send.
    pub throughput: Option<String>,
    /// How many conversations it may start a day.
    pub messaging_limit: Option<String>,
    /// `AVAILABLE`, `LIMITED` or `BLOCKED`: whether a message would leave.
    pub can_send_message: Option<String>,
    /// Why it would not, with Meta's remedy.
    pub obstacle: Option<String>,
    /// Where webhooks of this number go.
    pub webhook_url: Option<String>,
}

/// The client could not be made ready, for example because this computer has no usable root certificates.
#[derive(Debug, thiserror::Error)]
#[error("the connection to WhatsApp could not be prepared")]
pub struct NotReady(#[from] reqwest::Error);

/// The client. Cloning it is cheap and shares it.
#[derive(Debug, Clone)]
pub struct Graph {
    pub(super) client: Client,
    /// How long a transfer may stand still.
    pub(super) idle: Duration,
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
        })
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
        match exchange(account, request).await {
            Ok(answer) => answer.send_outcome(to),
            Err(Broken::Unsendable(detail)) => refused(SendClass::Configuration, BAD_TOKEN, Some(detail)),
            Err(Broken::BeforeSending(detail)) => refused(SendClass::Offline, OFFLINE, Some(detail)),
            Err(Broken::AfterSending(reason)) => SendOutcome::Unknown { reason },
        }
    }

    /// Asks Meta about the number, which proves address, token and secret on the way.
    pub async fn check(&self, account: &Account) -> Result<NumberState, CallFailure> {
        match self.number(account, LONG_LIST).await {
            // 100 alone is an unknown field; 100/33 is an unknown number.
            Err(failure) if failure.code == Some(100) && failure.subcode != Some(33) => {
                self.number(account, SHORT_LIST).await
            }
            result => result,
        }
    }

    async fn number(&self, account: &Account, fields: &str) -> Result<NumberState, CallFailure> {
        let mut url = account.url(&[]).ok_or_else(CallFailure::bad_address)?;
        url.query_pairs_mut().append_pair("fields", fields);
        let json = self.call(account, self.client.get(url)).await?;
        Ok(NumberState::read(&json))
    }
}

impl NumberState {
    fn read(json: &Value) -> Self {
        let word = |pointer: &str| lenient::id(json.pointer(pointer));
        Self {
            display_phone_number: word("/display_phone_number"),
            verified_name: word("/verified_name"),
            quality_rating: word("/quality_rating"),
            status: word("/status"),
            name_status: word("/name_status"),
            code_verification_status: word("/code_verification_status"),
            account_mode: word("/account_mode"),
            platform_type: word("/platform_type"),
            throughput: word("/throughput/level"),
            messaging_limit: word("/whatsapp_business_manager_messaging_limit"),
            can_send_message: word("/health_status/can_send_message"),
            obstacle: obstacle(json),
            // The narrowest level wins (section 1.5).
            webhook_url: ["phone_number", "whatsapp_business_account", "application"]
                .iter()
                .find_map(|level| word(&format!("/webhook_configuration/{level}"))),
        }
    }
}

/// Returns the first trouble in the health report, with Meta's remedy.
fn obstacle(json: &Value) -> Option<String> {
    let entities = json.pointer("/health_status/entities")?.as_array()?;
    let trouble = entities
        .iter()
        .filter_map(|entity| entity.get("errors")?.as_array())
        .flatten()
        .next()?;
    let parts = ["error_description", "possible_solution"].map(|key| lenient::id(trouble.get(key)));
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
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

pub(super) async fn exchange(account: &Account, request: RequestBuilder) -> Result<Answer, Broken> {
    let mut response = request
        .bearer_auth(account.access_token.expose())
        .send()
        .await
        .map_err(|error| {
            if error.is_builder() {
                Broken::Unsendable(explained(&error))
            } else if error.is_connect() {
                Broken::BeforeSending(explained(&error))
            } else if error.is_timeout() {
                Broken::AfterSending("no answer came in time".to_owned())
            } else {
                Broken::AfterSending(format!(
                    "the connection broke before an answer came: {}",
                    explained(&error)
                ))
            }
        })?;
    Ok(Answer {
        status: response.status(),
        headers: std::mem::take(response.headers_mut()),
        body: read(response).await.map(|body| without_secrets(body, account)),
    })
}

/// Takes our secrets out of an answer: a provider may quote what it was sent, and its words are stored and shown. Done
/// before anything is cut to length, which could leave half a secret.
fn without_secrets(body: Vec<u8>, account: &Account) -> Vec<u8> {
    let proof = account.proof().unwrap_or_default();
    let text = String::from_utf8_lossy(&body);
    let mut found = [
        account.access_token.expose(),
        account.app_secret.expose(),
        proof.as_str(),
    ]
    .into_iter()
    .filter(|secret| secret.len() >= SHORTEST_SECRET && text.contains(*secret))
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
