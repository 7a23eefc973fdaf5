//! What customers write is stored: all of it, once, in the right place.

use crate::DESKBELLD;
use acceptance::{Shop, Street, customer, now, number};
use anyhow::ensure;
use serde_json::{Value, json};
use simulator::webhook::{self, Report};
use simulator::{Customer, Style};

/// 2026-11-10 09:00:00 UTC.
const NINE: i64 = 1_794_301_200;

/// A number of ids that Meta could have given.
fn wamids(how_many: usize) -> Vec<String> {
    (0..how_many).map(|_| webhook::new_wamid()).collect()
}

#[tokio::test]
async fn a_post_with_120_messages_becomes_120_messages() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let people: Vec<Customer> = (0..6).map(customer).collect();
    let ids = wamids(120);
    let messages = (NINE..).zip(ids.iter().enumerate()).map(|(at, (n, id))| {
        let person = &people[n % people.len()];
        webhook::text_message(person, id, at, &format!("Message {n}"))
    });
    let change = webhook::messages(&street.number, &people, messages.collect());
    assert_eq!(street.post(vec![change]).await?, 200);
    street.shop.settled().await?;

    let records = street.shop.export().await?;
    assert_eq!(records.of("message").len(), 120);
    assert_eq!(records.of("conversation").len(), 6);
    for (n, id) in ids.iter().enumerate() {
        let message = records.message(id)?;
        assert_eq!(message["text"], format!("Message {n}"));
        let contact = records.get("contact", &message["contact_id"])?;
        assert_eq!(contact["name"], format!("Person {}", n % 6), "{id}");
    }
    for conversation in records.of("conversation") {
        assert_eq!(conversation["unread"], 20);
    }
    Ok(())
}

#[tokio::test]
async fn mixed_entries_reach_the_numbers_they_name_and_only_those_of_the_app_that_signed()
-> anyhow::Result<()> {
    let mut shop = Shop::new(DESKBELLD)?;
    let one = number(1);
    let mut two = number(2);
    two.app_secret.clone_from(&one.app_secret);
    let other_app = number(3);
    let graph = "http://127.0.0.1:9";
    let (channel_one, path) = shop.add_channel(&Shop::config(&one, graph)).await?;
    let (channel_two, path_two) = shop.add_channel(&Shop::config(&two, graph)).await?;
    let (channel_three, path_three) = shop.add_channel(&Shop::config(&other_app, graph)).await?;
    assert_eq!(path, path_two, "one app has one address");
    assert_ne!(path, path_three);
    shop.start().await?;

    let person = customer(7);
    let ids = wamids(5);
    let to = |number, id: &String, text| webhook::text(number, &person, id, NINE, text);
    let mut account_news = to(&one, &ids[0], "");
    account_news.field = "account_update".to_owned();
    account_news.value = json!({"event": "ACCOUNT_UPDATE"});
    let body = webhook::envelope(vec![
        to(&one, &ids[0], "to one"),
        to(&two, &ids[1], "to two"),
        account_news,
        to(&one, &ids[2], "to one again"),
        // Genuine, but of an app that has nothing to say about this number.
        to(&other_app, &ids[3], "smuggled"),
    ]);
    let body = Style::Escaped.encode(&body);
    assert_eq!(shop.post(&path, &one.app_secret, &body).await?, 200);
    let body = Style::Raw.encode(&webhook::envelope(vec![to(&other_app, &ids[4], "to three")]));
    assert_eq!(shop.post(&path_three, &other_app.app_secret, &body).await?, 200);
    shop.settled().await?;

    let records = shop.export().await?;
    for (id, channel) in [
        (&ids[0], &channel_one),
        (&ids[1], &channel_two),
        (&ids[2], &channel_one),
        (&ids[4], &channel_three),
    ] {
        assert_eq!(records.message(id)?["channel_id"], **channel);
    }
    assert!(
        records.with_id(&ids[3]).is_empty(),
        "app A spoke for a number of app B"
    );
    assert_eq!(records.of("message").len(), 4);
    let journal = shop.journal().await?;
    assert_eq!(
        (&journal["processed"], &journal["unassigned"]),
        (&json!(1), &json!(1))
    );
    Ok(())
}

