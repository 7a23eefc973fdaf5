//! The demo shop from the street: what its inbox receives, and what answering does.

use std::collections::BTreeSet;

use crate::common::{Inbox, SOON, VERIFY, client, hmac_sha256, items, text_to};
use anyhow::Context as _;
use serde_json::{Value, json};
use simulator::{DemoShop, Tempo};

/// Answers a customer as the product would.
async fn answer(shop: &DemoShop, to: &str, text: &str) -> anyhow::Result<reqwest::Response> {
    let config = shop.channel_config();
    let part = |pointer: &str| {
        config
            .pointer(pointer)
            .and_then(Value::as_str)
            .context("a complete configuration")
    };
    let url = format!(
        "{}/{}/{}/messages",
        part("/graph_url")?,
        part("/graph_version")?,
        part("/phone_number_id")?
    );
    let body = text_to(to, text, &format!("ob {to} {text}"));
    Ok(client(SOON)?
        .post(url)
        .bearer_auth(part("/secrets/access_token")?)
        .json(&body)
        .send()
        .await?)
}

/// A shop whose webhooks go to an inbox.
async fn open(tempo: Tempo) -> anyhow::Result<(DemoShop, Inbox)> {
    let shop = DemoShop::start_at(tempo).await?;
    let config = shop.channel_config();
    let token = config
        .pointer("/secrets/verify_token")
        .and_then(Value::as_str)
        .context("a token")?;
    let inbox = Inbox::open_with(token).await?;
    shop.open(&inbox.url).await?;
    Ok((shop, inbox))
}

#[tokio::test]
async fn the_channel_configuration_is_what_channel_add_takes() -> anyhow::Result<()> {
    let (one, two) = (DemoShop::start().await?, DemoShop::start().await?);
    let config = one.channel_config();
    let keys: Vec<&str> = config
        .as_object()
        .context("an object")?
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "kind",
            "name",
            "phone_number_id",
            "waba_id",
            "display_phone_number",
            "mode",
            "graph_url",
            "graph_version",
            "secrets"
        ]
    );
    assert_eq!(
        (&config["kind"], &config["name"], &config["mode"]),
        (&json!("whatsapp_cloud"), &json!("Demo shop"), &json!("off"))
    );
    assert!(
        config["graph_url"]
            .as_str()
            .is_some_and(|url| url.starts_with("http://127.0.0.1:"))
    );
    for secret in ["access_token", "app_secret", "verify_token"] {
        assert_ne!(config["secrets"][secret], two.channel_config()["secrets"][secret]);
    }
    let inbox = Inbox::open().await?;
    assert_ne!(config["secrets"]["verify_token"], VERIFY);
    assert!(
        one.open(&inbox.url).await.is_err(),
        "an address that does not know the token is not used"
    );
    Ok(())
}

