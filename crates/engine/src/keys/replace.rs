//! New keys for a channel, with a time in which the former app secret is valid too.

use super::in_vault;
use crate::account::{ACCESS_TOKEN, APP_SECRET, FORMER_APP_SECRET, VERIFY_TOKEN, account, secret};
use crate::commands::CommandError;
use crate::engine::Engine;
use crate::setup::{SetupError, fingerprint, random_hex};
use crate::wizard::{locked, misfit, not_now, tidy};
use channels::whatsapp::Account;
use channels::whatsapp::setup::{Credential, CredentialTrouble, Source};
use domain::{ChannelId, EndpointId, SECRET_OVERLAP};
use store::{Channel, Endpoint, HoldClass, StoreError};
use vault::Secret;

/// New keys. What is left out, or empty, stays.
#[derive(Clone, Default)]
pub struct NewKeys {
    /// The token.
    pub access_token: Option<Secret>,
    /// The app secret.
    pub app_secret: Option<Secret>,
}

impl std::fmt::Debug for NewKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewKeys(…)")
    }
}

const SHARED: &str = "These keys are of another Meta app, and other numbers here share the present one. Connect this number anew with \
     the other app, or enter keys of the present app.";

impl Engine {
    /// Proves new keys and puts them in place of a channel's. The former app secret stays valid for a week, so that
    /// webhooks that are under way are believed. Nothing is changed unless all that is new was proved.
    pub async fn replace_keys(&self, id: &ChannelId, new: NewKeys) -> Result<(), CommandError> {
        let token = tidy(ACCESS_TOKEN, new.access_token)?;
        let app_secret = tidy(APP_SECRET, new.app_secret)?;
        if token.is_none() && app_secret.is_none() {
            return Err(misfit(
                ACCESS_TOKEN,
                "There is nothing to replace: enter a new token, a new app secret, or both.",
            ));
        }
        let _errand = self.errand().await;
        let asked = id.clone();
        let (channel, siblings) = self
            .store()
            .read(move |reader| {
                let channel = reader.channel(&asked)?;
                let siblings: Vec<Channel> = reader
                    .channels()?
                    .into_iter()
                    .filter(|other| other.endpoint_id == channel.endpoint_id && other.id != channel.id)
                    .collect();
                Ok((channel, siblings))
            })
            .await?;
        if channel.forgotten_at.is_some() {
            return Err(not_now(
                "This number was disconnected here, so it has no keys. Connect it again to enter new ones.",
            ));
        }
        // The vault is asked first: were it locked in the middle, some would be new and some not.
        self.vault().probe().await.map_err(locked)?;
        let (old_token, old_secret) = (
            secret(self.vault(), &channel, ACCESS_TOKEN)
                .await
                .map_err(locked)?,
            secret(self.vault(), &channel, APP_SECRET).await.map_err(locked)?,
        );
        let access = Account {
            base_url: channel.api_url.clone(),
            version: channel.api_version.clone(),
            number_id: channel.number_id.clone(),
            business_account_id: channel.account_id.clone(),
            access_token: token
                .clone()
                .or_else(|| old_token.clone())
                .unwrap_or_else(nothing),
            app_secret: app_secret
                .clone()
                .or_else(|| old_secret.clone())
                .unwrap_or_else(nothing),
        };
        self.prove_new(&access).await?;
        if let Some(secret) = app_secret {
            if !self
                .fits_all(&siblings, &secret, (old_token.as_ref(), token.as_ref()))
                .await?
            {
                return Err(misfit(APP_SECRET, SHARED));
            }
            self.put_secret(&channel, &secret).await?;
        }
        if let Some(token) = token {
            self.put_token(&channel, &siblings, old_token.as_ref(), &token)
                .await?;
        }
        self.have_verify_token(&channel).await?;
        self.hang_doorplates().await?;
        self.let_go_on(&channel, &siblings).await?;
        Ok(())
    }

    /// Makes a verify token when there is none any more, as after the keychain was lost. Nobody could enter it: it was
    /// made here, and the provider is told it together with the address.
    async fn have_verify_token(&self, channel: &Channel) -> Result<(), CommandError> {
        let name = in_vault(&channel.id, VERIFY_TOKEN);
        if self.vault().get(&name).await.map_err(locked)?.is_some() {
            return Ok(());
        }
        let token = Secret::new(random_hex().map_err(crate::wizard::refused)?);
        self.vault().set(&name, &token).await.map_err(locked)
    }

