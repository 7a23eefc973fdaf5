//! What a set-up and a health page ask Meta: tokens, apps, accounts, numbers, registration, and what can go wrong.

use std::time::Duration;

use crate::common::{NUMBER, SECRET, SOON, TOKEN, accepted, client, meta, number, post, text_to};
use serde_json::{Value, json};
use simulator::{
    Account, App, Fault, GraphError, Health, HealthError, Meta, Number, Presented, Refusal, Rule, Standing,
    Token,
};

pub(crate) const WABA: &str = "398000000000001";
const SECOND: &str = "512000000000002";

/// Calls an endpoint with a token.
pub(crate) async fn ask(
    meta: &Meta,
    method: &str,
    path: &str,
    token: &str,
    body: Option<Value>,
) -> anyhow::Result<(u16, Value)> {
    let url = format!("{}/v25.0/{path}", meta.graph_url());
    let mut request = client(SOON)?.request(method.parse()?, url).bearer_auth(token);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await?;
    Ok((answer.status().as_u16(), answer.json().await?))
}

async fn get(meta: &Meta, path: &str, token: &str) -> anyhow::Result<(u16, Value)> {
    ask(meta, "GET", path, token, None).await
}

fn app_token(meta: &Meta) -> anyhow::Result<String> {
    meta.app_token(NUMBER)
        .ok_or_else(|| anyhow::anyhow!("the number has an app"))
}

async fn debugged(meta: &Meta, token: &str, by: &str) -> anyhow::Result<(u16, Value)> {
    get(meta, &format!("debug_token?input_token={token}"), by).await
}

async fn register(meta: &Meta, pin: &str) -> anyhow::Result<Value> {
    let body = json!({ "messaging_product": "whatsapp", "pin": pin });
    let (_, answer) = ask(meta, "POST", &format!("{NUMBER}/register"), TOKEN, Some(body)).await?;
    Ok(answer)
}

#[tokio::test]
async fn a_token_is_debugged_by_its_app_and_shows_what_it_reaches() -> anyhow::Result<()> {
    let meta = meta().await?;
    let by_app = app_token(&meta)?;
    let (status, answer) = debugged(&meta, TOKEN, &by_app).await?;
    let data = &answer["data"];
    assert_eq!(status, 200);
    assert_eq!(data["app_id"].as_str(), meta.app_id(NUMBER).as_deref());
    assert_eq!(
        (&data["type"], &data["is_valid"], &data["expires_at"]),
        (&json!("SYSTEM_USER"), &json!(true), &json!(0))
    );
    assert_eq!(
        data["scopes"],
        json!(["whatsapp_business_management", "whatsapp_business_messaging"])
    );
    assert_eq!(data["granular_scopes"][0]["target_ids"], json!([WABA]));
    assert_eq!(
        debugged(&meta, TOKEN, TOKEN).await?.1,
        answer,
        "it may ask about itself"
    );
    let (_, app) = get(&meta, "app", TOKEN).await?;
    assert_eq!(app, json!({ "id": data["app_id"], "name": "Simulated app" }));
    assert_eq!(get(&meta, "app", &by_app).await?.1, app);
    let path = format!("{}/v25.0/app?access_token={TOKEN}", meta.graph_url());
    assert_eq!(client(SOON)?.get(path).send().await?.json::<Value>().await?, app);
    Ok(())
}

#[tokio::test]
async fn a_token_without_targets_is_good_for_all_of_its_owners_accounts() -> anyhow::Result<()> {
    let meta = meta().await?;
    let told = Token {
        targets_told: false,
        data_access_expires_at: 1_900_000_000,
        ..Token::new("all", &[WABA])
    };
    meta.add_token(told);
    let (_, answer) = debugged(&meta, "all", &app_token(&meta)?).await?;
    assert_eq!(
        answer["data"]["granular_scopes"],
        json!([{ "scope": "whatsapp_business_management" }, { "scope": "whatsapp_business_messaging" }])
    );
    assert_eq!(answer["data"]["data_access_expires_at"], 1_900_000_000);
    Ok(())
}

