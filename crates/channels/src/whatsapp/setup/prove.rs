//! Proves token, app secret and app id one by one, so that the one that is wrong can be named (section 7.1).

use super::{App, TokenFacts};
use crate::whatsapp::call::CallFailure;
use crate::whatsapp::errors::{self, Remedy};
use crate::whatsapp::graph::{Account, Graph};
use crate::whatsapp::setup_words::{self, WRONG_SECRET};
use vault::Secret;

const NO_TOKEN: &str =
    "The access token is missing. Paste the token of the system user from Meta's business settings.";
const NO_SECRET: &str =
    "The app secret is missing. Copy it from App settings, Basic, of the app at developers.facebook.com.";
const SWAPPED: &str = "Access token and app secret stand in each other's place. Paste the long text that begins with EAA as the token, \
     and the short one as the secret.";
const OTHER_APP: &str = "The app id is not that of the access token's app. Correct the app id or leave it empty: Deskbell finds it out.";
const TOKEN_OF_OTHER_APP: &str = "App id and app secret fit, but the access token belongs to another Meta app. Make a token for this app and paste \
     it here.";
const NO_APP: &str = "Meta does not tell which app the access token belongs to. Write the app id here; it stands at the top of the app's \
     page at developers.facebook.com.";
const UNREACHABLE: &str = "WhatsApp cannot be asked at the moment, so token and secret could not be checked. Check the internet connection and \
     try again; nothing has to be pasted again.";

/// A system token begins with this.
const TOKEN_BEGINS: &str = "EAA";
/// An app secret is as long as this, in hexadecimal digits.
const SECRET_LENGTH: usize = 32;

/// Where and with what a token is proved.
#[derive(Debug, Clone)]
pub struct Source {
    /// Where the Graph API is.
    pub base_url: String,
    /// Its version.
    pub version: String,
    /// The token.
    pub access_token: Secret,
    /// The secret of the app it should belong to.
    pub app_secret: Secret,
    /// The id of that app, when somebody wrote it.
    pub app_id: Option<String>,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Credential {
    /// The access token.
    Token,
    /// The app secret.
    AppSecret,
    /// The app id.
    AppId,
    /// The token's permissions.
    Permission,
    /// The token is not assigned to the account, or the id is wrong.
    Assignment,
    /// None of them: Meta could not be asked.
    Network,
    /// None of them: Meta answered with another trouble.
    Provider,
}

impl Credential {
    /// Returns the stable spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::AppSecret => "app_secret",
            Self::AppId => "app_id",
            Self::Permission => "permission",
            Self::Assignment => "assignment",
            Self::Network => "network",
            Self::Provider => "provider",
        }
    }
}

/// Why credentials could not be proved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct CredentialTrouble {
    /// What is wrong.
    pub which: Credential,
    /// What happened and what to do next.
    pub words: &'static str,
    /// What a button beside the words can do.
    pub remedy: Remedy,
    /// Meta's own words, or the technical reason.
    pub detail: Option<String>,
    /// Meta's code and finer code.
    pub code: Option<(i64, Option<i64>)>,
    /// The app the token belongs to, when that came out.
    pub app_id: Option<String>,
}

/// Token, secret and app belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    /// Meta's id of the app.
    pub app_id: String,
    /// Its name.
    pub app_name: Option<String>,
    /// What the token is good for.
    pub token: TokenFacts,
}

impl CredentialTrouble {
    fn new(which: Credential, words: &'static str, remedy: Remedy) -> Self {
        Self {
            which,
            words,
            remedy,
            detail: None,
            code: None,
            app_id: None,
        }
    }

    fn blaming(which: Credential, words: &'static str, remedy: Remedy, failure: CallFailure) -> Self {
        Self {
            which,
            words,
            remedy,
            detail: failure.detail,
            code: failure.code.map(|code| (code, failure.subcode)),
            app_id: None,
        }
    }

    fn of_app(self, id: &str) -> Self {
        Self {
            app_id: Some(id.to_owned()),
            ..self
        }
    }
}

