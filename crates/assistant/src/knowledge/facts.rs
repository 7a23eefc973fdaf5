//! Placeholders: single facts that answers name instead of repeating them.

use super::hours::Hours;
use crate::source::{Source, SourceKind};
use domain::{Fact, FactKind, Language, Timestamp};

/// The longest name of a placeholder in letters.
const LONGEST: usize = 80;
/// The longest name of a customer in letters.
const LONGEST_NAME: usize = 40;

/// What placeholders can be filled with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts<'f> {
    /// The facts table, those that are over too.
    pub facts: &'f [Fact],
    /// The opening hours, when they are known.
    pub hours: Option<&'f Hours>,
    /// What the customer calls themselves.
    pub customer: Option<&'f str>,
}

/// A text with all its placeholders filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The words.
    pub text: String,
    /// What they rest on: one for each different placeholder, `F1`, `F2` ...
    pub used: Vec<Source>,
}

/// A placeholder nothing is known for. Such a text is not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "There is nothing to put in the place of {{{placeholder}}}. Add it to the facts, or take it out of the answer."
)]
pub struct Unfilled {
    /// What stands between the braces.
    pub placeholder: String,
}

/// Fills `{customer.name}`, `{business.hours}`, `{business.address}`, `{business.phone}`, `{next_open}`,
/// `{price:KEY}`, `{link:KEY}` and `{fact:KEY}`. What is put in is not searched for placeholders again.
pub fn fill(
    template: &str,
    facts: &Facts<'_>,
    language: Language,
    now: Timestamp,
) -> Result<Filled, Unfilled> {
    let mut text = String::with_capacity(template.len());
    let mut used: Vec<Source> = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, behind)) = after.split_once('}').filter(|(name, _)| is_name(name)) else {
            text.push('{');
            rest = after;
            continue;
        };
        let name = name.trim();
        let Some(value) = value(name, facts, language, now) else {
            return Err(Unfilled {
                placeholder: name.to_owned(),
            });
        };
        text.push_str(&value);
        if !used.iter().any(|source| source.reference == name) {
            used.push(Source {
                id: format!("F{}", used.len() + 1),
                kind: SourceKind::Fact,
                reference: name.to_owned(),
                title: name.to_owned(),
                text: value,
                url: None,
                quotable: true,
            });
        }
        rest = behind;
    }
    text.push_str(rest);
    Ok(Filled { text, used })
}

/// Whether what stands between braces is meant as a placeholder; anything short on one line is.
fn is_name(name: &str) -> bool {
    let name = name.trim();
    !name.is_empty() && !name.contains(['\n', '{']) && name.chars().count() <= LONGEST
}

fn value(name: &str, facts: &Facts<'_>, language: Language, now: Timestamp) -> Option<String> {
    let fact = |kinds: &[FactKind], key: Option<&str>| fact(facts.facts, kinds, key, language, now);
    match name {
        "customer.name" => customer(facts.customer?),
        "business.hours" => match facts.hours {
            Some(hours) => Some(hours.words(language)),
            None => fact(&[FactKind::Hours], None),
        },
        "business.address" => fact(&[FactKind::Address], None),
        "business.phone" => fact(&[FactKind::Phone], None),
        "next_open" => facts.hours?.next_open_words(now, language),
        _ => {
            let (kind, key) = name.split_once(':')?;
            let kinds: &[FactKind] = match kind.trim() {
                "price" => &[FactKind::Price],
                "link" => &[FactKind::Link],
                "fact" => &[
                    FactKind::Text,
                    FactKind::Hours,
                    FactKind::Address,
                    FactKind::Phone,
                ],
                _ => return None,
            };
            fact(kinds, Some(key.trim()))
        }
    }
}

/// The fact in this language, or else the one for all; a number or an address serves in any.
fn fact(
    facts: &[Fact],
    kinds: &[FactKind],
    key: Option<&str>,
    language: Language,
    now: Timestamp,
) -> Option<String> {
    let fits = |fact: &&Fact| {
        kinds.contains(&fact.kind)
            && key.is_none_or(|key| fact.key.eq_ignore_ascii_case(key))
            && fact.valid_to.is_none_or(|end| now <= end)
            && !fact.value.trim().is_empty()
    };
    let in_words = |fact: &Fact| matches!(fact.kind, FactKind::Text | FactKind::Hours);
    let rank = |fact: &&Fact| match fact.language {
        Some(own) if own == language => Some(0),
        None => Some(1),
        Some(_) if !in_words(fact) => Some(2),
        Some(_) => None,
    };
    facts
        .iter()
        .filter(fits)
        .filter_map(|fact| Some((rank(&fact)?, fact)))
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, fact)| fact.value.trim().to_owned())
}

