//! How customers' messages find this computer: tunnels, registration, and the times nobody could be reached.

use crate::text_enum::text_enum;
use crate::time::Timestamp;
use std::time::Duration;

text_enum! {
    /// How the internet reaches this computer.
    TunnelKind {
        /// It does not.
        None = "none",
        /// Through ngrok, inside this program.
        Ngrok = "ngrok",
        /// At an address of the owner's own; something else forwards it.
        Url = "url",
        /// Through Cloudflare, by the owner's `cloudflared`.
        Cloudflared = "cloudflared",
        /// Through Tailscale Funnel, by the owner's `tailscale`.
        Tailscale = "tailscale",
    }
}

text_enum! {
    /// How far a step is that is done for the owner.
    StepState {
        /// Its turn has not come.
        Waiting = "waiting",
        /// It is being done.
        Running = "running",
        /// It worked.
        Ok = "ok",
        /// It did not work, and somebody has to do something, or it is tried again.
        Failed = "failed",
    }
}

text_enum! {
    /// One step of making the provider call us (product, section 1).
    RegistrationStep {
        /// The webhook server answers on this computer.
        Server = "server",
        /// The internet reaches it.
        Tunnel = "tunnel",
        /// We reached ourselves through the public address.
        OwnCall = "own_call",
        /// The app is subscribed to the business account.
        Subscribe = "subscribe",
        /// The number's webhooks are to come to our address.
        Override = "override",
        /// The provider called the address and heard the right answer.
        Verification = "verification",
        /// The provider says that it has our address.
        ReadBack = "read_back",
    }
}

text_enum! {
    /// What ended a time in which we could be reached.
    ListeningEnd {
        /// Deskbell was quit.
        Quit = "quit",
        /// Deskbell ended without a word: a crash, or the power went.
        Crash = "crash",
        /// The computer slept.
        Sleep = "sleep",
        /// The tunnel was down, or the internet.
        Tunnel = "tunnel",
    }
}

text_enum! {
    /// Where the set-up of a number stands: the page of the wizard.
    SetupPage {
        /// What is needed, and what changes for a number that leaves the phone.
        Intro = "intro",
        /// Token and app secret.
        Credentials = "credentials",
        /// Which number.
        Number = "number",
        /// How the internet reaches this computer.
        Tunnel = "tunnel",
        /// The automatic chain.
        Connect = "connect",
        /// The owner writes from a phone, and gets a test reply.
        Hello = "hello",
        /// How much the assistant may do.
        Mode = "mode",
    }
}

/// A time in which nobody could reach us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Since when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Why.
    pub cause: ListeningEnd,
}

/// How long the provider tries to deliver a webhook (whatsapp-cloud-api, section 1.3).
pub const DELIVERY_TRIED: Duration = Duration::from_hours(7 * 24);

/// A shorter gap is not worth a word: the provider's next try is sooner than anybody notices.
pub const SHORTEST_GAP: Duration = Duration::from_mins(2);

/// What the provider may still do about messages that were written in a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StillToCome {
    /// It tries each of them until at most this moment.
    Until(Timestamp),
    /// It goes on trying those written after the second moment until the first; older ones are given up.
    Partly {
        /// Until when it tries at most.
        until: Timestamp,
        /// What was written before this is lost for Deskbell.
        lost_before: Timestamp,
    },
    /// It has given all of them up.
    Nothing,
}

impl Gap {
    /// Returns how long it lasted.
    pub fn length(&self) -> Duration {
        self.until.since(self.from)
    }

    /// Returns whether it is worth telling.
    pub fn is_worth_telling(&self) -> bool {
        self.length() >= SHORTEST_GAP
    }

    /// Returns what may still come of what was written in the gap.
    pub fn still_to_come(&self, now: Timestamp) -> StillToCome {
        let until = self.until.plus(DELIVERY_TRIED);
        if now >= until {
            return StillToCome::Nothing;
        }
        // What was written at the beginning was tried from then on; we were back at `until`, too late for anything
        // older than a week by then.
        if self.length() > DELIVERY_TRIED {
            let lost_before = Timestamp(
                self.until
                    .0
                    .saturating_sub(i64::try_from(DELIVERY_TRIED.as_millis()).unwrap_or(i64::MAX)),
            );
            return StillToCome::Partly { until, lost_before };
        }
        StillToCome::Until(until)
    }
}

/// What ngrok's free plan gives a month (dependencies.md, section 1.6; ngrok's page on free plan limits).
pub const FREE_REQUESTS: u64 = 20_000;
/// Bytes that may leave through ngrok a month on the free plan.
pub const FREE_BYTES: u64 = 1_000_000_000;

/// How much of a monthly allowance is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Allowance {
    /// Less than 70 %.
    Enough,
    /// 70 % or more.
    Getting,
    /// 90 % or more.
    Scarce,
    /// All of it.
    UsedUp,
}

/// Returns how a month's use stands to what is given.
pub fn allowance(used: u64, given: u64) -> Allowance {
    let percent = u128::from(used) * 100 / u128::from(given.max(1));
    match percent {
        0..70 => Allowance::Enough,
        70..90 => Allowance::Getting,
        90..100 => Allowance::Scarce,
        _ => Allowance::UsedUp,
    }
}

/// How far this computer's clock may differ from the provider's before it matters.
pub const CLOCK_TOLERANCE: Duration = Duration::from_mins(1);

/// How long before its end a token's end is told (whatsapp-cloud-api, section 7.1).
pub const TOKEN_WARNING: Duration = Duration::from_hours(7 * 24);

/// How long a former app secret stays valid after it was replaced: webhooks signed before the exchange are tried for
/// so long.
pub const SECRET_OVERLAP: Duration = DELIVERY_TRIED;

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: i64) -> Timestamp {
        Timestamp(number * 24 * 60 * 60 * 1000)
    }

    fn gap(from: i64, until: i64) -> Gap {
        Gap {
            from: day(from),
            until: day(until),
            cause: ListeningEnd::Quit,
        }
    }

    #[test]
    fn what_was_written_in_a_weekend_may_still_come_for_a_week() {
        assert_eq!(gap(0, 2).still_to_come(day(2)), StillToCome::Until(day(9)));
        assert_eq!(gap(0, 2).still_to_come(day(9)), StillToCome::Nothing);
    }

    #[test]
    fn after_a_long_holiday_the_oldest_messages_are_given_up() {
        assert_eq!(
            gap(0, 20).still_to_come(day(20)),
            StillToCome::Partly {
                until: day(27),
                lost_before: day(13)
            }
        );
    }

    #[test]
    fn a_minute_is_no_gap_and_two_are() {
        let short = |millis| Gap {
            from: Timestamp(0),
            until: Timestamp(millis),
            cause: ListeningEnd::Tunnel,
        };
        assert!(!short(119_999).is_worth_telling());
        assert!(short(120_000).is_worth_telling());
        // A clock that was set back makes no gap.
        assert!(!short(-5_000).is_worth_telling());
    }

    #[test]
    fn warnings_come_at_seventy_and_at_ninety_percent() {
        let of_free = |used| allowance(used, FREE_REQUESTS);
        assert_eq!(of_free(13_999), Allowance::Enough);
        assert_eq!(of_free(14_000), Allowance::Getting);
        assert_eq!(of_free(17_999), Allowance::Getting);
        assert_eq!(of_free(18_000), Allowance::Scarce);
        assert_eq!(of_free(20_000), Allowance::UsedUp);
        assert_eq!(allowance(0, 0), Allowance::Enough);
        assert_eq!(allowance(u64::MAX, 1), Allowance::UsedUp);
    }
}
