//! What commands take.

mod account;
mod assistant;
mod connection;
mod sending;

pub use account::{
    AttachmentArgs, ContactArgs, CostsArgs, CreateTemplate, DeleteTemplate, ListNotices, Rate, RenameContact,
    SaveBusinessProfile, SaveRates, SaveSettings, TemplateButton, UndoMerge,
};
pub use assistant::{
    AddPack, AddPastReplies, AnswerArg, AnswerButtonArg, ApproveDraft, CannedArg, ChatLine, DecisionArgs,
    DismissDraft, DocumentArgs, ExampleArg, FactArg, HandBack, ImportDocument, LabelMessage, ListDrafts,
    ListLeads, ListModelCalls, ModelCallArgs, ReturnArg, ReturnLeadValue, SaveAssistant, SaveDocument,
    SaveFacts, SaveModel, SaveSkill, SetFallback, SetLeadStatus, SetLeadValue, SetTestContact, Simulate,
    SkillArgs, StarterPack, TrySentence,
};
pub use connection::{
    FinishSetup, RegisterNumber, ReplaceKeys, SaveTunnel, SetupCredentials, SetupNumberArgs, SetupPageArgs,
    TestReply, VaultArgs,
};
pub use sending::{
    Card, ListRow, ListSection, OutgoingContent, React, SendContent, SendMedia, SendTemplate, SendText,
};

use serde::Deserialize;
use ts_rs::TS;

/// A command that takes nothing.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct Nothing {}

/// Which conversations to list.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct ListFilter {
    /// Only those in this pile.
    #[ts(optional, type = "Queue")]
    pub queue: Option<String>,
    /// Only those of this channel.
    #[ts(optional)]
    pub channel_id: Option<String>,
    /// Only those whose person's name or number contains this.
    #[ts(optional)]
    pub text: Option<String>,
}

/// Arguments of `list_conversations`.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct ListConversations {
    /// Which ones; all of them when left out.
    #[ts(optional)]
    pub filter: Option<ListFilter>,
    /// Where the page begins, from the page before.
    #[ts(optional)]
    pub cursor: Option<String>,
    /// How many at most; 50 when left out, never more than 200.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// Arguments of `thread`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ThreadArgs {
    /// Which conversation.
    pub conversation_id: String,
    /// Only messages before this place, from the page after.
    #[ts(optional)]
    pub before: Option<String>,
    /// How many at most; 50 when left out, never more than 200.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// A command about one message.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct MessageArgs {
    /// Which.
    pub message_id: String,
}

/// A command about one conversation.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ConversationArgs {
    /// Which.
    pub conversation_id: String,
}

/// Puts a conversation off.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct Snooze {
    /// Which.
    pub conversation_id: String,
    /// Until when, as RFC 3339 in UTC; left out or `null`: no longer.
    #[ts(optional = nullable)]
    pub until: Option<String>,
}

/// A command about one channel.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ChannelArgs {
    /// Which.
    pub channel_id: String,
}

/// Arguments of `keep_composer`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct KeepComposer {
    /// Where it was typed.
    pub conversation_id: String,
    /// What stands in the composer; empty to forget it.
    pub text: String,
}

/// Arguments of `set_mode`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SetMode {
    /// `global`, `channel` or `conversation`.
    #[ts(type = "\"global\" | \"channel\" | \"conversation\"")]
    pub scope: String,
    /// The channel or conversation; not for `global`.
    #[ts(optional)]
    pub id: Option<String>,
    /// The mode; `null` takes a conversation's own mode away.
    #[ts(type = "BotMode | null")]
    pub mode: Option<String>,
}

/// Arguments of `search`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct Search {
    /// What to look for.
    pub query: String,
    /// How many at most; 50 when left out, never more than 200.
    #[ts(optional)]
    pub limit: Option<u32>,
}
