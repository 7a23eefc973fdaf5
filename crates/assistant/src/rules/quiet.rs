//! Messages that are nothing but "ok", "thanks" or "hello", and words that count only when they are all that is said.

use std::sync::LazyLock;

use super::look::Sign;
use super::patterns::{Patterns, Rule, covered};

/// Longer messages say something, whatever their words.
const LONGEST: usize = 16;

struct Quiet {
    thanks: Rule,
    consent: Rule,
    greeting: Rule,
    closing: Rule,
    polite: Rule,
}

static QUIET: LazyLock<Quiet> = LazyLock::new(|| Quiet {
    thanks: Rule::read(include_str!("../../packs/rules/thanks.toml")),
    consent: Rule::read(include_str!("../../packs/rules/consent.toml")),
    greeting: Rule::read(include_str!("../../packs/rules/greeting.toml")),
    closing: Rule::read(include_str!("../../packs/rules/closing.toml")),
    polite: Rule::read(include_str!("../../packs/rules/polite.toml")),
});

/// Whether nothing is said but one of the rule's whole messages, politely.
pub(super) fn is_whole(words: &[String], rule: &Rule) -> bool {
    let small = [
        QUIET.polite.anywhere(),
        QUIET.greeting.anywhere(),
        QUIET.thanks.anywhere(),
    ];
    words.len() <= LONGEST && covered(words, &[rule.whole()], &small)
}

/// Returns what a message is when it is nothing but an acknowledgement or a greeting; see [`super::look`] for
/// `question_open`.
pub(super) fn only(text: &str, words: &[String], question_open: bool) -> Option<Sign> {
    if words.len() > LONGEST {
        return None;
    }
    let asks = text.contains(['?', '؟']);
    if words.is_empty() {
        // ":)" and "..." have no words at all; neither does an empty message, which is no message.
        let nothing = asks || text.contains('!') || text.trim().is_empty();
        return (!nothing).then_some(Sign::Acknowledgement);
    }
    let thanks = QUIET.thanks.anywhere();
    let said: &[&Patterns] = if question_open {
        &[thanks]
    } else {
        &[thanks, QUIET.consent.anywhere()]
    };
    let (polite, closing, greeting) = (
        QUIET.polite.anywhere(),
        QUIET.closing.anywhere(),
        QUIET.greeting.anywhere(),
    );
    // "tudo bem" alone means "all right", "oi tudo bem" means "hello"; "hello, thank you" thanks again.
    if !asks && covered(words, said, &[polite, closing]) {
        Some(Sign::Acknowledgement)
    } else if covered(words, &[greeting], &[polite]) {
        Some(Sign::Greeting)
    } else {
        let thanked = !asks && covered(words, said, &[polite, closing, greeting]);
        thanked.then_some(Sign::Acknowledgement)
    }
}
