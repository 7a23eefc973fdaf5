//! The numbers and people of the tests. All of them are made up; the phone numbers are reserved for fiction.

use simulator::{Customer, Number};

/// What every channel of the tests answers Meta's visit with.
pub const VERIFY_TOKEN: &str = "verify-me-4711";

/// The `n`th business number, with an app of its own.
pub fn number(n: u32) -> Number {
    Number::new(
        &format!("10900000000{n:04}"),
        &format!("20900000000{n:04}"),
        &format!("+44770090{n:04}"),
        &format!("EAAtesttoken{n:04}"),
        &format!("appsecret{n:04}"),
    )
}

/// The `n`th person who writes.
pub fn customer(n: u32) -> Customer {
    Customer::phone(&format!("Person {n}"), &format!("4915550{n:05}")).with_user_id(&format!("DE.77{n:05}"))
}

/// The time in Unix seconds.
#[expect(
    clippy::disallowed_methods,
    reason = "the tests write timestamps as Meta does, and Meta has a clock of its own"
)]
pub fn now() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
