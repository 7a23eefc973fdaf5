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
}
