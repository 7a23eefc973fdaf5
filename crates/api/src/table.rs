//! The one table of commands. It yields the names the router knows and the TypeScript a window is written against.

/// One command of the contract.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// Its name on the wire.
    pub name: &'static str,
    /// The TypeScript name of its arguments.
    pub args: &'static str,
    /// The TypeScript name of its answer.
    pub answer: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
}

macro_rules! commands {
    ($($(#[doc = $about:literal])+ $name:ident($args:ident) -> $answer:ident;)+) => {
        /// Every command, in the order they are documented.
        pub const COMMANDS: &[Command] = &[$(
            Command {
                name: stringify!($name),
                args: stringify!($args),
                answer: stringify!($answer),
                about: concat!($($about),+).trim_ascii(),
            },
        )+];

        #[expect(dead_code, reason = "only asks the compiler whether the named types exist")]
        fn types_exist() {
            #[allow(unused_imports, clippy::allow_attributes, reason = "globs")]
            use crate::{args::*, views::*};
            $(let _: (Option<$args>, Option<$answer>) = (None, None);)+
        }
    };
}

commands! {
    /// Says what this is: version, demo or not, first start or not.
    app(Nothing) -> AppView;
    /// Lists the connected accounts.
    list_channels(Nothing) -> ChannelList;
    /// Lists conversations, the one with the newest message first.
    list_conversations(ListConversations) -> ConversationPage;
    /// Reads one conversation backwards from its end.
    thread(ThreadArgs) -> ThreadPage;
    /// Queues a text for a customer; the message exists when this returns.
    send_text(SendText) -> MessageRef;
    /// Tries a failed or unknown message again, as a new attempt.
    retry(MessageArgs) -> MessageRef;
    /// Gives up a message that has not left, or whose fate is unknown.
    discard(MessageArgs) -> Done;
    /// Makes a person the holder of a conversation.
    take_over(ConversationArgs) -> ConversationView;
    /// Gives a conversation back to the assistant.
    hand_back(ConversationArgs) -> ConversationView;
    /// Sets how much the assistant may do.
    set_mode(SetMode) -> Done;
    /// Marks a conversation as looked at. Nothing is told to the customer.
    mark_read(ConversationArgs) -> Done;
    /// Keeps what stands unsent in a composer.
    keep_composer(KeepComposer) -> Done;
    /// Finds messages by their words, newest first.
    search(Search) -> SearchResult;
    /// Says how things stand.
    health(Nothing) -> HealthView;
    /// Tries at once to send again on a channel that waits.
    resume_channel(ChannelArgs) -> Done;
    /// Opens the demo shop in this window, or comes back from it.
    open_demo(Nothing) -> AppView;
    /// Leaves the demo shop.
    leave_demo(Nothing) -> AppView;
}
