//! The demo shop: a business number at a simulated Meta, and its customers.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use anyhow::Context as _;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use serde_json::{Value, json};
use tokio::sync::{broadcast, mpsc};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use super::cast::{CAST, Persona, Reach};
use super::lessons::Lessons;
pub use super::script::Tempo;
use super::script::{Line, live};
use super::studio::Studio;
use super::{asked, guests, reflexes, visits};
use crate::book::RecordedSend;
use crate::clock;
use crate::edge::Edge;
use crate::faults::{Fault, Rule};
use crate::graph::GraphError;
use crate::meta::Meta;
use crate::statuses::{Status, StatusPlan};
use crate::street::Receipt;
use crate::webhook::{self, Customer, Number};

const PHONE_NUMBER_ID: &str = "100200300400500";
const WABA_ID: &str = "100200300400100";
const DISPLAY_PHONE_NUMBER: &str = "+447700900100";
/// How long one history message may take to be acknowledged.
const PATIENCE: Duration = Duration::from_secs(30);
/// Messages a customer or the shop may be behind.
const ROOM: usize = 64;

/// A small pottery shop with customers who live by themselves once it is open. Nothing leaves the machine.
/// Dropping it stops everything.
#[derive(Debug)]
pub struct DemoShop {
    meta: Meta,
    number: Number,
    verify_token: String,
    tempo: Tempo,
    studio: Studio,
    edge: Edge,
    stop: CancellationToken,
    tasks: TaskTracker,
    _guard: DropGuard,
}

