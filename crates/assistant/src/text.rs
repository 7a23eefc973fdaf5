//! What the assistant makes of a text before it compares it with another: one way of writing, the same everywhere.

mod compare;
mod language;
mod normal;

pub use compare::{grams, similarity};
pub use language::language;
pub use normal::{fold_numbers, normalise, words};

#[cfg(test)]
mod tests;
