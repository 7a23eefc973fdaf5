//! From a command's name and arguments to its answer.

use crate::args::{
    AttachmentArgs, ChannelArgs, ConversationArgs, HandBack, KeepComposer, ListConversations, ListFilter,
    MessageArgs, Search, SendContent, SendMedia, SendText, SetMode, Snooze, ThreadArgs,
};
use crate::error::{ApiError, ErrorCode};
use crate::present::message::Whole;
use crate::views::{
    ChannelList, ConversationPage, ConversationView, Done, HandBackView, MessageRef, QueueCounts, SearchHit,
    SearchResult, ThreadPage,
};
use crate::{
    account, assistant, connection, content, drafts, files, leads, model, people, present, secrets, setup,
    wording,
};
use domain::{BotMode, ChannelId, ConversationId, MessageId, Timestamp};
use engine::{CommandError, Engine, FileMessage};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::{ConversationCursor, ConversationFilter, Place, StoreError};

/// Rows of a page when the caller does not say.
const PAGE: u32 = 50;
/// Arguments any command takes at most.
const MOST_ARGS: usize = 16;
/// What is looked for has at most so many bytes.
const LONGEST_QUERY: usize = 2_000;
/// Rows of a page at most.
const LONGEST_PAGE: u32 = 200;

impl From<CommandError> for ApiError {
    fn from(error: CommandError) -> Self {
        let code = match &error {
            CommandError::EmptyText | CommandError::TextTooLong(_) => {
                return bad_field("text", error.to_string());
            }
            CommandError::Misfit { field, sentence } => return bad_field(field, sentence.clone()),
            CommandError::WindowClosed => ErrorCode::WindowClosed,
            CommandError::Provider(_) | CommandError::Unasked(_) => ErrorCode::Provider,
            CommandError::Disk(_) | CommandError::Secrets(_) | CommandError::Store(_) => ErrorCode::Storage,
        };
        match error {
            CommandError::Store(error) => error.into(),
            error => Self {
                code,
                message: error.to_string(),
                retryable: matches!(
                    error,
                    CommandError::Disk(_) | CommandError::Secrets(_) | CommandError::Unasked(_)
                ),
                field: None,
            },
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let (code, message, retryable) = match &error {
            StoreError::NotFound { what, .. } => (
                ErrorCode::NotFound,
                format!("This {what} does not exist, or no longer."),
                false,
            ),
            StoreError::Conflict(why) => (ErrorCode::NotNow, why.clone(), false),
            StoreError::Busy => (
                ErrorCode::Storage,
                "Deskbell is very busy just now. Try again in a moment.".to_owned(),
                true,
            ),
            StoreError::Closed => (
                ErrorCode::Storage,
                "Deskbell is closing. Start it again to go on.".to_owned(),
                true,
            ),
            StoreError::Fault => (
                ErrorCode::Internal,
                "A fault in Deskbell stopped this; nothing was changed. Start Deskbell again if it happens once more."
                    .to_owned(),
                true,
            ),
            StoreError::Sqlite(_) | StoreError::Commit(_) | StoreError::Damaged(_) => {
                tracing::error!(%error, "the database could not be used");
                (
                    ErrorCode::Storage,
                    "This could not be saved or read. Check that the disk has free space, then try again."
                        .to_owned(),
                    true,
                )
            }
        };
        Self {
            code,
            message,
            retryable,
            field: None,
        }
    }
}

pub(crate) fn bad_field(field: &str, message: impl Into<String>) -> ApiError {
    ApiError {
        code: ErrorCode::BadRequest,
        message: message.into(),
        retryable: false,
        field: Some(field.to_owned()),
    }
}

/// Reads the arguments of a command. Arguments that are left out are none.
pub(crate) fn read<T: DeserializeOwned>(args: Value) -> Result<T, ApiError> {
    let args = if args.is_null() {
        Value::Object(serde_json::Map::new())
    } else {
        args
    };
    T::deserialize(&args).map_err(|error| ApiError {
        code: ErrorCode::BadRequest,
        message: format!("The arguments do not fit: {}.", briefly(&error)),
        retryable: false,
        field: misfit::<T>(&args, &error),
    })
}

/// An error repeats what it was given, which may be a book.
fn briefly(error: &serde_json::Error) -> String {
    let words = error.to_string();
    if words.chars().count() > 300 {
        words.chars().take(300).chain(['…']).collect()
    } else {
        words
    }
}

/// Returns the name of the argument that does not fit: the one that is missing, else the first without which the
/// others are read farther.
fn misfit<T: DeserializeOwned>(args: &Value, error: &serde_json::Error) -> Option<String> {
    let missing = |error: &serde_json::Error| {
        let text = error.to_string();
        let (name, _) = text.strip_prefix("missing field `")?.split_once('`')?;
        Some(name.to_owned())
    };
    if let Some(name) = missing(error) {
        return Some(name);
    }
    // Each name is tried by itself; no command takes nearly as many.
    let args = args.as_object().filter(|args| args.len() <= MOST_ARGS)?;
    let spoils = |name: &str| {
        let mut others = args.clone();
        others.remove(name);
        match T::deserialize(&Value::Object(others)) {
            Ok(_) => true,
            Err(error) => missing(&error).as_deref() == Some(name),
        }
    };
    args.keys().find(|name| spoils(name)).cloned()
}

/// Writes the answer of a command.
pub(crate) fn write(answer: &impl Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(answer).map_err(|error| ApiError {
        code: ErrorCode::Internal,
        message: format!("The answer could not be written: {error}."),
        retryable: false,
        field: None,
    })
}

pub(crate) fn id<T: std::str::FromStr>(field: &str, text: &str) -> Result<T, ApiError> {
    text.parse()
        .map_err(|_| bad_field(field, format!("{field} is not an id.")))
}

pub(crate) fn word<T: std::str::FromStr<Err = domain::UnknownWord>>(
    field: &str,
    text: &str,
) -> Result<T, ApiError> {
    text.parse()
        .map_err(|error| bad_field(field, format!("{error}.")))
}

fn limit(asked: Option<u32>) -> u32 {
    asked.unwrap_or(PAGE).clamp(1, LONGEST_PAGE)
}

fn unknown_command(command: &str) -> ApiError {
    ApiError {
        code: ErrorCode::UnknownCommand,
        message: format!(
            "There is no command {:?} in this version.",
            command.chars().take(60).collect::<String>()
        ),
        retryable: false,
        field: None,
    }
}

/// Carries out a command on an engine.
pub(crate) async fn call(engine: &Engine, command: &str, args: Value) -> Result<Value, ApiError> {
    match command {
        "list_channels" => write(&list_channels(engine).await?),
        "list_conversations" => write(&list_conversations(engine, read(args)?).await?),
        "thread" => write(&thread(engine, read(args)?).await?),
        "send_text" => {
            let args: SendText = read(args)?;
            let conversation = id("conversation_id", &args.conversation_id)?;
            made(engine.send_text(conversation, args.text, args.reply_to).await)
        }
        "send_media" => {
            let args: SendMedia = read(args)?;
            let conversation = id("conversation_id", &args.conversation_id)?;
            let message = FileMessage {
                source: files::source(args.path, args.upload_id)?,
                caption: args.caption,
                kind: args.kind.as_deref().map(|kind| word("as", kind)).transpose()?,
                reply_to: args.reply_to,
            };
            made(engine.send_media(conversation, message).await)
        }
        "send_content" => {
            let args: SendContent = read(args)?;
            let conversation = id("conversation_id", &args.conversation_id)?;
            let content = content::composition(args.content);
            made(engine.send_content(conversation, &content, args.reply_to).await)
        }
        "retry_attachment" => {
            let args: AttachmentArgs = read(args)?;
            done(
                engine
                    .retry_attachment(id("attachment_id", &args.attachment_id)?)
                    .await,
            )
        }
        "retry" => made(engine.retry(message_of(&read(args)?)?).await),
        "discard" => done(engine.discard(message_of(&read(args)?)?).await),
        "take_over" => {
            let conversation = conversation_of(&read(args)?)?;
            engine.take_over(conversation).await?;
            write(&conversation_view(engine, conversation).await?)
        }
        "hand_back" => {
            let args: HandBack = read(args)?;
            let conversation = id("conversation_id", &args.conversation_id)?;
            let open_question = engine
                .hand_back(conversation, args.answer_now.unwrap_or(false))
                .await?;
            write(&HandBackView {
                conversation: conversation_view(engine, conversation).await?,
                open_question,
            })
        }
        "keep_holder" => {
            let conversation = conversation_of(&read(args)?)?;
            engine.keep_holder(conversation).await?;
            write(&conversation_view(engine, conversation).await?)
        }
        "snooze_conversation" => {
            let args: Snooze = read(args)?;
            let conversation = id("conversation_id", &args.conversation_id)?;
            let until = assistant::moment("until", args.until.as_deref())?;
            engine.snooze(conversation, until).await?;
            write(&conversation_view(engine, conversation).await?)
        }
        "set_mode" => set_mode(engine, read(args)?).await,
        "mark_read" => done(engine.mark_read(conversation_of(&read(args)?)?).await),
        "keep_composer" => {
            let args: KeepComposer = read(args)?;
            let conversation = id("conversation_id", &args.conversation_id)?;
            done(engine.keep_composer(conversation, args.text).await)
        }
        "search" => write(&search(engine, read(args)?).await?),
        "health" => write(&wording::health(&engine.health().await?)),
        "resume_channel" => {
            let args: ChannelArgs = read(args)?;
            done(engine.resume_channel(ChannelId::from(args.channel_id)).await)
        }
        _ => {
            if let Some(answer) = Box::pin(assistant::call(engine, command, args.clone())).await {
                return answer;
            }
            if let Some(answer) = people::call(engine, command, args.clone()).await {
                return answer;
            }
            if let Some(answer) = model::call(engine, command, args.clone()).await {
                return answer;
            }
            if let Some(answer) = leads::call(engine, command, args.clone()).await {
                return answer;
            }
            if let Some(answer) = drafts::call(engine, command, args.clone()).await {
                return answer;
            }
            if let Some(answer) = account::call(engine, command, args.clone()).await {
                return answer;
            }
            if let Some(answer) = Box::pin(connection::call(engine, command, args.clone())).await {
                return answer;
            }
            if let Some(answer) = Box::pin(setup::call(engine, command, args.clone())).await {
                return answer;
            }
            match secrets::call(engine, command, args).await {
                Some(answer) => answer,
                None => Err(unknown_command(command)),
            }
        }
    }
}

pub(crate) fn made(made: Result<MessageId, CommandError>) -> Result<Value, ApiError> {
    write(&MessageRef {
        message_id: made?.to_string(),
    })
}

pub(crate) fn done(done: Result<(), CommandError>) -> Result<Value, ApiError> {
    done?;
    write(&Done {})
}

fn message_of(args: &MessageArgs) -> Result<MessageId, ApiError> {
    id("message_id", &args.message_id)
}

fn conversation_of(args: &ConversationArgs) -> Result<ConversationId, ApiError> {
    id("conversation_id", &args.conversation_id)
}

async fn conversation_view(engine: &Engine, id: ConversationId) -> Result<ConversationView, ApiError> {
    let conversation = engine.store().read(move |reader| reader.conversation(id)).await?;
    Ok(present::conversation(&conversation))
}

#[expect(
    clippy::redundant_closure_for_method_calls,
    reason = "the method itself is not general enough over the reader's lifetime"
)]
async fn list_channels(engine: &Engine) -> Result<ChannelList, ApiError> {
    let channels = engine.store().read(|reader| reader.channels()).await?;
    Ok(ChannelList {
        channels: channels.iter().map(present::channel).collect(),
    })
}