impl DemoShop {
    /// Starts the simulated Meta of the shop and the edge of its tunnel provider, with secrets made up for this run.
    /// The customers wait for [`open`](Self::open).
    ///
    /// # Errors
    /// When no loopback port can be opened.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_at(Tempo::REAL).await
    }

    /// As [`start`](Self::start), at another pace.
    ///
    /// # Errors
    /// When no loopback port can be opened.
    pub async fn start_at(tempo: Tempo) -> anyhow::Result<Self> {
        let meta = Meta::start().await?;
        let edge = Edge::start().await?;
        meta.reach_through(edge.addr(), &edge.ca_pem())?;
        let mut number = Number::new(
            PHONE_NUMBER_ID,
            WABA_ID,
            DISPLAY_PHONE_NUMBER,
            &secret(),
            &secret(),
        );
        "Larkfield Pottery".clone_into(&mut number.verified_name);
        meta.add_number(number.clone());
        meta.set_statuses(StatusPlan::lively().playing().stretched(tempo.factor()));
        for persona in CAST {
            prepare(&meta, persona, tempo);
        }
        let studio = Studio::new(meta.clone(), number.clone());
        studio.hang_templates();
        let stop = CancellationToken::new();
        Ok(Self {
            meta,
            number,
            studio,
            edge,
            verify_token: secret(),
            tempo,
            stop: stop.clone(),
            tasks: TaskTracker::new(),
            _guard: stop.drop_guard(),
        })
    }

    /// The configuration of the shop's channel, as `channel add` takes it (`outer-interface.md`).
    pub fn channel_config(&self) -> Value {
        json!({
            "kind": "whatsapp_cloud",
            "name": "Demo shop",
            "phone_number_id": self.number.phone_number_id,
            "waba_id": self.number.waba_id,
            "display_phone_number": self.number.display_phone_number,
            "mode": "off",
            "graph_url": self.meta.graph_url(),
            "graph_version": "v25.0",
            "secrets": {
                "access_token": self.number.access_token,
                "app_secret": self.number.app_secret,
                "verify_token": self.verify_token,
            },
        })
    }

    /// The simulated Meta behind the shop, to look at its sends or to add faults.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The tunnel provider's edge, through which the shop's Meta reaches public names. Its [`token`](Edge::token) is
    /// good, and stands for an account with the name [`public_name`](Self::public_name).
    pub fn edge(&self) -> &Edge {
        &self.edge
    }

    /// The public name that a tunnel with the edge's token gets, without scheme.
    pub fn public_name(&self) -> String {
        self.edge.dev_domain(&self.edge.token())
    }

    /// Sets the webhook address, delivers what customers wrote earlier, and lets them live.
    ///
    /// # Errors
    /// When the address does not pass Meta's verification, or does not acknowledge the earlier messages.
    pub async fn open(&self, webhook_url: &str) -> anyhow::Result<()> {
        self.subscribe(webhook_url).await?;
        self.remember().await?;
        self.begin().await
    }

    /// Sets the webhook address.
    ///
    /// # Errors
    /// When it does not pass Meta's verification.
    pub async fn subscribe(&self, webhook_url: &str) -> anyhow::Result<()> {
        self.meta
            .subscribe(&self.number.phone_number_id, webhook_url, &self.verify_token)
            .await?;
        Ok(())
    }

    /// What the owner has taught the assistant.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn lessons(&self) -> anyhow::Result<Lessons> {
        Lessons::read()
    }

    /// Delivers what customers wrote before the shop had an assistant, to the address that is set.
    ///
    /// # Errors
    /// When it is not acknowledged.
    pub async fn remember(&self) -> anyhow::Result<()> {
        let now = clock::unix_seconds();
        let mut receipts = Vec::new();
        for persona in CAST.iter().filter(|persona| !persona.past.is_empty()) {
            let customer = persona.customer();
            let earlier = persona.past.iter().map(|past| {
                let at = now - past.minutes_ago * 60;
                webhook::text_message(&customer, &webhook::new_wamid(), at, past.text)
            });
            let change = webhook::messages(&self.number, std::slice::from_ref(&customer), earlier.collect());
            receipts.push(self.meta.deliver(&self.number.phone_number_id, vec![change]));
        }
        for delivery in guests::earlier(&self.studio, now) {
            receipts.push(self.meta.deliver(&self.number.phone_number_id, delivery));
        }
        acknowledged(receipts).await
    }

    /// Delivers what customers wrote in the last hour to the address that is set, and lets them live.
    ///
    /// # Errors
    /// When the last hour's messages are not acknowledged.
    pub async fn begin(&self) -> anyhow::Result<()> {
        let (feed, seen) = (self.meta.feed(), self.meta.feed());
        let lately = asked::lately(&self.studio, clock::unix_seconds());
        let number = &self.number.phone_number_id;
        let deliver = |delivery| self.meta.deliver(number, delivery);
        acknowledged(lately.into_iter().map(deliver).collect()).await?;
        let mut ears = HashMap::new();
        for persona in CAST.iter().filter(|persona| !persona.turns.is_empty()) {
            let (ear, answers) = mpsc::channel(ROOM);
            let (voice, lines) = mpsc::channel(ROOM);
            ears.insert(persona.customer().address().to_owned(), ear);
            self.spawn(live(persona.turns, self.tempo, answers, voice));
            self.spawn(speak(
                self.meta.clone(),
                self.number.phone_number_id.clone(),
                persona.customer(),
                lines,
            ));
        }
        self.spawn(listen(feed, ears));
        self.spawn(react(self.studio.clone(), self.tempo, seen));
        self.spawn(come_by(self.studio.clone(), self.tempo));
        Ok(())
    }

    fn spawn(&self, life: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            stop.run_until_cancelled(life).await;
        });
    }

    /// Sends everybody home and waits until all tasks have ended.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        self.meta.stop().await;
        self.edge.stop().await;
    }
}

async fn acknowledged(receipts: Vec<Receipt>) -> anyhow::Result<()> {
    for receipt in receipts {
        receipt
            .acknowledged(PATIENCE)
            .await
            .context("the shop's inbox does not take messages")?;
    }
    Ok(())
}

impl Persona {
    pub(crate) fn customer(&self) -> Customer {
        Customer {
            name: Some(self.name.to_owned()),
            wa_id: (!self.wa_id.is_empty()).then(|| self.wa_id.to_owned()),
            user_id: Some(self.user_id.to_owned()),
            username: self.username.map(str::to_owned),
            parent_user_id: None,
        }
    }
}

/// Sets what becomes of sends to this customer.
fn prepare(meta: &Meta, persona: &Persona, tempo: Tempo) {
    let customer = persona.customer();
    let address = customer.address();
    let millis = Duration::from_millis;
    let sent = StatusPlan::none().then(millis(300), Status::Sent);
    let plan = match persona.reach {
        Reach::Attentive => return,
        Reach::Slow => {
            sent.then(millis(1_500), Status::Delivered)
                .between(millis(25_000), millis(32_000), Status::Read)
        }
        Reach::PhoneOff => sent,
        Reach::Private => sent.then(millis(900), Status::Delivered),
        Reach::Gone => StatusPlan::none().then(millis(1_500), Status::Failed(GraphError::of(131_026))),
        Reach::AnswerLost => {
            // Reset at once rather than after a time-out: the operator sees "may have been sent" without a long wait.
            meta.fault(Rule::from(Fault::Reset).taken().to(address));
            StatusPlan::none()
                .then(millis(15_000), Status::Sent)
                .then(millis(15_600), Status::Delivered)
                .then(millis(19_000), Status::Read)
        }
    };
    meta.set_statuses_for(address, plan.stretched(tempo.factor()));
}

