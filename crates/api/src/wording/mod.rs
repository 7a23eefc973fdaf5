//! The state of things, in sentences.

mod around;
pub(crate) mod away;
pub(crate) mod channel;
pub(crate) mod notices;
pub(crate) mod number;
mod program;
pub(crate) mod registration;
pub(crate) mod say;
#[cfg(test)]
mod tests;
pub(crate) mod token;
pub(crate) mod tunnel;

use crate::views::{Finding, HealthView, Level};
use domain::Timestamp;
use engine::{Health, Topic};

/// Says how things stand.
pub fn health(health: &Health) -> HealthView {
    let mut findings: Vec<Finding> = health.issues.iter().map(program::finding).collect();
    // What does not run has no tunnel, and that is not the trouble.
    let runs = health.issues.iter().all(|issue| issue.topic != Topic::NotRunning);
    if runs {
        findings.extend(tunnel::findings(health));
        findings.extend(registration::findings(health));
    }
    for channel in &health.channels {
        findings.extend(channel::findings(channel, health.now));
    }
    findings.extend(around::findings(health));
    let level = findings
        .iter()
        .map(|finding| finding.level)
        .max()
        .unwrap_or(Level::Ok);
    // Whoever cannot be reached does not listen, whatever the door says.
    let deaf = |finding: &Finding| {
        finding.level == Level::Bad
            && matches!(
                finding.topic,
                "tunnel" | "webhook" | "callback" | "storage" | "vault"
            )
    };
    if !findings.iter().any(deaf) {
        findings.extend(good_news(health));
    }
    say::worst_first(&mut findings);
    HealthView {
        level,
        findings,
        webhook_url: health.webhook_url.clone(),
        last_event_at: health.last_webhook_at.map(Timestamp::to_rfc3339),
        waiting_to_send: health.waiting,
        pending_webhooks: u32::try_from(health.journal.pending).unwrap_or(u32::MAX),
        checked_at: around::checked_at(health).map(Timestamp::to_rfc3339),
    }
}

fn good_news(health: &Health) -> Option<Finding> {
    let sentence = match (health.receives, health.has_channels) {
        (true, true) => match health.last_webhook_at {
            Some(at) => format!(
                "Listening: what customers write is stored the moment it arrives. WhatsApp last called {}.",
                say::ago(at, health.now)
            ),
            None => "Listening: what customers write is stored the moment it arrives. WhatsApp has not called yet."
                .to_owned(),
        },
        (true, false) => "Listening, but no number is connected yet.".to_owned(),
        (false, _) => return None,
    };
    let button = (!health.has_channels).then(|| say::action("connect_number"));
    Some(say::finding("webhook", Level::Ok, sentence).with(button))
}
