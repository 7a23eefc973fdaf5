//! Asking a customer for what the owner wants to know, behind an answer.

use super::{held_of, shop};
use crate::study::mind::Ready;
use assistant::Outcome;
use assistant::leads::{
    Heard, Held, History, Intake, IntakeQuestion, Question, Step, is_no_progress, merge, next_question, read,
    turn_kind,
};
use assistant::rules::{CannedText, Hours};
use assistant::think::{Situation, Speaker};
use domain::{AnswerStep, ConversationId, Verdict};
use store::{Reader, Store, StoreError};

/// Decisions among which earlier questions are looked for.
const DECISIONS: u32 = 60;
/// The longest text that goes with a file or with buttons, in characters (whatsapp-cloud-api, section 5).
const LONGEST_CAPTION: usize = 1_024;
/// The longest text.
const LONGEST: usize = 4_096;

/// What was learnt of the customer before.
struct Learnt {
    values: Vec<Held>,
    refused: Vec<String>,
    asked: Vec<String>,
    opted_out: bool,
    window_open: bool,
    own_number: Option<String>,
}

/// Adds one question to an answer when one may be asked now. Trouble with it is no reason to answer nothing.
pub(crate) async fn ask(
    store: &Store,
    ready: &Ready,
    conversation: ConversationId,
    situation: &Situation,
    outcome: &mut Outcome,
) {
    let answers = outcome.verdict == Verdict::Send
        && match outcome.step {
            Some(AnswerStep::Skill | AnswerStep::Knowledge | AnswerStep::Model) => true,
            Some(AnswerStep::Tap) => outcome.skill.is_some(),
            _ => false,
        };
    if !answers
        || ready.settings.intake.is_empty()
        || outcome.asked_field.is_some()
        || !outcome.buttons.is_empty()
    {
        return;
    }
    let now = situation.now;
    let learnt = store.read(move |reader| learnt(reader, conversation, now)).await;
    match learnt {
        Ok(learnt) => {
            if let Some(question) = question(ready, situation, outcome, learnt) {
                add(ready, outcome, question);
            }
        }
        Err(error) => tracing::warn!(%error, "nothing is asked beside the answer"),
    }
}

fn learnt(reader: Reader<'_>, id: ConversationId, now: domain::Timestamp) -> Result<Learnt, StoreError> {
    let conversation = reader.conversation(id)?;
    let channel = reader.channel(&conversation.channel_id)?;
    let lead = reader.lead_of_conversation(id)?;
    let values = match &lead {
        Some(lead) => held_of(&reader.lead_values(lead.id)?),
        None => Vec::new(),
    };
    let mut decisions = reader.decisions(id, DECISIONS)?;
    decisions.sort_by_key(|decision| decision.id);
    Ok(Learnt {
        values,
        refused: lead.as_ref().map(|lead| lead.refused.clone()).unwrap_or_default(),
        asked: decisions
            .into_iter()
            .filter(|decision| matches!(decision.verdict, Verdict::Send | Verdict::Draft))
            .filter_map(|decision| decision.asked_field)
            .collect(),
        opted_out: lead.is_some_and(|lead| lead.opted_out),
        window_open: conversation.window.is_open(now),
        own_number: channel.address,
    })
}

fn question(ready: &Ready, situation: &Situation, outcome: &Outcome, learnt: Learnt) -> Option<Question> {
    let words = situation.words();
    let shop = shop(&ready.settings, &ready.mind, learnt.own_number);
    // What the customer says in this very turn may not have been read yet.
    let mut values = learnt.values;
    for heard in &situation.burst {
        let Some(text) = heard.text.as_deref() else {
            continue;
        };
        let said = Heard {
            id: Some(heard.message),
            text,
            at: situation.now,
            language: outcome.language,
            skill: None,
        };
        for step in merge(&values, &read(&said, &shop)) {
            if let Step::Set(value) = step {
                values.retain(|held| held.value.field != value.field);
                values.push(Held { value, locked: false });
            }
        }
    }
    let mut turns = 1_u32;
    let mut before = None;
    for line in &situation.history {
        if line.speaker == Speaker::Customer && before != Some(Speaker::Customer) {
            turns = turns.saturating_add(1);
        }
        before = Some(line.speaker);
    }
    let lately = situation.last_of(Speaker::Customer, 1);
    let history = History {
        customer_turns: turns,
        refused: learnt.refused,
        asked: learnt.asked,
        kind: turn_kind(&words, &shop.services),
        answers: true,
        window_open: learnt.window_open,
        opted_out: learnt.opted_out || situation.stopped,
        no_progress: is_no_progress(&words) && lately.first().is_some_and(|text| is_no_progress(text)),
        language: outcome.language,
    };
    let intake = Intake {
        questions: ready
            .settings
            .intake
            .iter()
            .map(|setting| IntakeQuestion {
                field: setting.field.clone(),
                texts: setting
                    .question
                    .iter()
                    .map(|(language, text)| (language.parse().ok(), text.clone()))
                    .collect(),
                services: Vec::new(),
            })
            .collect(),
    };
    next_question(&intake, &values, &history)
}

fn add(ready: &Ready, outcome: &mut Outcome, question: Question) {
    let Some(text) = &outcome.text else { return };
    // That an assistant writes stands below everything it says.
    let language = outcome.language.unwrap_or(ready.mind.manner.language);
    let last_line = ready
        .mind
        .texts
        .text(CannedText::Disclaimer, language, Hours::Open);
    let (body, below) = match last_line
        .as_deref()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        Some(line) if text.trim_end().ends_with(line) => {
            let body = text.trim_end().strip_suffix(line).unwrap_or(text);
            (body, format!("\n\n{line}"))
        }
        _ => (text.as_str(), String::new()),
    };
    let asked = format!("{}\n\n{}{below}", body.trim_end(), question.text.trim());
    let longest = if outcome.file.is_some() {
        LONGEST_CAPTION
    } else {
        LONGEST
    };
    if asked.chars().count() <= longest {
        outcome.text = Some(asked);
        outcome.asked_field = Some(question.field);
    }
}
