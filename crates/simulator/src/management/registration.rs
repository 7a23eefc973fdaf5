//! Registration of a number with its PIN (`whatsapp-cloud-api.md` 7.4).

use super::Management;
use crate::graph::GraphError;

/// Requests to register that are answered within the time below; the next gets 133016.
const REQUESTS: usize = 10;
/// Seconds in which they are counted: 72 hours.
const COUNTED: i64 = 72 * 3600;
/// Wrong PINs until 133008. Meta does not say how many; a guess.
const WRONG_PINS: u32 = 5;

/// The tries to register a number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tries {
    /// When they came, Unix seconds.
    at: Vec<i64>,
    wrong: u32,
}

/// Six digits.
pub(super) fn is_pin(pin: &str) -> bool {
    pin.len() == 6 && pin.bytes().all(|byte| byte.is_ascii_digit())
}

impl Management {
    /// Registers a number: the PIN is set if there was none, else compared.
    pub(crate) fn register(&mut self, phone_number_id: &str, pin: &str, now: i64) -> Result<(), GraphError> {
        if !is_pin(pin) {
            return Err(GraphError::of(100).details("Param pin must be 6 characters long."));
        }
        let tries = self.tries.entry(phone_number_id.to_owned()).or_default();
        tries.at.retain(|at| now - at < COUNTED);
        if tries.at.len() >= REQUESTS {
            return Err(GraphError::of(133_016));
        }
        tries.at.push(now);
        let standing = self.standings.entry(phone_number_id.to_owned()).or_default();
        if standing.code_verification_status != "VERIFIED" {
            return Err(GraphError::of(133_006));
        }
        if tries.wrong >= WRONG_PINS {
            return Err(GraphError::of(133_008));
        }
        if standing.pin.as_deref().is_some_and(|known| known != pin) {
            tries.wrong += 1;
            return Err(GraphError::of(133_005));
        }
        tries.wrong = 0;
        standing.pin = Some(pin.to_owned());
        standing.registered = true;
        "CONNECTED".clone_into(&mut standing.status);
        "CLOUD_API".clone_into(&mut standing.platform_type);
        "STANDARD".clone_into(&mut standing.throughput);
        Ok(())
    }

    /// Takes a number out of the Cloud API.
    pub(crate) fn deregister(&mut self, phone_number_id: &str) {
        let standing = self.standings.entry(phone_number_id.to_owned()).or_default();
        standing.registered = false;
        "PENDING".clone_into(&mut standing.status);
    }

    /// Sets another PIN.
    pub(crate) fn change_pin(&mut self, phone_number_id: &str, pin: &str) -> Result<(), GraphError> {
        if !is_pin(pin) {
            return Err(GraphError::of(100).details("Param pin must be 6 characters long."));
        }
        let standing = self.standings.entry(phone_number_id.to_owned()).or_default();
        standing.pin = Some(pin.to_owned());
        Ok(())
    }

    /// Whether a number may write to somebody: registered, and for a test number somebody of its list.
    pub(crate) fn check_sender(&self, phone_number_id: &str, to: &str) -> Result<(), GraphError> {
        let Some(standing) = self.standings.get(phone_number_id) else {
            return Ok(());
        };
        if !standing.registered {
            return Err(GraphError::of(133_010));
        }
        let listed = |people: &Vec<String>| people.iter().any(|person| person.trim_start_matches('+') == to);
        if standing.recipients.as_ref().is_some_and(|people| !listed(people)) {
            return Err(GraphError::of(131_030));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::management::Standing;

    #[test]
    fn the_eleventh_registration_in_three_days_is_refused_and_later_it_goes_on() {
        let mut management = Management::default();
        management
            .standings
            .insert("1".to_owned(), Standing::unregistered());
        let mut at = |now| {
            management
                .register("1", "123456", now)
                .map_err(|error| error.code)
        };
        for now in 0..10 {
            assert_eq!(at(now), Ok(()));
        }
        assert_eq!(at(10), Err(133_016));
        assert_eq!(at(COUNTED - 1), Err(133_016));
        assert_eq!(at(COUNTED + 10), Ok(()));
    }

    #[test]
    fn after_five_wrong_pins_even_the_right_one_has_to_wait() {
        let mut management = Management::default();
        let standing = Standing {
            pin: Some("123456".to_owned()),
            ..Standing::unregistered()
        };
        management.standings.insert("1".to_owned(), standing);
        for _ in 0..5 {
            let refused = management.register("1", "000000", 0).map_err(|error| error.code);
            assert_eq!(refused, Err(133_005));
        }
        let refused = management.register("1", "123456", 0).map_err(|error| error.code);
        assert_eq!(refused, Err(133_008));
        assert!(!management.standing("1").registered);
    }
}
