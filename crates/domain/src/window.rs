//! The time in which a customer may be written to freely.

use crate::time::Timestamp;
use std::time::Duration;

/// How long after a customer's message free text is allowed (whatsapp-cloud-api, section 9.3).
pub const SERVICE_WINDOW: Duration = Duration::from_hours(24);

/// Kept back at the end, since clocks differ and a request takes its time.
const MARGIN: Duration = Duration::from_mins(1);

/// The service window of one contact on one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceWindow {
    closes_at: Option<Timestamp>,
}

impl ServiceWindow {
    /// A window that closes at `closes_at`; `None` when the customer has never written.
    pub const fn closing_at(closes_at: Option<Timestamp>) -> Self {
        Self { closes_at }
    }

    /// Returns the window after a message the customer wrote at `sent_at` by the provider's clock. An older message
    /// that arrives late never shortens it.
    #[must_use]
    pub fn renewed_by(self, sent_at: Timestamp) -> Self {
        let closes = sent_at.plus(SERVICE_WINDOW);
        Self {
            closes_at: Some(self.closes_at.map_or(closes, |known| known.max(closes))),
        }
    }

    /// Returns when it closes by the provider's rule, or `None` when it never opened.
    pub const fn closes_at(self) -> Option<Timestamp> {
        self.closes_at
    }

    /// Returns whether free text may leave at `now`, a minute being kept back at the end.
    pub fn is_open(self, now: Timestamp) -> bool {
        self.closes_at.is_some_and(|closes| now.plus(MARGIN) < closes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_message_decides_whatever_the_order_of_arrival() {
        let never = ServiceWindow::closing_at(None);
        let (old, new) = (Timestamp(1_000), Timestamp(90_000));
        assert_eq!(
            never.renewed_by(old).renewed_by(new),
            never.renewed_by(new).renewed_by(old)
        );
    }

    #[test]
    fn the_window_closes_a_day_after_the_message_less_a_minute() {
        let window = ServiceWindow::closing_at(None).renewed_by(Timestamp(0));
        assert!(window.is_open(Timestamp(0).plus(Duration::from_secs(86_339))));
        assert!(!window.is_open(Timestamp(0).plus(Duration::from_mins(24 * 60 - 1))));
        assert!(!ServiceWindow::closing_at(None).is_open(Timestamp(0)));
    }
}
