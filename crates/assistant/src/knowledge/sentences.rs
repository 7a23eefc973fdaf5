//! Where sentences end, in scripts with and without full stops.

use std::ops::Range;

/// Words before a full stop that do not end a sentence, in small letters.
const ABBREVIATIONS: &str = " dr mr mrs ms prof sr sra srta dra st nr nº núm num art tel tlf approx ca bzw z.b d.h u.a \
    e.g i.e p.ej ej p.ex ex vs vgl usw ör vb bkz mah cad sok apt av jl jln str inc ltd dll dsb fig cf al max min \
    hr hrs dept est ext gen bd pl mme mlle m.me sig dott ing avv rua r sh mag jr c.c s.a ";

/// Months of languages that write a day with a full stop before a capital letter.
const MONTHS: &str = " januar februar märz april mai juni juli august september oktober november dezember jänner ocak \
    şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık ";

/// Returns the sentences of a text, without the space around them, as places in it. Every line ends a sentence.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let mut end = at + c.len_utf8();
        let ends = match c {
            '\n' | '\r' => true,
            '。' | '！' | '？' | '｡' => {
                while let Some((closing, c)) = letters.next_if(|(_, c)| is_closing(*c)) {
                    end = closing + c.len_utf8();
                }
                true
            }
            '.' | '!' | '?' | '…' | '؟' | '۔' | '।' | '॥' => {
                while let Some((more, c)) =
                    letters.next_if(|(_, c)| is_closing(*c) || matches!(c, '.' | '!' | '?' | '…' | '؟'))
                {
                    end = more + c.len_utf8();
                }
                let (before, after) = (text.get(start..at), text.get(end..));
                ends_sentence(c, before.unwrap_or_default(), after.unwrap_or_default())
            }
            _ => false,
        };
        if ends {
            push(text, start..end, &mut found);
            start = end;
        }
    }
    push(text, start..text.len(), &mut found);
    found
}

fn push(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let Some(sentence) = text.get(range.clone()) else {
        return;
    };
    let left = sentence.len() - sentence.trim_start().len();
    let trimmed = sentence.trim();
    if !trimmed.is_empty() {
        found.push(range.start + left..range.start + left + trimmed.len());
    }
}

const fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | ')' | ']' | '»' | '”' | '’' | '」' | '』' | '）')
}

/// Whether a sentence ends at `stop`, which stands between `before` (the sentence so far) and `after`.
fn ends_sentence(stop: char, before: &str, after: &str) -> bool {
    let Some(next) = after.chars().next() else {
        return true;
    };
    if matches!(stop, '।' | '॥' | '۔') {
        return true;
    }
    if !next.is_whitespace() {
        return false;
    }
    if stop != '.' {
        return true;
    }
    let rest = after.trim_start_matches([' ', '\t', '\u{a0}']);
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '“' | '«'))
        .next()
        .unwrap_or_default();
    let next_word: String = rest
        .chars()
        .take_while(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    if rest.starts_with(char::is_lowercase) {
        return false;
    }
    if !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()) && word.len() <= 2 {
        // `1. First` at the beginning of a line, `3. März`.
        let is_list = before.trim() == word;
        return !is_list && !MONTHS.contains(&format!(" {next_word} "));
    }
    let mut letters = word.chars();
    if letters.next().is_some_and(char::is_uppercase) && letters.next().is_none() {
        // Initials.
        return false;
    }
    if word.eq_ignore_ascii_case("no") {
        // A number follows, or somebody said no.
        return !rest.starts_with(char::is_numeric);
    }
    !ABBREVIATIONS.contains(&format!(" {} ", word.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text)
            .into_iter()
            .filter_map(|range| text.get(range))
            .collect()
    }

    #[test]
    fn abbreviations_prices_and_dates_do_not_end_a_sentence() {
        for text in [
            "We glaze by hand, e.g. Cups and bowls.",
            "A cup costs 3.50 euros.",
            "Ask Dr. Silva or J. Smith.",
            "Wir öffnen am 3. März wieder.",
            "Servimos p. ej. café.",
            "See www.example.com for more.",
            "1. First come, first served.",
        ] {
            assert_eq!(split(text), [text]);
        }
    }

    #[test]
    fn sentences_end_where_each_script_ends_them() {
        assert_eq!(split("Open. Closed! Why?"), ["Open.", "Closed!", "Why?"]);
        assert_eq!(split("نعم. كم السعر؟ خمسة."), ["نعم.", "كم السعر؟", "خمسة."]);
        assert_eq!(split("हम खुले हैं। कल बंद।"), ["हम खुले हैं।", "कल बंद।"]);
        assert_eq!(
            split("営業中です。明日は休み！"),
            ["営業中です。", "明日は休み！"]
        );
        assert_eq!(split("It costs 50. We ship."), ["It costs 50.", "We ship."]);
        assert_eq!(
            split("He said \"no.\" Then left."),
            ["He said \"no.\"", "Then left."]
        );
        assert_eq!(split("Cup: 5 €\nBowl: 9 €"), ["Cup: 5 €", "Bowl: 9 €"]);
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in ".{0,200}") {
            let kept: String = split(&text).concat();
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&kept), bare(&text));
        }
    }
}
