//! What is said in every chat and means no skill at all.

use std::sync::LazyLock;

use domain::Language;

use super::patterns::lines_by_language;

static SENTENCES: LazyLock<Vec<(Language, String)>> =
    LazyLock::new(|| lines_by_language(include_str!("../../packs/background.toml")));

/// Returns sentences that no skill is meant by, with their language: small talk, wrong numbers, jokes, spam, tests.
///
/// The matcher learns from them what "none of these" looks like.
pub fn background() -> &'static [(Language, String)] {
    &SENTENCES
}
