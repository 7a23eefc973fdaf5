//! Commands about what the assistant proposes, and why it did what it did.

use crate::args::{ApproveDraft, ConversationArgs, DecisionArgs, DismissDraft, LabelMessage, ListDrafts};
use crate::error::ApiError;
use crate::present::decision;
use crate::router::{bad_field, done, id, made, read, write};
use crate::views::{DraftList, WritingView};
use engine::Engine;
use serde_json::Value;
use store::StoreError;

/// Drafts of an answer when the caller does not say.
const PAGE: u32 = 50;
/// Drafts of an answer at most.
const LONGEST_PAGE: u32 = 200;

/// Carries out a command about a draft or a decision; `None` when it is none.
pub(crate) async fn call(engine: &Engine, command: &str, args: Value) -> Option<Result<Value, ApiError>> {
    Some(match command {
        "list_drafts" => list(engine, args).await,
        "approve_draft" => approve(engine, args).await,
        "dismiss_draft" => dismiss(engine, args).await,
        "request_draft" => request(engine, args).await,
        "halt" => halt(engine, args).await,
        "writing" => writing(engine, args),
        "decision" => why(engine, args).await,
        "label_message" => label(engine, args).await,
        _ => return None,
    })
}

fn writing(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ConversationArgs = read(args)?;
    let conversation = id("conversation_id", &args.conversation_id)?;
    write(&WritingView {
        text: engine.writing(conversation),
    })
}

async fn list(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ListDrafts = read(args)?;
    let conversation = args
        .conversation_id
        .as_deref()
        .map(|text| id("conversation_id", text))
        .transpose()?;
    let all = match args.state.as_deref() {
        None | Some("pending") => false,
        Some("all") => true,
        Some(_) => return Err(bad_field("state", "The state is pending or all.")),
    };
    let limit = args.limit.unwrap_or(PAGE).clamp(1, LONGEST_PAGE);
    let drafts = engine
        .store()
        .read(move |reader| {
            let drafts = reader.drafts(conversation, all, limit)?;
            drafts
                .iter()
                .map(|draft| decision::draft(reader, draft))
                .collect::<Result<Vec<_>, StoreError>>()
        })
        .await?;
    write(&DraftList { drafts })
}

async fn approve(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ApproveDraft = read(args)?;
    made(
        engine
            .approve_draft(id("draft_id", &args.draft_id)?, args.text)
            .await,
    )
}

async fn dismiss(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: DismissDraft = read(args)?;
    done(
        engine
            .dismiss_draft(id("draft_id", &args.draft_id)?, &args.reason)
            .await,
    )
}

async fn request(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ConversationArgs = read(args)?;
    done(
        engine
            .request_draft(id("conversation_id", &args.conversation_id)?)
            .await,
    )
}

async fn halt(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ConversationArgs = read(args)?;
    done(engine.halt(id("conversation_id", &args.conversation_id)?).await)
}

async fn why(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: DecisionArgs = read(args)?;
    let asked = id("decision_id", &args.decision_id)?;
    let view = engine
        .store()
        .read(move |reader| decision::shown(reader, &reader.decision(asked)?))
        .await?;
    write(&view)
}

async fn label(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: LabelMessage = read(args)?;
    let skill = args
        .skill_id
        .as_deref()
        .map(|text| id("skill_id", text))
        .transpose()?;
    done(
        engine
            .label_message(
                id("message_id", &args.message_id)?,
                skill,
                args.add_example.unwrap_or(false),
            )
            .await,
    )
}
