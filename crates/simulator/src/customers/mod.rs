//! The demo shop and the people who write to it.
//!
//! [`script`] says what a customer can do and plays it; [`cast`] is who they are and what they say; [`shop`] connects
//! them to a simulated Meta.

mod cast;
mod script;
mod shop;

pub use shop::{DemoShop, Tempo};
