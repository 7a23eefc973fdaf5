//! Turning a stored message, with all that belongs to it, into what is shown.

use super::sentence;
use crate::views::{
    AttachmentView, MessageDetails, MessageErrorView, MessageView, QuoteView, ReactionView, UploadProgress,
    VersionView,
};
use domain::{AttachmentState, DeliveryStatus, Direction, Failure, MessageKind, Timestamp, UploadState};
use engine::shown_file;
use serde_json::{Value, json};
use store::{Attachment, Message, Reaction, Reader, StoreError, Version};

/// A message with all that belongs to it.
#[derive(Debug)]
pub(crate) struct Whole {
    message: Message,
    attachments: Vec<Attachment>,
    reactions: Vec<Reaction>,
    quoted: Option<(Message, Vec<Attachment>)>,
    retry_at: Option<Timestamp>,
}

impl Whole {
    /// Reads what belongs to a message. One that was taken back has nothing any more.
    pub(crate) fn read(reader: Reader<'_>, message: Message) -> Result<Self, StoreError> {
        let id = message.id;
        if message.revoked {
            return Ok(Self {
                message,
                attachments: Vec::new(),
                reactions: Vec::new(),
                quoted: None,
                retry_at: None,
            });
        }
        let quoted = match &message.reply_to {
            Some(quoted) => reader.message_with_provider_id(&message.channel_id, quoted)?,
            None => None,
        };
        let quoted = match quoted {
            Some(id) => Some((reader.message(id)?, reader.attachments(id)?)),
            None => None,
        };
        Ok(Self {
            attachments: reader.attachments(id)?,
            reactions: reader.reactions(id)?,
            retry_at: reader.retry_at(id)?,
            quoted: quoted.filter(|(quoted, _)| !quoted.discarded),
            message,
        })
    }
}

fn error_view(failure: &Failure, direction: Direction, files: &[Attachment]) -> MessageErrorView {
    let words = if failure.code.is_none() && !failure.title.trim().is_empty() {
        sentence(&failure.title)
    } else if direction == Direction::Inbound {
        engine::not_passed_on(failure.code).to_owned()
    } else if let Some(words) = files
        .first()
        .and_then(|file| engine::refused_file(failure.code, file.file_name.as_deref()?))
    {
        words
    } else {
        engine::error_words(failure.code, failure.subcode).to_owned()
    };
    MessageErrorView {
        code: failure.code,
        title: failure.title.clone(),
        words,
        detail: failure.detail.clone(),
    }
}

pub(crate) fn attachment(attachment: &Attachment) -> AttachmentView {
    let shown = shown_file(attachment);
    let lost = matches!(
        attachment.state,
        AttachmentState::Failed | AttachmentState::Expired
    );
    let refused = attachment.upload_state == Some(UploadState::Refused);
    AttachmentView {
        id: attachment.id.to_string(),
        file_name: shown.file_name,
        mime_type: shown.mime_type,
        family: shown.family,
        size: attachment.size,
        state: attachment.state.as_str(),
        words: attachment.trouble.clone().filter(|_| lost || refused),
        retry_at: attachment
            .due_at
            .filter(|_| attachment.tries > 0)
            .map(Timestamp::to_rfc3339),
        width: attachment.width,
        height: attachment.height,
        duration_ms: attachment.duration_ms,
        animated: attachment.animated,
        waveform: attachment.waveform.clone(),
        has_thumbnail: attachment.thumbnail.is_some(),
        dangerous: attachment.dangerous,
        upload: attachment.upload_state.map(|state| UploadProgress {
            state: state.as_str(),
            sent: attachment.uploaded,
            total: attachment.size.unwrap_or_default(),
        }),
    }
}

fn reaction(reaction: &Reaction) -> ReactionView {
    ReactionView {
        emoji: reaction.emoji.clone(),
        by: reaction.by.as_str(),
        pending: reaction.pending,
        words: reaction.trouble.clone(),
    }
}

fn quote(whole: &Whole) -> Option<QuoteView> {
    whole.message.reply_to.as_ref()?;
    let Some((quoted, attachments)) = &whole.quoted else {
        return Some(QuoteView {
            message_id: None,
            author: None,
            kind: None,
            text: None,
            revoked: false,
            attachment_id: None,
        });
    };
    Some(QuoteView {
        message_id: Some(quoted.id.to_string()),
        author: Some(quoted.author.as_str()),
        kind: Some(quoted.kind.as_str()),
        text: quoted
            .text
            .as_ref()
            .filter(|_| !quoted.revoked)
            .map(|text| text.chars().take(300).collect()),
        revoked: quoted.revoked,
        attachment_id: attachments
            .iter()
            .find(|attachment| attachment.thumbnail.is_some() && !quoted.revoked)
            .map(|attachment| attachment.id.to_string()),
    })
}

