//! How long to wait before a tunnel is tried again.

use super::TroubleClass;
use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
/// When the other side was reached and said no: there is no hurry.
const LONGEST: Duration = Duration::from_secs(30);
/// When nobody was reached: no later than this after the network is back, together with the time a dial may take,
/// the tunnel is open again within ten seconds.
const LONGEST_OFFLINE: Duration = Duration::from_secs(4);
/// Trouble that will not be over soon.
const SLOW: [Duration; 2] = [Duration::from_secs(5), Duration::from_secs(15)];

/// Returns how long to wait after the `attempt`th try in a row has failed (counted from 1), or `None` when it is not to
/// be tried again. `dice` is anything from 0 to 1: computers that lost the same network do not all come back at once.
pub(crate) fn wait(class: TroubleClass, attempt: u32, dice: f64) -> Option<Duration> {
    let doubled = |longest: Duration| {
        let times = 2_u32.saturating_pow(attempt.saturating_sub(1).min(16));
        FIRST.saturating_mul(times).min(longest)
    };
    let base = match class {
        TroubleClass::Permanent => return None,
        TroubleClass::Network => doubled(LONGEST_OFFLINE),
        TroubleClass::Passing => doubled(LONGEST),
        TroubleClass::Slow => usize::try_from(attempt.saturating_sub(1))
            .ok()
            .and_then(|before| SLOW.get(before))
            .copied()
            .unwrap_or(LONGEST),
    };
    Some(base.mul_f64(0.75 + 0.25 * dice.clamp(0.0, 1.0)))
}

/// A number from 0 to 1 that nobody can foretell; a half when the system has none.
pub(crate) fn dice() -> f64 {
    getrandom::u32().map_or(0.5, |number| f64::from(number) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn longest(class: TroubleClass, attempt: u32) -> Option<f64> {
        wait(class, attempt, 1.0).map(|wait| wait.as_secs_f64())
    }

    #[test]
    fn waits_grow_from_half_a_second_to_half_a_minute_and_stay_there() {
        let waits: Vec<_> = (1..=8)
            .filter_map(|attempt| longest(TroubleClass::Passing, attempt))
            .collect();
        assert_eq!(waits, [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]);
        assert_eq!(longest(TroubleClass::Passing, u32::MAX), Some(30.0));
        assert_eq!(longest(TroubleClass::Passing, 0), Some(0.5));
    }

    #[test]
    fn without_a_network_no_wait_is_longer_than_four_seconds() {
        assert_eq!(longest(TroubleClass::Network, 2), Some(1.0));
        assert_eq!(longest(TroubleClass::Network, 10_000), Some(4.0));
    }

    #[test]
    fn what_does_not_pass_soon_is_tried_every_half_minute_and_what_never_passes_not_at_all() {
        let waits: Vec<_> = (1..=4)
            .filter_map(|attempt| longest(TroubleClass::Slow, attempt))
            .collect();
        assert_eq!(waits, [5.0, 15.0, 30.0, 30.0]);
        assert_eq!(longest(TroubleClass::Permanent, 1), None);
    }

    #[test]
    fn chance_shortens_a_wait_by_a_quarter_at_most() {
        let dice = |dice| wait(TroubleClass::Passing, 7, dice).unwrap();
        assert_eq!(dice(0.0), Duration::from_millis(22_500));
        assert!(dice(super::dice()) >= dice(0.0) && dice(super::dice()) <= LONGEST);
        assert_eq!(dice(f64::INFINITY), LONGEST);
    }
}