    /// Proves that token and secret belong together, and that they speak for the number.
    async fn prove_new(&self, access: &Account) -> Result<(), CommandError> {
        let source = Source {
            base_url: access.base_url.clone(),
            version: access.version.clone(),
            access_token: access.access_token.clone(),
            app_secret: access.app_secret.clone(),
            app_id: None,
        };
        if let Err(trouble) = self.graph().prove(&source).await {
            return Err(unproved(&trouble));
        }
        match self.graph().check(access).await {
            Ok(_) => Ok(()),
            Err(failure) => {
                let trouble = CredentialTrouble::from(failure.clone());
                match trouble.which {
                    // A token that may send but not look is good enough to send.
                    Credential::Permission => Ok(()),
                    Credential::Assignment => Err(misfit(
                        ACCESS_TOKEN,
                        "This token does not reach the number. In Meta's business settings, assign the WhatsApp \
                         account to the token's user with full control, make a new token and enter it here.",
                    )),
                    Credential::Network | Credential::Provider => Err(CommandError::Provider(failure)),
                    _ => Err(unproved(&trouble)),
                }
            }
        }
    }

    /// Returns whether a secret is that of the app all these channels belong to. `exchanged`: a token that is being
    /// replaced, and by which.
    async fn fits_all(
        &self,
        siblings: &[Channel],
        secret: &Secret,
        exchanged: (Option<&Secret>, Option<&Secret>),
    ) -> Result<bool, CommandError> {
        for sibling in siblings {
            let Some(known) = self
                .vault()
                .get(&in_vault(&sibling.id, ACCESS_TOKEN))
                .await
                .map_err(locked)?
            else {
                continue;
            };
            let access_token = match exchanged {
                (Some(old), Some(new)) if *old == known => new.clone(),
                _ => known,
            };
            let source = Source {
                base_url: sibling.api_url.clone(),
                version: sibling.api_version.clone(),
                access_token,
                app_secret: secret.clone(),
                app_id: None,
            };
            let is_exchanged = exchanged.1.is_some_and(|new| *new == source.access_token);
            match self.graph().prove(&source).await {
                Ok(_) if is_exchanged && !self.reaches(sibling, &source).await? => return Ok(false),
                Ok(_) => {}
                // A dead token cannot tell which app it was of; it sends nothing either way.
                Err(trouble) if trouble.which == Credential::Token => {}
                Err(trouble) if trouble.which == Credential::AppSecret => return Ok(false),
                Err(trouble) => return Err(unproved(&trouble)),
            }
        }
        Ok(true)
    }

    /// Returns whether a token speaks for a number that had another one.
    async fn reaches(&self, channel: &Channel, source: &Source) -> Result<bool, CommandError> {
        let access = Account {
            number_id: channel.number_id.clone(),
            business_account_id: channel.account_id.clone(),
            ..source.account()
        };
        match self.graph().check(&access).await {
            Ok(_) => Ok(true),
            Err(failure) if failure.is_passing() => Err(CommandError::Provider(failure)),
            Err(failure) => Ok(CredentialTrouble::from(failure).which == Credential::Permission),
        }
    }

    /// Exchanges the secret of a channel's app as far as it is another one than before. For a number that is connected
    /// anew: when the others at its address are of another app, it leaves them alone, and gets an address of its own.
    pub(crate) async fn exchange_secret(
        &self,
        channel: &Channel,
        secret: &Secret,
    ) -> Result<(), CommandError> {
        let known = self
            .vault()
            .get(&in_vault(&channel.id, APP_SECRET))
            .await
            .map_err(locked)?;
        if known.as_ref() == Some(secret) {
            return Ok(());
        }
        let endpoint = channel.endpoint_id;
        let siblings: Vec<Channel> = self.at_address(endpoint).await?;
        let siblings: Vec<Channel> = siblings
            .into_iter()
            .filter(|other| other.id != channel.id)
            .collect();
        if self.fits_all(&siblings, secret, (None, None)).await? {
            self.put_secret(channel, secret).await?;
        }
        Ok(())
    }

    async fn at_address(&self, endpoint: EndpointId) -> Result<Vec<Channel>, StoreError> {
        self.store()
            .read(move |reader| {
                let channels = reader.channels()?;
                Ok(channels
                    .into_iter()
                    .filter(|channel| channel.endpoint_id == endpoint)
                    .collect())
            })
            .await
    }

