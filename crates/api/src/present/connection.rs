//! Tunnel, registration and what happened meanwhile, as a window shows them.

use crate::views::{AwayRow, AwayView, ConnectionView, SecretView, TunnelProgramView, TunnelView};
use crate::wording;
use domain::{Timestamp, TunnelKind};
use engine::{Away, ChannelHealth, Detected, KnownSecret, TunnelFacts, TunnelPhase};
use store::Conversation;

/// A secret as far as it may be shown. What the vault does not say counts as not set; the page about the vault says why.
pub(crate) fn secret(known: &KnownSecret) -> SecretView {
    SecretView {
        field: known.field.to_owned(),
        set: known.set.unwrap_or(false),
        last4: known.last4.clone(),
    }
}

pub(crate) fn tunnel(
    facts: &TunnelFacts,
    secrets: &[KnownSecret],
    programs: &[Detected],
    now: Timestamp,
) -> TunnelView {
    let (_, words, action) = wording::tunnel::words(facts, now);
    let status = &facts.status;
    let phase = match (&facts.trouble, facts.kind) {
        (Some(_), _) => TunnelPhase::Stopped,
        (None, TunnelKind::None) => TunnelPhase::Off,
        (None, _) => status.phase,
    };
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    TunnelView {
        kind: facts.kind.as_str(),
        phase: phase.as_str(),
        words,
        url: status.online().map(str::to_owned),
        domain: facts.domain.clone(),
        since: Some(status.since.to_rfc3339()),
        next_try: status.next_try.map(Timestamp::to_rfc3339),
        action,
        secrets: secrets.iter().map(secret).collect(),
        own_url: facts.own_url.clone(),
        listens_at: facts.listens_at.map(|at| at.to_string()),
        requests: small(facts.usage.requests),
        requests_given: wording::tunnel::given(facts).map(small),
        usage_words: wording::tunnel::usage(facts).map(|(_, words)| words),
        programs: programs_of(programs),
    }
}

fn programs_of(found: &[Detected]) -> Vec<TunnelProgramView> {
    [TunnelKind::Cloudflared, TunnelKind::Tailscale]
        .into_iter()
        .map(|kind| match found.iter().find(|program| program.kind == kind) {
            Some(program) => TunnelProgramView {
                kind: kind.as_str(),
                found: true,
                version: Some(program.version.clone()).filter(|version| !version.is_empty()),
                words: program.words.clone(),
            },
            None => TunnelProgramView {
                kind: kind.as_str(),
                found: false,
                version: None,
                words: format!(
                    "The program {} was not found on this computer. Install it, then look again.",
                    kind.as_str()
                ),
            },
        })
        .collect()
}

pub(crate) fn connection(
    health: &ChannelHealth,
    tunnel: &TunnelFacts,
    secrets: &[KnownSecret],
    former_secret_until: Option<Timestamp>,
    now: Timestamp,
) -> ConnectionView {
    let known = health.registration.as_ref();
    let app_callback = known
        .and_then(|known| known.app_callback.clone())
        .or_else(|| health.facts.app_callback.clone());
    let ours = health
        .callback_url
        .as_deref()
        .or_else(|| known?.callback_url.as_deref());
    let news_come_here = app_callback.is_some() && app_callback.as_deref() == ours;
    ConnectionView {
        channel_id: health.channel.id.to_string(),
        steps: wording::registration::steps(known, tunnel, now),
        registered_at: known.and_then(|known| known.done_at).map(Timestamp::to_rfc3339),
        callback_url: ours.map(str::to_owned),
        other_apps: known.map(|known| known.other_apps.clone()).unwrap_or_default(),
        news_words: wording::registration::news(app_callback.as_deref(), news_come_here),
        app_callback: app_callback.filter(|_| !news_come_here),
        news_come_here,
        secrets: secrets.iter().map(secret).collect(),
        former_secret_until: former_secret_until
            .filter(|until| *until > now)
            .map(Timestamp::to_rfc3339),
        token: wording::channel::token_view(health, now),
        checked_at: health
            .check
            .as_ref()
            .and_then(|check| check.checked_at)
            .map(Timestamp::to_rfc3339),
        number: wording::channel::number(health),
    }
}

pub(crate) fn away(away: &Away) -> AwayView {
    let row = |conversation: &Conversation, at: Timestamp| AwayRow {
        conversation_id: conversation.id.to_string(),
        name: name(conversation),
        messages: 0,
        at: at.to_rfc3339(),
        arrived_at: None,
    };
    AwayView {
        unseen: away.unseen,
        from: away.gaps.first().map(|gap| gap.from.to_rfc3339()),
        until: away
            .gaps
            .last()
            .filter(|_| !away.goes_on)
            .map(|gap| gap.until.to_rfc3339()),
        words: wording::away::words(away),
        late_messages: away
            .late
            .iter()
            .fold(0, |sum: u32, (late, _)| sum.saturating_add(late.messages)),
        late: away
            .late
            .iter()
            .map(|(late, conversation)| AwayRow {
                messages: late.messages,
                arrived_at: Some(late.last_arrived.to_rfc3339()),
                ..row(conversation, late.first_written)
            })
            .collect(),
        waiting: away
            .waiting
            .iter()
            .map(|(waiting, conversation)| row(conversation, waiting.since))
            .collect(),
        windows_closed: away
            .windows_closed
            .iter()
            .map(|(waiting, conversation)| {
                row(
                    conversation,
                    conversation.window.closes_at().unwrap_or(waiting.since),
                )
            })
            .collect(),
        still_words: wording::away::still(away),
    }
}

fn name(conversation: &Conversation) -> String {
    crate::present::contact::of_conversation(conversation).name
}
