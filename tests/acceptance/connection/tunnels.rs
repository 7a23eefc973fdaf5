//! What the tunnel's provider refuses: told in the tunnel's settings and on the health page, with what to do.

use super::{SOON, plain, text};
use crate::DESKBELLD;
use acceptance::{PATIENCE, PublicStreet, customer};
use anyhow::ensure;
use serde_json::{Value, json};
use simulator::Edge;

/// Waits until the tunnel tells this trouble in both places, and returns its sentence.
async fn told(street: &PublicStreet, phase: &str) -> anyhow::Result<String> {
    let tunnel = street.tunnel(phase, PATIENCE).await?;
    let sentence = text(&tunnel, "words")?.to_owned();
    plain(&sentence)?;
    ensure!(
        sentence.contains("ustomers' messages"),
        "what does it mean? {sentence}"
    );
    ensure!(tunnel["url"].is_null(), "{tunnel}");
    assert_eq!(tunnel["action"]["kind"], "open_page", "{tunnel}");
    ensure!(
        text(&tunnel["action"], "url")?.starts_with("https://dashboard.ngrok.com/"),
        "{tunnel}"
    );
    let complaint = street.complaint("tunnel").await?;
    assert_eq!(complaint["level"], "bad", "{complaint}");
    assert_eq!(complaint["sentence"], sentence);
    assert_eq!(complaint["action"], tunnel["action"]);
    ensure!(
        !tunnel.to_string().contains(&street.edge.token()),
        "the token is shown"
    );
    Ok(sentence)
}

/// Tries again at once.
async fn press(street: &PublicStreet) -> anyhow::Result<Value> {
    street.shop.rpc("retry_tunnel", json!({})).await
}

#[tokio::test]
async fn a_wrong_token_a_suspended_account_and_a_taken_domain_are_told_and_overcome() -> anyhow::Result<()> {
    let mut street = PublicStreet::prepare(DESKBELLD).await?;
    let token = street.edge.token();
    street.edge.revoke_token(&token);
    let channel = street.move_in().await?;
    let wrong = told(&street, "stopped").await?;
    ensure!(wrong.contains("authtoken"), "{wrong}");
    let shown = street.connection(&channel).await?;
    let waits = shown["steps"]
        .as_array()
        .and_then(|steps| steps.iter().find(|step| step["step"] == "tunnel"))
        .cloned()
        .unwrap_or_default();
    assert_eq!(waits["state"], "waiting", "{shown}");
    assert_eq!(waits["words"], json!(wrong), "{shown}");

    street.edge.allow_token(&token);
    // What the provider says may repeat the token.
    let quoting = format!("The account of {token} is suspended.");
    street.edge.reject_auth("ERR_NGROK_103", &quoting);
    press(&street).await?;
    street
        .edge
        .wait("refused once more", |edge| edge.frames().len() >= 4)
        .await?;
    let mut suspended = wrong.clone();
    acceptance::until("the suspension told", PATIENCE, async || {
        suspended = told(&street, "stopped").await?;
        Ok((suspended != wrong).then_some(()))
    })
    .await?;
    ensure!(suspended.contains("suspended"), "{suspended}");

    street.edge.accept_auth();
    street.edge.reject_bind("ERR_NGROK_334", "It is already online.");
    press(&street).await?;
    let taken = told(&street, "waiting").await?;
    ensure!(taken.contains("already online"), "{taken}");

    street.edge.accept_binds();
    press(&street).await?;
    street.tunnel("online", SOON).await?;
    street.registered(&channel).await?;
    street.hear(&customer(1), "at last").await?;
    for finding in street.findings("tunnel").await? {
        assert_eq!(finding["level"], "ok", "{finding}");
    }
    Ok(())
}

#[tokio::test]
async fn every_error_of_the_providers_table_is_a_sentence() -> anyhow::Result<()> {
    let mut street = PublicStreet::prepare(DESKBELLD).await?;
    street.move_in().await?;
    street.tunnel("online", PATIENCE).await?;
    let mut sentences: Vec<(u32, String)> = Vec::new();
    for (code, phase) in [
        (105, "stopped"),
        (106, "stopped"),
        (107, "stopped"),
        (108, "waiting"),
        (120, "stopped"),
        (123, "stopped"),
        (313, "stopped"),
        (319, "stopped"),
        (320, "stopped"),
        (324, "waiting"),
        (334, "waiting"),
        (727, "waiting"),
        (15013, "stopped"),
        (4711, "waiting"),
    ] {
        street.edge.accept_auth();
        street
            .edge
            .reject_auth(&format!("ERR_NGROK_{code}"), "Some words of the provider's.");
        press(&street).await?;
        let mut last = Value::Null;
        let sentence = acceptance::until(&format!("{code} told"), PATIENCE, async || {
            last = street.shop.rpc("tunnel", json!({})).await?;
            let words = last["words"].as_str().unwrap_or_default().to_owned();
            let known = sentences.iter().any(|(_, known)| *known == words);
            Ok((last["phase"] == phase && !known).then_some(words))
        })
        .await
        .map_err(|error| error.context(format!("it is: {last}")))?;
        plain(&sentence)?;
        ensure!(!sentence.contains("Some words"), "{sentence}");
        ensure!(last["action"].is_object(), "{code}: {last}");
        sentences.push((code, sentence));
    }
    Ok(())
}

#[tokio::test]
async fn a_domain_that_belongs_to_another_account_is_told_and_another_one_chosen_in_the_window()
-> anyhow::Result<()> {
    let (mut street, channel) = PublicStreet::open(DESKBELLD).await?;
    street.shop.stop().await?;
    let token = Edge::token_of("another account");
    street.shop.set_env("DESKBELL_NGROK_AUTHTOKEN", &token);
    street.shop.start().await?;
    let foreign = told(&street, "stopped").await?;
    ensure!(foreign.contains("another ngrok account"), "{foreign}");
    let chosen = json!({"kind": "ngrok", "authtoken": token});
    // What was said at the command line is not changed behind its back.
    let refused = street.shop.refused("save_tunnel", chosen.clone()).await?;
    plain(text(&refused, "message")?)?;

    street.shop.stop().await?;
    street.choose_in_the_window();
    street.shop.start().await?;
    for (field, wrong) in [
        ("authtoken", json!({"kind": "ngrok", "authtoken": "two words"})),
        (
            "domain",
            json!({"kind": "ngrok", "authtoken": token, "domain": "no domain"}),
        ),
        ("url", json!({"kind": "url", "url": "http://shop.example"})),
        ("kind", json!({"kind": "pigeon"})),
    ] {
        let refused = street.shop.refused("save_tunnel", wrong).await?;
        assert_eq!(refused["field"], field, "{refused}");
        plain(text(&refused, "message")?)?;
    }
    street.shop.rpc("save_tunnel", chosen).await?;
    let tunnel = street.tunnel("online", SOON).await?;
    assert_eq!(
        tunnel["url"],
        format!("https://{}", street.edge.dev_domain(&token))
    );
    street.registered(&channel).await?;
    street.hear(&customer(1), "found again").await?;
    Ok(())
}
