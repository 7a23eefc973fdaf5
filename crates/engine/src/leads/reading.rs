//! Reading one message for what it says of a lead.

use super::LeadRoom;
use super::model::QUIET;
use crate::assistant_settings::AssistantSettings;
use crate::study::brain::{ModelKind, ModelSettings};
use assistant::leads::{
    self, Bound, Heard, Held, Known, Offer, Reason, Shop, Signals, Stage, Step, bind, from_profile,
    signals_of,
};
use assistant::mind::Mind;
use assistant::text;
use domain::{
    Author, BotMode, ConversationId, Direction, EscalationReason, FactKind, Language, LeadId, LeadMethod,
    LeadStatus, LeadValue, MessageId, Source, Temperature, Timestamp,
};
use store::{Lead, LeadScore, Message, Reader, StoreError, StoredLeadValue, WriteTransaction};

/// Messages before the one that is read, among which our question may be.
const BEFORE: u32 = 12;
/// The answer to our question is one of so many messages that follow it.
const ANSWERS: usize = 3;
/// The most of a message that is read, in bytes; longer ones are no chat.
const LONGEST: usize = 16_384;

/// A message and what has to be known to read it.
#[derive(Debug, Clone)]
struct Page {
    text: String,
    at: Timestamp,
    language: Option<Language>,
    /// The field our last message asked for.
    asked: Option<String>,
    /// Our own number here.
    own_number: Option<String>,
    /// Whether a language model reads the conversation as well once it is quiet.
    model: bool,
}

/// What was read of it.
#[derive(Debug, Clone)]
struct Found {
    values: Vec<LeadValue>,
    refused: Option<String>,
    signals: Signals,
}

/// Reads a message and keeps what it says. A message that is not to be read leaves the tray.
pub(super) async fn read(room: &LeadRoom, id: MessageId, now: Timestamp) -> Result<(), StoreError> {
    let ready = room.minds.ready(&room.store).await;
    // What cannot be read about the settings must not be taken for a permission.
    let Ok(ready) = ready else {
        return Err(StoreError::Conflict(
            "the assistant's settings cannot be read".to_owned(),
        ));
    };
    let capture = ready.settings.lead_capture;
    let page = room
        .store
        .read(move |reader| page(reader, id, capture, now))
        .await?;
    let model = page.as_ref().is_some_and(|page| page.model);
    let found = match page {
        None => None,
        Some(page) => {
            let shop = shop(&ready.settings, &ready.mind, page.own_number.clone());
            // Rules are quick but they read what strangers write: on their own thread, where they may fall.
            let reading = tokio::task::spawn_blocking(move || understand(id, &page, &shop)).await;
            Some(reading.map_err(|_| StoreError::Conflict("the rules fell over it".to_owned()))?)
        }
    };
    room.store
        .write(move |transaction| {
            if let Some(found) = &found {
                keep(transaction, id, found, now)?;
            }
            if model {
                let conversation = transaction.read().message(id)?.conversation_id;
                transaction.ask_lead_reading(conversation, now.plus(QUIET))?;
            }
            transaction.end_lead_task(id)
        })
        .await
}

