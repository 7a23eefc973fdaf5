//! People and the names providers know them by.

use crate::text_enum::text_enum;

text_enum! {
    /// What a provider calls a person. No identity is a key: a phone number may be withheld, an id may change.
    IdentityKind {
        /// WhatsApp's own id: digits, not always the phone number.
        WaId = "wa_id",
        /// A phone number: digits without `+`.
        Phone = "phone",
        /// Meta's business-scoped user id, such as `GB.8412…`.
        Bsuid = "bsuid",
        /// The business-scoped user id of the parent business.
        ParentBsuid = "parent_bsuid",
        /// A group of people; its messages lie apart from those of its members.
        GroupId = "group_id",
        /// Telegram's numeric user id.
        TelegramId = "telegram_id",
    }
}

/// One name a provider knows a person by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// What kind of name.
    pub kind: IdentityKind,
    /// The name itself; digits only for phone numbers and WhatsApp ids.
    pub value: String,
}

impl Identity {
    /// Returns the identity with its value in the one form it is compared in, or `None` when nothing is left.
    pub fn new(kind: IdentityKind, value: &str) -> Option<Self> {
        let value = match kind {
            IdentityKind::WaId | IdentityKind::Phone => digits_only(value),
            _ => value.trim().to_owned(),
        };
        (!value.is_empty()).then_some(Self { kind, value })
    }
}

/// Returns the ASCII digits of `text`.
pub fn digits_only(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Returns a phone number as it is dialled from anywhere: `+` and digits. Without the `+`, Meta may take it for a
/// national number of the business's own country (whatsapp-cloud-api, section 5.1).
pub fn international(digits: &str) -> String {
    format!("+{}", digits_only(digits))
}

/// Returns up to two letters that stand for a name in an avatar; `#` when the name has no letters.
pub fn initials(name: &str) -> String {
    let letters: Vec<char> = name
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphabetic()))
        .collect();
    let text: String = match letters.as_slice() {
        [] => "#".to_owned(),
        [only] => only.to_uppercase().collect(),
        [first, .., last] => first.to_uppercase().chain(last.to_uppercase()).collect(),
    };
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_compare_equal_however_they_are_written() {
        let plus = Identity::new(IdentityKind::WaId, "+44 7700 900771");
        assert_eq!(plus, Identity::new(IdentityKind::WaId, "447700900771"));
        assert_eq!(Identity::new(IdentityKind::Phone, " - "), None);
    }

    #[test]
    fn an_avatar_shows_the_first_and_last_initial() {
        assert_eq!(initials("Ana Silva"), "AS");
        assert_eq!(initials("maría del carmen"), "MC");
        assert_eq!(initials("+44 7700"), "#");
        assert_eq!(initials("يوسف"), "ي");
    }
}
