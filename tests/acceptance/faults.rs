//! Whatever goes wrong between the desk and Meta: how often a message is requested, what it ends as, what is said.

use crate::DESKBELLD;
use acceptance::{PATIENCE, Shop, Street, customer, number, until};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use simulator::{Fault, GraphError, Page, Rule, Status};
use std::time::Duration;

/// A fault and what has to come of it.
struct Case {
    name: &'static str,
    rule: Rule,
    /// Requests made, and messages Meta took.
    requests: (usize, usize),
    /// What the message ends as, before any report.
    status: &'static str,
    /// Part of the words the operator reads about a failure.
    words: &'static str,
}

fn case(
    name: &'static str,
    rule: impl Into<Rule>,
    requests: (usize, usize),
    status: &'static str,
    words: &'static str,
) -> Case {
    Case {
        name,
        rule: rule.into(),
        requests,
        status,
        words,
    }
}

fn cases() -> Vec<Case> {
    let empty = |status| Fault::Http {
        status,
        retry_after: None,
        body: Page::Empty,
    };
    vec![
        case(
            "no answer, taken",
            Fault::TimeOutButAccepted,
            (1, 1),
            "unknown",
            "",
        ),
        case("no answer, not taken", Fault::TimeOut, (1, 0), "unknown", ""),
        case(
            "an answer that never ends",
            Fault::Slow { bytes_per_second: 1 },
            (1, 1),
            "unknown",
            "",
        ),
        case("reset, not taken", Fault::Reset, (1, 0), "unknown", ""),
        case(
            "reset, taken",
            Rule::from(Fault::Reset).taken(),
            (1, 1),
            "unknown",
            "",
        ),
        case("half an answer", Fault::HalfClosed, (1, 1), "unknown", ""),
        case("no id", Fault::OkWithoutId, (1, 1), "unknown", ""),
        case("not JSON", Fault::Garbage, (1, 1), "unknown", ""),
        case("a gateway's page", Fault::html(502), (1, 0), "unknown", ""),
        case(
            "a gateway's page, taken",
            Rule::from(Fault::html(504)).taken(),
            (1, 1),
            "unknown",
            "",
        ),
        case("an empty 500", empty(500), (1, 0), "unknown", ""),
        case(
            "late",
            Fault::Late(Duration::from_secs(3)),
            (1, 1),
            "accepted",
            "",
        ),
        case(
            "slow",
            Fault::Slow {
                bytes_per_second: 400,
            },
            (1, 1),
            "accepted",
            "",
        ),
        case("131000 once", Fault::code(131_000), (2, 1), "accepted", ""),
        case(
            "131000 for ever",
            Rule::from(Fault::code(131_000)).always(),
            (3, 0),
            "failed",
            "error without saying why",
        ),
        case(
            "131016 twice",
            Rule::from(Fault::code(131_016)).times(2),
            (3, 1),
            "accepted",
            "",
        ),
        case("pair limit", Fault::code(131_056), (2, 1), "accepted", ""),
        case(
            "131026",
            Fault::code(131_026),
            (1, 0),
            "failed",
            "Ask them another way",
        ),
        case(
            "131047",
            Fault::code(131_047),
            (1, 0),
            "failed",
            "More than 24 hours",
        ),
        case("100", Fault::code(100), (1, 0), "failed", ""),
        case("an empty 404", empty(404), (1, 0), "failed", ""),
        case(
            "a code nobody knows",
            Fault::Graph(GraphError::of(999_999)),
            (1, 0),
            "failed",
            "did not accept",
        ),
    ]
}

