//! The starter pack: what nearly every small shop is asked, so that nobody begins with an empty page.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::{AnswerButton, BotMode, Example, FactKind, Language, Skill, SkillAnswer, SkillHours, SkillId};
use serde::Deserialize;

/// The languages the pack is written in.
pub const STARTER_LANGUAGES: [Language; 6] = [
    Language::English,
    Language::Spanish,
    Language::Portuguese,
    Language::Turkish,
    Language::Arabic,
    Language::Hindi,
];

/// A fact an answer cannot be sent without.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NeededFact {
    /// The placeholder without its braces, such as `business.hours` or `link:shop`.
    pub placeholder: String,
    /// What it is about.
    pub kind: FactKind,
    /// Its name within its kind: `shop` of `link:shop`, `hours` of `business.hours`.
    pub key: String,
}

/// What holds for a skill in every language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame {
    key: String,
    #[serde(default)]
    requires_human: bool,
    #[serde(default)]
    high_risk: bool,
}

#[derive(Debug, Default, Deserialize)]
struct Frames {
    skill: Vec<Frame>,
}

/// A skill in one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    name: String,
    answer: String,
    #[serde(default)]
    buttons: Vec<String>,
    phrases: String,
    #[serde(default)]
    not: String,
}

type Pack = BTreeMap<String, Words>;

struct Starter {
    frames: Vec<Frame>,
    words: Vec<(Language, Pack)>,
}

static STARTER: LazyLock<Starter> = LazyLock::new(|| {
    let frames: Frames = toml::from_str(include_str!("../../packs/starter/skills.toml")).unwrap_or_default();
    let words = [
        (Language::English, include_str!("../../packs/starter/en.toml")),
        (Language::Spanish, include_str!("../../packs/starter/es.toml")),
        (Language::Portuguese, include_str!("../../packs/starter/pt.toml")),
        (Language::Turkish, include_str!("../../packs/starter/tr.toml")),
        (Language::Arabic, include_str!("../../packs/starter/ar.toml")),
        (Language::Hindi, include_str!("../../packs/starter/hi.toml")),
    ];
    Starter {
        frames: frames.skill,
        words: words
            .into_iter()
            .map(|(language, file)| (language, toml::from_str(file).unwrap_or_default()))
            .collect(),
    }
});

/// Returns the skills of the pack, without ids, in the languages asked for; the first one names them.
///
/// All begin in shadow: they draft until a person lets them speak. The title of each button is the name of the skill
/// it leads to, and a name is a phrase too, so it needs no id. Languages the pack does not know are left out; with none of them left there are no skills.
pub fn pack(languages: &[Language]) -> Vec<Skill> {
    keyed_pack(languages)
        .into_iter()
        .map(|(_, skill)| skill)
        .collect()
}

/// Returns the same as [`pack`], each skill with its name in the pack, which is the same in all languages.
pub fn keyed_pack(languages: &[Language]) -> Vec<(&'static str, Skill)> {
    let wanted: Vec<(Language, &Pack)> = languages
        .iter()
        .filter_map(|language| STARTER.words.iter().find(|(known, _)| known == language))
        .map(|(language, pack)| (*language, pack))
        .collect();
    STARTER
        .frames
        .iter()
        .filter_map(|frame| Some((frame.key.as_str(), skill(frame, &wanted)?)))
        .collect()
}

fn skill(frame: &Frame, wanted: &[(Language, &Pack)]) -> Option<Skill> {
    let words: Vec<(Language, &Words)> = wanted
        .iter()
        .filter_map(|(language, pack)| Some((*language, pack.get(&frame.key)?)))
        .collect();
    let name = words.first()?.1.name.clone();
    let mut examples = Vec::new();
    let mut answers = Vec::new();
    for (language, words) in words {
        for (lines, negative) in [(&words.name, false), (&words.phrases, false), (&words.not, true)] {
            let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
            examples.extend(lines.map(|line| Example {
                text: line.to_owned(),
                language: Some(language),
                negative,
            }));
        }
        let button = |title: &String| AnswerButton {
            title: title.clone(),
            skill: None,
        };
        answers.push(SkillAnswer {
            language: Some(language),
            text: words.answer.clone(),
            buttons: words.buttons.iter().map(button).collect(),
            file: None,
        });
    }
    Some(Skill {
        id: SkillId(0),
        name,
        enabled: true,
        autonomy: BotMode::Shadow,
        requires_human: frame.requires_human,
        high_risk: frame.high_risk,
        valid_from: None,
        valid_to: None,
        hours: SkillHours::Always,
        examples,
        answers,
        version: 1,
    })
}

/// Returns the facts the answers of a skill name, each once, so that the owner can be asked for them.
///
/// What is known without a fact is left out: the customer's name and when the shop opens next.
pub fn needed_facts(skill: &Skill) -> Vec<NeededFact> {
    let mut facts: Vec<NeededFact> = skill
        .answers
        .iter()
        .flat_map(|answer| placeholders(&answer.text))
        .filter_map(needed)
        .collect();
    facts.sort();
    facts.dedup();
    facts
}

/// What stands between braces.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(inside, _)| inside)
}

fn needed(placeholder: &str) -> Option<NeededFact> {
    let (kind, key) = match placeholder.split_once(':') {
        Some(("fact", key)) => (FactKind::Text, key),
        Some((kind, key)) => (kind.parse().ok()?, key),
        None => {
            let key = placeholder.strip_prefix("business.")?;
            (key.parse().ok()?, key)
        }
    };
    Some(NeededFact {
        placeholder: placeholder.to_owned(),
        kind,
        key: key.to_owned(),
    })
}
