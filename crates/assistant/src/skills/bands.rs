//! What is done at which confidence.

use domain::SkillId;

use super::calibration::{Familiarity, Rightness, Trial};
use super::{Match, Matcher};

/// What a match is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Band {
    /// Sure enough to be sent.
    Send,
    /// Likely enough to ask whether it was meant.
    Clarify,
    /// The next step of the assistant is tried.
    Next,
}

/// The confidences from which something is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bands {
    /// From here a match is sent.
    pub send: f64,
    /// From here a match of a skill of high risk is sent.
    pub send_high_risk: f64,
    /// From this familiarity the customer is asked what was meant; below, nothing the shop knows was asked for.
    pub clarify: f64,
}

impl Default for Bands {
    fn default() -> Self {
        Self {
            send: 0.80,
            send_high_risk: 0.90,
            clarify: 0.25,
        }
    }
}

impl Bands {
    /// Fits them to trials.
    ///
    /// Nothing is sent where fewer than 95 of 100 held-out texts were matched rightly, and of those that were only a
    /// few are thrown away: [`lost`] of them, with so many `examples` for a skill on average.
    pub(super) fn fitting(
        rightness: &Rightness,
        familiarity: &Familiarity,
        trials: &[Trial],
        examples: f64,
    ) -> Self {
        let standard = Self::default();
        if trials.len() < ENOUGH {
            return standard;
        }
        let right = trials.iter().filter(|trial| trial.right);
        let mut right: Vec<f64> = right.map(|trial| familiarity.chance(&trial.measures)).collect();
        right.sort_by(f64::total_cmp);
        let length = f64::from(u32::try_from(right.len()).unwrap_or(u32::MAX));
        let thrown_away = lost(examples);
        let clarify = quantile(&right, thrown_away * length)
            .unwrap_or(standard.clarify)
            .clamp(standard.clarify, HIGHEST);

        let mut tried: Vec<(f64, &Trial)> = trials
            .iter()
            .map(|trial| (rightness.chance(&trial.measures), trial))
            .collect();
        tried.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (mut all, mut good, mut send) = (0.0, 0.0, MOST);
        for (sure, trial) in &tried {
            all += trial.weight;
            good += if trial.right { trial.weight } else { 0.0 };
            if good >= PRECISION * all {
                send = *sure;
            }
        }
        let send = send.clamp(standard.send, MOST);
        Self {
            send,
            send_high_risk: standard.send_high_risk.max(send),
            clarify,
        }
    }

    /// What a confidence is good for. While the shop is closed nobody notices a wrong answer soon, so it takes more.
    pub fn band(&self, found: &Match, closed: bool) -> Band {
        let more = if closed { CLOSED } else { 0.0 };
        let send = if found.high_risk {
            self.send_high_risk
        } else {
            self.send
        };
        // What was said word for word is sure at any hour.
        if found.confidence >= (send + more).min(1.0) {
            Band::Send
        } else if found.familiarity >= (self.clarify + more).min(1.0) {
            Band::Clarify
        } else {
            Band::Next
        }
    }
}

/// Returns what stands at a place of a sorted row, between two of its values when the place lies between them: the step
/// from one trial to the next would decide otherwise, and it is chance.
fn quantile(sorted: &[f64], place: f64) -> Option<f64> {
    let (below, rest) = (place.floor(), place.fract());
    let mut row = (0_u32..).zip(sorted).skip_while(|(at, _)| f64::from(*at) < below);
    let (_, first) = row.next()?;
    let second = row.next().map_or(first, |(_, next)| next);
    Some(first + (second - first) * rest)
}

/// However well the trials went, what is more familiar than this is asked about.
const HIGHEST: f64 = 0.8;
/// With fewer trials than this the standard confidences are used.
const ENOUGH: usize = 30;
/// The share of held-out texts that has to be matched rightly among those that would be sent.
const PRECISION: f64 = 0.95;
/// However badly the trials went, from here a match is sent.
const MOST: f64 = 0.95;
/// By how much more is asked for while the shop is closed.
const CLOSED: f64 = 0.05;

/// Which share of the trials that were matched rightly may be thrown away.
///
/// A trial is asked of fewer examples than the shop has, so it looks stranger than a message will: on held-back parts
/// of training data twice as strange with ten examples for a skill, and just as it is with a hundred (decision 24).
fn lost(examples: f64) -> f64 {
    (0.006 + 0.1 / examples.max(1.0)).min(0.015)
}

/// What is to be done about a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Consideration {
    /// The band of the best match.
    pub band: Band,
    /// The skills to answer with: one, or two if each part of the text asks for another one; none below
    /// [`Band::Send`].
    pub answers: Vec<Match>,
    /// What to offer below "did you mean": two skills at most and a person; empty outside [`Band::Clarify`].
    pub choices: Vec<Choice>,
    /// What the text may ask for, the likeliest first.
    pub matches: Vec<Match>,
}

/// What a customer who was not understood can tap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// A skill, by the name the owner gave it. A tap is a label: the customer says what was meant.
    Skill {
        /// Which.
        skill: SkillId,
        /// Its name.
        name: String,
    },
    /// To talk to a person.
    Person,
}

/// Returns what to offer a customer who may have meant one of these.
pub fn did_you_mean(matches: &[Match]) -> Vec<Choice> {
    let skills = matches.iter().take(2).map(|found| Choice::Skill {
        skill: found.skill,
        name: found.name.clone(),
    });
    skills.chain([Choice::Person]).collect()
}

impl Matcher {
    /// Returns what is to be done about a text: which skills answer it, or which to offer.
    ///
    /// `usable` tells which skills are on now ([`domain::Skill::is_valid`]), `closed` whether the shop is closed.
    pub fn consider(&self, text: &str, usable: impl Fn(SkillId) -> bool, closed: bool) -> Consideration {
        let bands = self.bands();
        let band = |found: &Match| bands.band(found, closed);
        let matches = self.decide(text, &usable);
        let answers = self.answers_by_part(text, &usable, band);
        let best = matches.first().map_or(Band::Next, band);
        if best == Band::Send || answers.len() == 2 {
            let single = || matches.iter().take(1).cloned().collect();
            let answers = if answers.len() == 2 { answers } else { single() };
            return Consideration {
                band: Band::Send,
                answers,
                choices: Vec::new(),
                matches,
            };
        }
        let choices = if best == Band::Clarify {
            did_you_mean(&matches)
        } else {
            Vec::new()
        };
        Consideration {
            band: best,
            answers: Vec::new(),
            choices,
            matches,
        }
    }

    /// Two answers, if all parts of the text are in the band that is sent and ask for two skills between them.
    fn answers_by_part(
        &self,
        text: &str,
        usable: &impl Fn(SkillId) -> bool,
        band: impl Fn(&Match) -> Band,
    ) -> Vec<Match> {
        let parts = super::parts::parts(text);
        let mut answers: Vec<Match> = Vec::new();
        if parts.len() < 2 {
            return answers;
        }
        for part in parts {
            let found = self.decide(&part, usable).into_iter().next();
            let Some(found) = found.filter(|found| band(found) == Band::Send) else {
                return Vec::new();
            };
            if answers.iter().all(|other| other.skill != found.skill) {
                answers.push(found);
            }
        }
        // Three questions at once are more than two answers serve.
        if answers.len() == 2 { answers } else { Vec::new() }
    }
}
