//! Hostile text comes out as it went in, wherever it stands.

#[expect(
    clippy::unwrap_used,
    dead_code,
    reason = "a broken fixture should say where; not every tale is told here"
)]
#[path = "support/tell.rs"]
mod tell;

#[path = "support/hostile_strings.rs"]
mod hostile_strings;

use channels::whatsapp::parse;
use channels::{Event, InboundMessage};
use hostile_strings::{as_file, escaped, hostile_strings};
use serde_json::{Value, json};
use std::collections::HashSet;
use tell::by_ines;

/// Parses a body in which `"HERE"` is replaced by a text, once as UTF-8 and once in plain ASCII.
fn read(body: &Value, text: &str) -> InboundMessage {
    let read = |written: &str| {
        let body = body.to_string().replace("\"HERE\"", written);
        let parsed = parse(body.as_bytes());
        assert_eq!(parsed.failures, [], "{body}");
        assert!(!parsed.lossy, "{body}");
        let mut messages = parsed.items.into_iter().filter_map(|item| match item.event {
            Event::Message(message) => Some(*message),
            _ => None,
        });
        messages.next().unwrap_or_else(|| unreachable!("{body}"))
    };
    let escaped_form = read(&escaped(text));
    assert_eq!(read(&json!(text).to_string()), escaped_form);
    escaped_form
}

#[test]
fn there_are_more_than_two_hundred_and_no_two_are_the_same() {
    let all = hostile_strings();
    assert!(all.len() >= 200, "{}", all.len());
    let different: HashSet<&String> = all.iter().collect();
    assert_eq!(different.len(), all.len());
}

#[test]
fn the_window_is_tested_with_the_same_list() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../ui/src/test/hostile-strings.json"
    );
    let file = std::fs::read_to_string(path).unwrap();
    assert_eq!(
        file.replace("\r\n", "\n"),
        as_file(),
        "write it again: cargo run -p channels --example hostile_strings > ui/src/test/hostile-strings.json"
    );
    let strings: Vec<String> = serde_json::from_str(&file).unwrap();
    assert_eq!(strings, hostile_strings());
}

#[test]
fn words_keep_every_byte() {
    for text in hostile_strings() {
        let message = read(&by_ines(json!({"type": "text", "text": {"body": "HERE"}})), &text);
        assert_eq!(message.text.as_deref(), Some(text.as_str()));
        assert_eq!(message.raw["text"]["body"], json!(text));
    }
}

#[test]
fn captions_names_of_files_titles_and_answers_keep_every_byte() {
    for text in hostile_strings()
        .into_iter()
        .filter(|text| !text.trim().is_empty())
    {
        let some = Some(text.as_str());
        let file = json!({"id": "9", "caption": "HERE", "filename": "HERE"});
        let document = read(&by_ines(json!({"type": "document", "document": file})), &text);
        let attachment = document.attachment.unwrap();
        assert_eq!(
            (document.text.as_deref(), attachment.file_name.as_deref()),
            (some, some)
        );
        let reply = json!({"type": "list_reply", "list_reply": {"id": "HERE", "title": "HERE"}});
        let row = read(
            &by_ines(json!({"type": "interactive", "interactive": reply})),
            &text,
        );
        assert_eq!((row.text.as_deref(), &row.payload["id"]), (some, &json!(text)));
        let reply = json!({"type": "nfm_reply", "nfm_reply": {"name": "flow", "response_json": "HERE"}});
        let answer = read(
            &by_ines(json!({"type": "interactive", "interactive": reply})),
            &text,
        );
        assert_eq!(answer.payload["response_json"], json!(text));
        let place = json!({"latitude": 1, "longitude": 2, "name": "HERE", "address": "HERE"});
        let place = read(&by_ines(json!({"type": "location", "location": place})), &text);
        assert_eq!(
            (place.text.as_deref(), &place.payload["address"]),
            (some, &json!(text))
        );
    }
}

#[test]
fn hostile_ids_types_and_keys_are_kept_and_harm_nothing() {
    for text in hostile_strings()
        .into_iter()
        .filter(|text| !text.trim().is_empty())
    {
        let message = read(
            &by_ines(json!({"id": "HERE", "type": "HERE", "context": {"id": "HERE"}, "group_id": "HERE"})),
            &text,
        );
        assert_eq!(message.provider_id, text.trim());
        assert_eq!(message.original_kind, text.trim());
        assert_eq!(message.group_id.as_deref(), Some(text.trim()));
    }
}

#[test]
fn halves_of_characters_cost_only_themselves() {
    for (written, expected) in [
        (r#""\ud83d""#, "\u{fffd}"),
        (r#""a\udc00b""#, "a\u{fffd}b"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
        (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        (r#""\uD83D \uDE00""#, "\u{fffd} \u{fffd}"),
        (r#""\ud83d\n""#, "\u{fffd}\n"),
        (r#""\\\ud83d\\""#, "\\\u{fffd}\\"),
    ] {
        let body = by_ines(json!({"type": "text", "text": {"body": "HERE"}}))
            .to_string()
            .replace("\"HERE\"", written);
        let parsed = parse(body.as_bytes());
        assert!(parsed.lossy, "{written}");
        let Event::Message(message) = &parsed.items[0].event else {
            panic!("{parsed:?}")
        };
        assert_eq!(message.text.as_deref(), Some(expected), "{written}");
    }
}
