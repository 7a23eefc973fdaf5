//! Whether a number has to be registered before it can be connected.

/// Returns whether a number has to be registered with a PIN first, by the provider's own words for how it stands
/// (whatsapp-cloud-api, sections 7.1 and 7.2). What is not said speaks for no.
pub fn needs_registration(status: Option<&str>, platform: Option<&str>, on_phone: bool) -> bool {
    // A number that is used on a phone and here at once was registered by that.
    if on_phone || status == Some("CONNECTED") {
        return false;
    }
    let not_here = matches!(platform, Some("NOT_APPLICABLE" | "ON_PREMISE"));
    let is_not = matches!(
        status,
        Some("PENDING" | "DISCONNECTED" | "OFFLINE" | "UNVERIFIED" | "MIGRATED")
    );
    not_here || is_not
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_not_registered_says_so_by_its_status_or_its_platform() {
        assert!(needs_registration(Some("PENDING"), None, false));
        assert!(needs_registration(Some("UNKNOWN"), Some("NOT_APPLICABLE"), false));
        assert!(needs_registration(None, Some("ON_PREMISE"), false));
    }

    #[test]
    fn a_connected_number_and_one_shared_with_a_phone_are_left_alone() {
        assert!(!needs_registration(
            Some("CONNECTED"),
            Some("NOT_APPLICABLE"),
            false
        ));
        assert!(!needs_registration(Some("PENDING"), Some("NOT_APPLICABLE"), true));
    }

    #[test]
    fn what_is_not_said_and_what_registering_does_not_cure_ask_for_nothing() {
        assert!(!needs_registration(None, None, false));
        for status in ["BANNED", "FLAGGED", "RESTRICTED", "RATE_LIMITED", "something new"] {
            assert!(!needs_registration(Some(status), Some("CLOUD_API"), false));
        }
    }
}
