//! When a message may leave, and what happens when it could not.

use crate::text_enum::text_enum;
use crate::time::Timestamp;
use std::time::Duration;

text_enum! {
    /// Where an attempt to send stands.
    OutboxState {
        /// It waits for its turn.
        Queued = "queued",
        /// A request may be on its way; committed before the request.
        Sending = "sending",
        /// The provider took it.
        Accepted = "accepted",
        /// It will not leave; a person decides.
        Failed = "failed",
        /// The answer was lost: it may have been sent. Never sent again by itself.
        Unknown = "unknown",
        /// A person gave it up.
        Discarded = "discarded",
    }
}

/// Proof that a person at this desk asked for the message to be sent. Made by operator commands only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperatorPermit(());

impl OperatorPermit {
    /// To be called where an operator's command is carried out, and nowhere else.
    pub const fn by_command() -> Self {
        Self(())
    }
}

/// Proof that the routing rules let the assistant speak; only [`permit`](crate::permit) makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BotPermit(());

impl BotPermit {
    pub(crate) const fn by_routing() -> Self {
        Self(())
    }
}

/// The proof that travels with every message on its way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// A person asked.
    Operator(OperatorPermit),
    /// The assistant was allowed to.
    Bot(BotPermit),
}

impl Permit {
    /// Returns the stable spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator(_) => "operator",
            Self::Bot(_) => "bot",
        }
    }
}

/// What kind of trouble a refused message is in (whatsapp-cloud-api, section 8.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendClass {
    /// It passes by itself; tried again at most so many times.
    Transient {
        /// Tries in all.
        tries: u32,
    },
    /// The network was not there and nothing left this computer; tried until it is back.
    Offline,
    /// Too many messages to one person; only this conversation waits.
    PairRate,
    /// Too many messages from this number; the channel waits.
    NumberRate,
    /// Something outside must happen first; the channel waits.
    Wait,
    /// This message will never be taken.
    Never,
    /// Something is set up wrongly; the channel waits and says so.
    Configuration,
}

/// Why the provider did not take a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendFailure {
    /// What kind of trouble.
    pub class: SendClass,
    /// The provider's code.
    pub code: Option<i64>,
    /// The provider's finer code, which sharpens what the first one means.
    pub subcode: Option<i64>,
    /// The provider's short text, or ours.
    pub title: String,
    /// More of it.
    pub detail: Option<String>,
    /// How long the provider asked us to wait.
    pub retry_after: Option<Duration>,
}

/// What the dispatcher does after a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Try the message again then.
    Retry(Timestamp),
    /// The message failed.
    Fail,
    /// The whole channel waits until then, the message with it; `tell` when a person should know.
    HoldChannel {
        /// When one message is tried again.
        until: Timestamp,
        /// Whether the operator is told.
        tell: bool,
    },
}

/// How often a channel that is set up wrongly is probed.
const PROBE: Duration = Duration::from_mins(10);
/// The longest pause between two tries of one message.
const LONGEST: Duration = Duration::from_mins(1);
/// Nobody may make us wait longer than this.
const LONGEST_ASKED: Duration = Duration::from_hours(6);

/// Returns what to do after refusal number `tries` (1 for the first). `jitter` is between 0 and 1 and spreads
/// retries out; the provider's own `Retry-After` is never undercut.
pub fn next_step(failure: &SendFailure, tries: u32, now: Timestamp, jitter: f64) -> Next {
    let asked = failure.retry_after.map(|after| after.min(LONGEST_ASKED));
    let doubled = |base: Duration| {
        let grown = base
            .saturating_mul(2_u32.saturating_pow(tries.saturating_sub(1).min(16)))
            .min(LONGEST);
        grown.mul_f64(0.75 + 0.25 * jitter.clamp(0.0, 1.0))
    };
    let at = |pause: Duration| now.plus(pause.max(asked.unwrap_or_default()));
    match failure.class {
        SendClass::Transient { tries: most } if tries >= most => Next::Fail,
        SendClass::Transient { .. } | SendClass::Offline => Next::Retry(at(doubled(Duration::from_secs(1)))),
        SendClass::PairRate => {
            let pause = Duration::from_secs(4_u64.saturating_pow(tries.saturating_sub(1).min(5)));
            Next::Retry(at(pause))
        }
        SendClass::NumberRate => Next::HoldChannel {
            until: at(doubled(Duration::from_secs(1))),
            tell: false,
        },
        SendClass::Wait | SendClass::Configuration => Next::HoldChannel {
            until: at(PROBE),
            tell: true,
        },
        SendClass::Never => Next::Fail,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(class: SendClass, retry_after: Option<u64>) -> SendFailure {
        let retry_after = retry_after.map(Duration::from_secs);
        SendFailure {
            class,
            code: None,
            subcode: None,
            title: String::new(),
            detail: None,
            retry_after,
        }
    }

    fn seconds(next: Next) -> i64 {
        match next {
            Next::Retry(at) | Next::HoldChannel { until: at, .. } => at.0 / 1_000,
            Next::Fail => -1,
        }
    }

    #[test]
    fn a_passing_trouble_is_tried_five_times_with_growing_pauses_and_then_told() {
        let class = SendClass::Transient { tries: 5 };
        let pauses: Vec<i64> = (1..=5)
            .map(|n| seconds(next_step(&refused(class, None), n, Timestamp(0), 1.0)))
            .collect();
        assert_eq!(pauses, [1, 2, 4, 8, -1]);
    }

    #[test]
    fn without_a_network_a_message_waits_for_as_long_as_it_takes() {
        let next = next_step(&refused(SendClass::Offline, None), 4_000, Timestamp(0), 1.0);
        assert_eq!(seconds(next), 60);
    }

    #[test]
    fn the_pair_limit_waits_by_powers_of_four_and_holds_nobody_else() {
        let pauses: Vec<i64> = (1..=4)
            .map(|n| {
                seconds(next_step(
                    &refused(SendClass::PairRate, None),
                    n,
                    Timestamp(0),
                    0.0,
                ))
            })
            .collect();
        assert_eq!(pauses, [1, 4, 16, 64]);
    }

    #[test]
    fn what_the_provider_asks_for_is_never_undercut() {
        let next = next_step(&refused(SendClass::NumberRate, Some(17)), 1, Timestamp(0), 0.0);
        assert_eq!(
            next,
            Next::HoldChannel {
                until: Timestamp(17_000),
                tell: false
            }
        );
    }

    #[test]
    fn a_dead_token_stops_the_channel_and_says_so() {
        let next = next_step(&refused(SendClass::Configuration, None), 1, Timestamp(0), 0.5);
        assert_eq!(
            next,
            Next::HoldChannel {
                until: Timestamp(600_000),
                tell: true
            }
        );
    }
}
