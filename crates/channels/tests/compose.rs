//! What a person composes: its form on the wire, and each limit with its sentence.

use channels::whatsapp::compose::{
    BrokenRule, Button, Card, CardPhone, Composition, Row, Section, check_caption, check_reaction,
    check_text, compose,
};
use domain::MessageKind;
use serde_json::json;

fn long(length: usize) -> String {
    "x".repeat(length)
}

fn button(title: &str) -> Button {
    Button {
        id: None,
        title: title.to_owned(),
    }
}

fn row(title: &str) -> Row {
    Row {
        title: title.to_owned(),
        ..Row::default()
    }
}

fn buttons(buttons: Vec<Button>) -> Composition {
    Composition::Buttons {
        header: None,
        body: "When?".to_owned(),
        footer: None,
        buttons,
    }
}

fn list(sections: Vec<Section>) -> Composition {
    Composition::List {
        header: None,
        body: "Which?".to_owned(),
        footer: None,
        button: "Open".to_owned(),
        sections,
    }
}

fn section(title: Option<&str>, rows: Vec<Row>) -> Section {
    Section {
        title: title.map(str::to_owned),
        rows,
    }
}

fn link(display_text: &str, url: &str) -> Composition {
    Composition::Link {
        header: None,
        body: "See".to_owned(),
        footer: None,
        display_text: display_text.to_owned(),
        url: url.to_owned(),
    }
}

fn place(latitude: f64, longitude: f64) -> Composition {
    Composition::Location {
        latitude,
        longitude,
        name: None,
        address: None,
    }
}

fn card(change: impl FnOnce(&mut Card)) -> Composition {
    let mut card = Card {
        formatted_name: "Ines Oven".to_owned(),
        ..Card::default()
    };
    change(&mut card);
    Composition::Contacts { cards: vec![card] }
}

fn phone(number: &str) -> Vec<CardPhone> {
    vec![CardPhone {
        number: number.to_owned(),
        ..CardPhone::default()
    }]
}

fn framed(header: Option<&str>, body: &str, footer: Option<&str>) -> Composition {
    Composition::Buttons {
        header: header.map(str::to_owned),
        body: body.to_owned(),
        footer: footer.map(str::to_owned),
        buttons: vec![button("Yes")],
    }
}

fn fields(result: &[BrokenRule]) -> Vec<&str> {
    result.iter().map(|rule| rule.field.as_str()).collect()
}

