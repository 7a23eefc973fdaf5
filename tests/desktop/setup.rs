//! A number is set up in the window, from nothing to a test reply that has arrived; left, and gone on with.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::page::Page;
use crate::stage::Stage;
use crate::town::{APP_SECRET, NUMBER, PHONE, TOKEN, Town, UNREGISTERED, UNREGISTERED_PHONE, WRONG_SECRET};

const PIN: &str = "246810";
const CONNECTED: &str = "Connected. Meta delivers this number's messages here from now on.";
const GO_ON: &str = "Go on with setting up";

/// The first page, and the first step beyond it.
async fn begin(page: &Page) -> Result<()> {
    page.click("button", "Connect my number").await?;
    page.reads("Before you begin").await?;
    page.click("footer button", "Begin").await?;
    page.reads("Two keys from Meta").await
}

/// Hands both keys in.
async fn keys(page: &Page, token: &str, secret: &str) -> Result<()> {
    page.fill("Access token", token).await?;
    page.fill("App secret", secret).await?;
    page.click("footer button", "Check the keys").await
}

/// Chooses the number that needs nothing else, as far as to the tunnel.
async fn choose(page: &Page) -> Result<()> {
    page.reads("Which number?").await?;
    page.click("label", PHONE).await?;
    next(page).await?;
    page.reads("How messages reach this computer").await
}

/// Opens the tunnel, and is taken to the chain.
async fn open_tunnel(page: &Page, town: &Town) -> Result<()> {
    page.fill("ngrok authtoken", &town.edge.token()).await?;
    page.click("footer button", "Use this and go on").await?;
    page.reads("Deskbell connects itself").await
}

/// A connected number whose set-up has been ended, and the inbox.
pub async fn connected(town: &Town) -> Result<Page> {
    let page = town.open().await?;
    begin(&page).await?;
    keys(&page, TOKEN, APP_SECRET).await?;
    choose(&page).await?;
    open_tunnel(&page, town).await?;
    page.reads(CONNECTED).await?;
    next(&page).await?;
    page.click("footer button", "I will test later").await?;
    page.click("footer button", "Finish with Shadow").await?;
    page.click("button", "Open the inbox").await?;
    page.holds("document.querySelector('#conversations')").await?;
    Ok(page)
}

async fn next(page: &Page) -> Result<()> {
    page.click("footer button", "Next").await
}

/// Starts the window again and goes on; it has to stand at the page called so.
async fn resumed(town: &Town, step: &str, title: &str) -> Result<Page> {
    let page = town.open().await?;
    page.reads(&format!("You were at “{step}”.")).await?;
    let name = step.to_lowercase().replace(' ', "-");
    page.shot(&format!("resumed-{name}.png")).await?;
    page.click("button", GO_ON).await?;
    page.holds(&format!(
        "document.querySelector('h1')?.innerText === {}",
        json!(title)
    ))
    .await?;
    Ok(page)
}

