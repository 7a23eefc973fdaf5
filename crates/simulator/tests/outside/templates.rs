//! Templates: listed in pages, created and reviewed, deleted, and sent against their definition.

use std::time::Duration;

use crate::common::{NUMBER, SOON, TOKEN, client, connected, ines, meta, post};
use anyhow::Context as _;
use serde_json::{Value, json};
use simulator::webhook::identity::preference;
use simulator::{Meta, Template};

const WABA: &str = "398000000000001";

fn url(meta: &Meta) -> String {
    format!("{}/v25.0/{WABA}/message_templates", meta.graph_url())
}

async fn read(url: &str) -> anyhow::Result<Value> {
    Ok(client(SOON)?
        .get(url)
        .bearer_auth(TOKEN)
        .send()
        .await?
        .json()
        .await?)
}

fn body(text: &str) -> Value {
    json!([{ "type": "BODY", "text": text, "example": { "body_text": [["x"]] } }])
}

#[tokio::test]
async fn the_list_comes_in_pages_and_names_the_next_only_while_there_is_more() -> anyhow::Result<()> {
    let meta = meta().await?;
    for number in 0..5 {
        meta.add_template(
            WABA,
            Template::approved(&format!("t{number}"), "en", "UTILITY", body("Hi {{1}}")),
        );
    }
    let mut next = Some(format!("{}?fields=name,status&limit=2", url(&meta)));
    let (mut names, mut pages) = (Vec::new(), 0);
    while let Some(address) = next {
        let page = read(&address).await?;
        for row in page["data"].as_array().context("rows")? {
            names.push(row["name"].as_str().context("a name")?.to_owned());
            assert!(row["id"].is_string() && row.get("components").is_none(), "{row}");
        }
        pages += 1;
        assert!(page["paging"]["cursors"]["after"].is_string());
        next = page["paging"]["next"].as_str().map(str::to_owned);
    }
    assert_eq!((names.join(" "), pages), ("t0 t1 t2 t3 t4".to_owned(), 3));
    let approved = read(&format!("{}?status=REJECTED", url(&meta))).await?;
    assert_eq!(approved["data"], json!([]));
    assert_eq!(
        read(&url(&meta).replace(WABA, "999")).await?["error"]["error_subcode"],
        33
    );
    Ok(())
}

#[tokio::test]
async fn a_created_template_is_reviewed_and_the_webhook_says_how_it_went() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    meta.set_review_time(Duration::from_millis(20));
    let create = async |name: &str| -> anyhow::Result<Value> {
        let body = json!({ "name": name, "language": "en_GB", "category": "UTILITY", "components": body("Hi {{1}}") });
        Ok(client(SOON)?
            .post(url(&meta))
            .bearer_auth(TOKEN)
            .json(&body)
            .send()
            .await?
            .json()
            .await?)
    };
    let made = create("order_ready").await?;
    assert_eq!(made["status"], "PENDING");
    create("please_reject_me").await?;
    assert_eq!(create("order_ready").await?["error"]["error_subcode"], 2_388_024);
    assert_eq!(create("Bad Name").await?["error"]["code"], 100);
    let posts = inbox.wait(|posts| posts.len() == 2).await?;
    let mut news = Vec::new();
    for post in posts {
        let change = post.json()?["entry"][0]["changes"][0].clone();
        assert_eq!(change["field"], "message_template_status_update");
        assert!(change["value"]["message_template_id"].is_i64());
        news.push((
            change["value"]["message_template_name"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            change["value"]["event"].as_str().unwrap_or_default().to_owned(),
        ));
    }
    news.sort();
    assert_eq!(
        news,
        [
            ("order_ready".into(), "APPROVED".into()),
            ("please_reject_me".into(), "REJECTED".into())
        ]
    );
    let gone: Value = client(SOON)?
        .delete(format!("{}?name=order_ready", url(&meta)))
        .bearer_auth(TOKEN)
        .send()
        .await?
        .json()
        .await?;
    assert_eq!(gone["success"], true);
    assert_eq!(meta.templates(WABA).len(), 1);
    Ok(())
}

fn send(name: &str, language: &str, components: Value) -> Value {
    let mut template = json!({ "name": name, "language": { "code": language } });
    if let Some(template) = template.as_object_mut()
        && components != json!([])
    {
        template.insert("components".to_owned(), components);
    }
    json!({ "messaging_product": "whatsapp", "to": "+447700900222", "type": "template", "template": template })
}

fn text(value: &str) -> Value {
    json!({ "type": "text", "text": value })
}