#[test]
fn each_limit_is_broken_by_one_more_and_kept_by_just_as_much() {
    let with_id = |id: &str| Button {
        id: Some(id.to_owned()),
        title: "Yes".to_owned(),
    };
    let described = |text: &str| Row {
        description: Some(text.to_owned()),
        ..row("Rye")
    };
    let named = |id: &str| Row {
        id: Some(id.to_owned()),
        ..row("Rye")
    };
    let rows = |count: usize| (0..count).map(|n| row(&format!("Row {n}"))).collect::<Vec<_>>();
    let one = |row: Row| list(vec![section(None, vec![row])]);
    let many = |count: usize| {
        list(
            (0..count)
                .map(|n| section(Some(&format!("Part {n}")), rows(1)))
                .collect(),
        )
    };
    let opener = |text: &str| Composition::List {
        header: None,
        body: "Which?".to_owned(),
        footer: None,
        button: text.to_owned(),
        sections: vec![section(None, rows(1))],
    };
    let ask = |body: String| Composition::LocationRequest { body };
    let number = |body: String| Composition::ContactRequest { body };
    let cards = |count: usize| Composition::Contacts {
        cards: vec![
            Card {
                formatted_name: "Ines".to_owned(),
                ..Card::default()
            };
            count
        ],
    };
    for (field, kept, broken) in [
        (
            "header",
            framed(Some(&long(60)), "b", None),
            framed(Some(&long(61)), "b", None),
        ),
        ("header", framed(None, "b", None), framed(Some(" "), "b", None)),
        (
            "body",
            framed(None, &long(1_024), None),
            framed(None, &long(1_025), None),
        ),
        ("body", framed(None, "b", None), framed(None, " \n", None)),
        (
            "footer",
            framed(None, "b", Some(&long(60))),
            framed(None, "b", Some(&long(61))),
        ),
        ("footer", framed(None, "b", None), framed(None, "b", Some(""))),
        (
            "buttons",
            buttons(vec![button("a"), button("b"), button("c")]),
            buttons(vec![button("a"), button("b"), button("c"), button("d")]),
        ),
        ("buttons", buttons(vec![button("a")]), buttons(Vec::new())),
        (
            "buttons.0.title",
            buttons(vec![button(&long(20))]),
            buttons(vec![button(&long(21))]),
        ),
        (
            "buttons.0.title",
            buttons(vec![button("a")]),
            buttons(vec![button("")]),
        ),
        (
            "buttons.0.title",
            buttons(vec![button("a")]),
            buttons(vec![button("a ")]),
        ),
        (
            "buttons.1.title",
            buttons(vec![button("a"), button("A")]),
            buttons(vec![button("a"), button("a")]),
        ),
        (
            "buttons.0.id",
            buttons(vec![with_id(&long(256))]),
            buttons(vec![with_id(&long(257))]),
        ),
        (
            "buttons.0.id",
            buttons(vec![with_id("a b")]),
            buttons(vec![with_id(" a")]),
        ),
        (
            "buttons.0.id",
            buttons(vec![with_id("a")]),
            buttons(vec![with_id("")]),
        ),
        ("button", opener(&long(20)), opener(&long(21))),
        ("button", opener("Open"), opener(" ")),
        ("sections", many(10), many(11)),
        (
            "sections",
            list(vec![section(None, rows(10))]),
            list(vec![section(None, rows(11))]),
        ),
        (
            "sections",
            list(vec![section(Some("a"), rows(5)), section(Some("b"), rows(5))]),
            list(vec![section(Some("a"), rows(5)), section(Some("b"), rows(6))]),
        ),
        ("sections", many(1), list(Vec::new())),
        ("sections.0.rows", many(1), list(vec![section(None, Vec::new())])),
        (
            "sections.1.title",
            list(vec![section(Some("a"), rows(1)), section(Some("b"), rows(1))]),
            list(vec![section(Some("a"), rows(1)), section(None, rows(1))]),
        ),
        (
            "sections.0.title",
            list(vec![section(Some(&long(24)), rows(1))]),
            list(vec![section(Some(&long(25)), rows(1))]),
        ),
        (
            "sections.0.rows.0.title",
            one(row(&long(24))),
            one(row(&long(25))),
        ),
        ("sections.0.rows.0.title", one(row("a")), one(row(""))),
        ("sections.0.rows.0.title", one(row("a")), one(row(" a"))),
        (
            "sections.0.rows.0.id",
            one(named(&long(200))),
            one(named(&long(201))),
        ),
        ("sections.0.rows.0.id", one(named("a")), one(named("a "))),
        (
            "sections.0.rows.0.description",
            one(described(&long(72))),
            one(described(&long(73))),
        ),
        (
            "sections.0.rows.1.id",
            list(vec![section(None, vec![named("a"), named("b")])]),
            list(vec![section(None, vec![named("a"), named("a")])]),
        ),
        (
            "display_text",
            link(&long(20), "https://shop.example"),
            link(&long(21), "https://shop.example"),
        ),
        (
            "display_text",
            link("Open", "http://shop.example"),
            link("", "https://shop.example"),
        ),
        (
            "url",
            link("Open", "https://shop.example/a?b=ç"),
            link("Open", "shop.example"),
        ),
        (
            "url",
            link("Open", "http://shop.example"),
            link("Open", "javascript:alert(1)"),
        ),
        (
            "url",
            link("Open", "https://shop.example"),
            link("Open", "tel:+351910000001"),
        ),
        ("body", ask(long(1_024)), ask(long(1_025))),
        ("body", number("May we?".to_owned()), number(String::new())),
        ("latitude", place(90.0, 0.0), place(90.000_1, 0.0)),
        ("latitude", place(-90.0, 0.0), place(f64::NAN, 0.0)),
        ("longitude", place(0.0, -180.0), place(0.0, -180.000_1)),
        ("longitude", place(0.0, 180.0), place(0.0, f64::INFINITY)),
        ("cards", cards(257), cards(258)),
        ("cards", cards(1), cards(0)),
        (
            "cards.0.formatted_name",
            cards(1),
            card(|card| card.formatted_name = " ".to_owned()),
        ),
        (
            "cards.0.birthday",
            card(|card| card.birthday = Some("1984-02-29".to_owned())),
            card(|card| card.birthday = Some("1983-02-29".to_owned())),
        ),
        (
            "cards.0.birthday",
            card(|card| card.birthday = None),
            card(|card| card.birthday = Some("29.02.1984".to_owned())),
        ),
        (
            "cards.0.emails.0",
            card(|card| card.emails = vec!["a@shop.example".to_owned()]),
            card(|card| card.emails = vec!["shop.example".to_owned()]),
        ),
        (
            "cards.0.urls.0",
            card(|card| card.urls = vec!["https://shop.example".to_owned()]),
            card(|card| card.urls = vec!["shop".to_owned()]),
        ),
        (
            "cards.0.phones.0.number",
            card(|card| {
                card.phones = phone("+351 910");
            }),
            card(|card| {
                card.phones = phone("none");
            }),
        ),
    ] {
        assert!(compose(&kept).is_ok(), "{field}: {:?}", compose(&kept));
        let broken = compose(&broken).unwrap_err();
        // Eleven parts cannot be had without eleven lines.
        let mut told = fields(&broken);
        told.dedup();
        assert_eq!(told, [field], "{broken:?}");
    }
}

