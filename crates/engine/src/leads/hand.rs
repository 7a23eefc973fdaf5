//! What a person does with a lead by hand.

use super::reading;
use crate::commands::CommandError;
use crate::engine::Engine;
use assistant::leads::{Signals, from_profile};
use domain::{ConversationId, LeadId, LeadStatus};
use store::StoreError;

/// The longest name of a field, in characters.
const LONGEST_FIELD: usize = 40;
/// The longest value a person writes, in characters.
const LONGEST_VALUE: usize = 1_000;

impl Engine {
    /// Writes a value of a customer's lead by hand, which nothing but a person changes from then on; empty: there is
    /// none. Opens the lead when there is none yet.
    pub async fn set_lead_value(
        &self,
        conversation: ConversationId,
        field: &str,
        value: &str,
    ) -> Result<LeadId, CommandError> {
        let field = field_name(field)?;
        if value.chars().count() > LONGEST_VALUE {
            return Err(CommandError::Misfit {
                field: "value".to_owned(),
                sentence: format!("That is too long: {LONGEST_VALUE} characters at most."),
            });
        }
        let value = value.trim().to_owned();
        let now = self.now();
        let lead = self
            .store()
            .write(move |transaction| {
                let person = transaction.read().conversation(conversation)?;
                if person.group {
                    return Err(StoreError::Conflict("A group is nobody's lead.".to_owned()));
                }
                let is_new = transaction.read().lead_of_conversation(person.id)?.is_none();
                let lead = transaction.find_or_add_lead(person.id, now)?;
                if is_new {
                    for value in from_profile(person.contact_name.as_deref(), person.phone.as_deref()) {
                        transaction.add_lead_value(lead, &value, now)?;
                    }
                }
                transaction.set_lead_value(lead, &field, &value, now)?;
                reading::score(transaction, lead, Signals::default(), now)?;
                Ok(lead)
            })
            .await?;
        Ok(lead)
    }

    /// Lets a field of a lead be read from what the customer says again.
    pub async fn return_lead_value(&self, lead: LeadId, field: &str) -> Result<(), CommandError> {
        let field = field_name(field)?;
        let now = self.now();
        self.store()
            .write(move |transaction| {
                transaction.read().lead(lead)?;
                transaction.return_lead_value(lead, &field, now)?;
                reading::score(transaction, lead, Signals::default(), now)?;
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// Says where a lead stands.
    pub async fn set_lead_status(&self, lead: LeadId, status: LeadStatus) -> Result<(), CommandError> {
        let now = self.now();
        self.store()
            .write(move |transaction| {
                transaction.set_lead_status(lead, status, now)?;
                reading::score(transaction, lead, Signals::default(), now)?;
                Ok(())
            })
            .await?;
        Ok(())
    }
}

fn field_name(field: &str) -> Result<String, CommandError> {
    let field = field.trim();
    let is_fit = !field.is_empty()
        && field.chars().count() <= LONGEST_FIELD
        && field
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '));
    if is_fit {
        return Ok(field.to_owned());
    }
    Err(CommandError::Misfit {
        field: "field".to_owned(),
        sentence: format!("A field is a word of letters, at most {LONGEST_FIELD} of them."),
    })
}
