//! Templates: how Meta lists them, what has to be filled in, what leaves and what the customer reads.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a template that cannot be read should say so"
)]

use channels::whatsapp::template::{
    Filled, ParameterFormat, Place, Template, Variable, VariableKind, accept_array, fill, variables,
};
use domain::MessageKind;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn template(category: &str, format: Option<&str>, components: &Value) -> Template {
    let mut row = json!({
        "name": "bread_ready", "language": "pt_PT", "status": "APPROVED", "category": category,
        "components": components, "id": "88001",
    });
    if let Some(format) = format {
        row["parameter_format"] = json!(format);
    }
    Template::read(&row).unwrap()
}

fn utility(components: &Value) -> Template {
    template("UTILITY", None, components)
}

fn values(values: &[(&str, &str)]) -> BTreeMap<String, String> {
    values
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn keys(template: &Template) -> Vec<String> {
    variables(template)
        .into_iter()
        .map(|variable| variable.key)
        .collect()
}

fn filled(template: &Template, given: &[(&str, &str)]) -> Filled {
    fill(template, &values(given)).unwrap()
}

/// The fields that are complained about.
fn broken(template: &Template, given: &[(&str, &str)]) -> Vec<String> {
    fill(template, &values(given))
        .unwrap_err()
        .into_iter()
        .map(|rule| {
            assert!(
                rule.sentence.ends_with('.') && rule.sentence.contains(". "),
                "{rule:?}"
            );
            rule.field
        })
        .collect()
}

#[test]
fn a_row_of_metas_list_is_read_whatever_is_missing_or_of_another_type() {
    let read = Template::read(&json!({
        "id": 88002, "name": "autumn", "language": "en", "status": "paused", "category": "marketing",
        "quality_score": {"score": "YELLOW", "date": 1}, "parameter_format": "NAMED", "rejected_reason": "NONE",
        "previous_category": "UTILITY", "components": [{"type": "BODY", "text": "Hello"}], "new": {"a": 1},
    }))
    .unwrap();
    assert_eq!(read.id.as_deref(), Some("88002"));
    assert_eq!((read.status.as_str(), read.is_approved()), ("PAUSED", false));
    assert_eq!((read.category.as_str(), read.is_marketing()), ("MARKETING", true));
    assert_eq!(read.quality.as_deref(), Some("YELLOW"));
    assert_eq!(read.parameter_format, ParameterFormat::Named);
    assert_eq!(read.rejected_reason, None);
    assert_eq!(read.previous_category.as_deref(), Some("UTILITY"));

    let bare =
        Template::read(&json!({"name": "bare", "language": "en", "quality_score": "UNKNOWN"})).unwrap();
    assert_eq!((bare.id, bare.quality), (None, None));
    assert_eq!(bare.components, json!([]));
    assert_eq!(bare.parameter_format, ParameterFormat::Positional);
    assert_eq!(
        utility(&json!([{"type": "BODY", "text": "Hi {{customer}}"}])).parameter_format,
        ParameterFormat::Named,
        "a name tells the format when Meta does not"
    );
    for odd in [
        json!({"name": "x"}),
        json!({"language": "en"}),
        json!(null),
        json!([1]),
        json!("x"),
    ] {
        assert_eq!(Template::read(&odd), None, "{odd}");
    }
}

#[test]
fn no_shape_of_components_is_too_odd() {
    for components in [
        json!(null),
        json!("x"),
        json!([1, "x", null, {}, {"type": 7}, {"type": "BODY"}, {"type": "BODY", "text": 7}]),
        json!([{"type": "BUTTONS", "buttons": {"type": "URL"}}, {"type": "CAROUSEL", "cards": 1}]),
        json!([{"type": "CAROUSEL", "cards": [1, {"components": "x"}]}, {"type": "HEADER", "format": "NEW"}]),
        json!([{"type": "BODY", "text": "{{ {{}} }} {{a b}} {{", "example": {"body_text": "x"}}]),
    ] {
        let template = utility(&components);
        assert_eq!(keys(&template), [] as [&str; 0], "{components}");
        assert_eq!(filled(&template, &[]).payload["name"], "bread_ready");
    }
}

#[test]
fn numbered_places_are_filled_in_their_order_and_shown_where_they_stand() {
    let template = utility(&json!([
        {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}", "example": {"header_text": ["7"]}},
        {"type": "BODY", "text": "From {{2}}, for {{1}}. Yes, {{2}}!", "example": {"body_text": [["Ana", "noon"]]}},
        {"type": "FOOTER", "text": "The bakery"},
    ]));
    let asked = variables(&template);
    let told: Vec<_> = asked
        .iter()
        .map(|v| (v.key.as_str(), v.place, v.example.as_deref(), v.required))
        .collect();
    assert_eq!(
        told,
        [
            ("header.1", Place::Header, Some("7"), true),
            ("1", Place::Body, Some("Ana"), true),
            ("2", Place::Body, Some("noon"), true),
        ]
    );
    let filled = filled(
        &template,
        &[("header.1", "12"), ("1", "Rui"), ("2", "ten"), ("odd", "x")],
    );
    assert_eq!(filled.text, "Order 12\nFrom ten, for Rui. Yes, ten!\nThe bakery");
    assert_eq!(filled.header, None);
    assert_eq!(
        filled.payload,
        json!({
            "name": "bread_ready",
            "language": {"code": "pt_PT"},
            "components": [
                {"type": "header", "parameters": [{"type": "text", "text": "12"}]},
                {"type": "body", "parameters": [{"type": "text", "text": "Rui"}, {"type": "text", "text": "ten"}]},
            ],
        })
    );
}

#[test]
fn named_places_keep_their_names() {
    let template = template(
        "UTILITY",
        Some("NAMED"),
        &json!([
            {"type": "HEADER", "format": "TEXT", "text": "For {{who}}",
                "example": {"header_text_named_params": [{"param_name": "who", "example": "Ana"}]}},
            {"type": "BODY", "text": "{{ first_name }}, ready at {{time}}.",
                "example": {"body_text_named_params": [{"param_name": "time", "example": "noon"}]}},
        ]),
    );
    assert_eq!(keys(&template), ["header.who", "first_name", "time"]);
    let asked = variables(&template);
    assert_eq!(asked[0].example.as_deref(), Some("Ana"));
    assert_eq!(asked[1].label, "first name");
    assert_eq!(asked[2].example.as_deref(), Some("noon"));
    let filled = filled(
        &template,
        &[("header.who", "Rui"), ("first_name", "Rui"), ("time", "ten")],
    );
    assert_eq!(filled.text, "For Rui\nRui, ready at ten.");
    assert_eq!(
        filled.payload["components"],
        json!([
            {"type": "header", "parameters": [{"type": "text", "parameter_name": "who", "text": "Rui"}]},
            {"type": "body", "parameters": [
                {"type": "text", "parameter_name": "first_name", "text": "Rui"},
                {"type": "text", "parameter_name": "time", "text": "ten"},
            ]},
        ])
    );
}

#[test]
fn a_template_without_places_leaves_without_components() {
    let template = utility(&json!([{"type": "BODY", "text": "Closed {today}."}]));
    let filled = filled(&template, &[]);
    assert_eq!(
        filled.payload,
        json!({"name": "bread_ready", "language": {"code": "pt_PT"}})
    );
    assert_eq!(filled.text, "Closed {today}.");
}

#[test]
fn what_is_missing_or_cannot_stand_there_is_named() {
    let template = utility(&json!([
        {"type": "HEADER", "format": "TEXT", "text": "{{1}}"},
        {"type": "BODY", "text": "{{1}} {{2}}"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Open", "url": "https://shop.example/{{1}}"}]},
    ]));
    assert_eq!(broken(&template, &[]), ["header.1", "1", "2", "button.0"]);
    let all = |one: &str, two: &str, header: &str, suffix: &str| {
        let given = [("1", one), ("2", two), ("header.1", header), ("button.0", suffix)];
        fill(&template, &values(&given)).map_or_else(
            |rules| rules.into_iter().map(|rule| rule.field).collect::<Vec<_>>(),
            |_| Vec::new(),
        )
    };
    assert_eq!(all("a", "b", "c", "d"), [] as [&str; 0]);
    assert_eq!(all("a    b", "b", &"x".repeat(60), "d"), [] as [&str; 0]);
    assert_eq!(all("a\nb", "b", "c", "d"), ["1"]);
    assert_eq!(all("a\tb", "b", "c", "d"), ["1"]);
    assert_eq!(all("a     b", "b", "c", "d"), ["1"]);
    assert_eq!(all("a", "  ", "c", "d"), ["2"]);
    assert_eq!(all("a", "b", &"x".repeat(61), "d"), ["header"]);
    assert_eq!(all("a", "b", "c", "d e"), ["button.0"]);
}

#[test]
fn a_file_above_the_text_is_asked_for_and_left_to_the_moment_of_sending() {
    for (format, kind, asked) in [
        ("IMAGE", MessageKind::Image, VariableKind::Image),
        ("VIDEO", MessageKind::Video, VariableKind::Video),
        ("DOCUMENT", MessageKind::Document, VariableKind::Document),
    ] {
        let template =
            utility(&json!([{"type": "HEADER", "format": format}, {"type": "BODY", "text": "See"}]));
        let Some(Variable {
            key, kind: wanted, ..
        }) = variables(&template).into_iter().next()
        else {
            panic!("{format}");
        };
        assert_eq!((key.as_str(), wanted), ("header", asked));
        let filled = filled(&template, &[]);
        assert_eq!(filled.header, Some(kind));
        assert_eq!(filled.payload.get("components"), None);
    }
}

#[test]
fn a_place_above_the_text_needs_numbers_that_are_on_earth() {
    let template =
        utility(&json!([{"type": "HEADER", "format": "LOCATION"}, {"type": "BODY", "text": "Here"}]));
    assert_eq!(
        keys(&template),
        [
            "header.latitude",
            "header.longitude",
            "header.name",
            "header.address"
        ]
    );
    let filled = filled(
        &template,
        &[
            ("header.latitude", "38.7"),
            ("header.longitude", "-9.1"),
            ("header.name", "Bakery"),
        ],
    );
    assert_eq!(
        filled.payload["components"],
        json!([{"type": "header", "parameters": [
            {"type": "location", "location": {"latitude": 38.7, "longitude": -9.1, "name": "Bakery"}},
        ]}])
    );
    assert_eq!(broken(&template, &[]), ["header.latitude", "header.longitude"]);
    let odd = [("header.latitude", "91"), ("header.longitude", "west")];
    assert_eq!(broken(&template, &odd), ["header.latitude", "header.longitude"]);
}

#[test]
fn a_product_above_the_text_is_named() {
    let template =
        utility(&json!([{"type": "HEADER", "format": "PRODUCT"}, {"type": "BODY", "text": "New"}]));
    assert_eq!(keys(&template), ["header.product", "header.catalog"]);
    let filled = filled(&template, &[("header.product", "rye"), ("header.catalog", "c1")]);
    assert_eq!(
        filled.payload["components"],
        json!([{"type": "header", "parameters": [
            {"type": "product", "product": {"product_retailer_id": "rye", "catalog_id": "c1"}},
        ]}])
    );
    assert_eq!(broken(&template, &[]), ["header.product"]);
}

#[test]
fn every_kind_of_button_gets_what_it_needs() {
    let template = utility(&json!([
        {"type": "BODY", "text": "Choose"},
        {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "Yes"},
            {"type": "URL", "text": "Open", "url": "https://shop.example/{{1}}", "example": ["https://shop.example/1"]},
            {"type": "URL", "text": "Home", "url": "https://shop.example"},
            {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+351910000001"},
            {"type": "COPY_CODE", "text": "Copy", "example": "SAVE1"},
            {"type": "FLOW", "text": "Form"},
            {"type": "CATALOG", "text": "All"},
            {"type": "MPM", "text": "Our bread of the day, fresh"},
            {"type": "NEWER", "text": "?"},
        ]},
    ]));
    let asked: Vec<_> = variables(&template)
        .into_iter()
        .map(|v| (v.key, v.kind, v.required))
        .collect();
    let key = |index: usize| format!("button.{index}");
    assert_eq!(
        asked,
        [
            (key(0), VariableKind::Payload, false),
            (key(1), VariableKind::UrlSuffix, true),
            (key(4), VariableKind::CouponCode, true),
            (key(5), VariableKind::FlowToken, false),
            (key(6), VariableKind::Payload, false),
            (key(7), VariableKind::Payload, true),
        ]
    );
    let least = filled(
        &template,
        &[
            ("button.1", "77"),
            ("button.4", "SAVE2"),
            ("button.7", "rye, corn"),
        ],
    );
    let button = |word: &str, index: &str, parameter: Value| json!({"type": "button", "sub_type": word, "index": index, "parameters": [parameter]});
    let action = |action: Value| json!({"type": "action", "action": action});
    assert_eq!(
        least.payload["components"],
        json!([
            button("url", "1", json!({"type": "text", "text": "77"})),
            button(
                "copy_code",
                "4",
                json!({"type": "coupon_code", "coupon_code": "SAVE2"})
            ),
            button("flow", "5", action(json!({"flow_token": "unused"}))),
            button("catalog", "6", action(json!({}))),
            button(
                "mpm",
                "7",
                action(json!({
                    "thumbnail_product_retailer_id": "rye",
                    "sections": [{"title": "Our bread of the day, fr", "product_items": [
                        {"product_retailer_id": "rye"}, {"product_retailer_id": "corn"},
                    ]}],
                }))
            ),
        ])
    );
    let whole = json!({"thumbnail_product_retailer_id": "a", "sections": []}).to_string();
    let full = filled(
        &template,
        &[
            ("button.0", "YES_7"),
            ("button.1", "77"),
            ("button.4", "SAVE2"),
            ("button.5", "token-1"),
            ("button.6", "rye"),
            ("button.7", &whole),
        ],
    );
    let components = &full.payload["components"];
    assert_eq!(
        components[0],
        button("quick_reply", "0", json!({"type": "payload", "payload": "YES_7"}))
    );
    assert_eq!(
        components[3]["parameters"][0],
        action(json!({"flow_token": "token-1"}))
    );
    assert_eq!(
        components[4]["parameters"][0],
        action(json!({"thumbnail_product_retailer_id": "rye"}))
    );
    assert_eq!(
        components[5]["parameters"][0],
        action(json!({"thumbnail_product_retailer_id": "a", "sections": []}))
    );
}

#[test]
fn a_code_is_written_once_and_stands_in_text_and_button() {
    for button in [
        json!({"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy code"}),
        json!({"type": "URL", "text": "Copy code", "url": "https://www.whatsapp.com/otp/code/?code=otp{{1}}"}),
    ] {
        let template = template(
            "AUTHENTICATION",
            None,
            &json!([
                {"type": "BODY", "text": "*{{1}}* is your code.", "example": {"body_text": [["123456"]]}},
                {"type": "BUTTONS", "buttons": [button]},
            ]),
        );
        assert_eq!(keys(&template), ["1"]);
        let filled = filled(&template, &[("1", "889900")]);
        assert_eq!(filled.text, "*889900* is your code.");
        assert_eq!(
            filled.payload["components"],
            json!([
                {"type": "body", "parameters": [{"type": "text", "text": "889900"}]},
                {"type": "button", "sub_type": "url", "index": "0",
                    "parameters": [{"type": "text", "text": "889900"}]},
            ])
        );
        assert_eq!(broken(&template, &[]), ["1"]);
    }
}

#[test]
fn an_offer_says_when_it_ends() {
    let template = template(
        "MARKETING",
        None,
        &json!([
            {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Only today", "has_expiration": true}},
            {"type": "BODY", "text": "Half price"},
        ]),
    );
    assert_eq!(keys(&template), ["offer.expires_at"]);
    let filled = filled(&template, &[("offer.expires_at", "2026-11-11T09:00:05Z")]);
    assert_eq!(
        filled.payload["components"],
        json!([{"type": "limited_time_offer", "parameters": [
            {"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": 1_794_387_605_000_i64}},
        ]}])
    );
    assert_eq!(broken(&template, &[]), ["offer.expires_at"]);
    assert_eq!(
        broken(&template, &[("offer.expires_at", "tomorrow")]),
        ["offer.expires_at"]
    );
}

#[test]
fn cards_are_filled_one_by_one() {
    let card = json!({"components": [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BODY", "text": "{{1}} for you"},
        {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "Yes"},
            {"type": "URL", "text": "Open", "url": "https://shop.example/{{1}}"},
        ]},
    ]});
    let template = template(
        "MARKETING",
        None,
        &json!([{"type": "BODY", "text": "Hi {{1}}"}, {"type": "CAROUSEL", "cards": [card, card]}]),
    );
    assert_eq!(
        keys(&template),
        [
            "1",
            "card.0.header",
            "card.0.1",
            "card.0.button.0",
            "card.0.button.1",
            "card.1.header",
            "card.1.1",
            "card.1.button.0",
            "card.1.button.1",
        ]
    );
    let given = [
        ("1", "Ana"),
        ("card.0.header", "55001"),
        ("card.0.1", "Rye"),
        ("card.0.button.1", "rye"),
        ("card.1.header", "55002"),
        ("card.1.1", "Corn"),
        ("card.1.button.0", "CORN"),
        ("card.1.button.1", "corn"),
    ];
    let filled = filled(&template, &given);
    assert_eq!(filled.text, "Hi Ana\nRye for you\nCorn for you");
    let carousel = &filled.payload["components"][1];
    assert_eq!(carousel["type"], "carousel");
    assert_eq!(
        carousel["cards"][1],
        json!({"card_index": 1, "components": [
            {"type": "header", "parameters": [{"type": "image", "image": {"id": "55002"}}]},
            {"type": "body", "parameters": [{"type": "text", "text": "Corn"}]},
            {"type": "button", "sub_type": "quick_reply", "index": "0",
                "parameters": [{"type": "payload", "payload": "CORN"}]},
            {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "corn"}]},
        ]})
    );
    assert_eq!(
        broken(&template, &[("1", "Ana")]),
        [
            "card.0.header",
            "card.0.1",
            "card.0.button.1",
            "card.1.header",
            "card.1.1",
            "card.1.button.1",
        ]
    );
}

