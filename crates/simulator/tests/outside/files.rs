//! Files at the simulated Meta: up, down, expired, deleted, and spoilt on purpose.

use std::time::Duration;

use crate::common::{NUMBER, SECRET, SOON, TOKEN, client, ines, items, meta, number};
use anyhow::Context as _;
use base64::Engine as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use simulator::art::{self, Scene};
use simulator::{GraphError, Inbound, MediaFault, MediaRule, Meta, Number};

/// A form with a file, as a client would write it.
fn form(mime: &str, name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (key, value) in [("messaging_product", "whatsapp"), ("type", mime)] {
        body.extend(
            format!("--frontier\r\nContent-Disposition: form-data; name=\"{key}\"\r\n\r\n{value}\r\n")
                .bytes(),
        );
    }
    let head = format!(
        "--frontier\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {mime}\r\n\r\n"
    );
    body.extend(head.bytes());
    body.extend(bytes);
    body.extend(b"\r\n--frontier--\r\n");
    body
}

pub(crate) async fn upload(
    meta: &Meta,
    mime: &str,
    name: &str,
    bytes: &[u8],
) -> anyhow::Result<reqwest::Response> {
    let request = client(SOON)?
        .post(format!("{}/v25.0/{NUMBER}/media", meta.graph_url()))
        .bearer_auth(TOKEN)
        .header("content-type", "multipart/form-data; boundary=frontier")
        .body(form(mime, name, bytes));
    Ok(request.send().await?)
}

async fn get(url: &str, token: Option<&str>) -> anyhow::Result<reqwest::Response> {
    let mut request = client(SOON)?.get(url).header("user-agent", "test/1.0.0");
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    Ok(request.send().await?)
}

async fn resolve(meta: &Meta, id: &str) -> anyhow::Result<Value> {
    Ok(get(&format!("{}/v25.0/{id}", meta.graph_url()), Some(TOKEN))
        .await?
        .json()
        .await?)
}

fn url_of(node: &Value) -> anyhow::Result<String> {
    Ok(node["url"].as_str().context("an address")?.to_owned())
}

#[tokio::test]
async fn a_customers_file_is_found_by_the_id_in_the_webhook_with_both_hashes_right() -> anyhow::Result<()> {
    let meta = meta().await?;
    let photo = art::photo(Scene::Mug);
    let handle = meta.put_media(photo.clone(), "image/jpeg");
    let message = Inbound::image(&handle, Some("ours")).message(&ines(), "wamid.A", 1);
    let hash = Sha256::digest(&photo);
    let decoded = base64::engine::general_purpose::STANDARD
        .decode(message["image"]["sha256"].as_str().context("a hash")?)?;
    assert_eq!(decoded, hash.to_vec());

    let node = resolve(&meta, message["image"]["id"].as_str().context("an id")?).await?;
    assert_eq!(node["sha256"], hex::encode(hash));
    assert_eq!(
        (&node["mime_type"], &node["file_size"]),
        (&json!("image/jpeg"), &json!(photo.len()))
    );
    let answer = get(&url_of(&node)?, Some(TOKEN)).await?;
    assert_eq!(answer.headers()["content-type"], "image/jpeg");
    assert_eq!(answer.bytes().await?, photo);

    meta.set_file_size_as_text(true);
    assert_eq!(
        resolve(&meta, &handle.id).await?["file_size"],
        json!(photo.len().to_string())
    );
    Ok(())
}

#[tokio::test]
async fn a_download_needs_the_token_and_a_user_agent_and_its_address_dies() -> anyhow::Result<()> {
    let meta = meta().await?;
    let handle = meta.put_media("hello", "text/plain");
    let url = url_of(&resolve(&meta, &handle.id).await?)?;
    assert_eq!(get(&url, None).await?.status(), 401);
    assert_eq!(get(&url, Some("stale")).await?.status(), 401);
    let bare = client(SOON)?.get(&url).bearer_auth(TOKEN).send().await?;
    assert_eq!(bare.status(), 403, "no User-Agent");
    assert_eq!(get(&url, Some(TOKEN)).await?.status(), 200);
    meta.expire_media_urls();
    assert_eq!(get(&url, Some(TOKEN)).await?.status(), 404);
    let fresh = url_of(&resolve(&meta, &handle.id).await?)?;
    assert_eq!(get(&fresh, Some(TOKEN)).await?.status(), 200);
    meta.forget_media(&handle.id);
    assert_eq!(get(&fresh, Some(TOKEN)).await?.status(), 404);
    assert_eq!(resolve(&meta, &handle.id).await?["error"]["error_subcode"], 33);
    Ok(())
}