#[tokio::test]
async fn every_fault_ends_as_it_should_and_nothing_is_sent_twice() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let cases = cases();
    let mut sent = Vec::new();
    for (n, case) in (0..).zip(&cases) {
        let person = customer(n);
        let (_, conversation) = street.hear(&person, "Hello").await?;
        street.meta.fault(case.rule.clone().to(person.address()));
        sent.push((street.say(&conversation, case.name).await?, conversation));
    }
    for (case, (message, conversation)) in cases.iter().zip(&sent) {
        let shown = street
            .until_status(conversation, message, case.status, Duration::from_mins(1))
            .await
            .context(case.name)?;
        let words = shown["error"]["words"].as_str().unwrap_or_default();
        ensure!(words.contains(case.words), "{}: {words}", case.name);
        ensure!(
            shown["error"].is_object() == (case.status == "failed"),
            "{}: {shown}",
            case.name
        );
        let attempts = || {
            street
                .meta
                .sends()
                .into_iter()
                .filter(|send| send.text.as_deref() == Some(case.name))
        };
        let counted = (
            attempts().count(),
            attempts().filter(|send| send.outcome.is_taken()).count(),
        );
        ensure!(counted == case.requests, "{}: {counted:?}", case.name);
        for send in attempts() {
            let reference = send.reference.context("no reference")?;
            ensure!(street.meta.taken(&reference) <= 1, "{}", case.name);
        }
    }
    let page = street
        .shop
        .rpc("list_conversations", json!({"limit": 200}))
        .await?;
    let rows = page["conversations"].as_array().context("rows")?;
    let waiting = rows.iter().filter(|row| row["undelivered"] != 0);
    ensure!(waiting.clone().count() > 0, "{page}");
    ensure!(waiting.clone().all(|row| row["queue"] == "needs_me"), "{page}");

    // What Meta took after all is settled by its report; what it did not take stays for the operator to decide.
    for send in street.meta.sends() {
        if let Some(wamid) = &send.wamid {
            street
                .meta
                .report(wamid, &Status::Delivered)?
                .acknowledged(PATIENCE)
                .await?;
        }
    }
    street.shop.settled().await?;
    for (case, (message, conversation)) in cases.iter().zip(&sent) {
        let expected = if case.requests.1 > 0 {
            "delivered"
        } else {
            case.status
        };
        let shown = street.look(conversation, message).await?;
        ensure!(shown["status"] == expected, "{}: {shown}", case.name);
    }
    // The next one from the same desk goes as if nothing had been.
    let (_, conversation) = street.hear(&customer(99), "Hello").await?;
    let next = street.say(&conversation, "and now").await?;
    street
        .until_status(&conversation, &next, "accepted", PATIENCE)
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_failure_reported_later_is_shown_with_its_reason() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (_, conversation) = street.hear(&customer(1), "Hello").await?;
    let sent = street.say(&conversation, "Are you there?").await?;
    let shown = street
        .until_status(&conversation, &sent, "accepted", PATIENCE)
        .await?;
    let wamid = shown["provider_id"].as_str().context("no id")?;
    let report = Status::Failed(GraphError::of(131_026));
    street.meta.report(wamid, &report)?.acknowledged(PATIENCE).await?;
    let shown = street
        .until_status(&conversation, &sent, "failed", PATIENCE)
        .await?;
    assert_eq!(shown["error"]["code"], 131_026);
    assert!(
        shown["error"]["words"]
            .as_str()
            .unwrap_or_default()
            .contains("Ask them another way")
    );
    let records = street.shop.export().await?;
    assert_eq!(
        records.message(wamid)?["error"],
        json!({"code": 131_026, "title": "Message undeliverable"})
    );
    Ok(())
}

