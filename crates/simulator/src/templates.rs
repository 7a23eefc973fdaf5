//! The message templates of an account (`whatsapp-cloud-api.md` 7.6): kept, listed in pages, created, deleted.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::graph::GraphError;

/// Templates a page holds when no limit is asked for.
const PAGE: usize = 25;
/// Templates an account may have.
const TEMPLATES: usize = 250;

/// One template in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Meta's id; digits.
    pub id: String,
    /// Lower-case letters, digits and underscores.
    pub name: String,
    /// The language code.
    pub language: String,
    /// `MARKETING`, `UTILITY` or `AUTHENTICATION`.
    pub category: String,
    /// `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED`, …
    pub status: String,
    /// `POSITIONAL` or `NAMED`.
    pub parameter_format: Option<String>,
    /// `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
    pub quality: String,
    /// Why it was refused; `NONE` when it was not.
    pub rejected_reason: String,
    /// The list of components.
    pub components: Value,
}

impl Template {
    /// An approved template. Its id is given when it is added.
    pub fn approved(name: &str, language: &str, category: &str, components: Value) -> Self {
        Self {
            id: String::new(),
            name: name.to_owned(),
            language: language.to_owned(),
            category: category.to_owned(),
            status: "APPROVED".to_owned(),
            parameter_format: Some("POSITIONAL".to_owned()),
            quality: "GREEN".to_owned(),
            rejected_reason: "NONE".to_owned(),
            components,
        }
    }

    /// The same with names instead of numbers.
    #[must_use]
    pub fn named(mut self) -> Self {
        self.parameter_format = Some("NAMED".to_owned());
        self
    }

    /// The same in another state.
    #[must_use]
    pub fn status(mut self, status: &str) -> Self {
        status.clone_into(&mut self.status);
        self
    }

    /// The component of a type (`HEADER`, `BODY`, `FOOTER`, `BUTTONS`).
    pub(crate) fn component(&self, kind: &str) -> Option<&Map<String, Value>> {
        let components = self.components.as_array()?;
        components.iter().filter_map(Value::as_object).find(|component| {
            component
                .get("type")
                .and_then(Value::as_str)
                .is_some_and(|given| given.eq_ignore_ascii_case(kind))
        })
    }

    fn node(&self) -> Value {
        json!({
            "name": self.name,
            "parameter_format": self.parameter_format,
            "components": self.components,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "quality_score": { "score": self.quality },
            "rejected_reason": self.rejected_reason,
            "id": self.id,
        })
    }
}

/// All templates, by account.
#[derive(Debug, Default)]
pub(crate) struct Templates {
    by_account: HashMap<String, Vec<Template>>,
    next: u64,
}

impl Templates {
    pub(crate) fn of(&self, waba_id: &str) -> &[Template] {
        self.by_account.get(waba_id).map_or(&[], Vec::as_slice)
    }

    /// Keeps a template, or replaces the one of the same name and language; returns its id.
    pub(crate) fn put(&mut self, waba_id: &str, mut template: Template) -> String {
        let list = self.by_account.entry(waba_id.to_owned()).or_default();
        let same = |known: &&mut Template| known.name == template.name && known.language == template.language;
        if let Some(known) = list.iter_mut().find(same) {
            template.id.clone_from(&known.id);
            *known = template;
            return known.id.clone();
        }
        self.next += 1;
        template.id = (1_689_000_000_000_000 + self.next).to_string();
        let id = template.id.clone();
        list.push(template);
        id
    }

    /// Changes a template; none when it is gone.
    pub(crate) fn change(
        &mut self,
        waba_id: &str,
        id: &str,
        change: impl FnOnce(&mut Template),
    ) -> Option<Template> {
        let list = self.by_account.get_mut(waba_id)?;
        let template = list.iter_mut().find(|template| template.id == id)?;
        change(template);
        Some(template.clone())
    }

    /// Every language of a name, or the one with this id as well.
    pub(crate) fn delete(&mut self, waba_id: &str, name: &str, id: Option<&str>) -> Result<(), GraphError> {
        let list = self.by_account.entry(waba_id.to_owned()).or_default();
        let before = list.len();
        list.retain(|template| template.name != name || id.is_some_and(|id| template.id != id));
        if list.len() == before {
            let mut error = GraphError::of(100).subcode(2_593_002);
            "Message template wasn't found".clone_into(&mut error.title);
            return Err(error);
        }
        Ok(())
    }

