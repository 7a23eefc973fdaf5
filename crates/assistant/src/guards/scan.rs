//! Finds in a text everything that can be true or false by itself: numbers, money, dates, times, telephone numbers,
//! links; each with the readings it allows.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::atom::{Atom, Value};
use super::bind;
use super::fold::{Folded, is_hidden};
use super::links::{links, pattern};
use super::number_words::{Languages, is_vague, parts};
use super::numerals::{clock, values};
use super::spoken::WORD;
use super::units::{self, Unit};

static AROUND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b24\s?/\s?7\b|\b24\s?x\s?7\b|\baround the clock\b|\bround the clock\b|\brund um die uhr\b|\b7/24\b",
    )
});
static ISO: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\d{4})([-/.])(\d{1,2})([-/.])(\d{1,2})\b"));
static NUMERIC_DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(\d{1,2})\s?([./-])\s?(\d{1,2})\s?([./-])\s?(\d{4}|\d{2})\b|\b(\d{1,2})/(\d{1,2})\b|\b(\d{1,2})\.(\d{1,2})\.(?:\s|$|[^\d\s])",
    )
});
static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(\d{1,2})\s?:\s?(\d{2})(?::\d{2})?(?:\s?(?:uhr|h|hs|hrs)\b)?|\b(\d{1,2})\s?h\s?(\d{2})\b|\b(\d{1,2})[.](\d{2})\s?(?:uhr|hs|hrs|h|wib|wita|wit)\b",
    )
});
static PHONE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:\+\s?|\b00)?\(?\d{1,8}\)?(?:[ .\-/()]{1,3}\d{1,8}){1,7}|\+?\d{7,}"));
static CORE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b\d(?:\s\d)+\b|\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,']\d+)*"));
static MARKER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^[ \t>*_]*(\d{1,2})[.):][ *_]+(\S+)"));

static EVERY_DAY: LazyLock<Vec<String>> = LazyLock::new(|| {
    units::EVERY_DAY
        .iter()
        .map(|phrase| super::fold::fold(phrase))
        .collect()
});

/// The text while it is read: what is already understood is not read twice.
pub(super) struct Scan<'a> {
    pub(super) folded: &'a Folded,
    pub(super) original: &'a str,
    pub(super) languages: &'a Languages,
    taken: Vec<bool>,
    pub(super) atoms: Vec<Atom>,
}

/// Reads a text.
pub(super) fn scan(original: &str, folded: &Folded, languages: &Languages) -> Vec<Atom> {
    let mut scan = Scan {
        folded,
        original,
        languages,
        taken: vec![false; folded.text.len()],
        atoms: Vec::new(),
    };
    for (range, link) in links(&folded.text) {
        scan.push(range, vec![Value::Link(link)]);
    }
    scan.markers();
    scan.fixed();
    scan.phones();
    scan.digits();
    for range in bind::percent_phrases(&folded.text) {
        scan.take(&range);
    }
    scan.number_words();
    scan.atoms.sort_by_key(|atom| atom.range.start);
    bind::units(&mut scan);
    scan.words();
    scan.numerals_of_other_kinds();
    scan.atoms.sort_by_key(|atom| atom.range.start);
    super::ranges::ranges(&scan.folded.text, &mut scan.atoms);
    scan.sayings();
    scan.places();
    scan.atoms.sort_by_key(|atom| atom.range.start);
    scan.atoms
}

