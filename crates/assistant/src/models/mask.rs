//! Takes personal data out of what leaves the house, and puts it back into what returns.

/// Replaces personal data by tokens, and tokens by the data again.
///
/// One veil serves one call: the same value has the same token in all its texts.
pub trait Veil: Send + Sync {
    /// Returns `text` with personal data replaced.
    fn mask(&mut self, text: &str) -> String;

    /// Returns `text` with the tokens of this veil replaced by what they stand for.
    fn unmask(&self, text: &str) -> String;
}
