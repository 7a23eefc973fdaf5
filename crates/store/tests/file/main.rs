//! The store as its users see it: a real file in a folder of its own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what tests prepare has to work; clippy only knows the test functions themselves"
)]
#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method itself is not general enough over the lifetime of a reader or transaction"
)]

mod cellar;
mod commit;
mod connection;
mod knowledge;
mod later;
mod leads;
mod lists;
mod merged_thoughts;
mod merges;
mod opening;
mod people;
mod post;
mod reports;
mod schema;
mod search;
mod shop;
mod snoozed;
mod turns;
