//! One call to the Graph API that is not a message: its answer, or why there is none.

use super::answer::{GraphError, graph_error};
use super::errors;
use super::graph::{Account, BAD_ADDRESS, BAD_TOKEN, Broken, Graph, NO_ANSWER, OFFLINE, exchange};
use domain::SendClass;
use http::StatusCode;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use url::Url;

const REFUSED: &str =
    "WhatsApp refused this, so nothing was changed. Look at the details, correct it and try again.";
const NO_BUSINESS_ACCOUNT: &str = "The id of the WhatsApp business account is not known, and this needs it. Write it into the settings of \
     the channel.";
const NOT_DONE: &str = "WhatsApp did not do this and gave no reason. Try again in a moment.";

/// Codes whose words for a message would be wrong for anything else: what was asked for was put together wrongly.
const BADLY_MADE: [i64; 4] = [100, 131_008, 131_009, 135_000];

/// Why a call did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct CallFailure {
    /// Meta's code.
    pub code: Option<i64>,
    /// Meta's finer code.
    pub subcode: Option<i64>,
    /// What kind of trouble.
    pub class: SendClass,
    /// What happened and what to do next.
    pub words: &'static str,
    /// Meta's own words, or the technical reason.
    pub detail: Option<String>,
    /// Meta's `fbtrace_id`, which its support asks for.
    pub trace: Option<String>,
}

impl CallFailure {
    pub(super) fn ours(class: SendClass, words: &'static str, detail: Option<String>) -> Self {
        Self {
            code: None,
            subcode: None,
            class,
            words,
            detail,
            trace: None,
        }
    }

    /// Meta answered, but not what the call is for.
    pub(super) fn odd_answer(detail: impl Into<String>) -> Self {
        let class = SendClass::Transient { tries: 3 };
        Self::ours(class, NO_ANSWER, Some(detail.into()))
    }

    pub(super) fn bad_address() -> Self {
        Self::ours(SendClass::Configuration, BAD_ADDRESS, None)
    }

    pub(super) fn from_error(error: GraphError, status: StatusCode) -> Self {
        let advice = error.advice(status);
        let says_message = BADLY_MADE.contains(&error.code) && advice.class == SendClass::Never
            || advice.words == errors::REFUSED;
        Self {
            code: Some(error.code),
            subcode: error.subcode,
            class: advice.class,
            words: if says_message { REFUSED } else { advice.words },
            detail: error.detail.or(error.title),
            trace: error.trace,
        }
    }

    fn by_status(status: StatusCode) -> Self {
        let advice = errors::by_status(status);
        let words = if advice.words == errors::REFUSED {
            REFUSED
        } else {
            advice.words
        };
        Self::ours(advice.class, words, Some(format!("HTTP {}", status.as_u16())))
    }

    /// Returns whether the same call may work a little later, without anybody changing anything.
    pub const fn is_passing(&self) -> bool {
        !matches!(self.class, SendClass::Never | SendClass::Configuration)
    }
}

impl From<Broken> for CallFailure {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Unsendable(detail) => Self::ours(SendClass::Configuration, BAD_TOKEN, Some(detail)),
            Broken::BeforeSending(detail) => Self::ours(SendClass::Offline, OFFLINE, Some(detail)),
            Broken::AfterSending(detail) => Self::odd_answer(detail),
        }
    }
}

impl Graph {
    /// Carries a call out once and returns the object Meta answers with.
    pub(super) async fn call(
        &self,
        account: &Account,
        request: RequestBuilder,
    ) -> Result<Value, CallFailure> {
        let answer = exchange(account, request).await?;
        let json = answer.json();
        if let Some(error) = json.as_ref().and_then(graph_error) {
            return Err(CallFailure::from_error(error, answer.status));
        }
        match json {
            Some(json) if answer.status.is_success() && json.is_object() => Ok(json),
            _ if answer.status.is_success() => Err(CallFailure::odd_answer(match answer.body {
                Err(broken) => broken,
                Ok(_) => format!("HTTP {}", answer.status.as_u16()),
            })),
            _ => Err(CallFailure::by_status(answer.status)),
        }
    }

    /// Like [`Self::call`], for calls that answer only whether it was done.
    pub(super) async fn order(&self, account: &Account, request: RequestBuilder) -> Result<(), CallFailure> {
        let json = self.call(account, request).await?;
        // Some edges answer with an empty object or with what they changed; only a clear no is one.
        let done = match json.get("success") {
            Some(Value::Bool(done)) => *done,
            Some(Value::String(done)) => !done.eq_ignore_ascii_case("false"),
            _ => true,
        };
        if done {
            Ok(())
        } else {
            let class = SendClass::Transient { tries: 3 };
            Err(CallFailure::ours(class, NOT_DONE, None))
        }
    }

    /// Begins a request to something below the number.
    pub(super) fn at_number(
        &self,
        method: Method,
        account: &Account,
        below: &[&str],
    ) -> Result<RequestBuilder, CallFailure> {
        let url = account.url(below).ok_or_else(CallFailure::bad_address)?;
        Ok(self.client.request(method, url))
    }
}

impl Account {
    /// Returns the address of something below the business account.
    pub(super) fn business_url(&self, below: &[&str]) -> Result<Url, CallFailure> {
        let id = self
            .business_account_id
            .as_deref()
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .ok_or_else(|| CallFailure::ours(SendClass::Configuration, NO_BUSINESS_ACCOUNT, None))?;
        let mut path = vec![id];
        path.extend(below);
        self.node(&path).ok_or_else(CallFailure::bad_address)
    }
}
