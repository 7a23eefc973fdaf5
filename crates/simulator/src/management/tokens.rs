//! Tokens: what they are for, what they reach, and what `debug_token` tells of them (`whatsapp-cloud-api.md` 7.1).

use std::fmt;

use serde_json::{Map, Value, json};

use super::App;
use crate::graph::GraphError;
use crate::meta::State;
use crate::webhook::Number;

/// Sends, files and the field `messages`.
pub(crate) const MESSAGING: &str = "whatsapp_business_messaging";
/// Everything else.
pub(crate) const MANAGEMENT: &str = "whatsapp_business_management";
/// When every token was made, Unix seconds, unless it says otherwise.
const ISSUED: i64 = 1_790_000_000;

/// With which error Graph refuses what a token has no permission for; both are seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Refusal {
    /// Error 200.
    #[default]
    Permissions,
    /// Error 10.
    Application,
}

/// An access token.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// The token itself.
    pub value: String,
    /// The app it was made for. Empty: the app of the numbers it reaches.
    pub app_id: String,
    /// `SYSTEM_USER` or `USER`.
    pub kind: String,
    /// The user behind it.
    pub user_id: String,
    /// The permissions it was given.
    pub scopes: Vec<String>,
    /// The accounts it reaches, besides the numbers that name it as theirs.
    pub wabas: Vec<String>,
    /// Whether `granular_scopes` lists the accounts; without the list a token is good for all of its owner's.
    pub targets_told: bool,
    /// When it was made, Unix seconds.
    pub issued_at: i64,
    /// When it ends, Unix seconds; 0 never.
    pub expires_at: i64,
    /// When it may no longer see data of its user, Unix seconds; 0 never.
    pub data_access_expires_at: i64,
    /// Subcode of error 190 once it was made invalid: 458 app removed, 460 password changed, 467, …
    pub withdrawn: Option<i64>,
    /// How missing permissions are refused.
    pub refusal: Refusal,
}

impl Token {
    /// A system user's token for both permissions that never expires and reaches these accounts.
    pub fn new(value: &str, wabas: &[&str]) -> Self {
        Self {
            value: value.to_owned(),
            app_id: String::new(),
            kind: "SYSTEM_USER".to_owned(),
            user_id: "122100000000001".to_owned(),
            scopes: vec![MANAGEMENT.to_owned(), MESSAGING.to_owned()],
            wabas: wabas.iter().map(|&waba| waba.to_owned()).collect(),
            targets_told: true,
            issued_at: ISSUED,
            expires_at: 0,
            data_access_expires_at: 0,
            withdrawn: None,
            refusal: Refusal::default(),
        }
    }

    /// The same for another app.
    #[must_use]
    pub fn of_app(mut self, app_id: &str) -> Self {
        app_id.clone_into(&mut self.app_id);
        self
    }

    /// The same with these permissions only.
    #[must_use]
    pub fn scopes(mut self, scopes: &[&str]) -> Self {
        self.scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        self
    }

    /// The same with an end, Unix seconds.
    #[must_use]
    pub fn expires(mut self, at: i64) -> Self {
        self.expires_at = at;
        self
    }

    /// The same, made invalid for a reason (subcode of 190).
    #[must_use]
    pub fn withdrawn(mut self, subcode: i64) -> Self {
        self.withdrawn = Some(subcode);
        self
    }

    /// The same, refusing what it may not do in this way.
    #[must_use]
    pub fn refusing(mut self, refusal: Refusal) -> Self {
        self.refusal = refusal;
        self
    }

    /// The error a dead token gets, if it is dead.
    pub(crate) fn death(&self, now: i64) -> Option<GraphError> {
        let subcode = match self.withdrawn {
            Some(subcode) => subcode,
            None if self.expires_at != 0 && self.expires_at <= now => 463,
            None => return None,
        };
        let title = match subcode {
            458 => "Error validating access token: The user has not authorized the application.",
            460 => {
                "Error validating access token: The session is no longer valid because the user has changed the password."
            }
            463 => "Error validating access token: Session has expired.",
            467 => "Error validating access token: This may be because the user logged out.",
            _ => "Error validating access token: The session is not valid.",
        };
        let mut error = GraphError::of(190).subcode(subcode);
        title.clone_into(&mut error.title);
        Some(error)
    }

    /// Refused when the permission was not given.
    pub(crate) fn allows(&self, scope: &str) -> Result<(), GraphError> {
        if self.scopes.iter().any(|given| given == scope) {
            return Ok(());
        }
        if self.refusal == Refusal::Application {
            return Err(GraphError::of(10));
        }
        let mut error = GraphError::of(200);
        error.title = format!("Requires {scope} permission to access this object");
        Err(error)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("app_id", &self.app_id)
            .field("kind", &self.kind)
            .field("scopes", &self.scopes)
            .field("wabas", &self.wabas)
            .finish_non_exhaustive()
    }
}