#[tokio::test]
async fn a_message_is_stored_once_however_often_it_comes() -> anyhow::Result<()> {
    let mut street = Street::open(DESKBELLD).await?;
    let person = customer(1);
    let id = webhook::new_wamid();
    let message = webhook::text_message(&person, &id, NINE, "Only once, please");
    let change = |times| {
        webhook::messages(
            &street.number,
            std::slice::from_ref(&person),
            vec![message.clone(); times],
        )
    };
    let (twice, once) = (change(2), change(1));
    assert_eq!(street.post(vec![twice.clone(), once.clone()]).await?, 200);
    assert_eq!(street.post(vec![once.clone()]).await?, 200);
    street.shop.stop().await?;
    street.reopen().await?;
    assert_eq!(street.post(vec![once]).await?, 200);
    street.shop.settled().await?;

    let records = street.shop.export().await?;
    assert_eq!(records.of("message").len(), 1);
    assert_eq!(records.of("conversation")[0]["unread"], 1);
    Ok(())
}

#[tokio::test]
async fn every_way_to_write_json_says_the_same() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let text = "Grüße/שלום 👩‍👩‍👧‍👦 \u{202e}rtl\u{202c} 日本 \u{200b}\"quote\"\\ a\nb\r\n\tc 𝒳";
    let mut ids = Vec::new();
    for style in [Style::Escaped, Style::Raw] {
        let id = webhook::new_wamid();
        let change = webhook::text(&street.number, &customer(2), &id, NINE, text);
        let body = style.encode(&webhook::envelope(vec![change]));
        let written = std::str::from_utf8(&body)?;
        assert_eq!(written.is_ascii(), style == Style::Escaped);
        assert_eq!(street.post_raw(&body).await?, 200);
        // The same with capital digits and white space, as another writer might.
        let pretty = serde_json::to_vec_pretty(&serde_json::from_slice::<Value>(&body)?)?;
        let second = webhook::new_wamid();
        let pretty = String::from_utf8(pretty)?.replace(&id, &second).into_bytes();
        assert_eq!(street.post_raw(&pretty).await?, 200);
        ids.extend([id, second]);
    }
    street.shop.settled().await?;
    let records = street.shop.export().await?;
    for id in &ids {
        assert_eq!(records.message(id)?["text"], text);
    }
    Ok(())
}

#[tokio::test]
async fn a_body_of_2_6_megabytes_is_taken_as_any_other() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let people: Vec<Customer> = (0..50).map(customer).collect();
    let ids = wamids(900);
    let messages = ids.iter().enumerate().map(|(n, id)| {
        let person = &people[n % people.len()];
        webhook::text_message(person, id, NINE, &format!("{n} {}", "wörds ".repeat(270)))
    });
    let change = webhook::messages(&street.number, &people, messages.collect());
    let body = Style::Escaped.encode(&webhook::envelope(vec![change]));
    assert!(body.len() > 2_600_000, "{}", body.len());
    assert_eq!(street.post_raw(&body).await?, 200);
    street.shop.settled().await?;
    let records = street.shop.export().await?;
    assert_eq!(records.of("message").len(), 900);
    for (n, id) in ids.iter().enumerate() {
        let text = records.message(id)?["text"].as_str().unwrap_or_default();
        assert!(
            text.starts_with(&format!("{n} wörds")) && text.len() > 1_600,
            "{id}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn messages_and_statuses_in_one_value_both_count() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let person = customer(3);
    let (_, conversation) = street.hear(&person, "Are you open?").await?;
    let sent = street.say(&conversation, "Until six.").await?;
    let shown = street
        .until_status(&conversation, &sent, "accepted", acceptance::PATIENCE)
        .await?;
    let wamid = shown["provider_id"].as_str().unwrap_or_default();

    let id = webhook::new_wamid();
    let mut change = webhook::text(&street.number, &person, &id, now(), "Thanks");
    let report = Report::new(wamid, "delivered", now());
    change.value["statuses"] = json!([webhook::status_item(&person, &report)]);
    assert_eq!(street.post(vec![change]).await?, 200);
    street.shop.settled().await?;
    let records = street.shop.export().await?;
    assert_eq!(records.message(&id)?["text"], "Thanks");
    assert_eq!(records.message(wamid)?["status"], "delivered");
    Ok(())
}

#[tokio::test]
async fn one_broken_item_spoils_none_of_its_neighbours() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let person = customer(4);
    let ids = wamids(4);
    let good = |n: usize| webhook::text_message(&person, &ids[n], NINE, &format!("good {n}"));
    let nobody =
        json!({"id": webhook::new_wamid(), "timestamp": "1794301200", "type": "text", "text": {"body": "?"}});
    let people = std::slice::from_ref(&person);
    let first = webhook::messages(
        &street.number,
        people,
        vec![good(0), json!("no object"), json!(null), good(1)],
    );
    let anonymous = webhook::messages(&street.number, &[], vec![nobody]);
    let mut broken = webhook::text(&street.number, &person, "x", NINE, "x");
    broken.value = json!(["no value"]);
    let mut no_field = webhook::text(&street.number, &person, &ids[2], NINE, "good 2");
    no_field.field = String::new();
    let last = webhook::messages(&street.number, people, vec![good(3)]);
    assert_eq!(
        street
            .post(vec![first, anonymous, broken, no_field, last])
            .await?,
        200
    );
    street.shop.settled().await?;

    let records = street.shop.export().await?;
    for (n, id) in ids.iter().enumerate() {
        assert_eq!(records.message(id)?["text"], format!("good {n}"));
    }
    assert_eq!(records.of("message").len(), 4);
    assert_eq!(
        street.shop.journal().await?["failed"],
        1,
        "what is broken can be looked at"
    );
    let entries = street
        .shop
        .succeed(&["journal", "DATA", "--list", "--state", "failed"])
        .await?;
    assert!(entries.contains("messages[1]"), "{entries}");
    Ok(())
}

