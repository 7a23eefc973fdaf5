//! Makes a body readable that a strict JSON reader refuses as a whole, so that one broken character does not cost a
//! thousand messages (whatsapp-cloud-api, section 11, rules 1 and 4).

use std::iter::Peekable;
use std::str::Chars;

/// Deeper nesting is replaced by `null`. `serde_json` gives up at 128.
const DEEPEST: usize = 100;

/// Returns the body with everything replaced that would make it unreadable: bytes that are no UTF-8 and halves of
/// surrogate pairs by U+FFFD, bare control characters by their escapes, numbers beyond all range by text, nesting
/// without end by `null`. What is merely not JSON stays as it is.
pub(super) fn repair(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut reader = Reader {
        rest: text.chars().peekable(),
        repaired: String::with_capacity(text.len()),
        depth: 0,
    };
    reader.run();
    reader.repaired
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    repaired: String,
    depth: usize,
}

impl Reader<'_> {
    fn run(&mut self) {
        while let Some(c) = self.rest.next() {
            match c {
                '"' => {
                    self.keep(c);
                    self.string();
                }
                '{' | '[' => {
                    self.depth = self.depth.saturating_add(1);
                    if self.depth == DEEPEST {
                        self.repaired.push_str("null");
                    } else {
                        self.keep(c);
                    }
                }
                '}' | ']' => {
                    if self.depth != DEEPEST {
                        self.keep(c);
                    }
                    self.depth = self.depth.saturating_sub(1);
                }
                '-' | '0'..='9' => self.number(c),
                _ => self.keep(c),
            }
        }
    }

    /// Writes a character unless it lies in a part that is dropped.
    fn keep(&mut self, c: char) {
        if self.depth < DEEPEST {
            self.repaired.push(c);
        }
    }

    fn string(&mut self) {
        while let Some(c) = self.rest.next() {
            match c {
                '"' => {
                    self.keep(c);
                    return;
                }
                '\\' => self.escape(),
                control if control < ' ' => {
                    for c in format!("\\u{:04x}", u32::from(control)).chars() {
                        self.keep(c);
                    }
                }
                _ => self.keep(c),
            }
        }
    }

    /// Reads on after a backslash.
    fn escape(&mut self) {
        if self.rest.peek() != Some(&'u') {
            self.keep('\\');
            if let Some(c) = self.rest.next() {
                self.keep(c);
            }
            return;
        }
        let kept = match code_unit(&self.rest) {
            None => 1,
            Some((unit, mut after)) => {
                let low_follows =
                    after.next() == Some('\\') && code_unit(&after).is_some_and(|(second, _)| is_low(second));
                if is_high(unit) && low_follows {
                    11
                } else if is_high(unit) || is_low(unit) {
                    for c in "\\ufffd".chars() {
                        self.keep(c);
                    }
                    self.skip(5);
                    return;
                } else {
                    5
                }
            }
        };
        self.keep('\\');
        for _ in 0..kept {
            if let Some(c) = self.rest.next() {
                self.keep(c);
            }
        }
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.rest.next();
        }
    }

    fn number(&mut self, first: char) {
        let mut number = String::from(first);
        while let Some(c) = self
            .rest
            .next_if(|c| matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'))
        {
            number.push(c);
        }
        if self.depth >= DEEPEST {
            return;
        }
        if number.parse::<f64>().is_ok_and(f64::is_infinite) {
            self.repaired.push('"');
            self.repaired.push_str(&number);
            self.repaired.push('"');
        } else {
            self.repaired.push_str(&number);
        }
    }
}

/// Reads `uXXXX` ahead without consuming it; returns the unit and what follows it.
fn code_unit<'a>(rest: &Peekable<Chars<'a>>) -> Option<(u32, Peekable<Chars<'a>>)> {
    let mut ahead = rest.clone();
    if ahead.next() != Some('u') {
        return None;
    }
    let mut unit = 0_u32;
    for _ in 0..4 {
        unit = unit * 16 + ahead.next()?.to_digit(16)?;
    }
    Some((unit, ahead))
}

const fn is_high(unit: u32) -> bool {
    matches!(unit, 0xd800..=0xdbff)
}

const fn is_low(unit: u32) -> bool {
    matches!(unit, 0xdc00..=0xdfff)
}

#[cfg(test)]
mod tests {
    use super::repair;

    fn repaired(body: &str) -> String {
        repair(body.as_bytes())
    }

    #[test]
    fn halves_of_pairs_are_replaced_and_whole_pairs_are_left_alone() {
        assert_eq!(repaired(r#""a\ud83d b""#), r#""a\ufffd b""#);
        assert_eq!(repaired(r#""\ude00\ud83d""#), r#""\ufffd\ufffd""#);
        assert_eq!(repaired(r#""\ud83d\ud83d\ude00""#), r#""\ufffd\ud83d\ude00""#);
        assert_eq!(repaired(r#""\uD83D\uDE00 \u00e9""#), r#""\uD83D\uDE00 \u00e9""#);
        assert_eq!(repaired(r#""\ud83dA""#), r#""\ufffdA""#);
    }

    #[test]
    fn a_backslash_that_is_escaped_itself_starts_nothing() {
        assert_eq!(repaired(r#""C:\\ud83d""#), r#""C:\\ud83d""#);
        assert_eq!(repaired(r#""\\\ud83d""#), r#""\\\ufffd""#);
        assert_eq!(repaired(r#""say \"\ud83d\"""#), r#""say \"\ufffd\"""#);
    }

    #[test]
    fn broken_ends_do_not_hang_or_panic() {
        for end in [
            "\"\\",
            "\"\\u",
            "\"\\ud8",
            "\"\\ud83d\\",
            "\"\\ud83d\\u",
            "\"",
            "[[{",
            "-",
            "}]",
        ] {
            repaired(end);
        }
        assert_eq!(repaired(r#""\uzz""#), r#""\uzz""#);
    }

    #[test]
    fn endless_nesting_is_cut_and_what_follows_is_kept() {
        let body = format!(
            r#"{{"deep":{}{}{},"after":"kept"}}"#,
            "[".repeat(500),
            r#"{"x":"}"}"#,
            "]".repeat(500)
        );
        let value: serde_json::Value = serde_json::from_str(&repaired(&body)).unwrap();
        assert_eq!(value["after"], "kept");
    }

    #[test]
    fn numbers_beyond_all_range_become_text() {
        assert_eq!(
            repaired(r"[1e999,-1E+999,12,-0.5]"),
            r#"["1e999","-1E+999",12,-0.5]"#
        );
    }

    #[test]
    fn bare_control_characters_are_escaped_and_a_byte_order_mark_is_dropped() {
        assert_eq!(
            repaired("\u{feff}{\"a\":\"x\ty\u{0}\"}"),
            "{\"a\":\"x\\u0009y\\u0000\"}"
        );
        assert_eq!(repair(b"\"\xff\""), "\"\u{fffd}\"");
    }
}
