//! The front door lets in what is genuine, answers as the contract says, and never holds up others.

use crate::DESKBELLD;
use acceptance::{PATIENCE, Shop, Street, VERIFY_TOKEN, customer, now, number, until};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use simulator::Style;
use simulator::webhook::{self, sign};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

const MIB: usize = 1024 * 1024;

/// A genuine body with one message, and the message's id.
fn one_message(street: &Street) -> (String, Vec<u8>) {
    let id = webhook::new_wamid();
    let change = webhook::text(&street.number, &customer(1), &id, now(), "Hello");
    (id, Style::Escaped.encode(&webhook::envelope(vec![change])))
}

/// Waits until the journal shows this many posts turned away for a reason.
async fn until_refused(street: &Street, reason: &str, number: u64) -> anyhow::Result<()> {
    until(&format!("{number} refused for {reason}"), PATIENCE, async || {
        let journal = street.shop.journal().await?;
        Ok((journal["refused"][reason] == number).then_some(()))
    })
    .await
}

#[tokio::test]
async fn meta_s_visit_is_answered_only_when_it_knows_the_token() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let url = street.shop.hook(&street.path)?;
    let good = format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={VERIFY_TOKEN}");
    let cases = [
        (good.as_str(), 200),
        ("", 404),
        ("utm_source=x", 404),
        ("hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong", 403),
        ("hub.mode=subscribe&hub.challenge=1&hub.verify_token=", 403),
        ("hub.mode=subscribe&hub.challenge=1", 400),
        (
            &format!("hub.mode=subscribe&hub.verify_token={VERIFY_TOKEN}"),
            400,
        ),
        (
            &format!("hub.mode=unsubscribe&hub.challenge=1&hub.verify_token={VERIFY_TOKEN}"),
            403,
        ),
        (&format!("hub.challenge=1&hub.verify_token={VERIFY_TOKEN}"), 403),
        (&good.replace("1158201444", "%3Cscript%3E"), 400),
        (&good.replace("1158201444", &"1".repeat(257)), 400),
        (&good.replace("4711", "471"), 403),
        (&good.replace("4711", "47110"), 403),
    ];
    for (query, expected) in cases {
        let answer = street.shop.client().get(format!("{url}?{query}")).send().await?;
        assert_eq!(answer.status().as_u16(), expected, "{query}");
        let kind = answer
            .headers()
            .get("content-type")
            .context("no type")?
            .to_str()?
            .to_owned();
        let sniff = answer.headers().get("x-content-type-options").cloned();
        let body = answer.text().await?;
        assert_eq!(body, if expected == 200 { "1158201444" } else { "" }, "{query}");
        assert!(kind.starts_with("text/plain"), "{kind}");
        assert_eq!(sniff.context("no nosniff")?.to_str()?, "nosniff");
    }
    Ok(())
}

#[tokio::test]
async fn a_post_without_a_genuine_signature_is_refused_and_leaves_no_row() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (_, body) = one_message(&street);
    let secret = street.number.app_secret.as_str();
    let good = sign(secret, &body);
    let name = "x-hub-signature-256";
    let digits = good.trim_start_matches("sha256=").to_owned();
    let refused: Vec<(&str, Vec<(&str, String)>)> = vec![
        ("unsigned", vec![]),
        ("forged", vec![(name, format!("sha256={}", "0".repeat(64)))]),
        (
            "sha1",
            vec![("x-hub-signature", format!("sha1={}", &digits[..40]))],
        ),
        ("sha1 in the new header", vec![(name, format!("sha1={digits}"))]),
        ("no scheme", vec![(name, digits.clone())]),
        ("capital scheme", vec![(name, format!("SHA256={digits}"))]),
        ("truncated", vec![(name, good[..good.len() - 1].to_owned())]),
        ("half", vec![(name, good[..39].to_owned())]),
        ("too long", vec![(name, format!("{good}0"))]),
        ("blank inside", vec![(name, format!("sha256= {digits}"))]),
        ("not hex", vec![(name, format!("sha256={}", "z".repeat(64)))]),
        ("empty", vec![(name, String::new())]),
        ("foreign secret", vec![(name, sign("another secret", &body))]),
        ("empty secret", vec![(name, sign("", &body))]),
        ("two headers", vec![(name, good.clone()), (name, good.clone())]),
        (
            "one good and one bad",
            vec![(name, good.clone()), (name, sign("x", &body))],
        ),
    ];
    let mut count = 0;
    for (what, headers) in &refused {
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(
            street.shop.post_with(&street.path, &headers, &body).await?,
            401,
            "{what}"
        );
        count += 1;
    }
    // One byte more, less or other than what was signed.
    let mut longer = body.clone();
    longer.push(b' ');
    let mut other = body.clone();
    other[10] ^= 1;
    for body in [&longer[..], &body[..body.len() - 1], &other[..], b""] {
        assert_eq!(
            street
                .shop
                .post_with(&street.path, &[(name, &good)], body)
                .await?,
            401
        );
        count += 1;
    }
    until_refused(&street, "signature", count).await?;
    let journal = street.shop.journal().await?;
    assert_eq!(journal["received"], 0);
    assert!(street.shop.export().await?.of("message").is_empty());
    let health = street.shop.rpc("health", json!({})).await?.to_string();
    assert!(health.contains("signature was wrong"), "{health}");

    // Capital digits are hexadecimal too.
    let capital = format!("sha256={}", digits.to_uppercase());
    assert_eq!(
        street
            .shop
            .post_with(&street.path, &[(name, &capital)], &body)
            .await?,
        200
    );
    Ok(())
}

