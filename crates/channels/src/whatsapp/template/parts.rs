//! Reads the components of a template, leniently: a part we do not know asks for nothing.

use crate::whatsapp::lenient;
use domain::MessageKind;
use serde_json::Value;

/// What stands above the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Header {
    /// A line of text.
    Text(String),
    /// A picture, a film or a document.
    Media(MessageKind),
    /// A place.
    Location,
    /// A product of the catalogue.
    Product,
    /// Something newer.
    Other,
}

/// What a button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ButtonKind {
    QuickReply,
    /// A link that ends in something to fill in.
    OpenLink,
    CopyCode,
    /// Takes a code for logging in.
    Code,
    Flow,
    Catalog,
    Products,
    /// Nothing to fill in.
    Plain,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ButtonPart {
    /// Its position, which it is addressed by.
    pub(super) index: usize,
    pub(super) kind: ButtonKind,
    pub(super) text: String,
    pub(super) example: Option<String>,
}

/// A template, or a card of one, in parts.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts {
    pub(super) header: Option<Header>,
    header_component: Value,
    pub(super) body: Option<String>,
    body_component: Value,
    pub(super) footer: Option<String>,
    pub(super) buttons: Vec<ButtonPart>,
    /// A limited offer that shows when it ends.
    pub(super) offer: bool,
    pub(super) cards: Vec<Parts>,
}

impl Parts {
    pub(super) fn read(components: &Value) -> Self {
        let mut parts = Self::default();
        for component in components.as_array().into_iter().flatten() {
            let kind = lenient::id(component.get("type")).unwrap_or_default();
            let text = component.get("text").and_then(Value::as_str).map(str::to_owned);
            match kind.to_ascii_uppercase().as_str() {
                "HEADER" => {
                    parts.header = Some(header(component, text));
                    parts.header_component = component.clone();
                }
                "BODY" => {
                    parts.body = text;
                    parts.body_component = component.clone();
                }
                "FOOTER" => parts.footer = text,
                "BUTTONS" => parts.buttons = buttons(component),
                "LIMITED_TIME_OFFER" => {
                    let ends = component
                        .pointer("/limited_time_offer/has_expiration")
                        .or_else(|| component.get("has_expiration"));
                    parts.offer = ends.is_none_or(|ends| lenient::truth(Some(ends)));
                }
                "CAROUSEL" => {
                    parts.cards = component
                        .get("cards")
                        .and_then(Value::as_array)
                        .into_iter()
                        .flatten()
                        .map(|card| Self::read(card.get("components").unwrap_or(&Value::Null)))
                        .collect();
                }
                _ => {}
            }
        }
        parts
    }

    /// Returns what Meta was given as an example for a place in the header.
    pub(super) fn header_example(&self, key: &str) -> Option<String> {
        example(&self.header_component, "header_text", key)
    }

    /// Returns what Meta was given as an example for a place in the text.
    pub(super) fn body_example(&self, key: &str) -> Option<String> {
        example(&self.body_component, "body_text", key)
    }
}

fn header(component: &Value, text: Option<String>) -> Header {
    let format = lenient::id(component.get("format")).unwrap_or_default();
    match format.to_ascii_uppercase().as_str() {
        "IMAGE" => Header::Media(MessageKind::Image),
        // What Meta calls a GIF is sent as a film.
        "VIDEO" | "GIF" => Header::Media(MessageKind::Video),
        "DOCUMENT" => Header::Media(MessageKind::Document),
        "LOCATION" => Header::Location,
        "PRODUCT" => Header::Product,
        "TEXT" | "" => text.map_or(Header::Other, Header::Text),
        _ => Header::Other,
    }
}

fn buttons(component: &Value) -> Vec<ButtonPart> {
    component
        .get("buttons")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(index, button)| {
            let word = |key: &str| lenient::id(button.get(key));
            let kind = word("type").unwrap_or_default().to_ascii_uppercase();
            let link_has_place = word("url").is_some_and(|url| url.contains("{{"));
            ButtonPart {
                index,
                kind: match kind.as_str() {
                    "QUICK_REPLY" => ButtonKind::QuickReply,
                    "URL" if link_has_place => ButtonKind::OpenLink,
                    "COPY_CODE" => ButtonKind::CopyCode,
                    "OTP" => ButtonKind::Code,
                    "FLOW" => ButtonKind::Flow,
                    "CATALOG" => ButtonKind::Catalog,
                    "MPM" => ButtonKind::Products,
                    _ => ButtonKind::Plain,
                },
                text: word("text").unwrap_or_default(),
                example: match button.get("example") {
                    Some(Value::Array(examples)) => lenient::id(examples.first()),
                    example => lenient::id(example),
                },
            }
        })
        .collect()
}

/// Numbered examples stand in a list, or in a list of lists; named ones beside their names.
fn example(component: &Value, stem: &str, key: &str) -> Option<String> {
    let examples = component.get("example")?;
    if let Some(named) = examples.get(format!("{stem}_named_params")) {
        return named
            .as_array()?
            .iter()
            .find(|entry| entry.get("param_name").and_then(Value::as_str) == Some(key))
            .and_then(|entry| lenient::id(entry.get("example")));
    }
    let mut list = examples.get(stem)?.as_array()?;
    if let Some(inner) = list.first().and_then(Value::as_array) {
        list = inner;
    }
    let position = key.parse::<usize>().ok()?.checked_sub(1)?;
    lenient::id(list.get(position))
}
