//! What every place of keeping can do, and the simplest of them.

use std::collections::HashMap;

use crate::{Secret, SecretName, VaultError};

/// A place of keeping, used by one thread at a time. All calls may block.
pub(crate) trait Backend: Send {
    /// Returns the secret, or `None` when it was never stored.
    fn read(&mut self, name: &SecretName) -> Result<Option<Secret>, VaultError>;

    /// Stores or replaces the secret.
    fn write(&mut self, name: &SecretName, secret: &Secret) -> Result<(), VaultError>;

    /// Removes the secret; removing one that is not there succeeds.
    fn delete(&mut self, name: &SecretName) -> Result<(), VaultError>;

    /// Finds out whether secrets could be stored now.
    fn probe(&mut self) -> Result<(), VaultError>;
}

/// Keeps secrets until the program ends.
#[derive(Default)]
pub(crate) struct Memory(HashMap<SecretName, Secret>);

impl Backend for Memory {
    fn read(&mut self, name: &SecretName) -> Result<Option<Secret>, VaultError> {
        Ok(self.0.get(name).cloned())
    }

    fn write(&mut self, name: &SecretName, secret: &Secret) -> Result<(), VaultError> {
        self.0.insert(name.clone(), secret.clone());
        Ok(())
    }

    fn delete(&mut self, name: &SecretName) -> Result<(), VaultError> {
        self.0.remove(name);
        Ok(())
    }

    fn probe(&mut self) -> Result<(), VaultError> {
        Ok(())
    }
}
