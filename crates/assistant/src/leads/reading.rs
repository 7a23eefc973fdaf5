//! A message as the rules read it: small letters without accents, digits as `0` to `9`, and the way back to every byte
//! of what the customer wrote.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters.
    Word,
    /// Digits.
    Digits,
    /// One other character.
    Mark,
    /// A web or e-mail address: whatever stands in it is no number, date or word.
    Address,
}

/// A piece of the folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    start: usize,
    end: usize,
    /// Whether white space stands before it.
    pub(super) spaced: bool,
}

/// A message, folded and cut into tokens.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    original: &'a str,
    folded: String,
    /// For each byte of `folded`: where its character stands in the original, from and to.
    places: Vec<(usize, usize)>,
    tokens: Vec<Token>,
}

/// Whether a character is dropped because it says nothing: accents, vowel signs of Arabic, marks of direction.
fn is_dropped(c: char) -> bool {
    match c {
        '\u{0640}'
        | '\u{093C}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}'
        | '\u{FEFF}'
        | '\u{FE0F}' => true,
        // The marks of Indian scripts are letters.
        '\u{0900}'..='\u{0DFF}' => false,
        _ => canonical_combining_class(c) != 0,
    }
}

/// The one letter or digit several are read as.
fn plain(c: char) -> char {
    let digit = |zero: char| {
        let value = u32::from(c) - u32::from(zero);
        char::from_digit(value, 10).unwrap_or(c)
    };
    match c {
        '٠'..='٩' => digit('٠'),
        '۰'..='۹' => digit('۰'),
        '०'..='९' => digit('०'),
        '০'..='৯' => digit('০'),
        '０'..='９' => digit('０'),
        'ı' => 'i',
        'ة' => 'ه',
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        'ٱ' => 'ا',
        '’' | '‘' | 'ʼ' | '`' | '´' => '\'',
        '“' | '”' | '„' | '«' | '»' => '"',
        '–' | '—' | '‑' | '−' => '-',
        '٫' | '।' => '.',
        '٬' | '،' => ',',
        '؟' => '?',
        'ø' => 'o',
        'ł' => 'l',
        _ => c,
    }
}

/// Hands the folded form of a character to `each`.
fn fold_char(c: char, mut each: impl FnMut(char)) {
    if c == 'ß' {
        each('s');
        each('s');
        return;
    }
    for part in std::iter::once(c).nfkd() {
        for lower in part.to_lowercase() {
            if !is_dropped(lower) {
                each(plain(lower));
            }
        }
    }
}

/// Returns text as it is compared: small letters, no accents, plain digits, single spaces.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        fold_char(c, |plain| folded.push(plain));
    }
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '\u{0900}'..='\u{0963}' | '\u{0970}'..='\u{097F}')
}

impl<'a> Reading<'a> {
    /// Reads a message.
    pub(super) fn of(original: &'a str) -> Self {
        let mut folded = String::with_capacity(original.len());
        let mut places: Vec<(usize, usize)> = Vec::with_capacity(original.len());
        for (at, c) in original.char_indices() {
            let end = at + c.len_utf8();
            let before = folded.len();
            fold_char(c, |plain| folded.push(plain));
            if folded.len() == before && canonical_combining_class(c) != 0 {
                // An accent written as a character of its own belongs to the letter before it.
                let letter = places.last().map(|place| place.0);
                for place in places
                    .iter_mut()
                    .rev()
                    .take_while(|place| Some(place.0) == letter)
                {
                    place.1 = end;
                }
            }
            places.resize(folded.len(), (at, end));
        }
        let mut reading = Self {
            original,
            folded,
            places,
            tokens: Vec::new(),
        };
        reading.cut();
        reading
    }

    fn cut(&mut self) {
        let addresses = addresses(&self.folded);
        let mut tokens: Vec<Token> = Vec::new();
        let mut spaced = false;
        let mut skip_to = 0;
        for (at, c) in self.folded.char_indices() {
            if at < skip_to {
                continue;
            }
            if let Some(address) = addresses.iter().find(|address| address.0 == at) {
                tokens.push(Token {
                    kind: Kind::Address,
                    start: at,
                    end: address.1,
                    spaced,
                });
                skip_to = address.1;
                spaced = false;
                continue;
            }
            let kind = if c.is_ascii_digit() {
                Kind::Digits
            } else if is_letter(c) {
                Kind::Word
            } else if c.is_whitespace() {
                spaced = true;
                continue;
            } else {
                Kind::Mark
            };
            let end = at + c.len_utf8();
            match tokens.last_mut() {
                Some(last) if last.kind == kind && kind != Kind::Mark && last.end == at => last.end = end,
                _ => tokens.push(Token {
                    kind,
                    start: at,
                    end,
                    spaced,
                }),
            }
            spaced = false;
        }
        self.tokens = tokens;
    }

