//! Which of token, app secret and app id is wrong, and what is said about it.

#![expect(clippy::panic, reason = "a proof that should have failed should be shown")]

#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "shared by several test programs"
)]
mod support;

use channels::whatsapp::errors::Remedy;
use channels::whatsapp::setup::{Credential, CredentialTrouble, Proved, Source};
use channels::whatsapp::{CallFailure, Graph};
use serde_json::{Value, json};
use std::time::Duration;
use support::script::{Meta, Scripted, error, json_answer, meta};
use support::{account, graph, raw_server};
use vault::Secret;

const APP_ID: &str = "118000200";
const OTHER_APP: &str = "999000111";
const TOKEN: &str = "EAAlongtokenofasystemuser";
const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn source(base_url: &str, app_id: Option<&str>) -> Source {
    Source {
        base_url: base_url.to_owned(),
        version: "v25.0".to_owned(),
        access_token: Secret::new(TOKEN),
        app_secret: Secret::new(SECRET),
        app_id: app_id.map(str::to_owned),
    }
}

async fn proved(app_id: Option<&str>, answers: Vec<Scripted>) -> (Result<Proved, CredentialTrouble>, Meta) {
    let meta = meta(answers).await;
    let outcome = graph().prove(&source(&meta.base_url, app_id)).await;
    (outcome, meta)
}

async fn trouble(app_id: Option<&str>, answers: Vec<Scripted>) -> CredentialTrouble {
    let asked = answers.len();
    let (outcome, meta) = proved(app_id, answers).await;
    assert_eq!(meta.asked().len(), asked, "no call too many and none too few");
    match outcome {
        Err(trouble) => {
            assert!(trouble.words.ends_with('.'), "{trouble}");
            assert!(!format!("{trouble:?}").contains(TOKEN) && !format!("{trouble:?}").contains(SECRET));
            trouble
        }
        Ok(proved) => panic!("{proved:?}"),
    }
}

fn app() -> Scripted {
    json_answer(200, &json!({"id": APP_ID, "name": "Padaria Desk"}))
}

fn facts(data: &Value) -> Scripted {
    json_answer(200, &json!({ "data": data }))
}

fn refusal(code: i64, message: &str) -> Scripted {
    json_answer(400, &json!({"error": {"code": code, "message": message}}))
}

fn bad_proof() -> Scripted {
    refusal(100, "Invalid appsecret_proof provided in the API argument")
}

#[tokio::test]
async fn a_token_and_a_secret_are_enough_and_the_app_is_found() {
    let good = json!({"app_id": APP_ID, "is_valid": true, "expires_at": 0, "type": "SYSTEM_USER"});
    for given in [None, Some(APP_ID), Some(" 118000200 "), Some("  ")] {
        let (outcome, meta) = proved(given, vec![app(), facts(&good)]).await;
        let proved = outcome.expect("proved");
        assert_eq!(
            (proved.app_id.as_str(), proved.app_name.as_deref()),
            (APP_ID, Some("Padaria Desk"))
        );
        assert!(proved.token.is_valid);
        let asked = meta.asked();
        assert_eq!(asked[1].query("input_token").as_deref(), Some(TOKEN));
        assert_eq!(
            asked[1].headers["authorization"],
            format!("Bearer {APP_ID}|{SECRET}").as_str()
        );
    }
}

#[tokio::test]
async fn a_token_is_not_refused_for_a_permission_its_list_does_not_name() {
    let listed = json!({"app_id": APP_ID, "is_valid": true, "scopes": ["whatsapp_business_messaging"]});
    let (outcome, _) = proved(None, vec![app(), facts(&listed)]).await;
    assert!(outcome.is_ok());
}

#[tokio::test]
async fn a_token_meta_does_not_take_is_named_with_its_reason() {
    for (subcode, word) in [
        (None, "not valid"),
        (Some(458), "app was removed"),
        (Some(459), "log in"),
        (Some(460), "password"),
        (Some(463), "expired"),
        (Some(464), "log in"),
        (Some(467), "withdrawn"),
        (Some(492), "role"),
        (Some(1), "not valid"),
    ] {
        let told = trouble(None, vec![json_answer(401, &error(190, subcode, None))]).await;
        assert_eq!(told.which, Credential::Token, "{subcode:?}");
        assert!(told.words.contains(word), "{subcode:?}: {told}");
        // The same when Meta tells it about the token instead of refusing it.
        let ended = json!({"app_id": APP_ID, "is_valid": false, "error": {"code": 190, "subcode": subcode}});
        let told_later = trouble(None, vec![app(), facts(&ended)]).await;
        assert_eq!((told_later.which, told_later.words), (told.which, told.words));
        assert_eq!(told_later.app_id.as_deref(), Some(APP_ID));
    }
}

