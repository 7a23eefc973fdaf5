//! What the operator writes leaves once, in order, and shows what became of it.

use crate::DESKBELLD;
use acceptance::{PATIENCE, Shop, Street, customer, now, number, until};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use simulator::webhook::{self, sign};
use simulator::{Customer, Fault, Rule, Status, StatusPlan};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Reads one HTTP request as it is on the wire: head and body.
async fn one_request(stream: &mut tokio::net::TcpStream) -> anyhow::Result<(String, String)> {
    let mut bytes = Vec::new();
    loop {
        let mut part = [0_u8; 4096];
        let length = stream.read(&mut part).await?;
        ensure!(length > 0, "the request ended early");
        bytes.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let wanted = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.parse::<usize>().ok())
            .unwrap_or(0);
        if body.len() >= wanted {
            return Ok((head.to_owned(), body.to_owned()));
        }
    }
}

#[tokio::test]
async fn a_reply_is_requested_exactly_as_meta_documents_it() -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let mut shop = Shop::new(DESKBELLD)?;
    let number = number(1);
    let graph = format!("http://{}", listener.local_addr()?);
    let (_, path) = shop.add_channel(&Shop::config(&number, &graph)).await?;
    shop.start().await?;
    let person = customer(1);
    let asked = webhook::new_wamid();
    let change = webhook::text(&number, &person, &asked, now(), "When?");
    let body = simulator::Style::Escaped.encode(&webhook::envelope(vec![change]));
    assert_eq!(shop.post(&path, &number.app_secret, &body).await?, 200);
    shop.settled().await?;
    let conversation = shop.export().await?.of("conversation")[0]["id"].clone();
    let text = "Tomorrow – see https://example.org/map";
    let args = json!({"conversation_id": conversation, "text": text, "reply_to": asked});
    let sent = shop.rpc("send_text", args).await?["message_id"].clone();

    // Templates are asked for on other connections, and stay without an answer here.
    let mut others = Vec::new();
    let (mut stream, head, body) = loop {
        let (mut stream, _) = tokio::time::timeout(PATIENCE, listener.accept()).await??;
        let (head, body) = one_request(&mut stream).await?;
        if head.starts_with("POST ") {
            break (stream, head, body);
        }
        others.push(stream);
    };
    let proof = sign(&number.app_secret, number.access_token.as_bytes()).replace("sha256=", "");
    let first = head.lines().next().unwrap_or_default();
    assert_eq!(
        first,
        format!(
            "POST /v25.0/{}/messages?appsecret_proof={proof} HTTP/1.1",
            number.phone_number_id
        )
    );
    let header = |wanted: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value)
    };
    assert_eq!(
        header("authorization"),
        Some(format!("Bearer {}", number.access_token).as_str())
    );
    assert_eq!(header("content-type"), Some("application/json"));
    let body: Value = serde_json::from_str(&body)?;
    let reference = body["biz_opaque_callback_data"]
        .as_str()
        .context("no reference")?;
    assert!(
        reference.starts_with("ob_") && reference.len() < 512,
        "{reference}"
    );
    assert_eq!(
        body,
        json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": format!("+{}", person.wa_id.as_deref().unwrap_or_default()),
            "context": {"message_id": asked},
            "type": "text",
            "text": {"preview_url": true, "body": text},
            "biz_opaque_callback_data": reference,
        })
    );
    // While the request is under way, the message says so on disk.
    assert_eq!(shop.export().await?.saying(text)[0]["status"], "sending");
    let answer =
        json!({"messaging_product": "whatsapp", "contacts": [{"input": "x", "wa_id": "491555000001"}],
                        "messages": [{"id": "wamid.ANSWER"}]})
        .to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        answer.len()
    );
    stream.write_all(format!("{head}{answer}").as_bytes()).await?;
    let message = until("accepted", PATIENCE, async || {
        let records = shop.export().await?;
        Ok(records
            .with_id("wamid.ANSWER")
            .first()
            .map(|message| (*message).clone()))
    })
    .await?;
    assert_eq!(message["id"], sent);
    assert_eq!(
        (&message["status"], &message["author"]),
        (&json!("accepted"), &json!("operator"))
    );
    assert_eq!(
        (&message["direction"], &message["reply_to"]),
        (&json!("outbound"), &json!(asked))
    );
    Ok(())
}

