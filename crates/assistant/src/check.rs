//! The guards, where every text passes them.

use crate::mind::Mind;
use crate::outcome::Outcome;
use crate::think::Situation;

/// Looks at what would be said, and takes the permission to send away when something is wrong with it.
pub(crate) fn check(_mind: &Mind, _situation: &Situation, _outcome: &mut Outcome) {}
