//! What people do by themselves when the shop sends something: tap what can be tapped, answer requests, like pictures,
//! and say thank you once.

use std::time::Duration;

use serde_json::{Value, json};

use super::studio::Studio;
use super::visits::WEI_PHONE;
use crate::book::RecordedSend;
use crate::webhook::{Customer, Inbound};

/// Before somebody taps.
const TAP: Duration = Duration::from_millis(2_500);
/// Before somebody who is not in the script says thank you.
const THANKS: Duration = Duration::from_secs(6);

/// The answer to a message of the shop, and how long it takes; none when there is nothing to do.
pub(super) fn reflex(
    studio: &Studio,
    send: &RecordedSend,
    customer: &Customer,
    thanks: Option<&str>,
) -> Option<(Duration, Inbound)> {
    let wamid = send.wamid.as_deref().unwrap_or_default();
    let answer = |what: Inbound| Some((TAP, what.quoting(Some(studio.digits()), wamid)));
    match send.kind.as_str() {
        "interactive" => answer(interactive(send.content()?, customer)?),
        "template" => {
            let name = send.content()?.get("name")?.as_str()?;
            let text = quick_reply(studio, name)?;
            answer(Inbound::template_button(
                &payload(send).unwrap_or_else(|| text.clone()),
                &text,
            ))
        }
        "image" | "video" | "sticker" => Some((TAP, Inbound::reaction(wamid, "😍"))),
        "reaction" => None,
        _ => thanks.map(|words| (THANKS, Inbound::text(words))),
    }
}

fn interactive(content: &Value, customer: &Customer) -> Option<Inbound> {
    let text = |pointer: &str| content.pointer(pointer).and_then(Value::as_str);
    match text("/type")? {
        "button" => Some(Inbound::button_reply(
            text("/action/buttons/0/reply/id")?,
            text("/action/buttons/0/reply/title")?,
        )),
        "list" => Some(Inbound::list_reply(
            text("/action/sections/0/rows/0/id")?,
            text("/action/sections/0/rows/0/title")?,
            text("/action/sections/0/rows/0/description"),
        )),
        "location_request_message" => Some(Inbound::location(
            51.507_4,
            -0.127_8,
            Some("Home"),
            Some("14 Weir Street"),
        )),
        "request_contact_info" | "contact_request" => {
            let number = customer.wa_id.as_deref().unwrap_or(WEI_PHONE);
            Some(Inbound::shared_number(number))
        }
        "flow" => Some(Inbound::flow(
            &json!({ "day": "Saturday", "people": "2" }).to_string(),
        )),
        "address_message" => Some(Inbound::address(
            &json!({ "values": { "address": "14 Weir Street", "in_pin_code": "400063" } }).to_string(),
        )),
        "call_permission_request" => Some(Inbound::call_permission(true)),
        _ => None,
    }
}

/// The words of a template's first quick reply.
fn quick_reply(studio: &Studio, name: &str) -> Option<String> {
    let templates = studio.meta.templates(&studio.number.waba_id);
    let template = templates.iter().find(|template| template.name == name)?;
    let buttons = template.component("BUTTONS")?.get("buttons")?.as_array()?;
    let is_quick = |button: &&Value| button.get("type").and_then(Value::as_str) == Some("QUICK_REPLY");
    let text = buttons.iter().find(is_quick)?.get("text")?.as_str()?;
    Some(text.to_owned())
}

/// The payload the shop gave to the first button.
fn payload(send: &RecordedSend) -> Option<String> {
    let components = send.content()?.get("components")?.as_array()?;
    components
        .iter()
        .find_map(|component| component.pointer("/parameters/0/payload")?.as_str())
        .map(str::to_owned)
}
