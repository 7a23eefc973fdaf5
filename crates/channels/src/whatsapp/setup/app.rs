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
/// A field no version lacks.
const KNOWN_TO_ALL: &str = "messages";
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
        let mut wanted = vec![KNOWN_TO_ALL.to_owned()];
        let mut add = |field: String| {
            if !wanted.contains(&field) {
                wanted.push(field);
            }
        };
        for field in fields {
            add((*field).to_owned());
        }
        known
            .into_iter()
            .filter(AppSubscription::is_whatsapp)
            .flat_map(|known| known.fields)
            .for_each(add);
        let callback = Callback {
            app,
            url,
            verify_token,
        };
        let refusal = match self.try_callback(&callback, &wanted).await {
            Ok(()) => return Ok(CallbackSet::of(wanted, Vec::new())),
            Err(failure) if is_unknown_field(&failure) => failure,
            Err(failure) => return Err(failure),
        };
        // The one field everybody knows. When it is refused as well, it is not the fields.
        self.try_callback(&callback, &[KNOWN_TO_ALL.to_owned()])
            .await
            .map_err(|failure| {
                if is_unknown_field(&failure) {
                    refusal.clone()
                } else {
                    failure
                }
            })?;
        let (good, left_out) = self.known_fields(&callback, wanted, refusal).await?;
        // The last word has to be the whole list: it may replace the one before (section 7.3).
        self.try_callback(&callback, &good).await?;
        Ok(CallbackSet::of(good, left_out))
    }

    /// Parts fields into those Meta takes and those it does not, by their names in its refusal or by halving.
    async fn known_fields(
        &self,
        callback: &Callback<'_>,
        wanted: Vec<String>,
        refusal: CallFailure,
    ) -> Result<(Vec<String>, Vec<String>), CallFailure> {
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        let mut tries = MOST_TRIES;
        let mut open = VecDeque::from([(wanted, refusal)]);
        while let Some((fields, refusal)) = open.pop_front() {
            let parts = parted(fields, &refusal);
            if let [part] = parts.as_slice() {
                // A field that is refused by itself is one of those.
                bad.extend_from_slice(part);
                continue;
            }
            for part in parts {
                tries = tries.checked_sub(1).ok_or_else(|| refusal.clone())?;
                match self.try_callback(callback, &part).await {
                    Ok(()) => good.extend(part),
                    Err(failure) if is_unknown_field(&failure) => open.push_back((part, failure)),
                    Err(failure) => return Err(failure),
                }
            }
        }
        Ok((good, bad))
    }

    async fn try_callback(&self, callback: &Callback<'_>, fields: &[String]) -> Result<(), CallFailure> {
        let account = callback.app.account();
        let mut address = callback.app.subscriptions(&account)?;
        address
            .query_pairs_mut()
            .append_pair("object", OBJECT)
            .append_pair("callback_url", callback.url)
            .append_pair("verify_token", callback.verify_token.expose())
            .append_pair("fields", &fields.join(","));
        let request = self.client.request(Method::POST, address);
        let care = Care {
            hidden: &[callback.verify_token],
            ..Care::default()
        };
        self.order_with(&account, request, care).await
    }
}

/// What is asked for again and again until the fields are right.
struct Callback<'a> {
    app: &'a App,
    url: &'a str,
    verify_token: &'a Secret,
}

impl CallbackSet {
    const fn of(fields: Vec<String>, left_out: Vec<String>) -> Self {
        Self { fields, left_out }
    }
}

/// Parts fields in two: those a refusal names and the others, or else in the middle. A refusal may name the fields it
/// does not take or those it would, so each part is tried for itself.
fn parted(mut fields: Vec<String>, refusal: &CallFailure) -> Vec<Vec<String>> {
    if fields.len() < 2 {
        return vec![fields];
    }
    let said = refusal.detail.as_deref().unwrap_or_default();
    let is_word = |sign: char| sign.is_alphanumeric() || sign == '_';
    let words: Vec<_> = said.split(|sign| !is_word(sign)).collect();
    let is_named = |field: &String| words.contains(&field.as_str());
    let named = fields.iter().filter(|field| is_named(field)).count();
    if named > 0 && named < fields.len() {
        let (named, others) = fields.into_iter().partition(is_named);
        return vec![named, others];
    }
    let second = fields.split_off(fields.len() / 2);
    vec![fields, second]
}
