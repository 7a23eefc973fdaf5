//! Where Meta is told to send webhooks, and what it says about that.

#![expect(clippy::expect_used, reason = "a test server that cannot start should say so")]

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
use channels::whatsapp::setup::{App, FIELDS, LONGEST_CALLBACK};
use serde_json::{Value, json};
use support::script::{Meta, Scripted, error, json_answer, meta};
use support::{account, graph};
use vault::Secret;

const WABA: &str = "398700100";
const PLACE: &str = "https://prado.ngrok-free.app/hook/a1b2c3";

fn shop(base_url: &str) -> Account {
    Account {
        business_account_id: Some(WABA.to_owned()),
        ..account(base_url)
    }
}

fn app(base_url: &str) -> App {
    App {
        base_url: base_url.to_owned(),
        version: "v25.0".to_owned(),
        app_id: "118000200".to_owned(),
        app_secret: Secret::new("app-secret".to_owned()),
    }
}

fn verify_token() -> Secret {
    Secret::new("vt-unguessable-31")
}

fn yes() -> Scripted {
    json_answer(200, &json!({"success": true}))
}

#[tokio::test]
async fn the_app_is_subscribed_before_the_number_gets_an_address_of_its_own() {
    let meta = meta(vec![yes(), yes(), yes(), yes()]).await;
    let shop = shop(&meta.base_url);
    graph().subscribe(&shop).await.expect("subscribed");
    graph()
        .override_number(&shop, PLACE, &verify_token())
        .await
        .expect("set");
    graph().remove_number_override(&shop).await.expect("removed");
    graph()
        .override_account(&shop, PLACE, &verify_token())
        .await
        .expect("set");
    let asked = meta.asked();
    let paths: Vec<_> = asked
        .iter()
        .map(|seen| (seen.method.clone(), seen.uri.path()))
        .collect();
    assert_eq!(
        paths,
        [
            (Method::POST, "/v25.0/398700100/subscribed_apps"),
            (Method::POST, "/v25.0/600100"),
            (Method::POST, "/v25.0/600100"),
            (Method::POST, "/v25.0/398700100/subscribed_apps"),
        ]
    );
    assert!(
        asked[0].body.is_empty(),
        "the plain call must not look like an override"
    );
    assert_eq!(
        asked[1].json(),
        json!({"webhook_configuration": {"override_callback_uri": PLACE, "verify_token": "vt-unguessable-31"}})
    );
    assert_eq!(
        asked[2].json(),
        json!({"webhook_configuration": {"override_callback_uri": ""}})
    );
    assert_eq!(
        asked[3].json(),
        json!({"override_callback_uri": PLACE, "verify_token": "vt-unguessable-31"})
    );
    assert!(asked.iter().all(|seen| seen.query("appsecret_proof").is_some()));
}

#[tokio::test]
async fn every_refusal_of_an_address_ends_in_its_sentence() {
    let before_subscribe = json!({"error": {"code": 100, "type": "OAuthException",
        "message": "(#100) Before override the current callback uri, your app must be subscribed to receive messages"}});
    let hidden_in_details = json!({"error": {"code": 100, "message": "Invalid parameter",
        "error_data": {"details": "Your app must be subscribed first"}}});
    for (answer, remedy, word) in [
        (
            before_subscribe,
            Remedy::Subscribe,
            "not connected to this WhatsApp account yet",
        ),
        (
            hidden_in_details,
            Remedy::Subscribe,
            "not connected to this WhatsApp account yet",
        ),
        (
            error(2_200, None, None),
            Remedy::CheckTunnel,
            "did not get the right answer",
        ),
        (
            error(2_201, None, None),
            Remedy::CheckTunnel,
            "could not reach the public address",
        ),
        (error(190, None, None), Remedy::NewToken, "not valid"),
        (
            error(10, None, None),
            Remedy::GrantPermission,
            "whatsapp_business_management",
        ),
        (
            error(200, None, None),
            Remedy::GrantPermission,
            "whatsapp_business_management",
        ),
        (
            error(104, None, None),
            Remedy::NewSecret,
            "app secret does not belong",
        ),
        (
            error(100, Some(33), None),
            Remedy::AssignAccount,
            "phone number id or the account id is wrong",
        ),
    ] {
        let meta = meta(vec![json_answer(400, &answer)]).await;
        let failure = graph()
            .override_number(&shop(&meta.base_url), PLACE, &verify_token())
            .await
            .expect_err("a failure");
        assert_eq!(failure.remedy, remedy, "{answer}");
        assert!(failure.words.contains(word), "{answer}: {failure}");
    }
}