/// Returns what is needed to read a message; `None` when it is not to be read.
fn page(
    reader: Reader<'_>,
    id: MessageId,
    capture: bool,
    now: Timestamp,
) -> Result<Option<Page>, StoreError> {
    let message = match reader.message(id) {
        Ok(message) => message,
        Err(StoreError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let conversation = reader.conversation(message.conversation_id)?;
    let standing = reader.standing(conversation.id, now)?;
    let is_wanted = message.direction == Direction::Inbound
        && message.source == Source::Live
        && message.silence.is_none()
        && !message.revoked
        && !conversation.group
        && !standing.blocked
        && (standing.mode != BotMode::Off || capture);
    let Some(text) = message.text.clone().filter(|_| is_wanted) else {
        return Ok(None);
    };
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default().to_owned();
    let channel = reader.channel(&message.channel_id)?;
    Ok(Some(Page {
        at: message.sent_at,
        language: text::language(&text).or(conversation.language),
        asked: asked(reader, &message)?,
        own_number: channel.address,
        text,
        model: standing.mode != BotMode::Off
            && ModelSettings::read(reader)?.is_ok_and(|settings| settings.kind != ModelKind::None),
    }))
}

/// Returns the field our last message before this one asked for, when nothing of it was answered yet.
fn asked(reader: Reader<'_>, message: &Message) -> Result<Option<String>, StoreError> {
    let before = reader.thread(message.conversation_id, Some(message.place), BEFORE)?;
    // Whichever way round they come, the latest first.
    let mut before: Vec<&Message> = before.iter().filter(|one| one.place < message.place).collect();
    before.sort_by_key(|one| std::cmp::Reverse(one.place));
    let between = before
        .iter()
        .take_while(|one| one.direction == Direction::Inbound)
        .count();
    if between >= ANSWERS {
        return Ok(None);
    }
    let Some(ours) = before
        .get(between)
        .filter(|one| matches!(one.author, Author::Bot | Author::Operator))
    else {
        return Ok(None);
    };
    // A draft a person approved is their message, and its evidence stands with the draft.
    let decision = match ours.decision_id {
        Some(decision) => Some(decision),
        None => reader.draft_of_message(ours.id)?.map(|draft| draft.decision_id),
    };
    let field = match decision {
        Some(id) => reader.decision(id)?.asked_field,
        None => None,
    };
    let Some(field) = field else { return Ok(None) };
    let answers: Vec<MessageId> = before.iter().take(between).map(|one| one.id).collect();
    let is_answered = match reader.lead_of_conversation(message.conversation_id)? {
        None => false,
        Some(lead) => {
            let values = reader.lead_values(lead.id)?;
            let answers =
                |known: &StoredLeadValue| known.value.message_id.is_some_and(|id| answers.contains(&id));
            lead.refused.contains(&field)
                || values
                    .iter()
                    .any(|known| known.value.field == field && answers(known))
        }
    };
    Ok((!is_answered).then_some(field))
}

fn understand(id: MessageId, page: &Page, shop: &Shop) -> Found {
    let heard = Heard {
        id: Some(id),
        text: &page.text,
        at: page.at,
        language: page.language,
        skill: None,
    };
    let mut values = Vec::new();
    let mut refused = None;
    let mut bound: Option<String> = None;
    if let Some(field) = &page.asked {
        match bind(field, &heard, shop) {
            Bound::Filled(value) => {
                bound = Some(value.field.clone());
                values.push(value);
            }
            Bound::Refused => refused = Some(field.clone()),
            Bound::Unknown | Bound::Other => {}
        }
    }
    // What was asked for and answered is not read a second time from the same words.
    values.extend(
        leads::read(&heard, shop)
            .into_iter()
            .filter(|value| bound.as_deref() != Some(value.field.as_str())),
    );
    Found {
        values,
        refused,
        signals: Signals::of(&page.text),
    }
}

fn keep(
    transaction: &mut WriteTransaction<'_>,
    id: MessageId,
    found: &Found,
    now: Timestamp,
) -> Result<(), StoreError> {
    let message = transaction.read().message(id)?;
    // Its writer may have taken it back meanwhile.
    if message.revoked {
        return Ok(());
    }
    let conversation = message.conversation_id;
    let known = transaction.read().lead_of_conversation(conversation)?;
    if known.is_none() && !is_worth_a_lead(found, now) {
        return Ok(());
    }
    let lead = enter(transaction, conversation, &found.values, found.signals, now)?;
    if let Some(field) = &found.refused {
        transaction.refuse_lead_field(lead, field, now)?;
    }
    transaction.lead_read_until(lead, id)
}

/// Enters values into the lead of a conversation, which is opened when there is none, and scores it anew.
pub(super) fn enter(
    transaction: &mut WriteTransaction<'_>,
    conversation: ConversationId,
    values: &[LeadValue],
    signals: Signals,
    now: Timestamp,
) -> Result<LeadId, StoreError> {
    let known = transaction.read().lead_of_conversation(conversation)?;
    let lead = if let Some(lead) = &known {
        lead.id
    } else {
        let lead = transaction.find_or_add_lead(conversation, now)?;
        let person = transaction.read().conversation(conversation)?;
        for value in from_profile(person.contact_name.as_deref(), person.phone.as_deref()) {
            transaction.add_lead_value(lead, &value, now)?;
        }
        lead
    };
    let held = held_of(&transaction.read().lead_values(lead)?);
    for step in leads::merge(&held, values) {
        match step {
            Step::Set(value) => {
                transaction.add_lead_value(lead, &value, now)?;
            }
            Step::Suggest(value) => transaction.suggest_lead_value(lead, &value, now)?,
        }
    }
    let (before, after) = score(transaction, lead, signals, now)?;
    let is_live = known
        .as_ref()
        .is_none_or(|lead| matches!(lead.status, LeadStatus::New | LeadStatus::Open));
    if is_live && before != Temperature::Hot && after == Temperature::Hot {
        transaction.raise_attention(conversation, EscalationReason::HotLead, now)?;
    }
    Ok(lead)
}

/// Whether somebody says enough for a lead: a value of their own, or a wish.
fn is_worth_a_lead(found: &Found, now: Timestamp) -> bool {
    let says = |value: &LeadValue| {
        value.method != LeadMethod::Profile && value.field != "language" && !value.value.trim().is_empty()
    };
    if found.values.iter().any(says) {
        return true;
    }
    let score = leads::score(&Known {
        values: &[],
        signals: found.signals,
        stage: Stage::None,
        spam: false,
        now,
    });
    score.temperature != Temperature::Cold || found.signals.decisive
}

/// Scores a lead anew with what was heard just now; returns how warm it was and is.
pub(super) fn score(
    transaction: &mut WriteTransaction<'_>,
    id: LeadId,
    heard: Signals,
    now: Timestamp,
) -> Result<(Temperature, Temperature), StoreError> {
    let lead: Lead = transaction.read().lead(id)?;
    let held = held_of(&transaction.read().lead_values(id)?);
    let reasons: Vec<Reason> = serde_json::from_value(lead.reasons.clone()).unwrap_or_default();
    let mut signals = signals_of(&reasons).after(heard);
    // The reasons of a lead that was marked as none name no signals; that they asked for silence is kept beside them.
    signals.opted_out |= lead.opted_out && !heard.decisive;
    let score = leads::score(&Known {
        values: &held,
        signals,
        stage: Stage::read(&lead.stage),
        spam: lead.status == LeadStatus::Spam,
        now,
    });
    let reasons = serde_json::to_value(&score.reasons)
        .map_err(|error| StoreError::Conflict(format!("a score cannot be kept: {error}")))?;
    transaction.set_lead_score(
        id,
        &LeadScore {
            score: score.points,
            temperature: score.temperature,
            reasons,
            stage: score.stage.as_str().to_owned(),
            opted_out: signals.opted_out,
        },
        now,
    )?;
    Ok((lead.temperature, score.temperature))
}

/// Returns what the rules take into account of the values that hold.
pub(crate) fn held_of(values: &[StoredLeadValue]) -> Vec<Held> {
    values
        .iter()
        .map(|known| Held {
            value: known.value.clone(),
            locked: known.locked,
        })
        .collect()
}

/// Returns what the rules have to know of the shop.
pub(crate) fn shop(settings: &AssistantSettings, mind: &Mind, own_number: Option<String>) -> Shop {
    let zone = settings
        .hours
        .as_ref()
        .and_then(|hours| jiff::tz::TimeZone::get(&hours.zone).ok())
        .unwrap_or_else(jiff::tz::TimeZone::system);
    let of = |kind: FactKind| mind.facts.iter().filter(move |fact| fact.kind == kind);
    let mut services: Vec<Offer> = Vec::new();
    for fact in of(FactKind::Price).filter(|fact| !fact.key.trim().is_empty()) {
        let name = fact.key.replace(['_', '-'], " ").trim().to_owned();
        if !services.iter().any(|known| known.name == name) {
            services.push(Offer {
                name,
                aliases: Vec::new(),
            });
        }
    }
    Shop {
        region: settings.region.clone().filter(|region| !region.trim().is_empty()),
        zone,
        own_numbers: of(FactKind::Phone)
            .map(|fact| fact.value.clone())
            .chain(own_number)
            .collect(),
        own_emails: of(FactKind::Text)
            .map(|fact| fact.value.trim())
            .filter(|value| value.contains('@') && !value.contains(char::is_whitespace))
            .map(str::to_owned)
            .collect(),
        services,
        ..Shop::default()
    }
}
