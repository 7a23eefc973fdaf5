//! Every kind of message the product can send: taken within the documented limits, refused beyond them.

use crate::common::{NUMBER, accepted, connected, ines, meta, post};
use crate::files::upload;
use anyhow::Context as _;
use serde_json::{Value, json};
use simulator::Meta;
use simulator::art::{self, Scene};

fn message(kind: &str, content: &Value) -> Value {
    json!({ "messaging_product": "whatsapp", "to": "+447700900222", "type": kind, kind: content })
}

async fn id_of(meta: &Meta, mime: &str, bytes: &[u8]) -> anyhow::Result<String> {
    let answer: Value = upload(meta, mime, "file", bytes).await?.json().await?;
    let id = answer.get("id").and_then(Value::as_str).context("an id")?;
    Ok(id.to_owned())
}

async fn code(meta: &Meta, body: &Value) -> anyhow::Result<Value> {
    let answer: Value = post(meta, body).await?.json().await?;
    Ok(answer.pointer("/error/code").cloned().unwrap_or_default())
}

#[tokio::test]
async fn every_kind_within_its_limits_is_taken_and_kept_as_it_came() -> anyhow::Result<()> {
    let meta = meta().await?;
    let image = id_of(&meta, "image/jpeg", &art::photo(Scene::Vase)).await?;
    let video = id_of(&meta, "video/mp4", &art::video()).await?;
    let voice = id_of(&meta, "audio/ogg; codecs=opus", &art::voice()).await?;
    let pdf = id_of(&meta, "application/pdf", &art::pdf(&["x"])).await?;
    let sticker = id_of(&meta, "image/webp", &art::sticker()).await?;
    let body = json!({ "text": "Which one?" });
    let button = |id: &str, title: &str| json!({ "type": "reply", "reply": { "id": id, "title": title } });
    let good = [
        message(
            "text",
            &json!({ "body": "See https://larkfield.example", "preview_url": true }),
        ),
        message("image", &json!({ "id": image, "caption": "c".repeat(1024) })),
        message("image", &json!({ "link": "https://larkfield.example/mug.jpg" })),
        message("video", &json!({ "id": video })),
        message("audio", &json!({ "id": voice, "voice": true })),
        message(
            "document",
            &json!({ "id": pdf, "filename": "Rechnung.pdf", "caption": "Danke" }),
        ),
        message("document", &json!({ "id": image, "filename": "as file.jpg" })),
        message("sticker", &json!({ "id": sticker })),
        message(
            "location",
            &json!({ "latitude": 51.5, "longitude": "-0.1", "name": "Shop", "address": "Mill Lane" }),
        ),
        message(
            "contacts",
            &json!([{ "name": { "formatted_name": "Ana B", "first_name": "Ana" },
            "phones": [{ "phone": "+44 7700 900111", "type": "WORK" }], "birthday": "1990-02-28" }]),
        ),
        message("reaction", &json!({ "message_id": "wamid.X", "emoji": "👨‍👩‍👧‍👦" })),
        message("reaction", &json!({ "message_id": "wamid.X", "emoji": "" })),
        message(
            "interactive",
            &json!({ "type": "button", "header": { "type": "image", "image": { "id": image } }, "body": body,
            "footer": { "text": "f" }, "action": { "buttons": [button("a", &"t".repeat(20)), button("b", "B"), button("c", "C")] } }),
        ),
        message(
            "interactive",
            &json!({ "type": "list", "body": body, "action": { "button": "Open", "sections": [
            { "title": "S", "rows": [{ "id": "1", "title": "One", "description": "d".repeat(72) }] }] } }),
        ),
        message(
            "interactive",
            &json!({ "type": "cta_url", "body": body,
            "action": { "name": "cta_url", "parameters": { "display_text": "See", "url": "https://larkfield.example" } } }),
        ),
        message(
            "interactive",
            &json!({ "type": "location_request_message", "body": body, "action": { "name": "send_location" } }),
        ),
        message(
            "interactive",
            &json!({ "type": "request_contact_info", "body": body, "action": { "name": "request_contact_info" } }),
        ),
    ];
    for body in &good {
        accepted(&meta, body).await.with_context(|| body.to_string())?;
    }
    let sends = meta.sends();
    assert_eq!(
        sends.iter().map(|send| &send.body).collect::<Vec<_>>(),
        good.iter().collect::<Vec<_>>()
    );
    assert_eq!(sends[4].content().context("content")?["voice"], true);
    Ok(())
}

