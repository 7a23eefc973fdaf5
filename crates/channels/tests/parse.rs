//! What is read out of webhook bodies, as the shop would see it.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    reason = "readers of test bodies say what they met, and are called with literals"
)]

use channels::whatsapp::{is_json, parse};
use channels::{Event, InboundMessage, Item, Parsed, StatusReport};
use domain::{Forwarded, IdentityKind, MessageKind, Reached, Timestamp};
use serde_json::{Value, json};

const NUMBER: &str = "600100200300400";
const ACCOUNT: &str = "700800900";

/// A body with one change that carries `value` for field `messages`, metadata added.
fn body_of(mut value: Value) -> Vec<u8> {
    value["metadata"] = json!({"display_phone_number": "351210000142", "phone_number_id": NUMBER});
    changes(json!([{"field": "messages", "value": value}]))
}

fn changes(changes: Value) -> Vec<u8> {
    json!({"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT, "changes": changes}]})
        .to_string()
        .into_bytes()
}

fn ines() -> Value {
    json!({"profile": {"name": "Inês Prado", "username": "@ines.p"}, "wa_id": "351910000001", "user_id": "PT.111"})
}

/// A text by Inês, with `more` merged in.
fn text_by_ines(more: Value) -> Value {
    let mut message = json!({
        "from": "351910000001", "from_user_id": "PT.111", "id": "wamid.A1", "timestamp": "1794301205",
        "type": "text", "text": {"body": "Is the bakery open on Sunday?"},
    });
    if let (Some(message), Value::Object(more)) = (message.as_object_mut(), more) {
        message.extend(more);
    }
    message
}

fn events(parsed: Parsed) -> Vec<Event> {
    assert_eq!(parsed.failures, []);
    parsed.items.into_iter().map(|item| item.event).collect()
}

fn only_message(message: Value) -> InboundMessage {
    match events(parse(&body_of(
        json!({"contacts": [ines()], "messages": [message]}),
    )))
    .remove(0)
    {
        Event::Message(message) => *message,
        other => panic!("{other:?}"),
    }
}

fn only_status(status: Value) -> StatusReport {
    match events(parse(&body_of(json!({"statuses": [status]})))).remove(0) {
        Event::Status(status) => *status,
        other => panic!("{other:?}"),
    }
}

fn names(message: &InboundMessage) -> Vec<(IdentityKind, &str)> {
    message
        .identities
        .iter()
        .map(|identity| (identity.kind, identity.value.as_str()))
        .collect()
}

fn texts(parsed: &Parsed) -> Vec<&str> {
    parsed
        .items
        .iter()
        .filter_map(|item| match &item.event {
            Event::Message(message) => message.text.as_deref(),
            _ => None,
        })
        .collect()
}

#[test]
fn a_text_message_arrives_with_everything_known_about_its_writer() {
    let raw = text_by_ines(json!({}));
    let parsed = parse(&body_of(json!({"contacts": [ines()], "messages": [raw]})));
    let [
        Item {
            number_id,
            account_id,
            event: Event::Message(message),
        },
    ] = parsed.items.as_slice()
    else {
        panic!("{parsed:?}");
    };
    assert_eq!(number_id.as_deref(), Some(NUMBER));
    assert_eq!(account_id.as_deref(), Some(ACCOUNT));
    assert!(!parsed.lossy);
    assert_eq!(message.provider_id, "wamid.A1");
    assert_eq!(
        names(message),
        [
            (IdentityKind::Bsuid, "PT.111"),
            (IdentityKind::WaId, "351910000001"),
            (IdentityKind::Phone, "351910000001")
        ]
    );
    assert_eq!(message.name.as_deref(), Some("Inês Prado"));
    assert_eq!(message.username.as_deref(), Some("@ines.p"));
    assert_eq!(message.sent_at, Some(Timestamp(1_794_301_205_000)));
    assert_eq!(
        (message.kind, message.original_kind.as_str()),
        (MessageKind::Text, "text")
    );
    assert_eq!(message.text.as_deref(), Some("Is the bakery open on Sunday?"));
    assert_eq!(
        (message.forwarded, &message.payload, message.opens_window),
        (Forwarded::No, &Value::Null, true)
    );
    assert_eq!(message.raw, raw);
}

#[test]
fn a_customer_who_hides_the_number_is_known_by_the_business_scoped_ids() {
    let contact = json!({"profile": {"name": "Tom"}, "user_id": "IE.5", "parent_user_id": "IE.ENT.9"});
    let message = json!({"from_user_id": "IE.5", "id": "wamid.B", "timestamp": "1794301205", "type": "text",
        "text": {"body": "hi"}});
    let parsed = parse(&body_of(json!({"contacts": [contact], "messages": [message]})));
    let Event::Message(message) = &parsed.items[0].event else {
        panic!("{parsed:?}")
    };
    assert_eq!(
        names(message),
        [
            (IdentityKind::Bsuid, "IE.5"),
            (IdentityKind::ParentBsuid, "IE.ENT.9")
        ]
    );
}

#[test]
fn contacts_are_matched_by_id_and_not_by_their_place() {
    let tom = json!({"profile": {"name": "Tom"}, "user_id": "IE.5"});
    let from_tom = json!({"from_user_id": "IE.5", "id": "wamid.T", "type": "text", "text": {"body": "b"}});
    let stranger = json!({"from": "4930000", "id": "wamid.S", "type": "text", "text": {"body": "c"}});
    let value = json!({"contacts": [tom, ines()], "messages": [text_by_ines(json!({})), from_tom, stranger]});
    let found: Vec<Option<String>> = events(parse(&body_of(value)))
        .into_iter()
        .map(|event| match event {
            Event::Message(message) => message.name,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        found,
        [Some("Inês Prado".to_owned()), Some("Tom".to_owned()), None]
    );
}

#[test]
fn the_only_contact_stands_in_for_a_missing_sender_but_never_merges_two_people() {
    let anonymous = only_message(json!({"id": "wamid.C", "type": "text", "text": {"body": "x"}}));
    assert_eq!(anonymous.identities.len(), 3, "{anonymous:?}");
    let other = only_message(text_by_ines(json!({"from": "4930000", "from_user_id": "DE.8"})));
    assert_eq!(
        names(&other),
        [
            (IdentityKind::Bsuid, "DE.8"),
            (IdentityKind::WaId, "4930000"),
            (IdentityKind::Phone, "4930000")
        ]
    );
}

#[test]
fn a_message_of_nobody_is_kept_as_a_failure() {
    let raw = json!({"id": "wamid.D", "type": "text", "text": {"body": "x"}});
    let parsed = parse(&body_of(json!({"messages": [raw, text_by_ines(json!({}))]})));
    assert_eq!(parsed.failures.len(), 1);
    assert_eq!(parsed.failures[0].path, "entry[0].changes[0].value.messages[0]");
    assert_eq!(parsed.failures[0].raw, raw);
    assert_eq!(parsed.items.len(), 1, "its sibling is there");
}

#[test]
fn numbers_in_place_of_strings_and_nulls_make_no_difference() {
    let value = json!({
        "metadata": {"phone_number_id": 600_100_200_300_400_u64},
        "contacts": [{"wa_id": 351_910_000_001_u64, "profile": {"name": null}, "user_id": null}],
        "messages": [{"from": 351_910_000_001_u64, "from_user_id": "", "id": "wamid.E", "timestamp": 1_794_301_205,
            "type": "text", "context": null, "text": {"body": 42}}],
    });
    let parsed = parse(&changes(json!([{"value": value, "field": "messages"}])));
    let Event::Message(message) = &parsed.items[0].event else {
        panic!("{parsed:?}")
    };
    assert_eq!(parsed.items[0].number_id.as_deref(), Some(NUMBER));
    assert_eq!(
        names(message),
        [
            (IdentityKind::WaId, "351910000001"),
            (IdentityKind::Phone, "351910000001")
        ]
    );
    assert_eq!(message.sent_at, Some(Timestamp(1_794_301_205_000)));
    assert_eq!((message.text.as_deref(), &message.name), (Some("42"), &None));
}

#[test]
fn a_plus_sign_does_not_make_another_person() {
    let message = only_message(text_by_ines(json!({"from": "+351 910 000 001"})));
    assert_eq!(message.identities[1].value, "351910000001");
    assert_eq!(message.name.as_deref(), Some("Inês Prado"));
}

#[test]
fn words_are_kept_byte_for_byte() {
    for words in [
        "",
        " ",
        "a\u{202e}b\u{200d}c\u{0}\r\n",
        "👩🏽‍🚀 مرحبا",
        &"long ".repeat(4_000),
    ] {
        let message = only_message(text_by_ines(json!({"text": {"body": words}})));
        assert_eq!(message.text.as_deref(), Some(words));
        assert_eq!(message.kind, MessageKind::Text);
    }
}

#[test]
fn a_moment_that_makes_no_sense_is_left_to_the_time_of_arrival() {
    for odd in [
        json!(-5),
        json!("0"),
        json!("soon"),
        json!(""),
        json!(null),
        json!(1_794_301_205_000_i64),
        json!("99999999999999999999"),
        json!([1]),
        json!(1.5e300),
    ] {
        assert_eq!(
            only_message(text_by_ines(json!({"timestamp": odd}))).sent_at,
            None,
            "{odd}"
        );
    }
    let whole = only_message(text_by_ines(json!({"timestamp": 1_794_301_205.0})));
    assert_eq!(whole.sent_at, Some(Timestamp(1_794_301_205_000)));
}

#[test]
fn replies_forwards_and_advertisements_are_noted() {
    let reply = only_message(text_by_ines(
        json!({"context": {"from": "351210000142", "id": "wamid.OURS"}}),
    ));
    assert_eq!(reply.reply_to.as_deref(), Some("wamid.OURS"));
    let once = only_message(text_by_ines(json!({"context": {"forwarded": "true"}})));
    assert_eq!((once.forwarded, once.reply_to), (Forwarded::Once, None));
    let often = only_message(text_by_ines(json!({"context": {"frequently_forwarded": true}})));
    assert_eq!(often.forwarded, Forwarded::Often);
    let referral = json!({"source_type": "ad", "headline": "Fresh rolls"});
    let came_by_ad = only_message(text_by_ines(json!({"referral": referral, "group_id": "G1"})));
    assert_eq!(came_by_ad.referral, Some(referral));
    assert_eq!(came_by_ad.group_id.as_deref(), Some("G1"));
}

#[test]
fn what_is_not_known_keeps_its_word_and_its_content() {
    let future = only_message(text_by_ines(
        json!({"type": "hologram", "hologram": {"depth": 3}}),
    ));
    assert_eq!(
        (
            future.kind,
            future.original_kind.as_str(),
            future.payload,
            future.opens_window
        ),
        (MessageKind::Unknown, "hologram", json!({"depth": 3}), true)
    );
    let bare = only_message(text_by_ines(json!({"type": "hologram", "hologram": [1]})));
    assert_eq!(bare.payload, json!({"hologram": [1]}), "always an object");
    let broken = only_message(text_by_ines(json!({"text": {"body": ["?"]}})));
    assert_eq!(
        (broken.kind, broken.payload),
        (MessageKind::Unknown, json!({"body": ["?"]}))
    );
}

#[test]
fn only_what_a_customer_says_opens_the_window() {
    for (kind, opens) in [
        ("text", true),
        ("unsupported", true),
        ("hologram", true),
        ("reaction", false),
        ("system", false),
        ("edit", false),
        ("revoke", false),
        ("request_welcome", false),
    ] {
        assert_eq!(
            only_message(text_by_ines(json!({"type": kind}))).opens_window,
            opens,
            "{kind}"
        );
    }
}

#[test]
fn a_message_without_an_id_gets_the_same_one_each_time() {
    let first = only_message(text_by_ines(json!({"id": null, "z": {"a": 1, "b": 2}})));
    let text = r#"{"z":{"b":2,"a":1},"type":"text","id":null,"timestamp":"1794301205","from_user_id":"PT.111",
        "from":"351910000001","text":{"body":"Is the bakery open on Sunday?"}}"#;
    let again = only_message(serde_json::from_str(text).unwrap());
    let other = only_message(text_by_ines(json!({"id": "", "z": {"a": 1, "b": 3}})));
    assert!(
        first.provider_id.starts_with("none:") && first.provider_id.len() == 69,
        "{}",
        first.provider_id
    );
    assert_eq!(first.provider_id, again.provider_id);
    assert_ne!(first.provider_id, other.provider_id);
}

#[test]
fn what_the_provider_could_not_pass_on_comes_with_its_reason() {
    let errors = json!([{"code": "131051", "title": "Unknown kind", "error_data": {"details": "A poll"}},
        {"code": 131_060, "details": "Elsewhere", "title": "Not here"}, {"code": 7}, "noise", {}]);
    let message = only_message(text_by_ines(json!({"type": "unsupported", "errors": errors})));
    let told: Vec<_> = message
        .errors
        .iter()
        .map(|e| (e.code, e.title.as_str(), e.detail.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (Some(131_051), "Unknown kind", Some("A poll")),
            (Some(131_060), "Not here", Some("Elsewhere")),
            (Some(7), "Error 7", None)
        ]
    );
}

#[test]
fn a_changed_id_is_told_about_the_person_we_know() {
    let system = json!({"type": "user_changed_user_id", "user_id": "PT.222", "previous_user_id": "PT.111"});
    let notice = json!({"id": "wamid.F", "type": "system", "system": system});
    let parsed = parse(&body_of(json!({"messages": [notice]})));
    let Event::Message(message) = &parsed.items[0].event else {
        panic!("{parsed:?}")
    };
    assert_eq!(names(message), [(IdentityKind::Bsuid, "PT.111")]);
    assert_eq!(message.payload, system);
}

#[test]
fn reports_about_our_messages_say_what_was_reached() {
    let status = only_status(
        json!({"id": "wamid.OURS", "status": "Delivered", "timestamp": "1794301601",
        "recipient_id": "351910000001", "recipient_user_id": "PT.111", "parent_recipient_user_id": "PT.ENT.1",
        "biz_opaque_callback_data": "ob_7"}),
    );
    assert_eq!(
        (status.reached, status.original_status.as_str()),
        (Some(Reached::Delivered), "Delivered")
    );
    assert_eq!(
        (status.provider_id.as_str(), status.reference.as_deref()),
        ("wamid.OURS", Some("ob_7"))
    );
    assert_eq!(status.at, Some(Timestamp(1_794_301_601_000)));
    let kinds: Vec<IdentityKind> = status.identities.iter().map(|identity| identity.kind).collect();
    assert_eq!(
        kinds,
        [
            IdentityKind::Bsuid,
            IdentityKind::ParentBsuid,
            IdentityKind::WaId,
            IdentityKind::Phone
        ]
    );
    let new_word = only_status(json!({"id": "wamid.OURS", "status": "teleported"}));
    assert_eq!(
        (new_word.reached, new_word.original_status.as_str(), new_word.at),
        (None, "teleported", None)
    );
    let in_group = only_status(json!({"id": "w", "status": "read", "recipient_type": "group",
        "recipient_id": "1203", "recipient_participant_id": "351910000001"}));
    assert_eq!(in_group.identities[0].value, "351910000001");
}

#[test]
fn a_failed_message_comes_with_the_reason() {
    let failed = only_status(
        json!({"id": "wamid.OURS", "status": "failed", "timestamp": 1_794_301_601,
        "errors": [{"code": 131_047, "title": "Too late", "message": "Too late",
            "error_data": "{\"details\":\"A day has passed\"}"}]}),
    );
    let failure = failed.failure.unwrap();
    assert_eq!(
        (failed.reached, failure.code),
        (Some(Reached::Failed), Some(131_047))
    );
    assert_eq!(
        (failure.title.as_str(), failure.detail.as_deref()),
        ("Too late", Some("A day has passed"))
    );
}

#[test]
fn messages_statuses_and_errors_of_one_value_are_all_read() {
    let value = json!({"contacts": [ines()], "messages": [text_by_ines(json!({}))],
        "statuses": [{"id": "w", "status": "read"}, {"status": "read"}, {"id": "w2"}, 5],
        "errors": [{"code": 130_429, "title": "Slow down"}]});
    let parsed = parse(&body_of(value));
    assert!(matches!(parsed.items[0].event, Event::Message(_)));
    assert!(matches!(parsed.items[1].event, Event::Status(_)));
    assert!(
        matches!(&parsed.items[2].event, Event::Notice(notice) if notice.field == "errors"
            && notice.raw["errors"][0]["code"] == 130_429)
    );
    assert_eq!(parsed.items.len(), 3);
    let paths: Vec<&str> = parsed
        .failures
        .iter()
        .map(|failure| failure.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "entry[0].changes[0].value.statuses[1]",
            "entry[0].changes[0].value.statuses[2]",
            "entry[0].changes[0].value.statuses[3]"
        ]
    );
}

#[test]
fn every_entry_and_change_is_read_for_its_own_number() {
    let change = |number: &str, words: &str| {
        json!({"field": "messages", "value": {"metadata": {"phone_number_id": number},
            "messages": [{"from": "1555", "id": words, "type": "text", "text": {"body": words}}]}})
    };
    let body = json!({"entry": [
        {"id": "A", "changes": [change("1", "one"), change("2", "two")]},
        "rubbish",
        {"id": "B", "changes": [7, {"field": "messages", "value": "odd"}, change("3", "three")]},
        {"id": "C", "changes": null}, {"id": "D"}, {"id": "E", "changes": "x"},
    ]});
    let parsed = parse(body.to_string().as_bytes());
    let places: Vec<_> = parsed
        .items
        .iter()
        .map(|item| {
            (
                item.account_id.as_deref().unwrap(),
                item.number_id.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(places, [("A", "1"), ("A", "2"), ("B", "3")]);
    assert_eq!(texts(&parsed), ["one", "two", "three"]);
    let paths: Vec<&str> = parsed
        .failures
        .iter()
        .map(|failure| failure.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "entry[1]",
            "entry[2].changes[0]",
            "entry[2].changes[1].value",
            "entry[5].changes"
        ]
    );
}

#[test]
fn other_news_is_handed_on_whole() {
    let value = json!({"floor": 7});
    let parsed = parse(&changes(
        json!([{"field": "space_elevator_update", "value": value}]),
    ));
    assert_eq!(
        parsed.items,
        [Item {
            number_id: None,
            account_id: Some(ACCOUNT.to_owned()),
            event: Event::Other {
                field: "space_elevator_update".to_owned(),
                raw: value
            }
        }]
    );
    let handover =
        json!([{"field": "messaging_handovers", "value": {"recipient": {"phone_number_id": "12"}}}]);
    assert_eq!(
        parse(&changes(handover)).items[0].number_id.as_deref(),
        Some("12")
    );
}

#[test]
fn webhooks_of_other_products_are_none_of_our_business() {
    let body = json!({"object": "page", "entry": [{"changes": [{"field": "feed", "value": {}}]}]});
    assert_eq!(parse(body.to_string().as_bytes()), Parsed::default());
}

#[test]
fn a_broken_character_costs_that_character_and_nothing_else() {
    let body = String::from_utf8(body_of(json!({"messages": [
        text_by_ines(json!({"text": {"body": "half HALF"}})), text_by_ines(json!({"text": {"body": "whole PAIR C:\\ud83d"}})),
    ]})))
    .unwrap()
    .replace("HALF", r"\ud83d.")
    .replace("PAIR", r"\ud83d\ude00");
    let parsed = parse(body.as_bytes());
    assert!(parsed.lossy);
    assert_eq!(texts(&parsed), ["half \u{fffd}.", "whole 😀 C:\\ud83d"]);
    assert!(is_json(body.as_bytes()));

    let mut bytes = body_of(json!({"messages": [text_by_ines(json!({"text": {"body": "not #utf-8"}}))]}));
    let place = bytes.iter().position(|b| *b == b'#').unwrap();
    bytes[place] = 0xff;
    let parsed = parse(&bytes);
    assert!(parsed.lossy);
    assert_eq!(texts(&parsed), ["not \u{fffd}utf-8"]);
}

#[test]
fn nesting_without_end_and_numbers_without_bounds_cost_only_themselves() {
    let body = String::from_utf8(body_of(json!({"messages": [
        text_by_ines(json!({"type": "order", "order": {"items": "DEEP"}})),
        text_by_ines(json!({"type": "location", "location": {"latitude": "HUGE"}})),
        text_by_ines(json!({"text": {"body": "still here"}})),
    ]})))
    .unwrap()
    .replace("\"DEEP\"", &format!("{}{}", "[".repeat(5_000), "]".repeat(5_000)))
    .replace("\"HUGE\"", "1e999");
    let parsed = parse(body.as_bytes());
    assert!(parsed.lossy);
    assert_eq!((parsed.items.len(), parsed.failures.len()), (3, 0));
    assert_eq!(texts(&parsed), ["still here"]);
    let Event::Message(place) = &parsed.items[1].event else {
        panic!()
    };
    assert_eq!(place.payload["latitude"], "1e999");
}

#[test]
fn what_is_no_json_is_kept_as_text() {
    for body in [
        "",
        "hello",
        "{\"object\":\"whatsapp_business_account\",\"entry\":[",
        "{} {}",
    ] {
        let parsed = parse(body.as_bytes());
        assert!(parsed.items.is_empty());
        assert_eq!(parsed.failures.len(), 1);
        assert_eq!(
            (parsed.failures[0].path.as_str(), &parsed.failures[0].raw),
            ("$", &json!(body))
        );
        assert!(!is_json(body.as_bytes()));
    }
    for odd in ["[]", "7", "null", "\"x\""] {
        assert!(is_json(odd.as_bytes()));
        assert_eq!(parse(odd.as_bytes()).failures.len(), 1, "{odd}");
    }
    assert_eq!(parse(b"{}"), Parsed::default());
}
