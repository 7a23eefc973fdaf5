//! The guests of the demo shop: a rich inbox at once, files soon after, and people who react to what the shop sends.

use std::collections::BTreeSet;

use crate::common::{Inbox, Post, SOON, client, items};
use serde_json::{Value, json};
use simulator::{DemoShop, Tempo};

async fn open(tempo: Tempo) -> anyhow::Result<(DemoShop, Inbox)> {
    let shop = DemoShop::start_at(tempo).await?;
    let config = shop.channel_config();
    let inbox = Inbox::open_with(text(&config, "/secrets/verify_token")).await?;
    shop.open(&inbox.url).await?;
    Ok((shop, inbox))
}

async fn send(shop: &DemoShop, mut body: Value) -> anyhow::Result<()> {
    let config = shop.channel_config();
    if let Some(body) = body.as_object_mut() {
        body.insert("messaging_product".to_owned(), json!("whatsapp"));
    }
    let answer = client(SOON)?
        .post(format!(
            "{}/v25.0/100200300400500/messages",
            shop.meta().graph_url()
        ))
        .bearer_auth(text(&config, "/secrets/access_token"))
        .json(&body)
        .send()
        .await?;
    let (status, answer) = (answer.status(), answer.text().await?);
    anyhow::ensure!(status == 200, "{answer}");
    Ok(())
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The kinds of all messages, with the kind of interactive ones and marks of where they come from.
fn kinds(posts: &[Post]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for message in items(posts, "messages") {
        found.insert(text(&message, "/type").to_owned());
        found.insert(text(&message, "/interactive/type").to_owned());
        for (mark, pointer) in [
            ("quote", "/context/id"),
            ("forwarded", "/context/forwarded"),
            ("forwarded often", "/context/frequently_forwarded"),
            ("product", "/context/referred_product"),
            ("referral", "/referral"),
            ("group", "/group_id"),
            ("errors", "/errors"),
        ] {
            if message.pointer(pointer).is_some() {
                found.insert(mark.to_owned());
            }
        }
    }
    for post in posts {
        let Ok(body) = post.json() else { continue };
        let entries = body.get("entry").and_then(Value::as_array);
        let changes = entries
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.get("changes"));
        for change in changes.filter_map(Value::as_array).flatten() {
            found.insert(format!("field {}", text(change, "/field")));
        }
    }
    found
}

#[tokio::test]
async fn the_inbox_is_rich_at_once() -> anyhow::Result<()> {
    let (shop, inbox) = open(Tempo::REAL).await?;
    let found = kinds(&inbox.posts());
    for wanted in [
        "text",
        "image",
        "document",
        "sticker",
        "location",
        "contacts",
        "reaction",
        "button",
        "button_reply",
        "list_reply",
        "nfm_reply",
        "order",
        "system",
        "edit",
        "revoke",
        "unsupported",
        "quote",
        "forwarded",
        "forwarded often",
        "product",
        "referral",
        "group",
        "errors",
        "field smb_message_echoes",
        "field smb_app_state_sync",
        "field calls",
        "field user_preferences",
        "field message_template_status_update",
        "field message_template_quality_update",
        "field phone_number_quality_update",
    ] {
        assert!(found.contains(wanted), "{wanted} is missing in {found:?}");
    }
    let stickers: Vec<bool> = items(&inbox.posts(), "messages")
        .iter()
        .filter_map(|message| message.pointer("/sticker/animated").and_then(Value::as_bool))
        .collect();
    assert_eq!(stickers, [false, true]);
    shop.stop().await;
    Ok(())
}

#[tokio::test]
async fn every_file_of_the_demo_can_be_fetched_and_is_what_it_says() -> anyhow::Result<()> {
    let (shop, inbox) = open(Tempo::scaled(0.005)).await?;
    // Six lie there already; four pictures, a film and a voice note follow.
    let with_file = |message: &Value| message[text(message, "/type")]["url"].is_string();
    let all_twelve = |posts: &[Post]| {
        items(posts, "messages")
            .iter()
            .filter(|message| with_file(message))
            .count()
            == 12
    };
    let posts = inbox.wait(all_twelve).await?;
    let config = shop.channel_config();
    let token = text(&config, "/secrets/access_token").to_owned();
    let mut files = 0;
    for message in items(&posts, "messages") {
        let object = message[text(&message, "/type")].clone();
        let Some(url) = object["url"].as_str() else {
            continue;
        };
        let answer = client(SOON)?
            .get(url)
            .bearer_auth(&token)
            .header("user-agent", "test/1.0.0")
            .send()
            .await?;
        assert_eq!(answer.status(), 200, "{object}");
        let bytes = answer.bytes().await?;
        let handle = simulator::MediaHandle::of("", &bytes, "");
        assert_eq!(object["sha256"], handle.sha256);
        let start: &[u8] = match text(&object, "/mime_type") {
            "image/jpeg" => &[0xFF, 0xD8, 0xFF],
            "image/png" => b"\x89PNG",
            "image/webp" => b"RIFF",
            "application/pdf" => b"%PDF-1.4",
            "video/mp4" => b"\0\0\0",
            "audio/ogg; codecs=opus" => b"OggS",
            other => anyhow::bail!("{other}"),
        };
        assert!(bytes.starts_with(start));
        files += 1;
    }
    assert_eq!(files, 12);
    shop.stop().await;
    Ok(())
}

