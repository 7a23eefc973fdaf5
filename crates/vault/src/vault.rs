//! The handle the rest of the program holds.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
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
    inner: Arc<Inner>,
}

struct Inner {
    place: RwLock<Arc<Place>>,
    /// Why the latest call did not work, when it did not.
    trouble: Mutex<Option<VaultError>>,
}

struct Place {
    kind: VaultKind,
    access: Access,
}

enum Access {
    /// Never waits for anything, so it is asked in place.
    Direct(Mutex<Memory>),
    Keeper(Keeper),
    /// A sealed file whose passphrase nobody has entered yet.
    Sealed(PathBuf),
}

impl Vault {
    /// Keeps secrets until the program ends.
    pub fn memory() -> Self {
        Self::at(VaultKind::Memory, Access::Direct(Mutex::default()))
    }

    /// Keeps secrets in the keychain of the operating system. The keychain is first looked for when it is first used,
    /// and looked for again after a failure, so one that starts later is found.
    pub fn keychain() -> Self {
        let keeper = Keeper::remembering(Box::new(Keychain::default()));
        Self::at(VaultKind::Keychain, Access::Keeper(keeper))
    }

    /// Keeps secrets in the file at `path`, sealed with `passphrase`; the file is made when there is none.
    ///
    /// Takes about a tenth of a second, because deriving a key from a passphrase must be slow.
    ///
    /// Errors: [`VaultError::EmptyPassphrase`], [`VaultError::WrongPassphrase`], [`VaultError::Damaged`],
    /// [`VaultError::Io`].
    pub async fn sealed_file(path: PathBuf, passphrase: Secret) -> Result<Self, VaultError> {
        let access = open_sealed(path, passphrase).await?;
        Ok(Self::at(VaultKind::File, access))
    }

    /// Keeps secrets in the sealed file at `path`, whose passphrase comes later by [`Vault::unlock`]. Until then every
    /// call answers [`VaultError::PassphraseNeeded`].
    pub fn sealed_file_later(path: PathBuf) -> Self {
        Self::at(VaultKind::File, Access::Sealed(path))
    }

    fn at(kind: VaultKind, access: Access) -> Self {
        Self {
            inner: Arc::new(Inner {
                place: RwLock::new(Arc::new(Place { kind, access })),
                trouble: Mutex::new(None),
            }),
        }
    }

    /// Returns which of the places this is.
    pub fn kind(&self) -> VaultKind {
        self.place().kind
    }

