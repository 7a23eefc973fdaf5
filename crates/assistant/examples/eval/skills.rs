//! How well a skill is matched: trains the matcher of the product on one file and asks it the other.

#[path = "figures.rs"]
mod figures;
#[path = "rows.rs"]
mod rows;
#[path = "typos.rs"]
mod typos;

use std::collections::HashMap;
use std::time::Instant;

use assistant::skills::{Band, Label, Matcher};
use domain::{BotMode, Example, Skill, SkillHours, SkillId};
use serde_json::Value;

use figures::Asked;
use rows::Row;

/// What was asked for on the command line.
#[derive(Debug, Default)]
struct Options {
    train: Option<String>,
    test: Option<String>,
    oos: Option<String>,
    format: Option<String>,
    typos: f64,
    background: bool,
    more: bool,
}

impl Options {
    fn read(args: &[String]) -> Result<Self, String> {
        let mut options = Self {
            background: true,
            ..Self::default()
        };
        let mut args = args.iter();
        while let Some(name) = args.next() {
            match name.as_str() {
                "--no-background" => options.background = false,
                "--more" => options.more = true,
                _ => {}
            }
            if matches!(name.as_str(), "--no-background" | "--more") {
                continue;
            }
            let value = args.next().ok_or_else(|| format!("{name} wants a value"))?;
            match name.as_str() {
                "--train" => options.train = Some(value.clone()),
                "--test" => options.test = Some(value.clone()),
                "--oos" => options.oos = Some(value.clone()),
                "--format" => options.format = Some(value.clone()),
                "--typos" => {
                    let share = value.parse().ok().filter(|share| (0.0..=1.0).contains(share));
                    options.typos = share.ok_or_else(|| format!("--typos wants a share, not {value:?}"))?;
                }
                _ => return Err(format!("there is no option {name}")),
            }
        }
        Ok(options)
    }
}

/// Measures the matcher on the files after `--train`, `--test` and `--oos`.
pub(crate) fn run(args: &[String]) -> Result<Value, String> {
    let options = Options::read(args)?;
    let format = options.format.as_deref();
    let train_file = options.train.as_deref().ok_or("--train FILE is missing")?;
    let test = options.test.as_deref().ok_or("--test FILE is missing")?;
    let train = rows::read(train_file, format, rows::Part::Train)?;
    let mut tests = rows::read(test, format, rows::Part::Test)?;
    if let Some(file) = &options.oos {
        let strange = rows::read(file, format, rows::Part::Strange)?;
        tests.extend(strange.into_iter().map(|row| Row { label: None, ..row }));
    }
    if tests.is_empty() {
        return Err("there is nothing to ask".to_owned());
    }
    if options.typos > 0.0 {
        typos::mistype(&mut tests, options.typos);
    }

    let (skills, labels) = shop(&train);
    if skills.is_empty() {
        return Err(format!(
            "{train_file}: no row has a label, so there is no skill to learn"
        ));
    }
    let background: Vec<&str> = if options.background {
        assistant::rules::background()
            .iter()
            .map(|(_, sentence)| sentence.as_str())
            .collect()
    } else {
        Vec::new()
    };
    let begun = Instant::now();
    let matcher = Matcher::train(&skills, &background, &labels);
    let train_seconds = begun.elapsed().as_secs_f64();

    let bands = matcher.bands();
    let names: HashMap<&str, SkillId> = skills
        .iter()
        .map(|skill| (skill.name.as_str(), skill.id))
        .collect();
    let mut asked = Vec::with_capacity(tests.len());
    for row in &tests {
        let begun = Instant::now();
        let matches = matcher.decide(&row.text, |_| true);
        let took = begun.elapsed().as_secs_f64() * 1000.0;
        // What the shop was never taught is out of scope, whatever the file calls it.
        let wanted = row.label.as_deref().and_then(|label| names.get(label).copied());
        asked.push(Asked {
            wanted,
            found: matches.iter().map(|found| found.skill).collect(),
            confidence: matches.first().map_or(0.0, |found| found.confidence),
            rejected: matches
                .first()
                .is_none_or(|found| bands.band(found, false) == Band::Next),
            took,
        });
    }
    let more = options.more.then_some(train.len());
    Ok(figures::figures(&asked, bands, train_seconds, more))
}

/// A matcher of the skills in a file, as the product trains it.
pub(crate) fn matcher(file: &str) -> Result<Matcher, String> {
    let (skills, labels) = shop(&rows::read(file, None, rows::Part::Train)?);
    let background = assistant::rules::background();
    let background: Vec<&str> = background.iter().map(|(_, sentence)| sentence.as_str()).collect();
    Ok(Matcher::train(&skills, &background, &labels))
}

/// A shop with a skill for each label, and what is known to ask for none of them.
fn shop(train: &[Row]) -> (Vec<Skill>, Vec<Label>) {
    let mut skills: Vec<Skill> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut labels = Vec::new();
    for row in train {
        let Some(label) = row.label.as_deref() else {
            labels.push(Label {
                text: row.text.clone(),
                skill: None,
            });
            continue;
        };
        let place = *places.entry(label).or_insert(skills.len());
        if place == skills.len() {
            skills.push(Skill {
                id: SkillId(i64::try_from(place).unwrap_or(i64::MAX)),
                name: label.to_owned(),
                enabled: true,
                autonomy: BotMode::Bot,
                requires_human: false,
                high_risk: false,
                valid_from: None,
                valid_to: None,
                hours: SkillHours::Always,
                examples: Vec::new(),
                answers: Vec::new(),
                version: 1,
            });
        }
        if let Some(skill) = skills.get_mut(place) {
            skill.examples.push(Example {
                text: row.text.clone(),
                language: None,
                negative: false,
            });
        }
    }
    (skills, labels)
}