#[test]
fn all_broken_rules_are_told_at_once_and_say_what_to_do() {
    let broken = compose(&framed(Some(&long(70)), "", Some(&long(61)))).unwrap_err();
    assert_eq!(fields(&broken), ["header", "body", "footer"]);
    assert_eq!(
        broken[0].sentence,
        "The line above the message is 70 characters long and WhatsApp takes 60. Shorten it by 10."
    );
    for rule in broken {
        assert!(
            rule.sentence.ends_with('.') && rule.sentence.contains(". "),
            "{rule:?}"
        );
    }
}

#[test]
fn what_a_phone_counts_as_one_sign_may_count_twice() {
    assert!(compose(&buttons(vec![button(&"é".repeat(20))])).is_ok());
    assert!(compose(&buttons(vec![button(&"😀".repeat(10))])).is_ok());
    assert!(compose(&buttons(vec![button(&"😀".repeat(11))])).is_err());
}

#[test]
fn buttons_and_lists_leave_as_whatsapp_shows_them() {
    let composed = compose(&Composition::Buttons {
        header: Some("Bakery".to_owned()),
        body: "When shall we bake?".to_owned(),
        footer: Some("Closed on Sundays".to_owned()),
        buttons: vec![
            Button {
                id: Some("button-1".to_owned()),
                title: "Today".to_owned(),
            },
            button("Tomorrow"),
        ],
    })
    .unwrap();
    assert_eq!(composed.kind, MessageKind::Interactive);
    assert_eq!(composed.text.as_deref(), Some("When shall we bake?"));
    assert_eq!(
        composed.payload,
        json!({
            "type": "button",
            "header": {"type": "text", "text": "Bakery"},
            "body": {"text": "When shall we bake?"},
            "footer": {"text": "Closed on Sundays"},
            "action": {"buttons": [
                {"type": "reply", "reply": {"id": "button-1", "title": "Today"}},
                {"type": "reply", "reply": {"id": "button-2", "title": "Tomorrow"}},
            ]},
        })
    );
    let composed = compose(&list(vec![
        section(Some("Bread"), vec![row("Rye"), row("Corn")]),
        section(
            Some("Cake"),
            vec![Row {
                id: Some("almond".to_owned()),
                title: "Almond".to_owned(),
                description: Some("With sugar".to_owned()),
            }],
        ),
    ]))
    .unwrap();
    assert_eq!(
        composed.payload,
        json!({
            "type": "list",
            "body": {"text": "Which?"},
            "action": {"button": "Open", "sections": [
                {"title": "Bread", "rows": [{"id": "row-1", "title": "Rye"}, {"id": "row-2", "title": "Corn"}]},
                {"title": "Cake", "rows": [{"id": "almond", "title": "Almond", "description": "With sugar"}]},
            ]},
        })
    );
}

