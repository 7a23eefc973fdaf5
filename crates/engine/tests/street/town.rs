//! A shop that is connected to a simulated Meta.

use domain::{BotMode, ChannelId, ConversationId, DeliveryStatus, MessageId, Timestamp};
use engine::{ChannelConfig, Clock, Engine, EngineOptions, SystemClock};
use serde_json::{Value, json};
use simulator::{Customer, Meta, Number};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use store::{ConversationFilter, Message, NewChannel, Reader, StoreError};
use tempfile::TempDir;
use vault::Vault;

/// Bound of every wait; reached only when something is broken.
pub(crate) const SOON: Duration = Duration::from_secs(15);
pub(crate) const NUMBER: &str = "512000000000007";
pub(crate) const SECRET: &str = "app-secret-of-the-town";
pub(crate) const TOKEN: &str = "token-of-the-town";

/// The computer's clock, how often it was looked at, and how far it was put forward.
#[derive(Debug, Default)]
pub(crate) struct Watch(pub(crate) AtomicUsize, AtomicU64);

impl Watch {
    /// Puts the clock forward.
    pub(crate) fn move_on(&self, by: Duration) {
        let by = u64::try_from(by.as_millis()).unwrap();
        self.1.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        self.0.fetch_add(1, Ordering::SeqCst);
        let ahead = Duration::from_millis(self.1.load(Ordering::SeqCst));
        SystemClock.now().plus(ahead)
    }
}

pub(crate) struct Town {
    pub(crate) meta: Meta,
    pub(crate) engine: Engine,
    pub(crate) vault: Vault,
    pub(crate) channel: ChannelId,
    pub(crate) url: String,
    pub(crate) watch: Arc<Watch>,
    pub(crate) folder: TempDir,
}

pub(crate) fn config(meta: &Meta, number: &str, secret: &str) -> Value {
    json!({
        "kind": "whatsapp_cloud",
        "name": format!("Shop {number}"),
        "phone_number_id": number,
        "waba_id": "398000000000007",
        "display_phone_number": "+44 7700 900100",
        "mode": "off",
        "graph_url": meta.graph_url(),
        "secrets": {"access_token": TOKEN, "app_secret": secret, "verify_token": "let me in"},
    })
}

pub(crate) fn parsed(config: &Value) -> ChannelConfig {
    ChannelConfig::from_json(config.to_string().as_bytes()).unwrap()
}

pub(crate) fn number(id: &str, secret: &str) -> Number {
    Number::new(id, "398000000000007", "+447700900100", TOKEN, secret)
}

pub(crate) fn ines() -> Customer {
    Customer::phone("Inês", "447700900222").with_user_id("GB.700000000222")
}

pub(crate) fn omar() -> Customer {
    Customer::phone("Omar", "447700900333")
}

impl Town {
    pub(crate) async fn open() -> Self {
        // Nothing is asked by itself, so that what a test spoils is not spent on that.
        Self::open_with_delay(Duration::from_hours(1)).await
    }

    /// A shop whose numbers are asked about after that.
    pub(crate) async fn open_with_delay(check_delay: Duration) -> Self {
        let meta = Meta::start().await.unwrap();
        meta.add_number(number(NUMBER, SECRET));
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::memory();
        let watch = Arc::new(Watch::default());
        let engine = Engine::start(EngineOptions {
            clock: Arc::clone(&watch) as Arc<dyn Clock>,
            check_delay,
            ..EngineOptions::new(folder.path().join("data"), vault.clone())
        })
        .await
        .unwrap();
        let (channel, url) = connect(&meta, &engine, NUMBER, SECRET).await;
        Self {
            meta,
            engine,
            vault,
            channel,
            url,
            watch,
            folder,
        }
    }

    /// Ends the engine and starts another on the same data.
    pub(crate) async fn restart(&mut self) {
        self.engine.stop().await;
        let options = EngineOptions::new(self.folder.path().join("data"), self.vault.clone());
        self.engine = Engine::start(options).await.unwrap();
        let address = self.engine.webhook_url().unwrap();
        let path = self.url.split_once("/hooks").unwrap().1;
        self.url = format!("{address}/hooks{path}");
        self.meta.subscribe(NUMBER, &self.url, "let me in").await.unwrap();
    }

