//! Which of two values holds. The store does what these steps say.

use domain::{LeadMethod, LeadValue};

/// The value a field has now.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The value. Empty: a person says that there is none.
    pub value: LeadValue,
    /// Whether a person entered it: then nothing but a person changes it.
    pub locked: bool,
}

/// What is to be done with a new value.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// It becomes the field's value; the former one is kept as history.
    Set(LeadValue),
    /// A person's value stands; this one is offered beside it.
    Suggest(LeadValue),
}

/// How much a method is worth. What the customer said counts the same, asked or not: the newest word holds.
const fn rank(method: LeadMethod) -> u8 {
    match method {
        LeadMethod::Profile => 0,
        LeadMethod::Model => 1,
        LeadMethod::Rule | LeadMethod::Question | LeadMethod::Manual => 2,
    }
}

/// A reading that is so much less sure than the held one does not take its place.
const LESS_SURE: f64 = 0.3;

/// Returns what is to be done with new values, in the order they were read. Nothing empty, and nothing that is known.
pub fn merge(held: &[Held], new: &[LeadValue]) -> Vec<Step> {
    let mut now: Vec<Held> = held.to_vec();
    let mut steps = Vec::new();
    for value in new.iter().filter(|value| !value.value.trim().is_empty()) {
        let place = now.iter().position(|held| held.value.field == value.field);
        let Some(old) = place.and_then(|place| now.get_mut(place)) else {
            now.push(Held {
                value: value.clone(),
                locked: false,
            });
            steps.push(Step::Set(value.clone()));
            continue;
        };
        if old.value.value == value.value && rank(value.method) <= rank(old.value.method) {
            continue;
        }
        if old.locked {
            if old.value.value != value.value
                && value.method != LeadMethod::Profile
                && value.field != "language"
            {
                steps.push(Step::Suggest(value.clone()));
            }
            continue;
        }
        let is_same_kind = rank(value.method) == rank(old.value.method);
        let is_less_sure = is_same_kind
            && old.value.method != LeadMethod::Manual
            && value.confidence + LESS_SURE < old.value.confidence;
        let wins = old.value.value.trim().is_empty()
            || (rank(value.method) >= rank(old.value.method) && !is_less_sure);
        if wins {
            old.value = value.clone();
            steps.push(Step::Set(value.clone()));
        }
    }
    steps
}
