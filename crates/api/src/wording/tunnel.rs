//! How the internet reaches this computer, in sentences.

use super::say::{action, finding, host, length, page};
use crate::views::{ActionView, Finding, Level};
use domain::{Allowance, FREE_BYTES, Timestamp, TunnelKind, allowance};
use engine::{Health, TunnelFacts, TunnelPhase};
use std::time::Duration;

/// So long after its beginning a tunnel that is being opened is nothing to worry about.
const OPENING: Duration = Duration::from_secs(20);
/// Webhooks that came so recently came some way.
const RECENT: Duration = Duration::from_hours(24);

/// Says how the tunnel stands: how bad, what, and the one button.
pub(crate) fn words(facts: &TunnelFacts, now: Timestamp) -> (Level, String, Option<ActionView>) {
    if let Some(trouble) = &facts.trouble {
        return (Level::Bad, trouble.clone(), Some(action("tunnel_settings")));
    }
    let status = &facts.status;
    if facts.kind == TunnelKind::None {
        return (
            Level::Ok,
            "No tunnel is chosen, so the internet does not reach this computer by Deskbell's doing. Choose one to get \
             customers' messages."
                .to_owned(),
            Some(action("tunnel_settings")),
        );
    }
    match (status.phase, &status.trouble) {
        (TunnelPhase::Online, _) => {
            let at = status.url.as_deref().map(host).unwrap_or_default();
            let sentence = format!("The internet reaches this computer at {at}, {}.", way(facts.kind));
            (Level::Ok, sentence, None)
        }
        (TunnelPhase::Connecting | TunnelPhase::Off, None) if now.since(status.since) < OPENING => (
            Level::Warn,
            "The tunnel is being opened; customers' messages come in as soon as it is.".to_owned(),
            None,
        ),
        (phase, Some(trouble)) => {
            let button = match trouble.link {
                Some(link) => page(link),
                None if phase == TunnelPhase::Stopped => action("tunnel_settings"),
                None => action("retry_tunnel"),
            };
            (Level::Bad, trouble.words.clone(), Some(button))
        }
        (_, None) => (
            Level::Bad,
            "The tunnel is not open, so customers' messages do not reach this computer. WhatsApp keeps them for a week; \
             try the tunnel again."
                .to_owned(),
            Some(action("retry_tunnel")),
        ),
    }
}

fn way(kind: TunnelKind) -> &'static str {
    match kind {
        TunnelKind::None => "by nothing of Deskbell's",
        TunnelKind::Ngrok => "through ngrok",
        TunnelKind::Url => "at your own address",
        TunnelKind::Cloudflared => "through Cloudflare",
        TunnelKind::Tailscale => "through Tailscale",
    }
}

/// Writes a number the way the window does, with a comma between thousands.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How many requests a month the plan has, as long as ngrok is the way that is taken.
pub(crate) fn given(facts: &TunnelFacts) -> Option<u64> {
    facts.requests_given.filter(|_| facts.kind == TunnelKind::Ngrok)
}

/// What to know about the use of a free plan; `None` when there is no limit we know of.
pub(crate) fn usage(facts: &TunnelFacts) -> Option<(Level, String)> {
    let given = given(facts)?;
    let used = facts.usage.requests;
    let percent = |used: u64, given: u64| u128::from(used) * 100 / u128::from(given.max(1));
    let by_bytes = percent(facts.usage.bytes, FREE_BYTES) > percent(used, given);
    let (left, share) = if by_bytes {
        (
            allowance(facts.usage.bytes, FREE_BYTES),
            percent(facts.usage.bytes, FREE_BYTES),
        )
    } else {
        (allowance(used, given), percent(used, given))
    };
    let what = if by_bytes { "data" } else { "requests" };
    Some(match left {
        Allowance::Enough => (
            Level::Ok,
            format!(
                "{} of the {} requests a month of ngrok's free plan are used.",
                thousands(used),
                thousands(given)
            ),
        ),
        Allowance::Getting => (
            Level::Warn,
            format!(
                "{share} % of the {what} of ngrok's free plan are used this month. When all are, customers' messages stop \
                 coming in until the first of the next month; a paid plan or another tunnel has no such limit."
            ),
        ),
        Allowance::Scarce => (
            Level::Warn,
            format!(
                "{share} % of the {what} of ngrok's free plan are used this month: messages may stop coming in soon. Take a \
                 paid plan, or choose another tunnel."
            ),
        ),
        Allowance::UsedUp => (
            Level::Warn,
            format!(
                "The {what} of ngrok's free plan are used up for this month, so customers' messages may not come in. Take a \
                 paid plan, or choose another tunnel."
            ),
        ),
    })
}

/// What the health page says of the tunnel.
pub(super) fn findings(health: &Health) -> Vec<Finding> {
    let facts = &health.tunnel;
    let mut said = Vec::new();
    if facts.kind == TunnelKind::None && facts.trouble.is_none() {
        said.extend(without(health));
    } else {
        let (level, sentence, button) = words(facts, health.now);
        // While nobody can write, nobody is kept from it.
        let level = if health.has_channels {
            level
        } else {
            level.min(Level::Warn)
        };
        said.push(finding("tunnel", level, sentence).with(button));
    }
    if let Some((level, sentence)) = usage(facts).filter(|(level, _)| *level > Level::Ok) {
        said.push(finding("tunnel", level, sentence).with(action("tunnel_settings")));
    }
    if level_of(&said) < Level::Bad
        && let Some(since) = health.listening_since.filter(|_| health.has_channels)
    {
        let lasted = length(health.now.since(since));
        said.push(finding(
            "webhook",
            Level::Ok,
            format!("Messages have been able to come in for {lasted} without a break."),
        ));
    }
    said
}

fn level_of(said: &[Finding]) -> Level {
    said.iter()
        .map(|finding| finding.level)
        .max()
        .unwrap_or(Level::Ok)
}

/// No tunnel: that is fine when something else brings the webhooks, or when there is nothing to bring.
fn without(health: &Health) -> Option<Finding> {
    let facts = &health.tunnel;
    let on_this_computer = |channel: &engine::ChannelHealth| is_loopback(&channel.channel.api_url);
    if !health.has_channels || health.channels.iter().all(on_this_computer) {
        return None;
    }
    let recent = |at: Timestamp| health.now.since(at) < RECENT;
    if health.last_webhook_at.is_some_and(recent) {
        return Some(finding(
            "tunnel",
            Level::Ok,
            "Webhooks come in on a way of your own; Deskbell runs no tunnel.",
        ));
    }
    if facts.by_command_line {
        return Some(finding(
            "tunnel",
            Level::Warn,
            "Deskbell was started without a tunnel, and no webhook has come in for a day. Check whatever brings them to \
             this computer.",
        ));
    }
    // Who never chose one, and had messages all the same, has a way of their own.
    if !facts.chosen && health.last_webhook_at.is_some() {
        let words = "No webhook has come in for a day, and Deskbell runs no tunnel. Check whatever brings them to this \
                     computer, or choose a tunnel.";
        return Some(finding("tunnel", Level::Warn, words).with(action("tunnel_settings")));
    }
    Some(
        finding(
            "tunnel",
            Level::Bad,
            "Customers' messages cannot reach this computer: no tunnel is chosen. Choose how the internet reaches \
             Deskbell.",
        )
        .with(action("tunnel_settings")),
    )
}

/// Whether an address is on this computer: that of a simulated WhatsApp.
fn is_loopback(url: &str) -> bool {
    let name = host(url);
    let name = name.rsplit_once(':').map_or(name, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}
