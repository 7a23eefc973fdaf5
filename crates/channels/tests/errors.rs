//! What Meta's error codes mean, and what the person at the desk is told.

use channels::whatsapp::errors::{Remedy, advice, known, words};
use domain::SendClass;
use std::collections::HashSet;

const T: SendClass = SendClass::Transient { tries: 5 };
const N: SendClass = SendClass::Never;
const C: SendClass = SendClass::Configuration;
const R: SendClass = SendClass::NumberRate;
const W: SendClass = SendClass::Wait;

/// Every code of section 8.2 with its class.
fn table() -> Vec<(i64, SendClass)> {
    let list = |class: SendClass, codes: &[i64]| codes.iter().map(|code| (*code, class)).collect::<Vec<_>>();
    [
        list(SendClass::Transient { tries: 2 }, &[1]),
        list(SendClass::Transient { tries: 3 }, &[131_000]),
        list(T, &[2, 131_016, 131_057, 133_004, 139_102, 2_494_100]),
        list(SendClass::PairRate, &[131_056]),
        list(R, &[4, 613, 80_007, 130_429, 132_069]),
        list(
            W,
            &[131_048, 131_064, 133_000, 133_008, 133_009, 133_015, 133_016],
        ),
        list(
            C,
            &[
                0, 3, 10, 33, 104, 190, 200, 250, 299, 368, 803, 2_200, 2_201, 131_005, 131_031, 131_037,
                131_042, 131_044, 131_045, 133_006, 133_010, 134_011, 141_006,
            ],
        ),
        list(
            N,
            &[
                100, 130_403, 130_472, 130_497, 131_008, 131_009, 131_020, 131_021, 131_026, 131_030,
                131_041, 131_047, 131_049, 131_050, 131_051, 131_052, 131_053, 131_055, 131_059, 131_060,
                131_062, 131_063, 131_201, 131_215, 132_000, 132_001, 132_005, 132_007, 132_008, 132_012,
                132_015, 132_016, 132_018, 132_068, 133_005, 134_100, 134_102, 135_000, 137_000, 138_000,
                138_018, 139_000, 139_004, 139_100, 139_103, 147_001, 147_005, 2_388_001, 2_388_019,
                2_388_103, 2_494_191, 2_593_107, 2_593_108, 2_593_109,
            ],
        ),
    ]
    .concat()
}

#[test]
fn every_code_of_the_contract_is_known_and_classed() {
    for (code, class) in table() {
        assert_eq!(
            known(Some(code), None).map(|advice| advice.class),
            Some(class),
            "{code}"
        );
    }
}

#[test]
fn a_subcode_sharpens_the_advice_only_where_it_means_something() {
    assert_eq!(advice(Some(100), Some(33)).class, C);
    assert_eq!(advice(Some(100), Some(99)).class, N);
    assert!(advice(Some(190), Some(463)).words.contains("expired"));
    assert!(advice(Some(190), Some(460)).words.contains("password"));
    assert_eq!(advice(Some(190), Some(1)), advice(Some(190), None));
    assert_eq!(advice(Some(4), Some(2_446_079)).class, R);
    assert_eq!(advice(Some(130_429), Some(2_494_055)).class, R);
}

#[test]
fn a_line_for_one_code_goes_before_the_range_around_it() {
    assert_ne!(words(Some(139_102), None), words(Some(139_101), None));
    assert_ne!(words(Some(2_388_019), None), words(Some(2_388_018), None));
}

#[test]
fn an_unknown_code_is_a_refusal_and_never_silence() {
    for code in [
        None,
        Some(-1),
        Some(199),
        Some(300),
        Some(i64::MAX),
        Some(i64::MIN),
    ] {
        assert_eq!(known(code, None), None);
        assert_eq!(advice(code, None).class, N);
        assert!(!words(code, None).is_empty());
    }
}

#[test]
fn the_words_are_sentences_for_people() {
    let mut seen = HashSet::new();
    for (code, _) in table() {
        let text = words(Some(code), None);
        seen.insert(text);
        assert!(
            text.ends_with('.') && !text.contains("  ") && text.len() > 50,
            "{code}: {text}"
        );
        for word in ["API", "OAuth", "HTTP", "parameter", "endpoint", "null"] {
            assert!(!text.contains(word), "{code} says {word}: {text}");
        }
    }
    assert!(seen.len() > 60, "the advice differs from code to code");
}

#[test]
fn what_passes_by_itself_says_that_nothing_has_to_be_done_yet() {
    for (code, class) in table() {
        let text = words(Some(code), None);
        if matches!(class, SendClass::NumberRate | SendClass::PairRate) {
            assert!(text.contains("by themselves"), "{code}: {text}");
        }
        if matches!(class, SendClass::Transient { .. }) {
            assert!(
                text.contains("by themselves") || text.contains("Deskbell tries"),
                "{code}: {text}"
            );
        }
    }
}

#[test]
fn each_refusal_has_a_next_step_that_fits_its_kind() {
    let step = |code| advice(Some(code), None).remedy;
    for (code, remedy) in [
        (0, Remedy::Reconnect),
        (190, Remedy::Reconnect),
        (250, Remedy::GrantPermission),
        (2, Remedy::Wait),
        (131_056, Remedy::Wait),
        (131_064, Remedy::Wait),
        (131_042, Remedy::RepairPayment),
        (131_045, Remedy::RegisterNumber),
        (131_047, Remedy::ChooseTemplate),
        (131_050, Remedy::StopPromotions),
        (131_053, Remedy::OtherFile),
        (131_062, Remedy::AskForNumber),
        (130_403, Remedy::Unblock),
        (132_001, Remedy::RefreshTemplates),
        (132_012, Remedy::RefillTemplate),
        (132_016, Remedy::RefreshTemplates),
        (133_010, Remedy::RegisterNumber),
        (137_000, Remedy::ConfirmPerson),
        (2_388_019, Remedy::OpenManager),
        (2_388_050, Remedy::ChangeTemplate),
        (999_999, Remedy::Correct),
    ] {
        assert_eq!(step(code), remedy, "{code}");
    }
    for (code, class) in table() {
        let remedy = step(code);
        match class {
            SendClass::Never => assert_ne!(remedy, Remedy::Wait, "{code} never passes"),
            SendClass::Configuration => assert!(
                !matches!(remedy, Remedy::Wait | Remedy::LeaveIt | Remedy::Correct),
                "{code} needs somebody"
            ),
            SendClass::Wait => {}
            _ => assert_eq!(remedy, Remedy::Wait, "{code} passes by itself"),
        }
    }
}
