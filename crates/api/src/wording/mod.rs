//! The state of things, in sentences.

pub(crate) mod notices;
pub(crate) mod number;
pub(crate) mod token;

use crate::present::hold_words;
use crate::views::{Finding, HealthView, Level};
use domain::Timestamp;
use engine::{Health, Issue, Severity, Topic};

pub(crate) fn health(health: &Health) -> HealthView {
    let mut findings: Vec<Finding> = health.issues.iter().map(finding).collect();
    let level = findings
        .iter()
        .map(|finding| finding.level)
        .max()
        .unwrap_or(Level::Ok);
    if level != Level::Bad {
        findings.extend(good_news(health));
    }
    HealthView {
        level,
        findings,
        webhook_url: health.webhook_url.clone(),
        last_event_at: health.last_webhook_at.map(Timestamp::to_rfc3339),
        waiting_to_send: health.waiting,
        pending_webhooks: u32::try_from(health.journal.pending).unwrap_or(u32::MAX),
        checked_at: None,
    }
}

fn finding(issue: &Issue) -> Finding {
    let level = match issue.severity {
        Severity::Warn => Level::Warn,
        Severity::Bad => Level::Bad,
    };
    let mut channel_id = None;
    let (topic, sentence) = match &issue.topic {
        Topic::NotStoring => (
            "storage",
            "What customers write cannot be saved at the moment. WhatsApp keeps it and sends it again. Check that \
             the disk has free space."
                .to_owned(),
        ),
        Topic::NotListening => (
            "webhook",
            "Deskbell does not receive messages at the moment. Quit it and start it again.".to_owned(),
        ),
        Topic::Held(channel) => {
            channel_id = Some(channel.id.to_string());
            let words = channel.hold.as_ref().map(hold_words).unwrap_or_default();
            ("sending", format!("{}: {words}", channel.name))
        }
        Topic::SecretsUnreadable(why) => (
            "vault",
            format!(
                "The secrets cannot be read, so no message can be checked; Meta keeps them and tries again. {why}"
            ),
        ),
        Topic::Forged(number) => (
            "signature",
            format!(
                "{}. If customers' messages are missing, the app secret is not the one of your Meta app.",
                counted(
                    *number,
                    "call was turned away since its signature was wrong",
                    "calls were turned away since their signature was wrong"
                )
            ),
        ),
        Topic::Failed(number) => (
            "webhook",
            format!(
                "{}. Nothing is lost: they are kept and can be worked through again after an update.",
                counted(
                    *number,
                    "webhook could not be understood completely",
                    "webhooks could not be understood completely"
                )
            ),
        ),
        Topic::Unassigned(number) => (
            "webhook",
            format!(
                "{}. They are kept until you connect that number.",
                counted(
                    *number,
                    "webhook came for a number that is not connected",
                    "webhooks came for a number that is not connected"
                )
            ),
        ),
        Topic::Restarted { task, times } => {
            let topic = match *task {
                "dispatcher" => "sending",
                "housekeeping" => "storage",
                _ => "webhook",
            };
            (
                topic,
                format!(
                    "A part of Deskbell stopped and was started again ({task}, {}). Nothing is lost; if it goes on, \
                     start Deskbell again.",
                    counted(i64::from(*times), "time", "times")
                ),
            )
        }
    };
    Finding {
        topic,
        level,
        sentence,
        channel_id,
        action: None,
    }
}

fn counted(number: i64, one: &str, many: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {many}")
    }
}

fn good_news(health: &Health) -> Option<Finding> {
    let sentence = match (&health.webhook_url, health.has_channels) {
        (Some(_), true) => "Listening: what customers write is stored the moment it arrives.",
        (Some(_), false) => "Listening, but no number is connected yet.",
        (None, _) => return None,
    };
    Some(Finding {
        topic: "webhook",
        level: Level::Ok,
        sentence: sentence.to_owned(),
        channel_id: None,
        action: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_keeps_falling_over_is_told_with_its_name_and_what_to_do() {
        for (times, told) in [(1, "(ingest, 1 time)"), (2, "(ingest, 2 times)")] {
            let told_of = finding(&Issue {
                topic: Topic::Restarted {
                    task: "ingest",
                    times,
                },
                severity: Severity::Warn,
            });
            assert_eq!((told_of.topic, told_of.level), ("webhook", Level::Warn));
            assert!(told_of.sentence.contains(told), "{}", told_of.sentence);
            assert!(
                told_of.sentence.contains("Nothing is lost"),
                "{}",
                told_of.sentence
            );
        }
    }
}
