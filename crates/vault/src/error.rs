//! Why a secret could not be read or kept, in words for the person at the desk.

/// What went wrong in a vault. Each sentence says what to do next; none carries anything of a secret.
///
/// A secret that was never stored is no error: reading it gives `Ok(None)`. So a caller can never take a locked vault
/// for an empty one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The keychain is there but does not open for us. Nothing was read or changed.
    #[error(
        "The keychain is locked. Unlock it and try again, or keep the secrets in a sealed file instead (at the command line: --vault file)."
    )]
    Locked,
    /// There is no keychain to talk to.
    #[error(
        "The keychain of this computer cannot be reached. Start its keychain service and try again, or keep the secrets in a sealed file instead (at the command line: --vault file)."
    )]
    Absent {
        /// What the attempt to reach it answered. Not for people: it names parts of the operating system.
        reason: String,
    },
    /// No answer came in time, most often because a window asking for the keychain's password is still open.
    #[error(
        "The keychain has not answered. Look for a window that asks for its password, answer it and try again."
    )]
    TimedOut,
    /// The sealed file is there, and nobody has entered its passphrase yet.
    #[error("The secrets lie in a sealed file that is closed. Enter its passphrase to open it.")]
    PassphraseNeeded,
    /// The passphrase does not belong to the sealed file.
    #[error("The passphrase does not fit this sealed file. Check it and try again; nothing was changed.")]
    WrongPassphrase,
    /// A sealed file must not be opened or made with nothing.
    #[error(
        "The sealed file needs a passphrase. Enter one; without a window, set DESKBELL_VAULT_PASSPHRASE."
    )]
    EmptyPassphrase,
    /// What is stored cannot be understood any more.
    #[error(
        "The stored secrets are damaged: {what}. Restore them from a backup, or remove them and enter the tokens again."
    )]
    Damaged {
        /// What was found.
        what: String,
    },
    /// The vault does not take this secret, whatever its state.
    #[error("The secret could not be stored: {reason}. Check what was entered.")]
    Refused {
        /// Why not.
        reason: String,
    },
    /// The operating system refused.
    #[error(
        "The sealed file could not be used ({doing}: {reason}). Check the folder, its permissions and the free space, then try again."
    )]
    Io {
        /// What was being done.
        doing: String,
        /// The operating system's answer.
        reason: String,
    },
}

impl VaultError {
    /// Wraps what the operating system said while `doing` something.
    pub(crate) fn io(doing: &str, error: &std::io::Error) -> Self {
        Self::Io {
            doing: doing.to_owned(),
            reason: error.to_string(),
        }
    }

    /// Says that the stored secrets cannot be understood.
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }
}
