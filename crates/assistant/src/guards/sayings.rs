//! Finds facts that are said without a digit: `a fortnight`, `half a litre`, `next week`, `on Insta`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::atom::{Atom, Value};
use super::bind;
use super::concepts::{BESIDE, CONCEPTS, PLACED, Sense};
use super::fold::{fold, sentence};
use super::lexicon::Lexicon;
use super::links::pattern;
use super::numerals::ONE;
use super::scan::Scan;
use super::units::{self, Counted, Unit};

/// One meaning, ready to be looked for.
struct Known {
    sense: Sense,
    name: &'static str,
    words: Regex,
}

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let known = |(sense, name, phrases): &(Sense, &'static str, &str)| Known {
        sense: *sense,
        name,
        words: any_of(phrases),
    };
    CONCEPTS.iter().map(known).collect()
});
static NEAR: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(BESIDE));
static PLACE: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::new(PLACED));
/// Wishes are no facts: "have a nice weekend", "merry Christmas".
static WISH: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[
        "have a|enjoy|merry|happy|wish you|wishing|nice|great|lovely|wonderful",
        "feliz|felices|buen|bom|boa|boas|bon|bonne|joyeux|joyeuses|joyeuse|buon|buona|buone|que tengas|que tenga|tenha|passez",
        "schönes|schöne|schönen|frohe|frohes|guten|gutes|erholsames|iyi|mutlu|güzel|selamat|سعيد|سعيدة|शुभ",
    ])
});
/// What happens on a day: then "today" is a fact.
static HAPPENS: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[
        "arrive*|deliver*|ship*|ready|dispatch*|send|sent|here today|only today|today only",
        "llega*|entreg*|envi*|list*|entrega*|chega*|pront*|solo hoy|sólo hoy|só hoje",
        "arriv*|livr*|expédi*|prêt*|liefer*|versand*|versend*|fertig|kommt|ankomm*|nur heute|consegn*|sped*|pront*|solo oggi",
        "teslim*|kargo*|hazır|gelir|gelecek|يصل|تصل|توصيل|جاهز*|نوصل|पहुँच*|पहुंच*|डिलीवर*|डिलीवरी|तैयार|tiba|kirim*|dikirim|siap|sampai",
    ])
});
static OPENS: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::new(&[
        "open|opens|close|closes|closed|abrimos|abierto*|cerramos|cerrado*|aberto*|fechado*|fechamos|ouvert*|ouvrons|fermé*|fermons|offen|geöffnet|öffnen|geschlossen|schließen",
        "apert*|apriamo|chius*|chiudiamo|açık*|açıyoruz|kapalı*|kapanıyor*|مفتوح*|نفتح|مغلق*|نغلق|खुला|खुली|खुले|खुलती|बंद|buka|tutup",
    ])
});
static LATIN_ARTICLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:an?|per|each|every)\s+(second|minute|hour|day|week|month|year|pint|gallon|ounce|inch|litre|liter|kilo|mile)\b",
    )
});
static RATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:\p{N}|[€$£%]|\b(?:once|twice|times|days|hours|euros?|eur|usd|dollars?|pounds?|minutes))\s*$")
});
static LINKING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[\s-]*(?:(?:of|an?|de|du|d'|des|di|einer|eines|einem|einen|eine|ein|un|une|una|um|uma|the|of an?|من)[\s]+|d')?",
    )
});

/// Phrases as one pattern; the longest are tried first.
fn any_of(phrases: &str) -> Regex {
    let mut all: Vec<(String, bool)> = phrases
        .split('|')
        .map(|phrase| (fold(phrase.trim_end_matches('*')), phrase.ends_with('*')))
        .filter(|(phrase, _)| !phrase.is_empty())
        .collect();
    all.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
    let parts: Vec<String> = all
        .iter()
        .map(|(phrase, open)| {
            let ending = match phrase.chars().last() {
                _ if *open => r"[\p{L}\p{M}']*",
                Some(last) if last.is_alphanumeric() => r"\b",
                _ => "",
            };
            format!("{}{ending}", regex::escape(phrase).replace(' ', r"[\s-]+"))
        })
        .collect();
    pattern(&parts.join("|"))
}

fn is_word(sign: char) -> bool {
    sign.is_numeric() || bind::is_letter(sign)
}

