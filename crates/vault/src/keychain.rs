//! The keychain of the operating system.
//!
//! On Linux that is the Secret Service on the session bus. Its store is made here and dropped after a failure, because
//! the ready-made `keyring::Entry` looks for it once per process: a keychain that starts later would never be found.
//! On macOS and Windows the keychain is always there and `keyring::Entry` is right.

use keyring::Error;

use crate::{Secret, SecretName, VaultError, backend::Backend};

/// Talks to the keychain. Calls block, with a locked keychain until a person answers: use it through a
/// [`Keeper`](crate::keeper::Keeper) only.
#[derive(Default)]
pub(crate) struct Keychain {
    store: Option<native::Store>,
}

impl Keychain {
    /// Runs `act` on the item called `name`. When a keychain used before has gone away, looks for a new one, once.
    fn on_item<T>(
        &mut self,
        name: &SecretName,
        act: impl Fn(&native::Entry) -> Result<T, Error>,
    ) -> Result<T, Failure> {
        if let Some(store) = self.store.take() {
            let outcome = native::entry(&store, &name.to_string()).and_then(|entry| act(&entry));
            if !matches!(outcome, Err(Error::PlatformFailure(_))) {
                self.store = Some(store);
                return outcome.map_err(Failure::Asking);
            }
        }
        let store = native::open().map_err(Failure::Opening)?;
        let outcome = native::entry(&store, &name.to_string()).and_then(|entry| act(&entry));
        if !matches!(outcome, Err(Error::PlatformFailure(_))) {
            self.store = Some(store);
        }
        outcome.map_err(Failure::Asking)
    }
}

impl Backend for Keychain {
    fn read(&mut self, name: &SecretName) -> Result<Option<Secret>, VaultError> {
        match self.on_item(name, native::Entry::get_password) {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(Failure::Asking(Error::NoEntry)) => Ok(None),
            Err(failure) => Err(failure.explain(name)),
        }
    }

    fn write(&mut self, name: &SecretName, secret: &Secret) -> Result<(), VaultError> {
        self.on_item(name, |entry| entry.set_password(secret.expose()))
            .map_err(|failure| failure.explain(name))
    }

    fn delete(&mut self, name: &SecretName) -> Result<(), VaultError> {
        match self.on_item(name, native::Entry::delete_credential) {
            Ok(()) | Err(Failure::Asking(Error::NoEntry)) => Ok(()),
            Err(failure) => Err(failure.explain(name)),
        }
    }

    /// Only storing tells: an empty keychain answers "no such item" to a reader even while it is locked.
    fn probe(&mut self) -> Result<(), VaultError> {
        let name = SecretName::new("deskbell", "probe");
        self.write(&name, &Secret::new("a test whether secrets can be stored"))?;
        self.delete(&name)
    }
}

enum Failure {
    /// No keychain was found.
    Opening(Error),
    /// One was found and did not do what was asked.
    Asking(Error),
}

impl Failure {
    fn explain(self, name: &SecretName) -> VaultError {
        let error = match self {
            Self::Opening(error) => {
                return absent(&error);
            }
            Self::Asking(error) => error,
        };
        match error {
            Error::NoStorageAccess(_) => VaultError::Locked,
            // gnome-keyring answers so when it locks between the question whether it is open and the storing.
            Error::PlatformFailure(inner) if inner.to_string().contains("IsLocked") => VaultError::Locked,
            Error::PlatformFailure(_) => absent(&error),
            Error::Ambiguous(_) => {
                VaultError::damaged(format!("the keychain holds more than one item called {name}"))
            }
            Error::BadEncoding(bytes) | Error::BadDataFormat(bytes, _) => {
                drop(zeroize::Zeroizing::new(bytes));
                VaultError::damaged(format!("the keychain's item {name} is not text"))
            }
            Error::BadStoreFormat(what) => VaultError::damaged(what),
            Error::TooLong(_, limit) => VaultError::Refused {
                reason: format!("this keychain takes at most {limit} characters"),
            },
            Error::Invalid(what, why) => VaultError::Refused {
                reason: format!("{what} {why}"),
            },
            // Nothing else is documented for an item; it still must become a sentence.
            other => VaultError::Refused {
                reason: other.to_string(),
            },
        }
    }
}

/// The reason is for whoever reads the log.
fn absent(error: &Error) -> VaultError {
    let reason = reason(error);
    tracing::debug!(%reason, "the keychain cannot be reached");
    VaultError::Absent { reason }
}

/// The innermost reason, without the layers that only repeat it.
fn reason(error: &Error) -> String {
    match error {
        Error::PlatformFailure(inner) | Error::NoStorageAccess(inner) => inner.to_string(),
        other => other.to_string(),
    }
}

#[cfg(target_os = "linux")]
mod native {
    use std::sync::Arc;

    use keyring_core::api::CredentialStoreApi as _;

    use crate::SERVICE;

    pub(super) type Entry = keyring_core::Entry;
    pub(super) type Store = Arc<zbus_secret_service_keyring_store::Store>;

    pub(super) fn open() -> Result<Store, keyring::Error> {
        zbus_secret_service_keyring_store::Store::new()
    }

    pub(super) fn entry(store: &Store, user: &str) -> Result<Entry, keyring::Error> {
        // The label is what a person sees in the desktop's password program.
        let label = format!("Deskbell: {user}");
        store.build(SERVICE, user, Some(&[("label", label.as_str())].into()))
    }
}

#[cfg(not(target_os = "linux"))]
mod native {
    use crate::SERVICE;

    pub(super) type Entry = keyring::Entry;
    pub(super) type Store = ();

    pub(super) fn open() -> Result<Store, keyring::Error> {
        Ok(())
    }

    pub(super) fn entry(_store: &Store, user: &str) -> Result<Entry, keyring::Error> {
        keyring::Entry::new(SERVICE, user)
    }
}
