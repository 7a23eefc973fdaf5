//! What a provider reports about messages of ours.

use super::street;
use acceptance::{PATIENCE, Records, Street, customer, now};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use simulator::webhook::{self, Price, Report};
use simulator::{Customer, GraphError};
use std::collections::BTreeMap;

/// A message that Meta took.
struct Taken {
    person: Customer,
    conversation: String,
    wamid: String,
    reference: Option<String>,
}

/// So many people write, and each gets an answer.
async fn answered(street: &Street, people: std::ops::Range<u32>) -> anyhow::Result<Vec<Taken>> {
    let people: Vec<Customer> = people.map(customer).collect();
    let changes = people
        .iter()
        .map(|person| webhook::text(&street.number, person, &webhook::new_wamid(), now() - 60, "Hello"));
    ensure!(street.post(changes.collect()).await? == 200);
    street.shop.settled().await?;
    let records = street.shop.export().await?;
    let id = |person: &Customer| person.user_id.clone().unwrap_or_default();
    let mut conversations = Vec::new();
    for person in &people {
        let conversation = records
            .conversation("bsuid", &id(person))
            .context("no conversation")?;
        let conversation = conversation["id"].as_str().unwrap_or_default().to_owned();
        street.say(&conversation, &format!("For {}", id(person))).await?;
        conversations.push(conversation);
    }
    let taken = |sends: &[simulator::RecordedSend]| {
        sends.iter().filter(|send| send.wamid.is_some()).count() >= people.len()
    };
    let sends = street.meta.wait_until(taken, PATIENCE).await?;
    let sends: BTreeMap<_, _> = sends.into_iter().map(|send| (send.text.clone(), send)).collect();
    let mut all = Vec::new();
    for (person, conversation) in people.into_iter().zip(conversations) {
        let send = sends
            .get(&Some(format!("For {}", id(&person))))
            .context("not sent")?;
        all.push(Taken {
            conversation,
            wamid: send.wamid.clone().context("not taken")?,
            reference: send.reference.clone(),
            person,
        });
    }
    Ok(all)
}

