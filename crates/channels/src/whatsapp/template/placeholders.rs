//! The places in a template's text, such as `{{1}}` or `{{customer}}`.

use super::ParameterFormat;
use serde_json::Value;

/// A text in pieces.
pub(super) enum Piece<'a> {
    /// Fixed words.
    Words(&'a str),
    /// A place to fill, by its key.
    Place(&'a str),
}

/// Takes a text apart. What only looks like a place stays words.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut words_from = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((inner, behind)) = after.split_once("}}") else {
            break;
        };
        let key = inner.trim();
        if is_key(key) {
            let length = words_from.len() - after.len() - 2;
            pieces.push(Piece::Words(words_from.get(..length).unwrap_or_default()));
            pieces.push(Piece::Place(key));
            words_from = behind;
            rest = behind;
        } else {
            // The places of `{{{1}}}` begin one further on.
            let next = rest.len() - after.len() - 1;
            rest = rest.get(next..).unwrap_or(after);
        }
    }
    pieces.push(Piece::Words(words_from));
    pieces
}

fn is_key(key: &str) -> bool {
    !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Returns the keys of the places in a text, each once, in the order in which they are sent: numbers by their size,
/// names as they come.
pub(super) fn keys(text: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    for piece in pieces(text) {
        if let Piece::Place(key) = piece
            && !keys.contains(&key)
        {
            keys.push(key);
        }
    }
    if keys.iter().all(|key| key.parse::<u32>().is_ok()) {
        keys.sort_by_key(|key| key.parse::<u32>().unwrap_or(u32::MAX));
    }
    keys
}

/// Returns the text with its places filled.
pub(super) fn filled(text: &str, value: impl Fn(&str) -> String) -> String {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.to_owned(),
            Piece::Place(key) => value(key),
        })
        .collect()
}

/// Returns how the places are called when Meta did not say: a name anywhere means names.
pub(super) fn format_of(components: &Value) -> ParameterFormat {
    let named = components
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|component| component.get("text")?.as_str())
        .flat_map(keys)
        .any(|key| key.parse::<u32>().is_err());
    if named {
        ParameterFormat::Named
    } else {
        ParameterFormat::Positional
    }
}
