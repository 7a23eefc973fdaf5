//! The SQLite file: migrations, readers, one writer, change collection. One file per table.
//!
//! Reads go through [`Store::read`], writes through [`Store::write`]. A write closure gets a [`WriteTransaction`];
//! what it reports with [`WriteTransaction::changed`] is published only after the commit, since the changes come
//! out of the commit itself.

mod change;
mod channel;
mod contact;
mod conversation;
mod counter;
mod endpoint;
mod error;
mod export;
mod journal;
mod message;
mod open;
mod orphan_status;
mod outbox;
mod reader;
mod row;
mod search;
mod setting;
mod writer;

#[cfg(test)]
mod invariants;

pub use change::{Change, Changes};
pub use channel::{Channel, Hold, HoldClass, NewChannel};
pub use contact::Contact;
pub use conversation::{Conversation, ConversationCursor, ConversationFilter, LastMessage, QueueSizes};
pub use endpoint::Endpoint;
pub use error::{OpenError, StoreError};
pub use journal::{JournalCounts, JournalEntry, JournalState, RefusedReason};
pub use message::{Message, NewInbound, NewOutbound, Place};
pub use open::{Access, DATABASE_FILE, LOCK_FILE, Store};
pub use outbox::{Attempt, Claim, Claimed};
pub use reader::Reader;
pub use search::Hit;
pub use writer::WriteTransaction;