#[tokio::test]
async fn a_number_is_set_up_from_nothing_to_a_test_reply_that_has_arrived() -> Result<()> {
    let town = Town::around(Stage::set("setup").await?).await?;
    let page = town.open().await?;
    page.click("button", "Connect my number").await?;
    page.reads("Before you begin").await?;
    page.click("main label", "A business portfolio at Meta").await?;
    page.shot("setup-1-intro.png").await?;
    page.click("footer button", "Begin").await?;

    page.reads("Two keys from Meta").await?;
    page.shot("setup-2-credentials.png").await?;
    keys(&page, TOKEN, WRONG_SECRET).await?;
    page.reads("The app secret does not belong to the app of this access token.")
        .await?;
    page.reads("Meta accepts this token.").await?;
    page.shot("setup-2-credentials-wrong.png").await?;
    page.fill("App secret", APP_SECRET).await?;
    page.click("footer button", "Check the keys").await?;

    page.reads("Which number?").await?;
    page.reads("Glaze & Daughters").await?;
    page.shot("setup-3-number.png").await?;
    page.click("label", UNREGISTERED_PHONE).await?;
    page.fill("Six-digit PIN", PIN).await?;
    page.click("footer button", "Register the number").await?;
    page.reads("Please confirm this first").await?;
    ensure!(
        !town.meta.standing(UNREGISTERED).registered,
        "registered before it was confirmed"
    );
    page.shot("setup-3-number-register.png").await?;
    page.click("label", "I know that this number leaves the WhatsApp app")
        .await?;
    page.click("footer button", "Register the number").await?;
    page.reads_no_more("Six-digit PIN").await?;
    ensure!(town.meta.standing(UNREGISTERED).registered, "not registered");
    page.shot("setup-3-number-registered.png").await?;
    next(&page).await?;

    page.reads("How messages reach this computer").await?;
    page.shot("setup-4-tunnel.png").await?;
    let (hold, chain) = simulator::Rule::hold();
    town.meta.fault(hold.on("POST", "subscribed_apps"));
    open_tunnel(&page, &town).await?;
    chain.reached().await;
    page.reads("Your app gets this account's messages").await?;
    page.shot("setup-5-connect-running.png").await?;
    chain.release();
    page.reads(CONNECTED).await?;
    page.shot("setup-5-connect.png").await?;
    town.leads_here(UNREGISTERED)?;
    next(&page).await?;

    page.reads("Say hello to yourself").await?;
    page.reads(UNREGISTERED_PHONE).await?;
    page.shot("setup-6-hello.png").await?;
    town.writes(UNREGISTERED, "hi")?;
    page.reads("It has arrived.").await?;
    page.reads("Rosa Lindqvist").await?;
    page.shot("setup-6-hello-heard.png").await?;
    page.click("button", "Send the reply").await?;
    page.reads("Delivered. Receiving and sending both work.").await?;
    let arrived = town.arrived();
    let texts: Vec<_> = arrived.iter().map(|send| send.text.as_deref()).collect();
    assert_eq!(texts, [Some("Hello! This is Deskbell, everything works.")]);
    page.shot("setup-6-hello-answered.png").await?;
    next(&page).await?;

    page.reads("How much may the assistant do?").await?;
    page.click("label", "Shadow").await?;
    page.shot("setup-7-mode.png").await?;
    page.click("footer button", "Finish with Shadow").await?;
    page.reads("Your number is connected").await?;
    page.shot("setup-8-done.png").await?;
    page.click("button", "Open the inbox").await?;
    page.holds("document.querySelector('[data-direction=inbound]')?.innerText.includes('hi')")
        .await?;
    page.holds("document.querySelector('[data-direction=outbound]')?.innerText.includes('everything works')")
        .await?;
    page.click("button", "All").await?;
    page.holds("document.querySelector('[role=option]')?.innerText.includes('Rosa Lindqvist')")
        .await?;
    page.shot("setup-9-inbox.png").await?;
    let said = page.said();
    for secret in [TOKEN, APP_SECRET, WRONG_SECRET, PIN, &town.edge.token()] {
        ensure!(!said.contains(secret), "a secret in the log: {said}");
    }
    Ok(())
}

#[tokio::test]
async fn a_set_up_that_was_left_goes_on_at_the_same_page_with_what_was_entered() -> Result<()> {
    let town = Town::around(Stage::set("resumed").await?).await?;
    let page = town.open().await?;
    begin(&page).await?;
    page.click("footer button", "Back").await?;
    page.reads("Before you begin").await?;
    page.end("TERM").await?;

    let page = resumed(&town, "What you need", "Before you begin").await?;
    next(&page).await?;
    keys(&page, TOKEN, WRONG_SECRET).await?;
    page.reads("The app secret does not belong").await?;
    page.end("KILL").await?;

    let page = resumed(&town, "Your keys", "Two keys from Meta").await?;
    page.reads("ends in 7341").await?;
    page.reads("The app secret does not belong").await?;
    page.shot("resumed-credentials.png").await?;
    page.fill("App secret", APP_SECRET).await?;
    page.click("footer button", "Check the keys").await?;
    page.reads("Which number?").await?;
    page.end("TERM").await?;

    let page = resumed(&town, "Your number", "Which number?").await?;
    choose(&page).await?;
    page.end("TERM").await?;

    let page = resumed(&town, "The way in", "How messages reach this computer").await?;
    page.click("nav button", "Your keys").await?;
    for end in ["ends in 7341", "ends in 5c2d"] {
        page.reads(end).await?;
    }
    page.click("nav button", "The way in").await?;
    let (hold, chain) = simulator::Rule::hold();
    town.meta.fault(hold.on("POST", "subscribed_apps"));
    open_tunnel(&page, &town).await?;
    chain.reached().await;
    page.end("KILL").await?;
    drop(chain);

    let page = resumed(&town, "Connecting", "Deskbell connects itself").await?;
    page.reads(CONNECTED).await?;
    next(&page).await?;
    page.reads(PHONE).await?;
    town.writes(NUMBER, "hi")?;
    page.reads("It has arrived.").await?;
    page.end("TERM").await?;

    let page = resumed(&town, "Say hello", "Say hello to yourself").await?;
    page.reads("It has arrived.").await?;
    page.click("button", "Send the reply").await?;
    page.reads("Delivered. Receiving and sending both work.").await?;
    next(&page).await?;
    page.reads("How much may the assistant do?").await?;
    page.end("TERM").await?;

    let page = resumed(&town, "The assistant", "How much may the assistant do?").await?;
    page.click("footer button", "Finish with Shadow").await?;
    page.click("button", "Open the inbox").await?;
    page.holds("document.querySelector('[data-direction=outbound]')")
        .await?;
    assert_eq!(town.arrived().len(), 1, "the reply left twice");
    Ok(())
}

