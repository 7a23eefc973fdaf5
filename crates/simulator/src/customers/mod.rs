//! The demo shop and the people who write to it.
//!
//! [`script`] says what a customer can do and plays it; [`cast`] is who they are and what they say; [`shop`] connects
//! them to a simulated Meta. [`guests`] is what lies in the inbox already, one conversation for each family of messages;
//! [`asked`] is who wrote in the last hour, and [`lessons`] what the owner has taught the assistant;
//! [`visits`] is who brings files and the like while the demo runs; [`reflexes`] is what everybody does by themselves.

mod asked;
mod cast;
mod guests;
mod lessons;
mod reflexes;
mod script;
mod shop;
mod studio;
mod visits;

pub use lessons::Lessons;
pub use shop::{DemoShop, Tempo};
