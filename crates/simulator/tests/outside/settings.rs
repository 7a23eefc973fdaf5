//! Blocked people, the profile, threads, and what a status says about money.

use crate::common::{NUMBER, SOON, TOKEN, accepted, client, connected, ines, items, meta, post, text_to};
use serde_json::{Value, json};
use simulator::webhook::Referral;
use simulator::{Inbound, Meta, Status, StatusPlan, Template};

async fn call(meta: &Meta, method: &str, path: &str, body: Option<Value>) -> anyhow::Result<(u16, Value)> {
    let url = format!("{}/v25.0/{NUMBER}/{path}", meta.graph_url());
    let mut request = client(SOON)?.request(method.parse()?, url).bearer_auth(TOKEN);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await?;
    Ok((answer.status().as_u16(), answer.json().await?))
}

#[tokio::test]
async fn only_people_who_wrote_today_can_be_blocked_and_they_get_nothing() -> anyhow::Result<()> {
    let (meta, _inbox) = connected().await?;
    meta.customer_writes(NUMBER, &ines(), "hi")?
        .1
        .acknowledged(SOON)
        .await?;
    let users = json!({ "messaging_product": "whatsapp",
        "block_users": [{ "user": "+447700900222" }, { "user": "+15550000000" }] });
    let (status, answer) = call(&meta, "POST", "block_users", Some(users.clone())).await?;
    assert_eq!(status, 200);
    assert_eq!(
        answer["block_users"]["added_users"],
        json!([{ "input": "+447700900222", "wa_id": "447700900222" }])
    );
    assert_eq!(
        answer["block_users"]["failed_users"][0]["errors"][0]["code"],
        131_047
    );
    assert!(meta.is_blocked(NUMBER, "447700900222"));
    let refused: Value = post(&meta, &text_to("+447700900222", "hello", "ob"))
        .await?
        .json()
        .await?;
    assert_eq!(refused["error"]["code"], 130_403);
    let (_, list) = call(&meta, "GET", "block_users", None).await?;
    assert_eq!(list["data"][0]["wa_id"], "447700900222");
    let (_, answer) = call(&meta, "DELETE", "block_users", Some(users)).await?;
    assert_eq!(
        answer["block_users"]["removed_users"][0]["input"],
        "+447700900222"
    );
    assert_eq!(answer["block_users"]["failed_users"][0]["input"], "+15550000000");
    accepted(&meta, &text_to("+447700900222", "hello", "ob")).await?;
    Ok(())
}

#[tokio::test]
async fn the_profile_is_changed_within_its_limits_and_read_back() -> anyhow::Result<()> {
    let meta = meta().await?;
    let change = |body: Value| {
        let mut body = body;
        body["messaging_product"] = json!("whatsapp");
        body
    };
    let path = "whatsapp_business_profile";
    let good = change(
        json!({ "about": "Pots & bowls", "websites": ["https://larkfield.example"], "vertical": "RETAIL" }),
    );
    assert_eq!(
        call(&meta, "POST", path, Some(good)).await?,
        (200, json!({ "success": true }))
    );
    for bad in [
        json!({ "about": "" }),
        json!({ "about": "a".repeat(140) }),
        json!({ "websites": ["larkfield.example"] }),
        json!({ "websites": ["https://a.example", "https://b.example", "https://c.example"] }),
        json!({ "vertical": "POTTERY" }),
        json!({ "shoe_size": 9 }),
    ] {
        assert_eq!(
            call(&meta, "POST", path, Some(change(bad.clone()))).await?.0,
            400,
            "{bad}"
        );
    }
    let (_, profile) = call(&meta, "GET", &format!("{path}?fields=about,vertical"), None).await?;
    assert_eq!(
        profile["data"][0],
        json!({ "about": "Pots & bowls", "vertical": "RETAIL", "messaging_product": "whatsapp" })
    );
    Ok(())
}

