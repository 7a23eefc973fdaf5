//! The starter pack, the canned texts and the ladder.

use std::collections::{HashMap, HashSet};

use assistant::rules::{
    CannedText, Command, Hours, Rung, STARTER_LANGUAGES, Sign, Texts, WrongText, background, differs, ladder,
    look, needed_facts, pack, repeated,
};
use assistant::text::normalise;
use domain::{BotMode, EscalationReason, FactKind, Language};

const ALL_HOURS: [Hours; 3] = [Hours::Open, Hours::Closed, Hours::ClosedUntil];

fn fits_a_button(title: &str) -> bool {
    !title.trim().is_empty() && title.encode_utf16().count() <= 20
}

fn in_english() -> Vec<domain::Skill> {
    pack(&[Language::English])
}

#[test]
fn every_starter_skill_speaks_all_six_languages_and_begins_in_shadow() {
    let skills = pack(&STARTER_LANGUAGES);
    assert!(skills.len() > 19);
    for skill in &skills {
        assert_eq!(skill.autonomy, BotMode::Shadow);
        for language in STARTER_LANGUAGES {
            let phrases = skill
                .examples
                .iter()
                .filter(|example| example.language == Some(language) && !example.negative)
                .count();
            assert!(phrases > 9, "{} has {phrases} phrases in {language}", skill.name);
            let answers = skill
                .answers
                .iter()
                .filter(|answer| answer.language == Some(language))
                .count();
            assert_eq!(answers, 1, "{} in {language}", skill.name);
        }
    }
}

#[test]
fn no_phrase_belongs_to_two_skills() {
    let mut owners: HashMap<String, String> = HashMap::new();
    for language in STARTER_LANGUAGES {
        for (skill, named) in pack(&[language]).iter().zip(in_english()) {
            for example in skill.examples.iter().filter(|example| !example.negative) {
                let phrase = normalise(&example.text);
                assert!(!phrase.is_empty(), "{:?}", example.text);
                if let Some(other) = owners.insert(phrase, named.name.clone()) {
                    assert_eq!(other, named.name, "{:?} is a phrase of both", example.text);
                }
            }
        }
    }
}

#[test]
fn buttons_of_the_pack_fit_and_lead_to_the_skill_they_name() {
    for language in STARTER_LANGUAGES {
        let skills = pack(&[language]);
        let names: HashSet<String> = skills.iter().map(|skill| normalise(&skill.name)).collect();
        for skill in &skills {
            assert!(fits_a_button(&skill.name), "{}", skill.name);
            for answer in &skill.answers {
                assert!(answer.buttons.len() <= 3);
                for button in &answer.buttons {
                    assert!(
                        names.contains(&normalise(&button.title)),
                        "{} in {language}",
                        button.title
                    );
                }
            }
        }
    }
}

#[test]
fn answers_use_only_placeholders_that_are_known_and_the_same_ones_in_each_language() {
    let named = in_english();
    for language in STARTER_LANGUAGES {
        for (skill, english) in pack(&[language]).iter().zip(&named) {
            let facts = needed_facts(skill);
            assert_eq!(facts, needed_facts(english), "{} in {language}", english.name);
            for answer in &skill.answers {
                let mut left = answer.text.clone();
                for fact in &facts {
                    left = left.replace(&format!("{{{}}}", fact.placeholder), "");
                }
                assert!(!left.contains(['{', '}']), "{left}");
            }
        }
    }
}

#[test]
fn the_owner_is_asked_for_the_facts_an_answer_names() {
    let skills = in_english();
    let facts = |name: &str| {
        let skill = skills
            .iter()
            .find(|skill| skill.name == name)
            .expect("a skill of that name");
        needed_facts(skill)
            .into_iter()
            .map(|fact| (fact.kind, fact.key))
            .collect::<Vec<_>>()
    };
    assert_eq!(facts("Opening hours"), [(FactKind::Hours, "hours".to_owned())]);
    assert_eq!(facts("Delivery cost"), [(FactKind::Price, "delivery".to_owned())]);
    assert_eq!(facts("Parking"), [(FactKind::Text, "parking".to_owned())]);
    assert_eq!(facts("Hello"), []);
}

#[test]
fn no_hard_rule_fires_on_a_phrase_of_the_pack_that_a_skill_can_answer() {
    let human = ["Complaint", "My data"];
    let named = in_english();
    for language in STARTER_LANGUAGES {
        for (skill, english) in pack(&[language]).iter().zip(&named) {
            for example in skill.examples.iter().filter(|example| !example.negative) {
                let look = look(&example.text, false);
                let text = &example.text;
                if !human.contains(&english.name.as_str()) {
                    assert_eq!(look.reason(), None, "{text}: {:?}", look.found());
                    assert!(
                        !look.has(Sign::Stop) && !look.frustrated(),
                        "{text}: {:?}",
                        look.found()
                    );
                }
                assert!(!look.has(Sign::Acknowledgement), "{text}");
                assert!(!look.has(Sign::AsksForPerson), "{text}");
            }
        }
    }
}

#[test]
fn small_talk_fires_no_hard_rule_and_is_no_phrase_of_the_pack() {
    let phrases: HashSet<String> = pack(&STARTER_LANGUAGES)
        .iter()
        .flat_map(|skill| skill.examples.iter().map(|example| normalise(&example.text)))
        .collect();
    let mut languages = HashSet::new();
    assert!(background().len() > 274);
    for (language, sentence) in background() {
        languages.insert(*language);
        let look = look(sentence, false);
        assert!(look.found().is_empty(), "{sentence}: {:?}", look.found());
        assert!(!phrases.contains(&normalise(sentence)), "{sentence}");
    }
    assert_eq!(languages.len(), Language::ALL.len());
}

