//! Turning what is stored into what is shown.

use crate::views::{
    ChannelView, ContactView, ConversationView, HoldView, MessageErrorView, MessageView, PreviewView,
};
use domain::{BotMode, DeliveryStatus, Direction, Failure, Timestamp, initials, international};
use store::{Channel, Conversation, Hold, Message};

pub(crate) fn channel(channel: &Channel) -> ChannelView {
    ChannelView {
        id: channel.id.to_string(),
        kind: channel.kind.as_str(),
        name: channel.name.clone(),
        address: channel.address.clone(),
        mode: channel.mode.unwrap_or(BotMode::Off).as_str(),
        hold: channel
            .hold
            .as_ref()
            .filter(|hold| hold.class != store::HoldClass::Rate)
            .map(hold_view),
    }
}

/// Returns why a channel sends nothing, in words.
pub(crate) fn hold_words(hold: &Hold) -> String {
    if let Some(advice) = engine::known_error(hold.code, hold.subcode) {
        return advice.words.to_owned();
    }
    match &hold.title {
        Some(title) => sentence(title),
        None => "WhatsApp does not accept messages from this number at the moment, so nothing is sent. Customers can \
                 still write to you. Try again; if it goes on, connect the number again."
            .to_owned(),
    }
}

/// Ends a text with a full stop, unless it ends with one already.
fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?', '…']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

fn hold_view(hold: &Hold) -> HoldView {
    HoldView {
        code: hold.code,
        words: hold_words(hold),
        until: hold.until.to_rfc3339(),
    }
}

/// Returns what to call a person.
pub(crate) fn person(name: Option<&str>, phone: Option<&str>) -> String {
    match (name, phone) {
        (Some(name), _) => name.to_owned(),
        (None, Some(phone)) => international(phone),
        (None, None) => "Customer without a name".to_owned(),
    }
}

pub(crate) fn conversation(conversation: &Conversation) -> ConversationView {
    let name = person(
        conversation.contact_name.as_deref(),
        conversation.phone.as_deref(),
    );
    ConversationView {
        id: conversation.id.to_string(),
        channel_id: conversation.channel_id.to_string(),
        contact: ContactView {
            id: conversation.contact_id.to_string(),
            initials: initials(&name),
            name,
            phone: conversation.phone.as_deref().map(international),
            username: None,
            group: false,
            blocked: false,
            marketing_stopped: false,
        },
        queue: conversation.queue().as_str(),
        preview: conversation.last.as_ref().map(|last| PreviewView {
            text: last.text.clone(),
            kind: last.kind.as_str(),
            original_kind: last.original_kind.clone(),
            author: last.author.as_str(),
            status: last.status.as_str(),
        }),
        last_at: conversation
            .last
            .is_some()
            .then(|| conversation.last_at.to_rfc3339()),
        unread: conversation.unread,
        window_closes_at: conversation.window.closes_at().map(Timestamp::to_rfc3339),
        undelivered: conversation.undelivered,
        holder: conversation.holder.as_str(),
        mode_override: conversation.mode.map(BotMode::as_str),
        effective_mode: conversation.effective_mode.as_str(),
        attention: conversation.attention.clone(),
        composer_text: conversation.composer_text.clone(),
        referral: None,
        free_until: None,
        thread_owner: None,
    }
}

pub(crate) fn message(message: &Message, retry_at: Option<Timestamp>) -> MessageView {
    let failed = message.status == DeliveryStatus::Failed;
    let words = |failure: &Failure| {
        if failure.code.is_none() && !failure.title.trim().is_empty() {
            sentence(&failure.title)
        } else {
            engine::error_words(failure.code, failure.subcode).to_owned()
        }
    };
    MessageView {
        id: message.id.to_string(),
        conversation_id: message.conversation_id.to_string(),
        direction: message.direction.as_str(),
        author: message.author.as_str(),
        source: domain::Source::Live.as_str(),
        sender: None,
        kind: message.kind.as_str(),
        original_kind: message.original_kind.clone(),
        text: message.text.clone().filter(|_| !message.revoked),
        payload: message.payload.clone().unwrap_or_else(|| serde_json::json!({})),
        referral: message.referral.clone(),
        attachments: Vec::new(),
        reactions: Vec::new(),
        provider_id: message.provider_id.clone(),
        reply_to: message.reply_to.clone(),
        quote: None,
        forwarded: message.forwarded.as_str(),
        sent_at: message.sent_at.to_rfc3339(),
        received_at: message.received_at.to_rfc3339(),
        status: message.status.as_str(),
        error: message
            .failure
            .as_ref()
            .filter(|_| failed)
            .map(|failure| MessageErrorView {
                code: failure.code,
                title: failure.title.clone(),
                words: words(failure),
                detail: failure.detail.clone(),
            }),
        retry_at: retry_at
            .filter(|_| message.direction == Direction::Outbound && message.status == DeliveryStatus::Queued)
            .map(Timestamp::to_rfc3339),
        edited: message.edited,
        revoked: message.revoked,
    }
}
