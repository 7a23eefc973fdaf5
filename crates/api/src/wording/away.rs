//! What happened while nobody could reach us, in sentences.

use super::say::{counted, day, length};
use domain::{Gap, ListeningEnd, StillToCome};
use engine::Away;

const fn because(cause: ListeningEnd) -> &'static str {
    match cause {
        ListeningEnd::Quit => "Deskbell was not running",
        ListeningEnd::Crash => "Deskbell had ended unexpectedly, or the power was gone",
        ListeningEnd::Sleep => "this computer slept",
        ListeningEnd::Tunnel => "the internet or the tunnel was down",
    }
}

/// Says why and for how long nobody could reach us.
pub(crate) fn words(away: &Away) -> String {
    let longest = away.gaps.iter().max_by_key(|gap| gap.length());
    match (away.gaps.as_slice(), longest) {
        ([], _) | (_, None) => "Nothing was missed: messages could come in all the time.".to_owned(),
        ([only], _) if away.goes_on => format!(
            "Customers' messages have not come in for {}: {}.",
            length(only.length()),
            because(only.cause)
                .replace("was not", "is not")
                .replace(" was ", " is ")
        ),
        ([only], _) => format!(
            "For {} customers' messages could not come in, because {}.",
            length(only.length()),
            because(only.cause)
        ),
        (gaps, Some(longest)) => format!(
            "{} customers' messages could not come in, for {} at the longest, because {}.",
            counted(i64::try_from(gaps.len()).unwrap_or(i64::MAX), "time", "times"),
            length(Gap::length(longest)),
            because(longest.cause)
        ),
    }
}

/// Says what the provider may still deliver.
pub(crate) fn still(away: &Away) -> Option<String> {
    Some(match away.still? {
        StillToCome::Until(until) => format!(
            "WhatsApp delivers what was written meanwhile bit by bit, at the latest by {}. Messages may still come late.",
            day(until)
        ),
        StillToCome::Partly { until, lost_before } => format!(
            "WhatsApp delivers what was written after {} until {}. It has given up what was written before; those customers \
             have to write again.",
            day(lost_before),
            day(until)
        ),
        StillToCome::Nothing => {
            "WhatsApp keeps undelivered messages for a week; nothing of that time is still to come."
                .to_owned()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    fn away(gaps: Vec<Gap>, goes_on: bool) -> Away {
        Away {
            unseen: true,
            still: gaps.last().map(|gap| gap.still_to_come(gap.until)),
            gaps,
            goes_on,
            late: Vec::new(),
            waiting: Vec::new(),
            windows_closed: Vec::new(),
            now: Timestamp(0),
        }
    }

    fn gap(hours: i64, cause: ListeningEnd) -> Gap {
        Gap {
            from: Timestamp(0),
            until: Timestamp(hours * 3_600_000),
            cause,
        }
    }

    #[test]
    fn each_cause_is_told_as_something_that_happened() {
        for (cause, told) in [
            (ListeningEnd::Quit, "because Deskbell was not running."),
            (
                ListeningEnd::Crash,
                "because Deskbell had ended unexpectedly, or the power was gone.",
            ),
            (ListeningEnd::Sleep, "because this computer slept."),
            (
                ListeningEnd::Tunnel,
                "because the internet or the tunnel was down.",
            ),
        ] {
            let words = words(&away(vec![gap(9, cause)], false));
            assert!(
                words.starts_with("For 9 hours customers' messages could not come in"),
                "{words}"
            );
            assert!(words.ends_with(told), "{words}");
        }
        assert_eq!(
            words(&away(vec![gap(9, ListeningEnd::Tunnel)], true)),
            "Customers' messages have not come in for 9 hours: the internet or the tunnel is down."
        );
        let twice = vec![gap(2, ListeningEnd::Quit), gap(9, ListeningEnd::Sleep)];
        assert_eq!(
            words(&away(twice, false)),
            "2 times customers' messages could not come in, for 9 hours at the longest, because this computer slept."
        );
        assert!(words(&away(Vec::new(), false)).starts_with("Nothing was missed"));
    }

    #[test]
    fn what_may_still_come_is_told_with_its_last_day() {
        let short = still(&away(vec![gap(9, ListeningEnd::Quit)], false)).unwrap();
        assert!(short.contains("by 8 January 1970"), "{short}");
        let long = still(&away(vec![gap(24 * 20, ListeningEnd::Quit)], false)).unwrap();
        assert!(
            long.contains("written after 14 January 1970 until 28 January 1970"),
            "{long}"
        );
        assert!(long.contains("given up"), "{long}");
    }
}
