//! Who holds a conversation, and in which of the operator's four piles it lies.

use crate::channel::BotMode;
use crate::delivery::DeliveryStatus;
use crate::message::Direction;
use crate::text_enum::text_enum;

text_enum! {
    /// Whose turn it is to speak.
    Holder {
        /// The assistant may, as far as the mode allows.
        Assistant = "assistant",
        /// A person has taken over.
        Operator = "operator",
        /// The assistant asked for a person.
        WaitingHuman = "waiting_human",
    }
}

text_enum! {
    /// The pile of the inbox a conversation lies in. Computed, never set by hand.
    Queue {
        /// A person has to do something: answer, or look at a message that failed.
        NeedsMe = "needs_me",
        /// The assistant is on it.
        Bot = "bot",
        /// The customer has been answered; the next word is theirs.
        Waiting = "waiting",
    }
}

text_enum! {
    /// What is told between the messages of a thread: how the word passed from one to another.
    MarkKind {
        /// A person took the conversation.
        TakenOver = "taken_over",
        /// A person gave it back to the assistant.
        HandedBack = "handed_back",
        /// It went back by itself, since no person wrote for long enough.
        Returned = "returned",
        /// Its own mode was set or taken away.
        Mode = "mode",
        /// A person was asked for.
        Escalated = "escalated",
    }
}

/// The reason for which a conversation asks for a person whose rest is over.
pub const SNOOZE_OVER: &str = "snoozed";

/// Returns the mode that applies in a conversation: the tightest of all that have a say. What could not be read
/// counts as off. An override may only tighten, except for a `test` person: with them it takes the channel's place.
pub fn effective_mode(
    global: Option<BotMode>,
    channel: Option<BotMode>,
    conversation: Option<BotMode>,
    test: bool,
) -> BotMode {
    let (Some(global), Some(channel)) = (global, channel) else {
        return BotMode::Off;
    };
    match conversation {
        Some(own) if test => global.min(own),
        own => global.min(channel).min(own.unwrap_or(BotMode::Bot)),
    }
}

/// What decides in which pile a conversation lies.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PileFacts {
    /// The last message that counts as speech.
    pub last: Option<(Direction, DeliveryStatus)>,
    /// Whether something we sent failed or may not have arrived.
    pub has_trouble: bool,
    /// The mode that applies.
    pub mode: BotMode,
    /// Whose turn it is to speak.
    pub holder: Holder,
    /// Whether somebody was asked to look.
    pub asked_for: bool,
    /// Whether the assistant waits for the customer to finish, or thinks.
    pub on_it: bool,
    /// Whether a draft waits.
    pub has_draft: bool,
    /// Whether the last words ask for no answer.
    pub needs_no_answer: bool,
    /// Whether somebody put it off and its time has not come.
    pub snoozed: bool,
}

/// Returns the pile a conversation lies in.
pub fn queue(facts: &PileFacts) -> Queue {
    if facts.snoozed {
        return Queue::Waiting;
    }
    // Whoever was promised a person waits for one, whatever was said last.
    if facts.has_trouble || facts.asked_for || facts.has_draft || facts.holder == Holder::WaitingHuman {
        return Queue::NeedsMe;
    }
    let bot = facts.mode == BotMode::Bot && facts.holder == Holder::Assistant;
    match facts.last {
        Some((Direction::Inbound, _)) if bot && facts.on_it => Queue::Bot,
        Some((Direction::Inbound, _)) if facts.needs_no_answer => Queue::Waiting,
        Some((Direction::Inbound, _)) => Queue::NeedsMe,
        Some((Direction::Outbound, status)) if status.needs_decision() => Queue::NeedsMe,
        Some((Direction::Outbound, _)) | None => Queue::Waiting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tightest_mode_wins_and_unreadable_settings_mean_off() {
        use BotMode::{Bot, Off, Shadow};
        assert_eq!(effective_mode(Some(Bot), Some(Shadow), None, false), Shadow);
        assert_eq!(
            effective_mode(Some(Bot), Some(Shadow), Some(Bot), false),
            Shadow,
            "an override cannot loosen"
        );
        assert_eq!(effective_mode(Some(Bot), Some(Bot), Some(Off), false), Off);
        assert_eq!(effective_mode(None, Some(Bot), Some(Bot), true), Off);
        assert_eq!(effective_mode(Some(Bot), None, None, false), Off);
        assert_eq!(
            effective_mode(Some(Bot), Some(Off), Some(Bot), true),
            Bot,
            "a test person"
        );
        assert_eq!(
            effective_mode(Some(Off), Some(Bot), Some(Bot), true),
            Off,
            "the switch for everything goes before tests"
        );
    }

    fn facts(last: Option<(Direction, DeliveryStatus)>) -> PileFacts {
        PileFacts {
            last,
            has_trouble: false,
            mode: BotMode::Bot,
            holder: Holder::Assistant,
            asked_for: false,
            on_it: false,
            has_draft: false,
            needs_no_answer: false,
            snoozed: false,
        }
    }

    const WROTE: Option<(Direction, DeliveryStatus)> = Some((Direction::Inbound, DeliveryStatus::Received));
    const READ: Option<(Direction, DeliveryStatus)> = Some((Direction::Outbound, DeliveryStatus::Read));

    #[test]
    fn whoever_waits_for_a_person_needs_me_although_only_another_program_spoke() {
        let waits = |last| {
            queue(&PileFacts {
                holder: Holder::WaitingHuman,
                ..facts(last)
            })
        };
        assert_eq!(waits(None), Queue::NeedsMe);
        assert_eq!(waits(READ), Queue::NeedsMe);
    }

    #[test]
    fn a_conversation_needs_me_when_the_customer_spoke_last_or_something_failed() {
        let off = |last, has_trouble| {
            queue(&PileFacts {
                mode: BotMode::Off,
                has_trouble,
                ..facts(last)
            })
        };
        assert_eq!(off(WROTE, false), Queue::NeedsMe);
        assert_eq!(off(READ, false), Queue::Waiting);
        let failed = Some((Direction::Outbound, DeliveryStatus::Failed));
        assert_eq!(off(failed, false), Queue::NeedsMe);
        assert_eq!(off(READ, true), Queue::NeedsMe);
    }

    #[test]
    fn the_assistant_has_a_conversation_only_while_it_works_on_an_answer() {
        let works = PileFacts {
            on_it: true,
            ..facts(WROTE)
        };
        assert_eq!(queue(&works), Queue::Bot);
        assert_eq!(
            queue(&facts(WROTE)),
            Queue::NeedsMe,
            "it kept quiet, so a person has to look"
        );
        let drafted = PileFacts {
            has_draft: true,
            ..facts(WROTE)
        };
        assert_eq!(queue(&drafted), Queue::NeedsMe);
        let thanks = PileFacts {
            needs_no_answer: true,
            ..facts(WROTE)
        };
        assert_eq!(queue(&thanks), Queue::Waiting);
    }

    #[test]
    fn what_was_put_off_asks_nobody_for_anything() {
        let put_off = PileFacts {
            snoozed: true,
            has_draft: true,
            has_trouble: true,
            asked_for: true,
            holder: Holder::WaitingHuman,
            ..facts(WROTE)
        };
        assert_eq!(queue(&put_off), Queue::Waiting);
    }
}
