//! What Meta refuses when an address is registered: each refusal ends in a sentence of its own that says what to do.

use super::plain;
use crate::DESKBELLD;
use acceptance::{PATIENCE, PublicStreet, Shop, customer, number, until};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use simulator::{App, Fault, GraphError, Meta, Number, Refusal, Rule, Token};
use std::time::Duration;

const MESSAGING: &str = "whatsapp_business_messaging";

/// A number of the shop, and what it will run into.
struct Case {
    what: &'static str,
    number: Number,
    /// The step it fails at.
    step: &'static str,
    /// A word without which the sentence would not help.
    helps: &'static str,
    /// The button beside it.
    button: &'static str,
}

/// Numbers 1 to 9, each in another kind of trouble.
fn cases(meta: &Meta) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |what, helps, step, button, spoil: &dyn Fn(&mut Number)| {
        let mut number = number(u32::try_from(cases.len()).unwrap_or_default() + 1);
        number.proof_required = true;
        meta.add_number(number.clone());
        spoil(&mut number);
        cases.push(Case {
            what,
            number,
            step,
            helps,
            button,
        });
    };
    let on_number = |fault: Fault, number: &Number| {
        let rule = Rule::from(fault).on("POST", &number.phone_number_id).always();
        meta.fault(rule);
    };
    let with_token = |number: &Number, change: &dyn Fn(Token) -> Token| {
        meta.add_token(change(Token::new(&number.access_token, &[&number.waba_id])));
    };
    add("all is well", "", "", "", &|_| {});
    add(
        "100 before subscribe",
        "not connected to this WhatsApp account",
        "override",
        "register_webhook",
        &|number| {
            let mut error = GraphError::of(100);
            "Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp Business Account."
            .clone_into(&mut error.title);
            on_number(Fault::Graph(error), number);
        },
    );
    add("2200", "address", "override", "register_webhook", &|number| {
        on_number(Fault::code(2200), number);
    });
    add("190", "token", "subscribe", "replace_keys", &|number| {
        with_token(number, &|token| token.withdrawn(460));
    });
    add("10", "permission", "subscribe", "replace_keys", &|number| {
        with_token(number, &|token| {
            token.scopes(&[MESSAGING]).refusing(Refusal::Application)
        });
    });
    add("200", "permission", "subscribe", "replace_keys", &|number| {
        with_token(number, &|token| token.scopes(&[MESSAGING]));
    });
    add(
        "wrong secret",
        "app secret",
        "subscribe",
        "replace_keys",
        &|number| {
            "another apps secret".clone_into(&mut number.app_secret);
        },
    );
    add("wrong number", "id", "subscribe", "replace_keys", &|number| {
        "109000000009999".clone_into(&mut number.phone_number_id);
    });
    add("other owner", "id", "subscribe", "replace_keys", &|number| {
        // The number moved to another account, which this token does not reach.
        let mut moved = number.clone();
        "EAAofthenewowner".clone_into(&mut moved.access_token);
        "209000000009999".clone_into(&mut moved.waba_id);
        meta.add_number(moved);
        let app = meta.app_id(&number.phone_number_id).unwrap_or_default();
        with_token(number, &|token| token.of_app(&app));
    });
    cases
}

/// Waits until a case's refusal is told, looks at it in both places, and returns its sentence.
async fn told(street: &PublicStreet, case: &Case, channel: &str) -> anyhow::Result<String> {
    let sentence = street.failed(channel, case.step).await?;
    plain(&sentence)?;
    ensure!(sentence.contains(case.helps), "of no help: {sentence}");
    ensure!(sentence.contains(". "), "what to do? {sentence}");
    let shown = street.connection(channel).await?;
    let steps = shown["steps"].as_array().context("no steps")?;
    let failed = steps.iter().find(|step| step["state"] == "failed");
    let button = &failed.context("it failed")?["action"];
    ensure!(button["kind"] == case.button, "not {}: {button}", case.button);
    let told = street.findings("callback").await?;
    let told = told
        .iter()
        .find(|finding| finding["channel_id"] == *channel)
        .context("the health page is silent")?;
    ensure!(told["level"] == "bad", "{told}");
    let repeated = told["sentence"]
        .as_str()
        .is_some_and(|said| said.ends_with(&sentence));
    ensure!(repeated && told["action"] == *button, "{told}");
    Ok(sentence)
}

