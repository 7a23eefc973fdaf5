//! What a person may see of an answer before it is complete: the text of one field of JSON that is still growing.

/// Reads JSON as it comes and shows the text of its top-level field `answer` so far.
///
/// It only shows; what counts is the whole answer, parsed and checked at its end.
#[derive(Debug)]
pub(super) struct Peek {
    depth: u32,
    place: Spot,
    key: String,
    answer: String,
    high: Option<u32>,
    is_done: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    /// Between strings; a string here would be a key of the outermost object.
    BeforeKey,
    /// Between strings; a string here would be a value.
    BeforeValue,
    /// Inside a string.
    Inside(Kind),
    /// Inside a string, after a backslash.
    Escaped(Kind),
    /// Inside a string, in the digits of `\uXXXX`: how many were read, and their value.
    Digits(Kind, u8, u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Key,
    Answer,
    Other,
}

/// More than this is never shown, in bytes.
const LONGEST: usize = 8 * 1024;

impl Default for Peek {
    fn default() -> Self {
        Self {
            depth: 0,
            place: Spot::BeforeValue,
            key: String::new(),
            answer: String::new(),
            high: None,
            is_done: false,
        }
    }
}

impl Peek {
    /// Takes the next piece; returns whether there is more to show.
    pub(super) fn push(&mut self, piece: &str) -> bool {
        let before = self.answer.len();
        for c in piece.chars() {
            if self.is_done || self.answer.len() > LONGEST {
                break;
            }
            self.step(c);
        }
        self.answer.len() > before
    }

    /// The text so far.
    pub(super) fn answer(&self) -> &str {
        &self.answer
    }

    fn step(&mut self, c: char) {
        match self.place {
            Spot::BeforeKey | Spot::BeforeValue => self.between(c),
            Spot::Inside(kind) => match c {
                '"' => {
                    self.is_done = kind == Kind::Answer;
                    self.place = if kind == Kind::Key {
                        Spot::BeforeKey
                    } else {
                        Spot::BeforeValue
                    };
                }
                '\\' => self.place = Spot::Escaped(kind),
                _ => self.add(kind, c),
            },
            Spot::Escaped(kind) => {
                self.place = Spot::Inside(kind);
                match c {
                    'n' => self.add(kind, '\n'),
                    't' => self.add(kind, '\t'),
                    'r' => self.add(kind, '\r'),
                    'b' | 'f' => {}
                    'u' => self.place = Spot::Digits(kind, 0, 0),
                    other => self.add(kind, other),
                }
            }
            Spot::Digits(kind, count, value) => {
                let Some(digit) = c.to_digit(16) else {
                    self.place = Spot::Inside(kind);
                    return;
                };
                let value = value * 16 + digit;
                if count < 3 {
                    self.place = Spot::Digits(kind, count + 1, value);
                    return;
                }
                self.place = Spot::Inside(kind);
                self.unit(kind, value);
            }
        }
    }

    fn between(&mut self, c: char) {
        match c {
            '{' | '[' => {
                self.depth = self.depth.saturating_add(1);
                self.place = if c == '{' && self.depth == 1 {
                    Spot::BeforeKey
                } else {
                    Spot::BeforeValue
                };
            }
            '}' | ']' => self.depth = self.depth.saturating_sub(1),
            ':' => self.place = Spot::BeforeValue,
            ',' if self.depth == 1 => self.place = Spot::BeforeKey,
            '"' if self.depth > 0 => {
                self.place = if self.depth == 1 && self.place == Spot::BeforeKey {
                    self.key.clear();
                    Spot::Inside(Kind::Key)
                } else if self.depth == 1 && self.key == "answer" {
                    Spot::Inside(Kind::Answer)
                } else {
                    Spot::Inside(Kind::Other)
                };
            }
            _ => {}
        }
    }

    /// One unit of UTF-16; characters beyond the first plane come as two.
    fn unit(&mut self, kind: Kind, value: u32) {
        match (self.high.take(), value) {
            (_, 0xd800..=0xdbff) => self.high = Some(value),
            (Some(high), 0xdc00..=0xdfff) => {
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (value - 0xdc00);
                if let Some(c) = char::from_u32(code) {
                    self.add(kind, c);
                }
            }
            (_, value) => {
                if let Some(c) = char::from_u32(value) {
                    self.add(kind, c);
                }
            }
        }
    }

    fn add(&mut self, kind: Kind, c: char) {
        match kind {
            Kind::Key if self.key.len() < 64 => self.key.push(c),
            Kind::Answer => self.answer.push(c),
            Kind::Key | Kind::Other => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn shown(pieces: &[&str]) -> String {
        let mut peek = Peek::default();
        for piece in pieces {
            peek.push(piece);
        }
        peek.answer().to_owned()
    }

    #[test]
    fn the_growing_text_of_the_answer_is_shown_and_nothing_else() {
        assert_eq!(
            shown(&[
                "```json\n{\"action\":\"ans",
                "wer\",\"x\":{\"answer\":\"no\"},\"answer\" : \"We o"
            ]),
            "We o"
        );
        assert_eq!(
            shown(&[r#"{"a":["answer"],"answer":"9 \"a.m.\"\n","b":"c"#]),
            "9 \"a.m.\"\n"
        );
        assert_eq!(shown(&["He said \"{\" and", " went"]), "");
    }

    #[test]
    fn characters_written_as_numbers_are_shown_as_characters() {
        assert_eq!(
            shown(&[r#"{"answer":"\u00e9 \ud83e"#, r"\udd8a\u", r"0021"]),
            "é 🦊!"
        );
    }

    proptest! {
        #[test]
        fn what_is_shown_at_the_end_is_the_answer(text in "\\PC{0,60}", cut in 0_usize..400) {
            let whole = json!({"action": "answer", "sources": ["S1", "answer"], "answer": text, "x": 1}).to_string();
            let cut = whole.char_indices().map(|(at, _)| at).nth(cut).unwrap_or(whole.len());
            let (one, two) = whole.split_at(cut);
            prop_assert_eq!(shown(&[one, two]), text);
        }

        #[test]
        fn no_text_whatever_breaks_it(text in "[\\PC\"\\\\{}:,u0d8]{0,200}") {
            shown(&[&text]);
        }
    }
}
