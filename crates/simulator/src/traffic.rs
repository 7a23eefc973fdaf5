//! What passes through the simulated Meta: who wrote when, which sends were taken, and the statuses that follow.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::book::{Outcome, RecordedSend};
use crate::clock;
use crate::graph::{Glimpse, GraphError};
use crate::meta::{Heard, Inner, State, WindowCheck};
use crate::statuses::{Status, StatusPlan};
use crate::street::{self, Receipt};
use crate::webhook::{self, Change, Customer, Number, Report};

/// A free-form message may be sent this long after the customer's last one, in seconds (section 9.3).
const SERVICE_WINDOW: i64 = 24 * 60 * 60;
/// How long a plan waits for a status to be acknowledged before it goes on to the next.
const STATUS_PATIENCE: Duration = Duration::from_mins(1);

impl Inner {
    /// Remembers from outgoing webhooks who wrote last and when; the service window is judged by it.
    pub(crate) fn hear(&self, changes: &[Change]) {
        let mut state = self.state();
        for value in changes.iter().map(|change| &change.value) {
            let number = text_at(value, "/metadata/phone_number_id").unwrap_or_default();
            for message in value
                .get("messages")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                let at = text_at(message, "/timestamp")
                    .and_then(|at| at.parse().ok())
                    .unwrap_or(0);
                let customer = customer_of(value, message);
                let key = (number.to_owned(), customer.address().to_owned());
                let heard = state.heard.entry(key).or_insert_with(|| Heard {
                    customer: customer.clone(),
                    last: at,
                });
                heard.last = heard.last.max(at);
                heard.customer = customer;
            }
        }
    }

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

    fn turn_page(&self) {
        self.written.send_modify(|version| *version += 1);
    }

    /// Judges the service window by the simulator's own record. Customers it never heard of are not its business.
    pub(crate) fn check_window(&self, place: usize, number: &Number) -> Result<Number, GraphError> {
        let state = self.state();
        let closed = state
            .book
            .all()
            .get(place)
            .is_some_and(|send| state.window_closed(send));
        if closed && state.window == WindowCheck::AtOnce {
            return Err(GraphError::of(131_047));
        }
        Ok(number.clone())
    }

    /// Takes the message: book, listeners, statuses. A returned future must be awaited before answering.
    pub(crate) fn take(
        self: &Arc<Self>,
        place: usize,
        number: &Number,
        wamid: &str,
        outcome: Outcome,
    ) -> Option<impl Future<Output = ()> + use<>> {
        let (send, plan) = {
            let mut state = self.state();
            let send = state.book.take(place, wamid, outcome)?;
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
        let mut delays: Vec<Duration> = plan
            .steps
            .iter()
            .map(|step| self.dice.between(step.from, step.to))
            .collect();
        delays.sort_unstable();
        let mut statuses: Vec<Status> = plan.steps.into_iter().map(|step| step.status).collect();
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
        let (number, customer) = {
            let state = self.state();
            let number = state
                .numbers
                .iter()
                .find(|number| number.phone_number_id == send.number)?
                .clone();
            (number, state.customer(send))
        };
        let report = Report {
            wamid: send.wamid.clone()?,
            status: status.word().to_owned(),
            at: clock::unix_seconds(),
            reference: send.reference.clone(),
            error: match status {
                Status::Failed(error) => Some(error.clone()),
                _ => None,
            },
        };
        Some(street::deliver(
            self,
            &send.number,
            vec![webhook::status(&number, &customer, &report)],
        ))
    }
}

impl State {
    fn heard(&self, send: &RecordedSend) -> Option<&Heard> {
        let direct = self.heard.get(&(send.number.clone(), send.to.clone()));
        // A person with a phone number may be written to under the user id.
        direct.or_else(|| {
            let same = |heard: &&Heard| heard.customer.user_id.as_deref() == Some(&send.to);
            self.heard
                .iter()
                .filter(|(key, _)| key.0 == send.number)
                .map(|(_, heard)| heard)
                .find(same)
        })
    }

    fn window_closed(&self, send: &RecordedSend) -> bool {
        let now = send.at / 1000;
        send.kind != "template"
            && self
                .heard(send)
                .is_some_and(|heard| now - heard.last >= SERVICE_WINDOW)
    }

    /// Who the send went to, as far as known.
    fn customer(&self, send: &RecordedSend) -> Customer {
        self.heard(send).map_or_else(
            || {
                let is_phone = send.to.chars().all(|c| c.is_ascii_digit());
                let (wa_id, user_id) = if is_phone {
                    (Some(send.to.clone()), None)
                } else {
                    (None, Some(send.to.clone()))
                };
                Customer {
                    wa_id,
                    user_id,
                    ..Customer::default()
                }
            },
            |heard| heard.customer.clone(),
        )
    }
}

fn text_at<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer).and_then(Value::as_str)
}

/// The sender of a message with the profile from the same webhook.
fn customer_of(value: &Value, message: &Value) -> Customer {
    let wa_id = text_at(message, "/from").map(str::to_owned);
    let user_id = text_at(message, "/from_user_id").map(str::to_owned);
    let contacts = value.get("contacts").and_then(Value::as_array);
    let same = |contact: &&Value| {
        let matches =
            |pointer, id: &Option<String>| id.is_some() && text_at(contact, pointer) == id.as_deref();
        matches("/wa_id", &wa_id) || matches("/user_id", &user_id)
    };
    let contact = contacts.into_iter().flatten().find(same);
    let profile = |pointer| {
        contact
            .and_then(|contact| text_at(contact, pointer))
            .map(str::to_owned)
    };
    Customer {
        name: profile("/profile/name"),
        username: profile("/profile/username"),
        wa_id,
        user_id,
    }
}
