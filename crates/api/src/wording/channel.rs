//! What the health page says of a connected channel: its number, its account, its payment and its token.

use super::number::Findings;
use super::say::{finding, for_code, of_channel};
use super::token;
use crate::views::{Finding, Level, TokenView};
use domain::Timestamp;
use engine::{ChannelHealth, Facts};

/// What Meta says of the number and its account, worst first; and why there is nothing newer.
pub(crate) fn number(health: &ChannelHealth) -> Vec<Finding> {
    let id = health.channel.id.to_string();
    let mut found = Findings::about(Some(&id));
    found.number(&health.facts);
    found.account(&health.facts);
    let mut said = found.worst_first();
    if let Some(check) = health.check.as_ref().filter(|check| !engine::is_dead(check))
        && let Some(trouble) = &check.trouble
    {
        said.push(
            finding("number", Level::Warn, trouble.words.clone())
                .with(for_code(trouble.code, trouble.subcode, &id, "check_channel"))
                .about(&id),
        );
    }
    if health.facts.status.is_some() && said.iter().all(|finding| finding.level == Level::Ok) {
        said.push(finding("number", Level::Ok, well(&health.facts)).about(&id));
    }
    super::say::worst_first(&mut said);
    said
}

fn well(facts: &Facts) -> String {
    let good = "The number is in good order at WhatsApp.";
    match facts.limit.as_deref().and_then(limit) {
        Some(limit) => {
            format!("{good} You may write first to {limit} customers a day; answers do not count.")
        }
        None => good.to_owned(),
    }
}

/// How many customers may be written to first (whatsapp-cloud-api, section 7.2).
fn limit(tier: &str) -> Option<&'static str> {
    Some(match tier {
        "TIER_50" => "50",
        "TIER_250" => "250",
        "TIER_1K" => "1,000",
        "TIER_2K" => "2,000",
        "TIER_10K" => "10,000",
        "TIER_100K" => "100,000",
        "TIER_UNLIMITED" => "any number of",
        _ => return None,
    })
}

/// The token of a channel, with what the last look found. Only what Meta says is a dead token is one.
pub(crate) fn token_view(health: &ChannelHealth, now: Timestamp) -> TokenView {
    let check = health.check.as_ref();
    let is_dead = check.is_some_and(engine::is_dead);
    let dead = check
        .filter(|_| is_dead)
        .and_then(|check| check.trouble.as_ref())
        .map(|trouble| trouble.words.as_str());
    if let Some(known) = &health.facts.token {
        let known = engine::KnownToken {
            valid: known.valid && !is_dead,
            ..known.clone()
        };
        return token::token(&known, dead, now);
    }
    match dead {
        Some(words) => TokenView {
            valid: Some(false),
            expires_at: None,
            words: words.to_owned(),
            level: Level::Bad,
        },
        None => TokenView {
            valid: None,
            expires_at: None,
            words: "Meta has not been asked about the access token yet.".to_owned(),
            level: Level::Ok,
        },
    }
}

/// Everything about a channel, with its name in front, since there may be several.
pub(super) fn findings(health: &ChannelHealth, now: Timestamp) -> Vec<Finding> {
    let (id, name) = (health.channel.id.to_string(), &health.channel.name);
    let token = token_view(health, now);
    let mut said = Vec::new();
    if token.valid.is_some() {
        let button = (token.level > Level::Ok).then(|| of_channel("replace_keys", &id));
        said.push(finding("token", token.level, token.words).with(button).about(&id));
    }
    said.extend(number(health));
    for finding in &mut said {
        finding.sentence = format!("{name}: {}", finding.sentence);
    }
    said
}
