//! Everything that is told beside messages: the account, other programs, the phone, history, calls.

use super::{Case, NINE, play, street};
use acceptance::{PATIENCE, Street, customer, now, number, until};
use anyhow::{Context as _, ensure};
use serde_json::{Map, Value, json};
use simulator::webhook::account::{self, TemplateRef};
use simulator::webhook::{self, Change, coexistence, identity, routing};
use simulator::{Inbound, Template};

const REMINDER: TemplateRef<'_> = TemplateRef {
    id: 1_689_000_000_000_777,
    name: "pot_reminder",
    language: "en_GB",
};

/// The name of the worked example, what arrives, how serious it is, and a word of the sentence about it.
fn news() -> Vec<(&'static str, Change, &'static str, &'static str)> {
    let number = &number(1);
    let mut rejected = account::template_status(number, REMINDER, "REJECTED", Some("INVALID_FORMAT"));
    rejected.value["rejection_info"] =
        json!({"reason": "They touch.", "recommendation": "Put words between."});
    let violation: Map<String, Value> = [("violation_info".to_owned(), json!({"violation_type": "SCAM"}))]
        .into_iter()
        .collect();
    let mut throughput = account::quality(number, "THROUGHPUT_UPGRADE", None, "TIER_UNLIMITED");
    throughput.value["current_limit"] = json!("TIER_UNLIMITED");
    vec![
        (
            "account_update_violation",
            account::account_update(number, "ACCOUNT_VIOLATION", violation),
            "bad",
            "rule",
        ),
        (
            "account_alerts",
            account::alert(number, "INFORMATIONAL", "MORE", "We need more information.", true),
            "ok",
            "more information.",
        ),
        (
            "account_alerts, flat",
            account::alert(number, "CRITICAL", "MORE", "Something is wrong", false),
            "bad",
            "Something is wrong.",
        ),
        (
            "account_review_update",
            account::review(number, "APPROVED"),
            "ok",
            "approved",
        ),
        (
            "phone_number_quality_update_throughput",
            throughput,
            "ok",
            "faster",
        ),
        (
            "phone_number_quality_update_2026",
            account::quality(number, "ONBOARDING", None, "TIER_250"),
            "ok",
            "250",
        ),
        (
            "phone_number_name_update",
            account::name(number, "REJECTED", "Pots!!!", Some("NAME_GUIDELINES_VIOLATION")),
            "warn",
            "Pots!!!",
        ),
        (
            "business_capability_update_tier",
            account::capability(number, "TIER_UNLIMITED"),
            "ok",
            "as many as you like",
        ),
        (
            "business_capability_update_tier, the number",
            account::capability(number, -1),
            "ok",
            "as many as you like",
        ),
        (
            "template_status_approved",
            account::template_status(number, REMINDER, "APPROVED", Some("NONE")),
            "ok",
            "pot_reminder",
        ),
        ("template_status_rejected", rejected, "warn", "Put words between"),
        (
            "template_category_upcoming",
            account::template_category_coming(number, REMINDER, "UTILITY", "MARKETING"),
            "warn",
            "price",
        ),
        (
            "history_declined",
            coexistence::history_declined(number),
            "warn",
            "not handed over",
        ),
        (
            "value_errors_only",
            webhook::errors(number, &[simulator::GraphError::of(131_031)]),
            "warn",
            "WhatsApp",
        ),
    ]
}

#[tokio::test]
async fn news_of_the_account_become_sentences() -> anyhow::Result<()> {
    let street = street().await?;
    let mut failures = Vec::new();
    for (name, change, level, word) in news() {
        ensure!(street.post(vec![change.clone()]).await? == 200, "{name}");
        street.shop.settled().await?;
        let list = street.shop.rpc("list_notices", json!({})).await?;
        let notices = list["notices"].as_array().context("no notices")?;
        let newest = notices
            .iter()
            .max_by_key(|notice| notice["id"].as_str().and_then(|id| id.parse::<u64>().ok()));
        let newest = newest.cloned().unwrap_or_default();
        let sentence = newest["sentence"].as_str().unwrap_or_default();
        if newest["level"] != level || !sentence.contains(word) || sentence.contains("..") {
            failures.push(format!("{name}: {} {sentence}", newest["level"]));
        }
        if sentence.contains("does not know") {
            failures.push(format!("{name} is not known: {sentence}"));
        }
    }
    let list = street.shop.rpc("list_notices", json!({})).await?;
    assert_eq!(list["unseen"], news().len());
    street.shop.rpc("see_notices", json!({})).await?;
    assert_eq!(street.shop.rpc("list_notices", json!({})).await?["unseen"], 0);
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    assert_eq!(street.shop.export().await?.of("message").len(), 0);
    Ok(())
}

