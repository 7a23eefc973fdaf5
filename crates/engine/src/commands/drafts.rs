//! What an operator makes of the assistant's proposals.

use super::sending::caption_for;
use super::{CommandError, outbox_id, wire_word};
use crate::engine::Engine;
use crate::media::intake::take_out;
use assistant::guards::facts_changed;
use channels::whatsapp::compose::split_text;
use domain::{
    Author, BotMode, ConversationId, DismissReason, DraftId, DraftState, MessageId, MessageKind,
    OperatorPermit, Permit, SkillId, is_blank, is_light_edit, share_changed,
};
use serde_json::Value;
use store::{Draft, DraftOutcome, NewOutbound, StoreError, StoredFile, WriteTransaction};

/// Reasons in a person's own words have at most so many characters.
const LONGEST_REASON: usize = 500;

impl Engine {
    /// Sends a draft: as it is when `text` is none or says the same, else what the operator made of it. When it was hardly
    /// changed the assistant stays the one who answers.
    pub async fn approve_draft(&self, id: DraftId, text: Option<String>) -> Result<MessageId, CommandError> {
        let now = self.now();
        let draft = self.store().read(move |reader| reader.draft(id)).await?;
        if draft.blind && draft.state == DraftState::Pending && text.is_none() {
            return Err(CommandError::Misfit {
                field: "draft_id".to_owned(),
                sentence: "This draft is hidden until you have answered. Write your own answer.".to_owned(),
            });
        }
        let text = match text {
            Some(text) if is_blank(&text) => return Err(CommandError::EmptyText),
            Some(text) => text.trim_end().to_owned(),
            None => draft.text.clone(),
        };
        let length = text.chars().count();
        if split_text(&text).len() > 1 {
            return Err(CommandError::TextTooLong(length));
        }
        self.check_window(draft.conversation_id).await?;
        // Nobody sweeps the file away before the message names it.
        let naming = self.cellar().naming().await;
        let file = match &draft.file {
            Some(sha256) => {
                let decision = draft.decision_id;
                let decision = self.store().read(move |reader| reader.decision(decision)).await?;
                let skill = decision.trace.pointer("/sources/0/title").and_then(Value::as_str);
                take_out(self.cellar(), sha256, skill.map(str::to_owned)).await
            }
            None => None,
        };
        if let Some((_, kind)) = &file {
            caption_for(*kind, Some(text.clone()))?;
        }
        let work = move |transaction: &mut WriteTransaction<'_>| approve(transaction, id, &text, file, now);
        let message = self.store().write(work).await?;
        drop(naming);
        self.answered(draft.conversation_id).await;
        Ok(message)
    }

    /// Puts a draft away. `reason` is one of `domain::DismissReason`, or words of the operator's own.
    pub async fn dismiss_draft(&self, id: DraftId, reason: &str) -> Result<(), CommandError> {
        let now = self.now();
        let reason: String = reason.trim().chars().take(LONGEST_REASON).collect();
        let work = move |transaction: &mut WriteTransaction<'_>| {
            let draft = transaction.waiting_draft(id)?;
            transaction.decide_draft(
                id,
                &DraftOutcome {
                    state: DraftState::Dismissed,
                    message_id: None,
                    final_text: None,
                    distance: None,
                    facts_changed: None,
                    reason: Some(reason.clone()).filter(|reason| !reason.is_empty()),
                },
                now,
            )?;
            if reason == DismissReason::Wrong.as_str() {
                // What was meant is none of what was proposed.
                note_meaning(transaction, &draft, None, "draft_edited", now)?;
            }
            Ok(())
        };
        Ok(self.store().write(work).await?)
    }

    /// Asks the assistant for a draft of what was said last, whoever holds the conversation.
    pub async fn request_draft(&self, conversation: ConversationId) -> Result<(), CommandError> {
        let now = self.now();
        let work = move |transaction: &mut WriteTransaction<'_>| {
            let known = transaction.read().conversation(conversation)?;
            if known.effective_mode == BotMode::Off {
                return Err(StoreError::Conflict(
                    "The assistant is off here, so it drafts nothing. Let it draft first.".to_owned(),
                ));
            }
            let Some(asked) = transaction.read().open_question(known.id)?.pop() else {
                return Err(StoreError::Conflict(
                    "The customer has been answered already; there is nothing to draft an answer to."
                        .to_owned(),
                ));
            };
            transaction.ask_turn(known.id, asked.id, true, now)
        };
        Ok(self.store().write(work).await?)
    }

    /// Stops what the assistant is about to say in a conversation. It may answer what is said next.
    pub async fn halt(&self, conversation: ConversationId) -> Result<(), CommandError> {
        let now = self.now();
        let work =
            move |transaction: &mut WriteTransaction<'_>| transaction.halt_assistant(conversation, now);
        Ok(self.store().write(work).await?)
    }

    /// Notes what a customer's message meant.
    pub async fn label_message(
        &self,
        message: MessageId,
        skill: Option<SkillId>,
        add_example: bool,
    ) -> Result<(), CommandError> {
        let now = self.now();
        let work = move |transaction: &mut WriteTransaction<'_>| {
            transaction.note_label(message, skill, "manual", now)?;
            let Some(skill) = skill else {
                return Ok(());
            };
            let mut known = transaction.read().skill(skill)?;
            let text = transaction.read().message(message)?.text.unwrap_or_default();
            let text = text.trim();
            if add_example && !text.is_empty() && !known.examples.iter().any(|old| old.text == text) {
                known.examples.push(domain::Example {
                    text: text.to_owned(),
                    language: assistant::text::language(text),
                    negative: false,
                });
                transaction.save_skill(&known, None, now)?;
            }
            Ok(())
        };
        self.store().write(work).await?;
        self.minds().forget();
        Ok(())
    }
}

