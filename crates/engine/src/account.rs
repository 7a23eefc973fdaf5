//! The secrets of a channel, and the account they open.

use channels::whatsapp::Account;
use store::Channel;
use vault::{Secret, SecretName, Vault, VaultError};

/// The token that lets us send.
pub(crate) const ACCESS_TOKEN: &str = "access_token";
/// The secret webhooks are signed with.
pub(crate) const APP_SECRET: &str = "app_secret";
/// The secret webhooks were signed with before it was replaced.
pub(crate) const FORMER_APP_SECRET: &str = "former_app_secret";
/// The word Meta says when it visits a callback address.
pub(crate) const VERIFY_TOKEN: &str = "verify_token";

/// Why the secrets of a channel cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretTrouble {
    /// The vault did not open.
    #[error("{0}")]
    Vault(#[from] VaultError),
    /// It opened, and the secret is not in it.
    #[error("The {0} is missing. Connect the number again.")]
    Missing(&'static str),
}

/// Reads one secret of a channel.
pub(crate) async fn secret(
    vault: &Vault,
    channel: &Channel,
    field: &'static str,
) -> Result<Option<Secret>, VaultError> {
    vault.get(&SecretName::new(channel.id.as_str(), field)).await
}

/// Returns what is needed to call the provider in the name of a channel.
pub(crate) async fn account(vault: &Vault, channel: &Channel) -> Result<Account, SecretTrouble> {
    let access_token = secret(vault, channel, ACCESS_TOKEN)
        .await?
        .ok_or(SecretTrouble::Missing("access token"))?;
    let app_secret = secret(vault, channel, APP_SECRET)
        .await?
        .ok_or(SecretTrouble::Missing("app secret"))?;
    Ok(Account {
        base_url: channel.api_url.clone(),
        version: channel.api_version.clone(),
        number_id: channel.number_id.clone(),
        business_account_id: channel.account_id.clone(),
        access_token,
        app_secret,
    })
}
