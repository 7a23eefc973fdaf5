//! Gives both ends of a range what only one of them says.

use std::sync::LazyLock;

use regex::Regex;

use super::atom::{Atom, Value};
use super::bind::is_letter;
use super::links::pattern;
use super::numerals::ONE;
use super::units::{self, Unit};

static RANGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[\s*_]*(?:-|to|bis|a|al|ate|au|ile|ila|sampai|hingga|s/d|se|से|till|until|الى|الي|حتي|through|til)[\s*_]*(?:\p{L}{1,3}\s)?$",
    )
});
static LIST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^[\s*_]*(?:,|/|and|or|y|o|e|ou|et|und|oder|ve|veya|و|او|dan|atau|और|या|&|\+)[\s*_]*$")
});

/// Gives both ends of a range what one of them says: `50-80 EUR`, `24 to 26 November`, `9 to 18`.
pub(super) fn ranges(text: &str, atoms: &mut [Atom]) {
    for at in (0..atoms.len().saturating_sub(1)).rev() {
        let (Some(first), Some(second)) = (atoms.get(at).cloned(), atoms.get(at + 1).cloned()) else {
            continue;
        };
        let gap = text.get(first.range.end..second.range.start).unwrap_or("?");
        let is_range = RANGE.is_match(gap);
        if !is_range && !LIST.is_match(gap) {
            continue;
        }
        let bare: Vec<i128> = numbers(&first, Unit::Bare);
        let mut readings: Vec<Value> = Vec::new();
        for reading in &second.readings {
            match reading {
                Value::Number(_, unit) if *unit != Unit::Bare && !bare.is_empty() => {
                    let factor = factor(text, &second, *unit);
                    readings.extend(
                        bare.iter()
                            .map(|value| Value::Number(value.saturating_mul(factor), *unit)),
                    );
                }
                Value::Date {
                    month: Some(month),
                    day: Some(_),
                    year: None,
                } => {
                    let days = bare
                        .iter()
                        .filter_map(|value| u8::try_from(value / ONE).ok())
                        .filter(|day| (1..=31).contains(day));
                    readings.extend(days.map(|day| Value::Date {
                        year: None,
                        month: Some(*month),
                        day: Some(day),
                    }));
                }
                Value::Time(_) if is_range => readings.extend(hours(&bare)),
                _ => {}
            }
        }
        let mut extra = Vec::new();
        if is_range {
            extra = between(&first, &second);
            let hours_of_both = (hours(&bare), hours(&numbers(&second, Unit::Bare)));
            if let ([from], [to]) = (hours_of_both.0.as_slice(), hours_of_both.1.as_slice())
                && from != to
            {
                readings.push(from.clone());
                if let Some(place) = atoms.get_mut(at + 1) {
                    place.readings.push(to.clone());
                }
            }
            forward(atoms, at, &first, &second);
        }
        if let Some(place) = atoms.get_mut(at) {
            if is_range
                && readings
                    .iter()
                    .any(|reading| matches!(reading, Value::Number(..) | Value::Date { .. }))
            {
                place.extra.append(&mut place.readings);
                place.readings = readings;
            } else {
                place.readings.extend(readings);
            }
            place.extra.extend(extra);
        }
    }
}

/// `€50-80`: the sign counts for both.
fn forward(atoms: &mut [Atom], at: usize, first: &Atom, second: &Atom) {
    let money = first.readings.iter().find_map(|reading| match reading {
        Value::Number(_, unit @ Unit::Money(_)) => Some(*unit),
        _ => None,
    });
    let bare = numbers(second, Unit::Bare);
    if let Some(unit) = money
        && !bare.is_empty()
        && let Some(place) = atoms.get_mut(at + 1)
    {
        place.extra.append(&mut place.readings);
        place.readings = bare.into_iter().map(|value| Value::Number(value, unit)).collect();
    }
}

fn numbers(atom: &Atom, wanted: Unit) -> Vec<i128> {
    atom.readings
        .iter()
        .filter_map(|reading| match reading {
            Value::Number(value, unit) if *unit == wanted => Some(*value),
            _ => None,
        })
        .collect()
}

/// How many minutes or months the unit of a bound number has.
fn factor(text: &str, atom: &Atom, unit: Unit) -> i128 {
    if !matches!(unit, Unit::Minutes | Unit::Months) {
        return 1;
    }
    let shown = text.get(atom.range.clone()).unwrap_or_default();
    let word = shown
        .trim_end()
        .rsplit(|sign: char| !is_letter(sign))
        .next()
        .unwrap_or_default();
    units::unit(word).map_or(1, |counted| counted.factor)
}

fn hours(values: &[i128]) -> Vec<Value> {
    values
        .iter()
        .filter(|value| **value % ONE == 0)
        .filter_map(|value| u16::try_from(value / ONE).ok())
        .filter(|hour| *hour <= 24)
        .map(|hour| Value::Time(hour * 60 % 1440))
        .collect()
}

/// The days or months between two.
fn between(first: &Atom, second: &Atom) -> Vec<Value> {
    let day = |atom: &Atom| {
        atom.readings.iter().chain(&atom.extra).find_map(|value| {
            if let Value::Weekday(day) = value {
                Some(*day)
            } else {
                None
            }
        })
    };
    let month = |atom: &Atom| {
        atom.readings.iter().find_map(|value| match value {
            Value::Date {
                month: Some(month),
                day: None,
                ..
            } => Some(*month),
            _ => None,
        })
    };
    if let (Some(from), Some(to)) = (day(first), day(second)) {
        let count = (to + 7 - from) % 7;
        return (0..=count)
            .map(|step| Value::Weekday((from + step) % 7))
            .collect();
    }
    if let (Some(from), Some(to)) = (month(first), month(second)) {
        let count = (to + 12 - from) % 12;
        return (0..=count)
            .map(|step| Value::Date {
                year: None,
                month: Some((from + step - 1) % 12 + 1),
                day: None,
            })
            .collect();
    }
    Vec::new()
}
