//! Whether the assistant considers a message, and whether what it wrote may leave. Pure functions of what the
//! database says at that moment; only they make a [`BotPermit`].

use crate::channel::BotMode;
use crate::conversation::Holder;
use crate::message::Silence;
use crate::send::BotPermit;
use crate::text_enum::text_enum;
use std::time::Duration;

text_enum! {
    /// Why the assistant spoke, drafted or kept quiet. One word for each reason a window tells.
    Because {
        /// The mode is off.
        Off = "off",
        /// A person holds the conversation.
        Held = "held",
        /// A person was asked for and has not come yet.
        WaitingHuman = "waiting_human",
        /// It is about the person or the connection, not something they said.
        Notice = "notice",
        /// A business said it.
        Outbound = "outbound",
        /// It was said before this number was connected.
        History = "history",
        /// Another program answers here.
        Standby = "standby",
        /// It was said in a group.
        Group = "group",
        /// The provider did not pass its content on.
        Unsupported = "unsupported",
        /// It is a picture without words that answers nothing.
        Sticker = "sticker",
        /// The customer is blocked.
        Blocked = "blocked",
        /// The customer told the assistant to stop.
        Stopped = "stopped",
        /// It is "thanks" or the like and asks nothing.
        Acknowledgement = "acknowledgement",
        /// A file, a voice message or a picture came without words.
        FileOnly = "file_only",
        /// The mode is shadow.
        Shadow = "shadow",
        /// The skill may only draft.
        SkillShadow = "skill_shadow",
        /// The text it rests on is not for sending without a person.
        NotQuotable = "not_quotable",
        /// Somebody types in the composer.
        Typing = "typing",
        /// The message is older than a quarter of an hour.
        Stale = "stale",
        /// The conversation came back by itself, so the first answer is only drafted.
        Returned = "returned",
        /// The service window is closed, or about to.
        WindowClosed = "window_closed",
        /// It has answered here often enough for now.
        Budget = "budget",
        /// Two programs seem to talk with each other.
        Loop = "loop",
        /// It is not sure enough.
        NotSure = "not_sure",
        /// A check stopped the text.
        Guard = "guard",
        /// It would say the same again.
        Again = "again",
        /// It found nothing to answer with.
        NothingFound = "nothing_found",
        /// Something newer happened while it thought.
        Overtaken = "overtaken",
        /// The turn has its answer already.
        Answered = "answered",
        /// The number was disconnected.
        Disconnected = "disconnected",
        /// A person stopped it.
        Halted = "halted",
        /// The words are exactly those of an example.
        Exact = "exact",
        /// It is sure which skill is meant.
        Sure = "sure",
        /// The customer tapped a button.
        Tapped = "tapped",
        /// The knowledge base says so.
        Quoted = "quoted",
        /// A language model wrote it from sources, and every check passed.
        Grounded = "grounded",
        /// It asks which of a few things was meant.
        Asks = "asks",
        /// It has no answer and says so.
        Fallback = "fallback",
        /// A person is needed, and the customer is told.
        Escalated = "escalated",
        /// The customer said stop, which is confirmed once.
        StopConfirmed = "stop_confirmed",
        /// The customer still waits for a person and is told that it was not forgotten.
        StillWaiting = "still_waiting",
        /// An operator asked for a draft.
        Requested = "requested",
        /// Something broke.
        Technical = "technical",
    }
}

impl Because {
    /// Whether an answer that may not leave for this reason is worth a person's look.
    pub const fn leaves_draft(self) -> bool {
        matches!(
            self,
            Self::WaitingHuman
                | Self::Shadow
                | Self::SkillShadow
                | Self::NotQuotable
                | Self::Typing
                | Self::Stale
                | Self::Returned
                | Self::Budget
                | Self::Loop
                | Self::NotSure
                | Self::Guard
                | Self::Again
                | Self::Requested
        )
    }
}

impl From<Silence> for Because {
    fn from(silence: Silence) -> Self {
        match silence {
            Silence::Notice => Self::Notice,
            Silence::Outbound => Self::Outbound,
            Silence::History => Self::History,
            Silence::Standby => Self::Standby,
            Silence::Group => Self::Group,
            Silence::Unsupported => Self::Unsupported,
            Silence::Sticker => Self::Sticker,
        }
    }
}

