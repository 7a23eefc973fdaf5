//! Talking to Meta when Meta answers.

#![expect(
    clippy::panic,
    clippy::expect_used,
    reason = "a test server that cannot start should say so"
)]

#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "shared by several test programs"
)]
mod support;

use axum::http::Method;
use channels::whatsapp::{DEFAULT_GRAPH_VERSION, Graph};
use channels::{Outbound, Recipient, SendOutcome};
use domain::{IdentityKind, SendClass, SendFailure};
use serde_json::{Value, json};
use std::time::Duration;
use support::script::{Scripted, error, json_answer, meta};
use support::{account, graph, message};

async fn outcome_of(answer: Scripted) -> SendOutcome {
    let meta = meta(vec![answer]).await;
    let outcome = graph().send(&account(&meta.base_url), &message()).await;
    assert_eq!(meta.seen.lock().expect("seen").len(), 1, "asked once");
    outcome
}

async fn refusal(answer: Scripted) -> SendFailure {
    match outcome_of(answer).await {
        SendOutcome::Refused(failure) => failure,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_accepted_message_has_an_id_and_teaches_us_the_customers_other_number() {
    let meta = meta(vec![json_answer(
        200,
        &json!({"messaging_product": "whatsapp", "contacts": [{"input": "+525500000119", "wa_id": "5215500000119"}],
            "messages": [{"id": "wamid.NEW"}]}),
    )])
    .await;
    let outcome = graph().send(&account(&meta.base_url), &message()).await;
    let SendOutcome::Accepted {
        provider_id,
        identities,
    } = outcome
    else {
        panic!("{outcome:?}")
    };
    assert_eq!(provider_id, "wamid.NEW");
    let names: Vec<_> = identities
        .iter()
        .map(|identity| (identity.kind, identity.value.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            (IdentityKind::WaId, "5215500000119"),
            (IdentityKind::Phone, "525500000119")
        ]
    );

    let seen = meta.seen.lock().expect("seen");
    let request = &seen[0];
    assert_eq!(request.method, Method::POST);
    assert_eq!(
        request.uri.path(),
        format!("/{DEFAULT_GRAPH_VERSION}/600100/messages")
    );
    // HMAC-SHA256 of "EAAtoken" with the key "app-secret", computed with another implementation.
    assert_eq!(
        request.uri.query(),
        Some("appsecret_proof=9f9f0867bc3df2d00cecd6aa6fb78e65b64c050401bd6ec5b84d98503d443d34")
    );
    assert_eq!(request.headers["authorization"], "Bearer EAAtoken");
    assert_eq!(request.headers["content-type"], "application/json");
    assert!(
        request.headers["user-agent"]
            .to_str()
            .expect("text")
            .starts_with("Deskbell/")
    );
    let body: Value = serde_json::from_slice(&request.body).expect("json");
    assert_eq!(
        (&body["to"], &body["biz_opaque_callback_data"]),
        (&json!("+525500000119"), &json!("ob_42"))
    );
}

#[tokio::test]
async fn a_customer_written_to_by_id_is_known_by_that_id_only() {
    let meta = meta(vec![json_answer(
        200,
        &json!({"contacts": [{"input": "PT.111", "user_id": "PT.111"}], "messages": [{"id": "wamid.NEW"}]}),
    )])
    .await;
    let to = Recipient::Bsuid("PT.111".to_owned());
    let outcome = graph()
        .send(&account(&meta.base_url), &Outbound { to, ..message() })
        .await;
    let SendOutcome::Accepted { identities, .. } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(identities.len(), 1);
    assert_eq!(identities[0].kind, IdentityKind::Bsuid);
}

#[tokio::test]
async fn an_answer_without_an_id_proves_nothing() {
    for body in [
        "",
        "{}",
        "not json",
        "[]",
        r#"{"messages":[]}"#,
        r#"{"messages":[{"id":""}]}"#,
        "<html>ok</html>",
    ] {
        let outcome = outcome_of((200, Vec::new(), body.to_owned())).await;
        assert!(
            matches!(outcome, SendOutcome::Unknown { .. }),
            "{body}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn metas_own_error_proves_a_refusal_at_any_status() {
    for (status, code, class) in [
        (401, 190, SendClass::Configuration),
        (200, 131_047, SendClass::Never),
        (400, 131_056, SendClass::PairRate),
        (500, 131_000, SendClass::Transient { tries: 3 }),
        (503, 131_016, SendClass::Transient { tries: 5 }),
        (429, 130_429, SendClass::NumberRate),
        (403, 131_031, SendClass::Configuration),
        (400, 131_048, SendClass::Wait),
    ] {
        let failure = refusal(json_answer(status, &error(code, None, None))).await;
        assert_eq!((failure.class, failure.code), (class, Some(code)), "{status}");
        assert_eq!(
            failure.title, "Something",
            "the code is told apart from the words"
        );
    }
}

#[tokio::test]
async fn an_unknown_code_is_judged_by_the_status_and_by_what_meta_says_about_it() {
    for (status, class) in [
        (400, SendClass::Never),
        (401, SendClass::Configuration),
        (403, SendClass::Configuration),
        (429, SendClass::NumberRate),
        (500, SendClass::Transient { tries: 5 }),
        (200, SendClass::Never),
    ] {
        assert_eq!(
            refusal(json_answer(status, &error(987_654, None, None)))
                .await
                .class,
            class,
            "{status}"
        );
    }
    let mut passing = error(987_654, None, None);
    passing["error"]["is_transient"] = json!(true);
    assert_eq!(
        refusal(json_answer(400, &passing)).await.class,
        SendClass::Transient { tries: 5 }
    );
    let missing = refusal(json_answer(400, &error(100, Some(33), None))).await;
    assert_eq!(missing.class, SendClass::Configuration);
}

#[tokio::test]
async fn the_details_are_found_however_they_are_written() {
    for (data, detail) in [
        (json!({"details": "No such name"}), Some("No such name")),
        (json!("No such name"), Some("No such name")),
        (
            json!("{\"messaging_product\":\"whatsapp\",\"details\":\"No such name\"}"),
            Some("No such name"),
        ),
        (json!(["?"]), None),
        (json!({"details": null}), None),
    ] {
        let failure = refusal(json_answer(400, &error(131_009, None, Some(data)))).await;
        assert_eq!(failure.detail.as_deref(), detail);
    }
    let long = "x".repeat(5_000);
    let failure = refusal(json_answer(400, &error(131_009, None, Some(json!(long))))).await;
    assert_eq!(failure.detail.map(|detail| detail.len()), Some(1_000));
}

#[tokio::test]
async fn without_an_explanation_the_status_decides_and_a_gateways_page_decides_nothing() {
    let page = || "<!DOCTYPE html><title>Sorry</title>".to_owned();
    for (status, class) in [
        (400, SendClass::Never),
        (404, SendClass::Never),
        (401, SendClass::Configuration),
        (403, SendClass::Configuration),
        (429, SendClass::NumberRate),
    ] {
        let failure = refusal((status, Vec::new(), page())).await;
        assert_eq!((failure.class, failure.code), (class, None), "{status}");
        assert!(failure.title.ends_with('.'), "{}", failure.title);
    }
    for status in [500, 502, 503, 504] {
        for body in [page(), String::new(), r#"{"error":"bad gateway"}"#.to_owned()] {
            let outcome = outcome_of((status, Vec::new(), body)).await;
            assert!(
                matches!(outcome, SendOutcome::Unknown { .. }),
                "{status}: {outcome:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_since_it_would_carry_the_token_away() {
    let elsewhere = meta(Vec::new()).await;
    for status in [301, 302, 307, 308] {
        let location = vec![(
            "location",
            format!("{}/v25.0/600100/messages", elsewhere.base_url),
        )];
        assert_eq!(
            refusal((status, location, String::new())).await.class,
            SendClass::Configuration
        );
    }
    assert!(elsewhere.seen.lock().expect("seen").is_empty());
}

#[tokio::test]
async fn the_wait_meta_asks_for_is_understood_in_seconds_and_as_a_date() {
    let asked = async |headers: &[(&'static str, &str)]| {
        let headers = headers
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        refusal((429, headers, error(130_429, None, None).to_string()))
            .await
            .retry_after
    };
    let date = ("date", "Tue, 10 Nov 2026 09:00:00 GMT");
    assert_eq!(
        asked(&[("retry-after", "17")]).await,
        Some(Duration::from_secs(17))
    );
    assert_eq!(
        asked(&[date, ("retry-after", "Tue, 10 Nov 2026 09:01:30 GMT")]).await,
        Some(Duration::from_secs(90))
    );
    assert_eq!(
        asked(&[date, ("retry-after", "Tue, 10 Nov 2026 08:00:00 GMT")]).await,
        Some(Duration::ZERO)
    );
    assert_eq!(asked(&[("retry-after", "soon")]).await, None);
    assert_eq!(asked(&[("retry-after", "-5")]).await, None);
    assert_eq!(asked(&[]).await, None);
}

#[tokio::test]
async fn an_answer_without_end_is_not_swallowed() {
    let body = format!(
        r#"{{"messages":[{{"id":"wamid.X"}}],"padding":"{}"}}"#,
        "x".repeat(2 * 1024 * 1024)
    );
    let outcome = outcome_of((200, Vec::new(), body)).await;
    assert!(matches!(outcome, SendOutcome::Unknown { .. }), "{outcome:?}");
}

#[tokio::test]
async fn what_cannot_be_sent_at_all_is_a_matter_of_settings() {
    let mut bad_token = account("http://127.0.0.1:1");
    bad_token.access_token = vault::Secret::new("two\nlines".to_owned());
    for account in [
        account("not an address"),
        account("ftp://127.0.0.1"),
        account(""),
        bad_token,
    ] {
        let outcome = graph().send(&account, &message()).await;
        let SendOutcome::Refused(failure) = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(failure.class, SendClass::Configuration, "{account:?}");
    }
}

#[tokio::test]
async fn a_base_address_with_a_path_and_ids_with_odd_characters_stay_in_their_place() {
    let meta = meta(Vec::new()).await;
    let mut account = account(&format!("{}/relay/", meta.base_url));
    account.number_id = "6/../7?x=#".to_owned();
    account.app_secret = vault::Secret::new(String::new());
    graph().send(&account, &message()).await;
    let seen = meta.seen.lock().expect("seen");
    assert_eq!(
        seen[0].uri.to_string(),
        "/relay/v25.0/6%2F..%2F7%3Fx=%23/messages"
    );
}

#[tokio::test]
async fn a_check_tells_the_state_of_the_number() {
    let meta = meta(vec![json_answer(
        200,
        &json!({"id": "600100", "display_phone_number": "+351 21 000 0142", "verified_name": "Padaria Prado",
            "quality_rating": "GREEN", "status": "CONNECTED", "throughput": {"level": "STANDARD"},
            "webhook_configuration": {"application": "https://old.example", "phone_number": "https://new.example"},
            "health_status": {"can_send_message": "BLOCKED", "entities": [
                {"entity_type": "PHONE_NUMBER", "can_send_message": "AVAILABLE"},
                {"entity_type": "WABA", "errors": [{"error_code": 141_006, "error_description": "No card.",
                    "possible_solution": "Add one."}]}]}}),
    )])
    .await;
    let state = graph().check(&account(&meta.base_url)).await.expect("a state");
    assert_eq!(state.display_phone_number.as_deref(), Some("+351 21 000 0142"));
    assert_eq!(state.verified_name.as_deref(), Some("Padaria Prado"));
    assert_eq!(
        (state.quality_rating.as_deref(), state.status.as_deref()),
        (Some("GREEN"), Some("CONNECTED"))
    );
    assert_eq!(
        (state.throughput.as_deref(), state.account_mode),
        (Some("STANDARD"), None)
    );
    assert_eq!(state.can_send_message.as_deref(), Some("BLOCKED"));
    assert_eq!(state.obstacle.as_deref(), Some("No card. Add one."));
    assert_eq!(state.webhook_url.as_deref(), Some("https://new.example"));
    let seen = meta.seen.lock().expect("seen");
    assert_eq!(
        (seen[0].method.clone(), seen[0].uri.path()),
        (Method::GET, "/v25.0/600100")
    );
    assert_eq!(seen[0].headers["authorization"], "Bearer EAAtoken");
}

#[tokio::test]
async fn a_field_meta_does_not_know_costs_only_the_long_answer() {
    let meta = meta(vec![
        json_answer(400, &error(100, None, None)),
        json_answer(200, &json!({"status": "CONNECTED"})),
    ])
    .await;
    let state = graph().check(&account(&meta.base_url)).await.expect("a state");
    assert_eq!(state.status.as_deref(), Some("CONNECTED"));
    let seen = meta.seen.lock().expect("seen");
    assert!(seen[0].uri.query().expect("fields").contains("health_status"));
    assert!(!seen[1].uri.query().expect("fields").contains("health_status"));
}

#[tokio::test]
async fn a_failed_check_says_what_to_do() {
    for (answer, code, word) in [
        (
            json_answer(400, &error(100, Some(33), None)),
            Some(100),
            "phone number id",
        ),
        (
            json_answer(401, &error(190, Some(463), None)),
            Some(190),
            "expired",
        ),
        ((403, Vec::new(), String::new()), None, "refused access"),
        ((502, Vec::new(), "<html>".to_owned()), None, "trouble"),
        ((302, Vec::new(), String::new()), None, "address"),
        ((200, Vec::new(), "hello".to_owned()), None, "no usable answer"),
    ] {
        let meta = meta(vec![answer]).await;
        let failure = graph()
            .check(&account(&meta.base_url))
            .await
            .expect_err("a failure");
        assert_eq!(failure.code, code);
        assert!(failure.words.contains(word), "{failure:?}");
    }
}

#[tokio::test]
async fn the_product_client_can_be_made_here() {
    assert!(Graph::new().is_ok());
}
