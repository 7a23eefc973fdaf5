//! A running simulated Meta.

mod account;
mod files;
mod management;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, broadcast, watch};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::book::{Book, Outcome, RecordedSend};
use crate::calls::RecordedCall;
use crate::clock;
use crate::dice::Dice;
use crate::faults::{Gate, MediaRules, Rule, Rules};
use crate::files::Files;
use crate::management::Management;
use crate::server;
use crate::settings::Settings;
use crate::statuses::{Status, StatusPlan};
use crate::street::{self, Receipt, Street, Subscription};
use crate::templates::Templates;
use crate::webhook::{self, Change, Customer, Number};

/// Posts under way at the same time; Meta calls concurrently too.
const LANES: usize = 32;
/// How long the review of a template takes unless a test says otherwise.
const REVIEW: Duration = Duration::from_secs(2);
/// Taken sends a slow listener may lag behind.
const FEED: usize = 1024;

/// When the simulator refuses free-form messages outside the service window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WindowCheck {
    /// The send is answered with error 131047.
    #[default]
    AtOnce,
    /// The send is accepted; a `failed` status with 131047 follows.
    ByStatus,
    /// Never.
    Off,
}

/// What the simulator remembers of a customer of one number.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) customer: Customer,
    /// When they last wrote or called, Unix seconds.
    pub(crate) last: i64,
    /// When they came by an advertisement or post that has not been answered yet, Unix seconds.
    pub(crate) clicked: Option<i64>,
    /// Messages are free until then, Unix seconds (section 9.4).
    pub(crate) free_until: Option<i64>,
    /// They do not want promotions.
    pub(crate) opted_out: bool,
}

/// Everything that changes.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) numbers: Vec<Number>,
    pub(crate) subscriptions: HashMap<String, Subscription>,
    pub(crate) street: Street,
    pub(crate) rules: Rules,
    pub(crate) book: Book,
    pub(crate) heard: HashMap<(String, String), Heard>,
    pub(crate) window: WindowCheck,
    pub(crate) plan: StatusPlan,
    pub(crate) plans: HashMap<String, StatusPlan>,
    pub(crate) files: Files,
    pub(crate) media_rules: MediaRules,
    pub(crate) calls: Vec<RecordedCall>,
    pub(crate) settings: Settings,
    pub(crate) templates: Templates,
    pub(crate) management: Management,
    pub(crate) review_time: Duration,
    pub(crate) thread_of_another: bool,
    /// Messages whose price was told with `delivered` or `read`.
    pub(crate) priced: HashSet<String>,
}

/// The running parts, shared by the handle and its tasks.
#[derive(Debug)]
pub(crate) struct Inner {
    graph_url: String,
    state: Mutex<State>,
    client: Mutex<reqwest::Client>,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
    pub(crate) under_way: watch::Sender<usize>,
    pub(crate) lanes: Semaphore,
    pub(crate) dice: Dice,
    pub(crate) written: watch::Sender<u64>,
    pub(crate) taken: broadcast::Sender<RecordedSend>,
}

/// A handle on the simulated Meta; clones share it. When the last one is dropped everything stops.
#[derive(Debug, Clone)]
pub struct Meta {
    pub(crate) inner: Arc<Inner>,
    _guard: Arc<DropGuard>,
}

impl Meta {
    /// Starts listening on a free loopback port.
    ///
    /// # Errors
    /// When no port can be opened or no HTTP client built.
    pub async fn start() -> anyhow::Result<Self> {
        // Another part of the process may have installed it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = way_out().build()?;
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .context("cannot open a loopback port")?;
        let stop = CancellationToken::new();
        let state = State {
            plan: StatusPlan::none(),
            review_time: REVIEW,
            ..State::default()
        };
        let inner = Arc::new(Inner {
            graph_url: format!("http://{}", listener.local_addr()?),
            state: Mutex::new(state),
            client: Mutex::new(client),
            stop: stop.clone(),
            tasks: TaskTracker::new(),
            under_way: watch::Sender::new(0),
            lanes: Semaphore::new(LANES),
            dice: Dice::new(0x0D15_EA5E),
            written: watch::Sender::new(0),
            taken: broadcast::Sender::new(FEED),
        });
        inner.tasks.spawn(server::accept(Arc::clone(&inner), listener));
        Ok(Self {
            inner,
            _guard: Arc::new(stop.drop_guard()),
        })
    }

    /// The base address to give to a Graph client, without version and slash at the end.
    pub fn graph_url(&self) -> &str {
        &self.inner.graph_url
    }

    /// Makes a number known, or replaces what was known under its id (a new token, a new secret).
    pub fn add_number(&self, number: Number) {
        self.inner.state().settle(number);
    }