text_enum! {
    /// What made somebody the holder of a conversation.
    HeldBy {
        /// They wrote.
        Typed = "typed",
        /// They took it.
        TakeOver = "take_over",
        /// They wrote on the phone.
        Phone = "phone",
        /// The assistant asked for a person.
        Escalation = "escalation",
        /// They gave it back.
        HandBack = "hand_back",
        /// It went back by itself.
        Returned = "returned",
    }
}

/// How a conversation stands when a decision is made about it. Read in the transaction that acts on it.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The mode that applies; off when it cannot be read.
    pub mode: BotMode,
    /// Whose turn it is to speak.
    pub holder: Holder,
    /// Raised by everything that makes an answer stale.
    pub epoch: i64,
    /// Whether the service window is open and stays so for long enough to send.
    pub window_open: bool,
    /// Whether somebody types in the composer.
    pub typing: bool,
    /// Whether the conversation came back by itself and nothing was decided since.
    pub returned: bool,
    /// Whether the customer told the assistant to stop.
    pub stopped: bool,
    /// Whether the customer is blocked.
    pub blocked: bool,
    /// Whether another program answers here.
    pub standby: bool,
    /// Whether the assistant keeps quiet for a while because of a loop.
    pub muted: bool,
    /// Whether the number is connected.
    pub connected: bool,
    /// Whether it has answered here often enough for now.
    pub budget_spent: bool,
}

/// What the assistant wants to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// The conversation's epoch when it began to think.
    pub epoch: i64,
    /// How much the skill that answers may do; bot when none does.
    pub autonomy: BotMode,
    /// Whether the customer's message is too old to be answered without a person.
    pub stale: bool,
    /// Whether this turn has something in the outbox already.
    pub answered: bool,
    /// Whether it is the text that tells the customer that a person will answer.
    pub handover: bool,
}

/// Returns the mode in which a message is considered, or why it is not considered at all.
pub fn route(silence: Option<Silence>, standing: &Standing) -> Result<BotMode, Because> {
    if let Some(silence) = silence {
        return Err(silence.into());
    }
    if standing.mode == BotMode::Off {
        return Err(Because::Off);
    }
    if standing.blocked {
        return Err(Because::Blocked);
    }
    if standing.standby {
        return Err(Because::Standby);
    }
    if !standing.connected {
        return Err(Because::Disconnected);
    }
    match standing.holder {
        Holder::Operator => Err(Because::Held),
        // They find a proposal when they come; the customer hears nothing from the assistant.
        Holder::WaitingHuman => Ok(standing.mode.min(BotMode::Shadow)),
        Holder::Assistant => Ok(standing.mode),
    }
}

/// Returns the permit to send what the assistant wrote, or why it may not leave.
///
/// Asked twice: in the transaction that puts a message into the outbox, and in the one that moves it to `sending`.
pub fn permit(standing: &Standing, wish: &Wish) -> Result<BotPermit, Because> {
    if wish.answered {
        return Err(Because::Answered);
    }
    if standing.mode == BotMode::Off {
        return Err(Because::Off);
    }
    match (standing.holder, wish.handover) {
        (Holder::Operator, _) => return Err(Because::Held),
        (Holder::WaitingHuman, false) => return Err(Because::WaitingHuman),
        // It was handed back meanwhile: nobody waits for a person any more.
        (Holder::Assistant, true) => return Err(Because::Overtaken),
        (Holder::Assistant, false) | (Holder::WaitingHuman, true) => {}
    }
    // The promise of a person stays true when the customer goes on writing; any other answer does not.
    if standing.epoch != wish.epoch && !wish.handover {
        return Err(Because::Overtaken);
    }
    let refusals = [
        (!standing.connected, Because::Disconnected),
        (standing.blocked, Because::Blocked),
        (standing.standby, Because::Standby),
        (!standing.window_open, Because::WindowClosed),
        (standing.mode != BotMode::Bot, Because::Shadow),
        (wish.autonomy == BotMode::Off, Because::Off),
        (wish.autonomy == BotMode::Shadow, Because::SkillShadow),
        (standing.stopped, Because::Stopped),
        (standing.typing, Because::Typing),
        (wish.stale, Because::Stale),
        (standing.returned, Because::Returned),
        (standing.muted, Because::Loop),
        (standing.budget_spent, Because::Budget),
    ];
    match refusals.into_iter().find(|(refused, _)| *refused) {
        Some((_, because)) => Err(because),
        None => Ok(BotPermit::by_routing()),
    }
}

