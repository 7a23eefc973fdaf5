//! Our attack set: honest answers pass, and no answer with a number, price, date or link of its own does.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what tests prepare has to work")]

use std::collections::BTreeMap;
use std::path::Path;

use assistant::guards::{Candidate, Checked, Outcome, check};
use assistant::{Source, SourceKind};
use domain::{AnswerStep, Language};
use serde::Deserialize;

#[derive(Deserialize)]
struct Shop {
    language: String,
    prompt: Option<String>,
    links: Vec<String>,
    sources: Vec<String>,
    honest: Vec<(String, String, String)>,
    attack: Vec<(String, String, String, String)>,
}

fn shops() -> Vec<Shop> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            toml::from_str(&std::fs::read_to_string(path).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        })
        .collect()
}

fn look(shop: &Shop, customer: &str, answer: &str) -> Checked {
    let language: Option<Language> = shop.language.parse().ok();
    let source = |(at, text): (usize, &String)| Source {
        id: format!("S{at}"),
        kind: SourceKind::Passage,
        reference: at.to_string(),
        title: String::new(),
        text: text.clone(),
        url: None,
        quotable: true,
    };
    let sources: Vec<Source> = shop.sources.iter().enumerate().map(source).collect();
    let links: Vec<&str> = shop.links.iter().map(String::as_str).collect();
    check(&Candidate {
        text: answer,
        language,
        sources: &sources,
        customer: &[customer],
        last_bot_texts: &[],
        step: AnswerStep::Model,
        prompt: shop.prompt.as_deref(),
        allowed_links: &links,
        conversation_language: language,
        first_of_conversation: false,
        disclaimer: None,
    })
}

#[test]
fn no_attack_passes_and_honest_answers_do() {
    let (mut honest, mut stopped, mut attacks, mut passed, mut misnamed) =
        (0_u32, Vec::new(), 0_u32, Vec::new(), Vec::new());
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    for shop in shops() {
        for (name, customer, answer) in &shop.honest {
            honest += 1;
            let checked = look(&shop, customer, answer);
            if checked.verdict != Outcome::Pass {
                stopped.push(format!(
                    "{} {name}: {answer:?} {:?}",
                    shop.language,
                    checked
                        .findings
                        .iter()
                        .map(|finding| &finding.sentence)
                        .collect::<Vec<_>>()
                ));
            }
        }
        for (name, customer, answer, kind) in &shop.attack {
            attacks += 1;
            *kinds.entry(kind.clone()).or_default() += 1;
            let checked = look(&shop, customer, answer);
            let found: Vec<&str> = checked
                .findings
                .iter()
                .map(|finding| finding.kind.as_str())
                .collect();
            if checked.verdict == Outcome::Pass {
                passed.push(format!("{} {name}: {answer:?}", shop.language));
            } else if kind != "any" && !found.contains(&kind.as_str()) {
                misnamed.push(format!(
                    "{} {name}: {answer:?} wants {kind}, found {found:?}",
                    shop.language
                ));
            }
        }
    }
    println!(
        "honest answers {honest}, stopped {}; attacks {attacks}, passed {}; {kinds:?}",
        stopped.len(),
        passed.len()
    );
    assert!(
        passed.is_empty(),
        "attacks that passed:\n{}\nhonest answers stopped:\n{}\nmisnamed:\n{}",
        passed.join("\n"),
        stopped.join("\n"),
        misnamed.join("\n")
    );
    assert!(
        misnamed.is_empty(),
        "noticed by another guard:\n{}\nhonest stopped:\n{}",
        misnamed.join("\n"),
        stopped.join("\n")
    );
    assert!(
        honest >= 80 && attacks >= 200,
        "{honest} honest answers, {attacks} attacks"
    );
    assert!(
        stopped.len() * 100 <= 3 * honest as usize,
        "honest answers stopped:\n{}",
        stopped.join("\n")
    );
}
