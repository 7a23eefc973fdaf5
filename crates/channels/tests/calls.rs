//! Everything that is asked of Meta besides sending: what is asked, and what is made of the answer.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a call that ends otherwise should say so"
)]

#[expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "shared by several test programs"
)]
mod support;

use axum::http::Method;
use channels::whatsapp::compose::{Composition, compose};
use channels::whatsapp::template::NewTemplate;
use channels::whatsapp::{Account, CallFailure, Graph, ProfileChanges, ProfileFailure, ThreadAction};
use channels::{Content, Outbound, Recipient, SendOutcome};
use domain::{OutboxId, SendClass, SendFailure};
use serde_json::json;
use std::io::Write;
use std::time::Duration;
use support::script::{error, json_answer, meta};
use support::{PATIENT, account, graph, message, raw_server};

fn phone() -> Recipient {
    Recipient::Phone("351910000001".to_owned())
}

fn bsuid() -> Recipient {
    Recipient::Bsuid("PT.111".to_owned())
}

fn business(base_url: &str) -> Account {
    Account {
        business_account_id: Some("700200".to_owned()),
        ..account(base_url)
    }
}

#[tokio::test]
async fn a_file_is_looked_up_with_its_size_however_it_is_written() {
    for size in [json!(182_044), json!("182044")] {
        let answer = json!({
            "url": "https://lookaside.fbsbx.com/x?mid=1", "mime_type": "image/jpeg", "sha256": "ab12",
            "file_size": size, "id": "1",
        });
        let server = meta(vec![json_answer(200, &answer)]).await;
        let info = graph()
            .media_info(&account(&server.base_url), "9100")
            .await
            .unwrap();
        assert_eq!(info.url, "https://lookaside.fbsbx.com/x?mid=1");
        assert_eq!(info.mime_type, "image/jpeg");
        assert_eq!(info.sha256.as_deref(), Some("ab12"));
        assert_eq!(info.file_size, Some(182_044));
        let seen = server.asked_once();
        assert_eq!((seen.method.as_str(), seen.uri.path()), ("GET", "/v25.0/9100"));
        assert_eq!(seen.query("phone_number_id").as_deref(), Some("600100"));
        assert!(seen.query("appsecret_proof").is_some());
        assert_eq!(seen.headers["authorization"], "Bearer EAAtoken");
    }
    let server = meta(vec![json_answer(200, &json!({"id": "1"}))]).await;
    let failure = graph()
        .media_info(&account(&server.base_url), "9100")
        .await
        .unwrap_err();
    assert!(failure.is_passing(), "{failure:?}");
}

#[tokio::test]
async fn an_upload_is_deleted_for_this_number_only() {
    let server = meta(vec![
        json_answer(200, &json!({"success": true})),
        json_answer(200, &json!({"success": false})),
    ])
    .await;
    let ours = account(&server.base_url);
    graph().delete_media(&ours, "9100").await.unwrap();
    graph().delete_media(&ours, "9100").await.unwrap_err();
    for seen in server.asked() {
        assert_eq!((seen.method.as_str(), seen.uri.path()), ("DELETE", "/v25.0/9100"));
        assert_eq!(seen.query("phone_number_id").as_deref(), Some("600100"));
    }
}

#[tokio::test]
async fn read_marks_come_with_typing_or_without() {
    let yes = json_answer(200, &json!({"success": true}));
    let server = meta(vec![yes.clone(), yes]).await;
    let ours = account(&server.base_url);
    graph().mark_read(&ours, "wamid.IN", false).await.unwrap();
    graph().mark_read(&ours, "wamid.IN", true).await.unwrap();
    let [plain, typing] = server.asked().try_into().ok().unwrap();
    assert_eq!(plain.uri.path(), "/v25.0/600100/messages");
    assert_eq!(
        plain.json(),
        json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.IN"})
    );
    assert_eq!(
        typing.json(),
        json!({
            "messaging_product": "whatsapp", "status": "read", "message_id": "wamid.IN",
            "typing_indicator": {"type": "text"},
        })
    );
}

