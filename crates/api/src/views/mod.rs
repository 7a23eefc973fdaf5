//! What a window is shown. Names follow the export records of the outer interface; times are RFC 3339, ids strings.

mod account;
mod assistant;
mod connection;
mod contact;
mod lead;
mod message;
mod model;

pub use account::{
    CostLine, CostsView, NoticeList, NoticeView, ProfileView, RateView, SettingsView, TemplateList,
    TemplateVariableView, TemplateView,
};
pub use assistant::{
    ActivityView, AnswerButtonView, AnswerView, AssistantView, CandidateView, CannedView, DayHours,
    DecisionView, DocumentList, DocumentView, DraftList, DraftView, ExampleView, FactList, FactView,
    FindingView, HandBackView, HoursView, IntakeView, PackSkillView, PackView, PastReplyList, PastReplyView,
    ReadinessView, ReturnView, SkillList, SkillView, SourceView,
};
pub use connection::{
    ACTIONS, ActionView, AwayRow, AwayView, ConnectionView, DiagnosticsView, HeardView, HelloView, ProofView,
    ReplyView, SecretView, SetupAccountView, SetupNumberView, SetupView, StepView, TOPICS, TokenView,
    TunnelProgramView, TunnelView, VaultView,
};
pub use contact::{ContactDetails, ContactView, IdentityView, MergeView};
pub use lead::{LeadAnswer, LeadPage, LeadTable, LeadValueView, LeadView, ScoreReasonView};
pub use message::{
    AttachmentView, MessageDetails, MessageErrorView, MessageRef, MessageView, QuoteView, ReactionView,
    UploadProgress, UploadView, VersionView,
};
pub use model::{FoundModelsList, FoundModelsView, ModelCallList, ModelCallView, ModelView, WritingView};

use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

/// A connected account.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ChannelView {
    /// Its id.
    pub id: String,
    /// The provider behind it.
    #[ts(type = "ChannelKind")]
    pub kind: &'static str,
    /// What the owner calls it.
    pub name: String,
    /// Its own number or address, as customers see it.
    pub address: Option<String>,
    /// How much the assistant may do in it.
    #[ts(type = "BotMode")]
    pub mode: &'static str,
    /// Why nothing leaves at the moment, when that is so.
    pub hold: Option<HoldView>,
}

/// Why a channel sends nothing at the moment.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HoldView {
    /// The provider's code, for support.
    #[ts(type = "number | null")]
    pub code: Option<i64>,
    /// What happened and what to do, in plain words.
    pub words: String,
    /// When one message is tried again.
    pub until: String,
}

/// The last thing said, in one line.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PreviewView {
    /// The text, or `null` when the message has none.
    pub text: Option<String>,
    /// What it is.
    #[ts(type = "MessageKind")]
    pub kind: &'static str,
    /// The type as the provider wrote it.
    pub original_kind: String,
    /// Whether it was taken back.
    pub revoked: bool,
    /// Who wrote it.
    #[ts(type = "Author")]
    pub author: &'static str,
    /// What became of it.
    #[ts(type = "DeliveryStatus")]
    pub status: &'static str,
}

/// A row of the conversation list, and the head of a thread.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ConversationView {
    /// The conversation's id.
    pub id: String,
    /// The channel it runs on.
    pub channel_id: String,
    /// The person.
    pub contact: ContactView,
    /// The pile it lies in.
    #[ts(type = "Queue")]
    pub queue: &'static str,
    /// The last thing said.
    pub preview: Option<PreviewView>,
    /// When that was.
    pub last_at: Option<String>,
    /// Messages of the customer that nobody has looked at.
    pub unread: u32,
    /// When free text stops being allowed; `null` when the customer has never written.
    pub window_closes_at: Option<String>,
    /// Messages we sent that failed or may not have arrived, and wait for a decision.
    pub undelivered: u32,
    /// Whose turn it is to speak.
    #[ts(type = "Holder")]
    pub holder: &'static str,
    /// The mode set for this conversation alone.
    #[serde(rename = "override")]
    #[ts(rename = "override", type = "BotMode | null")]
    pub mode_override: Option<&'static str>,
    /// The mode that applies.
    #[ts(type = "BotMode")]
    pub effective_mode: &'static str,
    /// Why a person is needed, when one is.
    #[ts(type = "EscalationReason | string | null")]
    pub attention: Option<String>,
    /// Since when a person is asked for.
    pub attention_at: Option<String>,
    /// Since when the holder holds it; `null`: from the beginning.
    pub held_since: Option<String>,
    /// What made them the holder.
    #[ts(type = "HeldBy | null")]
    pub held_by: Option<&'static str>,
    /// When the conversation goes back to the assistant by itself; `null`: it does not.
    pub returns_at: Option<String>,
    /// What the assistant is doing, and what it last decided.
    pub activity: ActivityView,
    /// Until when it was put off and asks nobody for anything; `null`: it is not.
    pub snoozed_until: Option<String>,
    /// A test person, for whom this conversation's mode may be looser than the channel's.
    pub test: bool,
    /// Text left unsent in the composer.
    pub composer_text: Option<String>,
    /// The advertisement or post that led the customer here last.
    #[ts(type = "Record<string, unknown> | null")]
    pub referral: Option<Value>,
    /// Until when messages are free, after an advertisement brought the customer.
    pub free_until: Option<String>,
    /// Which other program answers here at the moment, in the provider's word; `null` when we do.
    pub thread_owner: Option<String>,
}