/// Who is calling.
#[derive(Debug, Clone)]
pub(crate) enum Credential {
    /// By an app token, `id|secret`.
    App(App),
    /// By a user's token.
    User(Box<User>),
}

/// A user's token, its app, and the numbers it reaches.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) token: Token,
    pub(crate) app: App,
    pub(crate) numbers: Vec<Number>,
}

impl User {
    /// Whether an account is within reach.
    pub(crate) fn reaches(&self, waba_id: &str) -> bool {
        self.token.wabas.iter().any(|waba| waba == waba_id)
            || self.numbers.iter().any(|number| number.waba_id == waba_id)
    }
}

impl Credential {
    pub(crate) fn app(&self) -> &App {
        match self {
            Self::App(app) => app,
            Self::User(user) => &user.app,
        }
    }
}

impl State {
    /// What a token stands for, dead ones included.
    pub(crate) fn credential(&self, value: &str) -> Result<Credential, GraphError> {
        if let Some((id, secret)) = value.split_once('|') {
            let app = self.management.apps.get(id).ok_or_else(|| GraphError::of(101))?;
            if app.secret != secret {
                let mut error = GraphError::of(190);
                "Invalid OAuth access token signature.".clone_into(&mut error.title);
                return Err(error);
            }
            return Ok(Credential::App(app.clone()));
        }
        let booked = self.management.tokens.get(value);
        let reached = |number: &&Number| {
            let by_account = booked.is_some_and(|token| token.wabas.contains(&number.waba_id));
            number.access_token == value || by_account
        };
        let numbers: Vec<Number> = self.numbers.iter().filter(reached).cloned().collect();
        let mut token = match booked {
            Some(token) => token.clone(),
            None if numbers.is_empty() => return Err(GraphError::of(190)),
            None => Token::new(value, &[]),
        };
        if token.app_id.is_empty() {
            token.app_id = numbers
                .first()
                .map(|number| number.app_id.clone())
                .or_else(|| self.management.apps.keys().next().cloned())
                .unwrap_or_default();
        }
        let app = self.management.apps.get(&token.app_id).cloned();
        let app = app.unwrap_or_else(|| App::new(&token.app_id, "Simulated app", ""));
        Ok(Credential::User(Box::new(User { token, app, numbers })))
    }
}

/// The answer of `debug_token` about a token of the caller's own app, or about nothing Meta knows.
pub(crate) fn debug_answer(found: Option<&Credential>, now: i64) -> Value {
    let (token, app, numbers) = match found {
        None => {
            let error = json!({ "code": 190, "message": "Invalid OAuth access token." });
            return json!({ "data": { "error": error, "is_valid": false, "scopes": [] } });
        }
        Some(Credential::App(app)) => {
            return json!({ "data": {
                "app_id": app.id, "type": "APP", "application": app.name, "is_valid": true, "scopes": [],
            }});
        }
        Some(Credential::User(user)) => (&user.token, &user.app, &user.numbers),
    };
    let mut data = Map::new();
    let mut put = |key: &str, value: Value| data.insert(key.to_owned(), value);
    put("app_id", Value::from(app.id.clone()));
    put("type", Value::from(token.kind.clone()));
    put("application", Value::from(app.name.clone()));
    put(
        "data_access_expires_at",
        Value::from(token.data_access_expires_at),
    );
    let death = token.death(now);
    if let Some(death) = &death {
        let error = json!({ "code": death.code, "message": death.title, "subcode": death.subcode });
        put("error", error);
    }
    put("expires_at", Value::from(token.expires_at));
    put("is_valid", Value::from(death.is_none()));
    put("issued_at", Value::from(token.issued_at));
    put("scopes", Value::from(token.scopes.clone()));
    put("user_id", Value::from(token.user_id.clone()));
    let mut targets = token.wabas.clone();
    for number in numbers {
        if !targets.contains(&number.waba_id) {
            targets.push(number.waba_id.clone());
        }
    }
    let granular: Vec<Value> = token
        .scopes
        .iter()
        .map(|scope| {
            let about_accounts = matches!(scope.as_str(), MESSAGING | MANAGEMENT);
            if about_accounts && token.targets_told {
                json!({ "scope": scope, "target_ids": targets })
            } else {
                json!({ "scope": scope })
            }
        })
        .collect();
    put("granular_scopes", Value::from(granular));
    json!({ "data": data })
}
