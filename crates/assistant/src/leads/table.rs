//! Leads as a table for other programs.

use domain::{LEAD_FIELDS, LeadMethod, LeadStatus, MessageId, Temperature, Timestamp};
use std::collections::BTreeSet;

/// A value of an exported lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedValue {
    /// Which field.
    pub field: String,
    /// The value.
    pub value: String,
    /// How it was learnt.
    pub method: LeadMethod,
    /// Where it was read.
    pub message_id: Option<MessageId>,
}

/// A lead as it is exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportedLead {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub status: LeadStatus,
    /// 0 to 100.
    pub score: u8,
    /// From the score.
    pub temperature: Temperature,
    /// What the channel is called.
    pub channel: String,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When anything of it changed last.
    pub updated_at: Timestamp,
    /// The values that hold now.
    pub values: Vec<ExportedValue>,
}

/// Text that a spreadsheet would take for a formula gets a mark that keeps it text
/// (OWASP, CSV Injection: `=`, `+`, `-`, `@`, tab, carriage return, line feed; also in their full width).
fn safe(text: &str) -> String {
    let is_formula = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|'])
        || text.starts_with(['\t', '\r', '\n', '\0']);
    if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// How a value was learnt, in a word: `rule:123` names the message.
fn source(value: &ExportedValue) -> String {
    match value.message_id {
        Some(message) => format!("{}:{message}", value.method),
        None => value.method.to_string(),
    }
}

/// Returns leads as CSV: UTF-8 with a byte order mark, the same columns in the same order every time, each field with
/// its `_source`, the owner's own fields at the end.
pub fn export(leads: &[ExportedLead]) -> String {
    let own: BTreeSet<&str> = leads
        .iter()
        .flat_map(|lead| lead.values.iter().map(|value| value.field.as_str()))
        .filter(|field| !LEAD_FIELDS.contains(field))
        .collect();
    let fields: Vec<&str> = LEAD_FIELDS.iter().copied().chain(own).collect();
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let head = [
        "lead_id",
        "status",
        "score",
        "temperature",
        "channel",
        "created_at",
        "updated_at",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain(
        fields
            .iter()
            .flat_map(|field| [safe(field), safe(&format!("{field}_source"))]),
    );
    let mut rows = vec![head.collect::<Vec<_>>()];
    for lead in leads {
        let mut row = vec![
            safe(&lead.id),
            lead.status.to_string(),
            lead.score.to_string(),
            lead.temperature.to_string(),
            safe(&lead.channel),
            lead.created_at.to_rfc3339(),
            lead.updated_at.to_rfc3339(),
        ];
        for field in &fields {
            let found = lead
                .values
                .iter()
                .find(|value| value.field == *field && !value.value.is_empty());
            row.push(found.map(|value| safe(&value.value)).unwrap_or_default());
            row.push(found.map(source).unwrap_or_default());
        }
        rows.push(row);
    }
    let written = rows.iter().try_for_each(|row| writer.write_record(row));
    let bytes = written
        .ok()
        .and_then(|()| writer.into_inner().ok())
        .unwrap_or_default();
    format!("\u{feff}{}", String::from_utf8(bytes).unwrap_or_default())
}