#[tokio::test]
async fn a_reaction_names_its_message_and_none_takes_it_away() {
    let taken = json_answer(200, &json!({"messages": [{"id": "wamid.R"}]}));
    let server = meta(vec![
        taken.clone(),
        taken,
        json_answer(400, &error(131_009, None, None)),
    ])
    .await;
    let ours = account(&server.base_url);
    let outcome = graph().send_reaction(&ours, &phone(), "wamid.IN", "👍").await;
    assert!(matches!(outcome, SendOutcome::Accepted { .. }), "{outcome:?}");
    graph().send_reaction(&ours, &bsuid(), "wamid.IN", "").await;
    let outcome = graph().send_reaction(&ours, &phone(), "wamid.OLD", "👍").await;
    assert!(matches!(outcome, SendOutcome::Refused(_)), "{outcome:?}");
    let asked = server.asked();
    assert_eq!(
        asked[0].json(),
        json!({
            "messaging_product": "whatsapp", "recipient_type": "individual", "to": "+351910000001",
            "type": "reaction", "reaction": {"message_id": "wamid.IN", "emoji": "👍"},
        })
    );
    assert_eq!(asked[1].json()["recipient"], "PT.111");
    assert_eq!(asked[1].json()["reaction"]["emoji"], "");
}

#[tokio::test]
async fn blocking_reads_what_became_of_the_customer_inside_a_200() {
    let done = |key: &str| {
        json_answer(
            200,
            &json!({"block_users": {key: [{"input": "+351910000001", "wa_id": "351910000001"}]}}),
        )
    };
    let failed = json!({
        "messaging_product": "whatsapp",
        "block_users": {"failed_users": [{"input": "+351910000001", "errors": [
            {"message": "Re-engagement required", "code": 131_047, "error_data": {"details": "Not within 24 hours"}},
        ]}]},
    });
    let server = meta(vec![
        done("added_users"),
        done("removed_users"),
        json_answer(200, &failed),
        json_answer(200, &json!({"block_users": {}})),
        json_answer(400, &error(139_102, None, None)),
    ])
    .await;
    let ours = account(&server.base_url);
    graph().block(&ours, &phone()).await.unwrap();
    graph().unblock(&ours, &bsuid()).await.unwrap();
    let failure = graph().block(&ours, &phone()).await.unwrap_err();
    assert_eq!(failure.code, Some(131_047));
    assert_eq!(failure.detail.as_deref(), Some("Not within 24 hours"));
    graph().block(&ours, &phone()).await.unwrap_err();
    assert!(graph().block(&ours, &phone()).await.unwrap_err().is_passing());
    let group = Recipient::Group("g1".to_owned());
    assert_eq!(
        graph().block(&ours, &group).await.unwrap_err().class,
        SendClass::Never
    );
    let asked = server.asked();
    assert_eq!(asked.len(), 5, "a group is not asked about");
    assert_eq!(
        (&asked[0].method, asked[0].uri.path()),
        (&Method::POST, "/v25.0/600100/block_users")
    );
    assert_eq!(
        asked[0].json(),
        json!({"messaging_product": "whatsapp", "block_users": [{"user": "+351910000001"}]})
    );
    assert_eq!(asked[1].method, Method::DELETE);
    assert_eq!(asked[1].json()["block_users"], json!([{"user_id": "PT.111"}]));
}

#[tokio::test]
async fn a_conversation_is_handed_over() {
    let yes = json_answer(200, &json!({"success": true}));
    let no = json_answer(400, &error(2_494_191, None, None));
    let server = meta(vec![yes.clone(), yes, no]).await;
    let ours = account(&server.base_url);
    graph()
        .thread_control(&ours, &phone(), ThreadAction::Release)
        .await
        .unwrap();
    graph()
        .thread_control(&ours, &bsuid(), ThreadAction::Pass)
        .await
        .unwrap();
    let failure = graph()
        .thread_control(&ours, &phone(), ThreadAction::Take)
        .await
        .unwrap_err();
    assert!(failure.words.contains("holds this chat"), "{failure}");
    let asked = server.asked();
    assert_eq!(asked[0].uri.path(), "/v25.0/600100/thread_control");
    assert_eq!(
        asked[0].json(),
        json!({"messaging_product": "whatsapp", "to": "+351910000001", "action": "release"})
    );
    assert_eq!(
        asked[1].json(),
        json!({"messaging_product": "whatsapp", "recipient": "PT.111", "action": "pass"})
    );
    assert_eq!(asked[2].json()["action"], "take");
}