#[tokio::test]
async fn a_wrong_secret_and_an_unknown_app_cannot_debug_anything() -> anyhow::Result<()> {
    let meta = meta().await?;
    let id = meta.app_id(NUMBER).unwrap_or_default();
    let (status, answer) = debugged(&meta, TOKEN, &format!("{id}|not-the-secret")).await?;
    assert_eq!((status, &answer["error"]["code"]), (401, &json!(190)));
    let (_, answer) = debugged(&meta, TOKEN, &format!("1|{SECRET}")).await?;
    assert_eq!(answer["error"]["code"], 101);
    let (_, answer) = debugged(&meta, TOKEN, "no token at all").await?;
    assert_eq!(answer["error"]["code"], 190);
    Ok(())
}

#[tokio::test]
async fn a_token_of_another_app_is_not_debugged() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.add_app(App::new("700", "Another", "another secret"));
    meta.add_token(Token::new("of another", &[WABA]).of_app("700"));
    let (status, answer) = debugged(&meta, "of another", &app_token(&meta)?).await?;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(100)));
    let message = answer["error"]["message"].as_str().unwrap_or_default();
    assert!(message.contains("did not match"), "{message}");
    let (_, answer) = debugged(&meta, "of another", "700|another secret").await?;
    assert_eq!(answer["data"]["application"], "Another");
    Ok(())
}

#[tokio::test]
async fn dead_tokens_are_told_apart_by_subcode_wherever_they_are_used() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.add_token(Token::new("expired", &[WABA]).expires(1_700_000_000));
    meta.add_token(Token::new("password changed", &[WABA]).withdrawn(460));
    let by_app = app_token(&meta)?;
    for (token, subcode) in [("expired", 463), ("password changed", 460)] {
        let (status, answer) = debugged(&meta, token, &by_app).await?;
        let data = &answer["data"];
        assert_eq!((status, &data["is_valid"]), (200, &json!(false)));
        assert_eq!(
            (&data["error"]["code"], &data["error"]["subcode"]),
            (&json!(190), &json!(subcode))
        );
        let (status, answer) = get(&meta, NUMBER, token).await?;
        let error = &answer["error"];
        assert_eq!(
            (status, &error["code"], &error["error_subcode"]),
            (401, &json!(190), &json!(subcode))
        );
    }
    let (_, answer) = debugged(&meta, "never made", &by_app).await?;
    assert_eq!(answer["data"]["is_valid"], false);
    assert_eq!(answer["data"]["error"]["code"], 190);
    Ok(())
}

#[tokio::test]
async fn without_the_management_permission_everything_but_sending_is_refused() -> anyhow::Result<()> {
    let meta = meta().await?;
    for (refusal, code) in [(Refusal::Permissions, 200), (Refusal::Application, 10)] {
        let token = Token::new(TOKEN, &[]).scopes(&["whatsapp_business_messaging"]);
        meta.add_token(token.refusing(refusal));
        for path in [
            NUMBER.to_owned(),
            WABA.to_owned(),
            format!("{WABA}/phone_numbers"),
            format!("{WABA}/subscribed_apps"),
        ] {
            let (status, answer) = get(&meta, &path, TOKEN).await?;
            assert_eq!(
                (status, &answer["error"]["code"]),
                (403, &json!(code)),
                "{path} {answer}"
            );
        }
        accepted(&meta, &text_to("+447700900222", "still", "ob")).await?;
    }
    meta.add_token(Token::new(TOKEN, &[]).scopes(&["whatsapp_business_management"]));
    let refused: Value = post(&meta, &text_to("+447700900222", "no", "ob"))
        .await?
        .json()
        .await?;
    assert_eq!(refused["error"]["code"], 200);
    assert_eq!(get(&meta, NUMBER, TOKEN).await?.0, 200);
    Ok(())
}

