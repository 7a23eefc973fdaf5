//! What Meta's headers tell, and what follows from it for calls nobody waits for.

#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "shared by several test programs"
)]
mod support;

use channels::whatsapp::{Pressure, UsageLine};
use domain::SendClass;
use serde_json::json;
use std::time::Duration;
use support::script::{Scripted, error, json_answer, meta};
use support::{account, graph, message};

fn with_headers(headers: &[(&'static str, &str)]) -> Scripted {
    let (status, mut all, body) = json_answer(200, &json!({"status": "CONNECTED"}));
    all.extend(headers.iter().map(|(name, value)| (*name, (*value).to_owned())));
    (status, all, body)
}

const NEARLY_USED_UP: &str = r#"{"398700100":[{"type":"whatsapp","call_count":91,"total_cputime":"12","total_time":25.5,
    "estimated_time_to_regain_access":"17"}],"odd":7,"odder":[null,"x",[]]}"#;

#[tokio::test]
async fn the_figures_in_the_headers_are_understood_and_shared_by_all_copies_of_the_client() {
    let meta = meta(vec![with_headers(&[
        ("x-business-use-case-usage", &NEARLY_USED_UP.replace('\n', " ")),
        (
            "x-app-usage",
            r#"{"call_count":28,"total_cputime":0,"total_time":80}"#,
        ),
        ("facebook-api-version", "v26.0"),
        ("date", "Tue, 10 Nov 2020 09:00:00 GMT"),
    ])])
    .await;
    let graph = graph();
    assert_eq!((graph.version_served(), graph.clock_skew()), (None, None));
    assert_eq!(
        (graph.usage().percent, graph.usage().pressure),
        (0, Pressure::Free)
    );
    graph
        .in_background()
        .check(&account(&meta.base_url))
        .await
        .expect("a state");
    let usage = graph.usage();
    assert_eq!((usage.percent, usage.calls_last_minute), (91, 1));
    assert!(
        matches!(usage.pressure, Pressure::Held(rest) if rest > Duration::from_mins(16)
            && rest <= Duration::from_mins(17))
    );
    assert_eq!(
        usage.lines,
        [
            UsageLine {
                scope: "398700100".to_owned(),
                kind: "whatsapp".to_owned(),
                calls: 91,
                cpu: 12,
                time: 25,
                regain: Some(Duration::from_mins(17))
            },
            UsageLine {
                scope: "app".to_owned(),
                kind: String::new(),
                calls: 28,
                cpu: 0,
                time: 80,
                regain: None
            },
        ]
    );
    assert_eq!(graph.version_served().as_deref(), Some("v26.0"));
    let skew = graph.clock_skew().expect("a skew");
    assert!(
        skew.as_hours() > 24 * 365,
        "this computer is years ahead of that answer"
    );
}

#[tokio::test]
async fn when_the_allowance_runs_out_people_are_served_and_background_calls_are_not_made() {
    let meta = meta(vec![
        with_headers(&[(
            "x-app-usage",
            r#"{"call_count":90,"total_cputime":0,"total_time":0}"#,
        )]),
        with_headers(&[]),
        json_answer(200, &json!({"messages": [{"id": "wamid.NEW"}]})),
        with_headers(&[(
            "x-app-usage",
            r#"{"call_count":20,"total_cputime":0,"total_time":0}"#,
        )]),
        with_headers(&[]),
    ])
    .await;
    let account = account(&meta.base_url);
    let graph = graph();
    let background = graph.in_background();
    background.check(&account).await.expect("the first");
    let held = background.check(&account).await.expect_err("held back");
    assert!(
        held.is_held_back() && !held.is_unreachable() && !held.is_dead_token(),
        "{held:?}"
    );
    assert_eq!(held.class, SendClass::NumberRate);
    assert!(held.retry_after().is_some_and(|wait| !wait.is_zero()));
    assert_eq!(meta.asked().len(), 1, "nothing was asked");
    graph.check(&account).await.expect("a person");
    let sent = background.send(&account, &message()).await;
    assert!(
        matches!(sent, channels::SendOutcome::Accepted { .. }),
        "messages are not counted"
    );
    graph.check(&account).await.expect("a person");
    background.check(&account).await.expect("there is room again");
}

#[tokio::test]
async fn a_refusal_for_too_many_calls_lets_background_calls_rest() {
    for code in [4, 613, 80_007] {
        let (status, mut headers, body) = json_answer(400, &error(code, None, None));
        headers.push(("retry-after", "40".to_owned()));
        let meta = meta(vec![(status, headers, body)]).await;
        let graph = graph();
        let refused = graph
            .subscribed_apps(&channels::whatsapp::Account {
                business_account_id: Some("398700100".to_owned()),
                ..account(&meta.base_url)
            })
            .await
            .expect_err("refused");
        assert_eq!(refused.retry_after(), Some(Duration::from_secs(40)));
        assert!(refused.words.contains("Messages are not affected"), "{refused}");
        assert!(
            matches!(graph.usage().pressure, Pressure::Held(rest) if rest <= Duration::from_secs(40)),
            "{code}"
        );
    }
}

#[tokio::test]
async fn headers_that_make_no_sense_change_nothing() {
    for odd in [
        "",
        "null",
        "[]",
        "7",
        "{",
        r#"{"a":{"call_count":-1,"total_time":"many"}}"#,
        r#"{"a":[{"call_count":99999999999999999999,"estimated_time_to_regain_access":-5}]}"#,
        r#"{"call_count":[90],"total_time":{}}"#,
    ] {
        let meta = meta(vec![with_headers(&[
            ("x-business-use-case-usage", odd),
            ("x-app-usage", odd),
            ("facebook-api-version", odd),
            ("date", odd),
        ])])
        .await;
        let graph = graph();
        graph.check(&account(&meta.base_url)).await.expect("a state");
        assert_eq!(graph.usage().pressure, Pressure::Free, "{odd}");
        assert_eq!(graph.clock_skew(), None, "{odd}");
    }
}

#[tokio::test]
async fn a_rest_is_never_longer_than_a_day_whatever_the_header_says() {
    let endless = r#"{"1":[{"call_count":100,"estimated_time_to_regain_access":4294967295}]}"#;
    let meta = meta(vec![with_headers(&[("x-business-use-case-usage", endless)])]).await;
    let graph = graph();
    graph.check(&account(&meta.base_url)).await.expect("a state");
    assert!(matches!(graph.usage().pressure, Pressure::Held(rest) if rest <= Duration::from_hours(24)));
}
