//! What a decision changes, in one transaction that looks once more whether it may.
//!
//! Between the moment a turn was begun and this one anything may have happened: the customer wrote again, a person
//! answered on the phone, somebody switched the assistant off. So everything is read anew here, next to the write.

use crate::commands::{outbox_id, wire_word};
use assistant::Outcome;
use channels::whatsapp::compose::{Button, Composition, compose};
use domain::{
    AnswerStep, Author, Because, BotMode, DRAFT_LIFE, DecisionId, EscalationReason, Holder, MUTE, MessageId,
    MessageKind, Standing, Timestamp, TurnState, Verdict, Wish, is_blank, permit, route,
};
use serde_json::Value;
use std::time::Duration;
use store::{BotPost, Decision, NewDraft, NewOutbound, StoreError, StoredFile, Turn, WriteTransaction};

/// How long a turn rests that was overtaken by something which opened no turn of its own.
const AGAIN: Duration = Duration::from_millis(500);

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Committed {
    /// A message of the assistant waits in the outbox.
    Queued,
    /// A draft waits for a person.
    Drafted,
    /// Nothing is said.
    Silent,
    /// The turn is looked at again.
    Again,
    /// The turn is somebody else's by now; nothing was written.
    Gone,
}

/// What goes along with a decision.
#[derive(Debug, Clone, Default)]
pub(crate) struct Circumstances {
    /// The customer's last message that was looked at.
    pub(crate) message: Option<MessageId>,
    /// Whether that is too old to be answered without a person.
    pub(crate) stale: bool,
    /// Whether two programs seem to talk with each other.
    pub(crate) looping: bool,
    /// A file that goes with the answer.
    pub(crate) file: Option<(StoredFile, MessageKind)>,
    /// What was asked of a language model.
    pub(crate) model_call: Option<i64>,
    /// How long it took.
    pub(crate) took: Duration,
    /// Whether a draft is hidden until the operator has answered.
    pub(crate) blind: bool,
}

/// Carries a decision out as far as it may be. `turn` is the turn as it was when work began.
pub(crate) fn commit(
    transaction: &mut WriteTransaction<'_>,
    turn: &Turn,
    outcome: &Outcome,
    around: &Circumstances,
    now: Timestamp,
) -> Result<Committed, StoreError> {
    let today = transaction.read().turn(turn.id)?;
    if today.state != TurnState::Working || today.attempt != turn.attempt {
        return Ok(Committed::Gone);
    }
    let conversation = today.conversation_id;
    let standing = transaction.read().standing(conversation, now)?;
    let considered = considered(&standing, turn.asked);
    if let Err(because) = considered {
        // A person is at it, or the assistant was switched off.
        let quiet = Outcome {
            verdict: Verdict::Silent,
            because,
            ..outcome.clone()
        };
        let decision = write_down(transaction, turn, &quiet, around, BotMode::Off, now)?;
        transaction.end_turn(turn.id, TurnState::Cancelled, Some(decision))?;
        return Ok(Committed::Silent);
    }
    if standing.epoch != turn.epoch {
        transaction.postpone_turn(turn.id, now.plus(AGAIN))?;
        return Ok(Committed::Again);
    }
    learn(transaction, turn, outcome, around, now)?;
    let committed = Work {
        transaction,
        turn,
        outcome,
        around,
        standing,
        now,
    }
    .carry_out()?;
    Ok(committed)
}

/// The mode in which the turn is considered, or why it is not. What an operator asked for is drafted whoever holds the
/// conversation, unless the assistant is off.
fn considered(standing: &Standing, asked: bool) -> Result<BotMode, Because> {
    match route(None, standing) {
        Err(Because::Held) if asked => Ok(BotMode::Shadow),
        Ok(mode) if asked => Ok(mode.min(BotMode::Shadow)),
        routed => routed,
    }
}

/// What is learnt from the turn whatever is answered.
fn learn(
    transaction: &mut WriteTransaction<'_>,
    turn: &Turn,
    outcome: &Outcome,
    around: &Circumstances,
    now: Timestamp,
) -> Result<(), StoreError> {
    let conversation = turn.conversation_id;
    if let Some(language) = outcome.spoken {
        transaction.note_language(conversation, language)?;
    }
    if let Some((message, meant)) = around.message.zip(outcome.label) {
        transaction.note_label(message, meant, "tap", now)?;
    }
    if let Some(reason) = outcome.attention {
        transaction.raise_attention(conversation, reason, now)?;
    }
    if around.looping {
        transaction.mute_assistant(conversation, now.plus(MUTE))?;
        transaction.raise_attention(conversation, EscalationReason::Loop, now)?;
    }
    if outcome.stop == Some(false) {
        transaction.note_stop(conversation, None)?;
    }
    Ok(())
}

