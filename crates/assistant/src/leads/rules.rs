//! Reading the values of a lead from one message, by rules.

use super::dates::{self, Anchor, When};
use super::money::{self, Money};
use super::names;
use super::phone;
use super::reading::{Kind, Reading};
use super::signals::is_small_talk_in;
use super::words::Phrases;
use domain::{Language, LeadMethod, LeadValue, MessageId, Timestamp};
use jiff::tz::TimeZone;
use std::sync::LazyLock;

/// Something the shop sells, and what customers call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its name, as it is shown.
    pub name: String,
    /// Other words for it, in any language.
    pub aliases: Vec<String>,
}

/// What the rules have to know of the business.
#[derive(Debug, Clone)]
pub struct Shop {
    /// Its country, as ISO 3166-1 spells it with two letters; decides what a number without a country code is.
    pub region: Option<String>,
    /// The currency of amounts without one, as ISO 4217 spells it.
    pub currency: Option<String>,
    /// The time zone whose calendar decides what tomorrow is.
    pub zone: TimeZone,
    /// Its own telephone numbers, in any spelling: they are no customer's.
    pub own_numbers: Vec<String>,
    /// Its own e-mail addresses.
    pub own_emails: Vec<String>,
    /// What it sells.
    pub services: Vec<Offer>,
}

impl Default for Shop {
    fn default() -> Self {
        Self {
            region: None,
            currency: None,
            zone: TimeZone::UTC,
            own_numbers: Vec::new(),
            own_emails: Vec::new(),
            services: Vec::new(),
        }
    }
}

/// A customer's message.
#[derive(Debug, Clone, Copy)]
pub struct Heard<'a> {
    /// Its id.
    pub id: Option<MessageId>,
    /// Its words.
    pub text: &'a str,
    /// When it was written.
    pub at: Timestamp,
    /// Its language, when it is known.
    pub language: Option<Language>,
    /// The name of the skill that was found in it, when that skill stands for something the shop sells.
    pub skill: Option<&'a str>,
}

/// What of a message is read in vain: longer ones are no chat.
const LONGEST: usize = 16 * 1024;

/// Words that say money was paid already, and is no budget.
static PAID: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        paid | charged | a charge | extra charge | a fee | withdraw* | cobro | cobrança | abgebucht | çekilmiş | i was charged | refund* | pague | pagado | cobraron | reembolso | paguei | cobraram |
        j'ai payé | remboursement | bezahlt | überwiesen | erstattung | ho pagato | rimborso |
        ödedim | yatırdım | iade | دفعت | حولت | استرداد | भुगतान किया | पैसे दिए | sudah bayar |
        sudah transfer | telah membayar
    ",
    )
});
/// Words behind a number that count people.
static PEOPLE: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        people | persons | guests | pax | adults | personas | invitados | comensales | pessoas |
        convidados | personnes | convives | invités | personen | leute | gäste | persone | ospiti |
        invitati | kişi | kişiyiz | kişilik | اشخاص | شخص | افراد | نفر | ضيوف | लोग | लोगों |
        व्यक्ति | मेहमान | orang | tamu
    ",
    )
});
/// Words before a number of people that has no such word behind it.
static TABLE_FOR: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::listed(
        "
        table for | party of | mesa para | table pour | tisch für | tavolo per | طاولة ل |
        meja untuk
    ",
    )
});

