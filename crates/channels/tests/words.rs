//! What is read as the words of a message, whatever carries them.

use channels::Event;
use channels::whatsapp::parse;
use serde_json::json;

#[test]
fn what_a_person_would_read_is_the_text_whatever_carries_it() {
    for (kind, content, words) in [
        (
            "image",
            json!({"id": "1", "caption": "Our oven"}),
            Some("Our oven"),
        ),
        (
            "video",
            json!({"id": "2", "caption": " Day\none "}),
            Some(" Day\none "),
        ),
        (
            "document",
            json!({"id": "3", "filename": "a.pdf", "caption": "The bill"}),
            Some("The bill"),
        ),
        ("document", json!({"id": "4", "filename": "a.pdf"}), None),
        ("image", json!({"id": "5", "caption": "  "}), None),
        ("image", json!({"id": "6", "caption": {"odd": 1}}), None),
        ("image", json!("odd"), None),
        (
            "button",
            json!({"payload": "YES_1", "text": "Yes, please"}),
            Some("Yes, please"),
        ),
        (
            "interactive",
            json!({"type": "button_reply", "button_reply": {"id": "b1", "title": "Today"}}),
            Some("Today"),
        ),
        (
            "interactive",
            json!({"type": "list_reply", "list_reply": {"id": "l1", "title": "Rye", "description": "Dark"}}),
            Some("Rye"),
        ),
        (
            "location",
            json!({"latitude": 38.7, "longitude": -9.1, "name": "The bakery"}),
            Some("The bakery"),
        ),
        ("location", json!({"latitude": 38.7, "longitude": -9.1}), None),
        ("sticker", json!({"id": "7", "caption": "none has one"}), None),
    ] {
        let message = json!({
            "from": "351910000001", "id": "wamid.W1", "timestamp": "1794301205", "type": kind, kind: content,
        });
        let body = json!({"entry": [{"changes": [{"field": "messages", "value": {"messages": [message]}}]}]});
        let parsed = parse(body.to_string().as_bytes());
        let Some(Event::Message(message)) = parsed.items.first().map(|item| &item.event) else {
            panic!("{kind} {content}: {parsed:?}");
        };
        assert_eq!(message.text.as_deref(), words, "{kind} {content}");
        assert_eq!(message.raw.get(kind), Some(&content), "{kind}");
    }
}
