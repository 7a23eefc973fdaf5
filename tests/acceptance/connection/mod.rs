//! The connection that sets itself up and heals itself: the program on one side, Meta and the tunnel provider's edge on
//! the other, and nothing of the program's inside in between.

mod away;
mod discretion;
mod keys;
mod outages;
mod refusals;
mod setup;
mod tokens;
mod tunnels;
#[cfg(target_os = "linux")]
mod vaults;

use anyhow::{Context as _, ensure};
use serde_json::Value;
use std::time::Duration;

/// How long after the network is back, or another name was given, customers' messages may still stay away.
const SOON: Duration = Duration::from_secs(10);

/// What only the wire or the inside of the program speaks, and nobody who runs a shop.
const RAW: [&str; 16] = [
    "OAuth",
    "(#",
    "fbtrace",
    "GraphMethod",
    "Exception",
    "appsecret_proof",
    "nonexisting",
    "Unsupported",
    "Invalid parameter",
    "Permissions error",
    "Callback verification failed",
    "error_subcode",
    "org.freedesktop",
    "os error",
    "Io(",
    "reqwest",
];

/// Fails unless this is a sentence for the owner of a shop.
fn plain(sentence: &str) -> anyhow::Result<()> {
    for raw in RAW {
        ensure!(!sentence.contains(raw), "not for an owner ({raw}): {sentence}");
    }
    let first = sentence.chars().next().context("no sentence at all")?;
    // One name is written so.
    let begins = !first.is_lowercase() || sentence.starts_with("ngrok ");
    ensure!(begins, "no sentence: {sentence}");
    ensure!(sentence.ends_with(['.', '?', ':']), "no sentence: {sentence}");
    Ok(())
}

/// A text of an answer.
fn text<'a>(answer: &'a Value, name: &str) -> anyhow::Result<&'a str> {
    answer[name]
        .as_str()
        .with_context(|| format!("{name} is no text: {answer}"))
}
