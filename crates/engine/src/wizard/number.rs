//! Which number, how it stands, and registering it.

use super::credentials::is_id;
use super::state::{FoundAccount, FoundNumber, SetupState};
use super::{Setup, at_number, misfit, not_now};
use crate::account::account;
use crate::checks::{Facts, facts};
use crate::commands::CommandError;
use crate::engine::Engine;
use crate::setup::SetupError;
use channels::whatsapp::errors::Remedy;
use channels::whatsapp::setup::{Credential, CredentialTrouble};
use channels::whatsapp::{Account, CallFailure, Graph, NumberState};
use domain::{ChannelId, SetupPage};
use futures_util::future::join_all;
use vault::Secret;

/// Numbers of one account whose health is asked, too; the others are listed without it.
const MOST_LOOKED_AT: usize = 12;
/// Questions under way at the same time.
const TOGETHER: usize = 4;
/// Digits of a PIN.
const PIN_LENGTH: usize = 6;

const NOT_SHOWN: &str = "This token may not look at the number, so Deskbell cannot tell how it stands. The hello at the end will show \
     whether it works.";
const ON_PHONE: &str = "This number is used in the WhatsApp Business app and here at the same time. It is registered by that already; \
     registering it again would take it out of the app.";
const OTHER_ACCOUNT: &str = "This number does not belong to that WhatsApp account. Check both ids: they stand side by side under API Setup of \
     your Meta app.";

/// Returns whether a refusal says that a permission is missing.
pub(super) fn about_permission(failure: &CallFailure) -> bool {
    CredentialTrouble::from(failure.clone()).which == Credential::Permission
}

/// Keeps what the provider said of a number.
pub(super) fn learnt(number: &NumberState) -> Facts {
    let mut facts = Facts::default();
    facts.learn_number(number);
    facts
}

/// Returns whether a number has to be registered with a PIN before it can be connected.
pub fn needs_registration(facts: &Facts) -> bool {
    domain::needs_registration(
        facts.status.as_deref(),
        facts.platform.as_deref(),
        facts.on_phone == Some(true),
    )
}

/// Asks how each number stands. What cannot be asked keeps what the list said.
pub(super) async fn looked_at(
    graph: &Graph,
    account: &Account,
    account_id: &str,
    mut numbers: Vec<FoundNumber>,
) -> Vec<FoundNumber> {
    let first = numbers.len().min(MOST_LOOKED_AT);
    for group in numbers.get_mut(..first).unwrap_or_default().chunks_mut(TOGETHER) {
        join_all(group.iter_mut().map(async |number| {
            let at = Account {
                number_id: number.number_id.clone(),
                business_account_id: Some(account_id.to_owned()),
                ..account.clone()
            };
            match graph.check(&at).await {
                Ok(state) => number.facts = Some(learnt(&state)),
                Err(failure) => number.trouble = Some(failure.words.to_owned()),
            }
        }))
        .await;
    }
    numbers
}

impl Engine {
    /// Chooses the number. Ids may have been entered by hand; they are proved as far as the token allows.
    pub async fn setup_number(&self, account_id: &str, number_id: &str) -> Result<Setup, CommandError> {
        let _errand = self.errand().await;
        let setup = self.begun().await?;
        if setup.furthest() < SetupPage::Number {
            return Err(not_now(
                "Token and app secret come first: with them Deskbell can look at the number.",
            ));
        }
        let mut state = setup.state;
        let (account_id, number_id) = (account_id.trim(), number_id.trim());
        for (field, id) in [("account_id", account_id), ("number_id", number_id)] {
            if !is_id(id) {
                return Err(misfit(
                    field,
                    "This is not an id of Meta's: those have digits only, without spaces or a plus sign. It is not the \
                     phone number itself; it stands under API Setup of your Meta app.",
                ));
            }
        }
        let keys = self.entered(&state).await?;
        let source = self.source(&keys, state.app_id.clone());
        let at = at_number(&source, account_id, number_id);
        let number = self.proved_number(&state, &at, account_id, number_id).await?;
        let before = state.number_id.replace(number_id.to_owned());
        state.account_id = Some(account_id.to_owned());
        let ready = !number.facts.as_ref().is_some_and(needs_registration);
        put_number(&mut state, account_id, number);
        if before.as_deref().is_some_and(|before| before != number_id) {
            if state.channel_id.is_some() {
                // The keys became that channel's; this number needs them, too.
                self.keep_entered(&keys).await?;
            }
            // What was done for another number is that number's.
            state.leave_channel();
        }
        if ready {
            state.go_on(SetupPage::Tunnel);
            // Whether the tunnel is up is seen when the chain is run.
            state.furthest = state.furthest.max(SetupPage::Connect);
        } else {
            state.fall_back(SetupPage::Number);
        }
        self.keep(&state).await?;
        self.look_at(state, true).await
    }

