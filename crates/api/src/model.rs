//! Commands about the language model.

use crate::args::{ListModelCalls, ModelCallArgs, SaveModel};
use crate::error::ApiError;
use crate::router::{bad_field, id, read, write};
use crate::views::{FoundModelsList, FoundModelsView, ModelCallList, ModelCallView, ModelView};
use domain::{ConversationId, Timestamp};
use engine::{Engine, ModelKind, ModelState, NewModel};
use serde_json::Value;
use store::ModelCall;
use vault::Secret;

/// Calls of a list when the caller does not say.
const PAGE: u32 = 50;
/// Calls of a list at most.
const LONGEST_PAGE: u32 = 200;

/// Carries out a command about the language model; `None` when it is none.
pub(crate) async fn call(engine: &Engine, command: &str, args: Value) -> Option<Result<Value, ApiError>> {
    Some(match command {
        "model" => model(engine).await,
        "find_models" => find(engine).await,
        "save_model" => save(engine, args).await,
        "list_model_calls" => calls(engine, args).await,
        "model_call" => one(engine, args).await,
        _ => return None,
    })
}

/// Millionths as an amount of the owner's currency.
#[expect(
    clippy::cast_precision_loss,
    reason = "far below where a float counts in ones"
)]
fn amount(micros: i64) -> f64 {
    micros as f64 / 1_000_000.0
}

fn view(state: &ModelState) -> ModelView {
    let settings = &state.settings;
    let known = &settings.capabilities;
    let is_used = settings.kind != ModelKind::None;
    let abilities = [
        ("json_schema", known.json_schema),
        ("tools", known.tools),
        ("streaming", known.streaming),
        ("embeddings", known.embeddings.is_some()),
    ];
    ModelView {
        kind: settings.kind.as_str().to_owned(),
        base_url: settings.address().map(str::to_owned),
        model: settings.model.clone(),
        has_key: state.has_key,
        local: settings.is_local(),
        abilities: abilities
            .iter()
            .filter(|(_, has)| *has && is_used)
            .map(|(name, _)| (*name).to_owned())
            .collect(),
        price_in: settings.price_in,
        price_out: settings.price_out,
        daily_limit: settings.daily_limit,
        spent_today: amount(state.spent),
        contact_tokens: settings.contact_tokens,
        embeddings: settings.embeddings,
        embedding_model: settings.embedding_model.clone(),
        trouble: state.trouble.clone(),
        resting_until: state.resting_until.map(Timestamp::to_rfc3339),
    }
}

async fn model(engine: &Engine) -> Result<Value, ApiError> {
    write(&view(&engine.model().await?))
}

async fn find(engine: &Engine) -> Result<Value, ApiError> {
    let found = engine.find_models().await;
    write(&FoundModelsList {
        found: found
            .into_iter()
            .map(|server| FoundModelsView {
                name: server.program.name().to_owned(),
                base_url: server.base_url,
                models: server
                    .models
                    .into_iter()
                    .filter(|offer| !offer.embeds)
                    .map(|offer| offer.model)
                    .collect(),
            })
            .collect(),
    })
}

async fn save(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SaveModel = read(args)?;
    let kind = match args.kind.as_str() {
        "none" => ModelKind::None,
        "openai" => ModelKind::Openai,
        "anthropic" => ModelKind::Anthropic,
        _ => return Err(bad_field("kind", "The kind is none, openai or anthropic.")),
    };
    let state = engine
        .save_model(NewModel {
            kind,
            base_url: args.base_url,
            model: args.model,
            key: args.key.map(Secret::new),
            price_in: args.price_in,
            price_out: args.price_out,
            daily_limit: args.daily_limit,
            contact_tokens: args.contact_tokens,
            embeddings: args.embeddings,
            embedding_model: args.embedding_model,
        })
        .await?;
    write(&view(&state))
}

async fn calls(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ListModelCalls = read(args)?;
    let of: Option<ConversationId> = args
        .conversation_id
        .as_deref()
        .map(|text| id("conversation_id", text))
        .transpose()?;
    let limit = args.limit.unwrap_or(PAGE).clamp(1, LONGEST_PAGE);
    let calls = engine
        .store()
        .read(move |reader| reader.model_calls(of, limit))
        .await?;
    write(&ModelCallList {
        calls: calls.into_iter().map(|call| call_view(call, false)).collect(),
    })
}

async fn one(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ModelCallArgs = read(args)?;
    let call: i64 = id("call_id", &args.call_id)?;
    let (call, is_hidden) = engine
        .store()
        .read(move |reader| {
            let known = reader.model_call(call)?;
            let draft = match known.conversation_id {
                Some(conversation) => reader.pending_draft(conversation)?.filter(|draft| draft.blind),
                None => None,
            };
            let behind = match draft {
                Some(draft) => reader.decision(draft.decision_id)?.model_call_id,
                None => None,
            };
            Ok((known, behind == Some(call)))
        })
        .await?;
    let mut view = call_view(call, true);
    if is_hidden {
        // What came back is the draft the operator is not to see before they have answered.
        view.received = None;
    }
    write(&view)
}

fn call_view(call: ModelCall, whole: bool) -> ModelCallView {
    ModelCallView {
        id: call.id.to_string(),
        at: call.created_at.to_rfc3339(),
        purpose: call.purpose,
        host: call.host,
        model: call.model,
        sent: whole.then_some(call.sent),
        received: call.received.filter(|_| whole),
        trouble: call.trouble,
        tokens_in: call.tokens_in,
        tokens_out: call.tokens_out,
        cost: amount(call.cost_micros),
        took_ms: u32::try_from(call.took_ms).unwrap_or(u32::MAX),
    }
}
