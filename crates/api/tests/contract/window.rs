//! A window in front of a shop with two customers.

use api::{ApiError, Desk, DeskOptions};
use engine::ChannelConfig;
use serde_json::{Value, json};
use simulator::{Customer, Meta, Number};
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;
use vault::Vault;

/// Bound of every wait; reached only when something is broken.
pub(crate) const SOON: Duration = Duration::from_secs(15);
pub(crate) const NUMBER: &str = "512000000000021";

pub(crate) struct Window {
    pub(crate) desk: Desk,
    pub(crate) meta: Meta,
    pub(crate) channel: String,
    pub(crate) data: PathBuf,
    _folder: TempDir,
}

pub(crate) fn options(data: PathBuf) -> DeskOptions {
    DeskOptions::new(data, Vault::memory())
}

impl Window {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let meta = Meta::start().await.unwrap();
        meta.add_number(Number::new(
            NUMBER,
            "398000000000021",
            "+447700900100",
            "token",
            "secret",
        ));
        let desk = Desk::open(options(data.clone())).await.unwrap();
        let engine = desk.engine().await.unwrap();
        let config = json!({
            "kind": "whatsapp_cloud", "name": "Clay & Kiln", "phone_number_id": NUMBER,
            "waba_id": "398000000000021", "display_phone_number": "+44 7700 900100", "graph_url": meta.graph_url(),
            "secrets": {"access_token": "token", "app_secret": "secret", "verify_token": "let me in"},
        });
        let config = ChannelConfig::from_json(config.to_string().as_bytes()).unwrap();
        let added = engine::add_channel(engine.store(), engine.vault(), config, engine.now())
            .await
            .unwrap();
        engine.hang_doorplates().await.unwrap();
        let url = format!("{}{}", engine.webhook_url().unwrap(), added.webhook_path);
        meta.subscribe(NUMBER, &url, "let me in").await.unwrap();
        Self {
            desk,
            meta,
            channel: added.channel_id.to_string(),
            data,
            _folder: folder,
        }
    }

    pub(crate) async fn ask(&self, command: &str, args: Value) -> Result<Value, ApiError> {
        self.desk.call(command, args).await
    }

    pub(crate) async fn get(&self, command: &str, args: Value) -> Value {
        match self.ask(command, args.clone()).await {
            Ok(answer) => answer,
            Err(error) => panic!("{command} {args}: {error:?}"),
        }
    }

    /// Asks until the answer is as wanted.
    pub(crate) async fn until(&self, command: &str, args: Value, wanted: impl Fn(&Value) -> bool) -> Value {
        let asking = async {
            loop {
                let answer = self.get(command, args.clone()).await;
                if wanted(&answer) {
                    return answer;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(SOON, asking)
            .await
            .unwrap_or_else(|_| panic!("{command} never answered as wanted"))
    }

    /// A customer writes; returns the conversation's id once the list shows it.
    pub(crate) async fn hear(&self, name: &str, digits: &str, text: &str) -> String {
        let customer = Customer::phone(name, digits);
        self.meta.customer_writes(NUMBER, &customer, text).unwrap();
        let text = text.to_owned();
        let of = move |row: &Value| row["preview"]["text"] == text.as_str();
        let page = self
            .until("list_conversations", json!({}), |page| {
                page["conversations"].as_array().unwrap().iter().any(&of)
            })
            .await;
        let rows = page["conversations"].as_array().unwrap();
        let row = rows.iter().find(|row| of(row)).unwrap();
        row["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn say(&self, conversation: &str, text: &str) -> String {
        let made = self
            .get(
                "send_text",
                json!({"conversation_id": conversation, "text": text}),
            )
            .await;
        made["message_id"].as_str().unwrap().to_owned()
    }

    /// Waits until a message has a status.
    pub(crate) async fn status(&self, conversation: &str, message: &str, status: &str) -> Value {
        let thread = self
            .until("thread", json!({"conversation_id": conversation}), |thread| {
                find(thread, message)["status"] == status
            })
            .await;
        find(&thread, message).clone()
    }
}

pub(crate) fn find<'v>(thread: &'v Value, message: &str) -> &'v Value {
    let messages = thread["messages"].as_array().unwrap();
    messages
        .iter()
        .find(|m| m["id"] == message)
        .unwrap_or(&Value::Null)
}
