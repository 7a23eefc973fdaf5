//! Collects the rules that are broken, each with its sentence.

use super::{BrokenRule, length};

/// What was found so far.
#[derive(Debug, Default)]
pub(in crate::whatsapp) struct Rules {
    broken: Vec<BrokenRule>,
}

impl Rules {
    /// Returns the result when no rule was broken.
    pub(in crate::whatsapp) fn kept<T>(self, result: T) -> Result<T, Vec<BrokenRule>> {
        if self.broken.is_empty() {
            Ok(result)
        } else {
            Err(self.broken)
        }
    }

    pub(in crate::whatsapp) fn into_broken(self) -> Vec<BrokenRule> {
        self.broken
    }

    pub(in crate::whatsapp) fn broken(&mut self, field: &str, sentence: impl Into<String>) {
        self.broken.push(BrokenRule {
            field: field.to_owned(),
            sentence: sentence.into(),
        });
    }

    /// A text that must be there and has a longest length. `what` names it at the start of a sentence.
    pub(in crate::whatsapp) fn needed(&mut self, field: &str, what: &str, text: &str, most: usize) {
        if text.trim().is_empty() {
            self.broken(field, format!("{what} is empty. Write something there."));
        } else {
            self.at_most(field, what, text, most);
        }
    }

    /// A text that may be absent, but not blank.
    pub(in crate::whatsapp) fn optional(&mut self, field: &str, what: &str, text: Option<&str>, most: usize) {
        if let Some(text) = text {
            if text.trim().is_empty() {
                self.broken(
                    field,
                    format!("{what} is empty. Write something there or leave it out."),
                );
            } else {
                self.at_most(field, what, text, most);
            }
        }
    }

    pub(in crate::whatsapp) fn at_most(&mut self, field: &str, what: &str, text: &str, most: usize) {
        let length = length(text);
        if length > most {
            self.broken(
                field,
                format!(
                    "{what} is {length} characters long and WhatsApp takes {most}. Shorten it by {}.",
                    length - most
                ),
            );
        }
    }

    pub(in crate::whatsapp) fn no_outer_spaces(&mut self, field: &str, what: &str, text: &str) {
        if text.trim() != text {
            self.broken(
                field,
                format!("{what} begins or ends with a space. Take the space away."),
            );
        }
    }

    /// Nothing may occur twice. Each repetition is told at its own place.
    pub(in crate::whatsapp) fn unique<'a>(
        &mut self,
        texts: impl IntoIterator<Item = (String, &'a str)>,
        sentence: impl Fn(&str) -> String,
    ) {
        let mut seen = std::collections::HashSet::new();
        for (field, text) in texts {
            if !text.is_empty() && !seen.insert(text) {
                self.broken(&field, sentence(text));
            }
        }
    }
}