#[tokio::test]
async fn numbers_and_accounts_of_another_owner_are_not_there() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.add_number(Number::new(
        "513",
        "399",
        "+447700900999",
        "their token",
        "their secret",
    ));
    for path in ["513", "399", "399/phone_numbers", "nothing"] {
        let (status, answer) = get(&meta, path, TOKEN).await?;
        let error = &answer["error"];
        assert_eq!(
            (status, &error["code"], &error["error_subcode"]),
            (400, &json!(100), &json!(33)),
            "{path}"
        );
    }
    meta.add_token(Token::new("reaches both", &[WABA, "399"]));
    assert_eq!(get(&meta, "513", "reaches both").await?.0, 200);
    assert_eq!(get(&meta, NUMBER, "reaches both").await?.0, 200);
    Ok(())
}

#[tokio::test]
async fn an_account_shows_its_owner_and_review_and_refuses_fields_it_does_not_have() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.set_account(Account {
        owner: ("61".to_owned(), "Larkfield".to_owned()),
        ..Account::new(WABA, "Larkfield Pottery")
    });
    meta.change_account(WABA, |account| {
        "PENDING".clone_into(&mut account.account_review_status);
        account.health = Health::payment_missing();
    });
    let fields = "id,name,timezone_id,currency,country,account_review_status,business_verification_status,owner_business_info{id,name},health_status";
    let (_, node) = get(&meta, &format!("{WABA}?fields={fields}"), TOKEN).await?;
    assert_eq!(
        (&node["id"], &node["name"]),
        (&json!(WABA), &json!("Larkfield Pottery"))
    );
    assert_eq!(node["account_review_status"], "PENDING");
    assert_eq!(
        node["owner_business_info"],
        json!({ "name": "Larkfield", "id": "61" })
    );
    assert_eq!(
        node["health_status"]["entities"][0]["errors"][0]["error_code"],
        141_006
    );
    let (status, answer) = get(&meta, &format!("{WABA}?fields=id,shoe_size"), TOKEN).await?;
    assert_eq!((status, &answer["error"]["code"]), (400, &json!(100)));
    Ok(())
}

#[tokio::test]
async fn the_numbers_of_an_account_come_page_by_page() -> anyhow::Result<()> {
    let meta = meta().await?;
    for n in 2..=5 {
        let id = format!("51200000000000{n}");
        meta.add_number(Number {
            phone_number_id: id,
            ..number()
        });
    }
    let mut url = format!(
        "{}/v25.0/{WABA}/phone_numbers?fields=id,status&limit=2",
        meta.graph_url()
    );
    let (mut seen, mut pages) = (Vec::new(), 0);
    loop {
        let page: Value = client(SOON)?
            .get(&url)
            .bearer_auth(TOKEN)
            .send()
            .await?
            .json()
            .await?;
        pages += 1;
        for row in page["data"].as_array().into_iter().flatten() {
            assert_eq!(row["status"], "CONNECTED");
            seen.push(row["id"].as_str().unwrap_or_default().to_owned());
        }
        match page["paging"]["next"].as_str() {
            Some(next) => next.clone_into(&mut url),
            None => break,
        }
    }
    assert_eq!((seen.len(), pages), (5, 3));
    assert_eq!((seen[0].as_str(), seen[1].as_str()), (NUMBER, SECOND));
    Ok(())
}

