//! A text as the checks read it: small letters, one alphabet of digits, no hidden signs; every byte knows where it
//! came from, so that a finding points into the text a person sees.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// The zero of every run of ten decimal digits (Unicode 16, general category Nd; runs ascend by the stability policy).
const ZEROS: &[u32] = &[
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
    0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
    0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x10d40,
    0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da,
    0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16130, 0x16a60, 0x16ac0,
    0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0,
    0x1e5f1, 0x1e950, 0x1fbf0,
];

/// The value of a decimal digit of any script.
pub(super) fn digit(sign: char) -> Option<char> {
    let code = u32::from(sign);
    let at = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1)?;
    let value = code.checked_sub(*ZEROS.get(at)?)?;
    (value < 10).then(|| char::from_digit(value, 10)).flatten()
}

/// Whether a sign shows nothing by itself.
pub(super) fn is_hidden(sign: char) -> bool {
    matches!(
        u32::from(sign),
        0xad | 0x34f | 0x61c | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f | 0x200b..=0x200f
            | 0x202a..=0x202e | 0x2060..=0x206f | 0x20e3 | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0
            | 0xfff9..=0xfffb | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff
    )
}

/// Whether a mark may go, because words are compared without it: accents, Arabic vowels, the Hindi dot below.
fn is_loose_mark(sign: char) -> bool {
    matches!(u32::from(sign), 0x300..=0x36f | 0x610..=0x61a | 0x640 | 0x64b..=0x65f | 0x670 | 0x6d6..=0x6ed | 0x93c)
}

/// A folded text and where each of its bytes came from.
#[derive(Debug, Clone)]
pub(super) struct Folded {
    /// What the checks read.
    pub(super) text: String,
    /// For each byte of `text` the bytes of the original it stands for.
    origin: Vec<(usize, usize)>,
}

impl Folded {
    /// Folds a text.
    pub(super) fn of(original: &str) -> Self {
        let mut folded = Self {
            text: String::with_capacity(original.len()),
            origin: Vec::with_capacity(original.len()),
        };
        for (start, sign) in original.char_indices() {
            let place = (start, start + sign.len_utf8());
            if is_hidden(sign) {
                continue;
            }
            if let Some(value) = digit(sign) {
                folded.join_digits();
                folded.push(value, place);
                continue;
            }
            match sign {
                '\n' | '\r' | '\u{2028}' | '\u{2029}' | '\u{85}' => folded.push('\n', place),
                '‐'..='―' | '−' | '﹘' | '﹣' | '－' | '〜' | '～' => folded.push('-', place),
                '’' | '‘' | 'ʼ' | '′' | '＇' | '´' => folded.push('\'', place),
                '٫' | '。' | '｡' | '․' | '．' | '‧' | '۔' | '﹒' => folded.push('.', place),
                '٬' | '،' | '、' | '，' | '﹐' => folded.push(',', place),
                '٪' | '﹪' | '％' => folded.push('%', place),
                '⁄' | '∕' | '／' | '⧸' => folded.push('/', place),
                '؟' => folded.push('?', place),
                'ः' | '꞉' | '∶' | 'ː' | '：' if folded.text.ends_with(|last: char| last.is_ascii_digit()) =>
                {
                    folded.push(':', place);
                }
                'ı' => folded.push('i', place),
                'ँ' => folded.push('ं', place),
                'ی' | 'ى' => folded.push('ي', place),
                'ک' => folded.push('ك', place),
                'ß' | 'ẞ' => {
                    folded.push('s', place);
                    folded.push('s', place);
                }
                '🔟' => {
                    folded.push('1', place);
                    folded.push('0', place);
                }
                _ => folded.push_plain(sign, place),
            }
        }
        folded
    }

    /// The signs a sign is made of, small and without loose marks.
    fn push_plain(&mut self, sign: char, place: (usize, usize)) {
        let parts = std::iter::once(sign).nfkd().collect::<Vec<_>>();
        if parts.contains(&'⁄') {
            // A fraction stands for itself: `5½` is not 51/2.
            self.push(' ', place);
        }
        for part in parts {
            if part == '⁄' {
                self.push('/', place);
            } else if part.is_whitespace() {
                self.push(' ', place);
            } else if let Some(value) = digit(part) {
                self.push(value, place);
            } else if !is_loose_mark(part) && !is_hidden(part) {
                for small in part.to_lowercase().filter(|small| !is_loose_mark(*small)) {
                    self.push(small, place);
                }
            }
        }
    }

    /// Signs of formatting between two digits are not seen by the reader: `5*0*` is fifty.
    fn join_digits(&mut self) {
        let kept = self.text.trim_end_matches(['*', '_', '~', '`']);
        if kept.len() < self.text.len() && kept.ends_with(|last: char| last.is_ascii_digit()) {
            let length = kept.len();
            self.text.truncate(length);
            self.origin.truncate(length);
        }
    }

    fn push(&mut self, sign: char, place: (usize, usize)) {
        self.text.push(sign);
        self.origin.extend(std::iter::repeat_n(place, sign.len_utf8()));
    }

    /// The bytes of the original that a range of the folded text stands for.
    pub(super) fn span(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.origin.get(range.start).map_or(0, |place| place.0);
        let end = range
            .end
            .checked_sub(1)
            .and_then(|last| self.origin.get(last))
            .map_or(start, |place| place.1);
        start..end.max(start)
    }
}

/// A text folded for comparing words.
pub(super) fn fold(text: &str) -> String {
    Folded::of(text).text
}

/// The sentence around a range: from the last end of a sentence or line to the next.
pub(super) fn sentence<'a>(text: &'a str, range: &Range<usize>) -> &'a str {
    let before = text.get(..range.start).unwrap_or_default();
    let start = ends(before).last().unwrap_or(0);
    let after = text.get(range.end..).unwrap_or_default();
    let end = ends(after).next().map_or(text.len(), |length| range.end + length);
    text.get(start..end).unwrap_or(text).trim()
}

/// Where the sentence around a range begins.
pub(super) fn sentence_start(text: &str, range: &Range<usize>) -> usize {
    ends(text.get(..range.start).unwrap_or_default())
        .last()
        .unwrap_or(0)
}

/// Where sentences end: after `.`, `!`, `?`, `।` before a space, and at each line break.
fn ends(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut signs = text.char_indices().peekable();
    std::iter::from_fn(move || {
        loop {
            let (at, sign) = signs.next()?;
            let next = signs.peek().map(|next| next.1);
            let stops = match sign {
                '\n' => true,
                '.' | '!' | '?' | '।' => next.is_none_or(char::is_whitespace),
                _ => false,
            };
            if stops {
                return Some(at + sign.len_utf8());
            }
        }
    })
}

/// All sentences of a text.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut all = Vec::new();
    for end in ends(text).chain(std::iter::once(text.len())) {
        if text.get(start..end).is_some_and(|part| !part.trim().is_empty()) {
            all.push(start..end);
        }
        start = end;
    }
    all
}
