//! Ten thousand days at a counter: customers, people, the assistant, the post room and crashes take turns in random
//! order, on real databases, and somebody who only watches what leaves never sees the assistant talk over a person.

mod watcher;

use super::commit::{Circumstances, Committed, commit};
use crate::ingest::waking;
use assistant::Outcome;
use domain::{
    AnswerStep, Author, Because, BotMode, ChannelId, ChannelKind, ConversationId, Direction,
    EscalationReason, Forwarded, HeldBy, Holder, Identity, IdentityKind, MessageId, MessageKind, Next,
    OperatorPermit, OutboxId, Permit, SendClass, SendFailure, Source, Timestamp, Verdict,
};
use futures_util::future::join_all;
use std::time::Duration;
use store::{Access, Claim, NewChannel, NewInbound, NewOutbound, Store, StoreError, Turn, WriteTransaction};
use watcher::{Dice, Leaving, Sights, Watcher};

/// Days that are played.
const RUNS: u64 = 10_000;
/// Shops they are played in at the same time, each with a database of its own.
const SHOPS: u64 = 4;
/// Days of one transaction.
const BATCH: u64 = 100;
/// Things that happen in a day.
const STEPS: u32 = 20;
/// How often everything the run is about has to be seen.
const OFTEN: u32 = 40;

/// A turn the assistant thinks about.
struct Thought {
    turn: Turn,
    /// How it looked when it began to think.
    around: Circumstances,
    /// How often the world had moved by then.
    seen: u64,
}