/// A message this much older than now is only drafted for (product, section 4).
pub const STALE: Duration = Duration::from_mins(15);
/// So long before the service window closes the assistant stops sending.
pub const WINDOW_MARGIN: Duration = Duration::from_mins(5);
/// A key pressed in the composer counts as typing for so long.
pub const TYPING: Duration = Duration::from_secs(90);
/// How long the assistant keeps quiet after a loop.
pub const MUTE: Duration = Duration::from_hours(1);
/// The longest a turn waits for the customer to finish, from its first message.
pub const LONGEST_BURST: Duration = Duration::from_secs(20);
/// How long a draft is worth something.
pub const DRAFT_LIFE: Duration = Duration::from_hours(24);

/// Returns how long the customer must be quiet before their burst counts as finished. `tapped`: they chose a button.
pub fn quiet_time(text: Option<&str>, tapped: bool) -> Duration {
    if tapped {
        return Duration::ZERO;
    }
    let text = text.unwrap_or_default().trim_end();
    let asks = text.ends_with(['?', '؟', '？']);
    if asks || text.split_whitespace().count() >= 8 {
        Duration::from_millis(2_500)
    } else {
        Duration::from_secs(6)
    }
}

/// Answers of the assistant in one conversation that are too many: 8 in ten minutes, or 25 in a day.
pub const fn budget_spent(last_ten_minutes: u32, last_day: u32) -> bool {
    last_ten_minutes >= 8 || last_day >= 25
}

/// What is known of the last minutes of a conversation, to tell whether a program writes to us.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cadence {
    /// Messages of the customer in the last two minutes that came less than three seconds after one of the assistant.
    pub prompt_replies: u32,
    /// Messages of the customer among the last ones that are nearly the same as the newest, itself included.
    pub alike: u32,
    /// How often the word went from one side to the other within the last two minutes.
    pub alternations: u32,
}

/// Whether two programs seem to talk with each other (assistant, section 3.8).
pub const fn is_loop(cadence: Cadence) -> bool {
    cadence.prompt_replies >= 3 || cadence.alike >= 4 || cadence.alternations > 12
}

