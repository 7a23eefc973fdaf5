//! A shop that Meta reaches by a public name: a tunnel provider's edge stands between the two.

use crate::cast::number;
use crate::shop::Shop;
use crate::wait::{PATIENCE, until};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use simulator::{Customer, Edge, Meta, Number, RecordedCall};
use std::time::Duration;

/// A shop, Meta, and the edge between them. Meta knows number 1, whose app nobody has subscribed to anything.
#[derive(Debug)]
pub struct PublicStreet {
    /// The tunnel provider's edge.
    pub edge: Edge,
    /// Meta, which reaches public names through the edge.
    pub meta: Meta,
    /// The shop; its `serve` opens a tunnel to the edge.
    pub shop: Shop,
    /// The number.
    pub number: Number,
}

impl PublicStreet {
    /// A shop with nothing in it, whose `serve` has not been started.
    ///
    /// # Errors
    /// When something of that does not work.
    pub async fn prepare(program: &str) -> anyhow::Result<Self> {
        let (edge, meta) = (Edge::start().await?, Meta::start().await?);
        meta.reach_through(edge.addr(), &edge.ca_pem())?;
        let mut number = number(1);
        number.proof_required = true;
        meta.add_number(number.clone());
        let mut shop = Shop::new(program)?;
        std::fs::write(shop.folder().join("edge.pem"), edge.ca_pem())?;
        shop.set_env("DESKBELL_NGROK_AUTHTOKEN", &edge.token());
        let mut street = Self {
            edge,
            meta,
            shop,
            number,
        };
        street.start_with(&["--tunnel", "ngrok"]);
        Ok(street)
    }

    /// From now on `serve` is started without a word about the tunnel.
    pub fn choose_in_the_window(&mut self) {
        self.start_with(&[]);
    }

    fn start_with(&mut self, first: &[&str]) {
        let authority = self.shop.folder().join("edge.pem").display().to_string();
        let (server, graph) = (self.edge.agent_server(), self.meta.graph_url().to_owned());
        let servers = [
            "--ngrok-server",
            &server,
            "--ngrok-ca",
            &authority,
            "--graph-url",
            &graph,
        ];
        self.shop.set_serve_args(&[first, &servers].concat());
    }

    /// The number is added at the command line before `serve` starts; nobody waits for its registration.
    ///
    /// # Errors
    /// When something of that does not work.
    pub async fn move_in(&mut self) -> anyhow::Result<String> {
        let config = Shop::config(&self.number, self.meta.graph_url());
        let (channel, _) = self.shop.add_channel(&config).await?;
        self.shop.start().await?;
        Ok(channel)
    }

    /// A shop whose number is registered. Returns the channel, too.
    ///
    /// # Errors
    /// When it does not come to that.
    pub async fn open(program: &str) -> anyhow::Result<(Self, String)> {
        let mut street = Self::prepare(program).await?;
        let channel = street.move_in().await?;
        street.registered(&channel).await?;
        Ok((street, channel))
    }

    /// How the channel is connected.
    ///
    /// # Errors
    /// When there is no such channel.
    pub async fn connection(&self, channel: &str) -> anyhow::Result<Value> {
        self.shop.rpc("connection", json!({"channel_id": channel})).await
    }

    /// Waits until Meta has the address, and returns how the channel is connected then.
    ///
    /// # Errors
    /// When it does not come to that.
    pub async fn registered(&self, channel: &str) -> anyhow::Result<Value> {
        let shown = self
            .connected(channel, "the address registered", |shown| {
                steps(shown).iter().all(|(_, state, _)| state == "ok")
            })
            .await?;
        ensure!(
            shown["registered_at"].is_string(),
            "no time of registration: {shown}"
        );
        Ok(shown)
    }

    /// Waits until a step has failed, and returns its sentence.
    ///
    /// # Errors
    /// When it does not fail.
    pub async fn failed(&self, channel: &str, step: &str) -> anyhow::Result<String> {
        let shown = self
            .connected(channel, &format!("{step} fails"), |shown| {
                sentence(shown, step).is_some()
            })
            .await?;
        sentence(&shown, step).context("it was there a moment ago")
    }

