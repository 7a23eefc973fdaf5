//! A string that forgets itself and refuses to be shown.

use std::fmt;

use zeroize::Zeroizing;

/// The shortest secret of which four characters may be shown without telling too much of it.
const SHOWABLE: usize = 12;

/// A token, password or signing key.
///
/// Its memory is overwritten when it is dropped. It has no `Display` and cannot be serialised, so that it can reach
/// neither a log, nor the database, nor the window by accident; [`Secret::expose`] is the one door and easy to search
/// for.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Wraps `text`. A `String` is taken over without leaving a copy behind.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Returns the secret itself, for the one place that sends or checks it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the last four characters, by which a person recognises a token; nothing when the secret is so short
    /// (under twelve characters) that four would give too much away.
    pub fn last_four(&self) -> String {
        let length = self.0.chars().count();
        if length < SHOWABLE {
            return String::new();
        }
        self.0.chars().skip(length - 4).collect()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Under which name a secret is kept: whom it belongs to, and which of that owner's secrets it is.
///
/// In an OS keychain the item carries the service [`SERVICE`] and the user `<owner>/<field>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretName {
    owner: String,
    field: String,
}

/// The service every keychain item of this program is filed under (its bundle identifier).
pub const SERVICE: &str = "app.deskbell";

impl SecretName {
    /// Names the secret `field` (for example `access_token`) of `owner` (a channel id). Neither may hold a `/`, or two
    /// names could meet in one keychain item; ids and field names never do.
    pub fn new(owner: impl Into<String>, field: impl Into<String>) -> Self {
        Self {
            owner: owner.into(),
            field: field.into(),
        }
    }

    /// Returns whom the secret belongs to.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// Returns which of its owner's secrets this is.
    pub fn field(&self) -> &str {
        &self.field
    }
}

impl fmt::Display for SecretName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.owner, self.field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_a_log_line_shows_nothing_of_itself() {
        let token = Secret::new("EAAG-long-and-private");
        assert_eq!(format!("{token:?}"), "Secret(…)");
        assert_eq!(format!("{:#?}", Some(&token)), "Some(\n    Secret(…),\n)");
    }

    #[test]
    fn a_person_recognises_a_long_token_by_its_end_and_a_short_one_stays_hidden() {
        assert_eq!(Secret::new("EAAG-long-and-9a7é").last_four(), "9a7é");
        assert_eq!(Secret::new("short-1234").last_four(), "");
    }

    #[test]
    fn a_name_reads_as_owner_and_field() {
        let name = SecretName::new("0193", "access_token");
        assert_eq!((name.owner(), name.field()), ("0193", "access_token"));
        assert_eq!(name.to_string(), "0193/access_token");
    }

    /// Stops compiling when `Secret` learns one of the traits: then both implementations fit and none is chosen.
    #[test]
    fn a_secret_can_be_neither_displayed_nor_serialised() {
        trait Shown<Kind> {
            fn stays_hidden() {}
        }
        impl<T: ?Sized> Shown<()> for T {}
        struct Displayed;
        impl<T: ?Sized + fmt::Display> Shown<Displayed> for T {}
        struct Serialised;
        impl<T: ?Sized + serde::Serialize> Shown<Serialised> for T {}
        struct Deserialised;
        impl<T: serde::de::DeserializeOwned> Shown<Deserialised> for T {}

        <Secret as Shown<_>>::stays_hidden();
    }
}
