//! What commands take that send something.

use serde::Deserialize;
use serde_json::Value;
use ts_rs::TS;

/// Arguments of `send_text`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SendText {
    /// To whom.
    pub conversation_id: String,
    /// The words. More than 4,096 characters leave as several messages.
    pub text: String,
    /// The provider's id of the message this one answers.
    #[ts(optional)]
    pub reply_to: Option<String>,
}

/// Arguments of `send_media`: a file by its `path` on this computer, or by the `upload_id` it was handed in under.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SendMedia {
    /// To whom.
    pub conversation_id: String,
    /// Where the file lies on this computer.
    #[ts(optional)]
    pub path: Option<String>,
    /// The id of a file that was handed in.
    #[ts(optional)]
    pub upload_id: Option<String>,
    /// Words below it.
    #[ts(optional)]
    pub caption: Option<String>,
    /// What to send it as; what fits best when left out.
    #[serde(rename = "as")]
    #[ts(
        optional,
        rename = "as",
        type = "\"image\" | \"video\" | \"audio\" | \"voice\" | \"document\" | \"sticker\""
    )]
    pub kind: Option<String>,
    /// The provider's id of the message this one answers.
    #[ts(optional)]
    pub reply_to: Option<String>,
}

/// Arguments of `send_template`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SendTemplate {
    /// To whom.
    pub conversation_id: String,
    /// The template's name.
    pub name: String,
    /// Its language code.
    pub language: String,
    /// What is filled in, by key; a list fills the body in its order. Files are named by their `upload_id`.
    #[serde(default)]
    #[ts(type = "Record<string, string> | string[]")]
    pub variables: Value,
}

/// Arguments of `send_content`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SendContent {
    /// To whom.
    pub conversation_id: String,
    /// What.
    pub content: OutgoingContent,
    /// The provider's id of the message this one answers.
    #[ts(optional)]
    pub reply_to: Option<String>,
}

/// What can be sent besides words, files and templates.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OutgoingContent {
    /// A place.
    Location {
        /// Degrees, north is positive.
        latitude: f64,
        /// Degrees, east is positive.
        longitude: f64,
        /// What it is called.
        #[ts(optional)]
        name: Option<String>,
        /// Where it is; shown only with a name.
        #[ts(optional)]
        address: Option<String>,
    },
    /// Address cards.
    Contacts {
        /// The cards.
        cards: Vec<Card>,
    },
    /// A question with one to three buttons.
    Buttons {
        /// A line above.
        #[ts(optional)]
        header: Option<String>,
        /// The question.
        body: String,
        /// A line below.
        #[ts(optional)]
        footer: Option<String>,
        /// What stands on the buttons, 20 characters each.
        buttons: Vec<String>,
    },
    /// A question with a list to choose from.
    List {
        /// A line above.
        #[ts(optional)]
        header: Option<String>,
        /// The question.
        body: String,
        /// A line below.
        #[ts(optional)]
        footer: Option<String>,
        /// What stands on the button that opens the list.
        button: String,
        /// The parts of the list; ten lines in all.
        sections: Vec<ListSection>,
    },
    /// A button that opens a web page.
    Link {
        /// A line above.
        #[ts(optional)]
        header: Option<String>,
        /// The words.
        body: String,
        /// A line below.
        #[ts(optional)]
        footer: Option<String>,
        /// What stands on the button.
        display_text: String,
        /// Where it leads.
        url: String,
    },
    /// Asks where the customer is.
    LocationRequest {
        /// The question.
        body: String,
    },
    /// Asks for the customer's phone number.
    ContactRequest {
        /// The question.
        body: String,
    },
}

/// An address card.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct Card {
    /// The whole name.
    pub name: String,
    /// Phone numbers.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub phones: Vec<String>,
    /// E-mail addresses.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub emails: Vec<String>,
    /// The company.
    #[ts(optional)]
    pub company: Option<String>,
}

/// A part of a list.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ListSection {
    /// Its heading; needed when there are several.
    #[ts(optional)]
    pub title: Option<String>,
    /// Its lines.
    pub rows: Vec<ListRow>,
}

/// A line of a list.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ListRow {
    /// What it says, 24 characters.
    pub title: String,
    /// More of it, 72 characters.
    #[ts(optional)]
    pub description: Option<String>,
}

/// Arguments of `react`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct React {
    /// To which message.
    pub message_id: String,
    /// One emoji; empty takes our reaction away.
    pub emoji: String,
}
