//! Who somebody is: numbers and ids that change, and people who turn out to be one.

use super::{NINE, street};
use acceptance::{PATIENCE, Street, customer, now, number};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use simulator::webhook::{self, Change, identity};
use simulator::{Customer, Inbound};

/// What tells that somebody is known otherwise now, made from who they were and are.
type Signal = fn(&Customer, &Customer) -> Change;

fn system(person: &Customer, what: &Inbound) -> Change {
    what.change(&number(1), person, &webhook::new_wamid(), NINE)
}

fn value(text: Option<&String>) -> &str {
    text.map_or("", String::as_str)
}

const SIGNALS: [(&str, Signal); 6] = [
    ("system_user_changed_number", |old, new| {
        system(
            old,
            &identity::changed_number("She", value(new.wa_id.as_ref()), None),
        )
    }),
    ("the older customer_changed_number", |old, new| {
        system(
            old,
            &identity::changed_number_older("She", value(new.wa_id.as_ref())),
        )
    }),
    ("system_user_changed_user_id_with_previous", |old, new| {
        let (before, after) = (value(old.user_id.as_ref()), value(new.user_id.as_ref()));
        system(old, &identity::changed_user_id(before, after, true))
    }),
    ("user_changed_user_id, the pair only in words", |old, new| {
        let (before, after) = (value(old.user_id.as_ref()), value(new.user_id.as_ref()));
        system(old, &identity::changed_user_id(before, after, false))
    }),
    ("user_id_update", |old, new| {
        let (before, after) = (value(old.user_id.as_ref()), value(new.user_id.as_ref()));
        identity::user_id_update(&number(1), old, before, after, NINE)
    }),
    ("user_id_update_no_phone", |old, new| {
        let (before, after) = (value(old.user_id.as_ref()), value(new.user_id.as_ref()));
        identity::user_id_update(&number(1), &Customer::default(), before, after, NINE)
    }),
];

#[tokio::test]
async fn somebody_who_changes_number_or_id_stays_the_same_person() -> anyhow::Result<()> {
    let street = street().await?;
    let mut failures = Vec::new();
    for (n, (name, signal)) in (300..).zip(SIGNALS) {
        let old = customer(n);
        let new_number = name.contains("number").then(|| format!("49155590{n:04}"));
        let new_id = (!name.contains("number")).then(|| format!("DE.99{n:05}"));
        let new = Customer {
            wa_id: new_number.or_else(|| old.wa_id.clone()),
            user_id: new_id.or_else(|| old.user_id.clone()),
            ..old.clone()
        };
        let (_, conversation) = street.hear(&old, "From before").await?;
        ensure!(street.post(vec![signal(&old, &new)]).await? == 200, "{name}");
        street.shop.settled().await?;
        // Only what is new is known to be hers when she writes again.
        let mut bare = new.clone();
        if name.contains("number") {
            bare.user_id = None;
        } else {
            bare.wa_id = None;
        }
        let change = webhook::text(
            &street.number,
            &bare,
            &webhook::new_wamid(),
            now(),
            &format!("After {name}"),
        );
        ensure!(street.post(vec![change]).await? == 200, "{name}");
        street.shop.settled().await?;
        let records = street.shop.export().await?;
        let after = records.saying(&format!("After {name}"));
        let seen = after.first().map(|message| &message["conversation_id"]);
        if seen != Some(&json!(conversation)) {
            failures.push(format!(
                "{name}: she writes in {seen:?} and not in {conversation}"
            ));
            continue;
        }
        let row = records.get("conversation", &json!(conversation))?;
        if row["unread"] != 2 || !row["attention"].is_null() {
            failures.push(format!("{name}: {row}"));
        }
        let sent = street.say(&conversation, &format!("Answer {name}")).await?;
        street
            .until_status(&conversation, &sent, "accepted", PATIENCE)
            .await?;
        let sends = street.meta.sends();
        let send = sends
            .iter()
            .find(|send| send.text == Some(format!("Answer {name}")));
        let to = send
            .map(|send| send.to.trim_start_matches('+').to_owned())
            .unwrap_or_default();
        if name.contains("number") && Some(&to) != new.wa_id.as_ref() {
            failures.push(format!("{name}: the answer went to {to}"));
        }
    }
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}

