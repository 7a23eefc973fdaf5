//! Approved templates: what Meta says about them, what has to be filled in, and how they look filled
//! (whatsapp-cloud-api, sections 5.5 and 7.6).

mod calls;
mod draft;
mod fill;
mod parts;
mod placeholders;
mod variables;

use super::lenient;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use calls::{CreatedTemplate, TemplatePage};
pub use draft::{NewButton, NewHeader, NewTemplate};
pub use fill::{Filled, accept_array, fill};
pub use variables::{Place, Variable, VariableKind, variables};

/// How the places in a template are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ParameterFormat {
    /// `{{customer}}`.
    Named,
    /// `{{1}}`.
    Positional,
}

impl ParameterFormat {
    /// Returns Meta's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Named => "NAMED",
            Self::Positional => "POSITIONAL",
        }
    }
}

/// A template as Meta lists it. Its words (status, category, quality) are Meta's own, in capitals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Meta's id.
    pub id: Option<String>,
    /// Its name; one name has a template for each language.
    pub name: String,
    /// Its language, such as `pt_PT`.
    pub language: String,
    /// `MARKETING`, `UTILITY`, `AUTHENTICATION` or a new one.
    pub category: String,
    /// `APPROVED` when it can be sent.
    pub status: String,
    /// `GREEN`, `YELLOW`, `RED`; absent while unknown.
    pub quality: Option<String>,
    /// How its places are called.
    pub parameter_format: ParameterFormat,
    /// Its parts, as Meta wrote them.
    pub components: Value,
    /// Why it was rejected.
    pub rejected_reason: Option<String>,
    /// What its category was before Meta changed it.
    pub previous_category: Option<String>,
    /// What its category will be.
    pub correct_category: Option<String>,
}

impl Template {
    /// Reads a row of Meta's list; `None` when it has no name or no language.
    pub fn read(row: &Value) -> Option<Self> {
        let word = |key: &str| lenient::id(row.get(key));
        let capitals = |key: &str| word(key).map(|word| word.to_ascii_uppercase());
        let components = match row.get("components") {
            Some(Value::Array(components)) => Value::Array(components.clone()),
            _ => Value::Array(Vec::new()),
        };
        let parameter_format = match capitals("parameter_format").as_deref() {
            Some("NAMED") => ParameterFormat::Named,
            Some("POSITIONAL") => ParameterFormat::Positional,
            _ => placeholders::format_of(&components),
        };
        let quality = row
            .get("quality_score")
            .and_then(|quality| lenient::id(quality.get("score")).or_else(|| lenient::id(Some(quality))));
        let language = word("language").or_else(|| lenient::id(row.pointer("/language/code")));
        Some(Self {
            id: word("id"),
            name: word("name")?,
            language: language?,
            category: capitals("category").unwrap_or_default(),
            status: capitals("status").unwrap_or_default(),
            quality: quality
                .map(|quality| quality.to_ascii_uppercase())
                .filter(|quality| quality != "UNKNOWN"),
            parameter_format,
            components,
            rejected_reason: capitals("rejected_reason").filter(|reason| reason != "NONE"),
            previous_category: capitals("previous_category"),
            correct_category: capitals("correct_category"),
        })
    }

    /// Returns whether it carries a code for logging in.
    pub fn is_authentication(&self) -> bool {
        self.category == "AUTHENTICATION"
    }

    /// Returns whether it is a promotion, which customers can opt out of.
    pub fn is_marketing(&self) -> bool {
        self.category == "MARKETING"
    }

    /// Returns whether Meta would take it now.
    pub fn is_approved(&self) -> bool {
        self.status == "APPROVED"
    }
}
