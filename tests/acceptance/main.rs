//! What a user and a script would notice, one module for each behaviour.
#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "of answers and of our own bytes; a test that meets something else fails, as it should"
)]

mod api;
mod assistant;
mod cases;
mod connection;
mod crash;
mod door;
mod faults;
mod files;
mod inbound;
mod program;
mod secrets;
mod sending;
mod statuses;

/// The program under test.
const DESKBELLD: &str = env!("CARGO_BIN_EXE_deskbelld-under-test");