impl Scan<'_> {
    /// Facts without digits; what is understood already is left alone.
    pub(super) fn sayings(&mut self) {
        let text = self.folded.text.clone();
        let mut found: Vec<(Range<usize>, &'static Known)> = Vec::new();
        for known in KNOWN.iter() {
            for hit in known.words.find_iter(&text) {
                let range = hit.range();
                if self.stands_alone(&range) {
                    found.push((range, known));
                }
            }
        }
        // Of two that overlap the longer one is meant: "the day after tomorrow" is not tomorrow.
        found.sort_by_key(|(range, _)| (std::cmp::Reverse(range.len()), range.start));
        let mut kept: Vec<Range<usize>> = Vec::new();
        for (range, known) in found {
            if kept
                .iter()
                .all(|other| other.end <= range.start || range.end <= other.start)
            {
                kept.push(range.clone());
                self.saying(&text, range, known);
            }
        }
        self.spans(&text);
    }

    fn stands_alone(&self, range: &Range<usize>) -> bool {
        let before = self.before(range.start);
        let head = before.len() - before.trim_end_matches(is_word).len();
        let glued = before.get(before.len() - head..).unwrap_or_default();
        let fits = matches!(
            glued,
            "" | "و" | "ب" | "ل" | "ف" | "ال" | "وال" | "بال" | "لل" | "d" | "l"
        );
        let hyphen = before
            .strip_suffix('-')
            .is_some_and(|rest| rest.ends_with(is_word));
        fits && !hyphen && !self.after(range.end).starts_with(is_word)
    }

    fn saying(&mut self, text: &str, range: Range<usize>, known: &Known) {
        let value = Value::Saying(known.sense, known.name);
        let around = sentence(text, &range).to_owned();
        let beside = self.before(range.start);
        let close: String = beside
            .chars()
            .rev()
            .take(24)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        let (counts, mut others) = match known.sense {
            Sense::Amount => {
                let Some(counted) = self.unit_after(text, range.end) else {
                    return;
                };
                let each = if known.name == "couple" { 2..=2 } else { 3..=9 };
                let value = Value::Vague(known.name, counted.unit, counted.factor);
                let mut atom = Atom::new(range, vec![value]);
                atom.instead = each
                    .map(|count: i128| Value::Number(count * counted.factor * ONE, counted.unit))
                    .collect();
                self.atoms.push(atom);
                return;
            }
            Sense::Part => {
                let (counts, values) = self.part(text, &range, known.name);
                if !values.is_empty() {
                    self.atoms.push(Atom::new(range, values));
                    return;
                }
                (counts, Vec::new())
            }
            Sense::Daytime => (
                super::ledger::asserts(&around) || OPENS.is_in(&around),
                Vec::new(),
            ),
            Sense::Day if known.name == "today" => (
                (HAPPENS.is_in(&around) || OPENS.is_in(&around)) && !around.ends_with('?'),
                Vec::new(),
            ),
            Sense::Day => (!WISH.is_in(&close), Vec::new()),
            Sense::Landmark => (NEAR.is_in(&around) && PLACE.is_in(&around), Vec::new()),
            Sense::Network => (!is_here(&close), Vec::new()),
            Sense::Span | Sense::Hour | Sense::Safety => (true, Vec::new()),
        };
        let same = same_as(known.name);
        let mut atom = Atom::new(range, Vec::new());
        if known.sense == Sense::Span {
            atom.extra.extend(same.first().cloned());
        }
        others.extend(same);
        if counts {
            // What may be said in its place comes after it; in a source only it itself is said.
            atom.readings.push(value.clone());
            atom.instead = others;
        } else {
            atom.extra.push(value);
        }
        self.atoms.push(atom);
    }

    /// The unit after an amount, past at most two words: `few more working days`.
    fn unit_after(&self, text: &str, at: usize) -> Option<Counted> {
        let mut end = at;
        for _ in 0..3 {
            let (range, word) = bind::next_word(text, end)?;
            if let Some(counted) = units::unit(word) {
                return Some(counted).filter(|_| self.text(&range) == word);
            }
            end = range.end;
        }
        None
    }

    /// Half and the like: what it is of a unit, or whether it counts alone.
    fn part(&self, text: &str, range: &Range<usize>, name: &str) -> (bool, Vec<Value>) {
        let parts: &[(i128, i128)] = match name {
            "half" => &[(1, 2)],
            "quarter" => &[(1, 4), (3, 4)],
            "third" => &[(1, 3), (2, 3)],
            _ => &[],
        };
        let word = self.text(range);
        let rest = text.get(range.end..).unwrap_or_default();
        let skipped = LINKING.find(rest).map_or(0, |hit| hit.end());
        let next = bind::next_word(text, range.end + skipped);
        let unit = next.as_ref().and_then(|(_, word)| units::unit(word));
        let mut values = Vec::new();
        if let Some(counted) = unit {
            for (top, bottom) in parts {
                let value = counted.factor * ONE * top / bottom;
                values.push(Value::Number(value, counted.unit));
                values.extend(smaller(counted.unit).map(|unit| Value::Number(value * 1000, unit)));
            }
        }
        let weak = [
            "medio", "media", "meio", "meia", "demi", "demie", "halb", "mezzo", "mezza", "quart", "quarts",
        ];
        let is_weak =
            weak.contains(&word) || word.starts_with("halb") || word == "viertel" || word == "un quarto";
        let is_number = next.is_some_and(|(range, _)| {
            self.atoms.iter().any(|atom| {
                atom.range.start == range.start
                    && atom
                        .readings
                        .iter()
                        .any(|value| matches!(value, Value::Number(..)))
            })
        });
        (unit.is_some() || !is_weak || is_number, values)
    }

    /// `takes an hour`, `within a week`; "30 EUR an hour" is a rate.
    fn spans(&mut self, text: &str) {
        for hit in LATIN_ARTICLE.captures_iter(text) {
            let (Some(whole), Some(word)) = (hit.get(0), hit.get(1)) else {
                continue;
            };
            let Some(counted) = units::unit(word.as_str()) else {
                continue;
            };
            let before = self.before(whole.start());
            let is_article = whole.as_str().starts_with('a');
            let is_rate = RATE.is_match(before);
            let mut atom = Atom::new(whole.range(), Vec::new());
            let value = Value::Rate(counted.unit, counted.factor);
            let overlaps = self.atoms.iter().any(|other| {
                !other.readings.is_empty()
                    && other.range.start < whole.end()
                    && whole.start() < other.range.end
            });
            if is_article && is_rate {
                atom.readings.push(value);
            } else if is_article && !overlaps && !matches!(word.as_str(), "second" | "minute") {
                atom.readings
                    .push(Value::Number(counted.factor * ONE, counted.unit));
            } else {
                atom.extra.push(value);
            }
            self.atoms.push(atom);
        }
    }
}