#[tokio::test]
async fn an_uploaded_file_belongs_to_its_number_and_can_be_deleted() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.add_number(Number::new(
        "512000000000002",
        "3",
        "+447700900112",
        "second",
        SECRET,
    ));
    let answer = upload(
        &meta,
        "application/pdf",
        "order \\\"7\\\".pdf",
        &art::pdf(&["Order"]),
    )
    .await?;
    assert_eq!(answer.status(), 200);
    let id = answer.json::<Value>().await?["id"]
        .as_str()
        .context("an id")?
        .to_owned();
    let uploads = meta.uploads();
    assert_eq!(uploads.len(), 1);
    assert_eq!(
        (
            uploads[0].id.as_deref(),
            uploads[0].file_name.as_deref(),
            uploads[0].mime_type.as_str()
        ),
        (Some(id.as_str()), Some("order \"7\".pdf"), "application/pdf")
    );
    assert_eq!(meta.media_bytes(&id).context("bytes")?, art::pdf(&["Order"]));
    let url = format!("{}/v25.0/{id}", meta.graph_url());
    assert_eq!(
        get(&url, Some("second")).await?.status(),
        400,
        "another number's file"
    );
    let foreign = format!("{url}?phone_number_id=512000000000002");
    assert_eq!(get(&foreign, Some(TOKEN)).await?.status(), 400);
    let mine = format!("{url}?phone_number_id={NUMBER}");
    assert_eq!(get(&mine, Some(TOKEN)).await?.status(), 200);
    let gone: Value = client(SOON)?
        .delete(&mine)
        .bearer_auth(TOKEN)
        .send()
        .await?
        .json()
        .await?;
    assert_eq!(gone, json!({ "success": true }));
    assert_eq!(get(&mine, Some(TOKEN)).await?.status(), 400);
    Ok(())
}

#[tokio::test]
async fn an_upload_of_a_wrong_type_size_or_content_is_refused() -> anyhow::Result<()> {
    let meta = meta().await?;
    let big = [&[0xFF, 0xD8, 0xFF][..], &vec![0; 5 << 20]].concat();
    let cases: [(&str, Vec<u8>, i64); 6] = [
        ("application/x-msdownload", b"MZ".to_vec(), 100),
        ("image/jpeg", big, 131_053),
        ("image/jpeg", b"GIF89a".to_vec(), 131_053),
        (
            "image/webp",
            [b"RIFF\0\0\0\0WEBPVP8L".to_vec(), vec![0; 101 << 10]].concat(),
            131_053,
        ),
        (
            "audio/ogg; codecs=opus",
            b"OggS no opus in here".to_vec(),
            131_053,
        ),
        ("text/plain", Vec::new(), 100),
    ];
    for (mime, bytes, code) in cases {
        let answer = upload(&meta, mime, "file", &bytes).await?;
        assert_eq!(answer.json::<Value>().await?["error"]["code"], code, "{mime}");
    }
    assert!(meta.uploads().iter().all(|upload| upload.id.is_none()));
    for (mime, bytes) in [
        ("audio/ogg; codecs=opus", art::voice()),
        ("image/webp", art::sticker()),
        ("image/webp", art::animated_sticker()),
        ("video/mp4", art::video()),
        ("image/png", art::png(Scene::Shelf)),
    ] {
        assert_eq!(upload(&meta, mime, "file", &bytes).await?.status(), 200, "{mime}");
    }
    let url = format!("{}/v25.0/{NUMBER}/media", meta.graph_url());
    let no_form = client(SOON)?
        .post(url)
        .bearer_auth(TOKEN)
        .body("nothing")
        .send()
        .await?;
    assert_eq!(no_form.json::<Value>().await?["error"]["code"], 100);
    Ok(())
}

