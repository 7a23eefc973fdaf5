//! Buttons, lists and requests (`whatsapp-cloud-api.md` 5.4).

use std::collections::HashSet;

use serde_json::Value;

use super::{
    FileCheck, Object, Verdict, check_file, invalid, list, missing, object, optional, required, text,
};

const BODY_LIMIT: usize = 1024;
const ROWS: usize = 10;
const SECTIONS: usize = 10;
const CARDS: std::ops::RangeInclusive<usize> = 2..=10;
const PRODUCTS: usize = 30;

/// Judges an `interactive` object.
pub(crate) fn check(interactive: &Object, files: FileCheck<'_>) -> Verdict {
    let kind = text(interactive, "type").unwrap_or_default();
    let action = object(interactive, "action", "interactive['action']")?;
    if kind == "product" {
        if interactive.contains_key("header") {
            return Err(invalid("interactive['header'] is not allowed with product."));
        }
    } else {
        body(interactive)?;
    }
    optional_text(interactive, "footer", 60)?;
    header(interactive, kind, files)?;
    match kind {
        "button" => buttons(action),
        "list" => rows(action),
        "cta_url" => {
            named(action, "cta_url")?;
            cta(parameters(action)?)
        }
        "location_request_message" => {
            body_only(interactive)?;
            named(action, "send_location")
        }
        // Meta's page and the code bases of 2026 disagree about the name; both are taken (section 12, 11).
        "request_contact_info" | "contact_request" | "call_permission_request" | "voice_call" => {
            named(action, kind)
        }
        "address_message" => {
            named(action, "address_message")?;
            required(parameters(action)?, "country", "parameters['country']", 2).map(|_| ())
        }
        "flow" => {
            named(action, "flow")?;
            flow(parameters(action)?)
        }
        "product" => {
            required(action, "catalog_id", "action['catalog_id']", 200)?;
            required(
                action,
                "product_retailer_id",
                "action['product_retailer_id']",
                200,
            )
            .map(|_| ())
        }
        "product_list" => products(interactive, action),
        "catalog_message" => named(action, "catalog_message"),
        "carousel" => carousel(action),
        _ => Err(invalid("interactive['type'] is not one of the known types.")),
    }
}

fn body(interactive: &Object) -> Verdict {
    let body = object(interactive, "body", "interactive['body']")?;
    required(body, "text", "interactive['body']['text']", BODY_LIMIT).map(|_| ())
}

fn optional_text(interactive: &Object, key: &str, limit: usize) -> Verdict {
    match interactive.get(key) {
        None => Ok(()),
        Some(Value::Object(part)) => {
            required(part, "text", &format!("interactive['{key}']['text']"), limit).map(|_| ())
        }
        Some(_) => Err(invalid(format!("interactive['{key}'] must be an object."))),
    }
}

fn body_only(interactive: &Object) -> Verdict {
    if interactive.contains_key("header") || interactive.contains_key("footer") {
        return Err(invalid("This interactive type takes a body only."));
    }
    Ok(())
}

fn header(interactive: &Object, of: &str, files: FileCheck<'_>) -> Verdict {
    let Some(header) = interactive.get("header") else {
        return Ok(());
    };
    let header = header
        .as_object()
        .ok_or_else(|| invalid("interactive['header'] must be an object."))?;
    match text(header, "type") {
        Some("text") => required(header, "text", "interactive['header']['text']", 60).map(|_| ()),
        Some(kind @ ("image" | "video" | "document")) if !matches!(of, "list" | "product_list") => {
            check_file(object(header, kind, kind)?, kind, files)
        }
        Some(_) => Err(invalid(
            "interactive['header']['type'] is not allowed with this interactive type.",
        )),
        None => Err(missing("interactive['header']['type']")),
    }
}

fn named(action: &Object, name: &str) -> Verdict {
    // The two names of a contact request go together in any mixture.
    let same = text(action, "name").is_some_and(|given| {
        given == name
            || matches!(given, "request_contact_info" | "contact_request") && name.contains("contact")
    });
    if same {
        Ok(())
    } else {
        Err(invalid(format!("action['name'] must be {name}.")))
    }
}

