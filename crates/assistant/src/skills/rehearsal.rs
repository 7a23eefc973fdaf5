//! How the matcher learns how sure it may be: it is tried on examples that were kept from it.
//!
//! Each example is once left out and asked for (does the best skill fit?), and each skill is once left out altogether
//! and its examples asked for (nothing may fit). No message of a customer and no file of tests takes part.

use super::bands::Bands;
use super::calibration::{Familiarity, Rightness, Trial};
use super::features::{Counts, Index, Likeness, float};
use super::matcher::{Place, Scores, Sentence};
use super::planes::{Planes, Role, Trainer, side_by_side};

/// Into how many parts the examples are dealt.
const FOLDS: usize = 5;
/// Of how many left-out examples no more is learnt.
const TRIALS: usize = 3_000;
/// Of all trials, the share that asks for nothing the shop knows.
const STRANGE: f64 = 0.15;

/// What came out.
pub(super) struct Rehearsed {
    pub(super) planes: Planes,
    /// Whether the best skill is the right one.
    pub(super) rightness: Rightness,
    /// Whether any skill is asked for.
    pub(super) familiarity: Familiarity,
    pub(super) bands: Bands,
}

/// How one example is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Out {
    /// With a part of all examples.
    Part(usize),
    /// With all examples of some skills.
    Skills(usize),
    /// Both at once, if there are so many that training once more would take long.
    Both,
}

/// Trains on all examples, and finds out by training without some of them how sure that makes.
pub(super) fn rehearse(sentences: &[Sentence], counts: &[Counts], index: &Index, skills: usize) -> Rehearsed {
    let total = sentences.len();
    let few = Trainer::takes_products(total);
    let likenesses: Vec<Likeness> = if few {
        side_by_side(counts, |part| {
            part.iter().map(|counts| index.likeness(counts)).collect()
        })
    } else {
        Vec::new()
    };
    let kernels = likenesses
        .iter()
        .map(|likeness| likeness.kernel.as_slice())
        .collect();
    let trainer = Trainer::new(total, index, kernels);
    let whole = trainer.train(skills + 1, None, |example, class| role(sentences, example, class));
    let parts = parts(sentences, skills);
    let outs: Vec<Out> = if few {
        (0..FOLDS)
            .map(Out::Part)
            .chain((0..FOLDS.min(skills)).map(Out::Skills))
            .collect()
    } else {
        vec![Out::Both]
    };
    let mut trials: Vec<Trial> = Vec::new();
    for out in outs {
        let absent: Vec<bool> = (0..total)
            .map(|example| is_out(out, example, sentences, &parts, skills))
            .collect();
        let is_absent = |example: usize| absent.get(example).copied().unwrap_or(true);
        let gone = |class: usize| class < skills && is_gone(out, class);
        let role = |example: usize, class: usize| {
            if is_absent(example) || gone(class) {
                Role::Silent
            } else {
                role(sentences, example, class)
            }
        };
        let trained = trainer.train(skills + 1, Some(&whole), role);
        let asked: Vec<usize> = (0..total).filter(|example| is_absent(*example)).collect();
        let every = asked.len().div_ceil(TRIALS).max(1);
        for example in asked.into_iter().step_by(every) {
            let (Some(sentence), Some(counts)) = (sentences.get(example), counts.get(example)) else {
                continue;
            };
            let Place::Of(class) = sentence.place else {
                continue;
            };
            let worked_out;
            let likeness = if let Some(likeness) = likenesses.get(example) {
                likeness
            } else {
                worked_out = index.likeness(counts);
                &worked_out
            };
            let sides = trained.sides(example, &likeness.kernel);
            let scores = Scores::new(sentences, skills, likeness, sides, |other| !is_absent(other));
            let ranked = scores.ranked(&[]);
            let Some(best) = ranked.into_iter().find(|class| !gone(*class)) else {
                continue;
            };
            let coverage = index.coverage(counts, |other| !is_absent(other));
            let strange = class == skills || gone(class);
            let trial = Trial {
                measures: scores.measures(best, coverage, counts.length),
                right: best == class,
                known: !strange,
                weight: 1.0,
            };
            trials.push(trial);
        }
    }
    let trials = weighed(trials);
    let rightness = Rightness::fit(&trials, |trial| trial.right);
    let familiarity = Familiarity::fit(&trials, |trial| trial.known);
    let of_skills = |sentence: &&Sentence| matches!(sentence.place, Place::Of(class) if class < skills);
    let examples = float(sentences.iter().filter(of_skills).count()) / float(skills.max(1));
    let bands = Bands::fitting(&rightness, &familiarity, &trials, f64::from(examples));
    Rehearsed {
        planes: whole.planes(total),
        rightness,
        familiarity,
        bands,
    }
}

/// Gives the trials that asked for nothing the shop knows their share of all.
fn weighed(mut trials: Vec<Trial>) -> Vec<Trial> {
    let strange = trials.iter().filter(|trial| !trial.known).count();
    let known = trials.len() - strange;
    if known > 0 && strange > 0 {
        let factor = STRANGE / (1.0 - STRANGE) * f64::from(share(known, strange));
        for trial in trials.iter_mut().filter(|trial| !trial.known) {
            trial.weight = factor;
        }
    }
    trials
}

fn share(part: usize, whole: usize) -> f32 {
    float(part) / float(whole)
}

fn role(sentences: &[Sentence], example: usize, class: usize) -> Role {
    sentences
        .get(example)
        .map_or(Role::Silent, |sentence| sentence.role(class))
}

/// Deals the examples of each class out in turn.
fn parts(sentences: &[Sentence], skills: usize) -> Vec<usize> {
    let mut next = vec![0_usize; skills + 1];
    let mut parts = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        let class = sentence.class();
        let part = next.get_mut(class).map_or(0, |next| {
            *next += 1;
            // Classes begin at different parts, so that skills with two examples do not fill the first parts only.
            (*next + class) % FOLDS
        });
        parts.push(part);
    }
    parts
}

fn is_out(out: Out, example: usize, sentences: &[Sentence], parts: &[usize], skills: usize) -> bool {
    let in_part = |wanted: usize| parts.get(example) == Some(&wanted);
    let class = sentences.get(example).map(Sentence::class);
    let of_gone = || class.is_some_and(|class| class < skills && is_gone(out, class));
    match out {
        Out::Part(part) => in_part(part),
        Out::Skills(_) => of_gone(),
        Out::Both => in_part(0) || of_gone(),
    }
}

/// Whether a skill is left out altogether.
fn is_gone(out: Out, class: usize) -> bool {
    match out {
        Out::Part(_) => false,
        Out::Skills(group) => class % FOLDS == group,
        Out::Both => class.is_multiple_of(2 * FOLDS),
    }
}
