//! The whole street: a simulated Meta over real loopback HTTP, and an engine on a real file.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what tests prepare has to work; clippy only knows the test functions themselves"
)]
#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method itself is not general enough over the lifetime of a reader"
)]

mod connection;
mod dispatch;
mod health;
mod ingest;
mod keys;
mod leads;
mod linked;
mod listening;
mod media;
mod models;
mod pace;
mod readings;
mod setup;
mod templates;
mod town;
mod uploads;
mod wizard;
mod writing;