#[tokio::test]
async fn a_message_for_an_unknown_number_waits_until_the_number_is_connected() -> anyhow::Result<()> {
    let mut street = Street::open(DESKBELLD).await?;
    let mut later = number(2);
    later.app_secret.clone_from(&street.number.app_secret);
    let ids = wamids(2);
    let person = customer(5);
    let early = webhook::text(&later, &person, &ids[0], NINE, "Is anybody there?");
    let known = webhook::text(&street.number, &person, &ids[1], NINE, "Hello");
    assert_eq!(street.post(vec![early, known]).await?, 200);
    street.shop.settled().await?;
    assert!(street.shop.export().await?.with_id(&ids[0]).is_empty());
    assert_eq!(street.shop.journal().await?["unassigned"], 1);
    let health = street.shop.rpc("health", json!({})).await?;
    assert!(health.to_string().contains("not connected"), "{health}");

    street.shop.stop().await?;
    let (channel, _) = street
        .shop
        .add_channel(&Shop::config(&later, street.meta.graph_url()))
        .await?;
    let found = street.shop.export().await?;
    assert_eq!(
        found.message(&ids[0])?["channel_id"],
        *channel,
        "found when its number was connected"
    );
    for _ in 0..2 {
        let replayed = street
            .shop
            .succeed(&["replay", "DATA", "--state", "unassigned"])
            .await?;
        ensure!(replayed.contains("\"failed\":0"), "{replayed}");
    }
    let records = street.shop.export().await?;
    assert_eq!(records.message(&ids[0])?["channel_id"], *channel);
    assert_eq!(records.of("message").len(), 2);
    assert_eq!(street.shop.journal().await?["unassigned"], 0);
    Ok(())
}

#[tokio::test]
async fn working_everything_through_again_doubles_nothing() -> anyhow::Result<()> {
    let mut street = Street::open(DESKBELLD).await?;
    let person = customer(6);
    let (_, conversation) = street.hear(&person, "One").await?;
    let sent = street.say(&conversation, "Two").await?;
    street
        .until_status(&conversation, &sent, "accepted", acceptance::PATIENCE)
        .await?;
    let wamid = street.meta.sends()[0].wamid.clone().unwrap_or_default();
    for status in [simulator::Status::Sent, simulator::Status::Read] {
        street
            .meta
            .report(&wamid, &status)?
            .acknowledged(acceptance::PATIENCE)
            .await?;
    }
    street.hear(&person, "Three").await?;
    street.shop.stop().await?;

    let before = street.shop.export().await?;
    let replayed: Value = serde_json::from_str(&street.shop.succeed(&["replay", "DATA"]).await?)?;
    assert_eq!(replayed, json!({"processed": 4, "unassigned": 0, "failed": 0}));
    assert_eq!(street.shop.export().await?, before);
    assert_eq!(before.of("message").len(), 3);
    Ok(())
}

