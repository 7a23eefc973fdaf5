//! The JSON of a send request.

use channels::whatsapp::request_body;
use channels::{Content, HeaderMedia, Outbound, Recipient};
use domain::{MessageKind, OutboxId};
use serde_json::{Value, json};

fn to(recipient: Recipient, text: &str, reply_to: Option<&str>) -> Outbound {
    Outbound {
        to: recipient,
        content: Content::Text {
            text: text.to_owned(),
        },
        reply_to: reply_to.map(str::to_owned),
        reference: OutboxId::from("ob_42"),
    }
}

#[test]
fn a_phone_number_is_written_with_a_plus_so_that_no_country_is_guessed() {
    let message = to(
        Recipient::Phone("351910000001".to_owned()),
        "See https://shop.example/7",
        None,
    );
    assert_eq!(
        request_body(&message),
        json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": "+351910000001",
            "type": "text",
            "text": {"preview_url": true, "body": "See https://shop.example/7"},
            "biz_opaque_callback_data": "ob_42",
        })
    );
}

#[test]
fn a_customer_without_a_number_is_written_to_by_id_and_a_reply_names_what_it_answers() {
    let message = to(
        Recipient::Bsuid("PT.111".to_owned()),
        "Yes, until noon.",
        Some("wamid.Q"),
    );
    assert_eq!(
        request_body(&message),
        json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "recipient": "PT.111",
            "context": {"message_id": "wamid.Q"},
            "type": "text",
            "text": {"body": "Yes, until noon."},
            "biz_opaque_callback_data": "ob_42",
        })
    );
}

#[test]
fn a_preview_is_asked_for_only_when_there_is_a_link() {
    let preview = |text: &str| {
        let body = request_body(&to(Recipient::Phone("1".to_owned()), text, None));
        body.pointer("/text/preview_url").is_some()
    };
    assert!(preview("HTTP://shop.example"));
    assert!(!preview("shop.example, or ftp://shop.example"));
    assert!(!preview("https is safer than http"));
}

#[test]
fn words_leave_as_they_were_written() {
    let words = " a\u{202e}b\n👩🏽‍🚀\u{0} \"quoted\" \\ ";
    let body = request_body(&to(Recipient::Phone("1".to_owned()), words, None));
    assert_eq!(body.pointer("/text/body"), Some(&json!(words)));
}

/// What stands under the type, with the word for the type.
fn content(content: Content) -> (String, Value) {
    let body = request_body(&Outbound {
        content,
        ..to(Recipient::Phone("351910000001".to_owned()), "", None)
    });
    let kind = body
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let object = body.get(&kind).cloned().unwrap_or_default();
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(6), "{body}");
    (kind, object)
}

fn media(kind: MessageKind, caption: Option<&str>, file_name: Option<&str>) -> (String, Value) {
    content(Content::Media {
        kind,
        media_id: "9100".to_owned(),
        caption: caption.map(str::to_owned),
        file_name: file_name.map(str::to_owned),
    })
}

#[test]
fn a_group_is_written_to_as_one() {
    let body = request_body(&to(Recipient::Group("grp-1".to_owned()), "Hello all", None));
    assert_eq!(body["recipient_type"], "group");
    assert_eq!(body["to"], "grp-1");
    assert_eq!(body.get("recipient"), None);
}

#[test]
fn a_file_goes_out_under_its_kind_with_the_words_that_kind_can_have() {
    let (words, name) = (Some("Like this?"), Some("loaf.pdf"));
    for (kind, word, object) in [
        (
            MessageKind::Image,
            "image",
            json!({"id": "9100", "caption": "Like this?"}),
        ),
        (
            MessageKind::Video,
            "video",
            json!({"id": "9100", "caption": "Like this?"}),
        ),
        (MessageKind::Audio, "audio", json!({"id": "9100"})),
        (MessageKind::Voice, "audio", json!({"id": "9100", "voice": true})),
        (MessageKind::Sticker, "sticker", json!({"id": "9100"})),
        (
            MessageKind::Document,
            "document",
            json!({"id": "9100", "filename": "loaf.pdf", "caption": "Like this?"}),
        ),
    ] {
        assert_eq!(media(kind, words, name), (word.to_owned(), object));
    }
    assert_eq!(
        media(MessageKind::Image, Some(" "), None).1,
        json!({"id": "9100"})
    );
}

#[test]
fn what_was_composed_stands_under_its_type() {
    let object = |kind, body| content(Content::Object { kind, body });
    let place = json!({"latitude": 38.7, "longitude": -9.1});
    assert_eq!(
        object(MessageKind::Location, place.clone()),
        ("location".to_owned(), place)
    );
    let cards = json!([{"name": {"formatted_name": "Ines", "first_name": "Ines"}}]);
    assert_eq!(
        object(MessageKind::Contacts, json!({ "contacts": cards })),
        ("contacts".to_owned(), cards)
    );
    let buttons = json!({"type": "button"});
    assert_eq!(
        object(MessageKind::Interactive, buttons.clone()),
        ("interactive".to_owned(), buttons)
    );
}

#[test]
fn the_file_above_a_template_is_put_in_at_the_moment_of_sending() {
    let template = |body: Value, header| content(Content::Template { body, header }).1;
    let file = |kind, name: Option<&str>| {
        Some(HeaderMedia {
            kind,
            media_id: "9100".to_owned(),
            file_name: name.map(str::to_owned),
        })
    };
    let bare = json!({"name": "bread", "language": {"code": "en"}});
    assert_eq!(template(bare.clone(), None), bare);
    assert_eq!(
        template(bare.clone(), file(MessageKind::Image, Some("x.jpg")))["components"],
        json!([{"type": "header", "parameters": [{"type": "image", "image": {"id": "9100"}}]}])
    );
    let words = json!({"type": "body", "parameters": [{"type": "text", "text": "Ana"}]});
    let full = json!({"name": "bread", "language": {"code": "en"}, "components": [words]});
    assert_eq!(
        template(full, file(MessageKind::Document, Some("bill.pdf")))["components"],
        json!([
            {"type": "header", "parameters": [
                {"type": "document", "document": {"id": "9100", "filename": "bill.pdf"}},
            ]},
            words,
        ])
    );
}
