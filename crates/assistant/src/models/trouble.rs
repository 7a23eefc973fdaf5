//! Why a language model gave nothing of use, in words an owner understands.

use std::time::Duration;

/// What kind of trouble it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TroubleKind {
    /// The address cannot be used.
    Address,
    /// There is no key, or it was refused.
    Key,
    /// The server has no such model.
    NoModel,
    /// The account has no credit left.
    NoCredit,
    /// The server asks us to slow down.
    TooMany,
    /// A server on this computer or in this network does not answer.
    NotStarted,
    /// The internet, or the server, cannot be reached.
    Offline,
    /// The first word took too long.
    FirstWordLate,
    /// The whole answer took too long.
    Late,
    /// The answer broke off.
    Cut,
    /// What came is not what a model server says.
    Garbled,
    /// The answer is longer than anything of use.
    TooLong,
    /// The question is too long for the model.
    QuestionTooLong,
    /// The model ran out of room in the middle of its answer.
    OutOfRoom,
    /// The server does not know something the request asks for.
    Unsupported,
    /// The server refused a setting that we leave out from now on; the same question may be asked again at once.
    Adjusted,
    /// The provider or the model does not want to answer this.
    Declined,
    /// The model answers, but not in the form that was asked for.
    Unusable,
    /// The server wants to send us elsewhere.
    Redirected,
    /// The server has trouble of its own.
    Server,
    /// Nobody wants the answer any more.
    Cancelled,
    /// The model failed several times and is left alone for a while.
    Resting,
    /// The day's money is spent.
    DayBudget,
    /// This customer's share of the day is used up.
    ContactBudget,
    /// The text would have left this computer with personal data in it.
    Unmasked,
    /// The provider does not offer this at all.
    NotOffered,
}

impl TroubleKind {
    /// Returns the stable word for the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Key => "key",
            Self::NoModel => "no_model",
            Self::NoCredit => "no_credit",
            Self::TooMany => "too_many",
            Self::NotStarted => "not_started",
            Self::Offline => "offline",
            Self::FirstWordLate => "first_word_late",
            Self::Late => "late",
            Self::Cut => "cut",
            Self::Garbled => "garbled",
            Self::TooLong => "too_long",
            Self::QuestionTooLong => "question_too_long",
            Self::OutOfRoom => "out_of_room",
            Self::Unsupported => "unsupported",
            Self::Adjusted => "adjusted",
            Self::Declined => "declined",
            Self::Unusable => "unusable",
            Self::Redirected => "redirected",
            Self::Server => "server",
            Self::Cancelled => "cancelled",
            Self::Resting => "resting",
            Self::DayBudget => "day_budget",
            Self::ContactBudget => "contact_budget",
            Self::Unmasked => "unmasked",
            Self::NotOffered => "not_offered",
        }
    }

    /// Whether it says that the model is in a bad way; such troubles open the breaker. A question that was never asked,
    /// or that nobody wants answered any more, says nothing about the model.
    pub const fn is_failure(self) -> bool {
        !matches!(
            self,
            Self::Cancelled
                | Self::Resting
                | Self::DayBudget
                | Self::ContactBudget
                | Self::Unmasked
                | Self::NotOffered
                | Self::Declined
                | Self::QuestionTooLong
                | Self::Adjusted
        )
    }

    /// Whether a person has to change something before it can work again.
    pub const fn needs_person(self) -> bool {
        matches!(
            self,
            Self::Address | Self::Key | Self::NoModel | Self::NoCredit | Self::NotStarted | Self::Redirected
        )
    }
}

/// Why there is no answer, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct Trouble {
    /// What kind.
    pub kind: TroubleKind,
    /// What happened and what to do next.
    pub words: String,
    /// The other side's own words or the technical reason, never with a key in it; for the details, not for the first line.
    pub detail: Option<String>,
    /// The HTTP status, when there was an answer.
    pub status: Option<u16>,
    /// How long the server wants us to wait.
    pub retry_after: Option<Duration>,
}

impl Trouble {
    pub(crate) fn new(kind: TroubleKind, words: impl Into<String>) -> Self {
        Self {
            kind,
            words: words.into(),
            detail: None,
            status: None,
            retry_after: None,
        }
    }

    pub(super) fn with_detail(self, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }

    pub(super) fn cancelled() -> Self {
        Self::new(
            TroubleKind::Cancelled,
            "The answer was no longer needed, so the model was stopped.",
        )
    }

    pub(super) fn late(name: &str) -> Self {
        Self::new(
            TroubleKind::Late,
            format!("{name} took too long to answer. The assistant went on without it."),
        )
    }

    pub(super) fn first_word_late(name: &str) -> Self {
        Self::new(
            TroubleKind::FirstWordLate,
            format!(
                "{name} did not begin to answer in time. If this happens often, choose a smaller or faster model."
            ),
        )
    }
}
