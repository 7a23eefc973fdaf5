//! The set-up of a number, page by page (product, section 1). It is kept, so it can be left and gone on with.

mod connect;
mod credentials;
mod number;
mod state;

pub(crate) use connect::refused;
pub use credentials::Entered;
pub(crate) use credentials::tidy;
pub use number::needs_registration;
pub use state::{FoundAccount, FoundNumber, Proof, Proved, SetupState};

use crate::account::{ACCESS_TOKEN, APP_SECRET};
use crate::commands::CommandError;
use crate::engine::Engine;
use crate::keys::in_vault;
use crate::tunnel::KnownSecret;
use channels::whatsapp::setup::Source;
use channels::whatsapp::{Account, DEFAULT_GRAPH_VERSION};
use domain::{BotMode, ChannelId, SetupPage, StepState};
use store::{Channel, Conversation, Message, Reader, Registration, StoreError};
use vault::{Secret, SecretName, VaultError};

/// Whose secrets those are that were entered and belong to no channel yet.
const OWNER: &str = "setup";

/// The first message that came in since the chain was begun.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// The message.
    pub message: Message,
    /// Where it was said.
    pub conversation: Conversation,
}

/// How a set-up stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// Whether one was begun and not ended.
    pub begun: bool,
    /// What is remembered of it.
    pub state: SetupState,
    /// Token and app secret, as far as entered.
    pub secrets: Vec<KnownSecret>,
    /// The numbers that are connected.
    pub channels: Vec<Channel>,
    /// The paths our webhook addresses end with.
    pub paths: Vec<String>,
    /// How far the provider knows our address.
    pub registration: Option<Registration>,
    /// The first message.
    pub heard: Option<Heard>,
    /// The test reply.
    pub reply: Option<Message>,
    /// The mode that was chosen at the end.
    pub mode: Option<BotMode>,
}

impl Setup {
    /// Returns whether the chain has worked from beginning to end since it was begun, with the keys of now, so that
    /// messages come in. A later look at it changes nothing about that.
    pub fn is_connected(&self) -> bool {
        if self.state.renewed {
            return false;
        }
        let done = self
            .registration
            .as_ref()
            .and_then(|registration| registration.done_at);
        done.is_some() && done >= self.state.started_at()
    }

    /// Returns the furthest page that can be gone to now: the chain ends by itself, while nobody looks.
    pub fn furthest(&self) -> SetupPage {
        if self.is_connected() && self.state.furthest >= SetupPage::Connect {
            SetupPage::Mode
        } else {
            self.state.furthest
        }
    }

    /// Returns the channel that is being set up.
    pub fn channel(&self) -> Option<&Channel> {
        let id = self.state.channel_id()?;
        self.channels.iter().find(|channel| channel.id == id)
    }

    /// Returns whether an address is one of ours.
    pub fn is_ours(&self, url: &str) -> bool {
        self.paths.iter().any(|path| url.ends_with(path.as_str()))
    }
}

/// Token and secret as they were entered.
struct Keys {
    token: Option<Secret>,
    app_secret: Option<Secret>,
}

impl Engine {
    /// Returns how the set-up stands.
    pub async fn setup(&self) -> Result<Setup, CommandError> {
        let state = self.store().read(SetupState::read).await?;
        let begun = state.is_some();
        self.look_at(state.unwrap_or_default(), begun).await
    }

    /// Begins a set-up, or goes on with the one that was begun.
    pub async fn begin_setup(&self) -> Result<Setup, CommandError> {
        let _errand = self.errand().await;
        let state = self.store().read(SetupState::read).await?;
        let begun = state.is_some();
        let state = state.unwrap_or_default();
        if !begun {
            self.keep(&state).await?;
        }
        self.look_at(state, true).await
    }

    /// Goes to a page: back to any, forward as far as it was reached.
    pub async fn setup_page(&self, page: SetupPage) -> Result<Setup, CommandError> {
        let _errand = self.errand().await;
        let mut setup = self.begun().await?;
        let furthest = setup.furthest();
        if page > furthest {
            return Err(not_now(
                "This page comes later: something on the pages before it has to be done first.",
            ));
        }
        setup.state.page = page;
        setup.state.furthest = furthest;
        self.keep(&setup.state).await?;
        Ok(setup)
    }

