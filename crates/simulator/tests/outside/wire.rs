//! The simulated Meta on the wire: verification, signatures, deliveries, sends and refusals.

use crate::common::{
    Inbox, NUMBER, SECRET, SOON, TOKEN, VERIFY, accepted, client, connected, hmac_sha256, ines, items,
    messages_url, meta, number, post, text_to,
};
use anyhow::Context as _;
use serde_json::{Value, json};
use simulator::webhook::{self, envelope, new_wamid};
use simulator::{Customer, Meta, Number, Outcome, Street, Style, WindowCheck};

#[tokio::test]
async fn an_address_is_subscribed_only_when_it_returns_the_challenge() -> anyhow::Result<()> {
    let meta = meta().await?;
    let inbox = Inbox::open().await?;
    let wrong = meta.subscribe(NUMBER, &inbox.url, "another token").await;
    assert!(wrong.is_err_and(|error| error.to_string().contains("verification failed")));
    let elsewhere = meta
        .subscribe(NUMBER, &format!("{}/nobody", inbox.url), VERIFY)
        .await;
    assert!(elsewhere.is_err());
    meta.subscribe(NUMBER, &inbox.url, VERIFY).await?;
    assert!(
        meta.subscribe("1", &inbox.url, VERIFY).await.is_err(),
        "an unknown number cannot be subscribed"
    );
    Ok(())
}

#[tokio::test]
async fn every_delivery_is_signed_over_exactly_its_bytes() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    let text = "Grüße 24/7 – مرحبا 😀 \"quoted\"\n";
    for style in [Style::Escaped, Style::Raw] {
        meta.set_street(Street {
            style,
            ..Street::default()
        });
        let (_, receipt) = meta.customer_writes(NUMBER, &ines(), text)?;
        assert_eq!(receipt.acknowledged(SOON).await?, 1);
    }
    let posts = inbox.posts();
    for post in &posts {
        assert_eq!(
            post.signature,
            format!("sha256={}", hmac_sha256(SECRET, &post.body))
        );
        assert_eq!(
            post.json()?
                .pointer("/entry/0/changes/0/value/messages/0/text/body"),
            Some(&json!(text))
        );
    }
    let escaped = std::str::from_utf8(&posts[0].body)?;
    assert!(escaped.is_ascii());
    assert!(
        escaped.contains(r"Gr\u00fc\u00dfe 24\/7 \u2013") && escaped.contains(r"\ud83d\ude00"),
        "{escaped}"
    );
    assert!(std::str::from_utf8(&posts[1].body)?.contains("Grüße 24/7"));
    Ok(())
}

#[test]
fn a_message_has_the_shape_that_meta_documents() {
    let change = webhook::text(&number(), &ines(), "wamid.A", 1_794_301_200, "Olá!");
    let expected = json!({
        "object": "whatsapp_business_account",
        "entry": [{ "id": "398000000000001", "changes": [{
            "value": {
                "messaging_product": "whatsapp",
                "metadata": { "display_phone_number": "447700900111", "phone_number_id": NUMBER },
                "contacts": [{ "profile": { "name": "Inês 🦊" }, "wa_id": "447700900222", "user_id": "GB.70222000000000000001" }],
                "messages": [{
                    "from": "447700900222", "from_user_id": "GB.70222000000000000001", "id": "wamid.A",
                    "timestamp": "1794301200", "type": "text", "text": { "body": "Olá!" },
                }],
            },
            "field": "messages",
        }] }],
    });
    assert_eq!(envelope(vec![change]), expected);
}

#[test]
fn somebody_without_a_phone_number_has_no_number_in_the_webhook() {
    let sam = Customer::hidden("Sam", "GB.70990", "@sam.glazes");
    let body = envelope(vec![webhook::text(&number(), &sam, "wamid.B", 1, "hi")]).to_string();
    assert!(!body.contains("wa_id") && !body.contains("\"from\""), "{body}");
    assert!(
        body.contains("\"from_user_id\":\"GB.70990\"") && body.contains("@sam.glazes"),
        "{body}"
    );
}

#[test]
fn changes_of_one_account_share_an_entry() {
    let other = Number::new(
        "512000000000002",
        "398000000000002",
        "+447700900112",
        TOKEN,
        SECRET,
    );
    let changes =
        [number(), number(), other].map(|number| webhook::text(&number, &ines(), &new_wamid(), 1, "x"));
    let body = envelope(changes.to_vec());
    let sizes = body["entry"]
        .as_array()
        .expect("entries")
        .iter()
        .map(|entry| entry["changes"].as_array().map(Vec::len));
    assert_eq!(sizes.collect::<Vec<_>>(), [Some(2), Some(1)]);
}

#[tokio::test]
async fn a_delivery_is_repeated_until_the_answer_is_200() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    inbox.refuse(&[503, 202, 401]);
    let (_, receipt) = meta.customer_writes(NUMBER, &ines(), "still there?")?;
    assert_eq!(receipt.acknowledged(SOON).await?, 4);
    let posts = inbox.posts();
    assert_eq!(posts.len(), 4);
    assert!(
        posts
            .iter()
            .all(|post| post.body == posts[0].body && post.signature == posts[0].signature)
    );
    Ok(())
}

