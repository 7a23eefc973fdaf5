//! What commands take that concern a person or an account.

use serde::Deserialize;
use ts_rs::TS;

/// A command about one person.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ContactArgs {
    /// Whom.
    pub contact_id: String,
}

/// Arguments of `rename_contact`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct RenameContact {
    /// Whom.
    pub contact_id: String,
    /// What to call them; empty goes back to what they call themselves.
    pub name: String,
}

/// Arguments of `undo_merge`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct UndoMerge {
    /// Which merge.
    pub merge_id: String,
}

/// Arguments of `retry_attachment`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct AttachmentArgs {
    /// Which file.
    pub attachment_id: String,
}

/// Arguments of `list_notices`.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct ListNotices {
    /// Only those of this channel.
    #[ts(optional)]
    pub channel_id: Option<String>,
}

/// Arguments of `create_template`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct CreateTemplate {
    /// For which channel's account.
    pub channel_id: String,
    /// Small letters, digits and `_`.
    pub name: String,
    /// Its language code.
    pub language: String,
    /// What it is for.
    #[ts(type = "\"MARKETING\" | \"UTILITY\" | \"AUTHENTICATION\"")]
    pub category: String,
    /// A line above.
    #[ts(optional)]
    pub header: Option<String>,
    /// The words, with `{{1}}`, `{{2}}` ... where something is filled in.
    pub body: String,
    /// An example for each of them, in their order.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub examples: Vec<String>,
    /// A line below.
    #[ts(optional)]
    pub footer: Option<String>,
    /// Buttons below.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<TemplateButton>>")]
    pub buttons: Vec<TemplateButton>,
}

/// A button of a template.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TemplateButton {
    /// Answers with its own words.
    QuickReply {
        /// What stands on it.
        text: String,
    },
    /// Opens a web page.
    Url {
        /// What stands on it.
        text: String,
        /// Where it leads.
        url: String,
    },
    /// Calls a number.
    PhoneNumber {
        /// What stands on it.
        text: String,
        /// The number, with `+`.
        phone_number: String,
    },
}

/// Arguments of `delete_template`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct DeleteTemplate {
    /// Of which channel's account.
    pub channel_id: String,
    /// Its name.
    pub name: String,
    /// Only this translation; all of them when left out.
    #[ts(optional)]
    pub language: Option<String>,
}

/// Arguments of `save_business_profile`. What is left out stays.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SaveBusinessProfile {
    /// Of which channel.
    pub channel_id: String,
    /// One line about the business.
    #[ts(optional)]
    pub about: Option<String>,
    /// Where it is.
    #[ts(optional)]
    pub address: Option<String>,
    /// What it does.
    #[ts(optional)]
    pub description: Option<String>,
    /// Where to write to.
    #[ts(optional)]
    pub email: Option<String>,
    /// Two at most.
    #[ts(optional)]
    pub websites: Option<Vec<String>>,
    /// Its trade, in the provider's word.
    #[ts(optional)]
    pub vertical: Option<String>,
}

/// Arguments of `costs`.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct CostsArgs {
    /// Only this channel.
    #[ts(optional)]
    pub channel_id: Option<String>,
    /// A month such as `2026-11`; the current one when left out.
    #[ts(optional)]
    pub month: Option<String>,
}

/// Arguments of `save_rates`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SaveRates {
    /// Such as `EUR`.
    pub currency: String,
    /// What a message of each category costs.
    pub rates: Vec<Rate>,
    /// How many free-form answers are free a month and number.
    pub free_service_messages: u32,
}

/// What one message of a category costs.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct Rate {
    /// The category.
    pub category: String,
    /// A decimal number in the currency.
    pub price: String,
}

/// Arguments of `save_settings`. What is left out stays.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct SaveSettings {
    /// When customers see that their message was read.
    #[ts(optional, type = "ReadMarks")]
    pub read_marks: Option<String>,
    /// Whether customers see that somebody is typing.
    #[ts(optional)]
    pub typing: Option<bool>,
}