impl Scan<'_> {
    pub(super) fn is_free(&self, range: &Range<usize>) -> bool {
        self.taken
            .get(range.clone())
            .is_some_and(|bytes| bytes.iter().all(|taken| !taken))
    }

    pub(super) fn take(&mut self, range: &Range<usize>) {
        if let Some(bytes) = self.taken.get_mut(range.clone()) {
            bytes.fill(true);
        }
    }

    pub(super) fn push(&mut self, range: Range<usize>, readings: Vec<Value>) {
        self.take(&range);
        self.atoms.push(Atom::new(range, readings));
    }

    pub(super) fn text(&self, range: &Range<usize>) -> &str {
        self.folded.text.get(range.clone()).unwrap_or_default()
    }

    pub(super) fn before(&self, at: usize) -> &str {
        self.folded.text.get(..at).unwrap_or_default()
    }

    pub(super) fn after(&self, at: usize) -> &str {
        self.folded.text.get(at..).unwrap_or_default()
    }

    /// `1.`, `2.`, `3.` at the start of lines only count lines, as long as they count from one without a gap.
    fn markers(&mut self) {
        let hits: Vec<(Range<usize>, u32, String)> = MARKER
            .captures_iter(&self.folded.text)
            .filter_map(|hit| {
                let number = hit.get(1)?;
                let next = hit.get(2)?.as_str().trim_end_matches([',', '.', ':']).to_owned();
                Some((number.range(), number.as_str().parse().ok()?, next))
            })
            .collect();
        let counts = hits.len() >= 2
            && hits
                .iter()
                .zip(1..)
                .all(|((_, number, _), expected)| *number == expected);
        let plain = hits.iter().all(|(_, _, next)| {
            next.starts_with(|first: char| !first.is_numeric())
                && units::unit(next).is_none()
                && units::month(next).is_none()
                && parts(next, self.languages).is_empty()
        });
        if counts && plain {
            for (range, _, _) in hits {
                self.take(&range);
            }
        }
    }

    /// What has a form of its own: always open, dates and times in digits.
    fn fixed(&mut self) {
        let text = self.folded.text.clone();
        for hit in AROUND.find_iter(&text) {
            self.push(hit.range(), vec![Value::AroundTheClock]);
        }
        for hit in ISO.captures_iter(&text) {
            let part = |group| {
                hit.get(group)
                    .and_then(|part: regex::Match<'_>| part.as_str().parse::<u16>().ok())
            };
            if let Some(whole) = hit.get(0)
                && self.is_alone(&whole.range())
                && hit.get(2).map(|sign| sign.as_str()) == hit.get(4).map(|sign| sign.as_str())
            {
                self.push_date(whole.range(), part(5), part(3), part(1));
            }
        }
        for hit in NUMERIC_DATE.captures_iter(&text) {
            let part = |group| {
                hit.get(group)
                    .and_then(|part: regex::Match<'_>| part.as_str().parse::<u16>().ok())
            };
            let Some(whole) = hit.get(0) else { continue };
            if part(3).is_none() && bind::has_money(self, &whole.range()) {
                continue;
            }
            let end = hit.get(9).map_or(whole.end(), |last| last.end() + 1);
            let range = whole.start()..end;
            if !self.is_alone(&range)
                || hit.get(2).map(|sign| sign.as_str()) != hit.get(4).map(|sign| sign.as_str())
            {
                continue;
            }
            let year = part(5).map(|year| if year < 100 { year + 2000 } else { year });
            self.push_date(
                range,
                part(1).or(part(6)).or(part(8)),
                part(3).or(part(7)).or(part(9)),
                year,
            );
        }
        for hit in CLOCK.captures_iter(&text) {
            let Some(whole) = hit.get(0) else { continue };
            let pair = [(1, 2), (3, 4), (5, 6)]
                .into_iter()
                .find_map(|(hours, minutes)| Some((hit.get(hours)?, hit.get(minutes)?)));
            let Some((hours, minutes)) = pair else { continue };
            let code = Value::Code(whole.as_str().to_owned());
            let time = clock(&format!("{}:{}", hours.as_str(), minutes.as_str()));
            if self.is_alone(&whole.range()) {
                let range = whole.range();
                match time {
                    Some(time) => {
                        let (time, range) = super::daytime::half_of_day(&text, range, time);
                        self.push(range, vec![Value::Time(time)]);
                    }
                    None => self.push(range, vec![code]),
                }
            }
        }
    }

    fn push_date(&mut self, range: Range<usize>, first: Option<u16>, second: Option<u16>, year: Option<u16>) {
        let literal = Value::Code(self.text(&range).trim_end_matches('.').to_owned());
        let small = |value: Option<u16>| value.and_then(|value| u8::try_from(value).ok());
        let (first, second) = (small(first), small(second));
        let date = |day: Option<u8>, month: Option<u8>| {
            let fits = day.is_some_and(|day| (1..=31).contains(&day))
                && month.is_some_and(|month| (1..=12).contains(&month));
            fits.then_some(Value::Date { year, month, day })
        };
        // Day first, as nine of our ten languages write it; month first only where nothing else fits.
        let read = date(first, second).or_else(|| date(second, first));
        // "1/2" may be a part of something; only a date can be wrong about its month.
        self.push(range, read.into_iter().chain([literal]).collect());
    }

    /// Whether a range is free and no letter or digit touches it.
    fn is_alone(&self, range: &Range<usize>) -> bool {
        let before = self.before(range.start);
        let touches = |sign: char| sign.is_alphanumeric();
        let glued = before
            .strip_suffix(['.', ',', '/', ':'])
            .is_some_and(|rest| rest.ends_with(|last: char| last.is_ascii_digit()));
        let follows = self.after(range.end).trim_start_matches(['.', ',', '/', ':']);
        let runs_on = follows.len() < self.after(range.end).len()
            && follows.starts_with(|next: char| next.is_ascii_digit());
        self.is_free(range)
            && !before.ends_with(touches)
            && !self.after(range.end).starts_with(touches)
            && !glued
            && !runs_on
    }

    /// Telephone numbers and other long numbers, with the separators people put in.
    fn phones(&mut self) {
        let text = self.folded.text.clone();
        for hit in PHONE.find_iter(&text) {
            let shown = hit.as_str().trim_end_matches([' ', '.', '-', '/', '(', ')']);
            let range = hit.start()..hit.start() + shown.len();
            let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
            let international = shown.starts_with('+');
            let is_long = digits.len() >= 7 || international && digits.len() >= 5;
            if !is_long
                || !self.is_alone(&range)
                || !international && (is_range(shown) || bind::has_money(self, &range))
            {
                continue;
            }
            let mut readings = vec![Value::Phone(digits)];
            if !international && !shown.contains(['-', '/', '(']) {
                readings.extend(
                    values(shown)
                        .into_iter()
                        .map(|value| Value::Number(value, Unit::Bare)),
                );
            }
            self.push(range, readings);
        }
    }

    /// Every other digit of the text.
    fn digits(&mut self) {
        let text = self.folded.text.clone();
        let mut from = 0;
        while let Some(hit) = CORE.find_at(&text, from) {
            let mut range = hit.range();
            from = range.end;
            if !self.is_free(&range) {
                // Something inside is understood already: read only up to it.
                let free = self
                    .taken
                    .get(range.clone())
                    .unwrap_or_default()
                    .iter()
                    .take_while(|taken| !**taken)
                    .count();
                if free == 0 {
                    from = range.start + 1;
                    continue;
                }
                range.end = range.start + free;
                from = range.end;
            }
            self.digits_at(range);
        }
    }

    fn digits_at(&mut self, range: Range<usize>) {
        let core = self
            .text(&range)
            .trim_end_matches(['.', ',', '\'', ' '])
            .to_owned();
        let range = range.start..range.start + core.len();
        let read = values(&core);
        let before = self.before(range.start);
        let head: String = before
            .chars()
            .rev()
            .take_while(|sign| sign.is_alphanumeric())
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        let tail: String = self
            .after(range.end)
            .chars()
            .take_while(|sign| sign.is_alphanumeric() || is_mark(*sign))
            .collect();
        let head_fits =
            head.is_empty() || head == "x" || bind::is_money_prefix(&head) || bind::is_glued(&head);
        let tail_fits = tail.is_empty() || bind::is_tail(&tail);
        if read.is_empty() || !head_fits || !tail_fits {
            let start = range.start - head.len();
            let whole = start..range.end + tail.len();
            let whole = if self.is_free(&whole) { whole } else { range };
            let code = self.text(&whole).to_owned();
            self.push(whole, vec![Value::Code(code)]);
            return;
        }
        let mut read = read;
        let mut range = range;
        bind::multiply(self, &mut range, &mut read);
        let mut readings: Vec<Value> = read
            .into_iter()
            .map(|value| Value::Number(value, Unit::Bare))
            .collect();
        if core.contains('.')
            && let Some(time) = clock(&core)
        {
            readings.push(Value::Time(time));
        }
        self.push(range, readings);
    }

    /// Words that say something by themselves: months, days of the week, vague amounts, words in other letters.
    fn words(&mut self) {
        let text = self.folded.text.clone();
        let words: Vec<Range<usize>> = WORD.find_iter(&text).map(|hit| hit.range()).collect();
        for (at, range) in words.iter().enumerate() {
            if !self.is_free(range) {
                continue;
            }
            let word = self.text(range).to_owned();
            if let Some(time) = super::daytime::named(&word) {
                self.push(range.clone(), vec![Value::Time(time)]);
            } else if is_vague(&word) {
                self.push(range.clone(), vec![Value::Code(word)]);
            } else if word.chars().any(is_unreadable) {
                self.push(range.clone(), vec![Value::Foreign(word)]);
            } else if let Some(month) = units::month(&word).filter(|_| units::is_month_alone(&word)) {
                self.push(
                    range.clone(),
                    vec![Value::Date {
                        year: None,
                        month: Some(month),
                        day: None,
                    }],
                );
            } else if let Some((day, sure)) = bind::weekday(&text, range, &word) {
                let after = text.get(range.end..).unwrap_or_default();
                let range = &(range.start
                    ..range.end
                        + if after.starts_with("-feira") {
                            "-feira".len()
                        } else {
                            0
                        });
                let beside = |other: Option<&Range<usize>>| {
                    other.is_some_and(|other| {
                        units::weekday(text.get(other.clone()).unwrap_or_default()).is_some()
                    })
                };
                if sure || beside(words.get(at + 1)) || at > 0 && beside(words.get(at - 1)) {
                    self.push(range.clone(), vec![Value::Weekday(day)]);
                } else {
                    self.atoms.push(Atom {
                        range: range.clone(),
                        readings: Vec::new(),
                        extra: vec![Value::Weekday(day)],
                        instead: Vec::new(),
                    });
                }
            } else if units::is_tomorrow(&word) && !bind::is_morning(&text, range) {
                self.push(range.clone(), vec![Value::Tomorrow]);
            } else if units::is_weekend(&word) {
                let weekend = vec![Value::Weekday(5), Value::Weekday(6)];
                self.atoms.push(Atom {
                    range: range.clone(),
                    readings: Vec::new(),
                    extra: weekend,
                    instead: Vec::new(),
                });
            } else if let Some(counted) = units::unit(&word) {
                bind::mention(self, range, counted.unit);
            }
        }
        for phrase in EVERY_DAY.iter() {
            for (start, found) in text.match_indices(phrase.as_str()) {
                let range = start..start + found.len();
                self.atoms.push(Atom {
                    range,
                    readings: Vec::new(),
                    extra: (0..7).map(Value::Weekday).collect(),
                    instead: Vec::new(),
                });
            }
        }
        for (start, sign) in text.char_indices().filter(|(_, sign)| !sign.is_alphanumeric()) {
            let range = start..start + sign.len_utf8();
            if self.is_free(&range)
                && let Some(counted) = units::unit(sign.encode_utf8(&mut [0; 4]))
            {
                bind::mention(self, &range, counted.unit);
            }
        }
    }

    /// Signs that count and that we have no value for: they have to stand in the source.
    fn numerals_of_other_kinds(&mut self) {
        let text = self.folded.text.clone();
        for (start, sign) in text.char_indices() {
            let range = start..start + sign.len_utf8();
            let counts = sign.is_numeric() || matches!(sign, '❶'..='➓');
            if counts && !sign.is_ascii_digit() && self.is_free(&range) && !is_hidden(sign) {
                self.push(range, vec![Value::Code(sign.to_string())]);
            }
        }
        // Nothing that is a digit may stay unread, whatever the passes above made of it.
        for (start, _) in text.char_indices().filter(|(_, sign)| sign.is_ascii_digit()) {
            let range = start..start + 1;
            let is_marker = self.taken.get(start).copied().unwrap_or(true);
            if !is_marker {
                let code = self.text(&range).to_owned();
                self.push(range, vec![Value::Code(code)]);
            }
        }
    }
}

/// Whether it is two numbers with a dash between, and no telephone number: `1000-2000`, `9.00 - 18.00`.
fn is_range(shown: &str) -> bool {
    let Some((from, to)) = shown.split_once('-') else {
        return false;
    };
    let fits = |part: &str| {
        let digits = part.chars().filter(char::is_ascii_digit).count();
        !part.contains('-')
            && (1..=6).contains(&digits)
            && !values(part.trim()).is_empty()
            && !part.trim().contains(' ')
    };
    fits(from) && fits(to) && !from.starts_with('0')
}

fn is_mark(sign: char) -> bool {
    // The vowel signs of Hindi are no letters for the standard library's eyes.
    matches!(sign, '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}')
}

/// Letters of scripts for which we know no number words.
fn is_unreadable(sign: char) -> bool {
    let code = u32::from(sign);
    let known = code < 0x250
        || matches!(code, 0x250..=0x2ff | 0x1d00..=0x1dbf | 0x1e00..=0x1eff | 0x600..=0x6ff | 0x750..=0x77f
        | 0x8a0..=0x8ff | 0x900..=0x97f | 0xa8e0..=0xa8ff | 0x2c60..=0x2c7f | 0xa720..=0xa7ff | 0xfb50..=0xfdff | 0xfe70..=0xfeff);
    sign.is_alphabetic() && !known
}
