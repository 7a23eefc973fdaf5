//! Disconnecting a channel: its secrets go, what was said stays.

use super::{OF_CHANNEL, in_vault};
use crate::account::account;
use crate::commands::CommandError;
use crate::engine::Engine;
use crate::wizard::{SetupState, locked};
use domain::{ChannelId, SendClass, SendFailure};
use store::Channel;

const FORGOTTEN: &str =
    "This number was disconnected here, so nothing is sent over it. Connect it again to answer.";
const STILL_CALLED: &str = "This number was disconnected here, so nothing is sent over it. WhatsApp could not be told and may go on calling \
     this computer, which does not answer it. Connect the number again to answer.";
const UNSENT: &str = "This was not sent: the number was disconnected here before it could leave. Connect the number again and send it \
     once more.";

impl Engine {
    /// Disconnects a channel and erases its secrets. What was said stays and can be read. Adding the number again
    /// revives it.
    pub async fn forget_channel(&self, id: &ChannelId) -> Result<(), CommandError> {
        let _errand = self.errand().await;
        let asked = id.clone();
        let (channel, path) = self
            .store()
            .read(move |reader| {
                let channel = reader.channel(&asked)?;
                let path = reader.endpoint(channel.endpoint_id)?.path;
                Ok((channel, path))
            })
            .await?;
        // A registration under way could give the provider our address again after it was taken back.
        let _turn = self.switchboard().registrar.turn().await;
        // A vault that does not open would keep the secrets of a number nobody knows any more.
        self.vault().probe().await.map_err(locked)?;
        let told = self.take_address_back(&channel, &path).await;
        // The secrets go before the row says so: interrupted here, the channel is still listed, without keys, and can be
        // disconnected once more. The other way round nobody would find what is left in the vault.
        for field in OF_CHANNEL {
            self.vault().delete(&in_vault(id, field)).await.map_err(locked)?;
        }
        let (forgotten, now) = (id.clone(), self.now());
        self.store()
            .write(move |transaction| {
                for attempt in transaction.read().queued_attempts(&forgotten)? {
                    transaction.settle_unsent(&attempt, &unsent())?;
                }
                if let Some(mut setup) = SetupState::read(transaction.read())?
                    && setup.channel_id().as_ref() == Some(&forgotten)
                {
                    setup.lose_channel();
                    setup.write(transaction)?;
                }
                let title = if told { FORGOTTEN } else { STILL_CALLED };
                transaction.forget_channel(&forgotten, title, now)
            })
            .await?;
        self.hang_doorplates().await?;
        Ok(())
    }

    /// Asks the provider not to call us for this number any more, if it does. Returns whether it will not.
    async fn take_address_back(&self, channel: &Channel, path: &str) -> bool {
        let Ok(access) = account(self.vault(), channel).await else {
            return false;
        };
        let ours = match self.graph().check(&access).await {
            // Somebody else's address is none of our business.
            Ok(number) => number
                .webhooks
                .phone_number
                .is_some_and(|url| url.ends_with(path)),
            Err(failure) => {
                tracing::info!(
                    code = failure.code,
                    "the provider could not be asked about its callback"
                );
                return false;
            }
        };
        if !ours {
            return true;
        }
        self.graph()
            .remove_number_override(&access)
            .await
            .inspect_err(|failure| {
                tracing::warn!(code = failure.code, "the provider goes on calling this address");
            })
            .is_ok()
    }
}

fn unsent() -> SendFailure {
    SendFailure {
        class: SendClass::Configuration,
        code: None,
        subcode: None,
        title: UNSENT.to_owned(),
        detail: None,
        retry_after: None,
    }
}

/// What the set-up knew of a channel that is no more.
impl SetupState {
    fn lose_channel(&mut self) {
        self.channel_id = None;
        self.renewed = false;
        self.started_at = None;
        self.reply = None;
        self.token_entered = false;
        self.secret_entered = false;
        self.fall_back(domain::SetupPage::Credentials);
    }
}
