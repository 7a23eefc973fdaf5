//! Anthropic's messages (docs.anthropic.com, "Messages" and "Streaming messages").

use super::model::{
    Care, Embedded, Exchange, Finish, Hearer, LanguageModel, Later, Offer, Question, Rung, Said,
};
use super::openai;
use super::place::Place;
use super::refusal::{self, Setting};
use super::trouble::{Trouble, TroubleKind};
use super::wire::{Dialect, Heard, Letter, Wire};
use reqwest::header::HeaderName;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use vault::Secret;

/// Where Anthropic is.
pub const ANTHROPIC_URL: &str = "https://api.anthropic.com";
/// The version of the format that is written here.
const VERSION: &str = "2023-06-01";

/// A model of Anthropic, or of a server that speaks as Anthropic does.
#[derive(Debug)]
pub struct Anthropic {
    wire: Wire,
    model: String,
    no_temperature: AtomicBool,
}

/// The wire format.
struct Messages;

impl Anthropic {
    /// Prepares a model. `place` is the address without `/v1`, such as [`ANTHROPIC_URL`]. Nothing is sent by that.
    pub fn new(place: Place, key: Option<Secret>, model: impl Into<String>) -> Result<Self, Trouble> {
        let key = key.filter(|key| !key.expose().trim().is_empty());
        let header = (HeaderName::from_static("x-api-key"), "");
        Ok(Self {
            wire: Wire::new(place, key, header, &[("anthropic-version", VERSION)])?,
            model: model.into(),
            no_temperature: AtomicBool::new(false),
        })
    }

    fn body(&self, question: &Question<'_>) -> Value {
        let messages: Vec<Value> = question
            .said
            .iter()
            .map(|said| match said {
                Said::Us(text) => json!({"role": "user", "content": text}),
                Said::Model(text) => json!({"role": "assistant", "content": text}),
            })
            .collect();
        let mut body = json!({
            "model": self.model,
            "max_tokens": question.longest,
            "system": question.system,
            "messages": messages,
            "stream": question.stream,
        });
        let Some(fields) = body.as_object_mut() else {
            return body;
        };
        if !self.no_temperature.load(Ordering::Relaxed) {
            fields.insert("temperature".to_owned(), json!(0.2));
        }
        match (question.shape, question.rung) {
            (Some(shape), Rung::Schema) => {
                let format = json!({"format": {"type": "json_schema", "schema": shape.schema}});
                fields.insert("output_config".to_owned(), format);
            }
            (Some(shape), Rung::Tool) => {
                let tool =
                    json!({"name": shape.name, "description": shape.about, "input_schema": shape.schema});
                fields.insert("tools".to_owned(), json!([tool]));
                fields.insert(
                    "tool_choice".to_owned(),
                    json!({"type": "tool", "name": shape.name, "disable_parallel_tool_use": true}),
                );
            }
            _ => {}
        }
        body
    }

    async fn look(&self, limit: Duration) -> Result<Vec<Offer>, Trouble> {
        let json = self
            .wire
            .get(self.wire.place.below(&["v1", "models"]), limit)
            .await?;
        Ok(openai::offers(&json))
    }
}

impl LanguageModel for Anthropic {
    fn model(&self) -> &str {
        &self.model
    }

    fn place_name(&self) -> &str {
        self.wire.place.name()
    }

    fn is_local(&self) -> bool {
        self.wire.place.is_local() && !super::place::runs_elsewhere(&self.model)
    }

    fn rungs(&self) -> &'static [Rung] {
        &[Rung::Schema, Rung::Tool, Rung::Text]
    }

    fn ask<'a>(
        &'a self,
        question: &'a Question<'a>,
        care: &'a Care,
        hear: Hearer<'a>,
    ) -> Later<'a, Exchange> {
        Box::pin(async move {
            let letter = Letter {
                url: self.wire.place.below(&["v1", "messages"]),
                body: self.body(question).to_string(),
            };
            let mut exchange = self.wire.converse::<Messages>(letter, question, care, hear).await;
            if let Err(trouble) = &mut exchange.outcome
                && refusal::setting(trouble) == Some(Setting::Temperature)
                && !self.no_temperature.swap(true, Ordering::Relaxed)
            {
                trouble.kind = TroubleKind::Adjusted;
            }
            exchange
        })
    }

    fn offers(&self, limit: Duration) -> Later<'_, Result<Vec<Offer>, Trouble>> {
        Box::pin(self.look(limit))
    }

    fn embed<'a>(
        &'a self,
        _model: &'a str,
        _texts: &'a [String],
        _care: &'a Care,
    ) -> Later<'a, Result<Embedded, Trouble>> {
        let words = format!(
            "{} makes no vectors of texts. Search works without them, or choose another provider for them.",
            self.wire.place.name()
        );
        Box::pin(async move { Err(Trouble::new(TroubleKind::NotOffered, words)) })
    }
}

impl Messages {
    /// What was read from a store of questions counts as read, too.
    fn count(usage: Option<&Value>, heard: &mut Heard) {
        let Some(usage) = usage else { return };
        let tokens = |key: &str| usage.get(key).and_then(Value::as_u64);
        if let Some(input) = tokens("input_tokens") {
            let stored = ["cache_read_input_tokens", "cache_creation_input_tokens"]
                .map(|key| tokens(key).unwrap_or(0));
            heard.counted.0 = Some(stored.into_iter().fold(input, u64::saturating_add));
        }
        heard.counted.1 = tokens("output_tokens").or(heard.counted.1);
    }

    fn finish(reason: Option<&Value>, heard: &mut Heard) {
        match reason.and_then(Value::as_str) {
            Some("max_tokens" | "model_context_window_exceeded") => heard.finish = Some(Finish::OutOfRoom),
            Some("refusal") => heard.finish = Some(Finish::Declined),
            Some(_) => heard.finish = Some(Finish::Done),
            None => {}
        }
    }
}

impl Dialect for Messages {
    fn whole(json: &Value, heard: &mut Heard) -> bool {
        let Some(content) = json.get("content").and_then(Value::as_array) else {
            return false;
        };
        for block in content {
            match block.get("type").and_then(Value::as_str) {
                Some("text") => {
                    heard
                        .text
                        .push_str(block.get("text").and_then(Value::as_str).unwrap_or_default());
                }
                Some("tool_use") if heard.tool.is_empty() => {
                    heard.tool = block.get("input").map(Value::to_string).unwrap_or_default();
                }
                _ => {}
            }
        }
        Self::finish(json.get("stop_reason"), heard);
        Self::count(json.get("usage"), heard);
        true
    }

    fn event(json: &Value, heard: &mut Heard) -> Option<String> {
        match json.get("type").and_then(Value::as_str)? {
            "message_start" => Self::count(json.pointer("/message/usage"), heard),
            "message_delta" => {
                Self::finish(json.pointer("/delta/stop_reason"), heard);
                Self::count(json.get("usage"), heard);
            }
            "message_stop" => heard.is_over = true,
            "content_block_delta" => {
                let delta = json.get("delta")?;
                if let Some(text) = delta.get("text").and_then(Value::as_str) {
                    heard.text.push_str(text);
                    return Some(text.to_owned());
                }
                if let Some(part) = delta.get("partial_json").and_then(Value::as_str) {
                    heard.tool.push_str(part);
                    return Some(part.to_owned());
                }
                heard.has_begun |= delta.get("thinking").is_some();
            }
            _ => {}
        }
        None
    }
}
