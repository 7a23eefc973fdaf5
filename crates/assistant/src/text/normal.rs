//! One way of writing for what people type in many (guide of the assistant, section 3.3).

use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfkc_quick};

/// Returns the text the way the assistant compares it: tokens in small letters, one space between them.
///
/// Compatibility forms, capitals, the diacritics of Latin, Greek and Cyrillic letters, Arabic vowel signs and the
/// spellings of alif, ya and ta are made the same; the marks of Indic scripts are kept, because they are letters of the
/// word there. Apostrophes and punctuation separate, three and more of a letter become two, emoji are tokens of
/// their own, digits of any script are written `0` to `9` and all of them are kept (see [`fold_numbers`]).
pub fn normalise(text: &str) -> String {
    words(text).join(" ")
}

/// Returns the tokens of [`normalise`].
pub fn words(text: &str) -> Vec<String> {
    // Most texts are composed already, and composing takes longer than all the rest.
    if is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        tokens_of(text.chars())
    } else {
        tokens_of(text.nfkc())
    }
}

fn tokens_of(letters: impl Iterator<Item = char>) -> Vec<String> {
    let mut tokens = Tokens::default();
    for c in letters.flat_map(char::to_lowercase) {
        match c {
            // Some capitals and signs fall apart only now; those few are all that a second look is needed for.
            c if c.is_ascii() => tokens.push(c),
            c => fold(c, &mut tokens),
        }
    }
    tokens.finish()
}

/// Returns `normalised` with every number of more than four digits as `0`: which order it is does not tell what is
/// asked.
pub fn fold_numbers(normalised: &str) -> String {
    let folded: Vec<&str> = normalised
        .split(' ')
        .map(|word| {
            let long = word.len() > 4 && word.bytes().all(|byte| byte.is_ascii_digit());
            if long { "0" } else { word }
        })
        .collect();
    folded.join(" ")
}

/// Hands on what is left of one small letter.
fn fold(c: char, tokens: &mut Tokens) {
    match c {
        'ı' => tokens.push('i'),
        'ς' => tokens.push('σ'),
        'ß' => {
            tokens.push('s');
            tokens.push('s');
        }
        'æ' => {
            tokens.push('a');
            tokens.push('e');
        }
        'œ' => {
            tokens.push('o');
            tokens.push('e');
        }
        'ø' => tokens.push('o'),
        'ł' => tokens.push('l'),
        'đ' | 'ð' => tokens.push('d'),
        // Loose marks, such as the dot a capital dotted I leaves behind; Arabic vowel signs and the stretching line;
        // joiners and marks of direction or of an emoji's look, which are not seen and so separate nothing.
        '\u{300}'..='\u{36f}'
        | '\u{610}'..='\u{61a}'
        | '\u{640}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{6d6}'..='\u{6dc}'
        | '\u{6df}'..='\u{6e4}'
        | '\u{6e7}'
        | '\u{6e8}'
        | '\u{6ea}'..='\u{6ed}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{20e3}'
        | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{e0020}'..='\u{e007f}' => {}
        // The seats of alif, ya and ta become one.
        'أ' | 'إ' | 'آ' | 'ٱ' => tokens.push('ا'),
        'ى' => tokens.push('ي'),
        'ة' => tokens.push('ه'),
        // Letters that are apostrophes to whoever types them.
        '\u{2b9}'..='\u{2bf}' | '\u{2c8}' | '\u{a78c}' => tokens.separate(),
        c if is_emoji(c) => tokens.push_emoji(c),
        '\u{c0}'..='\u{52f}' | '\u{1e00}'..='\u{1fff}' => {
            decompose_canonical(c, |part| {
                if !('\u{300}'..='\u{36f}').contains(&part) {
                    tokens.push(part);
                }
            });
        }
        c => tokens.push(digit(c).unwrap_or(c)),
    }
}

/// The ASCII digit of a decimal digit of another script that our customers write.
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 14] = [
        0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0x1040,
    ];
    ZEROS.iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(*zero).filter(|value| *value < 10)?;
        char::from_digit(value, 10)
    })
}

fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{2600}'..='\u{27bf}'
        | '\u{2b05}'..='\u{2b07}'
        | '\u{2b1b}' | '\u{2b1c}' | '\u{2b50}' | '\u{2b55}'
        | '\u{23e9}'..='\u{23fa}' | '\u{231a}' | '\u{231b}'
        | '\u{1f000}'..='\u{1f0ff}'
        | '\u{1f1e6}'..='\u{1f1ff}'
        | '\u{1f300}'..='\u{1f3fa}'
        | '\u{1f400}'..='\u{1faff}')
}

/// The tokens so far, and the one being written.
#[derive(Default)]
struct Tokens {
    done: Vec<String>,
    open: String,
    last: Option<char>,
    run: usize,
}

impl Tokens {
    fn push(&mut self, c: char) {
        let mark = is_combining_mark(c) && !self.open.is_empty();
        if !c.is_alphanumeric() && !mark {
            return self.separate();
        }
        self.run = if self.last == Some(c) { self.run + 1 } else { 1 };
        self.last = Some(c);
        if self.run <= 2 || c.is_numeric() {
            self.open.push(c);
        }
    }

    /// A token of its own; a flag is two signs, and a row of the same sign counts as two.
    fn push_emoji(&mut self, c: char) {
        let half_flag = |token: &String| {
            let mut signs = token.chars();
            signs.next().is_some_and(is_flag_sign) && signs.next().is_none()
        };
        if self.open.is_empty()
            && is_flag_sign(c)
            && let Some(first) = self.done.last_mut().filter(|token| half_flag(token))
        {
            first.push(c);
            return;
        }
        self.separate();
        let token = c.to_string();
        let row = self
            .done
            .iter()
            .rev()
            .take_while(|other| **other == token)
            .count();
        if row < 2 {
            self.done.push(token);
        }
    }

    fn separate(&mut self) {
        if !self.open.is_empty() {
            self.done.push(std::mem::take(&mut self.open));
        }
        self.last = None;
        self.run = 0;
    }

    fn finish(mut self) -> Vec<String> {
        self.separate();
        self.done
    }
}

fn is_flag_sign(c: char) -> bool {
    ('\u{1f1e6}'..='\u{1f1ff}').contains(&c)
}
