//! A template message against its definition (`whatsapp-cloud-api.md` 5.5).

use std::collections::BTreeSet;

use serde_json::Value;

use super::{FileCheck, Object, Verdict, check_file, invalid, list, missing, object, required, text};
use crate::graph::GraphError;
use crate::templates::Template;

/// Longest body with its variables filled in.
const FILLED_LIMIT: usize = 1024;

fn count(details: String) -> GraphError {
    GraphError::of(132_000).details(details)
}

fn format(details: impl Into<String>) -> GraphError {
    GraphError::of(132_012).details(details)
}

/// Judges a `template` object. `known` is what the account has; an account without any templates takes every name,
/// for tests that are about other things.
pub(crate) fn check<'a>(
    sent: &Object,
    known: &'a [Template],
    files: FileCheck<'_>,
) -> Result<Option<&'a Template>, GraphError> {
    let name = required(sent, "name", "template['name']", 512)?;
    if known.is_empty() {
        return Ok(None);
    }
    let language = object(sent, "language", "template['language']")?;
    let code = required(language, "code", "template['language']['code']", 20)?;
    let template = known
        .iter()
        .find(|template| template.name == name && template.language == code);
    let Some(template) = template else {
        return Err(
            GraphError::of(132_001).details(format!("template name ({name}) does not exist in {code}"))
        );
    };
    match template.status.as_str() {
        "APPROVED" => {}
        "PAUSED" => return Err(GraphError::of(132_015)),
        "DISABLED" => return Err(GraphError::of(132_016)),
        other => {
            return Err(GraphError::of(132_001)
                .details(format!("template {name} in {code} is not approved but {other}")));
        }
    }
    let empty = Vec::new();
    let components = sent.get("components").and_then(Value::as_array).unwrap_or(&empty);
    header(template, component(components, "header"), files)?;
    body(template, component(components, "body"))?;
    buttons(template, components)?;
    Ok(Some(template))
}

fn component<'a>(components: &'a [Value], kind: &str) -> Option<&'a Object> {
    components
        .iter()
        .filter_map(Value::as_object)
        .find(|component| text(component, "type").is_some_and(|given| given.eq_ignore_ascii_case(kind)))
}

