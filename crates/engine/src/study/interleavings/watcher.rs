//! Somebody at the counter who knows the rules and nothing of the code: what has happened, what may leave, and what was
//! seen how often.

use domain::{Because, BotMode, OutboxId, Timestamp, TurnId, Verdict};
use std::collections::HashMap;

/// Small numbers in an order that a seed decides (xorshift).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// How often something was seen that a run must not miss.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Sights {
    /// Answers of the assistant that left.
    pub(super) sent: u32,
    /// A person took over, here or on the phone, while a request was on its way.
    pub(super) taken_in_flight: u32,
    /// A person took over while an answer waited to leave.
    pub(super) taken_in_queue: u32,
    /// The program ended between the decision and the request.
    pub(super) ended_in_queue: u32,
    /// The program ended while a request was on its way.
    pub(super) ended_in_flight: u32,
    /// The program ended while the assistant thought.
    pub(super) ended_in_thought: u32,
    /// A conversation was handed back with the open question to be answered now.
    pub(super) answer_now: u32,
    /// The first answer after a return by itself was drafted.
    pub(super) returned: u32,
    /// An answer that was refused left at a second try.
    pub(super) second_try: u32,
    /// Something moved on while the assistant thought, and nothing came of the thought.
    pub(super) overtaken: u32,
    /// An answer waited to leave while somebody typed.
    pub(super) typed_in_queue: u32,
    /// An answer waited to leave while the mode was not bot.
    pub(super) mode_in_queue: u32,
    /// An answer waited to leave when somebody stopped it.
    pub(super) halted_in_queue: u32,
    /// A draft somebody asked for was made.
    pub(super) asked: u32,
}

impl Sights {
    /// The number of each, with its name.
    pub(super) const fn all(&self) -> [(&'static str, u32); 14] {
        [
            ("sent", self.sent),
            ("taken over in flight", self.taken_in_flight),
            ("taken over in the queue", self.taken_in_queue),
            ("ended in the queue", self.ended_in_queue),
            ("ended in flight", self.ended_in_flight),
            ("ended in thought", self.ended_in_thought),
            ("answered now", self.answer_now),
            ("returned by itself", self.returned),
            ("second try", self.second_try),
            ("overtaken", self.overtaken),
            ("typed in the queue", self.typed_in_queue),
            ("another mode in the queue", self.mode_in_queue),
            ("halted in the queue", self.halted_in_queue),
            ("asked for", self.asked),
        ]
    }

    pub(super) const fn add(self, other: Self) -> Self {
        Self {
            sent: self.sent + other.sent,
            taken_in_flight: self.taken_in_flight + other.taken_in_flight,
            taken_in_queue: self.taken_in_queue + other.taken_in_queue,
            ended_in_queue: self.ended_in_queue + other.ended_in_queue,
            ended_in_flight: self.ended_in_flight + other.ended_in_flight,
            ended_in_thought: self.ended_in_thought + other.ended_in_thought,
            answer_now: self.answer_now + other.answer_now,
            returned: self.returned + other.returned,
            second_try: self.second_try + other.second_try,
            overtaken: self.overtaken + other.overtaken,
            typed_in_queue: self.typed_in_queue + other.typed_in_queue,
            mode_in_queue: self.mode_in_queue + other.mode_in_queue,
            halted_in_queue: self.halted_in_queue + other.halted_in_queue,
            asked: self.asked + other.asked,
        }
    }
}

/// What is known of a request that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// The provider has it, or may have it.
    MayHaveArrived,
    /// The provider said no.
    Refused,
}

/// What a message of the assistant's is, as far as the rules ask.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leaving {
    /// The turn it answers.
    pub(super) turn: Option<TurnId>,
    /// Whether it tells the customer that a person will answer.
    pub(super) promise: bool,
}

impl Leaving {
    pub(super) fn of(decision: Option<&store::Decision>) -> Self {
        Self {
            turn: decision.and_then(|decision| decision.turn_id),
            promise: decision.is_some_and(|decision| decision.verdict == Verdict::Escalate),
        }
    }
}

/// What the watcher knows, without asking the code under test.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug)]
pub(super) struct Watcher {
    pub(super) global: BotMode,
    pub(super) channel: BotMode,
    pub(super) own: Option<BotMode>,
    pub(super) held: bool,
    /// It came back by itself, and nothing was decided since.
    pub(super) returned: bool,
    /// Somebody stopped the assistant, and nothing was said or asked for since.
    halted: bool,
    /// A person looked after it, and nothing was said or asked for since.
    seen_to: bool,
    pub(super) typed_at: Option<Timestamp>,
    /// Something was heard since the assistant last spoke.
    heard: bool,
    /// Something was said or asked for that has to be decided about, and nobody has yet.
    pub(super) waits: bool,
    /// Raised by everything that makes a thought stale.
    pub(super) moves: u64,
    sent_for: HashMap<TurnId, u32>,
    fates: HashMap<OutboxId, Fate>,
    leaving: HashMap<OutboxId, Leaving>,
    pub(super) sights: Sights,
}

impl Watcher {
    pub(super) fn new() -> Self {
        Self {
            global: BotMode::Bot,
            channel: BotMode::Bot,
            own: None,
            held: false,
            returned: false,
            halted: false,
            seen_to: false,
            typed_at: None,
            heard: false,
            waits: false,
            moves: 0,
            sent_for: HashMap::new(),
            fates: HashMap::new(),
            leaving: HashMap::new(),
            sights: Sights::default(),
        }
    }

    pub(super) fn mode(&self) -> BotMode {
        self.global
            .min(self.channel)
            .min(self.own.unwrap_or(BotMode::Bot))
    }

