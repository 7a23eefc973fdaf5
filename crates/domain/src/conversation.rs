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

/// Returns the mode that applies in a conversation: the tightest of all that have a say. What could not be read
/// counts as off; an override may only tighten.
pub fn effective_mode(
    global: Option<BotMode>,
    channel: Option<BotMode>,
    conversation: Option<BotMode>,
) -> BotMode {
    let (Some(global), Some(channel)) = (global, channel) else {
        return BotMode::Off;
    };
    global.min(channel).min(conversation.unwrap_or(BotMode::Bot))
}

/// Returns the pile a conversation lies in, from the last message that counts as speech and from whether anything
/// sent needs a decision.
pub fn queue(
    last: Option<(Direction, DeliveryStatus)>,
    has_trouble: bool,
    mode: BotMode,
    holder: Holder,
) -> Queue {
    // Whoever was promised a person waits for one, whatever was said last.
    if has_trouble || holder == Holder::WaitingHuman {
        return Queue::NeedsMe;
    }
    match last {
        Some((Direction::Inbound, _)) if mode == BotMode::Bot && holder == Holder::Assistant => Queue::Bot,
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
        assert_eq!(effective_mode(Some(Bot), Some(Shadow), None), Shadow);
        assert_eq!(
            effective_mode(Some(Bot), Some(Shadow), Some(Bot)),
            Shadow,
            "an override cannot loosen"
        );
        assert_eq!(effective_mode(Some(Bot), Some(Bot), Some(Off)), Off);
        assert_eq!(effective_mode(None, Some(Bot), Some(Bot)), Off);
        assert_eq!(effective_mode(Some(Bot), None, None), Off);
    }

    #[test]
    fn whoever_waits_for_a_person_needs_me_although_only_another_program_spoke() {
        let waits = |last| queue(last, false, BotMode::Bot, Holder::WaitingHuman);
        assert_eq!(waits(None), Queue::NeedsMe);
        assert_eq!(
            waits(Some((Direction::Outbound, DeliveryStatus::Read))),
            Queue::NeedsMe
        );
    }

    #[test]
    fn a_conversation_needs_me_when_the_customer_spoke_last_or_something_failed() {
        let off = |last, trouble| queue(last, trouble, BotMode::Off, Holder::Assistant);
        assert_eq!(
            off(Some((Direction::Inbound, DeliveryStatus::Received)), false),
            Queue::NeedsMe
        );
        assert_eq!(
            off(Some((Direction::Outbound, DeliveryStatus::Read)), false),
            Queue::Waiting
        );
        assert_eq!(
            off(Some((Direction::Outbound, DeliveryStatus::Failed)), false),
            Queue::NeedsMe
        );
        assert_eq!(
            off(Some((Direction::Outbound, DeliveryStatus::Read)), true),
            Queue::NeedsMe
        );
        assert_eq!(
            queue(
                Some((Direction::Inbound, DeliveryStatus::Received)),
                false,
                BotMode::Bot,
                Holder::Assistant
            ),
            Queue::Bot
        );
    }
}
