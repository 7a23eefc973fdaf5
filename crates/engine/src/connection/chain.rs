//! One registration, step by step (product, section 1; whatsapp-cloud-api, sections 1.5 and 7.3).

use super::words::{NO_TUNNEL, NOT_KEPT, NOT_SEEN, OTHER_ADDRESS, Stop, TUNNEL_CLOSED, is_passing, plain};
use super::{Switchboard, news};
use crate::account::{SecretTrouble, VERIFY_TOKEN, account, secret};
use channels::whatsapp::setup::WebhookLevels;
use channels::whatsapp::{Account, CallFailure, Graph};
use domain::{ChannelId, RegistrationStep, StepState, TunnelKind};
use gateway::outside::{self, OutsideTrouble};
use gateway::tunnel::TunnelStatus;
use std::time::Duration;
use store::{Channel, Endpoint, Registration, StoreError};
use tokio::time::Instant;
use vault::Secret;

/// The first pause after trouble that passes; doubled each time.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// The longest.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);
/// How often what somebody has to set right is looked at again.
const SLOW_PAUSE: Duration = Duration::from_mins(30);
/// A tunnel that opened so lately may not be known everywhere yet.
const JUST_OPENED: Duration = Duration::from_mins(1);
/// How long our own call is tried then before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(30);
/// The pause between two such calls.
const BETWEEN_CALLS: Duration = Duration::from_secs(2);

/// Returns how long to wait after so many failures in a row.
fn pause(passing: bool, tries: u32) -> Duration {
    if !passing {
        return SLOW_PAUSE;
    }
    let times = 2_u32.saturating_pow(tries.saturating_sub(1).min(16));
    FIRST_PAUSE.saturating_mul(times).min(LONGEST_PAUSE)
}

/// Registers a channel, as the only one at that moment. `by_person`: somebody waits for it. The first registration at an
/// address is never put off for the sake of others: without it no message comes.
pub(super) async fn register(
    board: &Switchboard,
    id: &ChannelId,
    by_person: bool,
) -> Result<Registration, StoreError> {
    let _turn = board.registrar.turn.lock().await;
    let wanted = id.clone();
    let (channel, endpoint, known) = board
        .store
        .read(move |reader| {
            let channel = reader.channel(&wanted)?;
            let endpoint = reader.endpoint(channel.endpoint_id)?;
            Ok((channel, endpoint, reader.registration(&wanted)?))
        })
        .await?;
    if channel.forgotten_at.is_some() {
        return Err(StoreError::NotFound {
            what: "channel",
            id: id.to_string(),
        });
    }
    let mut registration = known.unwrap_or_else(|| Registration::new(id.clone()));
    let url = board
        .way
        .status()
        .online()
        .map(|base| format!("{base}{}", endpoint.path));
    let graph = if by_person || registration.callback_url != url {
        board.graph.clone()
    } else {
        board.graph.in_background()
    };
    // Whatever breaks it off, it is found and begun again.
    registration.due_at = Some(board.clock.now().plus(LONGEST_PAUSE));
    let mut chain = Chain {
        board,
        graph,
        channel,
        endpoint,
        registration,
    };
    let ended = chain.walk().await;
    let now = board.clock.now();
    let registration = &mut chain.registration;
    registration.trouble = None;
    registration.due_at = None;
    match ended {
        Ok(news) => {
            registration.due_at = news.map(|pause| now.plus(pause));
            registration.step = RegistrationStep::ReadBack;
            registration.state = StepState::Ok;
            registration.tries = 0;
            registration.done_at = Some(now);
        }
        Err(Stop::Waits(words)) => {
            registration.state = StepState::Waiting;
            registration.trouble = Some(plain(words));
        }
        Err(Stop::Failed { trouble, passing }) => {
            tracing::warn!(
                channel = %id,
                step = %registration.step,
                code = trouble.code,
                "the webhook address is not registered: {}",
                trouble.words
            );
            registration.state = StepState::Failed;
            registration.tries = registration.tries.saturating_add(1);
            registration.due_at = Some(now.plus(pause(passing, registration.tries)));
            registration.trouble = Some(trouble);
        }
        Err(Stop::Store(error)) => return Err(error),
    }
    chain.write().await?;
    Ok(chain.registration)
}

/// A registration under way.
struct Chain<'a> {
    board: &'a Switchboard,
    graph: Graph,
    channel: Channel,
    endpoint: Endpoint,
    registration: Registration,
}

/// What the provider says it has.
struct Known {
    levels: WebhookLevels,
    subscribed: bool,
}