#[tokio::test]
async fn a_secret_of_another_app_is_named_however_meta_says_it() {
    // Meta looks at the proof that comes with the token …
    for answer in [bad_proof(), refusal(104, "proof")] {
        let told = trouble(None, vec![answer, app()]).await;
        assert_eq!(
            (told.which, told.remedy),
            (Credential::AppSecret, Remedy::NewSecret)
        );
        assert!(told.words.contains("app secret does not belong"), "{told}");
        assert_eq!(told.app_id.as_deref(), Some(APP_ID));
    }
    // … or does not, and then refuses the app's own token.
    for answer in [
        json_answer(401, &error(190, None, None)),
        refusal(101, "Error validating application."),
        refusal(1, "Error validating application. Invalid application ID."),
        refusal(100, "You must provide an app access token"),
        (401, Vec::new(), String::new()),
    ] {
        let shown = format!("{answer:?}");
        let told = trouble(None, vec![app(), answer]).await;
        assert_eq!(
            (told.which, told.remedy),
            (Credential::AppSecret, Remedy::NewSecret),
            "{shown}"
        );
        assert!(told.words.contains("secret"), "{told}");
    }
}

#[tokio::test]
async fn an_app_id_that_is_not_the_tokens_is_named() {
    let told = trouble(
        Some(OTHER_APP),
        vec![app(), json_answer(401, &error(190, None, None))],
    )
    .await;
    assert_eq!((told.which, told.remedy), (Credential::AppId, Remedy::CheckIds));
    assert_eq!(
        told.app_id.as_deref(),
        Some(APP_ID),
        "the right one can be offered"
    );
    let told = trouble(
        Some(OTHER_APP),
        vec![bad_proof(), app(), json_answer(400, &error(803, None, None))],
    )
    .await;
    assert_eq!(told.which, Credential::AppId);
}

#[tokio::test]
async fn a_token_of_another_app_is_named_when_app_id_and_secret_fit_each_other() {
    let subscriptions = || json_answer(200, &json!({"data": []}));
    for answers in [
        vec![app(), subscriptions()],
        vec![bad_proof(), app(), subscriptions()],
    ] {
        let told = trouble(Some(OTHER_APP), answers).await;
        assert_eq!((told.which, told.remedy), (Credential::Token, Remedy::NewToken));
        assert!(told.words.contains("belongs to another Meta app"), "{told}");
    }
    let foreign = json!({"app_id": OTHER_APP, "is_valid": true});
    let told = trouble(None, vec![app(), facts(&foreign)]).await;
    assert_eq!(
        (told.which, told.app_id.as_deref()),
        (Credential::Token, Some(OTHER_APP))
    );
    let viewing = refusal(
        100,
        "(#100) The App_id in the input_token did not match the Viewing App",
    );
    let told = trouble(None, vec![app(), viewing]).await;
    assert_eq!(told.which, Credential::Token);
}

#[tokio::test]
async fn a_token_that_may_not_ask_for_its_app_is_asked_about_itself() {
    let good = json!({"app_id": APP_ID, "application": "Padaria Desk", "is_valid": true});
    let (outcome, meta) = proved(None, vec![refusal(10, "no"), facts(&good), facts(&good)]).await;
    assert_eq!(outcome.expect("proved").app_id, APP_ID);
    let asked = meta.asked();
    assert_eq!(
        asked[1].headers["authorization"],
        format!("Bearer {TOKEN}").as_str()
    );
    // When that does not help either, the id somebody wrote is tried, or asked for.
    let (outcome, _) = proved(
        Some(APP_ID),
        vec![refusal(10, "no"), refusal(100, "no"), facts(&good)],
    )
    .await;
    assert_eq!(outcome.expect("proved").app_name.as_deref(), Some("Padaria Desk"));
    let told = trouble(None, vec![refusal(10, "no"), refusal(100, "no")]).await;
    assert_eq!((told.which, told.remedy), (Credential::AppId, Remedy::CheckIds));
}