/// Whether a draft was sent so nearly as it was that the assistant stays the one who answers.
pub fn is_light_edit(distance: f64, facts_changed: bool) -> bool {
    distance <= 0.15 && !facts_changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn calm() -> Standing {
        Standing {
            mode: BotMode::Bot,
            holder: Holder::Assistant,
            epoch: 7,
            window_open: true,
            typing: false,
            returned: false,
            stopped: false,
            blocked: false,
            standby: false,
            muted: false,
            connected: true,
            budget_spent: false,
        }
    }

    fn wish() -> Wish {
        Wish {
            epoch: 7,
            autonomy: BotMode::Bot,
            stale: false,
            answered: false,
            handover: false,
        }
    }

    #[test]
    fn the_assistant_speaks_only_when_nothing_at_all_speaks_against_it() {
        assert!(permit(&calm(), &wish()).is_ok());
        let refused = |change: fn(&mut Standing)| {
            let mut standing = calm();
            change(&mut standing);
            permit(&standing, &wish()).unwrap_err()
        };
        assert_eq!(refused(|s| s.mode = BotMode::Shadow), Because::Shadow);
        assert_eq!(refused(|s| s.mode = BotMode::Off), Because::Off);
        assert_eq!(refused(|s| s.holder = Holder::Operator), Because::Held);
        assert_eq!(
            refused(|s| s.holder = Holder::WaitingHuman),
            Because::WaitingHuman
        );
        assert_eq!(refused(|s| s.epoch = 8), Because::Overtaken);
        assert_eq!(refused(|s| s.window_open = false), Because::WindowClosed);
        assert_eq!(refused(|s| s.typing = true), Because::Typing);
        assert_eq!(refused(|s| s.returned = true), Because::Returned);
        assert_eq!(refused(|s| s.stopped = true), Because::Stopped);
        assert_eq!(refused(|s| s.blocked = true), Because::Blocked);
        assert_eq!(refused(|s| s.standby = true), Because::Standby);
        assert_eq!(refused(|s| s.muted = true), Because::Loop);
        assert_eq!(refused(|s| s.connected = false), Because::Disconnected);
        assert_eq!(refused(|s| s.budget_spent = true), Because::Budget);
        let skill = |autonomy| permit(&calm(), &Wish { autonomy, ..wish() }).unwrap_err();
        assert_eq!(skill(BotMode::Shadow), Because::SkillShadow);
        assert_eq!(skill(BotMode::Off), Because::Off);
        let stale = Wish {
            stale: true,
            ..wish()
        };
        assert_eq!(permit(&calm(), &stale).unwrap_err(), Because::Stale);
        let twice = Wish {
            answered: true,
            ..wish()
        };
        assert_eq!(permit(&calm(), &twice).unwrap_err(), Because::Answered);
    }

    #[test]
    fn the_promise_of_a_person_leaves_while_one_is_waited_for_and_not_after_one_came() {
        let promise = Wish {
            handover: true,
            ..wish()
        };
        let holder = |holder| {
            permit(
                &Standing {
                    holder,
                    epoch: 9,
                    ..calm()
                },
                &promise,
            )
        };
        assert!(holder(Holder::WaitingHuman).is_ok());
        assert_eq!(holder(Holder::Operator).unwrap_err(), Because::Held);
        assert_eq!(holder(Holder::Assistant).unwrap_err(), Because::Overtaken);
    }

    #[test]
    fn a_message_is_considered_in_the_tightest_mode_that_applies() {
        assert_eq!(route(None, &calm()), Ok(BotMode::Bot));
        let waits = Standing {
            holder: Holder::WaitingHuman,
            ..calm()
        };
        assert_eq!(route(None, &waits), Ok(BotMode::Shadow));
        let held = Standing {
            holder: Holder::Operator,
            ..calm()
        };
        assert_eq!(route(None, &held), Err(Because::Held));
        assert_eq!(route(Some(Silence::Group), &calm()), Err(Because::Group));
        assert_eq!(
            route(
                None,
                &Standing {
                    mode: BotMode::Off,
                    ..waits
                }
            ),
            Err(Because::Off)
        );
    }

    #[test]
    fn a_question_and_a_long_sentence_are_answered_sooner_than_a_word() {
        assert_eq!(
            quiet_time(Some("Are you open?"), false),
            Duration::from_millis(2_500)
        );
        assert_eq!(
            quiet_time(Some("هل أنتم مفتوحون؟ "), false),
            Duration::from_millis(2_500)
        );
        assert_eq!(quiet_time(Some("hello"), false), Duration::from_secs(6));
        let long = "I would like to know when it arrives";
        assert_eq!(quiet_time(Some(long), false), Duration::from_millis(2_500));
        assert_eq!(quiet_time(Some("Opening hours"), true), Duration::ZERO);
        assert_eq!(quiet_time(None, false), Duration::from_secs(6));
    }

    proptest! {
        #[test]
        fn nothing_leaves_in_shadow_in_off_or_while_a_person_holds(
            mode in 0..2_usize, bits in 0..1024_u32, held in 0..3_usize, epoch in 0..3_i64,
        ) {
            let bit = |n: u32| bits & (1 << n) != 0;
            let standing = Standing {
                mode: BotMode::ALL[mode],
                holder: Holder::ALL[held],
                epoch, window_open: bit(0), typing: bit(1), returned: bit(2), stopped: bit(3), blocked: bit(4),
                standby: bit(5), muted: bit(6), connected: true, budget_spent: bit(7),
            };
            let wish = Wish { epoch: 1, autonomy: BotMode::Bot, stale: bit(8), answered: false, handover: bit(9) };
            prop_assert!(permit(&standing, &wish).is_err());
            let held = Standing { mode: BotMode::Bot, holder: Holder::Operator, ..standing };
            prop_assert!(permit(&held, &wish).is_err());
        }
    }
}