#[tokio::test]
async fn a_template_is_sent_only_as_it_was_defined() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.add_template(
        WABA,
        Template::approved(
            "ready",
            "en_GB",
            "UTILITY",
            json!([
                { "type": "HEADER", "format": "TEXT", "text": "Order {{1}}" },
                { "type": "BODY", "text": "Hi {{1}}, collect {{2}}." },
                { "type": "BUTTONS", "buttons": [
                    { "type": "QUICK_REPLY", "text": "Yes" },
                    { "type": "URL", "text": "See", "url": "https://larkfield.example/{{1}}" },
                ] },
            ]),
        ),
    );
    meta.add_template(
        WABA,
        Template::approved(
            "named",
            "en_GB",
            "UTILITY",
            json!([{ "type": "BODY", "text": "Hi {{who}}" }]),
        )
        .named(),
    );
    meta.add_template(
        WABA,
        Template::approved(
            "paused",
            "en_GB",
            "UTILITY",
            json!([{ "type": "BODY", "text": "Hi" }]),
        )
        .status("PAUSED"),
    );
    meta.add_template(
        WABA,
        Template::approved(
            "photo",
            "en_GB",
            "UTILITY",
            json!([
        { "type": "HEADER", "format": "IMAGE" }, { "type": "BODY", "text": "Look" }]),
        ),
    );
    let header = json!({ "type": "header", "parameters": [text("118")] });
    let words = |values: &[&str]| json!({ "type": "body", "parameters": values.iter().map(|value| text(value)).collect::<Vec<_>>() });
    let button = json!({ "type": "button", "sub_type": "url", "index": "1", "parameters": [text("118")] });
    let named = |name: &str| json!([{ "type": "body", "parameters": [{ "type": "text", "parameter_name": name, "text": "Ana" }] }]);
    let cases = [
        (
            send(
                "ready",
                "en_GB",
                json!([header, words(&["Ana", "today"]), button]),
            ),
            0,
        ),
        (
            send("ready", "de", json!([header, words(&["Ana", "today"]), button])),
            132_001,
        ),
        (send("nobody", "en_GB", json!([])), 132_001),
        (send("paused", "en_GB", json!([])), 132_015),
        (
            send("ready", "en_GB", json!([header, words(&["Ana"]), button])),
            132_000,
        ),
        (
            send("ready", "en_GB", json!([words(&["Ana", "today"]), button])),
            132_000,
        ),
        (
            send(
                "ready",
                "en_GB",
                json!([header, words(&["Ana", "to\nday"]), button]),
            ),
            132_012,
        ),
        (
            send(
                "ready",
                "en_GB",
                json!([header, words(&["Ana", &"x".repeat(1100)]), button]),
            ),
            132_005,
        ),
        (
            send("ready", "en_GB", json!([header, words(&["Ana", "today"])])),
            131_008,
        ),
        (send("named", "en_GB", named("who")), 0),
        (send("named", "en_GB", named("whom")), 132_000),
        (send("photo", "en_GB", json!([header])), 132_012),
        (
            send(
                "photo",
                "en_GB",
                json!([{ "type": "header", "parameters": [{ "type": "image", "image": { "id": "404" } }] }]),
            ),
            100,
        ),
    ];
    for (body, code) in cases {
        let answer: Value = post(&meta, &body).await?.json().await?;
        assert_eq!(
            answer["error"]["code"].as_i64().unwrap_or(0),
            code,
            "{body} {answer}"
        );
    }
    assert_eq!(meta.sends()[0].category.as_deref(), Some("utility"));
    Ok(())
}

#[tokio::test]
async fn a_closed_window_takes_templates_and_an_opt_out_takes_no_promotions() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    for (name, category) in [("offer", "MARKETING"), ("ready", "UTILITY")] {
        meta.add_template(
            WABA,
            Template::approved(name, "en", category, json!([{ "type": "BODY", "text": "Hi" }])),
        );
    }
    meta.customer_wrote(NUMBER, &ines(), 1_000, "long ago")?
        .1
        .acknowledged(SOON)
        .await?;
    assert_eq!(post(&meta, &send("offer", "en", json!([]))).await?.status(), 200);
    meta.notify(NUMBER, |number| {
        preference(number, &ines(), "stop", 1_794_301_200)
    })?
    .acknowledged(SOON)
    .await?;
    assert_eq!(
        inbox.posts().last().context("a post")?.json()?["entry"][0]["changes"][0]["value"]["user_preferences"]
            [0]["timestamp"],
        1_794_301_200
    );
    let refused: Value = post(&meta, &send("offer", "en", json!([]))).await?.json().await?;
    assert_eq!(refused["error"]["code"], 131_050);
    assert_eq!(post(&meta, &send("ready", "en", json!([]))).await?.status(), 200);
    meta.notify(NUMBER, |number| {
        preference(number, &ines(), "resume", 1_794_301_300)
    })?
    .acknowledged(SOON)
    .await?;
    assert_eq!(post(&meta, &send("offer", "en", json!([]))).await?.status(), 200);
    Ok(())
}