fn approve(
    transaction: &mut WriteTransaction<'_>,
    id: DraftId,
    text: &str,
    file: Option<(StoredFile, MessageKind)>,
    now: domain::Timestamp,
) -> Result<MessageId, StoreError> {
    let draft = transaction.waiting_draft(id)?;
    let same = draft.text.split_whitespace().eq(text.split_whitespace());
    let (distance, facts) = if same {
        (0.0, Vec::new())
    } else {
        (share_changed(&draft.text, text), facts_changed(&draft.text, text))
    };
    let mut new = NewOutbound::words(draft.conversation_id, Author::Operator, text.to_owned(), None);
    if let Some(payload) = draft.payload.clone().filter(|_| same) {
        new.kind = MessageKind::Interactive;
        "interactive".clone_into(&mut new.original_kind);
        new.payload = Some(payload);
    } else if let Some((file, kind)) = file {
        // The words stand below the file.
        new.kind = kind;
        wire_word(kind).clone_into(&mut new.original_kind);
        new.files = vec![file];
    }
    let outcome = |message| DraftOutcome {
        state: if same {
            DraftState::Sent
        } else {
            DraftState::Edited
        },
        message_id: Some(message),
        final_text: Some(text.to_owned()),
        distance: Some(distance),
        facts_changed: Some(serde_json::json!(facts)),
        reason: None,
    };
    // The draft is decided before the message retires what waits.
    transaction.decide_draft(
        id,
        &DraftOutcome {
            message_id: None,
            ..outcome(MessageId(0))
        },
        now,
    )?;
    let permit = OperatorPermit::by_command();
    let light = is_light_edit(distance, !facts.is_empty());
    let message = if light {
        transaction.add_approved(&new, &outbox_id(), permit, now)?
    } else {
        transaction.add_outbound(&new, &outbox_id(), Permit::Operator(permit), now)?
    };
    transaction.name_sent_draft(id, message)?;
    if light {
        let meant = transaction.read().decision(draft.decision_id)?.skill;
        if let Some((skill, _)) = meant {
            note_meaning(transaction, &draft, Some(skill), "draft_sent", now)?;
        }
    }
    Ok(message)
}

/// Notes what the customer's message behind a draft meant, when a skill had proposed the answer.
fn note_meaning(
    transaction: &mut WriteTransaction<'_>,
    draft: &Draft,
    skill: Option<SkillId>,
    source: &str,
    now: domain::Timestamp,
) -> Result<(), StoreError> {
    let decision = transaction.read().decision(draft.decision_id)?;
    match decision.message_id.filter(|_| decision.skill.is_some()) {
        Some(message) => transaction.note_label(message, skill, source, now),
        None => Ok(()),
    }
}