/// All orders of four things.
fn orders() -> Vec<Vec<&'static str>> {
    fn rest(left: &[&'static str]) -> Vec<Vec<&'static str>> {
        if left.is_empty() {
            return vec![Vec::new()];
        }
        left.iter()
            .flat_map(|first| {
                let others: Vec<_> = left.iter().copied().filter(|other| other != first).collect();
                rest(&others).into_iter().map(move |mut order| {
                    order.insert(0, *first);
                    order
                })
            })
            .collect()
    }
    rest(&["sent", "delivered", "read", "failed"])
}

#[tokio::test]
async fn all_24_orders_of_a_history_end_the_same_and_so_do_they_when_each_comes_twice() -> anyhow::Result<()>
{
    let street = street().await?;
    let orders = orders();
    ensure!(orders.len() == 24);
    let all = answered(&street, 400..448).await?;
    for (n, taken) in all.iter().enumerate() {
        for word in &orders[n % 24] {
            // When each was made stays the same, whenever it comes.
            let after = ["sent", "delivered", "read", "failed"]
                .iter()
                .position(|known| known == word);
            let report = Report {
                error: (*word == "failed").then(|| GraphError::of(131_026)),
                ..Report::new(&taken.wamid, word, now() + i64::try_from(after.unwrap_or(0))?)
            };
            for _ in 0..=(n / 24) {
                let change = webhook::status(&street.number, &taken.person, &report);
                ensure!(street.post(vec![change]).await? == 200);
            }
        }
    }
    street.shop.settled().await?;
    let records = street.shop.export().await?;
    for (n, taken) in all.iter().enumerate() {
        let seen = records.message(&taken.wamid)?;
        ensure!(
            seen["status"] == "read" && seen["error"].is_null(),
            "{:?}: {} {}",
            orders[n % 24],
            seen["status"],
            seen["error"]
        );
    }
    Ok(())
}

/// A report in the way of one of the worked examples, what the message then says, and with which error.
type Row = (&'static str, fn(&Taken) -> Vec<Report>, &'static str, Option<i64>);

fn of(taken: &Taken, status: &str) -> Report {
    Report::new(&taken.wamid, status, now())
}

fn failed(taken: &Taken, code: i64) -> Vec<Report> {
    vec![Report {
        error: Some(GraphError::of(code)),
        price: Price::Unsaid,
        ..of(taken, "failed")
    }]
}

const ROWS: [Row; 11] = [
    (
        "sent_v24",
        |taken| {
            vec![Report {
                reference: taken.reference.clone(),
                ..of(taken, "sent")
            }]
        },
        "sent",
        None,
    ),
    (
        "delivered_v24",
        |taken| vec![of(taken, "sent"), of(taken, "delivered")],
        "delivered",
        None,
    ),
    (
        "read_without_delivered",
        |taken| vec![of(taken, "read")],
        "read",
        None,
    ),
    (
        "delivered_after_read",
        |taken| vec![of(taken, "read"), of(taken, "delivered")],
        "read",
        None,
    ),
    (
        "sent_pricing_unknown_type",
        |taken| {
            let price = Price::Typed {
                kind: "free_of_the_moon".to_owned(),
                category: "service".to_owned(),
            };
            vec![Report {
                price,
                ..of(taken, "sent")
            }]
        },
        "sent",
        None,
    ),
    (
        "failed_131026_undeliverable",
        |taken| failed(taken, 131_026),
        "failed",
        Some(131_026),
    ),
    (
        "failed_131047_window_closed",
        |taken| failed(taken, 131_047),
        "failed",
        Some(131_047),
    ),
    (
        "failed_131053_media",
        |taken| failed(taken, 131_053),
        "failed",
        Some(131_053),
    ),
    (
        "unknown_status_value",
        |taken| vec![of(taken, "sent"), of(taken, "deleted")],
        "sent",
        None,
    ),
    (
        "unknown_wamid_other_app",
        |_| vec![Report::new("wamid.OF.SOMEBODY.ELSE", "delivered", now())],
        "accepted",
        None,
    ),
    (
        "played",
        |taken| vec![of(taken, "read"), of(taken, "played")],
        "played",
        None,
    ),
];

fn window(records: &Records, taken: &Taken) -> anyhow::Result<Value> {
    Ok(records.get("conversation", &json!(taken.conversation))?["window_closes_at"].clone())
}

#[tokio::test]
async fn every_report_shows_on_its_message_and_on_no_other() -> anyhow::Result<()> {
    let street = street().await?;
    let all = answered(&street, 450..463).await?;
    let before = street.shop.export().await?;
    let mut rows: Vec<_> = ROWS.iter().zip(&all).collect();
    for ((name, reports, ..), taken) in &rows {
        let changes = reports(taken).into_iter();
        let changes = changes.map(|report| webhook::status(&street.number, &taken.person, &report));
        ensure!(street.post(changes.collect()).await? == 200, "{name}");
    }
    // multi_status_one_value: two people in one list.
    let (first, second) = (&all[11], &all[12]);
    let mut both = webhook::status(&street.number, &first.person, &of(first, "sent"));
    let other = webhook::status_item(&second.person, &of(second, "delivered"));
    both.value["statuses"]
        .as_array_mut()
        .context("no list")?
        .push(other);
    ensure!(street.post(vec![both]).await? == 200);
    let several: [Row; 2] = [
        ("multi_status_one_value", |_| Vec::new(), "sent", None),
        (
            "multi_status_one_value, the second",
            |_| Vec::new(),
            "delivered",
            None,
        ),
    ];
    rows.extend(several.iter().zip([first, second]));
    street.shop.settled().await?;
    let records = street.shop.export().await?;
    let mut failures = Vec::new();
    for ((name, _, status, code), taken) in rows {
        let seen = records.message(&taken.wamid)?;
        let expected_code = code.map_or(Value::Null, Value::from);
        if seen["status"] != *status || seen["error"]["code"] != expected_code {
            failures.push(format!("{name}: {} {}", seen["status"], seen["error"]));
        }
        // Re-engagement needs a template from now on, whatever we thought of the window (131047).
        let closes = window(&records, taken)?;
        if *name == "failed_131047_window_closed" {
            let page = street
                .shop
                .rpc("thread", json!({"conversation_id": taken.conversation}))
                .await?;
            if page["conversation"]["window_closes_at"] != closes || closes == window(&before, taken)? {
                failures.push(format!(
                    "{name}: the window is still open: {}",
                    page["conversation"]
                ));
            }
        } else if closes != window(&before, taken)? {
            failures.push(format!("{name}: the window is another: {closes}"));
        }
    }
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(street.shop.journal().await?["failed"], 0);
    Ok(())
}

#[tokio::test]
async fn each_message_is_counted_once_for_the_costs_of_its_month() -> anyhow::Result<()> {
    let street = street().await?;
    let all = answered(&street, 470..474).await?;
    let prices = [
        Price::Regular {
            category: "service".to_owned(),
        },
        Price::Regular {
            category: "service".to_owned(),
        },
        Price::Typed {
            kind: "free_of_the_moon".to_owned(),
            category: "service".to_owned(),
        },
        Price::Regular {
            category: "marketing".to_owned(),
        },
    ];
    for (taken, price) in all.iter().zip(prices) {
        for word in ["sent", "delivered", "sent"] {
            let report = Report {
                price: price.clone(),
                ..of(taken, word)
            };
            let change = webhook::status(&street.number, &taken.person, &report);
            ensure!(street.post(vec![change]).await? == 200);
        }
    }
    street.shop.settled().await?;
    let rates = json!([{"category": "service", "price": "0.02"}, {"category": "marketing", "price": "0.10"}]);
    let args = json!({"currency": "EUR", "rates": rates, "free_service_messages": 1});
    let costs = street.shop.rpc("save_rates", args).await?;
    let line = |category: &str| {
        let mut lines = costs["lines"].as_array().into_iter().flatten();
        lines
            .find(|line| line["category"] == category)
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(line("service")["messages"], 3, "{costs}");
    assert_eq!(line("marketing")["messages"], 1, "{costs}");
    assert_eq!(
        (&line("service")["charged"], &line("marketing")["charged"]),
        (&json!(2), &json!(1)),
        "{costs}"
    );
    // Three answers, of which the allowance covers one and the provider another; and one promotion.
    assert_eq!(costs["service_messages"], 3, "{costs}");
    assert_eq!(costs["free_service_messages"], 1, "{costs}");
    assert_eq!(costs["estimate"], "0.12", "{costs}");
    Ok(())
}
