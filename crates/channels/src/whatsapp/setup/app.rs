//! The Meta app: its own callback, which account and template news always go to (sections 1.5 and 7.3).

use super::{is_unknown_field, rows};
use crate::whatsapp::call::{CallFailure, Care};
use crate::whatsapp::graph::{Account, Graph};
use crate::whatsapp::lenient;
use reqwest::Method;
use serde_json::Value;
use std::collections::VecDeque;
use url::Url;
use vault::Secret;

/// The object all webhooks of WhatsApp are about.
const OBJECT: &str = "whatsapp_business_account";
/// Tries to find the fields Meta does not know; each makes Meta call us once.
const MOST_TRIES: usize = 40;

/// The Meta app. `APP_ID|APP_SECRET` is its token.
#[derive(Debug, Clone)]
pub struct App {
    /// Where the Graph API is.
    pub base_url: String,
    /// Its version.
    pub version: String,
    /// Meta's id of the app.
    pub app_id: String,
    /// Its secret.
    pub app_secret: Secret,
}

impl App {
    /// Returns the app as somebody who makes calls.
    pub(super) fn account(&self) -> Account {
        let id = self.app_id.trim();
        let secret = self.app_secret.expose().trim();
        Account {
            base_url: self.base_url.clone(),
            version: self.version.clone(),
            number_id: String::new(),
            business_account_id: None,
            access_token: Secret::new(format!("{id}|{secret}")),
            app_secret: self.app_secret.clone(),
        }
    }

    /// Returns the address of its subscriptions. The token stands in it as well, since the contract writes it so
    /// (section 7.3).
    fn subscriptions(&self, account: &Account) -> Result<Url, CallFailure> {
        let mut url = account
            .node(&[self.app_id.trim(), "subscriptions"])
            .ok_or_else(CallFailure::bad_address)?;
        url.query_pairs_mut()
            .append_pair("access_token", account.access_token.expose());
        Ok(url)
    }
}

/// What an app is told about, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSubscription {
    /// What it is about, such as `whatsapp_business_account`.
    pub object: String,
    /// Where it is told.
    pub callback_url: Option<String>,
    /// Whether it is; `None` when Meta does not say.
    pub active: Option<bool>,
    /// Which news.
    pub fields: Vec<String>,
}

impl AppSubscription {
    fn read(row: &Value) -> Option<Self> {
        let fields = row.get("fields").and_then(Value::as_array);
        Some(Self {
            object: lenient::id(row.get("object"))?,
            callback_url: lenient::id(row.get("callback_url")),
            active: lenient::verdict(row.get("active")),
            fields: fields
                .into_iter()
                .flatten()
                .filter_map(|field| lenient::id(field.get("name")).or_else(|| lenient::id(Some(field))))
                .collect(),
        })
    }

    /// Returns whether it is about WhatsApp.
    pub fn is_whatsapp(&self) -> bool {
        self.object == OBJECT
    }
}

/// What became of the app's callback.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackSet {
    /// The news Meta will send.
    pub fields: Vec<String>,
    /// The news it does not know.
    pub left_out: Vec<String>,
}

impl Graph {
    /// Returns what the app is told about, and where.
    pub async fn app_subscriptions(&self, app: &App) -> Result<Vec<AppSubscription>, CallFailure> {
        let account = app.account();
        let url = app.subscriptions(&account)?;
        let json = self.call(&account, self.client.get(url)).await?;
        Ok(rows(&json)?.iter().filter_map(AppSubscription::read).collect())
    }