#[tokio::test]
async fn too_many_messages_from_a_number_hold_the_whole_number_for_as_long_as_meta_asks() -> anyhow::Result<()>
{
    for fault in [
        Fault::Graph(GraphError::of(130_429).retry_after(2)),
        Fault::Http {
            status: 429,
            retry_after: Some(2),
            body: Page::Text("Too Many Requests".to_owned()),
        },
    ] {
        let street = Street::open(DESKBELLD).await?;
        let (_, one) = street.hear(&customer(1), "a").await?;
        let (_, two) = street.hear(&customer(2), "b").await?;
        street.meta.fault(fault);
        let first = street.say(&one, "first").await?;
        street
            .meta
            .wait_until(
                |sends| {
                    sends
                        .iter()
                        .any(|send| send.outcome != simulator::Outcome::Arrived)
                },
                PATIENCE,
            )
            .await?;
        until("the pause on disk", PATIENCE, async || {
            Ok((street.look(&one, &first).await?["retry_at"] != Value::Null).then_some(()))
        })
        .await?;
        let second = street.say(&two, "second").await?;
        street.until_status(&one, &first, "accepted", PATIENCE).await?;
        street.until_status(&two, &second, "accepted", PATIENCE).await?;
        let sends = street.meta.sends();
        assert_eq!(sends.len(), 3, "{sends:#?}");
        for later in &sends[1..] {
            let pause = later.at - sends[0].at;
            assert!(pause >= 2_000, "{pause} ms although Meta asked for 2 s");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_dead_token_stops_sending_says_so_and_lets_messages_in_until_it_works_again() -> anyhow::Result<()>
{
    let street = Street::open(DESKBELLD).await?;
    let (_, conversation) = street.hear(&customer(1), "Hello").await?;
    let mut withdrawn = street.number.clone();
    withdrawn.access_token = "EAAanother".to_owned();
    street.meta.add_number(withdrawn);
    let first = street.say(&conversation, "first").await?;
    let second = street.say(&conversation, "second").await?;
    let hold = async || {
        let list = street.shop.rpc("list_channels", json!({})).await?;
        anyhow::Ok(list["channels"][0]["hold"].clone())
    };
    let held = until("the channel held", PATIENCE, async || {
        Ok(Some(hold().await?).filter(|hold| !hold.is_null()))
    })
    .await?;
    assert_eq!(held["code"], 190);
    let words = held["words"].as_str().unwrap_or_default();
    assert!(
        words.contains("not valid any more") && words.contains("new token"),
        "{words}"
    );
    let health = street.shop.rpc("health", json!({})).await?;
    assert_eq!(
        (&health["level"], &health["waiting_to_send"]),
        (&json!("bad"), &json!(2)),
        "{health}"
    );
    street.hear(&customer(2), "Can you hear me?").await?;

    // Asking again with the dead token changes nothing.
    let resume = json!({"channel_id": street.channel_id});
    street.shop.rpc("resume_channel", resume.clone()).await?;
    street.meta.wait_for_send(2, PATIENCE).await?;
    until("held again", PATIENCE, async || {
        let until = hold().await?["until"].as_str().unwrap_or_default().to_owned();
        Ok((until.as_str() > held["until"].as_str().unwrap_or_default()).then_some(()))
    })
    .await?;
    assert_eq!(street.look(&conversation, &first).await?["status"], "queued");

    street.meta.add_number(street.number.clone());
    street.shop.rpc("resume_channel", resume).await?;
    street
        .until_status(&conversation, &first, "accepted", PATIENCE)
        .await?;
    street
        .until_status(&conversation, &second, "accepted", PATIENCE)
        .await?;
    assert_eq!(hold().await?, Value::Null);
    let texts: Vec<Option<String>> = street.meta.sends().into_iter().map(|send| send.text).collect();
    let texts: Vec<&str> = texts
        .iter()
        .map(|text| text.as_deref().unwrap_or_default())
        .collect();
    assert_eq!(texts, ["first", "first", "first", "second"]);
    Ok(())
}

#[tokio::test]
async fn without_a_network_messages_wait_and_leave_once_it_is_back() -> anyhow::Result<()> {
    // Bound, but nobody listens: connections are refused, and nobody else can take the port.
    let socket = tokio::net::TcpSocket::new_v4()?;
    socket.bind("127.0.0.1:0".parse()?)?;
    let address = socket.local_addr()?;
    let meta = simulator::Meta::start().await?;
    let number = number(1);
    meta.add_number(number.clone());
    let mut shop = Shop::new(DESKBELLD)?;
    let (channel_id, path) = shop
        .add_channel(&Shop::config(&number, &format!("http://{address}")))
        .await?;
    shop.start().await?;
    let street = Street {
        meta,
        shop,
        number,
        channel_id,
        path,
    };
    street.subscribe().await?;
    let (_, conversation) = street.hear(&customer(1), "Hello").await?;
    let sent = street.say(&conversation, "from afar").await?;
    let waiting = until("a refused try", PATIENCE, async || {
        Ok(Some(street.look(&conversation, &sent).await?).filter(|shown| !shown["retry_at"].is_null()))
    })
    .await?;
    assert_eq!(waiting["status"], "queued");

    let listener = socket.listen(16)?;
    let graph = street.meta.graph_url().trim_start_matches("http://").to_owned();
    let relay = async {
        loop {
            let (mut from, _) = listener.accept().await?;
            let mut to = tokio::net::TcpStream::connect(&graph).await?;
            tokio::io::copy_bidirectional(&mut from, &mut to).await?;
        }
        #[expect(unreachable_code, reason = "gives the endless block its type")]
        anyhow::Ok(())
    };
    tokio::select! {
        ended = relay => ended?,
        accepted = street.until_status(&conversation, &sent, "accepted", PATIENCE) => drop(accepted?),
    }
    assert_eq!(street.meta.sends().len(), 1);
    Ok(())
}