struct Work<'a, 't> {
    transaction: &'a mut WriteTransaction<'t>,
    turn: &'a Turn,
    outcome: &'a Outcome,
    around: &'a Circumstances,
    standing: Standing,
    now: Timestamp,
}

impl Work<'_, '_> {
    fn carry_out(mut self) -> Result<Committed, StoreError> {
        match self.outcome.verdict {
            Verdict::Silent | Verdict::Draft if self.fetches() => self.fetch(),
            Verdict::Silent => self.keep_quiet(self.outcome.because),
            Verdict::Draft => self.draft(self.outcome.because),
            Verdict::Escalate => self.escalate(),
            Verdict::Send | Verdict::Clarify => {
                let wish = self.wish(false)?;
                // The loop was found in this very turn, and whoever says "go on" has said so in it.
                let standing = Standing {
                    muted: self.standing.muted || self.around.looping,
                    stopped: self.standing.stopped && self.outcome.stop != Some(false),
                    ..self.standing
                };
                self.say(&standing, &wish, self.outcome.because)
            }
        }
    }

    fn wish(&mut self, handover: bool) -> Result<Wish, StoreError> {
        Ok(Wish {
            epoch: self.turn.epoch,
            autonomy: self.outcome.autonomy,
            stale: self.around.stale,
            answered: self.transaction.read().is_answered(self.turn.id)?,
            handover,
        })
    }

    /// Whether a check stopped what the assistant would have said by itself: then a person has to answer.
    fn fetches(&self) -> bool {
        self.outcome.because == Because::Guard
            && self.standing.mode == BotMode::Bot
            && self.standing.holder == Holder::Assistant
            && !self.turn.asked
    }

    /// Keeps what was stopped as a draft, if anything may be seen of it, asks for a person and tells the customer so.
    fn fetch(&mut self) -> Result<Committed, StoreError> {
        let conversation = self.turn.conversation_id;
        self.transaction
            .ask_for_person(conversation, EscalationReason::Guard, self.now)?;
        let wish = Wish {
            autonomy: BotMode::Bot,
            ..self.wish(true)?
        };
        let standing = Standing {
            muted: self.standing.muted || self.around.looping,
            returned: self.standing.returned,
            ..self.transaction.read().standing(conversation, self.now)?
        };
        let committed = self.draft(Because::Guard)?;
        let decision = self.transaction.read().turn(self.turn.id)?.decision_id;
        let promise = self.outcome.promise.clone().zip(decision);
        let (Some((text, decision)), Ok(permit)) = (promise, permit(&standing, &wish)) else {
            return Ok(committed);
        };
        let new = NewOutbound::words(conversation, Author::Bot, text, None);
        let post = BotPost {
            turn: Some(self.turn.id),
            decision,
            handover: true,
        };
        self.transaction
            .add_bot_message(&new, &outbox_id(), permit, post, self.now)?;
        Ok(Committed::Queued)
    }

    /// Says it, drafts it, or leaves it, as the rules have it.
    fn say(&mut self, standing: &Standing, wish: &Wish, because: Because) -> Result<Committed, StoreError> {
        if self.turn.asked {
            return self.draft(Because::Requested);
        }
        match permit(standing, wish) {
            Ok(permit) => self.post(permit, because, wish.handover),
            Err(refused) if refused.leaves_draft() => self.draft(refused),
            Err(refused) => self.keep_quiet(refused),
        }
    }

    fn post(
        &mut self,
        permit: domain::BotPermit,
        because: Because,
        handover: bool,
    ) -> Result<Committed, StoreError> {
        let outcome = Outcome {
            because,
            ..self.outcome.clone()
        };
        let Some(new) = self.message() else {
            return self.keep_quiet(Because::Technical);
        };
        let decision = self.write_down(&outcome)?;
        let post = BotPost {
            turn: Some(self.turn.id),
            decision,
            handover,
        };
        self.transaction
            .add_bot_message(&new, &outbox_id(), permit, post, self.now)?;
        if outcome.stop == Some(true) {
            // The one confirmation still leaves: it was judged before the customer counted as stopped.
            self.transaction
                .note_stop(self.turn.conversation_id, Some(self.now))?;
        }
        self.end(decision)?;
        Ok(Committed::Queued)
    }

    fn message(&self) -> Option<NewOutbound> {
        let text = self.outcome.text.clone().filter(|text| !is_blank(text))?;
        let mut new = NewOutbound::words(self.turn.conversation_id, Author::Bot, text, None);
        if let Some(payload) = self.payload() {
            new.kind = MessageKind::Interactive;
            "interactive".clone_into(&mut new.original_kind);
            new.payload = Some(payload);
        } else if let Some((file, kind)) = &self.around.file {
            // The words stand below the file.
            new.kind = *kind;
            wire_word(*kind).clone_into(&mut new.original_kind);
            new.files = vec![file.clone()];
        }
        Some(new)
    }

