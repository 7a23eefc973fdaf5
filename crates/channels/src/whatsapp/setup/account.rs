//! The business account a number belongs to (section 7.1).

use super::is_unknown_field;
use super::number::Health;
use crate::whatsapp::call::CallFailure;
use crate::whatsapp::graph::{Account, Graph};
use crate::whatsapp::lenient;
use serde_json::Value;

const LONG_LIST: &str = "id,name,timezone_id,currency,country,account_review_status,business_verification_status,owner_business_info,\
    health_status";
/// What every version knows.
const SHORT_LIST: &str = "id,name,timezone_id,currency";

/// What Meta says about a business account, in its own words. What it did not say is absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BusinessAccount {
    /// Meta's id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// In which currency it pays, such as `EUR`.
    pub currency: Option<String>,
    /// Its country, such as `PT`.
    pub country: Option<String>,
    /// Meta's number of its time zone.
    pub timezone_id: Option<String>,
    /// `APPROVED`, `PENDING`, `REJECTED` …: Meta's review of the account.
    pub review: Option<String>,
    /// `verified`, `not_verified` …: whether Meta has verified the business.
    pub verification: Option<String>,
    /// The business it belongs to.
    pub owner: Option<Owner>,
    /// Whether it can send.
    pub health: Option<Health>,
}

/// The business an account belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Owner {
    /// Meta's id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
}

impl BusinessAccount {
    fn read(json: &Value, asked: &str) -> Self {
        let word = |pointer: &str| lenient::id(json.pointer(pointer));
        let owner = Owner {
            id: word("/owner_business_info/id"),
            name: word("/owner_business_info/name"),
        };
        Self {
            id: word("/id").unwrap_or_else(|| asked.to_owned()),
            name: word("/name"),
            currency: word("/currency"),
            country: word("/country"),
            timezone_id: word("/timezone_id"),
            review: word("/account_review_status"),
            verification: word("/business_verification_status"),
            owner: (owner != Owner::default()).then_some(owner),
            health: json.get("health_status").and_then(Health::read),
        }
    }
}

impl Graph {
    /// Asks about a business account, which proves that the token may see it.
    pub async fn business_account(
        &self,
        account: &Account,
        waba: &str,
    ) -> Result<BusinessAccount, CallFailure> {
        let account = account.at_business(waba);
        let json = match self.business_fields(&account, LONG_LIST).await {
            Err(failure) if is_unknown_field(&failure) => self.business_fields(&account, SHORT_LIST).await?,
            result => result?,
        };
        Ok(BusinessAccount::read(&json, waba.trim()))
    }

    async fn business_fields(&self, account: &Account, fields: &str) -> Result<Value, CallFailure> {
        let mut url = account.business_url(&[])?;
        url.query_pairs_mut().append_pair("fields", fields);
        self.call(account, self.client.get(url)).await
    }
}

impl Account {
    /// Returns the same access for another business account.
    pub(super) fn at_business(&self, waba: &str) -> Self {
        Self {
            business_account_id: Some(waba.trim().to_owned()),
            ..self.clone()
        }
    }
}