    /// How many tokens there are.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The whole message as the customer wrote it.
    pub(super) const fn original(&self) -> &'a str {
        self.original
    }

    /// The folded text of the message.
    pub(super) fn folded(&self) -> &str {
        &self.folded
    }

    /// What a token is; none behind the end.
    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// Whether white space stands before a token; also behind the end.
    pub(super) fn spaced(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|token| token.spaced)
    }

    /// The folded words of a token; empty behind the end.
    pub(super) fn word(&self, at: usize) -> &str {
        self.tokens
            .get(at)
            .and_then(|token| self.folded.get(token.start..token.end))
            .unwrap_or_default()
    }

    /// The folded words of the token before; empty before the first.
    pub(super) fn before(&self, at: usize) -> &str {
        at.checked_sub(1).map_or("", |before| self.word(before))
    }

    /// The number a token of digits writes, up to nine digits.
    pub(super) fn number(&self, at: usize) -> Option<u32> {
        if self.kind(at) != Some(Kind::Digits) || self.word(at).len() > 9 {
            return None;
        }
        self.word(at).parse().ok()
    }

    /// Where the tokens from `from` up to and without `to` stand in the original.
    pub(super) fn span(&self, from: usize, to: usize) -> Option<(usize, usize)> {
        let first = self.tokens.get(from)?.start;
        let last = self.tokens.get(to.checked_sub(1)?)?.end;
        self.folded_span(first, last)
    }

    /// Where bytes of the folded text stand in the original.
    pub(super) fn folded_span(&self, first: usize, end: usize) -> Option<(usize, usize)> {
        let start = self.places.get(first)?.0;
        let end = self.places.get(end.checked_sub(1)?)?.1;
        (start < end).then_some((start, end))
    }

    /// The customer's own words between two bytes of the original.
    pub(super) fn raw(&self, span: (usize, usize)) -> &'a str {
        self.original.get(span.0..span.1).unwrap_or_default()
    }

    /// The customer's own words of one token.
    pub(super) fn raw_token(&self, at: usize) -> &'a str {
        self.span(at, at + 1).map_or("", |span| self.raw(span))
    }

    /// Where the web and e-mail addresses stand, as token numbers.
    pub(super) fn addresses(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.len()).filter(|at| self.kind(*at) == Some(Kind::Address))
    }
}

/// Where e-mail and web addresses stand in folded text, the first first.
fn addresses(folded: &str) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut start = None;
    let ends = folded
        .char_indices()
        .map(|(at, c)| {
            (
                at,
                c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')' | ',' | ';'),
            )
        })
        .chain(std::iter::once((folded.len(), true)));
    for (at, is_border) in ends {
        match (start, is_border) {
            (None, false) => start = Some(at),
            (Some(from), true) => {
                let piece = folded.get(from..at).unwrap_or_default();
                if let Some((first, end)) = address_in(piece) {
                    found.push((from + first, from + end));
                }
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// Where an address stands in a piece of text without white space.
fn address_in(piece: &str) -> Option<(usize, usize)> {
    let whole = || (0, piece.trim_end_matches(['.', '!', '?', ':', '\'']).len());
    if piece.contains("://") || piece.starts_with("www.") {
        return Some(whole());
    }
    if let Some(at) = piece.find('@') {
        return email_around(piece, at).or_else(|| piece.contains('/').then(whole));
    }
    let host = piece.split('/').next().unwrap_or_default();
    let end = host.rsplit('.').next().unwrap_or_default();
    let known = [
        "com", "net", "org", "io", "me", "co", "app", "shop", "store", "info", "br", "de", "es", "fr",
    ];
    let is_host = host.contains('.')
        && known.contains(&end)
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    is_host.then(whole)
}

/// Where the e-mail address around an `@` stands.
fn email_around(piece: &str, at: usize) -> Option<(usize, usize)> {
    let (before, after) = (piece.get(..at)?, piece.get(at + 1..)?);
    let is_local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    let first = before
        .char_indices()
        .rev()
        .take_while(|(_, c)| is_local(*c))
        .last()
        .map(|(place, _)| place)?;
    let local = before.get(first..)?;
    let skipped = local.len() - local.trim_start_matches(['.', '-']).len();
    let length = after
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-')))
        .unwrap_or(after.len());
    let domain = after.get(..length)?.trim_end_matches(['.', '-']);
    let (name, end) = domain.rsplit_once('.')?;
    let is_good = !name.is_empty()
        && !domain.contains("..")
        && !local.contains("..")
        && skipped < local.len()
        && end.len() >= 2
        && end.chars().all(|c| c.is_ascii_alphabetic());
    is_good.then(|| (first + skipped, at + 1 + domain.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_script_is_folded_to_small_letters_and_plain_digits() {
        assert_eq!(fold("  İSTANBUL'da Çarşamba  ÁÉ "), "istanbul'da carsamba ae");
        assert_eq!(fold("٢٥ ريالًا"), "25 ريالا");
        assert_eq!(fold("१५ मार्च"), "15 मार्च");
        assert_eq!(fold("Straße"), "strasse");
    }

    #[test]
    fn an_accent_of_its_own_belongs_to_its_letter() {
        let text = "jose\u{301} x";
        let reading = Reading::of(text);
        assert_eq!(reading.raw_token(0), "jose\u{301}");
        assert_eq!(reading.word(0), "jose");
    }

    proptest! {
        #[test]
        fn no_text_makes_a_span_that_is_not_of_the_text(text in "\\PC{0,60}") {
            let reading = Reading::of(&text);
            for at in 0..reading.len() {
                let span = reading.span(at, at + 1).unwrap();
                prop_assert!(text.get(span.0..span.1).is_some());
            }
        }
    }
}
