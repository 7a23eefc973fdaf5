//! How the owner set the assistant: one row of the settings, in JSON. What cannot be read means that the assistant does
//! nothing.

use assistant::knowledge::Hours;
use assistant::mind::Manner;
use assistant::rules::Texts;
use domain::Language;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use store::{Reader, StoreError, WriteTransaction};

/// Its key among the settings.
const KEY: &str = "assistant";

/// A question the assistant asks to learn about a lead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntakeSetting {
    /// Which field of a lead it fills.
    pub field: String,
    /// The question in each language, or one text under `""` for all.
    pub question: BTreeMap<String, String>,
}

/// How the assistant is set.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AssistantSettings {
    /// The shop's name.
    pub business_name: String,
    /// The language when it is not clear, as ISO 639-1 spells it.
    pub language: String,
    /// The country whose telephone numbers need no prefix, such as `DE`.
    pub region: Option<String>,
    /// Whether leads are read in mode off too.
    pub lead_capture: bool,
    /// Whether a model may read leads while a person holds the conversation.
    pub lead_model_when_held: bool,
    /// Whether one draft in ten stays hidden until the operator has answered.
    pub blind_sample: bool,
    /// What it should know and never do.
    pub instructions: String,
    /// Whether its first words say that an assistant writes.
    pub disclaimer: bool,
    /// Whether a customer who sends a file without words is asked, once a day, to write what it is about.
    pub file_notice: bool,
    /// When the shop is open; none: nobody said.
    pub hours: Option<Hours>,
    /// What it asks to learn about leads.
    pub intake: Vec<IntakeSetting>,
    /// Texts the owner wrote in the place of ours.
    pub texts: Texts,
}

impl Default for AssistantSettings {
    fn default() -> Self {
        Self {
            business_name: String::new(),
            language: Language::English.as_str().to_owned(),
            region: None,
            lead_capture: true,
            lead_model_when_held: true,
            blind_sample: false,
            instructions: String::new(),
            disclaimer: false,
            file_notice: false,
            hours: None,
            intake: Vec::new(),
            texts: Texts::default(),
        }
    }
}

impl AssistantSettings {
    /// Returns the language, English when the word is unknown.
    pub fn language(&self) -> Language {
        self.language.parse().unwrap_or(Language::English)
    }

    /// Returns what the assistant is told of it.
    pub(crate) fn manner(&self) -> Manner {
        Manner {
            business_name: self.business_name.clone(),
            language: self.language(),
            disclaimer: self.disclaimer,
            file_notice: self.file_notice,
            instructions: self.instructions.clone(),
        }
    }

    /// Reads the settings; the inner error is a sentence when they are there and make no sense.
    pub(crate) fn read(reader: Reader<'_>) -> Result<Result<Self, String>, StoreError> {
        Ok(match reader.setting(KEY)? {
            None => Ok(Self::default()),
            Some(text) => serde_json::from_str::<Map<String, Value>>(&text)
                // A list would be taken for fields in their order.
                .and_then(|fields| serde_json::from_value(Value::Object(fields)))
                .map_err(|error| {
                    format!(
                        "The assistant's settings cannot be read, so it does nothing: {error}. Save them again to \
                         repair them."
                    )
                }),
        })
    }

    /// Keeps the settings.
    pub(crate) fn keep(&self, transaction: &mut WriteTransaction<'_>) -> Result<(), StoreError> {
        let text = serde_json::to_string(self)
            .map_err(|error| StoreError::Conflict(format!("These settings cannot be kept: {error}.")))?;
        transaction.set_setting(KEY, &text)?;
        transaction.changed(store::Change::Knowledge);
        Ok(())
    }
}
