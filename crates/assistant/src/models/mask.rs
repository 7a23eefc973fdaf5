//! Takes personal data out of what leaves the house, and puts it back into what returns.

use crate::guards::Mask;

/// Replaces personal data by tokens, and tokens by the data again.
///
/// One veil serves one call: the same value has the same token in all its texts.
pub trait Veil: Send + Sync {
    /// Returns `text` with personal data replaced.
    fn mask(&mut self, text: &str) -> String;

    /// Returns `text` with the tokens of this veil replaced by what they stand for.
    fn unmask(&self, text: &str) -> String;
}

impl Veil for Mask {
    fn mask(&mut self, text: &str) -> String {
        Self::mask(self, text)
    }

    fn unmask(&self, text: &str) -> String {
        Self::unmask(self, text)
    }
}
