//! The pieces findings are made of.

use crate::views::{ActionView, Finding, Level};
use domain::Timestamp;
use engine::CallRemedy;
use std::time::Duration;

/// A button without anything it is about.
pub(crate) fn action(kind: &'static str) -> ActionView {
    ActionView {
        kind,
        channel_id: None,
        url: None,
        conversation_id: None,
    }
}

/// A button that opens a page.
pub(crate) fn page(url: &str) -> ActionView {
    ActionView {
        url: Some(url.to_owned()),
        ..action("open_page")
    }
}

/// A button about a channel.
pub(crate) fn of_channel(kind: &'static str, channel: &str) -> ActionView {
    ActionView {
        channel_id: Some(channel.to_owned()),
        ..action(kind)
    }
}

/// A finding without a channel and a button.
pub(crate) fn finding(topic: &'static str, level: Level, sentence: impl Into<String>) -> Finding {
    Finding {
        topic,
        level,
        sentence: sentence.into(),
        channel_id: None,
        action: None,
    }
}

impl Finding {
    /// The same with a button.
    pub(crate) fn with(self, action: impl Into<Option<ActionView>>) -> Self {
        Self {
            action: action.into(),
            ..self
        }
    }

    /// The same about a channel.
    pub(crate) fn about(self, channel: &str) -> Self {
        Self {
            channel_id: Some(channel.to_owned()),
            ..self
        }
    }
}

/// Sorts findings so that the worst is told first.
pub(crate) fn worst_first(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
}

/// Returns the button for what the provider's code asks for, or `other` when it asks for nothing a button can do.
pub(crate) fn for_remedy(remedy: CallRemedy, channel: &str, other: &'static str) -> ActionView {
    match remedy {
        CallRemedy::NewToken
        | CallRemedy::NewSecret
        | CallRemedy::Reconnect
        | CallRemedy::GrantPermission
        | CallRemedy::AssignAccount
        | CallRemedy::CheckIds => of_channel("replace_keys", channel),
        CallRemedy::RegisterNumber => of_channel("register_number", channel),
        CallRemedy::CheckTunnel => action("retry_tunnel"),
        remedy => remedy.link().map_or_else(|| of_channel(other, channel), page),
    }
}

/// Returns the button for a code of the provider's.
pub(crate) fn for_code(
    code: Option<i64>,
    subcode: Option<i64>,
    channel: &str,
    other: &'static str,
) -> ActionView {
    if code == Some(401) {
        return of_channel("replace_keys", channel);
    }
    match engine::known_error(code, subcode) {
        Some(advice) => for_remedy(advice.remedy, channel, other),
        None => of_channel(other, channel),
    }
}

/// Returns a number with its noun.
pub(crate) fn counted(number: i64, one: &str, many: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {many}")
    }
}

/// Says how long something lasts, in the largest unit of which there are two, or in the next smaller one.
pub(crate) fn length(time: Duration) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (days, hours, minutes) {
        (2.., _, _) => counted(days, "day", "days"),
        (_, 2.., _) => counted(hours, "hour", "hours"),
        (_, _, 1..) => counted(minutes, "minute", "minutes"),
        _ => "less than a minute".to_owned(),
    }
}

/// Says how long ago something was.
pub(crate) fn ago(at: Timestamp, now: Timestamp) -> String {
    match now.since(at) {
        time if time < Duration::from_mins(1) => "just now".to_owned(),
        time => format!("{} ago", length(time)),
    }
}

/// Says a day as people in most countries read it, in UTC.
pub(crate) fn day(at: Timestamp) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let text = at.to_rfc3339();
    let mut parts = text.splitn(3, '-');
    let year = parts.next().unwrap_or_default();
    let month = parts.next().and_then(|month| month.parse::<usize>().ok());
    let name = month.and_then(|month| MONTHS.get(month.checked_sub(1)?)).copied();
    let day = parts
        .next()
        .and_then(|rest| rest.get(..2))
        .map(|day| day.trim_start_matches('0'));
    match (day, name) {
        (Some(day), Some(month)) => format!("{day} {month} {year}"),
        _ => text,
    }
}

/// Returns the host name of an address: what a person recognises it by.
pub(crate) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_say_them() {
        for (seconds, said) in [
            (3, "less than a minute"),
            (60, "1 minute"),
            (3_599, "59 minutes"),
            (7_199, "119 minutes"),
            (7_200, "2 hours"),
            (172_799, "47 hours"),
            (172_800, "2 days"),
        ] {
            assert_eq!(length(Duration::from_secs(seconds)), said);
        }
        let noon = Timestamp(1_794_312_000_000);
        assert_eq!(ago(noon, Timestamp(noon.0 + 59_000)), "just now");
        assert_eq!(ago(noon, Timestamp(noon.0 + 300_000)), "5 minutes ago");
        assert_eq!(day(noon), "10 November 2026");
        assert_eq!(day(Timestamp(1_793_534_400_000)), "1 November 2026");
    }

    #[test]
    fn an_address_is_recognised_by_its_host() {
        assert_eq!(
            host("https://kiln.ngrok-free.app/hooks/0f"),
            "kiln.ngrok-free.app"
        );
        assert_eq!(host("desk.example:8443/x"), "desk.example:8443");
    }
}
