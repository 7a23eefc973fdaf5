//! A file for whoever helps, without secrets and without anything of customers.

use crate::views::{DiagnosticsView, Level};
use crate::wording;
use domain::Timestamp;
use engine::{Health, Inventory};
use std::fmt::Write as _;
use store::CallTrouble;

/// A run of digits as long as this may be a telephone number or an id. Meta's longest codes have one less.
const LONGEST_NUMBER: usize = 8;

/// Writes the file. The channels are numbered, since their names may be those of people.
pub(crate) fn file(inventory: &Inventory, health: &Health) -> DiagnosticsView {
    let mut text = String::new();
    // Writing to a text cannot fail.
    let _ = write_all(&mut text, inventory, health);
    let at: String = inventory.now.to_rfc3339().chars().take(10).collect();
    DiagnosticsView {
        file_name: format!("deskbell-diagnostics-{at}.txt"),
        text: without_numbers(&text),
    }
}

fn write_all(text: &mut String, inventory: &Inventory, health: &Health) -> std::fmt::Result {
    writeln!(
        text,
        "Deskbell {} on {} {}",
        inventory.version, inventory.os, inventory.arch
    )?;
    writeln!(text, "Written {}, schema {}", inventory.now, inventory.schema)?;
    writeln!(text)?;
    writeln!(text, "## Health")?;
    let mut nameless = health.clone();
    for (index, channel) in nameless.channels.iter_mut().enumerate() {
        channel.channel.name = format!("number {}", index + 1);
        // What Meta says may name the business.
        for obstacle in &mut channel.facts.obstacles {
            obstacle.description = None;
            obstacle.solution = None;
        }
    }
    for issue in &mut nameless.issues {
        match &mut issue.topic {
            engine::Topic::Held(channel) => "a number".clone_into(&mut channel.name),
            // It may name a number, or a folder.
            engine::Topic::SecretsUnreadable(why)
            | engine::Topic::AssistantUnreadable(why)
            | engine::Topic::ModelRefuses(why) => {
                "(left out)".clone_into(why);
            }
            _ => {}
        }
    }
    // Where the tunnel leads is a way in; that there is one is worth knowing.
    if let Some(url) = &mut nameless.tunnel.status.url {
        "https://(left out)".clone_into(url);
    }
    for finding in wording::health(&nameless).findings {
        let level = match finding.level {
            Level::Ok => "ok",
            Level::Warn => "warn",
            Level::Bad => "bad",
        };
        writeln!(text, "{level:>4}  {:<9}  {}", finding.topic, finding.sentence)?;
    }
    write_tunnel(text, inventory, health)?;
    write_channels(text, health)?;
    write_counts(text, inventory, health)
}

fn write_tunnel(text: &mut String, inventory: &Inventory, health: &Health) -> std::fmt::Result {
    let (facts, status) = (&health.tunnel, &inventory.tunnel);
    writeln!(text)?;
    writeln!(text, "## Tunnel")?;
    writeln!(
        text,
        "kind {}, phase {}, since {}",
        facts.kind, status.phase, status.since
    )?;
    writeln!(
        text,
        "opened {} times, lost {} times, attempt {}",
        inventory.counters.sessions, inventory.counters.failures, status.attempt
    )?;
    if let Some(trouble) = &status.trouble {
        let code = trouble.code.as_deref().unwrap_or("none");
        writeln!(text, "trouble: code {code}, {}", trouble.class)?;
    }
    if let Some((_, words)) = wording::tunnel::usage(facts) {
        writeln!(text, "{words}")?;
    }
    for gap in &inventory.gaps {
        writeln!(text, "not reached: {} to {}, {}", gap.from, gap.until, gap.cause)?;
    }
    Ok(())
}

