//! Turning what is known of an account into what is shown.

use crate::views::{
    CostLine, CostsView, NoticeView, RateView, TemplateList, TemplateVariableView, TemplateView,
};
use crate::wording::notices;
use domain::Timestamp;
use engine::{KnownTemplates, Place, Rates, Variable, VariableKind};
use std::collections::BTreeMap;
use store::{Charged, StoredNotice, StoredTemplate};

pub(crate) fn templates(known: &KnownTemplates) -> TemplateList {
    TemplateList {
        templates: known
            .templates
            .iter()
            .map(|(stored, variables)| template(stored, variables))
            .collect(),
        synced_at: known
            .sync
            .as_ref()
            .and_then(|sync| sync.synced_at)
            .map(Timestamp::to_rfc3339),
        trouble: known.sync.as_ref().and_then(|sync| sync.trouble.clone()),
    }
}

fn template(stored: &StoredTemplate, variables: &[Variable]) -> TemplateView {
    TemplateView {
        name: stored.name.clone(),
        language: stored.language.clone(),
        category: stored.category.clone(),
        coming_category: stored
            .coming_category
            .clone()
            .filter(|coming| *coming != stored.category),
        status: stored.status.clone(),
        usable: stored.status == "APPROVED",
        words: notices::template_words(&stored.status, stored.reason.as_deref()),
        quality: stored.quality.clone(),
        components: stored.components.clone(),
        variables: variables.iter().map(variable).collect(),
    }
}

fn variable(variable: &Variable) -> TemplateVariableView {
    let place = match variable.place {
        Place::Header => "header",
        Place::Body => "body",
        Place::Button => "button",
        Place::Offer => "offer",
        Place::Card => "card",
    };
    let kind = match variable.kind {
        VariableKind::Text => "text",
        VariableKind::Image => "image",
        VariableKind::Video => "video",
        VariableKind::Document => "document",
        VariableKind::Location => "location",
        VariableKind::CouponCode => "coupon_code",
        VariableKind::UrlSuffix => "url_suffix",
        VariableKind::FlowToken => "flow_token",
        VariableKind::Payload => "payload",
    };
    TemplateVariableView {
        key: variable.key.clone(),
        place: place.to_owned(),
        kind: kind.to_owned(),
        label: variable.label.clone(),
        example: variable.example.clone(),
        optional: !variable.required,
    }
}

pub(crate) fn notice(notice: &StoredNotice) -> NoticeView {
    let (level, sentence) = notices::notice_words(&notice.field, notice.event.as_deref(), &notice.raw);
    NoticeView {
        id: notice.id.to_string(),
        channel_id: notice.channel_id.to_string(),
        field: notice.field.clone(),
        level,
        sentence,
        at: notice.at.to_rfc3339(),
        seen: notice.seen_at.is_some(),
        raw: notice.raw.clone(),
    }
}

/// Works a month's costs out. Free answers are counted per number; what is beyond them costs what the rates say.
pub(crate) fn costs(month: String, charges: &[Charged], rates: &Rates) -> CostsView {
    let mut lines: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    let mut sum: i128 = 0;
    let mut estimates: BTreeMap<&str, i128> = BTreeMap::new();
    for line in charges {
        let known = lines.entry(&line.category).or_default();
        known.0 += line.messages;
        known.1 += line.charged;
        let free = if line.category == "service" {
            rates.free_answers
        } else {
            0
        };
        if let Some(price) = rates
            .prices
            .get(&line.category)
            .and_then(|price| millionths(price))
        {
            let cost = price * i128::from(line.charged.saturating_sub(free));
            *estimates.entry(&line.category).or_default() += cost;
            sum += cost;
        }
    }
    CostsView {
        month,
        service_messages: lines.get("service").map_or(0, |line| line.0),
        free_service_messages: rates.free_answers,
        lines: lines
            .iter()
            .map(|(category, (messages, charged))| CostLine {
                category: (*category).to_owned(),
                messages: *messages,
                charged: *charged,
                estimate: estimates.get(category).map(|cost| decimal(*cost)),
            })
            .collect(),
        estimate: decimal(sum),
        currency: rates.currency.clone(),
        rates: rates
            .prices
            .iter()
            .map(|(category, price)| RateView {
                category: category.clone(),
                price: price.clone(),
            })
            .collect(),
        rates_as_of: rates.as_of.clone(),
    }
}

/// Reads a price as millionths of the currency: prices have four decimals and more, and no float may touch them.
pub(crate) fn millionths(price: &str) -> Option<i128> {
    let (whole, part) = price.split_once('.').unwrap_or((price, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || part.len() > 6 || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<6}").parse().ok()
}

/// Writes millionths as a decimal number with two decimals, rounded up: an estimate had better be too high.
fn decimal(millionths: i128) -> String {
    let cents = millionths.div_euclid(10_000) + i128::from(millionths.rem_euclid(10_000) > 0);
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charged(channel: &str, category: &str, messages: u32, charged: u32) -> Charged {
        Charged {
            channel_id: channel.into(),
            category: category.to_owned(),
            messages,
            charged,
        }
    }

    fn rates() -> Rates {
        Rates {
            prices: [("service", "0.0105"), ("marketing", "0.1131")]
                .into_iter()
                .map(|(category, price)| (category.to_owned(), price.to_owned()))
                .collect(),
            ..Rates::default()
        }
    }

    #[test]
    fn a_price_is_read_without_losing_a_digit() {
        assert_eq!(millionths("0.0105"), Some(10_500));
        assert_eq!(millionths("12"), Some(12_000_000));
        for odd in ["", ".5", "1.2345678", "-1", "1e3", "1.2.3", "9999999999"] {
            assert_eq!(millionths(odd), None, "{odd}");
        }
    }

    #[test]
    fn the_first_thousand_answers_of_each_number_are_free() {
        let view = costs(
            "2026-11".to_owned(),
            &[
                charged("a", "service", 1_100, 1_100),
                charged("b", "service", 900, 900),
            ],
            &rates(),
        );
        assert_eq!(view.service_messages, 2_000);
        assert_eq!(view.estimate, "1.05", "only the hundred beyond are paid");
    }

    #[test]
    fn a_category_without_a_rate_has_no_estimate_and_adds_nothing() {
        let view = costs(
            "2026-11".to_owned(),
            &[charged("a", "utility", 5, 5), charged("a", "marketing", 3, 2)],
            &rates(),
        );
        let line = |category: &str| view.lines.iter().find(|line| line.category == category).unwrap();
        assert_eq!(line("utility").estimate, None);
        assert_eq!(line("marketing").estimate.as_deref(), Some("0.23"));
        assert_eq!(view.estimate, "0.23");
    }
}