fn parameters(component: Option<&Object>) -> &[Value] {
    component
        .and_then(|component| component.get("parameters"))
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The variables of a text, each once: numbers or names between double braces.
fn variables(text: &str) -> BTreeSet<&str> {
    text.split("{{")
        .skip(1)
        .filter_map(|rest| rest.split_once("}}").map(|(name, _)| name.trim()))
        .collect()
}

fn header(template: &Template, sent: Option<&Object>, files: FileCheck<'_>) -> Verdict {
    let given = parameters(sent);
    let defined = template.component("HEADER");
    let wanted = defined
        .and_then(|header| text(header, "format"))
        .unwrap_or("NONE");
    let expected = match (wanted, defined) {
        ("TEXT", Some(header)) => variables(text(header, "text").unwrap_or_default()).len(),
        ("NONE", _) => 0,
        _ => 1,
    };
    if given.len() != expected {
        return Err(count(format!(
            "header: number of localizable_params ({}) does not match the expected number of params ({expected})",
            given.len()
        )));
    }
    for parameter in given {
        let parameter = parameter.as_object().ok_or_else(|| missing("header parameter"))?;
        let kind = text(parameter, "type").unwrap_or_default();
        if !kind.eq_ignore_ascii_case(wanted) {
            return Err(format(format!(
                "header: Format mismatch, expected {wanted}, received {}",
                kind.to_uppercase()
            )));
        }
        match kind {
            "image" | "video" | "document" => check_file(object(parameter, kind, kind)?, kind, files)?,
            "text" => {
                required(parameter, "text", "header parameter", 60)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn body(template: &Template, sent: Option<&Object>) -> Verdict {
    let given = parameters(sent);
    let text_of = template
        .component("BODY")
        .and_then(|body| text(body, "text"))
        .unwrap_or_default();
    let wanted = variables(text_of);
    if given.len() != wanted.len() {
        return Err(count(format!(
            "body: number of localizable_params ({}) does not match the expected number of params ({})",
            given.len(),
            wanted.len()
        )));
    }
    let named = template.parameter_format.as_deref() == Some("NAMED");
    let mut total = super::length(text_of);
    let mut names = BTreeSet::new();
    for parameter in given {
        let parameter = parameter.as_object().ok_or_else(|| missing("body parameter"))?;
        let value = match text(parameter, "type") {
            Some("text") => required(parameter, "text", "body parameter", 32_768)?,
            Some(kind @ ("currency" | "date_time")) => required(
                object(parameter, kind, kind)?,
                "fallback_value",
                "fallback_value",
                1024,
            )?,
            _ => return Err(format("body: Format mismatch, expected TEXT")),
        };
        if value.contains(['\n', '\r', '\t']) || value.contains("     ") {
            return Err(format(
                "body: Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
            ));
        }
        total += super::length(value);
        match (named, text(parameter, "parameter_name")) {
            (true, Some(name)) => {
                names.insert(name);
            }
            (true, None) => {
                return Err(GraphError::of(131_008).details("body: parameter_name is required."));
            }
            (false, Some(_)) => {
                return Err(format(
                    "body: parameter_name is not allowed for positional templates.",
                ));
            }
            (false, None) => {}
        }
    }
    if named && names != wanted {
        return Err(count(
            "body: the names of the parameters are not those of the template".to_owned(),
        ));
    }
    if total > FILLED_LIMIT {
        return Err(GraphError::of(132_005).details("The translated text is too long."));
    }
    Ok(())
}

/// Each button that has something to fill in must be filled in, and no other.
fn buttons(template: &Template, components: &[Value]) -> Verdict {
    let defined: Vec<&Value> = template
        .component("BUTTONS")
        .and_then(|buttons| buttons.get("buttons"))
        .and_then(Value::as_array)
        .map(|buttons| buttons.iter().collect())
        .unwrap_or_default();
    let mut filled = BTreeSet::new();
    for component in components.iter().filter_map(Value::as_object) {
        if text(component, "type").is_none_or(|kind| !kind.eq_ignore_ascii_case("button")) {
            continue;
        }
        let index = component.get("index");
        let index = index
            .and_then(Value::as_u64)
            .or_else(|| index.and_then(Value::as_str).and_then(|text| text.parse().ok()))
            .and_then(|index| usize::try_from(index).ok())
            .ok_or_else(|| missing("button['index']"))?;
        let button = defined
            .get(index)
            .ok_or_else(|| count(format!("buttons: there is no button at index {index}")))?;
        let kind = button.get("type").and_then(Value::as_str).unwrap_or_default();
        let sub_type = text(component, "sub_type").unwrap_or_default();
        if !sub_type.eq_ignore_ascii_case(kind) {
            return Err(format(format!(
                "buttons: the button at index {index} is a {kind}"
            )));
        }
        list(component, "parameters", "button['parameters']")?;
        filled.insert(index);
    }
    for (index, button) in defined.iter().enumerate() {
        let of = |key: &str| button.get(key).and_then(Value::as_str).unwrap_or_default();
        let needs = match of("type") {
            "URL" => !variables(of("url")).is_empty(),
            "COPY_CODE" | "OTP" => true,
            _ => false,
        };
        if needs && !filled.contains(&index) {
            return Err(GraphError::of(131_008).details(format!(
                "buttons: Button at index {index} of type {} requires a parameter",
                of("type")
            )));
        }
        if !needs && of("type") == "URL" && filled.contains(&index) {
            return Err(invalid(format!(
                "buttons: Button at index {index} takes no parameter"
            )));
        }
    }
    Ok(())
}
