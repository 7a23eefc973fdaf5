//! Reads what a model server says when it says no, and puts it into words.

use super::place::Place;
use super::trouble::{Trouble, TroubleKind};
use serde_json::Value;
use url::Url;

/// Longest text of a server that is kept, in characters.
const LONGEST_TEXT: usize = 500;

/// A server's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SaidNo {
    /// Its words for programs: `insufficient_quota`, `overloaded_error`.
    code: String,
    /// Its words for people.
    words: String,
}

/// Returns the error in an answer. OpenAI and Anthropic send `error.message`, Ollama `error`, others `message` or
/// `detail`.
pub(super) fn said(json: &Value) -> Option<SaidNo> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let error = json.get("error").filter(|error| !error.is_null());
    if let Some(error) = error {
        let code = ["code", "type"]
            .iter()
            .filter_map(|key| error.get(key).and_then(text))
            .collect::<Vec<_>>()
            .join(" ");
        let words = text(error)
            .or_else(|| error.get("message").and_then(text))
            .unwrap_or_default();
        return Some(SaidNo { code, words });
    }
    let is_answer = ["choices", "content", "data", "models", "object", "type"]
        .iter()
        .any(|key| json.get(key).is_some());
    if is_answer {
        return None;
    }
    let words = ["message", "detail"]
        .iter()
        .find_map(|key| json.get(key).and_then(text))?;
    Some(SaidNo {
        code: String::new(),
        words,
    })
}

/// What it means that a server answered with `status`.
pub(super) fn refused(place: &Place, status: u16, error: Option<&SaidNo>, has_key: bool) -> Trouble {
    let name = place.name();
    let all = error.map_or_else(String::new, |error| {
        format!("{} {}", error.code, error.words).to_lowercase()
    });
    let says = |words: &[&str]| words.iter().any(|word| all.contains(word));
    let (kind, words) = match status {
        401 if !has_key => (TroubleKind::Key, format!("{name} asks for a key. Enter one.")),
        401 => (
            TroubleKind::Key,
            format!("Your key was refused by {name}. Enter it again."),
        ),
        _ if status == 402 || says(&["insufficient_quota", "billing", "credit balance"]) => (
            TroubleKind::NoCredit,
            format!("Your account with {name} has no credit left. Add some there."),
        ),
        403 => (
            TroubleKind::Key,
            format!(
                "{name} does not allow this with your key. Look there what the key may do, or enter another."
            ),
        ),
        429 => (
            TroubleKind::TooMany,
            format!("{name} asks us to slow down. The assistant goes on without it for a while."),
        ),
        404 if error.is_some() && says(&["model"]) && !asks_too_much(&all) => (
            TroubleKind::NoModel,
            format!("{name} does not have this model. Choose another one."),
        ),
        404 | 405 if error.is_none() => (
            TroubleKind::Address,
            format!("There is no model server at the address of {name}. Correct the address."),
        ),
        400 | 413 | 422 if is_too_long(&all) => (
            TroubleKind::QuestionTooLong,
            format!("The question was too long for the model of {name}. Choose a model with more context."),
        ),
        400 if says(&[
            "model_not_found",
            "model not found",
            "invalid model",
            "does not exist",
        ]) =>
        {
            (
                TroubleKind::NoModel,
                format!("{name} does not have this model. Choose another one."),
            )
        }
        400 | 404 | 405 | 413 | 415 | 422 | 501 => (
            TroubleKind::Unsupported,
            format!("{name} did not understand the question. Look at the details, or choose another model."),
        ),
        _ if says(&["overloaded"]) => (
            TroubleKind::Server,
            format!("{name} has too much to do. The assistant goes on without it for a while."),
        ),
        _ => (
            TroubleKind::Server,
            format!("{name} has trouble of its own. The assistant goes on without it for a while."),
        ),
    };
    Trouble {
        status: Some(status),
        ..Trouble::new(kind, words).with_detail(detail(status, error))
    }
}

/// What it means that an answer which had begun well ends with an error.
pub(super) fn in_the_middle(place: &Place, error: &SaidNo) -> Trouble {
    let trouble = Trouble::new(
        TroubleKind::Cut,
        format!("The answer of {} broke off in the middle.", place.name()),
    );
    trouble.with_detail(detail(200, Some(error)))
}

/// What it means that a server wants to send us elsewhere. Only the host of the other address is told: the rest may
/// hold anything.
pub(super) fn redirected(place: &Place, elsewhere: Option<&str>, status: u16) -> Trouble {
    let host = elsewhere
        .and_then(|text| place.below(&[])?.join(text).ok())
        .and_then(|url: Url| url.host_str().map(str::to_owned))
        .unwrap_or_else(|| "an address it does not name".to_owned());
    Trouble {
        status: Some(status),
        ..Trouble::new(
            TroubleKind::Redirected,
            format!(
                "{} wants to send us on to {host}, and neither key nor question goes there by itself. If that is right, \
                 enter the new address.",
                place.name()
            ),
        )
    }
}

