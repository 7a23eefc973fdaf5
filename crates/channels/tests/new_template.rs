//! A template that is to be submitted: its form on the wire, and each limit with its sentence.

use channels::whatsapp::template::{NewButton, NewHeader, NewTemplate};
use serde_json::json;

fn draft() -> NewTemplate {
    NewTemplate {
        name: "bread_ready".to_owned(),
        language: "pt_PT".to_owned(),
        category: "UTILITY".to_owned(),
        body: "Your bread is ready.".to_owned(),
        ..NewTemplate::default()
    }
}

fn with(change: impl FnOnce(&mut NewTemplate)) -> NewTemplate {
    let mut draft = draft();
    change(&mut draft);
    draft
}

fn long(length: usize) -> String {
    "x".repeat(length)
}

fn reply(text: &str) -> NewButton {
    NewButton::QuickReply {
        text: text.to_owned(),
    }
}

fn page(text: &str, url: &str, example: Option<&str>) -> NewButton {
    NewButton::Url {
        text: text.to_owned(),
        url: url.to_owned(),
        example: example.map(str::to_owned),
    }
}

fn phone(text: &str) -> NewButton {
    NewButton::Phone {
        text: text.to_owned(),
        phone_number: "+351910000001".to_owned(),
    }
}

fn coupon(example: &str) -> NewButton {
    NewButton::CopyCode {
        example: example.to_owned(),
    }
}

fn buttons(buttons: Vec<NewButton>) -> NewTemplate {
    with(|draft| draft.buttons = buttons)
}

fn body(text: &str, examples: &[(&str, &str)]) -> NewTemplate {
    with(|draft| {
        text.clone_into(&mut draft.body);
        draft.examples = examples
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect();
    })
}

fn headline(text: &str) -> NewTemplate {
    with(|draft| {
        draft.header = Some(NewHeader::Text {
            text: text.to_owned(),
        });
        draft.examples.insert("header.1".to_owned(), "7".to_owned());
    })
}

fn code(change: impl FnOnce(&mut NewTemplate)) -> NewTemplate {
    with(|draft| {
        "AUTHENTICATION".clone_into(&mut draft.category);
        draft.body = String::new();
        change(draft);
    })
}

#[test]
fn each_limit_is_broken_by_one_more_and_kept_by_just_as_much() {
    let named = |name: &str| with(|draft| draft.name = name.to_owned());
    let language = |language: &str| with(|draft| draft.language = language.to_owned());
    let category = |category: &str| with(|draft| draft.category = category.to_owned());
    let footer = |footer: &str| with(|draft| draft.footer = Some(footer.to_owned()));
    let picture = |handle: &str| {
        with(|draft| {
            draft.header = Some(NewHeader::Image {
                handle: handle.to_owned(),
            });
        })
    };
    let replies = |count: usize| buttons((0..count).map(|n| reply(&format!("Answer {n}"))).collect());
    let pages = |count: usize| {
        buttons(
            (0..count)
                .map(|n| page(&format!("Page {n}"), "https://shop.example", None))
                .collect(),
        )
    };
    let one = |button: NewButton| buttons(vec![button]);
    let link = |url: &str| one(page("Open", url, Some("https://shop.example/7")));
    for (field, kept, broken) in vec![
        ("name", named(&long(512)), named(&long(513))),
        ("name", named("a_1"), named("A_1")),
        ("name", named("pao"), named("pão")),
        ("name", named("a"), named("")),
        ("language", language("en"), language("english")),
        ("language", language("zh_CN"), language("zh-CN")),
        ("category", category("MARKETING"), category("SERVICE")),
        ("body", body(&long(1_024), &[]), body(&long(1_025), &[])),
        ("body", body("x", &[]), body(" ", &[])),
        (
            "body",
            body("{{1}} {{2}}.", &[("1", "a"), ("2", "b")]),
            body("{{1}} {{3}}.", &[("1", "a"), ("3", "b")]),
        ),
        (
            "body",
            body("{{1}}.", &[("1", "a")]),
            body("{{2}}.", &[("2", "a")]),
        ),
        (
            "body",
            body("{{a}} {{b}}.", &[("a", "a"), ("b", "b")]),
            body("{{a}} {{1}}.", &[("a", "a"), ("1", "b")]),
        ),
        (
            "body",
            body("{{a}}.", &[("a", "a")]),
            body("{{A}}.", &[("A", "a")]),
        ),
        ("examples.1", body("{{1}}.", &[("1", "a")]), body("{{1}}.", &[])),
        (
            "examples.who",
            body("{{who}}.", &[("who", "a")]),
            body("{{who}}.", &[("who", " ")]),
        ),
        ("header", headline(&long(60)), headline(&long(61))),
        ("header", headline("Order {{1}}"), headline("Order {{1}} {{2}}")),
        (
            "examples.header.2",
            headline("Order {{1}}"),
            headline("Order {{2}}"),
        ),
        ("header", picture("4:abc"), picture("")),
        ("footer", footer(&long(60)), footer(&long(61))),
        ("footer", footer("The bakery"), footer("For {{1}}")),
        ("buttons", replies(10), replies(11)),
        ("buttons", pages(2), pages(3)),
        (
            "buttons",
            buttons(vec![phone("Call")]),
            buttons(vec![phone("Call"), phone("Ring")]),
        ),
        (
            "buttons",
            one(coupon("SAVE")),
            buttons(vec![coupon("SAVE"), coupon("MORE")]),
        ),
        (
            "buttons",
            buttons(vec![reply("a"), reply("b"), phone("c")]),
            buttons(vec![reply("a"), phone("c"), reply("b")]),
        ),
        ("buttons.0.text", one(reply(&long(25))), one(reply(&long(26)))),
        ("buttons.0.text", one(reply("a")), one(reply(""))),
        (
            "buttons.1.text",
            buttons(vec![reply("a"), reply("b")]),
            buttons(vec![reply("a"), reply("a")]),
        ),
        (
            "buttons.0.url",
            link("https://shop.example/{{1}}"),
            link("https://shop.example/{{1}}/x"),
        ),
        (
            "buttons.0.url",
            link("https://shop.example/{{1}}"),
            link("https://shop.example/{{2}}"),
        ),
        (
            "buttons.0.url",
            link("https://shop.example"),
            link("shop.example"),
        ),
        (
            "buttons.0.url",
            link(&format!("https://shop.example/{}", long(1_979))),
            link(&format!("https://shop.example/{}", long(1_980))),
        ),
        (
            "buttons.0.example",
            link("https://shop.example/{{1}}"),
            one(page("Open", "https://shop.example/{{1}}", None)),
        ),
        (
            "buttons.0.example",
            one(coupon(&long(15))),
            one(coupon(&long(16))),
        ),
        (
            "code_expires_minutes",
            code(|draft| draft.code_expires_minutes = Some(90)),
            code(|draft| draft.code_expires_minutes = Some(91)),
        ),
        (
            "code_expires_minutes",
            code(|draft| draft.code_expires_minutes = Some(1)),
            code(|draft| draft.code_expires_minutes = Some(0)),
        ),
        (
            "body",
            code(|_| ()),
            code(|draft| draft.body = "Your code".to_owned()),
        ),
        (
            "buttons",
            code(|_| ()),
            code(|draft| draft.buttons = vec![reply("a")]),
        ),
    ] {
        assert!(kept.body().is_ok(), "{field}: {:?}", kept.body());
        let rules = broken.body().unwrap_err();
        let fields: Vec<&str> = rules.iter().map(|rule| rule.field.as_str()).collect();
        assert_eq!(fields, [field], "{rules:?}");
        assert!(
            rules[0].sentence.ends_with('.') && rules[0].sentence.contains(". "),
            "{rules:?}"
        );
    }
}

