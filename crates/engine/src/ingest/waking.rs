//! What a new message of a customer means for the assistant: a turn to answer, words to read for a lead, or nothing.

use domain::{Direction, MessageId, MessageKind, Source, quiet_time, route};
use store::{NewInbound, StoreError, WriteTransaction};

/// Opens a turn when the rules let the assistant consider the message, and puts its words where leads are read.
pub(crate) fn notice(
    transaction: &mut WriteTransaction<'_>,
    id: MessageId,
    new: &NewInbound,
) -> Result<(), StoreError> {
    if new.source != Source::Live || new.direction != Direction::Inbound {
        return Ok(());
    }
    // It may have been merged into another conversation by now.
    let conversation = transaction.read().message(id)?.conversation_id;
    let now = new.received_at;
    let standing = transaction.read().standing(conversation, now)?;
    if new.silence.is_none() && new.text.is_some() {
        transaction.add_lead_task(id, now)?;
    }
    if let Err(because) = route(new.silence, &standing) {
        return transaction.note_unheeded(id, because);
    }
    let quiet = quiet_time(new.text.as_deref(), is_tap(new.kind));
    transaction.open_turn(conversation, id, now.plus(quiet), now)
}

/// Whether the customer chose instead of writing.
pub(crate) const fn is_tap(kind: MessageKind) -> bool {
    matches!(kind, MessageKind::ButtonReply | MessageKind::ListReply)
}

/// Returns what a tapped button stands for, as we named it.
pub(crate) fn choice(payload: Option<&serde_json::Value>) -> Option<String> {
    let payload = payload?;
    ["id", "payload"]
        .iter()
        .find_map(|key| payload.get(*key))
        .and_then(serde_json::Value::as_str)
        .map(str::to_owned)
}