struct Day<'a, 't> {
    t: &'a mut WriteTransaction<'t>,
    dice: Dice,
    now: Timestamp,
    channel: ChannelId,
    conversation: ConversationId,
    contact: domain::ContactId,
    thoughts: Vec<Thought>,
    /// Requests on their way, and whether the assistant speaks in them.
    flights: Vec<(OutboxId, bool)>,
    watcher: Watcher,
    said: Option<MessageId>,
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
        // Every fifth delivery comes twice.
        let times = if self.dice.roll(5) == 0 { 2 } else { 1 };
        for _ in 0..times {
            if let Some(id) = self.t.add_inbound(&new)? {
                waking::notice(self.t, id, &new)?;
                self.said = (direction == Direction::Inbound).then_some(id).or(self.said);
            }
        }
        Ok(())
    }

    fn outcome(&mut self) -> Outcome {
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
        let what = self.dice.roll(36);
        self.story.push(format!("{what} at {}", self.now.0));
        match what {
            0..=6 => {
                self.watcher.customer_wrote();
                self.inbound(Direction::Inbound, Source::Live)?;
            }
            7 => self.begin()?,
            8 => self.finish()?,
            9 => self.post()?,
            10 => self.land()?,
            11..=13 => {
                self.begin()?;
                self.finish()?;
            }
            14..=16 => {
                self.begin()?;
                self.finish()?;
                self.post()?;
            }
            17..=20 => {
                self.begin()?;
                self.finish()?;
                self.post()?;
                self.land()?;
            }
            21 => {
                self.taken()?;
                self.t.take_over(self.conversation, HeldBy::TakeOver, self.now)?;
            }
            22..=24 => self.hand_back()?,
            25 if self.watcher.held => {
                self.t.hand_back(self.conversation, HeldBy::Returned, self.now)?;
                self.watcher.went_back(true);
            }
            26 => {
                self.taken()?;
                self.inbound(Direction::Outbound, Source::Echo)?;
            }
            27 | 28 => self.change_mode()?,
            29 | 30 => self.type_or_stop()?,
            31 => self.write_by_hand()?,
            32 => self.edit()?,
            33 => self.halt()?,
            34 => self.ask_for_draft()?,
            _ => self.crash()?,
        }
        Ok(())
    }

    /// A person becomes the holder, whatever is on its way.
    fn taken(&mut self) -> Result<(), StoreError> {
        self.watcher.sights.taken_in_flight += u32::from(self.flights.iter().any(|(_, bot)| *bot));
        self.watcher.sights.taken_in_queue += u32::from(self.bot_waits()?);
        self.watcher.person_holds();
        Ok(())
    }

    fn bot_waits(&self) -> Result<bool, StoreError> {
        let due = self.t.read().due_attempts(Timestamp(i64::MAX / 2), 1_000)?;
        let ours = |attempt: &&store::Attempt| attempt.conversation_id == self.conversation;
        Ok(due.iter().filter(ours).any(|attempt| attempt.by_bot))
    }

    fn hand_back(&mut self) -> Result<(), StoreError> {
        self.t.hand_back(self.conversation, HeldBy::HandBack, self.now)?;
        self.watcher.went_back(false);
        let open = self.t.read().burst(self.conversation)?.pop();
        if let Some(asked) = open.filter(|_| self.dice.roll(2) == 0 && self.watcher.mode() != BotMode::Off) {
            self.t.ask_turn(self.conversation, asked.id, false, self.now)?;
            self.watcher.asked_to_answer();
            self.watcher.sights.answer_now += 1;
        }
        Ok(())
    }

    /// The program ends in the middle of everything, and begins again.
    fn crash(&mut self) -> Result<(), StoreError> {
        let sights = self.bot_waits()?;
        self.watcher.sights.ended_in_queue += u32::from(sights);
        self.watcher.sights.ended_in_flight += u32::from(self.flights.iter().any(|(_, bot)| *bot));
        self.watcher.sights.ended_in_thought += u32::from(!self.thoughts.is_empty());
        self.thoughts.clear();
        self.flights.clear();
        self.t.resume_turns()?;
        self.t.name_interrupted_attempts()?;
        Ok(())
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        self.now = self.now.plus(Duration::from_secs(self.dice.roll(8)));
        for turn in self.t.read().due_turns(self.now, 100)? {
            if turn.conversation_id != self.conversation {
                continue;
            }
            let Some(turn) = self.t.claim_turn(turn.id, self.now)? else {
                continue;
            };
            let burst = self.t.read().burst(self.conversation)?;
            let newest = burst.last();
            let around = Circumstances {
                message: newest.map(|message| message.id),
                stale: newest.is_some_and(|message| self.now.since(message.sent_at) > domain::STALE),
                ..Circumstances::default()
            };
            self.thoughts.push(Thought {
                turn,
                around,
                seen: self.watcher.moves,
            });
        }
        Ok(())
    }

    /// A thought comes to its end, perhaps long after the world has moved on.
    fn finish(&mut self) -> Result<(), StoreError> {
        if self.thoughts.is_empty() {
            return Ok(());
        }
        let outcome = self.outcome();
        let place = usize::try_from(self.dice.roll(self.thoughts.len() as u64)).unwrap_or(0);
        self.decide(place, &outcome)
    }

    fn decide(&mut self, place: usize, outcome: &Outcome) -> Result<(), StoreError> {
        let thought = self.thoughts.swap_remove(place);
        let (seen, asked) = (thought.seen, thought.turn.asked);
        let is_stale = seen != self.watcher.moves;
        let promise = outcome.verdict == Verdict::Escalate;
        match commit(self.t, &thought.turn, outcome, &thought.around, self.now)? {
            Committed::Queued => self.watcher.queued(seen, asked, promise, &self.story),
            Committed::Drafted => self.watcher.drafted(seen, asked, &self.story),
            Committed::Silent => {
                let why = self.t.read().turn(thought.turn.id)?.decision_id;
                if let Some(why) = why.map(|id| self.t.read().decision(id)).transpose()? {
                    self.watcher.kept_quiet(why.because, &self.story);
                }
            }
            Committed::Again | Committed::Gone => {
                self.watcher.sights.overtaken += u32::from(is_stale);
            }
        }
        Ok(())
    }

    /// The post room takes what is due.
    fn post(&mut self) -> Result<(), StoreError> {
        let due = self.t.read().due_attempts(self.now, 1_000)?;
        for attempt in due {
            if attempt.conversation_id != self.conversation {
                continue;
            }
            if attempt.by_bot {
                self.watcher.sights.typed_in_queue += u32::from(self.watcher.types(self.now));
                self.watcher.sights.mode_in_queue += u32::from(self.watcher.mode() != BotMode::Bot);
            }
            let claimed = match self.t.claim_attempt(&attempt.id, self.now)? {
                Claim::Taken(claimed) => claimed,
                // As the post room does with what was written before the customer ever wrote.
                Claim::WindowClosed(attempt) => {
                    let closed = channels::whatsapp::errors::window_closed();
                    self.t.settle_unsent(&attempt.id, &closed)?;
                    continue;
                }
                Claim::NotNow if attempt.by_bot => {
                    let open = self.t.read().open_turn(self.conversation)?.is_some();
                    let kept = self.t.read().pending_draft(self.conversation)?.is_some();
                    let nothing_left = self.t.read().burst(self.conversation)?.is_empty();
                    self.watcher.withdrew(open, kept, nothing_left, &self.story);
                    continue;
                }
                Claim::Unwanted(_) | Claim::NotNow => continue,
            };
            let message = self.t.read().message(claimed.attempt.message_id)?;
            let is_bot = message.author == Author::Bot;
            if is_bot {
                let decision = message
                    .decision_id
                    .map(|id| self.t.read().decision(id))
                    .transpose()?;
                let what = Leaving::of(decision.as_ref());
                self.watcher.begins(&attempt.id, what, self.now, &self.story);
            }
            self.flights.push((attempt.id, is_bot));
        }
        Ok(())
    }

    /// Answers to requests come, or are lost.
    fn land(&mut self) -> Result<(), StoreError> {
        for (id, is_bot) in std::mem::take(&mut self.flights) {
            match self.dice.roll(8) {
                0 => self.t.settle_unknown(&id, "lost")?,
                1 => self.flights.push((id, is_bot)),
                2 => {
                    self.t.settle_refused(
                        &id,
                        &busy(),
                        Next::Retry(self.now.plus(Duration::from_secs(2))),
                    )?;
                    self.watcher.refused(&id);
                }
                _ => {
                    let provider_id = format!("wamid.out.{}", self.name());
                    self.t.settle_accepted(&id, &provider_id, &[], self.now)?;
                }
            }
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
        let before = self.watcher.mode();
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
        self.watcher.mode_became(before);
        Ok(())
    }

    fn type_or_stop(&mut self) -> Result<(), StoreError> {
        let text = if self.dice.roll(2) == 0 { "half a wo" } else { "" };
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
            self.watcher.person_answers();
            if waited {
                self.watcher.person_holds();
            }
            return Ok(());
        }
        self.taken()?;
        let new = NewOutbound::words(self.conversation, Author::Operator, "From nine".to_owned(), None);
        self.t
            .add_outbound(&new, &id, Permit::Operator(permit), self.now)?;
        Ok(())
    }

    /// The customer changes what they said last.
    fn edit(&mut self) -> Result<(), StoreError> {
        let Some(said) = self.said else {
            return Ok(());
        };
        let name = self.name();
        let text = format!("When do you open on day {}?", self.names);
        self.t
            .edit_message(said, &format!("wamid.edit.{name}"), Some(&text), None, self.now)?;
        self.watcher.customer_edited();
        Ok(())
    }

    fn halt(&mut self) -> Result<(), StoreError> {
        self.watcher.sights.halted_in_queue += u32::from(self.bot_waits()?);
        self.t.halt_assistant(self.conversation, self.now)?;
        self.watcher.stopped();
        Ok(())
    }

    fn ask_for_draft(&mut self) -> Result<(), StoreError> {
        if self.watcher.mode() == BotMode::Off {
            return Ok(());
        }
        if let Some(asked) = self.t.read().burst(self.conversation)?.pop() {
            self.t.ask_turn(self.conversation, asked.id, true, self.now)?;
            self.watcher.asked_to_answer();
        }
        Ok(())
    }

    fn is_done(&self) -> Result<bool, StoreError> {
        let reader = self.t.read();
        Ok(reader.open_turn(self.conversation)?.is_none() && reader.waiting_attempts()? == 0)
    }

    /// Nothing happens any more: everything that was begun comes to its end, and nobody is forgotten on the way.
    fn calm_down(&mut self) -> Result<(), StoreError> {
        self.t.keep_composer_text(self.conversation, "", self.now)?;
        self.watcher.typed_at = None;
        for _ in 0..8 {
            if self.flights.is_empty() && self.is_done()? {
                break;
            }
            self.now = self.now.plus(Duration::from_secs(30));
            self.begin()?;
            while !self.thoughts.is_empty() {
                self.decide(0, &says(Verdict::Send))?;
            }
            self.post()?;
            for (id, _) in std::mem::take(&mut self.flights) {
                let provider_id = format!("wamid.out.{}", self.name());
                self.t.settle_accepted(&id, &provider_id, &[], self.now)?;
            }
        }
        assert!(
            self.is_done()?,
            "a turn never ends, or a message never leaves: {:?}",
            self.story
        );
        self.watcher.all_is_done(&self.story);
        Ok(())
    }
}