async fn list_conversations(engine: &Engine, args: ListConversations) -> Result<ConversationPage, ApiError> {
    let cursor = match args.cursor.as_deref() {
        Some(text) => {
            let (last_at, id) = place("cursor", text)?;
            Some(ConversationCursor {
                last_at,
                id: ConversationId(id),
            })
        }
        None => None,
    };
    let filter = filter(args.filter.unwrap_or_default())?;
    let limit = limit(args.limit) as usize;
    let (mut rows, sizes) = engine
        .store()
        .read(move |reader| {
            Ok((
                reader.conversations(&filter, cursor, limit + 1)?,
                reader.queue_sizes()?,
            ))
        })
        .await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows
        .last()
        .filter(|_| more)
        .map(|last| format!("{}.{}", last.last_at.0, last.id));
    Ok(ConversationPage {
        conversations: rows.iter().map(present::conversation).collect(),
        next_cursor,
        counts: QueueCounts {
            needs_me: sizes.needs_me,
            bot: sizes.bot,
            waiting: sizes.waiting,
            all: sizes.needs_me + sizes.bot + sizes.waiting,
        },
    })
}

fn filter(filter: ListFilter) -> Result<ConversationFilter, ApiError> {
    Ok(ConversationFilter {
        queue: filter
            .queue
            .as_deref()
            .map(|text| word("filter.queue", text))
            .transpose()?,
        channel_id: filter.channel_id.map(ChannelId::from),
        text: filter.text,
    })
}

