//! What is around Deskbell, in sentences: vault, disk, clock, versions, what waits to leave, and the assistant.

use super::say::{action, ago, counted, finding, length};
use crate::views::{ActionView, Finding, Level};
use domain::{BotMode, CLOCK_TOLERANCE, Timestamp};
use engine::Health;
use std::time::Duration;
use vault::VaultKind;

const MB: u64 = 1_000_000;
/// With less than this, soon nothing can be stored.
const FULL: u64 = 200 * MB;
/// With less than this, somebody should make room.
const NEARLY_FULL: u64 = 1_000 * MB;
/// A message that failed is a shadow for so long; after that it is only told.
const FAILED_IS_NEWS: Duration = Duration::from_hours(24);

pub(super) fn findings(health: &Health) -> Vec<Finding> {
    let mut said: Vec<Finding> = [
        failed_send(health),
        on_the_way(health),
        vault(health),
        disk(health.disk_free),
        clock(health),
    ]
    .into_iter()
    .flatten()
    .collect();
    said.extend(versions(health));
    said.extend(assistant(health));
    said
}

/// What the assistant may do, unless its settings cannot be read, which is told as an issue.
fn assistant(health: &Health) -> Option<Finding> {
    let is_told = |issue: &engine::Issue| matches!(issue.topic, engine::Topic::AssistantUnreadable(_));
    if !health.has_channels || health.issues.iter().any(is_told) {
        return None;
    }
    let sentence = match health.assistant {
        BotMode::Off => "The assistant is off: nothing answers customers by itself.",
        BotMode::Shadow => "The assistant drafts answers; a person sends them.",
        BotMode::Bot => {
            "The assistant answers where it is sure, and drafts or asks for a person where it is not."
        }
    };
    Some(finding("model", Level::Ok, sentence))
}

fn failed_send(health: &Health) -> Option<Finding> {
    let message = health.last_failed.as_ref()?;
    let at = message.received_at;
    let why = message
        .failure
        .as_ref()
        .map(|failure| engine::error_words(failure.code, failure.subcode))
        .unwrap_or_default();
    let level = if health.now.since(at) < FAILED_IS_NEWS {
        Level::Warn
    } else {
        Level::Ok
    };
    let sentence = format!(
        "A message to a customer was not delivered ({}). {why}",
        ago(at, health.now)
    );
    Some(finding("sending", level, sentence.trim_end()).with(ActionView {
        conversation_id: Some(message.conversation_id.to_string()),
        ..action("open_conversation")
    }))
}

fn on_the_way(health: &Health) -> Option<Finding> {
    let waiting = health.waiting;
    (waiting > 0).then(|| {
        finding(
            "sending",
            Level::Ok,
            format!(
                "{}.",
                counted(
                    i64::from(waiting),
                    "message waits to leave",
                    "messages wait to leave"
                )
            ),
        )
    })
}

fn vault(health: &Health) -> Option<Finding> {
    if let Some(trouble) = &health.vault_trouble {
        let told = health
            .issues
            .iter()
            .any(|issue| matches!(issue.topic, engine::Topic::SecretsUnreadable(_)));
        let level = if health.has_channels {
            Level::Bad
        } else {
            Level::Warn
        };
        return (!told).then(|| finding("vault", level, trouble.to_string()).with(action("unlock_vault")));
    }
    if !health.has_channels {
        return None;
    }
    let sentence = match health.vault {
        VaultKind::Keychain => "Secrets are kept in this computer's keychain.",
        VaultKind::File => "Secrets are kept in a sealed file that only your passphrase opens.",
        VaultKind::Memory => "Secrets are kept in memory only and forgotten when Deskbell is quit.",
    };
    Some(finding("vault", Level::Ok, sentence))
}

fn disk(free: Option<u64>) -> Option<Finding> {
    let free = free?;
    let size = if free < NEARLY_FULL {
        format!("{} MB", free / MB)
    } else {
        format!("{} GB", free / (1_000 * MB))
    };
    Some(if free < FULL {
        finding(
            "storage",
            Level::Bad,
            format!(
                "Only {size} are free where Deskbell keeps its data; soon what customers write cannot be saved. Make room on \
                 the disk."
            ),
        )
        .with(action("look_again"))
    } else if free < NEARLY_FULL {
        finding(
            "storage",
            Level::Warn,
            format!(
                "Only {size} are free where Deskbell keeps its data. Make room on the disk before it is full."
            ),
        )
        .with(action("look_again"))
    } else {
        finding(
            "storage",
            Level::Ok,
            format!("{size} are free where Deskbell keeps its data."),
        )
    })
}

fn clock(health: &Health) -> Option<Finding> {
    let skew = health
        .channels
        .iter()
        .filter_map(|channel| channel.facts.skew)
        .max_by_key(|skew| skew.unsigned_abs())?;
    let off = Duration::from_secs(skew.unsigned_abs());
    if off <= CLOCK_TOLERANCE {
        return Some(finding("clock", Level::Ok, "This computer's clock is right."));
    }
    let side = if skew > 0 { "ahead" } else { "behind" };
    Some(
        finding(
            "clock",
            Level::Warn,
            format!(
                "This computer's clock is {} {side}, so the times of messages and the 24 hours to answer are shown wrongly. \
                 Set the clock by the internet.",
                length(off)
            ),
        )
        .with(action("look_again")),
    )
}

/// The provider serves calls to a version that is gone with another one (whatsapp-cloud-api, section 10).
fn versions(health: &Health) -> Vec<Finding> {
    let mut said = Vec::new();
    for channel in &health.channels {
        let spoken = &channel.channel.api_version;
        if let Some(served) = channel.facts.version.as_ref().filter(|served| *served != spoken) {
            said.push(
                finding(
                    "version",
                    Level::Warn,
                    format!(
                        "WhatsApp answers {} as version {served}, since {spoken} is gone. Get the latest Deskbell, or things \
                         may stop working one by one.",
                        channel.channel.name
                    ),
                )
                .about(channel.channel.id.as_str()),
            );
        }
    }
    said
}

/// When Meta was last asked with success.
pub(super) fn checked_at(health: &Health) -> Option<Timestamp> {
    health
        .channels
        .iter()
        .filter_map(|channel| channel.check.as_ref()?.checked_at)
        .max()
}
