//! What a refusal teaches about a customer, whether it came as an answer or as a report later.

use channels::whatsapp::errors::{Lesson, lesson};
use domain::{ConversationId, Timestamp};
use store::{StoreError, WriteTransaction};

/// Remembers what a refusal with `code` says about the customer of a conversation, so that the next message is not
/// refused for the same reason. `at`: when it was refused.
pub(crate) fn heed(
    transaction: &mut WriteTransaction<'_>,
    conversation: ConversationId,
    code: Option<i64>,
    at: Timestamp,
) -> Result<(), StoreError> {
    match lesson(code) {
        Some(Lesson::WindowClosed) => transaction.note_window_refused(conversation, at),
        Some(Lesson::MarketingStopped) => {
            let contact = transaction.read().conversation(conversation)?.contact_id;
            transaction.note_marketing(contact, false, at)
        }
        Some(Lesson::Blocked) | None => Ok(()),
    }
}

/// Like [`heed`], for the answer to a request: only what is refused right now says that somebody is blocked right now.
pub(crate) fn heed_answer(
    transaction: &mut WriteTransaction<'_>,
    conversation: ConversationId,
    code: Option<i64>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if lesson(code) == Some(Lesson::Blocked) {
        return transaction.set_blocked(conversation, Some(now));
    }
    heed(transaction, conversation, code, now)
}