    /// Sets where a number's webhooks go, after the verification handshake.
    ///
    /// # Errors
    /// When the number is unknown, or the address does not pass the handshake; then nothing changes.
    pub async fn subscribe(
        &self,
        phone_number_id: &str,
        webhook_url: &str,
        verify_token: &str,
    ) -> anyhow::Result<()> {
        let known = self
            .inner
            .state()
            .numbers
            .iter()
            .any(|number| number.phone_number_id == phone_number_id);
        ensure!(known, "no such number: {phone_number_id}");
        let challenge = (self.inner.dice.roll() % 10_000_000_000).to_string();
        street::handshake(&self.inner.client(), webhook_url, verify_token, &challenge).await?;
        self.subscribe_unverified(phone_number_id, webhook_url);
        Ok(())
    }

    /// Sets where a number's webhooks go without asking the address first. Fields that ignore overrides go there too
    /// while no app has a callback for them.
    pub fn subscribe_unverified(&self, phone_number_id: &str, webhook_url: &str) {
        let subscription = Subscription {
            url: webhook_url.to_owned(),
            app_id: None,
        };
        let mut state = self.inner.state();
        let number = state
            .numbers
            .iter()
            .find(|n| n.phone_number_id == phone_number_id);
        if let Some((waba, app)) = number.map(|n| (n.waba_id.clone(), n.app_id.clone())) {
            state.subscribe_app(&waba, &app);
        }
        state
            .subscriptions
            .insert(phone_number_id.to_owned(), subscription);
    }

    /// Sets how deliveries travel from now on.
    pub fn set_street(&self, street: Street) {
        self.inner.state().street = street;
    }

    /// Posts the changes in one signed body to the number's subscriber, in the background.
    pub fn deliver(&self, phone_number_id: &str, changes: Vec<Change>) -> Receipt {
        street::deliver(&self.inner, phone_number_id, changes)
    }

    /// Posts every change in a body of its own, all at the same time and started in random order.
    pub fn deliver_shuffled(&self, phone_number_id: &str, mut changes: Vec<Change>) -> Vec<Receipt> {
        self.inner.dice.shuffle(&mut changes);
        changes
            .into_iter()
            .map(|change| self.deliver(phone_number_id, vec![change]))
            .collect()
    }

    /// Posts exactly these bytes, signed, to the number's subscriber.
    pub fn deliver_bytes(&self, phone_number_id: &str, body: impl Into<Bytes>) -> Receipt {
        street::deliver_bytes(&self.inner, phone_number_id, body.into())
    }

    /// A customer writes now. Returns the message id and the receipt of the delivery.
    ///
    /// # Errors
    /// When the number is unknown.
    pub fn customer_writes(
        &self,
        phone_number_id: &str,
        customer: &Customer,
        text: &str,
    ) -> anyhow::Result<(String, Receipt)> {
        self.customer_wrote(phone_number_id, customer, clock::unix_seconds(), text)
    }

    /// A message written at `at` (Unix seconds) is delivered now.
    ///
    /// # Errors
    /// When the number is unknown.
    pub fn customer_wrote(
        &self,
        phone_number_id: &str,
        customer: &Customer,
        at: i64,
        text: &str,
    ) -> anyhow::Result<(String, Receipt)> {
        let number = self.inner.number(phone_number_id).context("no such number")?;
        let wamid = webhook::new_wamid();
        let change = webhook::text(&number, customer, &wamid, at, text);
        Ok((wamid, self.deliver(phone_number_id, vec![change])))
    }

    /// Spoils the next request, or as many and as chosen as the rule says. Older rules go first.
    pub fn fault(&self, rule: impl Into<Rule>) {
        self.inner.state().rules.add(rule.into());
    }

    /// Forgets all rules.
    pub fn clear_faults(&self) {
        let mut state = self.inner.state();
        state.rules.clear();
        state.media_rules.clear();
    }

    /// Stops the next send before it is taken, until the gate is released.
    pub fn hold_next(&self) -> Gate {
        let (rule, gate) = Rule::hold();
        self.fault(rule);
        gate
    }

    /// Stops the next send after it was taken and before it is answered, until the gate is released.
    pub fn hold_next_answer(&self) -> Gate {
        let (rule, gate) = Rule::hold();
        self.fault(rule.taken());
        gate
    }

    /// Sets when free-form messages outside the service window are refused.
    pub fn set_window_check(&self, check: WindowCheck) {
        self.inner.state().window = check;
    }

    /// Whether another agent owns the threads, so that taking one is refused (section 4.6).
    pub fn set_thread_of_another(&self, of_another: bool) {
        self.inner.state().thread_of_another = of_another;
    }

