//! Faults behave on the wire as they are named, and only the promised messages count as taken.

use std::time::Duration;

use crate::common::{NUMBER, SOON, TOKEN, accepted, client, connected, items, meta, post, text_to};
use anyhow::Context as _;
use serde_json::{Value, json};
use simulator::{Fault, GraphError, Meta, Outcome, Page, Rule, StatusPlan};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

const ANNA: &str = "+447700900222";

/// Sends by hand and reads until the connection ends, however it ends.
async fn raw(meta: &Meta, body: &Value) -> anyhow::Result<(Vec<u8>, std::io::Result<usize>)> {
    let address = meta
        .graph_url()
        .strip_prefix("http://")
        .context("a plain address")?;
    let mut stream = TcpStream::connect(address).await?;
    let body = body.to_string();
    let head = format!(
        "POST /v25.0/{NUMBER}/messages HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {TOKEN}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    let mut received = Vec::new();
    let end = timeout(SOON, stream.read_to_end(&mut received)).await?;
    Ok((received, end))
}

#[tokio::test]
async fn a_timed_out_send_is_lost_or_taken_as_scripted() -> anyhow::Result<()> {
    let (meta, inbox) = connected().await?;
    meta.set_statuses(StatusPlan::immediate());
    meta.fault(Fault::TimeOut);
    meta.fault(Fault::TimeOutButAccepted);
    let mut sending = JoinSet::new();
    for (n, reference) in [(1, "lost"), (2, "taken")] {
        let (there, body) = (meta.clone(), text_to(ANNA, "Hello", reference));
        sending.spawn(async move { post(&there, &body).await });
        meta.wait_for_send(n, SOON).await?;
    }
    let answered = timeout(Duration::from_millis(300), sending.join_next()).await;
    assert!(answered.is_err(), "nobody gets an answer: {answered:?}");
    assert_eq!((meta.taken("lost"), meta.taken("taken")), (0, 1));
    assert_eq!(meta.sends()[0].outcome, Outcome::Lost);
    assert_eq!(meta.sends()[1].outcome, Outcome::TakenUnanswered);
    let posts = inbox.wait(|posts| crate::common::words(posts).len() == 3).await?;
    assert!(
        items(&posts, "statuses")
            .iter()
            .all(|status| status["biz_opaque_callback_data"] == "taken")
    );
    Ok(())
}

#[tokio::test]
async fn a_reset_is_a_reset_and_not_an_orderly_end() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.fault(Fault::Reset);
    meta.fault(Rule::from(Fault::Reset).taken());
    for (reference, taken) in [("lost", 0), ("taken", 1)] {
        let (received, end) = raw(&meta, &text_to(ANNA, "Hello", reference)).await?;
        assert!(received.is_empty());
        assert_eq!(
            end.map_err(|error| error.kind()),
            Err(std::io::ErrorKind::ConnectionReset)
        );
        assert_eq!(meta.taken(reference), taken);
    }
    Ok(())
}

#[tokio::test]
async fn a_half_closed_answer_promises_more_than_it_brings() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.fault(Rule::from(Fault::HalfClosed).times(2));
    let (received, end) = raw(&meta, &text_to(ANNA, "Hello", "ob_1")).await?;
    assert!(end.is_ok(), "an orderly end of the connection");
    let received = String::from_utf8(received)?;
    let (head, body) = received.split_once("\r\n\r\n").context("a head")?;
    assert!(head.starts_with("HTTP/1.1 200"));
    let promised = head.lines().find_map(|line| {
        line.to_lowercase()
            .strip_prefix("content-length: ")?
            .parse::<usize>()
            .ok()
    });
    assert_eq!(promised.map(|promised| promised / 2), Some(body.len()));
    assert!(
        post(&meta, &text_to(ANNA, "Hello", "ob_2"))
            .await?
            .bytes()
            .await
            .is_err()
    );
    assert_eq!((meta.taken("ob_1"), meta.taken("ob_2")), (1, 1));
    Ok(())
}

#[tokio::test]
async fn a_slow_answer_drips() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.fault(Fault::Slow {
        bytes_per_second: 500,
    });
    let start = Instant::now();
    let mut answer = post(&meta, &text_to(ANNA, "Hello", "ob_1")).await?;
    let length = answer.content_length().context("a length")?;
    let first = answer.chunk().await?.context("a first piece")?;
    assert!(u64::try_from(first.len())? < length);
    let mut whole = first.to_vec();
    while let Some(piece) = answer.chunk().await? {
        whole.extend_from_slice(&piece);
    }
    assert!(
        start.elapsed() >= Duration::from_millis(length * 1000 / 500 * 8 / 10),
        "{:?}",
        start.elapsed()
    );
    assert!(serde_json::from_slice::<Value>(&whole)?["messages"][0]["id"].is_string());
    Ok(())
}

