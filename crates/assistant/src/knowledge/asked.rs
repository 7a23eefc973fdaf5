//! What kind of thing a question asks for, and whether a text holds such a thing.
//!
//! A sentence about delivery is no answer to "what does delivery cost" unless an amount stands in it.

use super::asked_signs::{PLACES, PRICES, TIMES};
use super::asked_words::{ASKING, Asking};
use super::terms::stem;
use crate::text;
use domain::Language;
use std::collections::{HashMap, HashSet};

/// What a question asks for, where that can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asked {
    /// What something costs.
    Price,
    /// At what time, on which day, how long.
    Time,
    /// Where something is.
    Place,
}

/// The languages to read a question in: its own, or all when it is not known.
fn of(language: Option<Language>) -> impl Iterator<Item = &'static Asking> {
    ASKING
        .iter()
        .filter(move |asking| language.is_none_or(|language| asking.language == language))
}

/// Returns what a question asks for.
pub(super) fn asked(question: &str, language: Option<Language>) -> HashSet<Asked> {
    let line = format!(" {} ", text::normalise(question));
    let asks = |words: &[&str]| words.iter().any(|word| stands_in(word, &line));
    let mut found = HashSet::new();
    for asking in of(language) {
        // How long something takes is asked with the words for how much in some languages.
        let time = asks(asking.time);
        found.extend(time.then_some(Asked::Time));
        found.extend(
            (asks(asking.price) && !(time && asking.language == Language::Turkish)).then_some(Asked::Price),
        );
        found.extend(asks(asking.place).then_some(Asked::Place));
    }
    found
}

/// Whether a word, or some in a row, stands in a normalised line with a space around it.
fn stands_in(word: &str, line: &str) -> bool {
    match word.strip_suffix('*') {
        Some(beginning) => line.contains(&format!(" {beginning}")),
        None => line.contains(&format!(" {word} ")),
    }
}

/// Returns the stems of the words a question asks with, and what they ask for: an amount answers "price" although the
/// word does not stand beside it.
pub(super) fn asking_stems(question: &str, language: Option<Language>) -> HashMap<String, Asked> {
    let asked = asked(question, language);
    let words = text::words(question);
    let line = format!(" {} ", words.join(" "));
    let mut found = HashMap::new();
    for asking in of(language) {
        for (kind, list) in [
            (Asked::Price, asking.price),
            (Asked::Time, asking.time),
            (Asked::Time, asking.opening),
            (Asked::Place, asking.place),
        ] {
            let used = list
                .iter()
                .filter(|word| asked.contains(&kind) && stands_in(word, &line));
            for part in used.flat_map(|words| words.split(' ')) {
                let asks = |word: &&String| stands_in(part, &format!(" {word} "));
                found.extend(words.iter().filter(asks).map(|word| (stem(word), kind)));
            }
        }
    }
    found
}

/// Returns the stems of the words that say what a question is about, each once.
pub(super) fn topics(question: &str, language: Option<Language>) -> Vec<String> {
    let words = text::words(question);
    let is_small =
        |word: &str| of(language).any(|asking| asking.small.split_whitespace().any(|small| small == word));
    let mut seen = HashSet::new();
    words
        .iter()
        .filter(|word| word.chars().any(char::is_alphanumeric) && !is_small(word))
        .map(|word| stem(word))
        .filter(|stem| seen.insert(stem.clone()))
        .collect()
}

/// Whether a text holds such a thing.
pub(super) fn holds(text: &str, asked: Asked) -> bool {
    let patterns = match asked {
        Asked::Price => &*PRICES,
        Asked::Time => &*TIMES,
        Asked::Place => &*PLACES,
    };
    patterns.iter().any(|pattern| pattern.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_times_and_places_are_asked_for_in_ten_languages() {
        for (language, price, time, place) in [
            (
                Language::English,
                "How much is delivery?",
                "When do you open?",
                "Where is your shop?",
            ),
            (
                Language::Spanish,
                "¿Cuánto cuesta el envío?",
                "¿A qué hora abren?",
                "¿Dónde están?",
            ),
            (
                Language::Portuguese,
                "Quanto custa o frete?",
                "Que horas abre?",
                "Onde fica a loja?",
            ),
            (
                Language::French,
                "C'est combien le pot ? Le prix ?",
                "Vous ouvrez à quelle heure ?",
                "Où êtes-vous ?",
            ),
            (
                Language::German,
                "Was kostet der Versand?",
                "Wann habt ihr offen?",
                "Wo seid ihr?",
            ),
            (
                Language::Italian,
                "Quanto costa la tazza?",
                "A che ora aprite?",
                "Dove siete?",
            ),
            (
                Language::Turkish,
                "Kargo ne kadar?",
                "Saat kaçta açılıyorsunuz?",
                "Dükkan nerede?",
            ),
            (Language::Arabic, "كم سعر التوصيل؟", "متى تفتحون؟", "أين المحل؟"),
            (
                Language::Hindi,
                "कप कितने का है?",
                "आप कितने बजे खोलते हैं?",
                "दुकान कहाँ है?",
            ),
            (
                Language::Indonesian,
                "Berapa harganya?",
                "Buka jam berapa?",
                "Tokonya di mana?",
            ),
        ] {
            for known in [Some(language), None] {
                assert!(asked(price, known).contains(&Asked::Price), "{price}");
                assert!(asked(time, known).contains(&Asked::Time), "{time}");
                assert!(asked(place, known).contains(&Asked::Place), "{place}");
            }
            assert!(!asked(price, Some(language)).contains(&Asked::Place), "{price}");
            assert!(!asked(place, Some(language)).contains(&Asked::Price), "{place}");
        }
        assert!(asked("Do you repair bowls?", Some(Language::English)).is_empty());
        assert!(!asked("Kargo ne kadar sürer?", Some(Language::Turkish)).contains(&Asked::Price));
    }

    #[test]
    fn amounts_times_and_places_are_seen() {
        for text in [
            "It is 5 €.",
            "€5",
            "R$ 20",
            "Rp50.000",
            "₺400",
            "400 lira",
            "20 درهم",
            "₹ 300",
            "300 रुपये",
            "Price: 12",
            "Delivery is free of charge.",
            "Kargo ücretsizdir.",
        ] {
            assert!(holds(text, Asked::Price), "{text}");
        }
        for text in [
            "Open 9:00-18:00",
            "from 9 am",
            "bis 18 Uhr",
            "on Mondays",
            "2-3 business days",
            "Pazartesi kapalı",
            "सोमवार को",
            "يوم الجمعة",
            "24/7",
            "3 gün",
            "25.12.",
            "alle 9",
        ] {
            assert!(holds(text, Asked::Time), "{text}");
        }
        for text in [
            "12 Clay Street",
            "Rua Augusta 5",
            "Hauptstraße 3",
            "Atatürk Caddesi No:4",
            "شارع النيل",
            "Jl. Sudirman 5",
        ] {
            assert!(holds(text, Asked::Place), "{text}");
        }
        for asked in [Asked::Price, Asked::Time, Asked::Place] {
            assert!(!holds("We glaze every piece by hand and fire it twice.", asked));
        }
    }

    #[test]
    fn every_pattern_is_one() {
        assert_eq!((PRICES.len(), TIMES.len(), PLACES.len()), (6, 17, 8));
    }
}