#[test]
fn a_draft_leaves_as_meta_wants_it() {
    let draft = with(|draft| {
        draft.header = Some(NewHeader::Text {
            text: "Order {{1}}".to_owned(),
        });
        draft.body = "Hi {{1}}, ready at {{2}}.".to_owned();
        draft.footer = Some("The bakery".to_owned());
        draft.buttons = vec![
            reply("Thanks"),
            page(
                "Open",
                "https://shop.example/{{1}}",
                Some("https://shop.example/7"),
            ),
            phone("Call"),
            coupon("SAVE"),
        ];
        for (key, example) in [("header.1", "7"), ("1", "Ana"), ("2", "noon")] {
            draft.examples.insert(key.to_owned(), example.to_owned());
        }
    });
    assert_eq!(
        draft.body().unwrap(),
        json!({
            "name": "bread_ready", "language": "pt_PT", "category": "UTILITY", "parameter_format": "POSITIONAL",
            "components": [
                {"type": "HEADER", "format": "TEXT", "text": "Order {{1}}", "example": {"header_text": ["7"]}},
                {"type": "BODY", "text": "Hi {{1}}, ready at {{2}}.", "example": {"body_text": [["Ana", "noon"]]}},
                {"type": "FOOTER", "text": "The bakery"},
                {"type": "BUTTONS", "buttons": [
                    {"type": "QUICK_REPLY", "text": "Thanks"},
                    {"type": "URL", "text": "Open", "url": "https://shop.example/{{1}}",
                        "example": ["https://shop.example/7"]},
                    {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+351910000001"},
                    {"type": "COPY_CODE", "example": "SAVE"},
                ]},
            ],
        })
    );
    let named = body("Hi {{who}}.", &[("who", "Ana")]).body().unwrap();
    assert_eq!(named["parameter_format"], "NAMED");
    assert_eq!(
        named["components"][0]["example"],
        json!({"body_text_named_params": [{"param_name": "who", "example": "Ana"}]})
    );
}

#[test]
fn a_draft_for_codes_leaves_the_words_to_meta() {
    let draft = code(|draft| {
        draft.security_advice = true;
        draft.code_expires_minutes = Some(5);
    });
    assert_eq!(
        draft.body().unwrap()["components"],
        json!([
            {"type": "BODY", "add_security_recommendation": true},
            {"type": "FOOTER", "code_expiration_minutes": 5},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
        ])
    );
}
