//! Whether a JSON value has the shape that the generated TypeScript promises. It reads the TypeScript as text, as a
//! window's compiler does, so that a name that serde writes differently from what is documented is found.

use serde_json::Value;
use std::collections::BTreeMap;

pub(crate) struct Shapes(BTreeMap<String, String>);

impl Shapes {
    pub(crate) fn documented() -> Self {
        let text = without_comments(&api::typescript());
        let mut types = BTreeMap::new();
        for declaration in text.split("export type ").skip(1) {
            let (name, rest) = declaration.split_once('=').unwrap();
            let body = rest.split_once(';').unwrap().0;
            types.insert(name.trim().to_owned(), body.trim().to_owned());
        }
        Self(types)
    }

    /// Panics with the path of what does not fit.
    pub(crate) fn check(&self, value: &Value, shape: &str) {
        if let Err(why) = self.fits(value, shape, "answer") {
            panic!("{why}\nin {value:#}");
        }
    }

    fn fits(&self, value: &Value, shape: &str, path: &str) -> Result<(), String> {
        let shape = shape.trim();
        let choices = split(shape, '|');
        if choices.len() > 1 {
            let mut last = Err(String::new());
            for choice in choices {
                last = self.fits(value, &choice, path);
                if last.is_ok() {
                    return last;
                }
            }
            return last;
        }
        let wrong = || Err(format!("{path} is not {shape}"));
        let simple = match shape {
            "string" => Some(value.is_string()),
            "number" => Some(value.is_number()),
            "boolean" => Some(value.is_boolean()),
            "null" => Some(value.is_null()),
            "unknown" => Some(true),
            // Written by hand beside the generated types.
            "TemplateComponent[]" => Some(value.is_array()),
            _ if shape.starts_with('"') => Some(value.as_str() == Some(shape.trim_matches('"'))),
            "Record<string, string>" => {
                let all = |fields: &serde_json::Map<String, Value>| fields.values().all(Value::is_string);
                Some(value.as_object().is_some_and(all))
            }
            _ if shape.starts_with("Record<") => {
                Some(value.as_object().is_some_and(serde_json::Map::is_empty))
            }
            _ => None,
        };
        if let Some(fits) = simple {
            return if fits { Ok(()) } else { wrong() };
        }
        let listed = shape
            .strip_prefix("Array<")
            .and_then(|rest| rest.strip_suffix('>'))
            .or_else(|| shape.strip_suffix("[]"));
        if let Some(inner) = listed {
            let Some(items) = value.as_array() else {
                return wrong();
            };
            return items
                .iter()
                .enumerate()
                .try_for_each(|(at, item)| self.fits(item, inner, &format!("{path}[{at}]")));
        }
        if let Some((name, field)) = shape
            .strip_suffix("\"]")
            .and_then(|inner| inner.split_once("[\""))
        {
            let body = self.0.get(name).ok_or_else(|| format!("no type {name}"))?;
            let fields = split(body.trim_matches(['{', '}', ' ', '\n']), ',');
            let named = |known: &str| known.trim().trim_matches('"') == field;
            let mut fields = fields.iter().filter_map(|known| known.split_once(':'));
            let found = fields.find(|(known, _)| named(known));
            let (_, shape) = found.ok_or_else(|| format!("no field {field} in {name}"))?;
            return self.fits(value, shape, path);
        }
        let Some(fields) = shape.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            let body = self.0.get(shape).ok_or_else(|| format!("no type {shape}"))?;
            return self.fits(value, body, path);
        };
        let Some(object) = value.as_object() else {
            return wrong();
        };
        let mut known = Vec::new();
        for field in split(fields, ',') {
            let Some((name, shape)) = field.split_once(':') else {
                continue;
            };
            let name = name.trim().trim_matches('"');
            let (name, optional) = match name.strip_suffix('?') {
                Some(name) => (name, true),
                None => (name, false),
            };
            known.push(name.to_owned());
            match object.get(name) {
                Some(value) => self.fits(value, shape, &format!("{path}.{name}"))?,
                None if optional => {}
                None => return Err(format!("{path}.{name} is missing")),
            }
        }
        match object.keys().find(|key| !known.contains(key)) {
            Some(extra) => Err(format!("{path}.{extra} is not documented")),
            None => Ok(()),
        }
    }
}

fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/**") {
        out += before;
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out + rest
}

/// Splits outside of brackets.
fn split(text: &str, at: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_i32;
    for c in text.chars() {
        depth += match c {
            '{' | '<' | '[' => 1,
            '}' | '>' | ']' => -1,
            _ => 0,
        };
        if c == at && depth == 0 {
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

#[test]
fn the_ruler_is_straight() {
    let shapes = Shapes::documented();
    let good = serde_json::json!({"conversations": [], "next_cursor": null,
        "counts": {"needs_me": 0, "bot": 0, "waiting": 0, "all": 0}});
    shapes.check(&good, "ConversationPage");
    for (field, value) in [
        ("next_cursor", serde_json::json!(7)),
        ("counts", serde_json::json!({"needs_me": 0})),
        ("conversations", serde_json::json!([{}])),
        ("extra", serde_json::json!(1)),
    ] {
        let mut bad = good.clone();
        bad[field] = value;
        assert!(shapes.fits(&bad, "ConversationPage", "page").is_err(), "{bad}");
    }
}

#[test]
fn the_generated_file_is_what_the_code_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/api/generated.ts");
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(
        committed == api::typescript(),
        "run `cargo xtask codegen` and read the difference"
    );
}
