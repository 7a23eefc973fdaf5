//! A template that is to be submitted, and the rules it must keep.

use super::ParameterFormat;
use super::placeholders::keys;
use crate::whatsapp::compose::{BrokenRule, Rules};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use url::Url;

const LONGEST_NAME: usize = 512;
const LONGEST_BODY: usize = 1_024;
const LONGEST_HEADER: usize = 60;
const LONGEST_FOOTER: usize = 60;
const MOST_BUTTONS: usize = 10;
const MOST_LINKS: usize = 2;
const LONGEST_BUTTON: usize = 25;
const LONGEST_LINK: usize = 2_000;
const LONGEST_PHONE: usize = 20;
const LONGEST_COUPON: usize = 15;
/// How long a code may live, in minutes.
const CODE_LIFE: std::ops::RangeInclusive<u32> = 1..=90;

/// A template that is to be submitted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NewTemplate {
    /// Small letters, digits and `_`.
    pub name: String,
    /// Such as `pt_PT`.
    pub language: String,
    /// `MARKETING`, `UTILITY` or `AUTHENTICATION`.
    pub category: String,
    /// What stands above the text.
    pub header: Option<NewHeader>,
    /// The text. For a code Meta writes it.
    pub body: String,
    /// An example for each place in the text and, as `header.…`, in the headline.
    pub examples: BTreeMap<String, String>,
    /// The small line below.
    pub footer: Option<String>,
    /// The buttons.
    pub buttons: Vec<NewButton>,
    /// For a code: whether the customer is told not to share it.
    pub security_advice: bool,
    /// For a code: how long it lives, in minutes.
    pub code_expires_minutes: Option<u32>,
}

/// What stands above the text of a new template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NewHeader {
    /// A headline.
    Text {
        /// With at most one place.
        text: String,
    },
    /// A picture.
    Image {
        /// The handle of an uploaded example.
        handle: String,
    },
    /// A film.
    Video {
        /// The handle of an uploaded example.
        handle: String,
    },
    /// A document.
    Document {
        /// The handle of an uploaded example.
        handle: String,
    },
    /// A place.
    Location,
}

/// A button of a new template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NewButton {
    /// An answer to tap.
    QuickReply {
        /// What is on it.
        text: String,
    },
    /// Opens a page.
    Url {
        /// What is on it.
        text: String,
        /// The page; may end in `{{1}}`.
        url: String,
        /// A whole address as an example, when it ends in a place.
        #[serde(default)]
        example: Option<String>,
    },
    /// Calls a number.
    Phone {
        /// What is on it.
        text: String,
        /// The number, with its country.
        phone_number: String,
    },
    /// Copies a code.
    CopyCode {
        /// An example of the code.
        example: String,
    },
}

impl NewTemplate {
    /// Returns the body of the request, or every rule the template breaks.
    pub fn body(&self) -> Result<Value, Vec<BrokenRule>> {
        let mut rules = Rules::default();
        self.check_names(&mut rules);
        let mut object = Map::new();
        object.insert("name".to_owned(), json!(self.name));
        object.insert("language".to_owned(), json!(self.language));
        object.insert("category".to_owned(), json!(self.category));
        let components = if self.category == "AUTHENTICATION" {
            self.code_components(&mut rules)
        } else {
            object.insert("parameter_format".to_owned(), json!(self.format().as_str()));
            self.components(&mut rules)
        };
        object.insert("components".to_owned(), Value::Array(components));
        rules.kept(Value::Object(object))
    }

    /// Returns how its places are called: by names as soon as one has a name.
    fn format(&self) -> ParameterFormat {
        if keys(&self.body).iter().any(|key| key.parse::<u32>().is_err()) {
            ParameterFormat::Named
        } else {
            ParameterFormat::Positional
        }
    }

    fn check_names(&self, rules: &mut Rules) {
        rules.needed("name", "The name", &self.name, LONGEST_NAME);
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !self.name.chars().all(allowed) {
            rules.broken(
                "name",
                "The name may hold only small letters without accents, digits and _. Change it.",
            );
        }
        if !is_language(&self.language) {
            rules.broken(
                "language",
                "This is not a language WhatsApp knows. Write it like en, en_GB or pt_BR.",
            );
        }
        if !["MARKETING", "UTILITY", "AUTHENTICATION"].contains(&self.category.as_str()) {
            rules.broken(
                "category",
                "WhatsApp does not know this category. Choose promotion, service or code.",
            );
        }
    }

