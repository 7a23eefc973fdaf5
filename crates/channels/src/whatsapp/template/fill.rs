//! Fills a template: what goes out, and what the customer will read.

use super::parts::{ButtonKind, ButtonPart, Header, Parts};
use super::placeholders::{filled, keys};
use super::variables::{Place, Variable, variables};
use super::{ParameterFormat, Template};
use crate::whatsapp::compose::{BrokenRule, Rules};
use domain::MessageKind;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

const LONGEST_HEADER: usize = 60;
const LONGEST_SECTION: usize = 24;
/// Five in a row are refused (whatsapp-cloud-api, section 5.5).
const TOO_MANY_SPACES: &str = "     ";

/// A filled template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The `template` object, without the file above the text.
    pub payload: Value,
    /// What the customer will read: headline, text and footer, each on its own line.
    pub text: String,
    /// The kind of file that is wanted above the text; it goes into [`crate::Content::Template`]'s `header`.
    pub header: Option<MessageKind>,
}

/// Gives a list of values, as scripts hand them over, the names of the places in the text: the numbers, or the names in
/// the order in which they stand there.
pub fn accept_array(
    template: &Template,
    values: &[String],
) -> Result<BTreeMap<String, String>, Vec<BrokenRule>> {
    let names: Vec<Variable> = variables(template)
        .into_iter()
        .filter(|variable| variable.place == Place::Body)
        .collect();
    let mut rules = Rules::default();
    if values.len() > names.len() {
        rules.broken(
            "variables",
            format!(
                "The template has {} places to fill and these are {} values. Hand over one for each place.",
                names.len(),
                values.len()
            ),
        );
    }
    let named = names
        .into_iter()
        .zip(values)
        .map(|(variable, value)| (variable.key, value.clone()))
        .collect();
    rules.kept(named)
}

/// Fills a template, or says what is missing or cannot stand where it is. The file above the text is not among the
/// values; a file above a card is, as the id of an upload. Values nothing asks for are left out.
pub fn fill(template: &Template, values: &BTreeMap<String, String>) -> Result<Filled, Vec<BrokenRule>> {
    let parts = Parts::read(&template.components);
    let mut form = Form {
        values,
        labels: variables(template)
            .into_iter()
            .map(|variable| (variable.key.clone(), variable))
            .collect(),
        format: template.parameter_format,
        rules: Rules::default(),
    };
    let mut components = Vec::new();
    let mut header = None;
    match &parts.header {
        Some(Header::Media(kind)) => header = Some(*kind),
        _ => components.extend(form.header(&parts, "")),
    }
    if template.is_authentication() {
        components.extend(form.code(&parts));
    } else {
        components.extend(form.body(&parts, ""));
        components.extend(form.buttons(&parts, ""));
    }
    if parts.offer {
        components.push(form.offer());
    }
    if !parts.cards.is_empty() {
        components.push(form.carousel(&parts.cards));
    }
    let text = form.text(&parts);
    let mut payload = Map::new();
    payload.insert("name".to_owned(), json!(template.name));
    payload.insert("language".to_owned(), json!({ "code": template.language }));
    if !components.is_empty() {
        payload.insert("components".to_owned(), Value::Array(components));
    }
    form.rules.kept(Filled {
        payload: Value::Object(payload),
        text,
        header,
    })
}

struct Form<'a> {
    values: &'a BTreeMap<String, String>,
    labels: HashMap<String, Variable>,
    format: ParameterFormat,
    rules: Rules,
}

