//! Opening hours: what the owner enters, and what can be told from it.

use super::hour_words::{self, Words};
use domain::{Language, Timestamp};
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{ToSpan as _, Zoned};
use serde::{Deserialize, Serialize};

/// Minutes of a day.
const DAY: u16 = 24 * 60;
/// How many days ahead the next opening is looked for.
const LOOKED_AHEAD: i32 = 370;

/// A time of the day and one after it, in which the shop is open. Written as `09:00-13:00`; an end that is not after
/// the beginning lies on the next day, and `24:00` is midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Interval {
    /// Minutes after midnight.
    from: u16,
    /// Minutes after the same midnight.
    to: u16,
}

/// Opening hours that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursTrouble {
    /// An interval is not written as `09:00-13:00`.
    #[error("{0:?} is no opening time. Write it as 09:00-18:00.")]
    Interval(String),
    /// The time zone is not known.
    #[error("{0:?} is no time zone. Write it as Europe/Istanbul.")]
    Zone(String),
    /// Not the JSON that is expected.
    #[error("The opening hours cannot be read ({0}). Enter them again.")]
    Unreadable(String),
}

impl TryFrom<String> for Interval {
    type Error = HoursTrouble;

    fn try_from(text: String) -> Result<Self, HoursTrouble> {
        let minutes = |time: &str| -> Option<u16> {
            let (hours, minutes) = time.trim().split_once(':')?;
            let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
            (hours <= 24 && minutes < 60 && hours * 60 + minutes <= DAY).then_some(hours * 60 + minutes)
        };
        let read = || -> Option<Self> {
            let (from, to) = text.split_once(['-', '–'])?;
            let (from, to) = (minutes(from)?, minutes(to)?);
            let to = if to <= from { to + DAY } else { to };
            (from < DAY).then_some(Self { from, to })
        };
        read().ok_or_else(|| HoursTrouble::Interval(text.clone()))
    }
}

impl From<Interval> for String {
    fn from(interval: Interval) -> Self {
        format!("{}-{}", clock(interval.from), clock_end(interval.to))
    }
}

fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

/// Midnight is 24:00 as an end.
fn clock_end(minutes: u16) -> String {
    if minutes == DAY {
        "24:00".to_owned()
    } else {
        clock(minutes)
    }
}

/// When the shop is open, in the time of its own place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// The time zone by its IANA name: `Europe/Istanbul`.
    pub zone: String,
    /// Monday to Sunday. A day without times is closed.
    pub week: [Vec<Interval>; 7],
    /// Days it is closed whatever the week says: `2026-12-25`.
    #[serde(default)]
    pub closed: Vec<Date>,
}

impl Hours {
    /// Reads the setting.
    pub fn from_json(json: &str) -> Result<Self, HoursTrouble> {
        let mut hours: Self =
            serde_json::from_str(json).map_err(|error| HoursTrouble::Unreadable(error.to_string()))?;
        if TimeZone::get(&hours.zone).is_err() {
            return Err(HoursTrouble::Zone(hours.zone));
        }
        for day in &mut hours.week {
            day.sort_by_key(|interval| interval.from);
        }
        Ok(hours)
    }

