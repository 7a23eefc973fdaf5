//! The second reading of a lead: a language model looks at a conversation whose customer has become quiet.
//!
//! It has a room and a tray of its own. Neither a reply nor the rules wait for it, and what goes wrong with it costs its
//! own values only. What it says is believed as far as it can quote the customer (`assistant::leads::accept`).

use super::{reading, shop};
use crate::bell::Doorbell;
use crate::commands::outbox_id;
use crate::study::ask::{mask, recorded, zone};
use crate::study::brain::day;
use crate::study::mind::Ready;
use crate::study::room::Study;
use assistant::guards::injection;
use assistant::leads::{Said, Shop, Signals, Speaker, accept, prompt, schema};
use assistant::models::{Occasion, Shape, TroubleKind, Veil};
use assistant::text;
use domain::{
    Author, BotMode, ContactId, ConversationId, Direction, Holder, LEAD_FIELDS, LeadValue, Source, Standing,
    Timestamp,
};
use std::time::Duration;
use store::{Change, LeadReading, Message, Reader, StoreError};
use tokio_util::sync::CancellationToken;

/// How long a customer has to be quiet (assistant.md, section 5): they are read once, not message by message.
pub(super) const QUIET: Duration = Duration::from_mins(1);
/// Messages that are looked at.
const MESSAGES: u32 = 30;
/// Conversations that are taken out of the tray at once.
const HANDFUL: u32 = 4;
/// How often one is tried.
const TRIES: u32 = 3;
/// How long one rests that did not work.
const REST: Duration = Duration::from_mins(5);
/// Pause when the database cannot be used.
const TROUBLE: Duration = Duration::from_secs(2);
/// The longest the room sleeps without looking into its tray, should the clock have been changed meanwhile.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);

/// What a model is shown.
struct Sheet {
    conversation: ConversationId,
    contact: ContactId,
    name: Option<String>,
    known: Vec<(String, String)>,
    said: Vec<Said>,
    own_number: Option<String>,
}

/// Whether a model may read a conversation: never where the assistant is off; while a person holds it, if the owner wants
/// that.
fn may_read(standing: &Standing, while_held: bool) -> bool {
    standing.mode != BotMode::Off && !standing.blocked && (while_held || standing.holder != Holder::Operator)
}

/// Reads what is due until cancelled.
pub(crate) async fn run(study: Study, cancel: CancellationToken) {
    let mut bell = Doorbell::new(study.store.changes(), Change::LeadTasks);
    loop {
        let worked = tokio::select! {
            () = cancel.cancelled() => return,
            worked = work(&study) => worked,
        };
        let sleep = match worked {
            Ok(sleep) => sleep,
            Err(StoreError::Closed) => return,
            Err(error) => {
                tracing::error!(%error, "models read leads when the database can be used again");
                TROUBLE
            }
        };
        tokio::select! {
            () = cancel.cancelled() => return,
            open = bell.ring() => if !open { return },
            () = tokio::time::sleep(sleep) => {}
        }
    }
}

async fn work(study: &Study) -> Result<Duration, StoreError> {
    loop {
        let now = study.clock.now();
        let due = study
            .store
            .read(move |reader| reader.due_lead_readings(now, HANDFUL))
            .await?;
        for waiting in &due {
            one(study, *waiting, now).await?;
        }
        if due.is_empty() {
            let next = study.store.read(|reader| reader.next_lead_reading_at()).await?;
            let sleep = next.map_or(LONGEST_SLEEP, |at| at.since(now));
            return Ok(sleep.clamp(Duration::from_millis(20), LONGEST_SLEEP));
        }
    }
}

/// Reads one conversation, or says when it is tried again.
async fn one(study: &Study, waiting: LeadReading, now: Timestamp) -> Result<(), StoreError> {
    let Ok(ready) = study.minds.ready(&study.store).await else {
        // What cannot be read about the settings must not be taken for a permission.
        return postpone(study, waiting, now.plus(REST), false).await;
    };
    let Some(brain) = study.brains.ready(&study.store, &study.vault, now).await else {
        return end(study, waiting).await;
    };
    if let Some(until) = brain.resting_until(now) {
        return postpone(study, waiting, until.max(now.plus(TROUBLE)), false).await;
    }
    let while_held = ready.settings.lead_model_when_held;
    let sheet = study
        .store
        .read(move |reader| sheet(reader, waiting.conversation_id, while_held, now))
        .await?;
    let Some(sheet) = sheet else {
        return end(study, waiting).await;
    };
    let own = own_fields(&ready);
    let day = day(&zone(&ready), now).0;
    let asked = prompt(&sheet.said, &own, &day.to_string(), &outbox_id().to_string());
    let shape = Shape {
        name: "lead",
        about: "Hand over what the customer said of themselves. It does nothing by itself.",
        schema: schema(&own),
    };
    let (contact, name, known) = (sheet.contact, sheet.name.clone(), sheet.known.clone());
    let told = recorded(
        study,
        (Some(sheet.conversation), "leads", now),
        move |stop| async move {
            let mut mask = mask(name.as_deref(), &known);
            let veil = (!brain.is_local()).then_some(&mut mask as &mut dyn Veil);
            let occasion = Occasion {
                now,
                day,
                contact: Some(contact),
                cancel: &stop,
                shown: None,
            };
            brain
                .extract((&asked.system, &asked.user), &shape, veil, &occasion)
                .await
        },
    )
    .await;
    match told.map(|(call, _)| call.outcome) {
        Some(Ok(answer)) => {
            let shop = shop(&ready.settings, &ready.mind, sheet.own_number.clone());
            let (said, conversation) = (sheet.said, sheet.conversation);
            // It reads what strangers and a model wrote: on its own thread, where it may fall.
            let read = tokio::task::spawn_blocking(move || proven(&answer, &said, &shop, &own)).await;
            keep(
                study,
                waiting,
                conversation,
                read.unwrap_or_default(),
                while_held,
                now,
            )
            .await
        }
        Some(Err(trouble)) => again(study, waiting, trouble.kind, now).await,
        None => again(study, waiting, TroubleKind::Unusable, now).await,
    }
}

