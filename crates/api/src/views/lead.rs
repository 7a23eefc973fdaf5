//! What a window is shown of leads.

use super::ContactView;
use serde::Serialize;
use ts_rs::TS;

/// A value of a lead.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LeadValueView {
    /// Its id.
    pub id: String,
    /// Which field.
    pub field: String,
    /// The value in a form that compares.
    pub value: String,
    /// The words as the customer wrote them.
    pub raw: String,
    /// The message it was read from.
    pub message_id: Option<String>,
    /// The first character of that message it was read from, counted as JavaScript counts.
    pub start: Option<u32>,
    /// The character after the last.
    pub end: Option<u32>,
    /// How it was learnt.
    #[ts(type = "LeadMethod")]
    pub method: &'static str,
    /// How sure that is, between 0 and 1.
    pub confidence: f64,
    /// Entered by a person; extraction may only suggest.
    pub locked: bool,
    /// When it was learnt.
    pub at: String,
}

/// A point of a score.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ScoreReasonView {
    /// Points, also negative.
    pub points: i32,
    /// For what, as a sentence.
    pub words: String,
}

/// Somebody who may become a customer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LeadView {
    /// Its id.
    pub id: String,
    /// The person.
    pub contact: ContactView,
    /// Where it was learnt of.
    pub conversation_id: String,
    /// The channel.
    pub channel_id: String,
    /// Where it stands.
    #[ts(type = "LeadStatus")]
    pub status: &'static str,
    /// 0 to 100.
    pub score: u32,
    /// From the score.
    #[ts(type = "Temperature")]
    pub temperature: &'static str,
    /// What the score is made of.
    pub reasons: Vec<ScoreReasonView>,
    /// What is known now, one for each field.
    pub values: Vec<LeadValueView>,
    /// What was read but may not replace what a person entered.
    pub suggestions: Vec<LeadValueView>,
    /// Fields the customer did not want to tell.
    pub refused: Vec<String>,
    /// When it was opened.
    pub created_at: String,
    /// When anything of it changed last.
    pub updated_at: String,
}

/// A page of leads, the one changed last first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LeadPage {
    /// The leads.
    pub leads: Vec<LeadView>,
    /// Hand this back as `cursor` for the next page; `null` at the end.
    pub next_cursor: Option<String>,
    /// How many there are under this filter.
    pub total: u32,
}

/// A lead, when there is one.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LeadAnswer {
    /// The lead; `null`: nothing is known.
    pub lead: Option<LeadView>,
}

/// Leads as a table.
#[derive(Debug, Clone, Serialize, TS)]
pub struct LeadTable {
    /// A name for the file.
    pub file_name: String,
    /// Its content.
    pub csv: String,
}