    /// Puts a secret in place of the one that all channels of an app share.
    ///
    /// Wherever this is interrupted, what is believed at the door includes the old secret, and the new one as soon as
    /// one channel has it: the former secret is in the vault and noted as valid before the first channel loses it. The
    /// fingerprint comes last; until then the channels are merely not recognised as those of the app by a third number
    /// that is added. Doing it again ends what was begun.
    async fn put_secret(&self, channel: &Channel, secret: &Secret) -> Result<(), CommandError> {
        let endpoint = channel.endpoint_id;
        let (mut differing, mut is_former) = (Vec::new(), false);
        for sharer in self.at_address(endpoint).await? {
            let known = self
                .vault()
                .get(&in_vault(&sharer.id, APP_SECRET))
                .await
                .map_err(locked)?;
            // One that was exchanged before an interruption keeps the former one it has.
            if known.as_ref() == Some(secret) {
                continue;
            }
            if let Some(known) = known {
                let name = in_vault(&sharer.id, FORMER_APP_SECRET);
                self.vault().set(&name, &known).await.map_err(locked)?;
                is_former = true;
            }
            differing.push(sharer);
        }
        if is_former {
            let until = self.now().plus(SECRET_OVERLAP);
            self.store()
                .write(move |transaction| transaction.keep_former_secret(endpoint, Some(until)))
                .await?;
        }
        for sharer in &differing {
            self.vault()
                .set(&in_vault(&sharer.id, APP_SECRET), secret)
                .await
                .map_err(locked)?;
        }
        let salt = random_hex().map_err(crate::wizard::refused)?;
        let secret = secret.clone();
        self.store()
            .write(move |transaction| {
                let salt = transaction.fingerprint_salt(&salt)?;
                transaction.set_endpoint_secret(endpoint, &fingerprint(&salt, &secret))
            })
            .await?;
        Ok(())
    }

    /// Puts a token in place of a channel's, and of those others that had the same one and are reached by the new one,
    /// too.
    async fn put_token(
        &self,
        channel: &Channel,
        siblings: &[Channel],
        old: Option<&Secret>,
        token: &Secret,
    ) -> Result<(), CommandError> {
        self.vault()
            .set(&in_vault(&channel.id, ACCESS_TOKEN), token)
            .await
            .map_err(locked)?;
        for sibling in siblings {
            let name = in_vault(&sibling.id, ACCESS_TOKEN);
            let known = self.vault().get(&name).await.map_err(locked)?;
            if known.is_none() || known.as_ref() != old {
                continue;
            }
            let Ok(access) = account(self.vault(), sibling).await else {
                continue;
            };
            let access = Account {
                access_token: token.clone(),
                ..access
            };
            if self.graph().check(&access).await.is_ok() {
                self.vault().set(&name, token).await.map_err(locked)?;
            }
        }
        Ok(())
    }

    /// What stood still because of the keys goes on, and all is looked at anew.
    async fn let_go_on(&self, channel: &Channel, siblings: &[Channel]) -> Result<(), StoreError> {
        let ids: Vec<ChannelId> = std::iter::once(channel)
            .chain(siblings)
            .map(|channel| channel.id.clone())
            .collect();
        let now = self.now();
        let told = ids.clone();
        self.store()
            .write(move |transaction| {
                for id in &told {
                    let hold = transaction.read().channel(id)?.hold;
                    if hold.is_some_and(|hold| hold.class == HoldClass::Configuration) {
                        // What waits is due at once, not when the next try would have been.
                        transaction.probe_channel(id, now)?;
                        transaction.release_channel(id)?;
                    }
                    transaction.check_channel_at(id, now)?;
                }
                Ok(())
            })
            .await?;
        for id in &ids {
            self.register_soon(id);
        }
        Ok(())
    }

    /// Erases former app secrets whose time is over.
    pub(crate) async fn forget_former_secrets(&self) -> Result<(), CommandError> {
        let now = self.now();
        let over: Vec<(Endpoint, Vec<ChannelId>)> = self
            .store()
            .read(move |reader| {
                let channels = reader.all_channels()?;
                let endpoints = reader.endpoints()?.into_iter();
                Ok(endpoints
                    .filter(|endpoint| endpoint.former_until.is_some_and(|until| until <= now))
                    .map(|endpoint| {
                        let at = channels
                            .iter()
                            .filter(|channel| channel.endpoint_id == endpoint.id);
                        let ids = at.map(|channel| channel.id.clone()).collect();
                        (endpoint, ids)
                    })
                    .collect())
            })
            .await?;
        for (endpoint, ids) in over {
            for id in ids {
                self.vault()
                    .delete(&in_vault(&id, FORMER_APP_SECRET))
                    .await
                    .map_err(locked)?;
            }
            self.store()
                .write(move |transaction| transaction.keep_former_secret(endpoint.id, None))
                .await?;
            self.hang_doorplates().await?;
        }
        Ok(())
    }
}

fn nothing() -> Secret {
    Secret::new(String::new())
}

/// Names the key that is wrong. Silence of the provider is nobody's fault.
fn unproved(trouble: &CredentialTrouble) -> CommandError {
    let field = match trouble.which {
        Credential::Token | Credential::Permission | Credential::Assignment => ACCESS_TOKEN,
        Credential::AppSecret | Credential::AppId => APP_SECRET,
        Credential::Network | Credential::Provider => {
            return CommandError::Unasked(trouble.words.to_owned());
        }
    };
    misfit(field, trouble.words)
}

impl From<SetupError> for CommandError {
    fn from(error: SetupError) -> Self {
        crate::wizard::refused(error)
    }
}
