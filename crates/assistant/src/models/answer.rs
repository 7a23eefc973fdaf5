//! The typed answer of a model: its form, how it is read, and what makes it no answer.
//!
//! A server may promise to keep to a schema and not do it, so nothing here trusts a promise (assistant.md, section 3.7).

use super::model::Shape;
use super::no_answer::{holds_no_answer, is_no_answer};
use domain::{EscalationReason, Language};
use serde_json::{Value, json};
use std::fmt;

/// What a model wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Answer the customer.
    Answer,
    /// Ask the customer what was meant.
    Clarify,
    /// Call a person.
    Escalate,
    /// Say nothing.
    Silent,
}

impl Action {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("answer", Self::Answer),
        ("clarify", Self::Clarify),
        ("escalate", Self::Escalate),
        ("silent", Self::Silent),
    ];

    /// Returns its stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Clarify => "clarify",
            Self::Escalate => "escalate",
            Self::Silent => "silent",
        }
    }
}

/// What a model said, read.
#[derive(Debug, Clone, PartialEq)]
pub struct TypedAnswer {
    /// What it wants to do.
    pub action: Action,
    /// Its words for the customer.
    pub text: String,
    /// The language it says it wrote in, as it said it.
    pub language: String,
    /// How sure it says it is, between 0 and 1. A weak sign, never a reason to send.
    pub confidence: f64,
    /// The sources it says it used, spelled as they were given when they were.
    pub sources: Vec<String>,
    /// Why it calls a person.
    pub escalate_reason: Option<EscalationReason>,
    /// What it would have needed to know from the customer.
    pub missing_fields: Vec<String>,
    /// The lead field its text asks for, so that the next message can be read as the answer.
    pub asked_field: Option<String>,
    /// Why it must not be sent as it is; empty: nothing speaks against it so far.
    pub rejections: Vec<Rejection>,
}

/// Why an answer must not be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// The model says, in whatever dress, that it does not know.
    NoAnswer,
    /// It names a source that was not given to it.
    UnknownSource(String),
    /// It answers and names no source.
    NoSources,
    /// It is not in the language of the conversation.
    WrongLanguage {
        /// The conversation's.
        expected: Language,
        /// What it says it is in.
        got: String,
    },
    /// There are no words in it.
    Empty,
    /// It is longer than a message can be, in characters.
    TooLong(usize),
}

impl Rejection {
    /// Returns the stable word for the database.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::NoAnswer => "no_answer",
            Self::UnknownSource(_) => "unknown_source",
            Self::NoSources => "no_sources",
            Self::WrongLanguage { .. } => "wrong_language",
            Self::Empty => "empty",
            Self::TooLong(_) => "too_long",
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer => f.write_str("The model found no answer in what the shop knows."),
            Self::UnknownSource(id) => {
                write!(
                    f,
                    "The model rests its answer on \u{201c}{id}\u{201d}, which it was never given."
                )
            }
            Self::NoSources => f.write_str("The model does not say what its answer rests on."),
            Self::WrongLanguage { expected, got } => {
                write!(
                    f,
                    "The answer is in another language ({got}) than the conversation ({expected})."
                )
            }
            Self::Empty => f.write_str("The answer holds no words."),
            Self::TooLong(length) => {
                write!(
                    f,
                    "The answer has {length} characters; a message has 4,096 at most."
                )
            }
        }
    }
}

/// Longest message (whatsapp-cloud-api, section 5.1), in characters.
const LONGEST: usize = 4_096;
/// The reasons a model may call a person for.
const REASONS: &[EscalationReason] = &[
    EscalationReason::AsksForPerson,
    EscalationReason::Complaint,
    EscalationReason::Legal,
    EscalationReason::Medical,
    EscalationReason::Refund,
    EscalationReason::Privacy,
    EscalationReason::Anger,
    EscalationReason::HotLead,
    EscalationReason::Model,
];
/// So many beginnings of JSON are tried in a text that holds more than JSON.
const MOST_TRIES: usize = 32;

/// The form of a typed answer.
pub fn shape() -> Shape {
    let reasons: Vec<&str> = REASONS.iter().map(|reason| reason.as_str()).chain([""]).collect();
    let properties = json!({
        "action": {"type": "string", "enum": ["answer", "clarify", "escalate", "silent"]},
        "language": {"type": "string", "description": "ISO 639-1 code of the language of the answer"},
        "sources": {"type": "array", "items": {"type": "string"}, "description": "ids of the sources the answer rests on"},
        "answer": {"type": "string", "description": "the message to the customer, or NO_ANSWER"},
        "confidence": {"type": "number", "description": "0 to 1"},
        "escalate_reason": {"type": "string", "enum": reasons, "description": "empty unless action is escalate"},
        "missing_fields": {"type": "array", "items": {"type": "string"}},
        "asked_field": {"type": "string", "description": "the one field the answer asks for, or empty"},
    });
    let required: Vec<&String> = properties
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, _)| key)
        .collect();
    let required = json!(required);
    Shape {
        name: "reply",
        about: "Hand over the reply to the customer. It does nothing by itself.",
        schema: json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        }),
    }
}

