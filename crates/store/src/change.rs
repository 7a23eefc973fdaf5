//! What a committed transaction changed, for those who show it.

use domain::{ChannelId, ConversationId, LeadId, MessageId};

/// One thing that is new or different. Ids only: whoever is interested reads it again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Change {
    /// A conversation's row in the list.
    Conversation(ConversationId),
    /// A message, new or different.
    Message(ConversationId, MessageId),
    /// A channel.
    Channel(ChannelId),
    /// Something the health page shows.
    Health,
    /// The journal has entries to work through.
    Journal,
    /// The outbox has messages to send.
    Outbox,
    /// Files are to be fetched, uploaded or removed, or not any more.
    Media,
    /// Reactions, read marks or typing marks are to be sent.
    Signals,
    /// The templates of a channel.
    Templates(ChannelId),
    /// Templates are to be fetched.
    TemplatesDue,
    /// News of a channel.
    Notices,
    /// The tunnel, a registration, a look at a channel, or the set-up of one.
    Connection,
    /// What happened while nobody could be reached.
    Away,
    /// A turn waits, or its time has changed.
    Turns,
    /// A draft of a conversation is new, decided or gone.
    Draft(ConversationId),
    /// Skills, documents, facts, or how the assistant is set.
    Knowledge,
    /// A lead.
    Lead(LeadId),
    /// Messages wait to be read for what they say about a lead.
    LeadTasks,
    /// A person should be told again that a customer waits for one.
    Reminder(ConversationId),
}

/// The changes of one or several commits. Receivers that fall behind get a lag error from the channel and read
/// everything again.
pub type Changes = std::sync::Arc<[Change]>;
