//! The messenger's formatting, and the sentence that tells customers that no person writes.

use std::sync::LazyLock;

use regex::Regex;

use super::fold::fold;
use super::links::pattern;
use super::shape::may_stay;

static LINK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"!?\[([^\[\]\n]*)\]\(\s*<?([^()\s<>]+)>?(?:\s+"[^"\n]*")?\s*\)"#));
static AUTO_LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"<((?:https?://|mailto:)[^<>\s]+)>"));
static BOLD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\*\*\*?([^*\n]+?)\*\*\*?|__([^_\n]+?)__"));
static STRIKE: LazyLock<Regex> = LazyLock::new(|| pattern(r"~~([^~\n]+?)~~"));
static BREAK: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)<br\s*/?>"));
static RULE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$"));
static HEADING: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s{0,3}#{1,6}\s+(.+?)\s*#*$"));
static BULLET: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(\s*)[*+]\s+(\S.*)$"));
static FENCE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*```[A-Za-z]*\s*$"));

/// A text in the messenger's formatting: one star for bold, links as plain addresses, tables as lines.
///
/// Lists, line breaks and spaces stay as they are; signs nobody sees go.
pub fn formatted(text: &str) -> String {
    let seen: String = text
        .replace("\r\n", "\n")
        .chars()
        .filter(|sign| may_stay(*sign))
        .collect();
    let broken = BREAK.replace_all(&seen, "\n");
    let lines: Vec<String> = broken.lines().filter_map(line).collect();
    lines.join("\n").trim_end().trim_start_matches('\n').to_owned()
}

/// One line; none for the rule of a table.
fn line(line: &str) -> Option<String> {
    if line.contains("--") && RULE.is_match(line) {
        return if line.contains('|') {
            None
        } else {
            Some(String::new())
        };
    }
    if FENCE.is_match(line) {
        return Some("```".to_owned());
    }
    let line = line.trim_end();
    let unpacked = LINK.replace_all(line, |hit: &regex::Captures<'_>| {
        let part = |group| hit.get(group).map_or("", |part| part.as_str().trim());
        let (shown, address) = (part(1), part(2));
        if shown.is_empty() || same_address(shown, address) {
            address.to_owned()
        } else {
            format!("{shown}: {address}")
        }
    });
    let unpacked = AUTO_LINK.replace_all(&unpacked, "$1");
    let bold = BOLD.replace_all(&unpacked, |hit: &regex::Captures<'_>| {
        let inner = hit.get(1).or_else(|| hit.get(2)).map_or("", |part| part.as_str());
        format!("*{}*", inner.trim())
    });
    let plain = STRIKE.replace_all(&bold, "~$1~");
    if let Some(heading) = HEADING.captures(&plain).and_then(|hit| hit.get(1)) {
        let inner = heading.as_str().replace('*', "");
        return Some(format!("*{}*", inner.trim()));
    }
    if plain.trim_start().starts_with('|') && plain.matches('|').count() >= 2 {
        let cells: Vec<&str> = plain
            .split('|')
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
            .collect();
        return Some(cells.join(" · "));
    }
    Some(BULLET.replace(&plain, "$1- $2").into_owned())
}

fn same_address(shown: &str, address: &str) -> bool {
    let bare = |text: &str| {
        let small = text.trim_end_matches('/').to_lowercase();
        small
            .trim_start_matches("https://")
            .trim_start_matches("http://")
            .trim_start_matches("mailto:")
            .to_owned()
    };
    bare(shown) == bare(address)
}

/// A text without any copy of the disclaimer.
pub(super) fn without(text: &str, disclaimer: Option<&str>) -> String {
    let Some(wanted) = disclaimer.map(key).filter(|wanted| !wanted.is_empty()) else {
        return text.to_owned();
    };
    let kept: Vec<&str> = text.lines().filter(|line| key(line) != wanted).collect();
    let joined = if kept.len() == text.lines().count() {
        text.to_owned()
    } else {
        kept.join("\n").trim().to_owned()
    };
    let literal = disclaimer.map(str::trim).unwrap_or_default();
    if joined.contains(literal) {
        joined.replace(literal, "").trim().to_owned()
    } else {
        joined
    }
}

/// A line as it is compared: without quote marks, formatting and case.
fn key(line: &str) -> String {
    fold(line).chars().filter(|sign| sign.is_alphanumeric()).collect()
}

/// A text with its disclaimer below.
pub(super) fn with(text: &str, disclaimer: Option<&str>) -> String {
    match disclaimer
        .map(str::trim)
        .filter(|disclaimer| !disclaimer.is_empty())
    {
        Some(disclaimer) => format!("{text}\n\n{disclaimer}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_the_messengers_formatting() {
        let text = "## Prices\n**Cut**: 30 EUR\n* one\n+ two\n1. three\n\n\n[Menu](https://shop.com/menu)\n<https://shop.com>\n~~old~~";
        let shown = "*Prices*\n*Cut*: 30 EUR\n- one\n- two\n1. three\n\n\nMenu: https://shop.com/menu\nhttps://shop.com\n~old~";
        assert_eq!(formatted(text), shown);
    }

    #[test]
    fn tables_become_lines_and_spaces_stay() {
        assert_eq!(
            formatted("| Cut | 30 EUR |\n|---|---|\n| Colour | 80 EUR |\n  two  spaces"),
            "Cut · 30 EUR\nColour · 80 EUR\n  two  spaces"
        );
    }

    #[test]
    fn a_disclaimer_a_model_wrote_itself_goes() {
        let text = "> _I am an assistant._\nHello. I am an assistant.";
        assert_eq!(without(text, Some("I am an assistant.")), "Hello.");
    }
}
