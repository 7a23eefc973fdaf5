//! What was said, by whom.

use crate::text_enum::text_enum;
use crate::time::Timestamp;

text_enum! {
    /// Which way a message went.
    Direction {
        /// From the customer to us.
        Inbound = "inbound",
        /// From us to the customer.
        Outbound = "outbound",
    }
}

text_enum! {
    /// Who wrote a message.
    Author {
        /// The customer.
        Customer = "customer",
        /// A person at this desk.
        Operator = "operator",
        /// The assistant.
        Bot = "bot",
        /// A person on the business's phone.
        Phone = "phone",
        /// The provider or Deskbell itself.
        System = "system",
    }
}

text_enum! {
    /// What a message is. What a provider adds later is stored as `unknown` with its own word beside it.
    MessageKind {
        /// Words.
        Text = "text",
        /// A picture.
        Image = "image",
        /// A film.
        Video = "video",
        /// A sound file.
        Audio = "audio",
        /// A voice note.
        Voice = "voice",
        /// A file.
        Document = "document",
        /// A sticker.
        Sticker = "sticker",
        /// A place.
        Location = "location",
        /// Address cards.
        Contacts = "contacts",
        /// A tap on a button.
        ButtonReply = "button_reply",
        /// A choice from a list.
        ListReply = "list_reply",
        /// An answer to a form.
        FlowReply = "flow_reply",
        /// A shopping cart.
        Order = "order",
        /// An approved template.
        Template = "template",
        /// Buttons, lists and the like that we sent.
        Interactive = "interactive",
        /// A call.
        Call = "call",
        /// A notice from the provider, such as a changed number.
        System = "system",
        /// The customer opened the chat for the first time.
        Welcome = "welcome",
        /// Something the provider does not pass on.
        Unsupported = "unsupported",
        /// Something we do not know yet; kept whole.
        Unknown = "unknown",
    }
}

text_enum! {
    /// How often a message was passed on before it came to us.
    Forwarded {
        /// Written for us.
        No = "no",
        /// Forwarded.
        Once = "once",
        /// Forwarded many times.
        Often = "often",
    }
}

text_enum! {
    /// Which way a message reached this desk.
    Source {
        /// A customer wrote it, just now or while we were away.
        Live = "live",
        /// The business's phone, or another program, wrote it (whatsapp-cloud-api, section 4.4).
        Echo = "echo",
        /// It was said before this number was connected.
        History = "history",
        /// Another program owns the thread at the moment (whatsapp-cloud-api, section 4.6).
        Standby = "standby",
    }
}

text_enum! {
    /// Why the assistant does not consider a message at all (whatsapp-cloud-api, section 2.6).
    Silence {
        /// It is about the person or the connection, not something they said.
        Notice = "notice",
        /// A business said it.
        Outbound = "outbound",
        /// It was said before this number was connected.
        History = "history",
        /// Another program owns the thread.
        Standby = "standby",
        /// It was said in a group.
        Group = "group",
        /// The provider did not pass its content on.
        Unsupported = "unsupported",
        /// It is a picture without words that answers nothing.
        Sticker = "sticker",
    }
}

text_enum! {
    /// When customers see that their message was read (whatsapp-cloud-api, section 5.6).
    ReadMarks {
        /// Never.
        Never = "never",
        /// As soon as a person at this desk opens the conversation.
        Opens = "opens",
        /// When a person at this desk answers.
        Answers = "answers",
    }
}

/// Returns why the assistant keeps quiet about a message, whatever the mode; `None` when it may be considered.
pub fn silence(kind: MessageKind, direction: Direction, source: Source, in_group: bool) -> Option<Silence> {
    match source {
        Source::History => return Some(Silence::History),
        Source::Standby => return Some(Silence::Standby),
        Source::Echo => return Some(Silence::Outbound),
        Source::Live => {}
    }
    if direction == Direction::Outbound {
        return Some(Silence::Outbound);
    }
    if in_group {
        return Some(Silence::Group);
    }
    match kind {
        MessageKind::System | MessageKind::Welcome | MessageKind::Call => Some(Silence::Notice),
        MessageKind::Unsupported | MessageKind::Unknown => Some(Silence::Unsupported),
        MessageKind::Sticker => Some(Silence::Sticker),
        _ => None,
    }
}

/// Returns the moment a message is sorted by.
///
/// Providers stamp whole seconds, our own messages carry milliseconds. A message that arrives within its second is
/// sorted by its arrival, so that a quick answer does not jump in front of the question; a late one stays inside
/// its second.
pub fn sort_time(provider: Timestamp, received: Timestamp) -> Timestamp {
    Timestamp(received.0.clamp(provider.0, provider.0.saturating_add(999)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_message_keeps_its_place_and_a_quick_one_its_order() {
        let second = Timestamp(5_000);
        assert_eq!(sort_time(second, Timestamp(5_400)), Timestamp(5_400));
        assert_eq!(sort_time(second, Timestamp(90_000)), Timestamp(5_999));
        assert_eq!(
            sort_time(second, Timestamp(4_000)),
            second,
            "a clock behind the provider's"
        );
    }

    #[test]
    fn nothing_from_history_standby_groups_or_our_own_side_wakes_the_assistant() {
        use Direction::{Inbound, Outbound};
        let heard = |kind, way, source, group| silence(kind, way, source, group);
        assert_eq!(heard(MessageKind::Text, Inbound, Source::Live, false), None);
        assert_eq!(
            heard(MessageKind::Text, Inbound, Source::History, false),
            Some(Silence::History)
        );
        assert_eq!(
            heard(MessageKind::Text, Inbound, Source::Standby, false),
            Some(Silence::Standby)
        );
        assert_eq!(
            heard(MessageKind::Text, Outbound, Source::Echo, false),
            Some(Silence::Outbound)
        );
        assert_eq!(
            heard(MessageKind::Text, Inbound, Source::Live, true),
            Some(Silence::Group)
        );
        assert_eq!(
            heard(MessageKind::System, Inbound, Source::Live, false),
            Some(Silence::Notice)
        );
        assert_eq!(
            heard(MessageKind::Sticker, Inbound, Source::Live, false),
            Some(Silence::Sticker)
        );
    }
}