#[tokio::test]
async fn a_number_shows_how_it_stands_and_why_it_cannot_send() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.change_standing(NUMBER, |standing| {
        "YELLOW".clone_into(&mut standing.quality_rating);
        "DECLINED".clone_into(&mut standing.name_status);
        standing.messaging_limit = Some("TIER_250".to_owned());
    });
    let error = HealthError {
        code: 141_006,
        description: "No way to pay.".to_owned(),
        solution: Some("Add a card.".to_owned()),
    };
    meta.set_health(NUMBER, Health::of("BLOCKED", "WABA", error));
    let fields = "id,display_phone_number,verified_name,status,quality_rating,quality_score,name_status,new_name_status,code_verification_status,platform_type,throughput,account_mode,is_on_biz_app,is_pin_enabled,is_official_business_account,last_onboarded_time,whatsapp_business_manager_messaging_limit,health_status,webhook_configuration,username";
    let (status, node) = get(&meta, &format!("{NUMBER}?fields={fields}"), TOKEN).await?;
    assert_eq!(status, 200, "{node}");
    assert_eq!(
        (&node["quality_rating"], &node["name_status"]),
        (&json!("YELLOW"), &json!("DECLINED"))
    );
    assert_eq!(node["whatsapp_business_manager_messaging_limit"], "TIER_250");
    let health = &node["health_status"];
    assert_eq!(health["can_send_message"], "BLOCKED");
    let kinds: Vec<&Value> = health["entities"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|e| &e["entity_type"])
        .collect();
    assert_eq!(kinds, ["PHONE_NUMBER", "WABA", "BUSINESS", "APP"]);
    assert_eq!(
        health["entities"][1]["errors"],
        json!([{ "error_code": 141_006, "error_description": "No way to pay.", "possible_solution": "Add a card." }])
    );
    let (_, answer) = get(&meta, &format!("{NUMBER}?fields=id,shoe_size"), TOKEN).await?;
    let message = answer["error"]["message"].as_str().unwrap_or_default();
    assert!(message.starts_with("(#100)") && message.contains("shoe_size"));
    Ok(())
}

#[tokio::test]
async fn a_number_sends_only_after_it_was_registered_and_keeps_the_first_pin() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.set_standing(NUMBER, Standing::unregistered());
    let hello = text_to("+447700900222", "hello", "ob");
    let refused: Value = post(&meta, &hello).await?.json().await?;
    assert_eq!(refused["error"]["code"], 133_010);
    let (_, node) = get(&meta, &format!("{NUMBER}?fields=status,is_pin_enabled"), TOKEN).await?;
    assert_eq!(
        (&node["status"], &node["is_pin_enabled"]),
        (&json!("PENDING"), &json!(false))
    );
    assert_eq!(register(&meta, "12345").await?["error"]["code"], 100);
    assert_eq!(register(&meta, "123456").await?, json!({ "success": true }));
    let (_, node) = get(&meta, &format!("{NUMBER}?fields=status,is_pin_enabled"), TOKEN).await?;
    assert_eq!(
        (&node["status"], &node["is_pin_enabled"]),
        (&json!("CONNECTED"), &json!(true))
    );
    accepted(&meta, &hello).await?;
    assert_eq!(register(&meta, "654321").await?["error"]["code"], 133_005);
    let change = Some(json!({ "pin": "654321" }));
    assert_eq!(ask(&meta, "POST", NUMBER, TOKEN, change).await?.0, 200);
    assert_eq!(register(&meta, "654321").await?, json!({ "success": true }));
    Ok(())
}

#[tokio::test]
async fn too_many_wrong_pins_and_too_many_registrations_are_refused() -> anyhow::Result<()> {
    let meta = meta().await?;
    let mut codes = Vec::new();
    for _ in 0..11 {
        codes.push(register(&meta, "000000").await?["error"]["code"].as_i64());
    }
    let expected = [133_005; 5].iter().chain(&[133_008; 5]).chain(&[133_016]);
    assert_eq!(codes, expected.map(|code| Some(*code)).collect::<Vec<_>>());
    meta.forget_registrations(NUMBER);
    assert_eq!(register(&meta, "135790").await?, json!({ "success": true }));
    Ok(())
}

