//! One separating plane for each class: linear support vector machines, one class against the rest.
//!
//! Squared hinge loss with C = 1 and a bias, solved by dual coordinate descent (Hsieh and others, "A dual coordinate
//! descent method for large-scale linear SVM", ICML 2008). With few examples all products of two examples are kept, and
//! then a step costs one pass over a row of them; with many they would not fit, and the planes themselves are kept.
//! Both give the same planes. The order of steps is fixed, so the same examples always give the same planes.

use std::thread;

use super::features::{Index, SELF_KERNEL};

/// Of how many examples all products are kept: 3,000 take 36 MB while training.
const PRODUCTS: usize = 3_000;
/// 1 / 2C, what the squared hinge adds to the diagonal.
const SOFT: f32 = 0.5;
/// A step smaller than this is not taken.
const STEP: f32 = 0.02;
/// The side of a class that has no example.
const NOWHERE: f32 = -1.0;
/// Rounds at most over all examples.
const ROUNDS: usize = 40;

/// What an example is to a class while it is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Of this class.
    Of,
    /// Not of this class.
    Against,
    /// Says nothing about it.
    Silent,
}

/// A plane for each class, as sums over the examples that hold it.
#[derive(Debug, Clone, Default)]
pub(super) struct Planes {
    /// For each example, the classes whose plane it holds, with its pull.
    pulls: Vec<Vec<(u32, f32)>>,
    bias: Vec<f32>,
}

impl Planes {
    /// Returns on which side of each plane a text lies: above 0 is in the class, and 1 is well in.
    pub(super) fn sides(&self, kernel: &[f32]) -> Vec<f32> {
        let mut sides = self.bias.clone();
        for (pulls, kernel) in self.pulls.iter().zip(kernel) {
            if *kernel > 0.0 {
                for (class, pull) in pulls {
                    if let Some(side) = sides.get_mut(*class as usize) {
                        *side += pull * kernel;
                    }
                }
            }
        }
        sides
    }
}

/// Trains planes on the examples of an index, and once more on some of them.
#[derive(Debug)]
pub(super) enum Trainer<'a> {
    /// By products of examples, row by row.
    Products { rows: Vec<&'a [f32]> },
    /// By features.
    Features {
        rows: Vec<Vec<(u32, f32)>>,
        features: usize,
    },
}

/// One class, trained.
#[derive(Debug, Clone, Default)]
pub(super) struct Plane {
    bias: f32,
    pulls: Vec<f32>,
    /// Where each example lies, without the bias.
    sides: Vec<f32>,
}

impl Plane {
    /// On which side an example lies, also one that took no part.
    pub(super) fn side(&self, example: usize) -> f32 {
        self.bias + self.sides.get(example).copied().unwrap_or_default()
    }
}

/// What training gave.
#[derive(Debug)]
pub(super) enum Trained {
    /// Plane by plane.
    Single(Vec<Plane>),
    /// All together.
    Together(Planes),
}

impl Trained {
    /// On which side of each plane an example lies; `kernel` are its products, asked for only if they are needed.
    pub(super) fn sides(&self, example: usize, kernel: &[f32]) -> Vec<f32> {
        match self {
            Self::Single(planes) => planes.iter().map(|plane| plane.side(example)).collect(),
            Self::Together(planes) => planes.sides(kernel),
        }
    }

    /// The planes, to be asked about texts that are no examples.
    pub(super) fn planes(self, examples: usize) -> Planes {
        match self {
            Self::Together(planes) => planes,
            Self::Single(single) => {
                let mut planes = Planes {
                    pulls: vec![Vec::new(); examples],
                    bias: single.iter().map(|plane| plane.bias).collect(),
                };
                for (class, plane) in (0_u32..).zip(&single) {
                    for (pull, held) in plane.pulls.iter().zip(&mut planes.pulls) {
                        if *pull != 0.0 {
                            held.push((class, *pull));
                        }
                    }
                }
                planes
            }
        }
    }
}

impl<'a> Trainer<'a> {
    /// Whether `kernels`, the products of all examples, are needed by [`Trainer::new`].
    pub(super) fn takes_products(examples: usize) -> bool {
        examples <= PRODUCTS
    }

    pub(super) fn new(examples: usize, index: &Index, kernels: Vec<&'a [f32]>) -> Self {
        if Self::takes_products(examples) {
            return Self::Products { rows: kernels };
        }
        let (rows, features) = index.rows();
        Self::Features { rows, features }
    }