#[tokio::test]
async fn a_thread_of_another_agent_cannot_be_taken() -> anyhow::Result<()> {
    let meta = meta().await?;
    let take = json!({ "messaging_product": "whatsapp", "to": "+447700900222", "action": "take" });
    assert_eq!(
        call(&meta, "POST", "thread_control", Some(take.clone())).await?.0,
        200
    );
    meta.set_thread_of_another(true);
    let (_, refused) = call(&meta, "POST", "thread_control", Some(take.clone())).await?;
    assert_eq!(refused["error"]["code"], 2_494_191);
    let (status, _) = call(
        &meta,
        "POST",
        "thread_control",
        Some(json!({ "to": "+447700900222", "action": "keep" })),
    )
    .await?;
    assert_eq!(status, 400);
    let calls = meta.calls();
    assert_eq!(
        (calls[0].path.as_str(), calls[0].body.as_ref(), calls[1].status),
        ("/512000000000001/thread_control", Some(&take), Some(400))
    );
    Ok(())
}

/// (status, type, category, whether a conversation stands there) of all statuses.
fn prices(posts: &[crate::common::Post]) -> Vec<(String, String, String, bool)> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    items(posts, "statuses")
        .iter()
        .map(|item| {
            let pricing = &item["pricing"];
            (
                text(&item["status"]),
                text(&pricing["type"]),
                text(&pricing["category"]),
                item.get("conversation").is_some(),
            )
        })
        .collect()
}

#[tokio::test]
async fn the_price_stands_on_sent_and_on_one_of_delivered_and_read() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    meta.set_statuses(StatusPlan::immediate());
    accepted(&meta, &text_to("+447700900222", "hello", "ob_1")).await?;
    let row = |status: &str, kind: &str, category: &str| {
        (status.to_owned(), kind.to_owned(), category.to_owned(), false)
    };
    let posts = inbox.wait(|posts| posts.len() == 3).await?;
    assert_eq!(
        prices(&posts),
        [
            row("sent", "regular", "service"),
            row("delivered", "regular", "service"),
            row("read", "-", "-")
        ]
    );
    let zero = std::time::Duration::ZERO;
    meta.set_statuses(
        StatusPlan::none()
            .then(zero, Status::Sent)
            .then(zero, Status::Read),
    );
    meta.add_template(
        "398000000000001",
        Template::approved("t", "en", "MARKETING", json!([{ "type": "BODY", "text": "x" }])),
    );
    let template = json!({ "messaging_product": "whatsapp", "to": "+447700900222", "type": "template",
        "template": { "name": "t", "language": { "code": "en" } } });
    accepted(&meta, &template).await?;
    let posts = inbox.wait(|posts| posts.len() == 5).await?;
    assert_eq!(
        prices(&posts)[3..],
        [
            row("sent", "regular", "marketing"),
            row("read", "regular", "marketing")
        ]
    );
    Ok(())
}

#[tokio::test]
async fn the_answer_to_a_click_on_an_ad_is_free_for_three_days() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    meta.set_statuses(StatusPlan::none().then(std::time::Duration::ZERO, Status::Sent));
    let click = Inbound::text("hi").from_click(Referral::ad("1", "h", "b"));
    meta.customer_sends(NUMBER, &ines(), &click)?
        .1
        .acknowledged(SOON)
        .await?;
    accepted(&meta, &text_to("+447700900222", "hello", "ob_1")).await?;
    let posts = inbox.wait(|posts| !items(posts, "statuses").is_empty()).await?;
    let status = &items(&posts, "statuses")[0];
    assert_eq!(
        (&status["pricing"]["type"], &status["pricing"]["category"]),
        (&json!("free_entry_point"), &json!("referral_conversion"))
    );
    let expires: i64 = status["conversation"]["expiration_timestamp"]
        .as_str()
        .unwrap_or_default()
        .parse()?;
    assert_eq!(expires - meta.sends()[0].at / 1000, 72 * 3600);
    Ok(())
}
