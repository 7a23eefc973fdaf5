//! Tokens and money.

use serde::{Deserialize, Serialize};

/// Tokens of one or several requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens of the question.
    pub input: u64,
    /// Tokens of the answer.
    pub output: u64,
    /// Whether any of it is our estimate because the server did not count.
    pub estimated: bool,
}

impl Usage {
    /// All tokens.
    pub const fn total(self) -> u64 {
        self.input.saturating_add(self.output)
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            output: self.output.saturating_add(other.output),
            estimated: self.estimated || other.estimated,
        }
    }
}

/// What the owner says a model costs, in millionths of their currency for a million tokens: 2.50 is 2,500,000.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    /// For a million tokens of questions.
    pub input: u64,
    /// For a million tokens of answers.
    pub output: u64,
}

impl Prices {
    /// What `usage` costs, in millionths of the owner's currency, rounded up.
    pub fn cost(self, usage: Usage) -> u64 {
        let part = |tokens: u64, price: u64| u128::from(tokens) * u128::from(price);
        let all = part(usage.input, self.input).saturating_add(part(usage.output, self.output));
        u64::try_from(all.div_ceil(1_000_000)).unwrap_or(u64::MAX)
    }
}

/// Estimates the tokens of a text, rather too many than too few: four letters of ASCII make one, and of other scripts
/// three characters make two.
pub fn estimated_tokens(text: &str) -> u64 {
    let (mut ascii, mut other) = (0_u64, 0_u64);
    for c in text.chars() {
        if c.is_ascii() {
            ascii += 1;
        } else {
            other += 1;
        }
    }
    ascii.div_ceil(4) + (other * 2).div_ceil(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_tokens_cost_what_the_owner_entered_and_a_part_is_rounded_up() {
        let prices = Prices {
            input: 2_500_000,
            output: 10_000_000,
        };
        let usage = |input, output| Usage {
            input,
            output,
            estimated: false,
        };
        assert_eq!(prices.cost(usage(1_000_000, 0)), 2_500_000);
        assert_eq!(prices.cost(usage(0, 1_000_000)), 10_000_000);
        assert_eq!(prices.cost(usage(1, 0)), 3);
        assert_eq!(prices.cost(usage(0, 0)), 0);
        let most = Prices {
            input: u64::MAX,
            output: u64::MAX,
        };
        assert_eq!(most.cost(usage(u64::MAX, u64::MAX)), u64::MAX);
    }

    #[test]
    fn other_scripts_are_taken_to_cost_more_than_english() {
        assert_eq!(estimated_tokens(""), 0);
        assert_eq!(estimated_tokens("What are your hours?"), 5);
        assert!(estimated_tokens("ما هي ساعات العمل لديكم") > 10);
    }
}
