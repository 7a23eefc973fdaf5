//! Which value holds, what a lead is worth, and the table for other programs.

use crate::{TUESDAY, held, value, values_in};
use assistant::leads::{
    ExportedLead, ExportedValue, Held, Known, Score, Signals, Stage, Step, export, is_small_talk, merge,
    score, signals_of, stage,
};
use domain::{LeadMethod, LeadStatus, MessageId, Temperature};

fn locked(field: &str, text: &str) -> Held {
    Held {
        value: value(field, text, LeadMethod::Manual, 1.0),
        locked: true,
    }
}

#[test]
fn the_newest_word_of_the_customer_holds() {
    let old = [held(value("date", "2026-11-20", LeadMethod::Question, 0.9))];
    let new = value("date", "2026-11-27", LeadMethod::Rule, 0.8);
    assert_eq!(merge(&old, std::slice::from_ref(&new)), [Step::Set(new)]);
}

#[test]
fn a_weaker_way_of_knowing_does_not_win_and_neither_does_nothing() {
    let old = [held(value("name", "Ana Silva", LeadMethod::Rule, 0.9))];
    let weaker = [
        value("name", "ana", LeadMethod::Profile, 0.4),
        value("name", "Anna", LeadMethod::Model, 0.75),
        value("name", "  ", LeadMethod::Rule, 0.9),
        value("name", "Late", LeadMethod::Rule, 0.5),
        value("name", "Ana Silva", LeadMethod::Rule, 0.9),
    ];
    assert!(merge(&old, &weaker).is_empty());
}

#[test]
fn what_a_person_entered_survives_every_later_reading() {
    let old = [locked("phone", "+447700900123")];
    let new = value("phone", "+447700900999", LeadMethod::Rule, 0.9);
    for _ in 0..3 {
        assert_eq!(
            merge(&old, std::slice::from_ref(&new)),
            [Step::Suggest(new.clone())]
        );
    }
    let same = value("phone", "+447700900123", LeadMethod::Rule, 0.9);
    assert!(merge(&old, &[same]).is_empty());
}

#[test]
fn a_field_that_was_given_back_to_the_assistant_is_read_again() {
    let old = [held(value("phone", "+447700900123", LeadMethod::Manual, 1.0))];
    let new = value("phone", "+447700900999", LeadMethod::Rule, 0.7);
    assert_eq!(merge(&old, std::slice::from_ref(&new)), [Step::Set(new)]);
}

#[test]
fn two_values_of_one_reading_are_merged_one_after_the_other() {
    let one = value("date", "2026-11-20", LeadMethod::Rule, 0.8);
    let two = value("date", "2026-11-21", LeadMethod::Rule, 0.8);
    assert_eq!(
        merge(&[], &[one.clone(), two.clone()]),
        [Step::Set(one), Step::Set(two)]
    );
}

fn scored(values: &[Held], signals: Signals, before: Stage) -> Score {
    let score = score(&Known {
        values,
        signals,
        stage: before,
        spam: false,
        now: TUESDAY,
    });
    let sum: i32 = score.reasons.iter().map(|reason| reason.points).sum();
    assert_eq!(
        sum,
        i32::from(score.points),
        "the reasons add up: {:?}",
        score.reasons
    );
    assert!(score.reasons.iter().all(|reason| reason.text.ends_with('.')));
    assert_eq!(
        signals_of(&score.reasons),
        signals,
        "the signals can be read back"
    );
    score
}

/// Reads a conversation as the engine does, and scores it.
fn after(texts: &[&str]) -> Score {
    let mut values: Vec<Held> = Vec::new();
    let (mut signals, mut reached) = (Signals::default(), Stage::None);
    let mut last = scored(&values, signals, reached);
    for text in texts {
        for step in merge(&values, &values_in(text, "GB", None)) {
            if let Step::Set(new) = step {
                values.retain(|held| held.value.field != new.field);
                values.push(held(new));
            }
        }
        signals = signals.after(Signals::of(text));
        last = scored(&values, signals, reached);
        reached = last.stage;
    }
    last
}

#[test]
fn a_lead_that_only_greeted_is_cold() {
    for text in [
        "Hello!",
        "hola",
        "Merhaba",
        "السلام عليكم",
        "नमस्ते",
        "Bom dia",
        "ok",
    ] {
        let score = after(&[text]);
        assert_eq!(
            (score.points, score.temperature, score.stage),
            (0, Temperature::Cold, Stage::None),
            "{text}"
        );
    }
}

#[test]
fn a_lead_gets_warmer_with_what_it_says() {
    let asked = after(&["how much is a haircut?"]);
    assert_eq!((asked.points, asked.temperature), (40, Temperature::Cold));
    let dated = after(&["how much is a haircut?", "next Friday maybe at 5pm"]);
    assert_eq!(dated.temperature, Temperature::Warm);
    let hot = after(&["how much is a haircut?", "I'd like to book for next Friday"]);
    assert_eq!(
        (hot.points, hot.temperature, hot.stage),
        (75, Temperature::Hot, Stage::BookingReady)
    );
}

#[test]
fn a_nod_never_makes_a_lead_colder() {
    let start = ["I'd like to book bridal makeup next Friday, it's urgent, 500 euros"];
    let before = after(&start);
    for nod in [
        "ok thanks",
        "gracias",
        "Danke!",
        "tamam",
        "شكرا",
        "धन्यवाद",
        "merci",
        "👍",
        "obrigada",
        "grazie",
        "terima kasih",
    ] {
        assert_eq!(after(&[start[0], nod]), before, "{nod}");
        assert!(is_small_talk(nod), "{nod}");
    }
}

