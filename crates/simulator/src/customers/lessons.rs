//! What the demo shop's owner has taught the assistant before the shop opens: hours, prices, skills, two documents.

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::Value;

/// What is taught, in the words of the contract between a window and the product.
#[derive(Debug, Deserialize)]
pub struct Lessons {
    /// Commands with their arguments, in order.
    pub commands: Vec<(String, Value)>,
    /// Names of skills of the starter pack that may answer by themselves.
    pub trusted: Vec<String>,
}

impl Lessons {
    /// Reads them.
    pub(super) fn read() -> anyhow::Result<Self> {
        serde_json::from_str(include_str!("lessons.json")).context("the lessons of the demo shop")
    }
}