    /// Looks at a number and proves that it belongs to the account, as far as the token allows.
    async fn proved_number(
        &self,
        state: &SetupState,
        at: &Account,
        account_id: &str,
        number_id: &str,
    ) -> Result<FoundNumber, CommandError> {
        let mut number = FoundNumber {
            number_id: number_id.to_owned(),
            facts: None,
            trouble: None,
        };
        match self.graph().check(at).await {
            Ok(facts) => number.facts = Some(learnt(&facts)),
            Err(failure) => match CredentialTrouble::from(failure.clone()).which {
                Credential::Permission => number.trouble = Some(NOT_SHOWN.to_owned()),
                Credential::Assignment => return Err(misfit("number_id", failure.words)),
                Credential::Token => return Err(misfit("access_token", failure.words)),
                Credential::AppSecret => return Err(misfit("app_secret", failure.words)),
                Credential::AppId | Credential::Network | Credential::Provider => {
                    return Err(CommandError::Provider(failure));
                }
            },
        }
        let listed =
            |account: &FoundAccount| account.numbers.iter().any(|known| known.number_id == number_id);
        if state
            .account(account_id)
            .is_some_and(|account| listed(account) && account.trouble.is_none())
        {
            return Ok(number);
        }
        if state
            .accounts
            .iter()
            .any(|account| account.account_id != account_id && listed(account))
        {
            return Err(misfit("account_id", OTHER_ACCOUNT));
        }
        match self.graph().numbers(at, account_id).await {
            Ok(numbers) if numbers.iter().any(|known| known.id.as_deref() == Some(number_id)) => Ok(number),
            Ok(_) => Err(misfit("account_id", OTHER_ACCOUNT)),
            Err(failure) => match CredentialTrouble::from(failure.clone()).which {
                Credential::Permission => Ok(number),
                Credential::Assignment => Err(misfit("account_id", failure.words)),
                _ => Err(CommandError::Provider(failure)),
            },
        }
    }

    /// Registers the number of the set-up, or that of a channel, with a PIN. It leaves the phone's app by that, so
    /// nothing is done unless the owner confirmed it. The PIN is kept nowhere.
    pub async fn register_number(
        &self,
        channel: Option<ChannelId>,
        pin: Secret,
        confirmed: bool,
    ) -> Result<(), CommandError> {
        if !confirmed {
            return Err(misfit(
                "confirmed",
                "Registering takes the number out of the WhatsApp app on the phone; its chats there do not come \
                 along. Say that you know this, and the number is registered.",
            ));
        }
        let digits = pin.expose().trim();
        if digits.len() != PIN_LENGTH || !digits.bytes().all(|sign| sign.is_ascii_digit()) {
            return Err(misfit("pin", "The PIN has six digits. Correct it and try again."));
        }
        let _errand = self.errand().await;
        match channel {
            Some(channel) => self.register_channel(channel, &pin).await,
            None => self.register_chosen(&pin).await,
        }
    }

    /// Registers a number that is connected already: it was taken out of the Cloud API meanwhile (133010).
    async fn register_channel(&self, id: ChannelId, pin: &Secret) -> Result<(), CommandError> {
        let asked = id.clone();
        let channel = self.store().read(move |reader| reader.channel(&asked)).await?;
        if channel.forgotten_at.is_some() {
            return Err(not_now(
                "This number was disconnected here. Connect it again first; it can be registered on the way.",
            ));
        }
        let access = account(self.vault(), &channel)
            .await
            .map_err(|trouble| CommandError::Secrets(SetupError::from(trouble).to_string()))?;
        let on_phone = if let Ok(number) = self.graph().check(&access).await {
            learnt(&number).on_phone
        } else {
            // A number that is not registered may not be shown; what was learnt before is the best there is.
            let known = self.channel_check(&id).await?;
            known.and_then(|known| facts(&known).on_phone)
        };
        if on_phone == Some(true) {
            return Err(not_now(ON_PHONE));
        }
        register(self.graph(), &access, pin).await?;
        let now = self.now();
        self.store()
            .write(move |transaction| {
                // What waits is due at once, not when the next try would have been.
                transaction.probe_channel(&id, now)?;
                transaction.release_channel(&id)?;
                transaction.check_channel_at(&id, now)
            })
            .await?;
        Ok(())
    }

    async fn register_chosen(&self, pin: &Secret) -> Result<(), CommandError> {
        let mut state = self.begun().await?.state;
        let Some((account_id, number)) = state
            .chosen()
            .map(|(account, number)| (account.account_id.clone(), number.clone()))
        else {
            return Err(not_now("Choose the number first; then it can be registered."));
        };
        if number
            .facts
            .as_ref()
            .is_some_and(|facts| facts.on_phone == Some(true))
        {
            return Err(not_now(ON_PHONE));
        }
        let keys = self.entered(&state).await?;
        let source = self.source(&keys, state.app_id.clone());
        let at = at_number(&source, &account_id, &number.number_id);
        register(self.graph(), &at, pin).await?;
        let mut number = number;
        match self.graph().check(&at).await {
            Ok(facts) => {
                number.facts = Some(learnt(&facts));
                number.trouble = None;
            }
            // It is registered all the same; how it stands is seen later.
            Err(_) => {
                if let Some(facts) = &mut number.facts {
                    facts.status = Some("CONNECTED".to_owned());
                }
            }
        }
        put_number(&mut state, &account_id, number);
        state.furthest = state.furthest.max(SetupPage::Connect);
        self.keep(&state).await?;
        Ok(())
    }
}

async fn register(graph: &Graph, at: &Account, pin: &Secret) -> Result<(), CommandError> {
    graph
        .register_number(at, pin)
        .await
        .map_err(|failure| match failure.remedy {
            Remedy::CheckPin => misfit("pin", failure.words),
            _ => CommandError::Provider(failure),
        })
}

/// Writes a number down, below its account.
fn put_number(state: &mut SetupState, account_id: &str, number: FoundNumber) {
    if state.account(account_id).is_none() {
        state.accounts.push(FoundAccount {
            account_id: account_id.to_owned(),
            facts: None,
            numbers: Vec::new(),
            trouble: None,
        });
    }
    let account = state
        .accounts
        .iter_mut()
        .find(|account| account.account_id == account_id);
    if let Some(account) = account {
        match account
            .numbers
            .iter_mut()
            .find(|known| known.number_id == number.number_id)
        {
            Some(known) => *known = number,
            None => account.numbers.push(number),
        }
    }
}
