//! Reads what became of our messages (whatsapp-cloud-api, section 3).

use super::Unreadable;
use super::person::{self, People, Person};
use crate::inbound::{Pricing, StatusReport};
use crate::whatsapp::lenient;
use domain::Timestamp;
use serde_json::Value;

/// Reads one element of `statuses`.
pub(super) fn read(raw: Value, contacts: &People, alone: bool) -> Result<StatusReport, Unreadable> {
    if !raw.is_object() {
        return Err(("expected an object", raw));
    }
    let Some(provider_id) = lenient::id(raw.get("id")) else {
        return Err(("the status does not say which message it is about", raw));
    };
    let Some(original_status) = lenient::id(raw.get("status")) else {
        return Err(("the status does not say what happened", raw));
    };
    let recipient = recipient(&raw);
    let contact = contacts.contact(&recipient, alone);
    let (name, username) = person::profile(contact);
    Ok(StatusReport {
        provider_id,
        reached: original_status.to_ascii_lowercase().parse().ok(),
        original_status,
        at: lenient::moment(raw.get("timestamp")),
        failure: lenient::failures(raw.get("errors")).into_iter().next(),
        reference: lenient::id(raw.get("biz_opaque_callback_data")),
        identities: recipient.identities(contact),
        name,
        username,
        pricing: pricing(&raw),
        free_until: free_until(&raw),
        raw,
    })
}

/// In a group, the recipient is the group and the person stands beside it (section 3.1).
fn recipient(raw: &Value) -> Person {
    let is_group = raw.get("recipient_participant_id").is_some()
        || raw.get("recipient_participant_user_id").is_some()
        || lenient::id(raw.get("recipient_type")).is_some_and(|kind| kind.eq_ignore_ascii_case("group"));
    if is_group {
        return Person::named(
            raw,
            "recipient_participant_user_id",
            "recipient_participant_parent_user_id",
            "recipient_participant_id",
        );
    }
    let mut recipient = Person::named(
        raw,
        "recipient_user_id",
        "recipient_parent_user_id",
        "recipient_id",
    );
    // Its name before May 2026.
    recipient.parent = recipient
        .parent
        .or_else(|| lenient::id(raw.get("parent_recipient_user_id")));
    recipient
}

fn pricing(raw: &Value) -> Option<Pricing> {
    let pricing = raw.get("pricing")?.as_object()?;
    let billable = pricing.get("billable");
    Some(Pricing {
        category: lenient::id(pricing.get("category")).map(|category| category.replace('-', "_")),
        kind: lenient::id(pricing.get("type")),
        billable: billable
            .filter(|billable| !billable.is_null())
            .map(|_| lenient::truth(billable)),
    })
}

/// Until when everything is free (section 9.4); other conversations end without any such meaning.
fn free_until(raw: &Value) -> Option<Timestamp> {
    let is = |pointer: &str, word: &str| {
        lenient::id(raw.pointer(pointer)).is_some_and(|found| found.eq_ignore_ascii_case(word))
    };
    let is_free_entry = is("/pricing/type", "free_entry_point")
        || is("/pricing/category", "referral_conversion")
        || is("/conversation/origin/type", "referral_conversion")
        || is("/conversation/origin/type", "free_entry_point");
    lenient::moment(raw.pointer("/conversation/expiration_timestamp")).filter(|_| is_free_entry)
}
