//! Turning what is stored into what is shown.

pub(crate) mod account;
pub(crate) mod assistant;
pub(crate) mod connection;
pub(crate) mod contact;
pub(crate) mod decision;
pub(crate) mod diagnostics;
pub(crate) mod lead;
pub(crate) mod message;
pub(crate) mod setup;

use crate::views::{ActivityView, ChannelView, ConversationView, HoldView, MarkView, PreviewView};
use domain::{BotMode, HeldBy, MarkKind, Timestamp, TurnState, international};
use store::{Activity, Channel, Conversation, Hold, Mark};

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
pub(crate) fn sentence(text: &str) -> String {
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
pub(crate) fn person(name: Option<&str>, username: Option<&str>, phone: Option<&str>) -> String {
    match (name, username, phone) {
        (Some(name), _, _) => name.to_owned(),
        (None, Some(username), _) => username.to_owned(),
        (None, None, Some(phone)) => international(phone),
        (None, None, None) => "Customer without a name".to_owned(),
    }
}

fn activity(activity: &Activity) -> ActivityView {
    let state = match (activity.turn, activity.has_draft) {
        (Some((TurnState::Working, _)), _) => "thinks",
        (Some(_), _) => "waits",
        (None, true) => "draft",
        (None, false) => "none",
    };
    let last = activity.last.as_ref();
    ActivityView {
        state,
        until: activity
            .turn
            .filter(|(state, _)| *state == TurnState::Waiting)
            .map(|(_, due)| due.to_rfc3339()),
        verdict: last.map(|last| last.verdict.as_str()),
        because: last.map(|last| last.because.as_str()),
        at: last.map(|last| last.at.to_rfc3339()),
        decision_id: last.map(|last| last.id.to_string()),
    }
}

pub(crate) fn mark(mark: &Mark) -> MarkView {
    let detail = |kind| mark.detail.clone().filter(|_| mark.kind == kind);
    MarkView {
        id: mark.id.to_string(),
        at: mark.at.to_rfc3339(),
        kind: mark.kind.as_str(),
        how: detail(MarkKind::TakenOver),
        mode: detail(MarkKind::Mode),
        reason: detail(MarkKind::Escalated),
    }
}

pub(crate) fn conversation(conversation: &Conversation) -> ConversationView {
    ConversationView {
        id: conversation.id.to_string(),
        channel_id: conversation.channel_id.to_string(),
        contact: contact::of_conversation(conversation),
        queue: conversation.queue().as_str(),
        preview: conversation.last.as_ref().map(|last| PreviewView {
            text: last.text.clone(),
            kind: last.kind.as_str(),
            original_kind: last.original_kind.clone(),
            author: last.author.as_str(),
            revoked: last.revoked,
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
        attention_at: conversation.attention_at.map(Timestamp::to_rfc3339),
        held_since: conversation.held_since.map(Timestamp::to_rfc3339),
        held_by: conversation.held_by.map(HeldBy::as_str),
        returns_at: conversation.returns_at().map(Timestamp::to_rfc3339),
        activity: activity(&conversation.activity),
        snoozed_until: conversation.snoozed_until.map(Timestamp::to_rfc3339),
        test: conversation.test,
        composer_text: conversation.composer_text.clone(),
        referral: conversation.referral.clone(),
        free_until: conversation.free_until.map(Timestamp::to_rfc3339),
        thread_owner: conversation.thread_owner.clone(),
    }
}
