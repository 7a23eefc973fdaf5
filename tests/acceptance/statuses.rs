//! Whatever the order and number of reports, a message ends the same.

use crate::DESKBELLD;
use acceptance::{PATIENCE, Street, customer, now};
use anyhow::{Context as _, ensure};
use proptest::strategy::{Just, Strategy, ValueTree as _};
use proptest::test_runner::TestRunner;
use simulator::webhook::{self, Report};
use simulator::{Customer, GraphError};

/// Messages, each with reports of its own.
const CASES: u32 = 48;

/// A report: its word, and how many seconds after the send it was made.
type Told = (&'static str, i64);

/// Some reports, and the same again in another order with some repeated.
fn reports() -> impl Strategy<Value = (Vec<Told>, Vec<Told>)> {
    let word = proptest::sample::select(vec!["sent", "delivered", "read", "played", "failed", "warning"]);
    proptest::collection::vec((word, 0_i64..5), 1..7).prop_flat_map(|told| {
        let repeated = proptest::collection::vec(proptest::sample::select(told.clone()), 0..4);
        let other = (Just(told.clone()), repeated).prop_flat_map(|(told, repeated)| {
            let mut other = told;
            other.extend(repeated);
            Just(other).prop_shuffle()
        });
        (Just(told), other)
    })
}

/// What the operator has to see in the end (contract, section 3.2), worked out from the set alone.
fn expected(told: &[Told]) -> &'static str {
    let is_there = |word| told.iter().any(|(told, _)| *told == word);
    ["played", "read", "delivered", "failed", "sent"]
        .into_iter()
        .find(|word| is_there(*word))
        .unwrap_or("accepted")
}

/// A message that was taken and waits for its reports.
struct Sent {
    person: Customer,
    wamid: String,
    reports: Vec<Told>,
    expected: &'static str,
}

#[tokio::test]
async fn reports_in_any_order_and_number_over_any_connection_end_the_same() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let mut runner = TestRunner::default();
    let mut sent = Vec::new();
    let mut people = 0..;
    for case in 0..CASES {
        let drawn = reports().new_tree(&mut runner).ok().context("no case")?.current();
        let expected = expected(&drawn.0);
        for (which, reports) in [("as drawn", drawn.0), ("shuffled and repeated", drawn.1)] {
            let person = customer(people.next().unwrap_or_default());
            let text = format!("case {case} {which}");
            let change = webhook::text(&street.number, &person, &webhook::new_wamid(), now(), &text);
            ensure!(street.post(vec![change]).await? == 200);
            sent.push((text, person, reports, expected));
        }
    }
    street.shop.settled().await?;
    let records = street.shop.export().await?;
    for (text, person, ..) in &sent {
        let id = person.user_id.as_deref().unwrap_or_default();
        let conversation = records.conversation("bsuid", id).context("no conversation")?;
        street
            .say(conversation["id"].as_str().unwrap_or_default(), text)
            .await?;
    }
    let messages = sent.len();
    let all_taken = |sends: &[simulator::RecordedSend]| {
        sends.iter().filter(|send| send.outcome.is_taken()).count() == messages
    };
    let sends = street.meta.wait_until(all_taken, PATIENCE).await?;
    let mut receipts = Vec::new();
    let mut waiting = Vec::new();
    for (text, person, reports, expected) in sent {
        let send = sends.iter().find(|send| send.text.as_deref() == Some(&text));
        let wamid = send.and_then(|send| send.wamid.clone()).context("not taken")?;
        waiting.push(Sent {
            person,
            wamid,
            reports,
            expected,
        });
    }
    for sent in &waiting {
        let changes = sent.reports.iter().map(|(word, after)| {
            let error = (*word == "failed").then(|| GraphError::of(131_026));
            let report = Report {
                error,
                ..Report::new(&sent.wamid, word, now() + after)
            };
            webhook::status(&street.number, &sent.person, &report)
        });
        // Each in a body of its own, all at once.
        receipts.extend(
            street
                .meta
                .deliver_shuffled(&street.number.phone_number_id, changes.collect()),
        );
    }
    for receipt in receipts {
        receipt.acknowledged(PATIENCE).await?;
    }
    street.shop.settled().await?;
    let records = street.shop.export().await?;
    for sent in waiting {
        let message = records.message(&sent.wamid)?;
        ensure!(
            message["status"] == sent.expected,
            "{:?} ended as {}",
            sent.reports,
            message["status"]
        );
        ensure!(
            message["error"].is_object() == (sent.expected == "failed"),
            "{:?}: {message}",
            sent.reports
        );
    }
    Ok(())
}
