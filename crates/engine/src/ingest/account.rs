//! News about the number, the account and its templates.

use super::message::moment;
use channels::whatsapp::canonical;
use channels::{Notice, NoticeEffect, TemplateNews};
use domain::Timestamp;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::time::Duration;
use store::{Channel, Hold, HoldClass, NewNotice, StoreError, TemplateChange, WriteTransaction};

/// How long nothing is tried after the provider took the right to send away: until it gives it back, or a person
/// presses the button (whatsapp-cloud-api, section 4.1: trying would cost the number its rating).
const UNTIL_TOLD: Duration = Duration::from_hours(365 * 24);

const STOPPED: &str = "Meta has stopped this WhatsApp account from sending, so nothing is sent; trying again would only \
     make it worse. Open Account Quality in Meta's business settings, see why, and ask for a review. Messages wait here";

/// Keeps a piece of news, and stops or resumes sending when it says so.
pub(super) fn take_notice(
    transaction: &mut WriteTransaction<'_>,
    channel: &Channel,
    notice: &Notice,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    let at = moment(notice.at, received_at);
    let new = news(
        channel,
        &notice.field,
        notice.event.as_deref(),
        &notice.raw,
        (notice.at, received_at),
    );
    if !transaction.add_notice(&new, received_at)? {
        return Ok(());
    }
    if notice.effect == NoticeEffect::None || is_outdated(transaction, channel, at)? {
        return Ok(());
    }
    match notice.effect {
        NoticeEffect::None => Ok(()),
        NoticeEffect::Stop => {
            // Only messages wait: customers go on writing, and their files would be gone after a week.
            let hold = Hold {
                class: HoldClass::Wait,
                code: None,
                subcode: None,
                title: Some(STOPPED.to_owned()),
                until: notice.until.unwrap_or_else(|| at.plus(UNTIL_TOLD)),
            };
            transaction.hold_channel(&channel.id, &hold)
        }
        NoticeEffect::Resume => transaction.release_channel(&channel.id),
    }
}

/// Whether something newer was told about sending already: Meta repeats what it could not deliver for days.
fn is_outdated(
    transaction: &mut WriteTransaction<'_>,
    channel: &Channel,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let key = format!("sending_told_at:{}", channel.id);
    let known = transaction.read().setting(&key)?;
    if known.and_then(|known| known.parse::<i64>().ok()) > Some(at.0) {
        return Ok(true);
    }
    transaction.set_setting(&key, &at.0.to_string())?;
    Ok(false)
}

/// Keeps news about a template, brings what we know of it up to date, and has all of it fetched again.
pub(super) fn take_template_news(
    transaction: &mut WriteTransaction<'_>,
    channel: &Channel,
    news: &TemplateNews,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    let event = news
        .status
        .as_deref()
        .or(news.quality.as_deref())
        .or(news.coming_category.as_deref())
        .or(news.category.as_deref());
    let new = self::news(channel, &news.field, event, &news.raw, (news.at, received_at));
    if !transaction.add_notice(&new, received_at)? {
        return Ok(());
    }
    let change = TemplateChange {
        provider_id: news.id.clone(),
        name: news.name.clone(),
        language: news.language.clone(),
        status: news.status.clone(),
        reason: news.reason.clone(),
        quality: news.quality.clone(),
        category: news.category.clone(),
        coming_category: news.coming_category.clone(),
    };
    transaction.change_template(&channel.id, &change, received_at)?;
    transaction.fetch_templates_at(&channel.id, received_at)
}

/// News have a moment of their own, when the provider names one, and one of arrival.
fn news(
    channel: &Channel,
    field: &str,
    event: Option<&str>,
    raw: &Value,
    (at, received_at): (Option<Timestamp>, Timestamp),
) -> NewNotice {
    // News have no id: the same content at the same moment is the same news, delivered again.
    let told_at = at.map_or_else(String::new, |at| at.0.to_string());
    let digest = Sha256::digest(format!("{field}\n{told_at}\n{}", canonical(raw)).as_bytes());
    NewNotice {
        channel_id: channel.id.clone(),
        field: field.to_owned(),
        event: event.map(str::to_owned),
        raw: raw.clone(),
        at: moment(at, received_at),
        digest: hex::encode(digest),
    }
}
