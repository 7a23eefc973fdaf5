//! Asking the provider about a channel, for whoever stands at a command line.

use super::SetupError;
use crate::account::account;
use crate::checks::KnownToken;
use channels::whatsapp::setup::{BusinessAccount, Credential, CredentialTrouble, Proved, Source};
use channels::whatsapp::{Account, Graph, NumberState};
use domain::{ChannelId, Timestamp};
use store::Store;
use vault::Vault;

/// What the provider says of a channel: its number, its account, its keys, and where its webhooks go.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckedChannel {
    /// The number.
    pub number: NumberState,
    /// The app of the keys, its id and its name; why they were not proved otherwise.
    pub keys: Result<(String, Option<String>), CredentialTrouble>,
    /// The token, when the keys were proved.
    pub token: Option<KnownToken>,
    /// The business account; `None` when its id is not known.
    pub account: Option<Result<BusinessAccount, CredentialTrouble>>,
    /// Whether an app is subscribed to the account; `None` when that could not be asked.
    pub subscribed: Option<bool>,
    /// Whether the provider brings this number's webhooks to the address this channel has here.
    pub comes_here: bool,
}

impl CheckedChannel {
    /// Returns how well token, app secret and permissions were proved: which, whether it is good (`None`: not known), and
    /// why not.
    pub fn proofs(&self) -> [(&'static str, Option<bool>, Option<&'static str>); 3] {
        let of = |wanted: &[Credential]| match &self.keys {
            Ok(_) => (Some(true), None),
            Err(trouble) if wanted.contains(&trouble.which) => (Some(false), Some(trouble.words)),
            Err(_) => (None, None),
        };
        let (token, token_words) = of(&[Credential::Token]);
        let (secret, secret_words) = of(&[Credential::AppSecret, Credential::AppId]);
        let permissions = match &self.account {
            Some(Ok(_)) => (Some(true), None),
            Some(Err(trouble))
                if matches!(trouble.which, Credential::Permission | Credential::Assignment) =>
            {
                (Some(false), Some(trouble.words))
            }
            _ => (None, None),
        };
        [
            // The number was shown for it, so it works.
            ("access_token", token.or(Some(true)), token_words),
            ("app_secret", secret, secret_words),
            ("permissions", permissions.0, permissions.1),
        ]
    }
}

/// Asks the provider about a channel. Needs the network. Fails when the number itself is not told; what else cannot be
/// told stands in the answer.
pub async fn check_channel(
    store: &Store,
    vault: &Vault,
    id: &ChannelId,
    now: Timestamp,
) -> Result<CheckedChannel, SetupError> {
    let id = id.clone();
    let (channel, path) = store
        .read(move |reader| {
            let channel = reader.channel(&id)?;
            let path = reader.endpoint(channel.endpoint_id)?.path;
            Ok((channel, path))
        })
        .await?;
    let account = account(vault, &channel).await?;
    let graph = Graph::new()?;
    let number = graph.check(&account).await.map_err(SetupError::Refused)?;
    let proved = graph.prove(&source(&account)).await;
    let business = match account.business_account_id.as_deref() {
        Some(waba) => Some(graph.business_account(&account, waba).await.map_err(Into::into)),
        None => None,
    };
    let apps = match &business {
        Some(Ok(_)) => graph.subscribed_apps(&account).await.ok(),
        _ => None,
    };
    Ok(CheckedChannel {
        comes_here: number
            .webhook_url
            .as_deref()
            .is_some_and(|url| url.ends_with(&path)),
        subscribed: apps.map(|apps| match &proved {
            Ok(proved) => apps
                .iter()
                .any(|app| app.id.as_deref() == Some(proved.app_id.as_str())),
            Err(_) => !apps.is_empty(),
        }),
        token: proved
            .as_ref()
            .ok()
            .map(|proved| KnownToken::of(&proved.token, now)),
        keys: proved.map(|Proved { app_id, app_name, .. }| (app_id, app_name)),
        account: business,
        number,
    })
}

fn source(account: &Account) -> Source {
    Source {
        base_url: account.base_url.clone(),
        version: account.version.clone(),
        access_token: account.access_token.clone(),
        app_secret: account.app_secret.clone(),
        app_id: None,
    }
}
