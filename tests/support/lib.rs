//! A shop with a real `deskbelld` on a real data directory, opposite a simulated Meta. What tests and benchmarks have
//! in common.
#![expect(
    clippy::indexing_slicing,
    reason = "of JSON answers, where a missing key is null; a test that meets something else fails, as it should"
)]

mod cast;
mod edge;
#[cfg(target_os = "linux")]
mod keychain;
mod records;
mod shop;
mod street;
mod wait;

pub use cast::{VERIFY_TOKEN, customer, now, number};
pub use edge::PublicStreet;
#[cfg(target_os = "linux")]
pub use keychain::Session;
pub use records::Records;
pub use shop::{Finished, Shop};
pub use street::Street;
pub use wait::{PATIENCE, until};
