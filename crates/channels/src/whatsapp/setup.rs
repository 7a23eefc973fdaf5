//! Setting a number up and looking after it at Meta: what a token may do, which accounts and numbers there are, how
//! they are, and where their webhooks go (whatsapp-cloud-api, sections 1.5, 7 and 10).

mod account;
mod app;
mod number;
mod prove;
mod subscriptions;
mod token;

pub use account::{BusinessAccount, Owner};
pub use app::{App, AppSubscription, CallbackSet};
pub use number::{Health, HealthEntity, HealthTrouble, NumberState, WebhookLevels};
pub use prove::{Credential, CredentialTrouble, Proved, Source};
pub use subscriptions::{LONGEST_CALLBACK, SubscribedApp};
pub use token::{Expiry, Lifetime, TokenFacts};

use super::call::CallFailure;
use serde_json::Value;

/// The fields of a subscription that Deskbell reads (section 4).
pub const FIELDS: [&str; 20] = [
    "messages",
    "user_id_update",
    "user_preferences",
    "account_update",
    "account_alerts",
    "account_review_update",
    "business_capability_update",
    "phone_number_quality_update",
    "phone_number_name_update",
    "security",
    "message_template_status_update",
    "message_template_quality_update",
    "message_template_components_update",
    "template_category_update",
    "messaging_handovers",
    "standby",
    "smb_message_echoes",
    "smb_app_state_sync",
    "history",
    "calls",
];

/// Rows on a page of Meta's lists.
const PAGE: &str = "100";
/// Pages that are read; no business has more.
const MOST_PAGES: usize = 20;

/// Returns the rows of a list.
fn rows(json: &Value) -> Result<&Vec<Value>, CallFailure> {
    json.get("data")
        .and_then(Value::as_array)
        .ok_or_else(|| CallFailure::odd_answer("it holds no list"))
}

/// Returns whether Meta refused a request because of a field it does not know. 100/33 is an unknown object.
fn is_unknown_field(failure: &CallFailure) -> bool {
    failure.code == Some(100) && failure.subcode != Some(33)
}