    /// Buttons as the provider takes them. What cannot be put into that form is said in words alone.
    fn payload(&self) -> Option<Value> {
        if self.outcome.buttons.is_empty() {
            return None;
        }
        let composition = Composition::Buttons {
            header: None,
            body: self.outcome.text.clone()?,
            footer: None,
            buttons: self
                .outcome
                .buttons
                .iter()
                .map(|button| Button {
                    id: Some(button.id.clone()),
                    title: button.title.clone(),
                })
                .collect(),
        };
        compose(&composition).ok().map(|composed| composed.payload)
    }

    fn draft(&mut self, because: Because) -> Result<Committed, StoreError> {
        let Some(text) = self.outcome.text.clone().filter(|text| !text.trim().is_empty()) else {
            return self.keep_quiet(because);
        };
        let outcome = Outcome {
            verdict: Verdict::Draft,
            because,
            ..self.outcome.clone()
        };
        let decision = self.write_down(&outcome)?;
        let conversation = self.transaction.read().conversation(self.turn.conversation_id)?;
        let life = self.now.plus(DRAFT_LIFE);
        let new = NewDraft {
            conversation_id: conversation.id,
            decision_id: decision,
            text,
            payload: self.payload(),
            file: self.outcome.file.clone(),
            // What a check stopped has to be seen by whoever answers now.
            blind: self.around.blind && !self.turn.asked && because != Because::Guard,
            // After the window has closed nobody can send it as it is.
            expires_at: conversation.window.closes_at().map_or(life, |end| end.min(life)),
        };
        self.transaction.add_draft(&new, self.now)?;
        if outcome.stop == Some(true) {
            self.transaction.note_stop(conversation.id, Some(self.now))?;
        }
        self.end(decision)?;
        Ok(Committed::Drafted)
    }

    fn keep_quiet(&mut self, because: Because) -> Result<Committed, StoreError> {
        let outcome = Outcome {
            verdict: Verdict::Silent,
            because,
            ..self.outcome.clone()
        };
        let decision = self.write_down(&outcome)?;
        if outcome.stop == Some(true) {
            self.transaction
                .note_stop(self.turn.conversation_id, Some(self.now))?;
        }
        self.end(decision)?;
        Ok(Committed::Silent)
    }

    /// Asks for a person and tells the customer so, both or neither.
    fn escalate(&mut self) -> Result<Committed, StoreError> {
        let reason = self.outcome.escalation.unwrap_or(EscalationReason::Technical);
        if self.standing.holder == Holder::WaitingHuman || self.turn.asked {
            // A person was asked for already and the customer knows.
            return match self.outcome.step {
                Some(AnswerStep::Skill | AnswerStep::Knowledge | AnswerStep::Model) => {
                    self.draft(Because::WaitingHuman)
                }
                _ => self.keep_quiet(Because::WaitingHuman),
            };
        }
        let conversation = self.turn.conversation_id;
        self.transaction.ask_for_person(conversation, reason, self.now)?;
        let wish = self.wish(true)?;
        let standing = Standing {
            muted: self.standing.muted || self.around.looping,
            // The first words after a return by itself are drafted, these too.
            returned: self.standing.returned,
            ..self.transaction.read().standing(conversation, self.now)?
        };
        self.say(&standing, &wish, Because::Escalated)
    }

    fn write_down(&mut self, outcome: &Outcome) -> Result<DecisionId, StoreError> {
        write_down(
            self.transaction,
            self.turn,
            outcome,
            self.around,
            self.standing.mode,
            self.now,
        )
    }

    fn end(&mut self, decision: DecisionId) -> Result<(), StoreError> {
        self.transaction.clear_return(self.turn.conversation_id)?;
        self.transaction
            .end_turn(self.turn.id, TurnState::Done, Some(decision))
    }
}

fn write_down(
    transaction: &mut WriteTransaction<'_>,
    turn: &Turn,
    outcome: &Outcome,
    around: &Circumstances,
    mode: BotMode,
    now: Timestamp,
) -> Result<DecisionId, StoreError> {
    transaction.add_decision(&Decision {
        id: DecisionId(0),
        turn_id: Some(turn.id),
        conversation_id: turn.conversation_id,
        message_id: around.message,
        mode,
        verdict: outcome.verdict,
        step: outcome.step,
        because: outcome.because,
        escalation: outcome.escalation,
        skill: outcome.skill,
        confidence: outcome.confidence,
        language: outcome.language,
        text: outcome.text.clone(),
        asked_field: outcome.asked_field.clone(),
        trace: outcome.trace(),
        model_call_id: around.model_call,
        took_ms: i64::try_from(around.took.as_millis()).unwrap_or(i64::MAX),
        created_at: now,
    })
}
