//! The one contract with any window: commands, views, error codes, TypeScript.

pub mod args;
pub mod error;
pub mod table;
mod typescript;
pub mod views;

pub use typescript::typescript;