    pub(super) fn types(&self, now: Timestamp) -> bool {
        self.typed_at.is_some_and(|at| now.since(at) < domain::TYPING)
    }

    pub(super) fn customer_wrote(&mut self) {
        self.heard = true;
        self.halted = false;
        self.seen_to = false;
        self.waits |= !self.held && self.mode() != BotMode::Off;
        self.moves += 1;
    }

    /// What was proposed is proposed anew, and may be said by then.
    pub(super) const fn customer_edited(&mut self) {
        self.halted = false;
        self.moves += 1;
    }

    pub(super) const fn person_holds(&mut self) {
        self.held = true;
        self.person_answers();
    }

    pub(super) const fn person_answers(&mut self) {
        self.returned = false;
        self.waits = false;
        self.seen_to = true;
        self.moves += 1;
    }

    pub(super) const fn stopped(&mut self) {
        self.halted = true;
        self.seen_to = true;
        self.waits = false;
        self.moves += 1;
    }

    pub(super) const fn asked_to_answer(&mut self) {
        self.halted = false;
        self.seen_to = false;
        self.waits = true;
    }

    pub(super) const fn went_back(&mut self, by_itself: bool) {
        self.held = false;
        self.returned = by_itself;
        self.seen_to |= !by_itself;
        self.moves += 1;
    }

    pub(super) fn mode_became(&mut self, before: BotMode) {
        if self.mode() != before {
            self.moves += 1;
            // Whatever is open may be left alone now.
            self.waits &= self.mode() != BotMode::Off;
        }
    }

    const fn decided(&mut self) {
        self.returned = false;
        self.waits = false;
    }

    /// The assistant decided to speak in a turn that it began to think about after `seen` moves.
    pub(super) fn queued(&mut self, seen: u64, asked: bool, promise: bool, story: &[String]) {
        assert!(!self.held, "queued while a person holds: {story:?}");
        assert_eq!(self.mode(), BotMode::Bot, "queued in shadow or off: {story:?}");
        assert_eq!(seen, self.moves, "queued although it was overtaken: {story:?}");
        // Who asks for a person is promised one at once, also then.
        assert!(
            !self.returned || promise,
            "queued right after a return by itself: {story:?}"
        );
        assert!(!asked, "queued although only a draft was asked for: {story:?}");
        self.decided();
    }

    pub(super) fn drafted(&mut self, seen: u64, asked: bool, story: &[String]) {
        assert_ne!(self.mode(), BotMode::Off, "a draft in off: {story:?}");
        assert_eq!(seen, self.moves, "a draft of what was overtaken: {story:?}");
        assert!(!self.held || asked, "a draft beside a person: {story:?}");
        self.sights.returned += u32::from(self.returned);
        self.sights.asked += u32::from(asked);
        self.decided();
    }

    /// A request for a message of the assistant's begins now.
    pub(super) fn begins(&mut self, id: &OutboxId, what: Leaving, now: Timestamp, story: &[String]) {
        assert_eq!(self.mode(), BotMode::Bot, "sent in shadow or off: {story:?}");
        assert!(!self.held, "sent over a person: {story:?}");
        assert!(!self.types(now), "sent while somebody types: {story:?}");
        assert!(!self.halted, "sent although somebody stopped it: {story:?}");
        assert!(!self.returned, "sent right after a return by itself: {story:?}");
        let before = self.fates.insert(id.clone(), Fate::MayHaveArrived);
        assert_ne!(
            before,
            Some(Fate::MayHaveArrived),
            "sent again by itself: {story:?}"
        );
        self.sights.second_try += u32::from(before.is_some());
        self.leaving.insert(id.clone(), what);
        // The promise of a person may leave although the customer has gone on writing; what they wrote is answered
        // apart.
        if !what.promise {
            assert!(self.heard, "sent twice in a row: {story:?}");
            self.heard = false;
        }
        self.sights.sent += 1;
        if let Some(turn) = what.turn {
            let sent = self.sent_for.entry(turn).or_default();
            *sent += 1;
            assert_eq!(*sent, 1, "two answers to one turn: {story:?}");
        }
    }

    /// The provider said no: it has nothing of it.
    pub(super) fn refused(&mut self, id: &OutboxId) {
        let Some(what) = self.leaving.get(id) else {
            return;
        };
        self.fates.insert(id.clone(), Fate::Refused);
        self.heard |= !what.promise;
        self.sights.sent = self.sights.sent.saturating_sub(1);
        if let Some(sent) = what.turn.and_then(|turn| self.sent_for.get_mut(&turn)) {
            *sent = sent.saturating_sub(1);
        }
    }

    /// The assistant kept quiet about a turn, for a reason.
    pub(super) fn kept_quiet(&mut self, because: Because, story: &[String]) {
        let newer = because == Because::Overtaken;
        assert!(
            !newer,
            "quiet about what was overtaken, and nobody looks again: {story:?}"
        );
        self.decided();
    }

    /// An answer that waited to leave did not leave after all. What it answered is `open` again, or its words are kept
    /// as a draft, or there is nothing left to answer; else a customer would be forgotten.
    pub(super) fn withdrew(&mut self, open: bool, kept: bool, nothing_left: bool, story: &[String]) {
        let may_speak = !self.held && !self.seen_to && self.mode() != BotMode::Off;
        assert!(
            open || kept || nothing_left || !may_speak,
            "withdrawn and forgotten: {story:?}"
        );
        self.waits |= open && !self.held && self.mode() != BotMode::Off;
    }

    /// Everything has come to its end.
    pub(super) fn all_is_done(&self, story: &[String]) {
        assert!(!self.waits, "nobody has decided about what was said: {story:?}");
    }
}
