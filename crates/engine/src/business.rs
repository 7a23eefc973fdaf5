//! The business as customers see it, and what its messages may have cost.

use crate::commands::CommandError;
use crate::engine::Engine;
use channels::whatsapp::{BusinessProfile, ProfileChanges, ProfileFailure};
use domain::{ChannelId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Charged;

const RATES: &str = "rates";
/// Free-form answers that are free a month and number (whatsapp-cloud-api, section 9.5, reported in October 2026).
const FREE_ANSWERS: u32 = 1_000;

/// What one message of each category costs, as the owner entered it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    /// Such as `EUR`.
    pub currency: String,
    /// A decimal number for each category.
    pub prices: BTreeMap<String, String>,
    /// Free-form answers that are free a month and number.
    pub free_answers: u32,
    /// The day they were entered, such as `2026-11-21`; empty when nobody entered any.
    pub as_of: String,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            currency: "EUR".to_owned(),
            prices: BTreeMap::new(),
            free_answers: FREE_ANSWERS,
            as_of: String::new(),
        }
    }
}

impl Engine {
    /// Asks the provider what customers see of the business, and under which name.
    pub async fn business_profile(
        &self,
        channel: ChannelId,
    ) -> Result<(BusinessProfile, Option<String>), CommandError> {
        let account = self.account_of(&channel).await?;
        let profile = self
            .graph()
            .business_profile(&account)
            .await
            .map_err(CommandError::Provider)?;
        // The name is worth showing, not worth failing for.
        let name = match self.graph().check(&account).await {
            Ok(state) => state.verified_name,
            Err(_) => None,
        };
        Ok((profile, name))
    }

    /// Changes what customers see of the business.
    pub async fn save_business_profile(
        &self,
        channel: ChannelId,
        changes: &ProfileChanges,
    ) -> Result<(), CommandError> {
        let account = self.account_of(&channel).await?;
        self.graph()
            .save_business_profile(&account, changes)
            .await
            .map_err(|failure| match failure {
                ProfileFailure::Broken(rules) => crate::commands::broken(rules),
                ProfileFailure::Call(failure) => CommandError::Provider(failure),
            })
    }

    /// Returns what was sent from `from` to before `until`, by number and category, and the rates to reckon with.
    pub async fn charges(
        &self,
        channel: Option<ChannelId>,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<(Vec<Charged>, Rates), CommandError> {
        let (charges, rates) = self
            .store()
            .read(move |reader| {
                Ok((
                    reader.charges(channel.as_ref(), from, until)?,
                    reader.setting(RATES)?,
                ))
            })
            .await?;
        let rates = rates.and_then(|text| serde_json::from_str(&text).ok());
        Ok((charges, rates.unwrap_or_default()))
    }

    /// Sets the rates costs are estimated with.
    pub async fn save_rates(&self, rates: &Rates) -> Result<(), CommandError> {
        let text = serde_json::to_string(rates).map_err(std::io::Error::from)?;
        Ok(self
            .store()
            .write(move |transaction| transaction.set_setting(RATES, &text))
            .await?)
    }
}
