//! The matcher: examples in, ranked skills with a confidence out (guide of the assistant, section 3.4).

use std::collections::HashMap;

use domain::{Language, Skill, SkillId};

use super::bands::Bands;
use super::calibration::{Familiarity, MEASURES, Measures, Rightness};
use super::features::{Counts, Index, Likeness, float};
use super::planes::{Planes, Role, belonging};
use super::rehearsal;
use super::spelling::Spelling;
use crate::text;

/// How many skills a text is ranked for.
const RANKED: usize = 5;

/// What a person decided about a sentence: a confirmed draft, a tapped button, a mark in the triage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// What the customer wrote.
    pub text: String,
    /// The skill it asks for; none: it asks for none of them.
    pub skill: Option<SkillId>,
}

/// The example that is most alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest {
    /// Its words.
    pub text: String,
    /// Its language, if it is known: the one to answer in.
    pub language: Option<Language>,
}

/// A skill that a text may ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The skill.
    pub skill: SkillId,
    /// What the owner calls it.
    pub name: String,
    /// How sure it is, from 0 to 1: of a hundred such matches, about so many are right.
    pub confidence: f64,
    /// How sure it is that the text asks for a skill at all, from 0 to 1.
    pub familiarity: f64,
    /// Whether the text is one of the examples, word for word.
    pub exact: bool,
    /// Whether a wrong answer costs more than usual.
    pub high_risk: bool,
    /// The example that is most alike; none if nothing is.
    pub nearest: Option<Nearest>,
    /// How alike it is, from 0 to 1.
    pub likeness: f64,
    /// By how much the skill leads over the next best one, of 1; below 0 for all but the first.
    pub lead: f64,
    /// Which share of the text, weighed by rarity, occurs in any example.
    pub coverage: f64,
}

/// A skill as the matcher knows it.
#[derive(Debug, Clone)]
struct Known {
    id: SkillId,
    name: String,
    high_risk: bool,
}

/// What an example is an example of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Of the class with this number: a skill, or what is none of them.
    Of(usize),
    /// Not of the skill with this number.
    NotOf(usize),
}

/// A sentence the matcher was trained on.
#[derive(Debug, Clone)]
pub(super) struct Sentence {
    pub(super) place: Place,
    text: String,
    language: Option<Language>,
}

impl Sentence {
    /// The class it speaks of.
    pub(super) fn class(&self) -> usize {
        let (Place::Of(class) | Place::NotOf(class)) = self.place;
        class
    }

    /// What it says about `class`.
    pub(super) fn role(&self, class: usize) -> Role {
        match self.place {
            Place::Of(own) if own == class => Role::Of,
            Place::Of(_) => Role::Against,
            Place::NotOf(other) if other == class => Role::Against,
            Place::NotOf(_) => Role::Silent,
        }
    }
}

/// Knows which skill a sentence asks for. Trained anew whenever a skill changes; the same examples always give the
/// same matcher.
#[derive(Debug, Clone, Default)]
pub struct Matcher {
    skills: Vec<Known>,
    sentences: Vec<Sentence>,
    index: Index,
    planes: Planes,
    spelling: Spelling,
    exact: HashMap<String, Vec<Place>>,
    rightness: Rightness,
    familiarity: Familiarity,
    bands: Bands,
}

impl Matcher {
    /// Trains a matcher on the examples of `skills`.
    ///
    /// `background` are sentences that ask for no skill anywhere, `labels` what people decided about real messages.
    /// Examples without a word are left out, repeated ones are taken once.
    pub fn train<B: AsRef<str>>(skills: &[Skill], background: &[B], labels: &[Label]) -> Self {
        let mut gathered = Gathered::default();
        for (class, skill) in skills.iter().enumerate() {
            for example in &skill.examples {
                let place = if example.negative {
                    Place::NotOf(class)
                } else {
                    Place::Of(class)
                };
                gathered.add(place, &example.text, example.language, true);
            }
        }
        let none = skills.len();
        let classes: HashMap<SkillId, usize> = skills
            .iter()
            .enumerate()
            .map(|(class, skill)| (skill.id, class))
            .collect();
        for label in labels {
            let class = label
                .skill
                .map_or(Some(none), |skill| classes.get(&skill).copied());
            if let Some(class) = class {
                gathered.add(Place::Of(class), &label.text, text::language(&label.text), true);
            }
        }
        for sentence in background {
            gathered.add(Place::Of(none), sentence.as_ref(), None, false);
        }
        let Gathered {
            sentences,
            counts,
            exact,
        } = gathered;
        let index = Index::new(
            &counts,
            &sentences.iter().map(Sentence::class).collect::<Vec<_>>(),
        );
        let rehearsed = rehearsal::rehearse(&sentences, &counts, &index, skills.len());
        let known = |skill: &Skill| Known {
            id: skill.id,
            name: skill.name.clone(),
            high_risk: skill.high_risk,
        };
        Self {
            skills: skills.iter().map(known).collect(),
            sentences,
            index,
            planes: rehearsed.planes,
            spelling: Spelling::new(exact.keys().map(String::as_str)),
            exact,
            rightness: rehearsed.rightness,
            familiarity: rehearsed.familiarity,
            bands: rehearsed.bands,
        }
    }

