//! Messages of every kind, templates, and people who do not want promotions.

use std::time::Duration;

use anyhow::Context as _;

use super::{Inner, Meta};
use crate::clock;
use crate::street::{self, Receipt};
use crate::templates::Template;
use crate::webhook::account::{TemplateRef, template_status};
use crate::webhook::{self, Change, Customer, Inbound, Number};

impl Meta {
    /// A customer sends something now. Returns the message id and the receipt of the delivery.
    ///
    /// # Errors
    /// When the number is unknown.
    pub fn customer_sends(
        &self,
        phone_number_id: &str,
        customer: &Customer,
        what: &Inbound,
    ) -> anyhow::Result<(String, Receipt)> {
        self.customer_sent(phone_number_id, customer, clock::unix_seconds(), what)
    }

    /// Something sent at `at` (Unix seconds) is delivered now.
    ///
    /// # Errors
    /// When the number is unknown.
    pub fn customer_sent(
        &self,
        phone_number_id: &str,
        customer: &Customer,
        at: i64,
        what: &Inbound,
    ) -> anyhow::Result<(String, Receipt)> {
        let number = self.inner.number(phone_number_id).context("no such number")?;
        let wamid = webhook::new_wamid();
        let change = what.change(&number, customer, &wamid, at);
        Ok((wamid, self.deliver(phone_number_id, vec![change])))
    }

    /// Posts one change made from the number as Meta knows it, for every field of section 4.
    ///
    /// # Errors
    /// When the number is unknown.
    pub fn notify(
        &self,
        phone_number_id: &str,
        change: impl FnOnce(&Number) -> Change,
    ) -> anyhow::Result<Receipt> {
        let number = self.inner.number(phone_number_id).context("no such number")?;
        Ok(self.deliver(phone_number_id, vec![change(&number)]))
    }

    /// Puts a template into an account without review; returns its id. As soon as an account has one, sends are judged
    /// by its templates.
    pub fn add_template(&self, waba_id: &str, template: Template) -> String {
        self.inner.state().templates.put(waba_id, template)
    }

    /// The templates of an account.
    pub fn templates(&self, waba_id: &str) -> Vec<Template> {
        self.inner.state().templates.of(waba_id).to_vec()
    }

    /// How long the review of a created template takes. A name with `reject` in it is rejected then.
    pub fn set_review_time(&self, time: Duration) {
        self.inner.state().review_time = time;
    }

    /// Changes the state of a template and tells the account's subscriber.
    ///
    /// # Errors
    /// When there is no such template, or no number of the account.
    pub fn set_template_status(
        &self,
        waba_id: &str,
        id: &str,
        status: &str,
        reason: Option<&str>,
    ) -> anyhow::Result<Receipt> {
        self.inner
            .decide(waba_id, id, status, reason)
            .context("no such template, or nobody to tell")
    }

    /// Whether a person is blocked by a number: digits of the phone number or the BSUID.
    pub fn is_blocked(&self, phone_number_id: &str, address: &str) -> bool {
        self.inner.state().settings.is_blocked(phone_number_id, address)
    }
}

impl Inner {
    /// Sets the state of a template and posts the webhook to the first subscribed number of the account.
    pub(crate) fn decide(
        self: &std::sync::Arc<Self>,
        waba_id: &str,
        id: &str,
        status: &str,
        reason: Option<&str>,
    ) -> Option<Receipt> {
        let (number, template) = {
            let mut state = self.state();
            let template = state.templates.change(waba_id, id, |template| {
                status.clone_into(&mut template.status);
                reason.unwrap_or("NONE").clone_into(&mut template.rejected_reason);
            })?;
            let of_account = |number: &&Number| number.waba_id == waba_id;
            let subscribed = |number: &&Number| state.subscriptions.contains_key(&number.phone_number_id);
            let number = state
                .numbers
                .iter()
                .filter(of_account)
                .find(subscribed)
                .or_else(|| state.numbers.iter().find(of_account))?;
            (number.clone(), template)
        };
        let of = TemplateRef {
            id: template.id.parse().unwrap_or_default(),
            name: &template.name,
            language: &template.language,
        };
        let change = template_status(&number, of, status, reason);
        Some(street::deliver(self, &number.phone_number_id, vec![change]))
    }
}
