//! Files over loopback HTTP: who may read them, in which parts, as what, and how they are handed in.

use crate::DESKBELLD;
use acceptance::{PATIENCE, Street, customer, until};
use anyhow::{Context as _, ensure};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use simulator::Inbound;
use simulator::art::{Scene, photo};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The most that is taken, in bytes.
const LARGEST: usize = 100 * 1024 * 1024;

/// A customer's file as the window knows it, once it is here.
async fn received(street: &Street, what: &Inbound) -> anyhow::Result<Value> {
    let (_, receipt) = street
        .meta
        .customer_sends(&street.number.phone_number_id, &customer(0), what)?;
    receipt.acknowledged(PATIENCE).await?;
    street.shop.settled().await?;
    let conversation = street.conversation(&customer(0)).await?;
    until("the file is here", PATIENCE, async || {
        let page = street
            .shop
            .rpc("thread", json!({"conversation_id": conversation}))
            .await?;
        let messages = page["messages"].as_array().context("no messages")?;
        let files = messages
            .iter()
            .filter_map(|message| message["attachments"].as_array())
            .flatten();
        Ok(files.last().filter(|file| file["state"] == "stored").cloned())
    })
    .await
}

fn get(street: &Street, path: &str) -> anyhow::Result<RequestBuilder> {
    let url = format!("{}{path}", street.shop.api_url()?);
    Ok(street
        .shop
        .client()
        .get(url)
        .bearer_auth(street.shop.api_token()?))
}

fn post(street: &Street, path: &str) -> anyhow::Result<RequestBuilder> {
    let url = format!("{}{path}", street.shop.api_url()?);
    Ok(street
        .shop
        .client()
        .post(url)
        .bearer_auth(street.shop.api_token()?))
}

fn label<'a>(answer: &'a Response, name: &str) -> &'a str {
    let value = answer.headers().get(name);
    value.and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn answer(response: Response) -> anyhow::Result<Value> {
    Ok(serde_json::from_str(&response.text().await?)?)
}

/// How many halves of files lie about.
fn halves(street: &Street) -> usize {
    let incoming = street.shop.data_dir().join("media").join("incoming");
    std::fs::read_dir(incoming).map_or(0, |entries| entries.flatten().count())
}

