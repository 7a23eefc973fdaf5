//! The JSON of a send request.

use channels::whatsapp::request_body;
use channels::{Content, Outbound, Recipient};
use domain::OutboxId;
use serde_json::json;

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
