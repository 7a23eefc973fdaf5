//! The contract as TypeScript: `ui/src/api/generated.ts`, written by `cargo xtask codegen`, checked by a test.

use crate::table::COMMANDS;
use crate::{args, error, views};
use std::fmt::Write as _;
use ts_rs::{Config, TS};

/// Returns the whole text of `generated.ts`.
pub fn typescript() -> String {
    let mut text = String::from(
        "// Written by `cargo xtask codegen` from crates/api. Do not edit: a test compares it with the source.\n\n",
    );
    word_list(
        &mut text,
        "ChannelKind",
        domain::ChannelKind::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "BotMode",
        domain::BotMode::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "Holder",
        domain::Holder::ALL.iter().map(|w| w.as_str()),
    );
    word_list(&mut text, "Queue", domain::Queue::ALL.iter().map(|w| w.as_str()));
    word_list(
        &mut text,
        "Direction",
        domain::Direction::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "Author",
        domain::Author::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "MessageKind",
        domain::MessageKind::ALL.iter().map(|w| w.as_str()),
    );
    word_list(
        &mut text,
        "DeliveryStatus",
        domain::DeliveryStatus::ALL.iter().map(|w| w.as_str()),
    );
    text.push('\n');

    macro_rules! declare {
        ($($module:ident :: $name:ident),+ $(,)?) => {$(
            let _ = writeln!(text, "export {}\n", <$module::$name as TS>::decl(&Config::default()));
        )+};
    }
    declare!(
        views::HoldView,
        views::ChannelView,
        views::ChannelList,
        views::ContactView,
        views::PreviewView,
        views::ConversationView,
        views::QueueCounts,
        views::ConversationPage,
        views::MessageErrorView,
        views::MessageView,
        views::ThreadPage,
        views::MessageRef,
        views::SearchHit,
        views::SearchResult,
        views::Level,
        views::Finding,
        views::HealthView,
        views::AppView,
        views::ChangeView,
        views::Done,
        args::Nothing,
        args::ListFilter,
        args::ListConversations,
        args::ThreadArgs,
        args::SendText,
        args::MessageArgs,
        args::ConversationArgs,
        args::ChannelArgs,
        args::KeepComposer,
        args::SetMode,
        args::Search,
        error::ErrorCode,
        error::ApiError,
    );

    text.push_str("/** Every command: what it takes and what it answers. */\nexport interface Commands {\n");
    for command in COMMANDS {
        let _ = writeln!(text, "  /** {} */", command.about);
        let _ = writeln!(
            text,
            "  {}: {{ args: {}; answer: {} }};",
            command.name, command.args, command.answer
        );
    }
    text.push_str("}\n");
    text
}

fn word_list<'a>(text: &mut String, name: &str, words: impl Iterator<Item = &'a str>) {
    let union: Vec<String> = words.map(|word| format!("\"{word}\"")).collect();
    let _ = writeln!(text, "export type {name} = {};", union.join(" | "));
}