    /// Waits until the channel is connected as wanted.
    ///
    /// # Errors
    /// When it does not come to that; the error shows what there was last.
    pub async fn connected(
        &self,
        channel: &str,
        what: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> anyhow::Result<Value> {
        let mut last = Value::Null;
        let seen = until(what, PATIENCE, async || {
            last = self.connection(channel).await?;
            Ok(wanted(&last).then(|| last.clone()))
        })
        .await;
        seen.with_context(|| format!("it is: {last}"))
    }

    /// Waits until the tunnel stands so, and returns how.
    ///
    /// # Errors
    /// When it does not come to that within `patience`.
    pub async fn tunnel(&self, phase: &str, patience: Duration) -> anyhow::Result<Value> {
        let mut last = Value::Null;
        let seen = until(&format!("the tunnel is {phase}"), patience, async || {
            last = self.shop.rpc("tunnel", json!({})).await?;
            Ok((last["phase"] == phase).then(|| last.clone()))
        })
        .await;
        seen.with_context(|| format!("it is: {last}"))
    }

    /// The sentences of the health page about a topic.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn findings(&self, topic: &str) -> anyhow::Result<Vec<Value>> {
        let health = self.shop.rpc("health", json!({})).await?;
        let all = health["findings"].as_array().context("no findings")?;
        Ok(all
            .iter()
            .filter(|finding| finding["topic"] == topic)
            .cloned()
            .collect())
    }

    /// Waits until the health page has something bad or doubtful to say about a topic, and returns it.
    ///
    /// # Errors
    /// When it does not.
    pub async fn complaint(&self, topic: &str) -> anyhow::Result<Value> {
        let mut last = Vec::new();
        let seen = until(&format!("a complaint about {topic}"), PATIENCE, async || {
            last = self.findings(topic).await?;
            Ok(last.iter().find(|finding| finding["level"] != "ok").cloned())
        })
        .await;
        seen.with_context(|| format!("it says: {last:?}"))
    }

    /// A customer writes, and the message comes in through the edge. Returns its id.
    ///
    /// # Errors
    /// When it does not arrive.
    pub async fn hear(&self, customer: &Customer, text: &str) -> anyhow::Result<String> {
        let (wamid, receipt) = self
            .meta
            .customer_writes(&self.number.phone_number_id, customer, text)?;
        receipt.acknowledged(PATIENCE).await?;
        self.shop.settled().await?;
        let records = self.shop.export().await?;
        ensure!(
            records.message(&wamid)?["text"] == text,
            "it is not what was written"
        );
        Ok(wamid)
    }

    /// A client of somebody on the internet, for whom public names lead to the edge.
    ///
    /// # Errors
    /// When it cannot be built.
    pub fn visitor(&self) -> anyhow::Result<reqwest::Client> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(30));
        Ok(self.edge.lead(client)?.build()?)
    }

    /// The requests with which somebody changed something at Meta, without messages and files.
    pub fn changes_at_meta(&self) -> Vec<RecordedCall> {
        let mut calls = self.meta.calls();
        calls.retain(|call| call.method != "GET");
        calls
    }
}

/// Step, state and sentence of a registration.
fn steps(shown: &Value) -> Vec<(String, String, Option<String>)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let steps = shown["steps"].as_array().into_iter().flatten();
    steps
        .map(|step| {
            let words = step["words"].as_str().map(str::to_owned);
            (text(&step["step"]), text(&step["state"]), words)
        })
        .collect()
}

/// The sentence of a step that failed.
fn sentence(shown: &Value, wanted: &str) -> Option<String> {
    let mut steps = steps(shown).into_iter();
    steps
        .find(|(step, state, _)| step == wanted && state == "failed")
        .and_then(|(_, _, words)| words)
}
