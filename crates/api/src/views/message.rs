//! What a window is shown of one message.

use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

/// Why a message did not arrive.
#[derive(Debug, Clone, Serialize, TS)]
pub struct MessageErrorView {
    /// The provider's code, for support.
    #[ts(type = "number | null")]
    pub code: Option<i64>,
    /// The provider's short text, for support.
    pub title: String,
    /// What happened and what to do, in plain words.
    pub words: String,
    /// The provider's longer text, for those who look closer.
    pub detail: Option<String>,
}

/// A file that came with a message or goes with one.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AttachmentView {
    /// Its id; hand it to the host to read the file.
    pub id: String,
    /// A name that is safe to show and to save under.
    pub file_name: String,
    /// What it is, by its content once it is here, by the sender's word before.
    pub mime_type: String,
    /// Decides icon and player.
    #[ts(
        type = "\"image\" | \"video\" | \"audio\" | \"document\" | \"sheet\" | \"slides\" | \"archive\" | \"program\" | \"unknown\""
    )]
    pub family: String,
    /// Its size in bytes, once known.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
    /// Whether it is on this computer.
    #[ts(type = "AttachmentState")]
    pub state: &'static str,
    /// Why it is not and what to do, when it failed or expired.
    pub words: Option<String>,
    /// When fetching is tried again.
    pub retry_at: Option<String>,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// How long it plays, in milliseconds.
    #[ts(type = "number | null")]
    pub duration_ms: Option<u64>,
    /// Whether it moves (stickers, GIF).
    pub animated: bool,
    /// 48 loudnesses of 0 to 100, for voice notes.
    pub waveform: Option<Vec<u8>>,
    /// Whether a small picture of it can be asked for.
    pub has_thumbnail: bool,
    /// Whether it could do harm when opened: it can be saved, never opened.
    pub dangerous: bool,
    /// Where our own file is on its way; `null` for files of customers.
    pub upload: Option<UploadProgress>,
}

/// How far our own file is on its way to the provider.
#[derive(Debug, Clone, Serialize, TS)]
pub struct UploadProgress {
    /// Where it stands.
    #[ts(type = "UploadState")]
    pub state: &'static str,
    /// Bytes sent so far.
    #[ts(type = "number")]
    pub sent: u64,
    /// Bytes in all.
    #[ts(type = "number")]
    pub total: u64,
}

/// A reaction at a message.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReactionView {
    /// The emoji.
    pub emoji: String,
    /// Who reacted.
    #[ts(type = "ReactionBy")]
    pub by: &'static str,
    /// Whether it still waits to leave (ours only).
    pub pending: bool,
    /// Why it did not leave and what to do.
    pub words: Option<String>,
}

/// The message a message answers, in one line.
#[derive(Debug, Clone, Serialize, TS)]
pub struct QuoteView {
    /// The message; `null` when it is not known here.
    pub message_id: Option<String>,
    /// Who wrote it.
    #[ts(type = "Author | null")]
    pub author: Option<&'static str>,
    /// What it is.
    #[ts(type = "MessageKind | null")]
    pub kind: Option<&'static str>,
    /// Its words; `null` when it has none or was taken back.
    pub text: Option<String>,
    /// Whether it was taken back.
    pub revoked: bool,
    /// Its first file, when that has a small picture.
    pub attachment_id: Option<String>,
}

/// A message in a thread.
#[derive(Debug, Clone, Serialize, TS)]
pub struct MessageView {
    /// The message's id.
    pub id: String,
    /// Its conversation.
    pub conversation_id: String,
    /// Which way it went.
    #[ts(type = "Direction")]
    pub direction: &'static str,
    /// Who wrote it.
    #[ts(type = "Author")]
    pub author: &'static str,
    /// Which way it came here.
    #[ts(type = "Source")]
    pub source: &'static str,
    /// What the writer is called, in a group.
    pub sender: Option<String>,
    /// What it is.
    #[ts(type = "MessageKind")]
    pub kind: &'static str,
    /// The type as the provider wrote it.
    pub original_kind: String,
    /// Body, caption or button title.
    pub text: Option<String>,
    /// Typed content that text cannot carry, in the provider's form; an empty object when there is none.
    #[ts(type = "Record<string, unknown>")]
    pub payload: Value,
    /// The advertisement or post that led the customer here.
    #[ts(type = "Record<string, unknown> | null")]
    pub referral: Option<Value>,
    /// Its files.
    pub attachments: Vec<AttachmentView>,
    /// Its reactions.
    pub reactions: Vec<ReactionView>,
    /// The provider's id, once it has one.
    pub provider_id: Option<String>,
    /// The provider's id of the message this one answers.
    pub reply_to: Option<String>,
    /// That message, when this one answers one.
    pub quote: Option<QuoteView>,
    /// How often it was passed on.
    #[ts(type = "Forwarded")]
    pub forwarded: &'static str,
    /// Written, by the provider's clock.
    pub sent_at: String,
    /// Arrived here.
    pub received_at: String,
    /// What became of it.
    #[ts(type = "DeliveryStatus")]
    pub status: &'static str,
    /// Why it did not arrive; for messages of customers, what the provider did not pass on and what to do.
    pub error: Option<MessageErrorView>,
    /// When it is tried again, while it waits after a refusal.
    pub retry_at: Option<String>,
    /// The assistant's decision it came from, for `decision`; `null`: a person wrote it.
    pub decision_id: Option<String>,
    /// Whether it was changed later.
    pub edited: bool,
    /// Whether it was taken back; then `text`, `payload`, files and quote are empty.
    pub revoked: bool,
}

/// An earlier form of a message.
#[derive(Debug, Clone, Serialize, TS)]
pub struct VersionView {
    /// Its words then.
    pub text: Option<String>,
    /// Until when it read like that.
    pub until: String,
}

/// Everything that is known about one message, for those who look closer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct MessageDetails {
    /// Which.
    pub message_id: String,
    /// Left the provider.
    pub sent_at: Option<String>,
    /// On a device.
    pub delivered_at: Option<String>,
    /// Opened.
    pub read_at: Option<String>,
    /// Played.
    pub played_at: Option<String>,
    /// Failed.
    pub failed_at: Option<String>,
    /// Earlier forms, the first one first; empty when it was taken back.
    pub versions: Vec<VersionView>,
    /// Why the assistant does not consider it, when that is so.
    #[ts(type = "Silence | null")]
    pub silence: Option<&'static str>,
    /// Why the assistant did not look at it when it came, such as that it was off or a person held the conversation.
    #[ts(type = "Because | null")]
    pub unheeded: Option<&'static str>,
    /// What the provider charges it as, such as `service`.
    pub charge_category: Option<String>,
    /// As it came from the provider, when it was kept; `null` when it was taken back.
    #[ts(type = "unknown")]
    pub raw: Option<Value>,
}

/// The answer to a command that made a message.
#[derive(Debug, Clone, Serialize, TS)]
pub struct MessageRef {
    /// Its id.
    pub message_id: String,
}

/// A file that was handed in and can be sent now. Forgotten after a day when nothing is done with it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct UploadView {
    /// Its id, for `send_media` and template headers.
    pub upload_id: String,
    /// The name it will be sent under.
    pub file_name: String,
    /// What it is, by its content.
    pub mime_type: String,
    /// Decides icon and preview; see `AttachmentView`.
    #[ts(type = "AttachmentView[\"family\"]")]
    pub family: String,
    /// Its size in bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// What it would be sent as.
    #[ts(type = "MessageKind")]
    pub kind: String,
    /// Why it cannot be sent as it is and what to do; `null` when it can.
    pub problem: Option<String>,
}
