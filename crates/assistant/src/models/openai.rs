//! Servers that speak as OpenAI's chat completions do: OpenAI itself, Ollama, LM Studio, OpenRouter, Groq, vLLM
//! (platform.openai.com/docs/api-reference/chat; assistant.md, section 3.7).

use super::model::{
    Care, Embedded, Exchange, Finish, Hearer, LanguageModel, Later, Offer, Question, Rung, Said,
};
use super::place::{Place, runs_elsewhere};
use super::refusal::{self, Setting};
use super::trouble::{Trouble, TroubleKind};
use super::usage::{Usage, estimated_tokens};
use super::wire::{Dialect, Heard, Letter, Wire};
use reqwest::header::AUTHORIZATION;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use vault::Secret;

/// Settings that some servers refuse. Learnt from their refusals, and kept with the probe's result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Manners {
    /// `max_completion_tokens` instead of `max_tokens`, as OpenAI's newer models want it.
    pub completion_tokens: bool,
    /// No `temperature`.
    pub no_temperature: bool,
    /// No `stream_options`.
    pub no_stream_options: bool,
}

/// A model behind an OpenAI-compatible server.
#[derive(Debug)]
pub struct OpenAiCompatible {
    wire: Wire,
    model: String,
    manners: Mutex<Manners>,
}

/// The wire format.
struct Chat;

impl OpenAiCompatible {
    /// Prepares a model. Nothing is sent by that.
    pub fn new(place: Place, key: Option<Secret>, model: impl Into<String>) -> Result<Self, Trouble> {
        let key = key.filter(|key| !key.expose().trim().is_empty());
        Ok(Self {
            wire: Wire::new(place, key, (AUTHORIZATION, "Bearer "), &[])?,
            model: model.into(),
            manners: Mutex::default(),
        })
    }

    /// The same with what is already known about the server's dislikes.
    #[must_use]
    pub fn with_manners(self, manners: Manners) -> Self {
        Self {
            manners: Mutex::new(manners),
            ..self
        }
    }

    /// The way to the server and the model's name, when the server stands in the house.
    pub(super) fn way(&self) -> Option<(&Wire, &str)> {
        self.wire
            .place
            .is_local()
            .then_some((&self.wire, self.model.as_str()))
    }

    fn body(&self, question: &Question<'_>) -> Value {
        let manners = LanguageModel::manners(self);
        let mut messages = vec![json!({"role": "system", "content": question.system})];
        messages.extend(question.said.iter().map(|said| match said {
            Said::Us(text) => json!({"role": "user", "content": text}),
            Said::Model(text) => json!({"role": "assistant", "content": text}),
        }));
        let mut body = json!({"model": self.model, "messages": messages, "stream": question.stream});
        let longest = if manners.completion_tokens {
            "max_completion_tokens"
        } else {
            "max_tokens"
        };
        put(&mut body, longest, json!(question.longest));
        if !manners.no_temperature {
            put(&mut body, "temperature", json!(0.2));
        }
        if question.stream && !manners.no_stream_options {
            put(&mut body, "stream_options", json!({"include_usage": true}));
        }
        if let Some(shape) = question.shape {
            match question.rung {
                Rung::Schema => put(
                    &mut body,
                    "response_format",
                    json!({"type": "json_schema", "json_schema": {"name": shape.name, "strict": true, "schema": shape.schema}}),
                ),
                Rung::Tool => {
                    put(
                        &mut body,
                        "tools",
                        json!([{"type": "function", "function": {"name": shape.name, "description": shape.about, "parameters": shape.schema}}]),
                    );
                    put(
                        &mut body,
                        "tool_choice",
                        json!({"type": "function", "function": {"name": shape.name}}),
                    );
                }
                Rung::Json => put(&mut body, "response_format", json!({"type": "json_object"})),
                Rung::Text => {}
            }
        }
        body
    }

    /// Remembers a refused setting; returns whether asking again makes sense.
    fn learn(&self, trouble: &Trouble) -> bool {
        let mut manners = self.manners.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match refusal::setting(trouble) {
            Some(Setting::MaxTokens) => &mut manners.completion_tokens,
            Some(Setting::Temperature) => &mut manners.no_temperature,
            Some(Setting::StreamOptions) => &mut manners.no_stream_options,
            None => return false,
        };
        !std::mem::replace(known, true)
    }

    async fn look(&self, limit: Duration) -> Result<Vec<Offer>, Trouble> {
        let json = self.wire.get(self.wire.place.below(&["models"]), limit).await?;
        Ok(offers(&json))
    }

