//! Texts nobody can see.

/// Whether a text shows nothing at all: spaces, control signs, and the invisible signs of Unicode.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|sign| {
        sign.is_whitespace()
            || sign.is_control()
            || matches!(
                sign,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                    | '\u{180b}'..='\u{180e}'
                    | '\u{200b}'..='\u{200f}'
                    | '\u{202a}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}'
                    | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
                    | '\u{fe00}'..='\u{fe0f}'
                    | '\u{e0000}'..='\u{e0fff}'
            )
    })
}

#[cfg(test)]
mod tests {
    use super::is_blank;

    #[test]
    fn what_nobody_can_see_is_blank_and_what_somebody_can_is_not() {
        for blank in [
            "",
            " \n",
            "\u{200b}",
            "\u{200e}\u{2068}",
            "\0",
            "\u{fe0f}",
            "\u{2800}",
        ] {
            assert!(is_blank(blank), "{blank:?}");
        }
        for seen in ["a", "\u{200f}ש", "👍", "·", "\u{200b}?"] {
            assert!(!is_blank(seen), "{seen:?}");
        }
    }
}
