//! The study: the room where the assistant answers.

mod answer;
pub(crate) mod ask;
pub(crate) mod brain;
pub(crate) mod commit;
pub(crate) mod mind;
pub(crate) mod room;
mod situation;

#[cfg(test)]
mod interleavings;