impl Chain<'_> {
    /// Goes all steps. Returns after which time to look again, when the news of the account did not come along.
    async fn walk(&mut self) -> Result<Option<Duration>, Stop> {
        self.step(RegistrationStep::Server).await?;
        self.step(RegistrationStep::Tunnel).await?;
        let status = self.board.way.status();
        let base = match status.online() {
            Some(base) => base.to_owned(),
            None if matches!(&*self.board.way.decision().borrow(), Some(Ok(TunnelKind::None))) => {
                return Err(Stop::Waits(NO_TUNNEL));
            }
            None => return Err(Stop::Waits(TUNNEL_CLOSED)),
        };
        let url = format!("{base}{}", self.endpoint.path);

        self.step(RegistrationStep::OwnCall).await?;
        let verify_token = self.verify_token().await?;
        let outside = self.own_call(&url, &verify_token, &status).await?;
        let account = account(&self.board.vault, &self.channel)
            .await
            .map_err(|trouble| of_secret(&trouble))?;

        self.step(RegistrationStep::Subscribe).await?;
        let known = self.ask(&account).await?;
        let before = self.registration.callback_url.clone();
        let is_ours = known.levels.phone_number.as_deref() == Some(url.as_str());
        if !known.subscribed && account.business_account_id.is_some() {
            // Plain, and only when it is needed: it takes an override of the whole account away.
            self.graph.subscribe(&account).await?;
        } else if is_ours && self.registration.done_at.is_some() && before.as_deref() == Some(url.as_str()) {
            // Everything is as it was left. Nothing is set again.
            self.step(RegistrationStep::ReadBack).await?;
            self.note(&known.levels);
            return Ok(self.bring_news(&account, &url, &verify_token).await);
        }

        self.step(RegistrationStep::Override).await?;
        self.is_still_wanted().await?;
        let begun = self.board.clock.now();
        let mut greetings = self.board.door.greetings();
        greetings.borrow_and_update();
        let set = self.graph.override_number(&account, &url, &verify_token).await;
        set.map_err(|failure| explained(failure, outside))?;
        self.registration.callback_url = Some(url.clone());

        self.step(RegistrationStep::Verification).await?;
        let greeted = self.board.door.greeted(self.endpoint.id);
        if !greetings.has_changed().unwrap_or(false) || greeted.is_none_or(|at| at < begun) {
            return Err(Stop::Failed {
                trouble: plain(NOT_SEEN),
                passing: false,
            });
        }

        self.step(RegistrationStep::ReadBack).await?;
        let levels = self.graph.check(&account).await?.webhooks;
        read_back(&levels, &url)?;
        self.note(&levels);
        Ok(self.bring_news(&account, &url, &verify_token).await)
    }

    /// The news of the account that go to a former address of ours are brought to that of now. Returns after which time to
    /// try again when that did not work; the registration is good without.
    async fn bring_news(&mut self, account: &Account, url: &str, verify_token: &Secret) -> Option<Duration> {
        let path = self.endpoint.path.as_str();
        let goes_astray = |to: &String| to != url && to.ends_with(path);
        if !self.registration.app_callback.as_ref().is_some_and(goes_astray) {
            return None;
        }
        match news::set(self.board, account, url, verify_token).await {
            Ok(()) => {
                self.registration.app_callback = Some(url.to_owned());
                None
            }
            Err(failure) => {
                tracing::warn!(
                    code = failure.code,
                    "the news of the account did not move: {failure}"
                );
                Some(if failure.is_passing() {
                    LONGEST_PAUSE
                } else {
                    SLOW_PAUSE
                })
            }
        }
    }

    /// The number may have been disconnected meanwhile; then nobody is to call us for it.
    async fn is_still_wanted(&self) -> Result<(), StoreError> {
        let id = self.channel.id.clone();
        let channel = self.board.store.read(move |reader| reader.channel(&id)).await?;
        match channel.forgotten_at {
            None => Ok(()),
            Some(_) => Err(StoreError::NotFound {
                what: "channel",
                id: channel.id.to_string(),
            }),
        }
    }

    /// Writes down that a step begins.
    async fn step(&mut self, step: RegistrationStep) -> Result<(), StoreError> {
        self.registration.step = step;
        self.registration.state = StepState::Running;
        self.registration.trouble = None;
        self.write().await
    }

    async fn write(&self) -> Result<(), StoreError> {
        let registration = self.registration.clone();
        self.board
            .store
            .write(move |transaction| transaction.put_registration(&registration))
            .await
    }

    async fn verify_token(&self) -> Result<Secret, Stop> {
        let found = secret(&self.board.vault, &self.channel, VERIFY_TOKEN).await;
        found
            .map_err(SecretTrouble::from)
            .and_then(|found| found.ok_or(SecretTrouble::Missing("verify token")))
            .map_err(|trouble| of_secret(&trouble))
    }

    /// Calls ourselves through the public address. With an address of the owner's own a failure is only remembered: many
    /// routers do not let a computer call itself from inside, and what counts is the provider's call. A tunnel that has
    /// just been opened is given some time to become known.
    async fn own_call(
        &self,
        url: &str,
        verify_token: &Secret,
        status: &TunnelStatus,
    ) -> Result<Option<OutsideTrouble>, Stop> {
        let reach = self.board.way.reach().await;
        let is_new = self.board.clock.now().since(status.since) < JUST_OPENED;
        let begun = Instant::now();
        loop {
            let trouble = match outside::call(url, verify_token, &reach).await {
                Ok(()) => return Ok(None),
                Err(trouble) => trouble,
            };
            if status.kind == TunnelKind::Url && trouble != OutsideTrouble::NotAnAddress {
                return Ok(Some(trouble));
            }
            if !is_new || !is_passing(&trouble) || begun.elapsed() >= PATIENCE {
                return Err(trouble.into());
            }
            tokio::time::sleep(BETWEEN_CALLS).await;
            if self.board.way.status().online() != status.online() {
                return Err(Stop::Waits(TUNNEL_CLOSED));
            }
        }
    }

    /// Asks the provider what it has.
    async fn ask(&mut self, account: &Account) -> Result<Known, Stop> {
        let levels = self.graph.check(account).await?.webhooks;
        let mut subscribed = false;
        if account.business_account_id.is_some() {
            let apps = self.graph.subscribed_apps(account).await?;
            let own = match self.graph.app_of_token(account).await {
                Ok((id, _)) => Some(id),
                Err(failure) if failure.is_dead_token() || failure.is_passing() => return Err(failure.into()),
                // Not every token may ask that.
                Err(_) => None,
            };
            subscribed = match &own {
                Some(own) => apps.iter().any(|app| app.id.as_ref() == Some(own)),
                None => !apps.is_empty(),
            };
            self.registration.other_apps = apps
                .into_iter()
                .filter(|app| own.is_some() && app.id != own)
                .filter_map(|app| app.name.or(app.id))
                .collect();
        }
        Ok(Known { levels, subscribed })
    }

    fn note(&mut self, levels: &WebhookLevels) {
        self.registration.app_callback.clone_from(&levels.application);
    }
}

