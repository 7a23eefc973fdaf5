//! Reading everything, row by row, for the export.

use crate::contact::Contact;
use crate::error::StoreError;
use crate::message::{Message, message};
use crate::reader::Reader;
use domain::{ContactId, ConversationId};

impl Reader<'_> {
    /// Returns all contacts, or the one of a conversation.
    pub fn contacts(self, of: Option<ConversationId>) -> Result<Vec<Contact>, StoreError> {
        let sql = "SELECT id FROM contact
                   WHERE merged_into IS NULL AND (?1 IS NULL OR id = (SELECT contact_id FROM conversation WHERE id = ?1))
                   ORDER BY id";
        let mut query = self.connection().prepare_cached(sql)?;
        let ids = query.query_map([of.map(|id| id.0)], |row| row.get(0).map(ContactId))?;
        ids.map(|id| self.contact(id?)).collect()
    }

    /// Hands every message that stands in a thread to `each`, thread by thread and in the order of the thread.
    pub fn each_message(
        self,
        of: Option<ConversationId>,
        mut each: impl FnMut(Message) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let sql = "SELECT * FROM message WHERE discarded_at IS NULL AND (?1 IS NULL OR conversation_id = ?1)
                   ORDER BY conversation_id, sort_at, id";
        let mut query = self.connection().prepare_cached(sql)?;
        let mut rows = query.query([of.map(|id| id.0)])?;
        while let Some(row) = rows.next()? {
            each(message(row)?)?;
        }
        Ok(())
    }
}