    async fn vectors(&self, model: &str, texts: &[String], care: &Care) -> Result<Embedded, Trouble> {
        let body = json!({"model": model, "input": texts}).to_string();
        let limit = care.until.saturating_duration_since(tokio::time::Instant::now());
        let work = self
            .wire
            .post(self.wire.place.below(&["embeddings"]), body.clone(), limit);
        let json = tokio::select! {
            biased;
            () = care.cancel.cancelled() => return Err(Trouble::cancelled()),
            json = work => json?,
        };
        let vectors = vectors(&json, texts.len()).ok_or_else(|| self.wire.garbled())?;
        let input = json.pointer("/usage/prompt_tokens").and_then(Value::as_u64);
        Ok(Embedded {
            vectors,
            model: model.to_owned(),
            usage: Usage {
                input: input.unwrap_or_else(|| texts.iter().map(|text| estimated_tokens(text)).sum()),
                output: 0,
                estimated: input.is_none(),
            },
            sent: body,
        })
    }
}

impl LanguageModel for OpenAiCompatible {
    fn model(&self) -> &str {
        &self.model
    }

    fn place_name(&self) -> &str {
        self.wire.place.name()
    }

    fn is_local(&self) -> bool {
        self.wire.place.is_local() && !runs_elsewhere(&self.model)
    }

    fn rungs(&self) -> &'static [Rung] {
        &[Rung::Schema, Rung::Tool, Rung::Json, Rung::Text]
    }

    fn ask<'a>(
        &'a self,
        question: &'a Question<'a>,
        care: &'a Care,
        hear: Hearer<'a>,
    ) -> Later<'a, Exchange> {
        Box::pin(async move {
            let letter = Letter {
                url: self.wire.place.below(&["chat", "completions"]),
                body: self.body(question).to_string(),
            };
            let mut exchange = self.wire.converse::<Chat>(letter, question, care, hear).await;
            if let Err(trouble) = &mut exchange.outcome
                && self.learn(trouble)
            {
                trouble.kind = TroubleKind::Adjusted;
            }
            exchange
        })
    }

    fn offers(&self, limit: Duration) -> Later<'_, Result<Vec<Offer>, Trouble>> {
        Box::pin(self.look(limit))
    }

    fn context_in_house(&self, limit: Duration) -> Later<'_, Option<u32>> {
        Box::pin(Self::context_in_house(self, limit))
    }

    fn manners(&self) -> Manners {
        *self.manners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn embed<'a>(
        &'a self,
        model: &'a str,
        texts: &'a [String],
        care: &'a Care,
    ) -> Later<'a, Result<Embedded, Trouble>> {
        Box::pin(self.vectors(model, texts, care))
    }
}

fn put(body: &mut Value, key: &str, value: Value) {
    if let Some(body) = body.as_object_mut() {
        body.insert(key.to_owned(), value);
    }
}

/// Reads a list of models. Servers say how much one can look at in different words.
pub(super) fn offers(json: &Value) -> Vec<Offer> {
    let list = ["data", "models"]
        .iter()
        .find_map(|key| json.get(key)?.as_array());
    let list = list.or_else(|| json.as_array());
    list.into_iter()
        .flatten()
        .filter_map(|entry| {
            let model = ["id", "name"]
                .iter()
                .find_map(|key| entry.get(key)?.as_str())?
                .to_owned();
            let context = [
                "loaded_context_length",
                "context_length",
                "max_model_len",
                "context_window",
                "max_input_tokens",
                "max_context_length",
            ]
            .iter()
            .find_map(|key| entry.get(key)?.as_u64());
            let kind = entry.get("type").and_then(Value::as_str).unwrap_or_default();
            let remote = ["remote_host", "remote_model"].iter().any(|key| {
                entry
                    .get(key)
                    .and_then(Value::as_str)
                    .is_some_and(|text| !text.is_empty())
            });
            Some(Offer {
                context: context.and_then(|tokens| u32::try_from(tokens).ok()),
                embeds: kind.contains("embed") || model.to_ascii_lowercase().contains("embed"),
                elsewhere: remote || runs_elsewhere(&model),
                model,
            })
        })
        .collect()
}

/// Reads vectors: as many as were asked for, all of one length, none empty, only numbers.
#[expect(
    clippy::cast_possible_truncation,
    reason = "vectors are kept with single precision"
)]
fn vectors(json: &Value, wanted: usize) -> Option<Vec<Vec<f32>>> {
    let data = json.get("data")?.as_array()?;
    let mut vectors = vec![Vec::new(); wanted];
    for (position, entry) in data.iter().enumerate() {
        let index = match entry.get("index") {
            Some(index) => usize::try_from(index.as_u64()?).ok()?,
            None => position,
        };
        let numbers = entry.get("embedding")?.as_array()?;
        let vector = numbers
            .iter()
            .map(|number| {
                number
                    .as_f64()
                    .map(|number| number as f32)
                    .filter(|n| n.is_finite())
            })
            .collect::<Option<Vec<_>>>()?;
        *vectors.get_mut(index)? = vector;
    }
    let length = vectors.first().map_or(0, Vec::len);
    let is_good = vectors
        .iter()
        .all(|vector| vector.len() == length && !vector.is_empty());
    is_good.then_some(vectors)
}

