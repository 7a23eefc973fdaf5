//! A token is dead when Meta says so, and never because nobody answered.

use super::{plain, text};
use crate::DESKBELLD;
use acceptance::{PATIENCE, PublicStreet, customer, until};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use simulator::{Fault, Rule, Token};
use std::time::Duration;
use tokio::time::Instant;

/// A fault on everything Meta is asked about number, account, app and token.
fn on_all_questions(street: &PublicStreet, fault: &Fault) {
    let rule = Rule::from(fault.clone()).on_management();
    street.meta.fault(rule.always());
}

/// Asks Meta about the channel now.
async fn check(street: &PublicStreet, channel: &str) -> anyhow::Result<Value> {
    let args = json!({"channel_id": channel});
    street.shop.rpc("check_channel", args).await
}

/// Nothing anybody is shown calls the token dead.
async fn token_is_not_blamed(street: &PublicStreet, shown: &Value) -> anyhow::Result<()> {
    ensure!(shown["token"]["valid"] != false, "{shown}");
    for finding in street.findings("token").await? {
        ensure!(finding["level"] != "bad", "{finding}");
    }
    let health = street.shop.rpc("health", json!({})).await?;
    let findings = health["findings"].as_array().context("no findings")?;
    for finding in findings {
        ensure!(finding["action"]["kind"] != "replace_keys", "{finding}");
        plain(text(finding, "sentence")?)?;
    }
    Ok(())
}

#[tokio::test]
async fn when_meta_does_not_answer_that_is_said_within_5_seconds_and_the_token_is_not_blamed()
-> anyhow::Result<()> {
    let (street, channel) = PublicStreet::open(DESKBELLD).await?;
    let well = check(&street, &channel).await?;
    assert_eq!(well["token"]["valid"], true, "{well}");
    on_all_questions(&street, &Fault::TimeOut);
    let begun = Instant::now();
    let silent = check(&street, &channel).await?;
    let took = begun.elapsed();
    ensure!(took < Duration::from_millis(6500), "somebody waited {took:?}");
    token_is_not_blamed(&street, &silent).await?;
    let health = street.shop.rpc("health", json!({})).await?;
    ensure!(health.to_string().contains("did not answer"), "{health}");
    street.hear(&customer(1), "messages are not affected").await?;
    Ok(())
}

#[tokio::test]
async fn trouble_of_metas_own_is_not_a_dead_token_either() -> anyhow::Result<()> {
    let (street, channel) = PublicStreet::open(DESKBELLD).await?;
    for fault in [
        Fault::Reset,
        Fault::html(502),
        Fault::Garbage,
        Fault::code(1),
        Fault::code(2),
        Fault::code(4),
        Fault::code(131_016),
    ] {
        street.meta.clear_faults();
        on_all_questions(&street, &fault);
        let shown = check(&street, &channel).await?;
        token_is_not_blamed(&street, &shown)
            .await
            .with_context(|| format!("{fault:?}"))?;
    }
    street.meta.clear_faults();
    let shown = check(&street, &channel).await?;
    assert_eq!(shown["token"]["valid"], true, "{shown}");
    Ok(())
}

#[tokio::test]
async fn a_dead_token_is_told_with_its_reason_and_customers_are_still_heard() -> anyhow::Result<()> {
    let (street, channel) = PublicStreet::open(DESKBELLD).await?;
    let mut sentences = Vec::new();
    for reason in [458, 460, 463, 467] {
        let dead = Token::new(&street.number.access_token, &[]).withdrawn(reason);
        street.meta.add_token(dead);
        let shown = check(&street, &channel).await?;
        assert_eq!(shown["token"]["valid"], false, "{reason}: {shown}");
        let sentence = text(&shown["token"], "words")?.to_owned();
        plain(&sentence)?;
        sentences.push(sentence);
    }
    let distinct: std::collections::BTreeSet<&String> = sentences.iter().collect();
    ensure!(distinct.len() >= 3, "{sentences:?}");
    let told = street.complaint("token").await?;
    assert_eq!(
        (&told["level"], &told["action"]["kind"]),
        (&json!("bad"), &json!("replace_keys"))
    );
    assert_eq!(told["action"]["channel_id"], channel);
    street.hear(&customer(1), "they do not notice").await?;

    // Sending says so, too, and goes on after the exchange.
    let records = street.shop.export().await?;
    let conversation = records.of("conversation")[0]["id"].clone();
    let args = json!({"conversation_id": conversation, "text": "hello"});
    let sent = street.shop.rpc("send_text", args).await?;
    street
        .meta
        .add_token(Token::new("EAAfresh0001", &[&street.number.waba_id]));
    street
        .shop
        .rpc(
            "replace_keys",
            json!({"channel_id": channel, "access_token": "EAAfresh0001"}),
        )
        .await?;
    let args = json!({"conversation_id": conversation, "limit": 10});
    let mut last = Value::Null;
    until("the message left", PATIENCE, async || {
        last = street.shop.rpc("thread", args.clone()).await?;
        let messages = last["messages"].as_array().context("no messages")?;
        let ours = messages.iter().find(|shown| shown["id"] == sent["message_id"]);
        Ok(ours
            .is_some_and(|shown| shown["status"] == "accepted")
            .then_some(()))
    })
    .await
    .with_context(|| format!("the thread is: {last}"))?;
    let shown = check(&street, &channel).await?;
    assert_eq!(shown["token"]["valid"], true, "{shown}");
    Ok(())
}

#[tokio::test]
async fn the_end_of_a_token_is_told_a_week_before() -> anyhow::Result<()> {
    let (street, channel) = PublicStreet::open(DESKBELLD).await?;
    let day = 24 * 3600;
    for (left, level) in [(30 * day, "ok"), (5 * day, "warn")] {
        let token = Token::new(&street.number.access_token, &[]).expires(acceptance::now() + left);
        street.meta.add_token(token);
        let shown = check(&street, &channel).await?;
        assert_eq!(
            (&shown["token"]["valid"], &shown["token"]["level"]),
            (&json!(true), &json!(level)),
            "{shown}"
        );
        ensure!(shown["token"]["expires_at"].is_string(), "{shown}");
        plain(text(&shown["token"], "words")?)?;
    }
    let told = street.complaint("token").await?;
    assert_eq!(told["action"]["kind"], "replace_keys", "{told}");
    Ok(())
}