fn write_channels(text: &mut String, health: &Health) -> std::fmt::Result {
    let at = |at: Option<Timestamp>| at.map_or_else(|| "never".to_owned(), Timestamp::to_rfc3339);
    let code = |trouble: Option<&CallTrouble>| match trouble {
        None => "none".to_owned(),
        Some(trouble) => match (trouble.code, trouble.subcode) {
            (Some(code), Some(subcode)) => format!("{code}/{subcode}"),
            (Some(code), None) => code.to_string(),
            (None, _) => "without a code".to_owned(),
        },
    };
    for (index, channel) in health.channels.iter().enumerate() {
        writeln!(text)?;
        writeln!(text, "## Number {}", index + 1)?;
        let mode = channel.channel.mode.map_or("unreadable", domain::BotMode::as_str);
        writeln!(
            text,
            "{}, api {}, mode {mode}",
            channel.channel.kind, channel.channel.api_version
        )?;
        if let Some(hold) = &channel.channel.hold {
            let code = hold
                .code
                .map_or_else(|| "none".to_owned(), |code| code.to_string());
            writeln!(text, "held: {}, code {code}, until {}", hold.class, hold.until)?;
        }
        match &channel.registration {
            None => writeln!(text, "registration: never begun")?,
            Some(known) => writeln!(
                text,
                "registration: {} {}, {} tries, trouble {}, last done {}, {} other apps",
                known.step,
                known.state,
                known.tries,
                code(known.trouble.as_ref()),
                at(known.done_at),
                known.other_apps.len()
            )?,
        }
        let ours = match channel.has_our_address() {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not known",
        };
        writeln!(text, "Meta has our address: {ours}")?;
        if let Some(check) = &channel.check {
            writeln!(
                text,
                "last look: {}, trouble {}, {} failures in a row",
                at(check.checked_at),
                code(check.trouble.as_ref()),
                check.tries
            )?;
        }
        let facts = &channel.facts;
        let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "?".to_owned());
        writeln!(
            text,
            "status {}, quality {}, limit {}, can send {}, mode {}, platform {}",
            word(&facts.status),
            word(&facts.quality),
            word(&facts.limit),
            word(&facts.can_send),
            word(&facts.account_mode),
            word(&facts.platform)
        )?;
        for obstacle in &facts.obstacles {
            let code = obstacle
                .code
                .map_or_else(|| "none".to_owned(), |code| code.to_string());
            writeln!(text, "obstacle: {} code {code}", word(&obstacle.entity))?;
        }
        if let Some(token) = &facts.token {
            let ends = match (token.endless, token.ends_at()) {
                (true, _) => "never".to_owned(),
                (false, Some(ends)) => ends.to_rfc3339(),
                (false, None) => "not said".to_owned(),
            };
            writeln!(
                text,
                "token valid {}, ends {ends}, trial {}",
                token.valid, token.trial
            )?;
        }
        if let Some(skew) = facts.skew {
            writeln!(text, "clock ahead by {skew} s")?;
        }
    }
    Ok(())
}

fn write_counts(text: &mut String, inventory: &Inventory, health: &Health) -> std::fmt::Result {
    writeln!(text)?;
    writeln!(text, "## Counts")?;
    let (connected, ever) = inventory.channels;
    writeln!(
        text,
        "channels {connected} of {ever}, conversations {}, waiting to leave {}",
        inventory.conversations, health.waiting
    )?;
    for (name, number) in &inventory.messages {
        writeln!(text, "messages {name}: {number}")?;
    }
    for (code, times) in &inventory.failures {
        writeln!(text, "failed with {code}: {times}")?;
    }
    let journal = &inventory.journal;
    writeln!(
        text,
        "journal: pending {}, failed {}, unassigned {}, wrong signature {}",
        journal.pending, journal.failed, journal.unassigned, journal.refused_signature
    )?;
    let last = health.last_webhook_at;
    writeln!(
        text,
        "last webhook {}",
        last.map_or_else(|| "never".to_owned(), Timestamp::to_rfc3339)
    )?;
    writeln!(text, "Meta's allowance used: {} %", inventory.allowance)?;
    let free = health.disk_free.map(|free| free / 1_000_000);
    writeln!(
        text,
        "vault {}, free on disk {} MB",
        health.vault,
        free.map_or_else(|| "?".to_owned(), |free| free.to_string())
    )?;
    for (task, times) in &inventory.restarted {
        writeln!(text, "restarted: {task}, {times}")?;
    }
    Ok(())
}

/// Takes out what may be a telephone number, an id or an address, wherever it came from. Nothing above writes one; this is
/// for what a sentence may carry along.
fn without_numbers(text: &str) -> String {
    text.split_inclusive(char::is_whitespace)
        .map(|word| {
            let digits = word.chars().filter(char::is_ascii_digit).count();
            let is_moment = Timestamp::parse_rfc3339(word.trim_end_matches([',', '.', '\n', ' '])).is_some();
            let is_address = word.contains("://") || word.contains("/hooks/");
            if (digits >= LONGEST_NUMBER && !is_moment) || is_address {
                let end: String = word.chars().filter(|c| c.is_whitespace()).collect();
                format!("(left out){end}")
            } else {
                word.to_owned()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_are_left_out_and_moments_stay() {
        let text =
            "since 2026-11-10T09:00:00.000Z, code 2388019 for +447700900123\nat https://a.example/x now";
        assert_eq!(
            without_numbers(text),
            "since 2026-11-10T09:00:00.000Z, code 2388019 for (left out)\nat (left out) now"
        );
    }
}