/// Names the credential a failed call speaks of.
impl From<CallFailure> for CredentialTrouble {
    fn from(failure: CallFailure) -> Self {
        let which = match failure.code {
            _ if failure.is_dead_token() => Credential::Token,
            _ if is_about_secret(&failure) => Credential::AppSecret,
            _ if failure.is_unreachable() => Credential::Network,
            Some(102) => Credential::Token,
            Some(3 | 10 | 200..=299 | 131_005) => Credential::Permission,
            Some(100) if failure.subcode == Some(33) => Credential::Assignment,
            Some(33 | 803) => Credential::Assignment,
            // It has characters that cannot be sent.
            None if failure.remedy == Remedy::NewToken => Credential::Token,
            _ => Credential::Provider,
        };
        let (words, remedy) = match which {
            Credential::Network => (UNREACHABLE, Remedy::CheckInternet),
            _ => (failure.words, failure.remedy),
        };
        Self::blaming(which, words, remedy, failure)
    }
}

/// Returns whether Meta said that app secret and token do not fit.
fn is_about_secret(failure: &CallFailure) -> bool {
    matches!(failure.code, Some(101 | 104)) || failure.words == WRONG_SECRET
}

impl Graph {
    /// Proves that token, secret and app belong together, and says which of them is wrong when they do not. Permissions
    /// are not judged by the list a token comes with, which is not complete; they are proved by using them.
    pub async fn prove(&self, source: &Source) -> Result<Proved, CredentialTrouble> {
        let source = source.trimmed();
        source.looks_right()?;
        let given = source.app_id.clone();
        let (app_id, app_name) = self.app_by_token(&source).await?;
        if let Some(given) = given.filter(|given| *given != app_id) {
            return Err(self.wrong_app(&source, &given, &app_id).await);
        }
        let facts = match self.debug_token(&source.access_token, &source.app(&app_id)).await {
            Ok(facts) => facts,
            Err(failure) => return Err(about_app_token(failure).of_app(&app_id)),
        };
        if let Some(other) = facts.app_id.clone().filter(|other| *other != app_id) {
            let trouble = CredentialTrouble::new(Credential::Token, TOKEN_OF_OTHER_APP, Remedy::NewToken);
            return Err(trouble.of_app(&other));
        }
        if !facts.is_valid {
            return Err(dead(&facts).of_app(&app_id));
        }
        Ok(Proved {
            app_name: app_name.or_else(|| facts.application.clone()),
            app_id,
            token: facts,
        })
    }

    /// Finds out the app of the token. Whatever is wrong with the token comes out here.
    async fn app_by_token(&self, source: &Source) -> Result<(String, Option<String>), CredentialTrouble> {
        let failure = match self.app_of_token(&source.account()).await {
            Ok(found) => return Ok(found),
            Err(failure) => failure,
        };
        if is_about_secret(&failure) {
            // The token is good, or Meta would have said so first. Without the secret it tells its app, which tells
            // whether the secret is of another one.
            let bare = Source {
                app_secret: Secret::new(String::new()),
                ..source.clone()
            };
            let Ok((app_id, _)) = self.app_of_token(&bare.account()).await else {
                return Err(failure.into());
            };
            return Err(match source.app_id.as_deref() {
                Some(given) if given != app_id => self.wrong_app(source, given, &app_id).await,
                _ => CredentialTrouble::from(failure).of_app(&app_id),
            });
        }
        // Where nothing of Meta has spoken, nothing else would.
        let has_spoken = failure.code.is_some() || failure.status == Some(404);
        if failure.is_dead_token() || failure.is_passing() || !has_spoken {
            return Err(failure.into());
        }
        // Not every token may ask that; it may ask about itself.
        match (&source.app_id, self.debug_own_token(&source.account()).await) {
            (_, Ok(facts)) => match facts.app_id.clone().or_else(|| source.app_id.clone()) {
                _ if !facts.is_valid => Err(dead(&facts)),
                Some(id) => Ok((id, facts.application)),
                None => Err(CredentialTrouble::new(
                    Credential::AppId,
                    NO_APP,
                    Remedy::CheckIds,
                )),
            },
            (_, Err(failure)) if failure.is_dead_token() || failure.is_passing() => Err(failure.into()),
            (Some(given), Err(_)) => Ok((given.clone(), None)),
            (None, Err(failure)) => Err(CredentialTrouble::blaming(
                Credential::AppId,
                NO_APP,
                Remedy::CheckIds,
                failure,
            )),
        }
    }

