//! Number words in a text: where they begin and end, and digits spoken one by one.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::atom::{Atom, Value};
use super::bind;
use super::links::pattern;
use super::number_words::{Sum, is_article, parts};
use super::numerals::ONE;
use super::scan::Scan;
use super::units::{self, Unit};

pub(super) static WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*"));

impl Scan<'_> {
    /// Number words.
    pub(super) fn number_words(&mut self) {
        let text = self.folded.text.clone();
        let words: Vec<Range<usize>> = WORD.find_iter(&text).map(|hit| hit.range()).collect();
        let mut at = 0;
        while let Some(first) = words.get(at) {
            let mut sum = Sum::default();
            let mut range = first.clone();
            let mut used = 0;
            let mut last_good = 0;
            for word in words.iter().skip(at) {
                let gap = text.get(range.end..word.start).unwrap_or_default();
                let joins = used == 0
                    || !gap.is_empty()
                        && gap.len() <= 2
                        && gap.chars().all(|sign| sign == ' ' || sign == '-');
                if !joins || !self.is_free(word) {
                    break;
                }
                let said = self.text(word);
                let found = if units::unit(said).is_some_and(|counted| counted.unit == Unit::Percent) {
                    Vec::new()
                } else {
                    parts(said, self.languages)
                };
                let before = sum;
                if found.is_empty() || !found.into_iter().all(|part| sum.add(part)) {
                    sum = before;
                    break;
                }
                used += 1;
                range.end = word.end;
                if !sum.dangles() {
                    last_good = used;
                }
            }
            let good = words
                .get((at + last_good).saturating_sub(1))
                .map(|word| first.start..word.end);
            match (sum.value(), good) {
                (Some(value), Some(range)) if last_good > 0 => {
                    let shown = self.text(&range).to_owned();
                    if is_polite(&shown, self.after(range.end)) {
                        at += last_good;
                        continue;
                    }
                    if !is_article(&shown) || bind::counts_something(self, &range) {
                        self.push(
                            range,
                            vec![Value::Number(i128::from(value).saturating_mul(ONE), Unit::Bare)],
                        );
                    }
                    at += last_good;
                }
                _ => at += 1,
            }
        }
        self.join_spoken_digits();
    }

    /// `six zero zero nine` is one number, digit by digit.
    fn join_spoken_digits(&mut self) {
        self.atoms.sort_by_key(|atom| atom.range.start);
        let spoken = |scan: &Self, atom: &Atom| match atom.readings.as_slice() {
            [Value::Number(value, Unit::Bare)]
                if *value < 10 * ONE
                    && !scan
                        .text(&atom.range)
                        .starts_with(|first: char| first.is_ascii_digit()) =>
            {
                u8::try_from(value / ONE).ok()
            }
            _ => None,
        };
        let mut joined: Vec<Atom> = Vec::new();
        let mut run: Vec<(Atom, Option<u8>)> = Vec::new();
        let close = |run: &mut Vec<(Atom, Option<u8>)>, joined: &mut Vec<Atom>| {
            let digits: String = run
                .iter()
                .filter_map(|(_, digit)| *digit)
                .map(|digit| digit.to_string())
                .collect();
            let counts = run.len() >= 3 || run.len() == 2 && digits.ends_with('0');
            if let (true, Some((first, _)), Some((last, _))) = (counts, run.first(), run.last()) {
                let value = digits
                    .parse::<i128>()
                    .unwrap_or(i128::MAX / ONE)
                    .saturating_mul(ONE);
                let reading = if digits.len() >= 5 {
                    Value::Phone(digits)
                } else {
                    Value::Number(value, Unit::Bare)
                };
                joined.push(Atom::new(first.range.start..last.range.end, vec![reading]));
                run.clear();
            }
            joined.extend(run.drain(..).map(|(atom, _)| atom));
        };
        for atom in std::mem::take(&mut self.atoms) {
            let digit = spoken(self, &atom);
            let follows = run.last().is_some_and(|(last, _)| {
                let gap = self
                    .folded
                    .text
                    .get(last.range.end..atom.range.start)
                    .unwrap_or("?");
                gap.chars().all(|sign| matches!(sign, ' ' | '-' | ','))
            });
            if digit.is_none() || !follows {
                close(&mut run, &mut joined);
            }
            if digit.is_some() {
                run.push((atom, digit));
            } else {
                joined.push(atom);
            }
        }
        close(&mut run, &mut joined);
        for atom in &joined {
            self.take(&atom.range);
        }
        self.atoms = joined;
    }
}

/// "Mil gracias", "mille grazie", "a hundred thanks": nobody counts these.
fn is_polite(number: &str, after: &str) -> bool {
    let big = matches!(
        number,
        "mil" | "mille" | "thousand" | "tausend" | "cien" | "cent" | "bin"
    );
    let next = after
        .trim_start()
        .split(|sign: char| !sign.is_alphabetic())
        .next()
        .unwrap_or_default();
    big && matches!(
        next,
        "gracias"
            | "grazie"
            | "merci"
            | "mercis"
            | "excuses"
            | "scuse"
            | "dank"
            | "thanks"
            | "perdones"
            | "desculpas"
            | "tesekkurler"
            | "tesekkur"
    )
}
