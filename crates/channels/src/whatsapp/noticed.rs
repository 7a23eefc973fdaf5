//! What the headers of Meta's answers tell besides: which version of the API answered, and what time it is there
//! (whatsapp-cloud-api, sections 9.3 and 10).

use domain::Timestamp;
use http::HeaderMap;
use http::header::DATE;
use jiff::SignedDuration;
use std::sync::{Mutex, MutexGuard, PoisonError};

const VERSION_HEADER: &str = "facebook-api-version";
/// A version is as short as `v25.0`.
const LONGEST_VERSION: usize = 12;
/// `Date` has whole seconds; the middle of its second is the best guess.
const HALF_A_SECOND: i64 = 500;

/// What the latest answer told.
#[derive(Debug, Default)]
pub(super) struct Noticed(Mutex<Latest>);

#[derive(Debug, Default, Clone)]
struct Latest {
    version: Option<String>,
    skew: Option<SignedDuration>,
}

impl Noticed {
    fn latest(&self) -> MutexGuard<'_, Latest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what an answer told. What it does not tell stays as it was.
    pub(super) fn note(&self, headers: &HeaderMap, sent: Timestamp, answered: Timestamp) {
        let version = version(headers);
        let skew = date(headers).and_then(|date| skew(sent, answered, date));
        let mut latest = self.latest();
        if version.is_some() {
            latest.version = version;
        }
        if skew.is_some() {
            latest.skew = skew;
        }
    }

    pub(super) fn version(&self) -> Option<String> {
        self.latest().version.clone()
    }

    pub(super) fn skew(&self) -> Option<SignedDuration> {
        self.latest().skew
    }
}

/// The moment by this computer's clock.
#[expect(
    clippy::disallowed_methods,
    reason = "a skew is measured between two clocks at one moment; a clock that is handed in could be a test's own"
)]
pub(super) fn this_computers_time() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_millisecond())
}

fn version(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(VERSION_HEADER)?.to_str().ok()?.trim();
    let is_version = !text.is_empty()
        && text.len() <= LONGEST_VERSION
        && text
            .bytes()
            .all(|sign| sign.is_ascii_alphanumeric() || sign == b'.');
    is_version.then(|| text.to_owned())
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(DATE)?.to_str().ok()?;
    let at = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    Some(Timestamp(at.as_millisecond()))
}

/// How far this computer's clock is ahead, when the answer was written halfway between request and arrival.
fn skew(sent: Timestamp, answered: Timestamp, date: Timestamp) -> Option<SignedDuration> {
    // The clock was set back meanwhile: nothing can be said.
    let trip = answered.0.checked_sub(sent.0).filter(|trip| *trip >= 0)?;
    let halfway = sent.0.checked_add(trip / 2)?;
    let there = date.0.checked_add(HALF_A_SECOND)?;
    halfway.checked_sub(there).map(SignedDuration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: i64 = 1_794_312_000_000;

    fn told(date: &str, sent: i64, answered: i64) -> Option<SignedDuration> {
        let noticed = Noticed::default();
        let mut headers = HeaderMap::new();
        headers.insert(DATE, date.parse().unwrap());
        noticed.note(&headers, Timestamp(NOON + sent), Timestamp(NOON + answered));
        noticed.skew()
    }

    #[test]
    fn a_clock_that_is_right_is_right_however_long_the_answer_takes() {
        let noon = "Tue, 10 Nov 2026 12:00:00 GMT";
        for (sent, answered) in [(500, 500), (400, 600), (-1_500, 2_500), (0, 1_000)] {
            assert_eq!(told(noon, sent, answered), Some(SignedDuration::ZERO));
        }
    }

    #[test]
    fn a_clock_that_is_ahead_or_behind_is_told_with_its_sign() {
        let noon = "Tue, 10 Nov 2026 12:00:00 GMT";
        assert_eq!(told(noon, 180_400, 180_600), Some(SignedDuration::from_secs(180)));
        assert_eq!(told(noon, -59_600, -59_400), Some(SignedDuration::from_secs(-60)));
    }

    #[test]
    fn a_clock_that_was_set_back_meanwhile_and_a_date_that_is_none_say_nothing() {
        assert_eq!(told("Tue, 10 Nov 2026 12:00:00 GMT", 1_000, 0), None);
        assert_eq!(told("yesterday", 0, 100), None);
        assert_eq!(told("", 0, 100), None);
    }

    #[test]
    fn what_an_answer_does_not_tell_stays_as_it_was() {
        let noticed = Noticed::default();
        let mut headers = HeaderMap::new();
        headers.insert(VERSION_HEADER, "v26.0".parse().unwrap());
        noticed.note(&headers, Timestamp(NOON), Timestamp(NOON));
        noticed.note(&HeaderMap::new(), Timestamp(NOON), Timestamp(NOON));
        assert_eq!(noticed.version().as_deref(), Some("v26.0"));
        for odd in ["", "v26.0<script>", "v26.0 and a lot of other things"] {
            headers.insert(VERSION_HEADER, odd.parse().unwrap());
            noticed.note(&headers, Timestamp(NOON), Timestamp(NOON));
            assert_eq!(noticed.version().as_deref(), Some("v26.0"), "{odd}");
        }
    }
}