#[tokio::test]
async fn four_mebibytes_are_taken_and_one_byte_more_is_not() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let secret = &street.number.app_secret;
    let (id, mut body) = one_message(&street);
    body.resize(4 * MIB, b' ');
    assert_eq!(street.shop.post(&street.path, secret, &body).await?, 200);
    body.push(b' ');
    assert_eq!(street.shop.post(&street.path, secret, &body).await?, 413);
    body.resize(9 * MIB, b' ');
    assert_eq!(street.shop.post(&street.path, secret, &body).await?, 413);
    street.shop.settled().await?;
    street.shop.export().await?.message(&id)?;
    until_refused(&street, "size", 2).await?;
    assert_eq!(street.shop.journal().await?["received"], 1);
    Ok(())
}

#[tokio::test]
async fn a_genuine_body_that_is_not_json_is_refused_and_kept() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let bodies: [&[u8]; 7] = [
        b"",
        b"{",
        b"hello",
        b"object=whatsapp_business_account",
        b"{\"object\":\"whatsapp_business_account\",}",
        b"{} {}",
        b"<xml/>",
    ];
    for body in bodies {
        let status = street.post_raw(body).await?;
        assert_eq!(status, 400, "{}", String::from_utf8_lossy(body));
    }
    let journal = street.shop.journal().await?;
    assert_eq!(journal["refused"]["syntax"], bodies.len());
    assert_eq!(journal["received"], 0);
    let listed = street.shop.succeed(&["journal", "DATA", "--list"]).await?;
    assert_eq!(listed.lines().count(), bodies.len());
    Ok(())
}

#[tokio::test]
async fn odd_but_well_formed_content_is_always_acknowledged_and_nothing_is_lost() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let person = customer(2);
    let secret = &street.number.app_secret;
    let frame = |messages: &str| {
        format!(
            r#"{{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"field":"messages","value":{{
            "metadata":{{"phone_number_id":"{}"}},"messages":[{messages}]}}}}]}}]}}"#,
            street.number.phone_number_id
        )
    };
    let from = person.wa_id.as_deref().unwrap_or_default();
    let message = |id: &str, time: &str, body: &str| {
        format!(
            r#"{{"from":"{from}","id":"{id}","timestamp":{time},"type":"text","text":{{"body":{body}}}}}"#
        )
    };
    let ids: Vec<String> = (0..12).map(|_| webhook::new_wamid()).collect();
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let with_deep =
        message(&ids[0], "\"1794301200\"", "\"deep\"").replacen('{', &format!("{{\"x\":{deep},"), 1);
    let odd = [
        frame(&with_deep),
        frame(&message(&ids[1], "\"1794301200\"", r#""half \ud83d a pair""#)),
        frame(&message(&ids[2], "\"1794301200\"", r#""a \u0000 zero""#)),
        frame(&message(&ids[3], "17943012000000000000", "\"twenty digits\"")),
        frame(&message(&ids[4], "\"-5\"", "\"before time\"")),
        frame(&message(&ids[5], "\"99999999999999\"", "\"the far future\"")),
        frame(&message(&ids[6], "1e400", "\"beyond all numbers\"")),
        frame(&message(&ids[7], "null", "\"no time\"")),
        frame(&message(&ids[8], "1794301200", "12345678901234567890")),
        frame(&message(&ids[9], "\"1794301200\"", "\"\"")),
        frame(&message(&ids[10], "\"soon\"", "\"a word for a time\"")),
        frame(&message(&ids[11], "1794301200.0", "\"a fraction\"")),
    ];
    for body in &odd {
        assert_eq!(
            street.shop.post(&street.path, secret, body.as_bytes()).await?,
            200,
            "{body:.200}"
        );
    }
    // Nothing in these is for us, and yet they are well-formed.
    let empty = [
        "null",
        "[]",
        "7",
        "\"x\"",
        "{}",
        r#"{"object":"page","entry":[]}"#,
        r#"{"entry":{"changes":7}}"#,
    ];
    for body in empty {
        assert_eq!(
            street.shop.post(&street.path, secret, body.as_bytes()).await?,
            200,
            "{body}"
        );
    }
    street.shop.settled().await?;
    let records = street.shop.export().await?;
    for (id, body) in ids.iter().zip(&odd) {
        let message = records.message(id).with_context(|| format!("{body:.300}"))?;
        assert_eq!(message["status"], "received");
        let sent_at = message["sent_at"].as_str().unwrap_or_default();
        assert!(
            sent_at.starts_with("2026-11-10T09") || sent_at == message["received_at"],
            "{message}"
        );
    }
    let text = |n: usize| records.message(&ids[n]).map(|message| message["text"].clone());
    assert_eq!(text(1)?, "half \u{fffd} a pair");
    assert_eq!(text(2)?, "a \u{0} zero");
    assert_eq!(text(9)?, "");
    assert_eq!(street.shop.journal().await?["received"], odd.len() + empty.len());
    Ok(())
}

#[tokio::test]
async fn other_addresses_and_methods_are_told_apart() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (_, body) = one_message(&street);
    let secret = &street.number.app_secret;
    for path in [
        "/",
        "/hooks",
        "/hooks/",
        "/hooks/unknown",
        &format!("{}/", street.path),
    ] {
        assert_eq!(street.shop.post(path, secret, &body).await?, 404, "{path}");
    }
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
        let request = street
            .shop
            .client()
            .request(method.parse()?, street.shop.hook(&street.path)?)
            .send()
            .await?;
        assert_eq!(request.status().as_u16(), 405, "{method}");
        assert_eq!(request.headers().get("allow").context("no allow")?, "GET, POST");
    }
    Ok(())
}

#[tokio::test]
async fn slow_callers_do_not_hold_up_the_others() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let address = street.shop.hook("")?.trim_start_matches("http://").to_owned();
    let mut slow = Vec::new();
    for n in 0..120 {
        let mut stream = TcpStream::connect(&address).await?;
        let beginning = if n % 2 == 0 {
            format!("POST {} HTTP/1.1\r\nHost: x\r\nContent-Le", street.path)
        } else {
            format!(
                "POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{{\"entry\":",
                street.path
            )
        };
        stream.write_all(beginning.as_bytes()).await?;
        slow.push(stream);
    }
    for _ in 0..20 {
        let (_, body) = one_message(&street);
        let begun = Instant::now();
        assert_eq!(street.post_raw(&body).await?, 200);
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    }
    // In the end the door loses its patience: a slow head is cut, a slow body is answered.
    let mut answers = [String::new(), String::new()];
    for (stream, answer) in slow.iter_mut().zip(&mut answers) {
        let read = timeout(Duration::from_secs(40), stream.read_to_string(answer)).await;
        drop(read.context("the door waits for ever")?);
    }
    assert!(
        answers[0].is_empty() || answers[0].starts_with("HTTP/1.1 408"),
        "{answers:?}"
    );
    assert!(answers[1].starts_with("HTTP/1.1 408"), "{answers:?}");
    Ok(())
}

