//! Answers to our questions, and which question comes next.

use crate::{heard, held, shop, value};
use assistant::leads::{
    Bound, Held, History, Intake, IntakeQuestion, TurnKind, bind, is_no_progress, is_refusal, next_question,
    turn_kind,
};
use domain::{Language, LeadMethod, LeadValue};

fn answer(field: &str, text: &str) -> Bound {
    bind(field, &heard(text), &shop("TR"))
}

fn filled(field: &str, text: &str) -> Option<LeadValue> {
    match answer(field, text) {
        Bound::Filled(value) => {
            let (from, to) = value.span.unwrap();
            assert_eq!(text.get(from..to), Some(value.raw.as_str()));
            assert_eq!(
                (value.method, value.field.as_str()),
                (LeadMethod::Question, field)
            );
            Some(value)
        }
        _ => None,
    }
}

#[test]
fn a_short_answer_fills_the_field_we_asked_for() {
    let cases = [
        ("name", "ana", "Ana"),
        ("name", "benim adım Ayşe", "Ayşe"),
        ("name", "سارة أحمد", "سارة أحمد"),
        ("place", "Kadıköy, İstanbul.", "Kadıköy, İstanbul"),
        ("budget", "500", "500"),
        ("budget", "around 2000", "2000"),
        ("budget", "500-800 €", "500-800 EUR"),
        ("phone", "5321234567", "+905321234567"),
        ("phone", "0212 555 01 88", "+902125550188"),
        ("email", "it is ana@example.com", "ana@example.com"),
        ("date", "haftaya cuma", "2026-11-20"),
        ("date", "as soon as possible", "as soon as possible"),
        ("company", "Acme", "Acme"),
        ("interest", "saç kesimi", "Haircut"),
        ("pet", "a small dog", "a small dog"),
        ("insurance", "no", "no"),
        ("insurance", "Evet", "Evet"),
    ];
    for (field, text, expected) in cases {
        let value = filled(field, text);
        assert_eq!(
            value.map(|value| value.value).as_deref(),
            Some(expected),
            "{field}: {text}"
        );
    }
}

#[test]
fn what_is_no_answer_fills_nothing() {
    let cases = [
        ("name", "how much is it?"),
        ("name", "ok thanks"),
        ("name", "can I speak to a human"),
        ("name", "stop"),
        ("name", "hello"),
        ("place", "do you also have it in red?"),
        ("budget", "whatever it takes"),
        ("phone", "later"),
        ("phone", "12"),
        ("email", "ana at example"),
        (
            "place",
            "I have been thinking about it for a long time and I wonder whether you could tell me what else there is",
        ),
    ];
    for (field, text) in cases {
        assert_eq!(answer(field, text), Bound::Other, "{field}: {text}");
    }
}

#[test]
fn a_refusal_is_understood_in_ten_languages() {
    for text in [
        "I'd rather not say",
        "no",
        "prefiero no decirlo",
        "prefiro não informar",
        "je préfère ne pas répondre",
        "Das möchte ich nicht sagen",
        "preferisco non dirlo",
        "vermek istemiyorum",
        "لا أريد",
        "नहीं बताना",
        "tidak mau",
    ] {
        assert_eq!(answer("phone", text), Bound::Refused, "{text}");
        assert!(is_refusal(text) && is_no_progress(text), "{text}");
    }
    assert!(!is_refusal("my number is 0532 123 45 67"));
}

#[test]
fn not_knowing_is_no_refusal() {
    for text in [
        "I don't know",
        "no sé",
        "não sei",
        "je ne sais pas",
        "weiß nicht",
        "non lo so",
        "bilmiyorum",
        "لا أعرف",
        "पता नहीं",
        "tidak tahu",
    ] {
        assert_eq!(answer("date", text), Bound::Unknown, "{text}");
        assert!(is_no_progress(text));
    }
}

fn question(field: &str, text: &str) -> IntakeQuestion {
    IntakeQuestion {
        field: field.to_owned(),
        texts: vec![
            (None, text.to_owned()),
            (Some(Language::German), format!("{text} (de)")),
        ],
        services: Vec::new(),
    }
}

fn intake() -> Intake {
    let questions = ["interest", "date", "phone", "budget", "place"];
    Intake {
        questions: questions
            .iter()
            .map(|field| question(field, &format!("{field}?")))
            .collect(),
    }
}

fn history() -> History {
    History {
        customer_turns: 1,
        refused: Vec::new(),
        asked: Vec::new(),
        kind: TurnKind::Sales,
        answers: true,
        window_open: true,
        opted_out: false,
        no_progress: false,
        language: None,
    }
}

fn known(field: &str) -> Held {
    held(value(field, "x", LeadMethod::Rule, 0.9))
}