/// The body of the send with this text.
fn request(street: &Street, text: &str) -> anyhow::Result<Value> {
    let sends = street.meta.sends();
    let send = sends.iter().find(|send| send.text.as_deref() == Some(text));
    Ok(send.context("not sent")?.body.clone())
}

#[tokio::test]
async fn somebody_without_a_number_is_answered_by_id_and_by_number_once_it_was_shared() -> anyhow::Result<()>
{
    let street = street().await?;
    let hidden = Customer::hidden("Iris", "PT.4400000000000320", "@iris");
    let (_, conversation) = street.hear(&hidden, "Hello").await?;
    let sent = street.say(&conversation, "by id").await?;
    street
        .until_status(&conversation, &sent, "accepted", PATIENCE)
        .await?;
    let body = request(&street, "by id")?;
    assert_eq!(
        (&body["recipient"], &body["to"]),
        (&json!("PT.4400000000000320"), &Value::Null),
        "{body}"
    );

    // contacts_request_contact_info
    let shared = Inbound::shared_number("+44 7700 900320");
    let (_, receipt) = street
        .meta
        .customer_sends(&street.number.phone_number_id, &hidden, &shared)?;
    receipt.acknowledged(PATIENCE).await?;
    street.shop.settled().await?;
    let records = street.shop.export().await?;
    assert_eq!(records.of("contact").len(), 1);
    let by_number = records
        .contact("wa_id", "447700900320")
        .context("the number is not hers")?;
    assert_eq!(by_number["name"], "Iris");
    let sent = street.say(&conversation, "by number").await?;
    street
        .until_status(&conversation, &sent, "accepted", PATIENCE)
        .await?;
    let body = request(&street, "by number")?;
    assert_eq!(
        (&body["to"], &body["recipient"]),
        (&json!("+447700900320"), &Value::Null),
        "{body}"
    );
    Ok(())
}

#[tokio::test]
async fn two_who_are_one_are_united_with_the_older_and_can_be_parted_again() -> anyhow::Result<()> {
    let street = street().await?;
    let by_number = Customer::phone("Mara", "447700900330");
    let by_id = Customer::hidden("Mara", "GB.4400000000000330", "@mara");
    let (_, older) = street.hear(&by_number, "By number").await?;
    let (_, newer) = street.hear(&by_id, "By id").await?;
    assert_ne!(older, newer);
    let both = by_number.clone().with_user_id("GB.4400000000000330");
    street.hear(&both, "Both").await?;
    let records = street.shop.export().await?;
    let contact = records.contact("wa_id", "447700900330").context("no contact")?;
    assert_eq!(Some(contact), records.contact("bsuid", "GB.4400000000000330"));
    assert_eq!(records.of("contact").len(), 1);
    for text in ["By number", "By id", "Both"] {
        assert_eq!(records.saying(text)[0]["conversation_id"], json!(older), "{text}");
    }
    let details = street
        .shop
        .rpc("contact", json!({"contact_id": contact["id"]}))
        .await?;
    let merge = &details["merges"][0];
    ensure!(
        merge["reason"].as_str().is_some_and(|reason| !reason.is_empty()),
        "{details}"
    );
    street
        .shop
        .rpc("undo_merge", json!({"merge_id": merge["merge_id"]}))
        .await?;
    let records = street.shop.export().await?;
    assert_eq!(records.of("contact").len(), 2);
    let of = |text: &str| records.saying(text)[0]["conversation_id"].clone();
    assert_ne!(of("By number"), of("By id"));
    Ok(())
}
