//! Tells one emoji from everything else.

use unicode_segmentation::UnicodeSegmentation;

/// Longer than any family with skin tones; a pile of joiners is no emoji.
const LONGEST: usize = 35;
const AS_PICTURE: char = '\u{fe0f}';
const KEYCAP: char = '\u{20e3}';

/// Returns whether the text is one emoji and nothing else.
pub(super) fn is_one_emoji(text: &str) -> bool {
    let mut graphemes = text.graphemes(true);
    let (Some(only), None) = (graphemes.next(), graphemes.next()) else {
        return false;
    };
    if super::length(only) > LONGEST {
        return false;
    }
    let mut chars = only.chars();
    let Some(first) = chars.next() else {
        return false;
    };
    let rest: Vec<char> = chars.collect();
    if matches!(first, '0'..='9' | '#' | '*') {
        return matches!(rest.as_slice(), [KEYCAP] | [AS_PICTURE, KEYCAP]);
    }
    if is_flag_letter(first) {
        return matches!(rest.as_slice(), [second] if is_flag_letter(*second));
    }
    is_base(first) && rest.iter().all(|c| is_base(*c) || is_joint(*c))
}

const fn is_flag_letter(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// What may follow or join pictures: variation selectors, the joiner, tags of regional flags. Skin tones are bases.
const fn is_joint(c: char) -> bool {
    matches!(
        c,
        AS_PICTURE | '\u{fe0e}' | '\u{200d}' | '\u{e0020}'..='\u{e007f}'
    )
}

/// Generous: whole blocks of pictures, since each year adds some. Meta has the last word.
const fn is_base(c: char) -> bool {
    matches!(
        c,
        '\u{a9}' | '\u{ae}'
            | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
            | '\u{2194}'..='\u{21aa}'
            | '\u{231a}'..='\u{23ff}'
            | '\u{24c2}'
            | '\u{25aa}'..='\u{25fe}'
            | '\u{2600}'..='\u{27bf}'
            | '\u{2934}' | '\u{2935}'
            | '\u{2b05}'..='\u{2b55}'
            | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
            | '\u{1f000}'..='\u{1f1e5}'
            | '\u{1f200}'..='\u{1faff}'
    )
}

#[cfg(test)]
mod tests {
    use super::is_one_emoji;

    #[test]
    fn whatever_a_keyboard_offers_as_one_emoji_is_one() {
        for emoji in [
            "👍",
            "❤️",
            "❤",
            "👍🏽",
            "👩🏽‍🚀",
            "👨‍👩‍👧‍👦",
            "🇵🇹",
            "1️⃣",
            "#️⃣",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
            "🫠",
            "☀️",
            "©️",
            "‼️",
            "🏳️‍🌈",
        ] {
            assert!(is_one_emoji(emoji), "{emoji}");
        }
    }

    #[test]
    fn words_digits_and_several_emojis_are_not_one() {
        for other in [
            "",
            "a",
            "1",
            "👍👍",
            "👍 ",
            "ok 👍",
            "🇵",
            "e\u{301}",
            "\u{200d}",
            "\u{fe0f}",
            "😀\u{301}",
            "日",
        ] {
            assert!(!is_one_emoji(other), "{other:?}");
        }
        let pile = format!("👩{}", "\u{200d}👩".repeat(40));
        assert!(!is_one_emoji(&pile));
    }
}
