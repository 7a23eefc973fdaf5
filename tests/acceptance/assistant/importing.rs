//! Files for the knowledge base, read by a process of their own.

use super::{decided, set_mode, thread};
use crate::DESKBELLD;
use acceptance::{Street, customer};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What every file here says.
const SAYS: &str = "The pottery workshop takes place every Tuesday at 18:30.";

/// The checksum of a ZIP entry (CRC-32, as APPNOTE 4.4.7 has it).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 {
                (sum >> 1) ^ 0xEDB8_8320
            } else {
                sum >> 1
            }
        })
    })
}

/// A ZIP file with one entry that is stored as it is (APPNOTE 4.3).
fn zipped(name: &str, content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).unwrap_or(0).to_le_bytes();
    let name_size = u16::try_from(name.len()).unwrap_or(0).to_le_bytes();
    let mut about = Vec::new();
    about.extend([20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x50]);
    about.extend(crc(content).to_le_bytes());
    about.extend(size);
    about.extend(size);
    about.extend(name_size);
    about.extend([0, 0]);
    let mut file = b"PK\x03\x04".to_vec();
    file.extend(&about);
    file.extend(name.as_bytes());
    file.extend(content);
    let directory = file.len();
    file.extend(b"PK\x01\x02\x14\x00");
    file.extend(&about);
    file.extend([0; 14]);
    file.extend(name.as_bytes());
    let length = file.len() - directory;
    file.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    file.extend(u32::try_from(length).unwrap_or(0).to_le_bytes());
    file.extend(u32::try_from(directory).unwrap_or(0).to_le_bytes());
    file.extend([0, 0]);
    file
}

fn docx() -> Vec<u8> {
    let document = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
         <w:body><w:p><w:r><w:t>{SAYS}</w:t></w:r></w:p></w:body></w:document>"
    );
    zipped("word/document.xml", document.as_bytes())
}

/// A PDF of one page.
fn pdf() -> Vec<u8> {
    let content = format!("BT /F1 12 Tf 50 700 Td ({SAYS}) Tj ET");
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        page.to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (number, object) in (1..).zip(&objects) {
        let _ = writeln!(places, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{number} 0 obj\n{object}\nendobj\n");
    }
    let (start, size) = (file.len(), objects.len() + 1);
    let _ = write!(
        file,
        "xref\n0 {size}\n0000000000 65535 f \n{places}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}

fn html() -> Vec<u8> {
    format!("<!DOCTYPE html><title>Us</title><script>alert('no')</script><h2>Workshop</h2><p>{SAYS}</p>")
        .into()
}

fn csv() -> Vec<u8> {
    format!("question,answer\nWhen does the pottery workshop take place?,\"{SAYS}\"\n").into()
}

/// Hands a file in.
async fn upload(street: &Street, name: &str, file: Vec<u8>) -> anyhow::Result<Value> {
    let url = format!("{}/files?name={name}", street.shop.api_url()?);
    let handed = street
        .shop
        .client()
        .post(url)
        .bearer_auth(street.shop.api_token()?)
        .body(file)
        .send()
        .await?;
    let mut answer: Value = serde_json::from_str(&handed.text().await?)?;
    Ok(answer["ok"]["upload_id"].take())
}

#[tokio::test]
async fn whatever_the_owner_has_it_in_the_assistant_can_say_it() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    set_mode(&street, "shadow").await?;
    for (name, source, file) in [
        ("workshop.html", "html", html()),
        ("workshop.csv", "csv", csv()),
        ("workshop.docx", "docx", docx()),
        ("workshop.pdf", "pdf", pdf()),
    ] {
        let path = street.shop.folder().join(name);
        std::fs::write(&path, &file)?;
        let upload_id = upload(&street, name, file).await?;
        for from in [json!({"path": path}), json!({"upload_id": upload_id})] {
            let document = street.shop.rpc("import_document", from).await?;
            assert_eq!(document["source"], source, "{document}");
            let text = document["text"].as_str().unwrap_or_default();
            assert!(text.contains(SAYS), "{name}: {document}");
            assert!(!text.contains("alert"), "{name}: {document}");
            let tried = json!({"text": "When does the pottery workshop take place?"});
            let tried = street.shop.rpc("try_sentence", tried).await?;
            assert_eq!(tried["step"], "knowledge", "{name}: {tried}");
            assert_eq!(
                tried["sources"][0]["reference"], document["id"],
                "{name}: {tried}"
            );
            let gone = json!({"document_id": document["id"]});
            street.shop.rpc("delete_document", gone).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_broken_file_is_refused_in_words_and_the_shop_goes_on() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    set_mode(&street, "bot").await?;
    let (mut half, mut bomb) = (docx(), zipped("word/document.xml", b"<w:document><w:body><w:p>"));
    half.truncate(60);
    bomb.extend([0; 7]);
    for (name, file) in [
        ("half.docx", half),
        ("no-words.docx", zipped("word/media/image.png", b"png")),
        ("not-closed.docx", bomb),
        ("half.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R".to_vec()),
        ("circle.pdf", b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF".to_vec()),
        ("empty.pdf", Vec::new()),
    ] {
        let path = street.shop.folder().join(name);
        std::fs::write(&path, &file)?;
        let refused = street.shop.refused("import_document", json!({"path": path})).await?;
        assert_eq!(refused["code"], "bad_request", "{name}: {refused}");
        let words = refused["message"].as_str().unwrap_or_default();
        assert!(words.len() > 20 && words.ends_with('.'), "{name}: {refused}");
        assert!(!words.contains("panicked"), "{name}: {refused}");
        if !file.is_empty() {
            let upload_id = upload(&street, name, file).await?;
            let handed = json!({"upload_id": upload_id});
            let refused = street.shop.refused("import_document", handed).await?;
            assert_eq!(refused["field"], "upload_id", "{name}: {refused}");
        }
    }
    let list = street.shop.rpc("list_documents", json!({})).await?;
    assert_eq!(list["documents"], json!([]), "nothing of them stays");
    // The same process still reads, listens and answers.
    let path = street.shop.folder().join("workshop.pdf");
    std::fs::write(&path, pdf())?;
    street.shop.rpc("import_document", json!({"path": path})).await?;
    let (_, conversation) = street
        .hear(&customer(1), "When does the pottery workshop take place?")
        .await?;
    decided(&street, &conversation).await?;
    let said = thread(&street, &conversation).await?;
    assert!(said.len() <= 2, "{said:?}");
    Ok(())
}

#[tokio::test]
async fn a_web_page_that_was_handed_in_is_read_and_sent_to_nobody() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (_, conversation) = street.hear(&customer(1), "Hello").await?;
    let upload_id = upload(&street, "workshop.html", html()).await?;
    let send = json!({"conversation_id": conversation, "upload_id": upload_id});
    let refused = street.shop.refused("send_media", send).await?;
    assert_eq!(refused["code"], "bad_request", "{refused}");
    let document = json!({"upload_id": upload_id});
    let document = street.shop.rpc("import_document", document).await?;
    assert_eq!(document["source"], "html", "{document}");
    assert!(street.meta.sends().is_empty());
    Ok(())
}
