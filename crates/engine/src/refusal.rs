//! What a refusal teaches about a customer, whether it came as an answer or as a report later.

use domain::{ConversationId, Timestamp};
use store::{StoreError, WriteTransaction};

/// Free text is not taken: the service window has closed (whatsapp-cloud-api, section 8.2).
const WINDOW_CLOSED: i64 = 131_047;
/// Promotions are not taken: the customer wants none.
const MARKETING_STOPPED: i64 = 131_050;
/// Nothing is taken: we blocked the customer.
const BLOCKED: i64 = 130_403;

/// Remembers what a refusal with `code` says about the customer of a conversation, so that the next message is not
/// refused for the same reason. `at`: when it was refused.
pub(crate) fn heed(
    transaction: &mut WriteTransaction<'_>,
    conversation: ConversationId,
    code: Option<i64>,
    at: Timestamp,
) -> Result<(), StoreError> {
    match code {
        Some(WINDOW_CLOSED) => transaction.note_window_refused(conversation, at),
        Some(MARKETING_STOPPED) => {
            let contact = transaction.read().conversation(conversation)?.contact_id;
            transaction.note_marketing(contact, false, at)
        }
        _ => Ok(()),
    }
}

/// Like [`heed`], for the answer to a request: only what is refused right now says that somebody is blocked right now.
pub(crate) fn heed_answer(
    transaction: &mut WriteTransaction<'_>,
    conversation: ConversationId,
    code: Option<i64>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if code == Some(BLOCKED) {
        return transaction.set_blocked(conversation, Some(now));
    }
    heed(transaction, conversation, code, now)
}
