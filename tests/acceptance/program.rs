//! The program itself: its commands beside each other, exit codes, and the sentence that says what is wrong.

use crate::DESKBELLD;
use acceptance::{PATIENCE, Shop, Street, customer, number, until};
use anyhow::ensure;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn commands_that_change_data_want_serve_stopped_and_others_work_beside_it() -> anyhow::Result<()> {
    let mut street = Street::open(DESKBELLD).await?;
    street.hear(&customer(1), "Hello").await?;
    let second = Shop::config(&number(2), "http://127.0.0.1:9").to_string();
    let add = ["channel", "add", "DATA", "--vault", "file", "--config", "-"];
    let refused = [
        street.shop.run(&["serve", "DATA", "--vault", "file"]).await?,
        street.shop.run_with_input(&add, &second).await?,
        street.shop.run(&["replay", "DATA"]).await?,
    ];
    for refused in refused {
        assert_eq!(refused.code, Some(1), "{refused:?}");
        let sentence = refused.err.lines().last().unwrap_or_default();
        ensure!(sentence.contains("another Deskbell is using"), "{refused:?}");
        assert_eq!(refused.out, "");
    }
    assert_eq!(street.shop.export().await?.of("message").len(), 1);
    assert_eq!(street.shop.journal().await?["received"], 1);
    let check = ["channel", "check", &street.channel_id, "DATA", "--vault", "file"];
    let checked: Value = serde_json::from_str(&street.shop.succeed(&check).await?)?;
    assert_eq!(checked["ok"], true, "{checked}");
    street.shop.stop().await?;
    let added = street.shop.run_with_input(&add, &second).await?;
    assert_eq!(added.code, Some(0), "{added:?}");
    street.shop.start().await
}

#[tokio::test]
async fn wrong_usage_ends_with_2_and_trouble_with_1_and_a_sentence() -> anyhow::Result<()> {
    let shop = Shop::new(DESKBELLD)?;
    for args in [
        &[][..],
        &["dance"],
        &["serve"],
        &["serve", "DATA", "--vault", "drawer"],
        &["serve", "DATA", "--api-listen", "nowhere"],
        &["export", "DATA", "--format", "xml"],
        &["replay", "DATA", "--state", "failed", "--id", "1"],
        &["channel", "add", "DATA"],
    ] {
        let finished = shop.run(args).await?;
        assert_eq!(finished.code, Some(2), "{args:?}: {finished:?}");
        assert_eq!(finished.out, "", "{args:?}");
    }
    for args in [&["--help"][..], &["--version"], &["serve", "--help"]] {
        assert_eq!(shop.run(args).await?.code, Some(0), "{args:?}");
    }
    let config = Shop::config(&number(1), "http://127.0.0.1:9").to_string();
    let add = ["channel", "add", "DATA", "--vault", "file", "--config", "-"];
    let in_memory = ["channel", "add", "DATA", "--vault", "memory", "--config", "-"];
    let serve = ["serve", "DATA", "--vault", "file"];
    let trouble = async |args: &[&str], input: &str, words: &str| {
        let finished = shop.run_with_input(args, input).await?;
        ensure!(
            finished.code == Some(1) && finished.out.is_empty(),
            "{args:?}: {finished:?}"
        );
        let sentence = finished.err.lines().last().unwrap_or_default();
        ensure!(
            sentence.starts_with("deskbelld: ") && sentence.contains(words),
            "{args:?}: {finished:?}"
        );
        anyhow::Ok(())
    };
    trouble(&["export", "DATA"], "", "no Deskbell data").await?;
    trouble(&["journal", "DATA"], "", "no Deskbell data").await?;
    trouble(&["replay", "DATA"], "", "no Deskbell data").await?;
    trouble(&add, "", "is empty").await?;
    trouble(&add, "hello", "not JSON").await?;
    trouble(&add, "{\"kind\":\"carrier_pigeon\"}", "kind").await?;
    trouble(&in_memory, &config, "memory").await?;
    trouble(
        &["serve", "DATA", "--vault", "file", "--api-listen", "0.0.0.0:0"],
        "",
        "this computer",
    )
    .await?;
    trouble(
        &[
            "serve",
            "DATA",
            "--vault",
            "file",
            "--webhook-listen",
            "0.0.0.0:0",
        ],
        "",
        "this computer",
    )
    .await?;
    trouble(
        &["serve", "DATA", "--vault", "file", "--tunnel", "ngrok"],
        "",
        "DESKBELL_NGROK_AUTHTOKEN",
    )
    .await?;
    trouble(
        &["serve", "DATA", "--vault", "file", "--tunnel", "pigeon"],
        "",
        "--tunnel none",
    )
    .await?;
    trouble(
        &[
            "serve",
            "DATA",
            "--vault",
            "file",
            "--tunnel",
            "url:http://shop.example",
        ],
        "",
        "Meta calls https only",
    )
    .await?;
    let mut shop = Shop::new(DESKBELLD)?;
    shop.set_env("DESKBELL_VAULT_PASSPHRASE", "");
    let trouble = async |args: &[&str], input: &str, words: &str| {
        let finished = shop.run_with_input(args, input).await?;
        ensure!(
            finished.code == Some(1) && finished.err.contains(words),
            "{args:?}: {finished:?}"
        );
        anyhow::Ok(())
    };
    trouble(&serve, "", "DESKBELL_VAULT_PASSPHRASE").await?;
    trouble(&add, &config, "DESKBELL_VAULT_PASSPHRASE").await?;
    shop.set_env("DESKBELL_VAULT_PASSPHRASE", "the right one");
    let added = shop.run_with_input(&add, &config).await?;
    assert_eq!(added.code, Some(0), "{added:?}");
    shop.set_env("DESKBELL_VAULT_PASSPHRASE", "another one");
    let wrong = shop.run(&serve).await?;
    ensure!(
        wrong.code == Some(1) && wrong.err.contains("passphrase"),
        "{wrong:?}"
    );
    Ok(())
}

