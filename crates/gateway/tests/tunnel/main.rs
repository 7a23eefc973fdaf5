//! Tunnels in front of a door: the real ngrok crate against an edge played by the simulator, and real processes.

#![expect(
    clippy::unwrap_used,
    reason = "what tests prepare has to work; clippy only knows the test functions themselves"
)]
#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method itself is not general enough over the lifetime of a reader"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "what a test starts ends with the runtime of the test"
)]

mod answers;
mod house;
mod outages;
#[cfg(unix)]
mod programs;
mod refusals;
mod street;