    /// Lets the news of all WhatsApp accounts of the app come to an address, which Meta calls before it answers. What
    /// the app was told about before it goes on being told about; a field Meta does not know is left out.
    pub async fn set_app_callback(
        &self,
        app: &App,
        url: &str,
        verify_token: &Secret,
        fields: &[&str],
    ) -> Result<CallbackSet, CallFailure> {
        super::subscriptions::check_length(url)?;
        let known = self.app_subscriptions(app).await?;
        let mut wanted: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
        for field in known
            .into_iter()
            .filter(AppSubscription::is_whatsapp)
            .flat_map(|known| known.fields)
        {
            if !wanted.contains(&field) {
                wanted.push(field);
            }
        }
        let mut tries = MOST_TRIES;
        let refusal = match self.try_app_callback(app, url, verify_token, &wanted).await {
            Ok(()) => return Ok(CallbackSet::of(wanted, Vec::new())),
            Err(failure) if is_unknown_field(&failure) => failure,
            Err(failure) => return Err(failure),
        };
        let (good, left_out) = self
            .known_fields(app, url, verify_token, wanted, &refusal, &mut tries)
            .await?;
        if good.is_empty() {
            // Not one field is taken: it is not the fields.
            return Err(refusal);
        }
        // The last word has to be the whole list: it may replace the one before (section 7.3).
        self.try_app_callback(app, url, verify_token, &good).await?;
        Ok(CallbackSet::of(good, left_out))
    }

    /// Finds the fields Meta does not know, by their names in its refusal or by halving.
    async fn known_fields(
        &self,
        app: &App,
        url: &str,
        verify_token: &Secret,
        wanted: Vec<String>,
        refusal: &CallFailure,
        tries: &mut usize,
    ) -> Result<(Vec<String>, Vec<String>), CallFailure> {
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        let mut open = VecDeque::from([(wanted, refusal.clone())]);
        while let Some((fields, refusal)) = open.pop_front() {
            let (named, others) = split_by_name(fields, &refusal);
            bad.extend(named.iter().cloned());
            let parts = if named.is_empty() {
                halves(others)
            } else {
                vec![others]
            };
            // One field that is refused by itself is the culprit.
            if let [only] = parts.as_slice()
                && named.is_empty()
            {
                bad.extend(only.iter().cloned());
                continue;
            }
            for part in parts.into_iter().filter(|part| !part.is_empty()) {
                *tries = tries.checked_sub(1).ok_or_else(|| refusal.clone())?;
                match self.try_app_callback(app, url, verify_token, &part).await {
                    Ok(()) => good.extend(part),
                    Err(failure) if is_unknown_field(&failure) => open.push_back((part, failure)),
                    Err(failure) => return Err(failure),
                }
            }
        }
        Ok((good, bad))
    }

    async fn try_app_callback(
        &self,
        app: &App,
        url: &str,
        verify_token: &Secret,
        fields: &[String],
    ) -> Result<(), CallFailure> {
        let account = app.account();
        let mut address = app.subscriptions(&account)?;
        address
            .query_pairs_mut()
            .append_pair("object", OBJECT)
            .append_pair("callback_url", url)
            .append_pair("verify_token", verify_token.expose())
            .append_pair("fields", &fields.join(","));
        let request = self.client.request(Method::POST, address);
        let care = Care {
            hidden: &[verify_token],
            ..Care::default()
        };
        self.order_with(&account, request, care).await
    }
}

impl CallbackSet {
    const fn of(fields: Vec<String>, left_out: Vec<String>) -> Self {
        Self { fields, left_out }
    }
}

/// Parts fields into those a refusal names and the others. A refusal that names all of them repeats what it was asked.
fn split_by_name(fields: Vec<String>, refusal: &CallFailure) -> (Vec<String>, Vec<String>) {
    let said = refusal.detail.as_deref().unwrap_or_default();
    let is_word = |sign: char| sign.is_alphanumeric() || sign == '_';
    let words: Vec<_> = said.split(|sign| !is_word(sign)).collect();
    let (named, others): (Vec<_>, Vec<_>) = fields
        .into_iter()
        .partition(|field| words.contains(&field.as_str()));
    if others.is_empty() {
        (Vec::new(), named)
    } else {
        (named, others)
    }
}

fn halves(mut fields: Vec<String>) -> Vec<Vec<String>> {
    if fields.len() < 2 {
        return vec![fields];
    }
    let second = fields.split_off(fields.len() / 2);
    vec![fields, second]
}
