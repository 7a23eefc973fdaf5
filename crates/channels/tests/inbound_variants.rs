//! The variants the wire contract names beside its worked examples: older spellings, missing parts, odd places.

#[expect(
    clippy::unwrap_used,
    dead_code,
    reason = "a broken fixture should say where; not every tale is told here"
)]
#[path = "support/tell.rs"]
mod tell;

use channels::Event;
use channels::whatsapp::parse;
use serde_json::{Value, json};
use tell::{by_ines, field, ines, merged, number, tell as lines, told};

const INES: &str = "bsuid:PT.111+wa_id:351910000001+phone:351910000001";

/// What is told about one message by Inês, without what is the same for all of them.
fn of_ines(more: Value) -> String {
    let all = told(&by_ines(more));
    assert_eq!(all.len(), 1, "{all:?}");
    all.concat()
        .replace(&format!("{INES} name=Inês Prado"), "INES")
        .replace("inbound live ", "")
        .replace(INES, "INES")
}

#[test]
fn a_reaction_is_taken_away_by_an_empty_emoji_or_none_at_all() {
    for emoji in [json!({"emoji": ""}), json!({}), json!({"emoji": null})] {
        let reaction = merged(json!({"message_id": "wamid.OURS"}), emoji);
        assert_eq!(
            of_ines(json!({"type": "reaction", "reaction": reaction})),
            "inbound reaction (taken away) to wamid.OURS by INES"
        );
    }
}

#[test]
fn what_lacks_its_target_is_kept_as_something_unknown_and_opens_nothing() {
    for (kind, object) in [
        ("reaction", json!({"emoji": "x"})),
        ("edit", json!({"original_message_id": "wamid.O", "message": "?"})),
        (
            "edit",
            json!({"message": {"type": "text", "text": {"body": "x"}}}),
        ),
        ("revoke", json!({"reason": "?"})),
    ] {
        assert_eq!(
            of_ines(json!({"type": kind, kind: object})),
            format!("unknown ({kind}) INES payload={object}")
        );
    }
}

#[test]
fn a_known_type_with_a_broken_object_is_kept_as_something_unknown() {
    for (kind, object) in [
        ("text", json!({"body": ["?"]})),
        ("image", json!({})),
        ("location", json!({"latitude": "north", "longitude": 1})),
        ("location", json!({"latitude": 91, "longitude": 1})),
        ("button", json!({})),
        ("interactive", json!({"type": "button_reply", "button_reply": 5})),
        (
            "interactive",
            json!({"type": "hologram_reply", "hologram_reply": {"id": 1}}),
        ),
        ("order", json!({"product_items": "two"})),
    ] {
        assert_eq!(
            of_ines(json!({"type": kind, kind: object})),
            format!("unknown ({kind}) INES payload={object} window")
        );
    }
    assert_eq!(
        of_ines(json!({"type": "contacts", "contacts": [1]})),
        "unknown (contacts) INES payload={\"contacts\":[1]} window"
    );
    assert_eq!(
        of_ines(json!({"type": "image", "image": 7})),
        "unknown (image) INES payload={\"image\":7} window"
    );
    assert_eq!(
        of_ines(json!({"type": "system", "system": "x"})),
        "unknown (system) INES payload={\"system\":\"x\"}"
    );
    assert_eq!(
        of_ines(json!({"type": "sticker"})),
        "unknown (sticker) INES window"
    );
}

