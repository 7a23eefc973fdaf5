//! The demo shop and the people who write to it.
//!
//! [`script`] says what a customer can do and plays it; [`cast`] is who they are and what they say; [`shop`] connects
//! them to a simulated Meta. [`guests`] is what lies in the inbox already, one conversation for each family of messages;
//! [`visits`] is who brings files and the like while the demo runs; [`reflexes`] is what everybody does by themselves.

mod cast;
mod guests;
mod reflexes;
mod script;
mod shop;
mod studio;
mod visits;

pub use shop::{DemoShop, Tempo};
