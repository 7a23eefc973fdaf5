//! The SQLite file: migrations, readers, one writer, change collection. One file per table.
//!
//! Reads go through [`Store::read`], writes through [`Store::write`]. A write closure gets a [`WriteTransaction`];
//! what it reports with [`WriteTransaction::changed`] is published only after the commit, since the changes come
//! out of the commit itself.

mod attachment;
mod change;
mod channel;
mod channel_check;
mod charge;
mod contact;
mod conversation;
mod counter;
mod decision;
mod document;
mod draft;
mod endpoint;
mod error;
mod export;
mod fact;
mod holder;
mod journal;
mod lead;
mod lead_reading;
mod lead_task;
mod lead_value;
mod listening;
mod mark;
mod merge;
mod message;
mod model_call;
mod notice;
mod open;
mod orphan_status;
mod outbox;
mod passage;
mod past_reply;
mod piles;
mod reaction;
mod reader;
mod registration;
mod row;
mod search;
mod setting;
mod signal;
mod skill;
mod template;
mod tunnel_usage;
mod turn;
mod upload;
mod version;
mod writer;

#[cfg(test)]
mod invariants;

pub use attachment::{Attachment, DueFetch, NewAttachment, StoredFile};
pub use change::{Change, Changes};
pub use channel::{Channel, Hold, HoldClass, NewChannel};
pub use channel_check::ChannelCheck;
pub use charge::{Charge, Charged};
pub use contact::{Contact, LearntIdentity};
pub use conversation::{
    Activity, Conversation, ConversationCursor, ConversationFilter, LastDecision, LastMessage,
};
pub use decision::Decision;
pub use document::NewDocument;
pub use draft::{Draft, DraftOutcome, DraftRecord, NewDraft};
pub use endpoint::Endpoint;
pub use error::{OpenError, StoreError};
pub use holder::Asking;
pub use journal::{JournalCounts, JournalEntry, JournalState, RefusedReason};
pub use lead::{Lead, LeadCursor, LeadFilter, LeadScore};
pub use lead_reading::LeadReading;
pub use lead_value::{LeadValueState, StoredLeadValue};
pub use listening::{LateArrival, Waiting};
pub use mark::Mark;
pub use merge::Merge;
pub use message::{Message, NewInbound, NewOutbound, Place};
pub use model_call::ModelCall;
pub use notice::{NewNotice, StoredNotice};
pub use open::{Access, DATABASE_FILE, LOCK_FILE, Store, is_in_use};
pub use outbox::{Attempt, BotPost, Claim, Claimed};
pub use passage::NewPassage;
pub use past_reply::PastReply;
pub use piles::QueueSizes;
pub use reaction::Reaction;
pub use reader::Reader;
pub use registration::{CallTrouble, Registration};
pub use search::Hit;
pub use signal::{Signal, SignalKind};
pub use skill::Label;
pub use template::{StoredTemplate, TemplateChange, TemplateSync};
pub use tunnel_usage::TunnelUsage;
pub use turn::Turn;
pub use upload::{DueUpload, Upload};
pub use version::{EarlyChange, Version};
pub use writer::WriteTransaction;
