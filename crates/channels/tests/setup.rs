//! Finding out about a token, its accounts and its numbers, and registering one.

#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "shared by several test programs"
)]
mod support;

use axum::http::Method;
use channels::whatsapp::Account;
use channels::whatsapp::errors::Remedy;
use channels::whatsapp::setup::{App, Expiry, Lifetime};
use domain::{SendClass, Timestamp};
use serde_json::{Value, json};
use std::time::Duration;
use support::script::{error, json_answer, meta};
use support::{account, graph, raw_server};
use vault::Secret;

const APP_ID: &str = "118000200";
const WABA: &str = "398700100";

fn app(base_url: &str) -> App {
    App {
        base_url: base_url.to_owned(),
        version: "v25.0".to_owned(),
        app_id: APP_ID.to_owned(),
        app_secret: Secret::new("app-secret".to_owned()),
    }
}

/// An account before a number was chosen.
fn nobody(base_url: &str) -> Account {
    Account {
        number_id: String::new(),
        ..account(base_url)
    }
}

fn good_token() -> Value {
    json!({"data": {
        "app_id": APP_ID, "application": "Padaria Desk", "type": "SYSTEM_USER", "is_valid": true, "expires_at": 0,
        "data_access_expires_at": 0, "issued_at": 1_793_000_000, "user_id": "12200",
        "scopes": ["whatsapp_business_management", "whatsapp_business_messaging"],
        "granular_scopes": [
            {"scope": "whatsapp_business_management", "target_ids": [WABA]},
            {"scope": "whatsapp_business_messaging"}]}})
}

#[tokio::test]
async fn the_app_of_a_token_is_found_before_a_number_is_chosen() {
    let meta = meta(vec![
        json_answer(200, &json!({"id": APP_ID, "name": "Padaria Desk"})),
        json_answer(200, &json!({"id": 118_000_200})),
        json_answer(200, &json!({"name": "Padaria Desk"})),
    ])
    .await;
    let account = nobody(&meta.base_url);
    let found = graph().app_of_token(&account).await.expect("an app");
    assert_eq!(found, (APP_ID.to_owned(), Some("Padaria Desk".to_owned())));
    let found = graph().app_of_token(&account).await.expect("an app");
    assert_eq!(found, (APP_ID.to_owned(), None));
    let failure = graph().app_of_token(&account).await.expect_err("no id");
    assert!(failure.is_unreachable() && !failure.is_dead_token());
    for seen in meta.asked() {
        assert_eq!((&seen.method, seen.uri.path()), (&Method::GET, "/v25.0/app"));
        assert_eq!(seen.headers["authorization"], "Bearer EAAtoken");
        assert!(seen.query("appsecret_proof").is_some());
    }
}

#[tokio::test]
async fn a_token_is_looked_at_in_the_name_of_its_app() {
    let meta = meta(vec![json_answer(200, &good_token())]).await;
    let token = Secret::new("EAAtoken");
    let facts = graph()
        .debug_token(&token, &app(&meta.base_url))
        .await
        .expect("facts");
    assert_eq!(facts.app_id.as_deref(), Some(APP_ID));
    assert_eq!(facts.application.as_deref(), Some("Padaria Desk"));
    assert_eq!(facts.kind.as_deref(), Some("SYSTEM_USER"));
    assert!(facts.is_valid);
    assert_eq!(facts.expires_at, Expiry::Never);
    assert_eq!(facts.account_ids, Some(vec![WABA.to_owned()]));
    assert_eq!(facts.messaging_ids, None, "not limited");
    assert_eq!(facts.error, None);
    let seen = meta.asked_once();
    assert_eq!(seen.uri.path(), "/v25.0/debug_token");
    assert_eq!(seen.headers["authorization"], "Bearer 118000200|app-secret");
    assert_eq!(seen.query("input_token").as_deref(), Some("EAAtoken"));
}