    /// Trains; `role` tells what an example (first) is to a class (second). `from` is what was trained on all examples:
    /// without a few of them the planes lie nearby.
    pub(super) fn train(
        &self,
        classes: usize,
        from: Option<&Trained>,
        role: impl Fn(usize, usize) -> Role + Sync,
    ) -> Trained {
        match self {
            Self::Products { rows } => {
                let from = match from {
                    Some(Trained::Single(planes)) => planes.as_slice(),
                    _ => &[],
                };
                Trained::Single(by_products(rows, classes, from, &role))
            }
            Self::Features { rows, features } => {
                Trained::Together(by_features(rows, *features, classes, &role))
            }
        }
    }
}

/// The examples in an order that mixes the classes and is always the same for the same `seed`.
fn mixed(examples: usize, seed: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..examples).collect();
    let seed = u64::try_from(seed).unwrap_or_default();
    let mut state = 0x2545_f491_4f6c_dd1d_u64 ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for place in (1..examples).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(state >> 33).unwrap_or(0) % (place + 1);
        order.swap(place, other);
    }
    order
}

/// Works on parts of a list side by side, and puts the results together in the order of the list.
pub(super) fn side_by_side<T: Sync, R: Send>(list: &[T], work: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(8);
    let share = list.len().div_ceil(workers).max(1);
    thread::scope(|scope| {
        let threads: Vec<_> = list
            .chunks(share)
            .map(|part| scope.spawn(|| work(part)))
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap_or_default())
            .collect()
    })
}

fn by_products(
    rows: &[&[f32]],
    classes: usize,
    from: &[Plane],
    role: &(impl Fn(usize, usize) -> Role + Sync),
) -> Vec<Plane> {
    let order = mixed(rows.len(), 0);
    let classes: Vec<usize> = (0..classes).collect();
    side_by_side(&classes, |part| {
        let train = |class: &usize| plane(rows, &order, from.get(*class), |example| role(example, *class));
        part.iter().map(train).collect()
    })
}

fn plane(rows: &[&[f32]], order: &[usize], from: Option<&Plane>, role: impl Fn(usize) -> Role) -> Plane {
    let start = || Plane {
        bias: 0.0,
        pulls: vec![0.0; rows.len()],
        sides: vec![0.0; rows.len()],
    };
    let mut plane = from.cloned().unwrap_or_else(start);
    let mut roles: Vec<(usize, f32)> = Vec::with_capacity(order.len());
    for example in order {
        match role(*example) {
            Role::Of => roles.push((*example, 1.0)),
            Role::Against => roles.push((*example, -1.0)),
            Role::Silent => {
                let pull = plane
                    .pulls
                    .get_mut(*example)
                    .map(std::mem::take)
                    .unwrap_or_default();
                plane.shift(rows, *example, -pull);
            }
        }
    }
    if !roles.iter().any(|(_, sign)| *sign > 0.0) {
        return Plane {
            bias: NOWHERE,
            ..start()
        };
    }
    for _ in 0..ROUNDS {
        let mut moved = false;
        for (example, sign) in &roles {
            let side = plane.side(*example);
            let change = plane
                .pulls
                .get_mut(*example)
                .and_then(|pull| step(side, pull, *sign));
            if let Some(change) = change {
                moved = true;
                plane.shift(rows, *example, change);
            }
        }
        if !moved {
            break;
        }
    }
    plane
}

impl Plane {
    /// Follows a change of the pull of an example.
    fn shift(&mut self, rows: &[&[f32]], example: usize, change: f32) {
        if change == 0.0 {
            return;
        }
        self.bias += change;
        for (side, product) in self
            .sides
            .iter_mut()
            .zip(rows.get(example).copied().unwrap_or_default())
        {
            *side += change * product;
        }
    }
}

/// Takes one step for one example and returns by how much its pull changed.
fn step(side: f32, pull: &mut f32, sign: f32) -> Option<f32> {
    let strength = *pull * sign;
    let slope = sign * side - 1.0 + SOFT * strength;
    let slope = if strength <= 0.0 { slope.min(0.0) } else { slope };
    if slope.abs() < STEP {
        return None;
    }
    let moved = (strength - slope / (SELF_KERNEL + 1.0 + SOFT)).max(0.0);
    let change = (moved - strength) * sign;
    *pull = moved * sign;
    Some(change)
}

