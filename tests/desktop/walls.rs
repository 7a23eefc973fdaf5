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
        "plugin:dialog|save",
        "plugin:dialog|open",
        "plugin:dialog|message",
        "plugin:opener|open_path",
        "plugin:opener|open_url",
        "plugin:fs|read_file",
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

/// Calls a command and returns the error it is refused with, as our commands refuse.
async fn error_of(page: &Page, call: &str) -> Result<serde_json::Value> {
    page.run_async(&format!(
        "const call = (...given) => window.__TAURI_INTERNALS__.invoke(...given);
         return await {call}.then(() => 'it was allowed', (reason) => reason)"
    ))
    .await
}

#[tokio::test]
async fn the_page_reads_files_of_messages_and_opens_web_pages_and_nothing_else() -> Result<()> {
    let stage = Stage::set("files").await?;
    let page = Page::open(&stage, &["--demo"]).await?;
    page.holds("document.querySelector('#app').childElementCount")
        .await?;
    for (call, code) in [
        ("call('browse', { url: 'file:///etc/hostname' })", "bad_request"),
        ("call('browse', { url: 'javascript:alert(1)' })", "bad_request"),
        ("call('browse', { url: 'https://a@example.org/' })", "bad_request"),
        (
            "call('read_file', { id: '../../deskbell.db', form: 'whole' })",
            "bad_request",
        ),
        ("call('read_file', { id: '1', form: 'huge' })", "bad_request"),
        (
            "call('read_file', { id: '987654321', form: 'whole' })",
            "not_found",
        ),
        ("call('open_file', { id: '/etc/hostname' })", "bad_request"),
        ("call('save_file', { id: '987654321' })", "not_found"),
        (
            "call('append_hand_in', new Uint8Array([1]), { headers: { 'hand-in': '4711' } })",
            "not_found",
        ),
        ("call('append_hand_in', {})", "bad_request"),
    ] {
        let error = error_of(&page, call).await?;
        assert_eq!(error["code"], json!(code), "{call}: {error}");
    }
    // In pieces, and as a picture the page may show.
    let handed = "
        const call = (...given) => window.__TAURI_INTERNALS__.invoke(...given);
        const handIn = await call('begin_hand_in', { name: 'note.txt' });
        for (const piece of ['some ', 'words']) {
            const headers = { 'hand-in': String(handIn) };
            await call('append_hand_in', new TextEncoder().encode(piece), { headers });
        }
        return await call('finish_hand_in', { handIn, voice: false });";
    let handed = page.run_async(handed).await?;
    assert_eq!(handed["size"], json!(10), "{handed}");
    assert!(handed["upload_id"].is_string(), "{handed}");
    Ok(())
}

#[tokio::test]
async fn the_page_hears_a_microphone_and_sees_and_knows_nothing_of_the_rest() -> Result<()> {
    let stage = Stage::set("permissions").await?;
    let page = Page::open(&stage, &["--demo"]).await?;
    page.holds("document.querySelector('#app').childElementCount")
        .await?;
    page.holds("typeof navigator.mediaDevices?.getUserMedia === 'function'")
        .await?;
    for what in ["{ video: true }", "{ audio: true, video: true }"] {
        let said = page
            .run_async(&format!(
                "return await navigator.mediaDevices.getUserMedia({what}).then(() => 'given', (reason) => reason.name)"
            ))
            .await?;
        assert_ne!(said, json!("given"), "{what}");
    }
    let place = "return await new Promise((told) => navigator.geolocation
        ? navigator.geolocation.getCurrentPosition(() => told('given'), () => told('refused'))
        : told('refused'))";
    assert_eq!(page.run_async(place).await?, json!("refused"));
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
        const add = (name, set) => {
            const made = Object.assign(document.createElement(name), set);
            document.body.append(made);
            return made;
        };
        add('script', { textContent: 'window.inlineRan = true' });
        add('script', { src: 'https://example.org/x.js' });
        add('img', { src: 'https://example.org/x.png' });
        add('img', { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' });
        add('iframe', { src: 'https://example.org/' });
        const script = URL.createObjectURL(new Blob(['window.inlineRan = true'], { type: 'text/javascript' }));
        add('script', { src: script });
        add('iframe', { src: URL.createObjectURL(new Blob(['<p>'], { type: 'text/html' })) });
        add('audio', { src: 'https://example.org/x.ogg' });
        const dot = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
        const bytes = Uint8Array.from(atob(dot), (letter) => letter.charCodeAt(0));
        window.picture = add('img', { src: URL.createObjectURL(new Blob([bytes], { type: 'image/gif' })) });
        add('style', { textContent: 'body { visibility: hidden }' });
        return await fetch('https://example.org/').then(() => 'fetched', () => 'refused');";
    assert_eq!(page.run_async(tried).await?, json!("refused"));
    for directive in [
        "connect-src",
        "frame-src",
        "img-src",
        "media-src",
        "script-src-elem",
        "style-src-elem",
    ] {
        page.holds(&format!("window.told.has('{directive}')")).await?;
    }
    // What it has fetched itself it may show.
    page.holds("window.picture.naturalWidth === 1").await?;
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
