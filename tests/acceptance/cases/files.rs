//! Files on bad ways, and processes that end in the middle of them.

use super::street;
use acceptance::{PATIENCE, Street, customer, until};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use simulator::art::{self, Scene};
use simulator::{Inbound, MediaFault, MediaHandle, MediaRule};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Some bytes that no other file has.
fn bytes(size: usize, seed: u32) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2_654_435_761).max(1);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    (0..size).map(|_| next()).collect()
}

/// A customer sends it; returns the message's id.
async fn arrives(street: &Street, n: u32, file: &MediaHandle) -> anyhow::Result<String> {
    let what = Inbound::document(file, Some("thing.bin"), None);
    let (id, receipt) = street
        .meta
        .customer_sends(&street.number.phone_number_id, &customer(n), &what)?;
    receipt.acknowledged(PATIENCE).await?;
    Ok(id)
}

/// The one file of a message, as exported, once it is in this state.
async fn until_state(street: &Street, id: &str, state: &str) -> anyhow::Result<Value> {
    let mut last = Value::Null;
    let what = format!("{state} of {id}");
    let seen = until(&what, PATIENCE, async || {
        last = street.shop.export().await?.message(id)?["attachments"][0].clone();
        Ok((last["state"] == state).then(|| last.clone()))
    });
    seen.await.with_context(|| format!("the file is {last}"))
}

/// A machine that is not Meta's: answers everything with 200, and remembers what it was asked.
async fn stranger() -> anyhow::Result<(String, Arc<Mutex<String>>, JoinSet<()>)> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = format!("http://{}", listener.local_addr()?);
    let heard = Arc::new(Mutex::new(String::new()));
    let into = Arc::clone(&heard);
    let mut house = JoinSet::new();
    house.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut part = vec![0; 8192];
            let size = stream.read(&mut part).await.unwrap_or(0);
            let said = String::from_utf8_lossy(part.get(..size).unwrap_or_default()).into_owned();
            into.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push_str(&said);
            drop(
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
                    .await,
            );
        }
    });
    Ok((address, heard, house))
}

#[tokio::test]
async fn a_file_on_a_bad_way_comes_in_the_end_or_says_that_it_does_not() -> anyhow::Result<()> {
    let street = street().await?;
    let (elsewhere, heard, _house) = stranger().await?;
    let cases: Vec<(&str, Vec<MediaRule>, &str)> = vec![
        (
            "slow",
            vec![
                MediaFault::Slow {
                    bytes_per_second: 200_000,
                }
                .into(),
            ],
            "stored",
        ),
        ("cut once", vec![MediaFault::Cut { after: 100 }.into()], "stored"),
        ("wrong once", vec![MediaFault::WrongHash.into()], "stored"),
        (
            "an address that is gone once",
            vec![MediaFault::Missing.into()],
            "stored",
        ),
        (
            "sent to a stranger",
            vec![MediaRule::from(MediaFault::RedirectTo(elsewhere.clone())).always()],
            "failed",
        ),
        (
            "sent to a private address",
            vec![MediaRule::from(MediaFault::RedirectTo("http://10.0.0.1/x".to_owned())).always()],
            "failed",
        ),
        (
            "said to be at a stranger's",
            vec![MediaRule::from(MediaFault::UrlAt(elsewhere.clone())).always()],
            "failed",
        ),
    ];
    let mut waiting = Vec::new();
    for (n, (name, rules, state)) in (600..).zip(cases) {
        let content = bytes(50_000, n);
        let file = street.meta.put_media(content, "application/octet-stream");
        for rule in rules {
            street.meta.media_fault(rule.media(&file.id));
        }
        waiting.push((name, arrives(&street, n, &file).await?, file, state));
    }
    let gone = street.meta.put_media(bytes(500, 650), "application/octet-stream");
    street.meta.forget_media(&gone.id);
    waiting.push((
        "no longer kept",
        arrives(&street, 650, &gone).await?,
        gone,
        "expired",
    ));
    for (name, id, file, state) in waiting {
        let seen = until_state(&street, &id, state).await.with_context(|| name)?;
        if state == "stored" {
            assert_eq!(
                (&seen["sha256"], &seen["size"]),
                (&json!(file.sha256_hex), &json!(file.size)),
                "{name}"
            );
        }
    }
    let heard = heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
    ensure!(
        !heard.contains(&street.number.access_token) && !heard.to_lowercase().contains("authorization"),
        "{heard}"
    );
    Ok(())
}