#[tokio::test]
async fn people_are_matched_by_their_ids_and_never_by_their_place_in_the_list() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let (anna, berta) = (customer(11), customer(12));
    let ids = wamids(5);
    // The contacts stand in the other order than the messages.
    let change = webhook::messages(
        &street.number,
        &[berta.clone(), anna.clone()],
        vec![
            webhook::text_message(&anna, &ids[0], NINE, "from the first"),
            webhook::text_message(&berta, &ids[1], NINE, "from the second"),
        ],
    );
    assert_eq!(street.post(vec![change]).await?, 200);
    // No contacts at all; the number written with a plus; the number withheld, since she has a username now.
    let bare = webhook::messages(
        &street.number,
        &[],
        vec![webhook::text_message(&anna, &ids[2], NINE + 1, "bare")],
    );
    let mut plus = webhook::text_message(
        &Customer {
            user_id: None,
            ..anna.clone()
        },
        &ids[3],
        NINE + 2,
        "plus",
    );
    plus["from"] = json!(format!("+{}", anna.wa_id.as_deref().unwrap_or_default()));
    let plus = webhook::messages(&street.number, &[], vec![plus]);
    let hidden = Customer::hidden("Person 11", anna.user_id.as_deref().unwrap_or_default(), "@anna");
    let hidden = webhook::text(&street.number, &hidden, &ids[4], NINE + 3, "hidden");
    assert_eq!(street.post(vec![bare, plus, hidden]).await?, 200);
    street.shop.settled().await?;

    let records = street.shop.export().await?;
    let of = |n: usize| {
        records
            .message(&ids[n])
            .map(|message| message["conversation_id"].clone())
    };
    assert_ne!(of(0)?, of(1)?);
    for n in 2..5 {
        assert_eq!(of(n)?, of(0)?, "{n}");
    }
    let contact = records.contact("wa_id", anna.wa_id.as_deref().unwrap_or_default());
    assert_eq!(contact.map(|contact| &contact["name"]), Some(&json!("Person 11")));
    assert_eq!(records.of("contact").len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_person_without_a_phone_number_gets_an_answer_by_their_id() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let hidden = Customer::hidden("Nadia", "DE.900100200", "@nadia");
    let (wamid, conversation) = street.hear(&hidden, "Do you ship?").await?;
    let records = street.shop.export().await?;
    let contact = records.get("contact", &records.message(&wamid)?["contact_id"])?;
    assert_eq!(contact["name"], "Nadia");
    assert_eq!(
        contact["identities"],
        json!([{"kind": "bsuid", "value": "DE.900100200"}])
    );

    let sent = street.say(&conversation, "We do.").await?;
    street
        .until_status(&conversation, &sent, "accepted", acceptance::PATIENCE)
        .await?;
    assert_eq!(street.meta.sends()[0].to, "DE.900100200");
    Ok(())
}

#[tokio::test]
async fn the_service_window_follows_the_time_a_message_was_written() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let person = customer(8);
    let written = |at, text| webhook::text(&street.number, &person, &webhook::new_wamid(), at, text);
    let window = async || {
        street.shop.settled().await?;
        let records = street.shop.export().await?;
        anyhow::Ok(records.of("conversation")[0]["window_closes_at"].clone())
    };
    assert_eq!(street.post(vec![written(NINE, "in time")]).await?, 200);
    assert_eq!(window().await?, "2026-11-11T09:00:00.000Z");
    // Kept back by Meta for two days; what came since counts, not when this one arrives.
    assert_eq!(street.post(vec![written(NINE - 172_800, "late")]).await?, 200);
    assert_eq!(window().await?, "2026-11-11T09:00:00.000Z");
    assert_eq!(street.post(vec![written(NINE + 60, "newer")]).await?, 200);
    assert_eq!(window().await?, "2026-11-11T09:01:00.000Z");
    // A reaction is not a word of the customer's.
    let reaction = webhook::typed_message(
        &person,
        &webhook::new_wamid(),
        NINE + 600,
        "reaction",
        json!({"message_id": "wamid.X", "emoji": "👍"}),
    );
    let reaction = webhook::messages(&street.number, std::slice::from_ref(&person), vec![reaction]);
    assert_eq!(street.post(vec![reaction]).await?, 200);
    assert_eq!(window().await?, "2026-11-11T09:01:00.000Z");

    let page = street.shop.rpc("list_conversations", json!({})).await?;
    let id = page["conversations"][0]["id"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let thread = street.shop.rpc("thread", json!({"conversation_id": id})).await?;
    let texts: Vec<&Value> = thread["messages"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|message| &message["text"])
        .collect();
    assert_eq!(
        texts[..3],
        [&json!("late"), &json!("in time"), &json!("newer")],
        "in the order they were written"
    );
    Ok(())
}

