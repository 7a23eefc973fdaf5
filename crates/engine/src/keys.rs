//! Replacing the keys of a channel without losing anything, and disconnecting a channel.

mod forget;
mod replace;

pub use replace::NewKeys;

use crate::account::{ACCESS_TOKEN, APP_SECRET, FORMER_APP_SECRET, VERIFY_TOKEN};
use domain::ChannelId;
use vault::SecretName;

/// Everything the vault holds of a channel.
pub(crate) const OF_CHANNEL: [&str; 4] = [ACCESS_TOKEN, APP_SECRET, FORMER_APP_SECRET, VERIFY_TOKEN];

/// Returns the name of a channel's secret.
pub(crate) fn in_vault(channel: &ChannelId, field: &'static str) -> SecretName {
    SecretName::new(channel.as_str(), field)
}
