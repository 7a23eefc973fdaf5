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
    Born,
    Address,
    Handle,
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
            Self::Born => "BORN",
            Self::Address => "ADDRESS",
            Self::Handle => "HANDLE",
        }
    }
}

static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\[(?:TEXT|NAME|MAIL|LINK|IBAN|CARD|PHONE|ID|BORN|ADDRESS|HANDLE)_\d+\]"));
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

/// What follows a word for a document: the whole of it, letters too.
static DOCUMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:passport|pasaporte|passaporte|passeport|reisepass|passaporto|pasaport|pass(?:nummer)?|dni|nie|nif|cpf|rg|ssn|nin|id(?: ?card| ?number| ?no)?|ausweis(?:nummer)?|personalausweis|carta d'identit[aà]|codice fiscale|kimlik|tc|driver'?s? licen[cs]e|f[uü]hrerschein|paspor|ktp|nik|aadhaar|pan|جواز(?: السفر)?|पासपोर्ट|आधार)\b\.?(?:\s*(?:is|es|é|est|ist|è|no\.?|nr\.?|num(?:ber|ero|éro|mer)?|n[°º]|number|nummer|numarası|numaram|card|:|#|رقم))*\s*([\p{L}]{0,6}[ -]?\p{Nd}[\p{L}\p{Nd}./-]{3,24})",
    )
});
/// A day beside a word for being born.
static BORN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\bborn|\bdate of birth|\bbirth ?da(?:te|y)|\bdob\b|\bnac[ií]\b|\bnacid[oa]|\bfecha de nacimiento|\bcumplea[ñn]os|\bnasci\b|\bnascid[oa]|\bdata de nascimento|\bn[ée]e? le|\bdate de naissance|\bgeboren|\bgeb\.|\bgeburts(?:tag|datum)|\bnat[oa] il|\bdata di nascita|\bdo[ğg]um(?: tarihi\p{L}*| g[üu]n\p{L}*)?|\blahir|\btanggal lahir|تاريخ (?:ال)?ميلاد\p{L}*|ولدت|जन्म(?:तिथि| तिथि| दिन)?)[^\n\p{Nd}]{0,24}(\p{Nd}{1,4}(?:(?:[./-]\s?|(?:st|nd|rd|th|er|º|\.)?\s(?:de\s|of\s)?)(?:\p{Nd}{1,2}|\p{L}[\p{L}\p{M}]{2,11})(?:[./-]\s?|,?\s(?:de\s|del\s)?)\p{Nd}{2,4})|\p{L}{3,9}\s\p{Nd}{1,2}(?:st|nd|rd|th)?,?\s\p{Nd}{4}|\p{Nd}{4})",
    )
});
/// A street with its house and postcode; one of the two orders in which they are written.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b\p{Nd}{1,4}[a-z]?,?\s(?:[\p{L}'.-]+\s){0,3}(?:street|st\.?|road|rd\.?|avenue|ave\.?|lane|ln\.?|drive|boulevard|blvd\.?|square|close|court|terrace|way)\b(?:[,\s]+(?:(?:apt|flat|unit|apartment)\.?\s?\w{1,5}[,\s]+)?(?:[\p{L}'.-]+,?\s){0,4}(?:[a-z]{1,2}\p{Nd}[a-z\p{Nd}]?\s?\p{Nd}[a-z]{2}|\p{Nd}{4,6}))?|(?:\b(?:calle|c/|avenida|av\.|avda\.?|plaza|paseo|rua|travessa|alameda|via|viale|piazza|corso|rue|avenue|boulevard|jalan|jl\.?|\p{Nd}{1,4},?\s(?:bis\s)?(?:rue|avenue|boulevard|place|chemin|quai))\s(?:[\p{L}'.-]+\s?){1,5}|\b[\p{L}-]{3,}(?:stra(?:ß|ss)e|str\.|gasse|allee|weg|platz)\s|\b[\p{L}]{3,}\s(?:stra(?:ß|ss)e|caddesi|cad\.|soka[kğ]\p{L}*|sok\.|mahallesi)\s)(?:[,\s]*(?:n[°ºo]\.?:?\s?)?\p{Nd}{1,4}\s?[a-z]?\b)(?:[,\s]+(?:\p{Nd}{1,2}[ºª°]\s?\w?[,\s]+)?\p{Nd}{4,5}(?:-\p{Nd}{3})?(?:\s\p{L}[\p{L}-]+)?)?",
    )
});
static HANDLE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:^|[\s(,;:\x22'])(@[\p{L}\p{N}_][\p{L}\p{N}_.]{1,40})"));

/// The part of a text that a pattern's first group found.
fn group(regex: &Regex, text: &str, kind: Private) -> Option<(Range<usize>, Private)> {
    let hit = regex.captures(text)?.get(1)?;
    Some((hit.range(), kind))
}

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
        .or_else(|| group(&DOCUMENT, text, Private::Id))
        .or_else(|| group(&BORN, text, Private::Born))
        .or_else(|| {
            ADDRESS.find(text).map(|hit| {
                (
                    hit.start()..hit.start() + hit.as_str().trim_end().len(),
                    Private::Address,
                )
            })
        })
        .or_else(|| digits(text))
        .or_else(|| ID.find_iter(text).map(|hit| (hit.range(), Private::Id)).next())
        .or_else(|| group(&HANDLE, text, Private::Handle))
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