#[tokio::test]
async fn files_are_for_those_who_know_the_token_and_come_from_this_computer() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let picture = street.meta.put_media(photo(Scene::Mug), "image/jpeg");
    let file = received(&street, &Inbound::image(&picture, None)).await?;
    let id = file["id"].as_str().context("no id")?;
    let (url, bearer) = (
        street.shop.api_url()?,
        format!("Bearer {}", street.shop.api_token()?),
    );
    for (what, headers, expected) in [
        ("no token", vec![], 401),
        ("wrong token", vec![("authorization", "Bearer 0000")], 401),
        (
            "forged host",
            vec![("authorization", bearer.as_str()), ("host", "evil.example")],
            403,
        ),
        (
            "another page",
            vec![
                ("authorization", bearer.as_str()),
                ("origin", "https://evil.example"),
            ],
            403,
        ),
        ("ours", vec![("authorization", bearer.as_str())], 200),
    ] {
        let client = street.shop.client();
        let mut reads = client.get(format!("{url}/files/{id}?token={}", street.shop.api_token()?));
        let mut hands = client.post(format!("{url}/files?name=a.txt")).body("words");
        for (name, value) in headers {
            reads = reads.header(name, value);
            hands = hands.header(name, value);
        }
        let read = reads.send().await?;
        assert_eq!(read.status().as_u16(), expected, "{what}, reading");
        assert_eq!(
            read.bytes().await? == photo(Scene::Mug),
            expected == 200,
            "{what}"
        );
        let handed = hands.send().await?;
        assert_eq!(handed.status().as_u16(), expected, "{what}, handing in");
        let handed = answer(handed).await?;
        assert_eq!(
            handed["ok"]["upload_id"].is_string(),
            expected == 200,
            "{what}: {handed}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_picture_comes_whole_small_or_in_part() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let whole = photo(Scene::Mug);
    let picture = street.meta.put_media(whole.clone(), "image/jpeg");
    let file = received(&street, &Inbound::image(&picture, None)).await?;
    let path = format!("/files/{}", file["id"].as_str().context("no id")?);

    let given = get(&street, &path)?.send().await?;
    assert_eq!(label(&given, "content-type"), "image/jpeg");
    assert_eq!(label(&given, "x-content-type-options"), "nosniff");
    assert_eq!(label(&given, "content-security-policy"), "sandbox");
    assert_eq!(label(&given, "cache-control"), "private, no-store");
    let place = label(&given, "content-disposition");
    ensure!(place.starts_with("attachment; filename*=UTF-8''"), "{place}");
    assert_eq!(given.bytes().await?, whole);

    let small = get(&street, &format!("{path}?form=thumbnail"))?.send().await?;
    assert_eq!(small.status().as_u16(), 200);
    assert_eq!(label(&small, "content-disposition"), "");
    ensure!(small.bytes().await?.len() < whole.len());

    let size = whole.len();
    for (range, from, until) in [
        ("bytes=0-9".to_owned(), 0, 10),
        ("bytes=100-".to_owned(), 100, size),
        ("bytes=-7".to_owned(), size - 7, size),
        (format!("bytes=5-{size}0"), 5, size),
    ] {
        let part = get(&street, &path)?.header("range", &range).send().await?;
        assert_eq!(part.status().as_u16(), 206, "{range}");
        let told = format!("bytes {from}-{}/{size}", until - 1);
        assert_eq!(label(&part, "content-range"), told);
        assert_eq!(label(&part, "content-length"), (until - from).to_string());
        assert_eq!(part.bytes().await?, &whole[from..until], "{range}");
    }
    let beyond = get(&street, &path)?.header("range", format!("bytes={size}-"));
    let beyond = beyond.send().await?;
    assert_eq!(beyond.status().as_u16(), 416);
    assert_eq!(label(&beyond, "content-range"), format!("bytes */{size}"));
    let two = get(&street, &path)?
        .header("range", "bytes=0-1,4-5")
        .send()
        .await?;
    assert_eq!((two.status().as_u16(), two.bytes().await?.len()), (200, size));
    Ok(())
}

#[tokio::test]
async fn what_could_run_is_handed_out_as_bytes_to_be_saved() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let page = b"<html><script>alert(1)</script></html>".to_vec();
    let page = street.meta.put_media(page, "text/html");
    let sent = Inbound::document(&page, Some("r\u{e9}sum\u{e9}\"; x=.html"), None);
    let file = received(&street, &sent).await?;
    assert_eq!(file["dangerous"], true);
    for form in ["whole", "playable"] {
        let path = format!("/files/{}?form={form}", file["id"].as_str().context("no id")?);
        let given = get(&street, &path)?.send().await?;
        assert_eq!(given.status().as_u16(), 200);
        assert_eq!(label(&given, "content-type"), "application/octet-stream");
        let place = label(&given, "content-disposition");
        let name = place
            .strip_prefix("attachment; filename*=UTF-8''")
            .context("no name")?;
        ensure!(
            name.starts_with("r%C3%A9sum%C3%A9") && !name.contains(['"', ' ', ';']),
            "{name}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn an_id_is_a_number_and_no_path() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    for (id, status, code) in [
        ("4711", 404, "not_found"),
        ("..%2f..%2fdeskbell.db", 400, "bad_request"),
        ("%00", 400, "bad_request"),
        ("1%2f..%2f2", 400, "bad_request"),
        ("1?form=huge", 400, "bad_request"),
        ("99999999999999999999999999", 400, "bad_request"),
    ] {
        let refused = get(&street, &format!("/files/{id}"))?.send().await?;
        assert_eq!(refused.status().as_u16(), status, "{id}");
        let refused = answer(refused).await?;
        assert_eq!(refused["error"]["code"], code, "{id}: {refused}");
    }
    Ok(())
}

#[tokio::test]
async fn a_file_that_was_handed_in_is_sent_and_can_be_read_again() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (_, conversation) = street.hear(&customer(0), "Do you have a picture?").await?;
    let handed = post(&street, "/files?name=the%20mug%20%E2%98%95.jpg")?
        .body(photo(Scene::Mug))
        .send()
        .await?;
    let handed = answer(handed).await?["ok"].take();
    assert_eq!(handed["kind"], "image");
    assert_eq!(handed["problem"], Value::Null, "{handed}");
    let args = json!({"conversation_id": conversation, "upload_id": handed["upload_id"]});
    let sent = street.shop.rpc("send_media", args).await?;
    let message = sent["message_id"].as_str().context("no message")?;
    let seen = street.look(&conversation, message).await?;
    let id = seen["attachments"][0]["id"].as_str().context("no file")?;
    let given = get(&street, &format!("/files/{id}?form=thumbnail"))?
        .send()
        .await?;
    assert_eq!(given.status().as_u16(), 200);
    ensure!(label(&given, "content-type").starts_with("image/"));
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_with_words_and_leaves_nothing() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let bytes = vec![b'x'; LARGEST + 1];
    let refused = post(&street, "/files?name=long.txt")?.body(bytes).send().await?;
    assert_eq!(refused.status().as_u16(), 413);
    let refused = answer(refused).await?;
    assert_eq!(refused["error"]["code"], "bad_request");
    let words = refused["error"]["message"].as_str().unwrap_or_default();
    ensure!(words.contains("100 MB"), "{words}");

    // Without a length nobody knows before it is here.
    let mut stream = TcpStream::connect(address(&street)?).await?;
    let head = head(&street, "Transfer-Encoding: chunked")?;
    stream.write_all(head.as_bytes()).await?;
    let piece = [b"100000\r\n".to_vec(), vec![b'x'; 0x10_0000], b"\r\n".to_vec()].concat();
    for _ in 0..=100 {
        stream.write_all(&piece).await?;
    }
    stream.write_all(b"0\r\n\r\n").await?;
    let mut said = String::new();
    stream.read_to_string(&mut said).await?;
    ensure!(said.starts_with("HTTP/1.1 413 "), "{said}");
    until("nothing is left", PATIENCE, async || {
        Ok((halves(&street) == 0).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_file_that_breaks_off_leaves_nothing() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let mut stream = TcpStream::connect(address(&street)?).await?;
    let head = head(&street, "Content-Length: 1000000")?;
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&vec![b'x'; 500_000]).await?;
    until("it is being taken in", PATIENCE, async || {
        Ok((halves(&street) == 1).then_some(()))
    })
    .await?;
    drop(stream);
    until("nothing is left", PATIENCE, async || {
        Ok((halves(&street) == 0).then_some(()))
    })
    .await?;
    street.shop.rpc("health", json!({})).await?;
    Ok(())
}

fn address(street: &Street) -> anyhow::Result<SocketAddr> {
    let url = street.shop.api_url()?;
    Ok(url.trim_start_matches("http://").parse()?)
}

/// The head of an upload with one more line.
fn head(street: &Street, line: &str) -> anyhow::Result<String> {
    Ok(format!(
        "POST /files?name=a.txt HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAuthorization: Bearer {}\r\n{line}\r\n\r\n",
        address(street)?,
        street.shop.api_token()?
    ))
}