    /// The confidences from which something is done, as they follow from the examples.
    pub fn bands(&self) -> Bands {
        self.bands
    }

    /// Returns the skills a text may ask for, the likeliest first, five at most.
    ///
    /// A skill that is not `usable` now is never returned, but still counts as what the customer may have meant: what
    /// was clearly asked of it is not answered by the next best one.
    pub fn decide(&self, text: &str, usable: impl Fn(SkillId) -> bool) -> Vec<Match> {
        let normalised = text::normalise(text);
        if normalised.is_empty() || self.skills.is_empty() {
            return Vec::new();
        }
        let counts = Counts::of(&self.spelling.corrected(&normalised));
        let likeness = self.index.likeness(&counts);
        let coverage = self.index.coverage(&counts, |_| true);
        let scores = Scores::new(
            &self.sentences,
            self.skills.len(),
            &likeness,
            self.planes.sides(&likeness.kernel),
            |_| true,
        );
        let exact = self.exact.get(&normalised).map(Vec::as_slice).unwrap_or_default();
        let said: Vec<usize> = exact
            .iter()
            .filter_map(|place| match place {
                Place::Of(class) => Some(*class),
                Place::NotOf(_) => None,
            })
            .collect();
        let mut matches: Vec<(usize, Match)> = Vec::new();
        let mut left = 1.0_f64;
        let ranked = scores.ranked(&said);
        for class in ranked.into_iter().take(RANKED * 2) {
            let Some(skill) = self.skills.get(class) else {
                continue;
            };
            let measures = scores.measures(class, coverage, counts.length);
            let confidence = if exact.contains(&Place::NotOf(class)) {
                0.0
            } else if said.contains(&class) {
                1.0 / f64::from(u32::try_from(said.len()).unwrap_or(u32::MAX))
            } else if said.is_empty() {
                self.rightness.chance(&measures).min(left)
            } else {
                0.0
            };
            // Together they are no surer than sure, and a lower rank is never surer than a higher one.
            left = (left - confidence).max(0.0).min(confidence);
            let familiarity = if said.contains(&class) {
                1.0
            } else if confidence > 0.0 {
                self.familiarity.chance(&measures)
            } else {
                0.0
            };
            let nearest = scores.nearest.get(class).copied().flatten();
            let found = Match {
                skill: skill.id,
                name: skill.name.clone(),
                confidence,
                familiarity,
                exact: said.contains(&class),
                high_risk: skill.high_risk,
                nearest: nearest
                    .and_then(|place| self.sentences.get(place))
                    .map(|sentence| Nearest {
                        text: sentence.text.clone(),
                        language: sentence.language,
                    }),
                likeness: scores.knn.get(class).copied().map_or(0.0, f64::from),
                lead: measures.get(4).copied().unwrap_or_default(),
                coverage: f64::from(coverage),
            };
            matches.push((class, found));
        }
        let mut matches: Vec<Match> = matches.into_iter().map(|(_, found)| found).collect();
        matches.retain(|found| usable(found.skill));
        matches.truncate(RANKED);
        matches
    }
}

/// The sentences to train on, each once.
#[derive(Default)]
struct Gathered {
    sentences: Vec<Sentence>,
    counts: Vec<Counts>,
    exact: HashMap<String, Vec<Place>>,
}

