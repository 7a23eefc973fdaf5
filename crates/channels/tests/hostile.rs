//! Whatever arrives: nothing panics, and one bad item never costs its neighbours.

use bytes::Bytes;
use channels::whatsapp::parse;
use channels::{Delivery, Event, handshake, verify};
use proptest::prelude::*;
use serde_json::{Value, json};
use vault::Secret;

fn any_json() -> impl Strategy<Value = Value> {
    let words = prop_oneof![
        Just("messages".to_owned()),
        Just("text".to_owned()),
        Just("wamid.X".to_owned()),
        Just(String::new()),
        any::<String>(),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i16>().prop_map(|n| Value::from(f64::from(n) / 4.0)),
        words.prop_map(Value::from),
    ];
    let keys = prop_oneof![
        Just("id".to_owned()),
        Just("from".to_owned()),
        Just("type".to_owned()),
        Just("text".to_owned()),
        Just("body".to_owned()),
        Just("errors".to_owned()),
        Just("context".to_owned()),
        Just("system".to_owned()),
        Just("profile".to_owned()),
        Just("user_id".to_owned()),
        Just("wa_id".to_owned()),
        Just("status".to_owned()),
        Just("timestamp".to_owned()),
        any::<String>(),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn good(id: &str) -> Value {
    json!({"from": "351910000001", "id": id, "timestamp": "1794301205", "type": "text", "text": {"body": "hello"}})
}

fn template() -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": "messages", "value": {
        "metadata": {"phone_number_id": "2"}, "contacts": [{"wa_id": "351910000001", "profile": {"name": "I"}}],
        "messages": [good("wamid.1"), good("wamid.2")],
        "statuses": [{"id": "wamid.3", "status": "read", "timestamp": "1794301205", "recipient_id": "3519"}],
        "errors": []}}]}]})
}

fn ids(body: &Value) -> Vec<String> {
    parse(body.to_string().as_bytes())
        .items
        .into_iter()
        .filter_map(|item| match item.event {
            Event::Message(message) => Some(message.provider_id),
            Event::Status(status) => Some(status.provider_id),
            _ => None,
        })
        .collect()
}

/// All places in a value, as JSON pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(keys) => {
            for (key, item) in keys {
                places(item, &format!("{at}/{key}"), found);
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_survived(body in prop::collection::vec(any::<u8>(), 0..400)) {
        parse(&body);
    }

    #[test]
    fn any_text_made_of_json_crumbs_is_survived(body in r#"[\[\]{}",:\\u d83d0-9eE+.tfn-]{0,200}"#) {
        parse(body.as_bytes());
    }

    #[test]
    fn a_body_with_flipped_and_missing_bytes_is_survived(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        end in any::<prop::sample::Index>(),
    ) {
        let mut body = template().to_string().into_bytes();
        for (place, byte) in flips {
            let place = place.index(body.len());
            if let Some(slot) = body.get_mut(place) {
                *slot = byte;
            }
        }
        parse(&body);
        body.truncate(end.index(body.len()));
        parse(&body);
    }

    #[test]
    fn any_value_at_any_place_is_survived(place in any::<prop::sample::Index>(), intruder in any_json()) {
        let mut body = template();
        let mut all = Vec::new();
        places(&body, "", &mut all);
        if let Some(slot) = all.get(place.index(all.len())).and_then(|pointer| body.pointer_mut(pointer)) {
            *slot = intruder;
        }
        let parsed = parse(body.to_string().as_bytes());
        for item in &parsed.items {
            if let Event::Message(message) = &item.event {
                prop_assert!(!message.identities.is_empty() && !message.provider_id.is_empty());
            }
        }
    }

    #[test]
    fn neighbours_of_any_item_survive_and_the_item_is_not_lost(intruder in any_json()) {
        let mut body = template();
        for pointer in ["/entry/0/changes/0/value/messages", "/entry/0/changes/0/value/statuses",
            "/entry/0/changes", "/entry"]
        {
            if let Some(Value::Array(list)) = body.pointer_mut(pointer) {
                list.insert(0, intruder.clone());
            }
        }
        let found = ids(&body);
        for id in ["wamid.1", "wamid.2", "wamid.3"] {
            prop_assert!(found.iter().any(|known| known == id), "{id} is missing in {found:?}");
        }
        let mut alone = template();
        alone["entry"][0]["changes"][0]["value"]["messages"] = json!([intruder]);
        let parsed = parse(alone.to_string().as_bytes());
        let kept = parsed.failures.iter().any(|failure| failure.raw == intruder)
            || parsed.items.iter().any(|item| matches!(&item.event, Event::Message(m) if m.raw == intruder));
        prop_assert!(kept, "{parsed:?}");
    }

    #[test]
    fn odd_contacts_cost_no_message(contacts in any_json()) {
        let mut body = template();
        body["entry"][0]["changes"][0]["value"]["contacts"] = contacts;
        prop_assert_eq!(ids(&body), ["wamid.1", "wamid.2", "wamid.3"]);
    }

    #[test]
    fn no_forgery_gets_in(header in prop::collection::vec(any::<u8>(), 0..90), body in any::<Vec<u8>>()) {
        let mut headers = http::HeaderMap::new();
        if let Ok(value) = http::HeaderValue::from_bytes(&header) {
            headers.insert("x-hub-signature-256", value);
        }
        let delivery = Delivery { headers, body: Bytes::from(body) };
        prop_assert!(verify::whatsapp(&[Secret::new("a secret".to_owned())], delivery).is_err());
    }

    #[test]
    fn no_visitor_without_the_token_gets_an_echo(query in r"(hub\.(mode|challenge|verify_token)=[a-z%0-9+&]{0,12}&?){0,4}") {
        let answer = handshake::answer(&[Secret::new("unguessable-token".to_owned())], &query);
        prop_assert_ne!(answer.status(), 200);
    }
}
