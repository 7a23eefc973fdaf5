//! What an answer rests on.

use serde::{Deserialize, Serialize};

/// What kind of thing a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// The answer of a skill, written by a person.
    Skill,
    /// A passage of the knowledge base.
    Passage,
    /// A fact of the facts table.
    Fact,
    /// What the customer wrote in this turn.
    Customer,
}

/// Something an answer may rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its name within one decision: `S1`, `S2` ...
    pub id: String,
    /// What it is.
    pub kind: SourceKind,
    /// The row it comes from, as text: the skill's, passage's or fact's id.
    pub reference: String,
    /// What the operator sees of it: the skill's name, the document's title with its heading.
    pub title: String,
    /// Its words.
    pub text: String,
    /// Where customers can read it.
    pub url: Option<String>,
    /// Whether it may be sent without a person looking.
    pub quotable: bool,
}
