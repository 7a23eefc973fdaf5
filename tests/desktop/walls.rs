//! What the page may not do, tried from inside the page.

use anyhow::{Context, Result};
use serde_json::json;

use crate::page::Page;
use crate::stage::{Stage, until};

/// Calls a command as the front-end does and returns what it was refused with.
const REFUSED: &str = "
    const refused = (command, args) => window.__TAURI_INTERNALS__.invoke(command, args)
        .then(() => `${command} was allowed`, (reason) => String(reason?.message ?? reason));";

#[tokio::test]
async fn the_page_may_ask_and_listen_and_nothing_else() -> Result<()> {
    let stage = Stage::set("capability").await?;
    let page = Page::open(&stage, &["--demo"]).await?;
    page.holds("document.querySelector('#app').childElementCount")
        .await?;

    for command in [
        "plugin:window|set_title",
        "plugin:window|close",
        "plugin:webview|create_webview_window",
        "plugin:event|emit",
        "plugin:app|version",
        "plugin:path|resolve_directory",
        "plugin:notification|notify",
        "plugin:window-state|save_window_state",
    ] {
        let said = page
            .run_async(&format!("{REFUSED} return refused('{command}', {{}})"))
            .await?;
        assert!(
            said.as_str().is_some_and(|said| said.contains("not allowed")),
            "{command}: {said}"
        );
    }

    let app = "return window.__TAURI_INTERNALS__.invoke('rpc', { command: 'app', args: {} })";
    assert_eq!(page.run_async(app).await?["demo"], json!(true));
    let unknown = "return window.__TAURI_INTERNALS__.invoke('rpc', { command: 'format_disk' })
        .catch((reason) => reason)";
    assert_eq!(page.run_async(unknown).await?["code"], json!("unknown_command"));
    let heard = "return await new Promise((heard, failed) => {
        const handler = window.__TAURI_INTERNALS__.transformCallback((event) => heard(event.payload));
        window.__TAURI_INTERNALS__.invoke('plugin:event|listen',
            { event: 'changes', target: { kind: 'Any' }, handler }).catch(failed);
    })";
    let changes = page.run_async(heard).await?;
    assert!(changes[0]["kind"].is_string(), "{changes}");
    Ok(())
}

#[tokio::test]
async fn the_page_runs_and_loads_nothing_that_did_not_come_with_it() -> Result<()> {
    let stage = Stage::set("policy").await?;
    let page = Page::open(&stage, &["--demo"]).await?;
    page.holds("document.querySelector('#app').childElementCount")
        .await?;

    // What a driver runs has rights of its own; what it puts into the page has only the page's.
    let tried = "
        window.told = new Set();
        document.addEventListener('securitypolicyviolation', (event) => told.add(event.effectiveDirective));
        const add = (name, set) => document.body.append(Object.assign(document.createElement(name), set));
        add('script', { textContent: 'window.inlineRan = true' });
        add('script', { src: 'https://example.org/x.js' });
        add('img', { src: 'https://example.org/x.png' });
        add('img', { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' });
        add('iframe', { src: 'https://example.org/' });
        add('style', { textContent: 'body { visibility: hidden }' });
        return await fetch('https://example.org/').then(() => 'fetched', () => 'refused');";
    assert_eq!(page.run_async(tried).await?, json!("refused"));
    for directive in [
        "connect-src",
        "frame-src",
        "img-src",
        "script-src-elem",
        "style-src-elem",
    ] {
        page.holds(&format!("window.told.has('{directive}')")).await?;
    }
    let outcome = "return [window.inlineRan ?? false, getComputedStyle(document.body).visibility]";
    assert_eq!(page.run(outcome, json!([])).await?, json!([false, "visible"]));
    Ok(())
}

#[tokio::test]
async fn the_page_cannot_be_led_away_or_open_another() -> Result<()> {
    let stage = Stage::set("navigation").await?;
    let page = Page::open(&stage, &["--demo"]).await?;
    page.holds("document.querySelector('#app').childElementCount")
        .await?;
    let here = page.run("return location.href", json!([])).await?;

    let opened = page
        .run("return window.open('https://example.org/') === null", json!([]))
        .await?;
    assert_eq!(opened, json!(true));
    for (scheme, address) in [("https", "https://example.org/"), ("tauri", "tauri://elsewhere/")] {
        page.run("location.href = arguments[0]", json!([address])).await?;
        until("the app refuses", async || {
            let said = page.said();
            let refused = format!("the page wanted to leave; refused scheme=\"{scheme}\"");
            said.contains(&refused).then_some(()).with_context(|| said)
        })
        .await?;
        assert_eq!(page.run("return location.href", json!([])).await?, here);
    }
    Ok(())
}

#[tokio::test]
async fn prototypes_are_frozen_and_tauri_is_not_global() -> Result<()> {
    let stage = Stage::set("frozen").await?;
    let page = Page::open(&stage, &["--demo"]).await?;
    page.holds("document.querySelector('#app').childElementCount")
        .await?;
    let frozen = page
        .run("return Object.isFrozen(Object.prototype)", json!([]))
        .await?;
    assert_eq!(frozen, json!(true));
    assert_eq!(
        page.run("return typeof window.__TAURI__", json!([])).await?,
        json!("undefined")
    );
    Ok(())
}