#[tokio::test]
async fn a_locked_keychain_is_told_and_a_sealed_file_is_the_way_out() -> Result<()> {
    const PASSPHRASE: &str = "copper kettle under seven pines";
    let mut town = Town::around(Stage::set_apart("locked").await?).await?;
    let page = town.open().await?;
    begin(&page).await?;
    keys(&page, TOKEN, APP_SECRET).await?;
    page.reads("Which number?").await?;
    page.end("TERM").await?;
    town.stage.lock_keychain().await?;

    let page = town.open().await?;
    page.click("button", GO_ON).await?;
    page.reads("Unlock the secrets").await?;
    page.reads("This computer's keychain is locked").await?;
    page.shot("locked-keychain.png").await?;
    page.click("dialog button[type=submit]", "Unlock").await?;
    page.reads("they still cannot be read.").await?;
    page.click("dialog button", "Use a sealed file instead").await?;
    page.fill("Passphrase", PASSPHRASE).await?;
    page.fill("The same once more", PASSPHRASE).await?;
    page.shot("locked-sealed-file.png").await?;
    page.click("dialog button", "Seal the file").await?;
    page.reads("The secrets are in the sealed file now").await?;
    page.shot("locked-sealed.png").await?;
    page.click("dialog button", "Close").await?;
    page.holds("!document.querySelector('dialog')").await?;

    // The keychain did not give the keys: they are entered once more.
    page.click("nav button", "Your keys").await?;
    page.shot("locked-keys-again.png").await?;
    keys(&page, TOKEN, APP_SECRET).await?;
    page.reads("Which number?").await?;
    page.end("TERM").await?;

    let page = town.open().await?;
    page.click("button", GO_ON).await?;
    page.reads("Unlock the secrets").await?;
    page.fill("Passphrase", "not this one").await?;
    page.click("dialog button[type=submit]", "Unlock").await?;
    page.reads("The passphrase does not fit").await?;
    page.shot("locked-passphrase.png").await?;
    page.fill("Passphrase", PASSPHRASE).await?;
    page.click("dialog button[type=submit]", "Unlock").await?;
    page.holds("!document.querySelector('dialog')").await?;
    page.click("nav button", "Your keys").await?;
    page.reads("ends in 7341").await?;
    page.reads("ends in 5c2d").await
}

#[tokio::test]
async fn an_outage_of_the_tunnel_is_told_with_a_button_and_heals_by_itself() -> Result<()> {
    let town = Town::around(Stage::set("outage").await?).await?;
    let page = connected(&town).await?;
    page.click("#open-health", "").await?;
    page.reads("Everything works").await?;
    page.reads("The token is good").await?;
    page.shot("health-good.png").await?;
    assert_eq!(page.serious_findings().await?, json!([]), "good");

    town.edge.outage(true);
    page.reads("Customers' messages cannot reach this computer")
        .await?;
    page.holds("document.querySelector('main li.bad button')?.innerText === 'Try again now'")
        .await?;
    page.holds("document.querySelector('footer[data-tone=bad]')")
        .await?;
    page.shot("health-bad.png").await?;
    assert_eq!(page.serious_findings().await?, json!([]), "bad");
    page.click("#open-settings", "").await?;
    page.holds("document.querySelector('.banner [role=status]')?.innerText.includes('since')")
        .await?;
    page.shot("health-bad-elsewhere.png").await?;

    town.edge.outage(false);
    page.holds("document.querySelector('footer[data-tone=good]')?.innerText.includes('Listening')")
        .await?;
    page.holds("!document.querySelector('.banner [role=status]')")
        .await?;
    page.click("#open-health", "").await?;
    page.reads("Everything works").await?;
    town.writes(NUMBER, "are you there?")?;
    page.click("nav button", "Inbox").await?;
    page.holds("document.querySelector('[role=option]')?.innerText.includes('are you there?')")
        .await
}
