//! Ten thousand days at a counter: customers, people, the assistant, the post room and crashes take turns in random
//! order, on a real database, and somebody who only watches what leaves never sees the assistant talk over a person.

use super::commit::{Circumstances, Committed, commit};
use crate::ingest::waking;
use assistant::Outcome;
use domain::{
    AnswerStep, Author, Because, BotMode, ChannelId, ChannelKind, ConversationId, Direction,
    EscalationReason, Forwarded, HeldBy, Holder, Identity, IdentityKind, MessageKind, OperatorPermit,
    OutboxId, Permit, Source, Timestamp, TurnId, TurnState, Verdict,
};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use store::{Access, Claim, NewChannel, NewInbound, NewOutbound, Store, StoreError, Turn, WriteTransaction};

/// Days that are played.
const RUNS: u64 = 10_000;
/// Days of one transaction.
const BATCH: u64 = 100;
/// Things that happen in a day.
const STEPS: u32 = 20;

/// Small numbers in an order that a seed decides (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// What the watcher knows, without asking the code under test.
#[derive(Debug)]
struct Watcher {
    global: BotMode,
    channel: BotMode,
    own: Option<BotMode>,
    held: bool,
    typed_at: Option<Timestamp>,
    /// Something was heard since the assistant last spoke.
    heard: bool,
    sent_for: HashMap<TurnId, u32>,
    begun: HashSet<OutboxId>,
    sent: u32,
}

impl Watcher {
    fn mode(&self) -> BotMode {
        self.global
            .min(self.channel)
            .min(self.own.unwrap_or(BotMode::Bot))
    }
}

struct Day<'a, 't> {
    t: &'a mut WriteTransaction<'t>,
    dice: Dice,
    now: Timestamp,
    channel: ChannelId,
    conversation: ConversationId,
    contact: domain::ContactId,
    working: Vec<Turn>,
    watcher: Watcher,
    names: u64,
    story: Vec<String>,
}

impl Day<'_, '_> {
    fn name(&mut self) -> String {
        self.names += 1;
        format!("{}.{}", self.conversation, self.names)
    }

    fn inbound(&mut self, direction: Direction, source: Source) -> Result<(), StoreError> {
        let provider_id = format!("wamid.{}", self.name());
        let late = if self.dice.roll(12) == 0 { 1_200 } else { 0 };
        let new = NewInbound {
            conversation_id: self.conversation,
            channel_id: self.channel.clone(),
            contact_id: self.contact,
            source,
            direction,
            sender: None,
            kind: MessageKind::Text,
            original_kind: "text".to_owned(),
            text: Some("When do you open?".to_owned()),
            provider_id,
            reply_to: None,
            sent_at: self.now.minus(Duration::from_secs(late)),
            received_at: self.now,
            payload: None,
            referral: None,
            raw: None,
            forwarded: Forwarded::No,
            opens_window: direction == Direction::Inbound,
            silence: None,
            reached: None,
            failure: None,
        };
        if let Some(id) = self.t.add_inbound(&new)? {
            waking::notice(self.t, id, &new)?;
        }
        Ok(())
    }

    fn outcome(&mut self) -> Outcome {
        let says = |verdict| {
            Outcome::says(
                verdict,
                AnswerStep::Skill,
                Because::Sure,
                "We open at nine.".to_owned(),
            )
        };
        match self.dice.roll(8) {
            0 => Outcome::silent(Because::Acknowledgement),
            1 => says(Verdict::Draft),
            2 => Outcome {
                escalation: Some(EscalationReason::Complaint),
                ..says(Verdict::Escalate)
            },
            3 => says(Verdict::Clarify),
            _ => says(Verdict::Send),
        }
    }

