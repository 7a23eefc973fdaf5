//! What the assistant is told of a conversation before it thinks.

use crate::ingest::waking::{choice, is_tap};
use assistant::ReplyButton;
use assistant::text::similarity;
use assistant::think::{Heard, Line, Situation, Speaker};
use domain::{
    AnswerStep, Author, Because, Cadence, ChannelKind, ConversationId, Direction, MessageId, STALE, Source,
    Timestamp, Verdict,
};
use std::time::Duration;
use store::{Message, Reader, StoreError};

/// Messages before the turn that are looked at.
const HISTORY: u32 = 40;
/// Characters of each that are looked at.
const LONGEST_LINE: usize = 500;
/// An answer that comes sooner than this was not typed by a person.
const PROMPT: Duration = Duration::from_secs(3);
/// How long a notice holds.
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
pub(crate) fn scene(reader: Reader<'_>, id: ConversationId, now: Timestamp) -> Result<Scene, StoreError> {
    let conversation = reader.conversation(id)?;
    let channel = reader.channel(&conversation.channel_id)?;
    let burst = reader.burst(conversation.id)?;
    let first = burst.first().map(|message| message.place);
    let before: Vec<Message> = reader.thread(conversation.id, first, HISTORY)?;
    let decisions = reader.decisions(conversation.id, 2)?;
    let missed = |step: Option<AnswerStep>| step == Some(AnswerStep::Fallback);
    let asked = decisions
        .iter()
        .find(|decision| decision.verdict == Verdict::Clarify);
    let choices = asked
        .and_then(|decision| decision.trace.get("buttons"))
        .and_then(|buttons| serde_json::from_value::<Vec<ReplyButton>>(buttons.clone()).ok())
        .unwrap_or_default();
    let history: Vec<Line> = before.iter().rev().filter_map(line).collect();
    let since_person = before
        .iter()
        .take_while(|message| !matches!(message.author, Author::Operator | Author::Phone));
    let first_words = !since_person
        .into_iter()
        .any(|message| message.author == Author::Bot);
    let newest = burst.last();
    let cadence = cadence(&burst, &before, now);
    Ok(Scene {
        message: newest.map(|message| message.id),
        stale: newest.is_some_and(|message| now.since(message.sent_at) > STALE),
        cadence,
        situation: Situation {
            burst: burst.iter().map(heard).collect(),
            history,
            misses: decisions.iter().filter(|decision| missed(decision.step)).count(),
            asked_lately: asked.is_some(),
            choices,
            language: conversation.language,
            customer: conversation.contact_name,
            stopped: conversation.stopped_at.is_some(),
            first_words,
            file_noticed: reader.said_lately(conversation.id, Because::FileOnly, now.minus(A_DAY))?,
            buttons: channel.kind == ChannelKind::WhatsappCloud,
            now,
        },
    })
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
            .filter(|message| message.direction == Direction::Inbound)
            .take(8)
            .chain(burst)
            .filter_map(|message| message.text.as_deref())
            // Short words such as "ok" and "yes" are said often by people.
            .filter(|text| text.chars().count() > 12 && similarity(text, newest) >= ALIKE);
        cadence.alike = u32::try_from(same.count()).unwrap_or(u32::MAX);
    }
    cadence
}
