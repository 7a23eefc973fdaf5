//! The wall clock. Meta stamps its messages with real time, and the product's service window is computed from it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Unix time in milliseconds.
pub(crate) fn unix_millis() -> i64 {
    #[expect(
        clippy::disallowed_methods,
        reason = "the simulator plays the outside world, whose clock is the real one"
    )]
    let now = SystemTime::now();
    now.duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Unix time in whole seconds, the unit of Meta's timestamps.
pub(crate) fn unix_seconds() -> i64 {
    unix_millis() / 1000
}