/// What an answer is measured by.
#[derive(Debug, Clone, Copy)]
pub struct Measure<'a> {
    /// The ids of the sources that were given.
    pub sources: &'a [String],
    /// The language of the conversation, when it is known.
    pub language: Option<Language>,
}

/// Reads what a model said. The error says in one sentence what is wrong with its form; it goes back to the model.
pub fn read(said: &str, measure: Measure<'_>) -> Result<TypedAnswer, String> {
    let said = without_thoughts(said);
    let mut found = objects(said);
    if found.iter().any(|json| json.get("action").is_some()) {
        // Whatever else stands there is no answer; the same twice is one.
        found.retain(|json| json.get("action").is_some());
        found.dedup();
    }
    let json = match found.as_slice() {
        [] if is_no_answer(said) => return Ok(nothing()),
        [] => return Err("It is not a JSON object.".to_owned()),
        [json] => json,
        _ => return Err("It holds more than one JSON object.".to_owned()),
    };
    let word = json
        .get("action")
        .and_then(Value::as_str)
        .map(|word| word.trim().to_ascii_lowercase());
    let action = Action::WORDS
        .iter()
        .find(|(known, _)| Some(*known) == word.as_deref())
        .map(|(_, action)| *action);
    let Some(action) = action else {
        if holds_no_answer(json) {
            return Ok(nothing());
        }
        return Err("The field \"action\" is not one of answer, clarify, escalate, silent.".to_owned());
    };
    let text = match json.get("answer") {
        Some(Value::String(text)) => text.trim().to_owned(),
        None | Some(Value::Null) => String::new(),
        Some(_) => return Err("The field \"answer\" is not a text.".to_owned()),
    };
    let sources = match json.get("sources") {
        Some(Value::Array(list)) => list
            .iter()
            .map(|id| known_spelling(id, measure.sources))
            .collect::<Option<Vec<_>>>()
            .ok_or("The field \"sources\" holds something that is not an id.")?,
        None | Some(Value::Null) => Vec::new(),
        Some(id) => {
            vec![known_spelling(id, measure.sources).ok_or("The field \"sources\" is not a list of ids.")?]
        }
    };
    let mut answer = TypedAnswer {
        action,
        text,
        language: string(json, "language").unwrap_or_default(),
        confidence: confidence(json.get("confidence")),
        sources,
        escalate_reason: None,
        missing_fields: strings(json.get("missing_fields")),
        asked_field: string(json, "asked_field"),
        rejections: Vec::new(),
    };
    if action == Action::Escalate {
        let reason = string(json, "escalate_reason").and_then(|word| word.parse().ok());
        let reason = reason.filter(|reason| REASONS.contains(reason));
        answer.escalate_reason = Some(reason.unwrap_or(EscalationReason::Model));
    }
    answer.rejections = rejections(&answer, json, measure);
    Ok(answer)
}

fn rejections(answer: &TypedAnswer, json: &Value, measure: Measure<'_>) -> Vec<Rejection> {
    if !matches!(answer.action, Action::Answer | Action::Clarify) {
        return Vec::new();
    }
    if holds_no_answer(json) {
        return vec![Rejection::NoAnswer];
    }
    let mut found = Vec::new();
    if !answer.text.chars().any(char::is_alphanumeric) {
        found.push(Rejection::Empty);
    }
    let length = answer.text.chars().count();
    if length > LONGEST {
        found.push(Rejection::TooLong(length));
    }
    if answer.action == Action::Answer && answer.sources.is_empty() {
        found.push(Rejection::NoSources);
    }
    let unknown = answer.sources.iter().filter(|id| !measure.sources.contains(id));
    found.extend(unknown.map(|id| Rejection::UnknownSource(id.clone())));
    // A language that is not declared is left to the guards, which look at the words themselves.
    if let Some(expected) = measure.language
        && !answer.language.is_empty()
        && language(&answer.language) != Some(expected)
    {
        found.push(Rejection::WrongLanguage {
            expected,
            got: answer.language.clone(),
        });
    }
    found
}