    /// One page. `next` is there only while there are more; the cursors always are.
    pub(crate) fn page(
        &self,
        waba_id: &str,
        query: &HashMap<String, String>,
        address: &str,
    ) -> Result<Value, GraphError> {
        let wanted = |template: &&Template| {
            let is = |key: &str, value: &str| {
                query
                    .get(key)
                    .is_none_or(|wanted| wanted.eq_ignore_ascii_case(value))
            };
            is("status", &template.status)
                && is("language", &template.language)
                && is("category", &template.category)
                && query
                    .get("name")
                    .is_none_or(|name| template.name.contains(name.as_str()))
        };
        let limit = query
            .get("limit")
            .and_then(|limit| limit.parse().ok())
            .unwrap_or(PAGE)
            .clamp(1, 1000);
        let start = match query.get("after").filter(|after| !after.is_empty()) {
            None => 0,
            Some(after) => cursor_position(after)
                .ok_or_else(|| GraphError::of(100).details("Param after is not a cursor."))?,
        };
        let fitting: Vec<&Template> = self.of(waba_id).iter().filter(wanted).collect();
        let end = start.saturating_add(limit).min(fitting.len());
        let data: Vec<Value> = fitting
            .iter()
            .skip(start)
            .take(limit)
            .map(|template| selected(template.node(), query.get("fields")))
            .collect();
        let mut paging = json!({ "cursors": { "before": cursor(start), "after": cursor(end) } });
        if end < fitting.len() {
            let rest: Vec<String> = query
                .iter()
                .filter(|(key, _)| !matches!(key.as_str(), "after" | "appsecret_proof" | "access_token"))
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            let next = format!("{address}?{}&after={}", rest.join("&"), cursor(end));
            if let Some(paging) = paging.as_object_mut() {
                paging.insert("next".to_owned(), Value::from(next));
            }
        }
        Ok(json!({ "data": data, "paging": paging }))
    }

    /// Judges and keeps a new template, in review; returns it.
    pub(crate) fn create(&mut self, waba_id: &str, body: &Value) -> Result<Template, GraphError> {
        let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
        let refuse = |details: &str| GraphError::of(100).details(details);
        let name = text("name");
        let good_name = !name.is_empty()
            && name.len() <= 512
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !good_name {
            return Err(refuse(
                "Param name may hold only lower-case letters, digits and underscores.",
            ));
        }
        if text("language").is_empty() {
            return Err(refuse("The parameter language is required."));
        }
        if !matches!(text("category"), "MARKETING" | "UTILITY" | "AUTHENTICATION") {
            return Err(refuse(
                "Param category must be one of {AUTHENTICATION, MARKETING, UTILITY}.",
            ));
        }
        let components = body.get("components").cloned().unwrap_or(Value::Null);
        let template = Template {
            parameter_format: Some(
                body.get("parameter_format")
                    .and_then(Value::as_str)
                    .unwrap_or("POSITIONAL")
                    .to_uppercase(),
            ),
            quality: "UNKNOWN".to_owned(),
            ..Template::approved(name, text("language"), text("category"), components).status("PENDING")
        };
        let body_text = template
            .component("BODY")
            .and_then(|body| body.get("text"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        if body_text.is_empty() {
            return Err(refuse("Param components must hold a BODY with text."));
        }
        if body_text.encode_utf16().count() > 1024 {
            return Err(refuse("The body may have at most 1024 characters."));
        }
        let has_example = template
            .component("BODY")
            .is_some_and(|body| body.contains_key("example"));
        if body_text.contains("{{") && !has_example {
            let mut error = GraphError::of(100).subcode(2_388_043);
            "Message template \"components\" param is missing expected field(s)".clone_into(&mut error.title);
            return Err(error.details("The variables of the body need an example."));
        }
        let known = self.of(waba_id);
        if known.len() >= TEMPLATES {
            return Err(GraphError::of(100).subcode(2_388_019));
        }
        if known
            .iter()
            .any(|known| known.name == name && known.language == template.language)
        {
            let mut error = GraphError::of(100).subcode(2_388_024);
            "Content in this language already exists".clone_into(&mut error.title);
            return Err(error);
        }
        let id = self.put(waba_id, template.clone());
        Ok(Template { id, ..template })
    }
}

fn selected(node: Value, fields: Option<&String>) -> Value {
    let Some(fields) = fields else { return node };
    let Value::Object(mut node) = node else {
        return node;
    };
    node.retain(|key, _| key == "id" || fields.split(',').any(|field| field.trim() == key));
    Value::Object(node)
}

/// An opaque place in a list.
fn cursor(position: usize) -> String {
    hex::encode(format!("at{position}"))
}

fn cursor_position(cursor: &str) -> Option<usize> {
    let text = String::from_utf8(hex::decode(cursor).ok()?).ok()?;
    text.strip_prefix("at")?.parse().ok()
}
