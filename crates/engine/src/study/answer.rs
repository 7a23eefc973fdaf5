//! One turn, from its claim to its decision.

use super::ask::{self, About};
use super::commit::{Circumstances, Committed, commit};
use super::mind::{self, Ready};
use super::room::Study;
use super::situation::{Scene, scene};
use super::writing::Page;
use crate::commands::outbox_id;
use crate::media::intake::take_out;
use assistant::rules::{CannedText, Hours};
use assistant::think::{self, Thought};
use assistant::{Outcome, SourceKind};
use domain::{
    AnswerStep, Author, Because, BotMode, DecisionId, EscalationReason, MessageKind, Timestamp, Verdict,
    Wish, is_loop, permit,
};
use std::time::{Duration, Instant};
use store::{Asking, BotPost, Decision, NewOutbound, StoreError, StoredFile, Turn};
use tokio_util::sync::CancellationToken;

/// After so long it is no news to a customer that they still wait.
const STILL_NEWS: Duration = Duration::from_hours(2);
/// How often a turn may fail before a person is asked for.
const MOST_FAILURES: u32 = 5;
/// How long a turn rests whose decision could not be written down.
const TROUBLE: Duration = Duration::from_secs(2);
/// One draft in so many stays hidden, when the owner wants to learn what they write without it.
const BLIND: u8 = 10;

/// Brings a turn to its end, whatever the end is.
pub(super) async fn work(study: &Study, turn: Turn, stop: CancellationToken) {
    let id = turn.id;
    let done = tokio::select! {
        done = decide(study, &turn) => done,
        () = stop.cancelled() => return,
    };
    match done {
        Ok(committed) => tracing::debug!(turn = %id, ?committed, "a turn was decided"),
        Err(StoreError::Closed) => {}
        Err(error) => {
            tracing::error!(turn = %id, %error, "a turn could not be decided; it is taken up again");
            let at = study.clock.now().plus(TROUBLE);
            if let Err(error) = study.store.write(move |t| t.fail_turn(id, at)).await {
                tracing::error!(turn = %id, %error, "a turn is taken up again at the next start");
            }
        }
    }
}

async fn decide(study: &Study, turn: &Turn) -> Result<Committed, StoreError> {
    let begun = Instant::now();
    let (conversation, now) = (turn.conversation_id, study.clock.now());
    let looks_back = turn.looks_back;
    let Scene {
        situation,
        message,
        stale,
        cadence,
    } = study
        .store
        .read(move |reader| scene(reader, conversation, looks_back, now))
        .await?;
    let mut around = Circumstances {
        message,
        stale,
        looping: is_loop(cadence),
        ..Circumstances::default()
    };
    let ready = study.minds.ready(&study.store).await;
    around.blind = ready.as_ref().is_ok_and(|ready| ready.settings.blind_sample) && drawn(BLIND);
    // What grows is not shown where the draft it becomes is to be hidden. It is taken away after the commit, when what
    // stands in its place is there.
    let page = study.writings.page(conversation, turn.id);
    let page = (turn.asked || !around.blind).then_some(&page);
    let mut outcome = match &ready {
        Ok(ready) if turn.failures >= MOST_FAILURES => broken(ready, &situation),
        Ok(ready) => answer(study, ready, turn, &situation, (&mut around, page)).await?,
        // What cannot be read about the assistant's own settings means silence, and a person is told.
        Err(trouble) => {
            tracing::error!(trouble, "the assistant's settings cannot be read");
            Outcome {
                attention: Some(EscalationReason::Technical),
                ..Outcome::silent(Because::Technical)
            }
        }
    };
    if let Ok(ready) = &ready {
        crate::leads::intake::ask(&study.store, ready, conversation, &situation, &mut outcome).await;
    }
    // Nobody sweeps the file away before the message names it.
    let naming = study.cellar.naming().await;
    around.file = match &outcome.file {
        Some(sha256) => stored_file(study, sha256, &outcome).await,
        None => None,
    };
    if outcome.file.is_some() && around.file.is_none() && outcome.verdict != Verdict::Silent {
        // The words go alone, and somebody has to attach the file again.
        outcome.attention = Some(EscalationReason::Technical);
    }
    around.took = begun.elapsed();
    let (turn, now) = (turn.clone(), study.clock.now());
    let committed = study
        .store
        .write(move |transaction| commit(transaction, &turn, &outcome, &around, now))
        .await;
    drop(naming);
    committed
}