/// The bytes of a message's file as the window gets them.
async fn read_back(street: &Street, conversation: &str, place: usize) -> anyhow::Result<Vec<u8>> {
    let page = street
        .shop
        .rpc("thread", json!({"conversation_id": conversation}))
        .await?;
    let files: Vec<&Value> = page["messages"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|message| &message["attachments"][0])
        .collect();
    let id = files
        .get(place)
        .and_then(|file| file["id"].as_str())
        .context("no file")?;
    let url = format!("{}/files/{id}", street.shop.api_url()?);
    let answer = street
        .shop
        .client()
        .get(url)
        .bearer_auth(street.shop.api_token()?)
        .send()
        .await?;
    ensure!(answer.status().as_u16() == 200, "HTTP {}", answer.status());
    Ok(answer.bytes().await?.to_vec())
}

#[tokio::test]
async fn a_document_of_30_megabytes_comes_and_goes_whole() -> anyhow::Result<()> {
    let street = street().await?;
    let (down, up) = (bytes(30 << 20, 1), bytes(30 << 20, 2));
    let file = street.meta.put_media(down.clone(), "application/octet-stream");
    let id = arrives(&street, 660, &file).await?;
    until_state(&street, &id, "stored").await?;
    let conversation = street.conversation(&customer(660)).await?;
    ensure!(
        read_back(&street, &conversation, 0).await? == down,
        "other bytes came down"
    );

    let path = street.shop.data_dir().join("large.pdf");
    let whole = [b"%PDF-1.4\n".to_vec(), up].concat();
    tokio::fs::write(&path, &whole).await?;
    let args =
        json!({"conversation_id": conversation, "path": path, "caption": "Everything", "as": "document"});
    let sent = street.shop.rpc("send_media", args).await?;
    let sent = sent["message_id"].as_str().context("no message")?;
    street
        .until_status(&conversation, sent, "accepted", PATIENCE)
        .await?;
    let sends = street.meta.sends();
    let (send, uploads) = (sends.first().context("not sent")?, street.meta.uploads());
    assert_eq!((sends.len(), uploads.len()), (1, 1));
    let id = send.body["document"]["id"].as_str().unwrap_or_default();
    ensure!(
        street.meta.media_bytes(id).is_some_and(|kept| kept == whole),
        "other bytes went up"
    );
    assert_eq!(
        (
            &send.body["document"]["filename"],
            &send.body["document"]["caption"]
        ),
        (&json!("large.pdf"), &json!("Everything"))
    );
    Ok(())
}

#[tokio::test]
async fn killed_in_the_middle_of_a_download_the_file_comes_after_all_and_once() -> anyhow::Result<()> {
    let mut street = street().await?;
    let file = street
        .meta
        .put_media(bytes(2 << 20, 3), "application/octet-stream");
    street.meta.media_fault(MediaFault::Slow {
        bytes_per_second: 100_000,
    });
    let id = arrives(&street, 670, &file).await?;
    let incoming = street.shop.data_dir().join("media").join("incoming");
    until("bytes have come", PATIENCE, async || {
        let mut entries = std::fs::read_dir(&incoming).into_iter().flatten().flatten();
        Ok(entries
            .any(|entry| entry.metadata().is_ok_and(|data| data.len() > 0))
            .then_some(()))
    })
    .await?;
    street.shop.kill().await?;
    street.reopen().await?;
    let seen = until_state(&street, &id, "stored").await?;
    assert_eq!(seen["sha256"], json!(file.sha256_hex));
    let records = street.shop.export().await?;
    assert_eq!(
        (
            records.of("message").len(),
            records.message(&id)?["attachments"].as_array().map(Vec::len)
        ),
        (1, Some(1))
    );
    Ok(())
}

#[tokio::test]
async fn killed_in_the_middle_of_an_upload_the_message_leaves_once() -> anyhow::Result<()> {
    let mut street = street().await?;
    let (_, conversation) = street.hear(&customer(680), "A picture, please").await?;
    let path = street.shop.data_dir().join("mug.jpg");
    tokio::fs::write(&path, art::photo(Scene::Mug)).await?;
    street.meta.media_fault(MediaFault::UploadSlow {
        bytes_per_second: 2_000,
    });
    let args = json!({"conversation_id": conversation, "path": path, "caption": "Here"});
    let sent = street.shop.rpc("send_media", args).await?;
    let sent = sent["message_id"].as_str().context("no message")?.to_owned();
    until("it is being uploaded", PATIENCE, async || {
        let upload = street.look(&conversation, &sent).await?["attachments"][0]["upload"].take();
        Ok((upload["state"] == "uploading" && upload["sent"] != 0).then_some(()))
    })
    .await?;
    street.shop.kill().await?;
    street.reopen().await?;
    street
        .until_status(&conversation, &sent, "accepted", PATIENCE)
        .await?;
    let sends = street.meta.sends();
    assert_eq!(sends.len(), 1, "{sends:?}");
    let records = street.shop.export().await?;
    assert_eq!(records.saying("Here").len(), 1);
    Ok(())
}
