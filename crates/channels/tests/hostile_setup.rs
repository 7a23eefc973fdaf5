//! Whatever Meta, or something that stands in its place, answers while a number is set up: nothing panics, nothing goes
//! on for ever, and no secret comes back.

#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "shared by several test programs"
)]
mod support;

use channels::whatsapp::setup::{App, FIELDS, Source};
use channels::whatsapp::{Account, DEFAULT_GRAPH_VERSION};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::script::{Scripted, meta};
use support::{account, graph};
use vault::Secret;

const SECRET: &str = "a-secret-of-the-app";

fn any_answer() -> impl Strategy<Value = Scripted> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(json!("EAAtoken")),
        Just(json!(SECRET)),
        any::<String>().prop_map(Value::from),
    ];
    let keys = prop_oneof![
        Just("data"),
        Just("id"),
        Just("app_id"),
        Just("error"),
        Just("code"),
        Just("message"),
        Just("error_subcode"),
        Just("granular_scopes"),
        Just("target_ids"),
        Just("expires_at"),
        Just("is_valid"),
        Just("health_status"),
        Just("entities"),
        Just("errors"),
        Just("webhook_configuration"),
        Just("paging"),
        Just("next"),
        Just("cursors"),
        Just("after"),
        Just("fields"),
        Just("object"),
        Just("success"),
    ]
    .prop_map(str::to_owned);
    let body = leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    });
    let status = prop_oneof![4 => Just(200_u16), 1 => Just(400), 1 => Just(401), 1 => Just(500)];
    let text = prop_oneof![
        8 => body.prop_map(|body| body.to_string()),
        1 => any::<String>(),
    ];
    (status, text).prop_map(|(status, text)| (status, Vec::new(), text))
}

/// Makes every call there is and returns all that was told.
async fn ask_everything(answers: Vec<Scripted>) -> String {
    let meta = meta(answers).await;
    let graph = graph();
    let shop = Account {
        business_account_id: Some("398700100".to_owned()),
        app_secret: Secret::new(SECRET),
        ..account(&meta.base_url)
    };
    let source = Source {
        base_url: meta.base_url.clone(),
        version: DEFAULT_GRAPH_VERSION.to_owned(),
        access_token: Secret::new("EAAtoken"),
        app_secret: Secret::new(SECRET),
        app_id: None,
    };
    let app: App = source.app("118000200");
    let pin = Secret::new("482913");
    let mut told = vec![
        format!("{:?}", graph.check(&shop).await),
        format!("{:?}", graph.numbers(&shop, "398700100").await),
        format!("{:?}", graph.business_account(&shop, "398700100").await),
        format!("{:?}", graph.subscribed_apps(&shop).await),
        format!("{:?}", graph.subscribe(&shop).await),
        format!(
            "{:?}",
            graph.override_number(&shop, "https://a.example", &pin).await
        ),
        format!("{:?}", graph.register_number(&shop, &pin).await),
        format!("{:?}", graph.app_of_token(&shop).await),
        format!("{:?}", graph.debug_own_token(&shop).await),
        format!("{:?}", graph.app_subscriptions(&app).await),
        format!("{:?}", graph.prove(&source).await),
    ];
    let set = graph
        .set_app_callback(&app, "https://a.example", &pin, &FIELDS)
        .await;
    told.push(format!("{set:?} {:?} {source:?} {app:?}", graph.usage()));
    told.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_makes_the_set_up_fall_over_or_tell_a_secret(answers in prop::collection::vec(any_answer(), 30)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let told = runtime.block_on(ask_everything(answers));
        for secret in ["EAAtoken", SECRET, "482913"] {
            prop_assert!(!told.contains(secret), "{secret} in {told}");
        }
    }
}