#[tokio::test]
async fn downloads_come_slow_cut_changed_missing_or_as_a_page() -> anyhow::Result<()> {
    let meta = meta().await?;
    let file = vec![7_u8; 4000];
    let handle = meta.put_media(file.clone(), "application/pdf");
    let url = meta.media_url(&handle.id);
    let fetch = async || get(&url, Some(TOKEN)).await;

    meta.media_fault(MediaFault::Slow {
        bytes_per_second: 20_000,
    });
    let start = std::time::Instant::now();
    assert_eq!(fetch().await?.bytes().await?, file);
    assert!(
        start.elapsed() >= Duration::from_millis(150),
        "{:?}",
        start.elapsed()
    );

    meta.media_fault(MediaFault::Cut { after: 100 });
    let cut = fetch().await?;
    assert_eq!(cut.content_length(), Some(4000));
    assert!(cut.bytes().await.is_err());

    meta.media_fault(MediaFault::WrongHash);
    let wrong = fetch().await?.bytes().await?;
    assert!(wrong.len() == file.len() && wrong != file);

    meta.media_fault(MediaRule::from(MediaFault::Missing).times(2));
    assert_eq!(
        [
            fetch().await?.status(),
            fetch().await?.status(),
            fetch().await?.status()
        ],
        [404, 404, 200]
    );

    meta.media_fault(MediaRule::from(MediaFault::Missing).always().media(&handle.id));
    for _ in 0..3 {
        assert_eq!(fetch().await?.status(), 404);
    }
    meta.clear_faults();

    meta.media_fault(MediaFault::Html);
    let page = fetch().await?;
    assert!(page.status() == 200 && page.headers()["content-type"].to_str()?.starts_with("text/html"));
    assert_eq!(fetch().await?.bytes().await?, file);
    Ok(())
}

#[tokio::test]
async fn an_address_can_lead_elsewhere_and_the_book_shows_whether_the_token_went_along() -> anyhow::Result<()>
{
    let meta = meta().await?;
    let handle = meta.put_media("hello", "text/plain");
    meta.media_fault(MediaFault::UrlAt(meta.stranger_url(&handle.id)));
    let url = url_of(&resolve(&meta, &handle.id).await?)?;
    assert!(url.starts_with("http://localhost:"));
    assert_eq!(get(&url, None).await?.text().await?, "hello");
    let calls = meta.calls();
    let last = calls.last().context("a call")?;
    assert!(
        last.host.starts_with("localhost") && !last.bearer && last.status == Some(200),
        "{last:?}"
    );

    meta.media_fault(MediaFault::RedirectTo("http://10.0.0.1/secret".to_owned()));
    let strict = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let answer = strict
        .get(meta.media_url(&handle.id))
        .header("user-agent", "test/1.0.0")
        .bearer_auth(TOKEN)
        .send()
        .await?;
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["location"]),
        (302, &"http://10.0.0.1/secret".parse()?)
    );
    Ok(())
}

#[tokio::test]
async fn an_upload_is_refused_slowed_or_cut_on_demand() -> anyhow::Result<()> {
    let meta = meta().await?;
    let pdf = art::pdf(&["Order"]);
    meta.media_fault(MediaFault::UploadRefused(GraphError::of(131_000)));
    assert_eq!(
        upload(&meta, "application/pdf", "a.pdf", &pdf).await?.status(),
        500
    );
    meta.media_fault(MediaFault::UploadCut { after: 10 });
    assert!(upload(&meta, "application/pdf", "a.pdf", &pdf).await.is_err());
    meta.media_fault(MediaFault::UploadSlow {
        bytes_per_second: 10_000,
    });
    let start = std::time::Instant::now();
    assert_eq!(
        upload(&meta, "application/pdf", "a.pdf", &pdf).await?.status(),
        200
    );
    assert!(
        start.elapsed() >= Duration::from_millis(80),
        "{:?}",
        start.elapsed()
    );
    let ids = meta.uploads().iter().filter(|upload| upload.id.is_some()).count();
    assert_eq!((meta.uploads().len(), ids), (2, 1), "a cut upload leaves nothing");
    Ok(())
}

#[tokio::test]
async fn a_webhook_with_a_file_reaches_the_inbox() -> anyhow::Result<()> {
    let (meta, inbox) = crate::common::connected().await?;
    let handle = meta.put_media(art::voice(), art::VOICE_TYPE);
    let handle = handle.clone().with_url(&meta.media_url(&handle.id));
    let (wamid, receipt) = meta.customer_sends(NUMBER, &ines(), &Inbound::audio(&handle, true))?;
    receipt.acknowledged(SOON).await?;
    let message = &items(&inbox.posts(), "messages")[0];
    assert_eq!(
        (&message["id"], &message["audio"]["voice"]),
        (&json!(wamid), &json!(true))
    );
    assert_eq!(
        get(
            message["audio"]["url"].as_str().context("an address")?,
            Some(TOKEN)
        )
        .await?
        .bytes()
        .await?,
        art::voice()
    );
    assert_eq!(number().phone_number_id, NUMBER);
    Ok(())
}
