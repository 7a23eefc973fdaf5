//! Puts together what is more than words (places, cards, buttons, lists, questions), and says which of Meta's limits
//! would be broken, before anything leaves (whatsapp-cloud-api, sections 5.3 and 5.4).

mod build;
mod emoji;
mod rules;
mod split;
mod words;

use domain::MessageKind;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(super) use rules::Rules;
pub use split::split_text;
pub use words::{LONGEST_CAPTION, check_caption, check_reaction, check_text};

/// A limit of the provider that what was composed does not keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenRule {
    /// What it is about, such as `body` or `buttons.1.title`; positions count from 0.
    pub field: String,
    /// What is wrong and what to do.
    pub sentence: String,
}

/// What a person composed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Composition {
    /// A place.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
        /// What the place is called.
        #[serde(default)]
        name: Option<String>,
        /// Where it is, in words.
        #[serde(default)]
        address: Option<String>,
    },
    /// Address cards.
    Contacts {
        /// At least one.
        cards: Vec<Card>,
    },
    /// A question with up to three answers to tap.
    Buttons {
        /// The line above.
        #[serde(default)]
        header: Option<String>,
        /// The question.
        body: String,
        /// The small line below.
        #[serde(default)]
        footer: Option<String>,
        /// The answers.
        buttons: Vec<Button>,
    },
    /// A list to choose from.
    List {
        /// The line above.
        #[serde(default)]
        header: Option<String>,
        /// The question.
        body: String,
        /// The small line below.
        #[serde(default)]
        footer: Option<String>,
        /// What opens the list.
        button: String,
        /// Its parts.
        sections: Vec<Section>,
    },
    /// A button that opens a web page.
    Link {
        /// The line above.
        #[serde(default)]
        header: Option<String>,
        /// The words.
        body: String,
        /// The small line below.
        #[serde(default)]
        footer: Option<String>,
        /// What is on the button.
        display_text: String,
        /// The page.
        url: String,
    },
    /// Asks where the customer is.
    LocationRequest {
        /// The question.
        body: String,
    },
    /// Asks a customer who keeps the number private for it.
    ContactRequest {
        /// The question.
        body: String,
    },
}

/// An address card.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Card {
    /// The whole name, as it is shown.
    pub formatted_name: String,
    /// The first name; taken from the whole one when neither this nor the last is given.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// Telephone numbers.
    pub phones: Vec<CardPhone>,
    /// Mail addresses.
    pub emails: Vec<String>,
    /// Where the person works.
    pub company: Option<String>,
    /// As what.
    pub title: Option<String>,
    /// Web pages.
    pub urls: Vec<String>,
    /// As `YYYY-MM-DD`.
    pub birthday: Option<String>,
}

/// A telephone number on a card.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CardPhone {
    /// The number, as it is shown.
    pub number: String,
    /// `CELL`, `WORK`, `HOME` or the like.
    pub kind: Option<String>,
    /// The WhatsApp id, when the number is known to be on WhatsApp: the customer can then write to it with a tap.
    pub wa_id: Option<String>,
}

/// An answer to tap.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Button {
    /// What comes back when it is tapped; made up when absent.
    pub id: Option<String>,
    /// What is on it.
    pub title: String,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Section {
    /// The line above; needed when there is more than one part.
    pub title: Option<String>,
    /// What can be chosen.
    pub rows: Vec<Row>,
}

/// A line of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    /// What comes back when it is chosen; made up when absent.
    pub id: Option<String>,
    /// What is on it.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
}

/// What was composed, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// Location, contacts or interactive.
    pub kind: MessageKind,
    /// What a preview and a search should hold.
    pub text: Option<String>,
    /// The body of [`crate::Content::Object`].
    pub payload: Value,
}

/// Puts a composition into the wire's form, or says every rule it breaks.
pub fn compose(composition: &Composition) -> Result<Composed, Vec<BrokenRule>> {
    let mut rules = Rules::default();
    let composed = build::build(composition, &mut rules);
    rules.kept(composed)
}

/// Returns how long a text is for Meta. Whether its limits mean code points or UTF-16 units is not documented
/// (section 5.3); the units are never fewer, so they are the stricter count.
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}