    fn step(&mut self) -> Result<(), StoreError> {
        self.now = self.now.plus(Duration::from_millis(200 + self.dice.roll(9_000)));
        let what = self.dice.roll(30);
        self.story.push(format!("{what} at {}", self.now.0));
        match what {
            0..=4 => {
                self.inbound(Direction::Inbound, Source::Live)?;
                self.watcher.heard = true;
            }
            5 | 6 => self.begin()?,
            7 | 8 => self.finish()?,
            9 | 10 => self.post()?,
            // Nothing happens in between.
            11..=19 => {
                self.begin()?;
                self.finish()?;
                self.post()?;
            }
            20 => {
                self.t.take_over(self.conversation, HeldBy::TakeOver, self.now)?;
                self.watcher.held = true;
            }
            21..=24 => {
                self.t.hand_back(self.conversation, HeldBy::HandBack, self.now)?;
                self.watcher.held = false;
                let open = self.t.read().burst(self.conversation)?.pop();
                if let Some(asked) =
                    open.filter(|_| self.dice.roll(2) == 0 && self.watcher.mode() != BotMode::Off)
                {
                    self.t.ask_turn(self.conversation, asked.id, false, self.now)?;
                }
            }
            25 => {
                self.inbound(Direction::Outbound, Source::Echo)?;
                self.watcher.held = true;
            }
            26 => self.change_mode()?,
            27 => self.type_or_stop()?,
            28 => self.write_by_hand()?,
            _ => {
                // The program ends in the middle of everything, and begins again.
                self.working.clear();
                self.t.resume_turns()?;
                self.t.name_interrupted_attempts()?;
            }
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        self.now = self.now.plus(Duration::from_secs(self.dice.roll(8)));
        for turn in self.t.read().due_turns(self.now, 100)? {
            if turn.conversation_id == self.conversation {
                self.working.extend(self.t.claim_turn(turn.id, self.now)?);
            }
        }
        Ok(())
    }

    /// A thought comes to its end, perhaps long after the world has moved on.
    fn finish(&mut self) -> Result<(), StoreError> {
        if self.working.is_empty() {
            return Ok(());
        }
        let place = usize::try_from(self.dice.roll(self.working.len() as u64)).unwrap_or(0);
        let turn = self.working.swap_remove(place);
        let outcome = self.outcome();
        let burst = self.t.read().burst(self.conversation)?;
        let newest = burst.last();
        let around = Circumstances {
            message: newest.map(|message| message.id),
            stale: newest.is_some_and(|message| self.now.since(message.sent_at) > domain::STALE),
            ..Circumstances::default()
        };
        let committed = commit(self.t, &turn, &outcome, &around, self.now)?;
        if committed == Committed::Queued {
            assert!(
                !self.watcher.held,
                "queued while a person holds: {:?}",
                self.story
            );
            assert_eq!(self.watcher.mode(), BotMode::Bot, "{:?}", self.story);
        }
        if self.watcher.mode() == BotMode::Off {
            assert_ne!(committed, Committed::Drafted, "a draft in off: {:?}", self.story);
        }
        Ok(())
    }

    /// The post room takes what is due; its answer may be lost in a crash.
    fn post(&mut self) -> Result<(), StoreError> {
        let due: Vec<_> = self
            .t
            .read()
            .due_attempts(self.now, 1_000)?
            .into_iter()
            .filter(|attempt| attempt.conversation_id == self.conversation)
            .collect();
        for attempt in due {
            let claimed = match self.t.claim_attempt(&attempt.id, self.now)? {
                Claim::Taken(claimed) => claimed,
                // As the post room does with what was written before the customer ever wrote.
                Claim::WindowClosed(attempt) => {
                    let closed = channels::whatsapp::errors::window_closed();
                    self.t.settle_unsent(&attempt.id, &closed)?;
                    continue;
                }
                Claim::Unwanted(_) | Claim::NotNow => continue,
            };
            let message = self.t.read().message(claimed.attempt.message_id)?;
            if message.author == Author::Bot {
                self.watch(&attempt.id, message.decision_id)?;
            }
            match self.dice.roll(5) {
                // The answer is lost.
                0 => self.t.settle_unknown(&attempt.id, "lost")?,
                1 => {}
                _ => {
                    let id = format!("wamid.out.{}", self.name());
                    self.t.settle_accepted(&attempt.id, &id, &[], self.now)?;
                }
            }
        }
        Ok(())
    }

    fn watch(&mut self, id: &OutboxId, decision: Option<domain::DecisionId>) -> Result<(), StoreError> {
        let decision = decision.map(|id| self.t.read().decision(id)).transpose()?;
        let story = &self.story;
        let watcher = &mut self.watcher;
        assert_eq!(watcher.mode(), BotMode::Bot, "sent in shadow or off: {story:?}");
        assert!(!watcher.held, "sent over a person: {story:?}");
        let typing = watcher
            .typed_at
            .is_some_and(|at| self.now.since(at) < domain::TYPING);
        assert!(!typing, "sent while somebody types: {story:?}");
        assert!(
            watcher.begun.insert(id.clone()),
            "sent again by itself: {story:?}"
        );
        // The promise of a person may leave although the customer has gone on writing; what they wrote is answered
        // apart.
        let promise = decision
            .as_ref()
            .is_some_and(|decision| decision.verdict == Verdict::Escalate);
        if !promise {
            assert!(watcher.heard, "sent twice in a row: {story:?}");
            watcher.heard = false;
        }
        watcher.sent += 1;
        if let Some(turn) = decision.and_then(|decision| decision.turn_id) {
            let sent = watcher.sent_for.entry(turn).or_default();
            *sent += 1;
            assert_eq!(*sent, 1, "two answers to one turn: {story:?}");
        }
        Ok(())
    }

    fn change_mode(&mut self) -> Result<(), StoreError> {
        // Bot more often than not, or little would leave that could be watched.
        let mode = match self.dice.roll(5) {
            0 => BotMode::Off,
            1 => BotMode::Shadow,
            _ => BotMode::Bot,
        };
        match self.dice.roll(3) {
            0 => {
                self.t.set_global_mode(mode)?;
                self.watcher.global = mode;
            }
            1 => {
                self.t.set_channel_mode(&self.channel.clone(), mode)?;
                self.watcher.channel = mode;
            }
            _ => {
                let own = (self.dice.roll(2) == 0).then_some(mode);
                self.t.set_conversation_mode(self.conversation, own, self.now)?;
                self.watcher.own = own;
            }
        }
        Ok(())
    }

    fn type_or_stop(&mut self) -> Result<(), StoreError> {
        let text = if self.dice.roll(3) == 0 { "half a wo" } else { "" };
        self.t.keep_composer_text(self.conversation, text, self.now)?;
        self.watcher.typed_at = (!text.is_empty()).then_some(self.now);
        Ok(())
    }

    fn write_by_hand(&mut self) -> Result<(), StoreError> {
        let id = OutboxId::from(format!("ob.{}", self.name()));
        let permit = OperatorPermit::by_command();
        let draft = self.t.read().pending_draft(self.conversation)?;
        if let Some(draft) = draft.filter(|_| self.dice.roll(2) == 0) {
            let new = NewOutbound::words(self.conversation, Author::Operator, draft.text, None);
            let waited = self.t.read().conversation(self.conversation)?.holder == Holder::WaitingHuman;
            self.t.add_approved(&new, &id, permit, self.now)?;
            self.watcher.held |= waited;
            return Ok(());
        }
        let new = NewOutbound::words(self.conversation, Author::Operator, "From nine".to_owned(), None);
        self.t
            .add_outbound(&new, &id, Permit::Operator(permit), self.now)?;
        self.watcher.held = true;
        Ok(())
    }
}

fn play(t: &mut WriteTransaction<'_>, channel: &ChannelId, seed: u64) -> Result<u32, StoreError> {
    let now = Timestamp(1_780_000_000_000 + i64::try_from(seed).unwrap_or(0) * 1_000_000);
    let who = Identity::new(IdentityKind::WaId, &format!("4470000{seed:06}"));
    let contact = t.find_or_add_contact(&who.into_iter().collect::<Vec<_>>(), None, now)?;
    let conversation = t.find_or_add_conversation(channel, contact, now)?;
    t.set_global_mode(BotMode::Bot)?;
    t.set_channel_mode(channel, BotMode::Bot)?;
    let mut day = Day {
        t,
        dice: Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
        now,
        channel: channel.clone(),
        conversation,
        contact,
        working: Vec::new(),
        watcher: Watcher {
            global: BotMode::Bot,
            channel: BotMode::Bot,
            own: None,
            held: false,
            typed_at: None,
            heard: false,
            sent_for: HashMap::new(),
            begun: HashSet::new(),
            sent: 0,
        },
        names: 0,
        story: vec![format!("seed {seed}")],
    };
    for _ in 0..STEPS {
        day.step()?;
    }
    let open = day.t.read().open_turn(conversation)?;
    assert!(open.is_none_or(|turn| matches!(turn.state, TurnState::Waiting | TurnState::Working)));
    // The shop closes: what waits leaves or is withdrawn, so that the next day begins with an empty tray.
    day.t.take_over(conversation, HeldBy::TakeOver, day.now)?;
    day.watcher.held = true;
    while day.t.read().waiting_attempts()? > 0 {
        day.t.name_interrupted_attempts()?;
        day.now = day.now.plus(Duration::from_secs(1));
        day.post()?;
    }
    Ok(day.watcher.sent)
}

#[tokio::test]
async fn in_ten_thousand_days_the_assistant_never_talks_over_a_person_nor_twice_for_one_turn() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Access::Write).unwrap();
    let channel = ChannelId::from("shop");
    let added = channel.clone();
    store
        .write(move |t| {
            let now = Timestamp(0);
            let endpoint_id = t.add_endpoint("/hooks/shop", ChannelKind::WhatsappCloud, "x", now)?;
            let new = NewChannel {
                id: added,
                endpoint_id,
                kind: ChannelKind::WhatsappCloud,
                name: "Shop".to_owned(),
                mode: BotMode::Bot,
                number_id: "1".to_owned(),
                account_id: None,
                address: None,
                api_url: "http://127.0.0.1:9".to_owned(),
                api_version: "v25.0".to_owned(),
            };
            t.put_channel(&new, now)?;
            Ok(())
        })
        .await
        .unwrap();
    let mut sent = 0;
    for batch in 0..RUNS / BATCH {
        let channel = channel.clone();
        sent += store
            .write(move |t| {
                let mut sent = 0;
                for seed in batch * BATCH..(batch + 1) * BATCH {
                    sent += play(t, &channel, seed + 1)?;
                }
                Ok(sent)
            })
            .await
            .unwrap();
    }
    assert!(sent > 5_000, "only {sent} answers left, so little was watched");
    store.close().await;
}
