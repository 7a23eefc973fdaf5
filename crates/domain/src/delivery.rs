//! What became of a message we sent, from reports that come late, twice and out of order.

use crate::text_enum::text_enum;
use crate::time::Timestamp;

text_enum! {
    /// What the operator is told about a message.
    DeliveryStatus {
        /// It came from the customer.
        Received = "received",
        /// It leaves later.
        Scheduled = "scheduled",
        /// It waits to leave.
        Queued = "queued",
        /// A request is on its way.
        Sending = "sending",
        /// The provider took it and gave it an id.
        Accepted = "accepted",
        /// It left the provider.
        Sent = "sent",
        /// It is on a device.
        Delivered = "delivered",
        /// It was opened.
        Read = "read",
        /// The voice note was played.
        Played = "played",
        /// It will not arrive.
        Failed = "failed",
        /// It may have been sent: the answer to our request was lost.
        Unknown = "unknown",
    }
}

impl DeliveryStatus {
    /// Returns whether a person has to decide what happens with the message.
    pub const fn needs_decision(self) -> bool {
        matches!(self, Self::Failed | Self::Unknown)
    }
}

text_enum! {
    /// A milestone a provider reports.
    Reached {
        /// It left the provider.
        Sent = "sent",
        /// It is on a device.
        Delivered = "delivered",
        /// It was opened.
        Read = "read",
        /// The voice note was played.
        Played = "played",
        /// It will not arrive.
        Failed = "failed",
    }
}

/// Why a message failed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Failure {
    /// The provider's code, when there is one.
    pub code: Option<i64>,
    /// The provider's finer code; only answers to our own requests have one.
    pub subcode: Option<i64>,
    /// The provider's short text, or our own.
    pub title: String,
    /// The provider's longer text.
    pub detail: Option<String>,
}

/// One report about a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryEvent {
    /// What was reached.
    pub reached: Reached,
    /// When, by the provider's clock.
    pub at: Timestamp,
    /// Why, for `failed`.
    pub failure: Option<Failure>,
}

/// All that is known about the delivery of one attempt.
///
/// Merging is commutative, associative and idempotent: whatever the order and number of the reports, the end is the
/// same. That is why each milestone keeps its own (earliest) time, and the visible status is computed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeliveryHistory {
    /// When it left the provider.
    pub sent_at: Option<Timestamp>,
    /// When it reached a device.
    pub delivered_at: Option<Timestamp>,
    /// When it was opened.
    pub read_at: Option<Timestamp>,
    /// When it was played.
    pub played_at: Option<Timestamp>,
    /// When and why it failed.
    pub failed: Option<(Timestamp, Failure)>,
}

impl DeliveryHistory {
    /// Adds one report.
    pub fn merge(&mut self, event: &DeliveryEvent) {
        let slot = match event.reached {
            Reached::Sent => &mut self.sent_at,
            Reached::Delivered => &mut self.delivered_at,
            Reached::Read => &mut self.read_at,
            Reached::Played => &mut self.played_at,
            Reached::Failed => {
                let failure = event.failure.clone().unwrap_or_else(|| Failure {
                    code: None,
                    subcode: None,
                    title: "The provider gave no reason".to_owned(),
                    detail: None,
                });
                let new = (event.at, failure);
                if self.failed.as_ref().is_none_or(|known| new < *known) {
                    self.failed = Some(new);
                }
                return;
            }
        };
        *slot = Some(slot.map_or(event.at, |known| known.min(event.at)));
    }

    /// Returns what to tell the operator; `own` is what this side knows (queued, sending, accepted, failed, unknown)
    /// and holds until the provider says more. A failure counts unless the message is known to have arrived
    /// (whatsapp-cloud-api, section 3.2).
    pub fn status(&self, own: DeliveryStatus) -> DeliveryStatus {
        if self.played_at.is_some() {
            DeliveryStatus::Played
        } else if self.read_at.is_some() {
            DeliveryStatus::Read
        } else if self.delivered_at.is_some() {
            DeliveryStatus::Delivered
        } else if self.failed.is_some() {
            DeliveryStatus::Failed
        } else if self.sent_at.is_some() {
            DeliveryStatus::Sent
        } else {
            own
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event() -> impl Strategy<Value = DeliveryEvent> {
        (proptest::sample::select(Reached::ALL), 0_i64..6, 0_i64..3).prop_map(|(reached, at, code)| {
            DeliveryEvent {
                reached,
                at: Timestamp(at),
                failure: (reached == Reached::Failed).then(|| Failure {
                    code: Some(code),
                    subcode: None,
                    title: format!("reason {code}"),
                    detail: None,
                }),
            }
        })
    }

    fn end(events: &[DeliveryEvent]) -> DeliveryHistory {
        let mut history = DeliveryHistory::default();
        for event in events {
            history.merge(event);
        }
        history
    }

    proptest! {
        #[test]
        fn reports_in_any_order_and_number_end_the_same(
            (events, shuffled) in proptest::collection::vec(event(), 0..10)
                .prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
            twice in 0_usize..10,
        ) {
            let mut repeated = shuffled.clone();
            repeated.extend(shuffled.into_iter().take(twice));
            prop_assert_eq!(end(&events), end(&repeated));
        }

        #[test]
        fn a_tick_never_goes_back(events in proptest::collection::vec(event(), 1..10)) {
            let mut history = DeliveryHistory::default();
            let arrived = |s| matches!(s, DeliveryStatus::Delivered | DeliveryStatus::Read | DeliveryStatus::Played);
            let mut before = history.status(DeliveryStatus::Accepted);
            for event in &events {
                history.merge(event);
                let now = history.status(DeliveryStatus::Accepted);
                prop_assert!(!arrived(before) || (arrived(now) && now >= before), "{before} then {now}");
                before = now;
            }
        }
    }

    #[test]
    fn a_failure_wins_over_sent_and_loses_to_delivered() {
        let at = |reached, at| DeliveryEvent {
            reached,
            at: Timestamp(at),
            failure: None,
        };
        let failed = end(&[at(Reached::Failed, 2), at(Reached::Sent, 1)]);
        assert_eq!(failed.status(DeliveryStatus::Accepted), DeliveryStatus::Failed);
        let arrived = end(&[at(Reached::Delivered, 3), at(Reached::Failed, 2)]);
        assert_eq!(
            arrived.status(DeliveryStatus::Accepted),
            DeliveryStatus::Delivered
        );
    }

    #[test]
    fn an_unknown_send_is_settled_by_its_report() {
        let mut history = DeliveryHistory::default();
        assert_eq!(history.status(DeliveryStatus::Unknown), DeliveryStatus::Unknown);
        history.merge(&DeliveryEvent {
            reached: Reached::Sent,
            at: Timestamp(1),
            failure: None,
        });
        assert_eq!(history.status(DeliveryStatus::Unknown), DeliveryStatus::Sent);
    }
}
