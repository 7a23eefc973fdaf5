//! What a test says about apps, accounts, tokens and numbers, and how Meta reaches public names
//! (`whatsapp-cloud-api.md` 1.5, 7, 9.2, 10).

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::PoisonError;
use std::time::Duration;

use anyhow::Context as _;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{Inner, Meta, way_out};
use crate::calls::RecordedCall;
use crate::graph::GraphError;
use crate::management::{Account, App, Health, Standing, Tries, Usage, Verification};
use crate::management::{SubscribedApp, Token};

/// Sends every name to one address, with its port unless the URL has one. Names of this machine stay what they are.
#[derive(Debug)]
struct Everywhere(SocketAddr);

impl Resolve for Everywhere {
    fn resolve(&self, name: Name) -> Resolving {
        let local = name.as_str() == "localhost" || name.as_str().ends_with(".localhost");
        let at = if local {
            SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
        } else {
            self.0
        };
        Box::pin(async move { Ok(Box::new(std::iter::once(at)) as Addrs) })
    }
}

impl Meta {
    /// From now on webhooks and verification visits to public names are connected to this address, under the real name
    /// and with this certificate authority (PEM) trusted, and no other. Addresses on loopback stay what they are.
    ///
    /// # Errors
    /// When the PEM holds no certificate.
    pub fn reach_through(&self, addr: SocketAddr, ca_pem: &str) -> anyhow::Result<()> {
        let roots = reqwest::Certificate::from_pem_bundle(ca_pem.as_bytes()).context("no certificate")?;
        anyhow::ensure!(!roots.is_empty(), "no certificate");
        let client = way_out()
            .tls_certs_only(roots)
            .dns_resolver(Everywhere(addr))
            .build()?;
        *self.inner.client.lock().unwrap_or_else(PoisonError::into_inner) = client;
        Ok(())
    }

    /// Makes an app known, or replaces what was known under its id: its name, its secret (which changes for all of its
    /// numbers).
    pub fn add_app(&self, app: App) {
        let mut state = self.inner.state();
        for number in state.numbers.iter_mut().filter(|number| number.app_id == app.id) {
            number.app_secret.clone_from(&app.secret);
        }
        state.management.apps.insert(app.id.clone(), app);
    }

    /// The app id of a number.
    pub fn app_id(&self, phone_number_id: &str) -> Option<String> {
        self.inner.number(phone_number_id).map(|number| number.app_id)
    }

    /// The app token of a number's app: `id|secret`.
    pub fn app_token(&self, phone_number_id: &str) -> Option<String> {
        let number = self.inner.number(phone_number_id)?;
        Some(format!("{}|{}", number.app_id, number.app_secret))
    }

    /// Makes a token known, or replaces what was known of it. The token that a number names as its own is known without
    /// this, with both permissions and without end, until it is added.
    pub fn add_token(&self, token: Token) {
        self.inner
            .state()
            .management
            .tokens
            .insert(token.value.clone(), token);
    }

    /// Makes an account known, or replaces what was known of it. Numbers bring a plain one along.
    pub fn set_account(&self, account: Account) {
        self.inner
            .state()
            .management
            .accounts
            .insert(account.id.clone(), account);
    }

    /// Changes an account: its name, its review, its health, …
    pub fn change_account(&self, waba_id: &str, change: impl FnOnce(&mut Account)) {
        let mut state = self.inner.state();
        let mut account = state.management.account(waba_id);
        change(&mut account);
        state.management.accounts.insert(waba_id.to_owned(), account);
    }

    /// Replaces how a number stands.
    pub fn set_standing(&self, phone_number_id: &str, standing: Standing) {
        self.change_standing(phone_number_id, |known| *known = standing);
    }

    /// Changes how a number stands: quality, limits, name, PIN, …
    pub fn change_standing(&self, phone_number_id: &str, change: impl FnOnce(&mut Standing)) {
        let mut state = self.inner.state();
        let standings = &mut state.management.standings;
        change(standings.entry(phone_number_id.to_owned()).or_default());
    }