#[test]
fn links_and_questions_leave_as_whatsapp_wants_them() {
    let link = compose(&link("Open", "https://shop.example/7")).unwrap();
    assert_eq!(
        link.payload,
        json!({
            "type": "cta_url",
            "body": {"text": "See"},
            "action": {
                "name": "cta_url",
                "parameters": {"display_text": "Open", "url": "https://shop.example/7"},
            },
        })
    );
    let place = compose(&Composition::LocationRequest {
        body: "Where to?".to_owned(),
    });
    assert_eq!(
        place.unwrap().payload,
        json!({
            "type": "location_request_message",
            "body": {"text": "Where to?"},
            "action": {"name": "send_location"},
        })
    );
    let number = compose(&Composition::ContactRequest {
        body: "Your number?".to_owned(),
    });
    assert_eq!(
        number.unwrap().payload,
        json!({
            "type": "request_contact_info",
            "body": {"text": "Your number?"},
            "action": {"name": "request_contact_info"},
        })
    );
}

#[test]
fn a_place_and_its_address_are_both_seen() {
    let composed = |name: Option<&str>, address: Option<&str>| {
        compose(&Composition::Location {
            latitude: 38.7,
            longitude: -9.1,
            name: name.map(str::to_owned),
            address: address.map(str::to_owned),
        })
        .unwrap()
    };
    let full = composed(Some("Bakery"), Some("Rua do Forno 7"));
    assert_eq!(full.kind, MessageKind::Location);
    assert_eq!(full.text.as_deref(), Some("Bakery"));
    assert_eq!(
        full.payload,
        json!({"latitude": 38.7, "longitude": -9.1, "name": "Bakery", "address": "Rua do Forno 7"})
    );
    // An address without a name is not shown.
    assert_eq!(
        composed(None, Some("Rua do Forno 7")).payload,
        json!({"latitude": 38.7, "longitude": -9.1, "name": "Rua do Forno 7"})
    );
    assert_eq!(
        composed(None, Some(" ")).payload,
        json!({"latitude": 38.7, "longitude": -9.1})
    );
}

#[test]
fn a_card_has_a_first_name_even_when_only_the_whole_is_known() {
    let composed = compose(&card(|card| {
        card.phones = vec![CardPhone {
            number: "+351 910 000 002".to_owned(),
            kind: Some("WORK".to_owned()),
            wa_id: Some("351910000002".to_owned()),
        }];
        card.emails = vec!["ines@shop.example".to_owned()];
        card.company = Some("Bakery".to_owned());
        card.title = Some("Baker".to_owned());
        card.urls = vec!["https://shop.example".to_owned()];
        card.birthday = Some("1984-02-29".to_owned());
    }))
    .unwrap();
    assert_eq!(composed.kind, MessageKind::Contacts);
    assert_eq!(composed.text.as_deref(), Some("Ines Oven"));
    assert_eq!(
        composed.payload,
        json!({"contacts": [{
            "name": {"formatted_name": "Ines Oven", "first_name": "Ines"},
            "phones": [{"phone": "+351 910 000 002", "type": "WORK", "wa_id": "351910000002"}],
            "emails": [{"email": "ines@shop.example"}],
            "urls": [{"url": "https://shop.example"}],
            "org": {"company": "Bakery", "title": "Baker"},
            "birthday": "1984-02-29",
        }]})
    );
    let composed = compose(&card(|card| card.last_name = Some("Oven".to_owned()))).unwrap();
    assert_eq!(
        composed.payload["contacts"][0]["name"],
        json!({"formatted_name": "Ines Oven", "last_name": "Oven"})
    );
}

#[test]
fn words_alone_have_their_limits_too() {
    assert_eq!(check_text(&long(4_096)), []);
    assert_eq!(fields(&check_text(&long(4_097))), ["text"]);
    assert_eq!(fields(&check_text(&"😀".repeat(2_049))), ["text"]);
    assert_eq!(fields(&check_text("\n ")), ["text"]);
    assert_eq!(check_caption(""), []);
    assert_eq!(check_caption(&long(1_024)), []);
    assert_eq!(fields(&check_caption(&long(1_025))), ["caption"]);
    assert_eq!(check_reaction("👍🏽"), []);
    assert_eq!(check_reaction(""), []);
    assert_eq!(fields(&check_reaction("👍👍")), ["emoji"]);
    assert_eq!(fields(&check_reaction("ok")), ["emoji"]);
}

#[test]
fn a_composition_is_read_as_a_window_writes_it() {
    let read: Composition = serde_json::from_value(json!({
        "kind": "list", "body": "Which?", "button": "Open", "sections": [{"rows": [{"title": "Rye"}]}],
    }))
    .unwrap();
    assert_eq!(read, list(vec![section(None, vec![row("Rye")])]));
}