    fn components(&self, rules: &mut Rules) -> Vec<Value> {
        let mut components = Vec::new();
        components.extend(
            self.header
                .as_ref()
                .map(|header| self.header_component(header, rules)),
        );
        rules.needed("body", "The text", &self.body, LONGEST_BODY);
        components.push(self.body_component(rules));
        rules.optional(
            "footer",
            "The line below the text",
            self.footer.as_deref(),
            LONGEST_FOOTER,
        );
        if let Some(footer) = &self.footer {
            if !keys(footer).is_empty() {
                rules.broken(
                    "footer",
                    "The line below the text cannot hold a place to fill. Write fixed words.",
                );
            }
            components.push(json!({"type": "FOOTER", "text": footer}));
        }
        if !self.buttons.is_empty() {
            components.push(json!({"type": "BUTTONS", "buttons": self.button_objects(rules)}));
        }
        components
    }

    fn header_component(&self, header: &NewHeader, rules: &mut Rules) -> Value {
        let file = |format: &str, handle: &str, rules: &mut Rules| {
            if handle.trim().is_empty() {
                rules.broken("header", "The file above the text needs an example. Choose one.");
            }
            json!({"type": "HEADER", "format": format, "example": {"header_handle": [handle]}})
        };
        match header {
            NewHeader::Image { handle } => file("IMAGE", handle, rules),
            NewHeader::Video { handle } => file("VIDEO", handle, rules),
            NewHeader::Document { handle } => file("DOCUMENT", handle, rules),
            NewHeader::Location => json!({"type": "HEADER", "format": "LOCATION"}),
            NewHeader::Text { text } => {
                rules.needed("header", "The headline", text, LONGEST_HEADER);
                let keys = keys(text);
                if keys.len() > 1 {
                    rules.broken(
                        "header",
                        "The headline can hold at most one place to fill. Take the others away.",
                    );
                }
                let mut component = json!({"type": "HEADER", "format": "TEXT", "text": text});
                if let (Some(key), Some(object)) = (keys.first(), component.as_object_mut()) {
                    let example = self.example(&format!("header.{key}"), rules);
                    let examples = if key.parse::<u32>().is_ok() {
                        json!({ "header_text": [example] })
                    } else {
                        json!({"header_text_named_params": [{"param_name": key, "example": example}]})
                    };
                    object.insert("example".to_owned(), examples);
                }
                component
            }
        }
    }

    fn body_component(&self, rules: &mut Rules) -> Value {
        let keys = keys(&self.body);
        let mut component = json!({"type": "BODY", "text": self.body});
        if keys.is_empty() {
            return component;
        }
        let examples: Vec<String> = keys.iter().map(|key| self.example(key, rules)).collect();
        let examples = match self.format() {
            ParameterFormat::Positional => {
                let consecutive = keys
                    .iter()
                    .zip(1_u32..)
                    .all(|(key, number)| key.parse() == Ok(number));
                if !consecutive {
                    rules.broken(
                        "body",
                        "The places must be numbered {{1}}, {{2}}, {{3}} and so on, without a gap. Number them again.",
                    );
                }
                json!({ "body_text": [examples] })
            }
            ParameterFormat::Named => {
                let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
                if keys.iter().any(|key| key.parse::<u32>().is_ok()) {
                    rules.broken(
                        "body",
                        "Some places have a name and some a number. Give all of them names, or all of them numbers.",
                    );
                } else if !keys.iter().all(|key| key.chars().all(allowed)) {
                    rules.broken(
                        "body",
                        "The name of a place may hold only small letters, digits and _. Change it.",
                    );
                }
                let named: Vec<Value> = keys
                    .iter()
                    .zip(examples)
                    .map(|(key, example)| json!({"param_name": key, "example": example}))
                    .collect();
                json!({ "body_text_named_params": named })
            }
        };
        if let Some(object) = component.as_object_mut() {
            object.insert("example".to_owned(), examples);
        }
        component
    }

    /// Meta judges a template by its examples.
    fn example(&self, key: &str, rules: &mut Rules) -> String {
        let example = self.examples.get(key).map(|example| example.trim());
        if let Some(example) = example.filter(|example| !example.is_empty()) {
            return example.to_owned();
        }
        rules.broken(
            &format!("examples.{key}"),
            format!("The place {{{{{key}}}}} has no example. Write what could stand there."),
        );
        String::new()
    }

