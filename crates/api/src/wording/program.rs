//! What is wrong inside Deskbell, in sentences.

use super::say::{action, counted, finding as said, for_code, of_channel};
use crate::present::hold_words;
use crate::views::{Finding, Level};
use engine::{Issue, Severity, Topic};

pub(super) fn finding(issue: &Issue) -> Finding {
    let level = match issue.severity {
        Severity::Warn => Level::Warn,
        Severity::Bad => Level::Bad,
    };
    match &issue.topic {
        Topic::NotRunning => said(
            "webhook",
            level,
            "Deskbell is not running, so what customers write waits at WhatsApp, for a week at most. Start it.",
        ),
        Topic::NotStoring => said(
            "storage",
            level,
            "What customers write cannot be saved at the moment. WhatsApp keeps it and sends it again. Check that \
             the disk has free space.",
        )
        .with(action("look_again")),
        Topic::NotListening => said(
            "webhook",
            level,
            "Deskbell does not receive messages at the moment. Quit it and start it again.",
        ),
        Topic::Held(channel) => {
            let (id, hold) = (channel.id.to_string(), channel.hold.as_ref());
            let words = hold.map(hold_words).unwrap_or_default();
            let button = match hold.and_then(|hold| hold.code) {
                Some(_) => for_code(
                    hold.and_then(|hold| hold.code),
                    hold.and_then(|hold| hold.subcode),
                    &id,
                    "resume_channel",
                ),
                None => of_channel("resume_channel", &id),
            };
            said("sending", level, format!("{}: {words}", channel.name))
                .with(button)
                .about(&id)
        }
        Topic::SecretsUnreadable(why) => said(
            "vault",
            level,
            format!(
                "The secrets cannot be read, so no message can be checked; Meta keeps them and tries again. {why}"
            ),
        )
        .with(action("unlock_vault")),
        Topic::AssistantUnreadable(why) => said("model", level, why.as_str()),
        Topic::Forged(number) => said(
            "signature",
            level,
            format!(
                "{}. If customers' messages are missing, the app secret is not the one of your Meta app.",
                counted(
                    *number,
                    "call was turned away since its signature was wrong",
                    "calls were turned away since their signature was wrong"
                )
            ),
        ),
        Topic::Failed(number) => said(
            "webhook",
            level,
            format!(
                "{}. Nothing is lost: they are kept and can be worked through again after an update.",
                counted(
                    *number,
                    "webhook could not be understood completely",
                    "webhooks could not be understood completely"
                )
            ),
        ),
        Topic::Unassigned(number) => said(
            "webhook",
            level,
            format!(
                "{}. They are kept until you connect that number.",
                counted(
                    *number,
                    "webhook came for a number that is not connected",
                    "webhooks came for a number that is not connected"
                )
            ),
        )
        .with(action("connect_number")),
        Topic::ModelRefuses(why) => said(
            "model",
            level,
            format!("{why} Until then the assistant answers from skills and knowledge."),
        ),
        Topic::ModelRests(_) => said(
            "model",
            level,
            "The language model failed several times, so it is left alone for a few minutes. The assistant answers from \
             skills and knowledge meanwhile.",
        ),
        Topic::Restarted { task, times } => {
            let topic = match *task {
                "dispatcher" => "sending",
                "housekeeping" => "storage",
                "tunnel" => "tunnel",
                "gateway" | "ingest" | "doorplates" | "refusals" => "webhook",
                _ => "program",
            };
            said(
                topic,
                level,
                format!(
                    "A part of Deskbell stopped and was started again ({task}, {}). Nothing is lost; if it goes on, \
                     start Deskbell again.",
                    counted(i64::from(*times), "time", "times")
                ),
            )
        }
    }
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
