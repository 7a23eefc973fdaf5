//! Token and app secret: each proved by itself, and what they open.

use super::number::{about_permission, learnt, looked_at};
use super::state::{FoundAccount, FoundNumber, Proof, Proved, SetupState};
use super::{OWNER, Setup, locked, misfit};
use crate::account::{ACCESS_TOKEN, APP_SECRET};
use crate::checks::{Facts, KnownToken};
use crate::commands::CommandError;
use crate::engine::Engine;
use channels::whatsapp::setup::{Credential, CredentialTrouble, Source, TokenFacts};
use channels::whatsapp::{Account, CallFailure, Graph};
use domain::{SetupPage, StepState, Timestamp};
use vault::{Secret, SecretName};

/// Accounts that are looked at; no small business has more.
const MOST_ACCOUNTS: usize = 10;
/// The longest secret or id that is taken, in bytes. Meta's tokens have some 200.
const LONGEST: usize = 2_000;

const TARGETS_UNKNOWN: &str = "Meta does not tell which WhatsApp accounts this token is for. Enter the id of the WhatsApp account and the phone \
     number id; both stand in WhatsApp Manager, and under API Setup of your Meta app.";
const NO_LISTING: &str = "This token may not list your numbers: the permission whatsapp_business_management is missing. Make a token with it, \
     or enter the id of the WhatsApp account and the phone number id by hand; both stand under API Setup of your Meta \
     app.";
const NOTHING_FOUND: &str = "This token reaches no number. In Meta's business settings, assign the WhatsApp account to the token's user, or \
     enter the id of the WhatsApp account and the phone number id by hand.";

/// What the owner enters. What is left out, or empty, stays as it was.
#[derive(Clone, Default)]
pub struct Entered {
    /// The token.
    pub access_token: Option<Secret>,
    /// The app secret.
    pub app_secret: Option<Secret>,
    /// The app's id; an empty one takes the one that was entered back.
    pub app_id: Option<String>,
}

impl std::fmt::Debug for Entered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entered(…)")
    }
}

/// Returns a secret as it was copied, without the blanks around it; `None` when nothing is left.
pub(crate) fn tidy(field: &str, secret: Option<Secret>) -> Result<Option<Secret>, CommandError> {
    let Some(secret) = secret else { return Ok(None) };
    let text = secret.expose().trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text.len() > LONGEST || text.chars().any(|sign| sign.is_control() || sign.is_whitespace()) {
        return Err(misfit(
            field,
            "This is more than was meant to be copied: it holds a line break or a blank, or is far too long. Copy it \
             once more, by itself.",
        ));
    }
    Ok(Some(Secret::new(text)))
}

/// What came out about each of them.
struct Verdicts {
    token: Proof,
    app_secret: Proof,
    app_id: Proof,
    permissions: Proof,
    app: Option<String>,
    app_name: Option<String>,
    facts: Option<TokenFacts>,
}

impl Verdicts {
    fn new() -> Self {
        let open = |of| Proof {
            of,
            state: StepState::Waiting,
            words: None,
        };
        Self {
            token: open(Proved::AccessToken),
            app_secret: open(Proved::AppSecret),
            app_id: open(Proved::AppId),
            permissions: open(Proved::Permissions),
            app: None,
            app_name: None,
            facts: None,
        }
    }

    fn are_good(&self) -> bool {
        [&self.token, &self.app_secret, &self.app_id]
            .iter()
            .all(|proof| proof.state == StepState::Ok)
    }

    /// Whether something is known to be wrong; not to be mixed up with not having been able to ask.
    fn are_bad(&self) -> bool {
        [&self.token, &self.app_secret, &self.app_id]
            .iter()
            .any(|proof| proof.state == StepState::Failed)
    }
}

impl Proof {
    fn good(&mut self) {
        self.state = StepState::Ok;
        self.words = None;
    }

    fn bad(&mut self, words: &str) {
        self.state = StepState::Failed;
        self.words = Some(words.to_owned());
    }

    /// Nothing is known about it, for this reason.
    fn unknown(&mut self, words: &str) {
        self.state = StepState::Waiting;
        self.words = Some(words.to_owned());
    }
}