fn proven(answer: &serde_json::Value, said: &[Said], shop: &Shop, own: &[String]) -> Vec<LeadValue> {
    accept(answer, said, shop, own)
}

/// The fields the owner asks customers for, besides those every lead has.
fn own_fields(ready: &Ready) -> Vec<String> {
    let asked = ready.settings.intake.iter().map(|question| &question.field);
    asked
        .filter(|field| !LEAD_FIELDS.contains(&field.as_str()))
        .cloned()
        .collect()
}

/// Returns what a model is shown; `None`: it is not to read this.
fn sheet(
    reader: Reader<'_>,
    id: ConversationId,
    while_held: bool,
    now: Timestamp,
) -> Result<Option<Sheet>, StoreError> {
    let conversation = reader.conversation(id)?;
    let standing = reader.standing(conversation.id, now)?;
    if conversation.group || !may_read(&standing, while_held) {
        return Ok(None);
    }
    let mut messages = reader.thread(conversation.id, None, MESSAGES)?;
    messages.sort_by_key(|message| message.place);
    let said: Vec<Said> = messages.iter().filter_map(line).collect();
    if !said.iter().any(|said| said.by == Speaker::Customer) {
        return Ok(None);
    }
    let values = match reader.lead_of_conversation(conversation.id)? {
        Some(lead) => reader.lead_values(lead.id)?,
        None => Vec::new(),
    };
    let channel = reader.channel(&conversation.channel_id)?;
    Ok(Some(Sheet {
        conversation: conversation.id,
        contact: conversation.contact_id,
        name: conversation.contact_name,
        known: values
            .into_iter()
            .map(|known| (known.value.field, known.value.value))
            .collect(),
        said,
        own_number: channel.address,
    }))
}

fn line(message: &Message) -> Option<Said> {
    if message.revoked {
        return None;
    }
    let words = message.text.clone().filter(|words| !words.trim().is_empty())?;
    let by = match (message.direction, message.author) {
        (Direction::Inbound, Author::Customer) => Speaker::Customer,
        (Direction::Outbound, Author::Bot) => Speaker::Assistant,
        (Direction::Outbound, Author::Operator | Author::Phone) => Speaker::Colleague,
        _ => return None,
    };
    // What another program answers, what was said before this number was connected, and orders to a model.
    let is_left_out = by == Speaker::Customer
        && (message.source != Source::Live || message.silence.is_some() || injection(&words).is_some());
    (!is_left_out).then(|| Said {
        id: message.id,
        by,
        language: text::language(&words),
        at: message.sent_at,
        text: words,
    })
}

/// Keeps what is proven, if it may still be read. A value a person wrote stays; what was read is offered beside it.
async fn keep(
    study: &Study,
    waiting: LeadReading,
    conversation: ConversationId,
    values: Vec<LeadValue>,
    while_held: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    study
        .store
        .write(move |transaction| {
            transaction.end_lead_reading(waiting)?;
            let standing = transaction.read().standing(conversation, now)?;
            if !may_read(&standing, while_held) {
                return Ok(());
            }
            let mut standing_values = Vec::new();
            for value in values {
                // Its writer may have taken it back meanwhile.
                let is_gone = match value.message_id {
                    Some(message) => transaction.read().message(message)?.revoked,
                    None => true,
                };
                if !is_gone {
                    standing_values.push(value);
                }
            }
            if !standing_values.is_empty() {
                reading::enter(
                    transaction,
                    conversation,
                    &standing_values,
                    Signals::default(),
                    now,
                )?;
            }
            Ok(())
        })
        .await
}

/// Decides what becomes of a conversation that could not be read.
async fn again(
    study: &Study,
    waiting: LeadReading,
    trouble: TroubleKind,
    now: Timestamp,
) -> Result<(), StoreError> {
    match trouble {
        // The room ends; it waits for the next start.
        TroubleKind::Cancelled => Ok(()),
        TroubleKind::Resting => postpone(study, waiting, now.plus(REST), false).await,
        TroubleKind::DayBudget | TroubleKind::ContactBudget => end(study, waiting).await,
        _ if waiting.tries + 1 >= TRIES => end(study, waiting).await,
        _ => postpone(study, waiting, now.plus(REST), true).await,
    }
}

async fn end(study: &Study, waiting: LeadReading) -> Result<(), StoreError> {
    study
        .store
        .write(move |transaction| transaction.end_lead_reading(waiting))
        .await
}

async fn postpone(
    study: &Study,
    waiting: LeadReading,
    until: Timestamp,
    failed: bool,
) -> Result<(), StoreError> {
    study
        .store
        .write(move |transaction| transaction.postpone_lead_reading(waiting, until, failed))
        .await
}