pub(crate) fn message(whole: &Whole) -> MessageView {
    let message = &whole.message;
    let failed = message.status == DeliveryStatus::Failed;
    let told = failed || message.direction == Direction::Inbound;
    let hidden = message.revoked;
    MessageView {
        id: message.id.to_string(),
        conversation_id: message.conversation_id.to_string(),
        direction: message.direction.as_str(),
        author: message.author.as_str(),
        source: message.source.as_str(),
        sender: message.sender.clone(),
        decision_id: message.decision_id.map(|id| id.to_string()),
        kind: message.kind.as_str(),
        original_kind: message.original_kind.clone(),
        text: message.text.clone().filter(|_| !hidden),
        payload: message
            .payload
            .clone()
            .filter(|_| !hidden)
            .unwrap_or_else(|| json!({})),
        referral: message.referral.clone().filter(|_| !hidden),
        attachments: whole.attachments.iter().map(attachment).collect(),
        reactions: whole.reactions.iter().map(reaction).collect(),
        provider_id: message.provider_id.clone(),
        reply_to: message.reply_to.clone(),
        quote: quote(whole),
        forwarded: message.forwarded.as_str(),
        sent_at: message.sent_at.to_rfc3339(),
        received_at: message.received_at.to_rfc3339(),
        status: message.status.as_str(),
        error: message
            .failure
            .as_ref()
            .filter(|_| told && !hidden)
            .map(|failure| error_view(failure, message.direction, &whole.attachments)),
        retry_at: whole
            .retry_at
            .filter(|_| message.direction == Direction::Outbound && message.status == DeliveryStatus::Queued)
            .map(Timestamp::to_rfc3339),
        edited: message.edited,
        revoked: message.revoked,
    }
}

/// Everything that is known about one message.
pub(crate) fn details(reader: Reader<'_>, message: &Message) -> Result<MessageDetails, StoreError> {
    let versions = reader.versions(message.id)?;
    let charge = match &message.provider_id {
        Some(id) if message.direction == Direction::Outbound => {
            reader.charge_category(&message.channel_id, id)?
        }
        _ => None,
    };
    let time = |at: Option<Timestamp>| at.map(Timestamp::to_rfc3339);
    let history = &message.history;
    Ok(MessageDetails {
        message_id: message.id.to_string(),
        sent_at: time(history.sent_at),
        delivered_at: time(history.delivered_at),
        read_at: time(history.read_at),
        played_at: time(history.played_at),
        failed_at: time(history.failed.as_ref().map(|(at, _)| *at)),
        versions: earlier(&versions),
        silence: message.silence.map(domain::Silence::as_str),
        unheeded: reader.unheeded(message.id)?.map(domain::Because::as_str),
        charge_category: charge,
        raw: reader.raw_message(message.id)?,
    })
}

fn earlier(versions: &[Version]) -> Vec<VersionView> {
    versions
        .iter()
        .zip(versions.iter().skip(1))
        .map(|(version, next)| VersionView {
            text: version.text.clone(),
            until: next.written_at.to_rfc3339(),
        })
        .collect()
}

/// The record of one message (outer interface, `export`).
pub(crate) fn record(reader: Reader<'_>, message: &Message) -> Result<Value, StoreError> {
    let hidden = message.revoked;
    let told = message.status == DeliveryStatus::Failed
        || (message.direction == Direction::Inbound && message.kind != MessageKind::System);
    let error = message.failure.as_ref().filter(|_| told && !hidden);
    let attachments: Vec<Value> = reader
        .attachments(message.id)?
        .iter()
        .filter(|_| !hidden)
        .map(|attachment| {
            let shown = shown_file(attachment);
            json!({
                "file_name": shown.file_name,
                "mime_type": shown.mime_type,
                "size": attachment.size,
                "sha256": attachment.sha256.as_ref().or(attachment.claimed_sha256.as_ref()),
                "state": attachment.state.as_str(),
            })
        })
        .collect();
    let reactions: Vec<Value> = reader
        .reactions(message.id)?
        .iter()
        .map(|reaction| json!({"emoji": reaction.emoji, "by": reaction.by.as_str()}))
        .collect();
    Ok(json!({
        "type": "message",
        "id": message.id.to_string(),
        "channel_id": message.channel_id.as_str(),
        "conversation_id": message.conversation_id.to_string(),
        "contact_id": message.contact_id.to_string(),
        "direction": message.direction.as_str(),
        "author": message.author.as_str(),
        "kind": message.kind.as_str(),
        "original_kind": message.original_kind,
        "text": message.text.as_ref().filter(|_| !hidden),
        "provider_id": message.provider_id,
        "reply_to": message.reply_to,
        "sent_at": message.sent_at.to_rfc3339(),
        "received_at": message.received_at.to_rfc3339(),
        "status": message.status.as_str(),
        "error": error.map(|failure| json!({"code": failure.code, "title": failure.title})),
        "attachments": attachments,
        "reactions": reactions,
        "edited": message.edited,
        "revoked": message.revoked,
        "forwarded": message.forwarded.as_str(),
        "referral": message.referral.clone().filter(|_| !hidden).unwrap_or_else(|| json!({})),
        "payload": message.payload.clone().filter(|_| !hidden).unwrap_or_else(|| json!({})),
    }))
}
