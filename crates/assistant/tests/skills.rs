//! What a shop notices of the matcher.

use assistant::skills::{Band, Choice, Label, Match, Matcher};
use domain::{BotMode, Example, Language, Skill, SkillHours, SkillId, Timestamp};
use proptest::prelude::*;

fn example(text: &str, negative: bool) -> Example {
    Example {
        text: text.to_owned(),
        language: assistant::text::language(text),
        negative,
    }
}

fn skill(id: i64, name: &str, examples: &[&str]) -> Skill {
    Skill {
        id: SkillId(id),
        name: name.to_owned(),
        enabled: true,
        autonomy: BotMode::Bot,
        requires_human: false,
        high_risk: false,
        valid_from: None,
        valid_to: None,
        hours: SkillHours::Always,
        examples: examples.iter().map(|text| example(text, false)).collect(),
        answers: Vec::new(),
        version: 1,
    }
}

fn shop() -> Vec<Skill> {
    let hours = [
        "what are your opening hours",
        "when do you open",
        "are you open on sunday",
        "until what time are you open today",
        "¿a qué hora abren mañana?",
    ];
    let delivery = [
        "do you deliver to my area",
        "how much is delivery",
        "how long does shipping take",
        "can you send it to my house",
        "¿hacen envíos a domicilio?",
    ];
    let returns = [
        "how do I return an item",
        "I want my money back",
        "can I exchange this for another size",
        "the product arrived broken",
        "quiero devolver un producto",
    ];
    let location = [
        "where is your shop",
        "what is your address",
        "how do I get to your store",
        "where are you located",
        "¿dónde están ubicados?",
    ];
    let payment = [
        "can I pay by card",
        "which payment methods do you accept",
        "do you take cash",
        "can I pay in instalments",
        "¿aceptan tarjeta?",
    ];
    vec![
        skill(1, "Opening hours", &hours),
        skill(2, "Delivery", &delivery),
        skill(3, "Returns", &returns),
        skill(4, "Location", &location),
        skill(5, "Payment", &payment),
    ]
}

fn background() -> Vec<&'static str> {
    assistant::rules::background()
        .iter()
        .map(|(_, text)| text.as_str())
        .collect()
}

fn matcher() -> Matcher {
    Matcher::train(&shop(), &background(), &[])
}

fn best(matcher: &Matcher, text: &str) -> Option<Match> {
    matcher.decide(text, |_| true).into_iter().next()
}

#[test]
fn an_example_word_for_word_is_certain_however_it_is_spelled() {
    let found = best(&matcher(), "WHAT are your  Opening hours?!").unwrap();
    assert_eq!((found.skill, found.exact), (SkillId(1), true));
    assert!(found.confidence >= 1.0);
}

#[test]
fn a_mistyped_question_still_finds_its_skill() {
    for (text, id) in [
        ("waht are yuor openning huors", 1),
        ("how much is delivry", 2),
        ("wher is your shpo", 4),
        ("donde estan ubicadso", 4),
    ] {
        assert_eq!(best(&matcher(), text).unwrap().skill, SkillId(id), "{text}");
    }
}

#[test]
fn the_nearest_example_tells_the_language_to_answer_in() {
    let found = best(&matcher(), "a que hora abren").unwrap();
    let nearest = found.nearest.unwrap();
    assert_eq!(nearest.text, "¿a qué hora abren mañana?");
    assert_eq!(nearest.language, Some(Language::Spanish));
}

#[test]
fn what_has_nothing_to_do_with_the_shop_is_not_answered() {
    let matcher = matcher();
    for text in [
        "my neighbour plays the trumpet",
        "12345",
        "👍",
        "asdf qwer zxcv",
        "хорошая погода сегодня",
    ] {
        let considered = matcher.consider(text, |_| true, false);
        assert_ne!(considered.band, Band::Send, "{text}");
        assert!(considered.answers.is_empty(), "{text}");
    }
}

#[test]
fn a_sentence_the_owner_ruled_out_never_finds_that_skill() {
    let mut skills = shop();
    skills[1]
        .examples
        .push(example("do you deliver newspapers", true));
    let matcher = Matcher::train(&skills, &background(), &[]);
    let considered = matcher.consider("Do you deliver newspapers?", |_| true, false);
    assert!(considered.answers.iter().all(|found| found.skill != SkillId(2)));
    let delivery = considered.matches.iter().find(|found| found.skill == SkillId(2));
    assert!(delivery.is_none_or(|found| found.confidence <= 0.0));
}

#[test]
fn two_questions_at_once_get_two_answers() {
    let considered = matcher().consider("When do you open? And where is your shop?", |_| true, false);
    let skills: Vec<SkillId> = considered.answers.iter().map(|found| found.skill).collect();
    assert_eq!(
        (considered.band, skills),
        (Band::Send, vec![SkillId(1), SkillId(4)])
    );
}

#[test]
fn a_skill_that_is_off_never_answers_and_no_other_takes_its_place() {
    let considered = matcher().consider("what are your opening hours", |skill| skill != SkillId(1), false);
    assert!(considered.matches.iter().all(|found| found.skill != SkillId(1)));
    assert_eq!(considered.band, Band::Next);
}