impl Engine {
    /// Takes token and app secret, proves each of them, and finds accounts and numbers.
    pub async fn setup_credentials(&self, entered: Entered) -> Result<Setup, CommandError> {
        let _errand = self.errand().await;
        let mut state = self.begun().await?.state;
        let access_token = tidy(ACCESS_TOKEN, entered.access_token)?;
        let app_secret = tidy(APP_SECRET, entered.app_secret)?;
        let app_id = entered.app_id.map(|id| id.trim().to_owned());
        if app_id.as_deref().is_some_and(|id| !is_id(id) && !id.is_empty()) {
            return Err(misfit(
                "app_id",
                "The app id has digits only. It stands at the top of the app's page at developers.facebook.com; leave \
                 it empty if you are not sure.",
            ));
        }
        if access_token.is_some() || app_secret.is_some() {
            // Two secrets are stored one after the other; a vault that does not open is to refuse the first already.
            self.vault().probe().await.map_err(locked)?;
        }
        for (field, secret) in [(ACCESS_TOKEN, access_token), (APP_SECRET, app_secret)] {
            if let Some(secret) = secret {
                let name = SecretName::new(OWNER, field);
                self.vault().set(&name, &secret).await.map_err(locked)?;
                match field {
                    ACCESS_TOKEN => state.token_entered = true,
                    _ => state.secret_entered = true,
                }
                state.renew();
            }
        }
        if let Some(id) = app_id {
            state.app_id_entered = (!id.is_empty()).then_some(id);
        }
        // What was entered is kept before anything can go wrong with asking about it.
        self.keep(&state).await?;

        let keys = self.entered(&state).await?;
        let source = self.source(&keys, state.app_id_entered.clone());
        self.prove_all(&mut state, &source).await;
        self.keep(&state).await?;
        self.look_at(state, true).await
    }

    async fn prove_all(&self, state: &mut SetupState, source: &Source) {
        let (graph, now) = (self.graph(), self.now());
        let mut verdicts = judge(graph, source).await;
        let mut found = None;
        if let (true, Some(facts)) = (verdicts.are_good(), &verdicts.facts) {
            found = Some(discover(graph, &source.account(), facts, &mut verdicts.permissions).await);
        }
        state.token = token_of(&verdicts, now).or_else(|| state.token.take());
        if verdicts.app.is_some() {
            state.app_id.clone_from(&verdicts.app);
        }
        if verdicts.app_name.is_some() {
            state.app_name.clone_from(&verdicts.app_name);
        }
        if let Some(found) = found {
            state.accounts = found.accounts;
            state.manual_words = found.manual_words;
            if state.chosen().is_some() {
                state.go_on(SetupPage::Number);
            } else {
                state.fall_back(SetupPage::Number);
            }
        } else if verdicts.are_bad() {
            state.accounts.clear();
            state.manual_words = None;
            state.fall_back(SetupPage::Credentials);
        } else {
            // Nothing is known to be wrong, so what was reached stays.
            state.page = SetupPage::Credentials;
        }
        state.proofs = vec![
            verdicts.token,
            verdicts.app_secret,
            verdicts.app_id,
            verdicts.permissions,
        ];
    }
}

fn token_of(verdicts: &Verdicts, now: Timestamp) -> Option<KnownToken> {
    match (&verdicts.facts, verdicts.token.state) {
        (Some(facts), _) => Some(KnownToken::of(facts, now)),
        (None, state @ (StepState::Ok | StepState::Failed)) => Some(KnownToken {
            valid: state == StepState::Ok,
            ..KnownToken::default()
        }),
        (None, _) => None,
    }
}

/// Returns whether a text can be an id of Meta's.
pub(super) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|sign| sign.is_ascii_digit())
}

/// Proves token, secret and app id one by one. What is right is told as right, also when another is wrong.
async fn judge(graph: &Graph, source: &Source) -> Verdicts {
    let mut verdicts = Verdicts::new();
    match graph.prove(source).await {
        Ok(proved) => {
            verdicts.token.good();
            verdicts.app_secret.good();
            verdicts.app_id.good();
            verdicts.app = Some(proved.app_id);
            verdicts.app_name = proved.app_name;
            verdicts.facts = Some(proved.token);
        }
        Err(trouble) => blame(graph, source, &mut verdicts, trouble).await,
    }
    verdicts
}

async fn blame(graph: &Graph, source: &Source, verdicts: &mut Verdicts, trouble: CredentialTrouble) {
    match trouble.which {
        Credential::Token => {
            verdicts.token.bad(trouble.words);
            judge_app(graph, source, verdicts).await;
        }
        Credential::AppSecret => {
            verdicts.app_secret.bad(trouble.words);
            match trouble.app_id {
                Some(app) => {
                    verdicts.token.good();
                    verdicts.app_id.good();
                    verdicts.app = Some(app);
                }
                None => judge_token(graph, source, verdicts).await,
            }
        }
        Credential::AppId => {
            verdicts.app_id.bad(trouble.words);
            let Some(app) = trouble.app_id else { return };
            verdicts.token.good();
            verdicts.app = Some(app);
            // Without the wrong id it comes out whether the secret is the one of the token's own app.
            let without = Source {
                app_id: None,
                ..source.clone()
            };
            match graph.prove(&without).await {
                Ok(_) => verdicts.app_secret.good(),
                Err(trouble) if trouble.which == Credential::AppSecret => {
                    verdicts.app_secret.bad(trouble.words);
                }
                Err(_) => {}
            }
        }
        Credential::Permission | Credential::Assignment => verdicts.permissions.bad(trouble.words),
        // Silence says nothing about the token, least of all that it is wrong.
        Credential::Network | Credential::Provider => verdicts.token.unknown(trouble.words),
    }
}

