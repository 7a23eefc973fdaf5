//! The handle the rest of the program holds.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    Secret, SecretName, VaultError, VaultKind,
    backend::{Backend as _, Memory},
    keeper::Keeper,
    keychain::Keychain,
    sealed::SealedFile,
};

/// One of the three places where secrets are kept. Cloning it is cheap; all clones use the same place.
///
/// No call blocks the runtime: what may wait for a disk or for a person runs on a thread of its own, and every answer
/// comes within eight seconds.
#[derive(Clone)]
pub struct Vault {
    kind: VaultKind,
    access: Arc<Access>,
}

enum Access {
    /// Never waits for anything, so it is asked in place.
    Direct(Mutex<Memory>),
    Keeper(Keeper),
}

impl Vault {
    /// Keeps secrets until the program ends.
    pub fn memory() -> Self {
        Self {
            kind: VaultKind::Memory,
            access: Arc::new(Access::Direct(Mutex::default())),
        }
    }

    /// Keeps secrets in the keychain of the operating system. The keychain is first looked for when it is first used,
    /// and looked for again after a failure, so one that starts later is found.
    pub fn keychain() -> Self {
        let keeper = Keeper::remembering(Box::new(Keychain::default()));
        Self {
            kind: VaultKind::Keychain,
            access: Arc::new(Access::Keeper(keeper)),
        }
    }

    /// Keeps secrets in the file at `path`, sealed with `passphrase`; the file is made when there is none.
    ///
    /// Takes about a tenth of a second, because deriving a key from a passphrase must be slow.
    ///
    /// Errors: [`VaultError::EmptyPassphrase`], [`VaultError::WrongPassphrase`], [`VaultError::Damaged`],
    /// [`VaultError::Io`].
    pub async fn sealed_file(path: PathBuf, passphrase: Secret) -> Result<Self, VaultError> {
        let file = tokio::task::spawn_blocking(move || SealedFile::open(&path, &passphrase))
            .await
            .map_err(|error| VaultError::Io {
                doing: "opening it".to_owned(),
                reason: error.to_string(),
            })??;
        let keeper = Keeper::new(Box::new(file));
        Ok(Self {
            kind: VaultKind::File,
            access: Arc::new(Access::Keeper(keeper)),
        })
    }

    /// Returns which of the places this is.
    pub fn kind(&self) -> VaultKind {
        self.kind
    }

    /// Returns the secret, or `None` when it was never stored. A vault that does not open is an error, never `None`.
    pub async fn get(&self, name: &SecretName) -> Result<Option<Secret>, VaultError> {
        match self.access.as_ref() {
            Access::Direct(memory) => memory.lock().unwrap_or_else(PoisonError::into_inner).read(name),
            Access::Keeper(keeper) => keeper.read(name).await,
        }
    }

    /// Stores the secret, replacing an earlier one.
    ///
    /// After [`VaultError::TimedOut`] it is open whether it was stored: a person may still answer the keychain's
    /// question. Storing it again is safe.
    pub async fn set(&self, name: &SecretName, secret: &Secret) -> Result<(), VaultError> {
        match self.access.as_ref() {
            Access::Direct(memory) => memory
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .write(name, secret),
            Access::Keeper(keeper) => keeper.write(name, secret).await,
        }
    }

    /// Removes the secret. Removing one that is not there succeeds.
    pub async fn delete(&self, name: &SecretName) -> Result<(), VaultError> {
        match self.access.as_ref() {
            Access::Direct(memory) => memory.lock().unwrap_or_else(PoisonError::into_inner).delete(name),
            Access::Keeper(keeper) => keeper.delete(name).await,
        }
    }

    /// Finds out whether a secret could be stored now, by storing and removing a meaningless one. A locked keychain may
    /// use the occasion to ask for its password.
    pub async fn probe(&self) -> Result<(), VaultError> {
        match self.access.as_ref() {
            Access::Direct(memory) => memory.lock().unwrap_or_else(PoisonError::into_inner).probe(),
            Access::Keeper(keeper) => keeper.probe().await,
        }
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Vault")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn keeps_gives_back_and_forgets(vault: Vault) {
        let name = SecretName::new("0193", "access_token");
        vault.probe().await.expect("works");
        assert_eq!(vault.get(&name).await, Ok(None));
        vault
            .clone()
            .set(&name, &Secret::new("one"))
            .await
            .expect("stored");
        vault.set(&name, &Secret::new("two")).await.expect("replaced");
        assert_eq!(vault.get(&name).await, Ok(Some(Secret::new("two"))));
        assert_eq!(vault.get(&SecretName::new("0193", "app_secret")).await, Ok(None));
        vault.delete(&name).await.expect("removed");
        vault
            .delete(&name)
            .await
            .expect("removing what is not there succeeds");
        assert_eq!(vault.clone().get(&name).await, Ok(None));
    }

    #[tokio::test]
    async fn memory_keeps_a_secret_for_all_clones_of_the_handle() {
        let vault = Vault::memory();
        assert_eq!(vault.kind(), VaultKind::Memory);
        keeps_gives_back_and_forgets(vault).await;
    }

    #[tokio::test]
    async fn a_sealed_file_keeps_a_secret_for_the_next_program() {
        let folder = tempfile::TempDir::new().expect("temporary folder");
        let open =
            |passphrase| Vault::sealed_file(folder.path().join("vault.sealed"), Secret::new(passphrase));
        let vault = open("correct horse").await.expect("made");
        assert_eq!(vault.kind(), VaultKind::File);
        keeps_gives_back_and_forgets(vault.clone()).await;

        // `channel add` while nothing else runs, and a program that has the file open already.
        let name = SecretName::new("0194", "app_secret");
        open("correct horse")
            .await
            .expect("opened")
            .set(&name, &Secret::new("new"))
            .await
            .expect("stored");
        assert_eq!(vault.get(&name).await, Ok(Some(Secret::new("new"))));
        let error = open("wrong").await.expect_err("another passphrase");
        assert_eq!(error, VaultError::WrongPassphrase);
        assert!(error.to_string().ends_with("nothing was changed."), "{error}");
    }

    /// Time that stands still must not look like a keychain that does not answer.
    #[tokio::test(start_paused = true)]
    async fn memory_answers_at_once_whatever_the_clock_does() {
        keeps_gives_back_and_forgets(Vault::memory()).await;
    }
}