#[tokio::test]
async fn an_address_that_is_too_long_is_told_before_meta_is_asked() {
    let meta = meta(vec![yes()]).await;
    let shop = shop(&meta.base_url);
    let at_most = format!("https://a.example/{}", "x".repeat(LONGEST_CALLBACK - 18));
    assert_eq!(at_most.len(), LONGEST_CALLBACK);
    graph()
        .override_number(&shop, &at_most, &verify_token())
        .await
        .expect("taken");
    let failure = graph()
        .override_number(&shop, &format!("{at_most}x"), &verify_token())
        .await
        .expect_err("too long");
    assert!(failure.words.contains("200 characters"), "{failure}");
    meta.asked_once();
}

#[tokio::test]
async fn a_verify_token_that_meta_quotes_is_not_repeated() {
    let quoted = json!({"error": {"code": 2200, "message": "(#2200) vt-unguessable-31 was not echoed"}});
    let meta = meta(vec![json_answer(400, &quoted)]).await;
    let failure = graph()
        .override_account(&shop(&meta.base_url), PLACE, &verify_token())
        .await
        .expect_err("a failure");
    assert_eq!(failure.detail.as_deref(), Some("(secret) was not echoed"));
}

#[tokio::test]
async fn all_apps_that_listen_are_told_ours_and_others() {
    let meta = meta(vec![
        json_answer(
            200,
            &json!({"data": [
                {"whatsapp_business_api_data": {"id": 118_000_200, "name": "Padaria Desk", "link": "https://l.example"},
                    "override_callback_uri": PLACE},
                {"whatsapp_business_api_data": {"id": "200200", "name": "Old desk"}},
                {"id": "300300"}, {}, null]}),
        ),
        json_answer(200, &json!({"data": []})),
        json_answer(200, &json!({"data": "none"})),
    ])
    .await;
    let shop = shop(&meta.base_url);
    let apps = graph().subscribed_apps(&shop).await.expect("apps");
    let told: Vec<_> = apps
        .iter()
        .map(|app| (app.id.as_deref(), app.override_url.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (Some("118000200"), Some(PLACE)),
            (Some("200200"), None),
            (Some("300300"), None)
        ]
    );
    assert_eq!(graph().subscribed_apps(&shop).await.expect("apps"), []);
    assert!(
        graph().subscribed_apps(&shop).await.is_err(),
        "no list is no empty list"
    );
}

fn known_before() -> Scripted {
    json_answer(
        200,
        &json!({"data": [
            {"object": "page", "callback_url": "https://page.example", "active": true, "fields": [{"name": "feed"}]},
            {"object": "whatsapp_business_account", "callback_url": "https://old.example", "active": "true",
                "fields": [{"name": "messages", "version": "v23.0"}, "flows"]}]}),
    )
}

#[tokio::test]
async fn the_callback_of_the_app_is_read_with_its_fields() {
    let meta = meta(vec![known_before()]).await;
    let found = graph()
        .app_subscriptions(&app(&meta.base_url))
        .await
        .expect("subscriptions");
    let ours = found.iter().find(|found| found.is_whatsapp()).expect("ours");
    assert_eq!(
        (ours.callback_url.as_deref(), ours.active),
        (Some("https://old.example"), Some(true))
    );
    assert_eq!(ours.fields, ["messages", "flows"]);
    let seen = meta.asked_once();
    assert_eq!(seen.uri.path(), "/v25.0/118000200/subscriptions");
    assert_eq!(
        seen.query("access_token").as_deref(),
        Some("118000200|app-secret")
    );
}

/// Says which fields each try to set the callback asked for.
fn tried(meta: &Meta) -> Vec<Vec<String>> {
    meta.asked()
        .iter()
        .filter(|seen| seen.method == Method::POST)
        .map(|seen| {
            let fields = seen.query("fields").unwrap_or_default();
            fields.split(',').map(str::to_owned).collect()
        })
        .collect()
}