fn next(values: &[Held], history: &History) -> Option<String> {
    next_question(&intake(), values, history).map(|question| question.field)
}

#[test]
fn the_owners_first_open_question_is_asked_in_the_customers_language() {
    assert_eq!(next(&[], &history()).as_deref(), Some("interest"));
    assert_eq!(next(&[known("interest")], &history()).as_deref(), Some("date"));
    let german = History {
        language: Some(Language::German),
        ..history()
    };
    assert_eq!(
        next_question(&intake(), &[], &german).unwrap().text,
        "interest? (de)"
    );
}

#[test]
fn more_questions_count_the_longer_somebody_talks() {
    let two = [known("interest"), known("date")];
    let asks = |turns| {
        let history = History {
            customer_turns: turns,
            ..history()
        };
        next(&two, &history)
    };
    assert_eq!((asks(3), asks(4).as_deref()), (None, Some("phone")));
    let four = [known("interest"), known("date"), known("phone"), known("budget")];
    let late = History {
        customer_turns: 20,
        ..history()
    };
    assert_eq!(next(&four, &late), None, "four at most");
}

#[test]
fn what_is_known_or_refused_is_not_asked_again() {
    let refused = History {
        refused: vec!["interest".to_owned()],
        ..history()
    };
    assert_eq!(next(&[], &refused).as_deref(), Some("date"));
    let twice = History {
        refused: vec!["interest".to_owned(), "date".to_owned()],
        customer_turns: 9,
        ..history()
    };
    assert_eq!(next(&[], &twice), None);
    let nothing_there = Held {
        locked: true,
        ..held(value("interest", "", LeadMethod::Manual, 1.0))
    };
    assert_eq!(next(&[nothing_there], &history()).as_deref(), Some("date"));
}

#[test]
fn the_same_is_not_asked_twice_in_a_row_and_three_times_never() {
    let asked = |fields: &[&str]| History {
        asked: fields.iter().map(|field| (*field).to_owned()).collect(),
        ..history()
    };
    assert_eq!(next(&[], &asked(&["interest"])).as_deref(), Some("date"));
    assert_eq!(
        next(&[], &asked(&["interest", "date"])).as_deref(),
        Some("interest")
    );
    assert_eq!(next(&[], &asked(&["interest", "date", "interest", "date"])), None);
}

#[test]
fn nothing_is_asked_where_a_question_would_be_out_of_place() {
    let wrong = [
        History {
            kind: TurnKind::Procedure,
            ..history()
        },
        History {
            kind: TurnKind::Information,
            ..history()
        },
        History {
            kind: TurnKind::SmallTalk,
            ..history()
        },
        History {
            answers: false,
            ..history()
        },
        History {
            window_open: false,
            ..history()
        },
        History {
            opted_out: true,
            ..history()
        },
        History {
            no_progress: true,
            ..history()
        },
    ];
    for history in wrong {
        assert_eq!(next(&[], &history), None, "{history:?}");
    }
}

#[test]
fn a_question_of_one_service_is_asked_for_that_service() {
    let mut of_hair = question("length", "How long?");
    of_hair.services = vec!["Haircut".to_owned()];
    let intake = Intake {
        questions: vec![of_hair],
    };
    let wants = |name: &str| [held(value("interest", name, LeadMethod::Rule, 0.9))];
    assert_eq!(next_question(&intake, &[], &history()), None);
    assert_eq!(next_question(&intake, &wants("Bridal make-up"), &history()), None);
    assert_eq!(
        next_question(&intake, &wants("haircut"), &history())
            .unwrap()
            .text,
        "How long?"
    );
}

#[test]
fn what_a_turn_is_about_is_told_apart() {
    let kind = |text| turn_kind(text, &shop("TR").services);
    for text in ["hi", "ok thanks", "Merhaba", "شكرا", "धन्यवाद", "terima kasih kak"] {
        assert_eq!(kind(text), TurnKind::SmallTalk, "{text}");
    }
    for text in [
        "I want a refund",
        "siparişim nerede",
        "quiero devolver esto",
        "أين طلبي",
        "pesanan saya rusak",
    ] {
        assert_eq!(kind(text), TurnKind::Procedure, "{text}");
    }
    for text in [
        "what are your opening hours",
        "onde fica a loja?",
        "Öffnungszeiten?",
        "ساعات العمل",
    ] {
        assert_eq!(kind(text), TurnKind::Information, "{text}");
    }
    for text in [
        "how much is a haircut?",
        "gelin makyajı ne kadar",
        "I want to book for Friday",
    ] {
        assert_eq!(kind(text), TurnKind::Sales, "{text}");
    }
}