/// A name that can be said back: letters. Customers choose it, and could put a price or an address there.
fn customer(name: &str) -> Option<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_name = name.chars().any(char::is_alphabetic)
        && name.chars().count() <= LONGEST_NAME
        // A full stop before two letters is an address of the web.
        && name.split('.').skip(1).all(|rest| rest.chars().take_while(|c| c.is_alphanumeric()).count() < 2)
        && name.chars().all(|c| {
            !c.is_numeric()
                && (c.is_alphanumeric() || matches!(c, ' ' | '\'' | '’' | '-' | '.' | '\u{900}'..='\u{97f}'))
        });
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_794_301_200_000);

    fn new_fact(kind: FactKind, key: &str, value: &str, language: Option<Language>) -> Fact {
        Fact {
            kind,
            key: key.to_owned(),
            value: value.to_owned(),
            language,
            valid_to: None,
        }
    }

    fn shop() -> Vec<Fact> {
        vec![
            new_fact(FactKind::Price, "cup", "12 €", None),
            new_fact(FactKind::Address, "shop", "Clay Lane 3", Some(Language::English)),
            new_fact(FactKind::Text, "wifi", "ask us", Some(Language::English)),
            new_fact(FactKind::Text, "wifi", "fragt uns", Some(Language::German)),
            Fact {
                valid_to: Some(Timestamp(NOW.0 - 1)),
                ..new_fact(FactKind::Price, "sale", "1 €", None)
            },
        ]
    }

    fn filled(template: &str, language: Language) -> Result<Filled, Unfilled> {
        let facts = shop();
        let facts = Facts {
            facts: &facts,
            hours: None,
            customer: Some("Ana Souza"),
        };
        fill(template, &facts, language, NOW)
    }

    #[test]
    fn placeholders_are_filled_and_say_what_they_rest_on() {
        let filled = filled(
            "Hi {customer.name}, a cup is {price:CUP}, two are not {price:CUP}.",
            Language::English,
        );
        let filled = filled.unwrap();
        assert_eq!(filled.text, "Hi Ana Souza, a cup is 12 €, two are not 12 €.");
        let used: Vec<(&str, &str)> = filled
            .used
            .iter()
            .map(|source| (source.id.as_str(), source.text.as_str()))
            .collect();
        assert_eq!(used, [("F1", "Ana Souza"), ("F2", "12 €")]);
    }

    #[test]
    fn what_is_not_known_or_over_forbids_sending() {
        for name in [
            "price:bowl",
            "price:sale",
            "next_open",
            "business.hours",
            "nonsense",
            "link:menu",
        ] {
            let unfilled = filled(&format!("It is {{{name}}}."), Language::English).unwrap_err();
            assert_eq!(unfilled.placeholder, name);
        }
    }

    #[test]
    fn words_are_taken_in_the_customers_language_and_numbers_in_any() {
        assert_eq!(filled("{fact:wifi}", Language::German).unwrap().text, "fragt uns");
        assert!(filled("{fact:wifi}", Language::Turkish).is_err());
        assert_eq!(
            filled("{business.address}", Language::Turkish).unwrap().text,
            "Clay Lane 3"
        );
    }

    #[test]
    fn a_name_that_is_no_name_is_not_said_back() {
        for name in [
            "",
            "www.evil.example",
            "50% off",
            "{price:cup}",
            "Call 0900123",
            "a".repeat(60).as_str(),
        ] {
            assert_eq!(customer(name), None, "{name}");
        }
        for name in ["Ana", "José M. O’Neil", "अनीता", "محمد علي", "J.-P. Roux"] {
            assert!(customer(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_brace_that_begins_no_placeholder_stays() {
        assert_eq!(filled("a { b", Language::English).unwrap().text, "a { b");
        assert_eq!(filled("{}", Language::English).unwrap().text, "{}");
    }

    proptest! {
        #[test]
        fn no_template_makes_it_panic_or_leaves_a_known_placeholder(template in ".{0,80}") {
            if let Ok(filled) = filled(&template, Language::English) {
                let left = filled.text.split("{price:").skip(1).any(|rest| rest.starts_with("cup}"));
                prop_assert!(!left, "{}", filled.text);
            }
        }
    }
}