    /// Sets which statuses follow taken messages. At first: none.
    pub fn set_statuses(&self, plan: StatusPlan) {
        self.inner.state().plan = plan;
    }

    /// Sets the statuses for one customer: digits of the phone number or the BSUID.
    pub fn set_statuses_for(&self, address: &str, plan: StatusPlan) {
        self.inner
            .state()
            .plans
            .insert(address.trim_start_matches('+').to_owned(), plan);
    }

    /// Starts the random sequence (delays, orders, challenges) again from a seed.
    pub fn reseed(&self, seed: u64) {
        self.inner.dice.reseed(seed);
    }

    /// Reports a status of a taken message now.
    ///
    /// # Errors
    /// When no taken message has this id.
    pub fn report(&self, wamid: &str, status: &Status) -> anyhow::Result<Receipt> {
        let send = self
            .inner
            .state()
            .book
            .by_wamid(wamid)
            .cloned()
            .context("no message with this id was taken")?;
        self.inner.report(&send, status).context("the number is gone")
    }

    /// Every request to send so far, in order of arrival.
    pub fn sends(&self) -> Vec<RecordedSend> {
        self.inner.state().book.all().to_vec()
    }

    /// How many messages were taken under this reference; more than one means a doubled send.
    pub fn taken(&self, reference: &str) -> usize {
        self.count(|send| send.reference.as_deref() == Some(reference) && send.outcome.is_taken())
    }

    /// How many requests came with this reference, whatever became of them.
    pub fn attempts(&self, reference: &str) -> usize {
        self.count(|send| send.reference.as_deref() == Some(reference))
    }

    fn count(&self, wanted: impl Fn(&RecordedSend) -> bool) -> usize {
        self.inner
            .state()
            .book
            .all()
            .iter()
            .filter(|send| wanted(send))
            .count()
    }

    /// Waits until the `n`th request to send (counted from 1) has come to an end, and returns it.
    ///
    /// # Errors
    /// When that takes longer than `timeout`.
    pub async fn wait_for_send(&self, n: usize, timeout: Duration) -> anyhow::Result<RecordedSend> {
        let ended = |sends: &[RecordedSend]| {
            sends
                .get(n.saturating_sub(1))
                .is_some_and(|send| send.outcome != Outcome::Arrived)
        };
        let sends = self.wait_until(ended, timeout).await?;
        sends
            .into_iter()
            .nth(n.saturating_sub(1))
            .context("the book is shorter than it was")
    }

    /// Waits until the book of sends looks as wanted, and returns it.
    ///
    /// # Errors
    /// When that takes longer than `timeout`; the error shows the book.
    pub async fn wait_until(
        &self,
        wanted: impl Fn(&[RecordedSend]) -> bool,
        timeout: Duration,
    ) -> anyhow::Result<Vec<RecordedSend>> {
        let mut written = self.inner.written.subscribe();
        let waiting = written.wait_for(|_| wanted(self.inner.state().book.all()));
        let in_time = tokio::time::timeout(timeout, waiting).await.is_ok();
        let sends = self.sends();
        ensure!(
            in_time,
            "the sends did not come as expected within {timeout:?}: {sends:#?}"
        );
        Ok(sends)
    }

    /// Taken messages from now on, as they come.
    pub fn feed(&self) -> broadcast::Receiver<RecordedSend> {
        self.inner.taken.subscribe()
    }

    /// Waits until no delivery is under way. Statuses whose delay still runs do not count.
    ///
    /// # Errors
    /// When that takes longer than `timeout`.
    pub async fn quiet(&self, timeout: Duration) -> anyhow::Result<()> {
        let mut under_way = self.inner.under_way.subscribe();
        tokio::time::timeout(timeout, under_way.wait_for(|count| *count == 0))
            .await
            .context("deliveries are still under way")??;
        Ok(())
    }

    /// Ends every connection, delivery and timer, and waits for their tasks.
    pub async fn stop(&self) {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }
}

/// How Meta calls others, before it is told of names and certificates.
fn way_out() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(20))
}

impl Inner {
    /// The client of deliveries and visits.
    pub(crate) fn client(&self) -> reqwest::Client {
        self.client.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The base address.
    pub(crate) fn graph_url(&self) -> &str {
        &self.graph_url
    }

    /// The changing part. Held only between two awaits; a panic elsewhere does not make it unusable.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn number(&self, phone_number_id: &str) -> Option<Number> {
        self.state()
            .numbers
            .iter()
            .find(|number| number.phone_number_id == phone_number_id)
            .cloned()
    }
}