#[tokio::test]
async fn an_opened_shop_has_a_past_of_today_and_yesterday_at_once() -> anyhow::Result<()> {
    let (shop, inbox) = open(Tempo::REAL).await?;
    let mut messages = inbox.messages();
    // Those of the script; the guests have a test of their own.
    let cast = [
        "447700900222",
        "447700900654",
        "447700900765",
        "12025550199",
        "447700900876",
    ];
    messages.retain(|(from, _, _)| cast.contains(&from.as_str()));
    assert_eq!(messages.len(), 8, "{messages:#?}");
    let people: BTreeSet<&str> = messages.iter().map(|(from, _, _)| from.as_str()).collect();
    assert_eq!(people.len(), 5);
    let secret = shop.channel_config()["secrets"]["app_secret"]
        .as_str()
        .context("a secret")?
        .to_owned();
    for post in inbox.posts() {
        assert_eq!(
            post.signature,
            format!("sha256={}", hmac_sha256(&secret, &post.body))
        );
    }
    // The first living customer gives the present time.
    let (from, now) = inbox
        .message("Hi! Do you still have the speckled blue mugs?")
        .await?;
    assert_eq!(from, "447700900211");
    let minutes_ago = |text: &str| {
        messages
            .iter()
            .find(|(_, said, _)| said.starts_with(text))
            .map(|(_, _, at)| (now - at) / 60)
    };
    assert_eq!(minutes_ago("Could you please hold the tall"), Some(26 * 60));
    assert_eq!(minutes_ago("Is it ready"), Some(23 * 60 + 25));
    shop.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_customer_answers_an_answer_and_ticks_turn() -> anyhow::Result<()> {
    let (shop, inbox) = open(Tempo::scaled(0.02)).await?;
    inbox
        .message("Hi! Do you still have the speckled blue mugs?")
        .await?;
    assert_eq!(
        answer(&shop, "+447700900211", "We do, five of them.")
            .await?
            .status(),
        200
    );
    inbox
        .message("Lovely! Could I take four of them? And do you post to Bristol?")
        .await?;
    assert_eq!(
        answer(&shop, "+447700900211", "Yes, postage is £4.")
            .await?
            .status(),
        200
    );
    inbox.message("That's a fair price. Please go ahead!").await?;
    inbox
        .wait(|posts| {
            crate::common::words(posts)
                .iter()
                .filter(|word| *word == "read")
                .count()
                == 2
        })
        .await?;
    shop.stop().await;
    Ok(())
}

#[tokio::test]
async fn somebody_behind_a_username_hears_answers_by_user_id() -> anyhow::Result<()> {
    let (shop, inbox) = open(Tempo::scaled(0.005)).await?;
    let (from, _) = inbox
        .message("Hello, I found you through a friend. Do you fire other people's pieces in your kiln?")
        .await?;
    let config = shop.channel_config();
    let url = format!("{}/v25.0/100200300400500/messages", shop.meta().graph_url());
    let body = json!({ "messaging_product": "whatsapp", "recipient": from, "type": "text", "text": { "body": "We do." } });
    let token = config["secrets"]["access_token"].as_str().context("a token")?;
    assert_eq!(
        client(SOON)?
            .post(url)
            .bearer_auth(token)
            .json(&body)
            .send()
            .await?
            .status(),
        200
    );
    inbox
        .message("Brilliant. It's five small tiles, stoneware. When could I drop them off?")
        .await?;
    Ok(())
}

#[tokio::test]
async fn the_shop_holds_the_three_sends_that_go_wrong() -> anyhow::Result<()> {
    let (shop, inbox) = open(Tempo::scaled(0.02)).await?;
    let closed: Value = answer(&shop, "+447700900654", "Of course").await?.json().await?;
    assert_eq!(closed["error"]["code"], 131_047);

    assert_eq!(answer(&shop, "+12025550199", "It is back").await?.status(), 200);
    let failed = |posts: &[crate::common::Post]| {
        items(posts, "statuses")
            .iter()
            .any(|status| status["status"] == "failed" && status["errors"][0]["code"] == 131_026)
    };
    inbox.wait(failed).await?;

    assert!(
        answer(&shop, "+447700900876", "At six").await.is_err(),
        "the answer is lost"
    );
    assert_eq!(shop.meta().taken("ob +447700900876 At six"), 1);
    let settled = |posts: &[crate::common::Post]| {
        items(posts, "statuses").iter().any(|status| {
            status["status"] == "delivered" && status["biz_opaque_callback_data"] == "ob +447700900876 At six"
        })
    };
    inbox.wait(settled).await?;
    assert_eq!(
        answer(&shop, "+447700900876", "See you").await?.status(),
        200,
        "only the first answer is lost"
    );
    Ok(())
}

#[tokio::test]
async fn a_late_message_arrives_with_the_time_it_was_written() -> anyhow::Result<()> {
    let (shop, inbox) = open(Tempo::scaled(0.005)).await?;
    let (_, now) = inbox
        .message("Hi! Do you still have the speckled blue mugs?")
        .await?;
    let (_, written) = inbox
        .message("I'm at the shop door with the broken bowl, is anybody in?")
        .await?;
    assert_eq!((now - written + 30) / 60, 40);
    tokio::time::timeout(SOON, shop.stop()).await?;
    Ok(())
}
