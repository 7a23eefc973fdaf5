//! What `export` wrote.

use anyhow::Context as _;
use serde_json::Value;

/// The records of an export, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Records(Vec<Value>);

impl Records {
    /// Reads JSON lines.
    ///
    /// # Errors
    /// When a line is no JSON.
    pub fn read(lines: &str) -> anyhow::Result<Self> {
        let read = |line: &str| serde_json::from_str(line).with_context(|| format!("no JSON: {line}"));
        Ok(Self(lines.lines().map(read).collect::<anyhow::Result<_>>()?))
    }

    /// The records of one type.
    pub fn of(&self, kind: &str) -> Vec<&Value> {
        self.0.iter().filter(|record| record["type"] == kind).collect()
    }

    /// The messages with a provider's id.
    pub fn with_id(&self, provider_id: &str) -> Vec<&Value> {
        let mut messages = self.of("message");
        messages.retain(|message| message["provider_id"] == provider_id);
        messages
    }

    /// The one message with a provider's id.
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub fn message(&self, provider_id: &str) -> anyhow::Result<&Value> {
        match self.with_id(provider_id).as_slice() {
            [one] => Ok(one),
            others => anyhow::bail!("{} messages with the id {provider_id}", others.len()),
        }
    }

    /// The messages with exactly this text.
    pub fn saying(&self, text: &str) -> Vec<&Value> {
        let mut messages = self.of("message");
        messages.retain(|message| message["text"] == text);
        messages
    }

    /// The record of a type with an id.
    ///
    /// # Errors
    /// When there is none.
    pub fn get(&self, kind: &str, id: &Value) -> anyhow::Result<&Value> {
        self.of(kind)
            .into_iter()
            .find(|record| record["id"] == *id)
            .with_context(|| format!("no {kind} {id}"))
    }

    /// The contact that has this identity.
    pub fn contact(&self, kind: &str, value: &str) -> Option<&Value> {
        let is_it = |identity: &Value| identity["kind"] == kind && identity["value"] == value;
        self.of("contact").into_iter().find(|contact| {
            contact["identities"]
                .as_array()
                .is_some_and(|identities| identities.iter().any(is_it))
        })
    }

    /// The conversation with the contact that has this identity.
    pub fn conversation(&self, kind: &str, value: &str) -> Option<&Value> {
        let contact = self.contact(kind, value)?;
        self.of("conversation")
            .into_iter()
            .find(|conversation| conversation["contact_id"] == contact["id"])
    }
}
