//! Everything that can go wrong between a client and Graph, on demand (`reliability-performance.md` 8.2).
//!
//! A [`Rule`] says which requests a [`Fault`] spoils, how many of them, and whether the message is taken all the same:
//! the two moments make the difference between a send that may be repeated and one that must not.

mod media;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::graph::GraphError;

pub use media::{MediaFault, MediaRule};
pub(crate) use media::{MediaRules, Stage};

/// The body of a plain HTTP answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// The HTML page of a gateway in front of Graph.
    Html,
    /// No body at all.
    Empty,
    /// This text, as `text/plain`.
    Text(String),
}

/// What happens to the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The request is read and never answered. The message is not taken.
    TimeOut,
    /// The request is never answered, but the message is taken: its statuses come.
    TimeOutButAccepted,
    /// The connection is reset (TCP RST) instead of an answer. The message is not taken.
    Reset,
    /// The headers of a good answer promise more bytes than come before the connection closes. The message is taken.
    HalfClosed,
    /// A good answer whose body drips. The message is taken.
    Slow {
        /// Speed of the body; at least 1.
        bytes_per_second: u32,
    },
    /// A good answer, late. The message is taken at once.
    Late(Duration),
    /// An answer that is not Graph's JSON. The message is not taken.
    Http {
        /// The HTTP status.
        status: u16,
        /// Seconds of a `Retry-After` header.
        retry_after: Option<u32>,
        /// What the body is.
        body: Page,
    },
    /// An error in Graph's shape. The message is not taken.
    Graph(GraphError),
    /// HTTP 200 with an empty `messages` array. The message is taken.
    OkWithoutId,
    /// HTTP 200, `application/json`, and a body that is no JSON. The message is taken.
    Garbage,
}

impl Fault {
    /// The HTML error page of a gateway, e.g. with 502.
    pub fn html(status: u16) -> Self {
        Self::Http {
            status,
            retry_after: None,
            body: Page::Html,
        }
    }

    /// Graph's error for a code, as it usually looks.
    pub fn code(code: i64) -> Self {
        Self::Graph(GraphError::of(code))
    }

    /// Whether the message counts as sent unless the rule says otherwise.
    fn usually_taken(&self) -> bool {
        match self {
            Self::TimeOut | Self::Reset | Self::Http { .. } | Self::Graph(_) => false,
            Self::TimeOutButAccepted
            | Self::HalfClosed
            | Self::Slow { .. }
            | Self::Late(_)
            | Self::OkWithoutId
            | Self::Garbage => true,
        }
    }
}

/// What a rule does when it applies.
#[derive(Debug, Clone)]
pub(crate) enum Effect {
    /// Spoil the answer.
    Spoil(Fault),
    /// Wait at the gate, then go on as if nothing had been.
    Hold(Arc<Latch>),
}

/// Which kind of request a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// `POST .../messages`.
    Send,
    /// `GET` of a node.
    Read,
    /// Anything but sends and files.
    Managed,
}

/// Which requests are spoilt, and how. Made from a [`Fault`], which then applies to the next send.
#[derive(Debug, Clone)]
pub struct Rule {
    pub(crate) effect: Effect,
    pub(crate) taken: bool,
    call: Call,
    left: Option<u32>,
    number: Option<String>,
    to: Option<String>,
    reference: Option<String>,
    /// The method, and the end of the path.
    place: Option<(String, String)>,
}

impl From<Fault> for Rule {
    fn from(fault: Fault) -> Self {
        let taken = fault.usually_taken();
        Self::new(Effect::Spoil(fault), taken)
    }
}

impl Rule {
    fn new(effect: Effect, taken: bool) -> Self {
        Self {
            effect,
            taken,
            call: Call::Send,
            left: Some(1),
            number: None,
            to: None,
            reference: None,
            place: None,
        }
    }

    /// A rule that stops the next send before it is taken, and the gate to let it go on.
    pub fn hold() -> (Self, Gate) {
        let latch = Arc::new(Latch::default());
        (Self::new(Effect::Hold(Arc::clone(&latch)), false), Gate(latch))
    }

    /// The message is taken before the fault strikes: it is recorded, and its statuses come.
    #[must_use]
    pub fn taken(mut self) -> Self {
        self.taken = true;
        self
    }

    /// The fault strikes before the message is taken.
    #[must_use]
    pub fn not_taken(mut self) -> Self {
        self.taken = false;
        self
    }

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

    /// Only for this business number.
    #[must_use]
    pub fn number(mut self, phone_number_id: &str) -> Self {
        self.number = Some(phone_number_id.to_owned());
        self
    }

