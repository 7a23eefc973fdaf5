//! What a window is shown of a channel's account: templates, notices, profile, costs, settings.

use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

/// A field of a template that has to be filled in before it can be sent.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TemplateVariableView {
    /// Its key in `variables`, such as `1`, `customer`, `header`, `button.0`.
    pub key: String,
    /// Where it stands.
    #[ts(type = "\"header\" | \"body\" | \"button\" | \"offer\" | \"card\"")]
    pub place: String,
    /// What is wanted: text, or the `upload_id` of a file.
    #[ts(
        type = "\"text\" | \"image\" | \"video\" | \"document\" | \"location\" | \"coupon_code\" | \"url_suffix\" | \"flow_token\" | \"payload\""
    )]
    pub kind: String,
    /// What to call it in a form.
    pub label: String,
    /// The example that was given when it was approved.
    pub example: Option<String>,
    /// Whether the template can go without it.
    pub optional: bool,
}

/// A template as the provider knows it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TemplateView {
    /// Its name.
    pub name: String,
    /// Its language code.
    pub language: String,
    /// `MARKETING`, `UTILITY`, `AUTHENTICATION`.
    pub category: String,
    /// The category it will have soon.
    pub coming_category: Option<String>,
    /// `APPROVED`, `PENDING`, `REJECTED`, `PAUSED` ...; an open list.
    pub status: String,
    /// Whether it can be sent now.
    pub usable: bool,
    /// Why it cannot, and what to do.
    pub words: Option<String>,
    /// `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
    pub quality: Option<String>,
    /// Its parts as the provider wrote them (`HEADER`, `BODY`, `FOOTER`, `BUTTONS` ...), for the preview.
    #[ts(type = "TemplateComponent[]")]
    pub components: Value,
    /// What has to be filled in.
    pub variables: Vec<TemplateVariableView>,
}

/// All templates of a channel.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TemplateList {
    /// The templates, by name and language.
    pub templates: Vec<TemplateView>,
    /// When they were last fetched; `null` when never.
    pub synced_at: Option<String>,
    /// Why they could not be fetched, and what to do.
    pub trouble: Option<String>,
}

/// News of a channel that concerns no single customer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct NoticeView {
    /// Its id.
    pub id: String,
    /// The channel.
    pub channel_id: String,
    /// The provider's name for it.
    pub field: String,
    /// How serious it is.
    #[ts(type = "Level")]
    pub level: crate::views::Level,
    /// What happened, what it means and what to do, in plain words.
    pub sentence: String,
    /// When.
    pub at: String,
    /// Whether somebody has seen it.
    pub seen: bool,
    /// As it came from the provider.
    #[ts(type = "unknown")]
    pub raw: Value,
}

/// News of the channels, the latest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct NoticeList {
    /// The notices.
    pub notices: Vec<NoticeView>,
    /// How many nobody has seen.
    pub unseen: u32,
}

/// What customers see of the business.
#[derive(Debug, Clone, Default, Serialize, TS)]
pub struct ProfileView {
    /// One line about it, 139 characters at most.
    pub about: String,
    /// Where it is, 256 at most.
    pub address: String,
    /// What it does, 256 at most.
    pub description: String,
    /// Where to write to, 128 at most.
    pub email: String,
    /// Two at most.
    pub websites: Vec<String>,
    /// Its trade, in the provider's word.
    pub vertical: String,
    /// Where its picture is; shown as a link only.
    pub picture_url: Option<String>,
    /// The name customers see.
    pub verified_name: Option<String>,
}

/// Messages of one category in a month.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CostLine {
    /// `service`, `utility`, `marketing`, `authentication` ...; an open list.
    pub category: String,
    /// Messages in all.
    pub messages: u32,
    /// Those the provider charges for, as far as it said so.
    pub charged: u32,
    /// What they may have cost, as a decimal number in the currency; `null` when no rate is known.
    pub estimate: Option<String>,
}

/// What a month may have cost. Always an estimate: the provider's bill counts.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CostsView {
    /// The month, such as `2026-11`.
    pub month: String,
    /// By category.
    pub lines: Vec<CostLine>,
    /// Free-form answers this month.
    pub service_messages: u32,
    /// How many of them are free a month and number.
    pub free_service_messages: u32,
    /// The sum, as a decimal number.
    pub estimate: String,
    /// The currency of the rates, such as `EUR`.
    pub currency: String,
    /// The rates.
    pub rates: Vec<RateView>,
    /// The day the rates were entered or looked up.
    pub rates_as_of: String,
}

/// What one message of a category costs.
#[derive(Debug, Clone, Serialize, TS)]
pub struct RateView {
    /// The category.
    pub category: String,
    /// A decimal number in the currency.
    pub price: String,
}

/// What can be set for the whole of Deskbell.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SettingsView {
    /// When customers see that their message was read.
    #[ts(type = "ReadMarks")]
    pub read_marks: &'static str,
    /// Whether customers see that somebody is typing.
    pub typing: bool,
}