/// Whether a 404 speaks of something that was asked for besides the model, as OpenRouter's does.
fn asks_too_much(all: &str) -> bool {
    ["endpoint", "tool", "response_format", "json"]
        .iter()
        .any(|word| all.contains(word))
}

fn is_too_long(all: &str) -> bool {
    all.contains("context_length")
        || all.contains("too long")
        || all.contains("context")
            && ["length", "window", "exceed"]
                .iter()
                .any(|word| all.contains(word))
}

/// A setting in a request that some servers refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    /// `max_tokens`; `max_completion_tokens` is wanted.
    MaxTokens,
    /// `temperature`.
    Temperature,
    /// `stream_options`.
    StreamOptions,
}

/// Returns the setting a refusal is about, if it is about one we can leave out.
pub(super) fn setting(trouble: &Trouble) -> Option<Setting> {
    if trouble.kind != TroubleKind::Unsupported {
        return None;
    }
    let words = trouble.detail.as_deref()?.to_lowercase();
    [
        ("max_tokens", Setting::MaxTokens),
        ("temperature", Setting::Temperature),
        ("stream_options", Setting::StreamOptions),
    ]
    .into_iter()
    .find_map(|(word, setting)| words.contains(word).then_some(setting))
}

fn detail(status: u16, error: Option<&SaidNo>) -> String {
    let Some(error) = error else {
        return format!("HTTP {status}");
    };
    let words: String = format!("{} {}", error.code, error.words)
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_TEXT)
        .collect();
    format!("HTTP {status}: {words}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn kind(status: u16, body: &Value) -> TroubleKind {
        let place = Place::parse("https://api.openai.com/v1").unwrap();
        refused(&place, status, said(body).as_ref(), true).kind
    }

    #[test]
    fn each_providers_way_of_saying_no_is_understood() {
        for (status, body, expected) in [
            (
                401,
                json!({"error": {"message": "Incorrect API key", "code": "invalid_api_key"}}),
                TroubleKind::Key,
            ),
            (
                429,
                json!({"error": {"message": "Rate limit reached", "type": "requests"}}),
                TroubleKind::TooMany,
            ),
            (
                429,
                json!({"error": {"message": "x", "code": "insufficient_quota"}}),
                TroubleKind::NoCredit,
            ),
            (
                400,
                json!({"type": "error", "error": {"type": "invalid_request_error", "message": "Your credit balance is too low"}}),
                TroubleKind::NoCredit,
            ),
            (
                402,
                json!({"error": {"code": 402, "message": "More credits are required"}}),
                TroubleKind::NoCredit,
            ),
            (404, json!({"error": "model 'x' not found"}), TroubleKind::NoModel),
            (
                404,
                json!({"error": {"message": "No endpoints found that support tool use for this model"}}),
                TroubleKind::Unsupported,
            ),
            (404, json!("nothing"), TroubleKind::Address),
            (
                400,
                json!({"error": {"message": "registry.ollama.ai/library/x does not support tools"}}),
                TroubleKind::Unsupported,
            ),
            (
                400,
                json!({"error": {"message": "This model's maximum context length is 8192 tokens", "code": "context_length_exceeded"}}),
                TroubleKind::QuestionTooLong,
            ),
            (
                400,
                json!({"type": "error", "error": {"type": "invalid_request_error", "message": "prompt is too long: 210000 tokens"}}),
                TroubleKind::QuestionTooLong,
            ),
            (
                422,
                json!({"detail": "response_format: extra fields not permitted"}),
                TroubleKind::Unsupported,
            ),
            (
                529,
                json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
                TroubleKind::Server,
            ),
            (500, json!({}), TroubleKind::Server),
        ] {
            assert_eq!(kind(status, &body), expected, "{status} {body}");
        }
    }

    #[test]
    fn an_answer_is_not_taken_for_a_refusal_because_it_holds_a_message() {
        assert_eq!(
            said(&json!({"type": "message", "content": [], "message": "x"})),
            None
        );
        assert_eq!(said(&json!({"choices": [], "error": null})), None);
        assert_eq!(said(&json!([1])), None);
    }

    #[test]
    fn a_refused_setting_is_recognised() {
        let place = Place::parse("https://api.openai.com/v1").unwrap();
        let body = json!({"error": {"message": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."}});
        let trouble = refused(&place, 400, said(&body).as_ref(), true);
        assert_eq!(setting(&trouble), Some(Setting::MaxTokens));
        let body = json!({"error": {"message": "does not support tools"}});
        assert_eq!(setting(&refused(&place, 400, said(&body).as_ref(), true)), None);
    }
}
