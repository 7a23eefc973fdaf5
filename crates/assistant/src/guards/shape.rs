//! Checks that need no source: empty, a placeholder left, hidden signs, said before, the wrong language.

use std::sync::LazyLock;

use domain::Language;
use regex::Regex;

use super::fold::is_hidden;
use super::links::pattern;
use super::{Candidate, Finding, FindingKind, Outcome};
use crate::SourceKind;
use crate::text;

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\{\{?[^{}\n]{0,80}\}\}?|\$\{[^}\n]{0,80}\}|\[[^\[\]\n]{1,60}\]|<[^<>\n]{1,60}>|%\([a-z_]+\)s|%s\b|\b(?:TODO|TBD|FIXME|(?i:lorem ipsum))\b|\b(?:XX|xx)\b|\bX{4,}\b|_{4,}|\u{FFFD}",
    )
});

/// From how alike two texts count as the same (assistant.md, section 3.8).
const SAME: f64 = 0.9;

/// Looks at a text without its sources.
pub(super) fn look(candidate: &Candidate<'_>, body: &str, findings: &mut Vec<Finding>) {
    let mut found = |kind, span, sentence: String, severity| {
        findings.push(Finding {
            kind,
            span,
            sentence,
            severity,
        });
    };
    if !body
        .chars()
        .any(|sign| sign.is_alphanumeric() || u32::from(sign) >= 0x2190)
    {
        found(
            FindingKind::Empty,
            None,
            "There is nothing in it to send.".to_owned(),
            Outcome::Block,
        );
    }
    for hit in PLACEHOLDER.find_iter(body) {
        let quoted = candidate.sources.iter().any(|source| {
            matches!(source.kind, SourceKind::Passage | SourceKind::Fact)
                && source.text.contains(hit.as_str())
        });
        if !quoted || hit.as_str().starts_with('{') {
            let sentence = format!("“{}” looks like a placeholder that was not filled.", hit.as_str());
            found(
                FindingKind::Placeholder,
                Some(hit.range()),
                sentence,
                Outcome::Draft,
            );
        }
    }
    let repeats = candidate.last_bot_texts.iter().take(2).any(|last| {
        let last = super::format::without(&super::formatted(last), candidate.disclaimer);
        text::similarity(&last, body) >= SAME
    });
    if repeats {
        found(
            FindingKind::Repetition,
            None,
            "It says nearly the same as a moment ago.".to_owned(),
            Outcome::Draft,
        );
    }
}

/// Signs nobody sees that do not belong to a script or a picture.
pub(super) fn hidden(text: &str) -> Option<String> {
    let mut tags = 0_usize;
    let mut in_flag = false;
    for sign in text.chars() {
        match u32::from(sign) {
            0x1f3f4 => in_flag = true,
            0xe0020..=0xe007f if in_flag => {}
            0x202a..=0x202e | 0x2066..=0x2069 => {
                return Some("Signs in it turn the order of reading round.".to_owned());
            }
            0xe0000..=0xe0fff | 0x200b | 0x2060..=0x2065 | 0x206a..=0x206f | 0xfff9..=0xfffb => tags += 1,
            _ => in_flag = false,
        }
    }
    (tags > 0).then(|| "Signs that nobody sees stood in it; they were taken out.".to_owned())
}

/// Whether a hidden sign may stay: it joins letters or pictures, or gives a text its direction.
pub(super) fn may_stay(sign: char) -> bool {
    !is_hidden(sign)
        || matches!(u32::from(sign), 0x200c..=0x200f | 0x61c | 0x20e3 | 0xfe0e | 0xfe0f | 0xe0020..=0xe007f)
}

/// Whether it is in another language than the conversation.
pub(super) fn language(candidate: &Candidate<'_>, body: &str) -> Option<Finding> {
    let wanted = candidate.conversation_language?;
    let letters: String = body
        .chars()
        .map(|sign| {
            if sign.is_alphabetic() || u32::from(sign) > 0x2ff {
                sign
            } else {
                ' '
            }
        })
        .collect();
    let seen = text::language(body)
        .filter(|seen| text::language(&letters) == Some(*seen))
        .or(candidate.language)?;
    let close = |language| {
        matches!(
            language,
            Language::Spanish | Language::Portuguese | Language::Italian
        )
    };
    if candidate.language == Some(wanted) && close(wanted) && close(seen) {
        // Short texts of these three are taken for each other; what the writer says of it weighs more.
        return None;
    }
    // A quote may be in the language of its document; a model has no excuse.
    (seen != wanted).then(|| Finding {
        kind: FindingKind::Language,
        span: None,
        sentence: format!(
            "It is in “{}”, and the conversation is in “{}”.",
            seen.as_str(),
            wanted.as_str()
        ),
        severity: Outcome::Draft,
    })
}