#[tokio::test]
async fn two_contacts_turn_out_to_be_one_person_and_a_liking_is_taken_back() -> anyhow::Result<()> {
    let (shop, inbox) = open(Tempo::scaled(0.01)).await?;
    let wei = |message: &Value| {
        (
            text(message, "/from") == "447700900150",
            text(message, "/from_user_id").starts_with("GB.7015029"),
        )
    };
    let posts = inbox
        .wait(|posts| {
            items(posts, "messages")
                .iter()
                .any(|message| wei(message) == (true, true))
        })
        .await?;
    let seen: BTreeSet<(bool, bool)> = items(&posts, "messages")
        .iter()
        .map(wei)
        .filter(|pair| *pair != (false, false))
        .collect();
    assert_eq!(seen, BTreeSet::from([(true, false), (false, true), (true, true)]));
    let reactions: Vec<Value> = items(&posts, "messages")
        .into_iter()
        .filter(|message| message["type"] == "reaction")
        .collect();
    let emoji: Vec<&str> = reactions
        .iter()
        .map(|reaction| text(reaction, "/reaction/emoji"))
        .collect();
    assert_eq!(emoji, ["❤️", "👍", ""]);
    let echoed = items(&posts, "message_echoes")[0]["id"].clone();
    assert!(
        reactions
            .iter()
            .all(|reaction| reaction["reaction"]["message_id"] == echoed)
    );
    shop.stop().await;
    Ok(())
}

#[tokio::test]
async fn people_tap_share_and_thank_when_the_shop_asks() -> anyhow::Result<()> {
    let (shop, inbox) = open(Tempo::scaled(0.02)).await?;
    let ask =
        |content: Value| json!({ "to": "+447700900131", "type": "interactive", "interactive": content });
    let body = json!({ "text": "Please choose" });
    send(
        &shop,
        ask(json!({ "type": "button", "body": body,
        "action": { "buttons": [{ "type": "reply", "reply": { "id": "today", "title": "Today" } }] } })),
    )
    .await?;
    send(
        &shop,
        ask(
            json!({ "type": "list", "body": body, "action": { "button": "Open",
        "sections": [{ "rows": [{ "id": "row", "title": "Row one" }] }] } }),
        ),
    )
    .await?;
    send(&shop, ask(json!({ "type": "location_request_message", "body": body, "action": { "name": "send_location" } }))).await?;
    let number =
        json!({ "type": "request_contact_info", "body": body, "action": { "name": "request_contact_info" } });
    send(
        &shop,
        json!({ "recipient": "GB.70150299018834467712", "type": "interactive", "interactive": number }),
    )
    .await?;
    send(
        &shop,
        json!({ "to": "+447700900131", "type": "template", "template": { "name": "order_ready",
        "language": { "code": "en_GB" }, "components": [{ "type": "body", "parameters": [
            { "type": "text", "text": "Priya" }, { "type": "text", "text": "2291" }] }] } }),
    )
    .await?;
    send(
        &shop,
        json!({ "to": "+447700900131", "type": "text", "text": { "body": "All done." } }),
    )
    .await?;
    let ids: Vec<String> = shop
        .meta()
        .sends()
        .iter()
        .filter_map(|send| send.wamid.clone())
        .collect();
    let answered = |posts: &[Post], at: usize, pointer: &str, wanted: &str| {
        items(posts, "messages").iter().any(|message| {
            text(message, pointer) == wanted
                && ids.get(at).is_some_and(|id| text(message, "/context/id") == id)
        })
    };
    inbox
        .wait(|posts| {
            answered(posts, 0, "/interactive/button_reply/id", "today")
                && answered(posts, 1, "/interactive/list_reply/title", "Row one")
                && answered(posts, 2, "/location/name", "Home")
                && answered(posts, 3, "/contacts/0/phones/0/wa_id", "447700900150")
                && answered(posts, 4, "/button/text", "I'll come today")
        })
        .await?;
    inbox.message("Wonderful, I'll tell the team.").await?;
    shop.stop().await;
    Ok(())
}
