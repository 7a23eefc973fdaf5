//! What passes through the simulated Meta: who wrote when, which sends were taken, and the statuses that follow.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::book::{Outcome, RecordedSend};
use crate::clock;
use crate::graph::{Glimpse, GraphError};
use crate::meta::{Inner, WindowCheck};
use crate::statuses::{Status, StatusPlan};
use crate::street::{self, Receipt};
use crate::webhook::{self, Number, Report};

/// How long a plan waits for a status to be acknowledged before it goes on to the next.
const STATUS_PATIENCE: Duration = Duration::from_mins(1);

impl Inner {
    /// Writes an arriving request into the book.
    pub(crate) fn arrive(&self, number: &str, glimpse: Glimpse) -> usize {
        let place = self.state().book.arrive(clock::unix_millis(), number, glimpse);
        self.turn_page();
        place
    }

    /// Writes down how a request ended without being taken.
    pub(crate) fn end(&self, place: usize, outcome: Outcome) {
        self.state().book.end(place, outcome);
        self.turn_page();
    }

    /// Closes the entry of a request whose client went away while it was held.
    pub(crate) fn leave(&self, place: usize) {
        let held = self
            .state()
            .book
            .all()
            .get(place)
            .is_some_and(|send| send.outcome == Outcome::Arrived);
        if held {
            self.end(place, Outcome::Lost);
        }
    }

    /// Tells everybody who waits for the book or the calls that something was written.
    pub(crate) fn turn_page(&self) {
        self.written.send_modify(|version| *version += 1);
    }

    /// Judges the service window by the simulator's own record. Customers it never heard of are not its business.
    pub(crate) fn check_window(&self, place: usize) -> Result<(), GraphError> {
        let state = self.state();
        let closed = state
            .book
            .all()
            .get(place)
            .is_some_and(|send| state.window_closed(send));
        if closed && state.window == WindowCheck::AtOnce {
            return Err(GraphError::of(131_047));
        }
        Ok(())
    }

    /// Takes the message: book, listeners, statuses. A returned future must be awaited before answering.
    pub(crate) fn take(
        self: &Arc<Self>,
        place: usize,
        number: &Number,
        wamid: &str,
        outcome: Outcome,
        category: Option<String>,
    ) -> Option<impl Future<Output = ()> + use<>> {
        let (send, plan) = {
            let mut state = self.state();
            let send = state.book.take(place, wamid, outcome, category)?;
            state.answer_click(&send);
            let late_refusal = state.window == WindowCheck::ByStatus && state.window_closed(&send);
            let plan = if late_refusal {
                StatusPlan::none().then(
                    Duration::from_millis(200),
                    Status::Failed(GraphError::of(131_047)),
                )
            } else {
                state.plans.get(&send.to).unwrap_or(&state.plan).clone()
            };
            (send, plan)
        };
        tracing::debug!(number = number.phone_number_id, "message taken");
        self.turn_page();
        // Nobody needs to listen.
        let _ = self.taken.send(send.clone());
        if plan.steps.is_empty() {
            return None;
        }
        let early = plan.early;
        let inner = Arc::clone(self);
        let stop = self.stop.clone();
        let task = self.tasks.spawn(async move {
            stop.run_until_cancelled(inner.follow(&send, plan)).await;
        });
        // A task, so that the statuses come even if the client hangs up meanwhile.
        early.then_some(async move {
            let _ = task.await;
        })
    }

    /// Lives through a status plan.
    async fn follow(self: &Arc<Self>, send: &RecordedSend, plan: StatusPlan) {
        let voice = send.body.pointer("/audio/voice") == Some(&Value::Bool(true));
        let steps = plan.steps_for(&send.kind, voice);
        let mut delays: Vec<Duration> = steps
            .iter()
            .map(|step| self.dice.between(step.from, step.to))
            .collect();
        delays.sort_unstable();
        let mut statuses: Vec<Status> = steps.into_iter().map(|step| step.status).collect();
        if plan.shuffled {
            self.dice.shuffle(&mut statuses);
        }
        let start = tokio::time::Instant::now();
        for (delay, status) in delays.into_iter().zip(statuses) {
            if !plan.early {
                tokio::time::sleep_until(start + delay).await;
            }
            for _ in 0..plan.copies {
                // One after the other: a plan that is not shuffled arrives in its order.
                if let Some(receipt) = self.report(send, &status) {
                    let _ = receipt.ended(STATUS_PATIENCE).await;
                }
            }
        }
    }

    /// Posts one status of a send.
    pub(crate) fn report(self: &Arc<Self>, send: &RecordedSend, status: &Status) -> Option<Receipt> {
        let (number, customer, price) = {
            let mut state = self.state();
            let price = state.price(send, status);
            let number = state
                .numbers
                .iter()
                .find(|number| number.phone_number_id == send.number)?
                .clone();
            (number, state.customer(send), price)
        };
        let group = (text_at(&send.body, "/recipient_type") == Some("group")).then(|| send.to.clone());
        let report = Report {
            wamid: send.wamid.clone()?,
            status: status.word().to_owned(),
            at: clock::unix_seconds(),
            reference: send.reference.clone(),
            error: match status {
                Status::Failed(error) => Some(error.clone()),
                _ => None,
            },
            price,
            group_id: group,
        };
        Some(street::deliver(
            self,
            &send.number,
            vec![webhook::status(&number, &customer, &report)],
        ))
    }
}

fn text_at<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str)
}
