//! Leaves a model alone that fails again and again (assistant.md, section 3.8).

use domain::Timestamp;
use std::time::Duration;

/// So many failures within [`WITHIN`] are too many.
const TOO_MANY: usize = 3;
/// How close together they have to be.
const WITHIN: Duration = Duration::from_mins(2);
/// How long the model is then left alone.
const REST: Duration = Duration::from_mins(5);

/// Whether a model may be asked, from how it did lately.
///
/// Three failures within two minutes open it for five. After that one question is let through: if it is answered, all
/// are again; if not, five more minutes pass.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Breaker {
    failures: Vec<Timestamp>,
    open_until: Option<Timestamp>,
    /// Since when the one question is under way that was let through.
    trial: Option<Timestamp>,
}

impl Breaker {
    /// Whether the model may be asked now; if not, until when it is left alone. What is let through has to be followed
    /// by [`Self::succeeded`], [`Self::failed`] or [`Self::abandoned`].
    pub fn admit(&mut self, now: Timestamp) -> Result<(), Timestamp> {
        let Some(until) = self.open_until else {
            return Ok(());
        };
        if now < until {
            return Err(until);
        }
        match self.trial {
            // A trial nobody has reported about, after all this time, has been forgotten.
            Some(since) if now.since(since) < REST => Err(since.plus(REST)),
            _ => {
                self.trial = Some(now);
                Ok(())
            }
        }
    }

    /// Until when the model is left alone, if it is.
    pub fn open_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.open_until.filter(|until| now < *until)
    }

    /// The model answered.
    pub fn succeeded(&mut self) {
        if self.trial.take().is_some() {
            self.open_until = None;
            self.failures.clear();
        }
    }

    /// The model failed.
    pub fn failed(&mut self, now: Timestamp) {
        self.failures.retain(|at| now.since(*at) < WITHIN);
        self.failures.push(now);
        if self.trial.take().is_some() || self.failures.len() >= TOO_MANY {
            self.open_until = Some(now.plus(REST));
            self.failures.clear();
        }
    }

    /// Nobody wanted the answer any more, so nothing is known.
    pub fn abandoned(&mut self) {
        self.trial = None;
    }

    /// A person changed key, address or model: everything before says nothing.
    pub fn reset(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1000)
    }

    #[test]
    fn three_failures_in_two_minutes_open_it_for_five_minutes_and_a_good_answer_closes_it() {
        let mut breaker = Breaker::default();
        breaker.failed(at(0));
        breaker.failed(at(60));
        assert_eq!(breaker.admit(at(61)), Ok(()));
        breaker.failed(at(119));
        assert_eq!(breaker.admit(at(120)), Err(at(419)));
        assert_eq!(breaker.admit(at(418)), Err(at(419)));
        assert_eq!(breaker.admit(at(419)), Ok(()), "one question is let through");
        assert!(breaker.admit(at(420)).is_err(), "and only one");
        breaker.succeeded();
        assert_eq!(breaker.admit(at(421)), Ok(()));
        assert_eq!(breaker.admit(at(421)), Ok(()));
    }

    #[test]
    fn failures_far_apart_do_not_open_it() {
        let mut breaker = Breaker::default();
        for minute in 0..30 {
            breaker.failed(at(minute * 61));
            assert_eq!(breaker.admit(at(minute * 61)), Ok(()));
        }
    }

    #[test]
    fn a_failed_trial_opens_it_again_at_once_and_an_abandoned_one_lets_the_next_try() {
        let mut breaker = Breaker::default();
        for second in 0..3 {
            breaker.failed(at(second));
        }
        assert_eq!(breaker.admit(at(400)), Ok(()));
        breaker.abandoned();
        assert_eq!(breaker.admit(at(401)), Ok(()));
        breaker.failed(at(402));
        assert_eq!(breaker.admit(at(403)), Err(at(702)));
        assert_eq!(breaker.open_until(at(403)), Some(at(702)));
    }
}
