//! Leads as a shop sees them: what is read from which words, and what is made of it.

#![expect(
    clippy::unwrap_used,
    reason = "what tests prepare has to work; clippy only knows the test functions themselves"
)]

mod answers;
mod calendar;
mod language_model;
mod numbers;
mod people;
mod scoring;

use assistant::leads::{Heard, Held, Offer, Shop, read};
use domain::{Language, LeadMethod, LeadValue, MessageId, Timestamp};

/// A Tuesday morning: 2026-11-10, nine o'clock in UTC.
pub(crate) const TUESDAY: Timestamp = Timestamp(1_794_301_200_000);

pub(crate) fn shop(region: &str) -> Shop {
    Shop {
        region: Some(region.to_owned()),
        own_numbers: vec!["+90 212 555 01 99".to_owned(), "+44 7700 900000".to_owned()],
        own_emails: vec!["hello@shop.example".to_owned()],
        services: vec![
            Offer {
                name: "Bridal make-up".to_owned(),
                aliases: [
                    "bridal makeup",
                    "gelin makyajı",
                    "maquillaje de novia",
                    "مكياج عروس",
                    "दुल्हन मेकअप",
                ]
                .map(str::to_owned)
                .to_vec(),
            },
            Offer {
                name: "Haircut".to_owned(),
                aliases: ["saç kesimi", "corte de pelo", "Haarschnitt"]
                    .map(str::to_owned)
                    .to_vec(),
            },
        ],
        ..Shop::default()
    }
}

pub(crate) fn heard(text: &str) -> Heard<'_> {
    Heard {
        id: Some(MessageId(7)),
        text,
        at: TUESDAY,
        language: None,
        skill: None,
    }
}

/// The values a message holds, without its language. Their words always stand where they say.
pub(crate) fn values_in(text: &str, region: &str, language: Option<Language>) -> Vec<LeadValue> {
    let heard = Heard {
        language,
        ..heard(text)
    };
    let mut values = read(&heard, &shop(region));
    values.retain(|value| value.field != "language");
    for value in &values {
        let (from, to) = value.span.unwrap();
        assert_eq!(text.get(from..to), Some(value.raw.as_str()), "{value:?}");
        assert_eq!(value.message_id, Some(MessageId(7)));
    }
    values
}

/// The value of one field, when the message holds it.
pub(crate) fn field(text: &str, region: &str, field: &str) -> Option<String> {
    values_in(text, region, None)
        .into_iter()
        .find(|value| value.field == field)
        .map(|value| value.value)
}

pub(crate) fn value(field: &str, value: &str, method: LeadMethod, confidence: f64) -> LeadValue {
    LeadValue {
        field: field.to_owned(),
        raw: value.to_owned(),
        value: value.to_owned(),
        message_id: None,
        span: None,
        method,
        confidence,
    }
}

pub(crate) fn held(value: LeadValue) -> Held {
    Held { value, locked: false }
}