#[tokio::test]
async fn serve_makes_its_directory_says_where_it_is_and_ends_in_order() -> anyhow::Result<()> {
    let mut shop = Shop::new(DESKBELLD)?;
    for signal in ["TERM", "INT"] {
        shop.start().await?;
        for url in [shop.hook("")?, shop.api_url()?.to_owned()] {
            ensure!(url.starts_with("http://127.0.0.1:"), "{url}");
        }
        // Somebody who listens for changes does not hold up the end.
        let listening = shop
            .client()
            .get(format!("{}/events", shop.api_url()?))
            .bearer_auth(shop.api_token()?)
            .send()
            .await?;
        let kill = format!("kill -{signal} {}", shop.pid()?);
        let status = tokio::process::Command::new("/bin/sh")
            .args(["-c", &kill])
            .status()
            .await?;
        ensure!(status.success());
        let begun = tokio::time::Instant::now();
        let ended = shop.ended().await?;
        assert_eq!(ended.code(), Some(0), "{signal}: {ended:?}");
        ensure!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        drop(listening);
    }
    Ok(())
}

#[tokio::test]
async fn adding_a_number_again_replaces_its_settings_and_keeps_its_address() -> anyhow::Result<()> {
    let mut street = Street::open(DESKBELLD).await?;
    let (_, conversation) = street.hear(&customer(1), "Hello").await?;
    street.shop.stop().await?;
    let mut renamed = Shop::config(&street.number, street.meta.graph_url());
    renamed["name"] = json!("The new name");
    let again = street.shop.add_channel(&renamed).await?;
    assert_eq!(again, (street.channel_id.clone(), street.path.clone()));
    street.reopen().await?;
    let records = street.shop.export().await?;
    assert_eq!(records.of("channel").len(), 1);
    assert_eq!(records.of("channel")[0]["name"], "The new name");
    let sent = street.say(&conversation, "Still the same").await?;
    street
        .until_status(&conversation, &sent, "accepted", PATIENCE)
        .await?;
    until("the thread whole", PATIENCE, async || {
        Ok((street.shop.export().await?.of("message").len() == 2).then_some(()))
    })
    .await
}

#[tokio::test]
async fn the_doctor_says_what_the_health_page_says_beside_a_running_deskbell_and_without_one()
-> anyhow::Result<()> {
    let mut street = Street::open(DESKBELLD).await?;
    street.hear(&customer(1), "Hello").await?;
    let doctor = ["doctor", "DATA", "--vault", "file"];
    let told = street.shop.succeed(&doctor).await?;
    ensure!(told.contains("Listening"), "{told}");
    ensure!(!told.contains("not running"), "{told}");
    let page = street.shop.rpc("health", json!({})).await?;
    for finding in page["findings"].as_array().into_iter().flatten() {
        // How long something lasts differs from one question to the next.
        if !matches!(finding["topic"].as_str(), Some("webhook" | "storage")) {
            let sentence = finding["sentence"].as_str().unwrap_or_default();
            ensure!(told.contains(sentence), "{sentence}\n{told}");
        }
    }
    street.shop.stop().await?;
    let told: Value = serde_json::from_str(
        &street
            .shop
            .succeed(&["doctor", "DATA", "--vault", "file", "--json"])
            .await?,
    )?;
    assert_eq!(told["level"], "bad", "{told}");
    let first = told["findings"][0]["sentence"].as_str().unwrap_or_default();
    ensure!(first.contains("Deskbell is not running"), "{told}");

    let nowhere = Shop::new(DESKBELLD)?;
    let refused = nowhere.run(&doctor).await?;
    assert_eq!((refused.code, refused.out.as_str()), (Some(1), ""), "{refused:?}");
    Ok(())
}