/// The unit a thousandth as large.
fn smaller(unit: Unit) -> Option<Unit> {
    let name = match unit {
        Unit::Measure("l") => "ml",
        Unit::Measure("kg") => "g",
        Unit::Measure("km") => "m",
        Unit::Measure("g") => "mg",
        Unit::Measure("m") => "mm",
        _ => return None,
    };
    units::unit(name).map(|counted| counted.unit)
}

/// What else, found in a source, says the same.
fn same_as(name: &str) -> Vec<Value> {
    let minutes = |count: i128| Value::Number(count * ONE, Unit::Minutes);
    let months = |count: i128| Value::Number(count * ONE, Unit::Months);
    let date = |month, day| Value::Date {
        year: None,
        month: Some(month),
        day: Some(day),
    };
    match name {
        "fortnight" => vec![minutes(14 * 1440), minutes(15 * 1440)],
        "two days" => vec![minutes(2 * 1440)],
        "two hours" => vec![minutes(120)],
        "half hour" => vec![minutes(30)],
        "quarter hour" => vec![minutes(15)],
        "two months" => vec![months(2)],
        "two years" => vec![months(24)],
        "decade" => vec![months(120)],
        "century" => vec![months(1200)],
        "semester" => vec![months(3), months(6)],
        "next day" => vec![minutes(1440), Value::Tomorrow],
        "next" => vec![Value::Tomorrow],
        "christmas" => vec![date(12, 24), date(12, 25), date(12, 26)],
        "new year" => vec![date(12, 31), date(1, 1)],
        "noon" => vec![Value::Time(720)],
        "midnight" => vec![Value::Time(0)],
        "always" => vec![Value::AroundTheClock],
        _ => Vec::new(),
    }
}

/// The conversation itself is in some messenger: "here on WhatsApp" leads nowhere else.
fn is_here(before: &str) -> bool {
    let words = [
        "here on",
        "here via",
        "here in",
        "this",
        "hier auf",
        "hier uber",
        "hier per",
        "aqui por",
        "aqui en",
        "aqui no",
        "aqui pelo",
        "ici sur",
        "qui su",
        "bu",
        "di",
        "هنا على",
        "هنا علي",
        "यहाँ",
    ];
    let near = before.trim_end();
    words.iter().any(|word| {
        near.strip_suffix(word)
            .is_some_and(|rest| !rest.ends_with(is_word))
    })
}

/// Whether a folded sentence tells of something that happens on a day.
pub(super) fn happens(sentence: &str) -> bool {
    HAPPENS.is_in(sentence)
}