#[tokio::test]
async fn a_receiver_that_moved_gets_what_it_missed() -> anyhow::Result<()> {
    let (meta, gone) = connected().await?;
    drop(gone);
    let (_, receipt) = meta.customer_writes(NUMBER, &ines(), "anybody?")?;
    let inbox = Inbox::open().await?;
    meta.subscribe(NUMBER, &inbox.url, VERIFY).await?;
    receipt.acknowledged(SOON).await?;
    assert_eq!(inbox.messages().len(), 1);
    meta.quiet(SOON).await
}

#[tokio::test]
async fn deliveries_can_be_doubled_and_shuffled() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    meta.set_street(Street {
        copies: 2,
        ..Street::default()
    });
    let texts: Vec<String> = (0..20).map(|n| n.to_string()).collect();
    let changes = texts
        .iter()
        .map(|text| webhook::text(&number(), &ines(), &format!("wamid.{text}"), 1, text));
    for receipt in meta.deliver_shuffled(NUMBER, changes.collect()) {
        assert_eq!(receipt.acknowledged(SOON).await?, 2);
    }
    let mut ids: Vec<String> = items(&inbox.posts(), "messages")
        .iter()
        .map(|message| message["id"].to_string())
        .collect();
    assert_eq!(ids.len(), 40);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 20);
    Ok(())
}

#[tokio::test]
async fn a_good_send_is_answered_with_an_id_and_recorded() -> anyhow::Result<()> {
    let meta = meta().await?;
    let answer = post(&meta, &text_to("+447700900222", "Hello", "ob_1")).await?;
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.headers()["content-type"],
        "application/json; charset=UTF-8"
    );
    let answer: Value = answer.json().await?;
    assert_eq!(
        answer["contacts"],
        json!([{ "input": "+447700900222", "wa_id": "447700900222" }])
    );
    let send = meta.wait_for_send(1, SOON).await?;
    assert_eq!(answer["messages"], json!([{ "id": send.wamid }]));
    assert_eq!(
        (send.number.as_str(), send.to.as_str(), send.text.as_deref()),
        (NUMBER, "447700900222", Some("Hello"))
    );
    assert_eq!(
        (send.outcome, meta.taken("ob_1"), meta.attempts("ob_1")),
        (Outcome::Taken, 1, 1)
    );
    Ok(())
}

#[tokio::test]
async fn somebody_without_a_phone_number_is_written_to_by_user_id() -> anyhow::Result<()> {
    let meta = meta().await?;
    let body = json!({ "messaging_product": "whatsapp", "recipient": "GB.70990", "type": "text", "text": { "body": "Hi" } });
    let answer: Value = post(&meta, &body).await?.json().await?;
    assert_eq!(
        answer["contacts"],
        json!([{ "input": "GB.70990", "user_id": "GB.70990" }])
    );
    assert_eq!(meta.sends()[0].to, "GB.70990");
    Ok(())
}

#[tokio::test]
async fn a_malformed_send_is_refused_in_the_shape_of_graph() -> anyhow::Result<()> {
    let meta = meta().await?;
    let good = || text_to("+447700900222", "Hello", "ob_1");
    let without = |key: &str| {
        let mut body = good();
        body.as_object_mut().map(|body| body.remove(key));
        body
    };
    let cases = [
        (without("messaging_product"), 100),
        (without("to"), 100),
        (without("text"), 100),
        (text_to("447700900222", "Hello", "ob_1"), 131_009),
        (text_to("+44 7700 900222", "Hello", "ob_1"), 131_009),
        (text_to("+447700900111", "Hello", "ob_1"), 131_021),
        (text_to("+447700900222", "", "ob_1"), 100),
        (text_to("+447700900222", &"x".repeat(4097), "ob_1"), 100),
        (text_to("+447700900222", "Hello", &"r".repeat(513)), 131_009),
        (
            json!({ "messaging_product": "whatsapp", "to": "+447700900222", "type": "poll", "poll": {} }),
            100,
        ),
        (
            json!({ "messaging_product": "whatsapp", "to": "+447700900222", "type": "image" }),
            100,
        ),
        (json!(["no object"]), 100),
    ];
    for (body, code) in cases {
        let answer = post(&meta, &body).await?;
        assert_eq!(answer.status(), 400, "{body}");
        let answer: Value = answer.json().await?;
        assert_eq!(answer["error"]["code"], code, "{body} {answer}");
        assert_eq!(answer["error"]["type"], "OAuthException");
        assert!(answer["error"]["fbtrace_id"].is_string() && answer["error"]["message"].is_string());
    }
    assert!(meta.sends().iter().all(|send| !send.outcome.is_taken()));
    accepted(&meta, &text_to("+447700900222", &"x".repeat(4096), "ob_2")).await?;
    Ok(())
}

