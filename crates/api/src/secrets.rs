//! Commands about where secrets are kept.

use crate::args::VaultArgs;
use crate::error::ApiError;
use crate::router::{read, write};
use crate::views::VaultView;
use engine::{CommandError, Engine};
use serde_json::Value;
use vault::{Secret, Vault, VaultError, VaultKind};

/// Carries out such a command; `None` when it is none.
pub(crate) async fn call(engine: &Engine, command: &str, args: Value) -> Option<Result<Value, ApiError>> {
    Some(match command {
        "vault" => write(&view(engine.vault(), &[])),
        "unlock_vault" => unlock(engine, args).await,
        "use_sealed_file" => use_sealed_file(engine, args).await,
        _ => return None,
    })
}

async fn unlock(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: VaultArgs = read(args)?;
    match engine.unlock_vault(args.passphrase.map(Secret::new)).await {
        Ok(()) => write(&view(engine.vault(), &[])),
        Err(error @ CommandError::Secrets(_)) => {
            let message = engine.vault().trouble().as_ref().map(trouble_words);
            let error = ApiError::from(error);
            Err(ApiError {
                message: message.unwrap_or_else(|| error.message.clone()),
                ..error
            })
        }
        Err(error) => Err(error.into()),
    }
}

async fn use_sealed_file(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: VaultArgs = read(args)?;
    let passphrase = Secret::new(args.passphrase.unwrap_or_default());
    let missing = engine.use_sealed_file(passphrase).await?;
    write(&view(engine.vault(), &missing))
}

/// Says where secrets are kept. `missing`: channels whose keys did not come along.
fn view(vault: &Vault, missing: &[String]) -> VaultView {
    let trouble = vault.trouble();
    let state = match &trouble {
        None => "open",
        Some(VaultError::Locked | VaultError::TimedOut) => "locked",
        Some(VaultError::PassphraseNeeded | VaultError::WrongPassphrase | VaultError::EmptyPassphrase) => {
            "passphrase"
        }
        Some(VaultError::Damaged { .. }) => "damaged",
        Some(_) => "absent",
    };
    let place = match vault.kind() {
        VaultKind::Keychain => "Secrets are kept in this computer's keychain.",
        VaultKind::File => {
            "Secrets are kept in a sealed file that only your passphrase opens. Nobody can restore a forgotten passphrase; \
             the keys would have to be entered again."
        }
        VaultKind::Memory => "Secrets are kept in memory only and forgotten when Deskbell is quit.",
    };
    let words = match (&trouble, missing) {
        (Some(trouble), _) => trouble_words(trouble),
        (None, []) => place.to_owned(),
        (None, missing) => format!(
            "{place} The keychain did not give the keys of {}: enter them again under Settings, Replace keys.",
            missing.join(", ")
        ),
    };
    VaultView {
        kind: vault.kind().as_str(),
        state,
        words,
        can_use_file: vault.kind() == VaultKind::Keychain,
    }
}

/// Why the vault does not open, for somebody who sits before a window and knows no options of the command line.
fn trouble_words(trouble: &VaultError) -> String {
    match trouble {
        VaultError::Locked => {
            "This computer's keychain is locked, so Deskbell cannot read your keys. Unlock it, or keep them in a sealed \
             file with a passphrase instead."
                .to_owned()
        }
        VaultError::Absent { .. } => {
            "This computer's keychain cannot be reached, so Deskbell cannot read your keys. Start the keychain and try \
             again, or keep them in a sealed file with a passphrase instead."
                .to_owned()
        }
        trouble => trouble.to_string(),
    }
}
