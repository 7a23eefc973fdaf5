//! The body of a send request (whatsapp-cloud-api, section 5.1).

use crate::outbound::{Outbound, Recipient};
use serde_json::{Map, Value, json};

/// Returns the JSON that asks Meta to send a message.
pub fn request_body(message: &Outbound) -> Value {
    let mut body = Map::new();
    body.insert("messaging_product".to_owned(), json!("whatsapp"));
    body.insert("recipient_type".to_owned(), json!("individual"));
    match &message.to {
        Recipient::Phone(digits) => body.insert("to".to_owned(), json!(domain::international(digits))),
        Recipient::Bsuid(id) => body.insert("recipient".to_owned(), json!(id)),
    };
    if let Some(quoted) = &message.reply_to {
        body.insert("context".to_owned(), json!({ "message_id": quoted }));
    }
    body.insert("type".to_owned(), json!("text"));
    let mut text = Map::new();
    if has_link(&message.text) {
        text.insert("preview_url".to_owned(), json!(true));
    }
    text.insert("body".to_owned(), json!(message.text));
    body.insert("text".to_owned(), Value::Object(text));
    body.insert(
        "biz_opaque_callback_data".to_owned(),
        json!(message.reference.as_str()),
    );
    Value::Object(body)
}

/// Meta wants a link in the text before it makes a preview (section 5.3).
fn has_link(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("http://") || lower.contains("https://")
}
