//! Binds numbers to what they count: the currency beside them, the month, `pm`, and the other end of their range.

use std::ops::Range;

use domain::Language;

use super::atom::{Atom, Value};
use super::daytime::{half, half_of_day};
use super::number_words::multiplier;
use super::numerals::ONE;
use super::scan::Scan;
use super::units::{self, Counted, PERCENT_PHRASES, Unit};

/// Money that is written before its number; other words for money are read only after it.
const MONEY_BEFORE: &str = "€ $ £ ₺ ₹ ₽ ₴ ₦ ₩ ₪ ₿ ¥ r$ us$ u$s mx$ eur euro euros usd gbp inr rs rs. rp rp. idr tl aed sar chf brl egp mxn dh dhs usdt btc kr \
                            try pln zł cent";

/// Words for money that mean other things too: alone, without a number, they say nothing.
const WEAK_MONEY: &str = "real reais try pound pounds libra libras peso pesos quid rs rs. rp rp. kr dh dhs bucks cent cents yen sterlin \
                          sterlina sterline rial pfund francs franchi paisa naira dolar tl'dir re lira";

const HOURS_BEFORE: &[&str] = &[
    "saat",
    "pukul",
    "jam",
    "الساعة",
    "at",
    "a las",
    "as",
    "alle",
    "um",
    "kl",
    "desde las",
    "alle ore",
    "ore",
    "de",
    "das",
];
const HOURS_AFTER: &[&str] = &["uhr", "o'clock", "oclock", "बजे", "wib", "wita", "wit", "en punto"];
const ORDINALS: &[&str] = &[
    "st",
    "nd",
    "rd",
    "th",
    "er",
    "ere",
    "eme",
    "o",
    "a",
    "e",
    "te",
    "ter",
    "ten",
    "inci",
    "uncu",
    "nci",
    "ncu",
    "ст",
    "x",
    "ª",
    "º",
    "वीं",
    "वां",
    "वें",
];
/// Words between a number and its span of time that change nothing: `5 working days`.
const KINDS_OF_DAYS: &[&str] = &[
    "working",
    "business",
    "full",
    "calendar",
    "consecutive",
    "whole",
    "volle",
    "is",
    "more",
];

