//! Moments.

use std::fmt;
use std::time::Duration;

/// A moment in milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Returns the moment `seconds` after 1970, or `None` when it is not a moment a calendar knows.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        jiff::Timestamp::from_second(seconds)
            .ok()
            .map(|at| Self(at.as_millisecond()))
    }

    /// Returns the moment in RFC 3339, in UTC with milliseconds, such as `2026-11-10T09:00:00.000Z`.
    pub fn to_rfc3339(self) -> String {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(at) => format!("{at:.3}"),
            Err(_) if self.0 < 0 => "-009999-01-02T01:59:59.000Z".to_owned(),
            Err(_) => "9999-12-30T22:00:00.000Z".to_owned(),
        }
    }

    /// Reads RFC 3339.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>()
            .ok()
            .map(|at| Self(at.as_millisecond()))
    }

    /// Returns the moment `later` after this one; the last moment there is when that would be too far.
    #[must_use]
    pub fn plus(self, later: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(later.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// Returns the moment `earlier` before this one.
    #[must_use]
    pub fn minus(self, earlier: Duration) -> Self {
        Self(
            self.0
                .saturating_sub(i64::try_from(earlier.as_millis()).unwrap_or(i64::MAX)),
        )
    }

    /// Returns how long after `earlier` this moment is; zero when it is not after.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc_and_read_back() {
        let at = Timestamp::from_unix_seconds(1_794_301_200).unwrap();
        assert_eq!(at.to_rfc3339(), "2026-11-10T09:00:00.000Z");
        assert_eq!(Timestamp::parse_rfc3339("2026-11-10T10:00:00+01:00"), Some(at));
    }

    #[test]
    fn a_moment_no_calendar_knows_is_refused_or_written_at_the_end_of_time() {
        assert_eq!(Timestamp::from_unix_seconds(99_999_999_999_999), None);
        assert!(Timestamp(i64::MAX).to_rfc3339().starts_with("9999"));
        assert!(Timestamp(i64::MIN).to_rfc3339().starts_with('-'));
        assert_eq!(
            Timestamp(i64::MAX).plus(Duration::from_secs(1)),
            Timestamp(i64::MAX)
        );
    }
}
