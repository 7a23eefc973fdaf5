//! One call to the Graph API that is not a message: its answer, or why there is none.

use super::answer::{Answer, GraphError, graph_error, retry_after};
use super::errors::{self, Remedy};
use super::graph::{Account, BAD_ADDRESS, BAD_TOKEN, Broken, Graph, NO_ANSWER, OFFLINE};
use super::pace::NoTurn;
use super::{lenient, setup_words};
use domain::SendClass;
use http::StatusCode;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use std::time::Duration;
use tokio::time::Instant;
use url::Url;
use vault::Secret;

const REFUSED: &str =
    "WhatsApp refused this, so nothing was changed. Look at the details, correct it and try again.";
const NO_BUSINESS_ACCOUNT: &str = "The id of the WhatsApp business account is not known, and this needs it. Write it into the settings of \
     the channel.";
const NOT_DONE: &str = "WhatsApp did not do this and gave no reason. Try again in a moment.";
const LATE: &str = "WhatsApp did not answer within five seconds, so it is not known how the number is. Messages are not affected by this \
     look; try again in a moment.";
const TOO_MANY: &str = "Deskbell has just asked WhatsApp as often as it may in a minute. Nothing is wrong; try again in a minute.";
const HELD: &str = "WhatsApp allows only so many requests an hour and most of them are used up. Deskbell leaves out what can wait and \
     goes on by itself; messages are not affected.";

/// Codes whose words for a message would be wrong for anything else: what was asked for was put together wrongly.
const BADLY_MADE: [i64; 4] = [100, 131_008, 131_009, 135_000];

/// Codes that say that the allowance for such calls is used up (section 9.2).
const ALLOWANCE_USED: [i64; 4] = [4, 17, 613, 80_007];

/// Why a call did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct CallFailure {
    /// Meta's code.
    pub code: Option<i64>,
    /// Meta's finer code.
    pub subcode: Option<i64>,
    /// The HTTP status, when there was an answer.
    pub status: Option<u16>,
    /// What kind of trouble.
    pub class: SendClass,
    /// What happened and what to do next.
    pub words: &'static str,
    /// What a button beside the words can do.
    pub remedy: Remedy,
    /// Meta's own words, or the technical reason.
    pub detail: Option<String>,
    /// Meta's `fbtrace_id`, which its support asks for.
    pub trace: Option<String>,
    /// In seconds; a whole duration would make every result large.
    wait: Option<u32>,
}

impl CallFailure {
    pub(super) fn ours(class: SendClass, words: &'static str, detail: Option<String>) -> Self {
        Self {
            code: None,
            subcode: None,
            status: None,
            class,
            words,
            remedy: Remedy::by_class(class),
            detail,
            trace: None,
            wait: None,
        }
    }

    /// Gives the failure another button.
    pub(super) fn with_remedy(self, remedy: Remedy) -> Self {
        Self { remedy, ..self }
    }

    fn after(self, wait: Option<Duration>) -> Self {
        let seconds = |wait: Duration| u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
        Self {
            wait: wait.map(seconds),
            ..self
        }
    }

    /// Returns how long to wait before the same is tried again, when that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        self.wait.map(|seconds| Duration::from_secs(u64::from(seconds)))
    }

    /// Meta answered, but not what the call is for.
    pub(super) fn odd_answer(detail: impl Into<String>) -> Self {
        let class = SendClass::Transient { tries: 3 };
        Self::ours(class, NO_ANSWER, Some(detail.into()))
    }

    pub(super) fn bad_address() -> Self {
        Self::ours(SendClass::Configuration, BAD_ADDRESS, None).with_remedy(Remedy::CheckIds)
    }

    /// What an error means for anything that is no message.
    pub(super) fn from_error(error: GraphError, status: StatusCode) -> Self {
        let said = [error.title.as_deref(), error.detail.as_deref()];
        let advice = setup_words::advice(error.code, error.subcode, said);
        let failure = Self::about_message(error, status);
        match advice {
            Some(advice) => Self {
                class: advice.class,
                words: advice.words,
                remedy: advice.remedy,
                ..failure
            },
            None => failure,
        }
    }

    /// What an error means for what belongs to messages: files and read marks.
    fn about_message(error: GraphError, status: StatusCode) -> Self {
        let advice = error.advice(status);
        let says_message = BADLY_MADE.contains(&error.code) && advice.class == SendClass::Never
            || advice.words == errors::REFUSED;
        Self {
            code: Some(error.code),
            subcode: error.subcode,
            status: Some(status.as_u16()),
            class: advice.class,
            words: if says_message { REFUSED } else { advice.words },
            remedy: advice.remedy,
            detail: error.detail.or(error.title),
            trace: error.trace,
            wait: None,
        }
    }

    fn by_status(status: StatusCode) -> Self {
        let advice = errors::by_status(status);
        let words = if advice.words == errors::REFUSED {
            REFUSED
        } else {
            advice.words
        };
        let remedy = if status == StatusCode::UNAUTHORIZED {
            Remedy::NewToken
        } else {
            advice.remedy
        };
        Self {
            status: Some(status.as_u16()),
            remedy,
            ..Self::ours(advice.class, words, Some(format!("HTTP {}", status.as_u16())))
        }
    }

    /// Returns whether the same call may work a little later, without anybody changing anything.
    pub const fn is_passing(&self) -> bool {
        !matches!(self.class, SendClass::Never | SendClass::Configuration)
    }

    /// Returns whether Meta said that the token is no good. Nothing else is a dead token, least of all silence
    /// (product.md, section 2).
    pub const fn is_dead_token(&self) -> bool {
        match self.code {
            Some(190) => true,
            Some(0) | None => matches!(self.status, Some(401)),
            Some(_) => false,
        }
    }

    /// Returns whether Meta could not be asked, or did not answer anything of use; nothing is known then.
    pub fn is_unreachable(&self) -> bool {
        let is_outage = matches!(self.class, SendClass::Offline | SendClass::Transient { .. });
        self.code.is_none() && is_outage && !self.is_held_back()
    }

    /// Returns whether the call was never made, since the allowance is nearly used up or too many calls wait.
    pub fn is_held_back(&self) -> bool {
        self.status.is_none() && (self.words == TOO_MANY || self.words == HELD)
    }
}