/// All classes at once, one example after the other, so that the weights of a feature lie side by side.
fn by_features(
    rows: &[Vec<(u32, f32)>],
    features: usize,
    classes: usize,
    role: &(impl Fn(usize, usize) -> Role + Sync),
) -> Planes {
    let classes: Vec<usize> = (0..classes).collect();
    let parts = side_by_side(&classes, |part| {
        vec![some_by_features(rows, features, part, role)]
    });
    let mut planes = Planes {
        pulls: vec![Vec::new(); rows.len()],
        bias: Vec::new(),
    };
    for (bias, pulls) in parts {
        let first = planes.bias.len();
        planes.bias.extend(bias);
        for (held, pulls) in planes.pulls.iter_mut().zip(pulls) {
            let pulls = pulls.into_iter().enumerate().filter(|(_, pull)| *pull != 0.0);
            held.extend(pulls.filter_map(|(class, pull)| Some((u32::try_from(first + class).ok()?, pull))));
        }
    }
    planes
}

fn some_by_features(
    rows: &[Vec<(u32, f32)>],
    features: usize,
    chunk: &[usize],
    role: &(impl Fn(usize, usize) -> Role + Sync),
) -> (Vec<f32>, Vec<Vec<f32>>) {
    let width = chunk.len();
    let mut weights = vec![0.0_f32; features * width];
    let mut bias = vec![0.0_f32; width];
    let mut pulls = vec![vec![0.0_f32; width]; rows.len()];
    let mut roles: Vec<Vec<f32>> = (0..rows.len())
        .map(|example| {
            let sign = |class: &usize| match role(example, *class) {
                Role::Of => 1.0,
                Role::Against => -1.0,
                Role::Silent => 0.0,
            };
            chunk.iter().map(sign).collect()
        })
        .collect();
    // What only this example has is in no weight, but it holds the example itself.
    let alone: Vec<f32> = rows
        .iter()
        .map(|row| SELF_KERNEL - row.iter().map(|(_, weight)| weight * weight).sum::<f32>())
        .collect();
    for (place, bias) in bias.iter_mut().enumerate() {
        if !roles
            .iter()
            .any(|roles| roles.get(place).is_some_and(|sign| *sign > 0.0))
        {
            *bias = NOWHERE;
            for sign in roles.iter_mut().filter_map(|roles| roles.get_mut(place)) {
                *sign = 0.0;
            }
        }
    }
    let mut sides = vec![0.0_f32; width];
    let mut changes: Vec<(usize, f32)> = Vec::new();
    // Examples that no plane moved for are looked at again only every fourth round.
    let mut resting = vec![false; rows.len()];
    for round in 0..ROUNDS {
        let mut moved = false;
        let whole = round % 4 == 0;
        // With so many examples the rounds end before nothing moves; each in an order of its own, they lead much farther.
        for example in mixed(rows.len(), round) {
            let (Some(row), Some(alone), Some(pulls), Some(roles), Some(rests)) = (
                rows.get(example),
                alone.get(example),
                pulls.get_mut(example),
                roles.get(example),
                resting.get_mut(example),
            ) else {
                continue;
            };
            if *rests && !whole {
                continue;
            }
            sides.copy_from_slice(&bias);
            for (feature, weight) in row {
                let from = *feature as usize * width;
                if let Some(weights) = weights.get(from..from + width) {
                    for (side, other) in sides.iter_mut().zip(weights) {
                        *side += weight * other;
                    }
                }
            }
            changes.clear();
            for (class, ((side, pull), sign)) in sides.iter().zip(pulls).zip(roles).enumerate() {
                if *sign != 0.0
                    && let Some(change) = step(*side + *pull * alone, pull, *sign)
                {
                    changes.push((class, change));
                }
            }
            *rests = changes.is_empty();
            moved |= !changes.is_empty();
            for (class, change) in &changes {
                if let Some(bias) = bias.get_mut(*class) {
                    *bias += change;
                }
            }
            for (feature, weight) in row {
                let from = *feature as usize * width;
                if let Some(weights) = weights.get_mut(from..from + width) {
                    for (class, change) in &changes {
                        if let Some(other) = weights.get_mut(*class) {
                            *other += weight * change;
                        }
                    }
                }
            }
        }
        if !moved && whole {
            break;
        }
    }
    (bias, pulls)
}

/// How far a side is in its class, from 0 to 1.
pub(super) fn belonging(side: f32) -> f32 {
    1.0 / (1.0 + (-2.0 * side).exp())
}
