//! Messages that are nothing but "ok", "thanks" or "hello", and words that count only when they are all that is said.

use std::sync::LazyLock;

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

/// Whether a message only says that ours has been read; see [`super::look`] for `question_open`.
pub(super) fn acknowledges(text: &str, words: &[String], question_open: bool) -> bool {
    if text.contains(['?', '؟']) || words.len() > LONGEST {
        return false;
    }
    if words.is_empty() {
        // ":)" and "..." have no words at all; neither does an empty message, which is no message.
        return !text.trim().is_empty() && !text.contains('!');
    }
    let mut small: Vec<&Patterns> = vec![QUIET.polite.anywhere(), QUIET.closing.anywhere()];
    if question_open {
        return covered(words, &[QUIET.thanks.anywhere()], &small);
    }
    small.push(QUIET.greeting.anywhere());
    covered(
        words,
        &[QUIET.thanks.anywhere(), QUIET.consent.anywhere()],
        &small,
    )
}

/// Whether a message only says hello.
pub(super) fn greets(words: &[String]) -> bool {
    words.len() <= LONGEST && covered(words, &[QUIET.greeting.anywhere()], &[QUIET.polite.anywhere()])
}
