//! Words that say which half of the day a time is in.

use std::ops::Range;

use super::bind::is_letter;

const AFTERNOON: &[&str] = &[
    "pm",
    "p.m",
    "p. m",
    "in the afternoon",
    "in the evening",
    "at night",
    "de la tarde",
    "de la noche",
    "da tarde",
    "da noite",
    "de l'apres-midi",
    "du soir",
    "nachmittags",
    "abends",
    "am nachmittag",
    "am abend",
    "del pomeriggio",
    "di sera",
    "della sera",
    "di pomeriggio",
    "مساء",
    "ظهرا",
    "عصرا",
    "sore",
    "malam",
];
const MORNING: &[&str] = &[
    "am",
    "a.m",
    "a. m",
    "in the morning",
    "de la manana",
    "da manha",
    "du matin",
    "morgens",
    "vormittags",
    "am morgen",
    "am vormittag",
    "di mattina",
    "del mattino",
    "صباحا",
    "pagi",
];
const AFTERNOON_BEFORE: &[&str] = &[
    "aksam",
    "ogleden sonra",
    "शाम",
    "दोपहर",
    "रात",
    "aksam saat",
    "शाम को",
    "रात को",
];
const MORNING_BEFORE: &[&str] = &["sabah", "sabah saat", "सुबह", "सुबह के"];

/// Moves a time to its half of the day, when `pm` or words like it stand beside it.
pub(super) fn half_of_day(text: &str, range: Range<usize>, time: u16) -> (u16, Range<usize>) {
    match half(text, &range) {
        Some((true, end)) => (if time < 720 { time + 720 } else { time }, range.start..end),
        Some((false, end)) => (if time >= 720 { time - 720 } else { time }, range.start..end),
        None => (time, range),
    }
}

/// Whether it is the second half of the day, and where the words that say so end.
pub(super) fn half(text: &str, range: &Range<usize>) -> Option<(bool, usize)> {
    let rest = text.get(range.end..)?;
    let trimmed = rest.trim_start_matches(' ');
    let trimmed = ["o'clock ", "uhr ", "h ", "horas ", "heures "]
        .iter()
        .find_map(|word| trimmed.strip_prefix(word))
        .unwrap_or(trimmed);
    let starts = |phrases: &[&str]| {
        phrases.iter().find_map(|phrase| {
            let more = trimmed.strip_prefix(*phrase)?;
            (!more.starts_with(is_letter)).then_some(text.len() - more.len())
        })
    };
    if rest.len() - trimmed.len() <= 8 {
        if let Some(end) = starts(AFTERNOON) {
            return Some((true, end));
        }
        if let Some(end) = starts(MORNING) {
            return Some((false, end));
        }
    }
    let before = text.get(..range.start)?.trim_end();
    let ends = |phrases: &[&str]| phrases.iter().any(|phrase| before.ends_with(*phrase));
    (ends(AFTERNOON_BEFORE))
        .then_some((true, range.end))
        .or_else(|| ends(MORNING_BEFORE).then_some((false, range.end)))
}

/// The time some words name by themselves, in minutes of the day.
pub(super) fn named(word: &str) -> Option<u16> {
    match word {
        "midnight" | "medianoche" | "minuit" | "mitternacht" | "mezzanotte" => Some(0),
        "noon" | "midday" | "mediodia" | "mezzogiorno" => Some(720),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_spelled_as_folded_text_is() {
        for phrase in [AFTERNOON, MORNING, AFTERNOON_BEFORE, MORNING_BEFORE]
            .into_iter()
            .flatten()
        {
            assert_eq!(super::super::fold::fold(phrase), *phrase);
        }
    }
}