#[tokio::test]
async fn each_refusal_of_the_registration_ends_in_its_own_sentence_with_one_button() -> anyhow::Result<()> {
    let mut street = PublicStreet::prepare(DESKBELLD).await?;
    let cases = cases(&street.meta);
    let mut channels = Vec::new();
    for case in &cases {
        let config = Shop::config(&case.number, street.meta.graph_url());
        channels.push(street.shop.add_channel(&config).await?.0);
    }
    street.shop.start().await?;
    let (mut sentences, mut wrong) = (Vec::new(), Vec::new());
    for (case, channel) in cases.iter().zip(&channels) {
        if case.step.is_empty() {
            // One number's trouble is not another's.
            street.registered(channel).await?;
            continue;
        }
        match told(&street, case, channel).await {
            Ok(sentence) => sentences.push((case.what, sentence)),
            Err(error) => wrong.push(format!("{}: {error}", case.what)),
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A missing permission is one thing, whichever of its two codes says so; and who does not reach a number cannot
    // know whether it is the id or the owner.
    let same = [("10", "200"), ("wrong number", "other owner")];
    for (n, (what, sentence)) in sentences.iter().enumerate() {
        for (other, told) in sentences.iter().skip(n + 1) {
            let alike = same.contains(&(what, other));
            ensure!(alike || sentence != told, "{what} and {other}: {sentence}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_registration_that_was_refused_goes_on_by_itself_or_at_the_press_of_a_button() -> anyhow::Result<()>
{
    let mut street = PublicStreet::prepare(DESKBELLD).await?;
    let id = street.number.phone_number_id.clone();
    // Meta does not wait for our answer, so it takes the address for unverified: a real 2200.
    street.meta.set_verification_patience(Duration::ZERO);
    let channel = street.move_in().await?;
    let sentence = street.failed(&channel, "override").await?;
    plain(&sentence)?;
    ensure!(
        street
            .meta
            .verifications()
            .iter()
            .all(|visit| visit.failed.is_some()),
        "it was verified"
    );
    street.meta.set_verification_patience(Duration::from_secs(10));
    street.registered(&channel).await?;

    // What somebody has to set right waits for them.
    street
        .meta
        .add_token(Token::new(&street.number.access_token, &[]).scopes(&[MESSAGING]));
    let of_channel = json!({"channel_id": channel});
    let shown = street.shop.rpc("register_webhook", of_channel.clone()).await?;
    let failed = |shown: &Value| {
        let steps = shown["steps"].as_array().cloned().unwrap_or_default();
        steps.iter().any(|step| step["state"] == "failed")
    };
    ensure!(failed(&shown), "{shown}");
    // Meta has had the address all the time, and messages come in.
    street.hear(&customer(1), "still there").await?;
    let told = street.complaint("callback").await?;
    assert_eq!(told["level"], "warn", "{told}");
    street
        .meta
        .add_token(Token::new(&street.number.access_token, &[]));
    let shown = street.shop.rpc("register_webhook", of_channel).await?;
    ensure!(!failed(&shown), "{shown}");
    let [own, ..] = street.meta.callbacks(&id);
    assert_eq!(shown["callback_url"].as_str(), own.as_deref());
    Ok(())
}

#[tokio::test]
async fn another_apps_share_is_told_and_an_address_another_program_took_is_taken_back() -> anyhow::Result<()>
{
    let mut street = PublicStreet::prepare(DESKBELLD).await?;
    let (id, waba) = (
        street.number.phone_number_id.clone(),
        street.number.waba_id.clone(),
    );
    let other = App::new("7200000000001", "Chatty Inbox", "secret of chatty");
    street
        .meta
        .add_other_app(&waba, other, Some("https://inbox.example.com/hooks"));
    street
        .meta
        .subscribe_unverified(&id, "https://inbox.example.com/hooks");
    let channel = street.move_in().await?;
    let shown = street.registered(&channel).await?;
    assert_eq!(shown["other_apps"], json!(["Chatty Inbox"]), "{shown}");
    let [own, ..] = street.meta.callbacks(&id);
    assert_eq!(shown["callback_url"].as_str(), own.as_deref());
    street.hear(&customer(1), "to us").await?;

    // The other program takes the number's address while we look on.
    street
        .meta
        .subscribe_unverified(&id, "https://inbox.example.com/hooks");
    street
        .shop
        .rpc("check_channel", json!({"channel_id": channel}))
        .await?;
    let told = until("the loss of the address told", PATIENCE, async || {
        let told = street.findings("callback").await?;
        Ok(told.into_iter().find(|finding| finding["level"] == "bad"))
    })
    .await?;
    plain(super::text(&told, "sentence")?)?;
    assert_eq!(told["action"]["kind"], "register_webhook", "{told}");
    street
        .shop
        .rpc("register_webhook", json!({"channel_id": channel}))
        .await?;
    street.registered(&channel).await?;
    let [own, ..] = street.meta.callbacks(&id);
    assert_eq!(shown["callback_url"].as_str(), own.as_deref());
    street.hear(&customer(1), "to us again").await?;
    ensure!(
        street
            .meta
            .calls_to("DELETE", &format!("{waba}/subscribed_apps"))
            .is_empty(),
        "the other program was thrown out"
    );
    Ok(())
}