#[tokio::test]
async fn the_ticks_turn_from_accepted_to_read() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (_, conversation) = street.hear(&customer(1), "Hello?").await?;
    let sent = street.say(&conversation, "Hello!").await?;
    let shown = street
        .until_status(&conversation, &sent, "accepted", PATIENCE)
        .await?;
    let wamid = shown["provider_id"].as_str().context("no id")?;
    for status in [Status::Sent, Status::Delivered, Status::Read] {
        street.meta.report(wamid, &status)?.acknowledged(PATIENCE).await?;
        street
            .until_status(&conversation, &sent, status.word(), PATIENCE)
            .await?;
    }
    assert_eq!(street.meta.sends().len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_status_may_come_before_the_answer_to_our_own_request() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    street
        .meta
        .set_statuses(StatusPlan::immediate().before_the_answer());
    let (_, conversation) = street.hear(&customer(1), "Quick!").await?;
    let sent = street.say(&conversation, "At once").await?;
    street
        .until_status(&conversation, &sent, "read", PATIENCE)
        .await?;
    // The answer that comes afterwards takes nothing back.
    street.meta.wait_for_send(1, PATIENCE).await?;
    let next = street.say(&conversation, "And more").await?;
    street
        .until_status(&conversation, &next, "read", PATIENCE)
        .await?;
    assert_eq!(street.look(&conversation, &sent).await?["status"], "read");
    Ok(())
}

#[tokio::test]
async fn statuses_that_come_shuffled_and_repeated_end_the_same() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    street
        .meta
        .set_statuses(StatusPlan::immediate().copies(3).shuffled());
    let mut sent = Vec::new();
    for n in 0..8 {
        let (_, conversation) = street.hear(&customer(n), "Hi").await?;
        sent.push((
            street.say(&conversation, &format!("Answer {n}")).await?,
            conversation,
        ));
    }
    for (message, conversation) in &sent {
        street
            .until_status(conversation, message, "read", PATIENCE)
            .await?;
    }
    street.meta.quiet(PATIENCE).await?;
    street.shop.settled().await?;
    for (message, conversation) in &sent {
        assert_eq!(street.look(conversation, message).await?["status"], "read");
    }
    Ok(())
}

#[tokio::test]
async fn one_conversation_keeps_its_order_while_others_go_on() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (slow, quick) = (customer(1), customer(2));
    let (_, to_slow) = street.hear(&slow, "a").await?;
    let (_, to_quick) = street.hear(&quick, "b").await?;
    let (rule, gate) = Rule::hold();
    street.meta.fault(rule.to(slow.address()));
    // The second one is refused once and tried again; the third must wait for it all the same.
    street
        .meta
        .fault(Rule::from(Fault::code(131_000)).to(slow.address()));
    for text in ["slow 1", "slow 2", "slow 3", "slow 4"] {
        street.say(&to_slow, text).await?;
    }
    tokio::time::timeout(PATIENCE, gate.reached()).await?;
    let other = street.say(&to_quick, "quick 1").await?;
    street
        .until_status(&to_quick, &other, "accepted", PATIENCE)
        .await?;
    let texts = |sends: &[simulator::RecordedSend]| -> Vec<String> {
        let to_slow = sends.iter().filter(|send| send.to == slow.address());
        to_slow.filter_map(|send| send.text.clone()).collect()
    };
    assert_eq!(texts(&street.meta.sends()), ["slow 1"], "nothing overtakes");
    gate.release();
    let sends = street
        .meta
        .wait_until(
            |sends| sends.iter().filter(|send| send.outcome.is_taken()).count() == 5,
            PATIENCE,
        )
        .await?;
    assert_eq!(texts(&sends), ["slow 1", "slow 2", "slow 2", "slow 3", "slow 4"]);
    Ok(())
}