#[tokio::test]
async fn error_pages_and_graph_errors_come_as_scripted_and_take_nothing() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.fault(Fault::html(502));
    meta.fault(Fault::Http {
        status: 429,
        retry_after: Some(7),
        body: Page::Empty,
    });
    meta.fault(Fault::Graph(GraphError::of(4).subcode(2_446_079).retry_after(3)));
    meta.fault(Fault::code(190));

    let page = post(&meta, &text_to(ANNA, "1", "ob")).await?;
    assert_eq!(
        (page.status().as_u16(), page.headers()["content-type"].to_str()?),
        (502, "text/html; charset=utf-8")
    );
    assert!(page.text().await?.starts_with("<!DOCTYPE html>"));
    let busy = post(&meta, &text_to(ANNA, "2", "ob")).await?;
    assert_eq!(
        (busy.status().as_u16(), busy.headers()["retry-after"].to_str()?),
        (429, "7")
    );
    let limit = post(&meta, &text_to(ANNA, "3", "ob")).await?;
    assert_eq!(
        (limit.status().as_u16(), limit.headers()["retry-after"].to_str()?),
        (429, "3")
    );
    let limit: Value = limit.json().await?;
    assert_eq!(
        (&limit["error"]["code"], &limit["error"]["error_subcode"]),
        (&json!(4), &json!(2_446_079))
    );
    let dead = post(&meta, &text_to(ANNA, "4", "ob")).await?;
    assert_eq!(dead.status(), 401);
    assert_eq!((meta.attempts("ob"), meta.taken("ob")), (4, 0));
    accepted(&meta, &text_to(ANNA, "5", "ob")).await?;
    Ok(())
}

#[tokio::test]
async fn a_good_status_may_come_without_an_id_or_with_garbage() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.fault(Fault::OkWithoutId);
    meta.fault(Fault::Garbage);
    let empty: Value = post(&meta, &text_to(ANNA, "Hello", "ob_1")).await?.json().await?;
    assert_eq!(empty["messages"], json!([]));
    let garbage = post(&meta, &text_to(ANNA, "Hello", "ob_2")).await?;
    assert_eq!(garbage.status(), 200);
    assert!(serde_json::from_slice::<Value>(&garbage.bytes().await?).is_err());
    assert_eq!((meta.taken("ob_1"), meta.taken("ob_2")), (1, 1));
    Ok(())
}

#[tokio::test]
async fn a_gate_holds_a_send_before_or_after_it_is_taken() -> anyhow::Result<()> {
    let meta = meta().await?;
    for (reference, taken_at_the_gate) in [("before", 0), ("after", 1)] {
        let gate = if taken_at_the_gate == 0 {
            meta.hold_next()
        } else {
            meta.hold_next_answer()
        };
        let mut sending = JoinSet::new();
        let (there, body) = (meta.clone(), text_to(ANNA, "Hello", reference));
        sending.spawn(async move { accepted(&there, &body).await });
        timeout(SOON, gate.reached()).await?;
        assert_eq!(meta.taken(reference), taken_at_the_gate);
        gate.release();
        let sent = timeout(SOON, sending.join_next())
            .await?
            .context("the send ended")??;
        assert!(sent.is_ok());
        assert_eq!(meta.taken(reference), 1);
    }
    Ok(())
}

#[tokio::test]
async fn a_send_whose_client_left_at_the_gate_is_never_taken() -> anyhow::Result<()> {
    let meta = meta().await?;
    let gate = meta.hold_next();
    let mut sending = JoinSet::new();
    let (there, body) = (meta.clone(), text_to(ANNA, "Hello", "left"));
    sending.spawn(async move { accepted(&there, &body).await });
    timeout(SOON, gate.reached()).await?;
    sending.shutdown().await;
    assert_eq!(meta.wait_for_send(1, SOON).await?.outcome, Outcome::Lost);
    accepted(&meta, &text_to(ANNA, "Hello", "next")).await?;
    gate.release();
    accepted(&meta, &text_to(ANNA, "Hello", "last")).await?;
    assert_eq!(
        (meta.taken("left"), meta.taken("next"), meta.taken("last")),
        (0, 1, 1)
    );
    Ok(())
}

#[tokio::test]
async fn a_rule_strikes_only_the_requests_it_names() -> anyhow::Result<()> {
    let meta = meta().await?;
    meta.fault(Rule::from(Fault::html(500)).to("447700900333").always());
    meta.fault(Rule::from(Fault::html(503)).reference("ob_2").times(2));
    meta.fault(Rule::from(Fault::code(190)).on_reads());
    let status = async |to: &str, reference: &str| {
        post(&meta, &text_to(to, "Hello", reference))
            .await
            .map(|answer| answer.status().as_u16())
    };
    assert_eq!(status(ANNA, "ob_1").await?, 200);
    for _ in 0..3 {
        assert_eq!(status("+447700900333", "ob_1").await?, 500);
    }
    assert_eq!(
        (
            status(ANNA, "ob_2").await?,
            status(ANNA, "ob_2").await?,
            status(ANNA, "ob_2").await?
        ),
        (503, 503, 200)
    );
    let url = format!("{}/v25.0/{NUMBER}", meta.graph_url());
    assert_eq!(
        client(SOON)?.get(&url).bearer_auth(TOKEN).send().await?.status(),
        401
    );
    assert_eq!(
        client(SOON)?.get(&url).bearer_auth(TOKEN).send().await?.status(),
        200
    );
    meta.clear_faults();
    assert_eq!(status("+447700900333", "ob_1").await?, 200);
    Ok(())
}