#[tokio::test]
async fn a_test_number_writes_to_its_list_only() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.set_standing(NUMBER, Standing::sandbox(&["447700900222"]));
    accepted(&meta, &text_to("+447700900222", "hello", "ob-1")).await?;
    let refused: Value = post(&meta, &text_to("+447700900333", "hello", "ob-2"))
        .await?
        .json()
        .await?;
    assert_eq!(refused["error"]["code"], 131_030);
    let (_, node) = get(&meta, &format!("{NUMBER}?fields=account_mode"), TOKEN).await?;
    assert_eq!(node["account_mode"], "SANDBOX");
    Ok(())
}

#[tokio::test]
async fn every_endpoint_can_be_made_to_fail_once_or_always() -> anyhow::Result<()> {
    let meta = meta().await?;
    let apps = format!("{WABA}/subscribed_apps");
    let error = GraphError::of(190).subcode(460);
    meta.fault(Rule::from(Fault::Graph(error)).on("POST", "subscribed_apps"));
    assert_eq!(get(&meta, &apps, TOKEN).await?.0, 200, "only the POST is meant");
    let (status, answer) = ask(&meta, "POST", &apps, TOKEN, None).await?;
    assert_eq!((status, &answer["error"]["error_subcode"]), (401, &json!(460)));
    assert!(!meta.is_subscribed(NUMBER));
    assert_eq!(ask(&meta, "POST", &apps, TOKEN, None).await?.0, 200, "once");

    meta.fault(Rule::from(Fault::html(502)).on("GET", "debug_token").always());
    for _ in 0..2 {
        let url = format!("{}/v25.0/debug_token?input_token=x", meta.graph_url());
        let answer = client(SOON)?.get(url).bearer_auth(TOKEN).send().await?;
        assert_eq!(answer.status().as_u16(), 502);
    }
    meta.clear_faults();

    meta.fault(Rule::from(Fault::Garbage).on("GET", NUMBER));
    let url = format!("{}/v25.0/{NUMBER}", meta.graph_url());
    let answer = client(SOON)?.get(&url).bearer_auth(TOKEN).send().await?;
    assert!(answer.json::<Value>().await.is_err());

    meta.fault(Rule::from(Fault::TimeOut).on_management());
    let patient = client(Duration::from_millis(200))?;
    let failed = patient.get(&url).bearer_auth(TOKEN).send().await;
    assert!(failed.is_err_and(|error| error.is_timeout()));

    meta.fault(
        Rule::from(Fault::Reset)
            .taken()
            .on("POST", &format!("{NUMBER}/register")),
    );
    meta.set_standing(NUMBER, Standing::unregistered());
    assert!(register(&meta, "123456").await.is_err());
    assert!(meta.standing(NUMBER).registered, "it happened all the same");

    meta.fault(Rule::from(Fault::code(80_007)).on_management());
    accepted(&meta, &text_to("+447700900222", "sends are not meant", "ob")).await?;
    assert_eq!(get(&meta, &apps, TOKEN).await?.1["error"]["code"], 80_007);
    Ok(())
}

#[tokio::test]
async fn a_request_can_be_held_until_the_test_lets_it_go() -> anyhow::Result<()> {
    let meta = meta().await?;
    let (rule, gate) = Rule::hold();
    meta.fault(rule.on("POST", "subscribed_apps"));
    let path = format!("{WABA}/subscribed_apps");
    let asked = ask(&meta, "POST", &path, TOKEN, None);
    let held = async {
        tokio::time::timeout(SOON, gate.reached()).await?;
        let before = meta.is_subscribed(NUMBER);
        gate.release();
        anyhow::Ok(before)
    };
    let (answer, before) = tokio::join!(asked, held);
    assert_eq!((answer?.0, before?), (200, false));
    assert!(meta.is_subscribed(NUMBER));
    Ok(())
}