#[test]
fn what_could_not_be_passed_on_says_why_wherever_the_reason_stands() {
    let errors =
        json!([{"code": 131_060, "title": "Elsewhere", "error_data": {"details": "Look at the phone"}}]);
    let told_why = "error=Some(131060) Elsewhere window";
    assert_eq!(
        of_ines(json!({"type": "unknown", "errors": errors})),
        format!(
            "unsupported (unknown) INES payload={{\"code\":131060,\"title\":\"Elsewhere\",\"details\":\"Look at the phone\"}} {told_why}"
        )
    );
    assert_eq!(
        of_ines(json!({"type": "text", "errors": errors})),
        format!(
            "unsupported (text) INES payload={{\"type\":\"text\",\"code\":131060,\"title\":\"Elsewhere\",\"details\":\"Look at the phone\"}} {told_why}"
        )
    );
    assert_eq!(
        of_ines(json!({"type": "image", "errors": errors})),
        format!(
            "unsupported (image) INES payload={{\"type\":\"image\",\"code\":131060,\"title\":\"Elsewhere\",\"details\":\"Look at the phone\"}} {told_why}"
        )
    );
    assert_eq!(
        of_ines(json!({"type": "unsupported"})),
        "unsupported (unsupported) INES window"
    );
    assert_eq!(
        of_ines(json!({"type": "unsupported", "unsupported": "gif"})),
        "unsupported (unsupported) INES payload={\"type\":\"gif\"} window"
    );
    let too_big = json!([{"code": "131052", "title": "Too big"}]);
    assert_eq!(
        of_ines(json!({"type": "document", "document": {"filename": "a.pdf", "errors": too_big}})),
        "document (document) INES file=[a.pdf] error=Some(131052) Too big window"
    );
    assert_eq!(
        of_ines(json!({"type": "audio", "errors": too_big})),
        "audio (audio) INES file=[] error=Some(131052) Too big window"
    );
}

#[test]
fn errors_of_a_webhook_belong_to_the_message_that_lacks_its_content_and_else_to_the_number() {
    let whole = json!({"from": "1555", "id": "a", "type": "text", "text": {"body": "whole"}});
    let hollow = json!({"from": "1555", "id": "b", "type": "order"});
    let errors = json!([{"code": 131_000, "title": "Broken"}]);
    let both = number("messages", json!({"messages": [whole, hollow], "errors": errors}));
    assert_eq!(
        told(&both),
        [
            "inbound live text (text) wa_id:1555+phone:1555 text=\"whole\" window",
            "inbound live unsupported (order) wa_id:1555+phone:1555 payload={\"type\":\"order\",\"code\":131000,\"title\":\"Broken\"} error=Some(131000) Broken window"
        ]
    );
    let aside = told(&number(
        "messages",
        json!({"messages": [whole], "errors": errors}),
    ));
    assert_eq!(
        aside.get(1).map(String::as_str),
        Some("notice errors 131000 351210000142 None")
    );
}