    /// The app id is not the token's: is it the id that is wrong, or the token? The secret is the witness.
    async fn wrong_app(&self, source: &Source, given: &str, found: &str) -> CredentialTrouble {
        let of_given = self.app_subscriptions(&source.app(given)).await;
        let trouble = match of_given {
            Ok(_) => CredentialTrouble::new(Credential::Token, TOKEN_OF_OTHER_APP, Remedy::NewToken),
            Err(failure) if failure.is_passing() => failure.into(),
            Err(failure) => {
                CredentialTrouble::blaming(Credential::AppId, OTHER_APP, Remedy::CheckIds, failure)
            }
        };
        trouble.of_app(found)
    }
}

/// The token has just spoken for itself, so what is refused now is the app's own token: id and secret.
fn about_app_token(failure: CallFailure) -> CredentialTrouble {
    let refuses_app = match failure.code {
        // It also stands for outages of all kinds.
        Some(1) => says(&failure, "application"),
        Some(100) => true,
        _ => failure.is_dead_token() || is_about_secret(&failure),
    };
    if !refuses_app {
        return failure.into();
    }
    let (which, words, remedy) = match failure.remedy {
        // The app is the right one, but the token is not one of it after all.
        Remedy::NewToken if failure.code == Some(100) => (Credential::Token, failure.words, failure.remedy),
        Remedy::NewSecret => (Credential::AppSecret, failure.words, failure.remedy),
        _ => (Credential::AppSecret, WRONG_SECRET, Remedy::NewSecret),
    };
    CredentialTrouble::blaming(which, words, remedy, failure)
}

fn says(failure: &CallFailure, word: &str) -> bool {
    let detail = failure.detail.as_deref().unwrap_or_default();
    detail.to_ascii_lowercase().contains(word)
}

/// A token Meta knows and does not take any more.
fn dead(facts: &TokenFacts) -> CredentialTrouble {
    let (code, subcode) = facts.error.unwrap_or((190, None));
    let advice = setup_words::advice(code, subcode, [None, None])
        .or_else(|| setup_words::advice(190, None, [None, None]))
        .unwrap_or_else(|| errors::advice(Some(190), subcode));
    CredentialTrouble {
        code: Some((code, subcode)),
        ..CredentialTrouble::new(Credential::Token, advice.words, advice.remedy)
    }
}

impl Source {
    /// What is copied often brings blanks along.
    fn trimmed(&self) -> Self {
        let app_id = self.app_id.as_deref().map(str::trim);
        Self {
            access_token: Secret::new(self.access_token.expose().trim()),
            app_secret: Secret::new(self.app_secret.expose().trim()),
            app_id: app_id.filter(|id| !id.is_empty()).map(str::to_owned),
            ..self.clone()
        }
    }

    fn looks_right(&self) -> Result<(), CredentialTrouble> {
        let (token, secret) = (self.access_token.expose(), self.app_secret.expose());
        let is_secret =
            |text: &str| text.len() == SECRET_LENGTH && text.bytes().all(|sign| sign.is_ascii_hexdigit());
        if token.is_empty() {
            return Err(CredentialTrouble::new(
                Credential::Token,
                NO_TOKEN,
                Remedy::NewToken,
            ));
        }
        if is_secret(token) && secret.starts_with(TOKEN_BEGINS) {
            return Err(CredentialTrouble::new(
                Credential::Token,
                SWAPPED,
                Remedy::NewToken,
            ));
        }
        if secret.is_empty() {
            return Err(CredentialTrouble::new(
                Credential::AppSecret,
                NO_SECRET,
                Remedy::NewSecret,
            ));
        }
        Ok(())
    }

    /// Returns the token as somebody who makes calls; no number is chosen yet.
    pub fn account(&self) -> Account {
        Account {
            base_url: self.base_url.clone(),
            version: self.version.clone(),
            number_id: String::new(),
            business_account_id: None,
            access_token: self.access_token.clone(),
            app_secret: self.app_secret.clone(),
        }
    }

    /// Returns the app with the given id.
    pub fn app(&self, app_id: &str) -> App {
        App {
            base_url: self.base_url.clone(),
            version: self.version.clone(),
            app_id: app_id.to_owned(),
            app_secret: self.app_secret.clone(),
        }
    }
}