    /// Writes the setting.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn local(&self, now: Timestamp) -> Option<Zoned> {
        let zone = TimeZone::get(&self.zone).ok()?;
        Some(jiff::Timestamp::from_millisecond(now.0).ok()?.to_zoned(zone))
    }

    fn intervals(&self, date: Date) -> &[Interval] {
        if self.closed.contains(&date) {
            return &[];
        }
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
        self.week.get(day).map_or(&[], Vec::as_slice)
    }

    /// The openings that begin on a day, as moments.
    fn openings(&self, date: Date, zone: &TimeZone) -> Vec<(Zoned, Zoned)> {
        let moment = |minutes: u16| -> Option<Zoned> {
            let date = date.checked_add(i32::from(minutes / DAY).days()).ok()?;
            let (hour, minute) = (minutes % DAY / 60, minutes % 60);
            let time = date.at(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0);
            time.to_zoned(zone.clone()).ok()
        };
        self.intervals(date)
            .iter()
            .filter_map(|interval| Some((moment(interval.from)?, moment(interval.to)?)))
            .collect()
    }

    /// Whether the shop is open.
    pub fn is_open(&self, now: Timestamp) -> bool {
        let Some(local) = self.local(now) else {
            return false;
        };
        [-1_i32, 0].into_iter().any(|days| {
            let date = local.date().checked_add(days.days());
            date.is_ok_and(|date| {
                let openings = self.openings(date, local.time_zone());
                openings.iter().any(|(from, to)| *from <= local && local < *to)
            })
        })
    }

    /// Returns when the shop opens next, after `now`; none when it never does.
    pub fn next_open(&self, now: Timestamp) -> Option<Timestamp> {
        let next = self.next_opening(now)?;
        Some(Timestamp(next.timestamp().as_millisecond()))
    }

    fn next_opening(&self, now: Timestamp) -> Option<Zoned> {
        let local = self.local(now)?;
        (0..LOOKED_AHEAD).find_map(|days| {
            let date = local.date().checked_add(days.days()).ok()?;
            let openings = self.openings(date, local.time_zone());
            openings
                .into_iter()
                .map(|(from, _)| from)
                .find(|from| *from > local)
        })
    }

    /// Returns the next opening in words, such as "tomorrow at 09:00"; none when there is none.
    pub fn next_open_words(&self, now: Timestamp, language: Language) -> Option<String> {
        let words = hour_words::of(language);
        let (local, next) = (self.local(now)?, self.next_opening(now)?);
        let time = clock(u16::try_from(i32::from(next.hour()) * 60 + i32::from(next.minute())).ok()?);
        let days = local.date().until(next.date()).ok()?.get_days();
        let day = match days {
            0 => words.today.to_owned(),
            1 => words.tomorrow.to_owned(),
            2..=6 => words.on.replace("{}", day_name(words, next.weekday())),
            _ => {
                let month = usize::try_from(next.month() - 1).ok()?;
                let month = words.months.split(' ').nth(month)?;
                format!("{} {}", next.day(), month)
            }
        };
        Some(words.at.replace("{day}", &day).replace("{time}", &time))
    }

    /// Returns the week in words, such as "Mon–Fri 09:00–18:00, Sat 10:00–14:00, Sun closed".
    pub fn words(&self, language: Language) -> String {
        let words = hour_words::of(language);
        let names: Vec<&str> = words.days.split(' ').collect();
        let mut parts: Vec<String> = Vec::new();
        let mut day = 0;
        while let Some(times) = self.week.get(day) {
            let alike = self
                .week
                .iter()
                .skip(day)
                .take_while(|other| *other == times)
                .count();
            let (first, last) = (names.get(day), names.get(day + alike - 1));
            let days = match (first, last, alike) {
                (Some(first), Some(last), 2..) => format!("{first}–{last}"),
                (Some(first), _, _) => (*first).to_owned(),
                _ => String::new(),
            };
            let times: Vec<String> = times
                .iter()
                .map(|interval| format!("{}–{}", clock(interval.from), clock_end(interval.to)))
                .collect();
            let times = if times.is_empty() {
                words.closed.to_owned()
            } else {
                times.join(words.and)
            };
            parts.push(format!("{days} {times}"));
            day += alike;
        }
        parts.join(words.comma)
    }
}