#[tokio::test]
async fn a_closed_window_is_said_before_anything_is_stored() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let person = customer(1);
    let id = webhook::new_wamid();
    let long_ago = webhook::text(&street.number, &person, &id, now() - 25 * 3600, "Yesterday");
    assert_eq!(street.post(vec![long_ago]).await?, 200);
    street.shop.settled().await?;
    let conversation = street.conversation(&person).await?;
    let args = json!({"conversation_id": conversation, "text": "Too late"});
    let (status, answer) = street.shop.call("send_text", args).await?;
    assert_eq!(
        (status, &answer["error"]["code"]),
        (409, &json!("window_closed")),
        "{answer}"
    );
    assert!(
        answer["error"]["message"]
            .as_str()
            .unwrap_or_default()
            .contains("24 hours")
    );
    assert!(street.shop.export().await?.saying("Too late").is_empty());
    assert!(street.meta.sends().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_message_whose_window_closes_while_it_waits_is_not_requested_any_more() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let person = customer(1);
    // The desk stops a minute before Meta does, so this window is open for some seconds.
    let at = now() - 24 * 3600 + 64;
    let (_, receipt) =
        street
            .meta
            .customer_wrote(&street.number.phone_number_id, &person, at, "Nearly gone")?;
    receipt.acknowledged(PATIENCE).await?;
    street.shop.settled().await?;
    let conversation = street.conversation(&person).await?;
    let gate = street.meta.hold_next();
    street.say(&conversation, "in time").await?;
    let late = street.say(&conversation, "too late").await?;
    tokio::time::timeout(PATIENCE, gate.reached()).await?;
    let closes = at + 24 * 3600 - 60;
    until("the window closed", PATIENCE, async || {
        Ok((now() > closes).then_some(()))
    })
    .await?;
    let error = street
        .shop
        .refused(
            "send_text",
            json!({"conversation_id": conversation, "text": "even later"}),
        )
        .await?;
    assert_eq!(error["code"], "window_closed");
    gate.release();
    let shown = street
        .until_status(&conversation, &late, "failed", PATIENCE)
        .await?;
    assert_eq!(shown["error"]["code"], 131_047);
    let records = street.shop.export().await?;
    assert_eq!(records.saying("too late")[0]["error"]["code"], 131_047);
    assert!(
        street
            .meta
            .sends()
            .iter()
            .all(|send| send.text.as_deref() == Some("in time"))
    );
    Ok(())
}

#[tokio::test]
async fn a_text_has_to_have_words_and_leaves_as_one_message_up_to_4096_characters() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (_, conversation) = street.hear(&customer(1), "Tell me all").await?;
    for text in ["", "  \n ", &"x".repeat(65_537), &"👍".repeat(32_769)] {
        let args = json!({"conversation_id": conversation, "text": text});
        let error = street.shop.refused("send_text", args).await?;
        assert_eq!(
            (&error["code"], &error["field"]),
            (&json!("bad_request"), &json!("text")),
            "{error}"
        );
    }
    let longest = "ü".repeat(4_096);
    let sent = street.say(&conversation, &longest).await?;
    street
        .until_status(&conversation, &sent, "accepted", PATIENCE)
        .await?;
    let sends = street.meta.sends();
    assert_eq!(sends.len(), 1);
    assert_eq!(sends[0].text.as_deref(), Some(longest.as_str()));

    street.say(&conversation, &format!("{longest} and more")).await?;
    let all = |sends: &[simulator::RecordedSend]| sends.len() == 3;
    let sends = street.meta.wait_until(all, PATIENCE).await?;
    let said: Vec<_> = sends.iter().filter_map(|send| send.text.as_deref()).collect();
    assert_eq!(said, [longest.as_str(), longest.as_str(), "and more"]);
    Ok(())
}

/// How many requests were made with this text, and how many of them Meta took.
fn requests(street: &Street, text: &str) -> (usize, usize) {
    let sends = street.meta.sends();
    let with_text = sends.iter().filter(|send| send.text.as_deref() == Some(text));
    let taken = with_text.clone().filter(|send| send.outcome.is_taken()).count();
    (with_text.count(), taken)
}