fn nothing() -> TypedAnswer {
    TypedAnswer {
        action: Action::Answer,
        text: String::new(),
        language: String::new(),
        confidence: 0.0,
        sources: Vec::new(),
        escalate_reason: None,
        missing_fields: Vec::new(),
        asked_field: None,
        rejections: vec![Rejection::NoAnswer],
    }
}

/// Returns the language a model declares; small models write names where a code was asked for.
fn language(said: &str) -> Option<Language> {
    let name = said.trim().to_lowercase();
    let by_name = match name.as_str() {
        "english" => Some(Language::English),
        "spanish" | "español" | "espanol" => Some(Language::Spanish),
        "portuguese" | "português" | "portugues" => Some(Language::Portuguese),
        "french" | "français" | "francais" => Some(Language::French),
        "german" | "deutsch" => Some(Language::German),
        "italian" | "italiano" => Some(Language::Italian),
        "turkish" | "türkçe" | "turkce" => Some(Language::Turkish),
        "arabic" | "العربية" => Some(Language::Arabic),
        "hindi" | "हिन्दी" | "हिंदी" => Some(Language::Hindi),
        "indonesian" | "bahasa indonesia" => Some(Language::Indonesian),
        _ => None,
    };
    by_name.or_else(|| Language::of_tag(&name))
}

/// Returns an id as it was given to the model, when it is one of those; else as the model wrote it.
fn known_spelling(id: &Value, known: &[String]) -> Option<String> {
    let written = match id {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Object(entry) => entry.get("id")?.as_str()?.to_owned(),
        _ => return None,
    };
    let bare = written
        .trim()
        .trim_matches(|c| matches!(c, '[' | ']' | '<' | '>' | '"' | '#'));
    let found = known.iter().find(|known| known.eq_ignore_ascii_case(bare));
    Some(found.cloned().unwrap_or_else(|| bare.chars().take(60).collect()))
}

fn string(json: &Value, key: &str) -> Option<String> {
    let text = json.get(key)?.as_str()?.trim();
    let is_nothing = text.is_empty() || matches!(text, "null" | "none" | "None");
    (!is_nothing).then(|| text.chars().take(200).collect())
}

fn strings(json: Option<&Value>) -> Vec<String> {
    let list = json.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|entry| entry.as_str())
        .filter(|text| !text.trim().is_empty())
        .take(20)
        .map(|text| text.trim().chars().take(60).collect())
        .collect()
}

fn confidence(json: Option<&Value>) -> f64 {
    let number = match json {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().trim_end_matches('%').parse().ok(),
        _ => None,
    };
    let number = number.filter(|number: &f64| number.is_finite()).unwrap_or(0.0);
    let share = if number > 1.0 { number / 100.0 } else { number };
    share.clamp(0.0, 1.0)
}

/// Leaves out what a model thought aloud before its answer.
fn without_thoughts(said: &str) -> &str {
    said.rsplit_once("</think>")
        .map_or(said, |(_, after)| after)
        .trim()
}

/// Finds the JSON object in what a model said: all of it, or the last that stands in a fence or among other words.
pub(super) fn object(said: &str) -> Option<Value> {
    objects(without_thoughts(said)).pop()
}

