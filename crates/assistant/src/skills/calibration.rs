//! From scores to how often a score like that is right, or asks for a skill at all.

/// What a confidence is worked out from.
pub(super) const MEASURES: usize = 8;

/// What was measured of the best skill for one text.
pub(super) type Measures = [f64; MEASURES];

/// A held-out text: what was measured, whether the best skill was the right one, and how much the text counts.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    pub(super) measures: Measures,
    pub(super) right: bool,
    /// Whether it asked for a skill at all.
    pub(super) known: bool,
    pub(super) weight: f64,
}

/// A chance that follows from measures by logistic regression on `N` numbers made of them.
#[derive(Debug, Clone)]
pub(super) struct Calibration<const N: usize> {
    weights: [f64; N],
    numbers: fn(&Measures) -> [f64; N],
}

/// How often the best skill is right, from all measures and a constant.
pub(super) type Rightness = Calibration<{ MEASURES + 1 }>;

/// How often a skill is asked for at all: from how far within the best skill a text lies, and how far it is from what
/// asks for nothing. Skills left out on purpose are no good teachers of more than this line: with all measures the
/// regression learnt what *other skills* look like, and let twice as many foreign texts pass (decision 24).
pub(super) type Familiarity = Calibration<2>;

impl Default for Rightness {
    /// What is believed before anything was tried: typical weights of a shop. Trials of the own examples move them.
    fn default() -> Self {
        Self {
            weights: [-2.0, 2.0, 1.0, 2.0, 2.0, 2.0, 1.0, 0.0, -1.0],
            numbers: with_one,
        }
    }
}

impl Default for Familiarity {
    fn default() -> Self {
        Self {
            weights: [1.5, 3.0],
            numbers: |[side, .., nothing]| [1.0, side - nothing],
        }
    }
}

/// How many trials it takes to outweigh the belief.
const STUBBORN: f64 = 1.0;

impl<const N: usize> Calibration<N>
where
    Self: Default,
{
    /// Fits the weights to trials and what each came to, by Newton's method.
    pub(super) fn fit(trials: &[Trial], came_true: fn(&Trial) -> bool) -> Self {
        let believed = Self::default();
        let numbers = believed.numbers;
        let mut weights = believed.weights;
        for _ in 0..25 {
            let mut slope = [0.0; N];
            let mut curve = [[0.0; N]; N];
            for ((slope, curve), (weight, belief)) in slope
                .iter_mut()
                .zip(curve.iter_mut())
                .zip(weights.iter().zip(believed.weights))
                .enumerate()
                .map(|(place, ((slope, curve), pair))| ((slope, curve.get_mut(place)), pair))
            {
                *slope = STUBBORN * (weight - belief);
                if let Some(diagonal) = curve {
                    *diagonal = STUBBORN;
                }
            }
            for trial in trials {
                let full = numbers(&trial.measures);
                let chance = logistic(dot(&weights, &full));
                let error = trial.weight * (chance - f64::from(u8::from(came_true(trial))));
                let bend = (trial.weight * chance * (1.0 - chance)).max(1e-9);
                for ((slope, curve), left) in slope.iter_mut().zip(&mut curve).zip(&full) {
                    *slope += error * left;
                    for (cell, right) in curve.iter_mut().zip(&full) {
                        *cell += bend * left * right;
                    }
                }
            }
            let Some(change) = solve(curve, slope) else {
                break;
            };
            // A whole step can lead past the lowest point; then a shorter one is taken.
            let here = believed.loss(&weights, trials, came_true);
            let shorter = std::iter::successors(Some(1.0_f64), |scale| Some(scale / 2.0)).take(12);
            let next = shorter
                .map(|scale| {
                    let mut next = weights;
                    for (weight, change) in next.iter_mut().zip(change) {
                        *weight -= scale * change;
                    }
                    next
                })
                .find(|next| believed.loss(next, trials, came_true) < here);
            let Some(next) = next else {
                break;
            };
            let done = here - believed.loss(&next, trials, came_true) < 1e-9 * here;
            weights = next;
            if done {
                break;
            }
        }
        if weights.iter().all(|weight| weight.is_finite()) {
            Self { weights, numbers }
        } else {
            believed
        }
    }

    /// How badly weights fit: the surprise of every trial, and the way they went from what was believed.
    fn loss(&self, weights: &[f64; N], trials: &[Trial], came_true: fn(&Trial) -> bool) -> f64 {
        let surprise = |trial: &Trial| {
            let sum = dot(weights, &(self.numbers)(&trial.measures));
            let sum = if came_true(trial) { -sum } else { sum };
            // ln(1 + e^x), without the e^x of a large x.
            trial.weight * (sum.max(0.0) + (-sum.abs()).exp().ln_1p())
        };
        let strayed = weights
            .iter()
            .zip(self.weights)
            .map(|(weight, belief)| (weight - belief).powi(2));
        trials.iter().map(surprise).sum::<f64>() + 0.5 * STUBBORN * strayed.sum::<f64>()
    }

    /// How often it comes true for a text with these measures.
    pub(super) fn chance(&self, measures: &Measures) -> f64 {
        logistic(dot(&self.weights, &(self.numbers)(measures)))
    }
}

fn with_one(measures: &Measures) -> [f64; MEASURES + 1] {
    let mut full = [1.0; MEASURES + 1];
    for (cell, measure) in full.iter_mut().skip(1).zip(measures) {
        *cell = *measure;
    }
    full
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn logistic(sum: f64) -> f64 {
    1.0 / (1.0 + (-sum).exp())
}

/// Solves a symmetric positive system by elimination.
fn solve<const N: usize>(mut rows: [[f64; N]; N], mut right: [f64; N]) -> Option<[f64; N]> {
    for column in 0..N {
        let pivot_row = *rows.get(column)?;
        let pivot_right = *right.get(column)?;
        let pivot = *pivot_row.get(column)?;
        if pivot.abs() < 1e-12 {
            return None;
        }
        for (place, (row, value)) in rows.iter_mut().zip(&mut right).enumerate() {
            if place == column {
                continue;
            }
            let factor = row.get(column)? / pivot;
            for (cell, other) in row.iter_mut().zip(pivot_row) {
                *cell -= factor * other;
            }
            *value -= factor * pivot_right;
        }
    }
    let mut solved = [0.0; N];
    for (place, ((solved, row), right)) in solved.iter_mut().zip(&rows).zip(right).enumerate() {
        *solved = right / row.get(place)?;
    }
    Some(solved)
}
