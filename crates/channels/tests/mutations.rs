//! Valid webhooks of every family with anything at all put in any place: nothing panics, the neighbours come through,
//! and what was there is not lost.

#[path = "support/corpus.rs"]
mod corpus;

use channels::whatsapp::parse;
use channels::{Event, Item, Parsed};
use corpus::{NEIGHBOUR, Specimen, body, neighbour, notices, places, specimens};
use domain::Identity;
use proptest::prelude::*;
use serde_json::{Value, json};

fn anything() -> impl Strategy<Value = Value> {
    let words = prop_oneof![
        Just("text"),
        Just("edit"),
        Just("system"),
        Just("contact_request"),
        Just("PT.111"),
        Just("M0"),
        Just("group"),
        Just("351910000001"),
        Just(""),
        Just("true"),
        Just("1794301205"),
        Just("call"),
        Just("\u{202e}\u{0}"),
    ]
    .prop_map(str::to_owned);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f32>().prop_map(|n| Value::from(f64::from(n))),
        words.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let keys = prop_oneof![
        Just("id"),
        Just("type"),
        Just("text"),
        Just("body"),
        Just("errors"),
        Just("context"),
        Just("message"),
        Just("contacts"),
        Just("phones"),
        Just("user_id"),
        Just("previous_user_id"),
        Just("messages"),
        Just("threads"),
        Just("code"),
    ]
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 30, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..5)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn identities(event: &Event) -> &[Identity] {
    match event {
        Event::Message(message) => &message.identities,
        Event::Reaction(reaction) => &reaction.identities,
        Event::Edit(edit) => &edit.message.identities,
        Event::Revoke(revoke) => &revoke.identities,
        Event::Status(status) => &status.identities,
        Event::Person(news) => &news.known_as,
        Event::Handover(handover) => &handover.identities,
        _ => &[],
    }
}

fn has_neighbour(parsed: &Parsed) -> bool {
    parsed
        .items
        .iter()
        .flat_map(|item| identities(&item.event))
        .any(|identity| identity.value == NEIGHBOUR)
}

/// What holds for everything that is ever handed on.
fn is_sound(item: &Item) -> bool {
    let can_be_stored = |payload: &Value| {
        (payload.is_null() || payload.is_object())
            && serde_json::from_str::<Value>(&payload.to_string()).is_ok()
    };
    match &item.event {
        Event::Message(message) => {
            !message.identities.is_empty()
                && !message.provider_id.is_empty()
                && can_be_stored(&message.payload)
        }
        Event::Edit(edit) => {
            !edit.target.is_empty()
                && edit.message.provider_id == edit.target
                && !edit.message.opens_window
                && can_be_stored(&edit.message.payload)
        }
        Event::Reaction(reaction) => {
            !reaction.target.is_empty()
                && !reaction.identities.is_empty()
                && reaction.emoji.as_deref() != Some("")
        }
        Event::Revoke(revoke) => !revoke.target.is_empty() && !revoke.identities.is_empty(),
        Event::Person(news) => !news.known_as.is_empty() || !news.also.is_empty(),
        Event::Handover(handover) => !handover.identities.is_empty(),
        _ => true,
    }
}

fn read(body: &Value) -> Parsed {
    let parsed = parse(body.to_string().as_bytes());
    for item in &parsed.items {
        assert!(is_sound(item), "{item:?}");
    }
    parsed
}

#[test]
fn every_specimen_is_understood_as_it_is() {
    for Specimen { field, list, item } in specimens() {
        let parsed = read(&body(field, list, &[item.clone(), neighbour(list)]));
        assert_eq!(parsed.failures, [], "{field} {item}");
        assert!(
            has_neighbour(&parsed) && parsed.items.len() >= 2,
            "{field} {item}"
        );
    }
    for notice in notices() {
        let parsed = read(&notice);
        assert_eq!((parsed.failures.len(), parsed.items.len()), (0, 1), "{notice}");
    }
}

#[test]
fn no_single_place_is_needed_for_the_neighbours_sake() {
    let odd = [
        json!(null),
        json!(""),
        json!(0),
        json!([]),
        json!({}),
        json!([[]]),
        json!("x"),
    ];
    let once = specimens()
        .into_iter()
        .filter(|s| s.list != "messages" || s.field == "messages");
    for Specimen { field, list, item } in once {
        for place in places(&item) {
            for odd in &odd {
                let mut broken = item.clone();
                if let Some(slot) = broken.pointer_mut(&place) {
                    *slot = odd.clone();
                }
                let parsed = read(&body(field, list, &[broken, neighbour(list)]));
                assert!(has_neighbour(&parsed), "{field} {place} {odd}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_in_any_place_of_an_item_costs_at_most_that_item(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), anything()), 1..4),
    ) {
        let all = specimens();
        let Specimen { field, list, item } = &all[which.index(all.len())];
        let mut broken = item.clone();
        for (place, intruder) in changes {
            let all = places(&broken);
            if let Some(slot) = broken.pointer_mut(&all[place.index(all.len())]) {
                *slot = intruder;
            }
        }
        let parsed = read(&body(field, list, &[broken.clone(), neighbour(list)]));
        prop_assert!(has_neighbour(&parsed), "{field} {broken}");
        prop_assert!(parsed.items.len() + parsed.failures.len() >= 2 || *list == "history", "{field} {broken}: {parsed:?}");
    }

    #[test]
    fn anything_in_any_place_of_a_body_costs_at_most_its_change(
        which in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), intruder in anything(),
    ) {
        let mut all: Vec<Value> = specimens().into_iter().map(|s| body(s.field, s.list, &[s.item])).collect();
        all.extend(notices());
        let mut broken = all.swap_remove(which.index(all.len()));
        let change = broken.pointer_mut("/entry/0/changes/0").map(Value::take).unwrap_or_default();
        let places = places(&change);
        let mut change = change;
        if let Some(slot) = change.pointer_mut(&places[place.index(places.len())]) {
            *slot = intruder;
        }
        let good = body("messages", "messages", &[neighbour("messages")]);
        broken["entry"][0]["changes"] = json!([change, good["entry"][0]["changes"][0]]);
        prop_assert!(has_neighbour(&read(&broken)), "{broken}");
    }
}