#[test]
fn a_skill_answers_only_while_it_is_valid() {
    let now = Timestamp(1_000);
    let mut skills = shop();
    skills[0].hours = SkillHours::Open;
    let matcher = Matcher::train(&skills, &background(), &[]);
    let band = |open: bool| {
        let valid = |id| {
            skills
                .iter()
                .any(|skill| skill.id == id && skill.is_valid(now, Some(open)))
        };
        matcher.consider("when do you open", valid, !open).band
    };
    assert_eq!((band(true), band(false)), (Band::Send, Band::Next));
}

#[test]
fn a_sentence_that_means_two_skills_is_asked_about() {
    let mut skills = shop();
    for place in [0, 3] {
        skills[place]
            .examples
            .push(example("tell me about your shop", false));
    }
    let matcher = Matcher::train(&skills, &background(), &[]);
    let considered = matcher.consider("Tell me about your shop", |_| true, false);
    assert_eq!((considered.band, considered.choices.len()), (Band::Clarify, 3));
    for id in [1, 4] {
        let offered =
            |choice: &Choice| matches!(choice, Choice::Skill { skill, .. } if *skill == SkillId(id));
        assert!(considered.choices.iter().any(offered));
    }
    assert_eq!(considered.choices.last(), Some(&Choice::Person));
}

#[test]
fn a_tapped_button_teaches_the_matcher() {
    let text = "is it far from the old bridge";
    let label = Label {
        text: text.to_owned(),
        skill: Some(SkillId(4)),
    };
    let matcher = Matcher::train(&shop(), &background(), &[label]);
    let found = best(&matcher, text).unwrap();
    assert_eq!(found.skill, SkillId(4));
    assert!(found.confidence >= 1.0);
}

#[test]
fn a_costly_skill_and_a_closed_shop_take_more_certainty() {
    let bands = assistant::skills::Bands::default();
    let band = |confidence: f64, high_risk: bool, closed: bool| {
        let found = best(&matcher(), "when do you open").unwrap();
        let found = Match {
            confidence,
            familiarity: 0.9,
            high_risk,
            ..found
        };
        bands.band(&found, closed)
    };
    assert_eq!(band(bands.send, false, false), Band::Send);
    assert_eq!(band(bands.send, true, false), Band::Clarify);
    assert_eq!(band(bands.send, false, true), Band::Clarify);
    assert_eq!(band(1.0, true, true), Band::Send);
}

#[test]
fn the_same_examples_give_the_same_matcher() {
    let (one, other) = (matcher(), matcher());
    assert_eq!(one.bands(), other.bands());
    for text in ["do you open on monday", "send it to me", "¿dónde queda?", "card"] {
        assert_eq!(one.decide(text, |_| true), other.decide(text, |_| true));
    }
}

#[test]
fn a_shop_without_skills_or_examples_is_no_accident() {
    let none: [&str; 0] = [];
    let empty = Matcher::train(&[], &none, &[]);
    assert!(empty.decide("hello", |_| true).is_empty());
    assert_eq!(empty.consider("hello", |_| true, false).band, Band::Next);

    let unsaid = Matcher::train(&[skill(1, "Nothing", &[])], &background(), &[]);
    assert_ne!(unsaid.consider("hello", |_| true, false).band, Band::Send);

    let single = Matcher::train(&[skill(1, "Hours", &["when do you open"])], &none, &[]);
    assert_eq!(best(&single, "when do you open").unwrap().skill, SkillId(1));

    let repeated = ["open?", "Open", "OPEN!", "", "…"];
    let twice = [skill(1, "Hours", &repeated), skill(2, "Shop", &repeated)];
    let twice = Matcher::train(&twice, &none, &[]);
    assert_eq!(twice.consider("open", |_| true, false).band, Band::Clarify);
}

#[test]
fn a_book_is_read_like_a_message() {
    let matcher = matcher();
    let book = "when do you open and where is your shop? ".repeat(2_500);
    assert!(book.len() > 100_000);
    assert!(matcher.consider(&book, |_| true, false).answers.len() <= 2);
    let word = "ö".repeat(100_000);
    assert_ne!(matcher.consider(&word, |_| true, false).band, Band::Send);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_of_any_script_breaks_the_matcher(
        examples in proptest::collection::vec("\\PC{0,30}", 0..12),
        text in "\\PC{0,60}",
    ) {
        let examples: Vec<&str> = examples.iter().map(String::as_str).collect();
        let (first, second) = examples.split_at(examples.len() / 2);
        let skills = [skill(1, "First", first), skill(2, "Second", second)];
        let none: [&str; 0] = [];
        let matcher = Matcher::train(&skills, &none, &[]);
        let considered = matcher.consider(&text, |_| true, false);
        for found in &considered.matches {
            prop_assert!((0.0..=1.0).contains(&found.confidence));
        }
        for pair in considered.matches.windows(2) {
            prop_assert!(pair[0].confidence >= pair[1].confidence);
        }
    }
}