    fn button_objects(&self, rules: &mut Rules) -> Vec<Value> {
        let count = |wanted: fn(&NewButton) -> bool| self.buttons.iter().filter(|b| wanted(b)).count();
        for (what, most, has) in [
            ("buttons", MOST_BUTTONS, self.buttons.len()),
            (
                "buttons that open a page",
                MOST_LINKS,
                count(|b| matches!(b, NewButton::Url { .. })),
            ),
            (
                "button that calls",
                1,
                count(|b| matches!(b, NewButton::Phone { .. })),
            ),
            (
                "button that copies a code",
                1,
                count(|b| matches!(b, NewButton::CopyCode { .. })),
            ),
        ] {
            if has > most {
                rules.broken(
                    "buttons",
                    format!("WhatsApp takes at most {most} {what} and these are {has}. Take some away."),
                );
            }
        }
        let is_reply = |button: &NewButton| matches!(button, NewButton::QuickReply { .. });
        let changes = self
            .buttons
            .iter()
            .zip(self.buttons.iter().skip(1))
            .filter(|(one, next)| is_reply(one) != is_reply(next))
            .count();
        if changes > 1 {
            rules.broken(
                "buttons",
                "Answers to tap and other buttons are mixed. Put all answers before or after the others.",
            );
        }
        let texts = self
            .buttons
            .iter()
            .enumerate()
            .filter_map(|(position, button)| Some((format!("buttons.{position}.text"), button.text()?)));
        rules.unique(texts, |text| {
            format!("Two buttons say \u{201c}{text}\u{201d}. Give each its own text.")
        });
        self.buttons
            .iter()
            .enumerate()
            .map(|(position, button)| button.object(&format!("buttons.{position}"), rules))
            .collect()
    }

    /// Meta writes the text of a code itself; what can be chosen is little.
    fn code_components(&self, rules: &mut Rules) -> Vec<Value> {
        if !self.body.trim().is_empty() || self.header.is_some() || self.footer.is_some() {
            rules.broken(
                "body",
                "WhatsApp writes the text of a code itself. Leave headline, text and footer empty.",
            );
        }
        if !self.buttons.is_empty() {
            rules.broken(
                "buttons",
                "A code always has one button that copies it. Take the other buttons away.",
            );
        }
        let mut components = vec![json!({
            "type": "BODY",
            "add_security_recommendation": self.security_advice,
        })];
        if let Some(minutes) = self.code_expires_minutes {
            if !CODE_LIFE.contains(&minutes) {
                rules.broken(
                    "code_expires_minutes",
                    "A code lives from 1 to 90 minutes. Correct the time.",
                );
            }
            components.push(json!({"type": "FOOTER", "code_expiration_minutes": minutes}));
        }
        components.push(json!({
            "type": "BUTTONS",
            "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}],
        }));
        components
    }
}

impl NewButton {
    fn text(&self) -> Option<&str> {
        match self {
            Self::QuickReply { text } | Self::Url { text, .. } | Self::Phone { text, .. } => Some(text),
            Self::CopyCode { .. } => None,
        }
    }

    fn object(&self, field: &str, rules: &mut Rules) -> Value {
        if let Some(text) = self.text() {
            rules.needed(
                &format!("{field}.text"),
                "The text of the button",
                text,
                LONGEST_BUTTON,
            );
        }
        match self {
            Self::QuickReply { text } => json!({"type": "QUICK_REPLY", "text": text}),
            Self::Url { text, url, example } => {
                check_link(&format!("{field}.url"), url, rules);
                let mut object = json!({"type": "URL", "text": text, "url": url});
                if url.contains("{{") {
                    let example = example.as_deref().map(str::trim).unwrap_or_default();
                    if example.is_empty() {
                        rules.broken(
                            &format!("{field}.example"),
                            "The link has a place to fill and needs an example. Write a whole address.",
                        );
                    }
                    if let Some(object) = object.as_object_mut() {
                        object.insert("example".to_owned(), json!([example]));
                    }
                }
                object
            }
            Self::Phone { text, phone_number } => {
                rules.needed(
                    &format!("{field}.phone_number"),
                    "The telephone number",
                    phone_number,
                    LONGEST_PHONE,
                );
                json!({"type": "PHONE_NUMBER", "text": text, "phone_number": phone_number})
            }
            Self::CopyCode { example } => {
                rules.needed(&format!("{field}.example"), "The code", example, LONGEST_COUPON);
                json!({"type": "COPY_CODE", "example": example})
            }
        }
    }
}

fn check_link(field: &str, url: &str, rules: &mut Rules) {
    rules.at_most(field, "The link", url, LONGEST_LINK);
    let fixed = url.split("{{").next().unwrap_or_default();
    if !Url::parse(fixed).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        rules.broken(
            field,
            "The link must be a whole web address, beginning with https:// or http://. Correct it.",
        );
    }
    if url.contains("{{") && (keys(url) != ["1"] || !url.trim_end().ends_with("}}")) {
        rules.broken(
            field,
            "A link can hold one place to fill, {{1}}, at its very end. Move it there.",
        );
    }
}

fn is_language(text: &str) -> bool {
    let (language, region) = text.split_once('_').map_or((text, None), |(l, r)| (l, Some(r)));
    (2..=3).contains(&language.len())
        && language.chars().all(|c| c.is_ascii_lowercase())
        && region.is_none_or(|region| {
            (2..=4).contains(&region.len()) && region.chars().all(|c| c.is_ascii_alphanumeric())
        })
}