#[tokio::test]
async fn retry_is_for_what_failed_and_discard_for_what_has_not_left() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let person = customer(1);
    let (_, conversation) = street.hear(&person, "Hello").await?;
    let not_now = async |command: &str, id: &str| {
        let error = street.shop.refused(command, json!({"message_id": id})).await?;
        ensure!(error["code"] == "not_now", "{command}: {error}");
        anyhow::Ok(())
    };
    // Failed: may be tried again, as a new attempt with a reference of its own.
    street.meta.fault(Fault::code(131_026));
    let failed = street.say(&conversation, "again").await?;
    street
        .until_status(&conversation, &failed, "failed", PATIENCE)
        .await?;
    street.shop.rpc("retry", json!({"message_id": failed})).await?;
    street
        .until_status(&conversation, &failed, "accepted", PATIENCE)
        .await?;
    assert_eq!(requests(&street, "again"), (2, 1));
    let sends = street.meta.sends();
    assert_ne!(sends[0].reference, sends[1].reference);
    not_now("retry", &failed).await?;
    not_now("discard", &failed).await?;

    // Under way: neither. Waiting behind it: may be given up, and never leaves.
    let gate = street.meta.hold_next();
    let first = street.say(&conversation, "under way").await?;
    let second = street.say(&conversation, "given up").await?;
    tokio::time::timeout(PATIENCE, gate.reached()).await?;
    not_now("retry", &first).await?;
    not_now("discard", &first).await?;
    not_now("retry", &second).await?;
    street.shop.rpc("discard", json!({"message_id": second})).await?;
    gate.release();
    street
        .until_status(&conversation, &first, "accepted", PATIENCE)
        .await?;
    let third = street.say(&conversation, "the next one").await?;
    street
        .until_status(&conversation, &third, "accepted", PATIENCE)
        .await?;
    assert_eq!(requests(&street, "given up"), (0, 0));
    ensure!(
        street.look(&conversation, &second).await.is_err(),
        "it is still in the thread"
    );

    // Unknown: may be given up, and comes back when a report says that it did arrive.
    street.meta.fault(Rule::from(Fault::html(502)).taken());
    let lost = street.say(&conversation, "perhaps").await?;
    street
        .until_status(&conversation, &lost, "unknown", PATIENCE)
        .await?;
    street.shop.rpc("discard", json!({"message_id": lost})).await?;
    ensure!(street.look(&conversation, &lost).await.is_err());
    let sends = street.meta.sends();
    let wamid = sends
        .iter()
        .rev()
        .find_map(|send| send.wamid.clone())
        .context("not taken")?;
    street
        .meta
        .report(&wamid, &Status::Delivered)?
        .acknowledged(PATIENCE)
        .await?;
    street.shop.settled().await?;
    assert_eq!(street.look(&conversation, &lost).await?["status"], "delivered");

    // What a customer wrote is not ours to send or to discard.
    let thread = street
        .shop
        .rpc("thread", json!({"conversation_id": conversation}))
        .await?;
    let inbound = thread["messages"][0]["id"]
        .as_str()
        .context("no message")?
        .to_owned();
    not_now("retry", &inbound).await?;
    not_now("discard", &inbound).await?;
    Ok(())
}

#[tokio::test]
async fn a_reply_makes_the_operator_the_holder() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let person: Customer = customer(1);
    let (_, conversation) = street.hear(&person, "Hello").await?;
    let records = street.shop.export().await?;
    let before = records.get("conversation", &json!(conversation))?;
    assert_eq!(
        (&before["holder"], &before["unread"]),
        (&json!("assistant"), &json!(1))
    );
    street.say(&conversation, "Yes?").await?;
    let records = street.shop.export().await?;
    let after = records.get("conversation", &json!(conversation))?;
    assert_eq!(
        (&after["holder"], &after["unread"]),
        (&json!("operator"), &json!(0))
    );
    Ok(())
}

#[tokio::test]
async fn a_shop_that_stops_in_order_leaves_nothing_ambiguous() -> anyhow::Result<()> {
    let mut street = Street::open(DESKBELLD).await?;
    let (_, conversation) = street.hear(&customer(1), "Hello").await?;
    street.meta.fault(Fault::Late(Duration::from_secs(2)));
    let sent = street.say(&conversation, "under way at the end").await?;
    street
        .meta
        .wait_until(|sends| sends.iter().any(|send| send.outcome.is_taken()), PATIENCE)
        .await?;
    street.shop.stop().await?;
    let records = street.shop.export().await?;
    assert_eq!(records.get("message", &json!(sent))?["status"], "accepted");
    street.reopen().await?;
    assert_eq!(requests(&street, "under way at the end"), (1, 1));
    Ok(())
}