#[tokio::test]
async fn a_wrong_token_proof_or_number_is_refused_as_graph_does() -> anyhow::Result<()> {
    let meta = meta().await?;
    let other = Number {
        proof_required: true,
        ..Number::new("512000000000002", "3", "+447700900112", "second", "hush")
    };
    meta.add_number(other);
    let proof = hmac_sha256("hush", b"second");
    let client = client(SOON)?;
    let cases = [
        (NUMBER, Some("stale"), None, 401, 190, Value::Null),
        (NUMBER, None, None, 401, 104, Value::Null),
        ("999", Some(TOKEN), None, 400, 100, json!(33)),
        ("512000000000002", Some(TOKEN), None, 400, 100, json!(33)),
        (NUMBER, Some(TOKEN), Some("00".to_owned()), 400, 100, Value::Null),
        ("512000000000002", Some("second"), None, 400, 100, Value::Null),
        (
            "512000000000002",
            Some("second"),
            Some(proof),
            200,
            0,
            Value::Null,
        ),
    ];
    for (id, token, proof, status, code, subcode) in cases {
        let mut request = client.post(format!("{}/v25.0/{id}/messages", meta.graph_url()));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(proof) = &proof {
            request = request.query(&[("appsecret_proof", proof)]);
        }
        let answer = request
            .json(&text_to("+447700900222", "Hello", "ob"))
            .send()
            .await?;
        assert_eq!(answer.status(), status, "{id} {token:?} {proof:?}");
        let answer: Value = answer.json().await?;
        if status != 200 {
            assert_eq!(
                (&answer["error"]["code"], &answer["error"]["error_subcode"]),
                (&json!(code), &subcode)
            );
        }
    }
    let unversioned = client
        .post(format!("{}/{NUMBER}/messages", meta.graph_url()))
        .bearer_auth(TOKEN)
        .send()
        .await?;
    assert_eq!(unversioned.status(), 400);
    Ok(())
}

#[tokio::test]
async fn the_number_can_be_read_with_the_fields_asked_for() -> anyhow::Result<()> {
    let meta = meta().await?;
    let read = async |fields: &str| {
        let url = format!("{}/v25.0/{NUMBER}", meta.graph_url());
        client(SOON)?
            .get(url)
            .query(&[("fields", fields)])
            .bearer_auth(TOKEN)
            .send()
            .await
            .context("an answer")
    };
    let node: Value = read("display_phone_number,quality_rating").await?.json().await?;
    assert_eq!(
        node,
        json!({ "display_phone_number": "+447700900111", "quality_rating": "GREEN", "id": NUMBER })
    );
    let inbox = Inbox::open().await?;
    meta.subscribe(NUMBER, &inbox.url, VERIFY).await?;
    let node: Value = read("webhook_configuration").await?.json().await?;
    assert_eq!(node["webhook_configuration"]["phone_number"], inbox.url);
    let unknown = read("display_phone_number,shoe_size").await?;
    assert_eq!(unknown.status(), 400);
    assert_eq!(unknown.json::<Value>().await?["error"]["code"], 100);
    Ok(())
}

#[tokio::test]
async fn a_customer_who_wrote_25_hours_ago_gets_no_free_text() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    let (_, receipt) = meta.customer_writes(NUMBER, &ines(), "today")?;
    receipt.acknowledged(SOON).await?;
    let now = inbox.messages()[0].2;
    let late = Customer::phone("Late", "447700900333");
    meta.customer_wrote(NUMBER, &late, now - 25 * 3600, "yesterday")?
        .1
        .acknowledged(SOON)
        .await?;

    accepted(&meta, &text_to("+447700900222", "in time", "ob_1")).await?;
    let refused: Value = post(&meta, &text_to("+447700900333", "too late", "ob_2"))
        .await?
        .json()
        .await?;
    assert_eq!(refused["error"]["code"], 131_047);
    let template = json!({ "messaging_product": "whatsapp", "to": "+447700900333", "type": "template", "template": { "name": "hello" } });
    accepted(&meta, &template).await?;

    meta.set_window_check(WindowCheck::ByStatus);
    let wamid = accepted(&meta, &text_to("+447700900333", "too late", "ob_3")).await?;
    let posts = inbox.wait(|posts| !items(posts, "statuses").is_empty()).await?;
    let status = &items(&posts, "statuses")[0];
    assert_eq!(
        (&status["id"], &status["status"]),
        (&json!(wamid), &json!("failed"))
    );
    assert_eq!(status["errors"][0]["code"], 131_047);
    Ok(())
}

#[tokio::test]
async fn a_stopped_meta_answers_nobody() -> anyhow::Result<()> {
    let meta: Meta = meta().await?;
    let url = messages_url(&meta);
    tokio::time::timeout(SOON, meta.stop()).await?;
    assert!(
        client(SOON)?
            .get(url)
            .send()
            .await
            .is_err_and(|error| error.is_connect())
    );
    Ok(())
}
