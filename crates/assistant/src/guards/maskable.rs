//! What in a text says who somebody is: telephone numbers, mail addresses, accounts, cards, ids, private links.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::fold::digit;
use super::links::pattern;

/// What kind of private thing it is; its name in a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Private {
    Text,
    Name,
    Mail,
    Link,
    Iban,
    Card,
    Phone,
    Id,
}

impl Private {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text => "TEXT",
            Self::Name => "NAME",
            Self::Mail => "MAIL",
            Self::Link => "LINK",
            Self::Iban => "IBAN",
            Self::Card => "CARD",
            Self::Phone => "PHONE",
            Self::Id => "ID",
        }
    }
}

static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\[(?:TEXT|NAME|MAIL|LINK|IBAN|CARD|PHONE|ID)_\d+\]"));
static MAIL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+"));
static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?i)\b[a-z][a-z0-9+.-]*://[^\s<>"\[\]]+"#));
static IBAN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){10,32}"));
static DIGITS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[+＋]?\s?\(?\p{Nd}(?:[ \u{a0}.\-/()]{0,2}\p{Nd}){4,}"));
static ID: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:[A-Z]{1,3}-?\d{6,12}[A-Z]?|\d{7,9}-?[A-Z]|[A-Z]{5}\d{4}[A-Z]|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z])\b",
    )
});

/// The literal tokens in a text.
pub(super) fn tokens(text: &str) -> Vec<Range<usize>> {
    TOKEN.find_iter(text).map(|hit| hit.range()).collect()
}

/// The first private thing in a text without tokens.
pub(super) fn first(text: &str, names: &[String]) -> Option<(Range<usize>, Private)> {
    let link = || {
        LINK.find_iter(text)
            .find(|hit| is_private_link(hit.as_str()))
            .map(|hit| (hit.range(), Private::Link))
    };
    let mail = || MAIL.find(text).map(|hit| (hit.range(), Private::Mail));
    let name = || {
        names
            .iter()
            .find_map(|name| named(text, name))
            .map(|range| (range, Private::Name))
    };
    // What is surest comes first: a telephone number may be part of an address, never the other way round.
    mail()
        .or_else(link)
        .or_else(|| iban(text))
        .or_else(|| digits(text))
        .or_else(|| ID.find_iter(text).map(|hit| (hit.range(), Private::Id)).next())
        .or_else(name)
}

/// Whether an address says who somebody is: by a query, a fragment, or a long part nobody types.
fn is_private_link(link: &str) -> bool {
    let has_mark = link.split(['/', '?', '#', '=', '&']).skip(3).any(|part| {
        part.len() >= 16
            && part.contains(|sign: char| sign.is_ascii_digit())
            && part.contains(|sign: char| sign.is_ascii_alphabetic())
    });
    link.contains(['?', '#', '@']) || has_mark
}

fn iban(text: &str) -> Option<(Range<usize>, Private)> {
    IBAN.find_iter(text).find_map(|hit| {
        // The longest beginning whose sum fits: words may follow.
        let ends = hit
            .as_str()
            .char_indices()
            .map(|(at, sign)| at + sign.len_utf8())
            .filter(|end| *end >= 14);
        ends.rev().find_map(|end| {
            let shown = hit.as_str().get(..end)?;
            is_iban(shown).then_some((hit.start()..hit.start() + end, Private::Iban))
        })
    })
}

/// ISO 13616: the first four go to the end, letters count from ten, the whole leaves one when divided by 97.
fn is_iban(shown: &str) -> bool {
    let plain: Vec<char> = shown.chars().filter(char::is_ascii_alphanumeric).collect();
    if !(15..=34).contains(&plain.len()) || shown.ends_with([' ', '-']) {
        return false;
    }
    let (head, rest) = plain.split_at(4);
    let sum = rest
        .iter()
        .chain(head)
        .filter_map(|sign| sign.to_digit(36))
        .fold(0_u32, |sum, value| {
            if value < 10 {
                (sum * 10 + value) % 97
            } else {
                (sum * 100 + value) % 97
            }
        });
    sum == 1
}

/// Long runs of digits: a card when its sum fits, a telephone number when it looks like one, else an id.
fn digits(text: &str) -> Option<(Range<usize>, Private)> {
    DIGITS.find_iter(text).find_map(|hit| {
        let shown = hit.as_str().trim_start();
        let start = hit.end() - shown.len();
        let plain: String = shown.chars().filter_map(digit).collect();
        let kind = if (12..=19).contains(&plain.len()) && is_card(&plain) {
            Private::Card
        } else if plain.len() < 7 && !shown.starts_with('+') || is_amount_or_date(shown, &plain) {
            return None;
        } else if plain.len() <= 15
            && (shown.starts_with(['+', '(', '0', '＋'])
                || shown.contains([' ', '-', '.', '/'])
                || plain.len() >= 9)
        {
            Private::Phone
        } else {
            Private::Id
        };
        Some((start..hit.end(), kind))
    })
}

/// Luhn: every second digit from the right is doubled, the sum ends in zero.
fn is_card(plain: &str) -> bool {
    let sum: u32 = plain
        .chars()
        .rev()
        .filter_map(|sign| sign.to_digit(10))
        .zip([1, 2].into_iter().cycle())
        .map(|(value, times)| {
            let product = value * times;
            product / 10 + product % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Dates, hours and prices are no secret, and the model needs them: `24.11.2026`, `9.00-18.00`, `1.000-2.000`.
fn is_amount_or_date(shown: &str, plain: &str) -> bool {
    static SHAPES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(?:\p{Nd}{1,2}[./-]\p{Nd}{1,2}[./-]\p{Nd}{4}|\p{Nd}{4}[./-]\p{Nd}{1,2}[./-]\p{Nd}{1,2}|\p{Nd}{1,2}\.\p{Nd}{2} ?- ?\p{Nd}{1,2}\.\p{Nd}{2}|\p{Nd}{4} ?- ?\p{Nd}{4}|[1-9]\p{Nd}{0,2}(?:\.\p{Nd}{3})+)$",
        )
    });
    plain.len() <= 12 && SHAPES.is_match(shown)
}

fn named(text: &str, name: &str) -> Option<Range<usize>> {
    let is_word = |sign: char| sign.is_alphanumeric();
    text.match_indices(name).find_map(|(start, found)| {
        let end = start + found.len();
        let alone = !text.get(..start)?.ends_with(is_word) && !text.get(end..)?.starts_with(is_word);
        alone.then_some(start..end)
    })
}
