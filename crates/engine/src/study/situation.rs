//! What the assistant is told of a conversation before it thinks.

use crate::ingest::waking::{choice, is_tap};
use assistant::ReplyButton;
use assistant::models;
use assistant::text::{language, similarity};
use assistant::think::{Heard, Line, Situation, Speaker};
use domain::{
    AnswerStep, Author, Because, Cadence, ChannelKind, ConversationId, Direction, Language, MarkKind,
    MessageId, STALE, Source, Timestamp, Verdict,
};
use serde_json::Value;
use std::time::Duration;
use store::{Decision, Message, Reader, StoreError};

/// Messages before the turn that are looked at.
const HISTORY: u32 = 40;
/// A customer's latest messages that tell which language they speak (assistant.md, section 1.3).
const HEARD: usize = 6;
/// Characters of each that are looked at.
const LONGEST_LINE: usize = 500;
/// An answer that comes sooner than this was not typed by a person.
const PROMPT: Duration = Duration::from_secs(3);
/// The last texts of a customer among which a repeated question is looked for (guide: the last 3).
const REPEATED_AMONG: usize = 3;
/// The time in which nearly equal messages look like a program's.
const AN_HOUR: Duration = Duration::from_hours(1);
/// How long a notice holds, and a question counts as asked before.
const A_DAY: Duration = Duration::from_hours(24);
/// The time in which the word may go back and forth.
const LATELY: Duration = Duration::from_mins(2);
/// From here on two messages are nearly the same.
const ALIKE: f64 = 0.95;

/// A conversation as it stands, for one turn.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    /// What the assistant thinks about.
    pub(crate) situation: Situation,
    /// The customer's last message.
    pub(crate) message: Option<MessageId>,
    /// Whether that is too old to be answered without a person.
    pub(crate) stale: bool,
    /// What tells whether a program writes to us.
    pub(crate) cadence: Cadence,
}

/// Reads how a conversation stands.
pub(crate) fn scene(
    reader: Reader<'_>,
    id: ConversationId,
    looks_back: bool,
    now: Timestamp,
) -> Result<Scene, StoreError> {
    let conversation = reader.conversation(id)?;
    let channel = reader.channel(&conversation.channel_id)?;
    let burst = if looks_back {
        reader.open_question(conversation.id)?
    } else {
        reader.burst(conversation.id)?
    };
    // By its place a message of ours may stand after what came later: the clocks differ.
    let before: Vec<Message> = reader
        .thread(conversation.id, None, HISTORY)?
        .into_iter()
        .filter(|message| burst.iter().all(|said| said.id != message.id))
        .collect();
    let decisions = reader.decisions(conversation.id, 2)?;
    let missed = |step: Option<AnswerStep>| step == Some(AnswerStep::Fallback);
    let mut asked = None;
    for decision in &decisions {
        if was_asked(reader, decision)? {
            asked = Some(decision);
            break;
        }
    }
    let choices = asked
        .and_then(|decision| decision.trace.get("buttons"))
        .and_then(|buttons| serde_json::from_value::<Vec<ReplyButton>>(buttons.clone()).ok())
        .unwrap_or_default();
    let history: Vec<Line> = before.iter().rev().filter_map(line).collect();
    let first_words = is_first_word(reader, &before, conversation.held_since)?;
    let newest = burst.last();
    let cadence = cadence(&burst, &before, now);
    Ok(Scene {
        message: newest.map(|message| message.id),
        stale: newest.is_some_and(|message| now.since(message.sent_at) > STALE),
        cadence,
        situation: Situation {
            burst: burst.iter().map(heard).collect(),
            history,
            lately: before
                .iter()
                .filter(|message| {
                    message.author == Author::Customer && now.since(message.received_at) < A_DAY
                })
                .filter_map(|message| message.text.clone())
                .take(REPEATED_AMONG)
                .collect(),
            by_request: looks_back,
            misses: decisions.iter().filter(|decision| missed(decision.step)).count(),
            asked_lately: asked.is_some(),
            choices,
            language: conversation.language.or_else(|| spoken_before(&before)),
            customer: conversation.contact_name,
            stopped: conversation.stopped_at.is_some(),
            first_words,
            file_noticed: reader.said_lately(conversation.id, Because::FileOnly, now.minus(A_DAY))?,
            buttons: channel.kind == ChannelKind::WhatsappCloud,
            now,
        },
    })
}

/// Whether the customer was asked what they meant: by the assistant, or by a person with its words.
fn was_asked(reader: Reader<'_>, decision: &Decision) -> Result<bool, StoreError> {
    let asks = decision.trace.get("band").and_then(Value::as_str) == Some("clarify");
    Ok(match decision.verdict {
        Verdict::Clarify => true,
        Verdict::Draft if asks => reader.was_sent(decision.id)?,
        _ => false,
    })
}

