//! How sure the assistant is of an answer of a model: learnt from what people made of its drafts, never what the model
//! says of itself (assistant.md, section 3.7).

use super::Signs;

/// So many judged drafts are learnt from, and not fewer (assistant.md, section 4).
const ENOUGH: usize = 30;
/// Of the rarer judgement there have to be so many, or there is nothing to tell apart.
const BOTH: usize = 3;
/// What a model says of itself never counts for more than this.
const MOST_SAID: f64 = 0.5;
/// How strongly the weights are held to where they began: a few drafts move them a little.
const HOLD: f64 = 2.0;
/// Steps of the descent and their length; the sum is convex and small.
const STEPS: usize = 400;
const PACE: f64 = 0.5;
const FEATURES: usize = 5;
/// Which of them is the model's own number.
const SAID: usize = 3;

/// Turns the signs of an answer into a confidence between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sureness {
    /// Of nothing, coverage, agreement, the model's own number, warnings of the guards.
    weights: [f64; FEATURES],
    /// From how many judged drafts it was learnt; 0: from none, it is cautious.
    learnt_from: usize,
}

impl Default for Sureness {
    /// Cautious: the best that can be said of an answer nobody has judged the like of is less than 0.8.
    fn default() -> Self {
        Self {
            weights: [-0.9, 1.5, 0.75, 0.2, -1.0],
            learnt_from: 0,
        }
    }
}

fn features(signs: &Signs) -> [f64; FEATURES] {
    let agrees = match (signs.coverage, signs.agrees) {
        // There are no such words, so they speak neither for nor against.
        (None, _) => 0.0,
        (Some(_), true) => 1.0,
        (Some(_), false) => -1.0,
    };
    let bounded = |number: f64, otherwise: f64| {
        if number.is_finite() {
            number.clamp(0.0, 1.0)
        } else {
            otherwise
        }
    };
    let warnings = f64::from(u8::try_from(signs.warnings.min(3)).unwrap_or(3));
    [
        1.0,
        bounded(signs.coverage.unwrap_or(0.5), 0.5),
        agrees,
        bounded(signs.said, 0.0),
        warnings,
    ]
}

fn logistic(weights: &[f64; FEATURES], features: &[f64; FEATURES]) -> f64 {
    let sum: f64 = weights.iter().zip(features).map(|(a, b)| a * b).sum();
    1.0 / (1.0 + (-sum).exp())
}

impl Sureness {
    /// Learns from answers people judged: sent as they were or nearly so, or not. With too few of them it stays cautious.
    pub fn learnt(judged: &[(Signs, bool)]) -> Self {
        let cautious = Self::default();
        let good = judged.iter().filter(|(_, is_good)| *is_good).count();
        if judged.len() < ENOUGH || good.min(judged.len() - good) < BOTH {
            return cautious;
        }
        let samples: Vec<([f64; FEATURES], f64)> = judged
            .iter()
            .map(|(signs, is_good)| (features(signs), f64::from(u8::from(*is_good))))
            .collect();
        let number = f64::from(u32::try_from(samples.len()).unwrap_or(u32::MAX));
        let mut weights = cautious.weights;
        for _ in 0..STEPS {
            let mut slope = [0.0; FEATURES];
            for (features, good) in &samples {
                let miss = logistic(&weights, features) - good;
                for (slope, feature) in slope.iter_mut().zip(features) {
                    *slope += miss * feature;
                }
            }
            for ((weight, slope), start) in weights.iter_mut().zip(slope).zip(cautious.weights) {
                *weight -= PACE * (slope + HOLD * (*weight - start)) / number;
            }
            if let Some(said) = weights.get_mut(SAID) {
                *said = said.clamp(0.0, MOST_SAID);
            }
        }
        Self {
            weights,
            learnt_from: judged.len(),
        }
    }

    /// How sure it is of an answer.
    pub fn of(&self, signs: &Signs) -> f64 {
        if signs.rejected || signs.cited == 0 {
            return 0.0;
        }
        logistic(&self.weights, &features(signs))
    }

    /// From how many judged drafts it was learnt; 0: there are too few, and it is cautious.
    pub const fn learnt_from(&self) -> usize {
        self.learnt_from
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grounded() -> Signs {
        Signs {
            cited: 1,
            rejected: false,
            quotable: true,
            coverage: Some(0.7),
            agrees: true,
            said: 0.9,
            warnings: 0,
        }
    }

    #[test]
    fn nothing_rests_on_what_the_model_says_of_itself() {
        let sureness = Sureness::default();
        let of = |said| sureness.of(&Signs { said, ..grounded() });
        assert!(of(1.0) > of(0.0) && of(1.0) - of(0.0) < 0.06);
        assert!((0.0..=1.0).contains(&of(f64::NAN)));
        let unnamed = Signs {
            cited: 0,
            said: 1.0,
            ..grounded()
        };
        assert!(sureness.of(&unnamed) < 0.01);
    }

    #[test]
    fn before_people_have_judged_enough_it_is_cautious() {
        let sureness = Sureness::default();
        let best = Signs {
            coverage: Some(1.0),
            said: 1.0,
            ..grounded()
        };
        assert!(sureness.of(&best) < 0.85);
        let few: Vec<(Signs, bool)> = (0..29).map(|n| (best, n % 2 == 0)).collect();
        assert_eq!(Sureness::learnt(&few), sureness);
        let one_sided: Vec<(Signs, bool)> = (0..60).map(|_| (best, true)).collect();
        assert_eq!(
            Sureness::learnt(&one_sided),
            sureness,
            "there is nothing to tell apart"
        );
    }

    #[test]
    fn a_warning_and_another_passage_make_it_less_sure() {
        let sureness = Sureness::default();
        let warned = Signs {
            warnings: 1,
            ..grounded()
        };
        let elsewhere = Signs {
            agrees: false,
            ..grounded()
        };
        assert!(sureness.of(&warned) < sureness.of(&grounded()));
        assert!(sureness.of(&elsewhere) < sureness.of(&grounded()));
    }

    #[test]
    fn what_people_made_of_drafts_decides_how_sure_it_is() {
        // In this shop agreeing answers are good nine times in ten, others hardly ever; the model is always sure.
        let judged: Vec<(Signs, bool)> = (0..200)
            .map(|n| {
                let agrees = n % 2 == 0;
                let signs = Signs {
                    agrees,
                    said: 1.0,
                    ..grounded()
                };
                (signs, if agrees { n % 20 != 0 } else { n % 20 == 1 })
            })
            .collect();
        let learnt = Sureness::learnt(&judged);
        assert_eq!(learnt.learnt_from(), 200);
        let sure = learnt.of(&Signs {
            said: 1.0,
            ..grounded()
        });
        let unsure = learnt.of(&Signs {
            said: 1.0,
            agrees: false,
            ..grounded()
        });
        assert!((sure - 0.9).abs() < 0.06, "{sure}");
        assert!((unsure - 0.1).abs() < 0.06, "{unsure}");
    }
}
