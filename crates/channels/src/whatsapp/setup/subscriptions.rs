//! Where Meta sends the webhooks of a number: subscriptions and overrides (sections 1.5 and 7.3).

use super::rows;
use crate::whatsapp::call::{CallFailure, Care};
use crate::whatsapp::errors::Remedy;
use crate::whatsapp::graph::{Account, Graph};
use crate::whatsapp::lenient;
use domain::SendClass;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use vault::Secret;

/// The longest address Meta takes for webhooks, in characters (section 1.5).
pub const LONGEST_CALLBACK: usize = 200;

const TOO_LONG: &str = "The public address is longer than the 200 characters WhatsApp takes, so no messages would come in. Use a \
     shorter address.";

/// An app that is told about the messages of a business account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubscribedApp {
    /// Meta's id of the app.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Meta's page about it.
    pub link: Option<String>,
    /// Where it is told instead of at its own address.
    pub override_url: Option<String>,
}

impl SubscribedApp {
    fn read(row: &Value) -> Option<Self> {
        let app = row.get("whatsapp_business_api_data").unwrap_or(row);
        let app = Self {
            id: lenient::id(app.get("id")),
            name: lenient::id(app.get("name")),
            link: lenient::id(app.get("link")),
            override_url: lenient::id(row.get("override_callback_uri")),
        };
        (app.id.is_some() || app.name.is_some()).then_some(app)
    }
}

/// Refuses an address Meta would refuse.
pub(super) fn check_length(url: &str) -> Result<(), CallFailure> {
    if url.encode_utf16().count() > LONGEST_CALLBACK {
        return Err(CallFailure::ours(SendClass::Never, TOO_LONG, None).with_remedy(Remedy::CheckTunnel));
    }
    Ok(())
}

impl Graph {
    /// Has the app told about the messages of the business account. Must come before any override; it takes an
    /// override of the account away.
    pub async fn subscribe(&self, account: &Account) -> Result<(), CallFailure> {
        let request = self.at_subscriptions(Method::POST, account)?;
        self.order(account, request).await
    }

    /// Returns the apps that are told about the messages of the business account, ours among them when all is well.
    pub async fn subscribed_apps(&self, account: &Account) -> Result<Vec<SubscribedApp>, CallFailure> {
        let request = self.at_subscriptions(Method::GET, account)?;
        let json = self.call(account, request).await?;
        Ok(rows(&json)?.iter().filter_map(SubscribedApp::read).collect())
    }

    /// Lets the webhooks of this number come to an address, which Meta calls before it answers.
    pub async fn override_number(
        &self,
        account: &Account,
        url: &str,
        verify_token: &Secret,
    ) -> Result<(), CallFailure> {
        let configuration = json!({"override_callback_uri": url, "verify_token": verify_token.expose()});
        let body = json!({ "webhook_configuration": configuration });
        let request = self.at_known_number(Method::POST, account, &[])?.json(&body);
        self.override_with(account, request, url, verify_token).await
    }

    /// Takes the address of this number away again, so that its webhooks go where those of the account go.
    pub async fn remove_number_override(&self, account: &Account) -> Result<(), CallFailure> {
        let body = json!({"webhook_configuration": {"override_callback_uri": ""}});
        let request = self.at_known_number(Method::POST, account, &[])?.json(&body);
        self.order(account, request).await
    }

    /// Lets the webhooks of all numbers of the business account come to an address.
    pub async fn override_account(
        &self,
        account: &Account,
        url: &str,
        verify_token: &Secret,
    ) -> Result<(), CallFailure> {
        let body = json!({"override_callback_uri": url, "verify_token": verify_token.expose()});
        let request = self.at_subscriptions(Method::POST, account)?.json(&body);
        self.override_with(account, request, url, verify_token).await
    }

    async fn override_with(
        &self,
        account: &Account,
        request: RequestBuilder,
        url: &str,
        verify_token: &Secret,
    ) -> Result<(), CallFailure> {
        check_length(url)?;
        let care = Care {
            hidden: &[verify_token],
            ..Care::default()
        };
        self.order_with(account, request, care).await
    }

    fn at_subscriptions(&self, method: Method, account: &Account) -> Result<RequestBuilder, CallFailure> {
        let url = account.business_url(&["subscribed_apps"])?;
        Ok(self.client.request(method, url))
    }
}
