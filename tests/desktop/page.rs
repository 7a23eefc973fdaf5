//! The page in the real window, driven through `WebKitWebDriver` (W3C `WebDriver`).

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, bail, ensure};
use base64::prelude::*;
use serde_json::{Value, json};

use crate::stage::{self, Group, PATIENCE, Stage, until};

/// Keys by their `WebDriver` code points (W3C `WebDriver`, 17.4.2).
pub const ENTER: &str = "\u{e007}";
pub const ESCAPE: &str = "\u{e00c}";
pub const CONTROL: &str = "\u{e009}";

/// The texts of all that can be seen. Between the parts of a window stands what only a screen reader says.
const SEEN: &str =
    "[...document.querySelectorAll('main, dialog, footer, .banner')].map((part) => part.innerText)";

/// Deskbell in its window, under the driver's control. Ends with its driver.
pub struct Page {
    http: reqwest::Client,
    session: String,
    log: PathBuf,
    driver: Group,
}

impl Page {
    /// Starts Deskbell with these arguments.
    pub async fn open(stage: &Stage, args: &[&str]) -> Result<Self> {
        // Installed already when another test of this process was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let log = stage.log("window");
        let mut driver = stage.command("WebKitWebDriver");
        driver
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdout(Stdio::null());
        let mut page = Self {
            http: reqwest::Client::builder().timeout(PATIENCE).build()?,
            session: format!("http://127.0.0.1:{port}/session"),
            driver: Group::start(&mut driver, &log)?,
            log,
        };
        let app = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": {
            "binary": env!("CARGO_BIN_EXE_deskbell"), "args": args,
        } } } });
        let begun = until("the driver opens the window", async || {
            page.post("", app.clone()).await
        })
        .await?;
        let id = begun["sessionId"].as_str().context("a session id")?;
        page.session = format!("{}/{id}", page.session);
        Ok(page)
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value> {
        let address = format!("{}{path}", self.session);
        let answer = self.http.post(address).json(&body).send().await?;
        let worked = answer.status().is_success();
        let mut answer: Value = answer.json().await?;
        ensure!(worked, "{path}: {}", answer["value"]);
        Ok(answer["value"].take())
    }

    /// Runs the body of a function in the page and returns its answer; `arguments` holds `args`.
    pub async fn run(&self, script: &str, args: Value) -> Result<Value> {
        self.post("/execute/sync", json!({ "script": script, "args": args }))
            .await
    }

    /// Runs the body of an async function in the page and returns what it resolves to; a rejection is the error.
    pub async fn run_async(&self, script: &str) -> Result<Value> {
        let whole = format!(
            "const done = arguments[arguments.length - 1];
             (async () => {{ {script} }})().then(
               (value) => done({{ value: value ?? null }}),
               (reason) => done({{ error: reason?.message ?? String(reason) }}));"
        );
        let mut answer = self
            .post("/execute/async", json!({ "script": whole, "args": [] }))
            .await?;
        if let Some(error) = answer.get("error") {
            bail!("the page said {error}");
        }
        Ok(answer["value"].take())
    }

    /// Waits until a condition written in JavaScript holds.
    pub async fn holds(&self, condition: &str) -> Result<()> {
        let script = format!("return Boolean({condition})");
        until(condition, async || {
            if self.run(&script, json!([])).await? == json!(true) {
                return Ok(());
            }
            let shown = self.run("return document.body.innerText", json!([])).await?;
            bail!("the page shows: {shown}")
        })
        .await
    }

    /// Waits for a visible element that matches `css` and whose text or label contains `text`, and clicks it as a
    /// user would.
    pub async fn click(&self, css: &str, text: &str) -> Result<()> {
        const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
        let find = "return [...document.querySelectorAll(arguments[0])].find((element) =>
            element.checkVisibility() && !element.disabled
            && `${element.innerText} ${element.ariaLabel ?? ''}`.includes(arguments[1])) ?? null";
        until(&format!("{css} {text:?} can be clicked"), async || {
            let found = self.run(find, json!([css, text])).await?;
            let Some(element) = found[ELEMENT].as_str() else {
                let shown = self.run("return document.body.innerText", json!([])).await?;
                bail!("not there; the page shows: {shown}");
            };
            self.post(&format!("/element/{element}/click"), json!({})).await
        })
        .await
        .map(drop)
    }

    /// Types into the field that matches `css`. By script, since `WebKitWebDriver` 2.50 drops characters
    /// beyond the basic plane from keys.
    pub async fn write(&self, css: &str, text: &str) -> Result<()> {
        let write = "const field = document.querySelector(arguments[0]);
            if (!field || field.disabled) return false;
            field.focus();
            field.select?.();
            return document.execCommand('insertText', false, arguments[1])";
        until(&format!("{css} can be written into"), async || {
            let written = self.run(write, json!([css, text])).await?;
            ensure!(written == json!(true), "not there");
            Ok(())
        })
        .await
    }

    /// Types into the field that is labelled so, in place of what stands there.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        let write = "const label = [...document.querySelectorAll('label')].find((label) =>
                label.innerText.trim() === arguments[0] && label.control?.checkVisibility());
            if (!label || label.control.disabled) return false;
            label.control.focus();
            label.control.select();
            return document.execCommand('insertText', false, arguments[1])";
        until(&format!("the field {label:?} can be written into"), async || {
            let written = self.run(write, json!([label, text])).await?;
            ensure!(written == json!(true), "not there");
            Ok(())
        })
        .await
    }

    /// Waits until these words can be read in the window; what is only read aloud does not count.
    pub async fn reads(&self, words: &str) -> Result<()> {
        self.holds(&format!("{SEEN}.some((text) => text.includes({}))", json!(words)))
            .await
    }

    /// Waits until these words are gone.
    pub async fn reads_no_more(&self, words: &str) -> Result<()> {
        self.holds(&format!(
            "!{SEEN}.some((text) => text.includes({}))",
            json!(words)
        ))
        .await
    }

    /// Presses keys on whatever has the focus; special ones by their `WebDriver` code points.
    pub async fn press(&self, keys: &str) -> Result<()> {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                [
                    json!({ "type": "keyDown", "value": key }),
                    json!({ "type": "keyUp", "value": key }),
                ]
            })
            .collect();
        let body = json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] });
        self.post("/actions", body).await.map(drop)
    }

    /// Presses a key while another one, such as `CONTROL`, is held down.
    pub async fn chord(&self, held: &str, key: &str) -> Result<()> {
        let event = |kind, value| json!({ "type": kind, "value": value });
        let actions = [
            event("keyDown", held),
            event("keyDown", key),
            event("keyUp", key),
            event("keyUp", held),
        ];
        let body = json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] });
        self.post("/actions", body).await.map(drop)
    }

    /// Calls a command of the contract, to set the stage; what a test is about is done by hand.
    pub async fn call(&self, command: &str, args: Value) -> Result<Value> {
        self.run_async(&format!(
            "return await window.__TAURI_INTERNALS__.invoke('rpc', {})
                .catch((reason) => {{ throw new Error(JSON.stringify(reason)) }})",
            json!({ "command": command, "args": args })
        ))
        .await
    }

    /// What the page reports of `axe`: the serious and critical violations with the elements they are found at.
    pub async fn serious_findings(&self) -> Result<Value> {
        let axe = std::fs::read_to_string("ui/node_modules/axe-core/axe.min.js")?;
        self.run_async(&format!(
            "{axe};
             // A colour that still fades has a contrast of its own.
             const ends = (motion) => motion.effect.getComputedTiming().iterations !== Infinity;
             await Promise.allSettled(document.getAnimations().filter(ends).map((motion) => motion.finished));
             const result = await axe.run();
             return result.violations
               .filter((found) => ['serious', 'critical'].includes(found.impact))
               .map((found) => [found.id, found.nodes.map((node) => node.html)]);"
        ))
        .await
    }

    /// Keeps a picture of the page in `target/shots`.
    pub async fn shot(&self, file: &str) -> Result<()> {
        // WebDriver hands out the frame last shown, which lags behind the document.
        self.run_async("for (const _ of [1, 2]) await new Promise(requestAnimationFrame)")
            .await?;
        let address = format!("{}/screenshot", self.session);
        let answer: Value = self.http.get(address).send().await?.json().await?;
        let image = BASE64_STANDARD.decode(answer["value"].as_str().context("a picture")?)?;
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../shots");
        std::fs::create_dir_all(&folder)?;
        Ok(std::fs::write(folder.join(file), image)?)
    }

    /// Ends the app with a signal such as `TERM` or `KILL`, and the driver after it.
    pub async fn end(self, signal: &str) -> Result<()> {
        let app = self.driver.program(env!("CARGO_BIN_EXE_deskbell"))?;
        ensure!(
            stage::signal(signal, &app.to_string())?.success(),
            "no signal could be sent"
        );
        until("the app has ended", async || {
            let runs = self.driver.program(env!("CARGO_BIN_EXE_deskbell")).is_ok();
            ensure!(!runs, "it still runs: {}", self.said());
            Ok(())
        })
        .await
    }

    /// All that the app has logged.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}