/// Thinks: rules and skills, then the knowledge base, then the language model if there is one, then the canned text.
async fn answer(
    study: &Study,
    ready: &Ready,
    turn: &Turn,
    situation: &think::Situation,
    (around, page): (&mut Circumstances, Option<&Page>),
) -> Result<Outcome, StoreError> {
    let mind = &ready.mind;
    let search = match think::think(mind, situation) {
        Thought::Decided(outcome) => return Ok(*outcome),
        Thought::Search(search) => search,
    };
    let found = mind::look_up(&study.store, ready, &search.question, situation.now).await;
    let mut outcome = match &found {
        Ok(found) => {
            let quote = think::read(mind, situation, &search, found);
            let is_enough = quote.as_ref().is_some_and(|quote| quote.verdict == Verdict::Send);
            let said = if is_enough {
                None
            } else {
                let about = About {
                    ready,
                    situation,
                    search: &search,
                    found,
                };
                let (said, call) = ask::ask(study, turn, about, page).await?;
                around.model_call = call;
                said
            };
            ask::better(said, quote).unwrap_or_else(|| think::give_up(mind, situation, &search))
        }
        Err(error) => {
            tracing::error!(%error, "the knowledge base could not be read");
            think::give_up(mind, situation, &search)
        }
    };
    if found.is_err() || mind.trouble.is_some() {
        outcome.attention = Some(EscalationReason::Technical);
    }
    Ok(outcome)
}

/// The turn came to no end again and again: a person is asked for, and the customer is told so.
fn broken(ready: &Ready, situation: &think::Situation) -> Outcome {
    let language = situation.language.unwrap_or(ready.mind.manner.language);
    think::escalation(
        &ready.mind,
        EscalationReason::Technical,
        language,
        situation.now,
        AnswerStep::Rule,
    )
}

/// Makes the file of a skill ready to go with the answer. Without it the words go alone.
async fn stored_file(study: &Study, sha256: &str, outcome: &Outcome) -> Option<(StoredFile, MessageKind)> {
    let skill = outcome
        .sources
        .iter()
        .find(|source| source.kind == SourceKind::Skill);
    take_out(&study.cellar, sha256, skill.map(|source| source.title.clone())).await
}

/// Whether this one of `number` was drawn.
fn drawn(number: u8) -> bool {
    let mut byte = [0_u8; 1];
    getrandom::fill(&mut byte).is_ok() && byte[0] % number == 0
}

/// Reminds the operator of a customer who waits for a person. After half an hour the customer is told once that they
/// were not forgotten, if the assistant may speak.
pub(super) async fn remind(
    study: &Study,
    waits: Asking,
    reminders: usize,
    now: Timestamp,
) -> Result<(), StoreError> {
    let last = reminders >= super::room::REMINDERS.len();
    let text = if last && now.since(waits.since) < STILL_NEWS {
        match study.minds.ready(&study.store).await {
            // Nobody is coming at night: the words then are those of the promise.
            Ok(ready) if ready.mind.is_open(now) == Some(false) => None,
            Ok(ready) => {
                let conversation = waits.conversation_id;
                let known = study.store.read(move |r| r.conversation(conversation)).await?;
                let language = known.language.unwrap_or(ready.mind.manner.language);
                ready
                    .mind
                    .texts
                    .text(CannedText::StillWaiting, language, Hours::Open)
            }
            Err(_) => None,
        }
    } else {
        None
    };
    let number = u32::try_from(reminders).unwrap_or(u32::MAX);
    study
        .store
        .write(move |transaction| {
            let id = waits.conversation_id;
            let today = transaction.read().conversation(id)?;
            if today.holder != domain::Holder::WaitingHuman || today.held_since != Some(waits.since) {
                return Ok(());
            }
            transaction.note_reminder(id, number)?;
            let standing = transaction.read().standing(id, now)?;
            let wish = Wish {
                epoch: standing.epoch,
                autonomy: BotMode::Bot,
                stale: false,
                answered: false,
                handover: true,
            };
            let (Some(text), Ok(permit)) = (text, permit(&standing, &wish)) else {
                return Ok(());
            };
            let decision = transaction.add_decision(&Decision {
                id: DecisionId(0),
                turn_id: None,
                conversation_id: id,
                message_id: None,
                mode: standing.mode,
                verdict: Verdict::Send,
                step: Some(AnswerStep::Rule),
                because: Because::StillWaiting,
                escalation: None,
                skill: None,
                confidence: None,
                language: today.language,
                text: Some(text.clone()),
                asked_field: None,
                trace: serde_json::Value::Object(serde_json::Map::new()),
                model_call_id: None,
                took_ms: 0,
                created_at: now,
            })?;
            let post = BotPost {
                turn: None,
                decision,
                handover: true,
            };
            let new = NewOutbound::words(id, Author::Bot, text, None);
            transaction.add_bot_message(&new, &outbox_id(), permit, post, now)?;
            Ok(())
        })
        .await
}
