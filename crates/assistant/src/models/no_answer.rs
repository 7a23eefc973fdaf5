//! Hears that a model does not know, in whatever dress (assistant.md, section 1.5).

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

/// What a model is told to say when the sources do not hold the answer.
pub const NO_ANSWER: &str = "NO_ANSWER";

/// Whether any text or key in it says so.
pub(super) fn holds_no_answer(json: &Value) -> bool {
    match json {
        Value::String(text) => is_no_answer(text),
        Value::Array(list) => list.iter().any(holds_no_answer),
        Value::Object(fields) => fields
            .iter()
            .any(|(key, value)| is_no_answer(key) || holds_no_answer(value)),
        _ => false,
    }
}

/// Whether a text says `NO_ANSWER`, in any case and any dress: `no-answer`, `**NO\_ANSWER**`, `N O _ A N S W E R`, wide
/// letters. A sentence that merely speaks of "no answer" does not.
pub fn is_no_answer(text: &str) -> bool {
    let folded: String = text.nfkc().filter(|c| !is_invisible(*c)).collect();
    let letters: Vec<char> = folded.chars().filter(|c| !"\\*`'\"".contains(*c)).collect();
    let is_all = {
        let all: String = letters.iter().filter(|c| c.is_alphanumeric()).collect();
        all.eq_ignore_ascii_case("noanswer")
    };
    is_all || (0..letters.len()).any(|at| says_it_at(&letters, at))
}

/// Whether the word begins at this letter. With spaces in it, it has to be in capitals or have its line.
fn says_it_at(letters: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| letters.get(before));
    if before.is_some_and(|c| c.is_alphanumeric()) {
        return false;
    }
    let mut rest = letters.get(at..).unwrap_or_default().iter().copied().peekable();
    let (mut is_capital, mut has_line, mut is_wide) = (true, false, false);
    for (index, wanted) in "NOANSWER".chars().enumerate() {
        if index > 0 {
            while let Some(between) =
                rest.next_if(|c| c.is_whitespace() || "_-\u{2010}\u{2011}\u{2013}".contains(*c))
            {
                has_line |= between == '_';
                is_wide |= between.is_whitespace();
            }
        }
        match rest.next() {
            Some(c) if c.eq_ignore_ascii_case(&wanted) => is_capital &= c.is_ascii_uppercase(),
            _ => return false,
        }
    }
    if rest.peek().is_some_and(|c| c.is_alphanumeric()) {
        return false;
    }
    is_capital || has_line || !is_wide
}

const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_knowing_is_heard_in_any_dress() {
        for said in [
            "NO_ANSWER",
            "no_answer",
            "No-Answer.",
            "NO ANSWER",
            "No answer!",
            "**NO\\_ANSWER**",
            "`no_answer`",
            "I think NO_ANSWER fits",
            "NOANSWER",
            "N O _ A N S W E R",
            "ＮＯ＿ＡＮＳＷＥＲ",
            "NO\u{200b}_ANSWER",
            "Sorry.\nNO\u{2011}ANSWER",
        ] {
            assert!(is_no_answer(said), "{said}");
        }
    }

    #[test]
    fn speaking_of_no_answer_is_an_answer() {
        for text in [
            "There is no answer on Sundays, please write to us.",
            "If you get no answer, ring twice.",
            "No, answers take a day.",
            "No - answer me first.",
            "Casino answering machine",
            "The piano answer",
            "",
        ] {
            assert!(!is_no_answer(text), "{text}");
        }
    }
}