    /// Returns why the latest call that tells did not work; `None` when it did, or when there was none.
    pub fn trouble(&self) -> Option<VaultError> {
        self.inner
            .trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Returns the secret, or `None` when it was never stored. A vault that does not open is an error, never `None`.
    pub async fn get(&self, name: &SecretName) -> Result<Option<Secret>, VaultError> {
        let place = self.place();
        let answer = match &place.access {
            Access::Direct(memory) => lock(memory).read(name),
            Access::Keeper(keeper) => keeper.read(name).await,
            Access::Sealed(_) => Err(VaultError::PassphraseNeeded),
        };
        // Of what was never stored a locked keychain, too, says that it is not there.
        if answer == Ok(None) && matches!(self.trouble(), Some(VaultError::Locked | VaultError::TimedOut)) {
            return answer;
        }
        self.noted(answer)
    }

    /// Stores the secret, replacing an earlier one.
    ///
    /// After [`VaultError::TimedOut`] it is open whether it was stored: a person may still answer the keychain's
    /// question. Storing it again is safe.
    pub async fn set(&self, name: &SecretName, secret: &Secret) -> Result<(), VaultError> {
        let place = self.place();
        let answer = match &place.access {
            Access::Direct(memory) => lock(memory).write(name, secret),
            Access::Keeper(keeper) => keeper.write(name, secret).await,
            Access::Sealed(_) => Err(VaultError::PassphraseNeeded),
        };
        self.noted(answer)
    }

    /// Removes the secret. Removing one that is not there succeeds.
    pub async fn delete(&self, name: &SecretName) -> Result<(), VaultError> {
        let place = self.place();
        let answer = match &place.access {
            Access::Direct(memory) => lock(memory).delete(name),
            Access::Keeper(keeper) => keeper.delete(name).await,
            Access::Sealed(_) => Err(VaultError::PassphraseNeeded),
        };
        self.noted(answer)
    }

    /// Finds out whether a secret could be stored now, by storing and removing a meaningless one. A locked keychain may
    /// use the occasion to ask for its password.
    pub async fn probe(&self) -> Result<(), VaultError> {
        let place = self.place();
        let answer = match &place.access {
            Access::Direct(memory) => lock(memory).probe(),
            Access::Keeper(keeper) => keeper.probe().await,
            Access::Sealed(_) => Err(VaultError::PassphraseNeeded),
        };
        self.noted(answer)
    }

    /// Asks a locked keychain again, or opens a sealed file with its passphrase. For a place that is open already, this
    /// is a [`Vault::probe`].
    pub async fn unlock(&self, passphrase: Option<Secret>) -> Result<(), VaultError> {
        let place = self.place();
        let Access::Sealed(path) = &place.access else {
            return self.probe().await;
        };
        let passphrase = passphrase.unwrap_or_else(|| Secret::new(""));
        let opened = open_sealed(path.clone(), passphrase).await;
        // That the file is closed stays the news, whatever was tried on it.
        if let Ok(access) = opened {
            self.move_to(VaultKind::File, access);
            return self.noted(Ok(()));
        }
        opened.map(drop)
    }

    /// Keeps secrets in a sealed file from now on, for all clones. `names` are taken along as far as the former place
    /// gives them, and erased there. Returns the names it did not give: those secrets have to be entered again.
    ///
    /// Nothing changes when the file cannot be opened or written.
    pub async fn move_to_sealed_file(
        &self,
        path: PathBuf,
        passphrase: Secret,
        names: &[SecretName],
    ) -> Result<Vec<SecretName>, VaultError> {
        let file = Self::sealed_file(path, passphrase).await?;
        let former = self.place();
        let mut missing = Vec::new();
        for name in names {
            match self.get(name).await {
                Ok(Some(secret)) => file.set(name, &secret).await?,
                // Never stored, so nothing is lost.
                Ok(None) => {}
                // It may lie in the file already, from an earlier move that was cut short.
                Err(_) if file.get(name).await?.is_some() => {}
                Err(_) => missing.push(name.clone()),
            }
        }
        file.probe().await?;
        let place = file.place();
        *self.inner.place.write().unwrap_or_else(PoisonError::into_inner) = place;
        self.noted(Ok(()))?;
        if let Access::Keeper(keeper) = &former.access {
            for name in names.iter().filter(|name| !missing.contains(name)) {
                // What cannot be erased is a copy too many, not a loss.
                if let Err(error) = keeper.delete(name).await {
                    tracing::warn!(%error, "a secret stays in the keychain as well");
                    break;
                }
            }
        }
        Ok(missing)
    }

    fn place(&self) -> Arc<Place> {
        Arc::clone(&self.inner.place.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn move_to(&self, kind: VaultKind, access: Access) {
        *self.inner.place.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Place { kind, access });
    }

    fn noted<T>(&self, answer: Result<T, VaultError>) -> Result<T, VaultError> {
        let trouble = match &answer {
            Ok(_) => None,
            // It is about that secret, not about the vault.
            Err(VaultError::Refused { .. }) => return answer,
            Err(error) => Some(error.clone()),
        };
        *self.inner.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
        answer
    }
}

async fn open_sealed(path: PathBuf, passphrase: Secret) -> Result<Access, VaultError> {
    let file = tokio::task::spawn_blocking(move || SealedFile::open(&path, &passphrase))
        .await
        .map_err(|error| VaultError::Io {
            doing: "opening it".to_owned(),
            reason: error.to_string(),
        })??;
    Ok(Access::Keeper(Keeper::new(Box::new(file))))
}

fn lock(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Vault")
            .field("kind", &self.kind())
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

    #[tokio::test]
    async fn a_sealed_file_whose_passphrase_comes_later_answers_so_until_it_has_come() {
        let folder = tempfile::TempDir::new().expect("temporary folder");
        let path = folder.path().join("vault.sealed");
        let name = SecretName::new("0195", "access_token");
        let first = Vault::sealed_file(path.clone(), Secret::new("correct horse"))
            .await
            .expect("made");
        first.set(&name, &Secret::new("token")).await.expect("stored");

        let vault = Vault::sealed_file_later(path);
        let clone = vault.clone();
        assert_eq!(vault.get(&name).await, Err(VaultError::PassphraseNeeded));
        let before = vault.set(&name, &Secret::new("other")).await;
        assert_eq!(before, Err(VaultError::PassphraseNeeded));
        assert_eq!(
            vault.unlock(Some(Secret::new("wrong"))).await,
            Err(VaultError::WrongPassphrase)
        );
        assert_eq!(vault.unlock(None).await, Err(VaultError::EmptyPassphrase));
        assert_eq!(vault.trouble(), Some(VaultError::PassphraseNeeded));
        vault
            .unlock(Some(Secret::new("correct horse")))
            .await
            .expect("opened");
        assert_eq!(clone.get(&name).await, Ok(Some(Secret::new("token"))));
        assert_eq!(clone.trouble(), None);
    }

    #[tokio::test]
    async fn a_move_to_a_sealed_file_takes_what_is_there_along_for_all_clones() {
        let folder = tempfile::TempDir::new().expect("temporary folder");
        let path = folder.path().join("vault.sealed");
        let (token, none) = (
            SecretName::new("0196", "access_token"),
            SecretName::new("0196", "former_app_secret"),
        );
        let vault = Vault::memory();
        let clone = vault.clone();
        vault.set(&token, &Secret::new("token")).await.expect("stored");
        let refused = vault
            .move_to_sealed_file(path.clone(), Secret::new(""), std::slice::from_ref(&token))
            .await;
        assert_eq!(refused, Err(VaultError::EmptyPassphrase));
        assert_eq!(clone.kind(), VaultKind::Memory);

        let missing = vault
            .move_to_sealed_file(path.clone(), Secret::new("correct horse"), &[token.clone(), none])
            .await;
        assert_eq!(missing, Ok(Vec::new()));
        assert_eq!(clone.kind(), VaultKind::File);
        assert_eq!(clone.get(&token).await, Ok(Some(Secret::new("token"))));
        let later = Vault::sealed_file(path, Secret::new("correct horse"))
            .await
            .expect("opened");
        assert_eq!(later.get(&token).await, Ok(Some(Secret::new("token"))));
    }

    /// Time that stands still must not look like a keychain that does not answer.
    #[tokio::test(start_paused = true)]
    async fn memory_answers_at_once_whatever_the_clock_does() {
        keeps_gives_back_and_forgets(Vault::memory()).await;
    }
}