    /// Only for sends to this customer: digits of the phone number or the BSUID.
    #[must_use]
    pub fn to(mut self, address: &str) -> Self {
        self.to = Some(address.trim_start_matches('+').to_owned());
        self
    }

    /// Only for sends with this `biz_opaque_callback_data`.
    #[must_use]
    pub fn reference(mut self, reference: &str) -> Self {
        self.reference = Some(reference.to_owned());
        self
    }

    /// For reads (`GET`) instead of sends.
    #[must_use]
    pub fn on_reads(mut self) -> Self {
        self.call = Call::Read;
        self
    }

    /// For one endpoint instead of sends: the method, and the path without version or its last parts, such as
    /// `("GET", "debug_token")`, `("POST", "subscribed_apps")`, or the id of a number. Not for messages and files.
    #[must_use]
    pub fn on(mut self, method: &str, path: &str) -> Self {
        self.call = Call::Managed;
        self.place = Some((method.to_owned(), path.trim_start_matches('/').to_owned()));
        self
    }

    /// For every request but messages and files, instead of sends.
    #[must_use]
    pub fn on_management(mut self) -> Self {
        self.call = Call::Managed;
        self.place = None;
        self
    }

    /// Whether the endpoint is meant; `path` is without version.
    fn is_about(&self, method: &str, path: &str) -> bool {
        self.place.as_ref().is_none_or(|(wanted, end)| {
            let before = path.strip_suffix(end.as_str());
            wanted.eq_ignore_ascii_case(method) && before.is_some_and(|before| before.ends_with('/'))
        })
    }
}

/// The facts of a request that rules look at.
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) call: Call,
    pub(crate) number: &'a str,
    pub(crate) to: &'a str,
    pub(crate) reference: Option<&'a str>,
}

/// The rules in force, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Rules(Vec<Rule>);

impl Rules {
    pub(crate) fn add(&mut self, rule: Rule) {
        self.0.push(rule);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The oldest rule that fits; one of its times is used up.
    pub(crate) fn take(&mut self, facts: &Facts<'_>) -> Option<Rule> {
        let fits =
            |wanted: &Option<String>, given: &str| wanted.as_deref().is_none_or(|wanted| wanted == given);
        let at = self.0.iter().position(|rule| {
            rule.call == facts.call
                && rule.left != Some(0)
                && fits(&rule.number, facts.number)
                && fits(&rule.to, facts.to)
                && (rule.reference.is_none() || rule.reference.as_deref() == facts.reference)
        })?;
        self.used(at)
    }

    /// The oldest rule for an endpoint other than messages and files.
    pub(crate) fn take_managed(&mut self, method: &str, path: &str) -> Option<Rule> {
        let of_number = |rule: &Rule| {
            let id = path.trim_start_matches('/').split('/').next();
            rule.number.is_none() || rule.number.as_deref() == id
        };
        let at = self.0.iter().position(|rule| {
            rule.call == Call::Managed
                && rule.left != Some(0)
                && rule.is_about(method, path)
                && of_number(rule)
        })?;
        self.used(at)
    }

    fn used(&mut self, at: usize) -> Option<Rule> {
        let rule = self.0.get_mut(at)?;
        if let Some(left) = &mut rule.left {
            *left -= 1;
        }
        let found = rule.clone();
        self.0.retain(|rule| rule.left != Some(0));
        Some(found)
    }
}

/// The inside of a gate: who has come, and whether it is open.
#[derive(Debug)]
pub(crate) struct Latch {
    reached: watch::Sender<bool>,
    open: watch::Sender<bool>,
}

impl Default for Latch {
    fn default() -> Self {
        Self {
            reached: watch::Sender::new(false),
            open: watch::Sender::new(false),
        }
    }
}

impl Latch {
    /// Reports the arrival and waits for the release.
    pub(crate) async fn pass(&self) {
        self.reached.send_replace(true);
        // The latch owns the sender, so the channel cannot close while somebody waits here.
        let _ = self.open.subscribe().wait_for(|open| *open).await;
    }
}

/// Holds a request until the test lets it go on. Dropping the gate opens it.
#[derive(Debug)]
pub struct Gate(Arc<Latch>);

impl Gate {
    /// Waits until a request stands at the gate. Put a bounded time-out around it.
    pub async fn reached(&self) {
        let _ = self.0.reached.subscribe().wait_for(|reached| *reached).await;
    }

    /// Lets the request, and every later one, go on.
    pub fn release(&self) {
        self.0.open.send_replace(true);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.release();
    }
}
