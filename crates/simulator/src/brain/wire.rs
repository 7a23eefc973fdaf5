//! The words of each server: answers in one piece, and the events of a stream.

use serde_json::{Value, json};

use super::Flavour;
use super::script::Script;

/// How many characters one event of a stream holds.
const WORDS: usize = 7;

/// Everything about an answer that stands in its JSON.
pub(super) struct Speech<'a> {
    pub(super) flavour: Flavour,
    pub(super) model: &'a str,
    pub(super) text: &'a str,
    /// The tool the words are the arguments of.
    pub(super) tool: Option<&'a str>,
    pub(super) script: &'a Script,
    /// Whether usage is told in a stream.
    pub(super) counts: bool,
}

impl Speech<'_> {
    fn is_anthropic(&self) -> bool {
        self.flavour == Flavour::Anthropic
    }

    fn reason(&self) -> &'static str {
        let usual = match (self.is_anthropic(), self.tool.is_some()) {
            (true, true) => "tool_use",
            (true, false) => "end_turn",
            (false, true) => "tool_calls",
            (false, false) => "stop",
        };
        self.script.finish.unwrap_or(usual)
    }

    /// The answer in one piece.
    pub(super) fn whole(&self) -> Value {
        if self.is_anthropic() {
            let mut content = Vec::new();
            if let Some(thought) = &self.script.thinks {
                content.push(json!({"type": "thinking", "thinking": thought, "signature": "x"}));
            }
            content.push(match self.tool {
                Some(name) => {
                    let input: Value = serde_json::from_str(self.text).unwrap_or(json!({}));
                    json!({"type": "tool_use", "id": "toolu_1", "name": name, "input": input})
                }
                None => json!({"type": "text", "text": self.text}),
            });
            let mut answer = json!({
                "id": "msg_1", "type": "message", "role": "assistant", "model": self.model,
                "content": content, "stop_reason": self.reason(), "stop_sequence": null,
            });
            if let (Some((input, output)), Some(answer)) = (self.script.usage, answer.as_object_mut()) {
                answer.insert(
                    "usage".to_owned(),
                    json!({"input_tokens": input, "output_tokens": output}),
                );
            }
            return answer;
        }
        let mut message = match self.tool {
            Some(name) => json!({
                "role": "assistant", "content": null,
                "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": name, "arguments": self.text}}],
            }),
            None => json!({"role": "assistant", "content": self.text}),
        };
        if let (Some(thought), Some(message)) = (&self.script.thinks, message.as_object_mut()) {
            message.insert("reasoning_content".to_owned(), json!(thought));
        }
        let mut answer = json!({
            "id": "chatcmpl-1", "object": "chat.completion", "created": 1_790_000_000, "model": self.model,
            "choices": [{"index": 0, "message": message, "finish_reason": self.reason()}],
        });
        if let (Some(usage), Some(answer)) = (self.usage(), answer.as_object_mut()) {
            answer.insert("usage".to_owned(), usage);
        }
        answer
    }

    fn usage(&self) -> Option<Value> {
        let (input, output) = self.script.usage?;
        Some(json!({"prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output}))
    }

    /// The events before the end.
    pub(super) fn words(&self) -> Vec<String> {
        let mut events = Vec::new();
        let characters: Vec<char> = self.text.chars().collect();
        let pieces = characters
            .chunks(WORDS)
            .map(|piece| piece.iter().collect::<String>());
        if self.is_anthropic() {
            let input = self.script.usage.map_or(0, |(input, _)| input);
            let mut message = json!({"id": "msg_1", "type": "message", "role": "assistant", "model": self.model, "content": []});
            if let (Some(_), Some(message)) = (self.script.usage, message.as_object_mut()) {
                message.insert(
                    "usage".to_owned(),
                    json!({"input_tokens": input, "output_tokens": 1}),
                );
            }
            events.push(named("message_start", &json!({"message": message})));
            events.push(named("ping", &json!({})));
            if let Some(thought) = &self.script.thinks {
                events.push(named(
                    "content_block_delta",
                    &json!({"index": 0, "delta": {"type": "thinking_delta", "thinking": thought}}),
                ));
            }
            let block = match self.tool {
                Some(name) => json!({"type": "tool_use", "id": "toolu_1", "name": name, "input": {}}),
                None => json!({"type": "text", "text": ""}),
            };
            events.push(named(
                "content_block_start",
                &json!({"index": 0, "content_block": block}),
            ));
            events.extend(pieces.map(|piece| {
                let delta = match self.tool {
                    Some(_) => json!({"type": "input_json_delta", "partial_json": piece}),
                    None => json!({"type": "text_delta", "text": piece}),
                };
                named("content_block_delta", &json!({"index": 0, "delta": delta}))
            }));
            return events;
        }
        events.push(": keep the line open\n\n".to_owned());
        events.push(self.chunk(&json!({"role": "assistant", "content": ""}), None));
        if let Some(thought) = &self.script.thinks {
            events.push(self.chunk(&json!({"reasoning_content": thought}), None));
        }
        if let Some(name) = self.tool {
            let call = json!({"index": 0, "id": "call_1", "type": "function", "function": {"name": name, "arguments": ""}});
            events.push(self.chunk(&json!({"tool_calls": [call]}), None));
        }
        events.extend(pieces.map(|piece| {
            let delta = match self.tool {
                Some(_) => json!({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}),
                None => json!({"content": piece}),
            };
            self.chunk(&delta, None)
        }));
        events
    }

    /// The events at the end.
    pub(super) fn end(&self) -> Vec<String> {
        if self.is_anthropic() {
            let mut delta = json!({"delta": {"stop_reason": self.reason(), "stop_sequence": null}});
            if let (Some((_, output)), Some(delta)) = (self.script.usage, delta.as_object_mut()) {
                delta.insert("usage".to_owned(), json!({"output_tokens": output}));
            }
            return vec![
                named("content_block_stop", &json!({"index": 0})),
                named("message_delta", &delta),
                named("message_stop", &json!({})),
            ];
        }
        let mut events = vec![self.chunk(&json!({}), Some(self.reason()))];
        if let Some(usage) = self.usage().filter(|_| self.counts) {
            let last = json!({"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": self.model, "choices": [], "usage": usage});
            events.push(format!("data: {last}\n\n"));
        }
        events.push("data: [DONE]\n\n".to_owned());
        events
    }

    /// The event of a failure in the middle.
    pub(super) fn failure(&self, words: &str) -> String {
        if self.is_anthropic() {
            return named(
                "error",
                &json!({"error": {"type": "overloaded_error", "message": words}}),
            );
        }
        format!(
            "data: {}\n\n",
            json!({"error": {"message": words, "type": "server_error", "code": 500}})
        )
    }

    fn chunk(&self, delta: &Value, finish: Option<&str>) -> String {
        let chunk = json!({
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "model": self.model,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        });
        format!("data: {chunk}\n\n")
    }
}

/// An event of Anthropic's: its name stands above it and in it.
fn named(name: &str, fields: &Value) -> String {
    let mut event = json!({"type": name});
    if let (Some(event), Some(fields)) = (event.as_object_mut(), fields.as_object()) {
        event.extend(fields.clone());
    }
    format!("event: {name}\ndata: {event}\n\n")
}

/// The emptiest JSON that keeps to a schema, as far as the schemas of this program go.
pub(super) fn emptiest(schema: &Value) -> Value {
    if let Some(first) = schema.pointer("/enum/0") {
        return first.clone();
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(key, schema)| (key.clone(), emptiest(schema)))
            .collect(),
        Some("array") => json!([]),
        Some("integer") => json!(1),
        Some("number") => json!(0.5),
        Some("boolean") => json!(false),
        Some("string") => json!(""),
        _ => Value::Null,
    }
}
