//! Where the secrets are kept, and how that place is opened or exchanged.

use crate::account::{ACCESS_TOKEN, APP_SECRET, FORMER_APP_SECRET, VERIFY_TOKEN};
use crate::commands::CommandError;
use crate::engine::Engine;
use vault::{SEALED_FILE, Secret, SecretName, VaultError};

/// The shortest passphrase a new sealed file takes, in characters.
const SHORTEST_PASSPHRASE: usize = 8;

/// Secrets that belong to no channel: whose, and which.
const OTHERS: [(&str, &str); 4] = [
    ("tunnel", "authtoken"),
    ("tunnel", "tunnel_token"),
    ("setup", ACCESS_TOKEN),
    ("setup", APP_SECRET),
];

impl Engine {
    /// Asks a locked keychain again, or opens the sealed file with its passphrase.
    pub async fn unlock_vault(&self, passphrase: Option<Secret>) -> Result<(), CommandError> {
        match self.vault().unlock(passphrase).await {
            Ok(()) => {}
            Err(error @ (VaultError::WrongPassphrase | VaultError::EmptyPassphrase)) => {
                return Err(about_passphrase(error.to_string()));
            }
            Err(error) => return Err(CommandError::Secrets(error.to_string())),
        }
        self.secrets_came_back().await
    }

    /// Keeps secrets in a sealed file from now on. Those the keychain gives move along. Returns the names of the channels
    /// whose keys it did not give and that have to be entered again.
    pub async fn use_sealed_file(&self, passphrase: Secret) -> Result<Vec<String>, CommandError> {
        let path = self.store().directory().join(SEALED_FILE);
        if !path.exists() && passphrase.expose().chars().count() < SHORTEST_PASSPHRASE {
            return Err(about_passphrase(format!(
                "The passphrase is too short: take at least {SHORTEST_PASSPHRASE} characters, such as four words."
            )));
        }
        #[expect(
            clippy::redundant_closure_for_method_calls,
            reason = "the method itself is not general enough over the reader's lifetime"
        )]
        let channels = self.store().read(|reader| reader.all_channels()).await?;
        let mut names: Vec<SecretName> = channels
            .iter()
            .flat_map(|channel| {
                [ACCESS_TOKEN, APP_SECRET, VERIFY_TOKEN, FORMER_APP_SECRET]
                    .map(|field| SecretName::new(channel.id.as_str(), field))
            })
            .collect();
        names.extend(OTHERS.map(|(owner, field)| SecretName::new(owner, field)));
        let missing = match self.vault().move_to_sealed_file(path, passphrase, &names).await {
            Ok(missing) => missing,
            Err(error @ VaultError::WrongPassphrase) => return Err(about_passphrase(error.to_string())),
            Err(error) => return Err(CommandError::Secrets(error.to_string())),
        };
        self.secrets_came_back().await?;
        let of = |owner: &str| channels.iter().find(|channel| channel.id.as_str() == owner);
        let mut channels: Vec<String> = missing
            .iter()
            .filter_map(|name| of(name.owner()))
            .map(|channel| channel.name.clone())
            .collect();
        channels.dedup();
        Ok(channels)
    }
}

impl Engine {
    /// Everything that needs secrets looks for them again.
    async fn secrets_came_back(&self) -> Result<(), CommandError> {
        Ok(self.hang_doorplates().await?)
    }
}

fn about_passphrase(sentence: String) -> CommandError {
    CommandError::Misfit {
        field: "passphrase".to_owned(),
        sentence,
    }
}