fn objects(said: &str) -> Vec<Value> {
    if let Ok(json @ Value::Object(_)) = serde_json::from_str(said) {
        return vec![json];
    }
    let mut found: Vec<Value> = Vec::new();
    let (mut after, mut tries) = (0, 0);
    for (at, _) in said.match_indices('{') {
        if at < after {
            continue;
        }
        tries += 1;
        let Some(rest) = said.get(at..).filter(|_| tries <= MOST_TRIES) else {
            break;
        };
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        if let Some(Ok(json @ Value::Object(_))) = stream.next() {
            after = at + stream.byte_offset();
            found.push(json);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn known() -> Vec<String> {
        vec!["S1".to_owned(), "S2".to_owned()]
    }

    fn heard(said: &str) -> Result<TypedAnswer, String> {
        read(
            said,
            Measure {
                sources: &known(),
                language: Some(Language::English),
            },
        )
    }

    fn good() -> Value {
        json!({
            "action": "answer", "language": "en", "sources": ["S1"], "answer": "We open at nine.", "confidence": 0.8,
            "escalate_reason": "", "missing_fields": [], "asked_field": "",
        })
    }

    fn with(key: &str, value: Value) -> String {
        let mut json = good();
        json[key] = value;
        json.to_string()
    }

    #[test]
    fn a_good_answer_is_read_from_json_fences_prose_and_thoughts() {
        let json = good().to_string();
        for said in [
            json.clone(),
            format!("```json\n{json}\n```"),
            format!("Here is the answer: {json} Anything else {{?"),
            format!("<think>The form is {{\"action\": \"silent\"}}</think>{json}"),
            format!("[{json}]"),
            format!("{json}\n{json}"),
        ] {
            let answer = heard(&said).unwrap_or_else(|wrong| panic!("{wrong} {said}"));
            assert_eq!(answer.text, "We open at nine.", "{said}");
            assert_eq!(answer.rejections, [], "{said}");
        }
    }

    #[test]
    fn what_keeps_to_no_form_is_sent_back_with_what_is_wrong() {
        for said in [
            "",
            "We open at nine.",
            "{}",
            "{\"action\": \"answer\", \"answer\": \"We op",
            "null",
            "[]",
            &with("action", json!("transfer")),
            &with("action", json!(1)),
            &with("answer", json!(42)),
            &with("sources", json!({"x": 1})),
            &format!(
                "{} {}",
                with("answer", json!("one")),
                with("answer", json!("two"))
            ),
        ] {
            assert!(heard(said).is_err(), "{said}");
        }
    }

    #[test]
    fn each_reason_against_an_answer_is_told_in_plain_words() {
        let rejected = |said: &str| heard(said).unwrap().rejections;
        assert_eq!(
            rejected(&with("sources", json!(["S1", "S9"]))),
            [Rejection::UnknownSource("S9".to_owned())]
        );
        assert_eq!(rejected(&with("sources", json!([]))), [Rejection::NoSources]);
        assert_eq!(rejected(&with("answer", json!(" … "))), [Rejection::Empty]);
        assert_eq!(
            rejected(&with("language", json!("pt"))),
            [Rejection::WrongLanguage {
                expected: Language::English,
                got: "pt".to_owned()
            }]
        );
        assert_eq!(
            rejected(&with("answer", json!("x".repeat(5_000)))),
            [Rejection::TooLong(5_000)]
        );
        assert_eq!(
            Rejection::UnknownSource("S9".to_owned()).to_string(),
            "The model rests its answer on “S9”, which it was never given."
        );
        assert_eq!(rejected(&with("language", json!("English"))), []);
        assert_eq!(rejected(&with("language", json!("en-GB"))), []);
    }

    #[test]
    fn small_slips_of_a_model_do_no_harm() {
        let answer = heard(&with("sources", json!("[s1]"))).unwrap();
        assert_eq!(
            (answer.sources, answer.rejections),
            (vec!["S1".to_owned()], vec![])
        );
        assert!((heard(&with("confidence", json!("85%"))).unwrap().confidence - 0.85).abs() < 1e-9);
        assert!((heard(&with("confidence", json!(1e300))).unwrap().confidence - 1.0).abs() < 1e-9);
        assert!(heard(&with("confidence", json!(null))).unwrap().confidence.abs() < 1e-9);
        assert_eq!(
            heard(&with("asked_field", json!("none"))).unwrap().asked_field,
            None
        );
        let escalate = heard("{\"action\": \"Escalate\", \"escalate_reason\": \"refund\"}").unwrap();
        assert_eq!(escalate.escalate_reason, Some(EscalationReason::Refund));
        let odd = heard("{\"action\": \"escalate\", \"escalate_reason\": \"loop\"}").unwrap();
        assert_eq!(odd.escalate_reason, Some(EscalationReason::Model));
    }

    #[test]
    fn not_knowing_is_heard_in_any_dress() {
        for said in [
            "NO_ANSWER",
            "No-Answer.",
            "{\"text\": \"NO_ANSWER\"}",
            "{\"action\": \"none\", \"answer\": \"no_answer\"}",
            "{\"action\": \"no_answer\"}",
            "```json\n{\"action\":\"answer\",\"sources\":[\"S1\"],\"answer\":\"NO\\u005fANSWER\"}\n```",
            &with("answer", json!("We are open. NO_ANSWER")),
            &with("missing_fields", json!(["NO_ANSWER"])),
            &with("sources", json!(["NO_ANSWER"])),
            &with("no_answer", json!(true)),
        ] {
            let answer = heard(said).unwrap_or_else(|wrong| panic!("{wrong} {said}"));
            assert_eq!(answer.rejections, [Rejection::NoAnswer], "{said}");
        }
    }

    #[test]
    fn a_thousand_open_braces_are_no_answer_and_take_no_time() {
        assert!(heard(&"{\"a\":".repeat(1_000)).is_err());
    }

    proptest! {
        #[test]
        fn nothing_a_model_says_breaks_the_reader(said in "(\\PC|[{}\\[\\]\":,\\\\]|action|answer|NO_ANSWER){0,60}") {
            let _ = heard(&said);
        }
    }
}
