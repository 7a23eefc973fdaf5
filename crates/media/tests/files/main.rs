//! Files as they come and go: what strangers send, what the desk sends.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what tests prepare has to work; clippy only knows the test functions themselves"
)]

mod corpus;
mod hostile;
mod pictures;
mod rules;
mod voices;