#[tokio::test]
async fn a_token_that_has_ended_is_told_with_its_reason_and_not_as_a_failure() {
    let meta = meta(vec![json_answer(
        200,
        &json!({"data": {"app_id": 118_000_200, "type": "USER", "is_valid": "false", "expires_at": "1794247200",
            "scopes": "whatsapp_business_messaging",
            "error": {"code": "190", "message": "Session has expired", "subcode": 463}}}),
    )])
    .await;
    let facts = graph()
        .debug_own_token(&nobody(&meta.base_url))
        .await
        .expect("facts");
    assert!(!facts.is_valid);
    assert_eq!(facts.app_id.as_deref(), Some(APP_ID));
    assert_eq!(facts.error, Some((190, Some(463))));
    assert_eq!(facts.scopes, ["whatsapp_business_messaging"]);
    let end = Timestamp::from_unix_seconds(1_794_247_200).expect("a moment");
    assert_eq!(facts.expires_at, Expiry::At(end));
    assert_eq!(facts.data_access_expires_at, Expiry::Unknown);
    assert_eq!(
        facts.lifetime(end.plus(Duration::from_secs(1))),
        Lifetime::Over { since: end }
    );
    assert_eq!(meta.asked_once().headers["authorization"], "Bearer EAAtoken");
}

#[tokio::test]
async fn a_trial_token_is_told_apart_from_one_that_lasts() {
    let now = Timestamp::from_unix_seconds(1_794_301_200).expect("a moment");
    let hours = |hours: i64| Timestamp::from_unix_seconds(1_794_301_200 + hours * 3_600).expect("a moment");
    let seconds = |hours: i64| 1_794_301_200 + hours * 3_600;
    for (facts, lifetime) in [
        (json!({"expires_at": 0}), Lifetime::Unlimited),
        (json!({}), Lifetime::Unknown),
        (json!({"expires_at": "soon"}), Lifetime::Unknown),
        (
            json!({"expires_at": seconds(20), "issued_at": seconds(-4)}),
            Lifetime::Trial { until: hours(20) },
        ),
        (
            json!({"expires_at": seconds(20), "type": "USER"}),
            Lifetime::Trial { until: hours(20) },
        ),
        (
            json!({"expires_at": seconds(20), "issued_at": seconds(-59 * 24), "type": "USER"}),
            Lifetime::EndsSoon { until: hours(20) },
        ),
        (
            json!({"expires_at": seconds(6 * 24), "type": "SYSTEM_USER"}),
            Lifetime::EndsSoon { until: hours(6 * 24) },
        ),
        (
            json!({"expires_at": seconds(30 * 24)}),
            Lifetime::Good {
                until: hours(30 * 24),
            },
        ),
    ] {
        let meta = meta(vec![json_answer(200, &json!({"data": facts}))]).await;
        let known = graph()
            .debug_own_token(&nobody(&meta.base_url))
            .await
            .expect("facts");
        assert!(known.is_valid, "nothing speaks against it");
        assert_eq!(known.lifetime(now), lifetime, "{facts}");
    }
}

#[tokio::test]
async fn a_business_account_is_told_with_its_owner_and_its_health() {
    let meta = meta(vec![json_answer(
        200,
        &json!({"id": WABA, "name": "Padaria Prado", "timezone_id": 58, "currency": "EUR", "country": "PT",
            "account_review_status": "APPROVED", "business_verification_status": "verified",
            "owner_business_info": {"id": 7100, "name": "Prado Lda"},
            "health_status": {"can_send_message": "LIMITED", "entities": [{"entity_type": "BUSINESS", "id": "7100",
                "can_send_message": "LIMITED", "additional_info": ["Not verified."]}]}}),
    )])
    .await;
    let found = graph()
        .business_account(&nobody(&meta.base_url), " 398700100 ")
        .await
        .expect("an account");
    assert_eq!(
        (
            found.id.as_str(),
            found.currency.as_deref(),
            found.timezone_id.as_deref()
        ),
        (WABA, Some("EUR"), Some("58"))
    );
    assert_eq!(
        (found.review.as_deref(), found.verification.as_deref()),
        (Some("APPROVED"), Some("verified"))
    );
    let owner = found.owner.expect("an owner");
    assert_eq!(
        (owner.id.as_deref(), owner.name.as_deref()),
        (Some("7100"), Some("Prado Lda"))
    );
    let health = found.health.expect("health");
    assert_eq!(health.can_send_message.as_deref(), Some("LIMITED"));
    assert_eq!(health.entities[0].remarks, ["Not verified."]);
    assert_eq!(meta.asked_once().uri.path(), "/v25.0/398700100");
}