#[test]
fn hesitation_cools_and_a_decision_warms_again() {
    let wish = "I want to book a haircut tomorrow";
    let sure = after(&[wish]);
    let unsure = after(&[wish, "not sure, let me think"]);
    let again = after(&[wish, "not sure, let me think", "ok, book me"]);
    assert!(unsure.points < sure.points && again.points == sure.points);
    assert_eq!(unsure.stage, Stage::BookingReady, "the stage never falls");
}

#[test]
fn who_wants_to_be_left_alone_is_no_lead() {
    for text in [
        "STOP",
        "please stop messaging me",
        "no me escriban más",
        "bana yazmayın",
        "لا تراسلني",
        "jangan hubungi saya",
    ] {
        let score = after(&["I want to book a haircut tomorrow", text]);
        assert_eq!(
            (score.points, score.temperature),
            (0, Temperature::Cold),
            "{text}"
        );
    }
    let spam = score(&Known {
        values: &[held(value("interest", "Haircut", LeadMethod::Rule, 0.9))],
        signals: Signals::default(),
        stage: Stage::None,
        spam: true,
        now: TUESDAY,
    });
    assert_eq!(spam.points, 0);
}

#[test]
fn without_knowing_what_they_want_a_lead_stays_cold() {
    let values = [
        held(value("date", "2026-11-20", LeadMethod::Rule, 0.9)),
        held(value("budget", "500 EUR", LeadMethod::Rule, 0.9)),
        held(value("email", "ana@example.com", LeadMethod::Rule, 0.9)),
    ];
    assert_eq!(scored(&values, Signals::default(), Stage::None).points, 30);
}

#[test]
fn the_number_somebody_writes_from_is_not_given_by_them() {
    let of = |method| {
        scored(
            &[held(value("phone", "+447700900123", method, 0.5))],
            Signals::default(),
            Stage::None,
        )
    };
    assert_eq!(of(LeadMethod::Profile).points, 0);
    assert_eq!(of(LeadMethod::Rule).points, 10);
}

#[test]
fn a_day_far_away_counts_less() {
    let with = |date: &str| {
        let values = [
            held(value("interest", "Haircut", LeadMethod::Rule, 0.9)),
            held(value("date", date, LeadMethod::Rule, 0.9)),
        ];
        scored(&values, Signals::default(), Stage::None).points
    };
    assert_eq!(
        (with("2026-11-20"), with("2027-06"), with("flexible")),
        (60, 50, 60)
    );
}

#[test]
fn urgency_is_heard_in_ten_languages_and_not_when_it_is_denied() {
    for text in [
        "it's urgent",
        "es urgente",
        "o quanto antes",
        "au plus vite",
        "dringend",
        "il prima possibile",
        "acil",
        "عاجل",
        "तुरंत चाहिए",
        "secepatnya",
    ] {
        assert!(Signals::of(text).urgent, "{text}");
    }
    for text in ["it's not urgent", "no es urgente", "nicht dringend", "acil değil"] {
        assert!(!Signals::of(text).urgent, "{text}");
    }
}

#[test]
fn a_stage_never_falls() {
    assert_eq!(
        stage(&[], Signals::default(), Stage::Qualification),
        Stage::Qualification
    );
    for word in Stage::ALL {
        assert_eq!(Stage::read(word.as_str()), *word);
    }
}

fn exported(values: &[(&str, &str)]) -> ExportedLead {
    ExportedLead {
        id: "1".to_owned(),
        status: LeadStatus::New,
        score: 75,
        temperature: Temperature::Hot,
        channel: "Shop".to_owned(),
        created_at: TUESDAY,
        updated_at: TUESDAY,
        values: values
            .iter()
            .map(|(field, value)| ExportedValue {
                field: (*field).to_owned(),
                value: (*value).to_owned(),
                method: LeadMethod::Rule,
                message_id: Some(MessageId(7)),
            })
            .collect(),
    }
}

#[test]
fn a_table_has_the_same_columns_every_time_and_own_fields_at_the_end() {
    let empty = export(&[]);
    let head = "lead_id,status,score,temperature,channel,created_at,updated_at,name,name_source,phone,phone_source,\
                email,email_source,company,company_source,interest,interest_source,budget,budget_source,date,\
                date_source,place,place_source,language,language_source,notes,notes_source";
    assert_eq!(empty, format!("\u{feff}{head}\r\n"));
    let table = export(&[exported(&[("name", "Ana, \"the\" boss"), ("pet", "dog")])]);
    assert!(table.starts_with(&format!("\u{feff}{head},pet,pet_source\r\n")));
    assert!(table.contains(",\"Ana, \"\"the\"\" boss\",rule:7,"));
    assert!(table.ends_with(",dog,rule:7\r\n"));
}

#[test]
fn a_table_holds_no_formula() {
    for text in ["=1+1", "+447700900123", "-2", "@SUM(A1)", "\t=1", "＝1", " =cmd"] {
        let table = export(&[exported(&[("notes", text)])]);
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        assert!(row.iter().any(|cell| cell == format!("'{text}")), "{table}");
    }
}