fn parameters(action: &Object) -> Result<&Object, crate::graph::GraphError> {
    object(action, "parameters", "action['parameters']")
}

fn buttons(action: &Object) -> Verdict {
    let buttons = list(action, "buttons", "action['buttons']")?;
    if buttons.len() > 3 {
        return Err(invalid("action['buttons'] may have at most 3 elements."));
    }
    let (mut ids, mut titles) = (HashSet::new(), HashSet::new());
    for button in buttons {
        let button = button
            .as_object()
            .ok_or_else(|| missing("action['buttons']['reply']"))?;
        if text(button, "type") != Some("reply") {
            return Err(invalid("action['buttons']['type'] must be reply."));
        }
        let reply = object(button, "reply", "action['buttons']['reply']")?;
        let id = required(reply, "id", "button id", 256)?;
        let title = required(reply, "title", "button title", 20)?;
        if id.trim() != id {
            return Err(invalid("A button id must not start or end with a space."));
        }
        if !ids.insert(id) || !titles.insert(title) {
            return Err(invalid("Button ids and titles must be unique."));
        }
    }
    Ok(())
}

fn rows(action: &Object) -> Verdict {
    required(action, "button", "action['button']", 20)?;
    let sections = list(action, "sections", "action['sections']")?;
    if sections.len() > SECTIONS {
        return Err(invalid("action['sections'] may have at most 10 elements."));
    }
    let mut ids = HashSet::new();
    for section in sections {
        let section = section.as_object().ok_or_else(|| missing("action['sections']"))?;
        if sections.len() > 1 {
            required(section, "title", "section title", 24)?;
        }
        optional(section, "title", "section title", 24)?;
        for row in list(section, "rows", "action['sections']['rows']")? {
            let row = row.as_object().ok_or_else(|| missing("row"))?;
            let id = required(row, "id", "row id", 200)?;
            required(row, "title", "row title", 24)?;
            optional(row, "description", "row description", 72)?;
            if !ids.insert(id) {
                return Err(invalid("Row ids must be unique."));
            }
        }
    }
    if ids.len() > ROWS {
        return Err(invalid("A list may have at most 10 rows in total."));
    }
    Ok(())
}

fn cta(parameters: &Object) -> Verdict {
    required(parameters, "display_text", "parameters['display_text']", 20)?;
    let url = required(parameters, "url", "parameters['url']", 2000)?;
    if url.starts_with("https://") || url.starts_with("http://") {
        Ok(())
    } else {
        Err(invalid("parameters['url'] is not a valid URI."))
    }
}

fn flow(parameters: &Object) -> Verdict {
    if text(parameters, "flow_message_version") != Some("3") {
        return Err(invalid("parameters['flow_message_version'] must be \"3\"."));
    }
    if parameters.contains_key("flow_id") == parameters.contains_key("flow_name") {
        return Err(invalid("Either flow_id or flow_name is required."));
    }
    required(parameters, "flow_cta", "parameters['flow_cta']", 30).map(|_| ())
}

fn products(interactive: &Object, action: &Object) -> Verdict {
    let header = object(interactive, "header", "interactive['header']")?;
    if text(header, "type") != Some("text") {
        return Err(invalid("product_list needs a text header."));
    }
    required(action, "catalog_id", "action['catalog_id']", 200)?;
    let sections = list(action, "sections", "action['sections']")?;
    let items = sections
        .iter()
        .filter_map(|section| section.get("product_items").and_then(Value::as_array))
        .map(Vec::len)
        .sum::<usize>();
    if sections.len() > SECTIONS || items == 0 || items > PRODUCTS {
        return Err(invalid(
            "product_list takes 1 to 30 products in at most 10 sections.",
        ));
    }
    Ok(())
}

fn carousel(action: &Object) -> Verdict {
    let cards = list(action, "cards", "action['cards']")?;
    if !CARDS.contains(&cards.len()) {
        return Err(invalid("A carousel has 2 to 10 cards."));
    }
    for card in cards.iter().filter_map(Value::as_object) {
        if let Some(body) = card.get("body").and_then(Value::as_object) {
            required(body, "text", "card body", 160)?;
        }
        object(card, "header", "card header")?;
        object(card, "action", "card action")?;
    }
    Ok(())
}