/// The day of a message where the business is.
pub(super) fn anchor(heard: &Heard<'_>, shop: &Shop) -> Anchor {
    let at = jiff::Timestamp::from_millisecond(heard.at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    Anchor {
        today: at.to_zoned(shop.zone.clone()).date(),
        is_month_first: matches!(shop.region.as_deref(), Some("US" | "PH")),
        language: heard.language,
    }
}

/// A value with the place of its words.
pub(super) fn value_at(
    field: &str,
    reading: &Reading<'_>,
    tokens: (usize, usize),
    value: String,
    heard: &Heard<'_>,
    confidence: f64,
) -> Option<LeadValue> {
    let span = reading.span(tokens.0, tokens.1)?;
    let raw = reading.raw(span);
    (!raw.is_empty() && !value.is_empty()).then(|| LeadValue {
        field: field.to_owned(),
        raw: raw.to_owned(),
        value,
        message_id: heard.id,
        span: Some(span),
        method: LeadMethod::Rule,
        confidence,
    })
}

const fn overlap(one: (usize, usize), other: (usize, usize)) -> bool {
    one.0 < other.1 && other.0 < one.1
}

/// What a message holds of numbers, with no token in two of them.
pub(super) struct Numbers {
    pub(super) phones: Vec<phone::Phone>,
    pub(super) dates: Vec<When>,
    pub(super) amounts: Vec<Money>,
}

/// Reads the numbers of a message; `asked` is the field we asked for, whose value may be less plain.
pub(super) fn numbers(reading: &Reading<'_>, heard: &Heard<'_>, shop: &Shop, asked: Option<&str>) -> Numbers {
    let region = shop.region.as_deref();
    let mut amounts = money::find(reading, region, asked == Some("budget"));
    let mut dates = dates::find(reading, anchor(heard, shop));
    let mut phones = phone::find(reading, region, asked == Some("phone"));
    // An amount with a currency is one; a number of a plan comes before a date, a date before a bare amount.
    phones.retain(|phone| {
        !amounts
            .iter()
            .any(|money| money.currency.is_some() && overlap(money.tokens, phone.tokens))
    });
    dates.retain(|when| {
        !amounts
            .iter()
            .any(|money| money.currency.is_some() && overlap(money.tokens, when.tokens))
            && !phones.iter().any(|phone| overlap(phone.tokens, when.tokens))
    });
    amounts.retain(|money| {
        money.currency.is_some()
            || (!phones.iter().any(|phone| overlap(phone.tokens, money.tokens))
                && !dates.iter().any(|when| overlap(when.tokens, money.tokens)))
    });
    phones.retain(|phone| !phone::is_own(&phone.number, &shop.own_numbers));
    Numbers {
        phones,
        dates,
        amounts,
    }
}

/// The amount that is most likely a budget, and how likely that is.
pub(super) fn budget(reading: &Reading<'_>, amounts: &[Money]) -> Option<(Money, f64)> {
    let is_paid = PAID.are_in(reading) || super::intake::is_procedure(reading);
    let sure = |money: &Money| -> f64 {
        match (money.is_cued, money.currency) {
            (true, Some(_)) => 0.95,
            (true, None) => 0.85,
            (false, Some(_)) => 0.65,
            (false, None) => 0.55,
        }
    };
    amounts
        .iter()
        .filter(|money| money.is_cued || !is_paid)
        .map(|money| (money.clone(), sure(money)))
        .rev()
        .max_by(|one, other| one.1.total_cmp(&other.1))
}

/// What the shop sells and a message names, with its place.
pub(super) fn service(reading: &Reading<'_>, services: &[Offer]) -> Option<(String, (usize, usize))> {
    let mut best: Option<(String, (usize, usize))> = None;
    for service in services {
        let open = |alias: &String| {
            // Long words may carry an ending: `makyajı`, `Brautkleides`.
            let is_long = alias
                .split_whitespace()
                .last()
                .is_some_and(|word| word.chars().count() >= 5);
            if is_long {
                format!("{}*", alias.trim())
            } else {
                alias.trim().to_owned()
            }
        };
        let list: Vec<String> = std::iter::once(&service.name)
            .chain(&service.aliases)
            .filter(|alias| alias.chars().any(char::is_alphanumeric))
            .map(open)
            .collect();
        let Some(found) = Phrases::of(&list).first(reading) else {
            continue;
        };
        let is_longer = best
            .as_ref()
            .is_none_or(|(_, tokens)| found.1 - found.0 > tokens.1 - tokens.0);
        if is_longer {
            best = Some((service.name.clone(), found));
        }
    }
    best
}

fn people(reading: &Reading<'_>) -> Option<(u32, (usize, usize))> {
    (0..reading.len()).find_map(|at| {
        let count = reading.number(at).filter(|count| (1..=2000).contains(count))?;
        if reading.kind(at) != Some(Kind::Digits) {
            return None;
        }
        if let Some(length) = PEOPLE.at(reading, at + 1) {
            return Some((count, (at, at + 1 + length)));
        }
        let length = TABLE_FOR.ending(reading, at)?;
        (reading.word(at + 1) != ":").then_some((count, (at - length, at + 1)))
    })
}

/// Reads everything a message says of its writer and their wish; at most one value for each field.
pub fn read(heard: &Heard<'_>, shop: &Shop) -> Vec<LeadValue> {
    if heard.text.len() > LONGEST {
        return Vec::new();
    }
    let reading = Reading::of(heard.text);
    let mut found: Vec<LeadValue> = Vec::new();
    let mut add = |field: &str, tokens: (usize, usize), value: String, confidence: f64| {
        found.extend(value_at(field, &reading, tokens, value, heard, confidence));
    };
    let numbers = numbers(&reading, heard, shop, None);
    let is_own = |email: &String| {
        shop.own_emails
            .iter()
            .any(|own| own.trim().eq_ignore_ascii_case(email))
    };
    if let Some((email, at)) = phone::emails(&reading)
        .into_iter()
        .find(|(email, _)| !is_own(email))
    {
        add("email", (at, at + 1), email, 0.98);
    }
    if let Some(phone) = numbers.phones.first() {
        add("phone", phone.tokens, phone.number.clone(), 0.9);
    }
    if let Some((money, confidence)) = budget(&reading, &numbers.amounts) {
        add(
            "budget",
            money.tokens,
            money.value(shop.currency.as_deref()),
            confidence,
        );
    }
    let best_date = numbers
        .dates
        .iter()
        .rev()
        .max_by(|one, other| one.confidence.total_cmp(&other.confidence));
    if let Some(when) = best_date.filter(|when| when.confidence >= 0.5) {
        add("date", when.tokens, when.value(), when.confidence);
    }
    if let Some(name) = names::person(&reading) {
        let shown = reading
            .span(name.tokens.0, name.tokens.1)
            .map(|span| names::shown(reading.raw(span)))
            .unwrap_or_default();
        add(
            "name",
            name.tokens,
            shown,
            if name.is_certain { 0.9 } else { 0.6 },
        );
    }
    for (field, named) in [
        ("company", names::company(&reading)),
        ("place", names::place(&reading)),
    ] {
        if let Some(named) = named {
            let shown = reading
                .span(named.tokens.0, named.tokens.1)
                .map(|span| names::shown(reading.raw(span)))
                .unwrap_or_default();
            add(
                field,
                named.tokens,
                shown,
                if named.is_certain { 0.8 } else { 0.6 },
            );
        }
    }
    if let Some((count, tokens)) = people(&reading) {
        add("notes", tokens, format!("people: {count}"), 0.7);
    }
    match service(&reading, &shop.services) {
        Some((name, tokens)) => add("interest", tokens, name, 0.9),
        None if !is_small_talk_in(&reading) => {
            if let Some(skill) = heard.skill {
                add("interest", (0, reading.len()), skill.to_owned(), 0.6);
            }
        }
        None => {}
    }
    if let Some(language) = heard.language.filter(|_| !reading.original().trim().is_empty()) {
        found.push(LeadValue {
            field: "language".to_owned(),
            raw: language.as_str().to_owned(),
            value: language.as_str().to_owned(),
            message_id: heard.id,
            span: None,
            method: LeadMethod::Rule,
            confidence: 0.7,
        });
    }
    found
}

/// What the customer's profile says: a weak guess, which any message beats.
pub fn from_profile(name: Option<&str>, phone: Option<&str>) -> Vec<LeadValue> {
    let value = |field: &str, raw: &str, value: String, confidence: f64| LeadValue {
        field: field.to_owned(),
        raw: raw.to_owned(),
        value,
        message_id: None,
        span: None,
        method: LeadMethod::Profile,
        confidence,
    };
    let name = name
        .map(str::trim)
        .filter(|name| name.chars().filter(|c| c.is_alphabetic()).count() >= 2)
        .map(|name| value("name", name, names::shown(name), 0.4));
    let phone = phone
        .filter(|phone| domain::digits_only(phone).len() >= 7)
        .map(|phone| value("phone", phone, domain::international(phone), 0.5));
    name.into_iter().chain(phone).collect()
}
