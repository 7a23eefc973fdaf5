//! One shop with one number, and Meta at the other end.

use crate::cast::{VERIFY_TOKEN, number};
use crate::shop::Shop;
use crate::wait::{PATIENCE, until};
use anyhow::Context as _;
use serde_json::{Value, json};
use simulator::{Change, Customer, Meta, Number, Style, webhook};
use std::time::Duration;

/// A shop that is connected to a simulated Meta.
#[derive(Debug)]
pub struct Street {
    /// Meta.
    pub meta: Meta,
    /// The shop, with `serve` running.
    pub shop: Shop,
    /// Its number.
    pub number: Number,
    /// The channel of the number.
    pub channel_id: String,
    /// Where the number's webhooks arrive.
    pub path: String,
}

impl Street {
    /// Opens a shop with number 1 and subscribes it.
    ///
    /// # Errors
    /// When something of that does not work.
    pub async fn open(program: &str) -> anyhow::Result<Self> {
        Self::build(Shop::new(program)?, number(1)).await
    }

    /// Opens a street on a prepared shop.
    ///
    /// # Errors
    /// When something of that does not work.
    pub async fn build(mut shop: Shop, mut number: Number) -> anyhow::Result<Self> {
        let meta = Meta::start().await?;
        number.proof_required = true;
        meta.add_number(number.clone());
        let config = Shop::config(&number, meta.graph_url());
        let (channel_id, path) = shop.add_channel(&config).await?;
        shop.start().await?;
        let street = Self {
            meta,
            shop,
            number,
            channel_id,
            path,
        };
        street.subscribe().await?;
        Ok(street)
    }

    /// Lets Meta's webhooks go to where the shop listens now.
    ///
    /// # Errors
    /// When the shop does not answer Meta's visit.
    pub async fn subscribe(&self) -> anyhow::Result<()> {
        let url = self.shop.hook(&self.path)?;
        self.meta
            .subscribe(&self.number.phone_number_id, &url, VERIFY_TOKEN)
            .await
    }

    /// Starts the shop again after it ended.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn reopen(&mut self) -> anyhow::Result<()> {
        self.shop.start().await?;
        self.subscribe().await
    }

    /// Posts changes in one signed body; returns the HTTP status.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn post(&self, changes: Vec<Change>) -> anyhow::Result<u16> {
        self.post_raw(&Style::Escaped.encode(&webhook::envelope(changes)))
            .await
    }

    /// Posts a body as it is, signed; returns the status.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn post_raw(&self, body: &[u8]) -> anyhow::Result<u16> {
        self.shop.post(&self.path, &self.number.app_secret, body).await
    }

    /// A customer writes; returns the message's id and the conversation's once the operator can see it.
    ///
    /// # Errors
    /// When the message does not appear.
    pub async fn hear(&self, customer: &Customer, text: &str) -> anyhow::Result<(String, String)> {
        let (wamid, receipt) = self
            .meta
            .customer_writes(&self.number.phone_number_id, customer, text)?;
        receipt.acknowledged(PATIENCE).await?;
        self.shop.settled().await?;
        Ok((wamid, self.conversation(customer).await?))
    }

    /// The id of the conversation with a customer.
    ///
    /// # Errors
    /// When there is none.
    pub async fn conversation(&self, customer: &Customer) -> anyhow::Result<String> {
        let records = self.shop.export().await?;
        let by = |kind: &str, value: Option<&str>| value.and_then(|value| records.conversation(kind, value));
        let conversation = by("bsuid", customer.user_id.as_deref())
            .or_else(|| by("wa_id", customer.wa_id.as_deref()))
            .context("no conversation with this customer")?;
        Ok(conversation["id"]
            .as_str()
            .context("the id is no text")?
            .to_owned())
    }

    /// The operator writes; returns the message's id.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn say(&self, conversation: &str, text: &str) -> anyhow::Result<String> {
        let args = json!({"conversation_id": conversation, "text": text});
        let answer = self.shop.rpc("send_text", args).await?;
        Ok(answer["message_id"].as_str().context("no message id")?.to_owned())
    }

    /// A message as the operator sees it.
    ///
    /// # Errors
    /// When it is not in the thread.
    pub async fn look(&self, conversation: &str, message: &str) -> anyhow::Result<Value> {
        let args = json!({"conversation_id": conversation, "limit": 200});
        let page = self.shop.rpc("thread", args).await?;
        let messages = page["messages"].as_array().context("no messages")?;
        let found = messages.iter().find(|shown| shown["id"] == message);
        Ok(found.context("the message is not in the thread")?.clone())
    }

    /// Waits until a message shows this status, and returns it as the operator sees it.
    ///
    /// # Errors
    /// When it does not come to that in time.
    pub async fn until_status(
        &self,
        conversation: &str,
        message: &str,
        status: &str,
        patience: Duration,
    ) -> anyhow::Result<Value> {
        let mut last = Value::Null;
        let seen = until(&format!("status {status}"), patience, async || {
            last = self.look(conversation, message).await?;
            Ok((last["status"] == status).then(|| last.clone()))
        })
        .await;
        seen.with_context(|| format!("the message is: {last}"))
    }
}
