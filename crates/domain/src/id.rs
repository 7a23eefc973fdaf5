//! Identifiers as types, so that one cannot be taken for another.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

macro_rules! row_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

macro_rules! text_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Box<str>);

        impl $name {
            /// Returns the id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }
    };
}

row_id! {
    /// A person we talk with; never a phone number.
    ContactId
}
row_id! {
    /// One contact on one channel.
    ConversationId
}
row_id! {
    /// One message, inbound or outbound.
    MessageId
}
row_id! {
    /// A file that came with a message or goes with one.
    AttachmentId
}
row_id! {
    /// A webhook address with its signing secret.
    EndpointId
}
row_id! {
    /// One stored webhook delivery.
    JournalId
}
row_id! {
    /// One burst of a customer's messages that asks for one answer at most.
    TurnId
}
row_id! {
    /// An answer that waits for a person's word.
    DraftId
}
row_id! {
    /// One thing the shop is asked again and again, with its answer.
    SkillId
}
row_id! {
    /// A text of the knowledge base.
    DocumentId
}
row_id! {
    /// A piece of a document that can be quoted.
    PassageId
}
row_id! {
    /// One decision of the assistant, with its evidence.
    DecisionId
}
row_id! {
    /// Somebody who may become a customer, with what is known of them.
    LeadId
}
text_id! {
    /// A connected account. Text and unique everywhere, since it also names secrets in the OS keychain, which
    /// all databases of this user share.
    ChannelId
}
text_id! {
    /// One attempt to send a message. Text and unique everywhere, since it travels to the provider and back
    /// (`biz_opaque_callback_data`), where another database's attempts may be known too.
    OutboxId
}
