//! What both ways of a file have in common: the account, and what keeps a whole channel from asking.

use crate::account::{SecretTrouble, account};
use crate::clock::Clock;
use crate::media::Cellar;
use channels::whatsapp::errors::blames_token;
use channels::whatsapp::{Account, CallFailure, Graph};
use domain::{ChannelId, SendClass, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use store::{Channel, Hold, HoldClass, Store, StoreError, WriteTransaction};
use vault::Vault;

/// How long a channel with a wrong set-up waits before it is tried again.
const PROBE: Duration = Duration::from_mins(10);
/// How long a channel waits when its secrets cannot be read.
const VAULT_PAUSE: Duration = Duration::from_mins(1);
/// Pause when the database cannot be used.
pub(crate) const TROUBLE: Duration = Duration::from_millis(500);
/// The longest a room sleeps without looking into its tray, should the clock have been changed meanwhile.
pub(crate) const LONGEST_SLEEP: Duration = Duration::from_secs(10);

/// What the rooms of the cellar need.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) graph: Graph,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) cellar: Cellar,
}

impl Line {
    /// Returns a channel and what opens it; `None` when its secrets cannot be read, and then it waits.
    pub(crate) async fn open(&self, id: &ChannelId) -> Result<Option<(Channel, Account)>, StoreError> {
        let id = id.clone();
        let channel = self.store.read(move |reader| reader.channel(&id)).await?;
        match account(&self.vault, &channel).await {
            Ok(account) => Ok(Some((channel, account))),
            Err(trouble) => {
                self.hold_for_secrets(&channel, &trouble).await?;
                Ok(None)
            }
        }
    }

    /// Secrets that cannot be read hold the channel, as a token that is no longer valid does.
    async fn hold_for_secrets(&self, channel: &Channel, trouble: &SecretTrouble) -> Result<(), StoreError> {
        tracing::warn!(channel = %channel.id, %trouble, "the secrets of a channel cannot be read");
        let hold = Hold {
            class: HoldClass::Configuration,
            code: None,
            subcode: None,
            title: Some(format!("Nothing can be sent. {trouble}")),
            until: self.clock.now().plus(VAULT_PAUSE),
        };
        let id = channel.id.clone();
        self.store
            .write(move |transaction| transaction.hold_channel(&id, &hold))
            .await
    }

    /// Writes down what became of a file. This must not get lost while the process lives.
    pub(crate) async fn record(
        &self,
        work: impl Fn(&mut WriteTransaction<'_>) -> Result<(), StoreError> + Clone + Send + 'static,
    ) {
        loop {
            match self.store.write(work.clone()).await {
                Ok(()) | Err(StoreError::Closed) => return,
                Err(error) if error.is_about_the_row() => {
                    tracing::error!(%error, "what became of a file could not be written down");
                    return;
                }
                Err(error) => {
                    tracing::error!(%error, "what became of a file could not be written down yet");
                    tokio::time::sleep(TROUBLE).await;
                }
            }
        }
    }
}

/// Returns the hold a failure puts on the whole channel, when it does: a token that is no good is good for nothing.
pub(crate) fn hold_for(failure: &CallFailure, now: Timestamp) -> Option<Hold> {
    let dead = failure.class == SendClass::Configuration && blames_token(failure.code);
    dead.then(|| Hold {
        class: HoldClass::Configuration,
        code: failure.code,
        subcode: failure.subcode,
        title: None,
        until: now.plus(PROBE),
    })
}

/// A file went through: a token that was thought dead is not.
pub(crate) fn release(transaction: &mut WriteTransaction<'_>, id: &ChannelId) -> Result<(), StoreError> {
    let hold = transaction.read().channel(id)?.hold;
    let was_dead = hold.is_some_and(|hold| hold.class == HoldClass::Configuration && blames_token(hold.code));
    if was_dead {
        transaction.release_channel(id)?;
    }
    Ok(())
}