#[tokio::test]
async fn what_is_beyond_a_limit_is_refused() -> anyhow::Result<()> {
    let meta = meta().await?;
    let image = id_of(&meta, "image/jpeg", &art::photo(Scene::Vase)).await?;
    let body = json!({ "text": "Which one?" });
    let reply = |id: &str, title: &str| json!({ "type": "reply", "reply": { "id": id, "title": title } });
    let buttons = |buttons: &[Value]| {
        message(
            "interactive",
            &json!({ "type": "button", "body": body, "action": { "buttons": buttons } }),
        )
    };
    let rows = |rows: &[Value]| {
        message(
            "interactive",
            &json!({ "type": "list", "body": body, "action": { "button": "Open", "sections": [{ "rows": rows }] } }),
        )
    };
    let row = |id: usize| json!({ "id": id.to_string(), "title": "Row" });
    let bad = [
        (message("image", &json!({})), 100),
        (
            message("image", &json!({ "id": "1", "link": "https://x.example" })),
            131_009,
        ),
        (message("image", &json!({ "id": "404" })), 100),
        (message("video", &json!({ "id": image })), 131_053),
        (
            message("image", &json!({ "id": image, "caption": "c".repeat(1025) })),
            131_009,
        ),
        (
            message(
                "audio",
                &json!({ "link": "https://x.example/a.ogg", "caption": "no" }),
            ),
            131_009,
        ),
        (message("image", &json!({ "link": "ftp://x.example" })), 131_009),
        (
            message("location", &json!({ "latitude": 91, "longitude": 0 })),
            131_009,
        ),
        (message("location", &json!({ "latitude": 1 })), 100),
        (
            message("contacts", &json!([{ "name": { "formatted_name": "Ana" } }])),
            100,
        ),
        (
            message(
                "contacts",
                &json!([{ "name": { "formatted_name": "A", "first_name": "A" }, "birthday": "28.2.1990" }]),
            ),
            131_009,
        ),
        (
            message("reaction", &json!({ "message_id": "wamid.X", "emoji": "yes" })),
            131_009,
        ),
        (message("reaction", &json!({ "emoji": "👍" })), 100),
        (buttons(&[]), 100),
        (
            buttons(&[reply("a", "A"), reply("b", "B"), reply("c", "C"), reply("d", "D")]),
            131_009,
        ),
        (buttons(&[reply("a", "A"), reply("b", "A")]), 131_009),
        (buttons(&[reply("a", &"t".repeat(21))]), 131_009),
        (buttons(&[reply(" a", "A")]), 131_009),
        (rows(&(0..11).map(row).collect::<Vec<_>>()), 131_009),
        (rows(&[json!({ "id": "1", "title": "t".repeat(25) })]), 131_009),
        (rows(&[row(1), row(1)]), 131_009),
        (
            message(
                "interactive",
                &json!({ "type": "list", "header": { "type": "image", "image": { "id": image } }, "body": body,
            "action": { "button": "Open", "sections": [{ "rows": [row(1)] }] } }),
            ),
            131_009,
        ),
        (
            message(
                "interactive",
                &json!({ "type": "button", "body": { "text": "b".repeat(1025) }, "action": { "buttons": [reply("a", "A")] } }),
            ),
            131_009,
        ),
        (
            message(
                "interactive",
                &json!({ "type": "hologram", "body": body, "action": {} }),
            ),
            131_009,
        ),
        (
            message(
                "interactive",
                &json!({ "type": "cta_url", "body": body,
            "action": { "name": "cta_url", "parameters": { "display_text": "See", "url": "larkfield" } } }),
            ),
            131_009,
        ),
    ];
    for (body, wanted) in bad {
        assert_eq!(code(&meta, &body).await?, wanted, "{body}");
    }
    assert!(meta.sends().iter().all(|send| !send.outcome.is_taken()));
    Ok(())
}

#[tokio::test]
async fn a_read_mark_and_typing_are_recorded_and_no_send() -> anyhow::Result<()> {
    let meta = meta().await?;
    let mark = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": "wamid.IN" });
    let mut typing = mark.clone();
    typing["typing_indicator"] = json!({ "type": "text" });
    let mut odd = mark.clone();
    odd["typing_indicator"] = json!({ "type": "voice" });
    for (body, status) in [(&mark, 200), (&typing, 200), (&odd, 400)] {
        assert_eq!(post(&meta, body).await?.status(), status);
    }
    let calls = meta
        .wait_for_calls(|calls| calls.len() == 3, crate::common::SOON)
        .await?;
    assert_eq!(calls[1].path, format!("/{NUMBER}/messages"));
    assert_eq!(calls[1].body.as_ref(), Some(&typing));
    assert!(meta.sends().is_empty());
    Ok(())
}

#[tokio::test]
async fn our_reaction_only_ever_leaves_and_a_voice_note_is_played() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    meta.customer_writes(NUMBER, &ines(), "hi")?
        .1
        .acknowledged(crate::common::SOON)
        .await?;
    meta.set_statuses(simulator::StatusPlan::immediate().playing());
    accepted(
        &meta,
        &message("reaction", &json!({ "message_id": "wamid.X", "emoji": "👍" })),
    )
    .await?;
    inbox
        .wait(|posts| crate::common::words(posts) == ["sent"])
        .await?;
    let voice = id_of(&meta, "audio/ogg; codecs=opus", &art::voice()).await?;
    accepted(&meta, &message("audio", &json!({ "id": voice, "voice": true }))).await?;
    inbox
        .wait(|posts| crate::common::words(posts) == ["sent", "sent", "delivered", "read", "played"])
        .await?;
    Ok(())
}