#[tokio::test]
async fn the_profile_is_read_flat_and_nested() {
    let profile = json!({
        "about": "Bread since 1950", "address": "Rua do Forno 7", "email": "ola@shop.example",
        "websites": ["https://shop.example/"], "vertical": "RETAIL", "messaging_product": "whatsapp",
    });
    for row in [
        profile.clone(),
        json!({"business_profile": profile.clone(), "id": "1"}),
    ] {
        let server = meta(vec![json_answer(200, &json!({"data": [row]}))]).await;
        let read = graph()
            .business_profile(&account(&server.base_url))
            .await
            .unwrap();
        assert_eq!(read.about.as_deref(), Some("Bread since 1950"));
        assert_eq!(read.websites, ["https://shop.example/"]);
        assert_eq!(read.vertical.as_deref(), Some("RETAIL"));
        assert_eq!(read.description, None);
        let seen = server.asked_once();
        assert_eq!(seen.uri.path(), "/v25.0/600100/whatsapp_business_profile");
        assert!(
            seen.query("fields")
                .is_some_and(|fields| fields.contains("vertical"))
        );
        assert!(seen.query("appsecret_proof").is_some());
    }
    let server = meta(vec![json_answer(200, &json!({"data": []}))]).await;
    assert!(
        graph()
            .business_profile(&account(&server.base_url))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn only_what_was_changed_in_the_profile_is_sent_and_nothing_that_breaks_a_limit() {
    let server = meta(vec![json_answer(200, &json!({"success": true}))]).await;
    let ours = account(&server.base_url);
    let changes = ProfileChanges {
        about: Some("Closed today".to_owned()),
        websites: Some(Vec::new()),
        ..ProfileChanges::default()
    };
    graph().save_business_profile(&ours, &changes).await.unwrap();
    let broken = ProfileChanges {
        about: Some(String::new()),
        ..ProfileChanges::default()
    };
    let failure = graph().save_business_profile(&ours, &broken).await.unwrap_err();
    assert!(matches!(&failure, ProfileFailure::Broken(_)), "{failure:?}");
    assert!(failure.to_string().contains("is empty"), "{failure}");
    assert_eq!(
        server.asked_once().json(),
        json!({"messaging_product": "whatsapp", "about": "Closed today", "websites": []})
    );
}

#[test]
fn each_limit_of_the_profile_is_broken_by_one_more_and_kept_by_just_as_much() {
    let long = |length: usize| Some("x".repeat(length));
    let none = ProfileChanges::default;
    let page = |length: usize| format!("https://shop.example/{}", "x".repeat(length - 21));
    let pages = |pages: &[&str]| ProfileChanges {
        websites: Some(pages.iter().map(|page| (*page).to_owned()).collect()),
        ..none()
    };
    let email = |email: &str| ProfileChanges {
        email: Some(email.to_owned()),
        ..none()
    };
    let trade = |trade: &str| ProfileChanges {
        vertical: Some(trade.to_owned()),
        ..none()
    };
    let mail = |length: usize| format!("{}@shop.example", "x".repeat(length - 13));
    for (field, kept, broken) in [
        (
            "about",
            ProfileChanges {
                about: long(139),
                ..none()
            },
            ProfileChanges {
                about: long(140),
                ..none()
            },
        ),
        (
            "address",
            ProfileChanges {
                address: long(256),
                ..none()
            },
            ProfileChanges {
                address: long(257),
                ..none()
            },
        ),
        (
            "description",
            ProfileChanges {
                description: long(256),
                ..none()
            },
            ProfileChanges {
                description: long(257),
                ..none()
            },
        ),
        ("email", email(&mail(128)), email(&mail(129))),
        ("email", email(""), email("shop.example")),
        (
            "websites",
            pages(&["https://a.example", "http://b.example"]),
            pages(&["https://a.example", "https://b.example", "https://c.example"]),
        ),
        ("websites.0", pages(&[&page(256)]), pages(&[&page(257)])),
        ("websites.0", pages(&["https://a.example"]), pages(&["a.example"])),
        ("vertical", trade("RETAIL"), trade("Bakery")),
        ("profile", trade("OTHER"), none()),
    ] {
        assert!(kept.body().is_ok(), "{field}: {:?}", kept.body());
        let rules = broken.body().unwrap_err();
        let fields: Vec<&str> = rules.iter().map(|rule| rule.field.as_str()).collect();
        assert_eq!(fields, [field], "{rules:?}");
    }
}

#[tokio::test]
async fn templates_are_listed_page_by_page_until_there_is_no_next() {
    let row = |name: &str| json!({"name": name, "language": "en", "status": "APPROVED", "components": []});
    let server = meta(vec![
        json_answer(
            200,
            &json!({
                "data": [row("a"), {"odd": true}],
                "paging": {"cursors": {"after": "two"}, "next": "https://evil.example/steal?after=other"},
            }),
        ),
        json_answer(
            200,
            &json!({
                "data": [row("b")], "paging": {"next": "https://graph.facebook.com/x?limit=1&after=three%3D"},
            }),
        ),
        // The last page still has cursors.
        json_answer(
            200,
            &json!({"data": [row("c")], "paging": {"cursors": {"after": "four"}}}),
        ),
    ])
    .await;
    let ours = business(&server.base_url);
    let first = graph().templates(&ours, None).await.unwrap();
    assert_eq!((first.templates.len(), first.next.as_deref()), (1, Some("two")));
    let second = graph().templates(&ours, first.next.as_deref()).await.unwrap();
    assert_eq!(second.next.as_deref(), Some("three="));
    let third = graph().templates(&ours, second.next.as_deref()).await.unwrap();
    assert_eq!((third.templates[0].name.as_str(), third.next), ("c", None));
    let asked = server.asked();
    assert_eq!(asked[0].uri.path(), "/v25.0/700200/message_templates");
    assert_eq!(asked[0].query("after"), None);
    assert_eq!(asked[1].query("after").as_deref(), Some("two"));
    assert_eq!(asked[2].query("after").as_deref(), Some("three="));
    assert!(
        asked[0]
            .query("fields")
            .is_some_and(|fields| fields.contains("parameter_format"))
    );
}

#[tokio::test]
async fn a_page_that_leads_to_itself_is_the_last() {
    let answer = json!({"data": [], "paging": {"cursors": {"after": "same"}, "next": "https://x.example"}});
    let server = meta(vec![json_answer(200, &answer)]).await;
    let page = graph()
        .templates(&business(&server.base_url), Some("same"))
        .await
        .unwrap();
    assert_eq!(page.next, None);
}

#[tokio::test]
async fn a_template_is_made_and_deleted() {
    let server = meta(vec![
        json_answer(
            200,
            &json!({"id": 88_003, "status": "PENDING", "category": "MARKETING"}),
        ),
        json_answer(200, &json!({"success": true})),
        json_answer(200, &json!({"success": true})),
        json_answer(400, &error(2_388_019, None, None)),
    ])
    .await;
    let ours = business(&server.base_url);
    let body = NewTemplate {
        name: "bread".to_owned(),
        language: "en".to_owned(),
        category: "UTILITY".to_owned(),
        body: "Ready.".to_owned(),
        ..NewTemplate::default()
    }
    .body()
    .unwrap();
    let made = graph().create_template(&ours, &body).await.unwrap();
    assert_eq!(
        (made.id.as_str(), made.status.as_str(), made.category.as_str()),
        ("88003", "PENDING", "MARKETING")
    );
    graph()
        .delete_template(&ours, "bread", Some("88003"))
        .await
        .unwrap();
    graph().delete_template(&ours, "bread", None).await.unwrap();
    let failure = graph().create_template(&ours, &body).await.unwrap_err();
    assert!(failure.words.contains("as many templates"), "{failure}");
    let asked = server.asked();
    assert_eq!(asked[0].json(), body);
    assert_eq!(asked[1].method, Method::DELETE);
    assert_eq!(asked[1].query("name").as_deref(), Some("bread"));
    assert_eq!(asked[1].query("hsm_id").as_deref(), Some("88003"));
    assert_eq!(asked[2].query("hsm_id"), None);
}

#[tokio::test]
async fn without_the_business_account_nothing_is_asked_about_templates() {
    let server = meta(Vec::new()).await;
    let failure = graph()
        .templates(&account(&server.base_url), None)
        .await
        .unwrap_err();
    assert_eq!(failure.class, SendClass::Configuration);
    assert!(failure.words.contains("business account"), "{failure}");
    assert_eq!(server.asked().len(), 0);
}

fn number_request() -> Outbound {
    let composed = compose(&Composition::ContactRequest {
        body: "May we have your number?".to_owned(),
    })
    .unwrap_or_else(|rules| panic!("{rules:?}"));
    Outbound {
        to: bsuid(),
        content: Content::Object {
            kind: composed.kind,
            body: composed.payload,
        },
        reply_to: None,
        reference: OutboxId::from("ob_7"),
    }
}

#[tokio::test]
async fn a_question_for_the_number_is_asked_again_under_its_other_name_and_only_that() {
    for code in [100, 131_009] {
        let server = meta(vec![
            json_answer(400, &error(code, None, None)),
            json_answer(200, &json!({"messages": [{"id": "wamid.Q"}]})),
        ])
        .await;
        let outcome = graph().send(&account(&server.base_url), &number_request()).await;
        assert!(matches!(outcome, SendOutcome::Accepted { .. }), "{outcome:?}");
        let asked = server.asked();
        assert_eq!(asked[0].json()["interactive"]["type"], "request_contact_info");
        assert_eq!(asked[1].json()["interactive"]["type"], "contact_request");
        assert_eq!(asked[1].json()["biz_opaque_callback_data"], "ob_7");
    }
    // Twice refused is refused.
    let no = json_answer(400, &error(131_009, None, None));
    let server = meta(vec![no.clone(), no.clone()]).await;
    let outcome = graph().send(&account(&server.base_url), &number_request()).await;
    assert!(matches!(outcome, SendOutcome::Refused(_)), "{outcome:?}");
    assert_eq!(server.asked().len(), 2);
    // Another refusal, an open outcome and any other message are not sent again.
    let answers = [
        json_answer(400, &error(131_026, None, None)),
        json_answer(400, &error(100, Some(33), None)),
        (502, Vec::new(), "gateway".to_owned()),
    ];
    for answer in answers {
        let server = meta(vec![answer]).await;
        graph().send(&account(&server.base_url), &number_request()).await;
        assert_eq!(server.asked().len(), 1);
    }
    let server = meta(vec![no]).await;
    graph().send(&account(&server.base_url), &message()).await;
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn what_metas_support_asks_for_is_kept() {
    let mut refusal = error(131_026, None, Some(json!({"details": "Undeliverable"})));
    refusal["error"]["fbtrace_id"] = json!("Atrace7");
    let server = meta(vec![json_answer(400, &refusal), json_answer(400, &refusal)]).await;
    let ours = account(&server.base_url);
    let SendOutcome::Refused(SendFailure { detail, .. }) = graph().send(&ours, &message()).await else {
        panic!("refused")
    };
    assert_eq!(
        detail.as_deref(),
        Some("Undeliverable (support reference Atrace7)")
    );
    let failure = graph().mark_read(&ours, "wamid.IN", false).await.unwrap_err();
    assert_eq!(failure.trace.as_deref(), Some("Atrace7"));
    assert_eq!(failure.detail.as_deref(), Some("Undeliverable"));
}

/// What a call makes of an answer.
async fn failure_of(status: u16, body: &str) -> CallFailure {
    let server = meta(vec![(status, Vec::new(), body.to_owned())]).await;
    graph()
        .mark_read(&account(&server.base_url), "wamid.IN", false)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_call_says_what_kind_of_trouble_it_met() {
    let badly_made = error(100, None, None).to_string();
    for (status, body, class) in [
        (400, badly_made.as_str(), SendClass::Never),
        (401, "", SendClass::Configuration),
        (302, "", SendClass::Configuration),
        (404, "<html>", SendClass::Never),
        (429, "", SendClass::NumberRate),
        (502, "<html>", SendClass::Transient { tries: 5 }),
        (200, "<html>", SendClass::Transient { tries: 3 }),
        (200, "[]", SendClass::Transient { tries: 3 }),
    ] {
        let failure = failure_of(status, body).await;
        assert_eq!(failure.class, class, "{status} {body}");
        assert!(failure.words.ends_with('.'), "{failure:?}");
        assert!(
            !failure.words.contains("customer will not get"),
            "nothing was written: {failure:?}"
        );
    }
}

#[tokio::test]
async fn our_secrets_are_not_kept_when_an_answer_quotes_them() {
    let quoting = error(
        100,
        None,
        Some(json!({"details": "bad token EAAtoken with app-secret"})),
    );
    let failure = failure_of(400, &quoting.to_string()).await;
    assert_eq!(
        failure.detail.as_deref(),
        Some("bad token (secret) with (secret)")
    );
}

#[tokio::test]
async fn a_call_that_gets_no_answer_or_too_long_a_one_ends() {
    let (held, hold) = std::sync::mpsc::channel::<()>();
    let base = raw_server(move |_stream| {
        let _ = hold.recv();
    });
    let impatient = Graph::with_timeouts(PATIENT, Duration::from_millis(200)).unwrap();
    let failure = impatient.media_info(&account(&base), "1").await.unwrap_err();
    drop(held);
    assert!(failure.is_passing(), "{failure:?}");
    let base = raw_server(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"url\": \"");
        while stream.write_all(&[b'x'; 4_096]).is_ok() {}
    });
    let failure = graph().media_info(&account(&base), "1").await.unwrap_err();
    assert_eq!(failure.detail.as_deref(), Some("it is too long"));
}