#[tokio::test]
async fn a_kind_that_is_not_known_yet_is_kept_with_its_content() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let person = customer(9);
    let cases = [
        (
            "hologram",
            json!({"depth": 3, "note": "from the future"}),
            json!(null),
        ),
        ("mood", json!(["sunny"]), json!(null)),
        ("parcel", json!({"caption": "Mind the step"}), json!(null)),
    ];
    let ids = wamids(cases.len());
    let messages = cases
        .iter()
        .zip(&ids)
        .map(|((kind, content, _), id)| webhook::typed_message(&person, id, NINE, kind, content.clone()));
    let change = webhook::messages(&street.number, std::slice::from_ref(&person), messages.collect());
    assert_eq!(street.post(vec![change]).await?, 200);
    street.shop.settled().await?;
    let records = street.shop.export().await?;
    for ((kind, content, text), id) in cases.iter().zip(&ids) {
        let message = records.message(id)?;
        assert_eq!(
            (&message["kind"], &message["original_kind"]),
            (&json!("unknown"), &json!(kind))
        );
        assert_eq!(message["text"], *text, "{kind}");
        // What is no object stands under its name.
        let kept = if content.is_object() {
            content.clone()
        } else {
            json!({*kind: content})
        };
        assert_eq!(message["payload"], kept, "{kind}");
        assert_eq!(message["status"], "received");
    }
    Ok(())
}

#[tokio::test]
async fn export_records_have_exactly_the_documented_fields() -> anyhow::Result<()> {
    let street = Street::open(DESKBELLD).await?;
    let person = customer(10);
    let id = webhook::new_wamid();
    let mut message = webhook::text_message(&person, &id, NINE, "Quoting you");
    message["context"] = json!({"from": "447700900001", "id": "wamid.QUOTED", "forwarded": true});
    message["referral"] = json!({"source_type": "ad", "source_id": "77"});
    let change = webhook::messages(&street.number, std::slice::from_ref(&person), vec![message]);
    assert_eq!(street.post(vec![change]).await?, 200);
    street.shop.settled().await?;
    let records = street.shop.export().await?;

    let channel = records.get("channel", &json!(street.channel_id))?;
    assert_eq!(
        *channel,
        json!({"type": "channel", "id": street.channel_id, "kind": "whatsapp_cloud", "name": "Shop +447700900001",
               "mode": "off"})
    );
    let contact = records.of("contact")[0];
    assert_eq!(
        *contact,
        json!({"type": "contact", "id": contact["id"], "name": "Person 10", "identities": [
            {"kind": "bsuid", "value": "DE.7700010"},
            {"kind": "phone", "value": "491555000010"},
            {"kind": "wa_id", "value": "491555000010"},
        ]})
    );
    let conversation = records.of("conversation")[0];
    assert_eq!(
        *conversation,
        json!({"type": "conversation", "id": conversation["id"], "channel_id": street.channel_id,
               "contact_id": contact["id"], "override": null, "effective_mode": "off", "holder": "assistant",
               "attention": null, "window_closes_at": "2026-11-11T09:00:00.000Z", "unread": 1})
    );
    let message = records.message(&id)?;
    assert_eq!(
        *message,
        json!({"type": "message", "id": message["id"], "channel_id": street.channel_id,
               "conversation_id": conversation["id"], "contact_id": contact["id"], "direction": "inbound",
               "author": "customer", "kind": "text", "original_kind": "text", "text": "Quoting you",
               "provider_id": id, "reply_to": "wamid.QUOTED", "sent_at": "2026-11-10T09:00:00.000Z",
               "received_at": message["received_at"], "status": "received", "error": null, "attachments": [],
               "reactions": [], "edited": false, "revoked": false, "forwarded": "once",
               "referral": {"source_type": "ad", "source_id": "77"}, "payload": {}})
    );
    for record in [channel, contact, conversation, message] {
        assert!(record["id"].is_string(), "ids are strings: {record}");
    }
    let received = message["received_at"].as_str().unwrap_or_default();
    assert!(received.ends_with('Z') && received.len() == 24, "{received}");
    Ok(())
}
