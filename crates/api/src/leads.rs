//! Commands about leads.

use crate::args::{ConversationArgs, ListLeads, ReturnLeadValue, SetLeadStatus, SetLeadValue};
use crate::error::ApiError;
use crate::present;
use crate::router::{bad_field, id, read, word, write};
use crate::views::{LeadAnswer, LeadPage, LeadTable};
use assistant::leads::{ExportedLead, ExportedValue, export};
use domain::{ChannelId, LeadId, Timestamp};
use engine::Engine;
use serde_json::Value;
use store::{Lead, LeadCursor, LeadFilter, Reader, StoreError};

/// Leads of a page when the caller does not say.
const PAGE: u32 = 50;
/// Leads of a page at most.
const LONGEST_PAGE: u32 = 200;
/// What is looked for has at most so many bytes.
const LONGEST_QUERY: usize = 500;

/// Carries out a command about leads; `None` when it is none.
pub(crate) async fn call(engine: &Engine, command: &str, args: Value) -> Option<Result<Value, ApiError>> {
    Some(match command {
        "list_leads" => list(engine, args).await,
        "lead" => lead(engine, args).await,
        "set_lead_value" => set_value(engine, args).await,
        "return_lead_value" => return_value(engine, args).await,
        "set_lead_status" => set_status(engine, args).await,
        "export_leads" => table(engine, args).await,
        _ => return None,
    })
}

fn filter(args: &ListLeads) -> Result<LeadFilter, ApiError> {
    if args.text.as_ref().is_some_and(|text| text.len() > LONGEST_QUERY) {
        return Err(bad_field(
            "text",
            "That is too long to look for. Use a few words.",
        ));
    }
    let since = match args.since.as_deref() {
        None => None,
        Some(text) => Some(
            Timestamp::parse_rfc3339(text)
                .ok_or_else(|| bad_field("since", "That is no moment. Write it as 2026-11-21T09:00:00Z."))?,
        ),
    };
    Ok(LeadFilter {
        status: args
            .status
            .as_deref()
            .map(|text| word("status", text))
            .transpose()?,
        temperature: args
            .temperature
            .as_deref()
            .map(|text| word("temperature", text))
            .transpose()?,
        channel_id: args.channel_id.clone().map(ChannelId::from),
        field: args.field.clone().filter(|field| !field.trim().is_empty()),
        text: args.text.clone().filter(|text| !text.trim().is_empty()),
        since,
    })
}

fn cursor(text: &str) -> Result<LeadCursor, ApiError> {
    let wrong = || bad_field("cursor", "This cursor is not one of ours.");
    let (at, lead) = text.split_once('.').ok_or_else(wrong)?;
    Ok(LeadCursor {
        updated_at: Timestamp(at.parse().map_err(|_| wrong())?),
        id: LeadId(lead.parse().map_err(|_| wrong())?),
    })
}

async fn list(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ListLeads = read(args)?;
    let filter = filter(&args)?;
    let from = args.cursor.as_deref().map(cursor).transpose()?;
    let limit = args.limit.unwrap_or(PAGE).clamp(1, LONGEST_PAGE) as usize;
    let page = engine
        .store()
        .read(move |reader| {
            let mut rows = reader.leads(&filter, from, limit + 1)?;
            let is_more = rows.len() > limit;
            rows.truncate(limit);
            let next_cursor = rows
                .last()
                .filter(|_| is_more)
                .map(|last| format!("{}.{}", last.updated_at.0, last.id.0));
            Ok(LeadPage {
                leads: rows
                    .iter()
                    .map(|lead| present::lead::view(reader, lead))
                    .collect::<Result<_, _>>()?,
                next_cursor,
                total: reader.lead_count(&filter)?,
            })
        })
        .await?;
    write(&page)
}

async fn lead(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ConversationArgs = read(args)?;
    let conversation = id("conversation_id", &args.conversation_id)?;
    let lead = engine
        .store()
        .read(move |reader| {
            let lead = reader.lead_of_conversation(conversation)?;
            lead.map(|lead| present::lead::view(reader, &lead)).transpose()
        })
        .await?;
    write(&LeadAnswer { lead })
}

async fn shown(engine: &Engine, lead: LeadId) -> Result<Value, ApiError> {
    let view = engine
        .store()
        .read(move |reader| present::lead::by_id(reader, lead))
        .await?;
    write(&view)
}

async fn set_value(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SetLeadValue = read(args)?;
    let conversation = id("conversation_id", &args.conversation_id)?;
    let lead = engine
        .set_lead_value(conversation, &args.field, &args.value)
        .await?;
    shown(engine, lead).await
}

async fn return_value(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ReturnLeadValue = read(args)?;
    let lead = id("lead_id", &args.lead_id)?;
    engine.return_lead_value(lead, &args.field).await?;
    shown(engine, lead).await
}

async fn set_status(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SetLeadStatus = read(args)?;
    let lead = id("lead_id", &args.lead_id)?;
    engine
        .set_lead_status(lead, word("status", &args.status)?)
        .await?;
    shown(engine, lead).await
}

async fn table(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ListLeads = read(args)?;
    let filter = filter(&args)?;
    let day: String = engine.now().to_rfc3339().chars().take(10).collect();
    let csv = engine
        .store()
        .read(move |reader| {
            let leads = reader.leads(&filter, None, usize::MAX)?;
            let rows: Vec<ExportedLead> = leads
                .iter()
                .map(|lead| exported(reader, lead))
                .collect::<Result<_, _>>()?;
            Ok(export(&rows))
        })
        .await?;
    write(&LeadTable {
        file_name: format!("deskbell-leads-{day}.csv"),
        csv,
    })
}

fn exported(reader: Reader<'_>, lead: &Lead) -> Result<ExportedLead, StoreError> {
    Ok(ExportedLead {
        id: lead.id.to_string(),
        status: lead.status,
        score: lead.score,
        temperature: lead.temperature,
        channel: lead.channel_name.clone(),
        created_at: lead.created_at,
        updated_at: lead.updated_at,
        values: reader
            .lead_values(lead.id)?
            .into_iter()
            .map(|known| ExportedValue {
                field: known.value.field,
                value: known.value.value,
                method: known.value.method,
                message_id: known.value.message_id,
            })
            .collect(),
    })
}