#[test]
fn there_is_a_text_for_every_occasion_in_every_language() {
    let texts = Texts::default();
    for language in Language::ALL {
        for kind in CannedText::all() {
            for hours in ALL_HOURS {
                let text = texts.text(kind, *language, hours);
                let silent = kind == CannedText::Escalation(EscalationReason::Loop);
                assert_eq!(text.is_none(), silent, "{kind:?} in {language}");
                let text = text.unwrap_or_default();
                let english = texts.text(kind, Language::English, hours).unwrap_or_default();
                let borrowed = *language != Language::English && text == english && !silent;
                assert!(!borrowed, "{kind:?} is not written in {language}");
                let next = matches!((kind, hours), (CannedText::Escalation(_), Hours::ClosedUntil));
                assert_eq!(text.contains("{next_open}"), next && !silent, "{text}");
                assert!(
                    !text.chars().any(char::is_numeric),
                    "a number promises something: {text}"
                );
            }
        }
        let button = texts
            .text(CannedText::PersonButton, *language, Hours::Open)
            .unwrap_or_default();
        assert!(fits_a_button(&button), "{button}");
    }
}

#[test]
fn the_owner_s_words_take_the_place_of_ours_and_come_back_from_json() {
    let mut texts = Texts::default();
    let refund = CannedText::Escalation(EscalationReason::Refund);
    let german = Language::German;
    texts
        .set(refund, None, german, "Das macht Ana.".to_owned())
        .expect("a good text");
    texts
        .set(
            refund,
            Some(Hours::ClosedUntil),
            german,
            "Ana ist {next_open} da.".to_owned(),
        )
        .expect("a good text");
    let again: Texts = serde_json::from_str(&serde_json::to_string(&texts).expect("json")).expect("json");
    assert_eq!(again, texts);
    assert_eq!(
        again.text(refund, german, Hours::Closed).as_deref(),
        Some("Das macht Ana.")
    );
    assert_eq!(
        again.text(refund, german, Hours::ClosedUntil).as_deref(),
        Some("Ana ist {next_open} da.")
    );
    assert_ne!(
        again.text(refund, Language::English, Hours::Open).as_deref(),
        Some("Das macht Ana.")
    );
    texts
        .set(CannedText::MediaNotice, None, german, String::new())
        .expect("silence is allowed");
    assert_eq!(texts.text(CannedText::MediaNotice, german, Hours::Open), None);
    texts.forget(refund, german);
    assert!(
        texts
            .text(refund, german, Hours::Closed)
            .is_some_and(|text| text != "Das macht Ana.")
    );
}

#[test]
fn a_text_that_could_not_be_sent_is_not_taken() {
    let mut texts = Texts::default();
    let english = Language::English;
    let long = "I want to talk to a person".to_owned();
    let refused = texts.set(CannedText::PersonButton, None, english, long);
    assert!(matches!(refused, Err(WrongText::TooLongForAButton(_))));
    let refused = texts.set(
        CannedText::FallbackTopics,
        None,
        english,
        "I know nothing.".to_owned(),
    );
    assert!(matches!(refused, Err(WrongText::Placeholder { .. })));
    let refused = texts.set(CannedText::Disclaimer, None, english, "Hello {name}".to_owned());
    assert!(matches!(refused, Err(WrongText::Placeholder { .. })));
    let read: Texts = serde_json::from_str(r#"{"lunch":{"en":"x"},"fallback":{"xx":"y"}}"#).expect("json");
    assert_eq!(read.wrong().len(), 2);
}

#[test]
fn a_second_miss_or_lost_patience_asks_for_a_person() {
    assert_eq!(ladder(1, false), Rung::Canned);
    assert_eq!(ladder(2, false), Rung::Escalate(EscalationReason::TwoMisses));
    assert_eq!(ladder(1, true), Rung::Escalate(EscalationReason::Anger));
}

#[test]
fn the_same_question_in_nearly_the_same_words_is_a_repetition() {
    let before = ["where is my order please", "hello", "ok"];
    assert!(repeated("Where is my order, please??", &before));
    assert!(!repeated("do you have it in blue", &before));
    assert!(!repeated("ok", &before));
    assert!(!repeated("where is my order please", &[]));
}

#[test]
fn the_assistant_never_says_the_same_twice_in_a_row() {
    assert!(!differs("We are open.", Some("we are open")));
    assert!(differs("We are open.", Some("We are closed.")));
    assert!(differs("We are open.", None));
}

#[test]
fn who_asks_for_a_person_gets_that_reason_before_all_others_and_a_stop_gets_none() {
    let reason = |text: &str| look(text, false).reason();
    let both = "I want my money back, let me talk to a person";
    assert_eq!(reason(both), Some(EscalationReason::AsksForPerson));
    assert_eq!(
        reason("refund me or I call my lawyer"),
        Some(EscalationReason::Legal)
    );
    assert_eq!(reason("cancel my order"), Some(EscalationReason::Refund));
    assert_eq!(reason("stop messaging me you idiots"), None);
    assert_eq!(reason("do you have mugs"), None);
}

#[test]
fn commands_of_messengers_are_known_with_the_name_of_the_bot_and_without() {
    assert_eq!(look("/start", false).command(), Some(Command::Start));
    assert_eq!(look("/STOP@shop_bot", false).command(), Some(Command::Stop));
    assert!(look("/stop", false).has(Sign::Stop));
    assert!(look("/human", false).has(Sign::AsksForPerson));
    assert_eq!(look("/", false).command(), None);
    assert_eq!(look("and/or", false).command(), None);
}

proptest::proptest! {
    #[test]
    fn no_text_whatever_breaks_the_rules(text in "\\PC{0,300}", open: bool) {
        let look = look(&text, open);
        proptest::prop_assert!(look.found().len() <= 14);
    }
}
