//! The rules for words alone: a text, a caption, a reaction (whatsapp-cloud-api, section 5.3).

use super::super::LONGEST_TEXT;
use super::emoji::is_one_emoji;
use super::{BrokenRule, Rules};

/// The longest text below a picture, a film or a document, in characters.
pub const LONGEST_CAPTION: usize = 1_024;

/// Returns what keeps a text from being sent as one message.
pub fn check_text(text: &str) -> Vec<BrokenRule> {
    let mut rules = Rules::default();
    rules.needed("text", "The message", text, LONGEST_TEXT);
    rules.into_broken()
}

/// Returns what keeps a text from being sent below a file. None at all is in order.
pub fn check_caption(caption: &str) -> Vec<BrokenRule> {
    let mut rules = Rules::default();
    rules.at_most("caption", "The text below the file", caption, LONGEST_CAPTION);
    rules.into_broken()
}

/// Returns what keeps a reaction from being set. An empty one takes the reaction away.
pub fn check_reaction(emoji: &str) -> Vec<BrokenRule> {
    let mut rules = Rules::default();
    if !emoji.is_empty() && !is_one_emoji(emoji) {
        rules.broken(
            "emoji",
            "A reaction is exactly one emoji. Choose one, or none to take the reaction away.",
        );
    }
    rules.into_broken()
}