impl Form<'_> {
    /// Returns a value that may be absent.
    fn given(&self, key: &str) -> Option<&str> {
        let value = self.values.get(key)?;
        (!value.trim().is_empty()).then_some(value)
    }

    fn label(&self, key: &str) -> String {
        self.labels
            .get(key)
            .map_or_else(|| key.to_owned(), |variable| variable.label.clone())
    }

    /// Returns a value that must be there.
    fn needed(&mut self, key: &str) -> String {
        if let Some(value) = self.given(key) {
            return value.to_owned();
        }
        let label = self.label(key);
        let sentence = if key.ends_with("header") {
            format!("{label} is missing. Choose a file.")
        } else {
            format!("\u{201c}{label}\u{201d} is not filled in. Write something there.")
        };
        self.rules.broken(key, sentence);
        String::new()
    }

    /// Returns words that must be there and stay on one line.
    fn line(&mut self, key: &str) -> String {
        let value = self.needed(key);
        let label = self.label(key);
        if value.contains(['\n', '\r', '\t']) {
            self.rules.broken(
                key,
                format!("\u{201c}{label}\u{201d} holds a line break or a tab, which a template cannot take. Write it on one line."),
            );
        }
        if value.contains(TOO_MANY_SPACES) {
            self.rules.broken(
                key,
                format!("\u{201c}{label}\u{201d} holds more than four spaces in a row, which a template cannot take. Take some away."),
            );
        }
        value
    }

    fn lines(&mut self, text: &str, prefix: &str) -> Vec<Value> {
        keys(text)
            .into_iter()
            .map(|key| {
                let value = self.line(&format!("{prefix}{key}"));
                let mut parameter = Map::new();
                parameter.insert("type".to_owned(), json!("text"));
                if self.format == ParameterFormat::Named {
                    parameter.insert("parameter_name".to_owned(), json!(key));
                }
                parameter.insert("text".to_owned(), json!(value));
                Value::Object(parameter)
            })
            .collect()
    }

    fn header(&mut self, parts: &Parts, prefix: &str) -> Option<Value> {
        let parameters = match &parts.header {
            Some(Header::Text(text)) => {
                let parameters = self.lines(text, &format!("{prefix}header."));
                let shown = self.shown(text, &format!("{prefix}header."));
                self.rules
                    .at_most(&format!("{prefix}header"), "The headline", &shown, LONGEST_HEADER);
                parameters
            }
            Some(Header::Location) => vec![self.location(prefix)],
            Some(Header::Product) => vec![self.product(prefix)],
            Some(Header::Media(kind)) => {
                let word = match kind {
                    MessageKind::Image => "image",
                    MessageKind::Video => "video",
                    _ => "document",
                };
                let id = self.needed(&format!("{prefix}header"));
                vec![json!({"type": word, word: {"id": id}})]
            }
            Some(Header::Other) | None => Vec::new(),
        };
        component("header", &parameters)
    }

    fn location(&mut self, prefix: &str) -> Value {
        let mut place = Map::new();
        for (name, most) in [("latitude", 90.0), ("longitude", 180.0)] {
            let key = format!("{prefix}header.{name}");
            let text = self.needed(&key);
            let number = text.trim().parse::<f64>().ok();
            let number = number.filter(|number| (-most..=most).contains(number));
            if number.is_none() && !text.is_empty() {
                self.rules.broken(
                    &key,
                    format!("The {name} must be a number from -{most} to {most}. Correct it."),
                );
            }
            place.insert(name.to_owned(), json!(number));
        }
        for name in ["name", "address"] {
            if let Some(text) = self.given(&format!("{prefix}header.{name}")) {
                place.insert(name.to_owned(), json!(text));
            }
        }
        json!({"type": "location", "location": place})
    }

    fn product(&mut self, prefix: &str) -> Value {
        let id = self.needed(&format!("{prefix}header.product"));
        let mut product = Map::new();
        product.insert("product_retailer_id".to_owned(), json!(id));
        if let Some(catalog) = self.given(&format!("{prefix}header.catalog")) {
            product.insert("catalog_id".to_owned(), json!(catalog));
        }
        json!({"type": "product", "product": product})
    }

    fn body(&mut self, parts: &Parts, prefix: &str) -> Option<Value> {
        let text = parts.body.as_deref().unwrap_or_default();
        component("body", &self.lines(text, prefix))
    }

    /// The code stands in the text and in the button that copies it (section 5.5).
    fn code(&mut self, parts: &Parts) -> Vec<Value> {
        let code = self.line("1");
        let parameter = json!({"type": "text", "text": code});
        let mut components = vec![json!({"type": "body", "parameters": [parameter]})];
        components.extend(
            parts
                .buttons
                .iter()
                .filter(|button| !matches!(button.kind, ButtonKind::Plain | ButtonKind::QuickReply))
                .map(|button| button_component("url", button.index, &parameter)),
        );
        components
    }

    fn buttons(&mut self, parts: &Parts, prefix: &str) -> Vec<Value> {
        parts
            .buttons
            .iter()
            .filter_map(|button| self.button(button, &format!("{prefix}button.{}", button.index)))
            .collect()
    }

    fn button(&mut self, button: &ButtonPart, key: &str) -> Option<Value> {
        let (word, parameter) = match button.kind {
            ButtonKind::QuickReply => {
                let payload = self.given(key)?;
                ("quick_reply", json!({"type": "payload", "payload": payload}))
            }
            ButtonKind::OpenLink => {
                let suffix = self.line(key);
                if suffix.contains(' ') {
                    self.rules.broken(
                        key,
                        "The end of the link holds a space, which breaks the link. Take it away.",
                    );
                }
                ("url", json!({"type": "text", "text": suffix}))
            }
            ButtonKind::CopyCode => {
                let code = self.line(key);
                ("copy_code", json!({"type": "coupon_code", "coupon_code": code}))
            }
            ButtonKind::Flow => {
                // A form comes back with its token; Meta wants one even when nobody looks at it.
                let token = self.given(key).unwrap_or("unused");
                ("flow", json!({"type": "action", "action": {"flow_token": token}}))
            }
            ButtonKind::Catalog => {
                let action = self.given(key).map_or_else(
                    || json!({}),
                    |product| json!({"thumbnail_product_retailer_id": product}),
                );
                ("catalog", json!({"type": "action", "action": action}))
            }
            ButtonKind::Products => {
                let action = self.products(key, &button.text);
                ("mpm", json!({"type": "action", "action": action}))
            }
            ButtonKind::Code | ButtonKind::Plain => return None,
        };
        Some(button_component(word, button.index, &parameter))
    }

    /// Products are handed over as their ids with commas between, or as the whole action in JSON.
    fn products(&mut self, key: &str, title: &str) -> Value {
        let text = self.needed(key);
        if let Ok(action @ Value::Object(_)) = serde_json::from_str(&text) {
            return action;
        }
        let ids: Vec<&str> = text
            .split([',', '\n'])
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .collect();
        let items: Vec<Value> = ids
            .iter()
            .map(|id| json!({ "product_retailer_id": id }))
            .collect();
        let title: String = title.chars().take(LONGEST_SECTION).collect();
        json!({
            "thumbnail_product_retailer_id": ids.first(),
            "sections": [{"title": title, "product_items": items}],
        })
    }

    fn offer(&mut self) -> Value {
        let key = "offer.expires_at";
        let text = self.needed(key);
        let moment = text.trim().parse::<jiff::Timestamp>();
        if moment.is_err() && !text.is_empty() {
            self.rules.broken(
                key,
                "The end of the offer is not a moment. Write it like 2026-12-24T18:00:00Z.",
            );
        }
        let milliseconds = moment.map(jiff::Timestamp::as_millisecond).unwrap_or_default();
        json!({
            "type": "limited_time_offer",
            "parameters": [{
                "type": "limited_time_offer",
                "limited_time_offer": {"expiration_time_ms": milliseconds},
            }],
        })
    }

    fn carousel(&mut self, cards: &[Parts]) -> Value {
        let cards: Vec<Value> = cards
            .iter()
            .enumerate()
            .map(|(position, card)| {
                let prefix = format!("card.{position}.");
                let mut components: Vec<Value> = self.header(card, &prefix).into_iter().collect();
                components.extend(self.body(card, &prefix));
                components.extend(self.buttons(card, &prefix));
                json!({"card_index": position, "components": components})
            })
            .collect();
        json!({"type": "carousel", "cards": cards})
    }

    fn shown(&self, text: &str, prefix: &str) -> String {
        filled(text, |key| {
            self.values
                .get(&format!("{prefix}{key}"))
                .cloned()
                .unwrap_or_default()
        })
    }

    fn text(&self, parts: &Parts) -> String {
        let mut lines = Vec::new();
        if let Some(Header::Text(text)) = &parts.header {
            lines.push(self.shown(text, "header."));
        }
        lines.extend(parts.body.as_deref().map(|text| self.shown(text, "")));
        lines.extend(parts.footer.clone());
        for (position, card) in parts.cards.iter().enumerate() {
            let prefix = format!("card.{position}.");
            lines.extend(card.body.as_deref().map(|text| self.shown(text, &prefix)));
        }
        lines.retain(|line| !line.trim().is_empty());
        lines.join("\n")
    }
}

/// A part without anything to fill in is left out.
fn component(word: &str, parameters: &[Value]) -> Option<Value> {
    (!parameters.is_empty()).then(|| json!({"type": word, "parameters": parameters}))
}

fn button_component(word: &str, index: usize, parameter: &Value) -> Value {
    json!({"type": "button", "sub_type": word, "index": index.to_string(), "parameters": [parameter]})
}
