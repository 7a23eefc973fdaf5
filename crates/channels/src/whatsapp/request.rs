//! The body of a send request (whatsapp-cloud-api, sections 5.1, 5.3 and 5.5).

use crate::outbound::{Content, HeaderMedia, Outbound, Recipient};
use domain::MessageKind;
use serde_json::{Map, Value, json};

/// Returns the JSON that asks Meta to send a message.
pub fn request_body(message: &Outbound) -> Value {
    let mut body = frame(&message.to);
    if let Some(quoted) = &message.reply_to {
        body.insert("context".to_owned(), json!({ "message_id": quoted }));
    }
    let (kind, object) = content(&message.content);
    body.insert("type".to_owned(), json!(kind));
    body.insert(kind.to_owned(), object);
    body.insert(
        "biz_opaque_callback_data".to_owned(),
        json!(message.reference.as_str()),
    );
    Value::Object(body)
}

/// Returns the JSON that sets a reaction to a message, or takes it away again when `emoji` is empty. A reaction quotes
/// nothing and is its own report, so neither has a place in it.
pub(super) fn reaction_body(to: &Recipient, message_id: &str, emoji: &str) -> Value {
    let mut body = frame(to);
    body.insert("type".to_owned(), json!("reaction"));
    body.insert(
        "reaction".to_owned(),
        json!({ "message_id": message_id, "emoji": emoji }),
    );
    Value::Object(body)
}

/// Returns a question for the number under the name Meta's own page once gave it (section 5.4), or `None` for any other
/// message.
pub(super) fn with_former_type(mut body: Value) -> Option<Value> {
    let kind = body.pointer_mut("/interactive/type")?;
    if kind != "request_contact_info" {
        return None;
    }
    *kind = json!("contact_request");
    Some(body)
}

/// Returns the part that says whom a message is for.
fn frame(to: &Recipient) -> Map<String, Value> {
    let (kind, key, address) = match to {
        Recipient::Phone(digits) => ("individual", "to", domain::international(digits)),
        Recipient::Bsuid(id) => ("individual", "recipient", id.clone()),
        Recipient::Group(id) => ("group", "to", id.clone()),
    };
    let mut body = Map::new();
    body.insert("messaging_product".to_owned(), json!("whatsapp"));
    body.insert("recipient_type".to_owned(), json!(kind));
    body.insert(key.to_owned(), json!(address));
    body
}

/// Returns the word for the type and what stands under it.
fn content(content: &Content) -> (&'static str, Value) {
    match content {
        Content::Text { text } => ("text", text_object(text)),
        Content::Media {
            kind,
            media_id,
            caption,
            file_name,
        } => media(*kind, media_id, caption.as_deref(), file_name.as_deref()),
        Content::Object { kind, body } => object(*kind, body),
        Content::Template { body, header } => ("template", template(body, header.as_ref())),
    }
}

fn text_object(text: &str) -> Value {
    let mut object = Map::new();
    if has_link(text) {
        object.insert("preview_url".to_owned(), json!(true));
    }
    object.insert("body".to_owned(), json!(text));
    Value::Object(object)
}

/// Meta wants a link in the text before it makes a preview (section 5.3).
fn has_link(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("http://") || lower.contains("https://")
}

/// What a kind of file is called on the wire, and whether it can carry words.
fn wire_kind(kind: MessageKind) -> (&'static str, bool) {
    match kind {
        MessageKind::Image => ("image", true),
        MessageKind::Video => ("video", true),
        MessageKind::Audio | MessageKind::Voice => ("audio", false),
        MessageKind::Sticker => ("sticker", false),
        // Whatever is not one of the others can still be handed over as a file.
        _ => ("document", true),
    }
}

fn media(
    kind: MessageKind,
    media_id: &str,
    caption: Option<&str>,
    file_name: Option<&str>,
) -> (&'static str, Value) {
    let (word, captioned) = wire_kind(kind);
    let mut object = Map::new();
    object.insert("id".to_owned(), json!(media_id));
    if kind == MessageKind::Voice {
        object.insert("voice".to_owned(), json!(true));
    }
    if word == "document"
        && let Some(name) = filled(file_name)
    {
        object.insert("filename".to_owned(), json!(name));
    }
    if captioned && let Some(caption) = filled(caption) {
        object.insert("caption".to_owned(), json!(caption));
    }
    (word, Value::Object(object))
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

fn object(kind: MessageKind, body: &Value) -> (&'static str, Value) {
    match kind {
        MessageKind::Location => ("location", body.clone()),
        MessageKind::Contacts => (
            "contacts",
            body.get("contacts").cloned().unwrap_or_else(|| body.clone()),
        ),
        _ => ("interactive", body.clone()),
    }
}

/// Puts the uploaded file into the header of a filled template.
fn template(body: &Value, header: Option<&HeaderMedia>) -> Value {
    let mut body = body.clone();
    let Some(header) = header else {
        return body;
    };
    let (word, _) = wire_kind(header.kind);
    let mut file = Map::new();
    file.insert("id".to_owned(), json!(header.media_id));
    if word == "document"
        && let Some(name) = filled(header.file_name.as_deref())
    {
        file.insert("filename".to_owned(), json!(name));
    }
    let component = json!({"type": "header", "parameters": [{"type": word, word: file}]});
    if let Some(fields) = body.as_object_mut() {
        let components = fields.entry("components").or_insert_with(|| json!([]));
        if let Some(components) = components.as_array_mut() {
            components.insert(0, component);
        }
    }
    body
}