/// Reads a place in a list, as it was handed out.
fn place(field: &str, text: &str) -> Result<(Timestamp, i64), ApiError> {
    let read = || {
        let (at, id) = text.split_once('.')?;
        Some((Timestamp(at.parse().ok()?), id.parse().ok()?))
    };
    read().ok_or_else(|| bad_field(field, format!("{field} is not a place that was handed out.")))
}

async fn thread(engine: &Engine, args: ThreadArgs) -> Result<ThreadPage, ApiError> {
    let conversation: ConversationId = id("conversation_id", &args.conversation_id)?;
    let before = match args.before.as_deref() {
        Some(text) => {
            let (sort_at, id) = place("before", text)?;
            Some(Place {
                sort_at,
                id: MessageId(id),
            })
        }
        None => None,
    };
    let limit = limit(args.limit);
    let (conversation, mut rows, marks) = engine
        .store()
        .read(move |reader| {
            let rows = reader.thread(conversation, before, limit + 1)?;
            let rows: Result<_, StoreError> = rows
                .into_iter()
                .map(|message| Ok((message.place, Whole::read(reader, message)?)))
                .collect();
            let rows: Vec<(Place, Whole)> = rows?;
            // From the oldest message shown, or from the beginning, to where the next newer page begins.
            let from = rows
                .get((limit as usize).saturating_sub(1))
                .filter(|_| rows.len() > limit as usize)
                .map_or(Timestamp(0), |(place, _)| place.sort_at);
            let until = before.map_or(Timestamp(i64::MAX), |place| place.sort_at);
            let marks = reader.marks(conversation, from, until)?;
            Ok((reader.conversation(conversation)?, rows, marks))
        })
        .await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let before = rows
        .last()
        .filter(|_| more)
        .map(|(place, _)| format!("{}.{}", place.sort_at.0, place.id));
    rows.reverse();
    Ok(ThreadPage {
        conversation: present::conversation(&conversation),
        messages: rows
            .iter()
            .map(|(_, message)| present::message::message(message))
            .collect(),
        marks: marks.iter().map(present::mark).collect(),
        before,
    })
}