/// How `health` sees the whole.
async fn level(street: &Street) -> anyhow::Result<String> {
    let health = street.shop.rpc("health", json!({})).await?;
    Ok(health["level"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn an_account_that_was_switched_off_holds_what_is_to_be_sent_until_it_is_on_again() -> anyhow::Result<()>
{
    let street = street().await?;
    let (_, conversation) = street.hear(&customer(500), "Hello").await?;
    // account_update_disabled
    ensure!(
        street
            .post(vec![account::ban(&street.number, "DISABLE", "November 21, 2026")])
            .await?
            == 200
    );
    street.shop.settled().await?;
    assert_eq!(level(&street).await?, "bad");
    let waiting = street.say(&conversation, "held back").await?;
    // Another number's conversation would be sent meanwhile; here a webhook round shows that nothing leaves.
    street.hear(&customer(501), "Is anybody there?").await?;
    assert_eq!(street.look(&conversation, &waiting).await?["status"], "queued");
    assert!(street.meta.sends().is_empty());
    ensure!(
        street
            .post(vec![account::ban(
                &street.number,
                "REINSTATE",
                "November 21, 2026"
            )])
            .await?
            == 200
    );
    street
        .until_status(&conversation, &waiting, "accepted", PATIENCE)
        .await?;
    assert_ne!(level(&street).await?, "bad");
    // account_update_offboarded
    ensure!(
        street
            .post(vec![account::account_update(
                &street.number,
                "ACCOUNT_OFFBOARDED",
                Map::new()
            )])
            .await?
            == 200
    );
    street.shop.settled().await?;
    assert_eq!(level(&street).await?, "bad");
    Ok(())
}

#[tokio::test]
async fn a_field_nobody_knows_yet_is_kept_and_counted_and_spoils_nothing() -> anyhow::Result<()> {
    let street = street().await?;
    let unknown = webhook::field(&street.number, "space_lift_update", json!({"floor": 7}));
    let (id, person) = (webhook::new_wamid(), customer(505));
    let known = webhook::text(&street.number, &person, &id, NINE, "beside it");
    ensure!(street.post(vec![unknown, known]).await? == 200);
    street.shop.settled().await?;
    assert_eq!(street.shop.export().await?.message(&id)?["text"], "beside it");
    let journal = street.shop.journal().await?;
    assert_eq!(
        (&journal["processed"], &journal["failed"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(journal["unknown_fields"], json!({"space_lift_update": 1}));
    let file = rusqlite::Connection::open(street.shop.data_dir().join("deskbell.sqlite3"))?;
    let body: Vec<u8> = file.query_row("SELECT CAST(body AS BLOB) FROM webhook_journal", [], |row| {
        row.get(0)
    })?;
    ensure!(String::from_utf8_lossy(&body).contains("space_lift_update"));
    Ok(())
}

#[tokio::test]
async fn what_the_owner_says_on_the_phone_is_shown_and_takes_over() -> anyhow::Result<()> {
    let street = street().await?;
    let person = customer(510);
    let (_, conversation) = street.hear(&person, "Is it ready?").await?;
    // smb_echo_text, smb_echo_edit, smb_echo_bsuid_only
    let (text, picture) = (webhook::new_wamid(), webhook::new_wamid());
    let echo = coexistence::phone_echo(&street.number, &person, &Inbound::text("Yes, 49"), &text, now());
    let edit = Inbound::edit(&text, &Inbound::text("Yes, 59"));
    let edit = coexistence::phone_echo(&street.number, &person, &edit, &webhook::new_wamid(), now());
    let hidden = person.clone().without_phone();
    let file = street
        .meta
        .put_media(simulator::art::photo(simulator::art::Scene::Mug), "image/jpeg");
    let by_id = coexistence::phone_echo(
        &street.number,
        &hidden,
        &Inbound::image(&file, None),
        &picture,
        now(),
    );
    ensure!(street.post(vec![echo, edit, by_id]).await? == 200);
    street.shop.settled().await?;
    let records = street.shop.export().await?;
    let message = records.message(&text)?;
    let seen = json!({"direction": message["direction"], "author": message["author"], "text": message["text"], "edited": message["edited"]});
    assert_eq!(
        seen,
        json!({"direction": "outbound", "author": "phone", "text": "Yes, 59", "edited": true})
    );
    assert_eq!(records.message(&picture)?["conversation_id"], json!(conversation));
    assert_eq!(records.message(&picture)?["kind"], "image");
    let row = records.get("conversation", &json!(conversation))?;
    assert_eq!(
        (&row["holder"], &row["unread"]),
        (&json!("operator"), &json!(0)),
        "{row}"
    );
    Ok(())
}

fn quiet() -> Vec<Case> {
    let number = &number(1);
    let past = |case: &Case| {
        let ours = coexistence::past_outbound(
            number,
            &case.person,
            &Inbound::text("It is ready"),
            &webhook::new_wamid(),
            NINE - 9000,
            "READ",
        );
        let theirs = coexistence::past_inbound(
            &case.person,
            &Inbound::text("Thanks!"),
            &case.wamid,
            NINE - 8000,
            "DELIVERED",
        );
        let file = coexistence::past_inbound(
            &case.person,
            &coexistence::placeholder(),
            &webhook::new_wamid(),
            NINE - 7000,
            "PLAYED",
        );
        let chunk = coexistence::Chunk {
            phase: 0,
            order: 2,
            progress: 55,
        };
        coexistence::history(number, chunk, &case.person, &[ours, file, theirs])
    };
    let still = json!({"unread": 0, "attention": null, "holder": "assistant"});
    let history = Case::new(520, "history_chunk");
    let change = past(&history);
    let history = history
        .posts(change)
        .message(json!({"text": "Thanks!", "direction": "inbound", "author": "customer"}));
    let standby = Case::new(521, "standby_message");
    let change = routing::standby(
        number,
        &standby.person,
        &Inbound::text("Asking the other one"),
        &standby.wamid,
        NINE,
    );
    let standby = standby
        .posts(change)
        .message(json!({"text": "Asking the other one", "kind": "text", "author": "customer"}));
    let signup = Case::new(522, "user_preferences_signup").also(&Inbound::text("Hello"), 0);
    let change = identity::preference(number, &signup.person, "signup", NINE);
    let mut call = Case::new(523, "calls_terminate");
    "wacid.CALL523".clone_into(&mut call.wamid);
    let rings = routing::call(
        number,
        &call.person,
        &call.wamid,
        "terminate",
        Some("FAILED"),
        NINE,
    );
    let call = call
        .posts(rings)
        .message(json!({"kind": "call", "status": "received"}))
        .conversation(json!({"window_closes_at": "2026-11-11T09:00:00.000Z"}));
    vec![
        history.conversation(still.clone()),
        standby.conversation(still),
        signup.posts(change).conversation(json!({"unread": 1})),
        call,
    ]
}

#[tokio::test]
async fn what_others_answer_or_what_is_long_past_wakes_nobody_and_a_call_opens_the_window()
-> anyhow::Result<()> {
    play(&street().await?, &quiet()).await
}

#[tokio::test]
async fn who_wants_no_promotions_gets_none_until_they_do() -> anyhow::Result<()> {
    let street = street().await?;
    let person = customer(530);
    let body = json!([{"type": "BODY", "text": "Half price today"}]);
    for (name, category) in [("sale", "MARKETING"), ("ready", "UTILITY")] {
        let template = Template::approved(name, "en_GB", category, body.clone());
        street.meta.add_template(&street.number.waba_id, template);
    }
    let (_, conversation) = street.hear(&person, "Hello").await?;
    street
        .shop
        .rpc("refresh_templates", json!({"channel_id": street.channel_id}))
        .await?;
    let args = |name: &str| json!({"conversation_id": conversation, "name": name, "language": "en_GB", "variables": {}});
    // user_preferences_stop
    let prefers = async |what: &str, after: i64| {
        let change = identity::preference(&street.number, &person, what, now() + after);
        ensure!(street.post(vec![change]).await? == 200);
        street.shop.settled().await
    };
    prefers("stop", 1).await?;
    let refused = street.shop.refused("send_template", args("sale")).await?;
    let words = refused["message"].as_str().unwrap_or_default();
    ensure!(words.len() > 30 && !words.contains("131050"), "{refused}");
    let sent = street.shop.rpc("send_template", args("ready")).await?;
    let sent = sent["message_id"].as_str().unwrap_or_default();
    street
        .until_status(&conversation, sent, "accepted", PATIENCE)
        .await?;
    prefers("resume", 2).await?;
    street.shop.rpc("send_template", args("sale")).await?;
    until("both were sent", PATIENCE, async || {
        Ok((street.meta.sends().len() == 2).then_some(()))
    })
    .await?;
    Ok(())
}
