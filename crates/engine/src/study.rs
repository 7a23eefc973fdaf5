//! The study: the room where the assistant answers.

pub(crate) mod commit;
