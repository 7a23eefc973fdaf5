//! Turning what is known of a lead into what is shown.

use super::contact;
use crate::views::{LeadValueView, LeadView, ScoreReasonView};
use assistant::leads::Reason;
use domain::LeadId;
use store::{Lead, Reader, StoreError, StoredLeadValue};

/// Returns a lead with everything known of it.
pub(crate) fn by_id(reader: Reader<'_>, id: LeadId) -> Result<LeadView, StoreError> {
    let lead = reader.lead(id)?;
    view(reader, &lead)
}

/// Returns a lead with everything known of it.
pub(crate) fn view(reader: Reader<'_>, lead: &Lead) -> Result<LeadView, StoreError> {
    let conversation = reader.conversation(lead.conversation_id)?;
    let reasons: Vec<Reason> = serde_json::from_value(lead.reasons.clone()).unwrap_or_default();
    let values = |known: Vec<StoredLeadValue>| -> Result<Vec<LeadValueView>, StoreError> {
        known.iter().map(|known| value(reader, known)).collect()
    };
    Ok(LeadView {
        id: lead.id.to_string(),
        contact: contact::of_conversation(&conversation),
        conversation_id: lead.conversation_id.to_string(),
        channel_id: lead.channel_id.to_string(),
        status: lead.status.as_str(),
        score: u32::from(lead.score),
        temperature: lead.temperature.as_str(),
        reasons: reasons
            .into_iter()
            .map(|reason| ScoreReasonView {
                points: reason.points,
                words: reason.text,
            })
            .collect(),
        values: values(reader.lead_values(lead.id)?)?,
        suggestions: values(reader.lead_suggestions(lead.id)?)?,
        refused: lead.refused.clone(),
        created_at: lead.created_at.to_rfc3339(),
        updated_at: lead.updated_at.to_rfc3339(),
    })
}

fn value(reader: Reader<'_>, known: &StoredLeadValue) -> Result<LeadValueView, StoreError> {
    let place = match (known.value.message_id, known.value.span) {
        (Some(message), Some(span)) => match reader.message(message) {
            // A customer may have changed the words since: then the place says nothing.
            Ok(message) => message.text.and_then(|text| utf16(&text, span, &known.value.raw)),
            Err(StoreError::NotFound { .. }) => None,
            Err(error) => return Err(error),
        },
        _ => None,
    };
    Ok(LeadValueView {
        id: known.id.to_string(),
        field: known.value.field.clone(),
        value: known.value.value.clone(),
        raw: known.value.raw.clone(),
        message_id: known.value.message_id.map(|id| id.to_string()),
        start: place.map(|place| place.0),
        end: place.map(|place| place.1),
        method: known.value.method.as_str(),
        confidence: known.value.confidence,
        locked: known.locked,
        at: known.at.to_rfc3339(),
    })
}

/// Turns bytes into places as JavaScript counts them; `None` when `raw` does not stand there.
fn utf16(text: &str, (start, end): (usize, usize), raw: &str) -> Option<(u32, u32)> {
    if text.get(start..end)? != raw {
        return None;
    }
    let count = |words: &str| u32::try_from(words.encode_utf16().count()).ok();
    let first = count(text.get(..start)?)?;
    Some((first, first.checked_add(count(raw)?)?))
}

#[cfg(test)]
mod tests {
    use super::utf16;

    #[test]
    fn a_place_behind_an_emoji_counts_it_as_javascript_does() {
        let text = "👋🏽 soy Ana";
        let start = text.find("Ana").unwrap_or_default();
        assert_eq!(utf16(text, (start, start + 3), "Ana"), Some((9, 12)));
    }

    #[test]
    fn words_that_were_changed_since_have_no_place() {
        assert_eq!(utf16("I am Ana", (5, 8), "Eva"), None);
        assert_eq!(utf16("né", (2, 9), "x"), None);
        assert_eq!(utf16("é", (1, 2), "é"), None);
    }
}