fn among(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

/// Whether letters right before digits are money: `EUR50`.
pub(super) fn is_money_prefix(head: &str) -> bool {
    among(MONEY_BEFORE, head)
}

/// Whether letters right before digits belong to the grammar: Arabic `ب50`.
pub(super) fn is_glued(head: &str) -> bool {
    matches!(head, "ب" | "ل" | "و")
}

/// Whether letters right after digits are understood: a unit, a multiplier, an ordinal ending.
pub(super) fn is_tail(tail: &str) -> bool {
    units::unit(tail).is_some()
        || multiplier(tail).is_some()
        || ORDINALS.contains(&tail)
        || HOURS_AFTER.contains(&tail)
        || matches!(tail, "am" | "pm" | "k€")
}

/// The word or sign after a place, past spaces and signs of formatting.
pub(super) fn next_word(text: &str, at: usize) -> Option<(Range<usize>, &str)> {
    let rest = text.get(at..)?;
    let skipped = rest.trim_start_matches([' ', '*', '_', '~']);
    let skipped = skipped
        .strip_prefix('-')
        .filter(|more| more.starts_with(char::is_alphabetic))
        .unwrap_or(skipped);
    let start = text.len() - skipped.len();
    if start - at > 4 {
        return None;
    }
    let letters = skipped
        .find(|sign: char| !is_letter(sign))
        .unwrap_or(skipped.len());
    let first = skipped.chars().next()?;
    let mut length = if letters == 0 { first.len_utf8() } else { letters };
    let more = skipped.get(length..).unwrap_or_default();
    if letters > 0
        && (more.starts_with('$')
            || matches!(skipped.get(..letters), Some("rs" | "rp")) && more.starts_with(". "))
    {
        length += 1;
    }
    let word = skipped.get(..length)?;
    Some((start..start + length, word))
}

/// The word or sign before a place.
fn last_word(text: &str, at: usize) -> Option<(Range<usize>, &str)> {
    let rest = text.get(..at)?.trim_end_matches([' ', '*', '_', '~', ':']);
    if at - rest.len() > 4 {
        return None;
    }
    let is_sign = |sign: char| !is_letter(sign);
    let (body, sign) = match rest.chars().last()? {
        last if is_sign(last) => (rest.get(..rest.len() - last.len_utf8())?, last.len_utf8()),
        _ => (rest, 0),
    };
    let takes_letters = sign == 0 || rest.ends_with(['$', '.']);
    let letters = if takes_letters {
        body.len() - body.trim_end_matches(is_letter).len()
    } else {
        0
    };
    let start = body.len() - letters;
    Some((start..rest.len(), rest.get(start..)?))
}

pub(super) fn is_letter(sign: char) -> bool {
    sign.is_alphabetic() || matches!(sign, '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}')
}

/// Whether money stands right beside a number.
pub(super) fn has_money(scan: &Scan<'_>, range: &Range<usize>) -> bool {
    let is_money = |word: Option<(Range<usize>, &str)>| {
        word.and_then(|(_, word)| units::unit(word))
            .is_some_and(|counted| matches!(counted.unit, Unit::Money(_)))
    };
    let text = &scan.folded.text;
    is_money(next_word(text, range.end))
        || last_word(text, range.start).is_some_and(|(_, word)| among(MONEY_BEFORE, word))
}

/// Whether an article is a number here: `one euro`, `una hora`, `ein Prozent`.
pub(super) fn counts_something(scan: &Scan<'_>, range: &Range<usize>) -> bool {
    let text = &scan.folded.text;
    let after = next_word(text, range.end).and_then(|(_, word)| units::unit(word));
    let counts = after.is_some_and(|counted| {
        matches!(
            counted.unit,
            Unit::Money(_) | Unit::Percent | Unit::Minutes | Unit::Months
        )
    });
    // "un día", "one day" and "a moment" are ways of speaking, and so is "bir saat" only as a span of time.
    counts || scan.before(range.start).ends_with("yuzde ") || percent_phrase(text, range.end).is_some()
}

/// Where "por ciento" and its like stand; their hundred is no number.
pub(super) fn percent_phrases(text: &str) -> Vec<Range<usize>> {
    PERCENT_PHRASES
        .iter()
        .flat_map(|phrase| {
            text.match_indices(*phrase)
                .map(|(start, found)| start..start + found.len())
                .collect::<Vec<_>>()
        })
        .collect()
}

fn percent_phrase(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let trimmed = rest.trim_start();
    let phrase = PERCENT_PHRASES
        .iter()
        .find(|phrase| trimmed.starts_with(*phrase))?;
    Some(at + (rest.len() - trimmed.len()) + phrase.len())
}

/// Whether "mañana" or "Morgen" is the morning here.
pub(super) fn is_morning(text: &str, range: &Range<usize>) -> bool {
    let before = last_word(text, range.start)
        .map(|(_, word)| word)
        .unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    match text.get(range.clone()) {
        Some("manana") => matches!(before, "la" | "esta" | "las"),
        Some("morgen") => {
            matches!(before, "guten" | "am" | "schonen" | "jeden" | "der")
                || before.is_empty() && after.starts_with(['!', ','])
        }
        _ => false,
    }
}

/// The day of the week a word names where it stands; the second says whether it can mean nothing else.
pub(super) fn weekday(text: &str, range: &Range<usize>, word: &str) -> Option<(u8, bool)> {
    let after = text.get(range.end..).unwrap_or_default();
    let before = last_word(text, range.start)
        .map(|(_, word)| word)
        .unwrap_or_default();
    if word == "minggu" {
        return (before == "hari").then_some((6, true));
    }
    let portuguese = ["segunda", "terca", "quarta", "quinta", "sexta"];
    if let Some(day) = (0u8..)
        .zip(portuguese)
        .find_map(|(day, name)| (name == word).then_some(day))
    {
        let to_day = ["a ", "ate ", "e "].iter().any(|link| {
            after.trim_start().strip_prefix(link).is_some_and(|rest| {
                portuguese
                    .iter()
                    .chain(&["sabado", "domingo"])
                    .any(|name| rest.trim_start_matches("a ").starts_with(name))
            })
        });
        let sure = after.starts_with("-feira")
            || after.starts_with(" feira")
            || to_day
            || matches!(before, "na" | "nas" | "toda");
        return Some((day, sure));
    }
    units::weekday(word)
}

/// Notes a unit that stands without a number.
pub(super) fn mention(scan: &mut Scan<'_>, range: &Range<usize>, unit: Unit) {
    let word = scan.text(range).to_owned();
    let strong = matches!(unit, Unit::Money(_)) && !among(WEAK_MONEY, &word) && word.chars().count() < 12;
    let said = vec![Value::Mention(unit)];
    let (readings, extra) = if strong {
        (said, Vec::new())
    } else {
        (Vec::new(), said)
    };
    scan.atoms.push(Atom {
        range: range.clone(),
        readings,
        extra,
        instead: Vec::new(),
    });
}

/// Binds every number to what stands beside it.
pub(super) fn units(scan: &mut Scan<'_>) {
    for at in 0..scan.atoms.len() {
        let Some(atom) = scan.atoms.get(at).cloned() else {
            continue;
        };
        let is_phone = atom
            .readings
            .iter()
            .any(|reading| matches!(reading, Value::Phone(_)));
        let is_number = atom
            .readings
            .iter()
            .any(|reading| matches!(reading, Value::Number(_, Unit::Bare)));
        if is_number && !is_phone {
            let bound = bind(scan, atom);
            scan.take(&bound.range);
            if let Some(place) = scan.atoms.get_mut(at) {
                *place = bound;
            }
        }
    }
}

/// Multiplies digits by the words after them: `5 bin`, `2k`, `3 hundred thousand`.
pub(super) fn multiply(scan: &Scan<'_>, range: &mut Range<usize>, values: &mut [i128]) {
    let text = &scan.folded.text;
    while let Some((word_range, word)) = next_word(text, range.end)
        && let Some(times) = multiplier(word)
        && scan.is_free(&word_range)
    {
        range.end = word_range.end;
        for value in values.iter_mut() {
            *value = value.saturating_mul(i128::from(times));
        }
    }
}

fn bind(scan: &mut Scan<'_>, mut atom: Atom) -> Atom {
    let text = scan.folded.text.clone();
    let after = text.get(atom.range.end..).unwrap_or_default();
    let tail = after
        .split(|sign: char| !is_letter(sign))
        .next()
        .unwrap_or_default();
    if ORDINALS.contains(&tail) && units::unit(tail).is_none() {
        atom.range.end += tail.len();
    } else if let Some(ending) = after.strip_prefix('\'') {
        let letters = ending.find(|sign: char| !is_letter(sign)).unwrap_or(ending.len());
        atom.range.end += if letters > 0 { 1 + letters } else { 0 };
    } else if let Some(rest) = after
        .strip_prefix(",-")
        .or(after.strip_prefix(".-"))
        .or(after.strip_prefix("/-"))
    {
        atom.range.end = if rest.starts_with(|next: char| next.is_ascii_digit()) {
            atom.range.end
        } else {
            text.len() - rest.len()
        };
    }
    let whole = atom.readings.iter().find_map(|reading| match reading {
        Value::Number(value, Unit::Bare) if value % ONE == 0 => u16::try_from(value / ONE).ok(),
        _ => None,
    });
    let time = atom.readings.iter().find_map(|reading| {
        if let Value::Time(time) = reading {
            Some(*time)
        } else {
            None
        }
    });
    let time = time.or_else(|| whole.filter(|hour| *hour <= 24).map(|hour| hour * 60 % 1440));
    if let Some(time) = time {
        if half(&text, &atom.range).is_some() {
            let (time, range) = half_of_day(&text, atom.range.clone(), time);
            return Atom::new(range, vec![Value::Time(time)]);
        }
        if let Some((range, word)) = next_word(&text, atom.range.end)
            && HOURS_AFTER.contains(&word)
        {
            return Atom::new(atom.range.start..range.end, vec![Value::Time(time)]);
        }
    }
    if let Some(date) = date(scan, &text, &atom, whole) {
        return date;
    }
    if let Some((counted, range)) = unit_beside(scan, &text, &atom.range) {
        scan.take(&range);
        let is_hours = matches!(counted.unit, Unit::Minutes) && counted.factor == 60;
        atom.range = atom.range.start.min(range.start)..atom.range.end.max(range.end);
        let mut readings: Vec<Value> = Vec::new();
        for reading in &atom.readings {
            if let Value::Number(value, Unit::Bare) = reading {
                readings.push(Value::Number(value.saturating_mul(counted.factor), counted.unit));
            }
        }
        if let Some(time) = time.filter(|time| is_hours && *time != 0) {
            readings.insert(0, Value::Time(time));
        }
        atom.readings = readings;
        return atom;
    }
    if let Some(time) = time {
        let before = text.get(..atom.range.start).unwrap_or_default().trim_end();
        let said = HOURS_BEFORE.iter().any(|phrase| {
            before
                .strip_suffix(*phrase)
                .is_some_and(|rest| !rest.ends_with(is_letter))
        });
        if said && !atom.readings.contains(&Value::Time(time)) {
            atom.readings.push(Value::Time(time));
        }
    }
    atom
}

/// A day of a month, with the month beside it.
fn date(scan: &mut Scan<'_>, text: &str, atom: &Atom, whole: Option<u16>) -> Option<Atom> {
    let number = whole?;
    let year = (1900..2200).contains(&number).then_some(number);
    let day = u8::try_from(number).ok().filter(|day| (1..=31).contains(day));
    if year.is_none() && day.is_none() {
        return None;
    }
    let mut end = atom.range.end;
    let dotted = text.get(end..).is_some_and(|rest| rest.starts_with(". "));
    end += usize::from(dotted);
    let mut next = next_word(text, end);
    if let Some((range, word)) = &next
        && matches!(*word, "of" | "de" | "do" | "di" | "del" | "من")
    {
        next = next_word(text, range.end);
    }
    let after = next
        .filter(|(range, _)| day.is_some() && scan.is_free(range))
        .and_then(|(range, word)| Some((range, units::month(word)?)));
    if let Some((range, month)) = after {
        return Some(Atom::new(
            atom.range.start..range.end,
            vec![Value::Date {
                year: None,
                month: Some(month),
                day,
            }],
        ));
    }
    if unit_beside(scan, text, &atom.range).is_some() {
        return None;
    }
    let mut last = last_word(text, atom.range.start);
    if let Some((range, word)) = &last
        && matches!(*word, "the" | "de" | "del")
    {
        last = last_word(text, range.start);
    }
    let (range, month) = last
        .filter(|(range, _)| scan.is_free(range))
        .and_then(|(range, word)| Some((range, units::month(word)?)))?;
    Some(Atom::new(
        range.start..atom.range.end,
        vec![Value::Date {
            year,
            month: Some(month),
            day: day.filter(|_| year.is_none()),
        }],
    ))
}

/// The unit beside a number and where it stands: right before, after, or before with a space.
fn unit_beside(scan: &Scan<'_>, text: &str, number: &Range<usize>) -> Option<(Counted, Range<usize>)> {
    let before = last_word(text, number.start).filter(|(range, word)| {
        let is_verb = *word == "try" && !is_capital(scan, range);
        scan.is_free(range) && !is_verb && (among(MONEY_BEFORE, word) || matches!(*word, "yuzde" | "%"))
    });
    let glued = before.as_ref().filter(|(range, _)| range.end == number.start);
    if let Some((range, word)) = glued
        && let Some(counted) = units::unit(word)
    {
        return Some((counted, range.clone()));
    }
    if let Some(end) = percent_phrase(text, number.end) {
        return Some((
            Counted {
                unit: Unit::Percent,
                factor: 1,
            },
            number.end..end,
        ));
    }
    let mut next = next_word(text, number.end);
    if let Some((range, word)) = &next
        && KINDS_OF_DAYS.contains(word)
    {
        next = next_word(text, range.end).filter(|(_, word)| {
            units::unit(word).is_some_and(|counted| matches!(counted.unit, Unit::Minutes | Unit::Months))
        });
    }
    if let Some((range, word)) = next.filter(|(range, _)| scan.is_free(range)) {
        // A sign before the next number belongs to that: "30 €50" is rare, "€30, €50" is not.
        let next_digit = text
            .get(range.end..)
            .is_some_and(|rest| rest.starts_with(|sign: char| sign.is_ascii_digit()));
        let belongs_on = next_digit && range.start > number.end;
        let is_verb = word == "try" && !is_capital(scan, &range);
        if !belongs_on && !is_verb {
            if let Some(counted) = units::unit(word) {
                return Some((counted, range));
            }
            if is_code(scan, &range, word) {
                return Some((
                    Counted {
                        unit: units::code(word),
                        factor: 1,
                    },
                    range,
                ));
            }
        }
    }
    let (range, word) = before?;
    units::unit(word).map(|counted| (counted, range))
}

fn is_capital(scan: &Scan<'_>, range: &Range<usize>) -> bool {
    let shown = scan.original.get(scan.folded.span(range)).unwrap_or_default();
    !shown.is_empty() && shown.chars().all(|sign| sign.is_ascii_uppercase())
}

/// Three capitals in a text that is not all capitals: perhaps a currency.
fn is_code(scan: &Scan<'_>, range: &Range<usize>, word: &str) -> bool {
    let letters = scan.original.chars().filter(|sign| sign.is_alphabetic()).count();
    let capitals = scan.original.chars().filter(|sign| sign.is_uppercase()).count();
    word.len() == 3
        && is_capital(scan, range)
        && capitals * 2 < letters.max(1)
        && units::month(word).is_none()
        && units::weekday(word).is_none()
}

/// The languages a text may be in: the ones it is said to be in, and the one it seems to be in.
pub(super) fn languages(text: &str, said: &[Option<Language>]) -> Vec<Language> {
    let seen = crate::text::language(text);
    let mut all: Vec<Language> = said.iter().copied().flatten().chain(seen).collect();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_spelled_as_folded_text_is() {
        let lists = [HOURS_BEFORE, HOURS_AFTER, PERCENT_PHRASES, KINDS_OF_DAYS];
        for phrase in lists.into_iter().flatten() {
            assert_eq!(super::super::fold::fold(phrase), *phrase);
        }
    }
}