#[test]
fn forms_that_are_no_json_keep_their_text_and_answers_that_are_objects_already_are_taken() {
    let form = |reply: Value| {
        of_ines(json!({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": reply}}))
    };
    assert_eq!(
        form(json!({"name": "flow", "response_json": "{broken"})),
        "flow_reply (interactive) INES payload={\"name\":\"flow\",\"response_json\":\"{broken\"} window"
    );
    assert_eq!(
        form(
            json!({"name": "address_message", "body": "Rua 1\nLisboa", "response_json": "{\"values\":{\"city\":\"Lisboa\"}}"})
        ),
        "flow_reply (interactive) INES text=\"Rua 1\\nLisboa\" payload={\"name\":\"address_message\",\"body\":\"Rua 1\\nLisboa\",\"response_json\":\"{\\\"values\\\":{\\\"city\\\":\\\"Lisboa\\\"}}\",\"response\":{\"values\":{\"city\":\"Lisboa\"}}} window"
    );
    assert_eq!(
        form(json!({"response_json": {"a": 1}})),
        "flow_reply (interactive) INES payload={\"response_json\":\"{\\\"a\\\":1}\",\"response\":{\"a\":1}} window"
    );
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(90), "]".repeat(90));
    assert!(
        !form(json!({"response_json": deep})).contains("\"response\":"),
        "what is too deep to store stays text"
    );
}

#[test]
fn permission_for_calls_a_welcome_and_a_product_are_told() {
    let permission = json!({"type": "call_permission_reply", "call_permission_reply": {"response": "accept", "is_permanent": true}});
    assert_eq!(
        of_ines(json!({"type": "interactive", "interactive": permission})),
        format!("system (interactive) INES payload={permission} window")
    );
    assert_eq!(
        of_ines(json!({"type": "request_welcome"})),
        "welcome (request_welcome) INES"
    );
    let context = json!({"referred_product": {"catalog_id": "7", "product_retailer_id": "RYE"}});
    assert_eq!(
        of_ines(json!({"type": "text", "text": {"body": "This one?"}, "context": context})),
        format!("text (text) INES text=\"This one?\" payload={context} window")
    );
    assert_eq!(
        of_ines(json!({"type": "button", "button": {"text": "Yes"}, "context": context})),
        "button_reply (button) INES text=\"Yes\" payload={\"text\":\"Yes\",\"referred_product\":{\"catalog_id\":\"7\",\"product_retailer_id\":\"RYE\"}} window"
    );
}

#[test]
fn odd_spellings_of_scalars_and_types_make_no_difference() {
    assert_eq!(
        of_ines(json!({"text": {"body": "no type"}})),
        "text (text) INES text=\"no type\" window"
    );
    assert_eq!(
        of_ines(json!({"type": "TEXT", "text": {"body": "loud"}})),
        "text (TEXT) INES text=\"loud\" window"
    );
    assert_eq!(
        of_ines(json!({"type": "audio", "audio": {"id": 9_001, "voice": "true"}})),
        "voice (audio) INES file=[9001] window"
    );
    assert_eq!(
        of_ines(json!({"type": "location", "location": {"latitude": "38.7", "longitude": "-9.1"}})),
        "location (location) INES payload={\"latitude\":\"38.7\",\"longitude\":\"-9.1\"} window"
    );
    let cart = json!({"product_items": [{"quantity": "2", "item_price": "39.90"}]});
    assert_eq!(
        of_ines(json!({"type": "order", "order": cart})),
        format!("order (order) INES payload={cart} window")
    );
    let two = |price: &str| format!("{{\"product_items\":[{{\"item_price\":{price}}}]}}");
    for price in ["39.9", "6", "0.1", "1234567.89"] {
        let order: Value = serde_json::from_str(&two(price)).unwrap();
        assert!(
            of_ines(json!({"type": "order", "order": order})).contains(&two(price)),
            "{price} is kept as written"
        );
    }
}

#[test]
fn messages_of_a_group_belong_to_their_writer_and_open_its_window() {
    assert_eq!(
        of_ines(json!({"type": "text", "text": {"body": "all?"}, "group_id": "G.1"})),
        "text (text) INES text=\"all?\" group=G.1 window"
    );
    let said = number(
        "smb_message_echoes",
        json!({"message_echoes": [{"from": "351210000142", "to": "G.1", "recipient_type": "group",
        "id": "e", "type": "text", "text": {"body": "hello"}}]}),
    );
    assert_eq!(
        told(&said),
        ["outbound echo text (text) group_id:G.1 text=\"hello\" group=G.1 reached=sent"]
    );
}

#[test]
fn one_person_in_two_spellings_of_a_number_is_one_person() {
    let value = json!({"contacts": [{"wa_id": "5215550000119", "profile": {"name": "Toni"}}, ines()],
        "messages": [{"from": "525550000119", "id": "m", "type": "text", "text": {"body": "hola"}}]});
    assert_eq!(
        told(&number("messages", value)),
        ["inbound live text (text) wa_id:5215550000119+phone:525550000119 name=Toni text=\"hola\" window"]
    );
}

#[test]
fn a_contact_lends_its_name_to_the_message_it_names_and_not_to_a_strangers() {
    let stranger = json!({"from": "4930000000", "id": "m", "type": "text", "text": {"body": "x"}});
    let own = json!({"from": "351910000001", "id": "n", "type": "text", "text": {"body": "y"}});
    let told = told(&number(
        "messages",
        json!({"contacts": [ines()], "messages": [stranger, own]}),
    ));
    assert_eq!(
        told[0],
        "inbound live text (text) wa_id:4930000000+phone:4930000000 text=\"x\" window"
    );
    assert_eq!(
        told[1],
        format!("inbound live text (text) {INES} name=Inês Prado text=\"y\" window")
    );
}

#[test]
fn an_id_in_the_place_of_a_number_is_not_taken_for_digits() {
    let value = json!({"messages": [{"from": "PT.111", "id": "m", "type": "text", "text": {"body": "x"}}]});
    assert_eq!(
        told(&number("messages", value)),
        ["inbound live text (text) bsuid:PT.111 text=\"x\" window"]
    );
}

#[test]
fn reports_from_groups_free_conversations_and_older_versions_are_read() {
    let status = |status: Value| told(&number("messages", json!({"statuses": [status]}))).concat();
    assert_eq!(
        status(
            json!({"id": "a", "status": "delivered", "recipient_type": "group", "recipient_id": "G.1",
            "recipient_participant_user_id": "PT.111", "recipient_participant_id": "351910000001"})
        ),
        format!("status a delivered reached=delivered for {INES}")
    );
    let free = json!({"id": "a", "status": "sent", "conversation": {"id": "c", "expiration_timestamp": "1794560400", "origin": {"type": "referral_conversion"}},
        "pricing": {"type": "free_entry_point", "category": "referral_conversion"}});
    assert_eq!(
        status(free),
        "status a sent reached=sent for  pricing=referral_conversion/free_entry_point/None free_until=1794560400000"
    );
    let ordinary = json!({"id": "a", "status": "sent", "conversation": {"id": "c", "expiration_timestamp": "1794560400", "origin": {"type": "service"}},
        "pricing": {"billable": "true", "pricing_model": "CBP", "category": "authentication-international"}});
    assert_eq!(
        status(ordinary),
        "status a sent reached=sent for  pricing=authentication_international/-/Some(true)"
    );
    assert_eq!(
        status(
            json!({"id": "a", "status": "played", "recipient_id": "351910000001", "parent_recipient_user_id": "PT.ENT.1"})
        ),
        "status a played reached=played for parent_bsuid:PT.ENT.1+wa_id:351910000001+phone:351910000001"
    );
}

#[test]
fn alerts_come_flat_or_nested_and_every_reason_to_stop_or_go_on_is_known() {
    let flat = field(
        "account_alerts",
        &json!({"alert_type": "MORE_NEEDED", "alert_status": "NONE", "alert_severity": "WARNING"}),
    );
    assert_eq!(told(&flat), ["notice account_alerts MORE_NEEDED - None"]);
    for (value, effect) in [
        (json!({"event": "ACCOUNT_DELETED"}), "Stop"),
        (
            json!({"event": "ACCOUNT_OFFBOARDED", "disconnection_info": {"reason": "PRIMARY_INACTIVITY"}}),
            "Stop",
        ),
        (
            json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}}),
            "Stop",
        ),
        (
            json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "REINSTATE"}}),
            "Resume",
        ),
        (
            json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "SCHEDULE_FOR_DISABLE"}}),
            "None",
        ),
        (json!({"event": "ACCOUNT_RECONNECTED"}), "Resume"),
        (
            json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING"},
            {"restriction_type": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING", "expiration": 1_794_400_000}]}),
            "Stop",
        ),
        (
            json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": {"restriction_type": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"}}),
            "Stop",
        ),
        (
            json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [{"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING"}]}),
            "None",
        ),
        (
            json!({"event": "SOMETHING_NEW", "ban_info": 7, "restriction_info": "x"}),
            "None",
        ),
    ] {
        let event = value["event"].as_str().unwrap().to_owned();
        assert_eq!(
            told(&field("account_update", &value)),
            [format!("notice account_update {event} - {effect}")],
            "{value}"
        );
    }
    let pin = field(
        "security",
        &json!({"display_phone_number": "351210000142", "event": "PIN_CHANGED"}),
    );
    assert_eq!(told(&pin), ["notice security PIN_CHANGED 351210000142 None"]);
    let username = field(
        "business_username_update",
        &json!({"display_phone_number": "351210000142", "username": "padaria", "status": "approved"}),
    );
    assert_eq!(
        told(&username),
        ["notice business_username_update approved 351210000142 None"]
    );
    let added = field(
        "account_update",
        &json!({"event": "PARTNER_ADDED", "phone_number": "+351 210 000 142"}),
    );
    assert_eq!(
        told(&added),
        ["notice account_update PARTNER_ADDED 351210000142 None"]
    );
    for name in [
        "partner_solutions",
        "account_settings_update",
        "payment_configuration_update",
    ] {
        assert_eq!(
            told(&field(name, &json!({"event": "X"}))),
            [format!("notice {name} X - None")]
        );
    }
}