#[tokio::test]
async fn the_headers_tell_about_allowance_version_and_time() -> anyhow::Result<()> {
    let meta = meta().await?;
    let url = format!("{}/v21.0/{NUMBER}", meta.graph_url());
    let headers = async || -> anyhow::Result<_> {
        let answer = client(SOON)?.get(&url).bearer_auth(TOKEN).send().await?;
        Ok(answer.headers().clone())
    };
    let plain = headers().await?;
    assert_eq!(plain["facebook-api-version"], "v21.0");
    assert!(!plain.contains_key("x-app-usage"));
    meta.set_usage(91, 12);
    meta.serve_version(Some("v23.0"));
    meta.set_clock_ahead(-7200);
    let told = headers().await?;
    assert_eq!(told["facebook-api-version"], "v23.0");
    let usage: Value = serde_json::from_slice(told["x-business-use-case-usage"].as_bytes())?;
    assert_eq!(usage[WABA][0]["call_count"], 91);
    assert_eq!(usage[WABA][0]["estimated_time_to_regain_access"], 12);
    let usage: Value = serde_json::from_slice(told["x-app-usage"].as_bytes())?;
    assert_eq!(usage["call_count"], 91);
    assert_ne!(told["date"], plain["date"]);
    let answer = post(&meta, &text_to("+447700900222", "hello", "ob")).await?;
    assert!(
        !answer.headers().contains_key("x-app-usage"),
        "sends do not count"
    );
    Ok(())
}

#[tokio::test]
async fn every_request_is_written_down_without_its_tokens() -> anyhow::Result<()> {
    let meta = meta().await?;
    let by_app = app_token(&meta)?;
    debugged(&meta, TOKEN, &by_app).await?;
    register(&meta, "123456").await?;
    let id = meta.app_id(NUMBER).unwrap_or_default();
    let form = format!("object=whatsapp_business_account&access_token={id}%7C{SECRET}&fields=messages");
    client(SOON)?
        .post(format!("{}/v25.0/{id}/subscriptions", meta.graph_url()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await?;
    let calls = meta.calls();
    let seen: Vec<(&str, &str, Presented, Option<u16>)> = calls
        .iter()
        .map(|call| (call.method.as_str(), call.path.as_str(), call.token, call.status))
        .collect();
    let (pins, hooks) = (format!("/{NUMBER}/register"), format!("/{id}/subscriptions"));
    assert_eq!(
        seen,
        [
            ("GET", "/debug_token", Presented::App, Some(200)),
            ("POST", pins.as_str(), Presented::User, Some(400)),
            ("POST", hooks.as_str(), Presented::App, Some(400)),
        ]
    );
    assert_eq!(meta.calls_to("POST", "register"), calls[1..2]);
    assert_eq!(meta.calls_to("POST", "subscriptions").len(), 1);
    assert_eq!(calls[0].parameter("input_token"), Some("(secret)"));
    assert_eq!(
        calls[1].body.as_ref().map(|body| &body["pin"]),
        Some(&json!("123456"))
    );
    assert_eq!(
        calls[2].body.as_ref().map(|body| &body["fields"]),
        Some(&json!("messages"))
    );
    let all = format!("{calls:?}");
    assert!(!all.contains(TOKEN) && !all.contains(SECRET), "{all}");
    Ok(())
}

#[tokio::test]
async fn the_proof_is_checked_with_the_secret_of_the_tokens_app() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.add_number(Number {
        proof_required: true,
        ..number()
    });
    let (_, answer) = get(&meta, WABA, TOKEN).await?;
    assert_eq!(answer["error"]["code"], 100, "{answer}");
    let proof = crate::common::hmac_sha256(SECRET, TOKEN.as_bytes());
    let (status, _) = get(&meta, &format!("{WABA}?appsecret_proof={proof}"), TOKEN).await?;
    assert_eq!(status, 200);
    let wrong = crate::common::hmac_sha256("other", TOKEN.as_bytes());
    let (status, _) = get(&meta, &format!("{WABA}?appsecret_proof={wrong}"), TOKEN).await?;
    assert_eq!(status, 400);
    Ok(())
}