/// Brings a customer's lines to the street.
async fn speak(meta: Meta, phone_number_id: String, customer: Customer, mut lines: mpsc::Receiver<Line>) {
    while let Some(line) = lines.recv().await {
        let at = clock::unix_seconds() - line.minutes_late * 60;
        if let Err(error) = meta.customer_wrote(&phone_number_id, &customer, at, line.text) {
            tracing::warn!(%error, "a demo customer could not write");
        }
    }
}

/// Brings the shop's messages to the customers.
async fn listen(mut feed: broadcast::Receiver<RecordedSend>, ears: HashMap<String, mpsc::Sender<String>>) {
    loop {
        match feed.recv().await {
            Ok(send) => {
                // Buttons are answered by a tap.
                if is_buttons(&send) {
                    continue;
                }
                let text = send.text.unwrap_or_default();
                // A customer whose script has ended does not listen any more.
                if let Some(ear) = ears.get(&send.to) {
                    let _ = ear.try_send(text);
                }
            }
            Err(broadcast::error::RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "customers missed answers");
            }
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

/// Whether it asks the customer to choose a button.
fn is_buttons(send: &RecordedSend) -> bool {
    let kind = send.content().and_then(|content| content.get("type"));
    send.kind == "interactive" && kind.and_then(Value::as_str) == Some("button")
}

/// Brings the guests in, one after the other.
async fn come_by(studio: Studio, tempo: Tempo) {
    let opened = Instant::now();
    for visit in visits::VISITS {
        sleep_until(opened + tempo.of(visit.after)).await;
        let changes = (visit.brings)(&studio);
        studio.meta.deliver(&studio.number.phone_number_id, changes);
    }
}

/// Lets everybody do what people do by themselves with what the shop sends. Thanks are said once.
async fn react(studio: Studio, tempo: Tempo, mut feed: broadcast::Receiver<RecordedSend>) {
    let mut thanks: HashMap<String, &'static str> = HashMap::new();
    let mut people: HashMap<String, Customer> = HashMap::new();
    for customer in CAST.iter().map(Persona::customer) {
        people.insert(customer.address().to_owned(), customer);
    }
    for (customer, words) in visits::thanks() {
        thanks.insert(customer.address().to_owned(), words);
        people.insert(customer.address().to_owned(), customer);
    }
    // Whoever has tapped a button goes on in words; answers with buttons would be tapped for ever.
    let mut tapped: HashSet<String> = HashSet::new();
    let mut due = FuturesUnordered::new();
    loop {
        tokio::select! {
            sent = feed.recv() => {
                let send = match sent {
                    Ok(send) => send,
                    Err(broadcast::error::RecvError::Lagged(missed)) => {
                        tracing::warn!(missed, "customers missed messages");
                        continue;
                    }
                    Err(broadcast::error::RecvError::Closed) => return,
                };
                let Some(customer) = people.get(&send.to).cloned() else { continue };
                // Somebody without WhatsApp gets nothing, and somebody whose phone is off sees it later.
                if CAST.iter().any(|persona| {
                    persona.customer().address() == send.to && matches!(persona.reach, Reach::Gone | Reach::PhoneOff)
                }) {
                    continue;
                }
                if is_buttons(&send) && !tapped.insert(send.to.clone()) {
                    continue;
                }
                let words = thanks.get(&send.to).copied();
                let Some((after, what)) = reflexes::reflex(&studio, &send, &customer, words) else { continue };
                if what.kind() == "text" {
                    thanks.remove(&send.to);
                }
                let after = after.mul_f64(tempo.factor());
                due.push(async move {
                    tokio::time::sleep(after).await;
                    (customer, what)
                });
            }
            Some((customer, what)) = due.next(), if !due.is_empty() => {
                if let Err(error) = studio.meta.customer_sends(&studio.number.phone_number_id, &customer, &what) {
                    tracing::warn!(%error, "a demo customer could not answer");
                }
            }
        }
    }
}

/// Random text for a token or secret of this run.
fn secret() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}