#[tokio::test]
async fn the_callback_of_the_app_keeps_the_news_it_had() {
    let meta = meta(vec![known_before(), yes()]).await;
    let set = graph()
        .set_app_callback(
            &app(&meta.base_url),
            PLACE,
            &verify_token(),
            &["account_update", "messages"],
        )
        .await
        .expect("set");
    assert_eq!(set.fields, ["messages", "account_update", "flows"]);
    assert!(set.left_out.is_empty());
    let asked = meta.asked();
    let query = |key: &str| asked[1].query(key);
    assert_eq!(query("object").as_deref(), Some("whatsapp_business_account"));
    assert_eq!(query("callback_url").as_deref(), Some(PLACE));
    assert_eq!(query("verify_token").as_deref(), Some("vt-unguessable-31"));
    assert_eq!(query("fields").as_deref(), Some("messages,account_update,flows"));
}

/// A Meta that knows some fields only, and may or may not name those it refuses.
async fn set_where_some_are_unknown(unknown: &[&str], refusal: Value) -> (Vec<String>, Vec<String>, usize) {
    let refusal = json_answer(400, &refusal);
    // The script cannot look at the question, so the answers are found by playing the client's part: each round, what
    // was asked last is judged and the script grows by that answer.
    let mut answers = vec![json_answer(200, &json!({"data": []}))];
    loop {
        let meta = meta(answers.clone()).await;
        let outcome = graph()
            .set_app_callback(&app(&meta.base_url), PLACE, &verify_token(), &FIELDS)
            .await;
        let tried = tried(&meta);
        if tried.len() < answers.len() {
            let set = outcome.expect("set");
            let last = tried.last().expect("a try");
            assert_eq!(last, &set.fields, "the last word is the whole list");
            return (set.fields, set.left_out, tried.len());
        }
        let last = tried.last().expect("a try");
        let is_refused = last.iter().any(|field| unknown.contains(&field.as_str()));
        answers.push(if is_refused { refusal.clone() } else { yes() });
    }
}

#[tokio::test]
async fn a_field_meta_does_not_know_is_left_out_whether_it_is_named_or_not() {
    let named = |text: &str| json!({"error": {"code": 100, "message": format!("(#100) {text}")}});
    let valid: Vec<_> = FIELDS.iter().filter(|field| **field != "standby").collect();
    for (unknown, refusal, most_tries) in [
        (vec!["standby"], named("standby is no field"), 5),
        (
            vec!["standby"],
            named(&format!("fields must be one of {valid:?}")),
            5,
        ),
        (vec!["standby"], error(100, None, None), 14),
        (vec!["standby", "calls", "history"], error(100, None, None), 26),
        (vec!["standby", "calls"], named("standby is no field"), 16),
    ] {
        let (fields, mut left_out, tries) = set_where_some_are_unknown(&unknown, refusal.clone()).await;
        left_out.sort();
        let mut expected = unknown.clone();
        expected.sort_unstable();
        assert_eq!(left_out, expected, "{refusal}");
        assert_eq!(fields.len() + unknown.len(), FIELDS.len());
        assert!(tries <= most_tries, "{tries} tries for {refusal}");
    }
}

#[tokio::test]
async fn a_refusal_that_is_not_about_fields_is_told_after_two_tries() {
    let refused = || json_answer(400, &error(100, None, None));
    let meta = meta(vec![known_before(), refused(), refused()]).await;
    let failure = graph()
        .set_app_callback(&app(&meta.base_url), PLACE, &verify_token(), &FIELDS)
        .await
        .expect_err("refused");
    assert_eq!(failure.code, Some(100));
    assert_eq!(tried(&meta).len(), 2);
}

#[tokio::test]
async fn an_address_meta_cannot_reach_is_no_matter_of_fields() {
    let meta = meta(vec![known_before(), json_answer(400, &error(2_200, None, None))]).await;
    let failure = graph()
        .set_app_callback(&app(&meta.base_url), PLACE, &verify_token(), &FIELDS)
        .await
        .expect_err("refused");
    assert_eq!(failure.remedy, Remedy::CheckTunnel);
    assert_eq!(tried(&meta).len(), 1);
}