impl Chat {
    fn count(json: &Value, heard: &mut Heard) {
        let tokens = |key: &str| json.get("usage")?.get(key)?.as_u64();
        heard.counted.0 = tokens("prompt_tokens").or(heard.counted.0);
        heard.counted.1 = tokens("completion_tokens").or(heard.counted.1);
    }

    fn finish(choice: &Value, heard: &mut Heard) {
        match choice.get("finish_reason").and_then(Value::as_str) {
            Some("length") => heard.finish = Some(Finish::OutOfRoom),
            Some("content_filter") => heard.finish = Some(Finish::Declined),
            Some(_) => heard.finish = heard.finish.or(Some(Finish::Done)),
            None => {}
        }
    }

    /// Reads a message or a piece of one, and returns its words.
    fn message(message: &Value, heard: &mut Heard) -> String {
        let mut words = words(message.get("content"));
        heard.text.push_str(&words);
        let calls = message.get("tool_calls").and_then(Value::as_array);
        for call in calls.into_iter().flatten() {
            // Only the first call counts; we offer one tool and want it called once.
            if call.get("index").and_then(Value::as_u64).unwrap_or(0) != 0 {
                continue;
            }
            match call.pointer("/function/arguments") {
                Some(Value::String(arguments)) => {
                    heard.tool.push_str(arguments);
                    words.push_str(arguments);
                }
                // Some servers send the arguments as an object.
                Some(arguments @ Value::Object(_)) => heard.tool.push_str(&arguments.to_string()),
                _ => {}
            }
        }
        let thinks = ["reasoning", "reasoning_content", "thinking"]
            .iter()
            .any(|key| message.get(key).is_some_and(|thought| !thought.is_null()));
        heard.has_begun |= thinks;
        if message
            .get("refusal")
            .and_then(Value::as_str)
            .is_some_and(|refusal| !refusal.is_empty())
        {
            heard.finish = Some(Finish::Declined);
        }
        words
    }
}

/// Content is a text, or a list of parts with texts.
fn words(content: Option<&Value>) -> String {
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts
            .iter()
            .filter_map(|part| part.get("text")?.as_str())
            .collect(),
        _ => String::new(),
    }
}

impl Dialect for Chat {
    fn whole(json: &Value, heard: &mut Heard) -> bool {
        let Some(choice) = json.pointer("/choices/0") else {
            return false;
        };
        let Some(message) = choice.get("message") else {
            return false;
        };
        Self::message(message, heard);
        Self::finish(choice, heard);
        Self::count(json, heard);
        true
    }

    fn event(json: &Value, heard: &mut Heard) -> Option<String> {
        Self::count(json, heard);
        let choice = json.pointer("/choices/0")?;
        let words = choice
            .get("delta")
            .or_else(|| choice.get("message"))
            .map(|delta| Self::message(delta, heard));
        Self::finish(choice, heard);
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_are_taken_in_the_order_they_were_asked_for_or_not_at_all() {
        let good =
            json!({"data": [{"index": 1, "embedding": [0.0, 1.0]}, {"index": 0, "embedding": [1, 0]}]});
        assert_eq!(vectors(&good, 2), Some(vec![vec![1.0, 0.0], vec![0.0, 1.0]]));
        for bad in [
            json!({"data": [{"index": 0, "embedding": [1.0]}]}),
            json!({"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}]}),
            json!({"data": [{"index": 0, "embedding": [1.0]}, {"index": 7, "embedding": [1.0]}]}),
            json!({"data": [{"index": 0, "embedding": ["x"]}, {"index": 1, "embedding": [1.0]}]}),
            json!({"data": [{"index": 0, "embedding": [1e300]}, {"index": 1, "embedding": [1.0]}]}),
            json!({}),
        ] {
            assert_eq!(vectors(&bad, 2), None, "{bad}");
        }
    }

    #[test]
    fn models_are_listed_in_the_words_of_each_server() {
        let ollama = json!({"models": [{"name": "llama3.2:3b"}, {"name": "gpt-oss:120b-cloud", "remote_host": "https://ollama.com:443"}]});
        let found = offers(&ollama);
        assert_eq!(found.len(), 2);
        assert!(!found[0].elsewhere && found[1].elsewhere);
        let studio = json!({"data": [{"id": "text-embedding-nomic", "type": "embeddings", "max_context_length": 2048}]});
        assert_eq!(offers(&studio)[0].context, Some(2048));
        assert!(offers(&studio)[0].embeds);
        assert!(offers(&json!({"data": "x"})).is_empty());
    }
}