fn day_name(words: &Words, weekday: Weekday) -> &'static str {
    let day = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or_default();
    words.long_days.split(' ').nth(day).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop() -> Hours {
        Hours::from_json(
            r#"{"zone":"Europe/Istanbul","week":[["14:00-18:00","09:00-13:00"],["09:00-18:00"],["09:00-18:00"],
            ["09:00-18:00"],["09:00-18:00"],["20:00-02:00"],[]],"closed":["2026-12-25"]}"#,
        )
        .unwrap()
    }

    fn at(local: &str) -> Timestamp {
        let time: jiff::civil::DateTime = local.parse().unwrap();
        let zone = TimeZone::get("Europe/Istanbul").unwrap();
        Timestamp(time.to_zoned(zone).unwrap().timestamp().as_millisecond())
    }

    #[test]
    fn a_pause_at_noon_and_a_night_past_midnight_are_known() {
        let shop = shop();
        // 2026-11-23 is a Monday.
        for (time, open) in [
            ("2026-11-23T08:59:59", false),
            ("2026-11-23T09:00:00", true),
            ("2026-11-23T13:00:00", false),
            ("2026-11-23T17:59:00", true),
            ("2026-11-28T23:30:00", true),
            ("2026-11-29T01:30:00", true),
            ("2026-11-29T02:00:00", false),
            ("2026-12-25T10:00:00", false),
        ] {
            assert_eq!(shop.is_open(at(time)), open, "{time}");
        }
    }

    #[test]
    fn the_next_opening_is_told_in_words() {
        let shop = shop();
        for (time, words) in [
            ("2026-11-23T07:00:00", "today at 09:00"),
            ("2026-11-23T10:00:00", "today at 14:00"),
            ("2026-11-23T20:00:00", "tomorrow at 09:00"),
            ("2026-11-28T21:00:00", "on Monday at 09:00"),
            ("2026-12-24T19:00:00", "on Saturday at 20:00"),
        ] {
            assert_eq!(
                shop.next_open_words(at(time), Language::English).as_deref(),
                Some(words)
            );
        }
        assert_eq!(
            shop.next_open(at("2026-11-23T20:00:00")),
            Some(at("2026-11-24T09:00:00"))
        );
        let never = Hours {
            week: Default::default(),
            ..shop
        };
        assert_eq!(never.next_open(at("2026-11-23T20:00:00")), None);
    }

    #[test]
    fn a_far_opening_names_the_day_of_the_month() {
        let mut shop = shop();
        shop.closed = (1..=20).filter_map(|day| Date::new(2026, 12, day).ok()).collect();
        let words = |language| shop.next_open_words(at("2026-12-01T10:00:00"), language);
        assert_eq!(words(Language::English).as_deref(), Some("21 December at 09:00"));
        assert_eq!(words(Language::Turkish).as_deref(), Some("21 Aralık saat 09:00"));
    }

    #[test]
    fn days_that_are_alike_are_told_together() {
        assert_eq!(
            shop().words(Language::English),
            "Mon 09:00–13:00 and 14:00–18:00, Tue–Fri 09:00–18:00, Sat 20:00–02:00, Sun closed"
        );
        for language in Language::ALL {
            let words = shop().words(*language);
            assert!(words.contains("14:00–18:00"), "{words}");
            assert!(
                shop()
                    .next_open_words(at("2026-11-28T21:00:00"), *language)
                    .is_some()
            );
        }
    }

    #[test]
    fn an_hour_that_daylight_saving_leaves_out_is_no_trouble() {
        let mut shop = shop();
        shop.zone = "Europe/Berlin".to_owned();
        shop.week = std::array::from_fn(|_| vec![Interval { from: 150, to: 240 }]);
        // 2026-03-29 02:30 does not exist in Berlin.
        let now = Timestamp(1_774_742_400_000);
        assert!(shop.next_open(now).is_some());
    }

    #[test]
    fn the_setting_is_written_as_it_is_read_and_nonsense_is_a_sentence() {
        let shop = shop();
        assert_eq!(Hours::from_json(&shop.to_json()), Ok(shop));
        for (json, part) in [
            ("{", "cannot be read"),
            (
                r#"{"zone":"Mars/Base","week":[[],[],[],[],[],[],[]]}"#,
                "time zone",
            ),
            (
                r#"{"zone":"UTC","week":[["25:00-26:00"],[],[],[],[],[],[]]}"#,
                "Write it as 09:00-18:00",
            ),
        ] {
            assert!(
                Hours::from_json(json).unwrap_err().to_string().contains(part),
                "{json}"
            );
        }
    }
}
