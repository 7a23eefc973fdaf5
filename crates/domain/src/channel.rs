//! Connected accounts and how much the assistant may do in them.

use crate::text_enum::text_enum;

text_enum! {
    /// The provider behind a channel.
    ChannelKind {
        /// Meta's WhatsApp Cloud API.
        WhatsappCloud = "whatsapp_cloud",
        /// WhatsApp through Twilio.
        TwilioWhatsapp = "twilio_whatsapp",
        /// The Telegram Bot API.
        Telegram = "telegram",
        /// WhatsApp through Turn.io.
        TurnIo = "turn_io",
    }
}

text_enum! {
    /// How much the assistant may do. The order matters: `off < shadow < bot`, and the smallest one wins.
    BotMode {
        /// It keeps quiet.
        Off = "off",
        /// It drafts; a person sends.
        Shadow = "shadow",
        /// It answers by itself when it is sure.
        Bot = "bot",
    }
}