/// How many conversations lie in each pile.
#[derive(Debug, Clone, Serialize, TS)]
pub struct QueueCounts {
    /// A person has to do something.
    pub needs_me: u32,
    /// The assistant is on it.
    pub bot: u32,
    /// The next word is the customer's.
    pub waiting: u32,
    /// All of them.
    pub all: u32,
}

/// A page of the conversation list, newest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ConversationPage {
    /// The rows.
    pub conversations: Vec<ConversationView>,
    /// Hand this back as `cursor` for the next page; `null` at the end.
    pub next_cursor: Option<String>,
    /// The size of each pile, whatever the filter.
    pub counts: QueueCounts,
}

/// Something that happened to a conversation besides what was said.
#[derive(Debug, Clone, Serialize, TS)]
pub struct MarkView {
    /// Its id.
    pub id: String,
    /// When.
    pub at: String,
    /// What happened.
    #[ts(type = "MarkKind")]
    pub kind: &'static str,
    /// What made a person the holder, when one took over.
    #[ts(type = "HeldBy | null")]
    pub how: Option<String>,
    /// The mode that was set; `null` as well when the channel's holds again.
    #[ts(type = "BotMode | null")]
    pub mode: Option<String>,
    /// Why a person is needed, when one was asked for.
    #[ts(type = "EscalationReason | null")]
    pub reason: Option<String>,
}

/// A page of a thread, oldest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ThreadPage {
    /// The conversation as it stands now.
    pub conversation: ConversationView,
    /// The messages.
    pub messages: Vec<MessageView>,
    /// What happened in the time of this page besides, oldest first.
    pub marks: Vec<MarkView>,
    /// Hand this back as `before` for older ones; `null` at the beginning.
    pub before: Option<String>,
}

/// All channels.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ChannelList {
    /// The channels, in the order they were added.
    pub channels: Vec<ChannelView>,
}

/// One place a searched text was found.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SearchHit {
    /// The message.
    pub message_id: String,
    /// Its conversation.
    pub conversation_id: String,
    /// The name of the person.
    pub contact_name: String,
    /// Some words around the hit.
    pub snippet: String,
    /// When it was written.
    pub at: String,
}

/// The answer to a search, newest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SearchResult {
    /// The places.
    pub hits: Vec<SearchHit>,
}

/// How good or bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// All is well.
    Ok,
    /// It works, with a shadow.
    Warn,
    /// Messages do not get through.
    Bad,
}

/// One finding about the state of things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Finding {
    /// What it is about.
    #[ts(type = "HealthTopic")]
    pub topic: &'static str,
    /// How good or bad.
    pub level: Level,
    /// What is so, what it means and what to do, in plain words.
    pub sentence: String,
    /// The channel it is about.
    pub channel_id: Option<String>,
    /// What can be done about it.
    pub action: Option<ActionView>,
}

/// What the status line and the health page show.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HealthView {
    /// The worst of all findings.
    pub level: Level,
    /// The findings.
    pub findings: Vec<Finding>,
    /// Where webhooks are received, when they are.
    pub webhook_url: Option<String>,
    /// When the last genuine webhook came.
    pub last_event_at: Option<String>,
    /// Messages that wait to leave.
    pub waiting_to_send: u32,
    /// Webhooks that are stored and not yet worked through.
    pub pending_webhooks: u32,
    /// When Meta and the tunnel were last looked at.
    pub checked_at: Option<String>,
}

/// The first question of a window: what is this?
#[derive(Debug, Clone, Serialize, TS)]
pub struct AppView {
    /// The version of Deskbell.
    pub version: String,
    /// Whether this is the demo shop.
    pub demo: bool,
    /// Whether no channel has ever been connected: show the three doors.
    pub first_start: bool,
    /// Whether this window can open the demo shop (the desktop app can).
    pub can_open_demo: bool,
}

/// Something changed; the window asks again for what it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ChangeView {
    /// A row of the list: its preview, unread count, window, name or draft.
    Conversation {
        /// Which.
        conversation_id: String,
    },
    /// A message is new or different.
    Message {
        /// Its conversation.
        conversation_id: String,
        /// Which.
        message_id: String,
    },
    /// A channel is new or different.
    Channel {
        /// Which.
        channel_id: String,
    },
    /// The answer to `health` may be different.
    Health,
    /// The templates of a channel are different.
    Templates {
        /// Which channel.
        channel_id: String,
    },
    /// There are news of a channel, or they were seen.
    Notices,
    /// The tunnel, a registration, a look at a channel, or the set-up of one is different.
    Connection,
    /// The answer to `away` may be different.
    Away,
    /// A draft of a conversation is new, decided or gone.
    Draft {
        /// Its conversation.
        conversation_id: String,
    },
    /// What a language model is writing has grown, begun or gone: ask `writing`.
    Writing {
        /// Its conversation.
        conversation_id: String,
    },
    /// Skills, documents, facts, the model, or how the assistant is set.
    Knowledge,
    /// A lead is new or different.
    Lead {
        /// Which.
        lead_id: String,
    },
    /// A customer still waits for a person: tell the operator again.
    Reminder {
        /// Where.
        conversation_id: String,
    },
    /// Too much happened at once, or the engine was exchanged: ask for everything again.
    Resync,
}

/// An answer without content.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct Done {}