#[test]
fn every_notice_about_a_template_is_read() {
    let of = |name: &str, value: Value| {
        told(&field(
            name,
            &merged(
                json!({"message_template_id": "16", "message_template_name": "loaf"}),
                value,
            ),
        ))
        .concat()
    };
    assert_eq!(
        of(
            "message_template_quality_update",
            json!({"previous_quality_score": "GREEN", "new_quality_score": "YELLOW"})
        ),
        "template message_template_quality_update id=16 name=loaf quality=YELLOW"
    );
    assert_eq!(
        of(
            "template_category_update",
            json!({"previous_category": "UTILITY", "new_category": "MARKETING"})
        ),
        "template template_category_update id=16 name=loaf category=MARKETING"
    );
    assert_eq!(
        of(
            "message_template_components_update",
            json!({"message_template_element": "Ready", "message_template_language": "pt"})
        ),
        "template message_template_components_update id=16 name=loaf language=pt"
    );
    assert_eq!(
        of(
            "message_template_status_update",
            json!({"event": "PAUSED", "reason": null, "other_info": {"title": "FIRST_PAUSE", "description": "Three hours"}})
        ),
        "template message_template_status_update id=16 name=loaf status=PAUSED advice=FIRST_PAUSE Three hours"
    );
    assert_eq!(
        told(&field("message_template_status_update", &json!("odd"))),
        ["other message_template_status_update"]
    );
}

