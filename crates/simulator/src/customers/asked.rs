//! Who wrote in the last hour, when the shop's assistant was on already: some are answered by it at once, some wait for
//! a person's word, some ask for a person. All people are invented.

use super::studio::{Studio, person};
use crate::webhook::{Change, Inbound, messages, new_wamid};

/// One who asked something, so many minutes ago. What is older than a quarter of an hour is only drafted for.
struct Asked {
    name: &'static str,
    wa_id: &'static str,
    minutes: i64,
    text: &'static str,
}

const fn asked(minutes: i64, name: &'static str, wa_id: &'static str, text: &'static str) -> Asked {
    Asked {
        name,
        wa_id,
        minutes,
        text,
    }
}

const ASKED: &[Asked] = &[
    // The assistant waits for a person's word.
    asked(41, "Bruno Alves", "12025550138", "onde vocês ficam?"),
    asked(31, "ياسمين فرح", "12025550137", "كيف أدفع؟"),
    asked(
        26,
        "Tilly Marsh",
        "447700900157",
        "Hi! Do you have gift vouchers?",
    ),
    asked(
        22,
        "Leah Sutton",
        "447700900156",
        "What time do you open on Saturday?",
    ),
    // It answers by itself: a skill, in the customer's language; a quote; a question back.
    asked(6, "Inés Romero", "12025550136", "¿Cómo puedo pagar?"),
    asked(4, "Mehmet Arslan", "447700900153", "Pazar günü açık mısınız?"),
    asked(3, "Jack Turner", "447700900154", "Are the bowls dishwasher safe?"),
    asked(2, "Rosie Clarke", "447700900152", "Is there parking?"),
    asked(1, "Ella Fox", "447700900155", "how much would it be?"),
    // A person is needed.
    asked(
        5,
        "Wendy Hart",
        "447700900159",
        "My plate arrived broken and I want my money back.",
    ),
    asked(
        3,
        "Graham Pell",
        "447700900158",
        "Can I talk to a real person please?",
    ),
];

/// What they wrote, the oldest first; a delivery each.
pub(super) fn lately(studio: &Studio, now: i64) -> Vec<Vec<Change>> {
    let written = |asked: &Asked| {
        let who = person(asked.name, asked.wa_id);
        let at = now - asked.minutes * 60;
        let message = Inbound::text(asked.text).message(&who, &new_wamid(), at);
        vec![messages(&studio.number, &[who], vec![message])]
    };
    ASKED.iter().map(written).collect()
}