impl From<Broken> for CallFailure {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Unsendable(detail) => {
                Self::ours(SendClass::Configuration, BAD_TOKEN, Some(detail)).with_remedy(Remedy::NewToken)
            }
            Broken::BeforeSending(detail) => {
                Self::ours(SendClass::Offline, OFFLINE, Some(detail)).with_remedy(Remedy::CheckInternet)
            }
            Broken::AfterSending(detail) => Self::odd_answer(detail),
        }
    }
}

impl From<NoTurn> for CallFailure {
    fn from(reason: NoTurn) -> Self {
        let (words, wait) = match reason {
            NoTurn::LineTooLong => (TOO_MANY, None),
            NoTurn::Held(wait) => (HELD, Some(wait)),
        };
        Self::ours(SendClass::NumberRate, words, None).after(wait)
    }
}

/// What is special about a call.
#[derive(Default)]
pub(super) struct Care<'a> {
    /// What must not come back in the words of the answer.
    pub(super) hidden: &'a [&'a Secret],
    /// Until when there has to be an answer.
    pub(super) until: Option<Instant>,
}

impl Graph {
    /// Carries a management call out once, when its turn comes, and returns the object Meta answers with.
    pub(super) async fn call(
        &self,
        account: &Account,
        request: RequestBuilder,
    ) -> Result<Value, CallFailure> {
        self.call_with(account, request, Care::default()).await
    }

    /// Like [`Self::call`], with care.
    pub(super) async fn call_with(
        &self,
        account: &Account,
        request: RequestBuilder,
        care: Care<'_>,
    ) -> Result<Value, CallFailure> {
        let late = |words| CallFailure::ours(SendClass::Transient { tries: 3 }, words, None);
        match until(care.until, self.pace.turn(self.urgency)).await {
            Some(turn) => turn?,
            None => return Err(late(TOO_MANY).with_remedy(Remedy::TryLater)),
        }
        let answer = until(care.until, self.exchange(account, request, care.hidden))
            .await
            .ok_or_else(|| late(LATE).with_remedy(Remedy::TryLater))??;
        let wait = retry_after(&answer.headers);
        let result = judged(&answer, CallFailure::from_error);
        result.map_err(|failure| {
            if failure.code.is_some_and(|code| ALLOWANCE_USED.contains(&code)) || failure.status == Some(429)
            {
                self.pace.note_limit(wait);
            }
            failure.after(wait)
        })
    }

    /// Carries out at once what belongs to messages: they have a pace of their own.
    pub(super) async fn carry(
        &self,
        account: &Account,
        request: RequestBuilder,
    ) -> Result<Value, CallFailure> {
        let answer = self.exchange(account, request, &[]).await?;
        judged(&answer, CallFailure::about_message)
    }

    /// Like [`Self::call`], for calls that answer only whether it was done.
    pub(super) async fn order(&self, account: &Account, request: RequestBuilder) -> Result<(), CallFailure> {
        self.order_with(account, request, Care::default()).await
    }

    /// Like [`Self::order`], with care.
    pub(super) async fn order_with(
        &self,
        account: &Account,
        request: RequestBuilder,
        care: Care<'_>,
    ) -> Result<(), CallFailure> {
        done(&self.call_with(account, request, care).await?)
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

/// Waits for something, at most until then.
async fn until<T>(then: Option<Instant>, wait: impl Future<Output = T>) -> Option<T> {
    match then {
        Some(then) => tokio::time::timeout_at(then, wait).await.ok(),
        None => Some(wait.await),
    }
}

/// Returns the object in an answer, or why there is none.
fn judged(
    answer: &Answer,
    by_error: fn(GraphError, StatusCode) -> CallFailure,
) -> Result<Value, CallFailure> {
    let json = answer.json();
    if let Some(error) = json.as_ref().and_then(graph_error) {
        return Err(by_error(error, answer.status));
    }
    match json {
        Some(json) if answer.status.is_success() && json.is_object() => Ok(json),
        _ if answer.status.is_success() => Err(CallFailure::odd_answer(match &answer.body {
            Err(broken) => broken.clone(),
            Ok(_) => format!("HTTP {}", answer.status.as_u16()),
        })),
        _ => Err(CallFailure::by_status(answer.status)),
    }
}

/// Returns whether Meta did what was asked. Some edges answer with an empty object or with what they changed; only a
/// clear no is one.
pub(super) fn done(json: &Value) -> Result<(), CallFailure> {
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

/// Returns the cursor of the next page. Only `next` says that there is one; its address itself is never called, since
/// the token must not go where an answer says.
pub(super) fn next_page(json: &Value) -> Option<String> {
    let next = lenient::id(json.pointer("/paging/next"))?;
    lenient::id(json.pointer("/paging/cursors/after")).or_else(|| {
        let next = Url::parse(&next).ok()?;
        let (_, after) = next.query_pairs().find(|(key, _)| key == "after")?;
        Some(after.into_owned())
    })
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