#[test]
fn a_change_without_its_field_is_known_by_what_it_holds() {
    for (list, item, expected) in [
        (
            "message_echoes",
            json!({"to": "1555", "id": "a", "type": "text", "text": {"body": "x"}}),
            "outbound echo text (text) wa_id:1555+phone:1555 text=\"x\" reached=sent",
        ),
        (
            "calls",
            json!({"id": "c", "from": "1555"}),
            "inbound live call (call) wa_id:1555+phone:1555 payload={} window",
        ),
        (
            "statuses",
            json!({"id": "c", "status": "read"}),
            "status c read reached=read for ",
        ),
    ] {
        let body = json!({"entry": [{"changes": [{"value": {list: [item]}}]}]});
        assert_eq!(told(&body), [expected]);
    }
    let nothing = parse(
        json!({"entry": [{"changes": [{"value": {"a": 1}}]}]})
            .to_string()
            .as_bytes(),
    );
    assert_eq!(nothing.failures.len(), 1);
    let new_block = number("messages", json!({"new_block": [1]}));
    assert_eq!(
        told(&new_block),
        ["other messages"],
        "a new list under a known name is handed on"
    );
}

#[test]
fn a_bad_item_in_any_list_costs_only_itself() {
    let cases: [(&str, &str, Value); 8] = [
        (
            "messages",
            "messages",
            json!({"from": "1555", "id": "m", "type": "text", "text": {"body": "x"}}),
        ),
        ("messages", "statuses", json!({"id": "m", "status": "sent"})),
        (
            "smb_message_echoes",
            "message_echoes",
            json!({"to": "1555", "id": "m", "type": "text", "text": {"body": "x"}}),
        ),
        ("calls", "calls", json!({"id": "m", "from": "1555"})),
        (
            "user_preferences",
            "user_preferences",
            json!({"wa_id": "1555", "value": "stop"}),
        ),
        (
            "user_id_update",
            "user_id_update",
            json!({"user_id": {"previous": "PT.1", "current": "PT.2"}}),
        ),
        (
            "smb_app_state_sync",
            "state_sync",
            json!({"type": "contact", "action": "add", "contact": {"phone_number": "1555"}}),
        ),
        (
            "history",
            "history",
            json!({"threads": [7, {"id": "1555", "messages": ["x", {"id": "m", "type": "text", "text": {"body": "x"}}]}]}),
        ),
    ];
    for (name, list, good) in cases {
        let body = number(name, json!({list: [null, 7, "x", [], good, {}]}));
        let parsed = parse(body.to_string().as_bytes());
        assert_eq!(parsed.items.len(), 1, "{list}: {:?}", lines(&parsed));
        assert!(!matches!(parsed.items[0].event, Event::Other { .. }), "{list}");
        assert!(parsed.failures.len() >= 4, "{list}: {:?}", parsed.failures);
        let path = format!("entry[0].changes[0].value.{list}[1]");
        assert!(
            parsed.failures.iter().any(|failure| failure.path == path),
            "{list}: {:?}",
            parsed.failures
        );
    }
}