    /// Gives the set-up up and forgets what was entered. A channel that was made stays.
    pub async fn cancel_setup(&self) -> Result<(), CommandError> {
        let _errand = self.errand().await;
        // The secrets go first: a set-up that is gone would not tell anybody that they are still there.
        self.forget_entered().await?;
        Ok(self.store().write(SetupState::remove).await?)
    }

    /// Ends the set-up and sets how much the assistant may do. The answer tells once more what was done.
    pub async fn finish_setup(&self, mode: BotMode) -> Result<Setup, CommandError> {
        let _errand = self.errand().await;
        let mut setup = self.begun().await?;
        let Some(channel) = setup.channel().map(|channel| channel.id.clone()) else {
            return Err(not_now(
                "No number is connected yet, so there is nothing the assistant could do. Choose a number and connect \
                 it first.",
            ));
        };
        if setup.state.renewed {
            return Err(not_now(
                "Token or app secret were entered anew and are not used yet. Connect the number with them first, or \
                 give the set-up up to keep those from before.",
            ));
        }
        if !setup.is_connected() && mode != BotMode::Off {
            return Err(not_now(
                "WhatsApp does not bring messages here yet, so the assistant stays off. Wait until all steps of the \
                 connection are done, or end the set-up with the assistant off.",
            ));
        }
        self.forget_entered().await?;
        let id = channel.clone();
        self.store()
            .write(move |transaction| {
                transaction.set_channel_mode(&id, mode)?;
                SetupState::remove(transaction)
            })
            .await?;
        for known in setup.channels.iter_mut().filter(|known| known.id == channel) {
            known.mode = Some(mode);
        }
        setup.begun = false;
        setup.mode = Some(mode);
        setup.state.page = SetupPage::Mode;
        Ok(setup)
    }

    /// Returns the set-up that was begun.
    async fn begun(&self) -> Result<Setup, CommandError> {
        let setup = self.setup().await?;
        if setup.begun {
            Ok(setup)
        } else {
            Err(not_now("No set-up was begun. Begin to connect a number first."))
        }
    }

    /// Adds what is not remembered but looked up.
    async fn look_at(&self, state: SetupState, begun: bool) -> Result<Setup, CommandError> {
        let secrets = self.kept_secrets(&state).await;
        let mut looked_up = state;
        // That a secret is right says nothing once it is gone; why one was refused still does.
        for secret in secrets.iter().filter(|secret| secret.set == Some(false)) {
            let gone = |proof: &Proof| proof.state == StepState::Ok && proof.of.as_str() == secret.field;
            looked_up.proofs.retain(|proof| !gone(proof));
        }
        let mut setup = self
            .store()
            .read(move |reader| looked_up.complete(reader))
            .await?;
        setup.begun = begun;
        setup.secrets = secrets;
        Ok(setup)
    }

    async fn keep(&self, state: &SetupState) -> Result<(), StoreError> {
        let state = state.clone();
        self.store()
            .write(move |transaction| state.write(transaction))
            .await
    }

    /// Tells token and secret without telling them. A vault that does not open hides their ends, not that they are
    /// there.
    async fn kept_secrets(&self, state: &SetupState) -> Vec<KnownSecret> {
        let fields = [
            (ACCESS_TOKEN, state.token_entered),
            (APP_SECRET, state.secret_entered),
        ];
        let mut kept = Vec::new();
        for (field, entered) in fields {
            let found = if entered {
                self.entered_secret(state, field).await
            } else {
                Ok(None)
            };
            kept.push(KnownSecret {
                field,
                // One that was left behind in a keychain that did not open is to be entered again.
                set: Some(found.as_ref().map_or(entered, Option::is_some)),
                last4: found
                    .ok()
                    .flatten()
                    .map(|secret| secret.last_four())
                    .filter(|end| !end.is_empty()),
            });
        }
        kept
    }

