//! What time it is.

use domain::Timestamp;

/// Where the rooms get the time from.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Returns the time by this clock.
    fn now(&self) -> Timestamp;
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_millisecond())
    }
}