/// Proves the token by itself, while there is no secret yet.
async fn judge_token(graph: &Graph, source: &Source, verdicts: &mut Verdicts) {
    let bare = Source {
        app_secret: Secret::new(String::new()),
        ..source.clone()
    };
    match graph.app_of_token(&bare.account()).await {
        Ok((app, name)) => {
            verdicts.token.good();
            verdicts.app = Some(app);
            verdicts.app_name = name;
        }
        Err(failure) if failure.is_dead_token() => verdicts.token.bad(failure.words),
        Err(failure) if failure.is_passing() => verdicts.token.unknown(failure.words),
        Err(_) => {}
    }
}

/// Proves secret and app id by themselves, while the token is no good. Takes an id that was entered.
async fn judge_app(graph: &Graph, source: &Source, verdicts: &mut Verdicts) {
    let Some(id) = source.app_id.as_deref() else {
        return;
    };
    if source.app_secret.expose().trim().is_empty() {
        return;
    }
    match graph.app_subscriptions(&source.app(id)).await {
        Ok(_) => {
            verdicts.app_secret.good();
            verdicts.app_id.good();
            verdicts.app = Some(id.to_owned());
        }
        Err(failure) if failure.is_passing() => verdicts.app_secret.unknown(failure.words),
        Err(failure) => {
            let trouble = CredentialTrouble::from(failure);
            // An app's token that is no good is an id and a secret that do not fit.
            let words = match trouble.which {
                Credential::AppSecret => trouble.words,
                _ => {
                    "App id and app secret do not belong together. Copy both again from App settings, Basic, of the \
                     app at developers.facebook.com."
                }
            };
            verdicts.app_secret.bad(words);
        }
    }
}

struct Discovered {
    accounts: Vec<FoundAccount>,
    manual_words: Option<String>,
}

/// Finds the accounts a token is for, and their numbers.
async fn discover(
    graph: &Graph,
    account: &Account,
    facts: &TokenFacts,
    permissions: &mut Proof,
) -> Discovered {
    let ids = facts.account_ids.as_ref().or(facts.messaging_ids.as_ref());
    let mut ids: Vec<&String> = ids.into_iter().flatten().collect();
    ids.dedup();
    if ids.is_empty() {
        permissions.unknown(TARGETS_UNKNOWN);
        return Discovered {
            accounts: Vec::new(),
            manual_words: Some(TARGETS_UNKNOWN.to_owned()),
        };
    }
    let mut accounts = Vec::new();
    let mut refused = None;
    for id in ids.into_iter().take(MOST_ACCOUNTS) {
        let (found, trouble) = explore(graph, account, id).await;
        accounts.push(found);
        let Some(trouble) = trouble else { continue };
        if about_permission(&trouble) {
            refused = Some(trouble);
        } else if trouble.is_passing() {
            // The others would keep the owner waiting for the same answer.
            permissions.unknown(trouble.words);
            break;
        }
    }
    let any = accounts.iter().any(|account| !account.numbers.is_empty());
    let manual_words = match (&refused, any) {
        (_, true) => None,
        (Some(_), false) => Some(NO_LISTING),
        (None, false) => accounts
            .iter()
            .all(|account| account.trouble.is_none())
            .then_some(NOTHING_FOUND),
    };
    match refused {
        Some(trouble) => permissions.bad(trouble.words),
        None if any => permissions.good(),
        None => {}
    }
    Discovered {
        accounts,
        manual_words: manual_words.map(str::to_owned),
    }
}

/// Looks at one account and its numbers.
async fn explore(graph: &Graph, account: &Account, id: &str) -> (FoundAccount, Option<CallFailure>) {
    let mut found = FoundAccount {
        account_id: id.to_owned(),
        facts: None,
        numbers: Vec::new(),
        trouble: None,
    };
    match graph.business_account(account, id).await {
        Ok(account) => {
            let mut facts = Facts::default();
            facts.learn_account(&account);
            found.facts = Some(facts);
        }
        Err(failure) => {
            found.trouble = Some(failure.words.to_owned());
            return (found, Some(failure));
        }
    }
    match graph.numbers(account, id).await {
        Ok(numbers) => {
            let numbers = numbers.into_iter().filter_map(|number| {
                Some(FoundNumber {
                    number_id: number.id.clone()?,
                    facts: Some(learnt(&number)),
                    trouble: None,
                })
            });
            found.numbers = looked_at(graph, account, id, numbers.collect()).await;
            (found, None)
        }
        Err(failure) => {
            found.trouble = Some(failure.words.to_owned());
            (found, Some(failure))
        }
    }
}