    /// How a number stands.
    pub fn standing(&self, phone_number_id: &str) -> Standing {
        self.inner.state().management.standing(phone_number_id)
    }

    /// Sets `health_status` of a number.
    pub fn set_health(&self, phone_number_id: &str, health: Health) {
        self.change_standing(phone_number_id, |standing| standing.health = health);
    }

    /// Forgets how often somebody tried to register a number, as after three days.
    pub fn forget_registrations(&self, phone_number_id: &str) {
        let mut state = self.inner.state();
        state
            .management
            .tries
            .insert(phone_number_id.to_owned(), Tries::default());
    }

    /// Another app gets an account's webhooks, at an override of its own if given. It is only listed, nothing is posted
    /// to it while the app of the number takes the webhooks.
    pub fn add_other_app(&self, waba_id: &str, app: App, override_url: Option<&str>) {
        let row = SubscribedApp {
            app_id: app.id.clone(),
            url: override_url.map(str::to_owned),
        };
        self.add_app(app);
        let mut state = self.inner.state();
        let rows = state.management.subscribed.entry(waba_id.to_owned()).or_default();
        rows.retain(|known| known.app_id != row.app_id);
        rows.push(row);
    }

    /// The addresses that are set for a number, as Meta would show them to the number's app: number, account, app.
    pub fn callbacks(&self, phone_number_id: &str) -> [Option<String>; 3] {
        let state = self.inner.state();
        let own = state
            .subscriptions
            .get(phone_number_id)
            .map(|own| own.url.clone());
        let number = state
            .numbers
            .iter()
            .find(|number| number.phone_number_id == phone_number_id);
        let row = number.and_then(|number| {
            let rows = state.management.subscribed.get(&number.waba_id)?;
            rows.iter().find(|row| row.app_id == number.app_id)?.url.clone()
        });
        let callback = number.and_then(|number| state.management.callbacks.get(&number.app_id));
        [own, row, callback.map(|callback| callback.url.clone())]
    }

    /// Whether a number's app is subscribed to its account.
    pub fn is_subscribed(&self, phone_number_id: &str) -> bool {
        let number = self.inner.number(phone_number_id);
        number.is_some_and(|number| self.inner.state().is_subscribed(&number.waba_id, &number.app_id))
    }

    /// The requests to one endpoint so far: method, and the path without version or its last parts, as in
    /// [`Rule::on`](crate::Rule::on).
    pub fn calls_to(&self, method: &str, path: &str) -> Vec<RecordedCall> {
        let end = format!("/{}", path.trim_start_matches('/'));
        let mut calls = self.calls();
        calls.retain(|call| call.method.eq_ignore_ascii_case(method) && call.path.ends_with(&end));
        calls
    }

    /// Every visit Meta paid to an address that a request named, in order.
    pub fn verifications(&self) -> Vec<Verification> {
        self.inner.state().management.verifications.clone()
    }

    /// How long Meta waits for the answer to such a visit. At first 10 seconds.
    pub fn set_verification_patience(&self, patience: Duration) {
        self.inner.state().management.patience = patience;
    }

    /// From now on answers carry `x-app-usage` and `x-business-use-case-usage` with these figures: percent used, and
    /// minutes until calls are allowed again. Nothing is refused because of them; that takes a fault.
    pub fn set_usage(&self, percent: u32, minutes: u32) {
        self.inner.state().management.usage = Some(Usage { percent, minutes });
    }

    /// Whatever version is asked for, this one answers (`facebook-api-version`), as for versions that are gone. None: the
    /// asked one.
    pub fn serve_version(&self, version: Option<&str>) {
        self.inner.state().management.version = version.map(str::to_owned);
    }

    /// How many seconds Meta's clock is ahead, as `Date` shows it.
    pub fn set_clock_ahead(&self, seconds: i64) {
        self.inner.state().management.clock_ahead = seconds;
    }
}

impl Inner {
    /// Whether a number may write to this address now.
    pub(crate) fn check_sender(&self, phone_number_id: &str, to: &str) -> Result<(), GraphError> {
        self.state().management.check_sender(phone_number_id, to)
    }
}