#[tokio::test]
async fn while_another_program_holds_the_database_posts_are_asked_to_come_back() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (id, body) = one_message(&street);
    let other = rusqlite::Connection::open(street.shop.data_dir().join("deskbell.sqlite3"))?;
    other.execute_batch("BEGIN IMMEDIATE")?;
    let begun = Instant::now();
    assert_eq!(street.post_raw(&body).await?, 503);
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    // What is only read can still be read.
    street.shop.rpc("list_conversations", json!({})).await?;
    let health = street.shop.rpc("health", json!({})).await?;
    assert_eq!(health["level"], "bad", "{health}");
    ensure!(health.to_string().contains("cannot be saved"), "{health}");
    other.execute_batch("ROLLBACK")?;
    until("posts accepted again", PATIENCE, async || {
        let status = street.post_raw(&body).await?;
        Ok((status == 200).then_some(()))
    })
    .await?;
    street.shop.settled().await?;
    street.shop.export().await?.message(&id)?;
    assert_eq!(street.shop.rpc("health", json!({})).await?["level"], "ok");
    Ok(())
}

#[tokio::test]
async fn a_full_disk_is_answered_with_503_and_nothing_acknowledged_is_lost() -> anyhow::Result<()> {
    let mut shop = Shop::new(DESKBELLD)?;
    let number = number(1);
    let (_, path) = shop
        .add_channel(&Shop::config(&number, "http://127.0.0.1:9"))
        .await?;
    // No file of the process may grow beyond this many blocks; the signal that says so is ignored, so that writes
    // fail as they do on a full disk.
    shop.start_after("trap '' XFSZ; ulimit -f 4000").await?;
    let filler = "f".repeat(200_000);
    let mut acknowledged = Vec::new();
    let mut refused = None;
    for n in 0..100 {
        let id = webhook::new_wamid();
        let change = webhook::text(&number, &customer(n), &id, now(), &filler);
        let body = Style::Raw.encode(&webhook::envelope(vec![change]));
        match shop.post(&path, &number.app_secret, &body).await? {
            200 => acknowledged.push(id),
            status => {
                assert_eq!(status, 503);
                refused = Some((id, body));
                break;
            }
        }
    }
    let (id, body) = refused.context("the disk never became full")?;
    assert!(!acknowledged.is_empty());
    shop.kill().await?;

    shop.start().await?;
    assert_eq!(
        shop.post(&path, &number.app_secret, &body).await?,
        200,
        "there is room again"
    );
    shop.settled().await?;
    let records = shop.export().await?;
    for id in acknowledged.iter().chain([&id]) {
        let message: &Value = records.message(id)?;
        assert_eq!(message["text"].as_str().map(str::len), Some(filler.len()));
    }
    Ok(())
}