#[test]
fn a_script_may_hand_over_a_plain_list() {
    let list = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>();
    let numbered = utility(&json!([{"type": "BODY", "text": "{{2}} {{1}}"}]));
    assert_eq!(
        accept_array(&numbered, &list(&["a", "b"])).unwrap(),
        values(&[("1", "a"), ("2", "b")])
    );
    let named = utility(&json!([{"type": "BODY", "text": "{{who}} at {{time}}"}]));
    let given = accept_array(&named, &list(&["Ana", "ten"])).unwrap();
    assert_eq!(fill(&named, &given).unwrap().text, "Ana at ten");
    let few = accept_array(&named, &list(&["Ana"])).unwrap();
    assert_eq!(fill(&named, &few).unwrap_err()[0].field, "time");
    let many = accept_array(&named, &list(&["a", "b", "c"])).unwrap_err();
    assert_eq!(many[0].field, "variables");
}

#[test]
fn what_is_filled_in_is_never_taken_for_a_place() {
    let template = utility(&json!([{"type": "BODY", "text": "{{1}} and {{2}}"}]));
    let filled = filled(&template, &[("1", "{{2}}"), ("2", "x")]);
    assert_eq!(filled.text, "{{2}} and x");
}

#[test]
fn braces_around_a_place_are_words() {
    let template = utility(&json!([{"type": "BODY", "text": "{{{1}}} {{}} {{ {{2}}"}]));
    assert_eq!(keys(&template), ["1", "2"]);
    let filled = filled(&template, &[("1", "a"), ("2", "b")]);
    assert_eq!(filled.text, "{a} {{}} {{ b");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_and_no_value_is_too_odd(
        text in "([{}a1_ é😀]|\\PC){0,40}",
        value in "\\PC{0,20}",
        kind in prop::sample::select(vec!["HEADER", "BODY", "FOOTER", "LIMITED_TIME_OFFER"]),
    ) {
        let button = json!({"type": "URL", "text": text, "url": text, "example": [text]});
        let template = utility(&json!([
            {"type": kind, "text": text, "format": "TEXT", "example": {"body_text": [[text]]}},
            {"type": "BUTTONS", "buttons": [button]},
        ]));
        let given = variables(&template).into_iter().map(|v| (v.key, value.clone())).collect();
        match fill(&template, &given) {
            Ok(filled) => prop_assert!(filled.payload.is_object()),
            Err(rules) => prop_assert!(!rules.is_empty()),
        }
    }
}