impl Gathered {
    fn add(&mut self, place: Place, text: &str, language: Option<Language>, exact: bool) {
        let normalised = text::normalise(text);
        if normalised.is_empty() {
            return;
        }
        let counts = Counts::of(&normalised);
        let places = self.exact.entry(normalised).or_default();
        // What the owner gave to a skill is stronger than what asks for nothing elsewhere.
        if places.contains(&place) || (!exact && !places.is_empty()) {
            return;
        }
        places.push(place);
        self.counts.push(counts);
        self.sentences.push(Sentence {
            place,
            text: text.chars().take(300).collect(),
            language,
        });
    }
}

/// What was worked out for one text, class by class; the last class is what asks for no skill.
#[derive(Debug, Clone, Default)]
pub(super) struct Scores {
    sides: Vec<f32>,
    knn: Vec<f32>,
    product: Vec<f32>,
    nearest: Vec<Option<usize>>,
}

impl Scores {
    /// `counts` tells which sentences may be looked at.
    pub(super) fn new(
        sentences: &[Sentence],
        skills: usize,
        likeness: &Likeness,
        mut sides: Vec<f32>,
        counts: impl Fn(usize) -> bool,
    ) -> Self {
        sides.resize(skills + 1, -1.0);
        let mut knn = vec![0.0_f32; skills + 1];
        let mut against = vec![0.0_f32; skills + 1];
        let mut nearest = vec![None; skills + 1];
        let mut nearer = vec![[0.0_f32; 3]; skills + 1];
        for (number, (sentence, nearness)) in sentences
            .iter()
            .zip(likeness.nearness.iter().copied())
            .enumerate()
        {
            if nearness <= 0.0 || !counts(number) {
                continue;
            }
            match sentence.place {
                Place::Of(class) => {
                    if let Some(near) = nearer.get_mut(class) {
                        let mut rest = nearness;
                        for place in near {
                            if rest > *place {
                                std::mem::swap(place, &mut rest);
                            }
                        }
                    }
                    if let (Some(best), Some(nearest)) = (knn.get_mut(class), nearest.get_mut(class))
                        && nearness > *best
                    {
                        *best = nearness;
                        *nearest = Some(number);
                    }
                }
                Place::NotOf(class) => {
                    if let Some(best) = against.get_mut(class) {
                        *best = best.max(nearness);
                    }
                }
            }
        }
        for (near, best) in knn.iter_mut().zip(&nearer) {
            // One example that happens to share a phrase says less than several do.
            let some = best.iter().filter(|best| **best > 0.0);
            let mean = best.iter().sum::<f32>() / float(some.count().max(1));
            *near = f32::midpoint(*near, mean);
        }
        for (near, against) in knn.iter_mut().zip(against) {
            // Nearer to what the owner ruled out than to anything that was meant.
            if against > *near {
                *near *= *near / against;
            }
        }
        let product = sides.iter().zip(&knn);
        let product = product
            .map(|(side, near)| belonging(*side) * (0.3 + 0.7 * near))
            .collect();
        Self {
            sides,
            knn,
            product,
            nearest,
        }
    }

    /// The skills, the likeliest first; those in `first` before all others.
    pub(super) fn ranked(&self, first: &[usize]) -> Vec<usize> {
        let skills = self.product.len().saturating_sub(1);
        let mut ranked: Vec<usize> = (0..skills).collect();
        let key = |class: &usize| {
            let product = self.product.get(*class).copied().unwrap_or_default();
            (first.contains(class), product)
        };
        ranked.sort_by(|a, b| {
            let (a, b) = (key(a), key(b));
            b.0.cmp(&a.0).then(b.1.total_cmp(&a.1))
        });
        ranked
    }

    /// What the confidence of a class is worked out from; the class of no skill is no rival.
    pub(super) fn measures(&self, class: usize, coverage: f32, length: usize) -> Measures {
        let skills = self.product.len().saturating_sub(1);
        let own = |values: &[f32]| values.get(class).copied().unwrap_or_default();
        let lead = |values: &[f32], floor: f32| {
            let others = values
                .iter()
                .take(skills)
                .enumerate()
                .filter(|(other, _)| *other != class);
            own(values) - others.map(|(_, value)| *value).fold(floor, f32::max)
        };
        let measures: [f32; MEASURES] = [
            own(&self.sides),
            lead(&self.sides, -1.5),
            own(&self.knn),
            lead(&self.knn, 0.0),
            lead(&self.product, 0.0),
            coverage,
            (1.0 + float(length)).ln() / 3.0,
            self.product.last().copied().unwrap_or_default(),
        ];
        measures.map(f64::from)
    }
}
