//! Small repeatable randomness for delays and orders; nothing secret comes from here.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A seeded source of numbers (the splitmix64 sequence).
#[derive(Debug)]
pub(crate) struct Dice(AtomicU64);

impl Dice {
    /// The same seed gives the same sequence.
    pub(crate) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// Starts the sequence again from another seed.
    pub(crate) fn reseed(&self, seed: u64) {
        self.0.store(seed, Ordering::Relaxed);
    }

    /// The next number of the sequence.
    pub(crate) fn roll(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut z = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A duration of at least `from` and at most `to`, in whole milliseconds.
    pub(crate) fn between(&self, from: Duration, to: Duration) -> Duration {
        let span = u64::try_from(to.saturating_sub(from).as_millis()).unwrap_or(u64::MAX);
        if span == 0 {
            from
        } else {
            from + Duration::from_millis(self.roll() % (span.saturating_add(1)))
        }
    }

    /// Brings the items into a random order.
    pub(crate) fn shuffle<T>(&self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let bound = u64::try_from(last + 1).unwrap_or(u64::MAX);
            let other = usize::try_from(self.roll() % bound).unwrap_or(0);
            items.swap(last, other);
        }
    }
}
