//! Single facts: prices, hours, address.

use super::misfit;
use crate::commands::CommandError;
use crate::engine::Engine;
use domain::{Fact, FactKind};
use store::WriteTransaction;

/// Facts there may be.
const MOST: usize = 2_000;
/// Characters of a name; it stands between braces.
const LONGEST_KEY: usize = 60;
/// Characters of what a fact says.
const LONGEST_VALUE: usize = 1_000;

impl Engine {
    /// Returns all facts.
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method itself is not general enough over the reader's lifetime"
    )]
    pub async fn facts(&self) -> Result<Vec<Fact>, CommandError> {
        Ok(self.store().read(|reader| reader.facts()).await?)
    }

    /// Keeps these facts and no others. Those without a value are left out.
    pub async fn save_facts(&self, facts: Vec<Fact>) -> Result<(), CommandError> {
        let now = self.now();
        let facts = checked(facts)?;
        let work = move |transaction: &mut WriteTransaction<'_>| {
            let same = |one: &Fact, other: &Fact| {
                one.kind == other.kind && one.key == other.key && one.language == other.language
            };
            for known in transaction.read().facts()? {
                if !facts.iter().any(|fact| same(fact, &known)) {
                    transaction.remove_fact(known.kind, &known.key, known.language)?;
                }
            }
            for fact in &facts {
                transaction.set_fact(fact, now)?;
            }
            Ok(())
        };
        self.store().write(work).await?;
        self.minds().forget();
        Ok(())
    }
}

fn checked(facts: Vec<Fact>) -> Result<Vec<Fact>, CommandError> {
    if facts.len() > MOST {
        return Err(misfit(
            "facts",
            "These are more than 2,000 facts. Put long lists into a text of the knowledge base.",
        ));
    }
    let mut kept: Vec<Fact> = Vec::new();
    for (place, fact) in facts.into_iter().enumerate() {
        let field = |name: &str| format!("facts.{place}.{name}");
        let fact = Fact {
            key: fact.key.split_whitespace().collect::<Vec<_>>().join(" "),
            value: fact.value.trim().to_owned(),
            ..fact
        };
        if fact.value.is_empty() {
            continue;
        }
        if fact.value.chars().count() > LONGEST_VALUE {
            return Err(misfit(
                field("value"),
                "This is too long for a fact. Use at most 1,000 characters.",
            ));
        }
        let needs_name = matches!(fact.kind, FactKind::Price | FactKind::Link | FactKind::Text);
        if needs_name && fact.key.is_empty() {
            return Err(misfit(field("key"), "Give this fact a name."));
        }
        if fact.key.chars().count() > LONGEST_KEY || fact.key.contains(['{', '}']) {
            return Err(misfit(
                field("key"),
                "A name has at most 60 characters and no braces.",
            ));
        }
        let same = |other: &Fact| {
            other.kind == fact.kind
                && other.key.eq_ignore_ascii_case(&fact.key)
                && other.language == fact.language
        };
        if kept.iter().any(same) {
            return Err(misfit(
                field("key"),
                "There is another fact of this name. Change one of them.",
            ));
        }
        kept.push(fact);
    }
    Ok(kept)
}
