//! What the command line may say.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use vault::{Secret, Vault, VaultError};

/// Answer the customers of a small business from your own desk.
///
/// Without options it opens the inbox of this computer's user. `RUST_LOG` sets what is logged to stderr.
#[derive(Debug, Clone, Parser)]
#[command(name = "deskbell", version)]
pub(crate) struct Options {
    /// Open the demo shop: invented customers, nothing leaves this computer
    #[arg(long)]
    pub(crate) demo: bool,
    /// Keep the inbox in this folder instead of the user's own
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Where secrets are kept; the passphrase of `file` comes from `DESKBELL_VAULT_PASSPHRASE`, or is asked for in the
    /// window. Without it: the sealed file when there is one, else the keychain
    #[arg(long, value_enum)]
    vault: Option<VaultChoice>,
    /// Start without showing the window, where a tray icon can bring it back
    #[arg(long)]
    pub(crate) hidden: bool,
    /// Where Meta's Graph API is for numbers connected from now on
    #[arg(long, value_name = "URL", hide_short_help = true)]
    pub(crate) graph_url: Option<String>,
    /// Another server than ngrok's own
    #[arg(long, value_name = "HOST:PORT", hide_short_help = true)]
    pub(crate) ngrok_server: Option<String>,
    /// The certificate authority of that server or of a network that looks into TLS, in PEM
    #[arg(long, value_name = "FILE", hide_short_help = true, requires = "ngrok_server")]
    pub(crate) ngrok_ca: Option<PathBuf>,
}

/// The places secrets can be kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum VaultChoice {
    /// The keychain of the operating system
    Keychain,
    /// Nowhere: forgotten at the end
    Memory,
    /// A sealed file in the data folder
    File,
}

impl Options {
    /// Reads the command line. `Err` carries the exit code of a line that is answered already: 0 for `--help` and
    /// `--version`, 2 for wrong usage.
    pub(crate) fn parse() -> Result<Self, ExitCode> {
        Self::try_parse().map_err(|answer| {
            // Nobody is left to tell when neither stdout nor stderr can be written.
            let _ = answer.print();
            ExitCode::from(u8::try_from(answer.exit_code()).unwrap_or(2))
        })
    }

    /// The folder that was named, the same from wherever the app is started.
    pub(crate) fn absolute_data_dir(&self) -> Option<PathBuf> {
        let named = self.data_dir.as_ref()?;
        Some(std::path::absolute(named).unwrap_or_else(|_| named.clone()))
    }

    /// Opens the vault of the inbox in `data_dir`. The demo shop has one of its own; this one is for coming back.
    pub(crate) async fn open_vault(&self, data_dir: &Path) -> Result<Vault, VaultError> {
        let sealed = data_dir.join(vault::SEALED_FILE);
        match self.vault {
            Some(VaultChoice::Memory) => Ok(Vault::memory()),
            Some(VaultChoice::Keychain) => Ok(Vault::keychain()),
            None if !sealed.exists() => Ok(Vault::keychain()),
            Some(VaultChoice::File) | None => match std::env::var("DESKBELL_VAULT_PASSPHRASE") {
                Ok(passphrase) => Vault::sealed_file(sealed, Secret::new(passphrase)).await,
                Err(_) => Ok(Vault::sealed_file_later(sealed)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &[&str]) -> Result<Options, i32> {
        Options::try_parse_from([&["deskbell"], line].concat()).map_err(|answer| answer.exit_code())
    }

    #[test]
    fn a_bare_start_opens_the_own_inbox_with_the_keychain() {
        let options = read(&[]).unwrap();
        assert!(!options.demo && !options.hidden && options.data_dir.is_none());
        assert_eq!(options.vault, None);
    }

    #[test]
    fn wrong_usage_ends_with_two() {
        assert_eq!(read(&["--vault", "drawer"]).unwrap_err(), 2);
        assert_eq!(read(&["--data-dir"]).unwrap_err(), 2);
        assert_eq!(read(&["surplus"]).unwrap_err(), 2);
        assert_eq!(read(&["--version"]).unwrap_err(), 0);
    }
}
