//! One phone number, written in the ways its country and WhatsApp write it (whatsapp-cloud-api, section 0, point 15).

/// Returns the other spellings of a number that mean the same line, best guess first; empty for nearly all countries.
///
/// * Mexico: WhatsApp keeps the `1` after `52` that was dropped from dialling in 2019.
/// * Brazil: mobile numbers got a ninth digit; WhatsApp ids of old accounts have eight.
/// * Argentina: mobile numbers carry a `9` after `54` from abroad.
pub fn other_spellings(digits: &str) -> Vec<String> {
    let spelling = |country: &str, rest: String| vec![format!("{country}{rest}")];
    if let Some(rest) = digits.strip_prefix("52") {
        return match (rest.strip_prefix('1'), rest.len()) {
            (Some(rest), 11) => spelling("52", rest.to_owned()),
            // An area code may begin with 1 as well.
            (_, 10) => spelling("521", rest.to_owned()),
            _ => Vec::new(),
        };
    }
    if let Some(rest) = digits.strip_prefix("55") {
        let Some((area, line)) = rest.split_at_checked(2) else {
            return Vec::new();
        };
        return match (line.strip_prefix('9'), line.len()) {
            (Some(short), 9) if is_mobile(short) => spelling("55", format!("{area}{short}")),
            (_, 8) if is_mobile(line) => spelling("55", format!("{area}9{line}")),
            _ => Vec::new(),
        };
    }
    if let Some(rest) = digits.strip_prefix("54") {
        return match (rest.strip_prefix('9'), rest.len()) {
            (Some(rest), 11) => spelling("54", rest.to_owned()),
            (_, 10) => spelling("549", rest.to_owned()),
            _ => Vec::new(),
        };
    }
    Vec::new()
}

/// Whether eight digits are those of a Brazilian mobile number: only they ever got a ninth.
fn is_mobile(line: &str) -> bool {
    line.starts_with(['6', '7', '8', '9'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn mexican_brazilian_and_argentine_numbers_are_found_in_both_spellings() {
        assert_eq!(other_spellings("5215512345678"), ["525512345678"]);
        assert_eq!(other_spellings("525512345678"), ["5215512345678"]);
        assert_eq!(other_spellings("5511987654321"), ["551187654321"]);
        assert_eq!(other_spellings("551187654321"), ["5511987654321"]);
        assert_eq!(other_spellings("5491123456789"), ["541123456789"]);
        assert_eq!(other_spellings("541123456789"), ["5491123456789"]);
    }

    #[test]
    fn a_brazilian_land_line_and_every_other_country_have_one_spelling() {
        assert!(other_spellings("551133334444").is_empty());
        assert!(other_spellings("447700900771").is_empty());
        assert!(other_spellings("").is_empty());
    }

    proptest! {
        #[test]
        fn the_other_spelling_of_the_other_spelling_is_the_number(digits in "(52|55|54)[0-9]{8,12}") {
            for other in other_spellings(&digits) {
                prop_assert!(other_spellings(&other).contains(&digits), "{digits} {other}");
            }
        }
    }
}
