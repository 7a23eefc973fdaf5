//! Hides from remote models who somebody is, and puts it back into their answers.

use std::collections::BTreeMap;

use super::maskable::{Private, first, tokens};

/// What stands for what, for one call to a model.
///
/// The same value gets the same token in every text, so that a model can tell two numbers apart without seeing them.
#[derive(Debug, Clone, Default)]
pub struct Mask {
    names: Vec<String>,
    /// Token to value.
    values: BTreeMap<String, String>,
    /// Kind and value to token.
    tokens: BTreeMap<(Private, String), String>,
}

impl Mask {
    /// A mask that hides these names besides everything else; names of one letter are left alone.
    pub fn new(names: &[&str]) -> Self {
        let mut all: Vec<String> = names
            .iter()
            .map(|name| name.trim())
            .filter(|name| name.chars().count() > 1)
            .map(str::to_owned)
            .collect();
        // The whole name before its parts.
        let parts: Vec<String> = all
            .iter()
            .flat_map(|name| name.split_whitespace())
            .filter(|part| part.chars().count() > 2)
            .map(str::to_owned)
            .collect();
        all.extend(parts);
        all.sort_by_key(|name| std::cmp::Reverse(name.len()));
        all.dedup();
        Self {
            names: all,
            ..Self::default()
        }
    }

    /// A text with tokens such as `[PHONE_1]` in place of what is private.
    ///
    /// Telephone numbers, mail addresses, IBANs, cards, ids, long numbers, private links and the known names are
    /// hidden. A token somebody wrote themselves is hidden like the rest, so that it comes back as it was.
    pub fn mask(&mut self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut from = 0;
        for range in tokens(text) {
            self.piece(text.get(from..range.start).unwrap_or_default(), &mut masked);
            let token = self.token(Private::Text, text.get(range.clone()).unwrap_or_default());
            masked.push_str(&token);
            from = range.end;
        }
        self.piece(text.get(from..).unwrap_or_default(), &mut masked);
        masked
    }

    /// What is left and right of a private thing may hold more of them.
    fn piece(&mut self, text: &str, masked: &mut String) {
        let mut pieces = vec![text];
        while let Some(piece) = pieces.pop() {
            let Some((range, kind)) = first(piece, &self.names) else {
                masked.push_str(piece);
                continue;
            };
            let (before, value, after) = (
                piece.get(..range.start),
                piece.get(range.clone()),
                piece.get(range.end..),
            );
            let (Some(before), Some(value), Some(after)) = (before, value, after) else {
                masked.push_str(piece);
                continue;
            };
            pieces.push(after);
            if before.is_empty() || first(before, &self.names).is_none() {
                masked.push_str(before);
            } else {
                // Found by a surer sign further on; the beginning is read again by itself.
                let mut head = String::new();
                self.piece(before, &mut head);
                masked.push_str(&head);
            }
            masked.push_str(&self.token(kind, value));
        }
    }

    fn token(&mut self, kind: Private, value: &str) -> String {
        let key = (kind, value.to_owned());
        if let Some(token) = self.tokens.get(&key) {
            return token.clone();
        }
        let count = self.tokens.keys().filter(|(other, _)| *other == kind).count() + 1;
        let token = format!("[{}_{count}]", kind.name());
        self.values.insert(token.clone(), value.to_owned());
        self.tokens.insert(key, token.clone());
        token
    }

    /// A text with the values in place of their tokens; a token nobody gave out stays.
    pub fn unmask(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut from = 0;
        for range in tokens(text) {
            shown.push_str(text.get(from..range.start).unwrap_or_default());
            let token = text.get(range.clone()).unwrap_or_default();
            shown.push_str(self.values.get(token).map_or(token, String::as_str));
            from = range.end;
        }
        shown.push_str(text.get(from..).unwrap_or_default());
        shown
    }

    /// How many private things are hidden.
    pub fn hidden(&self) -> usize {
        self.values.len()
    }

    /// Whether a text holds something that [`Mask::mask`] would hide; tokens count as borders.
    pub fn finds_private(&self, text: &str) -> bool {
        let mut from = 0;
        let mut any = false;
        for range in tokens(text) {
            any |= first(text.get(from..range.start).unwrap_or_default(), &self.names).is_some();
            from = range.end;
        }
        any || first(text.get(from..).unwrap_or_default(), &self.names).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_private_gets_a_token_and_comes_back() {
        let mut mask = Mask::new(&["Ana Lima"]);
        let text = "I am Ana Lima, +34 600 123 456, ana@mail.com, DE89 3704 0044 0532 0130 00, card 4111 1111 1111 1111, https://x.com/t?token=abc. Call Ana. [PHONE_1]";
        let masked = mask.mask(text);
        assert_eq!(
            masked,
            "I am [NAME_1], [PHONE_1], [MAIL_1], [IBAN_1], card [CARD_1], [LINK_1] Call [NAME_2]. [TEXT_1]"
        );
        assert_eq!(mask.unmask(&masked), text);
    }

    #[test]
    fn prices_dates_and_hours_stay() {
        let text = "50 EUR, 1.250,00 EUR, 24.11.2026, 2026-11-24, 9:00-18:00, 9.00-18.00, order 4821";
        assert_eq!(Mask::new(&[]).mask(text), text);
    }

    #[test]
    fn a_passport_a_birthday_a_street_and_a_handle_are_hidden_whole() {
        for (text, masked) in [
            ("My passport X1234567 is lost", "My passport [ID_1] is lost"),
            ("Pasaporte: XDB123456", "Pasaporte: [ID_1]"),
            ("I was born 3.4.1990 in Bonn", "I was born [BORN_1] in Bonn"),
            ("nací el 3 de abril de 1990", "nací el [BORN_1]"),
            ("geboren am 3. April 1990", "geboren am [BORN_1]"),
            (
                "I live at 12 Mill Street, London SW1A 1AA",
                "I live at [ADDRESS_1]",
            ),
            ("Ich wohne Hauptstraße 12, 10115 Berlin", "Ich wohne [ADDRESS_1]"),
            ("Vivo en calle Mayor 5, 28013 Madrid", "Vivo en [ADDRESS_1]"),
            ("I am @ana.lima on Insta", "I am [HANDLE_1] on Insta"),
        ] {
            let mut mask = Mask::new(&[]);
            assert_eq!(mask.mask(text), masked);
            assert_eq!(mask.unmask(masked), text);
        }
    }
}
