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
mod endpoint;
mod error;
mod export;
mod journal;
mod listening;
mod merge;
mod message;
mod notice;
mod open;
mod orphan_status;
mod outbox;
mod reaction;
mod reader;
mod registration;
mod row;
mod search;
mod setting;
mod signal;
mod template;
mod tunnel_usage;
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
pub use conversation::{Conversation, ConversationCursor, ConversationFilter, LastMessage, QueueSizes};
pub use endpoint::Endpoint;
pub use error::{OpenError, StoreError};
pub use journal::{JournalCounts, JournalEntry, JournalState, RefusedReason};
pub use listening::{LateArrival, Waiting};
pub use merge::Merge;
pub use message::{Message, NewInbound, NewOutbound, Place};
pub use notice::{NewNotice, StoredNotice};
pub use open::{Access, DATABASE_FILE, LOCK_FILE, Store, is_in_use};
pub use outbox::{Attempt, Claim, Claimed};
pub use reaction::Reaction;
pub use reader::Reader;
pub use registration::{CallTrouble, Registration};
pub use search::Hit;
pub use signal::{Signal, SignalKind};
pub use template::{StoredTemplate, TemplateChange, TemplateSync};
pub use tunnel_usage::TunnelUsage;
pub use upload::{DueUpload, Upload};
pub use version::{EarlyChange, Version};
pub use writer::WriteTransaction;