/// Returns whether the provider has our address, or what it has instead.
fn read_back(levels: &WebhookLevels, url: &str) -> Result<(), Stop> {
    match (&levels.phone_number, levels.in_force()) {
        (Some(kept), _) if kept == url => Ok(()),
        // It shows no address at all: some versions do not. Its call was seen.
        (None, None) => Ok(()),
        (Some(_), _) => Err(Stop::Failed {
            trouble: plain(OTHER_ADDRESS),
            passing: false,
        }),
        (None, Some(_)) => Err(Stop::Failed {
            trouble: plain(NOT_KEPT),
            passing: true,
        }),
    }
}

/// The provider could not verify the address: when our own call failed too, that says why.
fn explained(failure: CallFailure, outside: Option<OutsideTrouble>) -> Stop {
    let unverified = matches!(failure.code, Some(2_200 | 2_201));
    match (Stop::from(failure), outside) {
        (Stop::Failed { mut trouble, passing }, Some(outside)) if unverified => {
            trouble.words = outside.to_string();
            Stop::Failed { trouble, passing }
        }
        (stop, _) => stop,
    }
}

fn of_secret(trouble: &SecretTrouble) -> Stop {
    Stop::Failed {
        passing: matches!(trouble, SecretTrouble::Vault(_)),
        trouble: plain(trouble.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_that_passes_is_tried_again_after_two_seconds_and_then_less_and_less_often() {
        let waits: Vec<u64> = (1..=10).map(|tries| pause(true, tries).as_secs()).collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(pause(true, u32::MAX), LONGEST_PAUSE);
        assert_eq!(pause(false, 1), SLOW_PAUSE);
    }

    #[test]
    fn the_narrowest_address_has_to_be_ours() {
        let ours = "https://a.example/hooks/1";
        let levels = |number: Option<&str>, account: Option<&str>| WebhookLevels {
            phone_number: number.map(str::to_owned),
            account: account.map(str::to_owned),
            application: None,
        };
        let words = |levels: &WebhookLevels| match read_back(levels, ours) {
            Err(Stop::Failed { trouble, .. }) => trouble.words,
            other => format!("{other:?}"),
        };
        assert!(read_back(&levels(Some(ours), Some("https://other.example")), ours).is_ok());
        assert!(read_back(&levels(None, None), ours).is_ok());
        assert_eq!(
            words(&levels(Some("https://other.example"), Some(ours))),
            OTHER_ADDRESS
        );
        assert_eq!(words(&levels(None, Some("https://other.example"))), NOT_KEPT);
    }
}
