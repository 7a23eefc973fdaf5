//! The contract as a window sees it: every command, every shape, every error code, on a real engine.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what tests prepare has to work; clippy only knows the test functions themselves"
)]

mod assistant;
mod commands;
mod connection;
mod desks;
mod files;
mod leads;
mod models;
mod moments;
mod records;
mod shape;
mod troubles;
mod window;
