//! What has to be filled into a template before it can leave.

use super::parts::{ButtonKind, Header, Parts};
use super::placeholders::keys;
use super::{ParameterFormat, Template};
use domain::MessageKind;
use serde::{Deserialize, Serialize};

/// Where in the message something is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Above the text.
    Header,
    /// In the text.
    Body,
    /// In a button.
    Button,
    /// In a limited offer.
    Offer,
    /// In a card.
    Card,
}

/// What is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VariableKind {
    /// Words.
    Text,
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A document.
    Document,
    /// A part of a place.
    Location,
    /// A code the customer can copy.
    CouponCode,
    /// The end of a link.
    UrlSuffix,
    /// What a form comes back with.
    FlowToken,
    /// What a button comes back with, or which products it shows.
    Payload,
}

/// One thing to fill in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variable {
    /// The name its value goes under: `1` or `customer` in the text, `header`, `header.1`, `header.latitude`,
    /// `header.product`, `button.0`, `offer.expires_at`, `card.0.header`, `card.0.1`, `card.0.button.1`. Buttons and cards count from 0.
    pub key: String,
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: VariableKind,
    /// Whether nothing leaves without it.
    pub required: bool,
    /// What Meta was shown as an example.
    pub example: Option<String>,
    /// What to call it in front of a person.
    pub label: String,
}

impl Variable {
    fn new(key: String, place: Place, kind: VariableKind, label: String) -> Self {
        Self {
            key,
            place,
            kind,
            required: true,
            example: None,
            label,
        }
    }

    fn optional(self) -> Self {
        Self {
            required: false,
            ..self
        }
    }

    fn example(self, example: Option<String>) -> Self {
        Self { example, ..self }
    }
}

/// Returns what has to be filled in, in the order in which it stands in the message.
pub fn variables(template: &Template) -> Vec<Variable> {
    let parts = Parts::read(&template.components);
    let mut found = Vec::new();
    header(&parts, "", Place::Header, &mut found);
    if template.is_authentication() {
        // The button takes the same code as the text.
        let example = parts.body_example("1");
        let code = Variable::new("1".to_owned(), Place::Body, VariableKind::Text, "Code".to_owned());
        found.push(code.example(example));
        return found;
    }
    body(&parts, "", "", Place::Body, template.parameter_format, &mut found);
    buttons(&parts, "", "", Place::Button, &mut found);
    if parts.offer {
        found.push(Variable::new(
            "offer.expires_at".to_owned(),
            Place::Offer,
            VariableKind::Text,
            "End of the offer".to_owned(),
        ));
    }
    for (position, card) in parts.cards.iter().enumerate() {
        let key = format!("card.{position}.");
        let label = format!("Card {}: ", position + 1);
        header(card, &key, Place::Card, &mut found);
        body(
            card,
            &key,
            &label,
            Place::Card,
            template.parameter_format,
            &mut found,
        );
        buttons(card, &key, &label, Place::Card, &mut found);
    }
    found
}

fn header(parts: &Parts, prefix: &str, place: Place, found: &mut Vec<Variable>) {
    match &parts.header {
        Some(Header::Text(text)) => {
            for key in keys(text) {
                let label = format!("Headline: {key}");
                let variable =
                    Variable::new(format!("{prefix}header.{key}"), place, VariableKind::Text, label);
                found.push(variable.example(parts.header_example(key)));
            }
        }
        Some(Header::Media(kind)) => {
            let (kind, label) = match kind {
                MessageKind::Image => (VariableKind::Image, "Picture above the text"),
                MessageKind::Video => (VariableKind::Video, "Film above the text"),
                _ => (VariableKind::Document, "Document above the text"),
            };
            found.push(Variable::new(
                format!("{prefix}header"),
                place,
                kind,
                label.to_owned(),
            ));
        }
        Some(Header::Location) => {
            for (key, label, required) in [
                ("latitude", "Latitude of the place", true),
                ("longitude", "Longitude of the place", true),
                ("name", "Name of the place", false),
                ("address", "Address of the place", false),
            ] {
                let variable = Variable::new(
                    format!("{prefix}header.{key}"),
                    place,
                    VariableKind::Location,
                    label.to_owned(),
                );
                found.push(Variable { required, ..variable });
            }
        }
        Some(Header::Product) => {
            for (key, label, required) in [
                ("product", "Product above the text", true),
                ("catalog", "Catalogue of the product above the text", false),
            ] {
                let key = format!("{prefix}header.{key}");
                let variable = Variable::new(key, place, VariableKind::Payload, label.to_owned());
                found.push(Variable { required, ..variable });
            }
        }
        Some(Header::Other) | None => {}
    }
}

fn body(
    parts: &Parts,
    prefix: &str,
    label: &str,
    place: Place,
    format: ParameterFormat,
    found: &mut Vec<Variable>,
) {
    for key in keys(parts.body.as_deref().unwrap_or_default()) {
        let name = match format {
            ParameterFormat::Positional => format!("{label}Value {key}"),
            ParameterFormat::Named => format!("{label}{}", key.replace('_', " ")),
        };
        let variable = Variable::new(format!("{prefix}{key}"), place, VariableKind::Text, name);
        found.push(variable.example(parts.body_example(key)));
    }
}

fn buttons(parts: &Parts, prefix: &str, label: &str, place: Place, found: &mut Vec<Variable>) {
    for button in &parts.buttons {
        let text = &button.text;
        let (kind, what, required) = match button.kind {
            ButtonKind::OpenLink => (VariableKind::UrlSuffix, "End of the link of", true),
            ButtonKind::CopyCode => (VariableKind::CouponCode, "Code to copy with", true),
            ButtonKind::Products => (VariableKind::Payload, "Products behind", true),
            ButtonKind::QuickReply => (VariableKind::Payload, "Answer that comes back from", false),
            ButtonKind::Flow => (VariableKind::FlowToken, "Token of the form behind", false),
            ButtonKind::Catalog => (VariableKind::Payload, "Product in the picture of", false),
            ButtonKind::Code | ButtonKind::Plain => continue,
        };
        let variable = Variable::new(
            format!("{prefix}button.{}", button.index),
            place,
            kind,
            format!("{label}{what} \u{201c}{text}\u{201d}"),
        )
        .example(button.example.clone());
        found.push(if required { variable } else { variable.optional() });
    }
}
