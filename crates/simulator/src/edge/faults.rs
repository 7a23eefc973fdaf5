//! What can go wrong between an agent and the edge, and the orders an operator gives on the dashboard.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::agents::Session;
use super::records::Side;
use super::{Edge, Inner, wire};

/// How long an agent may take to answer an order.
const PATIENCE: Duration = Duration::from_secs(5);

/// A refusal that waits for agents.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) code: String,
    pub(super) text: String,
    once: bool,
}

/// Refusals in the order in which they were ordered.
#[derive(Debug, Default)]
pub(super) struct Refusals(Vec<Refusal>);

impl Refusals {
    pub(super) fn add(&mut self, code: &str, text: &str, once: bool) {
        self.0.push(Refusal {
            code: code.to_owned(),
            text: text.to_owned(),
            once,
        });
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The refusal for who comes now.
    pub(super) fn next(&mut self) -> Option<Refusal> {
        let first = self.0.first()?.clone();
        if first.once {
            self.0.remove(0);
        }
        Some(first)
    }
}

/// How many visitors are still let through.
#[derive(Debug)]
pub(super) struct Quota {
    pub(super) left: usize,
    pub(super) code: String,
}

/// What the network between agents and the edge is like.
#[derive(Debug, Default)]
pub(super) struct Weather {
    pub(super) outage: bool,
    pub(super) black_hole: bool,
    /// Counts the outages, so that the end of one does not end the next.
    outages: u64,
}

impl Edge {
    /// Drops the byte pipes of all agents. They may dial again at once. With a [`set_linger`](Self::set_linger) the
    /// edge itself does not notice until then, and their names stay taken.
    pub fn cut(&self) {
        self.each_session(|session| session.pipe.cut());
    }

    /// The pipes of all present agents go dead: nothing arrives on either side, and nobody is told. New ones work.
    pub fn mute(&self) {
        self.each_session(|session| session.pipe.mute());
    }

    /// Agents cannot reach the edge, and those who had reached it are cut off, until it is called with `false`.
    /// Visitors, who come from elsewhere, get [offline](Self::visits) answers meanwhile.
    pub fn outage(&self, on: bool) {
        self.inner.change(|state| {
            state.weather.outage = on;
            state.weather.outages += 1;
        });
        if on {
            self.cut();
        }
    }

    /// An [`outage`](Self::outage) that ends by itself, unless another was ordered meanwhile.
    pub fn outage_for(&self, duration: Duration) {
        self.outage(true);
        let inner = Arc::clone(&self.inner);
        let mine = inner.state().weather.outages;
        inner.clone().tasks.spawn(async move {
            let sleep = tokio::time::sleep(duration);
            if inner.stop.run_until_cancelled(sleep).await.is_none() {
                return;
            }
            inner.change(|state| {
                if state.weather.outages == mine {
                    state.weather.outage = false;
                }
            });
        });
    }

    /// New connections of agents are accepted and get no answer at all, until it is called with `false`; then the
    /// ones that waited are dropped. Present ones go on.
    pub fn black_hole(&self, on: bool) {
        self.inner.change(|state| state.weather.black_hole = on);
    }

    /// Closes every tunnel with a message to its agent; the sessions stay. `code` is for example `ERR_NGROK_338`.
    pub async fn stop_tunnels(&self, code: &str, message: &str) {
        let stopped = self.inner.change(|state| {
            let endpoints = std::mem::take(&mut state.endpoints);
            let session = |number| state.sessions.iter().find(|open| open.number == number);
            endpoints
                .iter()
                .filter_map(|endpoint| Some((session(endpoint.session)?.clone(), endpoint.id.clone())))
                .collect::<Vec<_>>()
        });
        let orders = stopped.iter().map(|(session, id)| {
            let order = json!({ "Id": id, "Message": message, "ErrorCode": code });
            // Agents answer this order by nothing.
            async move {
                let told = tell(&self.inner, session, wire::STOP_TUNNEL, &order);
                if tokio::time::timeout(PATIENCE, told).await.is_err() {
                    tracing::debug!("an agent did not take the order to stop a tunnel");
                }
            }
        });
        join_all(orders).await;
    }

    /// Orders every agent to stop, as the dashboard does. Returns what each refused with, `None` for "done" and for
    /// one that did not answer.
    pub async fn order_stop(&self) -> Vec<Option<String>> {
        self.order(wire::STOP, json!({})).await
    }

    /// As [`order_stop`](Self::order_stop), to start again.
    pub async fn order_restart(&self) -> Vec<Option<String>> {
        self.order(wire::RESTART, json!({})).await
    }

    /// As [`order_stop`](Self::order_stop), to update to a version.
    pub async fn order_update(&self, version: &str) -> Vec<Option<String>> {
        let order = json!({ "Version": version, "PermitMajorVersion": false });
        self.order(wire::UPDATE, order).await
    }

    async fn order(&self, kind: u32, order: Value) -> Vec<Option<String>> {
        let sessions = self.members();
        let answers = sessions.iter().map(|session| async {
            self.inner.note(session.number, Side::Edge, kind, &order);
            let asked = wire::ask(session, kind, &order);
            let reply = tokio::time::timeout(PATIENCE, asked).await.ok().flatten()?;
            self.inner.note(session.number, Side::Agent, kind, &reply);
            let error = reply.get("Error")?.as_str()?;
            (!error.is_empty()).then(|| error.to_owned())
        });
        join_all(answers).await
    }

    fn members(&self) -> Vec<Session> {
        let state = self.inner.state();
        state
            .sessions
            .iter()
            .filter(|session| session.member.is_some())
            .cloned()
            .collect()
    }

    fn each_session(&self, act: impl Fn(&Session)) {
        // Not under the lock: a task that ends wants it.
        let sessions = self.inner.state().sessions.clone();
        sessions.iter().for_each(act);
    }
}

async fn tell(edge: &Inner, session: &Session, kind: u32, document: &Value) -> std::io::Result<()> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    edge.note(session.number, Side::Edge, kind, document);
    let mut stream = wire::open(session, kind).await?;
    stream.write_all(document.to_string().as_bytes()).await?;
    // The agent drops the stream when it has read the document.
    stream.read_u8().await.map(|_| ())
}