#[tokio::test]
async fn a_field_meta_does_not_know_costs_only_the_long_answer_about_an_account() {
    let meta = meta(vec![
        json_answer(400, &error(100, None, None)),
        json_answer(
            200,
            &json!({"name": "Padaria Prado", "owner_business_info": null}),
        ),
    ])
    .await;
    let found = graph()
        .business_account(&nobody(&meta.base_url), WABA)
        .await
        .expect("an account");
    assert_eq!((found.id.as_str(), found.owner), (WABA, None));
    let fields: Vec<_> = meta
        .asked()
        .iter()
        .filter_map(|seen| seen.query("fields"))
        .collect();
    assert!(fields[0].contains("health_status") && !fields[1].contains("health_status"));
}

#[tokio::test]
async fn an_account_the_token_may_not_see_says_what_to_do_and_is_asked_for_once() {
    let meta = meta(vec![json_answer(400, &error(100, Some(33), None))]).await;
    let failure = graph()
        .business_account(&nobody(&meta.base_url), WABA)
        .await
        .expect_err("a failure");
    assert_eq!(failure.remedy, Remedy::AssignAccount);
    assert!(failure.words.contains("assigned"), "{failure}");
    meta.asked_once();
}

#[tokio::test]
async fn all_numbers_of_an_account_are_found_page_by_page() {
    let meta = meta(vec![
        json_answer(
            200,
            &json!({"data": [
                {"id": "600100", "display_phone_number": "+351 21 000 0142", "status": "CONNECTED",
                    "throughput": {"level": "STANDARD"}, "is_on_biz_app": false},
                {"display_phone_number": "+351 21 000 0143"}, "odd"],
                "paging": {"cursors": {"after": "AA=="}, "next": "https://elsewhere.example/?after=AA"}}),
        ),
        json_answer(
            200,
            &json!({"data": [{"id": "600100"}, {"id": 600_200, "status": "PENDING", "is_on_biz_app": "true"}],
                "paging": {"cursors": {"after": "BB"}}}),
        ),
    ])
    .await;
    let numbers = graph()
        .numbers(&nobody(&meta.base_url), WABA)
        .await
        .expect("numbers");
    let ids: Vec<_> = numbers.iter().filter_map(|number| number.id.as_deref()).collect();
    assert_eq!(
        ids,
        ["600100", "600200"],
        "without an id nothing can be chosen, and none comes twice"
    );
    assert_eq!(numbers[0].throughput.as_deref(), Some("STANDARD"));
    assert_eq!(
        (numbers[0].is_on_biz_app, numbers[1].is_on_biz_app),
        (Some(false), Some(true))
    );
    let asked = meta.asked();
    assert_eq!(asked[1].uri.path(), "/v25.0/398700100/phone_numbers");
    assert_eq!(
        (asked[0].query("after"), asked[1].query("after").as_deref()),
        (None, Some("AA=="))
    );
    assert_eq!(asked[0].query("limit").as_deref(), Some("100"));
}

#[tokio::test]
async fn a_list_of_numbers_without_an_end_is_given_up() {
    let page = |after: usize| {
        json_answer(
            200,
            &json!({"data": [{"id": after}], "paging": {"cursors": {"after": after.to_string()}, "next": "x"}}),
        )
    };
    let endless = meta((0..30).map(page).collect()).await;
    let numbers = graph()
        .numbers(&nobody(&endless.base_url), WABA)
        .await
        .expect("numbers");
    assert_eq!((numbers.len(), endless.asked().len()), (20, 20));

    let circle = meta(vec![page(7), page(7)]).await;
    let numbers = graph()
        .numbers(&nobody(&circle.base_url), WABA)
        .await
        .expect("numbers");
    assert_eq!((numbers.len(), circle.asked().len()), (1, 2));
}

