//! The chain that connects the number, and the hello that proves it from end to end.

use super::{Setup, SetupState, locked, misfit, not_now};
use crate::account::{ACCESS_TOKEN, APP_SECRET};
use crate::commands::CommandError;
use crate::engine::Engine;
use crate::setup::{ChannelConfig, SetupError, add_channel};
use domain::{BotMode, ChannelKind, DeliveryStatus, SetupPage};
use serde_json::json;

/// What the test reply says unless the owner writes something else.
const TEST_REPLY: &str = "Hello! This is a test: answers from Deskbell arrive.";

impl Engine {
    /// Makes the channel, off unless it is there already, and has it registered: the steps come as changes. Calling it again goes on where it
    /// stands.
    pub async fn connect_setup(&self) -> Result<Setup, CommandError> {
        let _errand = self.errand().await;
        let setup = self.begun().await?;
        if setup.furthest() < SetupPage::Connect {
            return Err(not_now(
                "Something has to be done before the number can be connected: token and app secret, then the number.",
            ));
        }
        let mut state = setup.state;
        // Once the channel is made, the keys that were entered are the channel's. New ones make it anew.
        let renewed = self.has_entered().await?;
        let channel = match (state.channel_id(), setup.channels) {
            (Some(id), channels) if !renewed && channels.iter().any(|known| known.id == id) => id,
            _ => self.make_channel(&mut state).await?,
        };
        state.go_on(SetupPage::Connect);
        self.keep(&state).await?;
        // Only now: had the program ended in between, they would still be where the set-up looks for them.
        self.forget_entered().await?;
        if self.tunnel_status().online().is_some() {
            self.register_soon(&channel);
        } else {
            // Comes to the tunnel at once, and says there why it goes no further.
            self.register_now(&channel).await?;
        }
        self.look_at(state, true).await
    }

    /// Whether there is something in the vault that was entered and belongs to no channel yet.
    async fn has_entered(&self) -> Result<bool, CommandError> {
        for field in [ACCESS_TOKEN, APP_SECRET] {
            let name = vault::SecretName::new(super::OWNER, field);
            if self.vault().get(&name).await.map_err(locked)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn make_channel(&self, state: &mut SetupState) -> Result<domain::ChannelId, CommandError> {
        let Some((account, number)) = state.chosen() else {
            return Err(not_now("Choose the number first; then it can be connected."));
        };
        let (account_id, number_id) = (account.account_id.clone(), number.number_id.clone());
        let facts = number.facts.clone().unwrap_or_default();
        let keys = self.entered(state).await?;
        let (Some(token), Some(app_secret)) = (keys.token, keys.app_secret) else {
            return Err(misfit(
                "access_token",
                "Token and app secret are not in the vault any more. Enter them once more.",
            ));
        };
        let asked = number_id.clone();
        let known = self
            .store()
            .read(move |reader| reader.channel_of_number(ChannelKind::WhatsappCloud, &asked))
            .await?;
        if let Some(known) = known.as_ref().filter(|known| known.forgotten_at.is_none()) {
            // Webhooks that were signed with the former secret are still under way.
            self.exchange_secret(known, &app_secret).await?;
        }
        // A new channel is off until the last page (product, section 1). One that works goes on as it does: somebody may
        // only be looking through the pages.
        let mode = known
            .as_ref()
            .filter(|known| known.forgotten_at.is_none())
            .and_then(|known| known.mode)
            .unwrap_or(BotMode::Off);
        // What the owner calls it stays.
        let name = known.map(|known| known.name).or(facts.verified_name);
        let config = json!({
            "kind": ChannelKind::WhatsappCloud.as_str(),
            "name": name,
            "phone_number_id": number_id,
            "waba_id": account_id,
            "display_phone_number": facts.display,
            "mode": mode.as_str(),
            "graph_url": self.graph_url(),
            "secrets": {"access_token": token.expose(), "app_secret": app_secret.expose()},
        });
        let config = ChannelConfig::from_value(config).map_err(refused)?;
        let added = add_channel(self.store(), self.vault(), config, self.now())
            .await
            .map_err(refused)?;
        if state.channel_id() != Some(added.channel_id.clone()) {
            state.leave_channel();
        }
        state.channel_id = Some(added.channel_id.to_string());
        state.renewed = false;
        let now = self.now();
        state.started_at.get_or_insert(now.0);
        let kept = state.clone();
        self.store()
            .write(move |transaction| {
                kept.write(transaction)?;
                // What came for this number before it was connected finds its place now.
                transaction.reopen_unassigned()?;
                transaction.check_channel_at(&added.channel_id, now)
            })
            .await?;
        self.hang_doorplates().await?;
        state
            .channel_id()
            .ok_or_else(|| not_now("The number was not connected. Try again."))
    }

    /// Answers the hello with a test, the way any answer leaves.
    pub async fn test_reply(&self, text: Option<String>) -> Result<Setup, CommandError> {
        let _errand = self.errand().await;
        let setup = self.begun().await?;
        let Some(heard) = &setup.heard else {
            return Err(not_now(
                "Nobody has written to this number yet. Write to it from a phone first; then the test reply can leave.",
            ));
        };
        let under_way = setup
            .reply
            .as_ref()
            .is_some_and(|reply| !matches!(reply.status, DeliveryStatus::Failed | DeliveryStatus::Unknown));
        if under_way {
            // It was pressed twice: one test is enough.
            return Ok(setup);
        }
        let text = text
            .filter(|text| !text.trim().is_empty())
            .unwrap_or_else(|| TEST_REPLY.to_owned());
        let message = self.send_text(heard.conversation.id, text, None).await?;
        let mut state = setup.state;
        state.reply = Some(message.0);
        state.page = SetupPage::Hello;
        self.keep(&state).await?;
        self.look_at(state, true).await
    }
}

impl SetupState {
    /// Another number: channel, hello and reply are not its own.
    pub(super) fn leave_channel(&mut self) {
        self.channel_id = None;
        self.renewed = false;
        self.started_at = None;
        self.reply = None;
        if self.furthest > SetupPage::Connect {
            self.furthest = SetupPage::Connect;
        }
    }
}

/// Says in the words of commands why a channel could not be made.
pub(crate) fn refused(error: SetupError) -> CommandError {
    match error {
        SetupError::Config { field, reason } => misfit(&field, format!("{field} {reason}.")),
        SetupError::Store(error) => CommandError::Store(error),
        error => CommandError::Secrets(error.to_string()),
    }
}