/// Whether the assistant has said nothing here yet, or not since a person had the word. Its own words that a person
/// approved are its words. `before` begins with its newest message.
fn is_first_word(
    reader: Reader<'_>,
    before: &[Message],
    held_since: Option<Timestamp>,
) -> Result<bool, StoreError> {
    for message in before {
        // A person had it in between, although they wrote nothing.
        if held_since.is_some_and(|since| message.place.sort_at < since) {
            return Ok(true);
        }
        match message.author {
            Author::Bot => return Ok(false),
            Author::Operator if reader.draft_of_message(message.id)?.is_some() => return Ok(false),
            Author::Operator | Author::Phone => return Ok(true),
            Author::Customer | Author::System => {}
        }
    }
    Ok(true)
}

/// Returns what was said before the open turn, the oldest first, for a language model: with the moments a person took over
/// and gave back, or it would stay silent as if they still held the conversation (assistant.md, section 3.7).
pub(super) fn told_before(reader: Reader<'_>, id: ConversationId) -> Result<Vec<models::Line>, StoreError> {
    let burst = reader.burst(id)?;
    let first = burst.first().map(|message| message.place);
    let before = reader.thread(id, first, HISTORY)?;
    let mut told: Vec<(Timestamp, models::Line)> = before
        .iter()
        .rev()
        .filter_map(|message| Some((message.place.sort_at, super::ask::told(&line(message)?))))
        .collect();
    let from = told.first().map_or(Timestamp(i64::MAX), |(at, _)| *at);
    // One that came after the customer's words was before this answer all the same.
    for mark in reader.marks(id, from, Timestamp(i64::MAX))? {
        let said = match mark.kind {
            MarkKind::TakenOver => models::Line::TookOver,
            MarkKind::HandedBack | MarkKind::Returned => models::Line::HandedBack,
            _ => continue,
        };
        told.push((mark.at, said));
    }
    told.sort_by_key(|(at, _)| *at);
    Ok(told.into_iter().map(|(_, line)| line).collect())
}

/// The language of the customer's latest words that leave no doubt about it. The assistant may have been off when they
/// were said. `before` begins with its newest message.
fn spoken_before(before: &[Message]) -> Option<Language> {
    before
        .iter()
        .filter(|message| message.author == Author::Customer && !message.revoked)
        .filter_map(|message| message.text.as_deref())
        .take(HEARD)
        .find_map(language)
}

fn heard(message: &Message) -> Heard {
    Heard {
        message: message.id,
        text: message.text.clone(),
        tap: choice(message.payload.as_ref()).filter(|_| is_tap(message.kind)),
    }
}

fn line(message: &Message) -> Option<Line> {
    if message.revoked || message.source == Source::Standby {
        return None;
    }
    let speaker = match message.author {
        Author::Customer => Speaker::Customer,
        Author::Bot => Speaker::Assistant,
        Author::Operator | Author::Phone => Speaker::Colleague,
        Author::System => return None,
    };
    let text: String = message.text.as_deref()?.chars().take(LONGEST_LINE).collect();
    (!text.trim().is_empty()).then_some(Line { speaker, text })
}

/// `before` begins with its newest message.
fn cadence(burst: &[Message], before: &[Message], now: Timestamp) -> Cadence {
    let mut lately: Vec<&Message> = before
        .iter()
        .rev()
        .chain(burst)
        .filter(|message| now.since(message.received_at) < LATELY)
        .filter(|message| message.author != Author::System)
        .collect();
    lately.sort_by_key(|message| message.place);
    let mut cadence = Cadence::default();
    let mut last: Option<&Message> = None;
    for message in &lately {
        if let Some(last) = last {
            cadence.alternations += u32::from(last.direction != message.direction);
            let answers = last.author == Author::Bot && message.direction == Direction::Inbound;
            let prompt = message.received_at.since(last.received_at) < PROMPT;
            cadence.prompt_replies += u32::from(answers && prompt);
        }
        last = Some(message);
    }
    if let Some(newest) = burst.last().and_then(|message| message.text.as_deref()) {
        let same = before
            .iter()
            .filter(|message| {
                message.direction == Direction::Inbound && now.since(message.received_at) < AN_HOUR
            })
            .take(8)
            .chain(burst)
            .filter_map(|message| message.text.as_deref())
            // Short words such as "ok" and "yes" are said often by people.
            .filter(|text| text.chars().count() > 12 && similarity(text, newest) >= ALIKE);
        cadence.alike = u32::try_from(same.count()).unwrap_or(u32::MAX);
    }
    cadence
}