    /// From now on, the provider's API is looked for at another address.
    pub(crate) async fn move_meta(&self, api_url: String) {
        let id = self.channel.clone();
        self.engine
            .store()
            .write(move |t| {
                let channel = t.read().channel(&id)?;
                let moved = NewChannel {
                    id: channel.id,
                    endpoint_id: channel.endpoint_id,
                    kind: channel.kind,
                    name: channel.name,
                    mode: BotMode::Off,
                    number_id: channel.number_id,
                    account_id: channel.account_id,
                    address: channel.address,
                    api_url,
                    api_version: channel.api_version,
                };
                t.put_channel(&moved, Timestamp(0))
            })
            .await
            .unwrap();
    }

    /// Asks again, at the latest after every change, until there is an answer.
    pub(crate) async fn until<T: Send + 'static>(
        &self,
        what: &str,
        ask: impl Fn(Reader<'_>) -> Result<Option<T>, StoreError> + Send + Sync + 'static,
    ) -> T {
        let ask = Arc::new(ask);
        let mut changes = self.engine.store().changes();
        let asking = async {
            loop {
                let ask = Arc::clone(&ask);
                if let Some(answer) = self.engine.store().read(move |r| ask(r)).await.unwrap() {
                    return answer;
                }
                // Not everything is told: a webhook that brought nothing new changes nothing a window shows.
                drop(tokio::time::timeout(Duration::from_millis(20), changes.recv()).await);
            }
        };
        tokio::time::timeout(SOON, asking)
            .await
            .unwrap_or_else(|_| panic!("it did not come to: {what}"))
    }

    /// A customer writes, and the message is there.
    pub(crate) async fn hear(&self, customer: &Customer, text: &str) -> ConversationId {
        self.meta.customer_writes(NUMBER, customer, text).unwrap();
        let wanted = text.to_owned();
        self.until(text, move |r| {
            let rows = r.conversations(&ConversationFilter::default(), None, 100)?;
            let heard = |row: &&store::Conversation| {
                row.last.as_ref().and_then(|last| last.text.as_deref()) == Some(wanted.as_str())
            };
            Ok(rows.iter().find(heard).map(|row| row.id))
        })
        .await
    }

    pub(crate) async fn say(&self, conversation: ConversationId, text: &str) -> MessageId {
        self.engine
            .send_text(conversation, text.to_owned(), None)
            .await
            .unwrap()
    }

    pub(crate) async fn status(&self, message: MessageId, wanted: DeliveryStatus) -> Message {
        self.until(&format!("{message} is {wanted}"), move |r| {
            let message = r.message(message)?;
            Ok((message.status == wanted).then_some(message))
        })
        .await
    }

    pub(crate) async fn messages(&self) -> Vec<Message> {
        self.engine
            .store()
            .read(|r| {
                let mut all = Vec::new();
                r.each_message(None, |message| {
                    all.push(message);
                    Ok(())
                })?;
                Ok(all)
            })
            .await
            .unwrap()
    }

    /// The texts that reached Meta, in order.
    pub(crate) fn sent(&self) -> Vec<String> {
        let taken = self.meta.sends();
        let taken = taken.iter().filter(|send| send.outcome.is_taken());
        taken.filter_map(|send| send.text.clone()).collect()
    }

    /// Waits until every webhook that was stored has been worked through.
    pub(crate) async fn settled(&self) -> store::JournalCounts {
        self.meta.quiet(SOON).await.unwrap();
        self.until("an empty tray", |r| {
            let counts = r.journal_counts()?;
            Ok((counts.pending == 0).then_some(counts))
        })
        .await
    }
}

/// Connects a number as its owner would, and tells Meta where its webhooks go.
pub(crate) async fn connect(meta: &Meta, engine: &Engine, id: &str, secret: &str) -> (ChannelId, String) {
    let config = parsed(&config(meta, id, secret));
    let added = engine::add_channel(engine.store(), engine.vault(), config, engine.now())
        .await
        .unwrap();
    engine.hang_doorplates().await.unwrap();
    let url = format!("{}{}", engine.webhook_url().unwrap(), added.webhook_path);
    meta.subscribe(id, &url, "let me in").await.unwrap();
    (added.channel_id, url)
}
