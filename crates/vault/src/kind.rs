//! The three places a secret can be kept.

use std::{fmt, str::FromStr};

/// Where secrets are kept, as chosen by `--vault`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VaultKind {
    /// The keychain of the operating system.
    Keychain,
    /// One file, sealed with a passphrase.
    File,
    /// Memory only: gone when the program ends. For tests and the demo.
    Memory,
}

impl VaultKind {
    /// Returns the word used on the command line and in the window.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keychain => "keychain",
            Self::File => "file",
            Self::Memory => "memory",
        }
    }
}

impl fmt::Display for VaultKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A word that names no vault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("There is no vault called '{0}'. Use keychain, file or memory.")]
pub struct UnknownVault(String);

impl FromStr for VaultKind {
    type Err = UnknownVault;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        [Self::Keychain, Self::File, Self::Memory]
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or_else(|| UnknownVault(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_word_and_nothing_else_is() {
        for kind in [VaultKind::Keychain, VaultKind::File, VaultKind::Memory] {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        let error = "Keychain ".parse::<VaultKind>().expect_err("not a word of ours");
        assert_eq!(
            error.to_string(),
            "There is no vault called 'Keychain '. Use keychain, file or memory."
        );
    }
}