fn says(verdict: Verdict) -> Outcome {
    Outcome::says(
        verdict,
        AnswerStep::Skill,
        Because::Sure,
        "We open at nine.".to_owned(),
    )
}

/// The provider has no time for a message and does not take it.
fn busy() -> SendFailure {
    SendFailure {
        class: SendClass::Transient { tries: 5 },
        code: Some(131_016),
        subcode: None,
        title: "Service unavailable".to_owned(),
        detail: None,
        retry_after: None,
    }
}

fn play(t: &mut WriteTransaction<'_>, channel: &ChannelId, seed: u64) -> Result<Sights, StoreError> {
    let now = Timestamp(1_780_000_000_000 + i64::try_from(seed).unwrap_or(0) * 1_000_000);
    let who = Identity::new(IdentityKind::WaId, &format!("4470000{seed:06}"));
    let contact = t.find_or_add_contact(&who.into_iter().collect::<Vec<_>>(), None, now)?;
    let conversation = t.find_or_add_conversation(channel, contact, now)?;
    t.set_global_mode(BotMode::Bot)?;
    t.set_channel_mode(channel, BotMode::Bot)?;
    let mut day = Day {
        t,
        dice: Dice::new(seed),
        now,
        channel: channel.clone(),
        conversation,
        contact,
        thoughts: Vec::new(),
        flights: Vec::new(),
        watcher: Watcher::new(),
        said: None,
        names: 0,
        story: vec![format!("seed {seed}")],
    };
    for _ in 0..STEPS {
        day.step()?;
    }
    day.calm_down()?;
    Ok(day.watcher.sights)
}

/// Plays the days of one shop.
async fn shop(number: u64) -> Sights {
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
    let mut seen = Sights::default();
    let days = RUNS / SHOPS;
    for batch in 0..days / BATCH {
        let channel = channel.clone();
        let first = number * days + batch * BATCH + 1;
        let sights = store
            .write(move |t| {
                let mut seen = Sights::default();
                for seed in first..first + BATCH {
                    seen = seen.add(play(t, &channel, seed)?);
                }
                Ok(seen)
            })
            .await
            .unwrap();
        seen = seen.add(sights);
    }
    store.close().await;
    seen
}

#[tokio::test]
async fn in_ten_thousand_days_the_assistant_never_talks_over_a_person_nor_twice_for_one_turn() {
    let shops = join_all((0..SHOPS).map(shop)).await;
    let seen = shops.into_iter().fold(Sights::default(), Sights::add);
    for (what, number) in seen.all() {
        assert!(number >= OFTEN, "{what}: {number} of {seen:?}");
    }
    assert!(seen.sent > 5_000, "little was watched: {seen:?}");
}
