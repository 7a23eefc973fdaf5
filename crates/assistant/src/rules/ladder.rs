//! What happens when nothing fits, and when the customer says the same again.

use domain::EscalationReason;

use crate::text::{normalise, similarity};

/// From here on two messages are the same question (guide of the assistant, section 3.6).
const SAME: f64 = 0.8;

/// What to do after a miss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rung {
    /// Say the canned text, with a few topics.
    Canned,
    /// Ask for a person.
    Escalate(EscalationReason),
}

/// Decides what follows a turn that found no answer.
///
/// `misses_in_last_3_turns` counts this turn too. The first miss gets the canned text, the second one within three turns
/// a person; so does a miss of somebody who is losing patience ([`super::Look::frustrated`]).
pub fn ladder(misses_in_last_3_turns: usize, frustrated: bool) -> Rung {
    if frustrated {
        Rung::Escalate(EscalationReason::Anger)
    } else if misses_in_last_3_turns > 1 {
        Rung::Escalate(EscalationReason::TwoMisses)
    } else {
        Rung::Canned
    }
}

/// Whether a customer says what they said before: in pieces of four characters, `text` is like one of the last three.
///
/// Words so few that they say nothing ("ok", "?") are never a repetition; the loop rule looks at those.
pub fn repeated(text: &str, last_three: &[&str]) -> bool {
    if normalise(text).chars().count() < 8 {
        return false;
    }
    last_three
        .iter()
        .rev()
        .take(3)
        .any(|earlier| similarity(text, earlier) >= SAME)
}

/// Whether the assistant may say `text` after `last`: never the same words twice in a row.
pub fn differs(text: &str, last: Option<&str>) -> bool {
    last.is_none_or(|last| normalise(text) != normalise(last))
}
