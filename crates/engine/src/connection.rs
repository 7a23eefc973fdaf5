//! The registration: makes the provider bring webhooks to our address, and looks that it still does.
//!
//! One channel at a time, from the first step to the last, and each step on disk before it begins. Nothing is taken
//! back when Deskbell ends: the provider keeps what it cannot deliver for a week.

mod chain;
mod news;
mod room;
mod words;

pub(crate) use room::run;
pub(crate) use words::{of_failure, plain};

use crate::checks::Inspector;
use crate::clock::Clock;
use crate::commands::CommandError;
use crate::engine::Engine;
use crate::listening::Slept;
use crate::tunnel::{KnownSecret, Way};
use channels::whatsapp::Graph;
use domain::{ChannelId, Timestamp};
use gateway::Door;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use store::{Registration, Store, StoreError};
use tokio::sync::{Notify, broadcast};
use vault::Vault;

/// What the rooms of the connection need.
#[derive(Debug, Clone)]
pub(crate) struct Switchboard {
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) graph: Graph,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) door: Arc<Door>,
    pub(crate) way: Arc<Way>,
    pub(crate) registrar: Arc<Registrar>,
    pub(crate) inspector: Arc<Inspector>,
    /// Tells that the computer slept.
    pub(crate) naps: broadcast::Sender<Slept>,
}

/// Who stands in line to be registered. What is to be done after a failure lies in the table; here is what a change of
/// the address asks for, and every start asks for it anew.
#[derive(Debug, Default)]
pub(crate) struct Registrar {
    /// Two registrations at once could undo each other.
    turn: tokio::sync::Mutex<()>,
    asked: Mutex<Asked>,
    bell: Notify,
}

#[derive(Debug, Default)]
struct Asked {
    all: bool,
    some: BTreeSet<ChannelId>,
    /// The opening of the tunnel that was told last.
    opened: Option<(String, Timestamp)>,
}

impl Registrar {
    /// The tunnel was opened, since then with this address: all channels are looked at.
    pub(crate) fn opened(&self, url: &str, since: Timestamp) {
        {
            let mut asked = self.asked();
            asked.opened = Some((url.to_owned(), since));
            asked.all = true;
        }
        self.bell.notify_one();
    }

    /// Returns whether an opening was told. Before that nobody is looked at, so that it is not done twice.
    fn knows(&self, url: &str, since: Timestamp) -> bool {
        let asked = self.asked();
        let known = asked.opened.as_ref();
        known.is_some_and(|(known, at)| known == url && *at == since)
    }

    /// The address is new, or it is not known any more whether the provider has it: all channels are looked at.
    pub(crate) fn address_changed(&self) {
        self.asked().all = true;
        self.bell.notify_one();
    }

    /// One channel is to be looked at.
    pub(crate) fn look_at(&self, channel: ChannelId) {
        self.asked().some.insert(channel);
        self.bell.notify_one();
    }

    /// Something may be due: a channel came, or its secrets.
    pub(crate) fn ring(&self) {
        self.bell.notify_one();
    }

    /// Waits until no registration is under way, and lets none begin before this is dropped.
    pub(crate) async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    fn asked(&self) -> std::sync::MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what is asked for. What is not taken out of the answer goes on being asked for.
    fn take(&self) -> Asks<'_> {
        let mut asked = self.asked();
        Asks {
            registrar: self,
            all: std::mem::take(&mut asked.all),
            some: std::mem::take(&mut asked.some),
        }
    }
}

/// What was asked for and is not done yet: put back when the room has to leave it, such as without a database.
#[derive(Debug)]
struct Asks<'a> {
    registrar: &'a Registrar,
    all: bool,
    some: BTreeSet<ChannelId>,
}

impl Drop for Asks<'_> {
    fn drop(&mut self) {
        let mut asked = self.registrar.asked();
        asked.all |= self.all;
        asked.some.append(&mut self.some);
    }
}

/// The fields under which secrets of a channel are kept and may be shown by their ends.
const SECRETS: [&str; 3] = [
    crate::account::ACCESS_TOKEN,
    crate::account::APP_SECRET,
    crate::account::VERIFY_TOKEN,
];

fn broken_off() -> StoreError {
    StoreError::Conflict("This was broken off. The address is looked at again by itself.".to_owned())
}

impl Engine {
    /// Registers a channel's webhook address now, from the first step to the last, and returns how far it came. The steps
    /// are told as changes while it goes on. Errors: the channel is not there, or the database failed; what the provider
    /// refuses stands in the registration.
    pub async fn register_now(&self, channel: &ChannelId) -> Result<Registration, StoreError> {
        let (board, channel) = (self.switchboard().clone(), channel.clone());
        // Whoever asked may go away meanwhile; what was begun is brought to its end.
        self.carry_out(async move { chain::register(&board, &channel, true).await })
            .await
            .unwrap_or_else(|| Err(broken_off()))
    }

    /// Returns how far the registration of a channel is; `None` when it was never begun.
    pub async fn registration(&self, channel: &ChannelId) -> Result<Option<Registration>, StoreError> {
        let id = channel.clone();
        self.store().read(move |reader| reader.registration(&id)).await
    }

    /// Has a channel registered soon, in the background, such as after its keys were replaced.
    pub fn register_soon(&self, channel: &ChannelId) {
        self.switchboard().registrar.look_at(channel.clone());
    }

    /// Returns the address the provider is to call for a channel, while the tunnel has one.
    pub async fn callback_url(&self, channel: &ChannelId) -> Result<Option<String>, StoreError> {
        let id = channel.clone();
        let path = self
            .store()
            .read(move |reader| Ok(reader.endpoint(reader.channel(&id)?.endpoint_id)?.path))
            .await?;
        let status = self.tunnel_status();
        Ok(status.online().map(|base| format!("{base}{path}")))
    }

    /// Lets the news of account and templates come here too: they go to the address of the whole app (whatsapp-cloud-api,
    /// section 1.5).
    pub async fn take_news(&self, channel: &ChannelId) -> Result<(), CommandError> {
        let (board, channel) = (self.switchboard().clone(), channel.clone());
        self.carry_out(async move { news::take(&board, &channel).await })
            .await
            .unwrap_or_else(|| Err(broken_off().into()))
    }

    /// Returns the secrets of a channel, as far as they may be shown.
    pub async fn channel_secrets(&self, channel: &ChannelId) -> Vec<KnownSecret> {
        let mut known = Vec::new();
        for field in SECRETS {
            known.push(KnownSecret::look(self.vault(), channel.as_str(), field).await);
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_for_and_not_done_is_asked_for_still() {
        let registrar = Registrar::default();
        registrar.address_changed();
        registrar.look_at(ChannelId::from("first"));
        registrar.look_at(ChannelId::from("second"));
        {
            let mut asks = registrar.take();
            assert!(asks.all);
            assert!(asks.some.remove(&ChannelId::from("first")));
        }
        let mut left = registrar.take();
        assert!(std::mem::take(&mut left.all));
        assert_eq!(
            std::mem::take(&mut left.some),
            BTreeSet::from([ChannelId::from("second")])
        );
        drop(left);
        assert!(registrar.take().some.is_empty());
    }
}
