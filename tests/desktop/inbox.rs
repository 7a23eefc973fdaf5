//! The owner's work in the window: the first screen, reading, answering, leaving a draft, being told.

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::bus::Notifications;
use crate::page::{ENTER, ESCAPE, Page};
use crate::stage::Stage;

/// The demo customer who writes first, within seconds, and answers what she is told.
const MAYA: &str = "Maya Ellison";

/// Selects the bubbles of the open conversation.
const OUR_BUBBLES: &str = "[...document.querySelectorAll('[data-direction=outbound]')]";

#[tokio::test]
async fn a_customer_writes_and_the_typed_reply_reaches_her_and_her_answer_comes_back() -> Result<()> {
    let stage = Stage::set("street").await?;
    let page = Page::open(&stage, &["--demo"]).await?;
    page.click("[role=option]", MAYA).await?;
    page.holds("document.querySelector('[data-direction=inbound]')?.innerText.includes('mugs')")
        .await?;

    let reply = "Yes, the blue ones too 👋 Grüße & bis bald";
    page.write("#composer", reply).await?;
    page.shot("desktop-composer.png").await?;
    page.press(ENTER).await?;
    page.holds("document.querySelector('#composer').value === ''")
        .await?;
    page.holds(&format!(
        "{OUR_BUBBLES}.at(-1)?.innerText.includes({})",
        json!(reply)
    ))
    .await?;
    page.holds(&format!(
        "{OUR_BUBBLES}.at(-1).querySelector('[role=img]').ariaLabel === 'read'"
    ))
    .await?;
    page.holds(
        "[...document.querySelectorAll('[data-direction=inbound]')].at(-1).innerText.includes('Bristol')",
    )
    .await?;
    page.shot("desktop-answered.png").await
}

#[tokio::test]
async fn the_first_screen_has_three_doors_and_the_demo_door_leads_to_the_demo_shop_and_back() -> Result<()> {
    let stage = Stage::set("doors").await?;
    let mut screen = stage.screen()?;
    let page = Page::open(&stage, &[]).await?;
    for door in ["Try the demo shop", "Connect my number", "Restore a backup"] {
        page.holds(&format!("document.body.innerText.includes('{door}')"))
            .await?;
    }
    screen.window("Deskbell", true).await?;
    assert_eq!(page.serious_findings().await?, json!([]));
    page.shot("desktop-first-start.png").await?;

    page.click("button", "Open the demo shop").await?;
    page.holds("document.querySelectorAll('[role=option]').length >= 1")
        .await?;
    screen.window("Deskbell — Demo", true).await?;

    page.click("nav button", "Demo").await?;
    page.click("button", "Leave the demo").await?;
    page.holds("document.body.innerText.includes('Restore a backup')")
        .await?;
    screen.window("Deskbell", true).await?;
    Ok(())
}

#[tokio::test]
async fn a_draft_waits_where_it_was_written() -> Result<()> {
    let stage = Stage::set("draft").await?;
    let page = Page::open(&stage, &["--demo"]).await?;
    page.holds("document.querySelectorAll('[role=option]').length >= 2")
        .await?;
    page.click("[role=option]", MAYA).await?;
    let draft = "Four mugs to Bristol would be";
    page.write("#composer", draft).await?;
    let other = "[role=option][aria-selected=false]";
    page.click(other, "").await?;
    page.holds("document.querySelector('#composer')?.value === ''")
        .await?;
    page.holds(&format!(
        "document.querySelector('#conversations').innerText.includes('{draft}')"
    ))
    .await?;
    page.shot("desktop-draft.png").await?;
    page.click("[role=option]", MAYA).await?;
    page.holds(&format!(
        "document.querySelector('#composer')?.value === '{draft}'"
    ))
    .await
}

#[tokio::test]
async fn the_inbox_is_accessible_in_both_themes_and_when_narrow() -> Result<()> {
    let stage = Stage::set("accessible").await?;
    let mut screen = stage.screen()?;
    let page = Page::open(&stage, &["--demo"]).await?;
    page.click("[role=option]", MAYA).await?;
    page.holds("document.querySelector('#composer')").await?;
    for theme in ["Light", "Dark"] {
        page.click("#open-settings", "Settings").await?;
        page.click("main label", theme).await?;
        assert_eq!(
            page.serious_findings().await?,
            json!([]),
            "the settings in {theme}"
        );
        page.press(ESCAPE).await?;
        page.holds("!document.querySelector('main#page')").await?;
        assert_eq!(page.serious_findings().await?, json!([]), "{theme}");
        page.shot(&format!("desktop-{}.png", theme.to_lowercase()))
            .await?;
    }
    let window = screen.window("Deskbell — Demo", true).await?;
    screen.resize(&window, (400, 700))?;
    page.holds("innerWidth === 400").await?;
    assert_eq!(page.serious_findings().await?, json!([]), "narrow");
    page.shot("desktop-narrow.png").await
}

#[tokio::test]
async fn a_customer_is_announced_only_while_the_owner_is_elsewhere() -> Result<()> {
    let stage = Stage::set("notified").await?;
    let mut screen = stage.screen()?;
    let mut desktop = Notifications::put(&stage).await?;
    // Without a window manager the keyboard belongs to the window under the pointer.
    screen.point_at(640, 400)?;
    let page = Page::open(&stage, &["--demo"]).await?;
    page.holds("document.querySelectorAll('[role=option]').length >= 6")
        .await?;
    let early = desktop.already();
    ensure!(early.is_none(), "announced under the owner's eyes: {early:?}");

    screen.point_at(1279, 799)?;
    let shown = desktop.next().await.with_context(|| page.said())?;
    ensure!(
        shown.title.starts_with("Demo: ") && !shown.words.is_empty(),
        "{shown:?}"
    );
    assert!(
        !page.said().contains(&shown.words),
        "message text in the log: {}",
        page.said()
    );
    Ok(())
}

#[tokio::test]
async fn an_inbox_that_is_open_elsewhere_says_so_and_opens_once_it_is_free() -> Result<()> {
    let stage = Stage::set("taken").await?;
    let folder = stage.home().join("shop");
    let folder = folder.to_str().context("a folder's name")?;
    let mut first = stage.deskbell(&["--data-dir", folder]);
    // Without a bus the two cannot find each other.
    first.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    let mut first = stage.launch_command(&mut first)?;
    first.logs("\"painted\"").await?;

    let page = Page::open(&stage, &["--data-dir", folder]).await?;
    page.holds("document.querySelector('[role=alert]')?.innerText.includes('Another Deskbell is using')")
        .await?;
    page.shot("desktop-taken.png").await?;

    first.signal("TERM")?;
    first.ends().await?;
    page.click("button", "Try again").await?;
    page.holds("document.body.innerText.includes('Try the demo shop')")
        .await
}
