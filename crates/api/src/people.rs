//! Commands about people and single messages.

use crate::args::{
    ContactArgs, ConversationArgs, MessageArgs, React, RenameContact, SaveSettings, UndoMerge,
};
use crate::error::ApiError;
use crate::present;
use crate::router::{bad_field, done, id, read, word, write};
use crate::views::SettingsView;
use engine::{Engine, Signs};
use serde_json::Value;

/// Carries out a command about a person or a message; `None` when it is none.
pub(crate) async fn call(engine: &Engine, command: &str, args: Value) -> Option<Result<Value, ApiError>> {
    Some(match command {
        "react" => react(engine, args).await,
        "typing" => typing(engine, args).await,
        "message_details" => message_details(engine, args).await,
        "contact" => contact(engine, args).await,
        "rename_contact" => rename(engine, args).await,
        "undo_merge" => undo_merge(engine, args).await,
        "block_contact" => set_blocked(engine, args, true).await,
        "unblock_contact" => set_blocked(engine, args, false).await,
        "take_thread" => take_thread(engine, args).await,
        "settings" => settings(engine).await,
        "save_settings" => save_settings(engine, args).await,
        _ => return None,
    })
}

async fn react(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: React = read(args)?;
    done(
        engine
            .react(id("message_id", &args.message_id)?, args.emoji)
            .await,
    )
}

async fn typing(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ConversationArgs = read(args)?;
    done(engine.typing(id("conversation_id", &args.conversation_id)?).await)
}

async fn message_details(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: MessageArgs = read(args)?;
    let message = id("message_id", &args.message_id)?;
    let details = engine
        .store()
        .read(move |reader| {
            let message = reader.message(message)?;
            present::message::details(reader, &message)
        })
        .await?;
    write(&details)
}

async fn contact(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ContactArgs = read(args)?;
    let contact = id("contact_id", &args.contact_id)?;
    let details = engine
        .store()
        .read(move |reader| present::contact::details(reader, contact))
        .await?;
    write(&details)
}

async fn rename(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: RenameContact = read(args)?;
    done(
        engine
            .rename_contact(id("contact_id", &args.contact_id)?, args.name)
            .await,
    )
}

async fn undo_merge(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: UndoMerge = read(args)?;
    done(engine.undo_merge(id("merge_id", &args.merge_id)?).await)
}

async fn set_blocked(engine: &Engine, args: Value, blocked: bool) -> Result<Value, ApiError> {
    let args: ConversationArgs = read(args)?;
    let conversation = id("conversation_id", &args.conversation_id)?;
    done(engine.set_blocked(conversation, blocked).await)
}

async fn take_thread(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ConversationArgs = read(args)?;
    done(
        engine
            .take_thread(id("conversation_id", &args.conversation_id)?)
            .await,
    )
}

async fn settings(engine: &Engine) -> Result<Value, ApiError> {
    let signs = engine.signs().await?;
    write(&SettingsView {
        read_marks: signs.read_marks.as_str(),
        typing: signs.typing,
    })
}

async fn save_settings(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SaveSettings = read(args)?;
    if args.read_marks.is_none() && args.typing.is_none() {
        return Err(bad_field("read_marks", "There is nothing to set."));
    }
    let known = engine.signs().await?;
    let read_marks = args
        .read_marks
        .as_deref()
        .map(|text| word("read_marks", text))
        .transpose()?;
    engine
        .set_signs(Signs {
            read_marks: read_marks.unwrap_or(known.read_marks),
            typing: args.typing.unwrap_or(known.typing),
        })
        .await?;
    settings(engine).await
}