#[tokio::test]
async fn an_older_version_tells_less_about_the_numbers() {
    let meta = meta(vec![
        json_answer(400, &error(100, None, None)),
        json_answer(200, &json!({"data": [{"id": "600100"}]})),
    ])
    .await;
    let numbers = graph()
        .numbers(&nobody(&meta.base_url), WABA)
        .await
        .expect("numbers");
    assert_eq!(numbers.len(), 1);
    let asked = meta.asked();
    assert!(
        !asked[1]
            .query("fields")
            .expect("fields")
            .contains("is_on_biz_app")
    );
}

#[tokio::test]
async fn a_check_tells_what_stands_in_the_way_with_metas_remedy_and_where_webhooks_go() {
    let meta = meta(vec![json_answer(
        200,
        &json!({"id": "600100", "is_on_biz_app": true, "is_pin_enabled": "true",
            "webhook_configuration": {"application": "https://app.example/a", "whatsapp_business_account": "https://a.example/w"},
            "health_status": {"can_send_message": "BLOCKED", "entities": [
                {"entity_type": "PHONE_NUMBER", "id": 600_100, "can_send_message": "AVAILABLE"},
                {"entity_type": "WABA", "id": WABA, "can_send_message": "BLOCKED", "errors": {
                    "error_code": "141006", "error_description": "There is no card.", "possible_solution": "Add a card."}},
                {"entity_type": "BUSINESS", "can_send_message": "LIMITED", "additional_info": "Not verified.",
                    "errors": [{"error_description": "Not verified."}, {}, null]},
                "odd"]}}),
    )])
    .await;
    let state = graph().check(&account(&meta.base_url)).await.expect("a state");
    assert_eq!(
        (state.is_on_biz_app, state.is_pin_enabled),
        (Some(true), Some(true))
    );
    assert_eq!(state.obstacle.as_deref(), Some("There is no card. Add a card."));
    let health = state.health.expect("health");
    let troubles: Vec<_> = health
        .troubles()
        .map(|(entity, trouble)| {
            (
                entity.kind.as_deref(),
                trouble.code,
                trouble.description.as_deref(),
                trouble.solution.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        troubles,
        [
            (
                Some("WABA"),
                Some(141_006),
                Some("There is no card."),
                Some("Add a card.")
            ),
            (Some("BUSINESS"), None, Some("Not verified."), None),
        ]
    );
    assert_eq!(health.entities[2].remarks, ["Not verified."]);
    assert_eq!(
        state.webhooks.account.as_deref(),
        Some("https://a.example/w"),
        "each level is told"
    );
    assert_eq!(
        state.webhook_url.as_deref(),
        Some("https://a.example/w"),
        "the narrowest wins"
    );
    assert_eq!(state.webhooks.phone_number, None);
}

#[tokio::test]
async fn a_look_that_takes_longer_than_its_limit_has_failed_and_says_nothing_against_the_token() {
    let silent = raw_server(|stream| {
        // Answers nothing until the other side goes.
        let mut stream = stream;
        let _ = std::io::Read::read(&mut stream, &mut [0]);
    });
    let limited =
        channels::whatsapp::Graph::with_timeouts(Duration::from_secs(5), Duration::from_millis(300))
            .expect("a client");
    let failure = limited.check(&account(&silent)).await.expect_err("a failure");
    assert!(
        failure.is_unreachable() && !failure.is_dead_token(),
        "{failure:?}"
    );
    assert!(failure.is_passing());
}

#[tokio::test]
async fn a_check_answers_within_five_seconds() {
    let silent = raw_server(|stream| {
        let mut stream = stream;
        let _ = std::io::Read::read(&mut stream, &mut [0]);
    });
    let start = std::time::Instant::now();
    let failure = graph().check(&account(&silent)).await.expect_err("a failure");
    let took = start.elapsed();
    assert!(
        (4_900..10_000).contains(&took.as_millis()),
        "five seconds, not {took:?}"
    );
    assert!(failure.words.contains("within five seconds"), "{failure}");
    assert_eq!(failure.remedy, Remedy::TryLater);
}

#[tokio::test]
async fn only_metas_own_word_makes_a_token_a_dead_one() {
    for (answer, is_dead) in [
        (json_answer(401, &error(190, Some(463), None)), true),
        (json_answer(400, &error(190, None, None)), true),
        (json_answer(200, &error(190, Some(467), None)), true),
        (json_answer(401, &error(0, None, None)), true),
        ((401, Vec::new(), String::new()), true),
        (json_answer(500, &error(0, None, None)), false),
        (json_answer(401, &error(104, None, None)), false),
        (json_answer(403, &error(10, None, None)), false),
        (json_answer(500, &error(2, None, None)), false),
        ((403, Vec::new(), String::new()), false),
        ((502, Vec::new(), "<html>".to_owned()), false),
        ((504, Vec::new(), String::new()), false),
        (
            (200, Vec::new(), "<html>log in to the hotel</html>".to_owned()),
            false,
        ),
    ] {
        let shown = format!("{answer:?}");
        let meta = meta(vec![answer]).await;
        let failure = graph()
            .check(&account(&meta.base_url))
            .await
            .expect_err("a failure");
        assert_eq!(failure.is_dead_token(), is_dead, "{shown}");
        if !is_dead {
            assert!(!failure.words.contains("expired"), "{shown}: {failure}");
        }
    }
    let offline = graph()
        .check(&account("http://127.0.0.1:1"))
        .await
        .expect_err("nobody is there");
    assert!(!offline.is_dead_token() && offline.is_unreachable());
    assert_eq!(offline.remedy, Remedy::CheckInternet);
}

#[tokio::test]
async fn a_number_is_registered_with_its_pin_which_is_never_repeated() {
    let pin = Secret::new("482913");
    let meta = meta(vec![
        json_answer(200, &json!({"success": true})),
        json_answer(
            400,
            &error(133_005, None, Some(json!({"details": "482913 is not the PIN"}))),
        ),
    ])
    .await;
    let account = account(&meta.base_url);
    graph().register_number(&account, &pin).await.expect("registered");
    let failure = graph()
        .register_number(&account, &pin)
        .await
        .expect_err("a wrong PIN");
    assert_eq!((failure.code, failure.remedy), (Some(133_005), Remedy::CheckPin));
    assert!(!format!("{failure:?}").contains("482913"), "{failure:?}");
    let asked = meta.asked();
    assert_eq!(asked[0].uri.path(), "/v25.0/600100/register");
    assert_eq!(
        asked[0].json(),
        json!({"messaging_product": "whatsapp", "pin": "482913"})
    );
}

#[tokio::test]
async fn what_is_no_pin_and_no_number_never_reaches_meta() {
    let meta = meta(Vec::new()).await;
    for pin in ["", "12345", "1234567", "12a456", "١٢٣٤٥٦"] {
        let failure = graph()
            .register_number(&account(&meta.base_url), &Secret::new(pin))
            .await
            .expect_err("no PIN");
        assert_eq!(
            (failure.class, failure.remedy),
            (SendClass::Never, Remedy::CheckPin)
        );
    }
    let nobody = nobody(&meta.base_url);
    let pin = Secret::new("482913");
    for failure in [
        graph()
            .register_number(&nobody, &pin)
            .await
            .expect_err("no number"),
        graph().check(&nobody).await.expect_err("no number"),
        graph()
            .override_number(&nobody, "https://a.example", &pin)
            .await
            .expect_err("no number"),
    ] {
        assert_eq!(failure.remedy, Remedy::CheckIds);
        assert!(failure.words.contains("which number"), "{failure}");
    }
    assert!(meta.asked().is_empty());
}