#[tokio::test]
async fn silence_and_outages_are_never_a_dead_token() {
    let down = || (503, Vec::new(), String::new());
    for answers in [
        vec![down()],
        vec![app(), down()],
        vec![bad_proof(), app(), down()],
        vec![(200, Vec::new(), "<html>hotel</html>".to_owned())],
    ] {
        let given = (answers.len() == 3).then_some(OTHER_APP);
        let told = trouble(given, answers).await;
        assert_eq!(
            (told.which, told.remedy),
            (Credential::Network, Remedy::CheckInternet)
        );
        assert!(told.words.contains("cannot be asked"), "{told}");
    }
    for answer in [refusal(2, "down"), refusal(80_007, "slow"), refusal(1, "oops")] {
        let told = trouble(None, vec![app(), answer]).await;
        assert_eq!(told.which, Credential::Provider, "{told:?}");
    }
    let offline = graph().prove(&source("http://127.0.0.1:1", None)).await;
    assert_eq!(offline.expect_err("nobody is there").which, Credential::Network);
    let silent = raw_server(|mut stream| {
        let _ = std::io::Read::read(&mut stream, &mut [0]);
    });
    let limit = Duration::from_millis(300);
    let hasty = Graph::with_timeouts(limit, limit).expect("a client");
    let late = hasty.prove(&source(&silent, None)).await.expect_err("no answer");
    assert_eq!(late.which, Credential::Network);
}

#[tokio::test]
async fn what_is_missing_or_swapped_is_told_before_meta_is_asked() {
    let meta = meta(Vec::new()).await;
    for (token, secret, which, word) in [
        ("", SECRET, Credential::Token, "missing"),
        (" \n", SECRET, Credential::Token, "missing"),
        (TOKEN, "", Credential::AppSecret, "missing"),
        (SECRET, TOKEN, Credential::Token, "each other's place"),
        ("EAA two\nlines", SECRET, Credential::Token, "no token has"),
    ] {
        let source = Source {
            access_token: Secret::new(token),
            app_secret: Secret::new(secret),
            ..source(&meta.base_url, None)
        };
        let told = graph().prove(&source).await.expect_err("a trouble");
        assert_eq!(told.which, which, "{told}");
        assert!(told.words.contains(word), "{told}");
    }
    assert!(meta.asked().is_empty());
}

#[tokio::test]
async fn blanks_around_what_was_pasted_do_no_harm() {
    let good = json!({"app_id": APP_ID, "is_valid": true});
    let meta = meta(vec![app(), facts(&good)]).await;
    let source = Source {
        access_token: Secret::new(format!(" {TOKEN}\n")),
        app_secret: Secret::new(format!("{SECRET} ")),
        ..source(&meta.base_url, None)
    };
    graph().prove(&source).await.expect("proved");
    assert_eq!(
        meta.asked()[0].headers["authorization"],
        format!("Bearer {TOKEN}").as_str()
    );
}

#[tokio::test]
async fn secrets_that_meta_quotes_are_not_repeated() {
    let said = format!("{TOKEN} and {SECRET} and {APP_ID}|{SECRET} are wrong");
    let told = trouble(None, vec![app(), refusal(190, &said)]).await;
    assert_eq!(
        told.detail.as_deref(),
        Some("(secret) and (secret) and (secret) are wrong")
    );
}

#[tokio::test]
async fn a_failed_call_names_the_credential_it_speaks_of() {
    for (answer, which) in [
        (json_answer(401, &error(190, Some(463), None)), Credential::Token),
        (json_answer(400, &error(104, None, None)), Credential::AppSecret),
        (json_answer(403, &error(10, None, None)), Credential::Permission),
        (json_answer(403, &error(3, None, None)), Credential::Permission),
        (json_answer(403, &error(250, None, None)), Credential::Permission),
        (
            json_answer(400, &error(100, Some(33), None)),
            Credential::Assignment,
        ),
        (json_answer(400, &error(803, None, None)), Credential::Assignment),
        (json_answer(400, &error(368, None, None)), Credential::Provider),
        (json_answer(429, &error(80_007, None, None)), Credential::Provider),
        ((502, Vec::new(), String::new()), Credential::Network),
        ((429, Vec::new(), String::new()), Credential::Provider),
    ] {
        let shown = format!("{answer:?}");
        let meta = meta(vec![answer]).await;
        let failure: CallFailure = graph()
            .numbers(&account(&meta.base_url), "398700100")
            .await
            .expect_err("a failure");
        let told = CredentialTrouble::from(failure);
        assert_eq!(told.which, which, "{shown}");
    }
}