    /// Returns a secret that was entered; once there is a channel, it is the channel's.
    async fn entered_secret(
        &self,
        state: &SetupState,
        field: &'static str,
    ) -> Result<Option<Secret>, VaultError> {
        if let Some(secret) = self.vault().get(&SecretName::new(OWNER, field)).await? {
            return Ok(Some(secret));
        }
        match state.channel_id() {
            Some(channel) => self.vault().get(&in_vault(&channel, field)).await,
            None => Ok(None),
        }
    }

    async fn entered(&self, state: &SetupState) -> Result<Keys, CommandError> {
        Ok(Keys {
            token: self.entered_secret(state, ACCESS_TOKEN).await.map_err(locked)?,
            app_secret: self.entered_secret(state, APP_SECRET).await.map_err(locked)?,
        })
    }

    /// Keeps token and secret as what was entered.
    async fn keep_entered(&self, keys: &Keys) -> Result<(), CommandError> {
        for (field, secret) in [(ACCESS_TOKEN, &keys.token), (APP_SECRET, &keys.app_secret)] {
            if let Some(secret) = secret {
                let name = SecretName::new(OWNER, field);
                self.vault().set(&name, secret).await.map_err(locked)?;
            }
        }
        Ok(())
    }

    async fn forget_entered(&self) -> Result<(), CommandError> {
        for field in [ACCESS_TOKEN, APP_SECRET] {
            let name = SecretName::new(OWNER, field);
            self.vault().delete(&name).await.map_err(locked)?;
        }
        Ok(())
    }

    /// Where and with what the provider is asked during the set-up.
    fn source(&self, keys: &Keys, app_id: Option<String>) -> Source {
        let secret = |kept: &Option<Secret>| kept.clone().unwrap_or_else(|| Secret::new(String::new()));
        Source {
            base_url: self.graph_url().to_owned(),
            version: DEFAULT_GRAPH_VERSION.to_owned(),
            access_token: secret(&keys.token),
            app_secret: secret(&keys.app_secret),
            app_id,
        }
    }
}

impl SetupState {
    /// Returns the channel, once there is one.
    pub fn channel_id(&self) -> Option<ChannelId> {
        self.channel_id.as_deref().map(ChannelId::from)
    }

    fn complete(self, reader: Reader<'_>) -> Result<Setup, StoreError> {
        let channel = self.channel_id();
        let registration = match &channel {
            Some(channel) => reader.registration(channel)?,
            None => None,
        };
        let heard = match (&channel, self.started_at()) {
            (Some(channel), Some(since)) => reader.first_heard(channel, since)?,
            _ => None,
        };
        let heard = match heard {
            Some(id) => {
                let message = reader.message(id)?;
                let conversation = reader.conversation(message.conversation_id)?;
                Some(Heard {
                    message,
                    conversation,
                })
            }
            None => None,
        };
        // One that was given up is as if it had not been sent.
        let reply = match self.reply() {
            Some(id) => reader.message(id).ok().filter(|message| !message.discarded),
            None => None,
        };
        let paths = reader.endpoints()?.into_iter().map(|endpoint| endpoint.path);
        Ok(Setup {
            begun: false,
            secrets: Vec::new(),
            channels: reader.channels()?,
            paths: paths.collect(),
            registration,
            heard,
            reply,
            mode: None,
            state: self,
        })
    }
}

/// Returns the access of a set-up to one number.
fn at_number(source: &Source, account_id: &str, number_id: &str) -> Account {
    Account {
        number_id: number_id.to_owned(),
        business_account_id: Some(account_id.to_owned()),
        ..source.account()
    }
}

/// The vault did not open. Nothing was changed.
#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
pub(crate) fn locked(error: VaultError) -> CommandError {
    CommandError::Secrets(error.to_string())
}

pub(crate) fn not_now(sentence: &str) -> CommandError {
    CommandError::Store(StoreError::Conflict(sentence.to_owned()))
}

pub(crate) fn misfit(field: &str, sentence: impl Into<String>) -> CommandError {
    CommandError::Misfit {
        field: field.to_owned(),
        sentence: sentence.into(),
    }
}
