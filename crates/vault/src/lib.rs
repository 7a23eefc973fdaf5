//! Keeps secrets in the OS keychain, in a sealed file or in memory, and gives them back by name.
//!
//! [`Secret`] is what the rest of the program holds: a string that cannot be printed or serialised. [`Vault`] is a
//! cheap handle to one of the three places of keeping. There is no fourth, silent place: when the chosen vault does
//! not work, the caller gets a [`VaultError`] whose sentence says what to do.

mod backend;
mod error;
mod keeper;
mod keychain;
mod kind;
mod sealed;
mod secret;
mod vault;

pub use error::VaultError;
pub use kind::{UnknownVault, VaultKind};
pub use secret::{SERVICE, Secret, SecretName};
pub use vault::Vault;

/// The name a sealed file has in a data directory.
pub const SEALED_FILE: &str = "secrets.sealed";
