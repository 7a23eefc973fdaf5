//! What the assistant thought about two conversations that turn out to be one, and are parted again.

use crate::shop::{NINE, Shop, at, wa_id};
use domain::{
    AnswerStep, Because, BotMode, ContactId, ConversationId, DecisionId, DraftState, Identity, IdentityKind,
    TurnState, Verdict,
};
use store::{Decision, NewDraft};

fn bsuid(value: &str) -> Identity {
    Identity::new(IdentityKind::Bsuid, value).unwrap()
}

fn decision(conversation: ConversationId) -> Decision {
    Decision {
        id: DecisionId(0),
        turn_id: None,
        conversation_id: conversation,
        message_id: None,
        mode: BotMode::Shadow,
        verdict: Verdict::Draft,
        step: Some(AnswerStep::Skill),
        because: Because::Shadow,
        escalation: None,
        skill: None,
        confidence: None,
        language: None,
        text: Some("We open at nine.".to_owned()),
        asked_field: None,
        trace: serde_json::json!({}),
        model_call_id: None,
        took_ms: 0,
        created_at: at(5),
    }
}

struct Two {
    shop: Shop,
    kept: ContactId,
    first: ConversationId,
    second: ConversationId,
}

impl Two {
    /// Two people in shadow mode; for the second one a draft waits, and another message was said since.
    async fn meet(mode: BotMode) -> Self {
        let shop = Shop::open().await;
        let (first, _) = shop.text("447700900001", "wamid.1", "Hello", at(0)).await;
        let (second, message) = shop
            .text("447700900002", "wamid.2", "When do you open?", at(10))
            .await;
        let (kept, message) = (shop.conversation(first).await.contact_id, message.unwrap());
        shop.store
            .write(move |t| {
                t.unite(&[wa_id("447700900002"), bsuid("GB.2")], NINE)?;
                let channel = t.read().conversation(first)?.channel_id;
                t.set_channel_mode(&channel, mode)?;
                let decided = t.add_decision(&decision(second))?;
                t.open_turn(second, message, at(12), at(10))?;
                t.add_draft(
                    &NewDraft {
                        conversation_id: second,
                        decision_id: decided,
                        text: "We open at nine.".to_owned(),
                        payload: None,
                        file: None,
                        blind: false,
                        expires_at: at(9_000),
                    },
                    at(11),
                )?;
                Ok(())
            })
            .await
            .unwrap();
        Self {
            shop,
            kept,
            first,
            second,
        }
    }

    async fn unite(&self) {
        self.shop
            .store
            .write(|t| t.find_or_add_contact(&[bsuid("GB.2"), wa_id("447700900001")], None, at(20)))
            .await
            .unwrap();
    }

    async fn part(&self) {
        let kept = self.kept;
        self.shop
            .store
            .write(move |t| {
                let merge = t.read().merges_into(kept)?.first().map(|merge| merge.id).unwrap();
                t.undo_merge(merge, at(40))
            })
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn a_draft_for_half_of_what_was_said_is_superseded_and_all_of_it_is_answered_anew() {
    let two = Two::meet(BotMode::Shadow).await;
    two.unite().await;
    let (first, second) = (two.first, two.second);
    let (drafts, decisions, turn, gone, due) = two
        .shop
        .store
        .read(move |r| {
            Ok((
                r.drafts(Some(first), true, 10)?,
                r.decisions(first, 10)?,
                r.open_turn(first)?,
                (r.open_turn(second)?, r.pending_draft(second)?),
                r.due_turns(at(60), 10)?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(
        drafts.len(),
        1,
        "the draft is seen where the conversation goes on"
    );
    assert_eq!(drafts[0].state, DraftState::Superseded);
    assert_eq!(decisions.len(), 1);
    assert_eq!(turn.map(|turn| turn.state), Some(TurnState::Waiting));
    assert!(gone.0.is_none() && gone.1.is_none(), "{gone:?}");
    assert_eq!(due.len(), 1, "one turn answers both");
    assert_eq!(due[0].conversation_id, first);
}

#[tokio::test]
async fn what_was_thought_goes_back_when_two_people_are_parted_and_both_are_answered() {
    let two = Two::meet(BotMode::Shadow).await;
    two.unite().await;
    two.part().await;
    let (first, second) = (two.first, two.second);
    let (drafts, decisions, turns) = two
        .shop
        .store
        .read(move |r| {
            Ok((
                (
                    r.drafts(Some(first), true, 10)?,
                    r.drafts(Some(second), true, 10)?,
                ),
                (r.decisions(first, 10)?, r.decisions(second, 10)?),
                (r.open_turn(first)?, r.open_turn(second)?),
            ))
        })
        .await
        .unwrap();
    assert!(drafts.0.is_empty());
    assert_eq!(drafts.1.len(), 1);
    assert!(decisions.0.is_empty());
    assert_eq!(decisions.1.len(), 1);
    assert!(turns.0.is_some() && turns.1.is_some(), "{turns:?}");
}

#[tokio::test]
async fn nothing_is_taken_up_where_the_assistant_is_off() {
    let two = Two::meet(BotMode::Off).await;
    two.unite().await;
    let first = two.first;
    let (turn, draft) = two
        .shop
        .store
        .read(move |r| Ok((r.open_turn(first)?, r.pending_draft(first)?)))
        .await
        .unwrap();
    assert!(turn.is_none() && draft.is_none(), "{turn:?} {draft:?}");
}