async fn set_mode(engine: &Engine, args: SetMode) -> Result<Value, ApiError> {
    let mode: Option<BotMode> = args.mode.as_deref().map(|text| word("mode", text)).transpose()?;
    let needed = || {
        args.id
            .clone()
            .ok_or_else(|| bad_field("id", "This scope needs an id."))
    };
    let some = |mode: Option<BotMode>| mode.ok_or_else(|| bad_field("mode", "This scope needs a mode."));
    match args.scope.as_str() {
        "global" => done(engine.set_global_mode(some(mode)?).await),
        "channel" => done(
            engine
                .set_channel_mode(ChannelId::from(needed()?), some(mode)?)
                .await,
        ),
        "conversation" => done(engine.set_conversation_mode(id("id", &needed()?)?, mode).await),
        _ => Err(bad_field(
            "scope",
            "The scope is global, channel or conversation.",
        )),
    }
}

async fn search(engine: &Engine, args: Search) -> Result<SearchResult, ApiError> {
    if args.query.len() > LONGEST_QUERY {
        return Err(bad_field(
            "query",
            "That is too long to look for. Use a few words.",
        ));
    }
    let limit = limit(args.limit);
    let hits = engine
        .store()
        .read(move |reader| reader.search(&args.query, limit))
        .await?;
    Ok(SearchResult {
        hits: hits
            .into_iter()
            .map(|hit| SearchHit {
                message_id: hit.message_id.to_string(),
                conversation_id: hit.conversation_id.to_string(),
                contact_name: present::person(hit.contact_name.as_deref(), None, hit.phone.as_deref()),
                snippet: hit.snippet,
                at: hit.at.to_rfc3339(),
            })
            .collect(),
    })
}
